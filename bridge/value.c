/*
 * The wire format: how values cross between PHP and Go, in one piece of memory
 * a call. wire.go is its twin. All numbers are little-endian, as the machines
 * we build for; a text is a u32 length and its bytes.
 */
#include "internal.h"

enum wire_tag {
	WIRE_NULL,
	WIRE_FALSE,
	WIRE_TRUE,
	WIRE_INT,      /* i64 */
	WIRE_FLOAT,    /* IEEE double */
	WIRE_STRING,   /* u64 length, bytes */
	WIRE_ARRAY,    /* u32 count, then key (WIRE_INT or WIRE_STRING) and value */
	WIRE_RESOURCE, /* text type, i64 number, u64 handle */
	WIRE_STREAM,   /* to PHP only: u64 handle, i32 descriptor, u8 transport, u8 flags, i32 and u64 the other end, text target */
	WIRE_ABSENT,   /* an argument that was not passed */
};

/* flags of WIRE_STREAM: it is bound; its descriptor is non-blocking */
#define STREAM_SERVER 1
#define STREAM_ASYNC 2
#define STREAM_VIRTUAL 4
#define STREAM_FRAMED 8
#define STREAM_ACCEPTED 16

#define MAX_UDP_PAYLOAD 65507 /* as in resources/virtual.go */

/* Deeper arrays are cut off: they would be recursive. */
#define MAX_DEPTH 200

/* ---- memory ------------------------------------------------------------------ */

/* What the allocator can do without asking for another piece of the address space. */
#define HUGE (1u << 20)

void bridge_claim(size_t size)
{
	size_t limit = PG(memory_limit) > 0 ? (size_t)PG(memory_limit) : SIZE_MAX;

	if (size < HUGE || bridge_state.own_process || (size < limit && zend_memory_usage(true) < limit - size)) {
		return;
	}
	zend_mm_gc(zend_mm_get_heap());
	if (size < limit && zend_memory_usage(true) < limit - size) {
		return;
	}
	zend_error_noreturn(E_ERROR, "Allowed memory size of %zu bytes exhausted (tried to allocate %zu bytes)", limit, size);
}

size_t bridge_string_size(size_t len)
{
	size_t size = ZEND_MM_ALIGNED_SIZE(_ZSTR_STRUCT_SIZE(len));

	return size > (2u << 20) ? ZEND_MM_ALIGNED_SIZE_EX(size, (size_t)sysconf(_SC_PAGESIZE)) : size;
}

/* ---- reading ----------------------------------------------------------------- */

static const char *take(struct wire_reader *r, size_t n)
{
	const char *p = r->p;

	if ((size_t)(r->end - p) < n) {
		r->ok = false;
		return NULL;
	}
	r->p += n;
	return p;
}

uint8_t wire_u8(struct wire_reader *r)
{
	const char *p = take(r, 1);
	return p ? (uint8_t)*p : 0;
}

uint32_t wire_u32(struct wire_reader *r)
{
	uint32_t v = 0;
	const char *p = take(r, sizeof v);
	if (p) {
		memcpy(&v, p, sizeof v);
	}
	return v;
}

uint64_t wire_u64(struct wire_reader *r)
{
	uint64_t v = 0;
	const char *p = take(r, sizeof v);
	if (p) {
		memcpy(&v, p, sizeof v);
	}
	return v;
}

const char *wire_text(struct wire_reader *r, size_t *len)
{
	*len = wire_u32(r);
	return take(r, *len);
}

static void read_stream(struct wire_reader *r, zval *out)
{
	uint64_t handle = wire_u64(r);
	int fd = (int)wire_u32(r);
	uint8_t transport = wire_u8(r);
	uint8_t flags = wire_u8(r);
	int other_end = (int)wire_u32(r);
	uint64_t other_cookie = wire_u64(r);
	size_t target_len;
	const char *target = wire_text(r, &target_len);
	struct bridge_socket *socket = r->into;
	php_stream *stream = NULL;

	ZVAL_TRUE(out);
	if (!r->ok || transport > BRIDGE_DESCRIPTOR) {
		r->ok = false;
		return;
	}
	if (!socket) {
		stream = bridge_socket_open(transport, NULL);
		socket = stream->abstract;
		if (transport != BRIDGE_PAIR) {
			php_stream_context_set(stream, r->context);
		}
		if (flags & STREAM_SERVER) {
			stream->flags |= PHP_STREAM_FLAG_NO_IO;
		}
		php_stream_to_zval(stream, out);
	}
	socket->net.socket = fd;
	socket->nonblocking = (flags & STREAM_ASYNC) != 0;
	socket->server = (flags & STREAM_SERVER) != 0;
	socket->is_virtual = (flags & STREAM_VIRTUAL) != 0;
	socket->framed = (flags & STREAM_FRAMED) != 0;
	socket->longest = socket->is_virtual && transport == BRIDGE_UDP ? MAX_UDP_PAYLOAD : 0;
	bridge_journal_opened(&socket->meter, handle, (flags & STREAM_ACCEPTED) != 0);
	socket->meter.other_end = other_end;
	socket->meter.other_cookie = other_cookie;
	if (target_len) {
		socket->target = zend_string_init(target, target_len, r->persistent);
	}
}

static void read_array(struct wire_reader *r, zval *out)
{
	uint32_t n = wire_u32(r);

	array_init(out);
	while (n-- > 0 && r->ok) {
		zval key, value;

		wire_value(r, &key);
		wire_value(r, &value);
		if (Z_TYPE(key) == IS_LONG) {
			zend_hash_index_update(Z_ARRVAL_P(out), Z_LVAL(key), &value);
		} else if (Z_TYPE(key) == IS_STRING) {
			zend_symtable_update(Z_ARRVAL_P(out), Z_STR(key), &value);
		} else {
			zval_ptr_dtor(&value);
			r->ok = false;
		}
		zval_ptr_dtor(&key);
	}
}

void wire_value(struct wire_reader *r, zval *out)
{
	uint64_t n;
	double d;
	const char *p;

	ZVAL_NULL(out);
	switch (wire_u8(r)) {
	case WIRE_NULL:
	case WIRE_ABSENT:
		break;
	case WIRE_FALSE:
		ZVAL_FALSE(out);
		break;
	case WIRE_TRUE:
		ZVAL_TRUE(out);
		break;
	case WIRE_INT:
		ZVAL_LONG(out, (zend_long)wire_u64(r));
		break;
	case WIRE_FLOAT:
		n = wire_u64(r);
		memcpy(&d, &n, sizeof d);
		ZVAL_DOUBLE(out, d);
		break;
	case WIRE_STRING:
		n = wire_u64(r);
		p = take(r, n);
		if (p) {
			bridge_claim(bridge_string_size(n));
			ZVAL_STRINGL_FAST(out, p, n);
		}
		break;
	case WIRE_ARRAY:
		read_array(r, out);
		break;
	case WIRE_STREAM:
		read_stream(r, out);
		break;
	default:
		r->ok = false;
	}
}

/* ---- writing ------------------------------------------------------------------- */

static void put_u32(smart_str *out, uint32_t v)
{
	smart_str_appendl(out, (const char *)&v, sizeof v);
}

static void put_u64(smart_str *out, uint64_t v)
{
	smart_str_appendl(out, (const char *)&v, sizeof v);
}

void wire_put_text(smart_str *out, const char *data, size_t len)
{
	put_u32(out, (uint32_t)len);
	smart_str_appendl(out, data, len);
}

static void put_string(smart_str *out, const char *data, size_t len)
{
	bridge_claim(bridge_string_size((out->s ? ZSTR_LEN(out->s) : 0) + len));
	smart_str_appendc(out, WIRE_STRING);
	put_u64(out, len);
	smart_str_appendl(out, data, len);
}

/* What an object is written as: it has no Go form. */
enum objects { OBJECTS_ARE_NULL, OBJECTS_ARE_TRUE };

static void put_value(smart_str *out, zval *value, enum objects objects, int depth);

static void put_array(smart_str *out, HashTable *array, enum objects objects, int depth)
{
	zend_ulong index;
	zend_string *key;
	zval *value;

	if (depth >= MAX_DEPTH) {
		smart_str_appendc(out, WIRE_NULL);
		return;
	}
	smart_str_appendc(out, WIRE_ARRAY);
	put_u32(out, zend_hash_num_elements(array));
	ZEND_HASH_FOREACH_KEY_VAL_IND(array, index, key, value) {
		if (key) {
			put_string(out, ZSTR_VAL(key), ZSTR_LEN(key));
		} else {
			smart_str_appendc(out, WIRE_INT);
			put_u64(out, index);
		}
		put_value(out, value, objects, depth + 1);
	} ZEND_HASH_FOREACH_END();
}

static void put_resource(smart_str *out, zval *value)
{
	zend_resource *resource = Z_RES_P(value);
	const char *type = zend_rsrc_list_get_rsrc_type(resource);
	php_stream *stream = bridge_stream_of(value);
	struct bridge_socket *socket = stream ? bridge_socket_of(stream) : NULL;

	if (!type) {
		type = "Unknown";
	}
	smart_str_appendc(out, WIRE_RESOURCE);
	wire_put_text(out, type, strlen(type));
	put_u64(out, (uint64_t)resource->handle);
	put_u64(out, socket ? socket->meter.handle : 0);
}

static void put_value(smart_str *out, zval *value, enum objects objects, int depth)
{
	uint64_t n;

	ZVAL_DEREF(value);
	switch (Z_TYPE_P(value)) {
	case IS_FALSE:
		smart_str_appendc(out, WIRE_FALSE);
		break;
	case IS_TRUE:
		smart_str_appendc(out, WIRE_TRUE);
		break;
	case IS_LONG:
		smart_str_appendc(out, WIRE_INT);
		put_u64(out, (uint64_t)Z_LVAL_P(value));
		break;
	case IS_DOUBLE:
		smart_str_appendc(out, WIRE_FLOAT);
		memcpy(&n, &Z_DVAL_P(value), sizeof n);
		put_u64(out, n);
		break;
	case IS_STRING:
		put_string(out, Z_STRVAL_P(value), Z_STRLEN_P(value));
		break;
	case IS_ARRAY:
		put_array(out, Z_ARRVAL_P(value), objects, depth);
		break;
	case IS_RESOURCE:
		put_resource(out, value);
		break;
	default:
		smart_str_appendc(out, Z_TYPE_P(value) == IS_OBJECT && objects == OBJECTS_ARE_TRUE ? WIRE_TRUE : WIRE_NULL);
	}
}

void wire_put_value(smart_str *out, zval *value)
{
	put_value(out, value, OBJECTS_ARE_NULL, 0);
}

void wire_put_options(smart_str *out, zval *options)
{
	put_value(out, options, OBJECTS_ARE_TRUE, 0);
}

void wire_put_absent(smart_str *out)
{
	smart_str_appendc(out, WIRE_ABSENT);
}

void wire_put_long(smart_str *out, zend_long number)
{
	smart_str_appendc(out, WIRE_INT);
	put_u64(out, (uint64_t)number);
}

void wire_put_bool(smart_str *out, bool truth)
{
	smart_str_appendc(out, truth ? WIRE_TRUE : WIRE_FALSE);
}

void wire_put_string(smart_str *out, const char *data, size_t len)
{
	put_string(out, data, len);
}
