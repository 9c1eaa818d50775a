/*
 * The one place where anything blocks. Every operation that may block calls
 * bridge_wait() or bridge_wait_many(), and nothing else in this package polls;
 * so ending a blocked call takes one write to the wake-up descriptor.
 *
 * Rules for callers: after a wait, touch nothing that may have been freed in
 * the meantime without holding a reference; on BRIDGE_CANCELLED return without
 * a word, the run is about to end.
 */
#include <sys/eventfd.h>
#include <time.h>

#include "internal.h"

int bridge_wake_fd = -1;

int bridge_wait_open(void)
{
	bridge_wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return bridge_wake_fd < 0 ? errno : 0;
}

void bridge_wait_close(void)
{
	close(bridge_wake_fd);
	bridge_wake_fd = -1;
}

void bridge_notify(void)
{
	uint64_t one = 1;
	ssize_t n = write(bridge_wake_fd, &one, sizeof one);
	(void)n; /* full means that a wake-up is pending already */
}

int64_t bridge_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t bridge_timeval_ms(const struct timeval *tv)
{
	if (!tv || tv->tv_sec < 0) {
		return -1;
	}
	if (tv->tv_sec > INT_MAX / 1000 - 1) {
		return -1; /* PHP, too, takes what poll() cannot express for no limit */
	}
	return (int64_t)tv->tv_sec * 1000 + tv->tv_usec / 1000;
}

/* A wake-up without news for the run ends a wait that asked for nothing else, or for that. */
static enum bridge_ready wait_many(struct pollfd *fds, nfds_t n, int64_t timeout_ms, int *ready, bool wakes)
{
	fds[n] = (struct pollfd){ .fd = bridge_wake_fd, .events = POLLIN };
	if (timeout_ms > INT_MAX) {
		timeout_ms = -1;
	}
	for (;;) {
		int r;

		if (bridge_cancelled()) {
			return BRIDGE_CANCELLED;
		}
		r = poll(fds, n + 1, (int)timeout_ms);
		if (r == 0) {
			return BRIDGE_TIMEOUT;
		}
		if (r < 0) {
			if (bridge_cancelled()) {
				return BRIDGE_CANCELLED;
			}
			*ready = -1;
			return BRIDGE_INTERRUPTED;
		}
		if (!fds[n].revents) {
			*ready = r;
			return BRIDGE_READY;
		}

		uint64_t count;
		ssize_t drained = read(bridge_wake_fd, &count, sizeof count);
		(void)drained;
		if (bridge_cancelled()) {
			return BRIDGE_CANCELLED;
		}
		if (wakes || n == 0 || fds[0].fd < 0) {
			return BRIDGE_WOKEN;
		}
		if (r > 1) {
			*ready = r - 1;
			return BRIDGE_READY;
		}
		/* The completion of a call that is over by now: wait on. */
	}
}

enum bridge_ready bridge_wait_many(struct pollfd *fds, nfds_t n, int64_t timeout_ms, int *ready)
{
	return wait_many(fds, n, timeout_ms, ready, true);
}

enum bridge_ready bridge_wait(int fd, int events, int64_t timeout_ms)
{
	struct pollfd fds[2];
	int ready;

	fds[0] = (struct pollfd){ .fd = fd, .events = (short)events };
	return wait_many(fds, 1, timeout_ms, &ready, false);
}

enum bridge_ready bridge_wait_for_client(int fd, int events, int64_t timeout_ms)
{
	int64_t end = timeout_ms > 0 ? bridge_now_us() / 1000 + timeout_ms : 0;
	enum bridge_ready result;
	struct pollfd fds[2];
	int ready;

	if (bridge_draining() && bridge_watch_promised(fd)) {
		return bridge_wait(fd, events, timeout_ms);
	}
	do {
		switch (bridge_drain_at_rest()) {
		case BRIDGE_DRAIN_RETURN:
			return BRIDGE_TIMEOUT;
		case BRIDGE_DRAIN_END:
			return BRIDGE_CANCELLED;
		case BRIDGE_DRAIN_WAIT:
			break;
		}
		fds[0] = (struct pollfd){ .fd = bridge_draining() ? -1 : fd, .events = (short)events };
		result = wait_many(fds, 1, timeout_ms, &ready, true);
		if (timeout_ms > 0 && result == BRIDGE_WOKEN) {
			timeout_ms = MAX(0, end - bridge_now_us() / 1000);
		}
	} while (result == BRIDGE_WOKEN);
	return result;
}

/* Every socket is closed here, so that what remembers descriptors can forget
 * this one before its number is given out again. */
void bridge_close(int fd)
{
	bridge_watch_forget(fd);
	close(fd);
}
