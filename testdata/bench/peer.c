/*
 * The other end of the benchmarks, and the plain C server they are compared with.
 *
 *   peer echo PORT N      N round trips of 64 bytes on one connection
 *   peer accept PORT N    N times connect and wait for the close
 *   peer udp PORT N       N round trips of a 64-byte datagram
 *   peer serve-echo | serve-accept N | serve-udp
 *
 * Clients print the seconds they took; servers print "127.0.0.1:PORT" first.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64 };

static char buffer[1500];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int dial(int type, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
		fail("connect");
	}
	return fd;
}

static int serve(int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, type, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		fail("bind");
	}
	if (type == SOCK_STREAM && listen(fd, 1024) != 0) {
		fail("listen");
	}
	getsockname(fd, (struct sockaddr *)&at, &len);
	printf("127.0.0.1:%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

static void round_trip(int fd)
{
	size_t got = 0;

	if (send(fd, buffer, SIZE, 0) != SIZE) {
		fail("send");
	}
	while (got < SIZE) {
		ssize_t n = recv(fd, buffer, SIZE - got, 0);
		if (n <= 0) {
			fail("recv");
		}
		got += n;
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* As PHP reads: poll() for the time limit, then recv(). */
static void wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, 60000);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int port = argc > 2 ? atoi(argv[2]) : 0, n = argc > 3 ? atoi(argv[3]) : 0, fd, i;
	double start = now();

	if (strcmp(what, "echo") == 0) {
		for (fd = dial(SOCK_STREAM, port), i = 0; i < n; i++) {
			round_trip(fd);
		}
	} else if (strcmp(what, "accept") == 0) {
		for (i = 0; i < n; i++) {
			fd = dial(SOCK_STREAM, port);
			recv(fd, buffer, 1, 0);
			close(fd);
		}
	} else if (strcmp(what, "udp") == 0) {
		for (fd = dial(SOCK_DGRAM, port), i = 0; i < n; i++) {
			round_trip(fd);
		}
		send(fd, buffer, 0, 0);
	} else if (strcmp(what, "serve-echo") == 0) {
		ssize_t got;
		fd = accept(serve(SOCK_STREAM), NULL, NULL);
		while (wait_readable(fd), (got = recv(fd, buffer, SIZE, 0)) > 0) {
			send(fd, buffer, got, 0);
		}
		return 0;
	} else if (strcmp(what, "serve-accept") == 0) {
		for (fd = serve(SOCK_STREAM), n = port, i = 0; i < n; i++) {
			wait_readable(fd);
			close(accept(fd, NULL, NULL));
		}
		return 0;
	} else if (strcmp(what, "serve-udp") == 0) {
		struct sockaddr_in from;
		socklen_t len = sizeof from;
		ssize_t got;
		fd = serve(SOCK_DGRAM);
		while ((got = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &len)) > 0) {
			sendto(fd, buffer, got, 0, (struct sockaddr *)&from, len);
		}
		return 0;
	} else {
		fprintf(stderr, "peer: what?\n");
		return 2;
	}
	printf("%f\n", now() - start);
	return 0;
}
