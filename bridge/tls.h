/*
 * What tls.c, tlshandshake.c and tlsfiles.c share: TLS on streams of ours, by
 * Go's crypto/tls.
 */
#ifndef PHPSOCK_TLS_H
#define PHPSOCK_TLS_H

#include "internal.h"

/* What we know of the session that Go has. */
struct bridge_tls {
	uint64_t session;      /* Go's number for it; 0: over */
	bool active;           /* the handshake is done */
	bool client;
	bool relayed;          /* goroutines go on with it, and the descriptor has the plain text */
	bool used;             /* relayed: this process has read or written since then */
	char *names[2];        /* relayed: of this end and of the other one, or NULL */
	uint8_t readable;      /* enum bridge_readable: what the descriptor knows nothing of */
	int64_t begun_us;      /* a handshake is under way since; 0: none is */
	char *crypto;          /* a wire array: what stream_get_meta_data() tells */
	size_t crypto_len;
};

extern const php_stream_ops bridge_tls_operations;

/*
 * Does what may raise errors in the middle of an operation on the stream. Both we
 * and PHP go on with the stream afterwards, so no error handler may close it.
 */
#define BRIDGE_KEEPING_OPEN(stream, statement) do { \
	uint32_t flag_ = (stream)->flags & PHP_STREAM_FLAG_NO_FCLOSE; \
	(stream)->flags |= PHP_STREAM_FLAG_NO_FCLOSE; \
	zend_try { \
		statement; \
	} zend_catch { \
		(stream)->flags = ((stream)->flags & ~PHP_STREAM_FLAG_NO_FCLOSE) | flag_; \
		zend_bailout(); \
	} zend_end_try(); \
	(stream)->flags = ((stream)->flags & ~PHP_STREAM_FLAG_NO_FCLOSE) | flag_; \
} while (0)

/* The options of the context that are text are made text; false if one cannot be, with an exception. */
bool bridge_tls_texts(php_stream_context *context, bool server);
/* The files that the options name, as the script may open them: an array of path or false, by name. */
void bridge_tls_paths(php_stream_context *context, bool server, zval *paths);
/* The content of a cafile that is a stream, else null; false, with PHP's warning, if it cannot be had. */
bool bridge_tls_cafile(php_stream_context *context, bool server, zval *content);

#endif
