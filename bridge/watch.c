/*
 * What stream_select() waits for: an epoll set that is kept from call to call,
 * so that a call costs what has changed and what is ready, and not a poll() of
 * everything.
 *
 * The set may hold more than a call asks for. A descriptor that reports and was
 * not asked for is taken out; one that was asked for and is not in it, or was
 * somebody else's when it came in, is put in. What epoll cannot watch (files of
 * a disk) makes the call fall back to poll().
 */
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>

#include "internal.h"

/* One a descriptor number. */
struct watched {
	uint64_t call;       /* the call that asked last */
	zend_ulong owner;    /* number of the stream's resource, never used twice in a run */
	uint32_t events;     /* what that call asks for */
	uint32_t registered; /* what epoll has been told; 0: not in the set */
	uint32_t revents;
	bool server;
};

static struct watched *watched;
static int capacity;
static int epoll_fd = -1;
static uint64_t this_call;

static int *asked; /* descriptors, each once */
static uint32_t num_asked, max_asked;
static struct epoll_event *reports;
static struct pollfd *polled;
static uint32_t max_reports;

/* ---- asking ---------------------------------------------------------------------- */

static struct watched *entry_of(int fd)
{
	if (fd >= capacity) {
		int more = MAX(64, capacity * 2);

		more = MAX(more, fd + 1);
		watched = perealloc(watched, more * sizeof *watched, 1);
		memset(watched + capacity, 0, (more - capacity) * sizeof *watched);
		capacity = more;
	}
	return &watched[fd];
}

void bridge_watch_begin(void)
{
	this_call++;
	num_asked = 0;
}

void bridge_watch_ask(int fd, zend_ulong owner, uint32_t events, bool server)
{
	struct watched *w = entry_of(fd);

	if (w->call == this_call) {
		w->events |= events;
		return;
	}
	if (w->owner != owner) {
		w->registered = 0;
		w->owner = owner;
	}
	w->call = this_call;
	w->server = server;
	w->events = events;
	w->revents = 0;
	if (num_asked == max_asked) {
		max_asked = MAX(64, max_asked * 2);
		asked = perealloc(asked, max_asked * sizeof *asked, 1);
	}
	asked[num_asked++] = fd;
}

uint32_t bridge_watch_revents(int fd)
{
	return fd < capacity && watched[fd].call == this_call ? watched[fd].revents : 0;
}

bool bridge_watch_promised(int fd)
{
	bool promised = fd >= 0 && bridge_watch_revents(fd) != 0;

	if (promised) {
		watched[fd].revents = 0;
	}
	return promised;
}

zend_long bridge_watch_count(zend_long (*pairs)(uint32_t asked, uint32_t ready))
{
	zend_long n = 0;
	uint32_t i;

	for (i = 0; i < num_asked; i++) {
		const struct watched *w = &watched[asked[i]];

		n += w->revents ? pairs(w->events, w->revents) : 0;
	}
	return n;
}

void bridge_watch_forget(int fd)
{
	if (fd < 0 || fd >= capacity || !watched[fd].registered) {
		return;
	}
	/* The kernel keeps it as long as a copy of the descriptor is open, in a child for example. */
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	watched[fd].registered = 0;
}

void bridge_watch_reset(void)
{
	if (epoll_fd >= 0) {
		close(epoll_fd);
		epoll_fd = -1;
	}
	free(watched);
	free(asked);
	free(reports);
	free(polled);
	watched = NULL;
	asked = NULL;
	reports = NULL;
	polled = NULL;
	capacity = 0;
	num_asked = max_asked = max_reports = 0;
}

/* ---- telling epoll -------------------------------------------------------------------- */

#define WAKE UINT64_MAX

/* What epoll reports: the number alone may be somebody else's by then. */
static uint64_t name_of(int fd, const struct watched *w)
{
	return (uint64_t)(uint32_t)w->owner << 32 | (uint32_t)fd;
}

static int open_epoll(void)
{
	struct epoll_event wake = { .events = EPOLLIN, .data.u64 = WAKE };

	if (epoll_fd >= 0) {
		return 0;
	}
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, bridge_wake_fd, &wake) != 0 ? errno : 0;
}

static int tell(int fd, struct watched *w)
{
	struct epoll_event event = { .events = w->events, .data.u64 = name_of(fd, w) };
	int operation = w->registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (epoll_ctl(epoll_fd, operation, fd, &event) != 0) {
		/* Its number was somebody else's in the meantime, or still is in the set. */
		operation = errno == ENOENT ? EPOLL_CTL_ADD : errno == EEXIST ? EPOLL_CTL_MOD : 0;
		if (!operation || epoll_ctl(epoll_fd, operation, fd, &event) != 0) {
			return errno;
		}
	}
	w->registered = w->events;
	return 0;
}

/* Brings the set up to date with what is asked; an errno. */
static int update(void)
{
	uint32_t i;
	int error = open_epoll();

	for (i = 0; i < num_asked && !error; i++) {
		struct watched *w = &watched[asked[i]];

		if (w->registered != w->events) {
			error = tell(asked[i], w);
		}
	}
	return error;
}

/* ---- waiting ---------------------------------------------------------------------------- */

static void reserve_reports(void)
{
	if (max_reports < num_asked + 1) {
		max_reports = MAX(64, num_asked * 2);
		reports = perealloc(reports, max_reports * sizeof *reports, 1);
		polled = perealloc(polled, max_reports * sizeof *polled, 1);
	}
}

static int wait_epoll(int64_t timeout_us)
{
#ifdef SYS_epoll_pwait2
	static bool missing; /* Linux before 5.11 counts in milliseconds */
	struct timespec limit = { timeout_us / 1000000, timeout_us % 1000000 * 1000 };

	if (!missing && timeout_us > 0) {
		int n = (int)syscall(SYS_epoll_pwait2, epoll_fd, reports, (int)max_reports, &limit, NULL, 0);

		if (n >= 0 || errno != ENOSYS) {
			return n;
		}
		missing = true;
	}
#endif
	return epoll_wait(epoll_fd, reports, (int)max_reports, timeout_us < 0 ? -1 : (int)MIN((timeout_us + 999) / 1000, INT_MAX));
}

/*
 * Begins anew. A descriptor that was closed without our knowledge while a copy
 * of it is open, in a child for example, stays in the set, and only its number,
 * which it no longer has, could take it out.
 */
static int rebuild(void)
{
	int fd;

	close(epoll_fd);
	epoll_fd = -1;
	for (fd = 0; fd < capacity; fd++) {
		watched[fd].registered = 0;
	}
	return update();
}

/* Takes out what was not asked for, and what cannot become ready in the way it was. */
static bool take_out(int fd)
{
	watched[fd].registered = 0;
	return epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, NULL) == 0;
}

/* Notes the reports down; how many descriptors are ready, or -1: the set must be rebuilt. */
static int note(int n, uint32_t (*counts)(uint32_t asked, uint32_t reported))
{
	bool stale = false;
	int i, ready = 0;

	for (i = 0; i < n; i++) {
		int fd = (int)(uint32_t)reports[i].data.u64;
		struct watched *w;

		if (reports[i].data.u64 == WAKE) {
			uint64_t count;
			ssize_t drained = read(bridge_wake_fd, &count, sizeof count);
			(void)drained;
			continue;
		}
		w = &watched[fd];
		if (name_of(fd, w) != reports[i].data.u64) {
			stale = true;
			continue;
		}
		w->revents = w->call == this_call ? counts(w->events, reports[i].events) : 0;
		if (w->revents) {
			ready++;
		} else {
			stale |= !take_out(fd);
		}
	}
	return ready > 0 ? ready : stale ? -1 : 0;
}

/* The same for what poll() has found. */
static int note_polled(uint32_t (*counts)(uint32_t asked, uint32_t reported))
{
	uint32_t i;
	int ready = 0;

	for (i = 0; i < num_asked; i++) {
		struct watched *w = &watched[asked[i]];

		w->revents = counts(w->events, (uint32_t)(unsigned short)polled[i].revents);
		ready += w->revents != 0;
		if (polled[i].revents && !w->revents) {
			polled[i].fd = -1; /* for the rest of this call */
		}
	}
	return ready;
}

static enum bridge_ready once(bool by_poll, int64_t timeout_us, int *n)
{
	if (by_poll) {
		return bridge_wait_many(polled, num_asked, timeout_us < 0 ? -1 : (timeout_us + 999) / 1000, n);
	}
	if (bridge_cancelled()) {
		return BRIDGE_CANCELLED;
	}
	*n = wait_epoll(timeout_us);
	if (bridge_cancelled()) {
		return BRIDGE_CANCELLED;
	}
	return *n > 0 ? BRIDGE_READY : *n == 0 ? BRIDGE_TIMEOUT : BRIDGE_INTERRUPTED;
}

static void ask_poll(void)
{
	uint32_t i;

	for (i = 0; i < num_asked; i++) {
		polled[i] = (struct pollfd){ .fd = asked[i], .events = (short)watched[asked[i]].events };
	}
}

/*
 * While the run drains, nobody new is to be seen: whether there is a server
 * among the descriptors, which are asked for nothing then.
 */
static bool turn_away(bool by_poll)
{
	bool any = false;
	uint32_t i;

	for (i = 0; i < num_asked; i++) {
		struct watched *w = &watched[asked[i]];

		if (w->server) {
			w->events = 0;
			any = true;
		}
	}
	if (any && by_poll) {
		ask_poll();
	} else if (any) {
		update(); /* what it cannot change is filtered by counts() */
	}
	return any;
}

enum bridge_ready bridge_watch_wait(int64_t timeout_us, uint32_t (*counts)(uint32_t asked, uint32_t reported))
{
	int64_t end = timeout_us > 0 ? bridge_now_us() + timeout_us : 0;
	int error = update(), n;
	bool by_poll = error == EPERM, draining = false, at_rest = false;

	if (error && !by_poll) {
		errno = error;
		return BRIDGE_INTERRUPTED;
	}
	reserve_reports();
	if (by_poll) {
		ask_poll();
	}
	for (;;) {
		enum bridge_ready ready;

		if (bridge_draining() && !draining) {
			draining = true;
			at_rest = turn_away(by_poll) && timeout_us != 0;
		}
		/* A run that drains ends where nothing is left to do but to wait. */
		ready = once(by_poll, at_rest ? 0 : timeout_us, &n);
		if (ready == BRIDGE_TIMEOUT && at_rest) {
			switch (bridge_drain_at_rest()) {
			case BRIDGE_DRAIN_RETURN:
				return BRIDGE_TIMEOUT;
			case BRIDGE_DRAIN_END:
				return BRIDGE_CANCELLED;
			case BRIDGE_DRAIN_WAIT:
				at_rest = false;
				continue;
			}
		}
		if (bridge_draining() && !draining && ready == BRIDGE_READY) {
			continue; /* who has come meanwhile is turned away, too */
		}
		if (ready == BRIDGE_WOKEN) {
			n = 0;
		} else if (ready != BRIDGE_READY) {
			return ready;
		} else {
			n = by_poll ? note_polled(counts) : note(n, counts);
		}
		if (n > 0) {
			return BRIDGE_READY;
		}
		if (n < 0 && (errno = rebuild()) != 0) {
			return BRIDGE_INTERRUPTED;
		}
		if (timeout_us > 0) {
			timeout_us = MAX(0, end - bridge_now_us());
		}
	}
}
