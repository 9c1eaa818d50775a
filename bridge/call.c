/*
 * The handler of every row: PHP calls it, it calls Go, and once Go has
 * returned it applies what the host function asked for. Nothing that may bail
 * out (longjmp) or run PHP code happens while a Go frame is below.
 */
#include "internal.h"
#include "_cgo_export.h"

/* A stream that stands for an address, and not one accepted or of a pair, keeps its text. */
static void keep_address(zend_execute_data *execute_data, const zval *made)
{
	const zval *address = ZEND_CALL_ARG(execute_data, 1);
	php_stream *stream = bridge_stream_of(made);
	struct bridge_socket *socket = stream ? bridge_socket_of(stream) : NULL;

	if (!socket || Z_TYPE_P(address) != IS_STRING) {
		return;
	}
	if (!socket->target) {
		bridge_secure_server(stream, Z_STRVAL_P(address));
	}
	if (!stream->orig_path) {
		bridge_keep_address(stream, Z_STRVAL_P(address));
	}
}

/* A client keeps the time limit of its connect for a handshake. */
static void keep_limit(zend_execute_data *execute_data, const zval *made)
{
	php_stream *stream = bridge_stream_of(made);
	struct bridge_socket *socket = stream ? bridge_socket_of(stream) : NULL;
	double seconds = -1;

	if (!socket || !socket->target) {
		return;
	}
	if (ZEND_CALL_NUM_ARGS(execute_data) >= 4) {
		zval *limit = ZEND_CALL_ARG(execute_data, 4);

		seconds = Z_TYPE_P(limit) > IS_NULL ? zval_get_double(limit) : -1;
	}
	if (seconds < 0) {
		seconds = (double)FG(default_socket_timeout);
	}
	socket->connect_ms = seconds > 0 && seconds < INT_MAX ? (int64_t)(seconds * 1000) : -1;
}

/*
 * The stream context of this call: the one that was passed, else the default
 * one unless $flags say otherwise. Created here, because Go must not.
 */
static bool fetch_context(const struct bridge_row *row, zend_execute_data *execute_data, php_stream_context **context)
{
	zval *value = NULL;
	zend_long flags = 0;

	if (row->flags_param >= 0 && ZEND_CALL_NUM_ARGS(execute_data) > (uint32_t)row->flags_param) {
		zval *argument = ZEND_CALL_ARG(execute_data, row->flags_param + 1);
		flags = Z_TYPE_P(argument) == IS_LONG ? Z_LVAL_P(argument) : 0;
	}
	if (ZEND_CALL_NUM_ARGS(execute_data) > (uint32_t)row->context_param) {
		value = ZEND_CALL_ARG(execute_data, row->context_param + 1);
		ZVAL_DEREF(value);
		if (Z_TYPE_P(value) == IS_NULL || Z_TYPE_P(value) == IS_UNDEF) {
			value = NULL;
		} else if (Z_TYPE_P(value) != IS_RESOURCE) {
			zend_wrong_parameter_type_error(row->context_param + 1, Z_EXPECTED_RESOURCE_OR_NULL, value);
			return false;
		}
	}
	/* A resource that is no context throws, and yet the call goes on to its end, as PHP's does. */
	*context = php_stream_context_from_zval(value, flags & PHP_FILE_NO_DEFAULT_CONTEXT);
	return true;
}

/* What the script's error handlers may have closed by the time of the second use. */
static php_stream *first_stream(zend_execute_data *execute_data)
{
	return bridge_stream_of(ZEND_CALL_ARG(execute_data, 1));
}

/* The variable for the peer's name. */
static zval *peer_of(zend_execute_data *execute_data)
{
	zval *peer = ZEND_CALL_NUM_ARGS(execute_data) >= 3 ? ZEND_CALL_ARG(execute_data, 3) : NULL;

	return peer && Z_ISREF_P(peer) ? peer : NULL;
}

/*
 * What Go has accepted: PHP's limits, and crypto where the server wants it. If
 * that fails nobody was accepted, and the peer's name is what it was before.
 */
static void take_client(zend_execute_data *execute_data, zval *return_value, zval *old_peer)
{
	php_stream *listener = first_stream(execute_data), *client = bridge_stream_of(return_value);
	zval *peer = peer_of(execute_data);

	bridge_socket_inherit(listener, client);
	if (listener && client && !bridge_secure_accepted(listener, client)) {
		zval_ptr_dtor(return_value);
		RETVAL_FALSE;
		if (peer) {
			Z_TRY_ADDREF_P(old_peer);
			ZEND_TRY_ASSIGN_REF_TMP(peer, old_peer);
		}
		php_error_docref(NULL, E_WARNING, "Accept failed: " BRIDGE_CRYPTO_FAILED);
	}
}

/* Whether the call is a server's that waits for the next client. */
static bool is_for_client(const struct bridge_row *row, zend_execute_data *execute_data)
{
	php_stream *stream;
	struct bridge_socket *socket;

	if ((row->direct != BRIDGE_DIRECT_ACCEPT && row->direct != BRIDGE_DIRECT_RECV_FROM)
			|| ZEND_CALL_NUM_ARGS(execute_data) == 0) {
		return false;
	}
	stream = first_stream(execute_data);
	socket = stream ? bridge_socket_of(stream) : NULL;
	return socket && socket->server;
}

/*
 * Runs the Go function, waiting as often as it asks, and applies its answer.
 * False: PHP's own function is to answer.
 */
static bool perform(struct bridge_call *call, const smart_str *args, const struct bridge_reply_target *to, zval *result)
{
	smart_str options = { 0 };

	if (to->context) {
		wire_put_options(&options, &to->context->options);
		call->context = ZSTR_VAL(options.s);
		call->context_len = ZSTR_LEN(options.s);
		call->context_default = to->context == FG(default_context);
	}
	call->args = args->s ? ZSTR_VAL(args->s) : NULL;
	call->args_len = args->s ? ZSTR_LEN(args->s) : 0;
	call->default_timeout = FG(default_socket_timeout);

	bridgeGoCall(call);
	while (call->outcome == BRIDGE_AWAIT) {
		enum bridge_ready ready = (to->for_client ? bridge_wait_for_client : bridge_wait)(
			call->fd, call->events, call->timeout_ms);
		bridgeGoResume(call, (int)ready);
	}
	smart_str_free(&options);
	if (bridge_cancelled()) { /* the run ends: nobody is to see the answer */
		free(call->reply.data);
		bridge_unwind();
		return true;
	}
	if (call->outcome == BRIDGE_DONE) {
		bridge_apply_reply(&call->reply, to, result);
	}
	return call->outcome == BRIDGE_DONE;
}

void bridge_call_row(const char *name, const smart_str *args, uint32_t num_args,
	const struct bridge_reply_target *to, zval *result)
{
	struct bridge_call call = { .row = bridge_hidden_row(name), .num_args = num_args };

	perform(&call, args, to, result);
}

ZEND_NAMED_FUNCTION(bridge_call_host)
{
	const struct bridge_function *function = bridge_function_of(execute_data);
	const struct bridge_row *row = function->row;
	struct bridge_call call = { .row = function->index, .num_args = ZEND_CALL_NUM_ARGS(execute_data) };
	struct bridge_reply_target target = { .execute_data = execute_data };
	smart_str args = { 0 };
	zval old_peer; /* see take_client() */
	bool answered;

	if (row->direct && bridge_direct(function, execute_data, return_value, &call.errno_value)) {
		return;
	}
	if (bridge_forked()) {
		/* A child of pcntl_fork() has no Go. PHP's own function does what it can. */
		if (function->original) {
			function->original(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		} else {
			zend_throw_error(NULL, "%s() needs the host program, which a child of pcntl_fork() does not have", row->name);
		}
		return;
	}
	if (!bridge_encode_arguments(row, execute_data, &args)
			|| (row->context_param >= 0 && !fetch_context(row, execute_data, &target.context))) {
		smart_str_free(&args);
		return;
	}
	ZVAL_UNDEF(&old_peer);
	if (row->direct == BRIDGE_DIRECT_ACCEPT) {
		php_stream *listener = first_stream(execute_data);
		target.context = listener ? PHP_STREAM_CONTEXT(listener) : NULL; /* the accepted stream shares it */
		if (peer_of(execute_data)) {
			ZVAL_COPY(&old_peer, Z_REFVAL_P(peer_of(execute_data)));
		}
	}
	target.for_client = is_for_client(row, execute_data);
	answered = perform(&call, &args, &target, return_value);
	smart_str_free(&args);
	if (answered && row->direct == BRIDGE_DIRECT_ACCEPT) {
		take_client(execute_data, return_value, &old_peer);
	}
	zval_ptr_dtor(&old_peer);
	if (!answered) {
		function->original(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		return;
	}
	if (row->replaces && row->context_param >= 0) {
		keep_address(execute_data, return_value);
		keep_limit(execute_data, return_value);
	}
}
