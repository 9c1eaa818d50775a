/*
 * Enabling crypto on a stream: the handshake, with its time limits, which the
 * host may set, too, and how long it took, of which the host hears.
 */
#include "openssl.h"

static int call_original(php_stream *stream, php_stream_xport_crypto_param *param)
{
	errno = 0;
	bridge_unsecured->set_option(stream, PHP_STREAM_OPTION_CRYPTO_API, 0, param);
	return param->outputs.returncode;
}

/* ---- setting up ------------------------------------------------------------------------ */

/*
 * ext/openssl knows its streams by their operations, so a stream whose session is
 * to be taken over must have them meanwhile, and be one of its streams at all.
 */
static void with_session(php_stream *stream, php_stream_xport_crypto_param *param)
{
	php_stream *session = param->inputs.session;
	struct bridge_socket *socket = session ? bridge_socket_of(session) : NULL;
	const php_stream_ops *ops;

	if (socket && bridge_transport_of(session) == BRIDGE_TCP) {
		bridge_openssl_upgrade(session, socket);
	}
	if (!session || !bridge_openssl_of(session)) {
		call_original(stream, param);
		return;
	}
	ops = session->ops;
	session->ops = bridge_unsecured;
	zend_try {
		call_original(stream, param);
	} zend_catch {
		session->ops = ops;
		zend_bailout();
	} zend_end_try();
	session->ops = ops;
}

static void set_up(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_crypto_param *param)
{
	bool client = (param->inputs.method & BRIDGE_TLS_CLIENT) != 0;

	with_session(stream, param);
	if (!tls->set_up) { /* later calls change nothing */
		tls->client = client;
		tls->set_up = param->outputs.returncode == SUCCESS;
	}
}

/* ---- the handshake ------------------------------------------------------------------------ */

static void over(struct bridge_openssl *tls, bool ok)
{
	if (tls->meter.handle) {
		bridge_journal_handshake(tls->meter.handle, ok, bridge_now_us() - tls->begun_us);
	}
	tls->begun_us = 0;
}

void bridge_openssl_give_up(struct bridge_openssl *tls)
{
	if (tls->begun_us) {
		over(tls, false);
	}
}

/* When PHP's own time is over: a client has that of connecting. */
static int64_t end_of_patience(const struct bridge_openssl *tls, const struct timeval *limit)
{
	int64_t ms = tls->client ? tls->connect_ms : bridge_tls_limit_ms(limit);

	return ms > 0 ? bridge_now_us() + ms * 1000 : -1;
}

/* The host's limit counts from the first call on. */
static int64_t end_for_host(const struct bridge_openssl *tls)
{
	return bridge_state.limits.handshake_ms > 0 ? tls->begun_us + bridge_state.limits.handshake_ms * 1000 : -1;
}

/* A handler may close the stream: nobody must touch it afterwards. */
static void timed_out(struct bridge_openssl *tls, php_stream_xport_crypto_param *param, int64_t host_end)
{
	if (host_end >= 0 && bridge_now_us() >= host_end) {
		bridge_journal_limit(tls->meter.handle, ETIMEDOUT);
	}
	over(tls, false);
	param->outputs.returncode = -1;
	php_error_docref(NULL, E_WARNING, "SSL: Handshake timed out");
}

/* Whether it came to an end within its time. */
static bool shake_hands_blocking(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_crypto_param *param)
{
	php_netstream_data_t *theirs = stream->abstract;
	int64_t host_end = end_for_host(tls), end = end_of_patience(tls, &theirs->timeout);
	enum bridge_ready ready;
	int stalls = 0;

	if (end < 0 || (host_end >= 0 && host_end < end)) {
		end = host_end;
	}
	theirs->is_blocked = 0;
	do {
		if (call_original(stream, param) != 0 || errno != EAGAIN) {
			break;
		}
		ready = bridge_openssl_wait(theirs->socket, BRIDGE_OPENSSL_HANDSHAKE, end, &stalls);
		if (ready == BRIDGE_TIMEOUT) {
			if (!BRIDGE_TIMEOUT_LEAVES_NON_BLOCKING) {
				php_set_sock_blocking(theirs->socket, 1);
				theirs->is_blocked = 1;
			}
			timed_out(tls, param, host_end);
			return false;
		}
		if (ready == BRIDGE_CANCELLED) {
			param->outputs.returncode = -1;
			bridge_unwind(); /* callers say that they failed, and handlers must not hear it */
		}
	} while (ready == BRIDGE_READY || (ready == BRIDGE_INTERRUPTED && errno == EINTR));
	php_set_sock_blocking(theirs->socket, 1);
	theirs->is_blocked = 1;
	return true;
}

static void shake_hands(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_crypto_param *param)
{
	php_netstream_data_t *theirs = stream->abstract;
	int64_t host_end;

	if (!tls->begun_us) {
		tls->begun_us = bridge_now_us();
	}
	host_end = end_for_host(tls);
	if (host_end >= 0 && bridge_now_us() >= host_end) {
		timed_out(tls, param, host_end);
		return;
	}
	if (theirs->is_blocked && php_set_sock_blocking(theirs->socket, 0) == SUCCESS) {
		if (!shake_hands_blocking(stream, tls, param)) {
			return;
		}
	} else {
		call_original(stream, param);
	}
	if (param->outputs.returncode != 0) {
		over(tls, param->outputs.returncode > 0);
	}
}

void bridge_openssl_crypto(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_crypto_param *param)
{
	if (param->op == STREAM_XPORT_CRYPTO_OP_SETUP) {
		set_up(stream, tls, param);
	} else if (param->inputs.activate && !bridge_openssl_active(stream)) {
		shake_hands(stream, tls, param);
	} else {
		call_original(stream, param);
	}
}
