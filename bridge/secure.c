/*
 * The transports ssl://, tls:// and tlsv1.N://: streams of tcp of ours that
 * enable crypto as soon as they are connected, or on what they accept. TLS
 * itself is Go's (tls.c), or ext/openssl's where there is no Go, in a child of
 * pcntl_fork(), and where the host wants that (openssl.c).
 */
#include "openssl.h"
#include "tls.h"
#include "ext/standard/streamsfuncs.h"

#define BY_CONTEXT STREAM_CRYPTO_METHOD_TLS_ANY_CLIENT /* unless the context says otherwise */
#define SSLV3 STREAM_CRYPTO_METHOD_SSLv3_CLIENT        /* which only OpenSSL may have */

static const struct { const char *name; int method; } transports[] = {
	{ "ssl", BY_CONTEXT },
	{ "sslv3", SSLV3 },
	{ "tls", BY_CONTEXT },
	{ "tlsv1.0", STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT },
	{ "tlsv1.1", STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT },
	{ "tlsv1.2", STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT },
	{ "tlsv1.3", STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT },
};
#define COUNT (sizeof transports / sizeof *transports)

static php_stream_transport_factory originals[COUNT]; /* NULL: PHP does not have it */

static int method_of(size_t i, php_stream_context *context)
{
	zval *chosen = NULL;

	if (transports[i].method == BY_CONTEXT && context) {
		chosen = php_stream_context_get_option(context, "ssl", "crypto_method");
	}
	return chosen ? (int)zval_get_long(chosen) | BRIDGE_TLS_CLIENT : transports[i].method;
}

static bool by_openssl(void)
{
	return bridge_state.openssl || bridge_forked();
}

/* ---- enabling crypto ----------------------------------------------------------------- */

int bridge_crypto_api(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param)
{
	if (bridge_forked() && socket->tls && !socket->tls->active) {
		bridge_tls_release(socket); /* a handshake that the parent had begun */
	}
	if (!by_openssl() || socket->tls) {
		bridge_tls_crypto(stream, socket, param);
		return PHP_STREAM_OPTION_RETURN_OK;
	}
	/* What is not encrypted needs no insides to stay so: scripts say it to listeners. */
	if (param->op == STREAM_XPORT_CRYPTO_OP_ENABLE && !param->inputs.activate) {
		param->outputs.returncode = -1;
		return PHP_STREAM_OPTION_RETURN_OK;
	}
	if (!bridge_openssl_upgrade(stream, socket)) {
		return PHP_STREAM_OPTION_RETURN_NOTIMPL;
	}
	return stream->ops->set_option(stream, PHP_STREAM_OPTION_CRYPTO_API, 0, param);
}

static bool enable(php_stream *stream, int method)
{
	if (php_stream_xport_crypto_setup(stream, method, NULL) < 0 || php_stream_xport_crypto_enable(stream, 1) < 0) {
		php_error_docref(NULL, E_WARNING, "Failed to enable crypto");
		return false;
	}
	return true;
}

static void enable_on_connect(php_stream *stream, int method, php_stream_xport_param *param)
{
	if (!enable(stream, method)) {
		param->outputs.returncode = -1;
		if (param->op == STREAM_XPORT_OP_CONNECT_ASYNC) {
			param->outputs.error_code = EINPROGRESS; /* the last that PHP's own connect said */
		}
	}
}

void bridge_secure_connected(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param)
{
	enable_on_connect(stream, socket->crypto_method, param);
}

bool bridge_secure_accepted(php_stream *listener, php_stream *client)
{
	struct bridge_socket *socket = bridge_socket_of(listener);

	return !socket || !socket->crypto_method || enable(client, socket->crypto_method & ~BRIDGE_TLS_CLIENT);
}

void bridge_openssl_open(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_param *param)
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
	if (tls->method && param->op != STREAM_XPORT_OP_BIND) {
		enable_on_connect(stream, tls->method, param);
	}
}

/* ---- the registry ----------------------------------------------------------------------- */

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

/* There is no TLS on a listener, only on what it accepts. */
static php_stream *open_ours(size_t i, const char *persistent_id, int flags, struct timeval *timeout,
	php_stream_context *context)
{
	php_stream *stream = bridge_socket_open(BRIDGE_TCP, persistent_id);
	struct bridge_socket *socket = stream->abstract;

	socket->crypto_method = method_of(i, context);
	if (!(flags & STREAM_XPORT_SERVER)) {
		socket->connect_ms = bridge_tls_limit_ms(timeout);
	}
	return stream;
}

static php_stream *open_secure(const char *name, size_t name_len, const char *target, size_t target_len,
	const char *persistent_id, int options, int flags, struct timeval *timeout, php_stream_context *context STREAMS_DC)
{
	bool can_open = !bridge_forked() || bridge_state.guarded; /* else there is no Go to open anything */
	struct bridge_openssl *tls;
	php_stream *stream;
	size_t i = 0;

	while (strlen(transports[i].name) != name_len || memcmp(transports[i].name, name, name_len) != 0) {
		i++;
	}
	if (can_open && ((flags & STREAM_XPORT_SERVER) || (!by_openssl() && transports[i].method != SSLV3))) {
		return open_ours(i, persistent_id, flags, timeout, context);
	}
	if (!originals[i]) {
		php_error_docref(NULL, E_WARNING, "PHP has no ext/openssl, and there is no other TLS in a child of pcntl_fork()");
		return NULL;
	}
	stream = originals[i](name, name_len, target, target_len, persistent_id, options, flags, timeout, context
		STREAMS_REL_CC);
	if (stream && can_open) {
		tls = bridge_openssl_adopt(stream);
		tls->method = method_of(i, context);
		tls->connect_ms = bridge_tls_limit_ms(timeout);
	}
	return stream;
}

/* Go's TLS is there without ext/openssl, too. */
void bridge_secure_register(void)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		originals[i] = zend_hash_str_find_ptr(php_stream_xport_get_hash(), transports[i].name, strlen(transports[i].name));
		if (originals[i] || (!bridge_state.openssl && transports[i].method != SSLV3)) {
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
		} else {
			php_stream_xport_unregister(transports[i].name);
		}
	}
}
