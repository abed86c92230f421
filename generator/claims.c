/* claims: see claims.h. */
#include "generator/claims.h"

#include <jansson.h>
#include <string.h>

struct reading {
	struct arena *arena;
	const struct catalog *catalog;
	const struct organization *organization;
	struct place place;
	struct claims *claims;
	struct diagnostics *d;
};

static struct text text_at(const struct reading *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return TEXT("");
	return text_copy(r->arena, (struct text){json_string_value(value), json_string_length(value)});
}

static bool fidelity_from_name(struct text name, enum fidelity *fidelity)
{
	for (int i = FIDELITY_EXACT; i <= FIDELITY_UNSUPPORTED; i++) {
		if (text_is(name, fidelity_name((enum fidelity)i))) {
			*fidelity = (enum fidelity)i;
			return true;
		}
	}
	return false;
}

/* --- exceptions --- */

static const struct exception *exception_named(const struct reading *r, struct text name, bool shipped)
{
	const struct catalog *catalog = r->catalog;

	for (size_t i = 0; !shipped && r->organization != NULL && i < r->organization->exception_count; i++) {
		if (text_equal(r->organization->exceptions[i].name, name))
			return &r->organization->exceptions[i];
	}
	for (size_t i = 0; shipped && i < catalog->detection_count; i++) {
		for (size_t k = 0; k < catalog->detections[i]->exception_count; k++) {
			if (text_equal(catalog->detections[i]->exceptions[k].name, name))
				return &catalog->detections[i]->exceptions[k];
		}
	}
	return NULL;
}

static int read_exception(struct reading *r, const json_t *object)
{
	struct claims *claims = r->claims;
	struct text name = text_at(r, object, "exception"), word = text_at(r, object, "fidelity");
	bool shipped = text_is(text_at(r, object, "origin"), "detection");
	const struct exception *exception = exception_named(r, name, shipped);
	enum fidelity fidelity = text_is(word, "exact") ? FIDELITY_EXACT
		: text_is(word, "narrowed")             ? FIDELITY_WIDER
							: FIDELITY_UNSUPPORTED;

	if (exception == NULL)
		return diagnostics_error(r->d, r->place, "the catalog has no exception %.*s: the pack is of another one",
			TEXT_ARGS(name));
	claims->exceptions = arena_grow(r->arena, claims->exceptions, claims->exception_count, sizeof(*claims->exceptions));
	claims->exceptions[claims->exception_count++] = (struct claimed_exception){exception, shipped, fidelity};
	return 0;
}

static bool is_of(const struct detection *detection, const struct claimed_exception *claimed)
{
	if (!claimed->shipped)
		return exception_covers(claimed->exception, detection);
	for (size_t i = 0; i < detection->exception_count; i++) {
		if (claimed->exception == &detection->exceptions[i])
			return true;
	}
	return false;
}

static void take_exceptions(struct reading *r, struct claim *claim)
{
	for (size_t i = 0; i < r->claims->exception_count; i++) {
		if (!is_of(claim->detection, &r->claims->exceptions[i]))
			continue;
		claim->exceptions = arena_grow(r->arena, claim->exceptions, claim->exception_count, sizeof(*claim->exceptions));
		claim->exceptions[claim->exception_count++] = &r->claims->exceptions[i];
	}
}

/* --- rows --- */

static const struct condition *condition_named(const struct detection *detection, struct text name)
{
	for (size_t i = 0; i < detection->condition_count; i++) {
		if (text_equal(detection->conditions[i]->name, name))
			return detection->conditions[i];
	}
	for (size_t i = 0; i < detection->target_count; i++) {
		if (detection->targets[i].condition != NULL && text_equal(detection->targets[i].condition->name, name))
			return detection->targets[i].condition;
	}
	return NULL;
}

/* "container.run, container.create" */
static int read_actions(struct reading *r, struct claim *claim)
{
	const struct registry *registry = &r->catalog->registry;
	struct text *names = NULL;
	size_t count = text_split(r->arena, claim->action, ',', &names);

	claim->over_events = claim->condition->sequence != NULL;
	claim->any = text_is(claim->action, "any");
	for (size_t i = 0; i < count && !claim->over_events && !claim->any; i++) {
		struct text name = text_trim(names[i]);
		size_t dot = text_find(name, '.');
		bool found = false;
		unsigned category = registry_category(registry, text_slice(name, 0, dot), &found);
		unsigned action = found && dot < name.length
			? registry_action(registry, category, text_slice(name, dot + 1, name.length)) : 0;

		if (action == 0)
			return diagnostics_error(r->d, r->place, "the catalog has no action %.*s: the pack is of another one",
				TEXT_ARGS(name));
		claim->actions = arena_grow(r->arena, claim->actions, claim->action_count, sizeof(*claim->actions));
		claim->actions[claim->action_count++] = action;
	}
	return 0;
}

static int read_row(struct reading *r, const struct detection *detection, const json_t *object)
{
	struct claims *claims = r->claims;
	struct text name = text_at(r, object, "condition");
	struct claim claim = {.detection = detection, .condition = condition_named(detection, name),
		.action = text_at(r, object, "action"), .group = text_at(r, object, "events"), .rule = text_at(r, object, "rule"),
		.derived = text_is(text_at(r, object, "source"), "derived")};
	const json_t *reason;
	size_t i;

	if (claim.condition == NULL)
		return diagnostics_error(r->d, r->place, "%.*s has no condition %.*s: the pack is of another catalog",
			TEXT_ARGS(detection->name), TEXT_ARGS(name));
	if (!fidelity_from_name(text_at(r, object, "fidelity"), &claim.fidelity))
		return diagnostics_error(r->d, r->place, "\"%.*s\" is no fidelity", TEXT_ARGS(text_at(r, object, "fidelity")));
	if (read_actions(r, &claim) != 0)
		return -1;
	json_array_foreach(json_object_get(object, "reasons"), i, reason) {
		if (json_is_string(reason))
			reason_add(r->arena, &claim.reasons, arena_strdup(r->arena, json_string_value(reason)));
	}
	take_exceptions(r, &claim);
	claims->items = arena_grow(r->arena, claims->items, claims->count, sizeof(claim));
	claims->items[claims->count++] = claim;
	return 0;
}

static int read_detection(struct reading *r, const json_t *object)
{
	struct text name = text_at(r, object, "detection");
	const struct detection *detection = catalog_detection(r->catalog, name);
	const json_t *row;
	size_t i;

	if (detection == NULL)
		return diagnostics_error(r->d, r->place, "the catalog has no detection %.*s: the pack is of another one",
			TEXT_ARGS(name));
	json_array_foreach(json_object_get(object, "rows"), i, row) {
		if (read_row(r, detection, row) != 0)
			return -1;
	}
	return 0;
}

int claims_read(struct arena *arena, const struct catalog *catalog, const struct organization *organization,
	struct text text, const char *file, struct claims *claims, struct diagnostics *d)
{
	struct reading r = {arena, catalog, organization, {file, 0, 0}, claims, d};
	json_error_t error;
	json_t *json = json_loadb(text.data != NULL ? text.data : "", text.length, 0, &error);
	const json_t *item;
	int failed = 0;
	size_t i;

	*claims = (struct claims){NULL, 0, NULL, 0, 0};
	if (json == NULL)
		return diagnostics_error(d, ((struct place){file, (unsigned)error.line, (unsigned)error.column}), "is no JSON: %s",
			error.text);
	claims->rules = (size_t)json_integer_value(json_object_get(json, "rules"));
	json_array_foreach(json_object_get(json, "exceptions"), i, item)
		failed |= read_exception(&r, item);
	json_array_foreach(json_object_get(json, "detections"), i, item)
		failed |= read_detection(&r, item);
	json_decref(json);
	return failed;
}
