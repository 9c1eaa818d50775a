/*
 * Streams that speak TLS. Go encrypts and decrypts (tls.go), by system calls on
 * the descriptor that never wait; what waits is bridge_wait(), here.
 *
 * PHP's own TLS behaves in some ways unlike its plain sockets, and so do these
 * streams: a failed write gives 0, a time limit of zero is none, and timed_out
 * stays until stream_set_timeout().
 */
#include "tls.h"
#include "_cgo_export.h"

int64_t bridge_tls_limit_ms(const struct timeval *limit)
{
	int64_t ms = bridge_timeval_ms(limit);

	return ms == 0 && limit->tv_usec > 0 ? 1 : ms;
}

/* When a blocking operation that begins now is over; -1: never. */
static int64_t end_of(const struct bridge_socket *socket)
{
	int64_t ms = bridge_tls_limit_ms(&socket->net.timeout);

	return ms > 0 ? bridge_now_us() + ms * 1000 : -1;
}

static enum bridge_ready wait_until(int fd, int events, int64_t end_us)
{
	int64_t left_ms = end_us < 0 ? -1 : (end_us - bridge_now_us() + 999) / 1000;

	if (end_us >= 0 && left_ms <= 0) {
		return bridge_cancelled() ? BRIDGE_CANCELLED : BRIDGE_TIMEOUT;
	}
	return bridge_wait(fd, events, left_ms);
}

/* Go's words, if it has any. */
static void speak(php_stream *stream, struct bridge_bytes *words)
{
	struct bridge_reply_target target = { .context = NULL };
	zval nothing;

	if (words->data) {
		ZVAL_NULL(&nothing);
		BRIDGE_KEEPING_OPEN(stream, bridge_apply_reply(words, &target, &nothing));
	}
}

/* A child of pcntl_fork() has the descriptor, but not what Go knows of the session. */
static ssize_t strand(php_stream *stream)
{
	if (!stream->eof) {
		stream->eof = 1;
		BRIDGE_KEEPING_OPEN(stream, php_error_docref(NULL, E_WARNING,
			"SSL: a child of pcntl_fork() cannot go on with its parent's session"));
	}
	return 0;
}

/* ---- reading and writing ------------------------------------------------------------- */

static ssize_t tls_read(php_stream *stream, char *buf, size_t count)
{
	struct bridge_socket *socket = stream->abstract;
	struct bridge_tls *tls = socket->tls;
	bool waits = socket->net.is_blocked && !bridge_has_read(stream);
	bool try_first = !waits || tls->readable || bridge_try_first(socket);
	int64_t end = waits ? end_of(socket) : -1;
	struct bridge_tls_io io;

	if (tls->relayed) {
		tls->used = true;
		return bridge_tcp_operations->read(stream, buf, count);
	}
	if (bridge_forked()) {
		return strand(stream);
	}
	for (;;) {
		if (try_first) {
			io = (struct bridge_tls_io){ .session = tls->session, .data = buf, .len = count };
			bridgeGoTLSRead(&io);
			tls->readable = (uint8_t)io.readable;
			if (io.n > 0) {
				bridge_count_received(&socket->meter, io.n);
				php_stream_notify_progress_increment(PHP_STREAM_CONTEXT(stream), io.n, 0);
				return io.n;
			}
			if (io.over) {
				stream->eof = 1;
				speak(stream, &io.words);
				return 0;
			}
			if (!waits) {
				return 0;
			}
			socket->poll_first = BRIDGE_POLL_FIRST;
		}
		try_first = true;
		switch (wait_until(socket->net.socket, POLLIN, end)) {
		case BRIDGE_TIMEOUT:
			socket->net.timeout_event = 1;
			return -1;
		case BRIDGE_CANCELLED:
			stream->eof = 1; /* so that loops inside PHP end, too */
			return -1;
		default:
			break;
		}
	}
}

static ssize_t tls_write(php_stream *stream, const char *buf, size_t count)
{
	struct bridge_socket *socket = stream->abstract;
	int64_t end = socket->net.is_blocked ? end_of(socket) : -1;
	struct bridge_tls_io io;

	if (socket->tls->relayed) {
		socket->tls->used = true;
		return bridge_tcp_operations->write(stream, buf, count);
	}
	if (bridge_forked()) {
		return strand(stream);
	}
	for (;;) {
		io = (struct bridge_tls_io){
			.session = socket->tls->session, .data = (char *)buf, .len = count, .large = socket->net.is_blocked,
		};
		bridgeGoTLSWrite(&io);
		if (io.n > 0) {
			bridge_count_sent(&socket->meter, io.n);
			php_stream_notify_progress_increment(PHP_STREAM_CONTEXT(stream), io.n, 0);
			return io.n;
		}
		if (io.over) {
			speak(stream, &io.words);
			return 0;
		}
		if (!socket->net.is_blocked) {
			return 0;
		}
		switch (wait_until(socket->net.socket, POLLOUT, end)) {
		case BRIDGE_TIMEOUT:
			socket->net.timeout_event = 1;
			return -1;
		case BRIDGE_CANCELLED:
			return -1;
		default:
			break;
		}
	}
}

bool bridge_tls_readable(struct bridge_socket *socket)
{
	struct bridge_tls *tls = socket->tls;

	if (tls->readable == BRIDGE_READABLE_PERHAPS) {
		tls->readable = !bridge_forked() && bridgeGoTLSReadable(tls->session)
			? BRIDGE_READABLE_YES : BRIDGE_READABLE_NO;
	}
	return tls->readable == BRIDGE_READABLE_YES;
}

/* ---- the rest of the operations -------------------------------------------------------- */

void bridge_tls_goodbye(struct bridge_socket *socket)
{
	if (socket->tls && socket->tls->active && !socket->tls->relayed && !bridge_forked()) {
		bridgeGoTLSGoodbye(socket->tls->session);
	}
}

void bridge_tls_release(struct bridge_socket *socket)
{
	struct bridge_tls *tls = socket->tls;

	socket->tls = NULL;
	if (tls->begun_us && socket->meter.handle) {
		bridge_journal_handshake(socket->meter.handle, false, bridge_now_us() - tls->begun_us);
	}
	if (tls->session && !bridge_forked()) {
		bridgeGoTLSClose(tls->session);
	}
	free(tls->names[0]);
	free(tls->names[1]);
	free(tls->crypto);
	free(tls);
}

/* What feof() asks. */
static int check_liveness(php_stream *stream, struct bridge_socket *socket, int seconds)
{
	int64_t timeout_ms = seconds == -1 ? socket->connect_ms : (int64_t)seconds * 1000;

	if (seconds == 0 && !bridge_may_be_reused(stream, socket->meter.handle)) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	if (bridge_forked() || socket->tls->readable == BRIDGE_READABLE_YES) {
		return PHP_STREAM_OPTION_RETURN_OK;
	}
	if (seconds != 0) {
		bridge_wait(socket->net.socket, POLLIN | POLLPRI, timeout_ms);
	}
	if (!bridgeGoTLSAlive(socket->tls->session)) {
		socket->tls->readable = BRIDGE_READABLE_NO;
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	socket->tls->readable = BRIDGE_READABLE_PERHAPS;
	return PHP_STREAM_OPTION_RETURN_OK;
}

static void add_meta(const struct bridge_tls *tls, zval *meta)
{
	struct wire_reader r = { .p = tls->crypto, .end = tls->crypto + tls->crypto_len, .ok = true };
	zval crypto;

	wire_value(&r, &crypto);
	add_assoc_zval(meta, "crypto", &crypto);
}

/* Whether there is nothing left to do. */
static bool transport_api(struct bridge_socket *socket, php_stream_xport_param *param)
{
	const char *name;

	switch (param->op) {
	case STREAM_XPORT_OP_SHUTDOWN:
		if (param->how != STREAM_SHUT_RD) {
			bridge_tls_goodbye(socket);
		}
		return false;
	case STREAM_XPORT_OP_GET_NAME:
	case STREAM_XPORT_OP_GET_PEER_NAME:
		if (!socket->tls->relayed) {
			return false;
		}
		name = socket->tls->names[param->op == STREAM_XPORT_OP_GET_PEER_NAME];
		param->outputs.returncode = name && param->want_textaddr ? 0 : -1;
		if (param->outputs.returncode == 0) {
			param->outputs.textaddr = zend_string_init(name, strlen(name), 0);
		}
		return true;
	default:
		return false;
	}
}

static int tls_set_option(php_stream *stream, int option, int value, void *param)
{
	struct bridge_socket *socket = stream->abstract;

	switch (option) {
	case PHP_STREAM_OPTION_CHECK_LIVENESS:
		if (socket->tls->relayed) {
			break;
		}
		return check_liveness(stream, socket, value);
	case PHP_STREAM_OPTION_META_DATA_API:
		add_meta(socket->tls, param);
		break;
	case PHP_STREAM_OPTION_XPORT_API:
		if (transport_api(socket, param)) {
			return PHP_STREAM_OPTION_RETURN_OK;
		}
		break;
	}
	return bridge_tcp_operations->set_option(stream, option, value, param);
}

/*
 * A child of pcntl_fork() that has served a client says goodbye to it, whether or
 * not its parent keeps the stream, too. What it only inherited is not its to end.
 */
static int tls_close(php_stream *stream, int close_handle)
{
	struct bridge_socket *socket = stream->abstract;

	if (close_handle && socket->tls->relayed && socket->tls->used && bridge_forked()) {
		shutdown(socket->net.socket, SHUT_WR);
	} else if (close_handle) {
		bridge_tls_goodbye(socket);
	}
	return bridge_tcp_operations->close(stream, close_handle);
}

static int tls_flush(php_stream *stream)
{
	return bridge_tcp_operations->flush(stream);
}

static int tls_stat(php_stream *stream, php_stream_statbuf *ssb)
{
	return bridge_tcp_operations->stat(stream, ssb);
}

/* Nobody but us can do anything with the descriptor, except wait for it. */
static int tls_cast(php_stream *stream, int castas, void **ret)
{
	return castas == PHP_STREAM_AS_FD_FOR_SELECT ? bridge_tcp_operations->cast(stream, castas, ret) : FAILURE;
}

const php_stream_ops bridge_tls_operations = {
	tls_write, tls_read, tls_close, tls_flush, "tcp_socket/ssl", NULL, tls_cast, tls_stat, tls_set_option,
};
