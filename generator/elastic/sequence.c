/* sequence: a condition over several events as an EQL sequence or sample. */
#include "generator/elastic/sequence.h"

#include "generator/elastic/query.h"
#include "generator/elastic/quote.h"

enum { RUNS_MAX = 100 }; /* of Elasticsearch */

struct writing {
	struct pack *pack;
	struct pack_sequence *made;
	const struct sequence *sequence;
	const struct dialect_group *group; /* that shows all steps; NULL: each step its own */
	const struct dialect_group **groups;
	size_t group_count;
};

static bool refuse(struct writing *w, const char *reason)
{
	reason_add(w->pack->arena, &w->made->reasons, reason);
	return false;
}

static bool is_negated(const struct sequence *sequence, size_t step)
{
	return step >= sequence->count || sequence->steps[step].missing;
}

/* A rule of the group that some event can fit. */
static bool usable(struct arena *arena, const struct rule *rule, const struct dialect_group *group)
{
	return rule->group == group && !rule->derived && elastic_possible(arena, rule->events, rule->node);
}

static bool shows(struct arena *arena, const struct lowered *step, const struct dialect_group *group)
{
	for (size_t i = 0; i < step->count; i++) {
		if (usable(arena, &step->rules[i], group))
			return true;
	}
	return false;
}

/* The first group in which every step that must be there has a rule. */
static const struct dialect_group *common_group(const struct writing *w)
{
	const struct dialect *dialect = w->pack->dialect;
	const struct lowered *lowered = w->made->lowered;

	for (size_t g = 0; g < dialect->group_count; g++) {
		bool all = true;

		for (size_t i = 0; i < lowered->step_count; i++)
			all = all && (is_negated(w->sequence, i) || shows(w->pack->arena, &lowered->steps[i], &dialect->groups[g]));
		if (all)
			return &dialect->groups[g];
	}
	return NULL;
}

static void note_group(struct writing *w, const struct dialect_group *group)
{
	for (size_t i = 0; i < w->group_count; i++) {
		if (w->groups[i] == group)
			return;
	}
	w->groups = arena_grow(w->pack->arena, w->groups, w->group_count, sizeof(*w->groups));
	w->groups[w->group_count++] = group;
}

static const struct dialect_group *group_of(const struct writing *w, const struct lowered *step)
{
	if (w->group != NULL)
		return w->group;
	for (size_t i = 0; i < step->count; i++) {
		if (usable(w->pack->arena, &step->rules[i], step->rules[i].group))
			return step->rules[i].group;
	}
	return NULL;
}

/* --- keys --- */

/* The raw name of a key in the step's rules; empty: some of its events do not carry it as it is. */
static struct text key_name(
	const struct writing *w, const struct lowered *step, const struct dialect_group *group, unsigned field)
{
	struct text name = {NULL, 0};

	for (size_t i = 0; i < step->count; i++) {
		const struct rule *rule = &step->rules[i];

		if (!usable(w->pack->arena, rule, group))
			continue;
		for (size_t k = 0; k < rule->action_count; k++) {
			const struct dialect_field *row = dialect_field_of(group, field, rule->category, rule->actions[k], USE_WRITE);

			if (row == NULL || row->shape.shape != SHAPE_PLAIN || row->approximate.length > 0)
				return TEXT("");
			if (name.length > 0 && !text_equal(name, bound_name(row)))
				return TEXT("");
			name = bound_name(row);
		}
	}
	return name;
}

static bool print_keys(struct writing *w, struct buffer *out, size_t index)
{
	const struct registry *registry = &w->pack->request->catalog->registry;
	const struct sequence *s = w->sequence;
	const struct sequence_step *step = index < s->count ? &s->steps[index] : s->until;
	const struct lowered *lowered = &w->made->lowered->steps[index];
	const struct dialect_group *group = group_of(w, lowered);

	if (group == NULL)
		return false;
	for (size_t i = 0; i < s->key_count; i++) {
		struct text name = key_name(w, lowered, group, step->by[i]);

		if (name.length == 0) {
			reason_add(w->pack->arena, &w->made->reasons,
				arena_printf(w->pack->arena, "elastic cannot join by %.*s in %.*s events",
					TEXT_ARGS(registry->fields[step->by[i]].name), TEXT_ARGS(group->name)));
			return false;
		}
		if (registry->fields[step->by[i]].list) {
			reason_add(w->pack->arena, &w->made->reasons, arena_printf(w->pack->arena,
				"of the values of %.*s Elasticsearch joins by one", TEXT_ARGS(registry->fields[step->by[i]].name)));
			w->made->fidelity = FIDELITY_APPROXIMATE;
		}
		buffer_string(out, i > 0 ? ", " : " by ");
		elastic_name(out, name);
	}
	return true;
}

/* --- steps --- */

static struct rule_node *rule_whole(struct arena *arena, const struct rule *rule, bool events)
{
	struct rule_node *parts[] = {events ? rule->events : rule_true(), rule->node,
		rule_not(arena, rule_excluded(arena, rule, true)), rule_not(arena, rule_excluded(arena, rule, false))};

	return rule_and(arena, parts, 4);
}

static bool print_step(struct writing *w, struct buffer *out, size_t index)
{
	struct arena *arena = w->pack->arena;
	const struct lowered *step = &w->made->lowered->steps[index];
	const struct dialect_group *group = group_of(w, step);
	const struct rule *only = NULL;
	struct rule_node *all = rule_false();
	size_t count = 0;

	for (size_t i = 0; i < step->count; i++) {
		if (!usable(arena, &step->rules[i], group))
			continue;
		only = &step->rules[i];
		all = rule_either(arena, all, rule_whole(arena, only, true));
		count++;
	}
	if (count == 0)
		return false;
	note_group(w, group);
	buffer_char(out, '[');
	if (count == 1)
		elastic_query(arena, out, only->events, rule_whole(arena, only, false), 4);
	else
		elastic_query(arena, out, all, rule_true(), 4);
	buffer_char(out, ']');
	return true;
}

static bool print_steps(struct writing *w, struct buffer *out)
{
	const struct sequence *s = w->sequence;

	for (size_t i = 0; i < s->count; i++) {
		const struct sequence_step *step = &s->steps[i];
		struct buffer one = {0};
		bool said = print_step(w, &one, i), fine = true;

		if (said) {
			buffer_printf(out, "\n  %s%.*s", step->missing ? "!" : "", TEXT_ARGS(buffer_view(&one)));
			fine = print_keys(w, out, i);
			if (step->runs > 1)
				buffer_printf(out, " with runs=%zu", step->runs);
		}
		buffer_free(&one);
		if (!said && !step->missing)
			return refuse(w, arena_printf(w->pack->arena, "no integration shows step %zu", i + 1));
		if (!fine)
			return false;
	}
	return true;
}

static bool print_until(struct writing *w, struct buffer *out)
{
	struct buffer one = {0};
	bool fine = true;

	if (w->sequence->until == NULL)
		return true;
	if (print_step(w, &one, w->sequence->count)) {
		buffer_printf(out, "\n  until %.*s", TEXT_ARGS(buffer_view(&one)));
		fine = print_keys(w, out, w->sequence->count);
	}
	buffer_free(&one);
	return fine;
}

static bool can_say(struct writing *w)
{
	for (size_t i = 0; i < w->sequence->count; i++) {
		const struct sequence_step *step = &w->sequence->steps[i];

		if (step->distinct != FIELD_NONE)
			return refuse(w, "EQL counts events and not different values: with distinct cannot be said");
		if (step->runs > RUNS_MAX)
			return refuse(w, "Elasticsearch repeats a step at most 100 times");
	}
	return !w->sequence->sample || w->sequence->key_count > 0 || refuse(w, "a sample needs a key in Elasticsearch");
}

bool elastic_sequence(struct pack *pack, struct pack_sequence *made, struct buffer *out,
	const struct dialect_group ***groups, size_t *count)
{
	struct writing w = {.pack = pack, .made = made, .sequence = made->condition->sequence};
	bool sample = w.sequence->sample;

	if (made->fidelity == FIDELITY_UNSUPPORTED || !can_say(&w))
		return false;
	w.group = common_group(&w);
	buffer_string(out, sample ? "sample" : "sequence");
	if (!sample) {
		buffer_string(out, " with maxspan=");
		duration_print(w.sequence->maxspan, out);
	} else if (made->fidelity < FIDELITY_WIDER) {
		made->fidelity = FIDELITY_WIDER;
	}
	if (sample)
		reason_add(pack->arena, &made->reasons,
			"a sample of Elasticsearch looks at all events of the rule's window, whatever maxspan is");
	if (!print_steps(&w, out) || !print_until(&w, out))
		return false;
	*groups = w.groups;
	*count = w.group_count;
	return true;
}
