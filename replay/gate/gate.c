/* gate: gates as a project writes them are read (see gate.h). */
#include "replay/gate/gates.h"

#include "catalog/load.h"
#include "catalog/yaml_form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_CONFIDENCE 0.95

struct reading {
	struct arena *arena;
	struct diagnostics *d;
	enum gate_number number;
	bool undecided_passes; /* of all gates that do not say it themselves */
};

/* --- limits --- */

static const struct {
	enum gate_form form;
	const char *words;
} form_words[] = {
	{GATE_SHARE, "a share from 0 to 1, as 0.9 or 90%"},
	{GATE_NUMBER, "a number, 0 or more"},
	{GATE_COUNT, "a whole number, 0 or more"},
	{GATE_PERCENT, "a percentage of the reference run's, as 2%"},
	{GATE_FACTOR, "a factor of 1 or more, as 1.5x"},
	{GATE_BUDGET, "the word budget"},
	{GATE_NOT_WORSE, "the word not_worse"},
	{GATE_NOT_EXPIRED, "the word not_expired"},
};

static int wrong_limit(const struct reading *r, const struct yaml *node)
{
	struct buffer words = {0};
	for (size_t i = 0; i < sizeof form_words / sizeof *form_words; i++)
		if (gate_kinds[r->number].forms & form_words[i].form)
			buffer_printf(&words, "%s%s", words.length > 0 ? ", or " : "", form_words[i].words);
	buffer_char(&words, '\0');
	yaml_error(r->d, node, "%s takes %s", gate_name(r->number), words.data);
	buffer_free(&words);
	return -1;
}

/* Digits and a point, with nothing or just the suffix behind them. */
static bool number_of(struct text text, const char *suffix, double *value)
{
	char *end = NULL;
	size_t digits = text.length > 0 ? strspn(text.data, "0123456789.") : 0; /* texts of a tree end in NUL */
	if (digits == 0 || strcmp(text.data + digits, suffix) != 0)
		return false;
	*value = strtod(text.data, &end);
	return end == text.data + digits && isfinite(*value);
}

static bool form_of(unsigned forms, struct text text, struct gate_limit *limit)
{
	double value = 0;
	limit->value = NAN;
	limit->form = text_is(text, "budget") ? GATE_BUDGET : text_is(text, "not_worse") ? GATE_NOT_WORSE
		: text_is(text, "not_expired") ? GATE_NOT_EXPIRED : 0;
	if (limit->form != 0)
		return (forms & limit->form) != 0;
	if (number_of(text, "%", &value)) {
		limit->form = forms & GATE_SHARE ? GATE_SHARE : GATE_PERCENT;
		limit->value = value / 100;
	} else if (number_of(text, "x", &value)) {
		limit->form = GATE_FACTOR;
		limit->value = value;
	} else if (number_of(text, "", &value)) {
		limit->form = forms & GATE_SHARE ? GATE_SHARE : forms & GATE_COUNT ? GATE_COUNT : GATE_NUMBER;
		limit->value = value;
	}
	return (forms & limit->form) != 0 && !(limit->form == GATE_SHARE && limit->value > 1) &&
		!(limit->form == GATE_COUNT && limit->value != floor(limit->value)) &&
		!(limit->form == GATE_FACTOR && limit->value < 1);
}

static int add_limit(const struct reading *r, const struct yaml *node, struct text name, struct gate *gate)
{
	gate->limits = arena_grow(r->arena, gate->limits, gate->limit_count, sizeof *gate->limits);
	struct gate_limit *limit = &gate->limits[gate->limit_count++];
	*limit = (struct gate_limit){.name = name, .place = node->place, .value = NAN};
	if (node->kind != YAML_SCALAR || !form_of(gate_kinds[r->number].forms, node->text, limit))
		return wrong_limit(r, node);
	return 0;
}

/* Those with a name first: they go before the one of all. */
static int read_limits(const struct reading *r, const struct yaml *node, struct gate *gate)
{
	const struct yaml *by = yaml_get(node, "organizations"), *all = yaml_get(node, "limit");
	int failed = 0;
	for (size_t i = 0; by != NULL && i < by->count; i++)
		failed |= add_limit(r, &by->items[i], by->keys[i].text, gate);
	for (size_t i = 0; (gate_kinds[r->number].flags & GATE_BY_SEVERITY) && i < node->count; i++) {
		enum severity severity;
		if (!severity_from_name(node->keys[i].text, &severity))
			continue;
		failed |= add_limit(r, &node->items[i], node->keys[i].text, gate);
		gate->limits[gate->limit_count - 1].severity = severity;
	}
	if (all != NULL)
		failed |= add_limit(r, all, (struct text){NULL, 0}, gate);
	return gate->limit_count > 0 ? failed : yaml_error(r->d, node, "%s limits nothing", gate_name(r->number));
}

/* --- options --- */

static int read_confidence(const struct reading *r, const struct yaml *node, struct gate *gate)
{
	double value = 0;
	if (node->kind != YAML_SCALAR || !(number_of(node->text, "", &value) || number_of(node->text, "%", &value)))
		value = 0;
	else if (text_ends(node->text, TEXT("%"), false))
		value /= 100;
	if (!(value >= 0.5 && value < 1))
		return yaml_error(r->d, node, "confidence is a share from 0.5 to less than 1, as 0.95");
	gate->confidence = value;
	return 0;
}

static int read_within(const struct reading *r, const struct yaml *node, struct gate *gate)
{
	double value = -1;
	if (node->kind != YAML_SCALAR || !number_of(node->text, "d", &value) || value != floor(value) || value > 3660)
		return yaml_error(r->d, node, "within is a number of days, as 30d");
	gate->within = (unsigned)value;
	return 0;
}

static int read_choice(const struct yaml *mapping, const char *key, const char *const names[3], struct diagnostics *d,
	bool *second)
{
	unsigned choice = *second;
	int failed = load_choice(mapping, key, names, 2, d, &choice);
	*second = choice == 1;
	return failed;
}

static int read_options(const struct reading *r, const struct yaml *node, struct gate *gate)
{
	int failed = 0;
	if (yaml_check(node, gate_kinds[r->number].options, r->d, gate_name(r->number)) != 0)
		return -1;
	failed |= read_limits(r, node, gate);
	failed |= load_texts(r->arena, node, "except", name_is_slug, "the name of a detection", r->d, &gate->except);
	gate->except_places = load_places(r->arena, node, "except");
	failed |= read_choice(node, "judge", gate_judge_names, r->d, &gate->not_refuted);
	failed |= read_choice(node, "undecided", gate_undecided_names, r->d, &gate->undecided_passes);
	if (yaml_get(node, "confidence") != NULL)
		failed |= read_confidence(r, yaml_get(node, "confidence"), gate);
	if (yaml_get(node, "within") != NULL)
		failed |= read_within(r, yaml_get(node, "within"), gate);
	return failed;
}

/* No number of observations supports that nothing is ever missed, or nothing ever comes. */
static int check_reachable(const struct reading *r, const struct yaml *node, const struct gate *gate)
{
	int failed = 0;
	for (size_t i = 0; i < gate->limit_count && (gate_kinds[r->number].flags & GATE_INTERVAL) && !gate->not_refuted; i++) {
		const struct gate_limit *limit = &gate->limits[i];
		if (gate->number == GATE_MINIMUM_RECALL && limit->value >= 1)
			failed = yaml_error(r->d, node, "no number of episodes supports a recall of 1: ask for less, as 0.9, or write "
				"{limit: …, judge: not_refuted}, which fails at any miss");
		else if (gate->number != GATE_MINIMUM_RECALL && limit->value <= 0)
			failed = yaml_error(r->d, node, "no observation supports that nothing ever comes: allow more than 0, or write "
				"{limit: …, judge: not_refuted}");
	}
	return failed;
}

/* --- gates --- */

static int read_gate(const struct reading *r, const struct yaml *node, struct place place, struct gate *gate)
{
	*gate = (struct gate){.number = r->number, .place = place, .confidence = DEFAULT_CONFIDENCE,
		.undecided_passes = r->undecided_passes};
	int failed = node->kind == YAML_MAPPING ? read_options(r, node, gate) : add_limit(r, node, (struct text){NULL, 0}, gate);
	return failed != 0 ? failed : check_reachable(r, node, gate);
}

struct gates *gates_read(struct arena *arena, const struct yaml *node, struct diagnostics *d)
{
	struct gates *gates = arena_alloc(arena, sizeof *gates);
	struct reading r = {.arena = arena, .d = d};
	*gates = (struct gates){arena_array(arena, GATE_KINDS, sizeof *gates->items), 0};
	if (node->kind != YAML_MAPPING) {
		yaml_error(d, node, "gates is a mapping of gates, as lost_episodes: 0");
		return NULL;
	}
	int failed = yaml_check(node, gates_form.shape, d, "gates");
	failed |= read_choice(node, "undecided", gate_undecided_names, d, &r.undecided_passes);
	for (r.number = 0; r.number < GATE_KINDS; r.number++)
		for (size_t i = 0; i < node->count; i++)
			if (text_is(node->keys[i].text, gate_name(r.number)))
				failed |= read_gate(&r, &node->items[i], node->keys[i].place, &gates->items[gates->count++]);
	if (failed == 0 && gates->count == 0)
		failed = yaml_error(d, node, "no gate stands here, so nothing would be judged");
	return failed != 0 ? NULL : gates;
}

struct gates *gates_default(struct arena *arena)
{
	static const enum gate_number numbers[] = {GATE_LOST_EPISODES, GATE_NEW_FALSE_POSITIVES, GATE_NEW_BLIND, GATE_FIDELITY,
		GATE_EXCEPTIONS};
	struct gates *gates = arena_alloc(arena, sizeof *gates);
	*gates = (struct gates){arena_array(arena, sizeof numbers / sizeof *numbers, sizeof *gates->items), 0};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct gate_limit *limit = arena_alloc(arena, sizeof *limit);
		*limit = (struct gate_limit){.form = numbers[i] == GATE_FIDELITY ? GATE_NOT_WORSE
			: numbers[i] == GATE_EXCEPTIONS ? GATE_NOT_EXPIRED : GATE_COUNT};
		gates->items[gates->count++] = (struct gate){.number = numbers[i], .limits = limit, .limit_count = 1,
			.confidence = DEFAULT_CONFIDENCE};
	}
	return gates;
}

static bool organization_known(const struct catalog *catalog, struct text name)
{
	return catalog != NULL && catalog_organization(catalog, name) != NULL;
}

static bool detection_known(const struct catalog *catalog, struct text name)
{
	return catalog != NULL && catalog_detection(catalog, name) != NULL;
}

void gates_check(const struct gates *gates, const struct catalog *catalog, const struct catalog *reference,
	struct diagnostics *d)
{
	for (size_t i = 0; i < gates->count; i++) {
		const struct gate *gate = &gates->items[i];
		for (size_t k = 0; k < gate->limit_count && !(gate_kinds[gate->number].flags & GATE_BY_SEVERITY); k++) {
			struct text name = gate->limits[k].name;
			if (name.length > 0 && !organization_known(catalog, name) && !organization_known(reference, name))
				diagnostics_warning(d, gate->limits[k].place, "there is no organization \"%.*s\", so this limits nothing",
					TEXT_ARGS(name));
		}
		for (size_t k = 0; k < gate->except.count; k++)
			if (!detection_known(catalog, gate->except.items[k]) && !detection_known(reference, gate->except.items[k]))
				diagnostics_warning(d, gate->except_places[k], "there is no detection \"%.*s\", so this excepts nothing",
					TEXT_ARGS(gate->except.items[k]));
	}
}

bool gates_compare(const struct gates *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if ((gate_kinds[gates->items[i].number].flags & GATE_COMPARES))
			return true;
	return false;
}

bool gates_ask_fidelity(const struct gates *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if (gates->items[i].number == GATE_FIDELITY)
			return true;
	return false;
}
