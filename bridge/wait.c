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

enum bridge_ready bridge_wait_many(struct pollfd *fds, nfds_t n, int64_t timeout_ms, int *ready)
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
		if (r > 1) {
			*ready = r - 1;
			return BRIDGE_READY;
		}
		if (n == 0 || fds[0].fd < 0) {
			return BRIDGE_WOKEN;
		}
		/* The completion of a call that is over by now: wait on. */
	}
}

enum bridge_ready bridge_wait(int fd, int events, int64_t timeout_ms)
{
	struct pollfd fds[2];
	int ready;

	fds[0] = (struct pollfd){ .fd = fd, .events = (short)events };
	return bridge_wait_many(fds, 1, timeout_ms, &ready);
}

/* Every socket is closed here, so that what remembers descriptors can forget
 * this one before its number is given out again. */
void bridge_close(int fd)
{
	bridge_watch_forget(fd);
	close(fd);
}
