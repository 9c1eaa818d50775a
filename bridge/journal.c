/*
 * What C did with sockets and Go has yet to hear. Accepting and closing happen
 * on the hot path, where a call into Go could wait for busy goroutines; they
 * are written down here, and Go reads them whenever it looks at its socket
 * table. Handles of accepted sockets come from a block that Go has reserved.
 */
#include "internal.h"
#include "_cgo_export.h"

/* Room for so many events before Go must look: the more, the less a host with
 * busy goroutines holds the hot path up. */
#define CAPACITY 16384

static struct bridge_event events[CAPACITY]; /* a ring */
static uint32_t first, count;
static uint64_t next_handle;
static uint64_t last_handle;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Around fork(), so that the child never starts with the lock held by a goroutine
 * that it does not have. */
void bridge_journal_hold(void) { pthread_mutex_lock(&lock); }
void bridge_journal_release(void) { pthread_mutex_unlock(&lock); }

void bridge_journal_reset(uint64_t first_handle, uint32_t n)
{
	next_handle = first_handle;
	last_handle = first_handle + n - 1;
	first = count = 0;
}

/* Makes room; in a forked child nobody reads, and what is full is dropped. */
static struct bridge_event *append(void)
{
	if (count == CAPACITY && !bridge_forked()) {
		pthread_mutex_unlock(&lock);
		bridgeGoJournalFull();
		pthread_mutex_lock(&lock);
	}
	if (count == CAPACITY) {
		count = 0;
	}
	return &events[(first + count++) % CAPACITY];
}

static uint64_t append_opened(uint64_t listener, enum bridge_transport transport, int fd,
	const struct sockaddr_storage *peer, socklen_t peer_len)
{
	struct bridge_event *event;
	uint64_t handle;

	if (next_handle > last_handle && !bridge_forked()) {
		uint32_t n = 0;
		next_handle = bridgeGoReserveHandles(&n);
		last_handle = next_handle + n - 1;
	}
	pthread_mutex_lock(&lock);
	event = append();
	handle = event->handle = next_handle++;
	event->listener = listener ? listener : handle;
	event->fd = fd;
	event->transport = (int)transport;
	event->peer_len = MIN(peer_len, sizeof event->peer);
	memcpy(event->peer, peer, event->peer_len);
	pthread_mutex_unlock(&lock);
	return handle;
}

uint64_t bridge_journal_accepted(uint64_t listener, enum bridge_transport transport, int fd,
	const struct sockaddr_storage *peer, socklen_t peer_len)
{
	return append_opened(listener, transport, fd, peer, peer_len);
}

uint64_t bridge_journal_taken_over(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;

	if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0) {
		len = 0;
	}
	return append_opened(0, BRIDGE_DESCRIPTOR, fd, &peer, len);
}

/* The descriptor is closed with the lock held, so that Go never sees a live
 * entry for a number that is somebody else's by now. */
void bridge_journal_closed(uint64_t handle, int fd)
{
	pthread_mutex_lock(&lock);
	*append() = (struct bridge_event){ .handle = handle };
	bridge_close(fd);
	pthread_mutex_unlock(&lock);
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
