/*
 * stream_socket_enable_crypto() and what else asks for encryption: the hidden
 * rows tls_setup and tls_handshake do it, in Go; here PHP's stream gets what
 * came of it.
 */
#include "tls.h"
#include "_cgo_export.h"
#include "ext/standard/url.h"

static void put_and_free(smart_str *out, zval *value)
{
	wire_put_value(out, value);
	zval_ptr_dtor(value);
}

/* ---- setting up ------------------------------------------------------------------------ */

/* The peer's name, as long as no option says otherwise: the host of the address. */
static void put_name(smart_str *out, const zend_string *target)
{
	php_url *url = target ? php_url_parse_ex(ZSTR_VAL(target), ZSTR_LEN(target)) : NULL;
	size_t len = url && url->host ? ZSTR_LEN(url->host) : 0;
	zval name;

	while (len && ZSTR_VAL(url->host)[len - 1] == '.') {
		len--;
	}
	ZVAL_NULL(&name);
	if (len) {
		ZVAL_STRINGL(&name, ZSTR_VAL(url->host), len);
	}
	put_and_free(out, &name);
	if (url) {
		php_url_free(url);
	}
}

static void put_ini(smart_str *out, const char *name)
{
	const char *text = zend_ini_string(name, strlen(name), 0);

	wire_put_string(out, text ? text : "", text ? strlen(text) : 0);
}

/* The session whose knowledge the new one may use; 0: none. */
static zend_long session_of(php_stream *stream, php_stream *self)
{
	struct bridge_socket *socket;

	if (!stream || stream == self) {
		return 0;
	}
	socket = bridge_socket_of(stream);
	if (!socket || bridge_transport_of(stream) != BRIDGE_TCP) {
		php_error_docref(NULL, E_WARNING, "Supplied session stream must be an SSL enabled stream");
		return 0;
	}
	if (!socket->tls || !socket->tls->session) {
		php_error_docref(NULL, E_WARNING, "Supplied SSL session stream is not initialized");
		return 0;
	}
	return (zend_long)socket->tls->session;
}

static int set_up(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param)
{
	php_stream_context *context = PHP_STREAM_CONTEXT(stream);
	struct bridge_reply_target target = { .context = context };
	bool server = !(param->inputs.method & BRIDGE_TLS_CLIENT);
	zval paths, cafile, result;
	smart_str args = { 0 };

	if (socket->tls && (socket->tls->session || socket->net.is_blocked)) {
		if (!socket->net.is_blocked) {
			return SUCCESS;
		}
		php_error_docref(NULL, E_WARNING, "SSL/TLS already set-up for this stream");
		return FAILURE;
	}
	if (!bridge_tls_texts(context, server) || !bridge_tls_cafile(context, server, &cafile)) {
		return FAILURE;
	}
	wire_put_long(&args, (zend_long)socket->meter.handle);
	wire_put_long(&args, socket->net.socket);
	wire_put_long(&args, param->inputs.method);
	wire_put_bool(&args, php_stream_is_persistent(stream));
	if (socket->target) {
		ZVAL_STR_COPY(&result, socket->target);
	} else {
		ZVAL_NULL(&result);
	}
	put_and_free(&args, &result);
	put_name(&args, socket->target);
	bridge_tls_paths(context, server, &paths);
	put_and_free(&args, &paths);
	put_and_free(&args, &cafile);
	put_ini(&args, "openssl.cafile");
	put_ini(&args, "openssl.capath");
	wire_put_long(&args, session_of(param->inputs.session, stream));
	ZVAL_FALSE(&result);
	bridge_call_row("tls_setup", &args, 11, &target, &result);
	smart_str_free(&args);
	if (Z_TYPE(result) != IS_LONG) {
		zval_ptr_dtor(&result);
		return FAILURE;
	}
	if (socket->tls && socket->tls->session) { /* by an error handler, or what made an option text */
		bridgeGoTLSClose((uint64_t)Z_LVAL(result));
		php_error_docref(NULL, E_WARNING, "SSL/TLS already set-up for this stream");
		return FAILURE;
	}
	if (socket->tls) {
		bridge_tls_release(socket);
	}
	socket->tls = calloc(1, sizeof *socket->tls);
	socket->tls->session = (uint64_t)Z_LVAL(result);
	socket->tls->client = (param->inputs.method & BRIDGE_TLS_CLIENT) != 0;
	return SUCCESS;
}

/* ---- the handshake ------------------------------------------------------------------------ */

/* As the row returns it. */
enum { RESULT, TIMED_OUT, CRYPTO, PEER_CERTIFICATE, PEER_CHAIN, LEFTOVER, READABLE, ELEMENTS };
enum { TIMED_OUT_OF_PHP = 1, TIMED_OUT_OF_HOST };

/* A certificate as ext/openssl has it; the text where there is no ext/openssl. */
static void make_certificate(zval *text, zval *certificate)
{
	zval function;

	ZVAL_COPY(certificate, text);
	if (Z_TYPE_P(text) != IS_STRING || !zend_hash_str_exists(EG(function_table), ZEND_STRL("openssl_x509_read"))) {
		return;
	}
	ZVAL_STRING(&function, "openssl_x509_read");
	zval_ptr_dtor(certificate);
	if (call_user_function(NULL, NULL, &function, certificate, 1, text) != SUCCESS) {
		ZVAL_NULL(certificate);
	}
	zval_ptr_dtor(&function);
}

static void capture(php_stream_context *context, zval *certificate, zval *chain)
{
	zval made, list, *text;

	if (Z_TYPE_P(certificate) == IS_STRING) {
		make_certificate(certificate, &made);
		php_stream_context_set_option(context, "ssl", "peer_certificate", &made);
		zval_ptr_dtor(&made);
	}
	if (Z_TYPE_P(chain) == IS_FALSE) { /* nobody asked */
		return;
	}
	ZVAL_NULL(&list);
	if (Z_TYPE_P(chain) == IS_ARRAY) {
		array_init(&list);
		ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(chain), text) {
			make_certificate(text, &made);
			add_next_index_zval(&list, &made);
		} ZEND_HASH_FOREACH_END();
	}
	php_stream_context_set_option(context, "ssl", "peer_certificate_chain", &list);
	zval_ptr_dtor(&list);
}

/* What Go has received and is no TLS is PHP's to read. */
static void give_back(php_stream *stream, const char *data, size_t len)
{
	if (len == 0) {
		return;
	}
	if (stream->readbuflen - (size_t)stream->writepos < len) {
		stream->readbuflen = (size_t)stream->writepos + len;
		stream->readbuf = perealloc(stream->readbuf, stream->readbuflen, stream->is_persistent);
	}
	memcpy(stream->readbuf + stream->writepos, data, len);
	stream->writepos += (zend_off_t)len;
}

static void keep_crypto(struct bridge_tls *tls, zval *crypto)
{
	smart_str wire = { 0 };

	wire_put_value(&wire, crypto);
	tls->crypto_len = ZSTR_LEN(wire.s);
	tls->crypto = malloc(tls->crypto_len);
	memcpy(tls->crypto, ZSTR_VAL(wire.s), tls->crypto_len);
	smart_str_free(&wire);
}

static void over(struct bridge_socket *socket, bool ok)
{
	if (socket->meter.handle) {
		bridge_journal_handshake(socket->meter.handle, ok, bridge_now_us() - socket->tls->begun_us);
	}
	socket->tls->begun_us = 0;
}

static zval *element(zval *result, zend_ulong i)
{
	static zval none;
	zval *value = zend_hash_index_find(Z_ARRVAL_P(result), i);

	ZVAL_NULL(&none);
	return value ? value : &none;
}

static int conclude(php_stream *stream, struct bridge_socket *socket, zval *result)
{
	struct bridge_tls *tls = socket->tls;
	zval *outcome = element(result, RESULT), *leftover = element(result, LEFTOVER);
	zend_long timed_out = Z_LVAL_P(element(result, TIMED_OUT));

	if (Z_TYPE_P(outcome) == IS_LONG) {
		return 0; /* it goes on */
	}
	if (timed_out == TIMED_OUT_OF_HOST && socket->meter.handle) {
		bridge_journal_limit(socket->meter.handle, ETIMEDOUT);
	}
	over(socket, Z_TYPE_P(outcome) == IS_TRUE);
	if (timed_out && BRIDGE_TIMEOUT_LEAVES_NON_BLOCKING) {
		php_set_sock_blocking(socket->net.socket, 0);
		socket->net.is_blocked = 0;
		socket->nonblocking = true;
	}
	if (PHP_STREAM_CONTEXT(stream)) {
		capture(PHP_STREAM_CONTEXT(stream), element(result, PEER_CERTIFICATE), element(result, PEER_CHAIN));
	}
	if (Z_TYPE_P(leftover) == IS_STRING) {
		give_back(stream, Z_STRVAL_P(leftover), Z_STRLEN_P(leftover));
	}
	if (Z_TYPE_P(outcome) != IS_TRUE) {
		return -1;
	}
	keep_crypto(tls, element(result, CRYPTO));
	tls->readable = (uint8_t)Z_LVAL_P(element(result, READABLE));
	tls->active = true;
	stream->ops = &bridge_tls_operations;
	return 1;
}

static int shake_hands(php_stream *stream, struct bridge_socket *socket)
{
	struct bridge_tls *tls = socket->tls;
	struct bridge_reply_target target = { .context = PHP_STREAM_CONTEXT(stream) };
	smart_str args = { 0 };
	int returncode = -1;
	zval result;

	if (!tls || !tls->session) {
		return -1;
	}
	if (!tls->begun_us) {
		tls->begun_us = bridge_now_us();
	}
	wire_put_long(&args, (zend_long)tls->session);
	wire_put_bool(&args, socket->net.is_blocked);
	wire_put_long(&args, tls->client ? socket->connect_ms : bridge_tls_limit_ms(&socket->net.timeout));
	wire_put_long(&args, bridge_state.limits.handshake_ms);
	ZVAL_FALSE(&result);
	bridge_call_row("tls_handshake", &args, 4, &target, &result);
	smart_str_free(&args);
	if (Z_TYPE(result) == IS_ARRAY) {
		returncode = conclude(stream, socket, &result);
	}
	zval_ptr_dtor(&result);
	return returncode;
}

/* ---- what PHP asks ---------------------------------------------------------------------------- */

static void switch_off(php_stream *stream, struct bridge_socket *socket)
{
	struct bridge_tls *tls = socket->tls;
	struct bridge_bytes leftover = { 0 };

	bridge_tls_goodbye(socket);
	bridgeGoTLSLeftover(tls->session, &leftover);
	bridgeGoTLSClose(tls->session);
	give_back(stream, leftover.data, leftover.len);
	free(leftover.data);
	free(tls->crypto);
	*tls = (struct bridge_tls){ .session = 0 };
	stream->ops = bridge_tcp_operations;
}

static int answer(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param)
{
	bool active = socket->tls && socket->tls->active;

	if (param->op == STREAM_XPORT_CRYPTO_OP_SETUP) {
		return set_up(stream, socket, param);
	}
	if (param->inputs.activate && !active) {
		return shake_hands(stream, socket);
	}
	if (!param->inputs.activate && active && !socket->tls->relayed && !bridge_forked()) {
		switch_off(stream, socket);
	}
	return -1; /* PHP says so when encryption was switched off, too */
}

void bridge_tls_crypto(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param)
{
	BRIDGE_KEEPING_OPEN(stream, param->outputs.returncode = answer(stream, socket, param));
}
