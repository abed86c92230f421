/* corpora: did two runs see the same? Otherwise what differs, dataset by dataset (see pairs.h). */
#include "catalog/text_diff.h"
#include "replay/compare/pairs.h"

#include <string.h>

enum { SAID_MOST = 5, LINES_MOST = 4 };

static const struct dataset_result *dataset_called(const struct results *run, struct text name)
{
	for (size_t i = 0; i < run->dataset_count; i++)
		if (text_equal(run->datasets[i].dataset->name, name))
			return &run->datasets[i];
	return NULL;
}

static struct place place_of(const struct dataset_result *result)
{
	struct place place = {.file = result->dataset->place.file};
	return place;
}

/* "label: benign → label: risky" and the like: the first lines that differ. */
static const char *described(struct comparing *c, struct text before, struct text after)
{
	struct text_diff diff = text_diff(&c->scratch, before, after);
	const char *words = "";
	size_t said = 0;
	for (size_t i = 0; i < diff.count && said < LINES_MOST; i++) {
		if (diff.lines[i].kind == DIFF_KEPT)
			continue;
		words = arena_printf(&c->scratch, "%s%s%s \"%.*s\"", words, said++ ? ", " : "",
			diff.lines[i].kind == DIFF_REMOVED ? "was" : "is", TEXT_ARGS(diff.lines[i].text));
	}
	if (diff.removed + diff.added > said)
		words = arena_printf(&c->scratch, "%s and %zu more", words, diff.removed + diff.added - said);
	return words;
}

/* What differs, or NULL. */
static const char *difference_of(struct comparing *c, const struct dataset_result *before, const struct dataset_result *after)
{
	if (!before->hash[0] || !after->hash[0])
		return "an older mews stored it without a fingerprint, so it cannot be compared (replay it again, and set the reference "
			"anew)";
	bool files = strcmp(before->hash, after->hash) != 0;
	bool words = !text_equal(before->description, after->description);
	if (!files && !words)
		return NULL;
	return arena_printf(&c->scratch, "%s%s%s%s", files ? "its files are not those of the reference run" : "",
		files && words ? "; " : "", words ? "its labels or how it is read changed: " : "",
		words ? described(c, before->description, after->description) : "");
}

static void say(struct comparing *c, size_t *said, const struct dataset_result *dataset, const char *what)
{
	if (++*said <= SAID_MOST)
		diagnostics_error(c->d, place_of(dataset), "dataset %.*s: %s", TEXT_ARGS(dataset->dataset->name), what);
}

static size_t say_datasets(struct comparing *c)
{
	size_t said = 0;
	for (size_t i = 0; i < c->before->dataset_count; i++) {
		const struct dataset_result *was = &c->before->datasets[i], *is = dataset_called(c->after, was->dataset->name);
		const char *what = is ? difference_of(c, was, is) : "the reference run has it, the newer one does not";
		if (what)
			say(c, &said, was, what);
	}
	for (size_t i = 0; i < c->after->dataset_count; i++)
		if (!dataset_called(c->before, c->after->datasets[i].dataset->name))
			say(c, &said, &c->after->datasets[i], "the reference run does not have it");
	return said;
}

int corpora_check(struct comparing *c)
{
	const char *was = c->before->target ? c->before->target : "", *is = c->after->target ? c->after->target : "";
	if (strcmp(was, is) != 0)
		return diagnostics_error(c->d, (struct place){0}, "one run measured %s, the other %s: runs of the same are compared",
			was[0] ? arena_printf(&c->scratch, "the rules for %s", was) : "the detections themselves",
			is[0] ? arena_printf(&c->scratch, "the rules for %s", is) : "the detections themselves");
	size_t said = say_datasets(c);
	arena_reset(&c->scratch);
	if (!said)
		return 0;
	return diagnostics_error(c->d, (struct place){0}, "the two runs are over different data%s, so their alerts cannot be compared"
		" (mews replay the same, or mews reference set)", said > SAID_MOST ? " in more datasets" : "");
}
