/*
 * mews: the command. Reads what stands before the verb, finds the verb, and ends with its exit status.
 * This is the only file that ends the process.
 */
#include "catalog/version.h"
#include "cli/manual.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static enum exit_status run_verb(const struct verb *verb, const struct global *global, int argc, char **argv)
{
	struct arena arena = {0};
	struct options options;
	enum exit_status status = EXIT_WRONG;
	if (options_read(&options, &arena, verb->options, verb->name, argc, argv) == 0) {
		if (options_has(&options, "help")) {
			manual_verb(verb, stdout);
			status = EXIT_FINE;
		} else {
			status = verb->run(global, &options);
		}
	}
	arena_free(&arena);
	/* Results that could not be written (a full disk, a closed pipe) are no success. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_FINE) {
		perror("mews: error: standard output");
		status = EXIT_WRONG;
	}
	return status;
}

static enum exit_status run(int argc, char **argv)
{
	struct arena arena = {0};
	struct options options;
	struct global global;
	if (options_read(&options, &arena, verb_global_options, "", argc, argv) != 0) {
		arena_free(&arena);
		return EXIT_WRONG;
	}
	global.catalog = options_value(&options, "catalog", NULL);
	global.store = options_value(&options, "store", NULL);
	global.project = options_value(&options, "project", NULL);
	bool version = options_has(&options, "version"), asked = options_has(&options, "help");
	char **words = options.operands;
	size_t count = options.operand_count;
	arena_free(&arena);
	if (version || asked) {
		if (version)
			puts("mews " MEWS_VERSION);
		else
			manual_program(stdout);
		return EXIT_FINE;
	}
	if (count == 0) {
		manual_program(stderr);
		return EXIT_WRONG;
	}
	const struct verb *verb = verb_find(words[0]);
	return verb != NULL ? run_verb(verb, &global, (int)count, words) : EXIT_WRONG;
}

/* A standard stream that is closed must not become the next file that is opened: it is held, and stays unusable. */
static void hold_standard_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
	for (int stream = 0; stream < 3; stream++)
		if (fcntl(stream, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[stream]) != stream)
			exit(EXIT_WRONG);
}

/* Arenas come and go by the megabyte: to give each one's pages back, only to be given the next one's zeroed, costs more
 * than to keep them. */
static void keep_pages(void)
{
#ifdef __GLIBC__
	enum { KEPT = 256 << 20, MAPPED = 32 << 20 };
	(void)mallopt(M_TRIM_THRESHOLD, KEPT);
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED);
#endif
}

int main(int argc, char **argv)
{
	hold_standard_streams();
	keep_pages();
	exit((int)run(argc, argv));
}
