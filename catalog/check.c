/*
 * check: what only the whole catalog can tell.
 */
#include "catalog/check.h"
#include "catalog/sequence.h"

#include <stdlib.h>
#include <string.h>

struct checking {
	const struct catalog *catalog;
	struct diagnostics *d;
};

void catalog_show_line(const struct catalog *catalog, struct diagnostics *d, struct place place)
{
	struct text file = text_of(place.file);
	for (size_t i = 0; i < catalog->document_count; i++) {
		struct text path = catalog->documents[i].path;
		if (!text_ends(file, path, false))
			continue;
		if (file.length == path.length || file.data[file.length - path.length - 1] == '/') {
			diagnostics_show_line(d, catalog->documents[i].content);
			return;
		}
	}
}

static void show_line(const struct checking *c, struct place place)
{
	catalog_show_line(c->catalog, c->d, place);
}

static int compare_ids(const void *a, const void *b)
{
	const struct detection *left = *(const struct detection *const *)a, *right = *(const struct detection *const *)b;
	int order = text_compare(left->id, right->id);
	return order ? order : text_compare(left->name, right->name);
}

static void check_ids(const struct checking *c)
{
	size_t count = c->catalog->detection_count;
	if (count < 2)
		return;
	const struct detection **sorted = mem_alloc(count * sizeof *sorted);
	memcpy(sorted, c->catalog->detections, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, compare_ids);
	for (size_t i = 1; i < count; i++) {
		if (!text_equal(sorted[i]->id, sorted[i - 1]->id))
			continue;
		diagnostics_error(c->d, sorted[i]->place, "the id %.*s is already that of \"%.*s\"", TEXT_ARGS(sorted[i]->id),
			TEXT_ARGS(sorted[i - 1]->name));
		show_line(c, sorted[i]->place);
	}
	free(sorted);
}

static void check_names(const struct checking *c)
{
	for (size_t i = 1; i < c->catalog->detection_count; i++) {
		const struct detection *one = c->catalog->detections[i];
		if (text_equal(one->name, c->catalog->detections[i - 1]->name))
			diagnostics_error(c->d, one->place, "another detection is named \"%.*s\"", TEXT_ARGS(one->name));
	}
	for (size_t i = 1; i < c->catalog->organization_count; i++) {
		const struct organization *one = c->catalog->organizations[i];
		if (text_equal(one->name, c->catalog->organizations[i - 1]->name))
			diagnostics_error(c->d, one->place, "another organization is named \"%.*s\"", TEXT_ARGS(one->name));
	}
}

/* The name that a detection's path gives it, or an empty text. */
static struct text name_of_path(struct text path)
{
	size_t before = strlen("detections/"), after = strlen(".yaml");
	if (!text_starts(path, TEXT("detections/"), false) || path.length < before + after)
		return (struct text){0};
	return text_slice(path, before, path.length - after);
}

/* By the files, not by what was loaded of them: a detection that is wrong in itself is there all the same. */
static void check_detection_name(const struct checking *c, struct text name, struct place place)
{
	struct text near = {0};
	size_t best = SIZE_MAX;
	if (catalog_detection(c->catalog, name))
		return;
	for (size_t i = 0; i < c->catalog->document_count; i++) {
		struct text candidate = name_of_path(c->catalog->documents[i].path);
		if (text_equal(candidate, name))
			return;
		if (candidate.length && text_nearer(name, candidate, &best))
			near = candidate;
	}
	if (near.length)
		diagnostics_error(c->d, place, "there is no detection \"%.*s\"; is it %.*s?", TEXT_ARGS(name), TEXT_ARGS(near));
	else
		diagnostics_error(c->d, place, "there is no detection \"%.*s\"", TEXT_ARGS(name));
	show_line(c, place);
}

static bool is_technique(struct text selector)
{
	return selector.length > 1 && selector.data[0] == 'T'; /* names are in lower case */
}

static void check_selectors(const struct checking *c, const struct exception *exception)
{
	for (size_t i = 0; i < exception->detections.count; i++) {
		struct text selector = exception->detections.items[i];
		struct place place = exception->detection_places[i];
		struct exception alone = {.detections = {&selector, 1}};
		bool covers = text_is(selector, "*");
		for (size_t j = 0; !covers && j < c->catalog->detection_count; j++)
			covers = exception_covers(&alone, c->catalog->detections[j]);
		if (covers)
			continue;
		if (!is_technique(selector)) {
			check_detection_name(c, selector, place);
			continue;
		}
		diagnostics_warning(c->d, place, "no detection has the technique %.*s that the exception \"%.*s\" names",
			TEXT_ARGS(selector), TEXT_ARGS(exception->name));
		show_line(c, place);
	}
}

struct reach {
	size_t conditions; /* that the exception covers */
	bool reached;
};

/* Of a sequence the exception is judged on the last event. */
static bool reaches(unsigned category, const struct condition *condition)
{
	const struct sequence *sequence = condition->sequence;
	if (sequence && !sequence->sample)
		return reaches(category, sequence_last(sequence)->condition);
	for (size_t i = 0; sequence && i < sequence->count; i++)
		if (reaches(category, sequence->steps[i].condition))
			return true;
	unsigned asked = condition->category;
	return !sequence && (category == CATEGORY_ANY || asked == CATEGORY_ANY || asked == category);
}

static void add_reach(struct reach *reach, const struct exception *exception, const struct detection *detection)
{
	unsigned category = exception->condition->category;
	reach->conditions += detection->condition_count;
	for (size_t i = 0; i < detection->condition_count; i++)
		if (reaches(category, detection->conditions[i]))
			reach->reached = true;
}

static void warn_unreachable(const struct checking *c, const struct exception *exception, const struct reach *reach)
{
	if (reach->reached || !reach->conditions)
		return;
	struct text category = c->catalog->registry.categories[exception->condition->category].name;
	diagnostics_warning(c->d, exception->place,
		"the exception \"%.*s\" can never apply: it asks %.*s events, and no condition that it covers does",
		TEXT_ARGS(exception->name), TEXT_ARGS(category));
	show_line(c, exception->place);
}

static void check_organization(const struct checking *c, const struct organization *organization)
{
	for (size_t i = 0; i < organization->disable.count; i++)
		check_detection_name(c, organization->disable.items[i], organization->disable_places[i]);
	for (size_t i = 0; i < organization->severity_count; i++)
		check_detection_name(c, organization->severities[i].detection, organization->severities[i].place);
	for (size_t i = 0; i < organization->exception_count; i++) {
		const struct exception *exception = &organization->exceptions[i];
		struct reach reach = {0};
		check_selectors(c, exception);
		for (size_t j = 0; j < c->catalog->detection_count; j++)
			if (exception_covers(exception, c->catalog->detections[j]))
				add_reach(&reach, exception, c->catalog->detections[j]);
		warn_unreachable(c, exception, &reach);
	}
}

static void check_overlaps(const struct checking *c, const struct detection *detection)
{
	for (size_t i = 0; i < detection->overlap_count; i++)
		check_detection_name(c, detection->overlaps[i].detection, detection->overlaps[i].place);
}

static void check_shipped(const struct checking *c, const struct detection *detection)
{
	for (size_t i = 0; i < detection->exception_count; i++) {
		struct reach reach = {0};
		add_reach(&reach, &detection->exceptions[i], detection);
		warn_unreachable(c, &detection->exceptions[i], &reach);
	}
}

/* What Sigma and a reader of an alert ask for, and a detection works without; an experimental one is not asked yet. */
static const struct {
	const char *key;
	size_t text, list; /* where it stands in a detection: a text, or a list of texts */
} recommended[] = {
	{"description", offsetof(struct detection, description), 0},
	{"techniques", 0, offsetof(struct detection, techniques)},
	{"surface", offsetof(struct detection, surface), 0},
	{"author", offsetof(struct detection, author), 0},
	{"date", offsetof(struct detection, date), 0},
};

static bool says(const struct detection *detection, size_t key)
{
	const char *base = (const char *)detection;
	if (recommended[key].list)
		return ((const struct texts *)(const void *)(base + recommended[key].list))->count > 0;
	return ((const struct text *)(const void *)(base + recommended[key].text))->length > 0;
}

/* One by one where they are few; a thousand that were taken in from elsewhere get one sentence. */
static void check_recommended(const struct checking *c)
{
	enum { FEW = 5 };
	for (size_t key = 0; key < sizeof recommended / sizeof *recommended; key++) {
		const struct detection *silent[FEW];
		size_t count = 0;
		for (size_t i = 0; i < c->catalog->detection_count; i++) {
			const struct detection *detection = c->catalog->detections[i];
			if (detection->status == STATUS_EXPERIMENTAL || says(detection, key))
				continue;
			if (count < FEW)
				silent[count] = detection;
			count++;
		}
		for (size_t i = 0; i < count && count <= FEW; i++)
			diagnostics_warning(c->d, silent[i]->place, "the detection does not say its %s", recommended[key].key);
		if (count > FEW)
			diagnostics_warning(c->d, silent[0]->place, "this and %zu more detections do not say their %s", count - 1,
				recommended[key].key);
	}
}

int catalog_check(const struct catalog *catalog, struct diagnostics *d)
{
	struct checking c = {catalog, d};
	size_t errors = d->errors;
	check_ids(&c);
	check_names(&c);
	check_recommended(&c);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		check_overlaps(&c, catalog->detections[i]);
		check_shipped(&c, catalog->detections[i]);
	}
	for (size_t i = 0; i < catalog->organization_count; i++)
		check_organization(&c, catalog->organizations[i]);
	return d->errors == errors ? 0 : -1;
}

static void warn_expired(const struct checking *c, const struct exception *exception, struct text today)
{
	if (!exception_expired(exception, today))
		return;
	diagnostics_warning(c->d, exception->place, "the exception \"%.*s\" expired on %.*s and applies no more",
		TEXT_ARGS(exception->name), TEXT_ARGS(exception->expires));
	show_line(c, exception->place);
}

void catalog_warn_expired(const struct catalog *catalog, struct text today, struct diagnostics *d)
{
	struct checking c = {catalog, d};
	for (size_t i = 0; i < catalog->detection_count; i++)
		for (size_t j = 0; j < catalog->detections[i]->exception_count; j++)
			warn_expired(&c, &catalog->detections[i]->exceptions[j], today);
	for (size_t i = 0; i < catalog->organization_count; i++)
		for (size_t j = 0; j < catalog->organizations[i]->exception_count; j++)
			warn_expired(&c, &catalog->organizations[i]->exceptions[j], today);
}
