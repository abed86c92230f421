/* options: see options.h. */
#include "cli/options.h"

#include "catalog/hint.h"
#include "cli/verb.h"

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
static struct option *long_options(struct arena *arena, const struct option_spec *specs, bool ends_at_word, char **letters)
{
	size_t count = specs_count(specs);
	struct option *table = arena_array(arena, count + 1, sizeof *table);
	char *out = *letters = arena_array(arena, 2 * count + 3, 1);
	if (ends_at_word)
		*out++ = '+';
	*out++ = ':';
	for (size_t i = 0; i < count; i++) {
		table[i].name = specs[i].name;
		const int given = option_waits(&specs[i]) ? required_argument : optional_argument;
		table[i].has_arg = specs[i].argument == NULL ? no_argument : given;
		table[i].val = specs[i].letter != 0 ? specs[i].letter : LONG_ONLY + (int)i;
		if (specs[i].letter == 0)
			continue;
		*out++ = specs[i].letter;
		if (option_waits(&specs[i]))
			*out++ = ':';
	}
	return table;
}

struct text option_argument(const struct option_spec *spec)
{
	struct text argument = text_of(spec->argument);
	return option_waits(spec) ? argument : text_slice(argument, 2, argument.length - 1);
}

static int refuse(const char *verb, const char *what, const char *word, const char *hint)
{
	const char *space = verb[0] != '\0' ? " " : "";
	fprintf(stderr, "mews%s%s: error: %s %s%s (see mews%s%s --help)\n", space, verb, what, word, hint, space, verb);
	return -1;
}

/* The option that `word` (--formt=json) may have meant. */
static const char *nearest(const struct option_spec *specs, const char *word, char words[HINT_LENGTH])
{
	const char *name = word + strspn(word, "-");
	struct hint hint = {.word = {name, strcspn(name, "=")}};
	for (; specs->name != NULL; specs++)
		hint_offer(&hint, text_of(specs->name));
	words[0] = '\0';
	if (hint.nearest.length > 0)
		snprintf(words, HINT_LENGTH, "; did you mean --%.*s?", TEXT_ARGS(hint.nearest));
	return words;
}

/* -C, --store=x behind the verb, where they mean nothing; NULL: it is none of those that stand before it. */
static const struct option_spec *before_verb(const char *verb, const char *word)
{
	const char *name = word + strspn(word, "-");
	const size_t length = strcspn(name, "=");
	for (const struct option_spec *spec = verb_global_options; verb[0] != '\0' && spec->name != NULL; spec++)
		if (word[0] == '-' && word[1] == '-' ? strlen(spec->name) == length && strncmp(spec->name, name, length) == 0
						     : spec->letter == word[1] && spec->letter != 'h')
			return spec;
	return NULL;
}

/* optopt is 0 for a long option that is not known, and a known one's code where a value was joined to a switch. */
static int refuse_option(const char *verb, const struct option_spec *specs, int code, const char *word)
{
	char letter[] = {'-', (char)optopt, '\0'}, words[HINT_LENGTH];
	const struct option_spec *early = before_verb(verb, optopt == 0 ? word : letter);
	if (code == '?' && early != NULL && (optopt == 0 || spec_of(specs, optopt) == NULL)) {
		fprintf(stderr, "mews %s: error: %s stands before the verb, as in mews --%s%s%s %s (see mews --help)\n", verb,
			optopt == 0 ? word : letter, early->name, early->argument != NULL ? " " : "",
			early->argument != NULL ? early->argument : "", verb);
		return -1;
	}
	if (code == ':')
		return refuse(verb, "a value is missing after", word, "");
	if (optopt == 0)
		return refuse(verb, "unknown option", word, nearest(specs, word, words));
	if (spec_of(specs, optopt) == NULL)
		return refuse(verb, "unknown option", letter, "");
	return refuse(verb, "this option takes no value:", word, "");
}

int options_read(struct options *options, struct arena *arena, const struct option_spec *specs, const char *verb, int argc,
	char **argv)
{
	char *letters = NULL;
	struct option *table = long_options(arena, specs, verb[0] == '\0', &letters);
	int code;
	*options = (struct options){0};
	opterr = 0;
	optind = 0; /* start afresh; GNU's permutation puts operands last */
	while ((code = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		if (code == '?' || code == ':') {
			const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
			return refuse_option(verb, specs, code, word);
		}
		if (optarg != NULL && optarg[0] == '\0') /* an unset variable of a script; never a path */
			return refuse(verb, "the value is empty of", arena_printf(arena, "--%s", spec_of(specs, code)->name), "");
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

const char *options_line(const struct options *options, struct arena *arena)
{
	const char *line = "";
	for (size_t i = 0; i < options->count; i++) {
		const struct option_found *found = &options->found[i];
		const char *between = option_waits(found->spec) ? " " : "=";
		line = arena_printf(arena, "%s%s--%s%s%s", line, line[0] != '\0' ? " " : "", found->spec->name,
			found->value != NULL ? between : "", found->value != NULL ? found->value : "");
	}
	for (size_t i = 0; i < options->operand_count; i++)
		line = arena_printf(arena, "%s%s%s", line, line[0] != '\0' ? " " : "", options->operands[i]);
	return line;
}
