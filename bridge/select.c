/*
 * stream_select(): as PHP's own, without its limit of 1,024 descriptors, at a
 * cost that hardly grows with the number of streams (watch.c), and ended at
 * once when the run is cancelled.
 */
#include <sys/epoll.h>

#include "internal.h"

enum { READ, WRITE, EXCEPT, SETS };

/* What epoll and poll() are asked for, and what of their answers select(2)
 * calls readable, writable and exceptional. Their bits are the same. */
static const uint32_t wanted[SETS] = { EPOLLIN, EPOLLOUT, EPOLLPRI };
static const uint32_t counts_as[SETS] = {
	EPOLLIN | EPOLLRDNORM | EPOLLRDBAND | EPOLLHUP | EPOLLERR,
	EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND | EPOLLERR,
	EPOLLPRI,
};

/* An element that is a stream of ours. */
struct element {
	uint32_t position; /* in the array's memory */
	int fd;
};

struct selection {
	zval *arrays[SETS];   /* NULL: not given */
	zval held[SETS];      /* as they came: an error handler may change the script's */
	bool foreign[SETS];   /* has other elements, too */
	uint32_t count[SETS]; /* of elements, below */
	bool buffered;        /* a stream to be read has bytes in PHP's buffer, or Go's */
	int max_fd;
};

/* Kept from call to call. */
static struct element *elements[SETS];
static uint32_t capacity[SETS];

static php_stream *stream_of(zval *element)
{
	php_stream *stream;

	ZVAL_DEREF(element);
	stream = bridge_stream_of(element);
	/* What is none throws, in PHP's words. */
	return stream ? stream
		: zend_fetch_resource2_ex(element, "stream", php_file_le_stream(), php_file_le_pstream());
}

/* The descriptor of a plain socket of ours, else -1. */
static int own_descriptor(php_stream *stream)
{
	struct bridge_socket *ours = bridge_socket_of(stream);

	return ours && !php_stream_is_filtered(stream) ? ours->net.socket : -1;
}

static void ask(php_stream *stream, int fd, int set)
{
	struct bridge_socket *ours = bridge_socket_of(stream);
	bool server = ours && ours->server;
	/* What stands in for a listener can always be written to, and a listener never. */
	bool never = server && set == WRITE && bridge_is_virtual_listener(ours);

	bridge_watch_ask(fd, (zend_ulong)stream->res->handle, never ? 0 : wanted[set], server);
}

/* Whether there is something to read that the descriptor does not know of. */
static bool has_buffered(php_stream *stream, int set)
{
	struct bridge_socket *ours = bridge_socket_of(stream);

	return stream->writepos > stream->readpos || (ours && ours->tls && bridge_tls_readable(ours));
}

static bool descriptor_of(php_stream *stream, int *fd)
{
	php_socket_t socket = own_descriptor(stream);

	if (socket < 0 && (php_stream_cast(stream, PHP_STREAM_AS_FD_FOR_SELECT | PHP_STREAM_CAST_INTERNAL,
			(void *)&socket, 1) != SUCCESS || socket < 0)) {
		return false;
	}
	*fd = (int)socket;
	return true;
}

static void remember(struct selection *s, int set, uint32_t position, int fd)
{
	if (s->count[set] == capacity[set]) {
		capacity[set] = MAX(64, capacity[set] * 2);
		elements[set] = perealloc(elements[set], capacity[set] * sizeof **elements, 1);
	}
	elements[set][s->count[set]++] = (struct element){ position, fd };
}

/* Asks for the streams of one array; whether there was one with a descriptor. */
static bool collect(struct selection *s, int set)
{
	HashTable *array;
	uint32_t position;
	bool any = false;

	if (!s->arrays[set]) {
		return false;
	}
	ZVAL_COPY(&s->held[set], s->arrays[set]);
	array = Z_ARRVAL(s->held[set]);
	for (position = 0; position < array->nNumUsed; position++) {
		zval *value = HT_IS_PACKED(array) ? &array->arPacked[position] : &array->arData[position].val;
		php_stream *stream;
		int fd;

		if (Z_ISUNDEF_P(value)) {
			continue;
		}
		stream = stream_of(value);
		fd = stream ? own_descriptor(stream) : -1;
		if (fd >= 0) {
			remember(s, set, position, fd);
		} else {
			s->foreign[set] = true;
			if (!stream || !descriptor_of(stream, &fd)) {
				continue;
			}
		}
		ask(stream, fd, set);
		s->buffered |= set == READ && has_buffered(stream, set);
		s->max_fd = MAX(s->max_fd, fd);
		any = true;
	}
	return any;
}

static bool is_ready(php_stream *stream, int set)
{
	int fd;

	return descriptor_of(stream, &fd) && (bridge_watch_revents(fd) & counts_as[set]);
}

static void add_copy(HashTable *to, zend_string *key, zend_ulong index, zval *value)
{
	zval_add_ref(key ? zend_hash_update(to, key, value) : zend_hash_index_update(to, index, value));
}

/* The elements that pass, with their keys, as a new array. */
static HashTable *filter(struct selection *s, int set, bool (*passes)(php_stream *, int))
{
	HashTable *result = zend_new_array(0);
	zend_ulong index;
	zend_string *key;
	zval *element, array;

	ZVAL_COPY(&array, s->arrays[set]);
	ZEND_HASH_FOREACH_KEY_VAL(Z_ARRVAL(array), index, key, element) {
		php_stream *stream = stream_of(element);

		if (stream && passes(stream, set)) {
			add_copy(result, key, index, element);
		}
	} ZEND_HASH_FOREACH_END();
	zval_ptr_dtor(&array);
	return result;
}

/* The same as filter() for is_ready(), where all elements are ours. */
static HashTable *ready_elements(struct selection *s, int set)
{
	HashTable *array = Z_ARRVAL(s->held[set]), *result = zend_new_array(0);
	uint32_t i;

	for (i = 0; i < s->count[set]; i++) {
		const struct element *e = &elements[set][i];

		if (!(bridge_watch_revents(e->fd) & counts_as[set])) {
			continue;
		}
		if (HT_IS_PACKED(array)) {
			add_copy(result, NULL, e->position, &array->arPacked[e->position]);
		} else {
			Bucket *bucket = &array->arData[e->position];
			add_copy(result, bucket->key, bucket->h, &bucket->val);
		}
	}
	return result;
}

static void replace_array(zval *array, HashTable *with)
{
	zval_ptr_dtor(array);
	ZVAL_ARR(array, with);
}

static void empty_array(zval *array)
{
	if (array) {
		zval_ptr_dtor(array);
		ZVAL_EMPTY_ARRAY(array);
	}
}

/* Streams with bytes that the kernel has given already are readable without asking it. */
static zend_long take_buffered(struct selection *s)
{
	HashTable *buffered;
	zend_long n;

	if (!s->buffered || Z_TYPE_P(s->arrays[READ]) != IS_ARRAY) {
		return 0;
	}
	buffered = filter(s, READ, has_buffered);
	n = zend_hash_num_elements(buffered);
	if (n == 0) {
		zend_array_destroy(buffered);
		return 0;
	}
	replace_array(s->arrays[READ], buffered);
	empty_array(s->arrays[WRITE]);
	empty_array(s->arrays[EXCEPT]);
	return n;
}

/* What of the reported events makes a descriptor ready for somebody who asked. */
static uint32_t ready_events(uint32_t asked, uint32_t reported)
{
	uint32_t ready = 0;
	int set;

	for (set = 0; set < SETS; set++) {
		if (asked & wanted[set]) {
			ready |= reported & counts_as[set];
		}
	}
	return ready;
}

/* As select(2) counts: every pair of a descriptor and a set it is ready in. */
static zend_long count_pairs(uint32_t asked, uint32_t ready)
{
	zend_long n = 0;
	int set;

	for (set = 0; set < SETS; set++) {
		n += (asked & wanted[set]) && (ready & counts_as[set]);
	}
	return n;
}

static void select_streams(struct selection *s, int64_t timeout_us, zval *return_value)
{
	enum bridge_ready ready = bridge_watch_wait(timeout_us, ready_events);
	int set;

	RETVAL_FALSE;
	if (ready == BRIDGE_CANCELLED) {
		return;
	}
	if (ready == BRIDGE_INTERRUPTED) {
		php_error_docref(NULL, E_WARNING, "Unable to select [%d]: %s (max_fd=%d)", errno, strerror(errno), s->max_fd);
		return;
	}
	RETVAL_LONG(bridge_watch_count(count_pairs));
	for (set = 0; set < SETS; set++) {
		zval *array = s->arrays[set];

		if (!array || Z_TYPE_P(array) != IS_ARRAY) {
			continue;
		}
		/* The same variable may stand for several sets, and was replaced then. */
		if (s->foreign[set] || Z_ARRVAL_P(array) != Z_ARRVAL(s->held[set])) {
			replace_array(array, filter(s, set, is_ready));
		} else {
			replace_array(array, ready_elements(s, set));
		}
	}
}

static int64_t timeout_of(zend_long seconds, zend_long microseconds)
{
	if (seconds > INT_MAX || microseconds / 1000000 > INT_MAX) {
		return -1;
	}
	return (int64_t)seconds * 1000000 + microseconds;
}

/* https://www.php.net/manual/en/function.stream-select.php */
ZEND_NAMED_FUNCTION(bridge_stream_select)
{
	struct selection s = { .max_fd = 0 };
	zend_long seconds, microseconds = 0, buffered;
	bool no_limit, microseconds_null = 1, any = false;
	int set;

	ZEND_PARSE_PARAMETERS_START(4, 5)
		Z_PARAM_ARRAY_EX2(s.arrays[READ], 1, 1, 0)
		Z_PARAM_ARRAY_EX2(s.arrays[WRITE], 1, 1, 0)
		Z_PARAM_ARRAY_EX2(s.arrays[EXCEPT], 1, 1, 0)
		Z_PARAM_LONG_OR_NULL(seconds, no_limit)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG_OR_NULL(microseconds, microseconds_null)
	ZEND_PARSE_PARAMETERS_END();

	for (set = 0; set < SETS; set++) {
		ZVAL_UNDEF(&s.held[set]);
	}
	bridge_watch_begin();
	for (set = 0; set < SETS; set++) {
		any |= collect(&s, set);
	}
	if (!any) {
		zend_value_error("No stream arrays were passed");
	} else if (no_limit && !microseconds_null && microseconds != 0) {
		zend_argument_value_error(5, "must be null when argument #4 ($seconds) is null");
	} else if (!no_limit && seconds < 0) {
		zend_argument_value_error(4, "must be greater than or equal to 0");
	} else if (!no_limit && microseconds < 0) {
		zend_argument_value_error(5, "must be greater than or equal to 0");
	} else if ((buffered = take_buffered(&s)) > 0) {
		RETVAL_LONG(buffered);
	} else {
		select_streams(&s, no_limit ? -1 : timeout_of(seconds, microseconds), return_value);
	}
	for (set = 0; set < SETS; set++) {
		zval_ptr_dtor(&s.held[set]);
	}
}
