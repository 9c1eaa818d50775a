/*
 * What crypto.c, handshake.c and secure.c share: streams with TLS, whose insides
 * are ext/openssl's and whose waiting is ours.
 */
#ifndef PHPSOCK_CRYPTO_H
#define PHPSOCK_CRYPTO_H

#include "internal.h"

/* The bit that makes a method of crypto a client's. */
#define BRIDGE_TLS_CLIENT (STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT & ~STREAM_CRYPTO_METHOD_TLSv1_2_SERVER)

/* What we know of such a stream. */
struct bridge_tls {
	struct bridge_meter meter; /* of plain text */
	int method;                /* what ssl:// and its like enable as soon as they are connected; else 0 */
	int64_t connect_ms;        /* time limit of connecting, and of a client's handshake; not positive: none */
	int64_t begun_us;          /* a handshake is under way since; 0: none is */
	bool is_virtual;           /* see struct bridge_socket */
	bool set_up;               /* for a handshake, as a client or not */
	bool client;
};

struct bridge_tls *bridge_tls_of(const php_stream *stream);
/* Puts our operations over those of ext/openssl, of a stream that it has just made. */
struct bridge_tls *bridge_tls_adopt(php_stream *stream);
extern const php_stream_ops *bridge_unsecured; /* ext/openssl's own */
bool bridge_tls_active(php_stream *stream);

/* Not positive: none; ext/openssl takes 0 for that, too. */
int64_t bridge_tls_limit_ms(const struct timeval *limit);

/* What OpenSSL, that would block, is about. */
enum bridge_tls_task { BRIDGE_TLS_READ, BRIDGE_TLS_WRITE, BRIDGE_TLS_HANDSHAKE };

/* Waits until it is worth another try; end_us in the time of bridge_now_us(), negative: none.
 * stalls counts the tries of one call, from 0 on. BRIDGE_WOKEN: no try will help. */
enum bridge_ready bridge_tls_wait(int fd, enum bridge_tls_task task, int64_t end_us, int *stalls);

/* PHP_STREAM_OPTION_CRYPTO_API */
void bridge_tls_crypto(php_stream *stream, struct bridge_tls *tls, php_stream_xport_crypto_param *param);
/* The stream is about to be closed. */
void bridge_tls_give_up(struct bridge_tls *tls);

/* Lets Go open the socket, and enables crypto where the transport wants it. */
void bridge_tls_open(php_stream *stream, struct bridge_tls *tls, php_stream_xport_param *param);

#endif
