/*
 * The server API: what the engine asks of the program it runs in. Every slot
 * that PHP's own embed SAPI fills is filled; a missing one crashes PHP at the
 * first use.
 */
#include "internal.h"
#include "_cgo_export.h"
#include "ext/standard/dl_arginfo.h"
#include "php_variables.h"

ZEND_FUNCTION(dl);

/* ---- output ------------------------------------------------------------------ */

/* The rest that could not be written, after waiting for a slow reader. */
static size_t write_descriptor(int fd, const char *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, data + done, len - done);

		if (n > 0) {
			done += n;
		} else if (n < 0 && errno == EAGAIN) {
			if (bridge_wait(fd, POLLOUT, -1) == BRIDGE_CANCELLED) {
				break;
			}
		} else if (n < 0 && errno == EINTR) {
			if (bridge_cancelled()) {
				break;
			}
		} else {
			break;
		}
	}
	return done;
}

static size_t sapi_write(const char *data, size_t len)
{
	size_t done;

	if (bridge_state.output_fd >= 0 || bridge_forked()) {
		done = write_descriptor(bridge_forked() && bridge_state.output_fd < 0 ? STDOUT_FILENO : bridge_state.output_fd,
			data, len);
	} else {
		done = bridgeGoWrite((char *)data, len);
	}
	/* Go has returned by now: the abort leaves by longjmp. */
	if (done < len && !bridge_cancelled()) {
		EG(exit_status) = 255;
		php_handle_aborted_connection();
	}
	return done;
}

static void sapi_flush_output(void *context)
{
}

static void sapi_log(const char *message, int level)
{
	size_t len = strlen(message);

	if (bridge_state.log_fd >= 0 || bridge_forked()) {
		int fd = bridge_state.log_fd >= 0 ? bridge_state.log_fd : STDERR_FILENO;
		write_descriptor(fd, message, len);
		write_descriptor(fd, "\n", 1);
	} else {
		bridgeGoLog((char *)message, len);
	}
}

/* ---- headers ------------------------------------------------------------------- */

static int sapi_on_header(sapi_header_struct *header, sapi_header_op_enum op, sapi_headers_struct *headers)
{
	if (op != SAPI_HEADER_ADD && op != SAPI_HEADER_REPLACE) {
		return 0; /* there is no header then */
	}
	/* The command line keeps none, and headers_list() is empty there. */
	if (bridge_state.own_process || !bridge_state.running) {
		return 0; /* or it is PHP's own X-Powered-By, at request start-up */
	}
	if (SG(sapi_headers).send_default_content_type && strncasecmp(header->header, ZEND_STRL("content-type:")) == 0) {
		return 0; /* PHP's default, not the script's */
	}
	return SAPI_HEADER_ADD;
}

static int sapi_on_send_headers(sapi_headers_struct *headers)
{
	return SAPI_HEADER_SENT_SUCCESSFULLY;
}

static void sapi_on_send_header(sapi_header_struct *header, void *context)
{
}

void bridge_capture_headers(void)
{
	struct bridge_result *result = bridge_state.result;
	smart_str lines = { 0 };
	zend_llist_position position;
	sapi_header_struct *header;

	if (!result) {
		return;
	}
	result->http_status = SG(sapi_headers).http_response_code;
	for (header = zend_llist_get_first_ex(&SG(sapi_headers).headers, &position); header;
			header = zend_llist_get_next_ex(&SG(sapi_headers).headers, &position)) {
		smart_str_appendl(&lines, header->header, header->header_len);
		smart_str_appendc(&lines, '\0');
	}
	if (lines.s) {
		result->headers = bridge_copy_bytes(ZSTR_VAL(lines.s), ZSTR_LEN(lines.s));
	}
	smart_str_free(&lines);
}

/* ---- requests --------------------------------------------------------------------- */

static char *sapi_read_cookies(void)
{
	return NULL;
}

static size_t sapi_read_post(char *buffer, size_t n)
{
	return 0;
}

static void register_server_variable(const char *name, const char *value, zval *to)
{
	char *copy = (char *)value;
	size_t len = strlen(value);

	if (sapi_module.input_filter(PARSE_SERVER, name, &copy, len, &len)) {
		php_register_variable(name, copy, to);
	}
}

static void sapi_register_variables(zval *to)
{
	const char *self = SG(request_info).argc > 0 ? SG(request_info).argv[0] : "";
	const char *script = SG(request_info).path_translated ? self : "";

	php_import_environment_variables(to);
	register_server_variable("PHP_SELF", self, to);
	register_server_variable("SCRIPT_NAME", self, to);
	register_server_variable("SCRIPT_FILENAME", script, to);
	register_server_variable("PATH_TRANSLATED", script, to);
	register_server_variable("DOCUMENT_ROOT", "", to);
}

static int sapi_deactivate_request(void)
{
	if (bridge_state.own_process) {
		fflush(stdout);
	}
	return SUCCESS;
}

static int sapi_start(sapi_module_struct *module)
{
	return SUCCESS; /* engine.c starts the modules itself, with ours among them */
}

/* Defaults that php.ini and -d may change. */
static void sapi_defaults(HashTable *configuration)
{
	zval value;

	ZVAL_NEW_STR(&value, zend_string_init(ZEND_STRL("1"), 1));
	zend_hash_str_update(configuration, ZEND_STRL("display_errors"), &value);
}

/* ---- the functions of the command line ------------------------------------------------ */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(set_title_arginfo, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, title, IS_STRING, 0)
ZEND_END_ARG_INFO()
ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(get_title_arginfo, 0, 0, IS_STRING, 1)
ZEND_END_ARG_INFO()

static zend_string *process_title;

static ZEND_NAMED_FUNCTION(cli_set_process_title)
{
	zend_string *title;

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(title)
	ZEND_PARSE_PARAMETERS_END();
	if (process_title) {
		zend_string_release_ex(process_title, 1);
	}
	process_title = zend_string_init(ZSTR_VAL(title), ZSTR_LEN(title), 1);
	if (bridge_state.own_process) {
		bridge_set_process_title(ZSTR_VAL(title), ZSTR_LEN(title));
	}
	RETURN_TRUE;
}

static ZEND_NAMED_FUNCTION(cli_get_process_title)
{
	ZEND_PARSE_PARAMETERS_NONE();
	if (process_title) {
		RETURN_STRINGL(ZSTR_VAL(process_title), ZSTR_LEN(process_title));
	}
	RETURN_EMPTY_STRING();
}

static const zend_function_entry functions[] = {
	BRIDGE_FUNCTION_ENTRY("dl", ZEND_FN(dl), arginfo_dl, 1),
	BRIDGE_FUNCTION_ENTRY("cli_set_process_title", cli_set_process_title, set_title_arginfo, 1),
	BRIDGE_FUNCTION_ENTRY("cli_get_process_title", cli_get_process_title, get_title_arginfo, 0),
	ZEND_FE_END
};

sapi_module_struct bridge_sapi = {
	.name = "cli",
	.pretty_name = "Command Line Interface",
	.startup = sapi_start,
	.shutdown = php_module_shutdown_wrapper,
	.deactivate = sapi_deactivate_request,
	.ub_write = sapi_write,
	.flush = sapi_flush_output,
	.sapi_error = php_error,
	.header_handler = sapi_on_header,
	.send_headers = sapi_on_send_headers,
	.send_header = sapi_on_send_header,
	.read_post = sapi_read_post,
	.read_cookies = sapi_read_cookies,
	.register_server_variables = sapi_register_variables,
	.log_message = sapi_log,
	.ini_defaults = sapi_defaults,
	.phpinfo_as_text = 1,
	.php_ini_ignore_cwd = 1,
	.additional_functions = functions,
};

/* ---- standard streams ------------------------------------------------------------------- */

static php_stream *open_std(const char *url, const char *mode)
{
	return php_stream_open_wrapper_ex((char *)url, (char *)mode, 0, NULL, NULL);
}

/*
 * The first php://stdin, stdout and stderr that a process opens are the
 * process's own descriptors, later ones are copies. A script inside a host
 * gets copies, so that closing STDOUT does not close the host's.
 */
void bridge_reserve_std_descriptors(void)
{
	static bool done;
	static const char *const urls[] = { "php://stdin", "php://stdout", "php://stderr" };
	size_t i;

	if (done) {
		return;
	}
	done = true;
	for (i = 0; i < 3; i++) {
		php_stream *stream = open_std(urls[i], i == 0 ? "rb" : "wb");
		if (stream) {
			stream->flags |= PHP_STREAM_FLAG_NO_CLOSE;
			php_stream_free(stream, PHP_STREAM_FREE_CLOSE | PHP_STREAM_FREE_PRESERVE_HANDLE);
		}
	}
}

static void register_stream_constant(const char *name, const char *url, const char *mode)
{
	php_stream *stream = open_std(url, mode);
	zend_constant constant;

	if (!stream) {
		return; /* the descriptor is closed: PHP then has no such constant */
	}
	if (bridge_state.own_process) {
		stream->flags |= PHP_STREAM_FLAG_NO_RSCR_DTOR_CLOSE;
	}
	php_stream_to_zval(stream, &constant.value);
	ZEND_CONSTANT_SET_FLAGS(&constant, CONST_CS, 0);
	constant.name = zend_string_init_interned(name, strlen(name), 0);
	zend_register_constant(&constant);
}

void bridge_register_std_streams(void)
{
	register_stream_constant("STDIN", "php://stdin", "rb");
	register_stream_constant("STDOUT", "php://stdout", "wb");
	register_stream_constant("STDERR", "php://stderr", "wb");
}
