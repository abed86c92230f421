/*
 * triggers: what one command line costs in an index of many literals; in processor time of this thread.
 *
 *   triggers [LITERALS [VALUES]]
 *
 * LITERALS and VALUES are files of one text a line; without them literals and command lines of 93 bytes are made, equal
 * from machine to machine: the numbers in them come from one linear generator. Prints a line for each number of literals and each
 * level of the machine (ns a value; literals that held and that were compared, a value), and what a loop of memmem costs.
 */
#include "replay/engine/trigger_index.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void *memmem(const void *, size_t, const void *, size_t); /* glibc's, which POSIX does not ask for */

enum { LITERALS = 15000, VALUES = 20000, VALUE_LENGTH = 93, PASSES = 5, FIELD = 1 };

struct texts {
	struct text *items;
	size_t count;
};

static uint64_t state = 1;

static unsigned pick(unsigned count)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % count;
}

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- made texts ---- */

static const char *const words[] = {"/usr/bin/", "bash", " -c ", "curl", " --silent", " http://", "python3 ", "/tmp/", "/etc/", "cat ", "grep -r ",
	"docker ", "run ", "--rm ", "-v ", "/var/lib/", "systemctl ", "status ", ".service", "make ", "-j4 ", "gcc -O2 ", "main.o", "/home/", "sed -e ",
	"s/a/b/g ", "| ", "&& ", "git ", "fetch ", "--tags ", "origin ", "java -Xmx", "512m ", "-jar ", "app.jar ", "--port=", "8080 ", "node ", "index.js "};
enum { WORDS = sizeof words / sizeof *words };

static void add_noise(struct buffer *out, unsigned length)
{
	static const char letters[] = "etaoinsrlcdupmhgfbywvkxjqz0123456789-_./ ";
	for (; length > 0; length--) {
		unsigned a = pick(sizeof letters - 1), b = pick(sizeof letters - 1);
		buffer_char(out, letters[a < b ? a : b]); /* the first ones more often */
	}
}

static struct text made_value(struct arena *arena)
{
	struct buffer out = {0};
	while (out.length < VALUE_LENGTH) {
		if (pick(4))
			buffer_string(&out, words[pick(WORDS)]);
		else
			add_noise(&out, 3 + pick(8));
	}
	struct text text = text_copy(arena, (struct text){out.data, VALUE_LENGTH});
	buffer_free(&out);
	return text;
}

/* Options, paths and programs that no value or few have, some of them beginning or ending as values do. */
static struct text made_literal(struct arena *arena)
{
	struct buffer out = {0};
	if (pick(2))
		buffer_string(&out, words[pick(WORDS)]);
	add_noise(&out, 5 + pick(12));
	if (pick(3) == 0)
		buffer_string(&out, words[pick(WORDS)]);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static struct texts make_texts(struct arena *arena, size_t count, struct text (*make)(struct arena *))
{
	struct texts texts = {arena_array(arena, count, sizeof *texts.items), count};
	for (size_t i = 0; i < count; i++)
		texts.items[i] = make(arena);
	return texts;
}

static struct texts read_texts(struct arena *arena, const char *path)
{
	struct diagnostics d = {0};
	struct text content;
	struct texts texts;
	if (file_read(arena, path, (size_t)1 << 30, &d, &content) != 0) {
		diagnostics_print(&d, stderr);
		exit(2);
	}
	texts.count = text_split(arena, content, '\n', &texts.items);
	return texts;
}

/* ---- measuring ---- */

struct measured {
	double nanoseconds;
	double held, compared;
};

static struct measured search_all(const struct trigger_index *index, struct texts values, const struct registry *registry)
{
	struct value value = {.text = {NULL, 0}};
	struct facet_entry entry = {FIELD, {&value, 1}};
	uint16_t position[FIELD + 1] = {[FIELD] = 1};
	struct facet facet = {.registry = registry, .position = position, .entries = &entry, .count = 1};
	struct trigger_scratch *scratch = trigger_scratch_new(index);
	static uint32_t found[LITERALS];
	struct measured best = {1e30, 0, 0};
	for (int pass = 0; pass < PASSES; pass++) {
		size_t held = 0;
		uint64_t compared = trigger_scratch_compared(scratch);
		double begin = seconds_now();
		for (size_t i = 0; i < values.count; i++) {
			value.text = values.items[i];
			held += trigger_index_search(index, scratch, &facet, found);
		}
		double nanoseconds = (seconds_now() - begin) * 1e9 / (double)values.count;
		best.nanoseconds = nanoseconds < best.nanoseconds ? nanoseconds : best.nanoseconds;
		best.held = (double)held / (double)values.count;
		best.compared = (double)(trigger_scratch_compared(scratch) - compared) / (double)values.count;
	}
	trigger_scratch_free(scratch);
	return best;
}

static struct measured memmem_all(struct texts literals, size_t count, struct texts values)
{
	size_t held = 0, asked = 200 < values.count ? 200 : values.count;
	double begin = seconds_now();
	for (size_t i = 0; i < asked; i++)
		for (size_t j = 0; j < count; j++)
			held += memmem(values.items[i].data, values.items[i].length, literals.items[j].data,
					literals.items[j].length) != NULL;
	return (struct measured){(seconds_now() - begin) * 1e9 / (double)asked, (double)held / (double)asked, (double)count};
}

static void print_measured(size_t literals, const char *how, struct measured measured)
{
	printf("%6zu literals  %-8s %10.1f ns a value  %8.3f M values/s  %6.2f held  %6.2f compared\n", literals, how,
		measured.nanoseconds, 1e3 / measured.nanoseconds, measured.held, measured.compared);
	fflush(stdout);
}

static void measure(struct texts literals, size_t count, struct texts values, bool fold)
{
	struct arena arena = {0};
	struct field fields[FIELD + 1] = {[FIELD] = {.type = TYPE_KEYWORD}};
	struct registry registry = {.fields = fields, .field_count = FIELD + 1};
	struct trigger *triggers = arena_array(&arena, count, sizeof *triggers);
	struct gram_counts *counts = gram_counts_new(&registry);
	for (size_t i = 0; i < count; i++)
		triggers[i] = (struct trigger){.field = FIELD, .kind = TRIGGER_CONTAINS, .fold = fold, .text = literals.items[i]};
	for (size_t i = 0; i < values.count && i < 1000; i++) {
		struct value value = {.text = values.items[i]};
		struct facet_entry entry = {FIELD, {&value, 1}};
		gram_counts_add(counts, &(struct facet){.registry = &registry, .entries = &entry, .count = 1});
	}
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++) {
		double begin = seconds_now();
		const struct trigger_index *index =
			trigger_index_make(&arena, &registry, triggers, count, counts, (enum simd_level)level);
		double made = seconds_now() - begin;
		print_measured(count, simd_level_name((enum simd_level)level), search_all(index, values, &registry));
		if (level == 0)
			printf("                 made in %.1f ms\n", made * 1e3);
	}
	print_measured(count, "memmem", memmem_all(literals, count, values));
	gram_counts_free(counts);
	arena_free(&arena);
}

int main(int argc, char **argv)
{
	static const size_t counts[] = {50, 150, 500, 1000, 3000, LITERALS};
	struct arena arena = {0};
	struct texts literals = argc > 1 ? read_texts(&arena, argv[1]) : make_texts(&arena, LITERALS, made_literal);
	struct texts values = argc > 2 ? read_texts(&arena, argv[2]) : make_texts(&arena, VALUES, made_value);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i] <= literals.count)
			measure(literals, counts[i], values, argc > 1);
	if (literals.count < LITERALS)
		measure(literals, literals.count, values, argc > 1);
	arena_free(&arena);
	return 0;
}
