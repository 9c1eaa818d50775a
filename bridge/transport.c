/*
 * The second door: PHP's transport registry. fsockopen(), the http:// and ftp://
 * wrappers, SoapClient, mysqlnd and persistent clients open sockets by the
 * factories of tcp, udp, unix and udg; ours make the streams of socket.c and
 * let Go open the socket, as the functions of the table do.
 */
#include "internal.h"
#include "ext/standard/streamsfuncs.h"

static const char *const names[] = { "tcp", "udp", "unix", "udg", "mem" }; /* enum bridge_transport */
#define COUNT (sizeof names / sizeof *names)

static php_stream_transport_factory originals[COUNT];

/* ---- opening ------------------------------------------------------------------------- */

/*
 * Calls the hidden row that opens, and fills the socket in. The row's last two
 * parameters are code and text.
 */
static void open_socket(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param,
	const char *row, uint32_t num_args, smart_str *args)
{
	zval references[8], result;
	struct bridge_reply_target target = {
		.references = references, .num_references = num_args,
		.context = PHP_STREAM_CONTEXT(stream), .into = socket, .persistent = php_stream_is_persistent(stream),
	};
	zval *code = &references[num_args - 2], *text = &references[num_args - 1];
	uint32_t i;

	for (i = 0; i < num_args; i++) {
		ZVAL_NULL(&references[i]);
	}
	wire_put_value(args, code);
	wire_put_value(args, text);
	ZVAL_FALSE(&result);
	bridge_call_row(row, args, num_args, &target, &result);
	param->outputs.returncode = Z_TYPE(result) == IS_TRUE ? 0 : -1;
	param->outputs.error_code = (int)zval_get_long(code);
	if (Z_TYPE_P(text) == IS_STRING && Z_STRLEN_P(text) && param->want_errortext) {
		param->outputs.error_text = zend_string_copy(Z_STR_P(text));
	}
	for (i = 0; i < num_args; i++) {
		zval_ptr_dtor(&references[i]);
	}
	zval_ptr_dtor(&result);
}

/* In a child of fork() nobody can ask the policy, so it is as if it had refused. */
static void refuse(php_stream_xport_param *param)
{
	param->outputs.error_code = EACCES;
	if (param->want_errortext) {
		param->outputs.error_text = php_socket_error_str(EACCES);
	}
}

void bridge_transport_open(php_stream *stream, enum bridge_transport transport, struct bridge_socket *socket,
	php_stream_xport_param *param)
{
	smart_str args = { 0 };

	if (bridge_forked()) {
		refuse(param);
		return;
	}
	wire_put_string(&args, names[transport], strlen(names[transport]));
	wire_put_string(&args, param->inputs.name, param->inputs.namelen);
	if (param->op == STREAM_XPORT_OP_BIND) {
		open_socket(stream, socket, param, "transport_bind", 4, &args);
	} else {
		wire_put_long(&args, bridge_timeval_ms(param->inputs.timeout));
		wire_put_bool(&args, param->op == STREAM_XPORT_OP_CONNECT_ASYNC);
		wire_put_bool(&args, php_stream_is_persistent(stream));
		open_socket(stream, socket, param, "transport_connect", 7, &args);
	}
	smart_str_free(&args);
}

/* ---- what PHP asks of a transport's stream ----------------------------------------------- */

static void accept_client(php_stream *stream, php_stream_xport_param *param, zend_string **text)
{
	php_stream *client = bridge_socket_accept(stream, bridge_timeval_ms(param->inputs.timeout), text);

	if (client && !bridge_secure_accepted(stream, client)) {
		php_stream_close(client);
		client = NULL;
		if (param->want_errortext) {
			param->outputs.error_text = zend_string_init(ZEND_STRL(BRIDGE_CRYPTO_FAILED), 0);
		}
	} else if (!client && param->want_errortext && errno) {
		param->outputs.error_text = php_socket_error_str(errno);
	}
	param->outputs.client = client;
	param->outputs.returncode = client ? 0 : -1;
}

static int listen_on(struct bridge_socket *socket, int backlog)
{
	if (listen(socket->net.socket, backlog) != 0) {
		return -1;
	}
	php_set_sock_blocking(socket->net.socket, 0); /* see is_listener() */
	return 0;
}

static bool can_open(const php_stream *stream)
{
	return bridge_transport_of(stream) < COUNT;
}

void bridge_transport_api(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param)
{
	zend_string **text = param->want_textaddr ? &param->outputs.textaddr : NULL;
	struct sockaddr **addr = param->want_addr ? &param->outputs.addr : NULL;
	socklen_t *addrlen = param->want_addr ? &param->outputs.addrlen : NULL;
	int flags = param->inputs.flags & STREAM_OOB ? MSG_OOB : 0;

	param->outputs.returncode = -1;
	switch (param->op) {
	case STREAM_XPORT_OP_CONNECT:
	case STREAM_XPORT_OP_CONNECT_ASYNC:
	case STREAM_XPORT_OP_BIND:
		if (can_open(stream)) {
			bridge_transport_open(stream, bridge_transport_of(stream), socket, param);
		}
		if (param->op != STREAM_XPORT_OP_BIND && socket->crypto_method && param->outputs.returncode == 0) {
			bridge_secure_connected(stream, socket, param);
		}
		break;
	case STREAM_XPORT_OP_LISTEN:
		param->outputs.returncode = listen_on(socket, param->inputs.backlog);
		break;
	case STREAM_XPORT_OP_ACCEPT:
		if (bridge_transport_of(stream) != BRIDGE_PAIR) {
			accept_client(stream, param, text);
		}
		break;
	case STREAM_XPORT_OP_GET_NAME:
		param->outputs.returncode = php_network_get_sock_name(socket->net.socket, text, addr, addrlen);
		break;
	case STREAM_XPORT_OP_GET_PEER_NAME:
		param->outputs.returncode = php_network_get_peer_name(socket->net.socket, text, addr, addrlen);
		break;
	case STREAM_XPORT_OP_SEND:
		param->outputs.returncode = (int)bridge_socket_send(socket, param->inputs.buf, param->inputs.buflen, flags,
			(struct sockaddr_storage *)param->inputs.addr, param->inputs.addrlen);
		break;
	case STREAM_XPORT_OP_RECV:
		flags |= param->inputs.flags & STREAM_PEEK ? MSG_PEEK : 0;
		param->outputs.returncode =
			(int)bridge_socket_receive(socket, param->inputs.buf, param->inputs.buflen, flags, text);
		break;
	case STREAM_XPORT_OP_SHUTDOWN: {
		static const int how[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };
		param->outputs.returncode = shutdown(socket->net.socket, how[param->how]);
		break;
	}
	}
}

/* ---- the registry ------------------------------------------------------------------------------ */

static php_stream *open_transport(const char *name, size_t name_len, const char *target, size_t target_len,
	const char *persistent_id, int options, int flags, struct timeval *timeout, php_stream_context *context STREAMS_DC)
{
	php_stream *stream;
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (strlen(names[i]) != name_len || memcmp(names[i], name, name_len) != 0) {
			continue;
		}
		if (bridge_forked() && !bridge_state.guarded && originals[i]) { /* no Go here to open anything */
			return originals[i](name, name_len, target, target_len, persistent_id, options, flags, timeout, context
				STREAMS_REL_CC);
		}
		stream = bridge_socket_open((enum bridge_transport)i, persistent_id);
		if (!(flags & STREAM_XPORT_SERVER)) {
			((struct bridge_socket *)stream->abstract)->connect_ms = bridge_timeval_ms(timeout);
		}
		return stream;
	}
	return NULL;
}

void bridge_transports_register(bool memory)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		originals[i] = zend_hash_str_find_ptr(php_stream_xport_get_hash(), names[i], strlen(names[i]));
		if (originals[i]) {
			php_stream_xport_register(names[i], open_transport);
		}
	}
	bridge_secure_register();
	if (memory) {
		php_stream_xport_register(names[BRIDGE_MEM], open_transport);
	}
}

void bridge_transports_restore(void)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		if (originals[i]) {
			php_stream_xport_register(names[i], originals[i]);
		}
	}
	bridge_secure_restore();
	php_stream_xport_unregister(names[BRIDGE_MEM]);
}

php_stream_transport_factory bridge_transport_original(enum bridge_transport transport)
{
	return originals[transport];
}

static int is_ours(zval *entry)
{
	zend_resource *resource = Z_RES_P(entry);

	return resource->type == php_file_le_pstream()
			&& (bridge_socket_of(resource->ptr) || bridge_openssl_meter(resource->ptr))
		? ZEND_HASH_APPLY_REMOVE : ZEND_HASH_APPLY_KEEP;
}

/* Between runs: the list's destructor closes what is taken out. */
void bridge_close_persistent(void)
{
	zend_hash_apply(&EG(persistent_list), is_ours);
}

/* ---- php://fd ------------------------------------------------------------------------------------ */

static const php_stream_wrapper *php_wrapper;
static php_stream_wrapper_ops wrapper_ops;
static php_stream_wrapper wrapper;

static php_stream *open_php_url(php_stream_wrapper *self, const char *path, const char *mode, int options,
	zend_string **opened_path, php_stream_context *context STREAMS_DC)
{
	php_stream *stream = php_wrapper->wops->stream_opener(self, path, mode, options, opened_path, context STREAMS_REL_CC);

	if (stream && stream->ops == &php_stream_socket_ops && !php_stream_is_persistent(stream)) {
		bridge_socket_take_over(stream, strncasecmp(path, ZEND_STRL("php://fd/")) == 0);
	}
	return stream;
}

/* php://fd/N of an inherited socket is one of ours, too, and so are standard
 * streams that are sockets; those are the process's, so that the host does not
 * list them. */
void bridge_fd_wrapper_install(void)
{
	zval *entry = zend_hash_str_find(php_stream_get_url_stream_wrappers_hash_global(), ZEND_STRL("php"));

	if (entry) {
		php_wrapper = Z_PTR_P(entry);
		wrapper_ops = *php_wrapper->wops;
		wrapper_ops.stream_opener = open_php_url;
		wrapper = *php_wrapper;
		wrapper.wops = &wrapper_ops;
		Z_PTR_P(entry) = &wrapper;
	}
}
