/*
 * Socket streams: genuine PHP streams whose descriptors Go has made. Reads,
 * writes and the rest of the hot path work on the descriptor here, in C; what
 * fgets(), feof(), filters and buffers do on top stays PHP's.
 *
 * A descriptor's blocking mode follows stream_set_blocking(), because child
 * processes inherit it; our own calls never block, whatever the mode is.
 */
#include <fcntl.h>

#include "internal.h"
#include "ext/standard/streamsfuncs.h"

static bool is_transient(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK;
}

static int64_t timeout_of(const struct bridge_socket *socket)
{
	return bridge_timeval_ms(&socket->net.timeout);
}

/*
 * A server that answers one request at a time finds nothing whenever it looks,
 * a busy one finds something. After a vain try, this many operations ask poll()
 * first; then one tries at once again. The system call that is saved on the one
 * side costs a fraction on the other.
 */
#define POLL_FIRST 32

static bool try_first(struct bridge_socket *socket)
{
	if (socket->poll_first == 0) {
		return true;
	}
	socket->poll_first--;
	return false;
}

/* ---- reading and writing ----------------------------------------------------------- */

/* Waits until the socket has data; false when the read is over without any. */
static bool wait_for_data(php_stream *stream, struct bridge_socket *socket)
{
	for (;;) {
		switch (bridge_wait(socket->net.socket, POLLIN | POLLERR | POLLHUP, timeout_of(socket))) {
		case BRIDGE_READY:
			return true;
		case BRIDGE_TIMEOUT:
			socket->net.timeout_event = 1;
			return false;
		case BRIDGE_INTERRUPTED:
			if (errno == EINTR) {
				continue; /* with the full time, as PHP does */
			}
			return true;
		default:
			stream->eof = 1; /* so that loops inside PHP end, too */
			return false;
		}
	}
}

static ssize_t socket_read(php_stream *stream, char *buf, size_t count)
{
	struct bridge_socket *socket = stream->abstract;
	int fd = socket->net.socket;
	ssize_t n = -1;

	if (fd < 0) {
		return -1;
	}
	if (!socket->net.is_blocked || !bridge_may_wait(stream, &socket->net.timeout)) {
		n = recv(fd, buf, count, MSG_DONTWAIT);
	} else {
		socket->net.timeout_event = 0;
		errno = EAGAIN;
		/* A time limit of zero is over before anything was looked at. */
		if (timeout_of(socket) != 0 && try_first(socket)) {
			n = recv(fd, buf, count, MSG_DONTWAIT);
			if (n < 0 && is_transient(errno)) {
				socket->poll_first = POLL_FIRST;
			}
		}
		if (n < 0 && is_transient(errno)) {
			if (!wait_for_data(stream, socket)) {
				return -1;
			}
			n = recv(fd, buf, count, MSG_DONTWAIT);
			if (n == (ssize_t)count) {
				socket->poll_first = 0; /* there may be more */
			}
		}
	}
	if (n < 0 && is_transient(errno)) {
		return 0;
	}
	if (n <= 0) {
		stream->eof = 1;
		return n;
	}
	php_stream_notify_progress_increment(PHP_STREAM_CONTEXT(stream), n, 0);
	return n;
}

static ssize_t socket_write(php_stream *stream, const char *buf, size_t count)
{
	struct bridge_socket *socket = stream->abstract;
	ssize_t n;
	int error;

	if (socket->net.socket < 0) {
		return 0;
	}
	while ((n = send(socket->net.socket, buf, count, MSG_DONTWAIT | MSG_NOSIGNAL)) <= 0) {
		enum bridge_ready ready;

		error = errno;
		if (n == 0 && count == 0) {
			return 0;
		}
		if (is_transient(error)) {
			if (!socket->net.is_blocked) {
				return 0;
			}
			socket->net.timeout_event = 0;
			do {
				ready = bridge_wait(socket->net.socket, POLLOUT, timeout_of(socket));
			} while (ready == BRIDGE_INTERRUPTED && errno == EINTR);
			if (ready == BRIDGE_READY) {
				continue;
			}
			if (ready == BRIDGE_CANCELLED) {
				return -1;
			}
			socket->net.timeout_event = ready == BRIDGE_TIMEOUT;
		}
		if (!(stream->flags & PHP_STREAM_FLAG_SUPPRESS_ERRORS)) {
			php_error_docref(NULL, E_NOTICE, "Send of " ZEND_LONG_FMT " bytes failed with errno=%d %s",
				(zend_long)count, error, strerror(error));
		}
		return n;
	}
	php_stream_notify_progress_increment(PHP_STREAM_CONTEXT(stream), n, 0);
	return n;
}

static int socket_close(php_stream *stream, int close_handle)
{
	struct bridge_socket *socket = stream->abstract;

	if (close_handle && socket->handle) {
		bridge_journal_closed(socket->handle, socket->net.socket);
	}
	if (socket->target) {
		zend_string_release(socket->target);
	}
	pefree(socket, php_stream_is_persistent(stream));
	return 0;
}

static int socket_flush(php_stream *stream)
{
	return 0;
}

static int socket_stat(php_stream *stream, php_stream_statbuf *ssb)
{
	struct bridge_socket *socket = stream->abstract;

	return zend_fstat(socket->net.socket, &ssb->sb);
}

static int socket_cast(php_stream *stream, int castas, void **ret)
{
	struct bridge_socket *socket = stream->abstract;

	switch (castas) {
	case PHP_STREAM_AS_STDIO:
		if (ret) {
			*(FILE **)ret = fdopen(socket->net.socket, stream->mode);
			return *ret ? SUCCESS : FAILURE;
		}
		return SUCCESS;
	case PHP_STREAM_AS_FD_FOR_SELECT:
	case PHP_STREAM_AS_FD:
	case PHP_STREAM_AS_SOCKETD:
		if (ret) {
			*(php_socket_t *)ret = socket->net.socket;
		}
		return SUCCESS;
	default:
		return FAILURE;
	}
}

/* ---- the operations of stream_socket_* ------------------------------------------------ */

zend_string *bridge_sockaddr_name(const struct sockaddr_storage *address, socklen_t len)
{
	zend_string *name = NULL;

	/* An unnamed unix socket has no path at all; PHP would read past it. */
	if (len > offsetof(struct sockaddr_un, sun_path)) {
		php_network_populate_name_from_sockaddr((struct sockaddr *)address, len, &name, NULL, NULL);
	}
	return name ? name : ZSTR_EMPTY_ALLOC();
}

/* stream_socket_recvfrom() waits without limit on a blocking stream. */
ssize_t bridge_socket_receive(struct bridge_socket *socket, char *buf, size_t len, int flags, zend_string **from)
{
	for (;;) {
		struct sockaddr_storage address;
		socklen_t address_len = sizeof address;
		ssize_t n = recvfrom(socket->net.socket, buf, len, flags | MSG_DONTWAIT,
			from ? (struct sockaddr *)&address : NULL, from ? &address_len : NULL);

		if (n >= 0) {
			if (from) {
				*from = bridge_sockaddr_name(&address, address_len);
			}
			return n;
		}
		if (!is_transient(errno) || socket->nonblocking) {
			return -1;
		}
		if (bridge_wait(socket->net.socket, flags & MSG_OOB ? POLLPRI : POLLIN, -1) != BRIDGE_READY) {
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
		ssize_t n = sendto(socket->net.socket, buf + done, len - done, flags | MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)to, to_len);

		if (n >= 0) {
			done += n;
			if (done == len || socket->nonblocking) {
				return done;
			}
			continue;
		}
		if (!is_transient(errno) || socket->nonblocking
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

php_stream *bridge_socket_accept(php_stream *listener, int64_t timeout_ms, zend_string **peer)
{
	struct bridge_socket *socket = listener->abstract, *accepted;
	struct sockaddr_storage address;
	socklen_t len;
	php_stream *stream;
	bool ready;
	int fd;

	for (ready = try_first(socket);; ready = true) {
		if (ready) {
			len = sizeof address;
			fd = accept4(socket->net.socket, (struct sockaddr *)&address, &len,
				bridge_state.close_on_exec ? SOCK_CLOEXEC : 0);
			if (fd >= 0) {
				break;
			}
			if (!is_transient(errno)) {
				return NULL;
			}
			/* Nobody is there, or another process took him. */
			socket->poll_first = POLL_FIRST;
		}
		switch (bridge_wait(socket->net.socket, POLLIN, timeout_ms)) {
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
	accepted->nonblocking = false;
	accepted->poll_first = 0;
	accepted->handle = bridge_journal_accepted(socket->handle, fd, &address, len);
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

static void transport_api(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param)
{
	zend_string **text = param->want_textaddr ? &param->outputs.textaddr : NULL;
	struct sockaddr **addr = param->want_addr ? &param->outputs.addr : NULL;
	socklen_t *addrlen = param->want_addr ? &param->outputs.addrlen : NULL;
	int flags = 0;

	if (param->inputs.flags & STREAM_OOB) {
		flags |= MSG_OOB;
	}
	switch (param->op) {
	case STREAM_XPORT_OP_LISTEN:
		param->outputs.returncode = listen(socket->net.socket, param->inputs.backlog) == 0 ? 0 : -1;
		break;
	case STREAM_XPORT_OP_GET_NAME:
		param->outputs.returncode = php_network_get_sock_name(socket->net.socket, text, addr, addrlen);
		break;
	case STREAM_XPORT_OP_GET_PEER_NAME:
		param->outputs.returncode = php_network_get_peer_name(socket->net.socket, text, addr, addrlen);
		break;
	case STREAM_XPORT_OP_SEND:
		param->outputs.returncode = (int)bridge_socket_send(socket, param->inputs.buf, param->inputs.buflen, flags,
			(struct sockaddr_storage *)param->inputs.addr, param->inputs.addrlen);
		break;
	case STREAM_XPORT_OP_RECV:
		if (param->inputs.flags & STREAM_PEEK) {
			flags |= MSG_PEEK;
		}
		param->outputs.returncode =
			(int)bridge_socket_receive(socket, param->inputs.buf, param->inputs.buflen, flags, text);
		break;
	case STREAM_XPORT_OP_SHUTDOWN: {
		static const int how[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };
		param->outputs.returncode = shutdown(socket->net.socket, how[param->how]);
		break;
	}
	case STREAM_XPORT_OP_ACCEPT:
		param->outputs.client = bridge_socket_accept(stream, bridge_timeval_ms(param->inputs.timeout), text);
		param->outputs.returncode = param->outputs.client ? 0 : -1;
		if (!param->outputs.client && param->want_errortext && errno) {
			param->outputs.error_text = php_socket_error_str(errno);
		}
		break;
	default:
		param->outputs.returncode = -1;
	}
}

/* What feof() asks: is the peer still there? Never blocks on a plain socket. */
static int check_liveness(php_stream *stream, struct bridge_socket *socket, int seconds)
{
	char byte;
	ssize_t n;
	int64_t timeout_ms = seconds == -1 ? timeout_of(socket) : (int64_t)seconds * 1000;

	if (socket->net.socket < 0) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	if (seconds != 0 || (stream->flags & PHP_STREAM_FLAG_NO_IO)) {
		if (bridge_wait(socket->net.socket, POLLIN | POLLERR | POLLHUP | POLLPRI, timeout_ms) != BRIDGE_READY) {
			return PHP_STREAM_OPTION_RETURN_OK;
		}
	}
	n = recv(socket->net.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n == 0 || (n < 0 && !is_transient(errno) && errno != EMSGSIZE)) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	return PHP_STREAM_OPTION_RETURN_OK;
}

static php_stream_ops operations[];

/* A listener's descriptor never blocks: another process may take the connection
 * between poll() and accept(). */
static bool is_listener(const php_stream *stream)
{
	return (stream->flags & PHP_STREAM_FLAG_NO_IO)
		&& (stream->ops == &operations[BRIDGE_TCP] || stream->ops == &operations[BRIDGE_UNIX]);
}

static int set_blocking(struct bridge_socket *socket, php_stream *stream, int blocking)
{
	int old = socket->net.is_blocked;

	if (!is_listener(stream) && php_set_sock_blocking(socket->net.socket, blocking) != SUCCESS) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	socket->net.is_blocked = blocking;
	socket->nonblocking = !blocking;
	return old;
}

static int socket_set_option(php_stream *stream, int option, int value, void *param)
{
	struct bridge_socket *socket = stream->abstract;

	switch (option) {
	case PHP_STREAM_OPTION_CHECK_LIVENESS:
		return check_liveness(stream, socket, value);
	case PHP_STREAM_OPTION_BLOCKING:
		return set_blocking(socket, stream, value);
	case PHP_STREAM_OPTION_READ_TIMEOUT:
		socket->net.timeout = *(struct timeval *)param;
		socket->net.timeout_event = 0;
		return PHP_STREAM_OPTION_RETURN_OK;
	case PHP_STREAM_OPTION_META_DATA_API:
		add_assoc_bool((zval *)param, "timed_out", socket->net.timeout_event);
		add_assoc_bool((zval *)param, "blocked", socket->net.is_blocked);
		add_assoc_bool((zval *)param, "eof", stream->eof);
		return PHP_STREAM_OPTION_RETURN_OK;
	case PHP_STREAM_OPTION_XPORT_API:
		transport_api(stream, socket, param);
		return PHP_STREAM_OPTION_RETURN_OK;
	case PHP_STREAM_OPTION_CRYPTO_API:
		if (stream->ops == &operations[BRIDGE_TCP] && bridge_crypto_upgrade(stream, socket)) {
			return stream->ops->set_option(stream, option, value, param);
		}
	}
	return PHP_STREAM_OPTION_RETURN_NOTIMPL;
}

/* ---- making streams ----------------------------------------------------------------------- */

#define OPERATIONS(label) { \
	socket_write, socket_read, socket_close, socket_flush, label, NULL, socket_cast, socket_stat, socket_set_option }

/* In the order of enum bridge_transport; scripts see the label as stream_type. */
static php_stream_ops operations[] = {
	OPERATIONS("tcp_socket"),
	OPERATIONS("udp_socket"),
	OPERATIONS("unix_socket"),
	OPERATIONS("udg_socket"),
	OPERATIONS("generic_socket"),
};

void bridge_sockets_start(void)
{
	/* ext/openssl takes tcp over and names it so; programs match on it. */
	if (zend_hash_str_exists(php_stream_xport_get_hash(), ZEND_STRL("ssl"))) {
		operations[BRIDGE_TCP].label = "tcp_socket/ssl";
	}
}

php_stream *bridge_stream_of(const zval *value)
{
	zend_resource *resource;

	if (Z_TYPE_P(value) != IS_RESOURCE) {
		return NULL;
	}
	resource = Z_RES_P(value);
	return resource->type == php_file_le_stream() || resource->type == php_file_le_pstream() ? resource->ptr : NULL;
}

struct bridge_socket *bridge_socket_of(php_stream *stream)
{
	return stream->ops >= operations && stream->ops < operations + sizeof operations / sizeof *operations
		? stream->abstract : NULL;
}

php_stream *bridge_socket_open(enum bridge_transport transport, int fd, uint64_t handle, bool nonblocking)
{
	struct bridge_socket *socket = ecalloc(1, sizeof *socket);

	socket->net.socket = fd;
	socket->net.is_blocked = 1;
	socket->net.timeout.tv_sec = (long)FG(default_socket_timeout);
	socket->nonblocking = nonblocking;
	socket->handle = handle;
	return php_stream_alloc(&operations[transport], socket, NULL, "r+");
}
