/* Many connections of one client. */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#include "common.h"

/*
 * How many connections wait for the server at most. A server's queue holds 1,024, and as many packets the one between the
 * two programs; the system drops what comes when one is full, the client tries again a second later, and that second
 * would be all there is to see.
 */
enum { WAITING = 500 };

static char message[MESSAGE];

static inline int open_socket(const union address *to, int flags)
{
	int fd = socket(to->any.sa_family, SOCK_STREAM | flags, 0);

	if (fd < 0) {
		fail("socket");
	}
	return fd;
}

static inline void ask(int fd)
{
	if (send(fd, message, MESSAGE, MSG_NOSIGNAL) != MESSAGE) {
		fail("send");
	}
}

static inline void answer(int fd)
{
	if (recv(fd, message, MESSAGE, MSG_WAITALL) != MESSAGE) {
		fail("recv: a connection is lost");
	}
}

/* A round trip on each of some connections. */
static inline void ask_all(const int *fds, int n)
{
	int at, i;

	for (at = 0; at < n; at += WAITING) {
		for (i = at; i < n && i < at + WAITING; i++) {
			ask(fds[i]);
		}
		for (i = at; i < n && i < at + WAITING; i++) {
			answer(fds[i]);
		}
	}
}

/* N connections, each of which has had a round trip. */
static inline int *connect_all(int n, const union address *to, socklen_t len)
{
	struct linger reset = { 1, 0 }; /* leaves no connection in TIME_WAIT */
	int *fds = calloc(n, sizeof *fds), i, asked = 0;

	for (i = 0; i < n; i++) {
		fds[i] = open_socket(to, 0);
		if (connect(fds[i], &to->any, len) != 0) {
			fail("connect");
		}
		setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		if (i + 1 == n || i + 1 - asked == WAITING) {
			ask_all(fds + asked, i + 1 - asked);
			asked = i + 1;
		}
	}
	return fds;
}

/* Connects and asks on all, not one after the other; the answers come while others are still on their way. */
static inline void rush(int *fds, int n, const union address *to, socklen_t len)
{
	struct epoll_event events[256], e;
	int set = epoll_create1(0), opened = 0, answered = 0, i, got;

	while (answered < n) {
		for (; opened < n && opened - answered < WAITING; opened++) {
			int fd = fds[opened] = open_socket(to, SOCK_NONBLOCK);

			if (connect(fd, &to->any, len) != 0 && errno != EINPROGRESS) {
				fail("connect");
			}
			e = (struct epoll_event){ .events = EPOLLOUT, .data.fd = fd };
			epoll_ctl(set, EPOLL_CTL_ADD, fd, &e);
		}
		got = epoll_wait(set, events, 256, 15000);
		if (got <= 0) {
			fail("a connection is lost");
		}
		for (i = 0; i < got; i++) {
			int fd = events[i].data.fd;

			if (events[i].events & EPOLLOUT) {
				ask(fd);
				e = (struct epoll_event){ .events = EPOLLIN, .data.fd = fd };
				epoll_ctl(set, EPOLL_CTL_MOD, fd, &e);
			} else {
				answer(fd);
				epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL);
				answered++;
			}
		}
	}
	close(set);
}

/* Opens N connections, uses each, uses each again when all are there, and closes them; returns how long it took. */
static inline double storm(int n, const union address *to, socklen_t len)
{
	int *fds = calloc(n, sizeof *fds), i;
	double start = now();

	rush(fds, n, to, len);
	for (i = 0; i < n; i++) {
		fcntl(fds[i], F_SETFL, 0);
	}
	ask_all(fds, n);
	for (i = 0; i < n; i++) {
		shutdown(fds[i], SHUT_WR);
	}
	for (i = 0; i < n; i++) {
		if (recv(fds[i], message, MESSAGE, 0) != 0) {
			fail("recv: not closed");
		}
		close(fds[i]);
	}
	return now() - start;
}

#endif
