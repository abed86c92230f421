/* string_set: see string_set.h. */
#include "replay/engine/string_set.h"

#include "replay/engine/gram.h"

struct string_set string_set_of(struct arena *arena, struct text text, bool fold)
{
	struct string *items = arena_alloc(arena, sizeof *items);
	*items = (struct string){text, fold};
	return (struct string_set){items, 1};
}

static size_t bytes_of(struct string_set set)
{
	size_t bytes = 0;
	for (size_t i = 0; i < set.count; i++)
		bytes += set.items[i].text.length;
	return bytes;
}

static struct text join_texts(struct arena *arena, struct text a, struct text b)
{
	char *bytes = arena_alloc(arena, a.length + b.length + 1);
	if (a.length)
		memcpy(bytes, a.data, a.length);
	if (b.length)
		memcpy(bytes + a.length, b.data, b.length);
	return (struct text){bytes, a.length + b.length};
}

/* Does `set` have it already? */
static bool has(struct string_set set, struct string string)
{
	for (size_t i = 0; i < set.count; i++)
		if (set.items[i].fold == string.fold && text_equal(set.items[i].text, string.text))
			return true;
	return false;
}

bool string_set_join(struct arena *arena, struct string_set a, struct string_set b, struct string_set *joined)
{
	if (a.count * b.count > STRING_SET_MAX || bytes_of(a) * b.count + bytes_of(b) * a.count > STRING_SET_BYTES)
		return false;
	struct string_set all = {arena_array(arena, a.count * b.count, sizeof(struct string)), 0};
	for (size_t i = 0; i < a.count; i++)
		for (size_t j = 0; j < b.count; j++) {
			struct text text = join_texts(arena, a.items[i].text, b.items[j].text);
			struct string string = {text, a.items[i].fold || b.items[j].fold};
			if (!has(all, string))
				all.items[all.count++] = string;
		}
	*joined = all;
	return true;
}

bool string_set_add(struct arena *arena, struct string_set a, struct string_set b, struct string_set *sum)
{
	if (a.count + b.count > STRING_SET_MAX || bytes_of(a) + bytes_of(b) > STRING_SET_BYTES)
		return false;
	struct string_set all = {arena_array(arena, a.count + b.count, sizeof(struct string)), 0};
	for (size_t i = 0; i < a.count + b.count; i++) {
		struct string string = i < a.count ? a.items[i] : b.items[i - a.count];
		if (!has(all, string))
			all.items[all.count++] = string;
	}
	*sum = all;
	return true;
}

/* Does `short_one` hold wherever `string` does? */
static bool covers(struct string short_one, struct string string, enum string_side side)
{
	bool fold = short_one.fold;
	if (string.fold && !fold)
		return false;
	if (side == STRING_SIDE_START)
		return text_starts(string.text, short_one.text, fold);
	if (side == STRING_SIDE_END)
		return text_ends(string.text, short_one.text, fold);
	return text_contains(string.text, short_one.text, fold);
}

void string_set_reduce(struct string_set *set, enum string_side side)
{
	size_t kept = 0;
	for (size_t i = 0; i < set->count; i++) {
		bool covered = false;
		for (size_t j = 0; j < kept && !covered; j++)
			covered = covers(set->items[j], set->items[i], side);
		for (size_t j = i + 1; j < set->count && !covered; j++)
			covered = covers(set->items[j], set->items[i], side) && !covers(set->items[i], set->items[j], side);
		if (!covered)
			set->items[kept++] = set->items[i];
	}
	set->count = kept;
}

/* Words that say little for their length. */
static const struct text everywhere[] = {{"/usr/bin/", 9}, {"/usr/", 5}, {"/bin/", 5}, {"/etc/", 5}, {"/var/", 5}, {"/home/", 6},
	{"/opt/", 5}, {"/tmp/", 5}, {"/lib/", 5}, {"c:\\", 3}, {"\\windows\\", 9}, {"\\system32\\", 10}, {".exe", 4}, {"http", 4},
	{"://", 3}, {" --", 3}, {" -", 2}, {"\\\\", 2}};

/* How many bytes at `at` are one of them; the longest stand first. Most bytes begin none (`begins` has their first ones). */
static size_t word_at(struct text text, size_t at)
{
	static const bool begins[256] = {['/'] = true, ['c'] = true, ['C'] = true, ['\\'] = true, ['.'] = true, ['h'] = true,
		['H'] = true, [':'] = true, [' '] = true};
	if (!begins[(unsigned char)text.data[at]])
		return 0;
	for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
		if (text_starts(text_slice(text, at, text.length), everywhere[i], true))
			return everywhere[i].length;
	return 0;
}

double string_share(struct string string)
{
	double share = 1, word_share = 0.5;
	for (size_t at = 0; at < string.text.length && share > 1e-12;) {
		size_t word = word_at(string.text, at);
		if (word)
			share *= word_share;
		else /* from 1/40 for what is rare to 1/8 */
			share /= 40 - 32.0 * gram_commonness(string.text.data[at]) / GRAM_COMMON;
		at += word ? word : 1;
	}
	return share;
}

double string_set_share(struct string_set set)
{
	double share = 0;
	for (size_t i = 0; i < set.count; i++)
		share += string_share(set.items[i]);
	return share;
}
