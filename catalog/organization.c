/*
 * organization: a baseline (what is monitored, what is normal there, budgets), from its YAML document.
 */
#include "catalog/exception.h"
#include "catalog/lists.h"

#include <math.h>
#include <stdlib.h>

static const char *const risky_names[] = {"alert", "tolerate", NULL};

static const struct yaml_form detection_name_form = {.sort = YAML_TEXT, .names = YAML_DETECTIONS, .open = true,
	.pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", .sample = "docker-socket-mount"};

static const struct yaml_shape monitor_shape[] = {
	{"minimum_severity", YAML_OPTIONAL, &severity_form, "What is less severe makes no alert here."},
	{"disable", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &detection_name_form,
		.flags = YAML_OR_ONE | YAML_OR_NULL | YAML_UNIQUE),
		"Detections that make no alert here, by name."},
	{"severity", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &severity_form, .names = YAML_DETECTIONS, .open = true),
		"Name of a detection → its severity here. It is looked at before the minimum."},
	{0},
};

static const struct yaml_shape budget_shape[] = {
	{"alert_groups_per_day", YAML_REQUIRED, YAML_FORM(.sort = YAML_REAL, .rules = "\"minimum\":0", .sample = "10"),
		"How many groups of alerts a day each detection may make."},
	{0},
};

static const struct yaml_shape organization_shape[] = {
	{"name", YAML_REQUIRED, &yaml_slug, "Unique name: lower-case words with hyphens. The file is called NAME.yaml."},
	{"title", YAML_OPTIONAL, &yaml_some_text, "Its name for people."},
	{"description", YAML_OPTIONAL, &yaml_some_text, "What it does, as far as it tells what is normal there."},
	{"monitor", YAML_OPTIONAL, YAML_FORM(.sort = YAML_RECORD, .shape = monitor_shape), "What is looked at."},
	{"risky", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = risky_names),
		"Bad practice that is no attack: `alert` is worth an alert here, `tolerate` counts as benign."},
	{"budget", YAML_OPTIONAL, YAML_FORM(.sort = YAML_RECORD, .shape = budget_shape), "What alerts may cost."},
	{"lists", YAML_OPTIONAL, &named_lists_form,
		"Lists that this organization's exceptions name; they go before the catalog's."},
	{"exceptions", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &exception_form),
		"What is normal here, and therefore no alert."},
	{0},
};

const struct yaml_form organization_form = {.sort = YAML_RECORD, .shape = organization_shape};

enum { SEVERITY_COUNT = SEVERITY_CRITICAL + 1 };

static void load_severities(struct arena *arena, const struct yaml *monitor, struct diagnostics *d,
	struct organization *organization)
{
	const struct yaml *mapping = yaml_get(monitor, "severity");
	if (!mapping || mapping->kind != YAML_MAPPING || !mapping->count)
		return;
	struct severity_override *all = arena_array(arena, mapping->count, sizeof *all);
	for (size_t i = 0; i < mapping->count; i++) {
		all[i].detection = mapping->keys[i].text;
		all[i].place = mapping->keys[i].place;
		const struct yaml *node = &mapping->items[i];
		if (node->kind != YAML_SCALAR || !severity_from_name(node->text, &all[i].severity))
			yaml_error(d, node, "a severity must be informational, low, medium, high or critical");
	}
	organization->severities = all;
	organization->severity_count = mapping->count;
}

static void load_monitor(struct arena *arena, const struct yaml *document, struct diagnostics *d,
	struct organization *organization)
{
	const struct yaml *monitor = yaml_get(document, "monitor");
	const char *names[SEVERITY_COUNT];
	unsigned minimum = SEVERITY_INFORMATIONAL;
	if (!monitor || monitor->kind != YAML_MAPPING)
		return;
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		names[i] = severity_name((enum severity)i);
	yaml_check(monitor, monitor_shape, d, "monitor");
	load_choice(monitor, "minimum_severity", names, SEVERITY_COUNT, d, &minimum);
	organization->minimum_severity = (enum severity)minimum;
	load_texts(arena, monitor, "disable", name_is_slug, "the name of a detection", d, &organization->disable);
	organization->disable_places = load_places(arena, monitor, "disable");
	load_severities(arena, monitor, d, organization);
}

static void load_budget(const struct yaml *document, struct diagnostics *d, struct organization *organization)
{
	const struct yaml *budget = yaml_get(document, "budget");
	struct text text = {0};
	if (!budget || budget->kind != YAML_MAPPING)
		return;
	yaml_check(budget, budget_shape, d, "budget");
	if (load_text(budget, "alert_groups_per_day", d, &text) || !text.length)
		return;
	char *end = NULL;
	double number = strtod(text.data, &end); /* texts of a tree end in NUL */
	if (end != text.data + text.length || !isfinite(number) || number < 0)
		yaml_error(d, yaml_get(budget, "alert_groups_per_day"), "alert_groups_per_day must be a number, 0 or more");
	else
		organization->budget = number;
}

struct organization *organization_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct diagnostics *d)
{
	size_t errors = d->errors;
	unsigned risky = 0;
	if (document->kind != YAML_MAPPING) {
		yaml_error(d, document, "an organization must be a mapping");
		return NULL;
	}
	struct organization *organization = arena_alloc(arena, sizeof *organization);
	const struct yaml *name = yaml_get(document, "name");
	organization->place = name ? name->place : document->place;
	organization->budget = -1;
	yaml_check(document, organization_shape, d, "organization");
	load_valid(document, "name", name_is_slug, "lower-case words with hyphens, like web-shop", d, &organization->name);
	load_file_name(document, organization->name, d);
	load_text(document, "title", d, &organization->title);
	load_text(document, "description", d, &organization->description);
	load_choice(document, "risky", risky_names, 2, d, &risky);
	organization->tolerates_risky = risky == 1;
	load_monitor(arena, document, d, organization);
	load_budget(document, d, organization);
	lists_load(arena, scope->registry, yaml_get(document, "lists"), d, &organization->lists, &organization->list_count);
	struct scope own = {.registry = scope->registry, .lists = organization->lists,
		.list_count = organization->list_count, .outer = scope};
	exceptions_load(arena, &own, document, (struct text){0}, d, &organization->exceptions,
		&organization->exception_count);
	return d->errors == errors ? organization : NULL;
}
