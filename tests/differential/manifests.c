/*
 * manifests: reads manifests and prints, for each file, whether all of it is accounted for.
 *
 *   manifests FORMAT FILE…       `ok FILE` or `REASON FILE` a line; totals on standard error
 *
 * Containers are counted a second time, plainly, from the text: the lines below a `containers:` key (or the
 * names below `services:`) at the depth of its first item. It serves files that were not rejected and that
 * are written in block style, which is told by that count being more than nothing.
 */
#include "replay/readers/reader.h"

#include <stdlib.h>
#include <string.h>

struct counts {
	struct ledger total;
	size_t compared;
	uint64_t containers;
};

struct seen {
	uint64_t events, containers; /* other objects are events, too */
};

static int take(void *context, struct event *event)
{
	struct seen *seen = context;
	bool container = false;
	for (size_t i = 0; i < event->facet_count; i++)
		container |= text_is(event->registry->categories[event->facets[i]->category].name, "container");
	seen->events++;
	seen->containers += container;
	return 0;
}

static size_t indent_of(struct text line)
{
	size_t indent = 0;
	while (indent < line.length && line.data[indent] == ' ')
		indent++;
	return indent;
}

static bool is_blank(struct text line)
{
	struct text trimmed = text_trim(line);
	return !trimmed.length || trimmed.data[0] == '#';
}

static bool opens(struct text line, bool compose)
{
	static const char *const keys[] = {"containers:", "initContainers:", "ephemeralContainers:"};
	struct text trimmed = text_trim(line);
	if (text_starts(trimmed, TEXT("- "), false))
		trimmed = text_trim(text_slice(trimmed, 2, trimmed.length));
	if (compose)
		return text_is(line, "services:");
	for (size_t i = 0; i < 3; i++)
		if (text_is(trimmed, keys[i]))
			return true;
	return false;
}

/* Items of all blocks that `opens` finds. Only objects that run containers count: others say `containers`
 * too (a policy's patch, a custom resource), so that the count may be higher. */
static uint64_t plain_count(struct text text, bool compose)
{
	uint64_t count = 0;
	size_t block = 0, first = 0;
	bool inside = false;
	for (size_t at = 0; at < text.length;) {
		struct text rest = text_slice(text, at, text.length), line = text_slice(rest, 0, text_find(rest, '\n'));
		at += line.length + 1;
		line = text_slice(line, 0, line.length - (line.length && line.data[line.length - 1] == '\r'));
		if (is_blank(line))
			continue;
		size_t indent = indent_of(line);
		bool item = compose ? indent > block : line.data[indent] == '-' && indent + (first ? 1 : 0) > block;
		if (inside && !first && (item || (!compose && line.data[indent] == '-' && indent >= block)))
			first = indent + 1;
		if (inside && (!first || indent + 1 < first || (!compose && indent + 1 == first && line.data[indent] != '-')))
			inside = false;
		if (inside && indent + 1 == first)
			count++;
		if (opens(line, compose)) {
			inside = true;
			first = 0;
			block = indent;
		}
	}
	return count;
}

static const char *judge(const char *format, const char *file, const struct ledger *l, struct seen seen, struct arena *arena,
	struct diagnostics *d, struct counts *counts)
{
	struct text content;
	if (l->lines != l->event_lines + l->continued + l->blank + l->rejected)
		return "the account of lines does not balance";
	if (seen.events != l->events)
		return "events were lost on their way";
	if (l->rejected && !l->first_count)
		return "lines were rejected without a reason";
	if (file_read(arena, file, 0, d, &content))
		return "cannot be read again";
	uint64_t plain = plain_count(content, strcmp(format, "compose") == 0);
	if (l->rejected || !plain) {
		counts->containers += seen.containers;
		return "ok";
	}
	bool custom = !text_contains(content, TEXT("\nkind: "), false) && !text_starts(content, TEXT("kind: "), false);
	counts->compared += plain == seen.containers;
	counts->containers += seen.containers;
	return plain == seen.containers || (custom && strcmp(format, "compose")) || seen.containers == 0 ? "ok" : "another number of containers";
}

int main(int argc, char **argv)
{
	struct catalog catalog;
	struct counts counts = {0};
	struct diagnostics d = {0};
	struct yaml *document;
	size_t count;
	memset(&catalog, 0, sizeof catalog);
	const struct reader *reader = argc > 1 ? reader_find(text_of(argv[1])) : NULL;
	if (!reader || yaml_parse_file(&catalog.arena, "rulesets/fields.yaml", NULL, &d, &document, &count) ||
		registry_load(&catalog.registry, &catalog.arena, document, &d))
		return 2;
	struct reader_options options = {.catalog = &catalog};
	for (int i = 2; i < argc; i++) {
		struct ledger ledger = {0};
		struct arena arena = {0};
		struct seen seen = {0, 0};
		int status = reader_run(reader, argv[i], &options, (struct event_sink){take, &seen}, &ledger, &d);
		printf("%s\t%s\n", status ? "cannot be read" : judge(argv[1], argv[i], &ledger, seen, &arena, &d, &counts), argv[i]);
		ledger_add(&counts.total, &ledger);
		ledger_free(&ledger);
		arena_free(&arena);
	}
	diagnostics_print(&d, stderr);
	const struct ledger *t = &counts.total;
	fprintf(stderr, "%d files, %llu containers, %zu files counted twice; lines %llu, blank %llu, rejected %llu\n", argc - 2,
		(unsigned long long)counts.containers, counts.compared, (unsigned long long)t->lines, (unsigned long long)t->blank,
		(unsigned long long)t->rejected);
	ledger_free(&counts.total);
	diagnostics_free(&d);
	arena_free(&catalog.arena);
	return 0;
}
