/*
 * organization: a baseline (what is monitored, what is normal there, budgets), from its YAML document.
 */
#include "catalog/exception.h"
#include "catalog/lists.h"

#include <math.h>
#include <stdlib.h>

static const struct yaml_shape organization_shape[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"title", YAML_OPTIONAL, YAML_SCALAR},
	{"description", YAML_OPTIONAL, YAML_SCALAR},
	{"monitor", YAML_OPTIONAL, YAML_MAPPING},
	{"risky", YAML_OPTIONAL, YAML_SCALAR},
	{"budget", YAML_OPTIONAL, YAML_MAPPING},
	{"lists", YAML_OPTIONAL, YAML_MAPPING},
	{"exceptions", YAML_OPTIONAL, YAML_SEQUENCE},
	{0},
};

static const struct yaml_shape monitor_shape[] = {
	{"minimum_severity", YAML_OPTIONAL, YAML_SCALAR},
	{"disable", YAML_OPTIONAL, YAML_NULL},
	{"severity", YAML_OPTIONAL, YAML_MAPPING},
	{0},
};

static const struct yaml_shape budget_shape[] = {
	{"alert_groups_per_day", YAML_REQUIRED, YAML_SCALAR},
	{0},
};

static const char *const risky_names[] = {"alert", "tolerate"};

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
