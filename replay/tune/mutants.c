/* mutants: the blind spot that a proposal opens (see mutants.h). */
#include "replay/tune/mutants.h"

#include "catalog/sequence.h"
#include "replay/tune/excepting.h"
#include "replay/tune/mutants_pass.h"

#include <stdlib.h>
#include <string.h>

enum { THINGS_MOST = 10, VALUE_SHOWN = 48, VALUE_BEFORE = 12, MUTANTS_MOST = 60000, ATTACKS_LEAST = 8 };

/* Fields that tell the same thing: who imitates one imitates them all. */
static const char *const same_thing[][4] = {
	{"process.executable", "process.name"},
	{"process.command_line", "process.args", "process.args_count"},
	{"process.parent.executable", "process.parent.name"},
	{"user.name", "user.id"},
	{"file.path", "file.name", "file.directory", "file.extension"},
	{"destination.ip", "destination.address", "destination.domain"},
	{"container.image.name", "container.image.tag", "container.image.hash.all"},
	{"orchestrator.resource.name", "url.path", "url.original"},
};

/* What an attacker imitates at once. */
struct thing {
	unsigned fields[4];
	size_t count;
	unsigned named; /* the field that the exception names */
};

struct trial {
	struct mutants *pass;
	struct spot *spot;
	struct thing things[THINGS_MOST];
	size_t thing_count;
	struct arena room;          /* of one attack */
	unsigned *hiding;           /* sets of things that hide this attack, as bits */
	size_t hiding_count;
	struct shown {
		const struct kept_event *attack, *donor;
		unsigned set;
	} shown[SHOWN_MUTANTS];
	size_t shown_count;
	unsigned best;              /* the smallest set of all attacks; 0: none */
};

static unsigned size_of(unsigned set)
{
	unsigned size = 0;
	for (; set; set &= set - 1)
		size++;
	return size;
}

static unsigned field_named(const struct catalog *catalog, const char *name)
{
	return name ? registry_field(&catalog->registry, text_of(name)) : FIELD_NONE;
}

static bool has_field(const struct thing *thing, unsigned field)
{
	for (size_t i = 0; i < thing->count; i++)
		if (thing->fields[i] == field)
			return true;
	return false;
}

static void make_thing(const struct catalog *catalog, unsigned field, struct thing *thing)
{
	*thing = (struct thing){.fields = {field}, .count = 1, .named = field};
	for (size_t i = 0; i < sizeof same_thing / sizeof *same_thing; i++) {
		bool it = false;
		for (size_t k = 0; k < 4; k++)
			it = it || field_named(catalog, same_thing[i][k]) == field;
		for (size_t k = 0; it && k < 4; k++) {
			unsigned other = field_named(catalog, same_thing[i][k]);
			if (other != FIELD_NONE && !has_field(thing, other))
				thing->fields[thing->count++] = other;
		}
	}
}

static void make_things(struct trial *t)
{
	for (size_t i = 0; i < t->spot->field_count && t->thing_count < THINGS_MOST; i++) {
		bool there = false;
		for (size_t k = 0; k < t->thing_count; k++)
			there = there || has_field(&t->things[k], t->spot->fields[i]);
		if (!there)
			make_thing(t->pass->catalog, t->spot->fields[i], &t->things[t->thing_count++]);
	}
}

/* --- changing an event ------------------------------------------------------------------------ */

static struct facet *copy_facet(struct arena *arena, const struct facet *from, size_t more)
{
	struct facet *facet = arena_alloc(arena, sizeof *facet);
	*facet = *from;
	uint16_t *position = arena_array(arena, from->registry->field_count, sizeof *position);
	facet->entries = arena_array(arena, from->count + more + 1, sizeof *facet->entries);
	facet->position = memcpy(position, from->position, from->registry->field_count * sizeof *position);
	facet->layout = NULL;
	if (from->count > 0)
		memcpy(facet->entries, from->entries, from->count * sizeof *facet->entries);
	return facet;
}

static void set_values(struct arena *arena, struct facet *facet, unsigned field, const struct values *values)
{
	if (!values) {
		facet_unset(arena, facet, field);
		return;
	}
	if (!facet->position[field]) {
		facet->entries[facet->count] = (struct facet_entry){.field = field};
		facet_append(arena, facet, field);
	}
	facet->entries[facet->position[field] - 1].values = *values;
}

static const struct facet *donor_facet(const struct kept_event *donor)
{
	return donor->event->facets[donor->match.hits[0].facet];
}

/* A field that the attack's event lacks can be there only if events of its kind have it at all. */
static bool can_have(const struct facet *facet, const struct facet *donor, unsigned field)
{
	return facet_get(facet, field) || (facet->category == donor->category && facet->action == donor->action);
}

/* Things of which the attack differs from the normal cause, and that it can imitate, as bits. */
static unsigned differing(const struct trial *t, const struct kept_event *attack, const struct kept_event *donor)
{
	const struct facet *normal = donor_facet(donor);
	unsigned bits = 0, never = 0;
	for (size_t i = 0; i < t->thing_count; i++)
		for (size_t k = 0; k < attack->match.count; k++) {
			const struct facet *facet = attack->event->facets[attack->match.hits[k].facet];
			unsigned field = t->things[i].named;
			if (!values_equal(facet_get(facet, field), facet_get(normal, field)))
				bits |= 1u << i;
			if (!can_have(facet, normal, field))
				never |= 1u << i;
		}
	return bits & ~never;
}

/* The attack's facets with the donor's values of some things. */
static struct facet **change(struct trial *t, const struct kept_event *attack, const struct kept_event *donor, unsigned set)
{
	const struct event *event = attack->event;
	struct facet **facets = arena_array(&t->room, event->facet_count + 1, sizeof *facets);
	memcpy(facets, event->facets, event->facet_count * sizeof *facets);
	for (size_t i = 0; i < attack->match.count; i++) {
		uint32_t at = attack->match.hits[i].facet;
		if (facets[at] != event->facets[at])
			continue;
		facets[at] = copy_facet(&t->room, event->facets[at], t->thing_count * 4);
		for (size_t k = 0; k < t->thing_count; k++)
			for (size_t j = 0; set >> k & 1 && j < t->things[k].count; j++) {
				unsigned field = t->things[k].fields[j];
				const struct values *values = facet_get(donor_facet(donor), field);
				if (field == t->things[k].named || (values && facet_get(facets[at], field)))
					set_values(&t->room, facets[at], field, values);
			}
	}
	return facets;
}

static bool still_matches(const struct trial *t, const struct match *match, struct facet *const *facets)
{
	const struct detection *detection = t->pass->catalog->detections[match->detection];
	for (size_t i = 0; i < match->count; i++) {
		const struct condition *condition = detection->conditions[match->hits[i].condition];
		if (condition->sequence)
			condition = sequence_last(condition->sequence)->condition;
		if (!evaluate_condition(t->pass->evaluator, condition, facets[match->hits[i].facet]))
			return false;
	}
	return match->count > 0;
}

/* --- what is said ----------------------------------------------------------------------------- */

static void join_values(const struct values *values, struct buffer *out)
{
	buffer_clear(out);
	if (!values)
		buffer_string(out, "(none)");
	for (size_t i = 0; values && i < values->count; i++) {
		if (i > 0)
			buffer_char(out, ' ');
		buffer_text(out, values->items[i].text);
	}
}

/* A little of a long text, from a little before what makes it differ. */
static void print_part(struct text text, size_t differs, struct buffer *out)
{
	size_t from = differs > VALUE_BEFORE ? differs - VALUE_BEFORE : 0;
	if (text.length <= VALUE_SHOWN)
		from = 0;
	while (from > 0 && ((unsigned char)text.data[from] & 0xc0) == 0x80)
		from--;
	struct text part = text_slice(text, from, text.length);
	size_t end = utf8_skip(part, 0, VALUE_SHOWN);
	buffer_string(out, from > 0 ? "…" : "");
	for (size_t i = 0; i < end; i++) /* one line, and nothing that steers a terminal */
		buffer_char(out, (unsigned char)part.data[i] < 0x20 || part.data[i] == 0x7f ? ' ' : part.data[i]);
	buffer_string(out, end < part.length ? "…" : "");
}

static void print_change(const struct values *before, const struct values *after, struct buffer *out)
{
	struct buffer one = {0}, other = {0};
	join_values(before, &one);
	join_values(after, &other);
	size_t differs = 0;
	while (differs < one.length && differs < other.length && one.data[differs] == other.data[differs])
		differs++;
	print_part(buffer_view(&one), differs, out);
	buffer_string(out, " → ");
	print_part(buffer_view(&other), differs, out);
	buffer_free(&one);
	buffer_free(&other);
}

static const char *describe_change(struct trial *t, const struct kept_event *attack, const struct kept_event *donor, unsigned set)
{
	const struct facet *facet = attack->event->facets[attack->match.hits[0].facet];
	struct buffer out = {0};
	for (size_t i = 0; i < t->thing_count; i++) {
		unsigned field = t->things[i].named;
		if (!(set >> i & 1))
			continue;
		buffer_printf(&out, "%s%.*s: ", out.length > 0 ? ", " : "", TEXT_ARGS(t->pass->catalog->registry.fields[field].name));
		print_change(facet_get(facet, field), facet_get(donor_facet(donor), field), &out);
	}
	const char *text = text_copy(&t->pass->proposals->arena, buffer_view(&out)).data;
	buffer_free(&out);
	return text;
}

/* The first few of those that need the fewest changes. */
static void keep_mutant(struct trial *t, const struct kept_event *attack, const struct kept_event *donor, unsigned set)
{
	size_t at = t->shown_count;
	while (at > 0 && size_of(t->shown[at - 1].set) > size_of(set))
		at--;
	if (at == SHOWN_MUTANTS)
		return;
	if (t->shown_count < SHOWN_MUTANTS)
		t->shown_count++;
	for (size_t i = t->shown_count - 1; i > at; i--)
		t->shown[i] = t->shown[i - 1];
	t->shown[at] = (struct shown){attack, donor, set};
}

static void show_mutants(struct trial *t)
{
	struct arena *arena = &t->pass->proposals->arena;
	struct proposal *proposal = t->spot->proposal;
	for (size_t i = 0; i < t->shown_count; i++) {
		const struct kept_event *attack = t->shown[i].attack;
		proposal->hidden = arena_grow(arena, proposal->hidden, proposal->hidden_count, sizeof *proposal->hidden);
		proposal->hidden[proposal->hidden_count++] = (struct hidden_event){
			.detection = t->pass->catalog->detections[attack->match.detection],
			.dataset = attack->dataset,
			.episode = attack->episode,
			.file = attack->event->file ? arena_strdup(arena, attack->event->file) : NULL,
			.line = attack->event->line,
			.mutation = describe_change(t, attack, t->shown[i].donor, t->shown[i].set),
			.what = "an attack that imitates the normal cause",
			.malicious = true,
		};
	}
}

/* --- trying ----------------------------------------------------------------------------------- */

static bool is_hidden_by_less(const struct trial *t, unsigned set)
{
	for (size_t i = 0; i < t->hiding_count; i++)
		if ((t->hiding[i] & set) == t->hiding[i])
			return true;
	return false;
}

/* All sets of `size` things among those that differ. */
static void try_sets(struct trial *t, const struct kept_event *attack, const struct kept_event *donor, unsigned size)
{
	unsigned differ = differing(t, attack, donor);
	for (unsigned set = 1; set < 1u << t->thing_count; set++) {
		if (size_of(set) != size || (set & differ) != set || is_hidden_by_less(t, set))
			continue;
		struct facet **facets = change(t, attack, donor, set);
		if (!still_matches(t, &attack->match, facets))
			continue;
		t->spot->proposal->mutants++;
		if (!excepting_holds(t->pass->evaluator, t->spot->proposal->node, facets, &attack->match))
			continue;
		t->spot->proposal->mutants_hidden++;
		t->hiding = arena_grow(&t->room, t->hiding, t->hiding_count, sizeof *t->hiding);
		t->hiding[t->hiding_count++] = set;
		if (t->best == 0 || size < size_of(t->best))
			t->best = set;
		keep_mutant(t, attack, donor, set);
	}
}

static void try_attack(struct trial *t, const struct kept_event *attack)
{
	t->hiding = NULL;
	t->hiding_count = 0;
	for (unsigned size = 1; size <= t->thing_count; size++)
		for (size_t i = 0; i < t->spot->donors.count; i++)
			try_sets(t, attack, &t->spot->donors.items[i], size);
	arena_reset(&t->room);
}

static const char *names_of(const struct trial *t, unsigned set)
{
	struct arena *arena = &t->pass->proposals->arena;
	const char *names = "";
	unsigned left = size_of(set), all = left;
	for (size_t i = 0; i < t->thing_count; i++) {
		if (!(set >> i & 1))
			continue;
		const char *between = left == all ? "" : left == 1 ? " and " : ", ";
		names = arena_printf(arena, "%s%s%.*s", names, between,
			TEXT_ARGS(t->pass->catalog->registry.fields[t->things[i].named].name));
		left--;
	}
	return names;
}

static void conclude(struct trial *t, size_t attacks)
{
	struct proposal *proposal = t->spot->proposal;
	struct arena *arena = &t->pass->proposals->arena;
	unsigned size = size_of(t->best);
	proposal->attacks = attacks;
	proposal->imitation = t->best ? (long)size : attacks > 0 && t->spot->donors.count > 0 ? IMITATION_NEVER : IMITATION_UNKNOWN;
	if (attacks == 0)
		proposal->imitation_note = "no attack on these detections is recorded: what it hides of one is not known";
	else if (t->spot->donors.count == 0)
		proposal->imitation_note = "none of its false positives could be looked at";
	else if (t->best)
		proposal->imitation_note = arena_printf(arena, "an attacker has to imitate %s%s to be hidden by it",
			size == 1 ? "only " : "", names_of(t, t->best));
	else
		proposal->imitation_note =
			"no imitation of what it names hides a recorded attack: the attack needs to be different there";
}

static void judge(struct mutants *pass, struct spot *spot)
{
	struct trial t = {.pass = pass, .spot = spot};
	size_t attacks = 0;
	make_things(&t);
	size_t each = (spot->donors.count + 1) << t.thing_count;
	size_t most = MUTANTS_MOST / each > ATTACKS_LEAST ? MUTANTS_MOST / each : ATTACKS_LEAST;
	for (size_t i = 0; i < pass->catalog->detection_count; i++)
		for (size_t k = 0; spot->covers[i] && k < pass->attacks[i].count && attacks < most; k++, attacks++)
			try_attack(&t, &pass->attacks[i].items[k]);
	show_mutants(&t);
	conclude(&t, attacks);
	arena_free(&t.room);
}

void mutants_judge(struct mutants *mutants)
{
	for (size_t i = 0; i < mutants->proposals->count; i++)
		judge(mutants, &mutants->spots[i]);
}
