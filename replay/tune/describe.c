/* describe: see describe.h. */
#include "replay/tune/describe.h"

#include "catalog/made.h"
#include "catalog/text_map.h"
#include "replay/tune/wording.h"

#include <stdlib.h>
#include <string.h>

enum { LISTED = 8, LISTED_MOST = 20, LISTED_AGAIN = 40, ELEMENTS = 4, VOCABULARY = 12, MADE_FEW = 300 };
#define LEAST_NARROW 0.2
#define OPEN_NARROW 0.35
#define ALIKE 0.5
#define OPEN_PREFERRED 0.6

struct known_clause {
	struct text text;
	struct condition *condition;
	double *rates;         /* [category_count]; < 0: not known yet */
	signed char *required; /* [detection_count]; -1: not known yet */
};

/* Facets that satisfy a detection, made once. */
struct made_facets {
	bool made;
	struct facet **items;
	size_t count;
	uint8_t *fields;       /* [field_count]: named by its conditions */
};

struct describer {
	const struct observations *o;
	struct diagnostics *d;
	struct arena arena;
	struct evaluator *evaluator;
	struct scope scope;
	struct text_map known;  /* text → index in clauses, from 1 */
	struct known_clause *clauses;
	size_t clause_count;
	struct made_facets *made; /* [detection_count] */
	struct text **vocabulary; /* [field_count]: values that are seen anywhere, of lists; NULL: not asked yet */
	size_t *vocabulary_count; /* [field_count]; VOCABULARY + 1: more than are worth naming */
};

struct describer *describer_new(const struct observations *o, struct diagnostics *d)
{
	struct describer *w = mem_alloc(sizeof *w);
	*w = (struct describer){.o = o, .d = d, .evaluator = evaluator_new()};
	w->known.arena = &w->arena;
	w->scope = catalog_scope(o->catalog, o->organization);
	w->made = arena_array(&w->arena, o->catalog->detection_count + 1, sizeof *w->made);
	w->vocabulary = arena_array(&w->arena, o->catalog->registry.field_count, sizeof *w->vocabulary);
	w->vocabulary_count = arena_array(&w->arena, o->catalog->registry.field_count, sizeof *w->vocabulary_count);
	return w;
}

void describer_free(struct describer *w)
{
	if (w == NULL)
		return;
	evaluator_free(w->evaluator);
	arena_free(&w->arena);
	free(w);
}

struct evaluator *describer_evaluator(struct describer *w)
{
	return w->evaluator;
}

struct arena *describer_arena(struct describer *w)
{
	return &w->arena;
}

struct condition *describer_parse(struct describer *w, struct text expression)
{
	struct place nowhere = {"a proposed exception", 1, 1};
	return condition_parse_expression(&w->arena, &w->scope, expression, nowhere, 0, expression, w->d);
}

bool describer_holds(struct describer *w, const struct node *node, const struct sample *sample)
{
	for (size_t i = 0; i < sample->facet_count; i++)
		if (!evaluate_node(w->evaluator, node, sample->facets[i]))
			return false;
	return sample->facet_count > 0;
}

static bool same_values(const struct values *a, const struct values *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!text_equal(a->items[i].text, b->items[i].text))
			return false;
	return true;
}

const struct values *sample_values(const struct sample *sample, unsigned field)
{
	const struct values *values = sample->facet_count > 0 ? facet_get(sample->facets[0], field) : NULL;
	for (size_t i = 1; values && i < sample->facet_count; i++) {
		const struct values *other = facet_get(sample->facets[i], field);
		if (!other || !same_values(values, other))
			return NULL;
	}
	return values;
}

/* --- what is known of a clause --- */

static struct known_clause *known_of(struct describer *w, struct text text)
{
	size_t *number = text_map_at(&w->known, text);
	if (*number == 0) {
		const struct catalog *catalog = w->o->catalog;
		w->clauses = arena_grow(&w->arena, w->clauses, w->clause_count, sizeof *w->clauses);
		struct known_clause *known = &w->clauses[w->clause_count++];
		*number = w->clause_count;
		*known = (struct known_clause){.text = text, .condition = describer_parse(w, text)};
		known->rates = arena_array(&w->arena, catalog->registry.category_count + 1, sizeof *known->rates);
		known->required = arena_array(&w->arena, catalog->detection_count + 1, sizeof *known->required);
		for (size_t i = 0; i <= catalog->registry.category_count; i++)
			known->rates[i] = -1;
		memset(known->required, -1, catalog->detection_count + 1);
	}
	return &w->clauses[*number - 1];
}

/* Of all seen facets of the category; half an event more on each side, so that nothing is sure. */
static double rate_of(struct describer *w, struct known_clause *known, unsigned category)
{
	double holds = 0.5, all = 1;
	if (known->rates[category] >= 0)
		return known->rates[category];
	for (size_t i = 0; i < w->o->background_count; i++) {
		const struct facet *facet = w->o->background[i].facet;
		if (facet->category != category)
			continue;
		all++;
		holds += evaluate_node(w->evaluator, known->condition->root, facet);
	}
	return known->rates[category] = holds / all;
}

static void note_field(const struct predicate *predicate, void *context)
{
	uint8_t *fields = context;
	fields[predicate->field] = 1;
	fields[predicate->other] = 1;
}

static void make_facets(struct describer *w, const struct detection *detection, struct made_facets *made)
{
	const struct registry *registry = &w->o->catalog->registry;
	struct making making = {.arena = &w->arena, .registry = registry, .evaluator = w->evaluator, .plain = true,
		.most = MADE_FEW};
	made->made = true;
	made->fields = arena_array(&w->arena, registry->field_count + 1, 1);
	for (size_t i = 0; i < detection->condition_count; i++) {
		struct made_list list = {0};
		if (detection->conditions[i]->sequence)
			continue;
		condition_visit(detection->conditions[i], note_field, made->fields);
		made_events(&making, detection->conditions[i], &list);
		for (size_t k = 0; k < list.count; k++) {
			if (!list.items[k].holds || list.items[k].derived)
				continue;
			struct event event;
			event_begin(&event, &w->arena, registry);
			made_event(&list.items[k], &event);
			made->items = arena_grow(&w->arena, made->items, made->count, sizeof *made->items);
			made->items[made->count++] = event.facets[0];
		}
	}
}

/* Does the clause hold on whatever satisfies the detection? Only what the detection asks itself is looked at. */
static bool is_required(struct describer *w, struct known_clause *known, unsigned field, uint32_t detection)
{
	struct made_facets *made = &w->made[detection];
	if (known->required[detection] >= 0)
		return known->required[detection] == 1;
	if (!made->made)
		make_facets(w, w->o->catalog->detections[detection], made);
	bool holds = made->count > 0 && made->fields[field];
	for (size_t i = 0; holds && i < made->count; i++)
		holds = evaluate_node(w->evaluator, known->condition->root, made->items[i]);
	known->required[detection] = holds;
	return holds;
}

/* --- values and their groups --- */

struct group {
	struct text mask;
	struct text *values; /* different ones */
	uint64_t *weights;   /* beside them */
	size_t value_count;
	uint64_t alerts;
};

struct groups_of {
	struct group *items;
	size_t count;
	uint64_t alerts;
	size_t values;
};

static struct text masked(struct arena *arena, struct text text)
{
	struct buffer buffer = {0};
	wording_mask(text, &buffer);
	struct text mask = text_copy(arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return mask;
}

static void add_value(struct arena *arena, struct groups_of *groups, struct text_map *at, struct text text, uint64_t alerts)
{
	struct text mask = masked(arena, text);
	size_t *number = text_map_at(at, mask);
	if (*number == 0) {
		groups->items = arena_grow(arena, groups->items, groups->count, sizeof *groups->items);
		groups->items[groups->count++] = (struct group){.mask = mask};
		*number = groups->count;
	}
	struct group *group = &groups->items[*number - 1];
	group->alerts += alerts;
	groups->alerts += alerts;
	for (size_t i = 0; i < group->value_count; i++)
		if (text_equal(group->values[i], text)) {
			group->weights[i] += alerts;
			return;
		}
	group->values = arena_grow(arena, group->values, group->value_count, sizeof *group->values);
	group->weights = arena_grow(arena, group->weights, group->value_count, sizeof *group->weights);
	group->weights[group->value_count] = alerts;
	group->values[group->value_count++] = text;
	groups->values++;
}

/* --- printing --- */

static void print(struct describer *w, const struct predicate *predicate, struct buffer *out)
{
	if (out->length > 0)
		buffer_string(out, " and ");
	predicate_print(predicate, &w->o->catalog->registry, out);
}

static void print_texts(struct describer *w, unsigned field, enum predicate_operator op, const struct text *texts,
	size_t count,
	struct buffer *out)
{
	enum value_type type = w->o->catalog->registry.fields[field].type;
	struct value *values = arena_array(&w->arena, count + 1, sizeof *values);
	for (size_t i = 0; i < count; i++) {
		values[i].text = texts[i];
		if (op == OPERATOR_EQUAL)
			value_parse(type, texts[i], &values[i]);
	}
	print(w, &(struct predicate){.field = field, .op = op, .values = values, .count = count}, out);
}

/* Wordings of one kind, or all as regular expressions. */
static void print_wordings(struct describer *w, unsigned field, const struct wording *wordings, size_t count,
	struct buffer *out)
{
	struct text *texts = arena_array(&w->arena, count + 1, sizeof *texts);
	bool exact = true, prefixes = true;
	for (size_t i = 0; i < count; i++) {
		exact = exact && wordings[i].kind == WORDING_EXACT;
		prefixes = prefixes && wordings[i].kind == WORDING_PREFIX;
	}
	for (size_t i = 0; i < count; i++) {
		texts[i] = wordings[i].text;
		if (exact || prefixes || wordings[i].kind == WORDING_REGEX)
			continue;
		struct buffer quoted = {0};
		struct text text = wordings[i].text;
		wording_quote(wordings[i].kind == WORDING_PREFIX ? text_slice(text, 0, text.length - 1) : text, &quoted);
		if (wordings[i].kind == WORDING_PREFIX)
			buffer_string(&quoted, ".*");
		texts[i] = text_copy(&w->arena, buffer_view(&quoted));
		buffer_free(&quoted);
	}
	print_texts(w, field, exact ? OPERATOR_EQUAL : prefixes ? OPERATOR_LIKE : OPERATOR_REGEX, texts, count, out);
}

/* --- one field --- */

struct looking {
	struct describer *w;
	struct arena scratch;
	const struct weighed_sample *samples;
	size_t count;
	unsigned field;
	struct buffer out;  /* the clause */
	double narrow;
	bool closed;
};

static int by_alerts(const void *a, const void *b)
{
	const struct group *left = a, *right = b;
	if (left->alerts != right->alerts)
		return left->alerts < right->alerts ? 1 : -1;
	return text_compare(left->mask, right->mask);
}

static void make_wording(struct looking *l, const struct group *group, struct wording *wording)
{
	wording_make(&l->scratch, group->values, group->weights, group->value_count, wording);
}

struct listing {
	struct wording *items;
	size_t count;
	double narrow;
	bool closed;
};

/* Each kind of value with a pattern of its own; few values that are numbers through and through are listed. */
static struct listing list_groups(struct looking *l, const struct groups_of *groups)
{
	struct listing list = {.items = arena_array(&l->scratch, groups->values, sizeof *list.items), .narrow = 1, .closed = true};
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->items[i];
		struct wording *wording = &list.items[list.count];
		make_wording(l, group, wording);
		bool weak = wording->narrow < OPEN_NARROW && group->value_count <= LISTED;
		for (size_t k = 0; weak && k < group->value_count; k++)
			wording[k] = (struct wording){WORDING_EXACT, group->values[k], 1, true};
		list.count += weak ? group->value_count : 1;
	}
	for (size_t i = 0; i < list.count; i++) {
		list.narrow = list.items[i].narrow < list.narrow ? list.items[i].narrow : list.narrow;
		list.closed = list.closed && list.items[i].closed;
	}
	return list;
}

/* One pattern for all values. */
static void open_wording(struct looking *l, const struct groups_of *groups, struct wording *wording)
{
	struct group all = {.values = arena_array(&l->scratch, groups->values, sizeof *all.values),
		.weights = arena_array(&l->scratch, groups->values, sizeof *all.weights)};
	for (size_t i = 0; i < groups->count; i++)
		for (size_t k = 0; k < groups->items[i].value_count; k++) {
			all.weights[all.value_count] = groups->items[i].weights[k];
			all.values[all.value_count++] = groups->items[i].values[k];
		}
	make_wording(l, &all, wording);
}

/* Seen about once each: the next one will be another. */
static bool is_diffuse(const struct group *group)
{
	return group->alerts < 2 * group->value_count;
}

static void take_group(struct looking *l, struct group *into, const struct group *from)
{
	for (size_t i = 0; i < from->value_count; i++) {
		into->values = arena_grow(&l->scratch, into->values, into->value_count, sizeof *into->values);
		into->weights = arena_grow(&l->scratch, into->weights, into->value_count, sizeof *into->weights);
		into->values[into->value_count] = from->values[i];
		into->weights[into->value_count++] = from->weights[i];
	}
	into->alerts += from->alerts;
}

/* Kinds that come once each and are alike are one kind: token-gnclk, token-inkys. */
static void put_alike_together(struct looking *l, struct groups_of *groups)
{
	size_t kept = 0;
	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->items[i];
		size_t k = 0;
		while (k < kept && !(is_diffuse(&groups->items[k]) && is_diffuse(group) &&
					   wording_alike(groups->items[k].mask, group->mask) >= ALIKE))
			k++;
		if (k < kept)
			take_group(l, &groups->items[k], group);
		else
			groups->items[kept++] = *group;
	}
	groups->count = kept;
}

/* A path down to the first word of its last part: /etc/cron.d/backup-db.new → /etc/cron.d/backup; or so many folders of it. */
static struct text stem_of(struct text mask, unsigned folders)
{
	size_t end = mask.length - path_name(mask).length;
	for (size_t i = 1; folders > 0 && i < end; i++)
		if (mask.data[i] == '/' && --folders == 0)
			return text_slice(mask, 0, i + 1);
	while (end < mask.length && strchr("-._@#", mask.data[end]) == NULL)
		end++;
	return text_slice(mask, 0, end);
}

/* The values again, by what they begin with. */
static struct groups_of by_stem(struct looking *l, const struct groups_of *groups, unsigned folders)
{
	struct groups_of stems = {.items = arena_array(&l->scratch, groups->values, sizeof *stems.items), .alerts = groups->alerts,
		.values = groups->values};
	for (size_t i = 0; i < groups->values && stems.count <= LISTED; i++) {
		const struct group *group = groups->items;
		size_t at = i, k = 0;
		for (; at >= group->value_count; group++)
			at -= group->value_count;
		struct text stem = stem_of(masked(&l->scratch, group->values[at]), folders);
		struct group one = {.values = &group->values[at], .weights = &group->weights[at], .value_count = 1,
			.alerts = group->weights[at]};
		while (k < stems.count && !text_equal(stems.items[k].mask, stem))
			k++;
		if (k == stems.count)
			stems.items[stems.count++] = (struct group){.mask = stem};
		take_group(l, &stems.items[k], &one);
	}
	return stems;
}

/* By what paths begin with: the first word of the last part, else four, three or two folders. false: nothing is said. */
static bool word_stems(struct looking *l, const struct groups_of *groups, double least)
{
	static const unsigned folders[] = {0, 4, 3, 2};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct groups_of stems = by_stem(l, groups, folders[i]);
		if (stems.count < 2 || stems.count > LISTED)
			continue;
		struct listing list = list_groups(l, &stems);
		if (list.narrow <= least || list.narrow < OPEN_NARROW)
			continue;
		l->narrow = list.narrow / (1 + 0.08 * (double)(list.count - 1));
		l->closed = list.closed;
		print_wordings(l->w, l->field, list.items, list.count, &l->out);
		return true;
	}
	return false;
}

/* Few kinds of values that come again and again are listed: what is new stays visible. Many that come once or twice have a
 * pattern, if it says anything. */
static void word_groups(struct looking *l, struct groups_of *groups)
{
	struct wording open = {0};
	size_t once = 0;
	qsort(groups->items, groups->count, sizeof *groups->items, by_alerts);
	if (groups->count > 2)
		put_alike_together(l, groups);
	for (size_t i = 0; i < groups->count; i++)
		once += groups->items[i].alerts == 1;
	bool saturated = (double)once <= 0.3 * (double)groups->alerts;
	bool numbers = groups->values > groups->count;
	if (groups->count > 1)
		open_wording(l, groups, &open);
	struct listing list = list_groups(l, groups);
	bool listed = groups->count <= LISTED && (groups->count == 1 || saturated || open.narrow < OPEN_PREFERRED);
	bool together = open.narrow >= OPEN_PREFERRED && open.closed && (groups->count > 3 || numbers);
	together = together || (open.narrow >= OPEN_NARROW && !list.closed);
	size_t most = saturated ? LISTED_AGAIN : LISTED_MOST;
	listed = listed || (list.closed && saturated && !open.closed && groups->count <= LISTED_MOST);
	if (groups->count > 2 && !open.closed && !(listed && list.closed) && text_starts(groups->items[0].mask, TEXT("/"), false)) {
		if (word_stems(l, groups, open.narrow))
			return;
	}
	if (!together && list.narrow >= LEAST_NARROW && (listed || (open.narrow < OPEN_NARROW && groups->count <= most))) {
		l->narrow = list.narrow / (1 + 0.08 * (double)(list.count - 1));
		l->closed = list.closed;
		print_wordings(l->w, l->field, list.items, list.count, &l->out);
	} else if (open.narrow >= OPEN_NARROW) {
		l->narrow = open.narrow;
		l->closed = open.closed;
		print_wordings(l->w, l->field, &open, 1, &l->out);
	}
}

/* Numbers and truths: the values that were seen, if they are few. */
static void word_plain(struct looking *l)
{
	struct text values[LISTED] = {{0}};
	size_t count = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct text text = sample_values(l->samples[i].sample, l->field)->items[0].text;
		size_t k = 0;
		while (k < count && !text_equal(values[k], text))
			k++;
		if (k < count)
			continue;
		if (count == LISTED)
			return;
		values[count++] = text;
	}
	if (l->w->o->catalog->registry.fields[l->field].type == TYPE_BOOLEAN && count > 1)
		return;
	print_texts(l->w, l->field, OPERATOR_EQUAL, values, count, &l->out);
	l->narrow = 1 / (1 + 0.1 * (double)(count - 1));
}

/* A network of addresses: those of four bytes by 24 bits, of sixteen by 64. */
struct network {
	struct ip first;
	unsigned bits;
};
enum { NETWORKS = 6 };

static bool is_four(const struct ip *ip)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
	return memcmp(ip->bytes, mapped, sizeof mapped) == 0;
}

static void cut(struct ip *ip, unsigned bits)
{
	for (unsigned i = bits; i < 128; i++)
		ip->bytes[i / 8] = (uint8_t)(ip->bytes[i / 8] & ~(1u << (7 - i % 8)));
}

/* The networks of all addresses at so many bits; 0: too many. */
static size_t find_networks(struct looking *l, unsigned four, unsigned six, struct network found[NETWORKS])
{
	size_t count = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct ip ip;
		if (!ip_parse(sample_values(l->samples[i].sample, l->field)->items[0].text, &ip))
			return 0;
		unsigned bits = is_four(&ip) ? 96 + four : six;
		size_t k = 0;
		cut(&ip, bits);
		while (k < count && (found[k].bits != bits || memcmp(found[k].first.bytes, ip.bytes, sizeof ip.bytes) != 0))
			k++;
		if (k < count)
			continue;
		if (count == NETWORKS)
			return 0;
		found[count++] = (struct network){ip, bits};
	}
	return count;
}

static struct text network_text(struct describer *w, const struct network *network)
{
	const uint8_t *b = network->first.bytes;
	if (is_four(&network->first))
		return text_of(arena_printf(&w->arena, "%u.%u.%u.%u/%u", b[12], b[13], b[14], b[15], network->bits - 96));
	return text_of(arena_printf(&w->arena, "%x:%x:%x:%x:%x:%x:%x:%x/%u", b[0] << 8 | b[1], b[2] << 8 | b[3], b[4] << 8 | b[5],
		b[6] << 8 | b[7], b[8] << 8 | b[9], b[10] << 8 | b[11], b[12] << 8 | b[13], b[14] << 8 | b[15], network->bits));
}

/* Few addresses by name; else the smallest of the usual networks. */
static void word_address(struct looking *l)
{
	static const struct { unsigned four, six; double narrow; } steps[] = {{24, 64, 0.7}, {16, 48, 0.45}};
	struct network found[NETWORKS];
	word_plain(l);
	for (size_t i = 0; i < sizeof steps / sizeof *steps && l->out.length == 0; i++) {
		size_t count = find_networks(l, steps[i].four, steps[i].six, found);
		struct text texts[NETWORKS] = {{0}};
		for (size_t k = 0; k < count; k++)
			texts[k] = network_text(l->w, &found[k]);
		if (count == 0)
			continue;
		print_texts(l->w, l->field, OPERATOR_CIDR, texts, count, &l->out);
		l->closed = i == 0;
		l->narrow = steps[i].narrow / (1 + 0.08 * (double)(count - 1));
	}
}

static bool are_addresses(const struct looking *l)
{
	struct ip ip;
	for (size_t i = 0; i < l->count; i++)
		if (!ip_parse(sample_values(l->samples[i].sample, l->field)->items[0].text, &ip))
			return false;
	return true;
}

static void word_single(struct looking *l)
{
	struct groups_of groups = {0};
	if (are_addresses(l)) {
		word_address(l);
		return;
	}
	struct text_map at = {.arena = &l->scratch};
	for (size_t i = 0; i < l->count; i++)
		add_value(&l->scratch, &groups, &at, sample_values(l->samples[i].sample, l->field)->items[0].text,
			l->samples[i].count);
	word_groups(l, &groups);
}

/* --- lists --- */

static void look_at_facet(struct describer *w, unsigned field, const struct facet *facet)
{
	const struct values *values = facet_get(facet, field);
	for (size_t i = 0; values && i < values->count; i++) {
		size_t *count = &w->vocabulary_count[field], k = 0;
		while (k < *count && k < VOCABULARY && !text_equal(w->vocabulary[field][k], values->items[i].text))
			k++;
		if (k < *count || *count > VOCABULARY)
			continue;
		if (*count < VOCABULARY)
			w->vocabulary[field][*count] = values->items[i].text;
		++*count;
	}
}

/* All values that are seen of the field, where they are few: capabilities, namespaces, flags. */
static void learn_vocabulary(struct describer *w, unsigned field)
{
	const struct observations *o = w->o;
	w->vocabulary[field] = arena_array(&w->arena, VOCABULARY + 1, sizeof(struct text));
	for (size_t i = 0; i < o->background_count; i++)
		look_at_facet(w, field, o->background[i].facet);
	for (size_t i = 0; i < o->sighting_count; i++)
		for (size_t k = 0; k < o->sightings[i].sample_count; k++)
			for (size_t j = 0; j < o->sightings[i].samples[k].facet_count; j++)
				look_at_facet(w, field, o->sightings[i].samples[k].facets[j]);
}

static bool any_has(const struct looking *l, struct text value, bool as_end)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (as_end ? text_ends(values->items[k].text, value, false) : text_equal(values->items[k].text, value))
				return true;
	}
	return false;
}

/* What a host has below its root. */
static const char *const roots[] = {"bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc",
	"root", "run",
	"sbin", "srv", "sys", "tmp", "usr", "var"};
enum { ROOTS = sizeof roots / sizeof *roots };

/* What lists of small vocabularies may hold, whether or not it was seen. */
static const struct {
	const char *field, *words[14];
} vocabularies[] = {
	{"container.namespaces.host", {"pid", "network", "ipc", "uts", "user", "cgroup"}},
	{"container.capabilities.added", {"ALL", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
		"CAP_DAC_READ_SEARCH",
		"CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_BPF", "CAP_SYSLOG"}},
};

static bool below_root(struct text value, const char *root)
{
	size_t length = strlen(root);
	return value.length > length && value.data[0] == '/' && memcmp(value.data + 1, root, length) == 0 &&
		(value.length == length + 1 || value.data[length + 1] == '/' || value.data[length + 1] == ':');
}

static bool any_below(const struct looking *l, const char *root)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (below_root(values->items[k].text, root))
				return true;
	}
	return false;
}

static bool any_begins(const struct looking *l, const char *with)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (text_starts(values->items[k].text, text_of(with), false))
				return true;
	}
	return false;
}

/* The letters that what was mounted of a folder of the host begins with; false: the folder itself was mounted, or what
 * cannot be said in a set. */
static bool letters_below(const struct looking *l, const char *root, struct buffer *set)
{
	bool letters[128] = {false};
	size_t at = strlen(root) + 2;
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++) {
			struct text text = values->items[k].text;
			if (!below_root(text, root))
				continue;
			char byte = text.length > at && text.data[at - 1] == '/' ? text.data[at] : '\0';
			bool letter = ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' ||
				byte == '_';
			if (!letter)
				return false;
			letters[(unsigned char)byte] = true;
		}
	}
	for (int byte = 1; byte < 128; byte++)
		if (letters[byte])
			buffer_char(set, (char)byte);
	return true;
}

/* Folders of the host of which nothing was mounted, and its root; of those of which something was, whatever begins with
 * another letter: "/run(/[^d].*|:.*)" beside /run/docker.sock. And writing, if none may write. */
static void shut_out_mounts(struct looking *l)
{
	struct text name = l->w->o->catalog->registry.fields[l->field].name;
	struct buffer folders = {0}, inside = {0};
	for (size_t i = 0; i < ROOTS; i++) {
		struct buffer set = {0};
		if (!any_below(l, roots[i]))
			buffer_printf(&folders, "%s%s", folders.length > 0 ? "|" : "", roots[i]);
		else if (letters_below(l, roots[i], &set))
			buffer_printf(&inside, ", \"/%s(/[^%.*s].*|:.*)\"", roots[i], TEXT_ARGS(buffer_view(&set)));
		buffer_free(&set);
	}
	buffer_printf(&l->out, "%snot %.*s regex (\"/%s(%.*s)[/:].*\"%.*s%s)", l->out.length > 0 ? " and " : "", TEXT_ARGS(name),
		any_begins(l, "/:") ? "" : ":.*|/", TEXT_ARGS(buffer_view(&folders)), TEXT_ARGS(buffer_view(&inside)),
		any_has(l, TEXT(":rw"), true) ? "" : ", \".*:rw\"");
	buffer_free(&folders);
	buffer_free(&inside);
}

static size_t add_other(const struct looking *l, struct text word, struct text *others, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(others[i], word))
			return count;
	if (!any_has(l, word, false))
		others[count++] = word;
	return count;
}

/* What none of the samples has is shut out: other folders of the host, and words of a short vocabulary. */
static void shut_out(struct looking *l)
{
	struct describer *w = l->w;
	const struct field *field = &w->o->catalog->registry.fields[l->field];
	struct text others[VOCABULARY + 14];
	size_t count = 0;
	if (field->mount) {
		shut_out_mounts(l);
		return;
	}
	if (w->vocabulary[l->field] == NULL)
		learn_vocabulary(w, l->field);
	for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
		for (size_t k = 0; text_is(field->name, vocabularies[i].field) && k < 14 && vocabularies[i].words[k]; k++)
			count = add_other(l, text_of(vocabularies[i].words[k]), others, count);
	for (size_t i = 0; w->vocabulary_count[l->field] <= VOCABULARY && i < w->vocabulary_count[l->field]; i++)
		count = add_other(l, w->vocabulary[l->field][i], others, count);
	if (count == 0 || l->out.length == 0)
		return;
	struct buffer rest = {0};
	print_texts(w, l->field, OPERATOR_EQUAL, others, count, &rest);
	buffer_string(&l->out, " and not ");
	buffer_text(&l->out, buffer_view(&rest));
	buffer_free(&rest);
}

/* An element that every list holds, but for its numbers. */
static bool gather(struct looking *l, struct text mask, struct groups_of *groups, struct text_map *at)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		bool found = false;
		for (size_t k = 0; k < values->count && !found; k++) {
			found = text_equal(masked(&l->scratch, values->items[k].text), mask);
			if (found)
				add_value(&l->scratch, groups, at, values->items[k].text, l->samples[i].count);
		}
		if (!found)
			return false;
	}
	return true;
}

struct element {
	struct wording wording;
	double worth;
};

static int by_worth(const void *a, const void *b)
{
	const struct element *left = a, *right = b;
	if (left->worth < right->worth || left->worth > right->worth)
		return left->worth < right->worth ? 1 : -1;
	return text_compare(left->wording.text, right->wording.text);
}

/* What all lists hold, the longest first; or one of several that each of them holds. */
static void word_list(struct looking *l)
{
	const struct values *first = sample_values(l->samples[0].sample, l->field);
	struct element *elements = arena_array(&l->scratch, first->count + 1, sizeof *elements);
	struct text_map seen = {.arena = &l->scratch};
	size_t count = 0;
	for (size_t i = 0; i < first->count; i++) {
		struct groups_of groups = {0};
		struct text_map at = {.arena = &l->scratch};
		struct text mask = masked(&l->scratch, first->items[i].text);
		if ((*text_map_at(&seen, mask))++ > 0 || !gather(l, mask, &groups, &at))
			continue;
		struct element *element = &elements[count++];
		make_wording(l, &groups.items[0], &element->wording);
		element->worth = element->wording.narrow * (double)(mask.length < 40 ? mask.length : 40);
	}
	qsort(elements, count, sizeof *elements, by_worth);
	count = count < ELEMENTS ? count : ELEMENTS;
	for (size_t i = 0; i < count; i++) {
		print_wordings(l->w, l->field, &elements[i].wording, 1, &l->out);
		l->narrow = l->narrow > elements[i].wording.narrow ? l->narrow : elements[i].wording.narrow;
	}
	if (count > 0)
		shut_out(l);
}

/* --- all fields --- */

static bool is_single(const struct looking *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (sample_values(l->samples[i].sample, l->field)->count != 1)
			return false;
	return true;
}

static void word_field(struct looking *l)
{
	enum value_type type = l->w->o->catalog->registry.fields[l->field].type;
	for (size_t i = 0; i < l->count; i++)
		if (sample_values(l->samples[i].sample, l->field) == NULL)
			return;
	if (!is_single(l)) {
		if (type == TYPE_KEYWORD)
			word_list(l);
		return;
	}
	if (type == TYPE_KEYWORD)
		word_single(l);
	else if (type == TYPE_IP)
		word_address(l);
	else
		word_plain(l);
	if (l->out.length > 0 && l->w->o->catalog->registry.fields[l->field].list)
		shut_out(l);
}

static void finish_clause(struct looking *l, const uint32_t *detections, size_t detection_count,
	struct description *description)
{
	struct describer *w = l->w;
	struct known_clause *known = known_of(w, text_copy(&w->arena, buffer_view(&l->out)));
	if (known->condition == NULL)
		return;
	for (size_t i = 0; i < l->count; i++) /* a pattern that misses one of its own says less than none */
		if (!describer_holds(w, known->condition->root, l->samples[i].sample))
			return;
	bool required = detection_count > 0;
	for (size_t i = 0; i < detection_count && required; i++)
		required = is_required(w, known, l->field, detections[i]);
	description->clauses[description->count++] = (struct clause){
		.field = l->field,
		.kind = w->o->aspects.items[l->field].kind,
		.text = known->text,
		.node = known->condition->root,
		.narrow = l->narrow,
		.closed = l->closed,
		.rate = rate_of(w, known, l->samples[0].sample->facets[0]->category),
		.required = required,
	};
}

void describe(struct describer *w, const struct weighed_sample *samples, size_t count, const uint32_t *detections,
	size_t detection_count, struct description *description)
{
	const struct facet *facet = samples[0].sample->facets[0];
	*description = (struct description){.clauses = arena_array(&w->arena, facet->count + 1, sizeof *description->clauses)};
	for (size_t i = 0; i < facet->count; i++) {
		struct looking l = {.w = w, .samples = samples, .count = count, .field = facet->entries[i].field, .closed = true};
		if (w->o->aspects.items[l.field].use == ASPECT_SKIPPED)
			continue;
		word_field(&l);
		if (l.out.length > 0)
			finish_clause(&l, detections, detection_count, description);
		buffer_free(&l.out);
		arena_free(&l.scratch);
	}
}
