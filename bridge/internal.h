/*
 * What the C files of this package share: Zend's headers, the state of the one
 * engine, and every difference between the PHP versions we build against.
 */
#ifndef PHPSOCK_INTERNAL_H
#define PHPSOCK_INTERNAL_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "php.h"
#include "SAPI.h"
#include "php_main.h"
#include "php_network.h"
#include "zend_exceptions.h"
#include "zend_smart_str.h"
#include "ext/standard/file.h"

#include "bridge.h"

#ifdef ZTS
# error "phpsock needs a non-thread-safe (NTS) libphp: the ZTS build keeps its state per thread"
#endif
#if PHP_VERSION_ID < 80200
# error "phpsock needs PHP 8.2 or later"
#endif

/* ---- versions ---------------------------------------------------------------- */

#if PHP_VERSION_ID >= 80400
# define BRIDGE_FUNCTION_ENTRY(name, handler, info, n) \
	{ name, handler, info, n, 0, NULL, NULL }
#else
# define BRIDGE_FUNCTION_ENTRY(name, handler, info, n) { name, handler, info, n, 0 }
#endif

#if PHP_VERSION_ID >= 80300
# define bridge_type_name(zv) zend_zval_value_name(zv)
#else
# define bridge_type_name(zv) zend_zval_type_name(zv)
#endif

/* Whether a script on standard input has STDIN, STDOUT and STDERR. */
#define BRIDGE_STDIN_SCRIPT_HAS_STREAMS (PHP_VERSION_ID >= 80300)

#if PHP_VERSION_ID >= 80300
/* The address a socket was made for: stream_get_meta_data() shows it as "uri". */
# define bridge_keep_address(stream, address) \
	((stream)->orig_path = pestrdup(address, php_stream_is_persistent(stream)))
/* A read that has data to return from the buffer does not wait for more, nor does one without any time. */
# define bridge_may_wait(stream, timeout) \
	(!(stream)->has_buffered_data && ((timeout)->tv_sec != 0 || (timeout)->tv_usec != 0))
# define bridge_has_read(stream) ((stream)->has_buffered_data)
#else
# define bridge_keep_address(stream, address) ((void)0)
# define bridge_may_wait(stream, timeout) true
# define bridge_has_read(stream) false
#endif

/* What stream_socket_accept() says when the handshake failed. */
#if PHP_VERSION_ID >= 80412 || (PHP_VERSION_ID >= 80325 && PHP_VERSION_ID < 80400)
# define BRIDGE_CRYPTO_FAILED "Cannot enable crypto"
#else
# define BRIDGE_CRYPTO_FAILED "Success"
#endif

/* Whether a stream whose handshake took too long stays non-blocking, as it was meanwhile. */
#define BRIDGE_TIMEOUT_LEAVES_NON_BLOCKING (PHP_VERSION_ID < 80400)

/* ---- the engine (engine.c, run.c, sapi.c) -------------------------------------- */

struct bridge_state {
	bool running;      /* between request start-up and the end of its shutdown */
	bool own_process;
	bool close_on_exec;
	bool no_direct;
	bool guarded;      /* Go is to be asked for every address */
	bool openssl;      /* TLS is left to ext/openssl */
	struct bridge_limits limits; /* of this run */
	int output_fd;
	int log_fd;
	struct bridge_result *result;
};
extern struct bridge_state bridge_state;

bool bridge_engine_start(struct bridge_job *job);
void bridge_engine_stop(void);
void bridge_run(struct bridge_request *request, struct bridge_result *result);

extern sapi_module_struct bridge_sapi;
void bridge_register_std_streams(void);
void bridge_reserve_std_descriptors(void);
void bridge_capture_headers(void);

char *bridge_format(const char *format, ...) ZEND_ATTRIBUTE_FORMAT(printf, 1, 2);
struct bridge_bytes bridge_copy_bytes(const char *data, size_t len);

/* ---- the PHP thread (thread.c) --------------------------------------------------- */

bool bridge_on_php_thread(void);
pthread_t bridge_php_thread(void);
pid_t bridge_php_tid(void);
bool bridge_forked(void); /* in a child of pcntl_fork(): no Go runtime here */

/* ---- waiting (wait.c) --------------------------------------------------------------- */

extern int bridge_wake_fd;
int bridge_wait_open(void);
void bridge_wait_close(void);
/* Waits for events on fd (-1: only for bridge_notify()); negative: no limit. */
enum bridge_ready bridge_wait(int fd, int events, int64_t timeout_ms);
/* The same for a server that has nothing to do until somebody comes: a run that drains ends there. */
enum bridge_ready bridge_wait_for_client(int fd, int events, int64_t timeout_ms);
/* As poll(): fds must have room for one more. Result in *ready as poll() counts. BRIDGE_WOKEN: look again. */
enum bridge_ready bridge_wait_many(struct pollfd *fds, nfds_t n, int64_t timeout_ms, int *ready);
void bridge_close(int fd);

/* The descriptors of one stream_select() (watch.c): begin, ask for each, wait. */
void bridge_watch_begin(void);
/* A server's descriptor is not watched while the run drains. */
void bridge_watch_ask(int fd, zend_ulong owner, uint32_t events, bool server);
/* counts says what of the reported events is an answer to what was asked. */
enum bridge_ready bridge_watch_wait(int64_t timeout_us, uint32_t (*counts)(uint32_t asked, uint32_t reported));
uint32_t bridge_watch_revents(int fd);
/* Whether the last call has reported it: once, then it was made good. */
bool bridge_watch_promised(int fd);
zend_long bridge_watch_count(zend_long (*pairs)(uint32_t asked, uint32_t ready));
void bridge_watch_forget(int fd); /* before it is closed */
void bridge_watch_reset(void);    /* after a run, and in a child of fork() */
int64_t bridge_now_us(void); /* CLOCK_MONOTONIC */
int64_t bridge_timeval_ms(const struct timeval *tv); /* NULL or negative: -1 */

/* ---- stopping (interrupt.c) ------------------------------------------------------------ */

/* Whether the run is to end here and now: nothing waits, nobody is to see what comes next. */
bool bridge_cancelled(void);
void bridge_end_run(void); /* as a cancel, once, and not by the host */
/* Throws what no script can catch, unless an exception is on its way. */
void bridge_unwind(void);

/* What a server does that is about to wait for the next client (drain.c). */
enum bridge_drain {
	BRIDGE_DRAIN_WAIT,
	BRIDGE_DRAIN_RETURN, /* as if its time were over */
	BRIDGE_DRAIN_END,    /* the run ends here */
};
enum bridge_drain bridge_drain_at_rest(void);
void bridge_interrupt_install(void);
void bridge_interrupt_remove(void); /* before the PHP thread ends: a timer is aimed at it */
void bridge_interrupt_run(zend_long seconds); /* at the start of a run, with its time limit */
void bridge_interrupt_end(void);
void bridge_kicked(void *timer);   /* the kick signal arrived on the PHP thread */

/* ---- signals (signals.c) ------------------------------------------------------------------ */

void bridge_signals_start(void);
void bridge_signals_stop(void);
void bridge_signals_run_end(void);
void bridge_signals_mask(void);
void bridge_signals_install(void); /* in the function table */
void bridge_signals_own_process(void);
void bridge_signals_forked(void);
int bridge_kick_signal(void);
void bridge_restore_file_limit(void);
void bridge_spawn_install(void);   /* spawn.c */
void bridge_sleep_install(void);   /* sleep.c */

/* ---- values (value.c) ------------------------------------------------------------------------ */

/*
 * In a host, ends the run with PHP's fatal error where so much is beyond
 * memory_limit. Called before allocations whose size a script or a host
 * chooses: some builds of PHP end the process when emalloc() fails.
 */
void bridge_claim(size_t size);
size_t bridge_string_size(size_t len);

/* A reader of the wire format; ok turns false at the first malformed byte. */
struct wire_reader {
	const char *p;
	const char *end;
	bool ok;
	php_stream_context *context; /* of streams to be made */
	struct bridge_socket *into;  /* not NULL: fill this one in, make no stream */
	bool persistent;             /* it is a persistent stream's */
};
uint8_t wire_u8(struct wire_reader *r);
uint32_t wire_u32(struct wire_reader *r);
uint64_t wire_u64(struct wire_reader *r);
const char *wire_text(struct wire_reader *r, size_t *len);
void wire_value(struct wire_reader *r, zval *out);

void wire_put_value(smart_str *out, zval *value);
void wire_put_long(smart_str *out, zend_long number);
void wire_put_bool(smart_str *out, bool truth);
void wire_put_string(smart_str *out, const char *data, size_t len); /* a value, which wire_put_text() makes none */
/* Of a context: an object is true there, as where PHP asks whether an option is set. */
void wire_put_options(smart_str *out, zval *options);
void wire_put_absent(smart_str *out);
void wire_put_text(smart_str *out, const char *data, size_t len);

/* ---- functions (table.c, arguments.c, call.c, reply.c, direct.c, select.c) --------------------- */

/* An installed row. */
struct bridge_function {
	const struct bridge_row *row;
	uint32_t index;
	zif_handler original; /* of the function it replaces, else NULL */
};

bool bridge_table_install(const struct bridge_config *config, char **reason);
void bridge_table_free(void);
const struct bridge_function *bridge_function_of(const zend_execute_data *execute_data);
uint32_t bridge_hidden_row(const char *name);
ZEND_NAMED_FUNCTION(bridge_call_host);
/* Swaps the handler of an existing function; the old one, or NULL if there is none. */
zif_handler bridge_swap_handler(const char *name, zif_handler handler);

/* Parses and encodes the arguments; false with an exception pending. */
bool bridge_encode_arguments(const struct bridge_row *row, zend_execute_data *execute_data, smart_str *out);
/* Where the effects of a call go. */
struct bridge_reply_target {
	zend_execute_data *execute_data; /* whose by-reference arguments are set, or NULL */
	zval *references;                /* of a hidden row: one a parameter */
	uint32_t num_references;
	php_stream_context *context;     /* of this call, and of streams it makes */
	struct bridge_socket *into;      /* see struct wire_reader */
	bool persistent;
	bool for_client;                 /* the call waits for somebody new */
};
/* Frees the reply. */
void bridge_apply_reply(struct bridge_bytes *reply, const struct bridge_reply_target *to, zval *result);
/* Calls a row that scripts do not see. */
void bridge_call_row(const char *name, const smart_str *args, uint32_t num_args,
	const struct bridge_reply_target *to, zval *result);

/* Does the plain case of a row on a socket with a descriptor. */
bool bridge_direct(const struct bridge_function *function, zend_execute_data *execute_data,
	zval *return_value, int *errno_value);
ZEND_NAMED_FUNCTION(bridge_stream_select);

/* ---- sockets (socket.c, transfer.c, transport.c, secure.c, tls.c, openssl.c, journal.c) -------------- */

/* What is counted of a socket while it is open (journal.c). */
struct bridge_meter {
	uint64_t handle;         /* 0: not open */
	uint64_t received, sent; /* bytes; Go reads them from other threads */
	bool accepted;
	int other_end;         /* the descriptor with which Go serves a virtual socket, */
	uint64_t other_cookie; /* and the kernel's cookie of it; 0: none */
	struct bridge_meter *previous, *next;
};

static inline void bridge_count_received(struct bridge_meter *meter, ssize_t n)
{
	__atomic_store_n(&meter->received, meter->received + (uint64_t)n, __ATOMIC_RELAXED);
}

static inline void bridge_count_sent(struct bridge_meter *meter, ssize_t n)
{
	__atomic_store_n(&meter->sent, meter->sent + (uint64_t)n, __ATOMIC_RELAXED);
}

/*
 * The private part of a stream. It begins as PHP's own socket streams do,
 * because ext/sockets writes into that part of any tcp, udp or unix stream.
 */
struct bridge_socket {
	php_netstream_data_t net;
	/* stream_select() looks at these, too: they stay close to the descriptor. */
	bool server;         /* bound: what arrives is somebody new */
	bool is_virtual;     /* the descriptor only stands in for a socket that Go has */
	zend_string *target; /* what a client asked for, or NULL */
	bool nonblocking;    /* the descriptor is: after an asynchronous connect, too */
	bool datagrams;
	bool framed;         /* datagrams begin with the peer's name, see frame.c */
	uint32_t longest;    /* datagram that can be sent; 0: the kernel says */
	uint8_t poll_first;  /* so many more times: poll() before the system call */
	int crypto_method;   /* of ssl:// and its like: what is spoken once there is a connection; else 0 */
	struct bridge_tls *tls; /* see tls.h; NULL: nobody has asked for encryption */
	int64_t connect_ms;  /* time limit of connecting, and so of a client's handshake; not positive: none */
	struct bridge_meter meter;
};

/* Whether it is a listener that Go has: its descriptor tells when to accept, and nothing else. */
static inline bool bridge_is_virtual_listener(const struct bridge_socket *socket)
{
	return socket->is_virtual && socket->server && !socket->datagrams;
}

/* The values on the wire and in the journal. Those before BRIDGE_PAIR can be opened by address. */
enum bridge_transport {
	BRIDGE_TCP, BRIDGE_UDP, BRIDGE_UNIX, BRIDGE_UDG, BRIDGE_MEM, BRIDGE_PAIR, BRIDGE_DESCRIPTOR
};

void bridge_sockets_start(void);
extern int bridge_stream_type, bridge_persistent_stream_type; /* of resources */

/* The open stream that a value is, or NULL. */
static inline php_stream *bridge_stream_of(const zval *value)
{
	const zend_resource *resource;

	if (Z_TYPE_P(value) != IS_RESOURCE) {
		return NULL;
	}
	resource = Z_RES_P(value);
	return resource->type == bridge_stream_type || resource->type == bridge_persistent_stream_type
		? resource->ptr : NULL;
}

/* The stream's socket, or NULL if it is not one of ours. */
struct bridge_socket *bridge_socket_of(php_stream *stream);
enum bridge_transport bridge_transport_of(const php_stream *stream);
/* A stream without a descriptor. */
php_stream *bridge_socket_open(enum bridge_transport transport, const char *persistent_id);
/* Whether PHP may use a persistent stream again, which it asks by the liveness of now. */
bool bridge_may_be_reused(php_stream *stream, uint64_t handle);
/* Makes one of ours of a stream that PHP has opened on a descriptor. */
void bridge_socket_take_over(php_stream *stream, bool listed);

#define BRIDGE_POLL_FIRST 32
bool bridge_try_first(struct bridge_socket *socket);
/* One recv() and one send(), which never wait, with what the configuration limits. */
ssize_t bridge_receive_once(struct bridge_socket *socket, char *buf, size_t len, int flags, zend_string **from);
ssize_t bridge_send_once(struct bridge_socket *socket, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len);
ssize_t bridge_frame_receive(int fd, char *buf, size_t len, int flags, zend_string **from);
ssize_t bridge_frame_send(int fd, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len);
bool bridge_is_transient(int error);
enum bridge_ready bridge_wait_to_receive(struct bridge_socket *socket, int events, int64_t timeout_ms);
/* What an accepted stream has from its listener, where Go accepted; either may be NULL. */
void bridge_socket_inherit(php_stream *listener, php_stream *accepted);
/* One accept() within the time: a new stream, or NULL and errno (0: the run ends). */
php_stream *bridge_socket_accept(php_stream *listener, int64_t timeout_ms, zend_string **peer);
ssize_t bridge_socket_receive(struct bridge_socket *socket, char *buf, size_t len, int flags, zend_string **from);
ssize_t bridge_socket_send(struct bridge_socket *socket, const char *buf, size_t len, int flags,
	const struct sockaddr_storage *to, socklen_t to_len);
/* PHP's text for an address; "" where it has none. */
zend_string *bridge_sockaddr_name(const struct sockaddr_storage *address, socklen_t len);

void bridge_transport_api(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param);
void bridge_transports_register(bool memory);
void bridge_transports_restore(void);
/* PHP's own factory, behind ours. */
php_stream_transport_factory bridge_transport_original(enum bridge_transport transport);
void bridge_close_persistent(void);
void bridge_fd_wrapper_install(void);

/* Lets Go connect or bind, and fills the socket in. */
void bridge_transport_open(php_stream *stream, enum bridge_transport transport, struct bridge_socket *socket,
	php_stream_xport_param *param);

/* ---- TLS (secure.c, tls.c, openssl.c) ---- */

/* The bit that makes a method of crypto a client's. */
#define BRIDGE_TLS_CLIENT (STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT & ~STREAM_CRYPTO_METHOD_TLSv1_2_SERVER)

/* PHP_STREAM_OPTION_CRYPTO_API of a tcp stream. */
int bridge_crypto_api(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param);
/* Makes of a server that Go has made for stream_socket_server() one of ssl://, if that is its address. */
void bridge_secure_server(php_stream *stream, const char *address);
void bridge_secure_register(void);
void bridge_secure_restore(void);
/* Enables crypto on what a client of ssl:// has connected; else returncode is no success any more. */
void bridge_secure_connected(php_stream *stream, struct bridge_socket *socket, php_stream_xport_param *param);
/* Enables crypto on what a server of ssl:// has accepted; false, with PHP's warnings, if that failed. */
bool bridge_secure_accepted(php_stream *listener, php_stream *client);

/* A time limit of TLS: not positive is none; PHP takes 0 for that, too. */
int64_t bridge_tls_limit_ms(const struct timeval *limit);

extern const php_stream_ops *const bridge_tcp_operations; /* without TLS */
/* Whether there is something to read that the descriptor does not know of; socket->tls is not NULL. */
bool bridge_tls_readable(struct bridge_socket *socket);
/* Tells the peer that nothing will come any more, if the stream speaks TLS. */
void bridge_tls_goodbye(struct bridge_socket *socket);
void bridge_tls_release(struct bridge_socket *socket);
void bridge_tls_install(void); /* in the function table */
void bridge_tls_crypto(php_stream *stream, struct bridge_socket *socket, php_stream_xport_crypto_param *param);

/* Of a stream that is ext/openssl's, else NULL. */
struct bridge_meter *bridge_openssl_meter(const php_stream *stream);
/* Hands a tcp stream over to ext/openssl; false if there is none. */
bool bridge_openssl_upgrade(php_stream *stream, struct bridge_socket *socket);

void bridge_journal_hold(void);
void bridge_journal_release(void);
void bridge_journal_forked(void); /* in a child of fork(), the lock not held */
void bridge_journal_reset(uint64_t first, uint32_t count);
/* A stream for a socket that Go has opened, or accepted. */
void bridge_journal_opened(struct bridge_meter *meter, uint64_t handle, bool accepted);
void bridge_journal_accepted(struct bridge_meter *meter, uint64_t listener, enum bridge_transport transport,
	int fd, const struct sockaddr_storage *peer, socklen_t peer_len);
void bridge_journal_taken_over(struct bridge_meter *meter, int fd);
/* The insides of a stream move: the meter does, too. */
void bridge_journal_moved(struct bridge_meter *from, struct bridge_meter *to);
void bridge_journal_closed(struct bridge_meter *meter, int fd); /* closes the descriptor, too */
void bridge_journal_handshake(uint64_t handle, bool ok, int64_t duration_us);
void bridge_journal_limit(uint64_t handle, int error); /* of the configuration; with what errno a call failed */
uint64_t bridge_open_sockets(void);
uint64_t bridge_open_connections(void); /* accepted ones */

#endif
