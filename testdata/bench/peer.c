/*
 * The other end of the benchmarks: a client that keeps a server busy for a
 * time and prints how much it got done in a second, and then in all; it waits
 * to be ended.
 *
 *   peer echo ADDRESS MS        round trips of 64 bytes on one connection
 *   peer lines ADDRESS MS       requests of eight lines of 32 bytes, the last one empty, for one line each
 *   peer accept ADDRESS MS      connections that the server closes
 *   peer reply ADDRESS MS       connections that the server closes after a reply
 *   peer udp ADDRESS MS         round trips of a 64-byte datagram
 *   peer receive ADDRESS MS     megabytes the server sends
 *   peer send ADDRESS MS SIZE   megabytes the server takes, in writes of SIZE bytes
 *   peer loop ADDRESS MS N      round trips of 64 bytes on ten of N connections at a time; "ready" before, when it is
 *                               connected, and after, when it has seen that none was lost
 *   peer hold ADDRESS MS N      makes N connections, has a round trip on each, and prints "ready" only
 *   peer storm ADDRESS MS N     milliseconds that it takes to open N connections at once, use them and close them, and N
 *
 * The first fifth of the time is for warming up and does not count in the rate.
 */
#include "crowd.h"

static char buffer[LARGEST];
static union address server;
static union address *send_to; /* where the socket is not connected */
static socklen_t server_len;
static double started, begun, end, warm_up;

static int dial(int type)
{
	int fd = socket(server.any.sa_family, type, 0);
	union address own = server;

	/*
	 * Where datagrams go to a unix socket, they are answered only if the sender has a name; and one that is
	 * connected takes answers from no other socket, PHP's come from another.
	 */
	if (type == SOCK_DGRAM && own.any.sa_family == AF_UNIX) {
		strcat(own.un.sun_path, ".peer");
		if (fd < 0 || bind(fd, &own.any, sizeof own.un) != 0) {
			fail("bind");
		}
		send_to = &server;
		return fd;
	}
	if (fd < 0 || connect(fd, &server.any, server_len) != 0) {
		fail("connect");
	}
	return fd;
}

static void receive_all(int fd, size_t size)
{
	while (size > 0) {
		ssize_t n = recv(fd, buffer, size, 0);
		if (n <= 0) {
			fail("recv");
		}
		size -= n;
	}
}

static void send_all(int fd, size_t size)
{
	if (sendto(fd, buffer, size, MSG_NOSIGNAL, send_to ? &send_to->any : NULL, send_to ? server_len : 0) != (ssize_t)size) {
		fail("send");
	}
}

/* Starts the clock. */
static void start(int ms)
{
	started = now();
	begun = warm_up = 0;
	end = started + ms / 1000.0;
}

/* Whether the time is up; what was done while warming up is put aside. */
static int is_over(double *done)
{
	double t = now();

	if (begun == 0 && t - started > (end - started) / 5) {
		begun = t;
		warm_up = *done;
		*done = 0;
	}
	return t >= end;
}

static void result(double done)
{
	printf("%.3f %.3f\n", done / (now() - begun), warm_up + done);
	fflush(stdout);
}

/* Prints the result and waits to be ended: until then the server has its connections. */
static void report(double done)
{
	result(done);
	pause();
}

static void round_trips(int fd, size_t there, size_t back, int ms)
{
	double done = 0;

	for (start(ms); !is_over(&done); done++) {
		send_all(fd, there);
		receive_all(fd, back);
	}
	report(done);
}

/* The reply is the request's first line, so that the buffer stays as it is. */
static void lines(int ms)
{
	enum { LINE = 32, LINES = 7 };
	int i;

	memset(buffer, 'l', LINE * LINES);
	for (i = 1; i <= LINES; i++) {
		buffer[i * LINE - 1] = '\n';
	}
	buffer[LINE * LINES] = '\n';
	round_trips(dial(SOCK_STREAM), LINE * LINES + 1, LINE, ms);
}

static void accepts(int ms, int reply)
{
	struct linger reset = { 1, 0 }; /* leaves no connection in TIME_WAIT */
	double done = 0;

	for (start(ms); !is_over(&done); done++) {
		int fd = dial(SOCK_STREAM);

		if ((reply && recv(fd, buffer, MESSAGE, 0) <= 0) || recv(fd, buffer, MESSAGE, 0) != 0) {
			fail("recv");
		}
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		close(fd);
	}
	report(done);
}

static void receives(int ms)
{
	int fd = dial(SOCK_STREAM);
	double done = 0;

	for (start(ms); !is_over(&done);) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n <= 0) {
			fail("recv");
		}
		done += n / 1e6;
	}
	report(done);
}

/* What is on its way when the clock starts makes up for what is when it stops. */
static void sends(int ms, size_t size)
{
	int fd = dial(SOCK_STREAM);
	double done = 0;

	for (start(ms); !is_over(&done); done += size / 1e6) {
		send_all(fd, size);
	}
	report(done);
}

static void ready(void)
{
	puts("ready");
	fflush(stdout);
}

/* ten divides N, or N is less */
static void loop(int ms, int n)
{
	int *fds = connect_all(n, &server, server_len), at, active = n < 10 ? n : 10;
	double done = 0;

	ready();
	for (at = 0, start(ms); !is_over(&done); done += active, at = (at + active) % n) {
		ask_all(fds + at, active);
	}
	result(done);
	usleep(20000); /* until the server's processor time has been read */
	ask_all(fds, n);
	ready();
	pause();
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	int ms = argc > 3 ? atoi(argv[3]) : 0, number = argc > 4 ? atoi(argv[4]) : MESSAGE;

	server_len = argc > 2 ? parse_address(argv[2], &server) : 0;
	if (strcmp(what, "echo") == 0) {
		round_trips(dial(SOCK_STREAM), MESSAGE, MESSAGE, ms);
	} else if (strcmp(what, "udp") == 0) {
		round_trips(dial(SOCK_DGRAM), MESSAGE, MESSAGE, ms);
	} else if (strcmp(what, "lines") == 0) {
		lines(ms);
	} else if (strcmp(what, "accept") == 0) {
		accepts(ms, 0);
	} else if (strcmp(what, "reply") == 0) {
		accepts(ms, 1);
	} else if (strcmp(what, "receive") == 0) {
		receives(ms);
	} else if (strcmp(what, "send") == 0 && number <= LARGEST) {
		sends(ms, number);
	} else if (strcmp(what, "loop") == 0) {
		loop(ms, number);
	} else if (strcmp(what, "hold") == 0) {
		connect_all(number, &server, server_len);
		ready();
		pause();
	} else if (strcmp(what, "storm") == 0) {
		printf("%.3f %d\n", storm(number, &server, server_len) * 1000, number);
		fflush(stdout);
		pause();
	} else {
		fprintf(stderr, "peer: what?\n");
		return 2;
	}
	return 0;
}
