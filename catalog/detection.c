/*
 * detection: one catalog entry, from its YAML document.
 */
#include "catalog/detection_test.h"
#include "catalog/exception.h"
#include "catalog/sequence.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const severity_names[] = {
	[SEVERITY_INFORMATIONAL] = "informational",
	[SEVERITY_LOW] = "low",
	[SEVERITY_MEDIUM] = "medium",
	[SEVERITY_HIGH] = "high",
	[SEVERITY_CRITICAL] = "critical",
	NULL,
};
enum { SEVERITIES = COUNT(severity_names) - 1 };

static const char *const status_names[] = {
	[STATUS_EXPERIMENTAL] = "experimental",
	[STATUS_TEST] = "test",
	[STATUS_STABLE] = "stable",
	[STATUS_DEPRECATED] = "deprecated",
	NULL,
};
enum { STATUSES = COUNT(status_names) - 1 };

const char *const detection_surfaces[] = {"host", "engine-api", "runtime", "image", "registry", "orchestrator",
	"workload", "secrets", NULL};
enum { SURFACES = COUNT(detection_surfaces) - 1 };

const struct yaml_form severity_form = {.sort = YAML_TEXT, .words = severity_names};

#define CONDITION_NAME "^([a-z0-9]+(-[a-z0-9]+)*|[A-Za-z_][A-Za-z0-9_]*)$"

static const struct yaml_form technique_form = {.sort = YAML_TEXT, .pattern = "^T[0-9]{4}(\\.[0-9]{3})?$", .sample = "T1611"};
static const struct yaml_form url_form = {.sort = YAML_TEXT, .pattern = "^https://[^/\\s][^\\s]*$",
	.sample = "https://attack.mitre.org/"};

static const struct yaml_shape detection_shape[] = {
	{"id", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .sample = "7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1",
		.pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
		"A UUID, unique in the catalog. It stays when the name changes: rules of all targets are known by it."},
	{"name", YAML_REQUIRED, &yaml_slug, "Unique name: lower-case words with hyphens. The file is called NAME.yaml."},
	{"title", YAML_REQUIRED, &yaml_some_text, "One line for people: what happened, in title case."},
	{"description", YAML_OPTIONAL, &yaml_some_text,
		"What happened and why it matters: what whoever gets the alert has to know."},
	{"status", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .words = status_names, .sample = "experimental"),
		"How far it is proved: experimental, test (runs, and is measured), stable, deprecated."},
	{"severity", YAML_REQUIRED, &severity_form,
		"How grave an alert is. An organization may say otherwise, or ask for a minimum."},
	{"techniques", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &technique_form,
		.flags = YAML_OR_ONE | YAML_OR_NULL | YAML_UNIQUE),
		"MITRE ATT&CK techniques that it shows: T1611, or T1053.003 for one below."},
	{"surface", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = detection_surfaces), "Where the act happens."},
	{"author", YAML_OPTIONAL, &yaml_some_text, "Who wrote it."},
	{"date", YAML_OPTIONAL, &yaml_day, "The day on which it was written (YYYY-MM-DD)."},
	{"modified", YAML_OPTIONAL, &yaml_day, "The day of the last change of meaning; not before `date`."},
	{"references", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &url_form,
		.flags = YAML_OR_ONE | YAML_OR_NULL | YAML_UNIQUE),
		"https URLs of what explains the act."},
	{"false_positives", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &yaml_some_text,
		.flags = YAML_OR_ONE | YAML_OR_NULL | YAML_UNIQUE), "What also looks so, and is no attack."},
	{"overlaps", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_some_text, .names = YAML_DETECTIONS, .open = true),
		"Name of another detection that alerts on the same acts → why both are there. `mews check --overlap` finds pairs."},
	{"conditions", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_condition, .pattern = CONDITION_NAME,
		.flags = YAML_FILLED),
		"Name → condition in EQL over ECS fields. The detection matches where one of them holds; each asks one category of "
		"events."},
	{"exceptions", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &shipped_exception_form),
		"What is no alert although a condition holds, everywhere. What holds in one organization only stands in its own file."},
	{"targets", YAML_OPTIONAL, &targets_form,
		"Target → one more condition, which only this target is asked."},
	{"tests", YAML_REQUIRED, YAML_FORM(.sort = YAML_LIST, .of = &detection_test_form, .flags = YAML_FILLED),
		"Events and what is expected of them: at least one match and one no-match. `mews check` runs them."},
	{0},
};

const struct yaml_form detection_form = {.sort = YAML_RECORD, .shape = detection_shape};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool severity_from_name(struct text name, enum severity *severity)
{
	for (unsigned i = 0; i < SEVERITIES; i++)
		if (text_is(name, severity_names[i])) {
			*severity = (enum severity)i;
			return true;
		}
	return false;
}

const char *status_name(enum status status)
{
	return status_names[status];
}

static bool is_https(struct text text)
{
	struct text rest = text_slice(text, text.length < 8 ? text.length : 8, text.length);
	for (size_t i = 0; i < rest.length; i++)
		if ((unsigned char)rest.data[i] <= ' ')
			return false;
	return text_starts(text, TEXT("https://"), false) && rest.length && rest.data[0] != '/';
}

static bool is_condition_name(struct text text)
{
	return name_is_slug(text) || name_is_identifier(text);
}

/* For whoever tells of them. */
static void name_steps(struct arena *arena, struct condition *condition)
{
	for (size_t i = 0; condition->sequence && i < condition->sequence->count; i++)
		condition->sequence->steps[i].condition->name = text_of(arena_printf(arena, "%.*s, step %zu",
			TEXT_ARGS(condition->name), i + 1));
}

static void load_conditions(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d, struct detection *detection)
{
	const struct yaml *mapping = yaml_get(document, "conditions");
	if (!mapping || mapping->kind != YAML_MAPPING)
		return;
	if (!mapping->count) {
		yaml_error(d, mapping, "a detection must have a condition");
		return;
	}
	detection->conditions = arena_array(arena, mapping->count, sizeof *detection->conditions);
	for (size_t i = 0; i < mapping->count; i++) {
		struct text name = mapping->keys[i].text;
		if (!is_condition_name(name))
			yaml_error_key(d, mapping, i, "\"%.*s\" is no name for a condition; names are like bind-mounted", TEXT_ARGS(name));
		struct condition *condition = load_condition(arena, scope, &mapping->items[i], false, d);
		if (!condition)
			continue;
		condition->name = name;
		name_steps(arena, condition);
		detection->conditions[detection->condition_count++] = condition;
	}
}

/* What only one target is asked: one more condition each, named after the target. */
static void load_target_conditions(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d, struct detection *detection)
{
	const struct yaml *mapping = yaml_get(document, "targets");
	struct target_override *targets = NULL;
	size_t count = 0;
	if (load_targets(arena, document, d, &targets, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		const struct yaml *node = &mapping->items[i];
		targets[i].condition = load_condition(arena, scope, node->kind == YAML_MAPPING ? yaml_get(node, "condition") : node,
			false, d);
		if (targets[i].condition)
			targets[i].condition->name = targets[i].target;
	}
	detection->targets = targets;
	detection->target_count = count;
}

static void load_overlaps(struct arena *arena, const struct yaml *document, struct diagnostics *d, struct detection *detection)
{
	const struct yaml *mapping = yaml_get(document, "overlaps");
	if (!mapping || mapping->kind != YAML_MAPPING || !mapping->count)
		return;
	struct overlap *all = arena_array(arena, mapping->count, sizeof *all);
	for (size_t i = 0; i < mapping->count; i++) {
		all[i].detection = mapping->keys[i].text;
		all[i].place = mapping->keys[i].place;
		if (mapping->items[i].kind != YAML_SCALAR)
			yaml_error_key(d, mapping, i, "why both %.*s and this are there must be a text", TEXT_ARGS(all[i].detection));
		load_text(mapping, all[i].detection.data, d, &all[i].reason);
		if (text_equal(all[i].detection, detection->name))
			yaml_error_key(d, mapping, i, "\"%.*s\" is this detection itself", TEXT_ARGS(all[i].detection));
	}
	detection->overlaps = all;
	detection->overlap_count = mapping->count;
}

static void load_dates(const struct yaml *document, struct diagnostics *d, struct detection *detection)
{
	load_valid(document, "date", date_is_valid, "a date like 2026-11-23", d, &detection->date);
	load_valid(document, "modified", date_is_valid, "a date like 2026-11-23", d, &detection->modified);
	if (detection->date.length && detection->modified.length && text_compare(detection->modified, detection->date) < 0)
		yaml_error(d, yaml_get(document, "modified"), "modified (%.*s) is before date (%.*s)",
			TEXT_ARGS(detection->modified), TEXT_ARGS(detection->date));
}

static void load_head(struct arena *arena, const struct yaml *document, struct diagnostics *d, struct detection *detection)
{
	unsigned status = STATUS_EXPERIMENTAL, severity = SEVERITY_INFORMATIONAL, surface = SURFACES;
	load_valid(document, "id", uuid_is_valid, "a UUID like 7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1", d, &detection->id);
	detection->id = text_fold(arena, detection->id);
	load_valid(document, "name", name_is_slug, "lower-case words with hyphens, like docker-socket-mount", d, &detection->name);
	load_file_name(document, detection->name, d);
	load_text(document, "title", d, &detection->title);
	load_text(document, "description", d, &detection->description);
	load_text(document, "author", d, &detection->author);
	load_choice(document, "status", status_names, STATUSES, d, &status);
	load_choice(document, "severity", severity_names, SEVERITIES, d, &severity);
	load_choice(document, "surface", detection_surfaces, SURFACES, d, &surface);
	detection->status = (enum status)status;
	detection->severity = (enum severity)severity;
	if (surface < SURFACES)
		detection->surface = text_of(detection_surfaces[surface]);
	load_dates(document, d, detection);
	load_texts(arena, document, "techniques", technique_is_valid, "a technique like T1611 or T1053.003", d,
		&detection->techniques);
	detection->technique_places = load_places(arena, document, "techniques");
	load_texts(arena, document, "references", is_https, "an https URL", d, &detection->references);
	load_texts(arena, document, "false_positives", NULL, NULL, d, &detection->false_positives);
	load_overlaps(arena, document, d, detection);
}

struct detection *detection_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d)
{
	size_t errors = d->errors;
	if (document->kind != YAML_MAPPING) {
		yaml_error(d, document, "a detection must be a mapping");
		return NULL;
	}
	struct detection *detection = arena_alloc(arena, sizeof *detection);
	const struct yaml *id = yaml_get(document, "id");
	detection->place = id ? id->place : document->place;
	yaml_check(document, detection_shape, d, "detection");
	load_head(arena, document, d, detection);
	load_conditions(arena, scope, document, d, detection);
	load_target_conditions(arena, scope, document, d, detection);
	/* The name is what tells shipped exceptions from others, even where it is not there. */
	struct text shipped = detection->name.length ? detection->name : TEXT("this detection");
	exceptions_load(arena, scope, document, shipped, d, &detection->exceptions, &detection->exception_count);
	detection_tests_load(arena, scope->registry, document, d, &detection->tests, &detection->test_count);
	return d->errors == errors ? detection : NULL;
}
