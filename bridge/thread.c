/*
 * The PHP thread. It is created in C, never by Go: on a thread of Go's own, a
 * Fiber that calls a host function would kill the process, because Go takes
 * the fiber's stack for a corrupted one (golang.org/issue/62130).
 */
#include <sched.h>
#include <sys/syscall.h>

#include "internal.h"
#include "_cgo_export.h"

/* Room for deep recursion in C code of the engine; pages are used on demand. */
#define STACK_SIZE (256UL << 20)

static pthread_t thread;
static pid_t thread_id;
static __thread bool on_php_thread;
static volatile bool forked;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t submitted = PTHREAD_COND_INITIALIZER;
static struct bridge_job *next_job;

bool bridge_on_php_thread(void) { return on_php_thread; }
pthread_t bridge_php_thread(void) { return thread; }
pid_t bridge_php_tid(void) { return thread_id; }
bool bridge_forked(void) { return forked; }

static void before_fork(void)
{
	if (on_php_thread) {
		bridge_journal_hold();
	}
}

static void after_fork_in_parent(void)
{
	if (on_php_thread) {
		bridge_journal_release();
	}
}

/* The child keeps descriptors and C, and must not share its parent's wake-ups. */
static void after_fork_in_child(void)
{
	if (!on_php_thread) {
		return;
	}
	bridge_journal_release();
	bridge_journal_forked();
	forked = true;
	thread_id = (pid_t)syscall(SYS_gettid);
	bridge_wait_close();
	bridge_wait_open();
	bridge_watch_reset(); /* the set is shared with the parent */
	bridge_signals_forked();
}

static struct bridge_job *take_job(void)
{
	struct bridge_job *job;

	pthread_mutex_lock(&lock);
	while (!next_job) {
		pthread_cond_wait(&submitted, &lock);
	}
	job = next_job;
	next_job = NULL;
	pthread_mutex_unlock(&lock);
	return job;
}

static void *thread_main(void *unused)
{
	static bool fork_handlers;
	bool more = true;

	on_php_thread = true;
	thread_id = (pid_t)syscall(SYS_gettid);
	if (!fork_handlers) {
		fork_handlers = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
	}
	/* Go sets up the thread's signal mask and stack on its first entry; ours
	 * go on top of them. */
	bridgeGoEnter();
	bridge_signals_mask();

	while (more) {
		struct bridge_job *job = take_job();

		switch (job->kind) {
		case BRIDGE_START:
			if (!job->config->own_process) {
				/* A script's chdir() and umask() are its own, not the host's. */
				unshare(CLONE_FS);
			}
			job->failed = !bridge_engine_start(job);
			break;
		case BRIDGE_RUN:
			bridge_run(job->request, job->result);
			break;
		case BRIDGE_CLOSE_PERSISTENT:
			bridge_close_persistent();
			break;
		case BRIDGE_STOP:
			bridge_engine_stop();
			more = false;
			break;
		case BRIDGE_QUIT:
			more = false;
			break;
		}
		if (forked) {
			/* The script ended in a child of pcntl_fork(): there is no Go to
			 * return to, and what the parent has to flush is not ours. */
			fflush(NULL);
			_exit(job->kind == BRIDGE_RUN ? job->result->exit_status : 0);
		}
		bridgeGoDone();
	}
	return NULL;
}

int bridge_thread_create(void)
{
	pthread_attr_t attributes;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	error = pthread_create(&thread, &attributes, thread_main, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

void bridge_thread_join(void)
{
	pthread_join(thread, NULL);
}

void bridge_submit(struct bridge_job *job)
{
	pthread_mutex_lock(&lock);
	next_job = job;
	pthread_cond_signal(&submitted);
	pthread_mutex_unlock(&lock);
}
