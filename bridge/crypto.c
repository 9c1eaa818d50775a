/*
 * stream_socket_enable_crypto() on a tcp stream of ours: TLS is ext/openssl's.
 * It works on streams of its own making, so one is made, the two streams swap
 * their insides, and the descriptor that Go has made moves over. From then on
 * the stream is ext/openssl's, but for its close, which Go hears of.
 */
#include "internal.h"

static php_stream_ops secured;            /* ext/openssl's operations, with our close */
static const php_stream_ops *unsecured;   /* as they are */
static HashTable *meters;                 /* of secured streams, by stream */

static zend_ulong key_of(const php_stream *stream)
{
	return (zend_ulong)(uintptr_t)stream;
}

static int secured_close(php_stream *stream, int close_handle)
{
	struct bridge_meter *meter = zend_hash_index_find_ptr(meters, key_of(stream));
	int result = unsecured->close(stream, close_handle);

	if (meter && close_handle) {
		zend_hash_index_del(meters, key_of(stream));
		bridge_journal_closed(meter, -1);
		free(meter);
	}
	return result;
}

static void adopt_operations(const php_stream_ops *ops)
{
	unsecured = ops;
	secured = *ops;
	secured.close = secured_close;
	if (!meters) {
		meters = malloc(sizeof *meters);
		zend_hash_init(meters, 8, NULL, NULL, 1);
	}
}

bool bridge_crypto_upgrade(php_stream *stream, struct bridge_socket *socket)
{
	php_stream_transport_factory factory = bridge_transport_original(BRIDGE_TCP);
	const char *target = socket->target ? ZSTR_VAL(socket->target) : "";
	struct timeval limit = { .tv_sec = (time_t)FG(default_socket_timeout) };
	const php_stream_ops *ours = stream->ops;
	php_netstream_data_t *theirs;
	struct bridge_meter *meter;
	php_stream *twin;

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
	meter = malloc(sizeof *meter);
	bridge_journal_moved(&socket->meter, meter);
	zend_hash_index_update_ptr(meters, key_of(stream), meter);

	twin->ops = ours;
	twin->abstract = socket;
	socket->net.socket = -1;
	php_stream_free(twin, PHP_STREAM_FREE_CLOSE);
	return true;
}
