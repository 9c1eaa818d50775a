/*
 * Datagrams of a socket that Go has: the descriptor is one end of a pair, which
 * carries no addresses, so each datagram on it begins with its peer's name.
 * resources/packet.go is the twin.
 */
#include "internal.h"

struct frame {
	uint8_t name_len;
	char name[63]; /* in PHP's form, "1.2.3.4:5" */
};

ssize_t bridge_frame_receive(int fd, char *buf, size_t len, int flags, zend_string **from)
{
	struct frame frame;
	struct iovec parts[] = { { &frame, sizeof frame }, { buf, len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n = recvmsg(fd, &message, flags);

	if (n < (ssize_t)sizeof frame) {
		return MIN(n, 0); /* the other end is gone */
	}
	if (from) {
		*from = zend_string_init(frame.name, MIN(frame.name_len, sizeof frame.name), 0);
	}
	return n - (ssize_t)sizeof frame;
}

ssize_t bridge_frame_send(int fd, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len)
{
	struct frame frame = { 0 };
	struct iovec parts[] = { { &frame, sizeof frame }, { (char *)buf, len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	zend_string *name;
	ssize_t n;

	if (!to) {
		errno = EDESTADDRREQ;
		return -1;
	}
	name = bridge_sockaddr_name(to, to_len);
	frame.name_len = (uint8_t)MIN(ZSTR_LEN(name), sizeof frame.name);
	memcpy(frame.name, ZSTR_VAL(name), frame.name_len);
	zend_string_release(name);
	n = sendmsg(fd, &message, flags);
	return n < 0 ? n : MAX(n - (ssize_t)sizeof frame, 0);
}
