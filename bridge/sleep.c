/*
 * time_sleep_until() goes on sleeping when a signal interrupts it, so that a
 * cancelled run would not end. sleep(), usleep() and time_nanosleep() return.
 */
#include <time.h>

#include "internal.h"

#define NANOSECONDS 1000000000L

/* https://www.php.net/manual/en/function.time-sleep-until.php */
static ZEND_NAMED_FUNCTION(sleep_until)
{
	struct timespec now, end;
	double target;

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_DOUBLE(target)
	ZEND_PARSE_PARAMETERS_END();

	clock_gettime(CLOCK_REALTIME, &now);
	if (!(target >= now.tv_sec + now.tv_nsec / (double)NANOSECONDS)) {
		php_error_docref(NULL, E_WARNING, "Argument #1 ($timestamp) must be greater than or equal to the current time");
		RETURN_FALSE;
	}
	end.tv_sec = (time_t)MIN(target, (double)(ZEND_LONG_MAX / 2));
	end.tv_nsec = (long)((target - (double)end.tv_sec) * NANOSECONDS);
	end.tv_nsec = MAX(0, MIN(end.tv_nsec, NANOSECONDS - 1));
	while (!bridge_cancelled() && clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL) == EINTR) {
	}
	RETURN_TRUE;
}

void bridge_sleep_install(void)
{
	bridge_swap_handler("time_sleep_until", sleep_until);
}
