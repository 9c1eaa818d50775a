/* A server and a client of HTTP/1.1 that close after each document of 1 KiB. */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include "common.h"

enum { DOCUMENT = 1024 };

/* Reads a request, which fits into the buffer and has no body. */
static void read_request(int fd)
{
	char request[4096];
	size_t have = 0;
	ssize_t n;

	while ((n = timed_recv(fd, request + have, sizeof request - have)) > 0) {
		have += n;
		if (have >= 4 && memcmp(request + have - 4, "\r\n\r\n", 4) == 0) {
			return;
		}
	}
}

static void http_server(int server)
{
	static char reply[256 + DOCUMENT];
	int head = snprintf(reply, 256, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
		"Connection: close\r\n\r\n", DOCUMENT);

	memset(reply + head, 'x', DOCUMENT);
	for (;;) {
		int fd = accept(server, NULL, NULL);

		read_request(fd);
		send(fd, reply, head + DOCUMENT, MSG_NOSIGNAL);
		close(fd);
	}
}

static void http_fetch(const union address *to, socklen_t len)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	char reply[8192], *body;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t have = 0;
	ssize_t n;

	if (connect(fd, &to->any, len) != 0) {
		fail("connect");
	}
	send(fd, request, sizeof request - 1, MSG_NOSIGNAL);
	while ((n = timed_recv(fd, reply + have, sizeof reply - 1 - have)) > 0) {
		have += n;
	}
	reply[have] = 0;
	body = strstr(reply, "\r\n\r\n");
	if (body == NULL || reply + have - (body + 4) != DOCUMENT) {
		fail("not a document");
	}
	close(fd);
}

#endif
