/*
 * stream_socket_recvfrom(), stream_socket_sendto() and accept on a descriptor.
 */
#include "internal.h"

bool bridge_is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK;
}

/*
 * A server that answers one request at a time finds nothing whenever it looks,
 * a busy one finds something. After a vain try (BRIDGE_POLL_FIRST) so many
 * operations ask poll() first; then one tries at once again. The system call
 * that is saved on the one side costs a fraction on the other.
 */
bool bridge_try_first(struct bridge_socket *socket)
{
	if (socket->poll_first == 0) {
		return true;
	}
	socket->poll_first--;
	return false;
}

zend_string *bridge_sockaddr_name(const struct sockaddr_storage *address, socklen_t len)
{
	zend_string *name = NULL;

	/* An unnamed unix socket has no path at all; PHP would read past it. */
	if (len > offsetof(struct sockaddr_un, sun_path)) {
		php_network_populate_name_from_sockaddr((struct sockaddr *)address, len, &name, NULL, NULL);
	}
	return name ? name : ZSTR_EMPTY_ALLOC();
}

static bool is_too_long(const struct bridge_socket *socket, size_t len)
{
	if (!socket->datagrams || bridge_state.limits.datagram_size == 0 || len <= bridge_state.limits.datagram_size) {
		return false;
	}
	bridge_journal_limit(socket->meter.handle, EMSGSIZE);
	return true;
}

static ssize_t receive_with_name(int fd, char *buf, size_t len, int flags, zend_string **from)
{
	struct sockaddr_storage address;
	socklen_t address_len = sizeof address;
	ssize_t n = recvfrom(fd, buf, len, flags, (struct sockaddr *)&address, &address_len);

	if (n >= 0) {
		*from = bridge_sockaddr_name(&address, address_len);
	}
	return n;
}

ssize_t bridge_receive_once(struct bridge_socket *socket, char *buf, size_t len, int flags, zend_string **from)
{
	bool limited = socket->datagrams && bridge_state.limits.datagram_size;
	int fd = socket->net.socket;
	ssize_t n;

	flags |= MSG_DONTWAIT | (limited ? MSG_TRUNC : 0);
	if (socket->framed) {
		n = bridge_frame_receive(fd, buf, len, flags, from);
	} else {
		n = from ? receive_with_name(fd, buf, len, flags, from) : recv(fd, buf, len, flags);
	}
	if (n > 0 && limited) {
		if (is_too_long(socket, n)) { /* as if the network had lost it */
			if (flags & MSG_PEEK) {
				recv(fd, NULL, 0, MSG_DONTWAIT);
			}
			if (from) {
				zend_string_release(*from);
			}
			errno = EAGAIN;
			return -1;
		}
		n = MIN(n, (ssize_t)len);
	}
	if (n > 0 && !(flags & MSG_PEEK)) {
		bridge_count_received(&socket->meter, n);
	}
	return n;
}

ssize_t bridge_send_once(struct bridge_socket *socket, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len)
{
	ssize_t n;

	if (is_too_long(socket, len) || (socket->longest && len > socket->longest)) {
		errno = EMSGSIZE;
		return -1;
	}
	if (bridge_is_virtual_listener(socket)) {
		errno = EPIPE;
		return -1;
	}
	flags |= MSG_DONTWAIT | MSG_NOSIGNAL;
	if (socket->framed) {
		n = bridge_frame_send(socket->net.socket, buf, len, flags, to, to_len);
	} else if (to) {
		n = sendto(socket->net.socket, buf, len, flags, (const struct sockaddr *)to, to_len);
	} else {
		n = send(socket->net.socket, buf, len, flags);
	}
	if (n > 0) {
		bridge_count_sent(&socket->meter, n);
	}
	return n;
}

enum bridge_ready bridge_wait_to_receive(struct bridge_socket *socket, int events, int64_t timeout_ms)
{
	return (socket->server ? bridge_wait_for_client : bridge_wait)(socket->net.socket, events, timeout_ms);
}

/* stream_socket_recvfrom() waits without limit on a blocking stream. */
ssize_t bridge_socket_receive(struct bridge_socket *socket, char *buf, size_t len, int flags, zend_string **from)
{
	for (;;) {
		ssize_t n = bridge_receive_once(socket, buf, len, flags, from);

		if (n >= 0 || !bridge_is_transient(errno) || socket->nonblocking) {
			return n;
		}
		if (bridge_wait_to_receive(socket, flags & MSG_OOB ? POLLPRI : POLLIN, -1) != BRIDGE_READY) {
			return -1;
		}
	}
}

/* On a blocking socket all of it, or what went out before an error. */
ssize_t bridge_socket_send(struct bridge_socket *socket, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len)
{
	size_t done = 0;

	for (;;) {
		ssize_t n = bridge_send_once(socket, buf + done, len - done, flags, to, to_len);

		if (n >= 0) {
			done += n;
			if (done == len || socket->nonblocking) {
				return done;
			}
			continue;
		}
		if (!bridge_is_transient(errno) || socket->nonblocking
				|| bridge_wait(socket->net.socket, POLLOUT, -1) != BRIDGE_READY) {
			return done ? (ssize_t)done : -1;
		}
	}
}

static void set_no_delay(php_stream *listener, int fd)
{
	zval *option;
	int one = 1;

	if (PHP_STREAM_CONTEXT(listener)
			&& (option = php_stream_context_get_option(PHP_STREAM_CONTEXT(listener), "socket", "tcp_nodelay"))
			&& zend_is_true(option)) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	}
}

/* What an accepted stream has from its listener, where Go accepted. */
void bridge_socket_inherit(php_stream *listener, php_stream *accepted)
{
	struct bridge_socket *from = listener ? bridge_socket_of(listener) : NULL;
	struct bridge_socket *to = accepted ? bridge_socket_of(accepted) : NULL;

	if (from && to) {
		to->net.timeout = from->net.timeout;
	}
}

/* A listener that somebody else made may block: it is asked only once poll() has. */
static bool tries_at_once(const php_stream *listener, struct bridge_socket *socket)
{
	return bridge_transport_of(listener) != BRIDGE_DESCRIPTOR && bridge_try_first(socket);
}

static bool is_full(void)
{
	return bridge_state.limits.open_sockets && bridge_open_sockets() >= bridge_state.limits.open_sockets;
}

/* The connection stays in the queue, as it does where the process has no descriptor left. */
static int accept_one(const struct bridge_socket *listener, struct sockaddr_storage *address, socklen_t *len)
{
	if (is_full()) {
		bridge_journal_limit(listener->meter.handle, EMFILE);
		errno = EMFILE;
		return -1;
	}
	return accept4(listener->net.socket, (struct sockaddr *)address, len,
		bridge_state.close_on_exec ? SOCK_CLOEXEC : 0);
}

php_stream *bridge_socket_accept(php_stream *listener, int64_t timeout_ms, zend_string **peer)
{
	struct bridge_socket *socket = listener->abstract, *accepted;
	struct sockaddr_storage address;
	socklen_t len;
	php_stream *stream;
	bool ready;
	int fd;

	if (socket->is_virtual) { /* only Go can accept, which the function of the table asks first */
		errno = EOPNOTSUPP;
		return NULL;
	}
	for (ready = !is_full() && !bridge_draining() && tries_at_once(listener, socket);; ready = true) {
		if (ready) {
			len = sizeof address;
			fd = accept_one(socket, &address, &len);
			if (fd >= 0) {
				break;
			}
			if (!bridge_is_transient(errno)) {
				return NULL;
			}
			/* Nobody is there, or another process took him. */
			socket->poll_first = BRIDGE_POLL_FIRST;
		}
		switch (bridge_wait_for_client(socket->net.socket, POLLIN, timeout_ms)) {
		case BRIDGE_READY:
			break;
		case BRIDGE_TIMEOUT:
			errno = ETIMEDOUT;
			return NULL;
		case BRIDGE_INTERRUPTED:
			return NULL;
		default:
			errno = 0;
			return NULL;
		}
	}
	set_no_delay(listener, fd);
	accepted = emalloc(sizeof *accepted);
	*accepted = *socket; /* the time limit is inherited */
	accepted->net.socket = fd;
	accepted->net.is_blocked = 1;
	accepted->net.timeout_event = 0;
	accepted->target = NULL;
	accepted->tls = NULL;
	accepted->nonblocking = false;
	accepted->server = false;
	accepted->poll_first = 0;
	bridge_journal_accepted(&accepted->meter, socket->meter.handle, bridge_transport_of(listener), fd, &address, len);
	stream = php_stream_alloc(listener->ops, accepted, NULL, "r+");
	stream->ctx = listener->ctx;
	if (listener->ctx) {
		GC_ADDREF(listener->ctx);
	}
	if (peer) {
		*peer = bridge_sockaddr_name(&address, len);
	}
	return stream;
}

