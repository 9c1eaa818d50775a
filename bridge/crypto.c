/*
 * stream_socket_enable_crypto() on a tcp stream of ours: TLS is ext/openssl's.
 * It works on streams of its own making, so one is made, the two streams swap
 * their insides, and the descriptor that Go has made moves over. From then on
 * the stream is ext/openssl's, but for its close, which Go hears of.
 */
#include "internal.h"

static php_stream_ops secured;            /* ext/openssl's operations, with our close */
static const php_stream_ops *unsecured;   /* as they are */
static HashTable *handles;                /* of secured streams, by stream */

static zend_ulong key_of(const php_stream *stream)
{
	return (zend_ulong)(uintptr_t)stream;
}

static int secured_close(php_stream *stream, int close_handle)
{
	zval *handle = zend_hash_index_find(handles, key_of(stream));
	uint64_t closed = 0;
	int result;

	if (handle && close_handle) {
		closed = (uint64_t)Z_LVAL_P(handle);
		zend_hash_index_del(handles, key_of(stream));
	}
	result = unsecured->close(stream, close_handle);
	if (closed) {
		bridge_journal_closed(closed, -1);
	}
	return result;
}

static void adopt_operations(const php_stream_ops *ops)
{
	unsecured = ops;
	secured = *ops;
	secured.close = secured_close;
	if (!handles) {
		handles = malloc(sizeof *handles);
		zend_hash_init(handles, 8, NULL, NULL, 1);
	}
}

bool bridge_crypto_upgrade(php_stream *stream, struct bridge_socket *socket)
{
	php_stream_transport_factory factory = bridge_transport_original(BRIDGE_TCP);
	const char *target = socket->target ? ZSTR_VAL(socket->target) : "";
	struct timeval limit = { .tv_sec = (time_t)FG(default_socket_timeout) };
	const php_stream_ops *ours = stream->ops;
	php_netstream_data_t *theirs;
	php_stream *twin;
	zval handle;

	/* A persistent stream must not get insides that end with the request. */
	if (php_stream_is_persistent(stream) || !zend_hash_str_exists(php_stream_xport_get_hash(), ZEND_STRL("ssl"))) {
		return false;
	}
	twin = factory(ZEND_STRL("tcp"), target, socket->target ? ZSTR_LEN(socket->target) : 0, NULL, 0, 0, &limit,
		PHP_STREAM_CONTEXT(stream) STREAMS_CC);
	if (!twin) {
		return false;
	}
	adopt_operations(twin->ops);
	theirs = twin->abstract;
	*theirs = socket->net;
	stream->ops = &secured;
	stream->abstract = theirs;
	ZVAL_LONG(&handle, (zend_long)socket->handle);
	zend_hash_index_update(handles, key_of(stream), &handle);

	twin->ops = ours;
	twin->abstract = socket;
	socket->handle = 0;
	socket->net.socket = -1;
	php_stream_free(twin, PHP_STREAM_FREE_CLOSE);
	return true;
}
