/*
 * json_walk: down into the value and along the names. See json_walk.h.
 *
 * A place in the text may stand under several names at once: an object in an array under the array's name and under its
 * index, and as a part of its own. So what is carried down is a set of members, each a node of the names' tree and the
 * part that takes its values.
 */
#include "replay/readers/json_walk.h"

#include "replay/readers/json_template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_FOUND = 1 << 14 };

struct member {
	uint16_t node;
	uint32_t part; /* 1 + position in parts; 0: the record */
};

/* Members that a value stands under: a stretch of walk->members. */
struct set {
	size_t from, count;
};

struct json_walk {
	const struct json_paths *paths;
	struct text root;
	struct json_text t; /* in hand */
	struct member members[JSON_MEMBERS_MAX];
	size_t member_count;
	struct found_list finds;
	uint16_t *parts;
	size_t part_count, part_capacity;
	/* By node, of the record and of parts: the newest object that had it as a key. Objects are counted on over texts. */
	uint64_t *keyed[2];
	uint64_t object;                   /* the newest */
	uint64_t open[JSON_DEPTH_MAX + 2]; /* objects around the place */
	size_t open_count;
	bool root_seen;
	struct json_template *learnt;
	struct json_lanes *lanes;
	bool by_template; /* the text was read by it */
	size_t at;     /* in the text */
	size_t word;   /* of the marks: bits that are left of it */
	uint64_t left;
	bool tree;
	bool escaped;  /* the newest string has escapes */
};

struct json_walk *json_walk_new(const struct json_paths *paths, struct text root, enum simd_level level)
{
	struct json_walk *walk = mem_alloc(sizeof *walk);
	memset(walk, 0, sizeof *walk);
	walk->paths = paths;
	walk->root = root;
	walk->t.bits.level = level;
	walk->learnt = json_template_new(paths, root);
	walk->lanes = json_lanes_new(walk->learnt);
	for (size_t i = 0; i < 2; i++) {
		walk->keyed[i] = mem_alloc(paths->node_count * sizeof *walk->keyed[i]);
		memset(walk->keyed[i], 0, paths->node_count * sizeof *walk->keyed[i]);
	}
	return walk;
}

void json_walk_free(struct json_walk *walk)
{
	if (!walk)
		return;
	json_bits_free(&walk->t.bits);
	json_lanes_free(walk->lanes);
	json_template_free(walk->learnt);
	free(walk->keyed[0]);
	free(walk->keyed[1]);
	free(walk->finds.items);
	free(walk->parts);
	free(walk);
}

static bool fail(struct json_walk *w, const char *why)
{
	return json_text_fail(&w->t, w->at, w->at < w->t.length ? why : "the text ends within a value");
}

static bool leave_to_tree(struct json_walk *w)
{
	w->tree = true;
	return fail(w, "not for this walk");
}

/* The next byte that is no blank, or NUL at the end: that is no JSON either. */
static inline char next_byte(struct json_walk *w)
{
	while (w->at < w->t.length) {
		char byte = w->t.data[w->at];
		if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
			return byte;
		w->at++;
	}
	return '\0';
}

/* Strings */

static inline size_t next_mark(struct json_walk *w)
{
	while (!w->left) {
		if (++w->word >= w->t.bits.words)
			return w->t.length;
		w->left = w->t.bits.marks[w->word];
	}
	size_t at = w->word * 64 + (size_t)__builtin_ctzll(w->left);
	w->left &= w->left - 1;
	return at;
}

/* A string begins at the place. Its bytes between the quotes. */
static inline bool read_string(struct json_walk *w, struct text *string)
{
	size_t open = next_mark(w), close = next_mark(w);
	w->escaped = false;
	while (open == w->at && close < w->t.length && w->t.data[close] == '\\') {
		size_t behind = close + 1;
		w->escaped = true;
		close = next_mark(w);
		if (close == behind) /* that one is escaped */
			close = next_mark(w);
	}
	if (open != w->at || close >= w->t.length)
		return fail(w, "a string does not end");
	*string = (struct text){w->t.data + open + 1, close - open - 1};
	w->at = close + 1;
	return !(w->escaped || w->t.bits.control) || json_text_check(&w->t, open + 1, close, &w->escaped);
}

/* The string that was read last, with its escapes resolved. */
static inline struct text decode(struct json_walk *w, struct text raw)
{
	return w->escaped ? json_text_decode(&w->t, (size_t)(raw.data - w->t.data)) : raw;
}

/* What is found */

static void *grow(void *array, size_t *capacity, size_t size)
{
	*capacity = *capacity ? *capacity * 2 : 64;
	return mem_resize(array, *capacity * size);
}

static void add_found(struct json_walk *w, struct set set, struct text value)
{
	for (size_t i = set.from; i < set.from + set.count; i++) {
		unsigned number = w->paths->nodes[w->members[i].node].number;
		if (number)
			found_add(&w->finds, value, number, w->members[i].part);
	}
}

static bool add_member(struct json_walk *w, struct set *set, unsigned node, uint32_t part)
{
	if (w->member_count == JSON_MEMBERS_MAX)
		return leave_to_tree(w);
	w->members[w->member_count++] = (struct member){(uint16_t)node, part};
	set->count++;
	return true;
}

static bool is_open(const struct json_walk *w, uint64_t object)
{
	for (size_t i = 0; i < w->open_count; i++)
		if (w->open[i] == object)
			return true;
	return false;
}

/* Notes that the object has the key. false: it had it before, or that cannot be told. */
static bool note_key(struct json_walk *w, unsigned node, uint32_t part, uint64_t object)
{
	uint64_t *keyed = &w->keyed[part != 0][node], before = *keyed;
	*keyed = object;
	return !before || (before != object && !is_open(w, before)) || leave_to_tree(w);
}

/* What nobody asks for: passed over in one loop, without blanks, as most producers write. Whatever else stands there is
 * left to read_value, which begins again and knows what is wrong. */
struct skip {
	const struct json_walk *walk;
	const char *text;
	size_t length, at, word;
	uint64_t left;
};

static inline char skip_peek(const struct skip *s)
{
	return s->at < s->length ? s->text[s->at] : '\0';
}

static inline size_t skip_mark(struct skip *s)
{
	while (!s->left) {
		if (++s->word >= s->walk->t.bits.words)
			return s->length;
		s->left = s->walk->t.bits.marks[s->word];
	}
	size_t at = s->word * 64 + (size_t)__builtin_ctzll(s->left);
	s->left &= s->left - 1;
	return at;
}

static inline bool skip_string(struct skip *s)
{
	size_t open = skip_mark(s), close = skip_mark(s);
	if (open != s->at || close >= s->length || s->text[close] != '"')
		return false;
	s->at = close + 1;
	return true;
}

static inline bool skip_word(struct skip *s, const char *word, size_t length)
{
	if (s->length - s->at < length || memcmp(s->text + s->at, word, length) != 0)
		return false;
	s->at += length;
	return true;
}

/* Whole numbers alone. */
static inline bool skip_number(struct skip *s)
{
	size_t first = s->at + (s->text[s->at] == '-'), end = first;
	while (end < s->length && s->text[end] >= '0' && s->text[end] <= '9')
		end++;
	if (end == first || end == s->length || (s->text[first] == '0' && end > first + 1))
		return false;
	s->at = end;
	return s->text[end] == ',' || s->text[end] == '}' || s->text[end] == ']';
}

static inline bool skip_scalar(struct skip *s, char byte)
{
	switch (byte) {
	case '"':
		return skip_string(s);
	case 't':
		return skip_word(s, "true", 4);
	case 'f':
		return skip_word(s, "false", 5);
	case 'n':
		return skip_word(s, "null", 4);
	default:
		return (byte == '-' || (byte >= '0' && byte <= '9')) && skip_number(s);
	}
}

/* A value of `depth`, whole. `kinds`: a bit for each container that is open, 1 for objects, the innermost lowest. */
static bool skip_value(struct skip *s, unsigned depth)
{
	uint64_t kinds = 0;
	unsigned level = 0;
	for (;;) {
		if (level && (kinds & 1)) {
			if (skip_peek(s) != '"' || !skip_string(s) || skip_peek(s) != ':')
				return false;
			s->at++;
		}
		char byte = skip_peek(s);
		if (byte == '{' || byte == '[') {
			if (depth + ++level > JSON_DEPTH_MAX || level == 64)
				return false;
			kinds = kinds << 1 | (byte == '{');
			s->at++;
			if (skip_peek(s) != (byte == '{' ? '}' : ']'))
				continue;
		} else if (!skip_scalar(s, byte)) {
			return false;
		}
		for (; level && skip_peek(s) == (kinds & 1 ? '}' : ']'); s->at++, level--)
			kinds >>= 1;
		if (!level)
			return true;
		if (skip_peek(s) != ',')
			return false;
		s->at++;
	}
}

static bool read_value(struct json_walk *w, struct set set, unsigned depth);

static bool pass_over(struct json_walk *w, unsigned depth)
{
	struct skip skip = {w, w->t.data, w->t.length, w->at, w->word, w->left};
	if (w->t.bits.control || !skip_value(&skip, depth))
		return read_value(w, (struct set){0, 0}, depth);
	w->at = skip.at;
	w->word = skip.word;
	w->left = skip.left;
	return true;
}

/* The members below a key. */
static bool enter_key(struct json_walk *w, struct set set, struct text key, uint64_t object, struct set *below)
{
	for (size_t i = set.from; i < set.from + set.count; i++) {
		unsigned node = json_paths_child(w->paths, w->members[i].node, key);
		if (node && (!note_key(w, node, w->members[i].part, object) ||
					!add_member(w, below, node, w->members[i].part)))
			return false;
	}
	return true;
}

static bool has_nul(struct text text)
{
	return text.length && memchr(text.data, '\0', text.length) != NULL;
}

static bool read_key(struct json_walk *w, struct text *key)
{
	if (next_byte(w) != '"')
		return fail(w, "a key is expected here");
	if (!read_string(w, key))
		return false;
	if (w->escaped) {
		*key = decode(w, *key);
		if (has_nul(*key))
			return fail(w, "a key holds a NUL");
	}
	if (next_byte(w) != ':')
		return fail(w, "a colon is expected here");
	w->at++;
	return true;
}

static bool read_member(struct json_walk *w, struct set set, uint64_t object, unsigned depth)
{
	struct set below = {w->member_count, 0};
	struct text key;
	if (!read_key(w, &key))
		return false;
	/* The member of the top whose own members go by their own names. */
	bool root = !depth && text_equal(key, w->root);
	if (root && w->root_seen)
		return leave_to_tree(w);
	w->root_seen |= root;
	root = root && next_byte(w) == '{';
	if (!(root ? add_member(w, &below, JSON_PATHS_TOP, 0) : enter_key(w, set, key, object, &below)))
		return false;
	if (!(below.count ? read_value(w, below, depth + 1) : pass_over(w, depth + 1)))
		return false;
	w->member_count = below.from;
	return true;
}

/* After an item: true where a further one follows. */
static inline bool goes_on(struct json_walk *w, char end, bool *good)
{
	char byte = next_byte(w);
	*good = byte == ',' || byte == end;
	if (!*good)
		fail(w, end == '}' ? "a comma or a brace is expected here" : "a comma or a bracket is expected here");
	w->at += *good;
	return byte == ',';
}

static bool read_object(struct json_walk *w, struct set set, unsigned depth)
{
	uint64_t object = ++w->object;
	bool good = true;
	w->at++;
	if (next_byte(w) == '}') {
		w->at++;
		return true;
	}
	w->open[w->open_count++] = object;
	do {
		if (!read_member(w, set, object, depth))
			return false;
	} while (goes_on(w, '}', &good));
	w->open_count--;
	return good;
}

static bool add_part(struct json_walk *w, struct set *below, unsigned kind)
{
	if (w->part_count == w->part_capacity)
		w->parts = grow(w->parts, &w->part_capacity, sizeof *w->parts);
	w->parts[w->part_count++] = (uint16_t)(kind - 1);
	return add_member(w, below, JSON_PATHS_TOP, (uint32_t)w->part_count);
}

/* An object in an array: under the array's names, under its index, and as a part where a kind asks for it. */
static bool enter_item(struct json_walk *w, struct set set, size_t index, struct set *below)
{
	char digits[24];
	int length = snprintf(digits, sizeof digits, "%zu", index);
	for (size_t i = set.from; i < set.from + set.count; i++) {
		struct member member = w->members[i];
		const struct json_node *node = &w->paths->nodes[member.node];
		unsigned child = node->indexed
			? json_paths_child(w->paths, member.node, (struct text){digits, (size_t)length}) : 0;
		if (!add_member(w, below, member.node, member.part))
			return false;
		if (child && !add_member(w, below, child, member.part))
			return false;
		if (node->kind && !member.part && !add_part(w, below, node->kind))
			return false;
	}
	return true;
}

static bool read_array(struct json_walk *w, struct set set, unsigned depth)
{
	bool good = true;
	size_t index = 0;
	w->at++;
	if (next_byte(w) == ']') {
		w->at++;
		add_found(w, set, (struct text){NULL, 0}); /* a list that is there, and empty */
		return true;
	}
	do {
		struct set below = set;
		size_t before = w->member_count;
		if (set.count && next_byte(w) == '{') {
			below = (struct set){before, 0};
			if (!enter_item(w, set, index, &below))
				return false;
		}
		index++;
		if (!read_value(w, below, depth + 1))
			return false;
		w->member_count = before;
	} while (goes_on(w, ']', &good));
	return good;
}

static bool read_word(struct json_walk *w, const char *word, size_t length)
{
	if (w->t.length - w->at < length || memcmp(w->t.data + w->at, word, length) != 0)
		return fail(w, "no value begins here");
	w->at += length;
	return true;
}

static bool read_value(struct json_walk *w, struct set set, unsigned depth)
{
	struct text value;
	char byte = next_byte(w);
	if (depth > JSON_DEPTH_MAX)
		return fail(w, "it is nested deeper than 64");
	switch (byte) {
	case '"':
		if (!read_string(w, &value))
			return false;
		if (set.count)
			add_found(w, set, decode(w, value));
		return true;
	case '{':
		return read_object(w, set, depth);
	case '[':
		return read_array(w, set, depth);
	case 't':
		add_found(w, set, TEXT("true"));
		return read_word(w, "true", 4);
	case 'f':
		add_found(w, set, TEXT("false"));
		return read_word(w, "false", 5);
	case 'n':
		return read_word(w, "null", 4);
	default:
		if (byte != '-' && (byte < '0' || byte > '9'))
			return fail(w, "no value begins here");
		if (!json_text_number(&w->t, &w->at, &value))
			return false;
		add_found(w, set, value);
		return true;
	}
}

static void begin(struct json_walk *w)
{
	w->at = w->t.from;
	w->word = w->at / 64;
	w->left = w->t.bits.marks[w->word] & (UINT64_MAX << w->at % 64);
	w->tree = w->root_seen = w->escaped = false;
	w->part_count = w->open_count = w->finds.count = 0;
	w->members[0] = (struct member){JSON_PATHS_TOP, 0};
	w->member_count = 1;
	if (w->finds.capacity > KEPT_FOUND) {
		free(w->finds.items);
		w->finds = (struct found_list){0};
	}
}

static void walk_text(struct json_walk *w)
{
	/* Notes of earlier texts are of objects that none of this one can be. */
	if (next_byte(w) != '{')
		json_text_fail(&w->t, w->at, "it is no JSON object");
	else if (read_value(w, (struct set){0, 1}, 0) && (next_byte(w) || w->at < w->t.length))
		fail(w, "something stands behind the object");
}

enum json_verdict json_walk_rest(struct json_walk *walk, const char **why, size_t *where)
{
	begin(walk);
	walk->by_template = !walk->t.why && json_template_read(walk->learnt, &walk->t, &walk->finds);
	if (!walk->t.why && !walk->by_template) {
		walk->finds.count = 0;
		walk_text(walk);
		if (!walk->t.why)
			json_template_learn(walk->learnt, &walk->t);
	}
	*why = walk->t.why;
	*where = walk->t.where - walk->t.from;
	return walk->tree ? WALK_TREE : *why ? WALK_BAD : WALK_GOOD;
}

enum json_verdict json_walk(struct json_walk *walk, struct text text, struct arena *arena, const char **why, size_t *where)
{
	json_text_begin(&walk->t, text, arena);
	return json_walk_rest(walk, why, where);
}

struct lane_end *json_walk_lane(struct json_walk *walk, struct text text, const struct json_lines *lines, struct arena *arena)
{
	bool good = lines ? json_text_begin_line(&walk->t, lines, arena) : json_text_begin(&walk->t, text, arena);
	return good ? json_lanes_read(walk->lanes, &walk->t) : NULL;
}

struct lane_end *json_walk_learn_lane(struct json_walk *walk)
{
	if (!walk->by_template)
		return NULL;
	return json_lanes_learn(walk->lanes, &walk->t, walk->finds.items, walk->finds.count);
}

const struct found *json_walk_lane_found(const struct json_walk *walk)
{
	return json_lanes_found(walk->lanes);
}

const struct found *json_walk_found(const struct json_walk *walk, size_t *count)
{
	*count = walk->finds.count;
	return walk->finds.items;
}

const uint16_t *json_walk_parts(const struct json_walk *walk, size_t *count)
{
	*count = walk->part_count;
	return walk->parts;
}
