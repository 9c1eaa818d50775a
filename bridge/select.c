/*
 * stream_select() on poll(): as PHP's own, without its limit of 1,024
 * descriptors, and ended at once when the run is cancelled.
 */
#include "internal.h"

/* What select(2) calls readable, writable and exceptional. */
#define READABLE (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR)
#define EXCEPTIONAL POLLPRI

enum { READ, WRITE, EXCEPT, SETS };

static const short wanted[SETS] = { POLLIN, POLLOUT, POLLPRI };
static const short counts_as[SETS] = { READABLE, WRITABLE, EXCEPTIONAL };

struct selection {
	zval *arrays[SETS];   /* NULL: not given */
	struct pollfd *fds;   /* one a descriptor, however often it is named */
	uint32_t *asked;      /* bits of the sets that name it */
	uint32_t n, capacity;
	HashTable index;      /* descriptor to position in fds */
	int max_fd;
};

static php_stream *stream_of(zval *element)
{
	ZVAL_DEREF(element);
	return zend_fetch_resource2_ex(element, "stream", php_file_le_stream(), php_file_le_pstream());
}

static bool descriptor_of(php_stream *stream, int *fd)
{
	php_socket_t socket = -1;

	if (php_stream_cast(stream, PHP_STREAM_AS_FD_FOR_SELECT | PHP_STREAM_CAST_INTERNAL, (void *)&socket, 1) != SUCCESS
			|| socket < 0) {
		return false;
	}
	*fd = (int)socket;
	return true;
}

static void add_descriptor(struct selection *s, int fd, int set)
{
	zval *found = zend_hash_index_find(&s->index, fd);
	uint32_t at;

	if (found) {
		at = (uint32_t)Z_LVAL_P(found);
	} else {
		zval position;

		if (s->n + 1 >= s->capacity) { /* one more than needed, for bridge_wait_many() */
			s->capacity = s->capacity ? s->capacity * 2 : 16;
			s->fds = erealloc2(s->fds, s->capacity * sizeof *s->fds, s->n * sizeof *s->fds);
			s->asked = erealloc2(s->asked, s->capacity * sizeof *s->asked, s->n * sizeof *s->asked);
		}
		at = s->n++;
		s->fds[at] = (struct pollfd){ .fd = fd };
		s->asked[at] = 0;
		ZVAL_LONG(&position, at);
		zend_hash_index_add_new(&s->index, fd, &position);
		s->max_fd = MAX(s->max_fd, fd);
	}
	s->fds[at].events |= wanted[set];
	s->asked[at] |= 1u << set;
}

/* Adds the streams of one array; whether there was one with a descriptor. */
static bool collect(struct selection *s, int set)
{
	zval *element;
	bool any = false;

	if (!s->arrays[set]) {
		return false;
	}
	ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(s->arrays[set]), element) {
		php_stream *stream = stream_of(element);
		int fd;

		if (stream && descriptor_of(stream, &fd)) {
			add_descriptor(s, fd, set);
			any = true;
		}
	} ZEND_HASH_FOREACH_END();
	return any;
}

static bool has_buffered(struct selection *s, php_stream *stream, int set)
{
	return stream->writepos > stream->readpos;
}

static bool is_ready(struct selection *s, php_stream *stream, int set)
{
	int fd;
	zval *position;

	if (!descriptor_of(stream, &fd) || !(position = zend_hash_index_find(&s->index, fd))) {
		return false;
	}
	return (s->fds[Z_LVAL_P(position)].revents & counts_as[set]) != 0;
}

/* The elements that pass, with their keys, as a new array. */
static HashTable *filter(struct selection *s, int set, bool (*passes)(struct selection *, php_stream *, int))
{
	HashTable *result = zend_new_array(0);
	zend_ulong index;
	zend_string *key;
	zval *element;

	ZEND_HASH_FOREACH_KEY_VAL(Z_ARRVAL_P(s->arrays[set]), index, key, element) {
		php_stream *stream = stream_of(element);

		if (stream && passes(s, stream, set)) {
			zval *copy = key ? zend_hash_update(result, key, element) : zend_hash_index_update(result, index, element);
			zval_add_ref(copy);
		}
	} ZEND_HASH_FOREACH_END();
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

/* Streams with bytes in PHP's own buffer are readable without asking anybody. */
static zend_long take_buffered(struct selection *s)
{
	HashTable *buffered;
	zend_long n;

	if (!s->arrays[READ]) {
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

/* As select(2) counts: every pair of a descriptor and a set it is ready in. */
static zend_long count_ready(const struct selection *s, bool *bad)
{
	zend_long n = 0;
	uint32_t i;
	int set;

	for (i = 0; i < s->n; i++) {
		*bad |= (s->fds[i].revents & POLLNVAL) != 0;
		for (set = 0; set < SETS; set++) {
			n += (s->asked[i] & (1u << set)) && (s->fds[i].revents & counts_as[set]);
		}
	}
	return n;
}

static void select_streams(struct selection *s, int64_t timeout_ms, zval *return_value)
{
	bool bad = false;
	int polled = 0, set;
	zend_long n;
	enum bridge_ready ready = bridge_wait_many(s->fds, s->n, timeout_ms, &polled);

	RETVAL_FALSE;
	if (ready == BRIDGE_CANCELLED) {
		return;
	}
	n = ready == BRIDGE_READY ? count_ready(s, &bad) : 0;
	if (bad) {
		errno = EBADF;
	}
	if (bad || ready == BRIDGE_INTERRUPTED) {
		php_error_docref(NULL, E_WARNING, "Unable to select [%d]: %s (max_fd=%d)", errno, strerror(errno), s->max_fd);
		return;
	}
	for (set = 0; set < SETS; set++) {
		if (s->arrays[set]) {
			replace_array(s->arrays[set], filter(s, set, is_ready));
		}
	}
	RETVAL_LONG(n);
}

/* In whole milliseconds, rounded up: a wait must not end before its time. */
static int64_t timeout_of(zend_long seconds, zend_long microseconds)
{
	if (seconds > INT_MAX / 1000 || microseconds / 1000000 > INT_MAX / 1000) {
		return -1;
	}
	return (int64_t)seconds * 1000 + (microseconds + 999) / 1000;
}

static void free_selection(struct selection *s)
{
	zend_hash_destroy(&s->index);
	if (s->fds) {
		efree(s->fds);
		efree(s->asked);
	}
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

	zend_hash_init(&s.index, 16, NULL, NULL, 0);
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
	free_selection(&s);
}
