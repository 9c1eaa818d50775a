/*
 * The narrow waist between Go and the engine. Plain C types only, so that cgo
 * never sees a Zend type. Names tell the direction of a call: bridge_* is
 * called from Go, bridgeGo* is called from C (see export.go).
 */
#ifndef PHPSOCK_BRIDGE_H
#define PHPSOCK_BRIDGE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes in malloc()ed memory: the only memory that crosses from C to Go. */
struct bridge_bytes {
	char *data;
	size_t len;
};

/* ---- start-up --------------------------------------------------------- */

/* The bits of phpext.Type. */
enum bridge_type {
	BRIDGE_TYPE_NULL = 1 << 0,
	BRIDGE_TYPE_FALSE = 1 << 1,
	BRIDGE_TYPE_TRUE = 1 << 2,
	BRIDGE_TYPE_BOOL = BRIDGE_TYPE_FALSE | BRIDGE_TYPE_TRUE,
	BRIDGE_TYPE_INT = 1 << 3,
	BRIDGE_TYPE_FLOAT = 1 << 4,
	BRIDGE_TYPE_STRING = 1 << 5,
	BRIDGE_TYPE_ARRAY = 1 << 6,
	BRIDGE_TYPE_RESOURCE = 1 << 7,
	BRIDGE_TYPE_VOID = 1 << 8,
	BRIDGE_TYPE_SCALAR = BRIDGE_TYPE_BOOL | BRIDGE_TYPE_INT | BRIDGE_TYPE_FLOAT | BRIDGE_TYPE_STRING,
	BRIDGE_TYPE_MIXED = BRIDGE_TYPE_VOID - 1,
};

/* The values of phpext.Direct. */
enum bridge_direct {
	BRIDGE_DIRECT_NONE,
	BRIDGE_DIRECT_ACCEPT,
	BRIDGE_DIRECT_RECV_FROM,
	BRIDGE_DIRECT_SEND_TO,
	BRIDGE_DIRECT_GET_NAME,
	BRIDGE_DIRECT_SHUTDOWN,
};

struct bridge_param {
	char *name;
	char *default_text; /* NULL: required, or variadic */
	char *type_text;    /* as PHP's messages name the type */
	uint32_t types;     /* enum bridge_type */
	uint8_t by_ref;
	uint8_t variadic;
};

/* One row of the function table. */
struct bridge_row {
	char *name;
	struct bridge_param *params;
	uint32_t num_params;
	uint32_t required;
	uint32_t return_types;
	int context_param; /* index of the stream context parameter, or -1 */
	int flags_param;   /* index of an int $flags parameter, or -1 */
	uint8_t replaces;
	uint8_t hidden;
	uint8_t direct;    /* enum bridge_direct */
};

/* 0: none. */
struct bridge_limits {
	uint64_t open_sockets;
	uint64_t datagram_size; /* bytes */
	int64_t handshake_ms;
};

struct bridge_config {
	char *sapi;
	char *binary;
	char *ini_entries; /* "name=value\n" lines that beat every php.ini */
	char *ini_path;
	int ini_ignore;
	int own_process;
	int close_on_exec;
	int no_direct; /* every call goes through Go: for tests */
	int guarded;   /* there is a policy: Go is to be asked for every address */
	int memory;    /* there is a transport mem:// */
	int openssl;   /* TLS is left to ext/openssl */
	struct bridge_row *rows;
	uint32_t num_rows;
	uint64_t first_handle; /* handles for accepted sockets: a block of */
	uint32_t num_handles;  /* reserved numbers */
};

/* ---- runs --------------------------------------------------------------- */

struct bridge_request {
	char *file;      /* path, or NULL */
	char *real_path; /* of the file, wherever the script changes to */
	char *code; /* code without an opening tag, or NULL */
	size_t code_len;
	int from_stdin;
	int lint;
	char *dir;
	int argc;
	char **argv;
	char **env;  /* name, value, name, value, ..., NULL */
	char **ini;  /* the same shape */
	struct bridge_bytes vars; /* a wire array, or empty */
	struct bridge_limits limits;
	int output_fd; /* -1: through Go */
	int log_fd;    /* -1: through Go */
};

struct bridge_result {
	int started;
	int exit_status;
	int http_status;
	struct bridge_bytes value;   /* wire value */
	struct bridge_bytes headers; /* NUL-terminated header lines, one after another */
	int fatal;
	struct bridge_bytes fatal_message;
	struct bridge_bytes fatal_file;
	uint32_t fatal_line;
};

/* BRIDGE_QUIT ends the thread of an engine that did not start. */
enum bridge_job_kind { BRIDGE_START = 1, BRIDGE_RUN, BRIDGE_CLOSE_PERSISTENT, BRIDGE_STOP, BRIDGE_QUIT };

struct bridge_job {
	enum bridge_job_kind kind;
	struct bridge_config *config;
	struct bridge_request *request;
	struct bridge_result *result;
	int failed;
	char *reason; /* malloc()ed, when failed */
};

/* Hands one job to the PHP thread, which reports its end with bridgeGoDone(). */
void bridge_submit(struct bridge_job *job);

/* Creates the PHP thread; 0 or an errno. It ends after a BRIDGE_STOP job. */
int bridge_thread_create(void);
void bridge_thread_join(void);

int bridge_built_version(void);  /* PHP_VERSION_ID of the headers */
const char *bridge_version(void); /* version text of the headers */
int64_t bridge_openssl_version(void); /* OPENSSL_VERSION_NUMBER of ext/openssl, 0 without it; set by start-up */

/* ---- stopping ------------------------------------------------------------ */

void bridge_cancel(void); /* any thread: ends what runs, see interrupt.c */
void bridge_cancel_reset(void); /* before a run, when nobody can cancel any more */
void bridge_notify(void); /* any thread: wakes a wait, see wait.c */
void bridge_drain(void); /* any thread: lets the run come to its end, see drain.c */
int bridge_draining(void);
int bridge_drain_ask(void); /* the script wants to know */
void bridge_drain_reset(void); /* before a run */

/* ---- host functions -------------------------------------------------------- */

enum bridge_outcome {
	BRIDGE_DONE = 1,  /* reply holds effects and value */
	BRIDGE_AWAIT,     /* wait, then bridgeGoResume() */
	BRIDGE_ORIGINAL,  /* PHP's own function is to answer */
};

/* One call of a host function, on its way into Go and back. */
struct bridge_call {
	/* in */
	uint32_t row;
	uint32_t num_args;
	const char *args; /* wire values */
	size_t args_len;
	const char *context; /* wire array of context options, or NULL */
	size_t context_len;
	int context_default;
	int64_t default_timeout;
	int errno_value; /* of the row's direct operation */
	/* out */
	enum bridge_outcome outcome;
	uint64_t id;
	int fd;
	int events;
	int64_t timeout_ms;
	struct bridge_bytes reply;
};

/* Results of a wait, the values of phpext.Ready. */
enum bridge_ready {
	BRIDGE_READY = 0,
	BRIDGE_TIMEOUT,
	BRIDGE_CANCELLED,
	BRIDGE_WOKEN,
	BRIDGE_INTERRUPTED, /* by a signal */
};

/* ---- sockets ----------------------------------------------------------------- */

/* What happened to sockets in C and Go has yet to hear of, see journal.c. */
enum bridge_event_kind {
	BRIDGE_EVENT_ACCEPTED = 1,
	BRIDGE_EVENT_TAKEN_OVER, /* from elsewhere, as php://fd/N */
	BRIDGE_EVENT_CLOSED,
	BRIDGE_EVENT_HANDSHAKE,
	BRIDGE_EVENT_LIMIT, /* a limit of the configuration was reached */
};

struct bridge_event {
	enum bridge_event_kind kind;
	int error;         /* of a handshake, 0: it succeeded; of a limit: what the script was told */
	int64_t time_ns;   /* CLOCK_REALTIME */
	uint64_t handle;
	uint64_t listener; /* accepted */
	int fd;            /* accepted, taken over */
	int transport;     /* the same: enum bridge_transport */
	uint64_t received; /* closed: bytes */
	uint64_t sent;
	int64_t duration_us; /* handshake */
	uint32_t peer_len; /* accepted, taken over */
	char peer[32];     /* struct sockaddr; the names of unix clients, which are rare, are cut */
};

/* Moves up to n waiting events to out, oldest first; how many, 0 only if there are none. */
uint32_t bridge_journal_take(struct bridge_event *out, uint32_t n);

/* Becomes readable when there are events and somebody asked for it since the last ones were taken. */
int bridge_journal_bell(void);
void bridge_journal_ask(void);
void bridge_journal_unask(void);

struct bridge_counts {
	uint64_t handle;
	uint64_t received;
	uint64_t sent;
	int accepted;
};

/* What has been counted of up to n open sockets, newest first; how many there are. */
uint64_t bridge_journal_counts(struct bridge_counts *out, uint64_t n);

/* What is in the buffer of a stream, by the number of its resource: NULL or len bytes to
 * be copied at once. For host functions, while they run. */
const char *bridge_unread(int64_t id, size_t *len);

/* The transports PHP knows, as NUL-terminated names; set by start-up. */
struct bridge_bytes bridge_transports(void);

/* ---- TLS ------------------------------------------------------------------------ */

/* What is to be read of a session without its descriptor knowing of it. */
enum bridge_readable {
	BRIDGE_READABLE_NO,
	BRIDGE_READABLE_PERHAPS, /* a record is here, which may hold nothing */
	BRIDGE_READABLE_YES,
};

/* One read or write, on its way into Go and back. */
struct bridge_tls_io {
	/* in */
	uint64_t session;
	char *data;
	size_t len;
	int large; /* written in large pieces */
	/* out */
	int64_t n;    /* bytes; 0: nothing yet, unless it is over */
	int over;     /* nothing will ever come, or go, any more */
	int readable; /* enum bridge_readable; of a read */
	struct bridge_bytes words; /* a reply with PHP's warnings, or empty */
};

/* What stands in for the descriptor of a session that goroutines go on with. */
struct bridge_tls_relay {
	int fd; /* -1: there is none */
	int other_end;
	uint64_t other_cookie;
};

/* ---- the process ----------------------------------------------------------------- */

int bridge_set_process_title(const char *title, size_t len);

#endif
