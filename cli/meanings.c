/* meanings: see meanings.h. */
#include "cli/meanings.h"

#include <string.h>

/* The first row that fits counts. */
static const struct meaning meanings[] = {
	{"export", "as", "FORMAT", MEANT_EXPORTS, NULL},
	{"replay", "format", "FORMAT", MEANT_REPORTS, NULL},
	{"report", "format", "FORMAT", MEANT_REPORTS, NULL},
	{"import", NULL, "FORMAT", MEANT_WORDS, "sigma falco auditd elastic"},
	{"compare", "format", "FORMAT", MEANT_WORDS, "table json markdown"},
	{"tune", "format", "FORMAT", MEANT_WORDS, "table json yaml"},
	{"dialect", "format", "FORMAT", MEANT_WORDS, "table json"},
	{NULL, NULL, "FORMAT=FILE", MEANT_REPORT_FILES, NULL},
	{NULL, NULL, "FORMAT", MEANT_WORDS, "text json"},
	{"generate", NULL, "ORG", MEANT_ORGANIZATIONS, "plain"},
	{"verify", NULL, "ORG", MEANT_ORGANIZATIONS, "plain"},
	{NULL, NULL, "ORG", MEANT_ORGANIZATIONS, NULL},
	{NULL, NULL, "ORGANIZATION", MEANT_ORGANIZATIONS, NULL},
	{NULL, NULL, "DETECTION", MEANT_DETECTIONS, NULL},
	{"verify", "rules", "NAME", MEANT_DETECTIONS, NULL},
	{"tune", "detection", "NAME", MEANT_DETECTIONS, NULL},
	{NULL, NULL, "test:NAME", MEANT_TESTS, NULL},
	{"generate", NULL, "TARGET", MEANT_TARGETS, "all"},
	{"verify", NULL, "TARGET", MEANT_TARGETS, "all"},
	{NULL, NULL, "TARGET", MEANT_TARGETS, NULL},
	{NULL, NULL, "DATASET", MEANT_DATASETS, NULL},
	{NULL, NULL, "DATASET/EPISODE", MEANT_EPISODES, NULL},
	{NULL, NULL, "READER", MEANT_READERS, NULL},
	{NULL, NULL, "DIALECT", MEANT_DIALECTS, NULL},
	{"dialect", NULL, "FILE", MEANT_DIALECTS, NULL},
	{NULL, NULL, "FOLDER", MEANT_FOLDERS, NULL},
	{NULL, NULL, "DIR", MEANT_FOLDERS, NULL},
	{NULL, NULL, "CATALOG", MEANT_FOLDERS, NULL},
	{NULL, NULL, "FILE", MEANT_FILES, NULL},
	{NULL, NULL, "FILE:LINE", MEANT_FILES, NULL},
	{NULL, NULL, "PATH", MEANT_FILES, NULL},
	{NULL, NULL, "SAMPLE", MEANT_FILES, NULL},
	{"help", "file", "KIND", MEANT_FILE_KINDS, "all"},
	{"fmt", NULL, "KIND", MEANT_FILE_KINDS, NULL},
	{"schema", NULL, "KIND", MEANT_FILE_KINDS, NULL},
	{NULL, NULL, "KIND", MEANT_KINDS, NULL},
	{NULL, NULL, "RUN", MEANT_RUNS, "latest"},
	{NULL, NULL, "REFERENCE", MEANT_RUNS, "reference"},
	{NULL, NULL, "VERB", MEANT_VERBS, NULL},
	{"watch", NULL, "WHAT", MEANT_WORDS, "save start reference"},
	{"list", NULL, "SURFACE", MEANT_WORDS, "host engine-api runtime image registry orchestrator workload secrets"},
	{"list", NULL, "STATE", MEANT_WORDS, "missed blind untested thin brief measured"},
	{NULL, NULL, "USE", MEANT_WORDS, "develop hold-out"},
	{NULL, NULL, "LABEL", MEANT_WORDS, "malicious risky benign"},
	{NULL, NULL, "FORM", MEANT_WORDS, "text man markdown json"},
	{NULL, NULL, "ARGUMENT", MEANT_FREE, NULL},
	{NULL, NULL, "BYTE", MEANT_FREE, NULL},
	{NULL, NULL, "DAY", MEANT_FREE, NULL},
	{NULL, NULL, "DAYS", MEANT_FREE, NULL},
	{NULL, NULL, "GROUPS", MEANT_FREE, NULL},
	{NULL, NULL, "ID", MEANT_FREE, NULL},
	{NULL, NULL, "N", MEANT_FREE, NULL},
	{NULL, NULL, "NAME", MEANT_FREE, NULL},
	{NULL, NULL, "NAMES", MEANT_FREE, NULL},
	{NULL, NULL, "SHARE", MEANT_FREE, NULL},
	{NULL, NULL, "SCORE", MEANT_FREE, NULL},
	{NULL, NULL, "TEXT", MEANT_FREE, NULL},
	{NULL, NULL, "WHO", MEANT_FREE, NULL},
	{NULL, NULL, "WORD", MEANT_FREE, NULL},
	{NULL, NULL, "YEAR", MEANT_FREE, NULL},
};

static bool fits(const char *wanted, const char *given)
{
	return wanted == NULL || (given != NULL && strcmp(wanted, given) == 0);
}

const struct meaning *meaning_find(const char *verb, const char *option, struct text name)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (fits(meanings[i].verb, verb) && fits(meanings[i].option, option) && text_is(name, meanings[i].name))
			return &meanings[i];
	return NULL;
}

/* Does the word name an option that takes the next word? */
static bool takes_next(const struct verb *verb, struct text word)
{
	for (const struct option_spec *spec = verb->options; spec->name != NULL; spec++) {
		bool is_long = word.length > 2 && text_is(text_slice(word, 2, word.length), spec->name);
		if (option_waits(spec) && (is_long || (word.length == 2 && word.data[1] == spec->letter)))
			return true;
	}
	return false;
}

struct text meaning_operand(const struct verb *verb, struct text form, size_t position)
{
	static const char dots[] = "…";
	bool skips = false;
	while ((form = text_trim(form)).length > 0) {
		struct text word = text_slice(form, 0, text_find(form, ' '));
		bool repeats = false;
		form = text_slice(form, word.length, form.length);
		while (word.length > 0 && word.data[0] == '[')
			word = text_slice(word, 1, word.length);
		for (; word.length > 0; word.length -= word.data[word.length - 1] == ']' ? 1 : strlen(dots)) {
			if (text_ends(word, TEXT(dots), false))
				repeats = true;
			else if (word.data[word.length - 1] != ']')
				break;
		}
		if (skips || text_is(word, "OPTION") || (word.length > 1 && word.data[0] == '-')) {
			skips = !skips && takes_next(verb, word);
			continue;
		}
		if (word.length > 0 && word.data[0] == '\'')
			return (struct text){0}; /* an event, as somebody would type it */
		if (position == 0 || repeats)
			return word;
		position--;
	}
	return (struct text){0};
}
