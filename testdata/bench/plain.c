/*
 * What the benchmarks' PHP scripts do, in plain C: the yardstick. A server
 * prints its address and serves until it is ended.
 *
 *   plain echo [PATH]       64-byte messages on one connection; PATH: a unix socket
 *   plain lines             sends back the first line of every request, which ends with an empty line
 *   plain accept [REPLY]    accepts, replies if there is a REPLY, and closes
 *   plain udp [PATH]        sends every datagram back; PHP calls those of a unix socket udg
 *   plain send SIZE         sends, in writes of SIZE bytes, until the client closes
 *   plain receive SIZE      reads, SIZE bytes at a time, until the client is done
 *   plain loop              echoes on many connections, with epoll
 *   plain select N MS       prints microseconds a poll() of N sockets takes with one ready
 *   plain connect ADDR MS   prints how many connections a second it makes and closes
 *   plain http              sends a document for every request, and closes
 *   plain fetch ADDR MS     prints how many documents a second it fetches
 *   plain start             listens, prints its address and ends
 *   plain nothing
 *
 * Those that print a figure print "ready" before it, and behind it how often they did it; then they wait to be ended.
 */
#include <sys/epoll.h>

#include "http.h"

static char buffer[LARGEST];

static int bound(const char *address, int type)
{
	union address at;
	socklen_t len = parse_address(address, &at);
	int fd = socket(at.any.sa_family, type, 0);

	if (fd < 0 || bind(fd, &at.any, len) != 0) {
		fail("bind");
	}
	if (type == SOCK_STREAM && listen(fd, 1024) != 0) {
		fail("listen");
	}
	return fd;
}

static int serve(const char *address, int type)
{
	int fd = bound(address, type);
	union address at;
	socklen_t len = sizeof at;

	getsockname(fd, &at.any, &len);
	if (at.any.sa_family == AF_UNIX) {
		puts(address);
	} else {
		printf("127.0.0.1:%d\n", ntohs(at.in.sin_port));
	}
	fflush(stdout);
	return fd;
}

static void echo(int fd)
{
	ssize_t n;

	while ((n = timed_recv(fd, buffer, MESSAGE)) > 0) {
		send(fd, buffer, n, MSG_NOSIGNAL);
	}
}

static void lines(int fd)
{
	char first[8192];
	size_t have = 0, first_len = 0;
	ssize_t n;

	while ((n = timed_recv(fd, buffer + have, sizeof first - have)) > 0) {
		char *line = buffer, *end = buffer + have + n, *newline;

		for (; (newline = memchr(line, '\n', end - line)); line = newline + 1) {
			if (newline == line) {
				send(fd, first, first_len, MSG_NOSIGNAL);
				first_len = 0;
			} else if (first_len == 0) {
				first_len = newline + 1 - line;
				memcpy(first, line, first_len);
			}
		}
		have = end - line;
		memmove(buffer, line, have);
	}
}

static void accept_and_close(int server, const char *reply)
{
	for (;;) {
		struct pollfd p = { .fd = server, .events = POLLIN };
		int fd;

		poll(&p, 1, 30000);
		fd = accept(server, NULL, NULL);
		if (*reply) {
			send(fd, reply, strlen(reply), MSG_NOSIGNAL);
		}
		close(fd);
	}
}

static void udp(int fd)
{
	union address from;
	socklen_t len = sizeof from;
	ssize_t n;

	while ((n = recvfrom(fd, buffer, 1500, 0, &from.any, &len)) > 0) {
		sendto(fd, buffer, n, 0, &from.any, len);
	}
}

static void loop(int server)
{
	struct epoll_event events[256], e = { .events = EPOLLIN, .data.fd = server };
	int set = epoll_create1(0), i, n;

	epoll_ctl(set, EPOLL_CTL_ADD, server, &e);
	while ((n = epoll_wait(set, events, 256, -1)) >= 0) {
		for (i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			ssize_t got;

			if (fd == server) {
				e.data.fd = accept(server, NULL, NULL);
				epoll_ctl(set, EPOLL_CTL_ADD, e.data.fd, &e);
			} else if ((got = recv(fd, buffer, MESSAGE, MSG_DONTWAIT)) > 0) {
				send(fd, buffer, got, MSG_NOSIGNAL);
			} else {
				close(fd);
			}
		}
	}
}

static void ready(void)
{
	puts("ready");
	fflush(stdout);
}

static void report(double figure, int done)
{
	printf("%.4f %d\n", figure, done);
	fflush(stdout);
	pause();
}

static void select_one(int n, int ms)
{
	struct pollfd *fds = calloc(n, sizeof *fds);
	double start, end;
	int i, calls;

	for (i = 0; i < n; i++) {
		fds[i] = (struct pollfd){ .fd = bound("127.0.0.1:0", SOCK_DGRAM), .events = POLLIN };
	}
	union address to;
	socklen_t len = sizeof to;
	getsockname(fds[n - 1].fd, &to.any, &len);
	sendto(fds[0].fd, "x", 1, 0, &to.any, len);
	poll(fds, n, 1000); /* what was sent may take a moment */
	ready();
	for (start = now(), end = start + ms / 1000.0, calls = 0; now() < end; calls += 16) {
		for (i = 0; i < 16; i++) {
			if (poll(fds, n, 0) != 1) {
				fail("poll");
			}
		}
	}
	report((now() - start) * 1e6 / calls, calls);
}

static void connect_and_close(const union address *to, socklen_t len)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, &to->any, len) != 0) {
		fail("connect");
	}
	recv(fd, buffer, 1, 0);
	close(fd);
}

static void connects(const char *address, int ms, void (*once)(const union address *, socklen_t))
{
	union address to;
	socklen_t len = parse_address(address, &to);
	double start, end;
	int n;

	ready();
	for (start = now(), end = start + ms / 1000.0, n = 0; now() < end; n++) {
		once(&to, len);
	}
	report(n / (now() - start), n);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *tcp = "127.0.0.1:0";
	int size = argc > 2 ? atoi(argv[2]) : 0, fd;

	if (size < 0 || size > LARGEST) {
		size = LARGEST;
	}
	if (strcmp(what, "echo") == 0) {
		echo(accept(serve(argc > 2 ? argv[2] : tcp, SOCK_STREAM), NULL, NULL));
	} else if (strcmp(what, "lines") == 0) {
		lines(accept(serve(tcp, SOCK_STREAM), NULL, NULL));
	} else if (strcmp(what, "accept") == 0) {
		accept_and_close(serve(tcp, SOCK_STREAM), argc > 2 ? argv[2] : "");
	} else if (strcmp(what, "udp") == 0) {
		udp(serve(argc > 2 ? argv[2] : tcp, SOCK_DGRAM));
	} else if (strcmp(what, "send") == 0) {
		fd = accept(serve(tcp, SOCK_STREAM), NULL, NULL);
		while (send(fd, buffer, size, MSG_NOSIGNAL) > 0) {
		}
	} else if (strcmp(what, "receive") == 0) {
		fd = accept(serve(tcp, SOCK_STREAM), NULL, NULL);
		while (timed_recv(fd, buffer, size) > 0) {
		}
	} else if (strcmp(what, "loop") == 0) {
		loop(serve(tcp, SOCK_STREAM));
	} else if (strcmp(what, "select") == 0 && argc > 3 && size > 0) {
		select_one(size, atoi(argv[3]));
	} else if (strcmp(what, "connect") == 0 && argc > 3) {
		connects(argv[2], atoi(argv[3]), connect_and_close);
	} else if (strcmp(what, "http") == 0) {
		http_server(serve(tcp, SOCK_STREAM));
	} else if (strcmp(what, "fetch") == 0 && argc > 3) {
		connects(argv[2], atoi(argv[3]), http_fetch);
	} else if (strcmp(what, "start") == 0) {
		close(serve(tcp, SOCK_STREAM));
	} else if (strcmp(what, "nothing") != 0) {
		fprintf(stderr, "plain: what?\n");
		return 2;
	}
	return 0;
}
