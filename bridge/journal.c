/*
 * What C did with sockets and Go has yet to hear. Accepting and closing happen
 * on the hot path, where a call into Go could wait for busy goroutines; they
 * are written down here, and Go reads them whenever it looks at its socket
 * table. Handles of accepted sockets come from a block that Go has reserved.
 * The meters of all open sockets hang in a list, so that Go can read them, too.
 */
#include <sys/eventfd.h>
#include <time.h>

#include "internal.h"
#include "_cgo_export.h"

/* Room for so many events before Go must look: the more, the less a host with
 * busy goroutines holds the hot path up. */
#define CAPACITY 16384

static struct bridge_event events[CAPACITY]; /* a ring */
static uint32_t first, count;
static uint64_t next_handle;
static uint64_t last_handle;
static struct bridge_meter *newest;
static uint64_t num_open, num_accepted;
static bool bell_wanted;
static int bell_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Around fork(), so that the child never starts with the lock held by a goroutine
 * that it does not have. */
void bridge_journal_hold(void) { pthread_mutex_lock(&lock); }
void bridge_journal_release(void) { pthread_mutex_unlock(&lock); }

uint64_t bridge_open_sockets(void) { return num_open; }
uint64_t bridge_open_connections(void) { return num_accepted; }

void bridge_journal_reset(uint64_t first_handle, uint32_t n)
{
	next_handle = first_handle;
	last_handle = first_handle + n - 1;
	first = count = 0;
	newest = NULL;
	num_open = num_accepted = 0;
}

/* ---- events -------------------------------------------------------------------------- */

/* Makes room; in a forked child nobody reads, and what is full is dropped. */
static struct bridge_event *append(enum bridge_event_kind kind, uint64_t handle)
{
	struct bridge_event *event;
	struct timespec now;

	if (count == CAPACITY && !bridge_forked()) {
		pthread_mutex_unlock(&lock);
		bridgeGoReadJournal();
		pthread_mutex_lock(&lock);
	}
	if (count == CAPACITY) {
		count = 0;
	}
	if (bell_wanted) {
		uint64_t one = 1;
		ssize_t n = write(bell_fd, &one, sizeof one);

		(void)n; /* it can only be full, and then it rings already */
		bell_wanted = false;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	event = &events[(first + count++) % CAPACITY];
	event->kind = kind;
	event->handle = handle;
	event->time_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return event;
}

uint32_t bridge_journal_take(struct bridge_event *out, uint32_t n)
{
	pthread_mutex_lock(&lock);
	n = MIN(n, MIN(count, CAPACITY - first));
	memcpy(out, events + first, n * sizeof *events);
	first = (first + n) % CAPACITY;
	count -= n;
	pthread_mutex_unlock(&lock);
	return n;
}

int bridge_journal_bell(void)
{
	bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return bell_fd;
}

void bridge_journal_ask(void)
{
	pthread_mutex_lock(&lock);
	bell_wanted = bell_fd >= 0;
	pthread_mutex_unlock(&lock);
}

void bridge_journal_unask(void)
{
	pthread_mutex_lock(&lock);
	bell_wanted = false;
	bell_fd = -1;
	pthread_mutex_unlock(&lock);
}

/* ---- meters ------------------------------------------------------------------------------ */

static void attach(struct bridge_meter *meter, uint64_t handle, bool accepted)
{
	*meter = (struct bridge_meter){ .handle = handle, .accepted = accepted, .next = newest };
	if (newest) {
		newest->previous = meter;
	}
	newest = meter;
	num_open++;
	num_accepted += accepted;
}

static void detach(struct bridge_meter *meter)
{
	if (meter->previous) {
		meter->previous->next = meter->next;
	} else {
		newest = meter->next;
	}
	if (meter->next) {
		meter->next->previous = meter->previous;
	}
	num_open--;
	num_accepted -= meter->accepted;
	meter->handle = 0;
}

void bridge_journal_moved(struct bridge_meter *from, struct bridge_meter *to)
{
	pthread_mutex_lock(&lock);
	*to = *from;
	from->handle = 0;
	if (to->previous) {
		to->previous->next = to;
	} else {
		newest = to;
	}
	if (to->next) {
		to->next->previous = to;
	}
	pthread_mutex_unlock(&lock);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie;
	socklen_t len = sizeof cookie;

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) == 0 ? cookie : 0;
}

/* The child does not serve the virtual sockets. As long as it had a copy of their
 * other ends it would not see that the parent, who does, is gone. */
void bridge_journal_forked(void)
{
	struct bridge_meter *meter;

	for (meter = newest; meter; meter = meter->next) {
		if (meter->other_cookie && cookie_of(meter->other_end) == meter->other_cookie) {
			close(meter->other_end);
		}
		meter->other_cookie = 0;
	}
}

uint64_t bridge_journal_counts(struct bridge_counts *out, uint64_t n)
{
	const struct bridge_meter *meter;
	uint64_t i = 0, open;

	pthread_mutex_lock(&lock);
	for (meter = newest; meter && i < n; meter = meter->next) {
		out[i++] = (struct bridge_counts){
			.handle = meter->handle,
			.received = __atomic_load_n(&meter->received, __ATOMIC_RELAXED),
			.sent = __atomic_load_n(&meter->sent, __ATOMIC_RELAXED),
			.accepted = meter->accepted,
		};
	}
	open = num_open;
	pthread_mutex_unlock(&lock);
	return open;
}

/* ---- what happens ---------------------------------------------------------------------------- */

static uint64_t new_handle(void)
{
	if (next_handle > last_handle && !bridge_forked()) {
		uint32_t n = 0;
		next_handle = bridgeGoReserveHandles(&n);
		last_handle = next_handle + n - 1;
	}
	return next_handle++;
}

static void append_opened(enum bridge_event_kind kind, struct bridge_meter *meter, uint64_t listener,
	enum bridge_transport transport, int fd, const struct sockaddr_storage *peer, socklen_t peer_len)
{
	uint64_t handle = new_handle();
	struct bridge_event *event;

	pthread_mutex_lock(&lock);
	attach(meter, handle, kind == BRIDGE_EVENT_ACCEPTED);
	event = append(kind, handle);
	event->listener = listener;
	event->fd = fd;
	event->transport = (int)transport;
	event->peer_len = MIN(peer_len, sizeof event->peer);
	memcpy(event->peer, peer, event->peer_len);
	pthread_mutex_unlock(&lock);
}

void bridge_journal_opened(struct bridge_meter *meter, uint64_t handle, bool accepted)
{
	pthread_mutex_lock(&lock);
	attach(meter, handle, accepted);
	pthread_mutex_unlock(&lock);
}

void bridge_journal_accepted(struct bridge_meter *meter, uint64_t listener, enum bridge_transport transport,
	int fd, const struct sockaddr_storage *peer, socklen_t peer_len)
{
	append_opened(BRIDGE_EVENT_ACCEPTED, meter, listener, transport, fd, peer, peer_len);
}

void bridge_journal_taken_over(struct bridge_meter *meter, int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;

	if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0) {
		len = 0;
	}
	append_opened(BRIDGE_EVENT_TAKEN_OVER, meter, 0, BRIDGE_DESCRIPTOR, fd, &peer, len);
}

/* The descriptor is closed with the lock held, so that Go never sees a live
 * entry for a number that is somebody else's by now. */
void bridge_journal_closed(struct bridge_meter *meter, int fd)
{
	struct bridge_event *event;

	pthread_mutex_lock(&lock);
	event = append(BRIDGE_EVENT_CLOSED, meter->handle);
	event->received = meter->received;
	event->sent = meter->sent;
	detach(meter);
	if (fd >= 0) {
		bridge_close(fd);
	}
	pthread_mutex_unlock(&lock);
}

void bridge_journal_handshake(uint64_t handle, bool ok, int64_t duration_us)
{
	struct bridge_event *event;

	pthread_mutex_lock(&lock);
	event = append(BRIDGE_EVENT_HANDSHAKE, handle);
	event->error = ok ? 0 : EPROTO;
	event->duration_us = duration_us;
	pthread_mutex_unlock(&lock);
}

void bridge_journal_limit(uint64_t handle, int error)
{
	pthread_mutex_lock(&lock);
	append(BRIDGE_EVENT_LIMIT, handle)->error = error;
	pthread_mutex_unlock(&lock);
}
