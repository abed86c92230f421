/*
 * exception: what makes no alert although a condition holds.
 */
#include "catalog/exception.h"

static const struct yaml_form selector_form = {.sort = YAML_TEXT, .names = YAML_DETECTIONS, .open = true,
	.pattern = "^(\\*|T[0-9]{4}(\\.[0-9]{3})?|[a-z0-9]+(-[a-z0-9]+)*)$", .sample = "docker-socket-mount"};
static const struct yaml_form selectors_form = {.sort = YAML_LIST, .of = &selector_form,
	.flags = YAML_OR_ONE | YAML_UNIQUE | YAML_FILLED};
static const struct yaml_form shipped_selectors_form = {.sort = YAML_LIST, .of = &selector_form,
	.flags = YAML_OR_ONE | YAML_OR_NULL | YAML_UNIQUE};

#define EXCEPTION_NAME {"name", YAML_REQUIRED, &yaml_slug, "Unique name in this file: lower-case words with hyphens."}
#define EXCEPTION_DETECTIONS "Which detections it covers: their names, ATT&CK techniques, or \"*\" for all."
#define EXCEPTION_CONDITION {"condition", YAML_REQUIRED, &yaml_expression, \
	"EQL over the event that matched: where it holds there is no alert. The narrower, the less it hides."}
#define EXCEPTION_REASON {"reason", YAML_REQUIRED, &yaml_some_text, "Why this is normal here."}
#define EXCEPTION_OWNER "Who answers for it, and is asked before it expires."
#define EXCEPTION_REST \
	{"expires", YAML_OPTIONAL, &yaml_day, "The last day on which it applies (YYYY-MM-DD)."}, \
	{"targets", YAML_OPTIONAL, &targets_form, \
		"falco → a hand-written form of the condition, where the made one loses too much."}

static const struct yaml_shape organization_shape[] = {
	EXCEPTION_NAME,
	{"detections", YAML_REQUIRED, &selectors_form, EXCEPTION_DETECTIONS},
	EXCEPTION_CONDITION,
	EXCEPTION_REASON,
	{"owner", YAML_REQUIRED, &yaml_some_text, EXCEPTION_OWNER},
	EXCEPTION_REST,
	{0},
};

static const struct yaml_shape shipped_shape[] = {
	EXCEPTION_NAME,
	{"detections", YAML_OPTIONAL, &shipped_selectors_form, "The detection's own name, or left out."},
	EXCEPTION_CONDITION,
	EXCEPTION_REASON,
	{"owner", YAML_OPTIONAL, &yaml_some_text, EXCEPTION_OWNER},
	EXCEPTION_REST,
	{0},
};

const struct yaml_form exception_form = {.sort = YAML_RECORD, .shape = organization_shape};
const struct yaml_form shipped_exception_form = {.sort = YAML_RECORD, .shape = shipped_shape};

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
