/*
 * The handler of every row: PHP calls it, it calls Go, and once Go has
 * returned it applies what the host function asked for. Nothing that may bail
 * out (longjmp) or run PHP code happens while a Go frame is below.
 */
#include "internal.h"
#include "_cgo_export.h"
#include "zend_interfaces.h"

/* The reply of a finished call; encode.go writes it. */
enum {
	REPLY_END,
	REPLY_SET_REF,       /* u32 parameter, value */
	REPLY_ERROR,         /* u32 level, text */
	REPLY_THROW,         /* u32 argument or 0, text class, text message */
	REPLY_FAILED_STREAM, /* a resource number is used up */
	REPLY_NO_DEFAULT_CONTEXT,
};

static void set_reference(zend_execute_data *execute_data, uint32_t param, zval *value)
{
	zval *target;

	if (param >= ZEND_CALL_NUM_ARGS(execute_data)) {
		zval_ptr_dtor(value);
		return;
	}
	target = ZEND_CALL_ARG(execute_data, param + 1);
	if (!Z_ISREF_P(target)) { /* left out by named arguments */
		zval_ptr_dtor(value);
		return;
	}
	ZEND_TRY_ASSIGN_REF_TMP(target, value);
}

static void throw_error(const char *class, size_t class_len, uint32_t argument, const char *message, size_t len)
{
	zend_string *name = zend_string_init(class, class_len, 0);
	zend_class_entry *entry = zend_lookup_class_ex(name, NULL, ZEND_FETCH_CLASS_NO_AUTOLOAD);

	zend_string_release(name);
	if (EG(exception)) {
		return; /* an error handler threw first, as in any PHP function */
	}
	if (!entry || !instanceof_function(entry, zend_ce_throwable) ||
			(entry->ce_flags & (ZEND_ACC_INTERFACE | ZEND_ACC_EXPLICIT_ABSTRACT_CLASS))) {
		entry = zend_ce_error;
	}
	if (argument) {
		zend_argument_error(entry, argument, "%.*s", (int)len, message);
	} else {
		zend_throw_exception_ex(entry, 0, "%.*s", (int)len, message);
	}
}

static void apply_reply(struct wire_reader *r, zend_execute_data *execute_data, zval *return_value,
	php_stream_context *context)
{
	for (;;) {
		uint32_t number;
		const char *text, *class;
		size_t len, class_len;
		zval value;

		switch (wire_u8(r)) {
		case REPLY_SET_REF:
			number = wire_u32(r);
			wire_value(r, &value, context);
			set_reference(execute_data, number, &value);
			break;
		case REPLY_ERROR:
			number = wire_u32(r);
			text = wire_text(r, &len);
			php_error_docref(NULL, (int)number, "%.*s", (int)len, text ? text : "");
			break;
		case REPLY_THROW:
			number = wire_u32(r);
			class = wire_text(r, &class_len);
			text = wire_text(r, &len);
			if (r->ok) {
				throw_error(class, class_len, number, text, len);
			}
			return;
		case REPLY_FAILED_STREAM:
			EG(regular_list).nNextFreeElement++;
			break;
		case REPLY_NO_DEFAULT_CONTEXT:
			if (context && context == FG(default_context)) {
				context = NULL;
			}
			break;
		case REPLY_END:
			if (r->ok) {
				wire_value(r, return_value, context);
			}
			return;
		default:
			return;
		}
		if (!r->ok) {
			return;
		}
	}
}

static void finish(struct bridge_call *call, zend_execute_data *execute_data, zval *return_value,
	php_stream_context *context)
{
	struct wire_reader r = { call->reply.data, call->reply.data + call->reply.len, true };

	zend_try {
		apply_reply(&r, execute_data, return_value, context);
	} zend_catch {
		free(call->reply.data);
		zend_bailout();
	} zend_end_try();
	free(call->reply.data);
	if (!r.ok && !EG(exception)) {
		zend_throw_error(NULL, "%s(): the host function's answer is malformed", get_active_function_name());
	}
}

/* A stream that stands for an address, and not one accepted or of a pair, keeps its text. */
static void keep_address(zend_execute_data *execute_data, const zval *made)
{
	const zval *address = ZEND_CALL_ARG(execute_data, 1);
	php_stream *stream = bridge_stream_of(made);

	if (stream && Z_TYPE_P(address) == IS_STRING && bridge_socket_of(stream) && !stream->orig_path) {
		bridge_keep_address(stream, Z_STRVAL_P(address));
	}
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

/* Runs the Go function, waiting as often as it asks. */
static void call_go(struct bridge_call *call)
{
	bridgeGoCall(call);
	while (call->outcome == BRIDGE_AWAIT) {
		enum bridge_ready ready = bridge_wait(call->fd, call->events, call->timeout_ms);
		bridgeGoResume(call, (int)ready);
	}
}

ZEND_NAMED_FUNCTION(bridge_call_host)
{
	const struct bridge_function *function = bridge_function_of(execute_data);
	const struct bridge_row *row = function->row;
	struct bridge_call call = { .row = function->index };
	php_stream_context *context = NULL;
	smart_str args = { 0 }, options = { 0 };

	if (row->direct && bridge_direct(function, execute_data, return_value, &call.errno_value)) {
		return;
	}
	if (bridge_forked()) {
		zend_throw_error(NULL, "%s() needs the host program, which a child of pcntl_fork() does not have",
			row->name);
		return;
	}
	if (!bridge_encode_arguments(row, execute_data, &args)) {
		smart_str_free(&args);
		return;
	}
	if (row->context_param >= 0 && !fetch_context(row, execute_data, &context)) {
		smart_str_free(&args);
		return;
	}
	if (row->direct == BRIDGE_DIRECT_ACCEPT) {
		php_stream *listener = first_stream(execute_data);
		context = listener ? PHP_STREAM_CONTEXT(listener) : NULL; /* the accepted stream shares it */
	}
	if (context) {
		wire_put_value(&options, &context->options);
		call.context = ZSTR_VAL(options.s);
		call.context_len = ZSTR_LEN(options.s);
		call.context_default = context == FG(default_context);
	}
	call.num_args = ZEND_CALL_NUM_ARGS(execute_data);
	call.args = args.s ? ZSTR_VAL(args.s) : NULL;
	call.args_len = args.s ? ZSTR_LEN(args.s) : 0;
	call.default_timeout = FG(default_socket_timeout);

	call_go(&call);
	smart_str_free(&args);
	smart_str_free(&options);

	switch (call.outcome) {
	case BRIDGE_ORIGINAL:
		function->original(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		break;
	case BRIDGE_DONE:
		finish(&call, execute_data, return_value, context);
		if (row->direct == BRIDGE_DIRECT_ACCEPT) {
			bridge_socket_inherit(first_stream(execute_data), bridge_stream_of(return_value));
		}
		if (row->replaces && row->context_param >= 0) {
			keep_address(execute_data, return_value);
		}
		break;
	default:
		zend_throw_error(NULL, "%s(): the host function gave no answer", row->name);
	}
}
