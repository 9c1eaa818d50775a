/*
 * Two runtimes that both want the process's signals.
 *
 * Go needs every handler to run on the alternate stack, because a signal may
 * arrive on a goroutine's small one, and it needs SIGPROF and SIGURG for
 * itself. PHP installs handlers without SA_ONSTACK, takes SIGPROF at each
 * request start-up, and expects its signals on the thread that runs the
 * script. So sigaction() is interposed for calls made on the PHP thread: what
 * PHP installs gets SA_ONSTACK and is forwarded to the PHP thread from
 * whichever thread the kernel picked; SIGPROF stays Go's (interrupt.c has the
 * time limit); and what the run took over is given back at its end.
 */
#include <dlfcn.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "internal.h"
#include "zend_signal.h"

typedef int sigaction_function(int, const struct sigaction *, struct sigaction *);

static struct sigaction host_actions[NSIG]; /* before the run took the signal over */
static struct sigaction php_actions[NSIG];
static bool taken[NSIG];
static struct sigaction inherited[NSIG];    /* by the process, before Go's runtime */
static struct rlimit inherited_file_limit;

static int real_sigaction(int signo, const struct sigaction *action, struct sigaction *old)
{
	static sigaction_function *function;

	if (!function) {
		function = (sigaction_function *)dlsym(RTLD_NEXT, "sigaction");
	}
	return function(signo, action, old);
}

/* Runs before Go's runtime, which raises the limit and takes every signal. */
__attribute__((constructor)) static void remember_process(void)
{
	int signo;

	getrlimit(RLIMIT_NOFILE, &inherited_file_limit);
	for (signo = 1; signo < NSIG; signo++) {
		real_sigaction(signo, NULL, &inherited[signo]);
	}
}

void bridge_restore_file_limit(void)
{
	setrlimit(RLIMIT_NOFILE, &inherited_file_limit);
}

static bool is_handler(const struct sigaction *action)
{
	return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN; /* whatever sa_flags say */
}

/* The kernel refuses to send the codes of kill() and its own to another thread:
 * a forwarded signal travels with a negative one. */
#define FORWARDED 0x10000

static void deliver(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	if (!bridge_on_php_thread()) {
		siginfo_t copy = *info; /* scripts read the sender's pid from it */

		copy.si_code -= FORWARDED;
		syscall(SYS_rt_tgsigqueueinfo, getpid(), bridge_php_tid(), signo, &copy);
		errno = saved;
		return;
	}
	if (info->si_code < -FORWARDED / 2) {
		info->si_code += FORWARDED;
	}
	if (!is_handler(&php_actions[signo])) {
		/* On its way while the script let go of it. */
		if (bridge_state.own_process && php_actions[signo].sa_handler == SIG_DFL) {
			real_sigaction(signo, &php_actions[signo], NULL);
			syscall(SYS_tgkill, getpid(), bridge_php_tid(), signo);
		}
	} else if (php_actions[signo].sa_flags & SA_SIGINFO) {
		php_actions[signo].sa_sigaction(signo, info, context);
	} else {
		php_actions[signo].sa_handler(signo);
	}
	errno = saved;
}

/*
 * SIGCHLD comes to the thread that has started the program, and as Go has a
 * handler for it, it would interrupt sleep() and accept() of the script: it is
 * blocked there unless the script has a handler for it, too.
 */
static bool child_wanted;  /* by the script: it has a handler */
static bool child_blocked; /* by the script */

static void mask_child(bool block)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(block ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void mask_unwanted_child(void)
{
	mask_child(child_blocked || !(child_wanted || bridge_state.own_process || bridge_forked()));
}

static int php_sigaction(int signo, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction ours;

	if (signo <= 0 || signo >= NSIG || signo == bridge_kick_signal() || signo == SIGURG) {
		return signo == SIGURG ? 0 : (errno = EINVAL, -1);
	}
	if (signo == SIGPROF) {
		if (old) {
			memset(old, 0, sizeof *old);
		}
		return 0;
	}
	if (!taken[signo] && real_sigaction(signo, NULL, &host_actions[signo]) != 0) {
		return -1;
	}
	if (old) {
		*old = taken[signo] ? php_actions[signo] : host_actions[signo];
	}
	ours = *action;
	if (is_handler(action)) {
		ours.sa_sigaction = deliver;
		ours.sa_flags |= SA_SIGINFO | SA_ONSTACK;
	} else if (action->sa_handler == SIG_DFL && !bridge_state.own_process) {
		ours = host_actions[signo]; /* what happens by default is the host's to say */
	}
	php_actions[signo] = *action;
	taken[signo] = true;
	if (signo == SIGCHLD) {
		child_wanted = is_handler(action);
		child_blocked = false; /* PHP itself unblocks it right after this */
		mask_unwanted_child();
	}
	return real_sigaction(signo, &ours, NULL);
}

/* Go's runtime sits in the program itself, PHP and its extensions in libraries. */
static bool called_by_program(const void *caller)
{
	extern char __executable_start, _end;

	return (const char *)caller >= &__executable_start && (const char *)caller < &_end;
}

/* Takes precedence over libc's for everything in the process, libphp included. */
__attribute__((visibility("default")))
int sigaction(int signo, const struct sigaction *action, struct sigaction *old)
{
	if (action && bridge_on_php_thread() && !called_by_program(__builtin_return_address(0))) {
		return php_sigaction(signo, action, old);
	}
	return real_sigaction(signo, action, old);
}

/* The signal that ends sleep() and reads of pipes; one that neither Go nor
 * glibc uses and scripts hardly ever do. */
int bridge_kick_signal(void)
{
	return SIGRTMAX - 3;
}

static void on_kick(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	if (bridge_on_php_thread()) {
		bridge_kicked(info->si_code == SI_TIMER ? info->si_value.sival_ptr : NULL);
	}
	errno = saved;
}

static struct sigaction old_kick;

/* ---- signals of the host -------------------------------------------------------------- */

static struct sigaction go_actions[NSIG];
static bool wrapped[NSIG];

static bool is_left_alone(int signo)
{
	static const int alone[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGURG, SIGPROF, SIGPIPE };
	size_t i;

	for (i = 0; i < sizeof alone / sizeof *alone; i++) {
		if (signo == alone[i]) {
			return true;
		}
	}
	return signo == bridge_kick_signal();
}

/*
 * Go ends the process for a signal that nobody waits for when it arrives on a
 * thread that is not Go's, although it ignores the same signal elsewhere. The
 * process's main thread takes it.
 */
static void to_host(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	if (bridge_on_php_thread()) {
		syscall(SYS_tgkill, getpid(), getpid(), signo);
	} else {
		go_actions[signo].sa_sigaction(signo, info, context);
	}
	errno = saved;
}

static void wrap_go_handlers(void)
{
	int signo;

	for (signo = 1; signo < NSIG; signo++) {
		struct sigaction ours;

		if (is_left_alone(signo) || real_sigaction(signo, NULL, &go_actions[signo]) != 0
				|| !(go_actions[signo].sa_flags & SA_SIGINFO)) {
			continue;
		}
		ours = go_actions[signo];
		ours.sa_sigaction = to_host;
		wrapped[signo] = real_sigaction(signo, &ours, NULL) == 0;
	}
}

static void unwrap_go_handlers(void)
{
	int signo;

	for (signo = 1; signo < NSIG; signo++) {
		if (wrapped[signo]) {
			real_sigaction(signo, &go_actions[signo], NULL);
			wrapped[signo] = false;
		}
	}
}

/* ---- start and stop --------------------------------------------------------------------- */

void bridge_signals_start(void)
{
	struct sigaction kick = { 0 };

	kick.sa_sigaction = on_kick;
	kick.sa_flags = SA_SIGINFO | SA_ONSTACK; /* no SA_RESTART: it has to interrupt */
	real_sigaction(bridge_kick_signal(), &kick, &old_kick);
	if (!bridge_state.own_process) {
		wrap_go_handlers();
	}
#ifdef ZEND_SIGNALS
	/* Neither install handlers at each request nor complain that they are gone. */
	SIGG(reset) = 0;
	SIGG(check) = 0;
#endif
}

void bridge_signals_stop(void)
{
	unwrap_go_handlers();
	real_sigaction(bridge_kick_signal(), &old_kick, NULL);
}

/*
 * On the PHP thread. Go preempts goroutines with SIGURG, which would interrupt
 * sleep() and select() of the script. SIGPIPE is what a write to a closed pipe
 * gets besides EPIPE; Go would end the process for it.
 */
static sigset_t run_mask;

void bridge_signals_mask(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, NULL, &run_mask);
}

/*
 * After a run: gives back every signal that the script took over, puts the
 * thread's mask back, which a script may have left in any state, and drops a
 * SIGPIPE that waits behind it: it would end the process with the thread.
 */
void bridge_signals_run_end(void)
{
	static const struct timespec at_once;
	sigset_t set;
	int signo;

	sigemptyset(&set);
	pthread_sigmask(SIG_SETMASK, &run_mask, NULL);
	child_wanted = child_blocked = false;
	sigaddset(&set, SIGPIPE);
	while (sigtimedwait(&set, NULL, &at_once) > 0) {
	}
	for (signo = 1; signo < NSIG; signo++) {
		if (taken[signo]) {
			real_sigaction(signo, &host_actions[signo], NULL);
			taken[signo] = false;
		}
	}
}

/* Puts back what the process was started with, but for what Go cannot do
 * without and what the script has taken over. */
static void drop_go_handlers(void)
{
	struct sigaction action;
	int signo;

	for (signo = 1; signo < NSIG; signo++) {
		if (!taken[signo] && !is_left_alone(signo) && real_sigaction(signo, NULL, &action) == 0 && is_handler(&action)) {
			real_sigaction(signo, &inherited[signo], NULL);
		}
	}
}

/*
 * In a process of its own a script finds the signals as PHP's command line
 * does: SIGALRM and its like end the process, and SIGPIPE is ignored, here and
 * in the programs that scripts start.
 */
void bridge_signals_own_process(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	drop_go_handlers();
	real_sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_BLOCK, NULL, &run_mask);
}

/* In a child of pcntl_fork() nobody hears what Go's handlers note down. */
void bridge_signals_forked(void)
{
	drop_go_handlers();
	mask_unwanted_child();
}

/* A script may not unblock what the thread needs blocked. */
static zif_handler original_sigprocmask;

static ZEND_NAMED_FUNCTION(set_signal_mask)
{
	sigset_t needed;

	mask_child(child_blocked); /* as the script knows it */
	original_sigprocmask(INTERNAL_FUNCTION_PARAM_PASSTHRU);
	pthread_sigmask(SIG_BLOCK, NULL, &needed);
	child_blocked = sigismember(&needed, SIGCHLD) == 1;
	mask_unwanted_child();
	sigemptyset(&needed);
	sigaddset(&needed, SIGURG);
	if (!bridge_state.own_process) {
		sigaddset(&needed, SIGPIPE);
	}
	pthread_sigmask(SIG_BLOCK, &needed, NULL);
}

/*
 * A script that signals itself finds its handler to have run when posix_kill()
 * returns; the kernel would pick any thread of the process.
 */
static zif_handler original_kill;

static ZEND_NAMED_FUNCTION(signal_process)
{
	zval *pid = ZEND_CALL_ARG(execute_data, 1), *number = ZEND_CALL_ARG(execute_data, 2);
	siginfo_t info = { .si_code = SI_USER - FORWARDED };

	if (ZEND_NUM_ARGS() != 2 || Z_TYPE_P(pid) != IS_LONG || Z_TYPE_P(number) != IS_LONG || Z_LVAL_P(pid) != getpid()
			|| Z_LVAL_P(number) <= 0 || Z_LVAL_P(number) >= NSIG || !taken[Z_LVAL_P(number)]) {
		original_kill(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		return;
	}
	info.si_signo = (int)Z_LVAL_P(number);
	info.si_pid = getpid();
	info.si_uid = getuid();
	RETVAL_BOOL(syscall(SYS_rt_tgsigqueueinfo, getpid(), bridge_php_tid(), info.si_signo, &info) == 0);
}

void bridge_signals_install(void)
{
	original_kill = bridge_swap_handler("posix_kill", signal_process);
	original_sigprocmask = bridge_swap_handler("pcntl_sigprocmask", set_signal_mask);
}
