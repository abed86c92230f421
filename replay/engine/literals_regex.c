/*
 * literals_regex: an expression of the subset (catalog/regex.h), read once by descent. Each part says what is known of
 * the texts that it matches.
 */
#include "replay/engine/literals_regex.h"

enum {
	DEPTH_MAX = 100,
	CLASS_MAX = 8,     /* characters of a class that is written out */
	COPIES_MAX = 8,    /* of a body that is repeated */
	NEEDS_MAX = 8,
	RUN_MAX = 256      /* bytes of plain characters that are read as one part */
};

struct known {
	bool whole; /* `begins` are all texts that it matches, and so are `ends` */
	struct string_set begins, ends;
	struct string_set needs[NEEDS_MAX]; /* of each, one stands in every match */
	size_t need_count;
};

struct reading {
	struct arena *arena;
	struct text pattern;
	size_t at;
	bool fold;
	unsigned depth;
};

/* ---- what is known of parts together ---- */

static struct known whole_of(struct string_set strings)
{
	return (struct known){.whole = true, .begins = strings, .ends = strings};
}

static struct known anything(struct reading *r)
{
	struct string_set empty = string_set_of(r->arena, TEXT(""), false);
	return (struct known){.begins = empty, .ends = empty};
}

static bool says_nothing(struct string_set set)
{
	for (size_t i = 0; i < set.count; i++)
		if (!set.items[i].text.length)
			return true;
	return set.count == 0;
}

static void add_need(struct known *known, struct string_set set)
{
	if (says_nothing(set))
		return;
	if (known->need_count < NEEDS_MAX) {
		known->needs[known->need_count++] = set;
		return;
	}
	size_t worst = 0;
	for (size_t i = 1; i < NEEDS_MAX; i++)
		if (string_set_share(known->needs[i]) > string_set_share(known->needs[worst]))
			worst = i;
	if (string_set_share(set) < string_set_share(known->needs[worst]))
		known->needs[worst] = set;
}

static void take_needs(struct known *known, const struct known *from)
{
	for (size_t i = 0; i < from->need_count; i++)
		add_need(known, from->needs[i]);
}

static struct known join(struct reading *r, const struct known *a, const struct known *b)
{
	struct known joined = {0};
	struct string_set middle;

	if (a->whole && b->whole && string_set_join(r->arena, a->begins, b->begins, &middle))
		return whole_of(middle);
	joined.begins = a->begins;
	joined.ends = b->ends;
	take_needs(&joined, a);
	take_needs(&joined, b);
	bool touching = string_set_join(r->arena, a->ends, b->begins, &middle);
	if (a->whole && touching)
		joined.begins = middle;
	if (b->whole && touching)
		joined.ends = middle;
	if (!touching && !a->whole)
		add_need(&joined, a->ends);
	if (!touching && !b->whole)
		add_need(&joined, b->begins);
	if (touching && !a->whole && !b->whole)
		add_need(&joined, middle);
	return joined;
}

/* The set of it that holds least often, on some side of a match or inside. */
static struct string_set best_of(const struct known *known)
{
	struct string_set best = known->begins;
	if (known->whole)
		return best;
	if (says_nothing(best) || (!says_nothing(known->ends) && string_set_share(known->ends) < string_set_share(best)))
		best = known->ends;
	for (size_t i = 0; i < known->need_count; i++)
		if (says_nothing(best) || string_set_share(known->needs[i]) < string_set_share(best))
			best = known->needs[i];
	return best;
}

static struct known either(struct reading *r, const struct known *a, const struct known *b)
{
	struct known one = anything(r);
	struct string_set best;

	one.whole = a->whole && b->whole && string_set_add(r->arena, a->begins, b->begins, &one.begins);
	if (one.whole)
		return whole_of(one.begins);
	/* Where one of them says nothing, the sum says nothing either. */
	string_set_add(r->arena, a->begins, b->begins, &one.begins);
	string_set_add(r->arena, a->ends, b->ends, &one.ends);
	if (string_set_add(r->arena, best_of(a), best_of(b), &best))
		add_need(&one, best);
	return one;
}

static struct known repeat(struct reading *r, const struct known *body, unsigned least, unsigned most)
{
	struct known all = whole_of(string_set_of(r->arena, TEXT(""), false)), rest = anything(r), empty = all;
	unsigned copies = least < COPIES_MAX ? least : COPIES_MAX;

	if (most == 1 && least == 0)
		return either(r, body, &empty);
	for (unsigned i = 0; i < copies; i++)
		all = join(r, &all, body);
	if (most == copies)
		return all;
	all = join(r, &all, &rest);
	if (least > 0)
		all.ends = body->ends;
	return all;
}

/* ---- reading ---- */

static struct known read_alternatives(struct reading *r);

static char peek(const struct reading *r, size_t ahead)
{
	return r->at + ahead < r->pattern.length ? r->pattern.data[r->at + ahead] : '\0';
}

static bool at_end(const struct reading *r)
{
	return r->at >= r->pattern.length;
}

/* One character. */
struct character {
	bool known; /* false: one of a set, or what a stray byte matches */
	bool blank; /* of the set \s */
	char bytes[4];
	size_t length;
};

static struct character of_code(unsigned code)
{
	if (code < 0x80)
		return (struct character){.known = true, .bytes = {(char)code}, .length = 1};
	return (struct character){.known = true, .bytes = {(char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F))}, .length = 2};
}

static struct character read_escape(struct reading *r)
{
	static const char letters[] = "nrtf", controls[] = "\n\r\t\f";
	char letter = peek(r, 0);
	int high = text_hex_digit(peek(r, 1)), low = text_hex_digit(peek(r, 2));

	r->at += !at_end(r);
	for (size_t i = 0; i < sizeof letters - 1; i++)
		if (letter == letters[i])
			return of_code((unsigned char)controls[i]);
	if (letter == 'x' && high >= 0 && low >= 0) {
		r->at += 2;
		return of_code((unsigned)(high * 16 + low));
	}
	if (letter == 's')
		return (struct character){.blank = true};
	if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))
		return (struct character){0};
	return of_code((unsigned char)letter);
}

static struct character read_character(struct reading *r)
{
	struct character c = {.known = true};

	if (peek(r, 0) == '\\') {
		r->at++;
		return read_escape(r);
	}
	c.length = utf8_step(r->pattern.data + r->at, r->pattern.length - r->at);
	memcpy(c.bytes, r->pattern.data + r->at, c.length);
	r->at += c.length;
	c.known = !text_equal((struct text){c.bytes, c.length}, TEXT("\xEF\xBF\xBD"));
	return c;
}

static struct string string_of(struct reading *r, struct character c)
{
	return (struct string){text_copy(r->arena, (struct text){c.bytes, c.length}), r->fold};
}

/* Both cases of a letter are one that folds. */
static void add_member(struct reading *r, struct string_set *members, struct character c)
{
	struct string one = string_of(r, c);
	for (size_t i = 0; i < members->count; i++)
		if (text_equal_fold(members->items[i].text, one.text)) {
			members->items[i].fold = members->items[i].fold || !text_equal(members->items[i].text, one.text);
			return;
		}
	members->items[members->count++] = one;
}

static bool add_blanks(struct reading *r, struct string_set *members)
{
	static const char blanks[] = " \t\n\f\r";
	if (members->count + sizeof blanks - 1 > CLASS_MAX)
		return false;
	for (size_t i = 0; i < sizeof blanks - 1; i++)
		add_member(r, members, of_code((unsigned char)blanks[i]));
	return true;
}

/* The characters from `first` to `last`; false where they are many or not ASCII. */
static bool add_range(struct reading *r, struct string_set *members, struct character first, struct character last)
{
	unsigned from = (unsigned char)first.bytes[0], to = (unsigned char)last.bytes[0];
	if (first.length != 1 || last.length != 1 || to < from || members->count + (to - from) >= CLASS_MAX)
		return false;
	for (unsigned code = from; code <= to; code++)
		add_member(r, members, of_code(code));
	return true;
}

static struct known read_class(struct reading *r)
{
	struct string_set members = {arena_array(r->arena, CLASS_MAX, sizeof(struct string)), 0};
	bool few = peek(r, 1) != '^';

	r->at += few ? 1 : 2;
	while (!at_end(r) && peek(r, 0) != ']') {
		struct character first = read_character(r), last = first;
		if (peek(r, 0) == '-' && peek(r, 1) != ']') {
			r->at++;
			if (at_end(r))
				last.known = false;
			else
				last = read_character(r);
			few = few && first.known && last.known && add_range(r, &members, first, last);
		} else {
			bool fits = first.known && members.count < CLASS_MAX;
			few = few && (first.blank ? add_blanks(r, &members) : fits);
			if (few && !first.blank)
				add_member(r, &members, first);
		}
	}
	r->at += !at_end(r);
	return few && members.count > 0 ? whole_of(members) : anything(r);
}

static bool is_quantifier(char byte)
{
	return byte == '*' || byte == '+' || byte == '?' || byte == '{';
}

/* Plain characters that follow each other, up to the one that a quantifier repeats. */
static struct known read_run(struct reading *r)
{
	struct string_set blanks = {arena_array(r->arena, CLASS_MAX, sizeof(struct string)), 0};
	struct buffer run = {0};
	struct known known;

	for (;;) {
		size_t start = r->at;
		struct character c = read_character(r);
		if (c.blank && run.length == 0 && add_blanks(r, &blanks))
			return whole_of(blanks);
		if (!c.known || (run.length > 0 && is_quantifier(peek(r, 0)))) {
			if (run.length > 0)
				r->at = start;
			break;
		}
		buffer_add(&run, c.bytes, c.length);
		if (at_end(r) || run.length >= RUN_MAX || is_quantifier(peek(r, 0)) || text_find(TEXT("[(|)."), peek(r, 0)) < 5)
			break;
	}
	known = run.length ? whole_of(string_set_of(r->arena, text_copy(r->arena, buffer_view(&run)), r->fold)) : anything(r);
	buffer_free(&run);
	return known;
}

static struct known read_group(struct reading *r)
{
	struct known inside;

	r->at += peek(r, 1) == '?' && peek(r, 2) == ':' ? 3 : 1;
	r->depth++;
	inside = read_alternatives(r);
	r->depth--;
	r->at += peek(r, 0) == ')';
	return inside;
}

static struct known read_atom(struct reading *r)
{
	switch (peek(r, 0)) {
	case '(':
		return read_group(r);
	case '[':
		return read_class(r);
	case '.':
		r->at++;
		return anything(r);
	default:
		return read_run(r);
	}
}

static unsigned read_number(struct reading *r)
{
	unsigned number = 0;
	for (; peek(r, 0) >= '0' && peek(r, 0) <= '9'; r->at++)
		number = number > 1000 ? number : number * 10 + (unsigned)(peek(r, 0) - '0');
	return number;
}

static struct known read_repeated(struct reading *r)
{
	struct known body = read_atom(r);
	unsigned least = 1, most = 1;
	char quantifier = peek(r, 0);

	if (at_end(r) || !is_quantifier(quantifier))
		return body;
	r->at++;
	if (quantifier == '{') {
		least = most = read_number(r);
		if (peek(r, 0) == ',') {
			r->at++;
			most = peek(r, 0) == '}' ? UINT32_MAX : read_number(r);
		}
		r->at += peek(r, 0) == '}';
	} else {
		least = quantifier == '+';
		most = quantifier == '?' ? 1 : UINT32_MAX;
	}
	r->at += peek(r, 0) == '?';
	return repeat(r, &body, least, most);
}

static struct known read_sequence(struct reading *r)
{
	struct known all = whole_of(string_set_of(r->arena, TEXT(""), false));

	while (!at_end(r) && peek(r, 0) != '|' && peek(r, 0) != ')') {
		struct known next = read_repeated(r);
		all = join(r, &all, &next);
	}
	return all;
}

static struct known read_alternatives(struct reading *r)
{
	if (r->depth > DEPTH_MAX) { /* no expression of the subset is so deep: the rest is not looked at */
		r->at = r->pattern.length;
		return anything(r);
	}
	struct known all = read_sequence(r);

	while (peek(r, 0) == '|') {
		r->at++;
		struct known next = read_sequence(r);
		all = either(r, &all, &next);
	}
	return all;
}

void literals_of_regex(struct arena *arena, struct text pattern, bool fold, struct literal_sets *sets)
{
	struct arena working = {0};
	struct reading r = {.arena = &working, .pattern = pattern, .fold = fold};
	struct known known = read_alternatives(&r);

	sets->count = 0;
	if (at_end(&r) && known.whole)
		literal_sets_add(arena, sets, TRIGGER_EQUAL, known.begins);
	if (at_end(&r) && !known.whole) {
		literal_sets_add(arena, sets, TRIGGER_STARTS, known.begins);
		literal_sets_add(arena, sets, TRIGGER_ENDS, known.ends);
		for (size_t i = 0; i < known.need_count; i++)
			literal_sets_add(arena, sets, TRIGGER_CONTAINS, known.needs[i]);
	}
	arena_free(&working);
}
