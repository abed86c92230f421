/* describe_values: clauses of fields that have one value (see describing.h). */
#include "replay/tune/describing.h"

#include <stdlib.h>
#include <string.h>

enum { LISTED_MOST = 20, LISTED_AGAIN = 40 };
#define LEAST_NARROW 0.2
#define OPEN_NARROW 0.35
#define ALIKE 0.5
#define OPEN_PREFERRED 0.6

/* --- values and their groups --- */

struct text describing_mask(struct arena *arena, struct text text)
{
	struct buffer buffer = {0};
	wording_mask(text, &buffer);
	struct text mask = text_copy(arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return mask;
}

void groups_add(struct arena *arena, struct groups_of *groups, struct text_map *at, struct text text, uint64_t alerts)
{
	struct text mask = describing_mask(arena, text);
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

void describing_print_texts(struct describer *w, unsigned field, enum predicate_operator op, const struct text *texts,
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
void describing_print_wordings(struct describer *w, unsigned field, const struct wording *wordings, size_t count,
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
	describing_print_texts(w, field, exact ? OPERATOR_EQUAL : prefixes ? OPERATOR_LIKE : OPERATOR_REGEX, texts, count, out);
}

/* --- one field --- */

static int by_alerts(const void *a, const void *b)
{
	const struct group *left = a, *right = b;
	if (left->alerts != right->alerts)
		return left->alerts < right->alerts ? 1 : -1;
	return text_compare(left->mask, right->mask);
}

void groups_word(struct looking *l, const struct group *group, struct wording *wording)
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
		groups_word(l, group, wording);
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
	groups_word(l, &all, wording);
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
		struct text stem = stem_of(describing_mask(&l->scratch, group->values[at]), folders);
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
		describing_print_wordings(l->w, l->field, list.items, list.count, &l->out);
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
		describing_print_wordings(l->w, l->field, list.items, list.count, &l->out);
	} else if (open.narrow >= OPEN_NARROW) {
		l->narrow = open.narrow;
		l->closed = open.closed;
		describing_print_wordings(l->w, l->field, &open, 1, &l->out);
	}
}

/* Numbers and truths: the values that were seen, if they are few. */
void word_plain(struct looking *l)
{
	struct text values[LISTED] = {{0}};
	size_t count = 0;
	uint64_t alerts = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct text text = sample_values(l->samples[i].sample, l->field)->items[0].text;
		size_t k = 0;
		alerts += l->samples[i].count;
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
	describing_print_texts(l->w, l->field, OPERATOR_EQUAL, values, count, &l->out);
	l->narrow = 1 / (1 + 0.1 * (double)(count - 1));
	l->closed = count == 1 || alerts >= 2 * count; /* else the next one will be another */
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
void word_address(struct looking *l)
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
		describing_print_texts(l->w, l->field, OPERATOR_CIDR, texts, count, &l->out);
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

void word_single(struct looking *l)
{
	struct groups_of groups = {0};
	if (are_addresses(l)) {
		word_address(l);
		return;
	}
	struct text_map at = {.arena = &l->scratch};
	for (size_t i = 0; i < l->count; i++)
		groups_add(&l->scratch, &groups, &at, sample_values(l->samples[i].sample, l->field)->items[0].text,
			l->samples[i].count);
	word_groups(l, &groups);
}
