/*
 * The ssl options that name files: what PHP lets a script open is decided here,
 * by its working directory and open_basedir; Go opens the rest.
 */
#include "tls.h"

static zval *option_of(php_stream_context *context, const char *name)
{
	return context ? php_stream_context_get_option(context, "ssl", name) : NULL;
}

static bool is_on(php_stream_context *context, const char *name, bool absent)
{
	zval *option = option_of(context, name);

	return option ? zend_is_true(option) : absent;
}

/* Whether PHP looks at an option's text at all. */
static bool is_asked_for(php_stream_context *context, const char *name, bool server)
{
	if (strcmp(name, "cafile") == 0 || strcmp(name, "capath") == 0) {
		return is_on(context, "verify_peer", true);
	}
	if (strcmp(name, "local_pk") == 0 || strcmp(name, "passphrase") == 0) {
		return option_of(context, "local_cert") != NULL;
	}
	if (strcmp(name, "peer_name") == 0) {
		return (!server && is_on(context, "SNI_enabled", true)) || is_on(context, "verify_peer_name", !server);
	}
	return server || strcmp(name, "dh_param") != 0;
}

bool bridge_tls_texts(php_stream_context *context, bool server)
{
	static const char *const names[] = {
		"cafile", "capath", "ciphers", "alpn_protocols", "local_cert", "local_pk", "passphrase", "peer_name", "dh_param",
		"host_config",
	};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		zval *value = option_of(context, names[i]);

		if (value && is_asked_for(context, names[i], server) && !try_convert_to_string(value)) {
			return false;
		}
	}
	return true;
}

/*
 * Puts what PHP makes of a path into the array, under the path as it was written.
 * False, with PHP's warning, if the script must not have it: then it gets no
 * further.
 */
static bool add_path(zval *paths, zval *path, const char *title)
{
	char resolved[MAXPATHLEN];
	const char *error = NULL;
	zval value;

	if (!path || Z_TYPE_P(path) != IS_STRING) {
		return true;
	}
	ZVAL_FALSE(&value);
	if (Z_STRLEN_P(path) == 0) {
		ZVAL_EMPTY_STRING(&value);
	} else if (CHECK_NULL_PATH(Z_STRVAL_P(path), Z_STRLEN_P(path))) {
		error = "must not contain any null bytes";
	} else if (!expand_filepath(Z_STRVAL_P(path), resolved)) {
		error = "must be a valid file path";
	} else if (!php_check_open_basedir(resolved)) {
		ZVAL_STRING(&value, resolved);
	}
	if (error) {
		php_error_docref(NULL, E_WARNING, "Path for %s option %s", title, error);
	}
	zend_symtable_update(Z_ARRVAL_P(paths), Z_STR_P(path), &value);
	return Z_TYPE(value) == IS_STRING;
}

static bool add_own_paths(zval *paths, php_stream_context *context)
{
	zval *certificate = option_of(context, "local_cert");

	return !certificate || (add_path(paths, certificate, "local_cert in ssl stream context")
		&& add_path(paths, option_of(context, "local_pk"), "local_pk in ssl stream context"));
}

/* One of the two of an entry; PHP makes it text, but not in the table. */
static bool add_entry_path(zval *paths, zval *entry, const char *name, size_t len, const char *title)
{
	zval *path = zend_hash_str_find_deref(Z_ARRVAL_P(entry), name, len), text;
	bool ok;

	if (!path) {
		return true;
	}
	ZVAL_COPY(&text, path);
	ok = try_convert_to_string(&text) && add_path(paths, &text, title);
	zval_ptr_dtor(&text);
	return ok;
}

static bool add_entry_paths(zval *paths, zval *entry)
{
	ZVAL_DEREF(entry);
	if (Z_TYPE_P(entry) != IS_ARRAY) {
		return add_path(paths, entry, "SNI_server_certs in ssl stream context");
	}
	return add_entry_path(paths, entry, ZEND_STRL("local_cert"), "SNI_server_certs local_cert in ssl stream context")
		&& add_entry_path(paths, entry, ZEND_STRL("local_pk"), "SNI_server_certs local_pk in ssl stream context");
}

void bridge_tls_paths(php_stream_context *context, bool server, zval *paths)
{
	zval *certificates = server ? option_of(context, "SNI_server_certs") : NULL, *entry;

	array_init(paths);
	if (!add_own_paths(paths, context) || !certificates || Z_TYPE_P(certificates) != IS_ARRAY) {
		return;
	}
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(certificates), entry) {
		if (!add_entry_paths(paths, entry)) {
			return;
		}
	} ZEND_HASH_FOREACH_END();
}

/* Whether it is a file that Go can read. All else PHP opens as a stream. */
static bool is_plain_file(const char *path)
{
	zend_stat_t info;

	return VCWD_STAT(path, &info) == 0 && S_ISREG(info.st_mode) && VCWD_ACCESS(path, R_OK) == 0;
}

bool bridge_tls_cafile(php_stream_context *context, bool server, zval *content)
{
	zval *option = option_of(context, "cafile");
	const char *path = option && Z_TYPE_P(option) == IS_STRING ? Z_STRVAL_P(option)
		: zend_ini_string("openssl.cafile", sizeof "openssl.cafile" - 1, 0);
	php_stream *stream;
	zend_string *read;

	ZVAL_NULL(content);
	if (!path || (!option && !*path) || !is_on(context, "verify_peer", true) || is_plain_file(path)) {
		return true;
	}
	if (option && server) { /* PHP reads the names for clients from it before, and that is no stream */
		php_error(E_WARNING, "SSL: failed loading CA names from cafile");
		return false;
	}
	stream = php_stream_open_wrapper((char *)path, "rb", 0, NULL);
	if (!stream) {
		php_error(E_WARNING, "failed loading cafile stream: `%s'", path);
		return false;
	}
	if (stream->wrapper->is_url) {
		php_stream_close(stream);
		php_error(E_WARNING, "remote cafile streams are disabled for security purposes");
		return false;
	}
	read = php_stream_copy_to_mem(stream, PHP_STREAM_COPY_ALL, 0);
	php_stream_close(stream);
	ZVAL_STR(content, read ? read : ZSTR_EMPTY_ALLOC());
	return true;
}
