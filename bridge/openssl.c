/*
 * TLS of ext/openssl. It works on streams of its own making, so for
 * stream_socket_enable_crypto() on a tcp stream of ours one is made, the two
 * streams swap their insides, and the descriptor that Go has made moves over;
 * ssl:// and its like are ext/openssl's streams from the start (secure.c).
 *
 * ext/openssl would wait by itself, and nobody could end that. So it is always
 * asked as if the stream were non-blocking, and what waits is bridge_wait().
 */
#include "openssl.h"

static php_stream_ops secured;          /* ext/openssl's operations, with ours on top */
const php_stream_ops *bridge_unsecured; /* as they are */
static HashTable *streams;              /* struct bridge_openssl, by stream */

static zend_ulong key_of(const php_stream *stream)
{
	return (zend_ulong)(uintptr_t)stream;
}

struct bridge_openssl *bridge_openssl_of(const php_stream *stream)
{
	return bridge_unsecured && stream->ops == &secured ? zend_hash_index_find_ptr(streams, key_of(stream)) : NULL;
}

struct bridge_meter *bridge_openssl_meter(const php_stream *stream)
{
	struct bridge_openssl *tls = bridge_openssl_of(stream);

	return tls ? &tls->meter : NULL;
}

/* Whether it is encrypted by now: ext/openssl does not give its descriptor away then. */
bool bridge_openssl_active(php_stream *stream)
{
	return bridge_unsecured->cast(stream, PHP_STREAM_AS_FD, NULL) != SUCCESS;
}

/* ---- waiting --------------------------------------------------------------------------- */

/* As long as OpenSSL may wait for the other direction than is assumed. */
#define DOUBT_MS 10
#define LONG_DOUBT_MS 1000

static enum bridge_ready wait_at_most(int fd, int events, int64_t left_ms, int64_t most_ms)
{
	bool last = left_ms >= 0 && left_ms <= most_ms;
	enum bridge_ready ready = bridge_wait(fd, events, last ? left_ms : most_ms);

	return ready == BRIDGE_TIMEOUT && !last ? BRIDGE_READY : ready;
}

/*
 * ext/openssl does not say whether it wants to read or to write. Where nothing
 * can be written that is what it waits for; where something can, it does not,
 * or there was no room only a moment ago.
 */
enum bridge_ready bridge_openssl_wait(int fd, enum bridge_openssl_task task, int64_t end_us, int *stalls)
{
	int64_t left_ms = end_us < 0 ? -1 : (end_us - bridge_now_us() + 999) / 1000;

	if (end_us >= 0 && left_ms <= 0) {
		return bridge_cancelled() ? BRIDGE_CANCELLED : BRIDGE_TIMEOUT;
	}
	if ((*stalls)++ > 0 && bridge_wait(fd, 0, 0) == BRIDGE_READY) {
		return BRIDGE_WOKEN; /* hung up, and it was asked since then */
	}
	switch (task) {
	case BRIDGE_OPENSSL_READ:
		return bridge_wait(fd, POLLIN, left_ms);
	case BRIDGE_OPENSSL_WRITE:
		if (bridge_wait(fd, POLLOUT, 0) != BRIDGE_READY) {
			return bridge_wait(fd, POLLOUT, left_ms);
		}
		return *stalls <= 3 ? BRIDGE_READY : wait_at_most(fd, POLLIN, left_ms, DOUBT_MS);
	default:
		if (bridge_wait(fd, POLLOUT, 0) != BRIDGE_READY) {
			return bridge_wait(fd, POLLIN | POLLOUT, left_ms);
		}
		return wait_at_most(fd, POLLIN, left_ms, LONG_DOUBT_MS);
	}
}

/* ---- reading and writing ----------------------------------------------------------------- */

static ssize_t transfer_once(php_stream *stream, char *buf, size_t count, bool reading)
{
	return reading ? bridge_unsecured->read(stream, buf, count) : bridge_unsecured->write(stream, buf, count);
}

/* A blocking read or write of an encrypted stream. */
static ssize_t transfer_encrypted(php_stream *stream, char *buf, size_t count, bool reading)
{
	php_netstream_data_t *theirs = stream->abstract;
	int64_t limit_ms = bridge_tls_limit_ms(&theirs->timeout);
	int64_t end = limit_ms > 0 ? bridge_now_us() + limit_ms * 1000 : -1;
	enum bridge_ready ready;
	int stalls = 0;
	ssize_t n;

	theirs->is_blocked = 0;
	do {
		errno = 0;
		n = transfer_once(stream, buf, count, reading);
		if (n != 0 || errno != EAGAIN) {
			break;
		}
		ready = bridge_openssl_wait(theirs->socket, reading ? BRIDGE_OPENSSL_READ : BRIDGE_OPENSSL_WRITE, end, &stalls);
		if (ready == BRIDGE_TIMEOUT) {
			theirs->timeout_event = 1;
			n = -1;
		} else if (ready == BRIDGE_CANCELLED) {
			stream->eof |= reading; /* so that loops inside PHP end, too */
			n = -1;
		}
	} while (ready == BRIDGE_READY || (ready == BRIDGE_INTERRUPTED && errno == EINTR));
	php_set_sock_blocking(theirs->socket, 1);
	theirs->is_blocked = 1;
	return n;
}

/*
 * The same before a handshake, or after crypto was switched off. Once there is
 * something to do ext/openssl does it without waiting.
 */
static ssize_t transfer_plain(php_stream *stream, char *buf, size_t count, bool reading)
{
	php_netstream_data_t *theirs = stream->abstract;
	enum bridge_ready ready;

	do {
		ready = bridge_wait(theirs->socket, reading ? POLLIN : POLLOUT, bridge_timeval_ms(&theirs->timeout));
	} while (ready == BRIDGE_INTERRUPTED && errno == EINTR);
	theirs->timeout_event = ready == BRIDGE_TIMEOUT;
	if (ready == BRIDGE_CANCELLED) {
		stream->eof |= reading;
		return -1;
	}
	if (ready != BRIDGE_TIMEOUT) {
		return transfer_once(stream, buf, count, reading);
	}
	if (!reading && !(stream->flags & PHP_STREAM_FLAG_SUPPRESS_ERRORS)) {
		php_error_docref(NULL, E_NOTICE, "Send of " ZEND_LONG_FMT " bytes failed with errno=%d %s",
			(zend_long)count, EAGAIN, strerror(EAGAIN));
	}
	return -1;
}

static ssize_t transfer(php_stream *stream, char *buf, size_t count, bool reading)
{
	php_netstream_data_t *theirs = stream->abstract;

	if (!theirs->is_blocked || theirs->socket < 0 || (reading && bridge_has_read(stream))) {
		return transfer_once(stream, buf, count, reading);
	}
	if (!bridge_openssl_active(stream)) {
		return reading && !bridge_may_wait(stream, &theirs->timeout)
			? transfer_once(stream, buf, count, reading) : transfer_plain(stream, buf, count, reading);
	}
	return php_set_sock_blocking(theirs->socket, 0) == SUCCESS
		? transfer_encrypted(stream, buf, count, reading) : transfer_once(stream, buf, count, reading);
}

static ssize_t secured_read(php_stream *stream, char *buf, size_t count)
{
	ssize_t n = transfer(stream, buf, count, true);
	struct bridge_openssl *tls = n > 0 ? bridge_openssl_of(stream) : NULL; /* where it failed a handler may have closed it */

	if (tls) {
		bridge_count_received(&tls->meter, n);
	}
	return n;
}

static ssize_t secured_write(php_stream *stream, const char *buf, size_t count)
{
	ssize_t n = transfer(stream, (char *)buf, count, false);
	struct bridge_openssl *tls = n > 0 ? bridge_openssl_of(stream) : NULL;

	if (tls) {
		bridge_count_sent(&tls->meter, n);
	}
	return n;
}

/* ---- the rest of the operations ------------------------------------------------------------- */

/* Only Go knows the names of a socket whose descriptor stands in for it. */
static void name_virtual(struct bridge_openssl *tls, php_stream_xport_param *param)
{
	struct bridge_reply_target target = { .persistent = false };
	smart_str args = { 0 };
	zval value;

	ZVAL_LONG(&value, (zend_long)tls->meter.handle);
	wire_put_value(&args, &value);
	ZVAL_BOOL(&value, param->op == STREAM_XPORT_OP_GET_PEER_NAME);
	wire_put_value(&args, &value);
	ZVAL_FALSE(&value);
	bridge_call_row("transport_name", &args, 2, &target, &value);
	smart_str_free(&args);
	param->outputs.returncode = Z_TYPE(value) == IS_STRING && param->want_textaddr ? 0 : -1;
	if (param->outputs.returncode == 0) {
		param->outputs.textaddr = zend_string_copy(Z_STR(value));
	}
	zval_ptr_dtor(&value);
}

/* Whether the operation of the transport is ours. */
static bool transport_api(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_param *param)
{
	switch (param->op) {
	case STREAM_XPORT_OP_CONNECT:
	case STREAM_XPORT_OP_CONNECT_ASYNC:
	case STREAM_XPORT_OP_BIND:
		bridge_openssl_open(stream, tls, param);
		return true;
	case STREAM_XPORT_OP_GET_NAME:
	case STREAM_XPORT_OP_GET_PEER_NAME:
		if (tls->is_virtual && !bridge_forked()) {
			name_virtual(tls, param);
			return true;
		}
		return false;
	default:
		return false;
	}
}

static int secured_set_option(php_stream *stream, int option, int value, void *param)
{
	struct bridge_openssl *tls = bridge_openssl_of(stream);

	if (tls && option == PHP_STREAM_OPTION_CRYPTO_API) {
		bridge_openssl_crypto(stream, tls, param);
		return PHP_STREAM_OPTION_RETURN_OK;
	}
	if (tls && option == PHP_STREAM_OPTION_XPORT_API && transport_api(stream, tls, param)) {
		return PHP_STREAM_OPTION_RETURN_OK;
	}
	if (tls && option == PHP_STREAM_OPTION_CHECK_LIVENESS && value == 0
			&& !bridge_may_be_reused(stream, tls->meter.handle)) {
		return PHP_STREAM_OPTION_RETURN_ERR;
	}
	return bridge_unsecured->set_option(stream, option, value, param);
}

/* ext/openssl says goodbye to the peer, but the descriptor is ours to close. */
static int secured_close(php_stream *stream, int close_handle)
{
	struct bridge_openssl *tls = bridge_openssl_of(stream);
	php_netstream_data_t *theirs = stream->abstract;
	int fd = theirs->socket, result;

	if (close_handle && fd >= 0) {
		if (bridge_cancelled() || !bridge_state.running) {
			php_set_sock_blocking(fd, 0); /* not if the peer has to read first */
		}
		theirs->socket = -1;
	}
	result = bridge_unsecured->close(stream, close_handle);
	if (tls) {
		bridge_openssl_give_up(tls);
		zend_hash_index_del(streams, key_of(stream));
	}
	if (tls && tls->meter.handle) {
		bridge_journal_closed(&tls->meter, close_handle ? fd : -1);
	} else if (close_handle && fd >= 0) {
		bridge_close(fd);
	}
	free(tls);
	return result;
}

struct bridge_openssl *bridge_openssl_adopt(php_stream *stream)
{
	struct bridge_openssl *tls = pecalloc(1, sizeof *tls, 1);

	if (!streams) {
		streams = pemalloc(sizeof *streams, 1);
		zend_hash_init(streams, 8, NULL, NULL, 1);
	}
	if (bridge_unsecured != stream->ops) { /* the first, or the library was loaded anew */
		bridge_unsecured = stream->ops;
		secured = *bridge_unsecured;
		secured.read = secured_read;
		secured.write = secured_write;
		secured.close = secured_close;
		secured.set_option = secured_set_option;
	}
	stream->ops = &secured;
	zend_hash_index_update_ptr(streams, key_of(stream), tls);
	return tls;
}

/* ---- a tcp stream of ours becomes one of ext/openssl's --------------------------------------- */

/* As if there had never been one. */
static void forget_twin(php_stream *twin)
{
	zend_long number = twin->res->handle;

	php_stream_free(twin, PHP_STREAM_FREE_CLOSE);
	if (EG(regular_list).nNextFreeElement == number + 1) {
		EG(regular_list).nNextFreeElement = number;
	}
}

bool bridge_openssl_upgrade(php_stream *stream, struct bridge_socket *socket)
{
	php_stream_transport_factory factory = bridge_transport_original(BRIDGE_TCP);
	const char *target = socket->target ? ZSTR_VAL(socket->target) : NULL;
	struct timeval limit = { 0 };
	const php_stream_ops *ours = stream->ops;
	php_netstream_data_t *theirs;
	struct bridge_openssl *tls;
	php_stream *twin;

	/* A persistent stream must not get insides that end with the request. */
	if (socket->server || php_stream_is_persistent(stream)
			|| !zend_hash_str_exists(php_stream_xport_get_hash(), ZEND_STRL("ssl"))) {
		return false;
	}
	twin = factory(ZEND_STRL("tcp"), target, socket->target ? ZSTR_LEN(socket->target) : 0, NULL, 0, 0, &limit,
		PHP_STREAM_CONTEXT(stream) STREAMS_CC);
	if (!twin) {
		return false;
	}
	theirs = twin->abstract;
	*theirs = socket->net;
	stream->ops = twin->ops;
	stream->abstract = theirs;
	tls = bridge_openssl_adopt(stream);
	tls->connect_ms = socket->connect_ms;
	tls->is_virtual = socket->is_virtual;
	if (socket->meter.handle) {
		bridge_journal_moved(&socket->meter, &tls->meter);
	}

	twin->ops = ours;
	twin->abstract = socket;
	socket->net.socket = -1;
	forget_twin(twin);
	return true;
}
