/* What the client and the plain server of the benchmarks share. */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, LARGEST = 65536 };

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_un un;
};

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* "127.0.0.1:PORT" or the path of a unix socket; returns the length. */
static inline socklen_t parse_address(const char *text, union address *to)
{
	const char *colon = strrchr(text, ':');

	memset(to, 0, sizeof *to);
	if (*text == '/') {
		to->un.sun_family = AF_UNIX;
		snprintf(to->un.sun_path, sizeof to->un.sun_path, "%s", text);
		return sizeof to->un;
	}
	to->in.sin_family = AF_INET;
	to->in.sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0));
	to->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof to->in;
}

/* As PHP reads: poll() for the time limit, then recv(). */
static inline ssize_t timed_recv(int fd, char *to, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, 60000);
	return recv(fd, to, size, MSG_DONTWAIT);
}

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

#endif
