/*
 * Functions that start other programs. A program inherits the signal mask of
 * the thread that starts it, and must not inherit ours (signals.c).
 */
#include <signal.h>

#include "internal.h"

static const char *const names[] = {
	"exec", "shell_exec", "system", "passthru", "popen", "proc_open", "mail", "pcntl_exec",
};
#define COUNT (sizeof names / sizeof *names)

static zif_handler originals[COUNT];

static void start_program(size_t i, INTERNAL_FUNCTION_PARAMETERS)
{
	sigset_t unwanted, ours;

	/* Not SIGPIPE: some of these functions write, and programs that PHP's own
	 * command line starts ignore it anyhow. */
	sigemptyset(&unwanted);
	sigaddset(&unwanted, SIGURG);
	sigaddset(&unwanted, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &unwanted, &ours);
	zend_try {
		originals[i](INTERNAL_FUNCTION_PARAM_PASSTHRU);
	} zend_catch {
		pthread_sigmask(SIG_SETMASK, &ours, NULL);
		zend_bailout();
	} zend_end_try();
	pthread_sigmask(SIG_SETMASK, &ours, NULL);
}

#define HANDLER(i) \
	static ZEND_NAMED_FUNCTION(start_program_##i) { start_program(i, INTERNAL_FUNCTION_PARAM_PASSTHRU); }
HANDLER(0) HANDLER(1) HANDLER(2) HANDLER(3) HANDLER(4) HANDLER(5) HANDLER(6) HANDLER(7)

static const zif_handler handlers[COUNT] = {
	start_program_0, start_program_1, start_program_2, start_program_3,
	start_program_4, start_program_5, start_program_6, start_program_7,
};

void bridge_spawn_install(void)
{
	size_t i;

	for (i = 0; i < COUNT; i++) {
		originals[i] = bridge_swap_handler(names[i], handlers[i]);
	}
}
