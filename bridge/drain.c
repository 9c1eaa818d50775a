/*
 * Draining: the host wants the script to come to its end without losing a
 * connection. Nothing new is accepted from then on, it waits in the listener's
 * queue for the next script. Once the last accepted connection is closed, the
 * run ends where it would wait for the next one, as if the script called exit()
 * there; shutdown functions and destructors run as they do then.
 */
#include <signal.h>

#include "internal.h"

static volatile sig_atomic_t draining;
static bool drained;

void bridge_drain(void)
{
	draining = 1;
	bridge_notify();
}

int bridge_draining(void)
{
	return draining != 0;
}

bool bridge_drained(void)
{
	if (!draining || drained || bridge_open_connections() > 0) {
		return false;
	}
	drained = true; /* shutdown functions may wait */
	bridge_end_run();
	return true;
}

void bridge_drain_reset(void)
{
	draining = 0;
	drained = false;
}
