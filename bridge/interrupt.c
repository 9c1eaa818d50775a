/*
 * Ending a run from outside: a cancelled context, and PHP's own time limit.
 *
 * A busy script looks at EG(vm_interrupt) between opcodes and then calls
 * zend_interrupt_function, where an unwind exit is thrown: no script can catch
 * it. A blocked socket call is ended by the wake-up descriptor (wait.c), sleep()
 * and reads of pipes by a signal to the PHP thread (signals.c). Shutdown
 * functions and destructors run after the unwinding, so the host repeats
 * bridge_cancel() until the run has returned.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#include "internal.h"
#include "zend_ini.h"

#define SECOND_KICK 100000L /* nanoseconds */

static volatile sig_atomic_t cancelled;
static volatile sig_atomic_t limit_reached;
static bool ending; /* the run ends itself, see drain.c */
static void (*next_interrupt)(zend_execute_data *execute_data);

/* max_execution_time counts the processor time of the PHP thread. */
static timer_t limit_timer;
static bool limit_timer_exists;
static zend_long limit_seconds;

bool bridge_cancelled(void)
{
	return cancelled != 0 || ending;
}

/* PHP tries an interrupted read of a pipe once more, and libc some others: a
 * kick is followed by another soon after. The kernel's timer is finer than Go's. */
static timer_t second_kick;
static bool second_kick_exists;

static void set_second_kick(long nanoseconds)
{
	struct itimerspec spec = { .it_value.tv_nsec = nanoseconds };

	if (second_kick_exists) {
		timer_settime(second_kick, 0, &spec, NULL);
	}
}

static bool create_timer(clockid_t clock, timer_t *timer)
{
	struct sigevent event = { 0 };

	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_signo = bridge_kick_signal();
	event.sigev_value.sival_ptr = timer;
	event._sigev_un._tid = bridge_php_tid();
	return timer_create(clock, &event, timer) == 0;
}

static void raise_interrupt(void)
{
	zend_atomic_bool_store_ex(&EG(vm_interrupt), true);
}

void bridge_end_run(void)
{
	ending = true;
	raise_interrupt();
}

void bridge_unwind(void)
{
	ending = false;
	/* Between a run's shutdown functions there is nothing to unwind. */
	if (!EG(exception) && EG(current_execute_data)) {
		zend_throw_unwind_exit();
	}
}

void bridge_cancel(void)
{
	cancelled = 1;
	raise_interrupt();
	bridge_notify();
	pthread_kill(bridge_php_thread(), bridge_kick_signal());
	set_second_kick(SECOND_KICK);
}

void bridge_cancel_reset(void)
{
	set_second_kick(0);
	cancelled = 0;
}

/* In a signal handler, on the PHP thread. */
void bridge_kicked(void *timer)
{
	if (timer == &limit_timer) {
		limit_reached = 1;
		raise_interrupt();
	} else if (cancelled) {
		raise_interrupt();
	}
}

static void on_interrupt(zend_execute_data *execute_data)
{
	if (bridge_cancelled()) {
		bridge_unwind();
		return;
	}
	if (limit_reached) {
		limit_reached = 0;
		zend_error_noreturn(E_ERROR, "Maximum execution time of " ZEND_LONG_FMT " second%s exceeded",
			limit_seconds, limit_seconds == 1 ? "" : "s");
	}
	if (next_interrupt) {
		next_interrupt(execute_data);
	}
}

static void limit_set(zend_long seconds)
{
	struct itimerspec spec = { 0 };

	limit_reached = 0;
	limit_seconds = seconds > 0 && seconds <= 999999999 ? seconds : 0;
	if (!limit_timer_exists) {
		if (!limit_seconds || !create_timer(CLOCK_THREAD_CPUTIME_ID, &limit_timer)) {
			return;
		}
		limit_timer_exists = true;
	}
	spec.it_value.tv_sec = limit_seconds;
	timer_settime(limit_timer, 0, &spec, NULL);
}

static void limit_clear(void)
{
	if (limit_timer_exists) {
		timer_delete(limit_timer);
		limit_timer_exists = false;
	}
	limit_reached = 0;
	limit_seconds = 0;
}

/* Replaces the handler of max_execution_time, which would arm a timer whose
 * signal goes to any thread of the process. */
static ZEND_INI_MH(on_update_time_limit)
{
	EG(timeout_seconds) = ZEND_ATOL(ZSTR_VAL(new_value));
	if (bridge_state.running && stage != ZEND_INI_STAGE_DEACTIVATE) {
		limit_set(EG(timeout_seconds));
	}
	return SUCCESS;
}

void bridge_interrupt_install(void)
{
	zend_ini_entry *limit = zend_hash_str_find_ptr(EG(ini_directives), ZEND_STRL("max_execution_time"));

	if (limit) {
		limit->on_modify = on_update_time_limit;
	}
	second_kick_exists = create_timer(CLOCK_MONOTONIC, &second_kick);
	next_interrupt = zend_interrupt_function;
	zend_interrupt_function = on_interrupt;
}

void bridge_interrupt_remove(void)
{
	if (second_kick_exists) {
		timer_delete(second_kick);
		second_kick_exists = false;
	}
}

/* A cancel that came before the run did stays in force. */
void bridge_interrupt_run(zend_long seconds)
{
	limit_set(seconds);
	if (cancelled) {
		raise_interrupt();
	}
}

void bridge_interrupt_end(void)
{
	limit_clear();
	cancelled = 0;
	ending = false;
	zend_atomic_bool_store_ex(&EG(vm_interrupt), false);
}
