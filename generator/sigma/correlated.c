/* correlated: types, time spans, bounds and aliases of correlations. */
#include "generator/sigma/correlated.h"

#include "generator/sigma/scalar.h"

static const struct {
	const char *name;
	enum sigma_correlation_type type;
} types[] = {
	{"event_count", SIGMA_EVENT_COUNT},
	{"value_count", SIGMA_VALUE_COUNT},
	{"temporal", SIGMA_TEMPORAL},
	{"temporal_ordered", SIGMA_TEMPORAL_ORDERED},
	{"value_sum", SIGMA_OTHER_CORRELATION},
	{"value_avg", SIGMA_OTHER_CORRELATION},
	{"value_percentile", SIGMA_OTHER_CORRELATION},
	{"value_median", SIGMA_OTHER_CORRELATION},
};

static const struct {
	char unit;
	int64_t seconds;
} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

static bool read_timespan(struct sigma_reading *reading, const struct yaml *node, int64_t *seconds)
{
	struct text text = node != NULL && node->kind == YAML_SCALAR ? text_trim(node->text) : TEXT("");
	int64_t number;

	for (size_t i = 0; text.length > 1 && i < sizeof(units) / sizeof(*units); i++) {
		if (text.data[text.length - 1] != units[i].unit || !text_to_long(text_slice(text, 0, text.length - 1), &number))
			continue;
		if (number <= 0 || number > 36500 * 86400LL / units[i].seconds)
			break;
		*seconds = number * units[i].seconds;
		return true;
	}
	return sigma_fault(reading, node ? node->place : (struct place){0}, "a timespan is a number and one of s, m, h, d");
}

static bool read_bound(struct sigma_reading *reading, const struct yaml *condition, size_t key, struct sigma_correlation *out)
{
	struct text op = condition->keys[key].text;
	const char *error = NULL;
	struct scalar scalar;
	int64_t count;

	if (text_is(op, "field")) {
		out->fields = sigma_words(reading, &condition->items[key]);
		return true;
	}
	if (!text_is(op, "gt") && !text_is(op, "gte") && !text_is(op, "lt") && !text_is(op, "lte") && !text_is(op, "eq")
		&& !text_is(op, "neq"))
		return sigma_fault(reading, condition->keys[key].place, "the condition of a correlation has no %.*s", TEXT_ARGS(op));
	if (!scalar_read(reading->arena, &condition->items[key], &scalar, &error) || scalar.kind != SCALAR_NUMBER
		|| !text_to_long(scalar.text, &count))
		return sigma_fault(reading, condition->items[key].place, "a whole number is expected here");
	if (out->bound_count == sizeof(out->bounds) / sizeof(*out->bounds))
		return sigma_fault(reading, condition->place, "the condition of a correlation has too many bounds");
	out->bounds[out->bound_count++] = (struct sigma_bound){op, count};
	return true;
}

static bool read_bounds(struct sigma_reading *reading, const struct yaml *correlation, struct sigma_correlation *out)
{
	const struct yaml *condition = yaml_get(correlation, "condition");

	if (condition == NULL)
		return true;
	if (condition->kind != YAML_MAPPING)
		return sigma_fault(reading, condition->place, "a condition over names of rules is not taken in");
	for (size_t i = 0; i < condition->count; i++) {
		if (!read_bound(reading, condition, i, out))
			return false;
	}
	return true;
}

static bool read_aliases(struct sigma_reading *reading, const struct yaml *correlation, struct sigma_correlation *out)
{
	const struct yaml *aliases = yaml_get(correlation, "aliases");

	if (aliases == NULL || aliases->kind == YAML_NULL)
		return true;
	if (aliases->kind != YAML_MAPPING)
		return sigma_fault(reading, aliases->place, "aliases are a mapping");
	for (size_t i = 0; i < aliases->count; i++) {
		const struct yaml *rules = &aliases->items[i];

		if (rules->kind != YAML_MAPPING)
			return sigma_fault(reading, rules->place, "an alias is a mapping of rules to fields");
		for (size_t k = 0; k < rules->count; k++) {
			struct sigma_alias alias = {aliases->keys[i].text, rules->keys[k].text, rules->items[k].text};

			out->aliases = arena_grow(reading->arena, out->aliases, out->alias_count, sizeof(alias));
			out->aliases[out->alias_count++] = alias;
		}
	}
	return true;
}

static bool check(struct sigma_reading *reading, const struct yaml *node, const struct sigma_correlation *out)
{
	bool counts = out->type == SIGMA_EVENT_COUNT || out->type == SIGMA_VALUE_COUNT;

	if (out->rules.count == 0)
		return sigma_fault(reading, node->place, "the correlation names no rules");
	if (counts && out->bound_count == 0)
		return sigma_fault(reading, node->place, "the correlation has no condition");
	if (out->type == SIGMA_VALUE_COUNT && out->fields.count == 0)
		return sigma_fault(reading, node->place, "value_count does not say which field's values");
	return true;
}

bool correlated_read(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	const struct yaml *node = yaml_get(document, "correlation");
	struct sigma_correlation *correlation = &out->correlation;

	if (node->kind != YAML_MAPPING)
		return sigma_fault(reading, node->place, "a correlation is a mapping");
	const struct yaml *type = yaml_get(node, "type"), *generate = yaml_get(node, "generate");
	size_t i = 0;

	while (i < sizeof(types) / sizeof(*types) && !(type != NULL && text_is(type->text, types[i].name)))
		i++;
	if (i == sizeof(types) / sizeof(*types))
		return sigma_fault(reading, type ? type->place : node->place, "the type of the correlation is not known");
	correlation->type = types[i].type;
	if (correlation->type == SIGMA_OTHER_CORRELATION)
		return sigma_fault(reading, type->place, "correlations by %s cannot be said", types[i].name);
	correlation->rules = sigma_words(reading, yaml_get(node, "rules"));
	correlation->group_by = sigma_words(reading, yaml_get(node, "group-by"));
	correlation->generate = generate != NULL && text_equal_fold(generate->text, TEXT("true"));
	return read_timespan(reading, yaml_get(node, "timespan"), &correlation->timespan) && read_bounds(reading, node, correlation)
		&& read_aliases(reading, node, correlation) && check(reading, node, correlation);
}
