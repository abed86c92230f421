/* options: see options.h. */
#include "cli/options.h"

#include <getopt.h>
#include <string.h>

enum { LONG_ONLY = 256 }; /* getopt_long's return value for the option of index n without letter: LONG_ONLY + n */

static size_t specs_count(const struct option_spec *specs)
{
	size_t count = 0;
	while (specs[count].name != NULL)
		count++;
	return count;
}

static const struct option_spec *spec_of(const struct option_spec *specs, int code)
{
	if (code >= LONG_ONLY)
		return &specs[code - LONG_ONLY];
	for (; specs->name != NULL; specs++)
		if (specs->letter == code)
			return specs;
	return NULL;
}

/* Translates our table into getopt_long's two. */
static struct option *long_options(struct arena *arena, const struct option_spec *specs, char **letters)
{
	size_t count = specs_count(specs);
	struct option *table = arena_array(arena, count + 1, sizeof *table);
	char *out = *letters = arena_array(arena, 2 * count + 2, 1);
	*out++ = ':';
	for (size_t i = 0; i < count; i++) {
		table[i].name = specs[i].name;
		table[i].has_arg = specs[i].argument != NULL ? required_argument : no_argument;
		table[i].val = specs[i].letter != 0 ? specs[i].letter : LONG_ONLY + (int)i;
		if (specs[i].letter == 0)
			continue;
		*out++ = specs[i].letter;
		if (specs[i].argument != NULL)
			*out++ = ':';
	}
	return table;
}

static int refuse(const char *verb, const char *what, const char *word)
{
	fprintf(stderr, "mews %s: error: %s %s (see mews %s --help)\n", verb, what, word, verb);
	return -1;
}

int options_read(struct options *options, struct arena *arena, const struct option_spec *specs, const char *verb, int argc,
	char **argv)
{
	char *letters = NULL;
	struct option *table = long_options(arena, specs, &letters);
	int code;
	*options = (struct options){0};
	opterr = 0;
	optind = 0; /* start afresh; GNU's permutation puts operands last */
	while ((code = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		if (code == '?' || code == ':') {
			const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
			return refuse(verb, code == ':' ? "a value is missing after" : "unknown option", word);
		}
		options->found = arena_grow(arena, options->found, options->count, sizeof *options->found);
		options->found[options->count].spec = spec_of(specs, code);
		options->found[options->count++].value = optarg;
	}
	options->operands = argv + optind;
	options->operand_count = (size_t)(argc - optind);
	return 0;
}

bool options_has(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->found[i].spec->name, name) == 0)
			return true;
	return false;
}

const char *options_value(const struct options *options, const char *name, const char *otherwise)
{
	const char *value = otherwise;
	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->found[i].spec->name, name) == 0)
			value = options->found[i].value;
	return value;
}

size_t options_values(const struct options *options, struct arena *arena, const char *name, const char ***values)
{
	size_t count = 0;
	*values = arena_array(arena, options->count + 1, sizeof **values);
	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->found[i].spec->name, name) == 0)
			(*values)[count++] = options->found[i].value;
	return count;
}

void options_help(const struct option_spec *specs, FILE *out)
{
	for (; specs->name != NULL; specs++) {
		char left[64];
		const char *argument = specs->argument != NULL ? specs->argument : "";
		const char *space = specs->argument != NULL ? " " : "";
		if (specs->letter != 0)
			snprintf(left, sizeof left, "-%c, --%s%s%s", specs->letter, specs->name, space, argument);
		else
			snprintf(left, sizeof left, "    --%s%s%s", specs->name, space, argument);
		fprintf(out, "  %-28s %s\n", left, specs->about);
	}
}
