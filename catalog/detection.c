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
};

static const char *const status_names[] = {
	[STATUS_EXPERIMENTAL] = "experimental",
	[STATUS_TEST] = "test",
	[STATUS_STABLE] = "stable",
	[STATUS_DEPRECATED] = "deprecated",
};

static const char *const surfaces[] = {"host", "engine-api", "runtime", "image", "registry", "orchestrator", "workload"};

static const struct yaml_shape detection_shape[] = {
	{"id", YAML_REQUIRED, YAML_SCALAR},
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"title", YAML_REQUIRED, YAML_SCALAR},
	{"description", YAML_OPTIONAL, YAML_SCALAR},
	{"status", YAML_REQUIRED, YAML_SCALAR},
	{"severity", YAML_REQUIRED, YAML_SCALAR},
	{"techniques", YAML_OPTIONAL, YAML_NULL},
	{"surface", YAML_OPTIONAL, YAML_SCALAR},
	{"author", YAML_OPTIONAL, YAML_SCALAR},
	{"date", YAML_OPTIONAL, YAML_SCALAR},
	{"modified", YAML_OPTIONAL, YAML_SCALAR},
	{"references", YAML_OPTIONAL, YAML_NULL},
	{"false_positives", YAML_OPTIONAL, YAML_NULL},
	{"conditions", YAML_REQUIRED, YAML_MAPPING},
	{"exceptions", YAML_OPTIONAL, YAML_SEQUENCE},
	{"targets", YAML_OPTIONAL, YAML_MAPPING},
	{"tests", YAML_REQUIRED, YAML_SEQUENCE},
	{0},
};

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

bool severity_from_name(struct text name, enum severity *severity)
{
	for (unsigned i = 0; i < COUNT(severity_names); i++)
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
	unsigned status = STATUS_EXPERIMENTAL, severity = SEVERITY_INFORMATIONAL, surface = COUNT(surfaces);
	load_valid(document, "id", uuid_is_valid, "a UUID like 7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1", d, &detection->id);
	detection->id = text_fold(arena, detection->id);
	load_valid(document, "name", name_is_slug, "lower-case words with hyphens, like docker-socket-mount", d, &detection->name);
	load_file_name(document, detection->name, d);
	load_text(document, "title", d, &detection->title);
	load_text(document, "description", d, &detection->description);
	load_text(document, "author", d, &detection->author);
	load_choice(document, "status", status_names, COUNT(status_names), d, &status);
	load_choice(document, "severity", severity_names, COUNT(severity_names), d, &severity);
	load_choice(document, "surface", surfaces, COUNT(surfaces), d, &surface);
	detection->status = (enum status)status;
	detection->severity = (enum severity)severity;
	if (surface < COUNT(surfaces))
		detection->surface = text_of(surfaces[surface]);
	load_dates(document, d, detection);
	load_texts(arena, document, "techniques", technique_is_valid, "a technique like T1611 or T1053.003", d,
		&detection->techniques);
	load_texts(arena, document, "references", is_https, "an https URL", d, &detection->references);
	load_texts(arena, document, "false_positives", NULL, NULL, d, &detection->false_positives);
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
