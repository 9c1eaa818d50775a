/*
 * Draining: the host wants the script to come to its end without losing a
 * connection. Nothing new is accepted from then on, it waits in the listener's
 * queue for the next script. Once the last accepted connection is closed, the
 * run ends where it would wait for the next one, as if the script called exit()
 * there; shutdown functions and destructors run as they do then.
 *
 * A script that has called phpsock_draining() ends by itself: its waits return
 * instead, as if their time were over.
 */
#include <signal.h>

#include "internal.h"

static volatile sig_atomic_t draining;
static bool aware; /* the script has asked */
static bool told;  /* and one of its waits has returned for that */
static bool ended;

void bridge_drain(void)
{
	draining = 1;
	bridge_notify();
}

int bridge_draining(void)
{
	return draining != 0;
}

int bridge_drain_ask(void)
{
	aware = true;
	return bridge_draining();
}

enum bridge_drain bridge_drain_at_rest(void)
{
	bool served = bridge_open_connections() == 0;

	if (!draining || ended) {
		return BRIDGE_DRAIN_WAIT;
	}
	if (aware && (served || !told)) {
		told = true;
		return BRIDGE_DRAIN_RETURN;
	}
	if (aware || !served) {
		return BRIDGE_DRAIN_WAIT;
	}
	ended = true; /* shutdown functions may wait */
	bridge_end_run();
	return BRIDGE_DRAIN_END;
}

void bridge_drain_reset(void)
{
	draining = 0;
	aware = told = ended = false;
}
