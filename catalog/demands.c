/* demands: see demands.h. */
#include "catalog/demands.h"

#include "catalog/check.h"

struct demanding {
	const struct catalog *catalog;
	bool strict;
	struct diagnostics *d;
};

static size_t tests_that(const struct detection *detection, enum expectation expect)
{
	size_t count = 0;
	for (size_t i = 0; i < detection->test_count; i++)
		count += detection->tests[i].expect == expect;
	return count;
}

static bool has_techniques(const struct detection *detection)
{
	return detection->techniques.count > 0;
}

static bool has_surface(const struct detection *detection)
{
	return detection->surface.length > 0;
}

static bool has_description(const struct detection *detection)
{
	return detection->description.length > 0;
}

static bool has_references(const struct detection *detection)
{
	return detection->references.count > 0;
}

static bool has_false_positives(const struct detection *detection)
{
	return detection->false_positives.count > 0;
}

static bool has_matches(const struct detection *detection)
{
	return tests_that(detection, EXPECT_MATCH) >= DEMANDED_TESTS;
}

static bool has_near_misses(const struct detection *detection)
{
	return tests_that(detection, EXPECT_NO_MATCH) >= DEMANDED_TESTS;
}

/* What catalog_check warns of already is an error here only where it is asked strictly. */
static const struct demand {
	bool (*met)(const struct detection *detection);
	bool told;         /* catalog_check warns of it whenever a catalog is read */
	const char *lacks; /* "the detection …" */
	const char *lack;  /* "this and 12 more detections …" */
} demands[] = {
	{has_description, true, "does not say what happened (description)", "do not say what happened (description)"},
	{has_techniques, true, "names no technique of ATT&CK (techniques)", "name no technique of ATT&CK (techniques)"},
	{has_surface, true, "does not say where the act happens (surface)", "do not say where the act happens (surface)"},
	{has_references, false, "names nothing to read about the act (references)", "name nothing to read about the act "
		"(references)"},
	{has_false_positives, false, "does not say what looks alike (false_positives)", "do not say what looks alike "
		"(false_positives)"},
	{has_matches, false, "has fewer than two tests that expect match, in two spellings",
		"have fewer than two tests that expect match, in two spellings"},
	{has_near_misses, false, "has fewer than two tests that expect no-match: near misses",
		"have fewer than two tests that expect no-match: near misses"},
};

static void say(const struct demanding *w, struct place place, const char *sentence)
{
	if (w->strict)
		diagnostics_error(w->d, place, "%s", sentence);
	else
		diagnostics_warning(w->d, place, "%s", sentence);
	catalog_show_line(w->catalog, w->d, place);
}

/* One by one where they are few; many that were taken in from elsewhere get one sentence. */
static void ask(const struct demanding *w, const struct demand *demand, struct arena *arena)
{
	enum { FEW = 5 };
	const struct detection *failing[FEW];
	size_t count = 0;
	for (size_t i = 0; i < w->catalog->detection_count; i++) {
		const struct detection *detection = w->catalog->detections[i];
		if (detection->status == STATUS_EXPERIMENTAL || demand->met(detection))
			continue;
		if (count < FEW)
			failing[count] = detection;
		count++;
	}
	for (size_t i = 0; i < count && count <= FEW; i++)
		say(w, failing[i]->place, arena_printf(arena, "the detection %s", demand->lacks));
	if (count > FEW)
		say(w, failing[0]->place, arena_printf(arena, "this and %zu more detections %s", count - 1, demand->lack));
}

static void ask_techniques(const struct demanding *w, const struct detection *detection, struct arena *arena)
{
	const struct attack_techniques *known = &w->catalog->techniques;
	for (size_t i = 0; i < detection->techniques.count; i++) {
		const struct text id = detection->techniques.items[i];
		if (techniques_find(known, id))
			continue;
		say(w, detection->technique_places ? detection->technique_places[i] : detection->place, arena_printf(arena,
			techniques_revoked(known, id) ? "ATT&CK took the technique %.*s back" : "ATT&CK has no technique %.*s",
			TEXT_ARGS(id)));
	}
}

static void ask_matrix(const struct demanding *w, struct arena *arena)
{
	const struct attack_techniques *known = &w->catalog->techniques;
	for (size_t i = 0; i < known->count; i++) {
		const struct attack_technique *it = &known->items[i];
		if (!it->containers)
			continue;
		const struct detection *by = catalog_covers(w->catalog, it->id);
		if (!by && !it->untraced.length)
			say(w, it->place, arena_printf(arena, "no detection covers %.*s (%.*s), and nothing says why (untraced)",
				TEXT_ARGS(it->id), TEXT_ARGS(it->name)));
		if (!by || !it->untraced.length)
			continue;
		diagnostics_warning(w->d, it->place, "%.*s is said to be untraced, and %.*s covers it", TEXT_ARGS(it->id),
			TEXT_ARGS(by->name));
		catalog_show_line(w->catalog, w->d, it->place);
	}
}

const struct detection *catalog_covers(const struct catalog *catalog, struct text technique)
{
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		for (size_t k = 0; detection->status != STATUS_DEPRECATED && k < detection->techniques.count; k++)
			if (technique_within(detection->techniques.items[k], technique))
				return detection;
	}
	return NULL;
}

int catalog_demands(const struct catalog *catalog, bool strict, struct diagnostics *d)
{
	const struct demanding w = {catalog, strict, d};
	const size_t errors = d->errors;
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof demands / sizeof *demands; i++)
		if (strict || !demands[i].told)
			ask(&w, &demands[i], &arena);
	for (size_t i = 0; catalog->techniques.count && i < catalog->detection_count; i++)
		ask_techniques(&w, catalog->detections[i], &arena);
	ask_matrix(&w, &arena);
	arena_free(&arena);
	return d->errors == errors ? 0 : -1;
}
