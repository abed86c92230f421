/* pages: the page of one detection. See pages.h. */
#include "cli/pages.h"

#include "catalog/text.h"
#include "replay/report/markdown_text.h"
#include "replay/report/show.h"

#include <stdlib.h>

/* What has to be recorded for a kind of evidence to be there. */
static const char *const telemetry[EVIDENCE_COUNT] = {
	[EVIDENCE_COMMAND] = "executed programs with their arguments: Linux audit (execve), Falco, Tetragon, osquery, a "
		"shell's history",
	[EVIDENCE_REQUEST] = "requests for containers: executed clients, compose files and manifests, bodies of an engine's or API "
		"server's requests, engine events",
	[EVIDENCE_API] = "the API server's audit log",
	[EVIDENCE_FILE] = "file access by path: Linux audit with a rule for the path, Falco, Tetragon",
	[EVIDENCE_NETWORK] = "connections and sockets: Linux audit (connect, bind), Falco, Tetragon",
	[EVIDENCE_KERNEL] = "system calls: Linux audit, Falco",
	[EVIDENCE_LOG] = "system logs: syslog, journal, the audit log's own records of users",
};

static void prose(struct buffer *out, struct text text)
{
	markdown_prose(out, text_trim(text), 0);
}

/* Paragraphs of a description stay paragraphs. */
static void paragraphs(struct buffer *out, struct text text)
{
	text = text_trim(text);
	for (size_t from = 0; from < text.length;) {
		size_t end = from;
		while (end + 1 < text.length && !(text.data[end] == '\n' && text.data[end + 1] == '\n'))
			end++;
		if (end + 1 >= text.length)
			end = text.length;
		prose(out, text_slice(text, from, end));
		buffer_string(out, "\n\n");
		from = end + 2;
	}
}

static void head(const struct pages *pages, const struct detection *detection, const struct proof *proof, struct buffer *out)
{
	buffer_string(out, pages_mark);
	buffer_string(out, "# ");
	prose(out, detection->title);
	buffer_printf(out, "\n\n`%.*s` · severity **%s** · status %s · surface %.*s · coverage **%s**\n\n",
		TEXT_ARGS(detection->name), severity_name(detection->severity), status_name(detection->status),
		TEXT_ARGS(detection->surface.length ? detection->surface : TEXT("not said")), pages_state(proof));
	for (size_t i = 0; i < detection->techniques.count; i++) {
		buffer_string(out, i ? ", " : "ATT&CK: ");
		pages_technique(pages, detection->techniques.items[i], out);
	}
	if (detection->techniques.count)
		buffer_string(out, "\n\n");
	paragraphs(out, detection->description);
}

/* As written, in a list's item. */
static void put_lines(struct text text, struct buffer *out)
{
	while (text.length) {
		const size_t end = text_find(text, '\n');
		buffer_string(out, "  ");
		buffer_text(out, text_slice(text, 0, end));
		buffer_char(out, '\n');
		text = text_slice(text, end < text.length ? end + 1 : end, text.length);
	}
}

static void how(const struct proof *proof, struct buffer *out)
{
	unsigned kinds = 0;
	buffer_string(out, "## How it sees the act\n\nAny of these conditions is enough ([what they mean](../conditions.md)):\n\n");
	for (size_t i = 0; i < proof->evidence_count; i++) {
		const struct proof_evidence *it = &proof->evidence[i];
		kinds |= it->kinds;
		buffer_printf(out, "- `%.*s`: ", TEXT_ARGS(it->condition->name));
		for (unsigned k = 0, any = 0; k < EVIDENCE_COUNT; k++)
			if (it->kinds & 1u << k)
				buffer_printf(out, "%s%s", any++ ? "; or " : "", evidence_about((enum evidence)k));
		buffer_printf(out, ". %s\n\n", it->shown ? "A recorded episode has shown it." : "No recorded episode has shown it yet.");
		buffer_string(out, "  ```eql\n");
		put_lines(text_trim(it->condition->source), out);
		buffer_string(out, "  ```\n\n");
	}
	buffer_string(out, "What must be recorded for that:\n\n");
	for (unsigned k = 0; k < EVIDENCE_COUNT; k++)
		if (kinds & 1u << k)
			buffer_printf(out, "- *%s*: %s\n", evidence_name((enum evidence)k), telemetry[k]);
	buffer_char(out, '\n');
}

static const char *with_interval(struct arena *arena, const struct rate *rate)
{
	if (!rate->denominator)
		return show_nothing;
	return arena_printf(arena, "%s (%s)", show_fraction(arena, rate), show_interval(arena, rate));
}

static void measured(const struct proof *proof, const struct mutate_score *score, struct buffer *out)
{
	struct arena arena = {0};
	buffer_string(out, "## What is measured\n\nOver the [recorded corpus](../corpus.md), with each organization's baseline "
		"([what the figures say](../measures.md)):\n\n| organization | attacks seen | bad practice seen | false "
			"positives / benign events "
		"in scope | reachability |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < proof->measure_count; i++) {
		const struct measure *measure = proof->measures[i].measure;
		buffer_string(out, "| ");
		prose(out, show_organization(measure->organization));
		buffer_printf(out, " | %s | %s | %s | %s |\n", with_interval(&arena, &measure->recall),
			with_interval(&arena, &measure->risky_recall), with_interval(&arena, &measure->false_positive_rate),
			show_reach(measure));
	}
	buffer_char(out, '\n');
	if (score->equivalents + score->near_misses)
		buffer_printf(out, "Robustness **%.2f**: of its tests' events in other spellings %zu of %zu are caught, and "
			"%zu of %zu near "
			"misses stay silent (`mews mutate`).\n\n", mutate_value(score), score->caught, score->equivalents, score->silent,
			score->near_misses);
	if (!proof->episode_count)
		buffer_string(out, "No recorded episode expects it.\n\n");
	else
		buffer_string(out, "Recorded episodes that expect it:\n\n");
	for (size_t i = 0; i < proof->episode_count; i++) {
		const struct episode *episode = proof->episodes[i];
		const bool attack = proof->labels[i] == LABEL_MALICIOUS;
		buffer_printf(out, "- `%.*s/%.*s` (%s): %s", TEXT_ARGS(proof->datasets[i]->name), TEXT_ARGS(episode->name),
			attack ? "attack" : "bad practice", proof->seen[i] ? "alert" : proof->off ? "off everywhere" : "**missed**");
		if (episode->gap.length && !proof->seen[i]) {
			buffer_string(out, ", a known gap: ");
			prose(out, episode->gap);
		}
		buffer_char(out, '\n');
	}
	if (proof->episode_count)
		buffer_char(out, '\n');
	arena_free(&arena);
}

/* The row of a condition and a target; NULL: the generator has none. */
static const struct fidelity_result *fidelity_of(const struct pages *pages, const struct condition *condition, const char *target)
{
	for (size_t i = 0; i < pages->targets.fidelity_count; i++)
		if (pages->targets.fidelity[i].condition == condition && text_is(text_of(target), pages->targets.fidelity[i].target))
			return &pages->targets.fidelity[i];
	return NULL;
}

static void rules(const struct pages *pages, const struct detection *detection, struct buffer *out)
{
	buffer_string(out, "## Rules for engines\n\nHow each target's rule relates to the condition "
		"([what the words mean](../generator.md)):\n\n| condition |");
	for (size_t t = 0; t < TARGET_MAX && target_names[t]; t++)
		buffer_printf(out, " %s |", target_names[t]);
	buffer_string(out, "\n|---|");
	for (size_t t = 0; t < TARGET_MAX && target_names[t]; t++)
		buffer_string(out, "---|");
	for (size_t i = 0; i < detection->condition_count; i++) {
		buffer_printf(out, "\n| `%.*s` |", TEXT_ARGS(detection->conditions[i]->name));
		for (size_t t = 0; t < TARGET_MAX && target_names[t]; t++) {
			const struct fidelity_result *it = fidelity_of(pages, detection->conditions[i], target_names[t]);
			buffer_printf(out, " %s |", it ? it->fidelity : show_nothing);
		}
	}
	buffer_string(out, "\n\n");
}

/* --- tests --- */

static void put_field(const struct registry *registry, const struct test_field *field, struct buffer *out)
{
	buffer_printf(out, "%s%.*s=", out->length ? " " : "", TEXT_ARGS(registry->fields[field->field].name));
	if (field->null)
		buffer_string(out, "null");
	for (size_t i = 0; i < field->values.count; i++) {
		buffer_string(out, i ? "," : "");
		buffer_text(out, field->values.items[i]);
	}
}

/* A command as it would be typed, and all other fields as name=value; the event's sort stands before it. */
static void put_facet(const struct registry *registry, const struct test_facet *facet, struct buffer *out)
{
	const unsigned args = registry_field(registry, TEXT("process.args")), name = registry_field(registry, TEXT("process.name"));
	struct text program = {0};
	struct text action = registry->actions[facet->action].name;
	buffer_printf(out, "%s%.*s:", out->length ? " + " : "", TEXT_ARGS(action));
	for (size_t i = 0; i < facet->count; i++) {
		const struct test_field *field = &facet->fields[i];
		if (field->field != args || field->null)
			continue;
		program = field->values.count ? field->values.items[0] : program;
		for (size_t k = 0; k < field->values.count; k++) {
			buffer_char(out, ' ');
			buffer_text(out, field->values.items[k]);
		}
	}
	for (size_t i = 0; i < facet->count; i++) {
		const struct test_field *field = &facet->fields[i];
		const bool said = field->field == name && field->values.count == 1 && text_ends(program, field->values.items[0], false);
		if (field->field != args && field->field != FIELD_CATEGORY && field->field != FIELD_ACTION && !said)
			put_field(registry, field, out);
	}
}

static void put_test(const struct registry *registry, const struct detection_test *test, struct buffer *out)
{
	enum { LONGEST = 240 };
	struct buffer line = {0};
	for (size_t i = 0; i < test->facet_count; i++)
		put_facet(registry, &test->facets[i], &line);
	for (size_t i = 0; i < test->event_count; i++)
		for (size_t k = 0; k < test->events[i].facet_count; k++)
			put_facet(registry, &test->events[i].facets[k], &line);
	markdown_code_cell(out, buffer_view(&line), LONGEST);
	buffer_free(&line);
}

static bool is_gap(const struct detection_test *test)
{
	return test->expect == EXPECT_TODO_MATCH || test->expect == EXPECT_TODO_NO_MATCH;
}

static void tests(const struct pages *pages, const struct detection *detection, bool gaps, struct buffer *out)
{
	static const char *const expected[] = {[EXPECT_MATCH] = "match", [EXPECT_NO_MATCH] = "no match",
		[EXPECT_TODO_MATCH] = "should match", [EXPECT_TODO_NO_MATCH] = "should not match"};
	bool any = false;
	for (size_t i = 0; i < detection->test_count; i++) {
		const struct detection_test *test = &detection->tests[i];
		if (is_gap(test) != gaps)
			continue;
		if (!any)
			buffer_string(out, gaps ? "## Known gaps\n\n| | what | event |\n|---|---|---|\n"
				: "## How it is tested\n\n`mews check` runs these:\n\n| | what | event |\n|---|---|---|\n");
		any = true;
		buffer_printf(out, "| %s | ", expected[test->expect]);
		prose(out, test->name);
		buffer_string(out, " | ");
		put_test(&pages->catalog->registry, test, out);
		buffer_string(out, " |\n");
	}
	if (any)
		buffer_char(out, '\n');
}

/* --- tuning --- */

struct told {
	unsigned field;
	double weight;
};

static int by_weight(const void *left, const void *right)
{
	const struct told *a = left, *b = right;
	if (a->weight < b->weight || a->weight > b->weight)
		return a->weight > b->weight ? -1 : 1;
	return (a->field > b->field) - (a->field < b->field);
}

static void tell(const struct pages *pages, const struct test_facet *facets, size_t count, struct told *told, size_t *told_count)
{
	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < facets[f].count; i++) {
			const unsigned field = facets[f].fields[i].field;
			const struct aspect *aspect = &pages->aspects.items[field];
			size_t k = 0;
			while (k < *told_count && told[k].field != field)
				k++;
			if (k == *told_count && aspect->use == ASPECT_USED)
				told[(*told_count)++] = (struct told){field, aspect->weight};
		}
}

/* What tells one cause from another among the events that it matches, best first. */
static void fields(const struct pages *pages, const struct detection *detection, struct buffer *out)
{
	enum { MOST = 6 };
	const struct registry *registry = &pages->catalog->registry;
	struct arena arena = {0};
	struct told *told = arena_array(&arena, registry->field_count, sizeof *told);
	size_t count = 0;
	for (size_t i = 0; i < detection->test_count; i++) {
		const struct detection_test *test = &detection->tests[i];
		if (test->expect != EXPECT_MATCH)
			continue;
		tell(pages, test->facets, test->facet_count, told, &count);
		for (size_t k = 0; k < test->event_count; k++)
			tell(pages, test->events[k].facets, test->events[k].facet_count, told, &count);
	}
	if (count)
		qsort(told, count, sizeof *told, by_weight);
	for (size_t i = 0; i < count && i < MOST; i++) {
		buffer_string(out, i ? ", " : "An exception tells most by ");
		buffer_printf(out, "`%.*s`", TEXT_ARGS(registry->fields[told[i].field].name));
	}
	if (count)
		buffer_string(out, ", and where and by whom: `user.name`, `host.name`, `process.parent.name`.\n\n");
	arena_free(&arena);
}

static void exceptions_of(const struct exception *list, size_t count, const struct detection *detection, bool shipped,
	struct text whose, const struct registry *registry, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		struct buffer source = {0};
		if (!shipped && !exception_covers(&list[i], detection))
			continue;
		condition_print(list[i].condition, registry, &source);
		buffer_string(out, "- ");
		prose(out, whose);
		buffer_string(out, ": ");
		markdown_code(out, buffer_view(&source), 0);
		buffer_string(out, ": ");
		prose(out, list[i].reason);
		if (list[i].expires.length)
			buffer_printf(out, " (until %.*s)", TEXT_ARGS(list[i].expires));
		buffer_char(out, '\n');
		buffer_free(&source);
	}
}

static void tuning(const struct pages *pages, const struct detection *detection, struct buffer *out)
{
	const struct catalog *catalog = pages->catalog;
	struct buffer list = {0};
	buffer_string(out, "## What looks alike, and how to tune it\n\n");
	for (size_t i = 0; i < detection->false_positives.count; i++) {
		buffer_string(out, "- ");
		prose(out, detection->false_positives.items[i]);
		buffer_char(out, '\n');
	}
	buffer_string(out, detection->false_positives.count ? "\n" : "");
	fields(pages, detection, out);
	buffer_printf(out, "`mews replay` over your own recordings shows what it costs you, and `mews tune --org ORG "
		"--detection %.*s` proposes the "
		"narrowest exceptions, each with its proof ([how](../how-to/tune-a-noisy-detection.md)).\n\n",
			TEXT_ARGS(detection->name));
	exceptions_of(detection->exceptions, detection->exception_count, detection, true, TEXT("everywhere"),
		&catalog->registry, &list);
	for (size_t i = 0; i < catalog->organization_count; i++)
		exceptions_of(catalog->organizations[i]->exceptions, catalog->organizations[i]->exception_count, detection, false,
			catalog->organizations[i]->name, &catalog->registry, &list);
	if (list.length) {
		buffer_string(out, "Exceptions that are there already:\n\n");
		buffer_text(out, buffer_view(&list));
		buffer_char(out, '\n');
	}
	buffer_free(&list);
}

static void ending(const struct detection *detection, struct buffer *out)
{
	if (detection->overlap_count)
		buffer_string(out, "## Others that see the same\n\n");
	for (size_t i = 0; i < detection->overlap_count; i++) {
		buffer_string(out, "- ");
		pages_link(out, detection->overlaps[i].detection, "");
		buffer_string(out, ": ");
		prose(out, detection->overlaps[i].reason);
		buffer_char(out, '\n');
	}
	if (detection->overlap_count)
		buffer_char(out, '\n');
	if (detection->references.count)
		buffer_string(out, "## To read on\n\n");
	for (size_t i = 0; i < detection->references.count; i++)
		buffer_printf(out, "- <%.*s>\n", TEXT_ARGS(detection->references.items[i]));
	buffer_printf(out, "%sId `%.*s`. [All detections](README.md), [by technique](by-technique.md), [by "
		"surface](by-surface.md).\n",
		detection->references.count ? "\n" : "", TEXT_ARGS(detection->id));
}

void pages_detection(const struct pages *pages, size_t number, struct buffer *out)
{
	const struct detection *detection = pages->catalog->detections[number];
	const struct proof *proof = pages->proof[number];
	head(pages, detection, proof, out);
	how(proof, out);
	measured(proof, &pages->scores[number], out);
	rules(pages, detection, out);
	tests(pages, detection, false, out);
	tests(pages, detection, true, out);
	tuning(pages, detection, out);
	ending(detection, out);
}
