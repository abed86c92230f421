/* correlate: the condition is put together as EQL text and read by the conditions' own parser. */
#include "generator/sigma/correlate.h"

#include "catalog/sequence.h"

struct joining {
	struct taking *t;
	const struct sigma_correlation *correlation;
	struct taking *const *rules;
	size_t count;
	struct buffer out;
};

static bool refuse(struct joining *j, const char *sentence)
{
	import_refuse(j->t->import, j->t->item, "%s", sentence);
	return false;
}

/* "at least N": what the bounds come down to; false where they say more. */
static bool least_of(struct joining *j, int64_t *least)
{
	const struct sigma_correlation *c = j->correlation;

	if (c->bound_count != 1 || (!text_is(c->bounds[0].op, "gte") && !text_is(c->bounds[0].op, "gt")))
		return refuse(j, "only correlations of at least, or of more than, a number of events can be said");
	*least = c->bounds[0].count + text_is(c->bounds[0].op, "gt");
	if (*least < 1 || *least > SEQUENCE_RUNS_MAX)
		return refuse(j, "a correlation counts from 1 to 1,000 events");
	return true;
}

/* The field's name as conditions write it. */
static struct text written(struct joining *j, unsigned field)
{
	struct predicate p = {.field = field, .op = OPERATOR_EXISTS};
	struct buffer out = {0};

	predicate_print(&p, &j->t->import->catalog->registry, &out);
	struct text text = text_copy(j->t->import->arena, text_slice(buffer_view(&out), 0, out.length - (sizeof(" != null") - 1)));

	buffer_free(&out);
	return text;
}

static bool is_rule(const struct taking *rule, struct text reference)
{
	return reference.length > 0
		&& (text_equal(rule->document->id, reference) || text_equal(rule->document->name, reference)
			|| text_equal(rule->document->title, reference));
}

/* What a name of group-by is called in this rule. */
static struct text name_in(const struct joining *j, const struct taking *rule, struct text name)
{
	for (size_t i = 0; i < j->correlation->alias_count; i++) {
		const struct sigma_alias *alias = &j->correlation->aliases[i];

		if (text_equal(alias->name, name) && is_rule(rule, alias->rule))
			return alias->field;
	}
	return name;
}

static bool write_keys(struct joining *j, const struct taking *rule, struct buffer *out)
{
	for (size_t i = 0; i < j->correlation->group_by.count; i++) {
		unsigned field = site_field(rule, name_in(j, rule, j->correlation->group_by.items[i]));

		if (field == FIELD_NONE)
			return refuse(j, "a name of group-by is no field of the rule");
		buffer_printf(out, "%s%.*s", i > 0 ? ", " : " by ", TEXT_ARGS(written(j, field)));
	}
	return true;
}

/* One event that any of the rule's conditions holds on: CATEGORY where …. */
static void write_event(struct joining *j, const struct taking *rule, struct buffer *out)
{
	const struct registry *registry = &j->t->import->catalog->registry;
	const struct draft *draft = rule->item->draft;

	if (draft->condition_count == 1) {
		condition_print(draft->conditions[0].condition, registry, out);
		return;
	}
	buffer_string(out, "any where ");
	for (size_t i = 0; i < draft->condition_count; i++) {
		const struct condition *condition = draft->conditions[i].condition;

		buffer_printf(out, "%s(event.category == \"%.*s\" and (", i > 0 ? " or " : "",
			TEXT_ARGS(registry->categories[condition->category].name));
		node_print(condition->root, registry, out);
		buffer_string(out, "))");
	}
}

static void write_head(struct joining *j, const char *kind, const struct buffer *keys)
{
	buffer_printf(&j->out, "%s%.*s with maxspan=%llds", kind, TEXT_ARGS(buffer_view(keys)), (long long)j->correlation->timespan);
}

/* One step a rule; keys that are the same in all of them stand once, in front. */
static bool write_steps(struct joining *j, const char *kind)
{
	struct buffer none = {0};
	struct text *keys = arena_array(j->t->import->arena, j->count + 1, sizeof(*keys));
	bool shared = true;

	if (j->count < 2)
		return refuse(j, "a temporal correlation needs two rules at least");
	if (j->correlation->bound_count > 0)
		return refuse(j, "a temporal correlation of a number of its rules cannot be said");
	for (size_t i = 0; i < j->count; i++) {
		struct buffer out = {0};
		bool good = write_keys(j, j->rules[i], &out);

		keys[i] = text_copy(j->t->import->arena, buffer_view(&out));
		shared = shared && text_equal(keys[i], keys[0]);
		buffer_free(&out);
		if (!good)
			return false;
	}
	if (shared)
		buffer_text(&none, keys[0]);
	write_head(j, kind, &none);
	buffer_free(&none);
	for (size_t i = 0; i < j->count; i++) {
		buffer_string(&j->out, " [");
		write_event(j, j->rules[i], &j->out);
		buffer_printf(&j->out, "]%.*s", TEXT_ARGS(shared ? TEXT("") : keys[i]));
	}
	return true;
}

/* Several rules are counted together where they are of one category. */
static void write_any_of(struct joining *j)
{
	const struct registry *registry = &j->t->import->catalog->registry;

	if (j->count == 1) {
		write_event(j, j->rules[0], &j->out);
		return;
	}
	buffer_string(&j->out, "any where ");
	for (size_t i = 0; i < j->count; i++) {
		const struct draft *draft = j->rules[i]->item->draft;

		for (size_t k = 0; k < draft->condition_count; k++) {
			const struct condition *condition = draft->conditions[k].condition;

			buffer_string(&j->out, i + k > 0 ? " or (" : "(");
			if (condition->category != CATEGORY_ANY)
				buffer_printf(&j->out, "event.category == \"%.*s\" and ",
					TEXT_ARGS(registry->categories[condition->category].name));
			buffer_char(&j->out, '(');
			node_print(condition->root, registry, &j->out);
			buffer_string(&j->out, "))");
		}
	}
}

static bool write_count(struct joining *j)
{
	struct buffer keys = {0};
	int64_t least;
	bool good = least_of(j, &least) && write_keys(j, j->rules[0], &keys);

	for (size_t i = 1; i < j->count && good; i++) {
		struct buffer others = {0};

		good = write_keys(j, j->rules[i], &others);
		if (good && !text_equal(buffer_view(&keys), buffer_view(&others)))
			good = refuse(j, "the rules that are counted together do not share the fields of group-by");
		buffer_free(&others);
	}
	if (good) {
		write_head(j, "sequence", &keys);
		buffer_string(&j->out, " [");
		write_any_of(j);
		buffer_char(&j->out, ']');
		if (j->correlation->type == SIGMA_EVENT_COUNT && least > 1)
			buffer_printf(&j->out, " with runs=%lld", (long long)least);
	}
	buffer_free(&keys);
	if (!good || j->correlation->type == SIGMA_EVENT_COUNT)
		return good;
	unsigned field = j->correlation->fields.count == 1 ? site_field(j->rules[0], j->correlation->fields.items[0]) : FIELD_NONE;

	if (field == FIELD_NONE || least < 2)
		return refuse(j, "values of one field are counted, two at least");
	buffer_printf(&j->out, " with distinct(%.*s)=%lld", TEXT_ARGS(written(j, field)), (long long)least);
	return true;
}

void correlate_conditions(struct taking *t, struct taking *const *rules, size_t count)
{
	struct joining j = {.t = t, .correlation = &t->document->correlation, .rules = rules, .count = count};
	enum sigma_correlation_type type = j.correlation->type;
	const char *error = NULL;
	bool steps = type == SIGMA_TEMPORAL || type == SIGMA_TEMPORAL_ORDERED;
	bool good = steps ? write_steps(&j, type == SIGMA_TEMPORAL ? "sample" : "sequence") : write_count(&j);
	struct condition *condition = good ? import_parse(t->import, buffer_view(&j.out), t->item->place, &error) : NULL;

	if (good && condition == NULL)
		import_refuse(t->import, t->item, "the correlation cannot be said: %s", error);
	if (condition != NULL)
		draft_add_condition(t->import->arena, t->item->draft, TEXT("correlation"), condition);
	buffer_free(&j.out);
}
