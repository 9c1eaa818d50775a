/*
 * pcntl_fork() and TLS. What is needed to go on with a session is Go's, and a
 * child has no Go. So before a fork the sessions of the script are left to
 * goroutines of the parent: they carry the plain text between the connection and
 * a pair of sockets, one end of which parent and child have, as they would have
 * the connection itself.
 */
#include "tls.h"
#include "_cgo_export.h"

static zif_handler original_fork;

static char *name_of(int fd, int (*ask)(php_socket_t, zend_string **, struct sockaddr **, socklen_t *))
{
	zend_string *text = NULL;
	char *name;

	if (ask(fd, &text, NULL, NULL) != 0 || !text) {
		return NULL;
	}
	name = strdup(ZSTR_VAL(text));
	zend_string_release(text);
	return name;
}

static void relay(struct bridge_socket *socket)
{
	struct bridge_tls *tls = socket->tls;
	struct bridge_tls_relay made = { .fd = -1 };
	int fd = socket->net.socket;

	bridgeGoTLSRelay(tls->session, socket->meter.handle, &made);
	if (made.fd < 0) {
		return;
	}
	tls->names[0] = name_of(fd, php_network_get_sock_name);
	tls->names[1] = name_of(fd, php_network_get_peer_name);
	tls->session = 0;
	tls->relayed = true;
	tls->readable = BRIDGE_READABLE_NO;
	php_set_sock_blocking(made.fd, !socket->nonblocking && socket->net.is_blocked);
	bridge_close(fd);
	socket->net.socket = made.fd;
	socket->is_virtual = true;
	socket->meter.other_end = made.other_end;
	socket->meter.other_cookie = made.other_cookie;
}

static int relay_stream(zval *entry)
{
	const zend_resource *resource = Z_RES_P(entry);
	php_stream *stream;
	struct bridge_socket *socket;

	if (resource->type != bridge_stream_type && resource->type != bridge_persistent_stream_type) {
		return ZEND_HASH_APPLY_KEEP;
	}
	stream = resource->ptr;
	if (stream && stream->ops == &bridge_tls_operations) {
		socket = stream->abstract;
		if (socket->tls->active && !socket->tls->relayed) {
			relay(socket);
		}
	}
	return ZEND_HASH_APPLY_KEEP;
}

static ZEND_NAMED_FUNCTION(fork_with_relays)
{
	if (!bridge_forked()) {
		zend_hash_apply(&EG(regular_list), relay_stream);
		zend_hash_apply(&EG(persistent_list), relay_stream);
	}
	original_fork(INTERNAL_FUNCTION_PARAM_PASSTHRU);
}

void bridge_tls_install(void)
{
	original_fork = bridge_swap_handler("pcntl_fork", fork_with_relays);
}
