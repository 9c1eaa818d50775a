/*
 * Start-up and shutdown of the one engine of this process, on the PHP thread.
 */
#include <stdarg.h>

#include "internal.h"
#include "ext/standard/info.h"
#include "zend_ini.h"
#include "zend_signal.h"

struct bridge_state bridge_state = { .output_fd = -1, .log_fd = -1 };

static const struct bridge_config *config; /* during start-up */
static char *start_failure;
static void (*php_error_callback)(int type, zend_string *file, const uint32_t line, zend_string *message);

char *bridge_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0) {
		text = NULL;
	}
	va_end(args);
	return text;
}

struct bridge_bytes bridge_copy_bytes(const char *data, size_t len)
{
	struct bridge_bytes bytes = { malloc(len + 1), len };

	if (!bytes.data) {
		return (struct bridge_bytes){ 0 };
	}
	memcpy(bytes.data, data, len);
	bytes.data[len] = '\0';
	return bytes;
}

/* Remembers the first error that ends a run; PHP prints and logs it as ever. */
static void on_error(int type, zend_string *file, const uint32_t line, zend_string *message)
{
	const int fatal = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
	struct bridge_result *result = bridge_state.result;

	if (!(type & fatal) && bridge_cancelled()) {
		return; /* a call that the cancel broke off has failed, which is nobody's concern */
	}
	if ((type & fatal) && result && !result->fatal) {
		result->fatal = 1;
		result->fatal_message = bridge_copy_bytes(ZSTR_VAL(message), ZSTR_LEN(message));
		result->fatal_line = line;
		if (file) {
			result->fatal_file = bridge_copy_bytes(ZSTR_VAL(file), ZSTR_LEN(file));
		}
	}
	php_error_callback(type, file, line, message);
}

/* ---- our module ----------------------------------------------------------------- */

/* Before disable_functions is read, so that a disabled function stays disabled. */
static PHP_MINIT_FUNCTION(phpsock)
{
	if (bridge_table_install(config, &start_failure)) {
		bridge_sockets_start();
		bridge_transports_register(config->memory);
		bridge_fd_wrapper_install();
		bridge_swap_handler("stream_select", bridge_stream_select);
		bridge_tls_install();
		bridge_spawn_install();
		bridge_sleep_install();
		bridge_signals_install();
	}
	return SUCCESS; /* PHP exits the process when a module refuses to start */
}

static PHP_MSHUTDOWN_FUNCTION(phpsock)
{
	bridge_transports_restore();
	return SUCCESS;
}

static PHP_RSHUTDOWN_FUNCTION(phpsock)
{
	bridge_capture_headers();
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(phpsock)
{
	php_info_print_table_start();
	php_info_print_table_row(2, "Socket streams", "made by the Go host");
	php_info_print_table_end();
}

static zend_module_entry module = {
	STANDARD_MODULE_HEADER,
	"phpsock",
	NULL,
	PHP_MINIT(phpsock),
	PHP_MSHUTDOWN(phpsock),
	NULL,
	PHP_RSHUTDOWN(phpsock),
	PHP_MINFO(phpsock),
	PHP_VERSION,
	STANDARD_MODULE_PROPERTIES
};

/* ---- start and stop ------------------------------------------------------------------ */

static bool same_release(void)
{
	/* A libphp of another minor release has other structures. */
	zval *version = zend_get_constant_str(ZEND_STRL("PHP_VERSION_ID"));

	return version && Z_LVAL_P(version) / 100 == PHP_VERSION_ID / 100;
}

static void prepare_module(void)
{
	zend_signal_startup();
	bridge_signals_start();
	sapi_startup(&bridge_sapi); /* clears ini_entries: everything is set after it */
	bridge_sapi.name = config->sapi;
	bridge_sapi.executable_location = config->binary;
	bridge_sapi.php_ini_ignore = config->ini_ignore;
	bridge_sapi.php_ini_path_override = config->ini_path;
	bridge_sapi.ini_entries = config->ini_entries;
}

static void shut_down(void)
{
	php_module_shutdown();
	sapi_shutdown();
	bridge_table_free();
	bridge_signals_stop();
	bridge_wait_close();
}

/* Some builds end the process when a script allocates far beyond memory_limit.
 * ini.go has moved that limit out of reach, and no script may move it back. */
static void protect_host(void)
{
	zend_ini_entry *entry = zend_hash_str_find_ptr(EG(ini_directives), ZEND_STRL("memory_hard_limit_percent"));

	if (entry && !bridge_state.own_process) {
		entry->modifiable = ZEND_INI_SYSTEM;
	}
}

bool bridge_engine_start(struct bridge_job *job)
{
	int error;

	config = job->config;
	start_failure = NULL;
	bridge_state.own_process = config->own_process;
	bridge_state.close_on_exec = config->close_on_exec;
	bridge_state.no_direct = config->no_direct;
	bridge_state.guarded = config->guarded;
	bridge_state.openssl = config->openssl;
	bridge_state.running = false;
	bridge_journal_reset(config->first_handle, config->num_handles);
	if ((error = bridge_wait_open()) != 0) {
		job->reason = bridge_format("eventfd: %s", strerror(error));
		return false;
	}
	if (config->own_process) {
		bridge_restore_file_limit();
		bridge_signals_own_process();
	}
	prepare_module();
	if (php_module_startup(&bridge_sapi, &module) != SUCCESS) {
		job->reason = bridge_format("the engine's module start-up failed");
		sapi_shutdown();
		bridge_signals_stop();
		bridge_wait_close();
		return false;
	}
	if (!start_failure && !same_release()) {
		start_failure = bridge_format("built against PHP " PHP_VERSION ", but another release is linked");
	}
	if (start_failure) {
		job->reason = start_failure;
		shut_down();
		return false;
	}
	protect_host();
	bridge_interrupt_install();
	php_error_callback = zend_error_cb;
	zend_error_cb = on_error;
	return true;
}

void bridge_engine_stop(void)
{
	zend_error_cb = php_error_callback;
	bridge_interrupt_remove();
	shut_down();
}

/* ---- what Go asks about the engine ------------------------------------------------------ */

int bridge_built_version(void) { return PHP_VERSION_ID; }
const char *bridge_version(void) { return PHP_VERSION; }

int64_t bridge_openssl_version(void)
{
	const zval *number = zend_get_constant_str(ZEND_STRL("OPENSSL_VERSION_NUMBER"));

	return number && Z_TYPE_P(number) == IS_LONG ? Z_LVAL_P(number) : 0;
}

struct bridge_bytes bridge_transports(void)
{
	smart_str names = { 0 };
	zend_string *name;
	struct bridge_bytes bytes = { 0 };

	ZEND_HASH_MAP_FOREACH_STR_KEY(php_stream_xport_get_hash(), name) {
		smart_str_appendl_ex(&names, ZSTR_VAL(name), ZSTR_LEN(name) + 1, 1);
	} ZEND_HASH_FOREACH_END();
	if (names.s) {
		bytes = bridge_copy_bytes(ZSTR_VAL(names.s), ZSTR_LEN(names.s));
		smart_str_free_ex(&names, 1);
	}
	return bytes;
}
