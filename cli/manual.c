/* manual: for a terminal. See manual.h. */
#include "cli/manual.h"

#include <string.h>

enum { LEFT = 29, EXAMPLE_LEFT = 44, DEEPER = 6 }; /* columns where explanations begin */

static size_t characters(const char *string)
{
	size_t count = 0;
	for (; *string != '\0'; string++)
		count += ((unsigned char)*string & 0xc0) != 0x80;
	return count;
}

/* "  left   words…", the words in a column of their own; below it where `left` reaches into the column. */
static void entry(FILE *out, const char *left, const char *words, size_t at)
{
	size_t column = 2 + characters(left);
	fprintf(out, "  %s", left);
	if (words[0] == '\0') {
		fputc('\n', out);
		return;
	}
	if (column >= at)
		fprintf(out, "\n%*s", (int)at, "");
	else
		fprintf(out, "%*s", (int)(at - column), "");
	manual_wrap(out, words, at, at);
}

static void options(FILE *out, struct arena *arena, const struct option_spec *specs)
{
	for (; specs->name != NULL; specs++)
		entry(out, manual_option(arena, specs), specs->about, LEFT);
}

static void paragraphs(FILE *out, struct arena *arena, const char *details)
{
	struct manual_paragraph *list;
	size_t count = manual_paragraphs(arena, details, &list);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !list[i].verbatim)
			fputc('\n', out);
		if (list[i].verbatim)
			fprintf(out, "%s\n", list[i].text);
		else
			manual_wrap(out, list[i].text, 0, 0);
	}
}

/* Explanations stand beside their commands where all fit, else below each. */
static void examples(FILE *out, struct arena *arena, const struct verb *verb)
{
	struct manual_example *list;
	size_t count = manual_examples(arena, verb, &list), widest = 0;
	for (size_t i = 0; i < count; i++) {
		size_t wide = strchr(list[i].command, '\n') == NULL && list[i].about[0] != '\0' ? characters(list[i].command) : 0;
		if (wide > widest && wide <= EXAMPLE_LEFT)
			widest = wide;
	}
	fputs("\nExamples:\n", out);
	for (size_t i = 0; i < count; i++) {
		const char *command = list[i].command;
		if (strchr(command, '\n') == NULL && characters(command) <= widest) {
			entry(out, command, list[i].about, 2 + widest + 3);
			continue;
		}
		for (size_t length; *command != '\0'; command += length + (command[length] == '\n')) {
			length = strcspn(command, "\n");
			fprintf(out, "  %.*s\n", (int)length, command);
		}
		if (list[i].about[0] != '\0') {
			fprintf(out, "%*s", DEEPER, "");
			manual_wrap(out, list[i].about, DEEPER, DEEPER);
		}
	}
}

static void usage(FILE *out, struct arena *arena, const struct verb *verb)
{
	fputs("\nUsage:\n", out);
	for (const char *line = verb->usage; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		const char *whole = arena_printf(arena, "mews %s %.*s", verb->name, (int)length, line);
		fputs("  ", out);
		manual_wrap(out, whole, 2, DEEPER);
		line += length + (line[length] == '\n');
	}
}

static void see_also(FILE *out, const char *names)
{
	fputs("\nSee also: ", out);
	for (const char *at = names; *at != '\0';) {
		size_t length = strcspn(at, " ");
		fprintf(out, "mews %.*s%s", (int)length, at, at[length] == ' ' ? ", " : "\n");
		at += length + (at[length] == ' ');
	}
}

void manual_verb(const struct verb *verb, FILE *out)
{
	struct arena arena = {0};
	manual_wrap(out, verb->about, 0, 0);
	usage(out, &arena, verb);
	paragraphs(out, &arena, verb->details);
	fputs("\nOptions:\n", out);
	options(out, &arena, verb->options);
	if (verb->status != NULL) {
		fputc('\n', out);
		manual_wrap(out, arena_printf(&arena, "Exit status: %s.", verb->status), 0, 0);
	}
	examples(out, &arena, verb);
	if (verb->see != NULL)
		see_also(out, verb->see);
	arena_free(&arena);
}

void manual_program(FILE *out)
{
	enum { VERB_LEFT = 14 };
	static const enum verb_group order[] = {GROUP_WRITE, GROUP_MEASURE, GROUP_CHANGE, GROUP_RULES, GROUP_OTHER};
	struct arena arena = {0};
	manual_wrap(out, manual_what, 0, 0);
	fputs("\nUsage: mews [OPTION]… VERB [ARGUMENT]…\n", out);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		bool any = false;
		for (const struct verb *const *verb = verbs; *verb != NULL; verb++) {
			if ((*verb)->group != order[i])
				continue;
			if (!any)
				fprintf(out, "\n%s:\n", verb_group_title(order[i]));
			any = true;
			entry(out, (*verb)->name, (*verb)->about, VERB_LEFT);
		}
	}
	fputs("\nOptions before the verb:\n", out);
	options(out, &arena, verb_global_options);
	fprintf(out, "\nExit status: %s.\n", manual_status(NULL));
	fputs("`mews VERB --help` says more. Begin with: mews check, then mews replay.\n", out);
	arena_free(&arena);
}
