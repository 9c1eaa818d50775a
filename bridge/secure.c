/*
 * The transports ssl://, tls:// and tlsv1.N://. A client is ext/openssl's stream
 * from the start, of which only the socket is made by Go, so that context
 * options, names, sessions and messages are PHP's. A server is a tcp stream of
 * ours: there is no TLS on a listener, only on what it accepts.
 */
#include "crypto.h"
#include "ext/standard/streamsfuncs.h"

#define BY_CONTEXT STREAM_CRYPTO_METHOD_TLS_ANY_CLIENT /* unless the context says otherwise */

static const struct { const char *name; int method; } transports[] = {
	{ "ssl", BY_CONTEXT },
	{ "sslv3", STREAM_CRYPTO_METHOD_SSLv3_CLIENT },
	{ "tls", BY_CONTEXT },
	{ "tlsv1.0", STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT },
	{ "tlsv1.1", STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT },
	{ "tlsv1.2", STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT },
	{ "tlsv1.3", STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT },
};
#define COUNT (sizeof transports / sizeof *transports)

static php_stream_transport_factory originals[COUNT];

static int method_of(size_t i, php_stream_context *context)
{
	zval *chosen = NULL;

	if (transports[i].method == BY_CONTEXT && context) {
		chosen = php_stream_context_get_option(context, "ssl", "crypto_method");
	}
	return chosen ? (int)zval_get_long(chosen) | BRIDGE_TLS_CLIENT : transports[i].method;
}

/* ---- clients ------------------------------------------------------------------------- */

static bool enable(php_stream *stream, int method)
{
	if (php_stream_xport_crypto_setup(stream, method, NULL) < 0 || php_stream_xport_crypto_enable(stream, 1) < 0) {
		php_error_docref(NULL, E_WARNING, "Failed to enable crypto");
		return false;
	}
	return true;
}

void bridge_tls_open(php_stream *stream, struct bridge_tls *tls, php_stream_xport_param *param)
{
	struct bridge_socket opened = { .net.socket = -1 };

	param->outputs.returncode = -1;
	bridge_transport_open(stream, BRIDGE_TCP, &opened, param);
	if (opened.target) {
		zend_string_release(opened.target); /* ext/openssl has the name already */
	}
	if (!opened.meter.handle) {
		return;
	}
	((php_netstream_data_t *)stream->abstract)->socket = opened.net.socket;
	bridge_journal_moved(&opened.meter, &tls->meter);
	tls->is_virtual = opened.is_virtual;
	if (tls->method && param->op != STREAM_XPORT_OP_BIND && !enable(stream, tls->method)) {
		param->outputs.returncode = -1;
		if (param->op == STREAM_XPORT_OP_CONNECT_ASYNC) {
			param->outputs.error_code = EINPROGRESS; /* the last that PHP's own connect said */
		}
	}
}

/* ---- servers ---------------------------------------------------------------------------- */

void bridge_secure_server(php_stream *stream, const char *address)
{
	struct bridge_socket *socket = bridge_socket_of(stream);
	size_t i, len;

	for (i = 0; i < COUNT; i++) {
		len = strlen(transports[i].name);
		if (strncmp(address, transports[i].name, len) == 0 && strncmp(address + len, "://", 3) == 0) {
			socket->crypto_method = method_of(i, PHP_STREAM_CONTEXT(stream));
		}
	}
}

bool bridge_secure_accepted(php_stream *listener, php_stream *client)
{
	struct bridge_socket *socket = bridge_socket_of(listener);

	return !socket || !socket->crypto_method || enable(client, socket->crypto_method & ~BRIDGE_TLS_CLIENT);
}

/* ---- the registry ----------------------------------------------------------------------- */

static php_stream *open_secure(const char *name, size_t name_len, const char *target, size_t target_len,
	const char *persistent_id, int options, int flags, struct timeval *timeout, php_stream_context *context STREAMS_DC)
{
	struct bridge_tls *tls;
	php_stream *stream;
	size_t i = 0;

	while (strlen(transports[i].name) != name_len || memcmp(transports[i].name, name, name_len) != 0) {
		i++;
	}
	if ((flags & STREAM_XPORT_SERVER) && (!bridge_forked() || bridge_state.guarded)) {
		stream = bridge_socket_open(BRIDGE_TCP, persistent_id);
		((struct bridge_socket *)stream->abstract)->crypto_method = method_of(i, context);
		return stream;
	}
	stream = originals[i](name, name_len, target, target_len, persistent_id, options, flags, timeout, context
		STREAMS_REL_CC);
	if (stream && (!bridge_forked() || bridge_state.guarded)) { /* else no Go is here to open anything */
		tls = bridge_tls_adopt(stream);
		tls->method = method_of(i, context);
		tls->connect_ms = bridge_tls_limit_ms(timeout);
	}
	return stream;
}

void bridge_secure_register(void)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		originals[i] = zend_hash_str_find_ptr(php_stream_xport_get_hash(), transports[i].name, strlen(transports[i].name));
		if (originals[i]) {
			php_stream_xport_register(transports[i].name, open_secure);
		}
	}
}

void bridge_secure_restore(void)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (originals[i]) {
			php_stream_xport_register(transports[i].name, originals[i]);
		}
	}
}
