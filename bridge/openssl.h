/*
 * What openssl.c, opensslhandshake.c and secure.c share: streams with TLS whose
 * insides are ext/openssl's and whose waiting is ours. They are those of a child
 * of pcntl_fork(), where there is no Go, and of a host that wants OpenSSL.
 */
#ifndef PHPSOCK_OPENSSL_H
#define PHPSOCK_OPENSSL_H

#include "internal.h"

/* What we know of such a stream. */
struct bridge_openssl {
	struct bridge_meter meter; /* of plain text */
	int method;                /* what ssl:// and its like enable as soon as they are connected; else 0 */
	int64_t connect_ms;        /* time limit of connecting, and of a client's handshake; not positive: none */
	int64_t begun_us;          /* a handshake is under way since; 0: none is */
	bool is_virtual;           /* see struct bridge_socket */
	bool set_up;               /* for a handshake, as a client or not */
	bool client;
};

struct bridge_openssl *bridge_openssl_of(const php_stream *stream);
/* Puts our operations over those of ext/openssl, of a stream that it has just made. */
struct bridge_openssl *bridge_openssl_adopt(php_stream *stream);
extern const php_stream_ops *bridge_unsecured; /* ext/openssl's own */
bool bridge_openssl_active(php_stream *stream);


/* What OpenSSL, that would block, is about. */
enum bridge_openssl_task { BRIDGE_OPENSSL_READ, BRIDGE_OPENSSL_WRITE, BRIDGE_OPENSSL_HANDSHAKE };

/* Waits until it is worth another try; end_us in the time of bridge_now_us(), negative: none.
 * stalls counts the tries of one call, from 0 on. BRIDGE_WOKEN: no try will help. */
enum bridge_ready bridge_openssl_wait(int fd, enum bridge_openssl_task task, int64_t end_us, int *stalls);

/* PHP_STREAM_OPTION_CRYPTO_API */
void bridge_openssl_crypto(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_crypto_param *param);
/* The stream is about to be closed. */
void bridge_openssl_give_up(struct bridge_openssl *tls);

/* Lets Go open the socket, and enables crypto where the transport wants it (secure.c). */
void bridge_openssl_open(php_stream *stream, struct bridge_openssl *tls, php_stream_xport_param *param);

#endif
