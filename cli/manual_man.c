/* manual: in the macros of man(7). See manual.h. */
#include "cli/manual_roff.h"

#include "catalog/text.h"

#include <ctype.h>
#include <string.h>

static void as_it_is(FILE *out, const char *text)
{
	fputs(".nf\n", out);
	roff_quoted(out, text, strlen(text));
	fputs("\n.fi\n", out);
}

static void options(FILE *out, struct arena *arena, const struct option_spec *specs)
{
	for (; specs->name != NULL; specs++) {
		fputs(".TP\n", out);
		const char *left = manual_option(arena, specs);
		roff_macro(out, "B", left + strspn(left, " "));
		roff_words(out, specs->about);
	}
}

static void description(FILE *out, struct arena *arena, const char *details)
{
	struct manual_paragraph *list;
	size_t count = manual_paragraphs(arena, details, &list);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputs(".PP\n", out);
		(list[i].verbatim ? as_it_is : roff_words)(out, list[i].text);
	}
}

static void examples(FILE *out, struct arena *arena, const struct verb *verb)
{
	struct manual_example *list;
	size_t count = manual_examples(arena, verb, &list);
	fputs(".SH EXAMPLES\n", out);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputs(".PP\n", out);
		const char *end = text_ends(text_of(list[i].about), TEXT("?"), false) ? "" : ":";
		if (list[i].about[0] != '\0')
			roff_words(out, arena_printf(arena, "%s%s", list[i].about, end));
		fputs(".RS 4\n", out);
		as_it_is(out, list[i].command);
		fputs(".RE\n", out);
	}
}

/* "0 fine, 1 findings, 2 wrong use or wrong input" as a list. */
static void status(FILE *out, const struct verb *verb)
{
	const char *at = manual_status(verb);
	fputs(".SH EXIT STATUS\n", out);
	while (*at != '\0') {
		const char *end = at;
		while ((end = strchr(end, ',')) != NULL && !(end[1] == ' ' && isdigit((unsigned char)end[2]) && end[3] == ' '))
			end++;
		size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
		fprintf(out, ".TP\n.B %c\n", *at);
		roff_quoted(out, at + 2, length - 2);
		fputc('\n', out);
		at += length + (end != NULL ? 2 : 0);
	}
}

static void files(FILE *out)
{
	static const char *const rows[][2] = {
		{"mews.yaml", "The project: where catalog, corpus and store are, whom replay serves, and the gates."},
		{"rulesets/", "The catalog: detections, organizations, dialects, fields, lists and clients."},
		{"corpus/", "Recorded datasets, a folder each, with a corpus.yaml that holds their labels."},
		{"mews.db", "The store: revisions of the catalog, and what runs measured (SQLite)."},
	};
	fputs(".SH FILES\n", out);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fputs(".TP\n", out);
		roff_macro(out, "I", rows[i][0]);
		roff_words(out, rows[i][1]);
	}
}

static void reference(FILE *out, const char *name, size_t length, bool last)
{
	fputs(".BR ", out);
	roff_quoted(out, name, length);
	fprintf(out, " (1)%s\n", last ? "" : ",");
}

static void see_also(FILE *out, struct arena *arena, const struct verb *verb)
{
	fputs(".SH SEE ALSO\n", out);
	for (const struct verb *const *other = verbs; verb == NULL && *other != NULL; other++) {
		const char *page = arena_printf(arena, "mews-%s", (*other)->name);
		reference(out, page, strlen(page), other[1] == NULL);
	}
	if (verb == NULL)
		return;
	reference(out, "mews", strlen("mews"), verb->see == NULL);
	for (const char *at = verb->see; at != NULL && *at != '\0';) {
		size_t length = strcspn(at, " ");
		const char *page = arena_printf(arena, "mews-%.*s", (int)length, at);
		reference(out, page, strlen(page), at[length] == '\0');
		at += length + (at[length] == ' ');
	}
}

static void program(FILE *out, struct arena *arena)
{
	roff_head(out, arena, "mews", 1, "detections as rule packs, and measured over recorded events");
	fputs(".SH SYNOPSIS\n.B mews\n.RI [ option \" ...] \" verb \" [\" argument \" ...]\"\n.SH DESCRIPTION\n", out);
	roff_words(out, manual_what);
	for (enum verb_group group = 0; group < GROUP_COUNT; group++) {
		bool any = false;
		for (const struct verb *const *verb = verbs; *verb != NULL; verb++) {
			if ((*verb)->group != group)
				continue;
			if (!any)
				roff_macro(out, "SS", verb_group_title(group));
			any = true;
			fputs(".TP\n", out);
			roff_macro(out, "B", arena_printf(arena, "mews %s", (*verb)->name));
			roff_words(out, (*verb)->about);
		}
	}
	fputs(".SH OPTIONS\nThese stand before the verb.\n", out);
	options(out, arena, verb_global_options);
}

void manual_man(const struct verb *verb, FILE *out)
{
	struct arena arena = {0};
	if (verb == NULL) {
		program(out, &arena);
	} else {
		roff_head(out, &arena, arena_printf(&arena, "mews-%s", verb->name), 1, verb->about);
		fputs(".SH SYNOPSIS\n", out);
		for (const char *line = verb->usage; *line != '\0';) {
			size_t length = strcspn(line, "\n");
			if (line != verb->usage)
				fputs(".br\n", out);
			roff_macro(out, "B", arena_printf(&arena, "mews %s", verb->name));
			roff_words(out, arena_strndup(&arena, line, length));
			line += length + (line[length] == '\n');
		}
		fputs(".SH DESCRIPTION\n", out);
		description(out, &arena, verb->details != NULL ? verb->details : verb->about);
		fputs(".SH OPTIONS\n", out);
		options(out, &arena, verb->options);
	}
	status(out, verb);
	files(out);
	if (verb != NULL)
		examples(out, &arena, verb);
	see_also(out, &arena, verb);
	arena_free(&arena);
}
