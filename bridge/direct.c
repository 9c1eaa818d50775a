/*
 * The plain case of a table row, done here without entering Go: a socket of
 * ours with a descriptor, arguments that need no coercion, an outcome that
 * needs no words. Everything else goes on to the row's Go function, which is
 * complete in itself and has all the words.
 */
#include <arpa/inet.h>
#include <math.h>

#include "internal.h"
#include "zend_interfaces.h"

#define ARG(n) ZEND_CALL_ARG(execute_data, n)
#define PASSED(n) (ZEND_CALL_NUM_ARGS(execute_data) >= (n) && !Z_ISUNDEF_P(ARG(n)))

/* A parameter that is absent, or exactly an int. */
static bool take_long(zend_execute_data *execute_data, uint32_t n, zend_long *value)
{
	if (!PASSED(n)) {
		return true;
	}
	if (Z_TYPE_P(ARG(n)) != IS_LONG) {
		return false;
	}
	*value = Z_LVAL_P(ARG(n));
	return true;
}

static void set_string_reference(zend_execute_data *execute_data, uint32_t n, zend_string *value)
{
	if (PASSED(n) && Z_ISREF_P(ARG(n))) {
		ZEND_TRY_ASSIGN_REF_STR(ARG(n), value);
	} else {
		zend_string_release(value);
	}
}

static bool accept_direct(php_stream *stream, zend_execute_data *execute_data, zval *return_value, int *errno_value)
{
	double seconds = (double)FG(default_socket_timeout);
	zend_string *peer = NULL;
	php_stream *client;

	if (PASSED(2) && Z_TYPE_P(ARG(2)) != IS_NULL) {
		if (Z_TYPE_P(ARG(2)) == IS_DOUBLE) {
			seconds = Z_DVAL_P(ARG(2));
		} else if (Z_TYPE_P(ARG(2)) == IS_LONG) {
			seconds = (double)Z_LVAL_P(ARG(2));
		} else {
			return false;
		}
	}
	if (!zend_finite(seconds)) {
		return false;
	}
	client = bridge_socket_accept(stream, seconds < 0 || seconds > INT_MAX / 1000 ? -1 : (int64_t)(seconds * 1000),
		PASSED(3) ? &peer : NULL);
	if (!client) {
		/* A datagram socket cannot accept, but PHP first waits for it to be readable: Go's part. */
		*errno_value = errno == EOPNOTSUPP ? 0 : errno;
		RETVAL_FALSE;
		return errno == 0;
	}
	if (peer) {
		set_string_reference(execute_data, 3, peer);
	}
	php_stream_to_zval(client, return_value);
	return true;
}

static bool receive_direct(struct bridge_socket *socket, zend_execute_data *execute_data, zval *return_value)
{
	zend_long len = 0, flags = 0;
	zend_string *data, *from = NULL;
	bool wants_name = PASSED(4);
	ssize_t n;

	if (!take_long(execute_data, 2, &len) || !take_long(execute_data, 3, &flags) || len <= 0) {
		return false;
	}
	if (wants_name) {
		if (!Z_ISREF_P(ARG(4))) {
			return false;
		}
		ZEND_TRY_ASSIGN_REF_NULL(ARG(4));
	}
	bridge_claim(bridge_string_size(len));
	data = zend_string_alloc(len, 0);
	n = bridge_socket_receive(socket, ZSTR_VAL(data), len,
		(flags & STREAM_OOB ? MSG_OOB : 0) | (flags & STREAM_PEEK ? MSG_PEEK : 0), wants_name ? &from : NULL);
	if (n < 0) {
		zend_string_efree(data);
		RETVAL_FALSE;
		return true;
	}
	if (from) {
		set_string_reference(execute_data, 4, from);
	}
	ZSTR_VAL(data)[n] = '\0';
	ZSTR_LEN(data) = n;
	if (len - n > 1024 && n < len / 2) {
		data = zend_string_truncate(data, n, 0); /* do not keep 64 KiB for a short datagram */
	}
	RETVAL_STR(data);
	return true;
}

/* "1.2.3.4:5" or "[::1]:5"; anything else is for Go. */
static bool parse_numeric(const zend_string *text, struct sockaddr_storage *address, socklen_t *len)
{
	const char *s = ZSTR_VAL(text), *end = s + ZSTR_LEN(text), *colon = end;
	char host[INET6_ADDRSTRLEN];
	unsigned long port = 0;
	size_t n;

	while (colon > s && colon[-1] >= '0' && colon[-1] <= '9') {
		colon--;
	}
	if (end - colon < 1 || end - colon > 5 || colon == s || colon[-1] != ':') {
		return false;
	}
	port = strtoul(colon, NULL, 10);
	colon--;
	n = colon - s;
	memset(address, 0, sizeof *address);
	if (n > 2 && n < sizeof host && s[0] == '[' && s[n - 1] == ']') {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;

		memcpy(host, s + 1, n - 2);
		host[n - 2] = '\0';
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		*len = sizeof *in6;
		return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
	}
	if (n > 0 && n < sizeof host) {
		struct sockaddr_in *in = (struct sockaddr_in *)address;

		memcpy(host, s, n);
		host[n] = '\0';
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		*len = sizeof *in;
		return inet_pton(AF_INET, host, &in->sin_addr) == 1;
	}
	return false;
}

/* Filters work on what fwrite() writes; only the stream knows of them, so Go cannot ask. */
static bool is_past_filters(php_stream *stream, zend_execute_data *execute_data, zval *return_value)
{
	bool targeted = PASSED(4) && Z_TYPE_P(ARG(4)) == IS_STRING && Z_STRLEN_P(ARG(4)) > 0;
	zend_long flags = 0;

	if (!stream->writefilters.head || !take_long(execute_data, 3, &flags) || !(targeted || (flags & STREAM_OOB))) {
		return false;
	}
	php_error_docref(NULL, E_WARNING, "Cannot write OOB data, or data to a targeted address on a filtered stream");
	RETVAL_LONG(-1);
	return true;
}

static bool send_direct(struct bridge_socket *socket, zend_execute_data *execute_data,
	zval *return_value, int *errno_value)
{
	struct sockaddr_storage address;
	socklen_t len = 0;
	zend_long flags = 0;
	ssize_t n;

	if (!PASSED(2) || Z_TYPE_P(ARG(2)) != IS_STRING || !take_long(execute_data, 3, &flags)) {
		return false;
	}
	if (PASSED(4)) {
		if (Z_TYPE_P(ARG(4)) != IS_STRING) {
			return false;
		}
		if (Z_STRLEN_P(ARG(4)) && (bridge_state.guarded || !parse_numeric(Z_STR_P(ARG(4)), &address, &len))) {
			return false;
		}
	}
	n = bridge_socket_send(socket, Z_STRVAL_P(ARG(2)), Z_STRLEN_P(ARG(2)), flags & STREAM_OOB ? MSG_OOB : 0,
		len ? &address : NULL, len);
	if (n < 0) {
		*errno_value = errno;
		RETVAL_LONG(-1);
		return bridge_cancelled();
	}
	RETVAL_LONG(n);
	return true;
}

static bool name_direct(struct bridge_socket *socket, zend_execute_data *execute_data, zval *return_value)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	zend_string *name;
	int result;

	if (!PASSED(2) || (Z_TYPE_P(ARG(2)) != IS_TRUE && Z_TYPE_P(ARG(2)) != IS_FALSE)) {
		return false;
	}
	RETVAL_FALSE;
	result = Z_TYPE_P(ARG(2)) == IS_TRUE
		? getpeername(socket->net.socket, (struct sockaddr *)&address, &len)
		: getsockname(socket->net.socket, (struct sockaddr *)&address, &len);
	if (result != 0) {
		return true;
	}
	name = bridge_sockaddr_name(&address, len);
	if (ZSTR_LEN(name) == 0 || ZSTR_VAL(name)[0] == '\0') {
		zend_string_release(name);
	} else {
		RETVAL_STR(name);
	}
	return true;
}

static bool shutdown_direct(struct bridge_socket *socket, zend_execute_data *execute_data, zval *return_value)
{
	zend_long how = -1;

	if (!take_long(execute_data, 2, &how) || how < SHUT_RD || how > SHUT_RDWR) {
		return false;
	}
	if (how != SHUT_RD) {
		bridge_tls_goodbye(socket);
	}
	RETVAL_BOOL(shutdown(socket->net.socket, (int)how) == 0);
	return true;
}

/* The handshake's words are PHP's. */
static bool accepts_securely(const struct bridge_socket *socket)
{
	return socket->crypto_method && !socket->is_virtual && socket->net.socket >= 0;
}

bool bridge_direct(const struct bridge_function *function, zend_execute_data *execute_data,
	zval *return_value, int *errno_value)
{
	const struct bridge_row *row = function->row;
	uint32_t n = ZEND_CALL_NUM_ARGS(execute_data);
	php_stream *stream = n >= 1 ? bridge_stream_of(ARG(1)) : NULL;
	struct bridge_socket *socket = stream ? bridge_socket_of(stream) : NULL;

	if (!socket || bridge_forked() || (row->direct == BRIDGE_DIRECT_ACCEPT && accepts_securely(socket))) {
		/* Not one of this host's sockets, or the host is not here: PHP's own
		 * function has the words, and on our streams it comes to transport.c. */
		function->original(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		return true;
	}
	if (n < row->required || n > row->num_params || socket->net.socket < 0) {
		return false;
	}
	if (row->direct == BRIDGE_DIRECT_SEND_TO && is_past_filters(stream, execute_data, return_value)) {
		return true;
	}
	if (bridge_state.no_direct) {
		return false;
	}
	switch (row->direct) {
	case BRIDGE_DIRECT_ACCEPT:
		/* Sockets of a pair cannot accept, and PHP does not even try. */
		return !socket->is_virtual && (stream->flags & PHP_STREAM_FLAG_NO_IO || bridge_transport_of(stream) == BRIDGE_DESCRIPTOR)
			&& accept_direct(stream, execute_data, return_value, errno_value);
	case BRIDGE_DIRECT_RECV_FROM:
		return receive_direct(socket, execute_data, return_value);
	case BRIDGE_DIRECT_SEND_TO:
		return send_direct(socket, execute_data, return_value, errno_value);
	case BRIDGE_DIRECT_GET_NAME:
		return !socket->is_virtual && name_direct(socket, execute_data, return_value);
	case BRIDGE_DIRECT_SHUTDOWN:
		/* Of a server that Go has only Go knows what that does. */
		return !(socket->is_virtual && socket->server) && shutdown_direct(socket, execute_data, return_value);
	}
	return false;
}
