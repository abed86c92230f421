/* correlation: conditions over several events as Sigma correlations. */
#include "generator/sigma/correlation.h"

#include "generator/sigma/document.h"
#include "generator/sigma/selections.h"

#include <inttypes.h>

enum { CHOICES_MAX = 12, SECOND = 1000000000 };

/* A step's rule in one log source: all that the step became there. */
struct base {
	const struct dialect_group *group;
	const struct rule **rules;
	size_t count;
	struct text id;
};

/* One positive step, and the log sources of one family that can tell it. */
struct step {
	const struct sequence_step *step;
	size_t number;         /* in the condition, from 1 */
	struct base *bases;
	size_t count;
	size_t chosen;
};

struct writing {
	struct sigma_pack *sigma;
	struct sigma_filters *filters;
	struct pack_sequence *sequence;
	const struct sequence *asked;
	struct step *steps;
	size_t count;
	struct text product, service; /* the family: of its log sources */
	size_t *keys;                 /* places of the keys that can be asked for */
	size_t key_count;
	size_t made;                  /* correlations */
};

/* --- which log sources --- */

static bool in_family(const struct writing *w, const struct dialect_group *group)
{
	return text_equal(dialect_attribute(group, "product"), w->product)
		&& text_equal(dialect_attribute(group, "service"), w->service);
}

static void add_base(struct writing *w, struct step *step, const struct rule *rule)
{
	struct arena *arena = w->sigma->pack->arena;
	struct base *base = NULL;

	for (size_t i = 0; i < step->count && base == NULL; i++)
		base = step->bases[i].group == rule->group ? &step->bases[i] : NULL;
	if (base == NULL) {
		step->bases = arena_grow(arena, step->bases, step->count, sizeof(*step->bases));
		base = &step->bases[step->count++];
		*base = (struct base){.group = rule->group};
	}
	base->rules = arena_grow(arena, base->rules, base->count, sizeof(*base->rules));
	base->rules[base->count++] = rule;
}

/* The steps as the family can tell them; false: it cannot tell one that must be there. */
static bool gather_steps(struct writing *w)
{
	const struct lowered *lowered = w->sequence->lowered;

	w->steps = arena_array(w->sigma->pack->arena, w->asked->count, sizeof(*w->steps));
	w->count = 0;
	for (size_t i = 0; i < w->asked->count; i++) {
		struct step *step = &w->steps[w->count];

		if (w->asked->steps[i].missing)
			continue;
		*step = (struct step){.step = &w->asked->steps[i], .number = i + 1};
		for (size_t k = 0; k < lowered->steps[i].count; k++) {
			const struct rule *rule = &lowered->steps[i].rules[k];

			if (in_family(w, rule->group) && !pack_better_elsewhere(&lowered->steps[i], k))
				add_base(w, step, rule);
		}
		if (step->count == 0)
			return false;
		w->count++;
	}
	return w->count > 0;
}

/* --- keys --- */

/* The raw name under which all rules of the base have the field just as it is; empty: there is none. */
static struct text raw_name(const struct base *base, unsigned field)
{
	struct text name = {NULL, 0};

	for (size_t i = 0; i < base->count; i++) {
		const struct rule *rule = base->rules[i];
		const struct dialect_field *row = dialect_field_of(base->group, field, rule->category, rule->actions[0], USE_WRITE);

		if (row == NULL || row->shape.shape != SHAPE_PLAIN || (i > 0 && !text_equal(name, bound_name(row))))
			return TEXT("");
		name = bound_name(row);
	}
	return name;
}

static struct text key_name(const struct step *step, size_t key)
{
	return raw_name(&step->bases[step->chosen], step->step->by[key]);
}

static void choose_keys(struct writing *w)
{
	struct arena *arena = w->sigma->pack->arena;
	const struct registry *registry = &w->sigma->pack->request->catalog->registry;

	w->keys = arena_array(arena, w->asked->key_count + 1, sizeof(*w->keys));
	w->key_count = 0;
	for (size_t key = 0; key < w->asked->key_count; key++) {
		bool known = true;

		for (size_t i = 0; i < w->count; i++)
			known = known && key_name(&w->steps[i], key).length > 0;
		if (known)
			w->keys[w->key_count++] = key;
		else
			reason_add(arena, &w->sequence->reasons, arena_printf(arena, "events cannot be grouped by %.*s there",
				TEXT_ARGS(registry->fields[w->asked->steps[0].by[key]].name)));
	}
}

/* Do the steps have the key under different names? */
static bool needs_alias(const struct writing *w, size_t key)
{
	bool differs = false;

	for (size_t i = 1; i < w->count; i++)
		differs = differs || !text_equal(key_name(&w->steps[i], key), key_name(&w->steps[0], key));
	return differs;
}

/* user.name → user_name */
static struct text alias_of(const struct writing *w, size_t key)
{
	const struct registry *registry = &w->sigma->pack->request->catalog->registry;
	struct text name = registry->fields[w->asked->steps[0].by[key]].name;
	char *alias = arena_strndup(w->sigma->pack->arena, name.data, name.length);

	for (char *at = alias; *at; at++) {
		if (*at == '.')
			*at = '_';
	}
	return text_of(alias);
}

/* --- base rules --- */

static struct rule_node *base_node(struct writing *w, const struct base *base)
{
	struct arena *arena = w->sigma->pack->arena;
	struct rule_node *any = rule_false();

	for (size_t i = 0; i < base->count; i++) {
		struct rule_node *shipped = rule_not(arena, rule_excluded(arena, base->rules[i], true));
		struct rule_node *parts[] = {base->rules[i]->events, base->rules[i]->node, shipped};

		any = rule_either(arena, any, rule_and(arena, parts, 3));
	}
	return any;
}

static bool same_exceptions(const struct rule *a, const struct rule *b)
{
	bool same = a->exception_count == b->exception_count;

	for (size_t i = 0; same && i < a->exception_count; i++)
		same = rule_equal(a->exceptions[i].node, b->exceptions[i].node);
	return same;
}

/* A filter on the base excludes from all its rules: only what all of them except. */
static void add_filters(struct writing *w, const struct base *base)
{
	bool same = true;

	for (size_t i = 1; i < base->count; i++)
		same = same && same_exceptions(base->rules[0], base->rules[i]);
	if (same)
		filters_add(w->filters, base->rules[0], base->id);
}

static void print_base(struct writing *w, struct buffer *out, struct step *step, struct base *base)
{
	struct pack *pack = w->sigma->pack;
	const struct detection *detection = w->sequence->detection;
	struct selections s = {.arena = pack->arena, .indent = "    ", .some = sigma_some_name(base->group)};
	char *name = arena_printf(pack->arena, "%.*s/step %zu/%.*s", TEXT_ARGS(w->sequence->condition->name), step->number,
		TEXT_ARGS(base->group->name));
	char *further = arena_printf(pack->arena, "%.*s Step %zu", TEXT_ARGS(w->sequence->condition->name), step->number);
	enum rule_kind kind;
	struct text condition = selections_print(&s, base_node(w, base), &kind);

	base->id = sigma_id(pack, detection->id, name);
	struct sigma_card card = {
		.detections = &w->sequence->detection, .count = 1, .id = base->id, .derived = true, .fidelity = base->rules[0]->fidelity,
		.title = sigma_title(w->sigma, detection->title, text_of(further), sigma_source(pack->arena, base->group)),
		.severity = SEVERITY_INFORMATIONAL};

	document_head(pack, out, &card);
	document_logsource(out, base->group);
	buffer_printf(out, "detection:\n%.*s    condition: %.*s\n", TEXT_ARGS(buffer_view(&s.definitions)), TEXT_ARGS(condition));
	document_end(pack, out, &card);
	buffer_string(out, "---\n");
	selections_free(&s);
	add_filters(w, base);
}

/* --- correlations --- */

/* "10m": whole seconds at least, rounded up. */
static struct text timespan(struct writing *w)
{
	int64_t seconds = w->asked->maxspan / SECOND + (w->asked->maxspan % SECOND != 0);
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	return text_of(arena_printf(w->sigma->pack->arena, "%" PRId64 "%c", seconds / units[i].seconds, units[i].unit));
}

/* Is the step a count of events or values? */
static bool counts(const struct sequence_step *step)
{
	return step->runs > 1 || step->distinct != FIELD_NONE;
}

/* group-by of one step alone. */
static void print_own_keys(struct writing *w, struct buffer *out, const struct step *step)
{
	buffer_string(out, "    group-by:\n");
	for (size_t i = 0; i < w->key_count; i++)
		buffer_printf(out, "        - %.*s\n", TEXT_ARGS(key_name(step, w->keys[i])));
	buffer_printf(out, "    timespan: %.*s\n", TEXT_ARGS(timespan(w)));
}

/* event_count or value_count of one step. */
static void print_count(struct writing *w, struct buffer *out, const struct step *step)
{
	const struct sequence_step *asked = step->step;
	const struct base *base = &step->bases[step->chosen];
	bool values = asked->distinct != FIELD_NONE;
	struct text field = values ? raw_name(base, asked->distinct) : TEXT("");

	buffer_printf(out, "correlation:\n    type: %s\n    rules:\n        - %.*s\n", field.length ? "value_count" : "event_count",
		TEXT_ARGS(base->id));
	print_own_keys(w, out, step);
	buffer_printf(out, "    condition:\n        gte: %zu\n", values ? asked->distinct_count : asked->runs);
	if (field.length > 0)
		buffer_printf(out, "        field: %.*s\n", TEXT_ARGS(field));
	else if (values)
		reason_add(w->sigma->pack->arena, &w->sequence->reasons,
			"events are counted, since the values cannot be told apart there");
}

static void print_aliases(struct writing *w, struct buffer *out, const struct text *refers)
{
	bool any = false;

	for (size_t i = 0; i < w->key_count; i++) {
		if (!needs_alias(w, w->keys[i]))
			continue;
		buffer_printf(out, "%s        %.*s:\n", any ? "" : "    aliases:\n", TEXT_ARGS(alias_of(w, w->keys[i])));
		any = true;
		for (size_t k = 0; k < w->count; k++)
			buffer_printf(out, "            %.*s: %.*s\n", TEXT_ARGS(refers[k]), TEXT_ARGS(key_name(&w->steps[k], w->keys[i])));
	}
}

/* temporal or temporal_ordered of all steps, by what each is called. */
static void print_order(struct writing *w, struct buffer *out, const struct text *refers)
{
	buffer_printf(out, "correlation:\n    type: %s\n    rules:\n", w->asked->sample ? "temporal" : "temporal_ordered");
	for (size_t i = 0; i < w->count; i++)
		buffer_printf(out, "        - %.*s\n", TEXT_ARGS(refers[i]));
	print_aliases(w, out, refers);
	buffer_string(out, "    group-by:\n");
	for (size_t i = 0; i < w->key_count; i++) {
		struct text name = needs_alias(w, w->keys[i]) ? alias_of(w, w->keys[i]) : key_name(&w->steps[0], w->keys[i]);

		buffer_printf(out, "        - %.*s\n", TEXT_ARGS(name));
	}
	buffer_printf(out, "    timespan: %.*s\n", TEXT_ARGS(timespan(w)));
}

/* The head and the end of a correlation; `print` writes what stands between. */
static void print_frame(struct writing *w, struct buffer *out, struct text id, const char *further, bool last, struct text body)
{
	struct pack *pack = w->sigma->pack;
	struct text source = sigma_source(pack->arena, w->steps[0].bases[0].group);
	struct sigma_card card = {
		.detections = &w->sequence->detection, .count = 1, .id = id, .derived = !text_equal(id, w->sequence->detection->id),
		.title = sigma_title(w->sigma, w->sequence->detection->title, text_of(further), source),
		.fidelity = w->sequence->fidelity, .severity = last ? w->sequence->severity : SEVERITY_INFORMATIONAL};

	document_head(pack, out, &card);
	buffer_text(out, body);
	document_end(pack, out, &card);
	buffer_string(out, last ? "generate: false\n" : "generate: false\n---\n");
}

/* Counts inside of a longer sequence are correlations of their own. Returns what the step is called then. */
static struct text print_inner(struct writing *w, struct buffer *out, const struct step *step)
{
	struct pack *pack = w->sigma->pack;
	const struct base *base = &step->bases[step->chosen];
	struct buffer body = {0};

	if (!counts(step->step) || w->count == 1)
		return base->id;
	struct text id = sigma_id(pack, base->id, "count");

	print_count(w, &body, step);
	char *further = arena_printf(pack->arena, "%.*s Step %zu Count", TEXT_ARGS(w->sequence->condition->name), step->number);

	print_frame(w, out, id, further, false, buffer_view(&body));
	buffer_free(&body);
	return id;
}

static bool has_own_id(const struct writing *w)
{
	const struct pack *pack = w->sigma->pack;

	for (size_t i = 0; i < pack->rule_count; i++) {
		if (pack->rules[i].rule->detection == w->sequence->detection)
			return true;
	}
	for (const struct pack_sequence *other = pack->sequences; other < w->sequence; other++) {
		if (other->detection == w->sequence->detection && other->name.length > 0)
			return true;
	}
	return w->made > 0;
}

static struct text correlation_id(struct writing *w)
{
	struct buffer name = {0};

	if (!has_own_id(w))
		return w->sequence->detection->id;
	buffer_printf(&name, "%.*s", TEXT_ARGS(w->sequence->condition->name));
	for (size_t i = 0; i < w->count; i++)
		buffer_printf(&name, "/%.*s", TEXT_ARGS(w->steps[i].bases[w->steps[i].chosen].group->name));
	struct text id = sigma_id(w->sigma->pack, w->sequence->detection->id, name.data);

	buffer_free(&name);
	return id;
}

/* One choice of log sources: the steps' rules, counts of them, and what joins them. */
static void print_choice(struct writing *w)
{
	struct pack *pack = w->sigma->pack;
	struct text id = correlation_id(w), *refers = arena_array(pack->arena, w->count, sizeof(*refers));
	const struct detection *detection = w->sequence->detection;
	char *words = arena_printf(pack->arena, "%.*s_%.*s", TEXT_ARGS(detection->name), TEXT_ARGS(w->sequence->condition->name));
	struct buffer *out = pack_file(pack, sigma_file(pack, "rules", TEXT("correlation"), words)), body = {0};

	document_made(pack, out);
	for (size_t i = 0; i < w->count; i++)
		print_base(w, out, &w->steps[i], &w->steps[i].bases[w->steps[i].chosen]);
	for (size_t i = 0; i < w->count; i++)
		refers[i] = print_inner(w, out, &w->steps[i]);
	if (w->count > 1)
		print_order(w, &body, refers);
	else
		print_count(w, &body, &w->steps[0]);
	print_frame(w, out, id, w->sequence->condition->name.data, true, buffer_view(&body));
	buffer_free(&body);
	if (w->sequence->name.length == 0)
		w->sequence->name = id;
	else
		reason_add(pack->arena, &w->sequence->more, arena_printf(pack->arena, "%.*s", TEXT_ARGS(id)));
	w->made++;
}

/* The next choice, like an odometer; false: all were taken. */
static bool next_choice(struct writing *w)
{
	for (size_t i = w->count; i-- > 0;) {
		if (++w->steps[i].chosen < w->steps[i].count)
			return true;
		w->steps[i].chosen = 0;
	}
	return false;
}

static void write_family(struct writing *w)
{
	struct arena *arena = w->sigma->pack->arena;
	size_t left = CHOICES_MAX;
	bool more = gather_steps(w);

	while (more && left-- > 0) {
		choose_keys(w);
		if (w->key_count > 0)
			print_choice(w);
		more = next_choice(w);
	}
	if (more) {
		reason_add(arena, &w->sequence->reasons, "there are more choices of log sources than are written");
		w->sequence->fidelity = FIDELITY_APPROXIMATE;
	}
}

/* What no correlation says. */
static void tell_limits(struct writing *w)
{
	struct arena *arena = w->sigma->pack->arena;
	struct texts *reasons = &w->sequence->reasons;
	bool missing = false;

	for (size_t i = 0; i < w->asked->count; i++)
		missing = missing || w->asked->steps[i].missing;
	if (missing)
		reason_add(arena, reasons, "what must not happen between the steps cannot be said in a correlation");
	if (w->asked->until != NULL)
		reason_add(arena, reasons, "a correlation has no until");
	reason_add(arena, reasons, "a correlation fires for each event that ends such an occurrence, not only for the first");
	if (w->sequence->fidelity < FIDELITY_WIDER)
		w->sequence->fidelity = FIDELITY_WIDER;
}

/* Was the family met before, among the rules before this one? */
static bool met_before(const struct lowered *first, const struct rule *rule)
{
	static const char *const keys[] = {"product", "service"};

	for (const struct rule *other = first->rules; other < rule; other++) {
		bool same = true;

		for (size_t i = 0; i < 2; i++)
			same = same && text_equal(dialect_attribute(other->group, keys[i]), dialect_attribute(rule->group, keys[i]));
		if (same)
			return true;
	}
	return false;
}

size_t correlation_write(struct sigma_pack *sigma, struct sigma_filters *filters, struct pack_sequence *sequence)
{
	struct writing w = {.sigma = sigma, .filters = filters, .sequence = sequence, .asked = sequence->lowered->sequence};
	size_t first = 0;

	if (sequence->fidelity == FIDELITY_UNSUPPORTED)
		return 0;
	while (first < w.asked->count && w.asked->steps[first].missing)
		first++;
	tell_limits(&w);
	for (size_t i = 0; first < w.asked->count && i < sequence->lowered->steps[first].count; i++) {
		const struct rule *rule = &sequence->lowered->steps[first].rules[i];

		if (met_before(&sequence->lowered->steps[first], rule))
			continue;
		w.product = dialect_attribute(rule->group, "product");
		w.service = dialect_attribute(rule->group, "service");
		write_family(&w);
	}
	if (w.made == 0)
		reason_add(sigma->pack->arena, &sequence->reasons,
			"a correlation needs a field that all its steps are grouped by, in log sources of one kind");
	return w.made;
}
