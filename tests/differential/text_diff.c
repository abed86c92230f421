/*
 * Pairs of random texts and our diff of each, for tests/differential/text_diff.sh.
 *
 *   text_diff FOLDER SEED CASES    writes N.a, N.b, N.diff; prints `N CHANGED-LINES` for each
 */
#include "catalog/text_diff.h"

#include <stdio.h>

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* Some lines, of a few kinds; the last one is often open. */
static void make_text(struct buffer *out, uint32_t *state, unsigned alphabet)
{
	unsigned count = next_random(state) % 60;
	for (unsigned i = 0; i < count; i++) {
		unsigned word = next_random(state) % alphabet;
		if (word > 0)
			buffer_printf(out, word % 5 == 1 ? "- word %u\r" : "  word: %u", word);
		if (i + 1 < count || next_random(state) % 3 > 0)
			buffer_char(out, '\n');
	}
}

/* The first text with some lines changed, so that context is left. */
static void edit_text(struct text from, struct buffer *out, uint32_t *state, unsigned alphabet)
{
	while (from.length > 0) {
		size_t end = text_find(from, '\n');
		end = end < from.length ? end + 1 : end;
		unsigned what = next_random(state) % 24;
		if (what == 0)
			make_text(out, state, alphabet);
		else if (what > 2)
			buffer_text(out, text_slice(from, 0, end));
		from = text_slice(from, end, from.length);
	}
}

static int write_file(const char *folder, unsigned number, const char *ending, const struct buffer *content)
{
	char name[4096];
	snprintf(name, sizeof name, "%s/%u.%s", folder, number, ending);
	FILE *file = fopen(name, "wb");
	if (!file)
		return -1;
	size_t written = content->length > 0 ? fwrite(content->data, 1, content->length, file) : 0;
	return fclose(file) != 0 || written != content->length ? -1 : 0;
}

static int make_case(const char *folder, unsigned number, uint32_t *state)
{
	struct arena arena = {0};
	struct buffer before = {0}, after = {0}, out = {0};
	unsigned alphabet = 2 + next_random(state) % 40;
	make_text(&before, state, alphabet);
	if (number % 4 == 0)
		make_text(&after, state, alphabet);
	else
		edit_text(buffer_view(&before), &after, state, alphabet);
	struct text_diff diff = text_diff(&arena, buffer_view(&before), buffer_view(&after));
	struct text_diff_style style = {.before = "a/x", .after = "b/x", .context = number % 5};
	text_diff_print(&diff, &style, &out);
	printf("%u %zu\n", number, diff.removed + diff.added);
	int status = write_file(folder, number, "a", &before) || write_file(folder, number, "b", &after) ||
		write_file(folder, number, "diff", &out);
	buffer_free(&before);
	buffer_free(&after);
	buffer_free(&out);
	arena_free(&arena);
	return status ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	uint32_t state = (uint32_t)strtoul(argv[2], NULL, 10);
	unsigned cases = (unsigned)strtoul(argv[3], NULL, 10);
	for (unsigned i = 0; i < cases; i++)
		if (make_case(argv[1], i, &state))
			return 1;
	return 0;
}
