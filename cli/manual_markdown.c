/* manual: one page of Markdown, and the tables as JSON. See manual.h. */
#include "cli/manual.h"

#include <jansson.h>
#include <string.h>

static void options(FILE *out, struct arena *arena, const struct option_spec *specs)
{
	fputs("\n| option | |\n|---|---|\n", out);
	for (; specs->name != NULL; specs++) {
		const char *left = manual_option(arena, specs);
		fprintf(out, "| `%s` | ", left + strspn(left, " "));
		for (const char *at = specs->about; *at != '\0'; at++) {
			if (*at == '|' || *at == '<' || *at == '*')
				fputc('\\', out);
			fputc(*at, out);
		}
		fputs(" |\n", out);
	}
}

static void verb_section(FILE *out, const struct verb *verb)
{
	struct arena arena = {0};
	struct manual_paragraph *paragraphs;
	struct manual_example *examples;
	size_t count = manual_paragraphs(&arena, verb->details, &paragraphs);
	fprintf(out, "\n### mews %s\n\n%s.\n\n```text\n", verb->name, verb->about);
	for (const char *line = verb->usage; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		fprintf(out, "mews %s %.*s\n", verb->name, (int)length, line);
		line += length + (line[length] == '\n');
	}
	fputs("```\n", out);
	for (size_t i = 0; i < count; i++)
		if (paragraphs[i].verbatim)
			fprintf(out, "\n```text\n%s\n```\n", paragraphs[i].text);
		else
			fprintf(out, "\n%s\n", paragraphs[i].text);
	options(out, &arena, verb->options);
	if (verb->status != NULL)
		fprintf(out, "\nExit status: %s.\n", verb->status);
	fputs("\n```text\n", out);
	count = manual_examples(&arena, verb, &examples);
	for (size_t i = 0; i < count; i++) {
		if (examples[i].about[0] != '\0')
			fprintf(out, "# %s\n", examples[i].about);
		fprintf(out, "%s\n", examples[i].command);
	}
	fputs("```\n", out);
	arena_free(&arena);
}

void manual_markdown(FILE *out)
{
	static const enum verb_group order[] = {GROUP_WRITE, GROUP_MEASURE, GROUP_CHANGE, GROUP_RULES, GROUP_OTHER};
	struct arena arena = {0};
	fprintf(out,
		"# Commands\n\n<!-- Written by `mews help --as markdown`; tests/e2e/documents.sh compares. -->\n\n%s\n\n"
		"`mews [OPTION]… VERB [ARGUMENT]…`. These options stand before the verb:\n",
		manual_what);
	options(out, &arena, verb_global_options);
	fprintf(out, "\nExit status: %s, where a verb says nothing else.\n", manual_status(NULL));
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		fprintf(out, "\n## %s\n", verb_group_title(order[i]));
		for (const struct verb *const *verb = verbs; *verb != NULL; verb++)
			if ((*verb)->group == order[i])
				verb_section(out, *verb);
	}
	arena_free(&arena);
}

static json_t *json_options(const struct option_spec *specs)
{
	json_t *array = json_array();
	for (; specs->name != NULL; specs++) {
		const char letter[] = {specs->letter, '\0'};
		json_array_append_new(array, json_pack("{s:s, s:s, s:s?, s:s}", "name", specs->name, "letter", letter, "argument",
						     specs->argument, "about", specs->about));
	}
	return array;
}

static json_t *json_examples(const struct verb *verb)
{
	struct arena arena = {0};
	struct manual_example *list;
	size_t count = manual_examples(&arena, verb, &list);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_pack("{s:s, s:s}", "command", list[i].command, "about", list[i].about));
	arena_free(&arena);
	return array;
}

void manual_json(FILE *out)
{
	json_t *array = json_array();
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:s?, s:o, s:o}", "verb", (*verb)->name, "group",
						     verb_group_title((*verb)->group), "about", (*verb)->about, "usage", (*verb)->usage, "see",
						     (*verb)->see, "options", json_options((*verb)->options), "examples", json_examples(*verb)));
	json_t *root = json_pack("{s:o, s:o}", "options", json_options(verb_global_options), "verbs", array);
	json_dumpf(root, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(root);
}
