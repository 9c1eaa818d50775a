/*
 * Socket streams: genuine PHP streams whose descriptors Go has made. Reads,
 * writes and the rest of the hot path work on the descriptor here, in C; what
 * fgets(), feof(), filters and buffers do on top stays PHP's.
 *
 * A descriptor's blocking mode follows stream_set_blocking(), because child
 * processes inherit it; our own calls never block, whatever the mode is.
 */
#include <fcntl.h>

#include "tls.h"
#include "_cgo_export.h"

static int64_t timeout_of(const struct bridge_socket *socket)
{
	return bridge_timeval_ms(&socket->net.timeout);
}

/* ---- reading and writing ----------------------------------------------------------- */

/* Waits until the socket has data; false when the read is over without any. */
static bool wait_for_data(php_stream *stream, struct bridge_socket *socket)
{
	for (;;) {
		switch (bridge_wait_to_receive(socket, POLLIN | POLLERR | POLLHUP, timeout_of(socket))) {
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
	ssize_t n = -1;

	if (socket->net.socket < 0) {
		return -1;
	}
	if (!socket->net.is_blocked || !bridge_may_wait(stream, &socket->net.timeout)) {
		n = bridge_receive_once(socket, buf, count, 0, NULL);
	} else {
		socket->net.timeout_event = 0;
		errno = EAGAIN;
		/* A time limit of zero is over before anything was looked at. */
		if (timeout_of(socket) != 0 && bridge_try_first(socket)) {
			n = bridge_receive_once(socket, buf, count, 0, NULL);
			if (n < 0 && bridge_is_transient(errno)) {
				socket->poll_first = BRIDGE_POLL_FIRST;
			}
		}
		while (n < 0 && bridge_is_transient(errno)) {
			if (!wait_for_data(stream, socket)) {
				return -1;
			}
			n = bridge_receive_once(socket, buf, count, 0, NULL);
			if (n == (ssize_t)count) {
				socket->poll_first = 0; /* there may be more */
			}
			if (!socket->datagrams) {
				break;
			}
			/* A datagram that was dropped is not what was waited for. */
		}
	}
	if (n < 0 && bridge_is_transient(errno)) {
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
	while ((n = bridge_send_once(socket, buf, count, 0, NULL, 0)) <= 0) {
		enum bridge_ready ready;

		error = errno;
		if (n == 0 && count == 0) {
			return 0;
		}
		if (bridge_is_transient(error)) {
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

	if (socket->tls) {
		bridge_tls_release(socket);
	}
	if (socket->meter.handle) { /* without close_handle the descriptor is somebody else's from now on */
		bridge_journal_closed(&socket->meter, close_handle ? socket->net.socket : -1);
		if (bridge_is_virtual_listener(socket) && !bridge_forked()) {
			bridgeGoReadJournal(); /* from now on clients are refused */
		}
	} else if (close_handle && socket->net.socket >= 0) {
		bridge_close(socket->net.socket); /* ext/sockets has put it here */
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
	int result = zend_fstat(socket->net.socket, &ssb->sb);

	if (result == 0 && bridge_is_virtual_listener(socket)) {
		ssb->sb.st_mode = S_IFSOCK | 0777; /* as any socket's */
	}
	return result;
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

/* A persistent stream that is about to be used again: the policy is asked once more. */
bool bridge_may_be_reused(php_stream *stream, uint64_t number)
{
	struct bridge_reply_target target = { .persistent = false };
	smart_str args = { 0 };
	zval handle, result;

	if (!bridge_state.guarded || !php_stream_is_persistent(stream)) {
		return true;
	}
	if (bridge_forked()) {
		return false;
	}
	ZVAL_LONG(&handle, (zend_long)number);
	wire_put_value(&args, &handle);
	ZVAL_FALSE(&result);
	bridge_call_row("transport_reuse", &args, 1, &target, &result);
	smart_str_free(&args);
	return Z_TYPE(result) == IS_TRUE;
}

/* What feof() asks: is the peer still there? Never blocks on a plain socket. */
static int check_liveness(php_stream *stream, struct bridge_socket *socket, int seconds)
{
	char byte;
	ssize_t n;
	int64_t timeout_ms = seconds == -1 ? timeout_of(socket) : (int64_t)seconds * 1000;

	if (socket->net.socket < 0 || (seconds == 0 && !bridge_may_be_reused(stream, socket->meter.handle))) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	if (seconds != 0 || (stream->flags & PHP_STREAM_FLAG_NO_IO)) {
		if (bridge_wait(socket->net.socket, POLLIN | POLLERR | POLLHUP | POLLPRI, timeout_ms) != BRIDGE_READY) {
			return PHP_STREAM_OPTION_RETURN_OK;
		}
	}
	n = recv(socket->net.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n == 0 || (n < 0 && !bridge_is_transient(errno) && errno != EMSGSIZE)) {
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
		&& (stream->ops == &operations[BRIDGE_TCP] || stream->ops == &operations[BRIDGE_UNIX]
			|| stream->ops == &operations[BRIDGE_MEM]);
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
		bridge_transport_api(stream, socket, param);
		return PHP_STREAM_OPTION_RETURN_OK;
	case PHP_STREAM_OPTION_CRYPTO_API:
		if (bridge_transport_of(stream) == BRIDGE_TCP) {
			return bridge_crypto_api(stream, socket, param);
		}
	}
	return PHP_STREAM_OPTION_RETURN_NOTIMPL;
}

/* ---- making streams ----------------------------------------------------------------------- */

#define OPERATIONS(label) { \
	socket_write, socket_read, socket_close, socket_flush, label, NULL, socket_cast, socket_stat, socket_set_option }

/* In the order of enum bridge_transport; scripts see the label as stream_type. */
static php_stream_ops operations[] = {
	OPERATIONS("tcp_socket/ssl"), /* as where PHP has ext/openssl: programs match on it */
	OPERATIONS("udp_socket"),
	OPERATIONS("unix_socket"),
	OPERATIONS("udg_socket"),
	OPERATIONS("mem_socket"),
	OPERATIONS("generic_socket"),
	OPERATIONS("tcp_socket"), /* php://fd calls every socket so */
};

const php_stream_ops *const bridge_tcp_operations = &operations[BRIDGE_TCP];
int bridge_stream_type, bridge_persistent_stream_type;

void bridge_sockets_start(void)
{
	bridge_stream_type = php_file_le_stream();
	bridge_persistent_stream_type = php_file_le_pstream();
}

struct bridge_socket *bridge_socket_of(php_stream *stream)
{
	return (stream->ops >= operations && stream->ops < operations + sizeof operations / sizeof *operations)
			|| stream->ops == &bridge_tls_operations
		? stream->abstract : NULL;
}

enum bridge_transport bridge_transport_of(const php_stream *stream)
{
	return stream->ops == &bridge_tls_operations ? BRIDGE_TCP : (enum bridge_transport)(stream->ops - operations);
}

php_stream *bridge_socket_open(enum bridge_transport transport, const char *persistent_id)
{
	struct bridge_socket *socket = pecalloc(1, sizeof *socket, persistent_id != NULL);

	socket->net.socket = -1;
	socket->net.is_blocked = 1;
	socket->net.timeout.tv_sec = (long)FG(default_socket_timeout);
	socket->datagrams = transport == BRIDGE_UDP || transport == BRIDGE_UDG;
	return php_stream_alloc(&operations[transport], socket, persistent_id, "r+");
}

const char *bridge_unread(int64_t id, size_t *len)
{
	zval *resource = zend_hash_index_find(&EG(regular_list), (zend_ulong)id);
	zval value;
	php_stream *stream;

	*len = 0;
	if (!resource) {
		return NULL;
	}
	ZVAL_RES(&value, Z_RES_P(resource));
	stream = bridge_stream_of(&value);
	if (!stream || stream->writepos <= stream->readpos) {
		return NULL;
	}
	*len = stream->writepos - stream->readpos;
	return (const char *)stream->readbuf + stream->readpos;
}

/* Makes one of ours of a stream that PHP has opened on a descriptor. */
void bridge_socket_take_over(php_stream *stream, bool listed)
{
	php_netstream_data_t *theirs = stream->abstract;
	struct bridge_socket *socket = ecalloc(1, sizeof *socket);

	socket->net = *theirs;
	socket->nonblocking = (fcntl(theirs->socket, F_GETFL) & O_NONBLOCK) != 0;
	efree(theirs);
	stream->ops = &operations[BRIDGE_DESCRIPTOR];
	stream->abstract = socket;
	if (listed) {
		bridge_journal_taken_over(&socket->meter, socket->net.socket);
	}
}
