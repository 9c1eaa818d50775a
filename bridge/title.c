/*
 * cli_set_process_title(): writes over the arguments that the kernel shows.
 */

#include "internal.h"

static char *area;
static size_t area_len;

/* glibc hands every constructor main()'s arguments. */
__attribute__((constructor)) static void remember_arguments(int argc, char **argv)
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
}

int bridge_set_process_title(const char *title, size_t len)
{
	if (!area) {
		return -1;
	}
	len = MIN(len, area_len - 1);
	memset(area, 0, area_len);
	memcpy(area, title, len);
	return 0;
}
