/*
 * What a host function asked for, applied once Go has returned: only now may
 * PHP code run or an error leave by longjmp.
 */
#include "internal.h"
#include "zend_interfaces.h"

/* reply.go writes it. */
enum {
	REPLY_END,
	REPLY_SET_REF,       /* u32 parameter, value */
	REPLY_ERROR,         /* u32 level, perhaps with BARE_ERROR, text */
	REPLY_THROW,         /* u32 argument or 0, text class, text message */
	REPLY_FAILED_STREAM, /* a resource number is used up */
	REPLY_NO_DEFAULT_CONTEXT,
	REPLY_CLOSE,         /* u32 parameter */
};

#define BARE_ERROR (1u << 31) /* without the function's name */

static void set_reference(const struct bridge_reply_target *to, uint32_t param, zval *value)
{
	zval *reference = NULL;

	if (to->references && param < to->num_references) {
		zval_ptr_dtor(&to->references[param]);
		ZVAL_COPY_VALUE(&to->references[param], value);
		return;
	}
	if (to->execute_data && param < ZEND_CALL_NUM_ARGS(to->execute_data)) {
		reference = ZEND_CALL_ARG(to->execute_data, param + 1);
	}
	if (!reference || !Z_ISREF_P(reference)) { /* left out by named arguments */
		zval_ptr_dtor(value);
		return;
	}
	ZEND_TRY_ASSIGN_REF_TMP(reference, value);
}

static void close_stream(const struct bridge_reply_target *to, uint32_t param)
{
	php_stream *stream = NULL;

	if (to->execute_data && param < ZEND_CALL_NUM_ARGS(to->execute_data)) {
		stream = bridge_stream_of(ZEND_CALL_ARG(to->execute_data, param + 1));
	}
	if (stream) {
		php_stream_free(stream, PHP_STREAM_FREE_KEEP_RSRC
			| (stream->is_persistent ? PHP_STREAM_FREE_CLOSE_PERSISTENT : PHP_STREAM_FREE_CLOSE));
	}
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

static void read_throw(struct wire_reader *r)
{
	size_t class_len, len;
	uint32_t argument = wire_u32(r);
	const char *class = wire_text(r, &class_len);
	const char *message = wire_text(r, &len);

	if (r->ok) {
		throw_error(class, class_len, argument, message, len);
	}
}

static void apply(struct wire_reader *r, const struct bridge_reply_target *to, zval *result)
{
	while (r->ok) {
		uint32_t number;
		const char *text;
		size_t len;
		zval value;

		switch (wire_u8(r)) {
		case REPLY_SET_REF:
			number = wire_u32(r);
			wire_value(r, &value);
			set_reference(to, number, &value);
			break;
		case REPLY_ERROR:
			number = wire_u32(r);
			text = wire_text(r, &len);
			if (r->ok && (number & BARE_ERROR)) {
				zend_error((int)(number & ~BARE_ERROR), "%.*s", (int)len, text);
			} else if (r->ok) {
				php_error_docref(NULL, (int)number, "%.*s", (int)len, text);
			}
			break;
		case REPLY_THROW:
			read_throw(r);
			return;
		case REPLY_FAILED_STREAM:
			EG(regular_list).nNextFreeElement++;
			break;
		case REPLY_NO_DEFAULT_CONTEXT:
			if (r->context && r->context == FG(default_context)) {
				r->context = NULL;
			}
			break;
		case REPLY_CLOSE:
			close_stream(to, wire_u32(r));
			break;
		case REPLY_END:
			if (r->ok) {
				wire_value(r, result);
			}
			return;
		default:
			r->ok = false;
		}
	}
}

void bridge_apply_reply(struct bridge_bytes *reply, const struct bridge_reply_target *to, zval *result)
{
	struct wire_reader r = {
		.p = reply->data, .end = reply->data + reply->len, .ok = true,
		.context = to->context, .into = to->into, .persistent = to->persistent,
	};

	zend_try {
		apply(&r, to, result);
	} zend_catch {
		free(reply->data);
		zend_bailout();
	} zend_end_try();
	free(reply->data);
	if (!r.ok && !EG(exception)) {
		zend_throw_error(NULL, "The host function's answer is malformed");
	}
}
