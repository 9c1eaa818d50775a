/*
 * cli_set_process_title(): writes over the arguments that the kernel shows, and
 * over the environment behind them, which moves away first.
 */
#include "internal.h"

extern char **environ;

static char *area;
static size_t area_len;
static char **original_environment;

/* glibc hands every constructor main()'s arguments. */
__attribute__((constructor)) static void remember_arguments(int argc, char **argv, char **environment)
{
	int i;

	if (argc < 1) {
		return;
	}
	area = argv[0];
	area_len = strlen(argv[0]) + 1;
	for (i = 1; i < argc && argv[i] == area + area_len; i++) {
		area_len += strlen(argv[i]) + 1;
	}
	original_environment = environment;
}

/* Go has its own copy of the environment since its start. */
static void move_environment(void)
{
	char **copy;
	size_t n = 0, i;

	if (!original_environment) {
		return;
	}
	while (original_environment[n] && original_environment[n] == area + area_len) {
		area_len += strlen(original_environment[n++]) + 1;
	}
	for (n = 0; environ[n]; n++) {
	}
	copy = calloc(n + 1, sizeof *copy); /* for the rest of the process, as what it replaces */
	for (i = 0; copy && i < n; i++) {
		copy[i] = strdup(environ[i]);
	}
	if (copy) {
		environ = copy;
	}
	original_environment = NULL;
}

int bridge_set_process_title(const char *title, size_t len)
{
	if (!area) {
		return -1;
	}
	move_environment();
	len = MIN(len, area_len - 1);
	memset(area, 0, area_len);
	memcpy(area, title, len);
	return 0;
}
