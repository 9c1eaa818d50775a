/*
 * Arguments of a host function: counted, coerced and refused as PHP does it
 * for its own functions, then written to the wire.
 */
#include "internal.h"
#include "zend_execute.h"

static uint32_t type_bit(const zval *value)
{
	switch (Z_TYPE_P(value)) {
	case IS_NULL:
		return BRIDGE_TYPE_NULL;
	case IS_FALSE:
		return BRIDGE_TYPE_FALSE;
	case IS_TRUE:
		return BRIDGE_TYPE_TRUE;
	case IS_LONG:
		return BRIDGE_TYPE_INT;
	case IS_DOUBLE:
		return BRIDGE_TYPE_FLOAT;
	case IS_STRING:
		return BRIDGE_TYPE_STRING;
	case IS_ARRAY:
		return BRIDGE_TYPE_ARRAY;
	case IS_RESOURCE:
		return BRIDGE_TYPE_RESOURCE;
	default:
		return 0;
	}
}

/* Coerces one scalar as zend_parse_parameters() would, in its own words. */
static bool coerce_single(zval *value, uint32_t types, uint32_t num)
{
	zend_string *string;
	zend_long integer;
	double number;
	bool truth, ok = false;

	switch (types & BRIDGE_TYPE_SCALAR) {
	case BRIDGE_TYPE_BOOL:
		if ((ok = zend_parse_arg_bool_slow(value, &truth, num))) {
			ZVAL_BOOL(value, truth);
		}
		break;
	case BRIDGE_TYPE_INT:
		if ((ok = zend_parse_arg_long_slow(value, &integer, num))) {
			zval_ptr_dtor(value);
			ZVAL_LONG(value, integer);
		}
		break;
	case BRIDGE_TYPE_FLOAT:
		if ((ok = zend_parse_arg_double_slow(value, &number, num))) {
			zval_ptr_dtor(value);
			ZVAL_DOUBLE(value, number);
		}
		break;
	case BRIDGE_TYPE_STRING:
		ok = zend_parse_arg_str_slow(value, &string, num); /* converts in place */
		break;
	}
	return ok;
}

static bool coerce_union(zval *value, uint32_t types, uint32_t num)
{
	uint32_t mask = 0;
	zval *number;

	if ((types & BRIDGE_TYPE_SCALAR) == (BRIDGE_TYPE_INT | BRIDGE_TYPE_FLOAT) && Z_TYPE_P(value) == IS_NULL) {
		return zend_parse_arg_number_slow(value, &number, num); /* 0, deprecated */
	}
	mask |= types & BRIDGE_TYPE_BOOL ? MAY_BE_BOOL : 0;
	mask |= types & BRIDGE_TYPE_INT ? MAY_BE_LONG : 0;
	mask |= types & BRIDGE_TYPE_FLOAT ? MAY_BE_DOUBLE : 0;
	mask |= types & BRIDGE_TYPE_STRING ? MAY_BE_STRING : 0;
	return zend_verify_scalar_type_hint(mask, value, ZEND_ARG_USES_STRICT_TYPES(), false);
}

static bool parse_one(zval *value, const struct bridge_param *param, uint32_t num)
{
	uint32_t types = param->types;
	uint32_t scalars = types & BRIDGE_TYPE_SCALAR;
	bool ok;

	ZVAL_DEREF(value);
	if (types == 0 || types == BRIDGE_TYPE_MIXED || (types & type_bit(value))) {
		return true;
	}
	if (!scalars || Z_TYPE_P(value) == IS_ARRAY || Z_TYPE_P(value) == IS_RESOURCE) {
		ok = false;
	} else if (scalars == BRIDGE_TYPE_BOOL || (scalars & (scalars - 1)) == 0) {
		ok = coerce_single(value, types, num);
	} else {
		ok = coerce_union(value, types, num);
	}
	if (!ok && !EG(exception)) {
		zend_argument_type_error(num, "must be of type %s, %s given", param->type_text, bridge_type_name(value));
	}
	return ok;
}

bool bridge_encode_arguments(const struct bridge_row *row, zend_execute_data *execute_data, smart_str *out)
{
	uint32_t i, n = ZEND_CALL_NUM_ARGS(execute_data);
	const struct bridge_param *last = row->num_params ? &row->params[row->num_params - 1] : NULL;
	bool variadic = last && last->variadic;

	if (n < row->required || (n > row->num_params && !variadic)) {
		if (row->num_params == 0) {
			zend_wrong_parameters_none_error();
		} else {
			zend_wrong_parameters_count_error(row->required, variadic ? (uint32_t)-1 : row->num_params);
		}
		return false;
	}
	if (ZEND_CALL_INFO(execute_data) & ZEND_CALL_HAS_EXTRA_NAMED_PARAMS) { /* taken in by a variadic one */
		zend_unexpected_extra_named_error();
		return false;
	}
	for (i = 0; i < n; i++) {
		const struct bridge_param *param = i < row->num_params ? &row->params[i] : last;
		zval *value = ZEND_CALL_ARG(execute_data, i + 1);

		if (Z_ISUNDEF_P(value)) { /* left out by named arguments */
			wire_put_absent(out);
			continue;
		}
		if ((int)i == row->context_param) {
			wire_put_absent(out); /* call.c passes its options */
			continue;
		}
		/* By reference: what comes in may be anything, the type is that of what goes out. */
		if (!param->by_ref && !parse_one(value, param, i + 1)) {
			return false;
		}
		wire_put_value(out, value);
	}
	return true;
}
