/*
 * Installs the function table in the engine. A new function gets an arginfo
 * made from its prototype; a row that replaces one of PHP's keeps PHP's own
 * arginfo and swaps the handler, so Reflection, named arguments and
 * strict_types stay what they were.
 */
#include "internal.h"
#include "zend_extensions.h"

static struct bridge_function *functions;
static uint32_t num_functions;
static zend_function_entry *entries;    /* of the new functions, for arginfo */
static zend_internal_arg_info **infos;  /* one a new function */
static int slot = -1;                   /* in zend_internal_function.reserved */

/* The declared type as Zend's mask; a resource has no declarable type. */
static uint32_t zend_mask(uint32_t types)
{
	static const struct { uint32_t ours, theirs; } bits[] = {
		{ BRIDGE_TYPE_NULL, MAY_BE_NULL }, { BRIDGE_TYPE_FALSE, MAY_BE_FALSE }, { BRIDGE_TYPE_TRUE, MAY_BE_TRUE },
		{ BRIDGE_TYPE_INT, MAY_BE_LONG }, { BRIDGE_TYPE_FLOAT, MAY_BE_DOUBLE }, { BRIDGE_TYPE_STRING, MAY_BE_STRING },
		{ BRIDGE_TYPE_ARRAY, MAY_BE_ARRAY }, { BRIDGE_TYPE_VOID, MAY_BE_VOID },
	};
	uint32_t mask = 0;
	size_t i;

	if (types == BRIDGE_TYPE_MIXED) {
		return MAY_BE_ANY;
	}
	if (types & BRIDGE_TYPE_RESOURCE) {
		return 0;
	}
	for (i = 0; i < sizeof bits / sizeof *bits; i++) {
		mask |= types & bits[i].ours ? bits[i].theirs : 0;
	}
	return mask;
}

static zend_internal_arg_info *make_arginfo(const struct bridge_row *row)
{
	zend_internal_arg_info *info = calloc(row->num_params + 1, sizeof *info);
	zend_internal_function_info *head = (zend_internal_function_info *)info;
	uint32_t i;

	head->required_num_args = row->required;
	head->type = (zend_type)ZEND_TYPE_INIT_MASK(zend_mask(row->return_types));
	for (i = 0; i < row->num_params; i++) {
		const struct bridge_param *param = &row->params[i];
		zend_internal_arg_info *arg = &info[i + 1];

		arg->name = param->name;
		arg->default_value = param->default_text;
		arg->type = (zend_type)ZEND_TYPE_INIT_MASK(
			zend_mask(param->types) | _ZEND_ARG_INFO_FLAGS(param->by_ref, param->variadic, 0));
	}
	return info;
}

static zend_function *find_function(const char *name)
{
	zend_string *lower = zend_string_alloc(strlen(name), 0);
	zend_function *function;

	zend_str_tolower_copy(ZSTR_VAL(lower), name, strlen(name));
	function = zend_hash_find_ptr(CG(function_table), lower);
	zend_string_efree(lower);
	return function && function->type == ZEND_INTERNAL_FUNCTION ? function : NULL;
}

zif_handler bridge_swap_handler(const char *name, zif_handler handler)
{
	zend_function *function = find_function(name);
	zif_handler old;

	if (!function) {
		return NULL;
	}
	old = function->internal_function.handler;
	function->internal_function.handler = handler;
	return old;
}

/* What differs between a row and the function it replaces, or NULL. */
static char *difference(const struct bridge_row *row, const zend_internal_function *function)
{
	uint32_t i, n = function->num_args + (function->fn_flags & ZEND_ACC_VARIADIC ? 1 : 0);
	uint32_t returns = ZEND_TYPE_FULL_MASK(function->arg_info[-1].type) & (MAY_BE_ANY | MAY_BE_VOID);

	if (row->num_params != n || row->required != function->required_num_args) {
		return bridge_format("%s: PHP's function takes %u parameters, %u of them required; the row says %u and %u",
			row->name, n, function->required_num_args, row->num_params, row->required);
	}
	for (i = 0; i < n; i++) {
		const struct bridge_param *param = &row->params[i];
		const zend_internal_arg_info *arg = &function->arg_info[i];
		uint32_t theirs = ZEND_TYPE_FULL_MASK(arg->type) & MAY_BE_ANY;

		if (strcmp(arg->name, param->name) != 0) {
			return bridge_format("%s: PHP calls parameter %u $%s, the row $%s", row->name, i + 1, arg->name, param->name);
		}
		if ((ZEND_ARG_SEND_MODE(arg) != 0) != param->by_ref || (ZEND_ARG_IS_VARIADIC(arg) != 0) != param->variadic) {
			return bridge_format("%s: parameter $%s differs from PHP's in how it is passed", row->name, param->name);
		}
		if (theirs != zend_mask(param->types)) {
			return bridge_format("%s: the type of $%s differs from PHP's", row->name, param->name);
		}
	}
	if (returns != zend_mask(row->return_types)) {
		return bridge_format("%s: the return type differs from PHP's", row->name);
	}
	return NULL;
}

static bool install_row(struct bridge_function *function, zend_function_entry *entry, char **reason)
{
	const struct bridge_row *row = function->row;
	zend_function *existing;

	if (row->hidden) {
		return true;
	}
	existing = find_function(row->name);
	if (row->replaces) {
		if (!existing) {
			*reason = bridge_format("%s: PHP has no such function to replace", row->name);
			return false;
		}
		if ((*reason = difference(row, &existing->internal_function)) != NULL) {
			return false;
		}
		function->original = existing->internal_function.handler;
		existing->internal_function.handler = bridge_call_host;
	} else {
		if (existing) {
			*reason = bridge_format("%s: PHP has a function of that name; a row that stands in for it must say so", row->name);
			return false;
		}
		infos[function->index] = make_arginfo(row);
		entry[0] = (zend_function_entry)BRIDGE_FUNCTION_ENTRY(row->name, bridge_call_host,
			infos[function->index], row->num_params);
		entry[1] = (zend_function_entry){ 0 };
		if (zend_register_functions(NULL, entry, NULL, MODULE_PERSISTENT) != SUCCESS) {
			*reason = bridge_format("%s: the engine refused the function", row->name);
			return false;
		}
		existing = find_function(row->name);
	}
	existing->internal_function.reserved[slot] = function;
	return true;
}

bool bridge_table_install(const struct bridge_config *config, char **reason)
{
	uint32_t i;

	if ((slot = zend_get_resource_handle("phpsock")) < 0) {
		*reason = bridge_format("the engine has no room for another extension's data in its functions");
		return false;
	}
	num_functions = config->num_rows;
	functions = calloc(num_functions + 1, sizeof *functions);
	entries = calloc(num_functions * 2 + 1, sizeof *entries);
	infos = calloc(num_functions + 1, sizeof *infos);
	for (i = 0; i < num_functions; i++) {
		functions[i].row = &config->rows[i];
		functions[i].index = i;
		if (!install_row(&functions[i], &entries[i * 2], reason)) {
			return false;
		}
	}
	return true;
}

/* After the engine's shutdown, which still reads arginfo. */
void bridge_table_free(void)
{
	uint32_t i;

	for (i = 0; i < num_functions; i++) {
		free(infos[i]);
	}
	free(infos);
	free(entries);
	free(functions);
	functions = NULL;
	num_functions = 0;
}

/* The names come from our own table: one that is missing is a mistake in this package. */
uint32_t bridge_hidden_row(const char *name)
{
	uint32_t i;

	for (i = 0; i < num_functions; i++) {
		if (functions[i].row->hidden && strcmp(functions[i].row->name, name) == 0) {
			return i;
		}
	}
	abort();
}

const struct bridge_function *bridge_function_of(const zend_execute_data *execute_data)
{
	return execute_data->func->internal_function.reserved[slot];
}
