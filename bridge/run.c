/*
 * One run: request start-up, the script, request shutdown. Whatever the script
 * does (exit, a fatal error, running out of memory) ends here and leaves the
 * engine ready for the next one.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "internal.h"
#include "zend_ini.h"

/* ---- environment -------------------------------------------------------------- */

struct saved_variable {
	const char *name;
	char *value; /* NULL: it was not set */
};

static struct saved_variable *set_environment(char **env)
{
	struct saved_variable *saved;
	size_t n = 0, i;

	while (env && env[n]) {
		n += 2;
	}
	saved = calloc(n / 2 + 1, sizeof *saved);
	for (i = 0; i < n; i += 2) {
		const char *old = getenv(env[i]);
		saved[i / 2] = (struct saved_variable){ env[i], old ? strdup(old) : NULL };
		setenv(env[i], env[i + 1], 1);
	}
	return saved;
}

static void restore_environment(struct saved_variable *saved)
{
	struct saved_variable *variable;

	for (variable = saved; variable->name; variable++) {
		if (variable->value) {
			setenv(variable->name, variable->value, 1);
			free(variable->value);
		} else {
			unsetenv(variable->name);
		}
	}
	free(saved);
}

/*
 * Children that a script started and did not wait for. They are this thread's,
 * so that those of the host stay the host's; what still runs is for later.
 */
static void reap_children(void)
{
	while (waitpid(-1, NULL, WNOHANG | __WNOTHREAD) > 0) {
	}
}

/* ---- request start-up ------------------------------------------------------------ */

static void set_ini(char **ini)
{
	for (; ini && ini[0]; ini += 2) {
		zend_string *name = zend_string_init(ini[0], strlen(ini[0]), 0);

		zend_alter_ini_entry_chars(name, ini[1], strlen(ini[1]), PHP_INI_SYSTEM, PHP_INI_STAGE_ACTIVATE);
		zend_string_release(name);
	}
}

static void bind_variables(const struct bridge_bytes *vars)
{
	struct wire_reader r = { .p = vars->data, .end = vars->data + vars->len, .ok = true };
	zval array, *value;
	zend_string *name;

	if (!vars->len) {
		return;
	}
	wire_value(&r, &array);
	if (Z_TYPE(array) == IS_ARRAY) {
		ZEND_HASH_FOREACH_STR_KEY_VAL(Z_ARRVAL(array), name, value) {
			if (name) {
				Z_TRY_ADDREF_P(value);
				zend_hash_update(&EG(symbol_table), name, value);
			}
		} ZEND_HASH_FOREACH_END();
	}
	zval_ptr_dtor(&array);
}

static bool start_request(const struct bridge_request *request)
{
	zend_long limit = INI_INT("max_execution_time"); /* EG's copy was cleared by the last run */
	bool started;

	SG(request_info).argc = request->argc;
	SG(request_info).argv = request->argv;
	SG(request_info).path_translated = request->real_path;
	SG(server_context) = (void *)&bridge_state; /* there is a request */
	SG(sapi_headers).http_response_code = 0;    /* PHP keeps the last request's */
	EG(timeout_seconds) = 0; /* no timer of PHP's own, see interrupt.c */
	PG(max_input_time) = -1; /* nor this one: there is no input to wait for */
	started = php_request_startup() == SUCCESS;
	EG(timeout_seconds) = limit;
	if (!started) {
		return false;
	}
	EG(exit_status) = 0;
	SG(options) |= SAPI_OPTION_NO_CHDIR;
	CG(skip_shebang) = 1;
	PG(during_request_startup) = 0;
	return true;
}

/* ---- the script --------------------------------------------------------------------- */

/* php -r asks no exception handler, so neither does a command line. */
static void report_exception(void)
{
	zend_exception_restore();
	if (EG(exception) && Z_TYPE(EG(user_exception_handler)) != IS_UNDEF && !bridge_state.own_process) {
		zend_user_exception_handler();
	}
	if (EG(exception)) {
		zend_exception_error(EG(exception), E_ERROR);
	}
}

static void execute_code(const struct bridge_request *request, zval *value)
{
	zend_string *code = zend_string_init(request->code, request->code_len, 0);
	zend_op_array *ops;

	/* Not zend_eval_string(), which makes an expression of the code. */
	ops = zend_compile_string(code, "Command line code", ZEND_COMPILE_POSITION_AFTER_OPEN_TAG);
	zend_string_release(code);
	if (ops) {
		EG(no_extensions) = 1;
		zend_try {
			ZVAL_UNDEF(value);
			zend_execute(ops, value);
		} zend_catch {
			destroy_op_array(ops);
			efree_size(ops, sizeof(zend_op_array));
			zend_bailout();
		} zend_end_try();
		EG(no_extensions) = 0;
		report_exception();
		zend_destroy_static_vars(ops);
		destroy_op_array(ops);
		efree_size(ops, sizeof(zend_op_array));
	} else {
		report_exception();
	}
}

/* As php_execute_script(), which in PHP 8.2 does not hand out the returned value. */
static bool run_script(zend_file_handle *script, zval *value)
{
	zend_file_handle other;
	char path[MAXPATHLEN];
	bool ok = true;

	if (script->opened_path == NULL && script->type != ZEND_HANDLE_FILENAME
			&& !zend_string_equals_literal(script->filename, "Standard input code")
			&& expand_filepath(ZSTR_VAL(script->filename), path)) {
		script->opened_path = zend_string_init(path, strlen(path), 0);
		zend_hash_add_empty_element(&EG(included_files), script->opened_path);
	}
	if (PG(auto_prepend_file) && PG(auto_prepend_file)[0]) {
		zend_stream_init_filename(&other, PG(auto_prepend_file));
		ok = zend_execute_scripts(ZEND_REQUIRE, NULL, 1, &other) == SUCCESS;
		zend_destroy_file_handle(&other);
	}
	ok = ok && zend_execute_scripts(ZEND_REQUIRE, value, 1, script) == SUCCESS;
	if (ok && PG(auto_append_file) && PG(auto_append_file)[0]) {
		zend_stream_init_filename(&other, PG(auto_append_file));
		ok = zend_execute_scripts(ZEND_REQUIRE, NULL, 1, &other) == SUCCESS;
		zend_destroy_file_handle(&other);
	}
	if (EG(exception)) { /* a file that did not compile */
		zend_exception_error(EG(exception), E_ERROR);
	}
	return ok;
}

static void execute_file(const struct bridge_request *request, zval *value)
{
	zend_file_handle script;
	FILE *file = request->from_stdin ? stdin : fopen(request->file, "rb");

	if (!file) {
		zend_throw_error(NULL, "Could not open input file: %s", request->file);
		report_exception();
		return;
	}
	zend_stream_init_fp(&script, file, request->from_stdin ? "Standard input code" : request->file);
	script.primary_script = 1;
	zend_try {
		if (!request->lint) {
			run_script(&script, value);
		} else if (php_lint_script(&script) == SUCCESS) {
			php_printf("No syntax errors detected in %s\n", request->argv[0]);
		} else {
			php_printf("Errors parsing %s\n", request->argv[0]);
			EG(exit_status) = 255;
		}
	} zend_catch {
		zend_destroy_file_handle(&script);
		zend_bailout();
	} zend_end_try();
	zend_destroy_file_handle(&script);
}

static void keep_value(zval *value, struct bridge_result *result)
{
	smart_str encoded = { 0 };

	if (Z_TYPE_P(value) != IS_UNDEF) {
		wire_put_value(&encoded, value);
		result->value = bridge_copy_bytes(ZSTR_VAL(encoded.s), ZSTR_LEN(encoded.s));
		smart_str_free(&encoded);
		zval_ptr_dtor(value);
	}
}

static void execute(const struct bridge_request *request, struct bridge_result *result)
{
	zval value;

	ZVAL_UNDEF(&value);
	zend_try {
		zend_is_auto_global(ZSTR_KNOWN(ZEND_STR_AUTOGLOBAL_SERVER));
		set_ini(request->ini);
		bind_variables(&request->vars);
		if (!request->from_stdin || BRIDGE_STDIN_SCRIPT_HAS_STREAMS) {
			bridge_register_std_streams();
		}
		zend_register_bool_constant(ZEND_STRL("PHP_CLI_PROCESS_TITLE"), true, CONST_CS, 0);
		if (request->code) {
			execute_code(request, &value);
		} else {
			execute_file(request, &value);
		}
		keep_value(&value, result);
	} zend_end_try();
}

void bridge_run(struct bridge_request *request, struct bridge_result *result)
{
	struct saved_variable *saved = set_environment(request->env);
	mode_t mask = umask(0);

	umask(mask);
	if (request->dir && chdir(request->dir) != 0) {
		/* The host checks first; a folder that vanished meanwhile fails the script's own calls. */
	}
	bridge_state.limits = request->limits;
	bridge_state.output_fd = request->output_fd;
	bridge_state.log_fd = request->log_fd;
	bridge_state.result = result;
	if (start_request(request)) {
		result->started = 1;
		if (!bridge_state.own_process) {
			bridge_reserve_std_descriptors();
		}
		bridge_state.running = true;
		bridge_interrupt_run(EG(timeout_seconds));
		execute(request, result);
		EG(timeout_seconds) = 0;
		php_request_shutdown(NULL);
		bridge_state.running = false;
		result->exit_status = EG(exit_status);
	}
	bridge_state.result = NULL;
	bridge_interrupt_end();
	bridge_watch_reset();
	bridge_signals_run_end();
	if (!bridge_state.own_process && !bridge_forked()) {
		reap_children();
	}
	SG(server_context) = NULL;
	SG(request_info).argc = 0;
	SG(request_info).argv = NULL;
	SG(request_info).path_translated = NULL;
	restore_environment(saved);
	umask(mask);
}
