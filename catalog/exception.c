/*
 * exception: what makes no alert although a condition holds.
 */
#include "catalog/exception.h"

static const struct yaml_shape organization_shape[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"detections", YAML_REQUIRED, YAML_NULL},
	{"condition", YAML_REQUIRED, YAML_SCALAR},
	{"reason", YAML_REQUIRED, YAML_SCALAR},
	{"owner", YAML_REQUIRED, YAML_SCALAR},
	{"expires", YAML_OPTIONAL, YAML_SCALAR},
	{"targets", YAML_OPTIONAL, YAML_MAPPING},
	{0},
};

static const struct yaml_shape shipped_shape[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"detections", YAML_OPTIONAL, YAML_NULL},
	{"condition", YAML_REQUIRED, YAML_SCALAR},
	{"reason", YAML_REQUIRED, YAML_SCALAR},
	{"owner", YAML_OPTIONAL, YAML_SCALAR},
	{"expires", YAML_OPTIONAL, YAML_SCALAR},
	{"targets", YAML_OPTIONAL, YAML_MAPPING},
	{0},
};

static bool is_selector(struct text text)
{
	return text_is(text, "*") || technique_is_valid(text) || name_is_slug(text);
}

static int check_shipped(const struct yaml *node, const struct exception *exception, struct text shipped,
	struct diagnostics *d)
{
	for (size_t i = 0; shipped.length && i < exception->detections.count; i++) {
		struct text named = exception->detections.items[i];
		if (!text_equal(named, shipped) && !text_is(named, "*"))
			return yaml_error(d, yaml_get(node, "detections"),
				"an exception that is shipped with %.*s cannot cover \"%.*s\"", TEXT_ARGS(shipped), TEXT_ARGS(named));
	}
	return 0;
}

static void set_targets(struct arena *arena, const struct yaml *node, struct diagnostics *d, struct exception *exception)
{
	struct target_override *targets = NULL;
	size_t count = 0;
	if (load_targets(arena, node, d, &targets, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!text_is(targets[i].target, "falco")) /* Sigma's filters and auditd's lines have no place for such a text */
			yaml_error(d, yaml_get(node, "targets"), "an exception has no form of its own for %.*s, only for falco",
				TEXT_ARGS(targets[i].target));
		for (size_t target = 0; target_names[target]; target++)
			if (text_is(targets[i].target, target_names[target]))
				exception->targets[target] = targets[i].text;
	}
}

static void load_one(struct arena *arena, const struct scope *scope, const struct yaml *node, struct text shipped,
	struct diagnostics *d, struct exception *exception)
{
	exception->place = node->place;
	if (node->kind != YAML_MAPPING) {
		yaml_error(d, node, "an exception must be a mapping");
		return;
	}
	yaml_check(node, shipped.length ? shipped_shape : organization_shape, d, "exception");
	load_valid(node, "name", name_is_slug, "a name like trusted-images", d, &exception->name);
	load_texts(arena, node, "detections", is_selector, "the name of a detection, a technique like T1611 or \"*\"", d,
		&exception->detections);
	exception->detection_places = load_places(arena, node, "detections");
	load_text(node, "reason", d, &exception->reason);
	load_text(node, "owner", d, &exception->owner);
	load_valid(node, "expires", date_is_valid, "a date like 2027-03-31", d, &exception->expires);
	set_targets(arena, node, d, exception);
	check_shipped(node, exception, shipped, d);
	const struct yaml *detections = yaml_get(node, "detections");
	if (!shipped.length && detections && !exception->detections.count &&
		(detections->kind == YAML_NULL || detections->kind == YAML_SEQUENCE) && !detections->count)
		yaml_error(d, detections, "the exception covers no detection");
	const struct yaml *name = yaml_get(node, "name"), *condition = yaml_get(node, "condition");
	if (name)
		exception->place = name->place;
	if (condition && condition->kind == YAML_SCALAR)
		exception->condition = load_condition(arena, scope, condition, true, d);
}

int exceptions_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct text shipped, struct diagnostics *d, const struct exception **exceptions, size_t *count)
{
	const struct yaml *sequence = yaml_get(document, "exceptions");
	size_t errors = d->errors;
	if (!sequence || sequence->kind != YAML_SEQUENCE || !sequence->count)
		return 0;
	struct exception *all = arena_array(arena, sequence->count, sizeof *all);
	for (size_t i = 0; i < sequence->count; i++) {
		load_one(arena, scope, &sequence->items[i], shipped, d, &all[i]);
		for (size_t j = 0; j < i && all[i].name.length; j++)
			if (text_equal(all[i].name, all[j].name)) {
				yaml_error(d, yaml_get(&sequence->items[i], "name"), "another exception is named \"%.*s\" already",
					TEXT_ARGS(all[i].name));
				break;
			}
	}
	*exceptions = all;
	*count = sequence->count;
	return d->errors == errors ? 0 : -1;
}

/* T1611 speaks of T1611 and of T1611.001. */
static bool technique_holds(struct text wide, struct text technique)
{
	return text_equal(wide, technique) ||
		(text_starts(technique, wide, false) && technique.length > wide.length && technique.data[wide.length] == '.');
}

static bool selector_covers(struct text selector, const struct detection *detection)
{
	if (text_is(selector, "*") || text_equal(selector, detection->name))
		return true;
	for (size_t i = 0; technique_is_valid(selector) && i < detection->techniques.count; i++)
		if (technique_holds(selector, detection->techniques.items[i]))
			return true;
	return false;
}

bool exception_covers(const struct exception *exception, const struct detection *detection)
{
	/* Without a selector it is a shipped one, and covers the detection that holds it. */
	for (size_t i = 0; !exception->detections.count && i < detection->exception_count; i++)
		if (&detection->exceptions[i] == exception)
			return true;
	for (size_t i = 0; i < exception->detections.count; i++)
		if (selector_covers(exception->detections.items[i], detection))
			return true;
	return false;
}

bool exception_expired(const struct exception *exception, struct text today)
{
	return exception->expires.length && text_compare(exception->expires, today) < 0;
}

struct shared_check {
	const struct registry *registry;
	bool shared;
};

static void check_shared(const struct predicate *predicate, void *context)
{
	struct shared_check *check = context;
	if (!check->registry->fields[predicate->field].shared ||
		(predicate->other != FIELD_NONE && !check->registry->fields[predicate->other].shared))
		check->shared = false;
}

bool exception_shared_only(const struct exception *exception, const struct registry *registry)
{
	struct shared_check check = {registry, exception->condition->category == CATEGORY_ANY};
	node_visit(exception->condition->root, check_shared, &check);
	return check.shared;
}
