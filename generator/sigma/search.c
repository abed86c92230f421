/*
 * search: the expression is read into alternatives of sequences of pieces, and written again with "any run of
 * characters" where a sequence is open at its beginning or end.
 */
#include "generator/sigma/search.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <string.h>

enum { DEPTH_MAX = 100 };

enum piece_kind { PIECE_LITERAL, PIECE_ATOM, PIECE_BEGIN, PIECE_END, PIECE_GROUP };

struct alternatives;
struct piece {
	enum piece_kind kind;
	struct text text;       /* LITERAL: the bytes; ATOM: as the subset writes it */
	struct text repetition; /* or empty */
	struct alternatives *group;
};
struct sequence {
	struct piece *pieces;
	size_t count;
};
struct alternatives {
	struct sequence *items;
	size_t count;
	bool anchored; /* ^ or $ stands somewhere in it */
};

struct reading {
	struct arena *arena;
	struct text source;
	size_t at;
	struct search_flags flags;
	unsigned depth;
	const char *error;
};

static bool fail(struct reading *r, const char *error)
{
	if (r->error == NULL)
		r->error = error;
	return false;
}

static char byte_at(const struct reading *r, size_t at)
{
	return at < r->source.length ? r->source.data[at] : '\0';
}

static bool follows(const struct reading *r, const char *word)
{
	return text_starts(text_slice(r->source, r->at, r->source.length), text_of(word), false);
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter_or_digit(char byte)
{
	return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte & 0x80);
}

static bool is_hex(char byte)
{
	return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/* --- escapes and classes --- */

static const struct {
	char letter;
	const char *error;
} refused[] = {
	{'b', "a word boundary (\\b) cannot be said"}, {'B', "a word boundary (\\B) cannot be said"},
	{'p', "Unicode properties cannot be said"}, {'P', "Unicode properties cannot be said"},
	{'X', "Unicode properties cannot be said"}, {'k', "a back-reference cannot be said"},
	{'g', "a back-reference cannot be said"}, {'G', "the anchor \\G cannot be said"},
};

static const struct {
	char letter;
	const char *written;
} controls[] = {{'a', "\\x07"}, {'v', "\\x0b"}, {'e', "\\x1b"}, {'0', "\\x00"}};

/* An escape other than an anchor, from its backslash; `literal` is set where it is one byte of text. */
static bool read_escape(struct reading *r, bool in_class, struct text *written, bool *literal)
{
	size_t start = r->at;
	char byte = byte_at(r, r->at + 1);

	*literal = false;
	if (start + 1 >= r->source.length)
		return fail(r, "a backslash ends the expression");
	r->at += 2;
	*written = text_slice(r->source, start, r->at);
	if (memchr("dwsDWSnrtf", byte, 10) != NULL)
		return true;
	if (byte == 'x' && is_hex(byte_at(r, r->at)) && is_hex(byte_at(r, r->at + 1))) {
		r->at += 2;
		*written = text_slice(r->source, start, r->at);
		return true;
	}
	if (byte == 'b' && in_class) {
		*written = TEXT("\\x08");
		return true;
	}
	for (size_t i = 0; i < sizeof(controls) / sizeof(*controls); i++) {
		if (controls[i].letter == byte && (byte != '0' || !is_digit(byte_at(r, r->at)))) {
			*written = text_of(controls[i].written);
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (refused[i].letter == byte)
			return fail(r, refused[i].error);
	}
	if (is_digit(byte))
		return fail(r, "a back-reference cannot be said");
	if ((unsigned char)byte < 0x20 || (unsigned char)byte > 0x7E || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'))
		return fail(r, "the expression has an escape that engines read differently");
	*literal = true;
	return true;
}

static const struct {
	const char *name, *written;
} posix[] = {
	{"[:alpha:]", "A-Za-z"}, {"[:digit:]", "0-9"}, {"[:alnum:]", "A-Za-z0-9"}, {"[:upper:]", "A-Z"},
	{"[:lower:]", "a-z"}, {"[:space:]", "\\x09-\\x0d "}, {"[:blank:]", "\\t "}, {"[:xdigit:]", "0-9A-Fa-f"},
	{"[:word:]", "\\w"}, {"[:cntrl:]", "\\x00-\\x1f\\x7f"},
};

static bool read_posix(struct reading *r, struct buffer *out)
{
	for (size_t i = 0; i < sizeof(posix) / sizeof(*posix); i++) {
		if (follows(r, posix[i].name)) {
			r->at += strlen(posix[i].name);
			buffer_string(out, posix[i].written);
			return true;
		}
	}
	return fail(r, "the expression has a class that the catalog's subset lacks");
}

/* One member of a class; a hyphen beside a set is itself. */
static bool read_member(struct reading *r, struct buffer *out)
{
	char byte = byte_at(r, r->at), next = byte_at(r, r->at + 1);
	struct text written;
	bool literal, set;

	if (byte == '[' && (next == ':' || next == '.' || next == '='))
		return read_posix(r, out);
	if (byte != '\\') {
		buffer_string(out, byte == '[' || byte == '^' ? "\\" : "");
		buffer_char(out, byte);
		r->at++;
		return true;
	}
	set = memchr("dwsDWS", next ? next : 'x', 6) != NULL;
	if (!read_escape(r, true, &written, &literal))
		return false;
	buffer_text(out, written);
	if (set && byte_at(r, r->at) == '-') {
		buffer_string(out, "\\-");
		r->at++;
	}
	return true;
}

static bool read_class(struct reading *r, struct text *written)
{
	struct buffer out = {0};
	bool good = true;

	buffer_char(&out, '[');
	r->at++;
	if (byte_at(r, r->at) == '^') {
		buffer_char(&out, '^');
		r->at++;
	}
	if (byte_at(r, r->at) == ']') {
		buffer_string(&out, "\\]");
		r->at++;
	}
	while (good && r->at < r->source.length && byte_at(r, r->at) != ']') {
		bool hyphen = byte_at(r, r->at) == '-' && byte_at(r, r->at + 1) == '\\' && byte_at(r, r->at + 2) != '\0'
			&& memchr("dwsDWS", byte_at(r, r->at + 2), 6) != NULL;

		buffer_string(&out, hyphen ? "\\" : "");
		good = read_member(r, &out);
	}
	if (good && r->at >= r->source.length)
		good = fail(r, "a class of the expression is not closed");
	r->at++;
	buffer_char(&out, ']');
	*written = text_copy(r->arena, buffer_view(&out));
	buffer_free(&out);
	return good;
}

/* --- pieces --- */

static struct alternatives *read_alternatives(struct reading *r);

static const struct {
	const char *begin, *error;
} refused_groups[] = {
	{"(?=", "look-ahead cannot be said"}, {"(?!", "look-ahead cannot be said"},
	{"(?<=", "look-behind cannot be said"}, {"(?<!", "look-behind cannot be said"},
	{"(?>", "an atomic group cannot be said"}, {"(?(", "a conditional group cannot be said"},
	{"(*", "a verb cannot be said"}, {"(?P=", "a back-reference cannot be said"},
	{"(?P>", "recursion cannot be said"}, {"(?R", "recursion cannot be said"},
};

/* Behind what opens a group: (, (?: or (?P<name>. */
static bool open_group(struct reading *r)
{
	for (size_t i = 0; i < sizeof(refused_groups) / sizeof(*refused_groups); i++) {
		if (follows(r, refused_groups[i].begin))
			return fail(r, refused_groups[i].error);
	}
	if (!follows(r, "(?")) {
		r->at++;
		return true;
	}
	if (follows(r, "(?:")) {
		r->at += 3;
		return true;
	}
	if (!follows(r, "(?P<") && !follows(r, "(?<"))
		return fail(r, "flags within the expression cannot be said");
	while (r->at < r->source.length && byte_at(r, r->at) != '>')
		r->at++;
	r->at++;
	return true;
}

static bool read_group(struct reading *r, struct piece *piece)
{
	if (r->depth >= DEPTH_MAX)
		return fail(r, "groups of the expression are nested too deeply");
	if (!open_group(r))
		return false;
	r->depth++;
	piece->kind = PIECE_GROUP;
	piece->group = read_alternatives(r);
	r->depth--;
	if (r->error != NULL)
		return false;
	if (byte_at(r, r->at) != ')')
		return fail(r, "a group of the expression is not closed");
	r->at++;
	return true;
}

/* The bytes that a repetition takes at `at`; 0: there is none. */
static size_t repetition_length(const struct reading *r, size_t at)
{
	char byte = byte_at(r, at);
	size_t end = at + 1;

	if (byte == '*' || byte == '+' || byte == '?')
		return 1;
	if (byte != '{' || !is_digit(byte_at(r, end)))
		return 0;
	while (is_digit(byte_at(r, end)))
		end++;
	if (byte_at(r, end) == ',')
		end++;
	while (is_digit(byte_at(r, end)))
		end++;
	return byte_at(r, end) == '}' ? end + 1 - at : 0;
}

static bool read_repetition(struct reading *r, struct piece *piece)
{
	size_t length = repetition_length(r, r->at), start = r->at;

	if (length == 0)
		return true;
	if (piece->kind == PIECE_BEGIN || piece->kind == PIECE_END)
		return fail(r, "an anchor of the expression is repeated");
	r->at += length;
	if (byte_at(r, r->at) == '+')
		return fail(r, "a possessive repetition cannot be said");
	if (byte_at(r, r->at) == '?')
		r->at++;
	piece->repetition = text_slice(r->source, start, r->at);
	return true;
}

static bool read_backslash(struct reading *r, struct piece *piece)
{
	char byte = byte_at(r, r->at + 1);
	bool literal;

	if (byte == 'A' || byte == 'Z' || byte == 'z') {
		piece->kind = byte == 'A' ? PIECE_BEGIN : PIECE_END;
		r->at += 2;
		return true;
	}
	if (!read_escape(r, false, &piece->text, &literal))
		return false;
	piece->kind = literal ? PIECE_LITERAL : PIECE_ATOM;
	if (literal)
		piece->text = text_slice(piece->text, 1, 2);
	return true;
}

/* [$] and [\.] are one character. */
static void simplify_class(struct piece *piece)
{
	struct text inside = text_slice(piece->text, 1, piece->text.length - 1);

	if (inside.length == 2 && inside.data[0] == '\\' && !is_letter_or_digit(inside.data[1]))
		inside = text_slice(inside, 1, 2);
	else if (inside.length == 0 || inside.data[0] == '^' || inside.data[0] == '\\'
		|| utf8_step(inside.data, inside.length) != inside.length)
		return;
	piece->kind = PIECE_LITERAL;
	piece->text = inside;
}

static bool read_piece(struct reading *r, struct piece *piece)
{
	char byte = byte_at(r, r->at);

	*piece = (struct piece){.kind = PIECE_ATOM};
	switch (byte) {
	case '^':
	case '$':
		piece->kind = byte == '^' ? PIECE_BEGIN : PIECE_END;
		r->at++;
		break;
	case '(':
		if (!read_group(r, piece))
			return false;
		break;
	case '[':
		if (!read_class(r, &piece->text))
			return false;
		simplify_class(piece);
		break;
	case '.':
		piece->text = r->flags.dot_all ? TEXT("[\\s\\S]") : TEXT(".");
		r->at++;
		break;
	case '\\':
		if (!read_backslash(r, piece))
			return false;
		break;
	default:
		if (repetition_length(r, r->at) > 0)
			return fail(r, "the expression repeats nothing");
		if (byte == '{' && byte_at(r, r->at + 1) == ',' && is_digit(byte_at(r, r->at + 2)))
			return fail(r, "engines read {,n} differently: {0,n} says it");
		piece->kind = PIECE_LITERAL;
		size_t step = utf8_step(r->source.data + r->at, r->source.length - r->at);
		piece->text = text_slice(r->source, r->at, r->at + step);
		r->at += step;
	}
	return read_repetition(r, piece);
}

static struct sequence read_sequence(struct reading *r, bool *anchored)
{
	struct sequence sequence = {NULL, 0};

	while (r->error == NULL && r->at < r->source.length && byte_at(r, r->at) != '|' && byte_at(r, r->at) != ')') {
		struct piece piece;

		if (!read_piece(r, &piece))
			break;
		sequence.pieces = arena_grow(r->arena, sequence.pieces, sequence.count, sizeof(piece));
		sequence.pieces[sequence.count++] = piece;
		*anchored = *anchored || piece.kind == PIECE_BEGIN || piece.kind == PIECE_END
			|| (piece.kind == PIECE_GROUP && piece.group->anchored);
	}
	return sequence;
}

static struct alternatives *read_alternatives(struct reading *r)
{
	struct alternatives *all = arena_alloc(r->arena, sizeof(*all));

	for (;;) {
		struct sequence sequence = read_sequence(r, &all->anchored);

		all->items = arena_grow(r->arena, all->items, all->count, sizeof(sequence));
		all->items[all->count++] = sequence;
		if (r->error != NULL || byte_at(r, r->at) != '|')
			return all;
		r->at++;
	}
}

/* --- writing --- */

/* Where a sequence has to say that anything may stand before or behind it. */
struct open_ends {
	bool before, behind;
};

static void write_alternatives(struct reading *r, struct buffer *out, const struct alternatives *all, struct open_ends open);

static void write_literal(struct buffer *out, struct text literal)
{
	regex_escape(out, literal);
}

static void write_piece(struct reading *r, struct buffer *out, const struct piece *piece, struct open_ends open)
{
	if (piece->kind == PIECE_BEGIN || piece->kind == PIECE_END) {
		fail(r, "an anchor in the middle of the expression cannot be said");
		return;
	}
	if (piece->kind == PIECE_LITERAL)
		write_literal(out, piece->text);
	else if (piece->kind == PIECE_ATOM)
		buffer_text(out, piece->text);
	if (piece->kind == PIECE_GROUP) {
		buffer_char(out, '(');
		write_alternatives(r, out, piece->group, open);
		buffer_char(out, ')');
	}
	buffer_text(out, piece->repetition);
}

static bool is_any(const struct piece *piece)
{
	return piece->kind == PIECE_ATOM && (text_is(piece->text, ".") || text_is(piece->text, "[\\s\\S]"))
		&& (text_is(piece->repetition, "*") || text_is(piece->repetition, "*?"));
}

/* A group that takes the open end into its alternatives. */
static bool takes_ends(const struct piece *piece)
{
	return piece->kind == PIECE_GROUP && piece->repetition.length == 0 && piece->group->anchored;
}

/* Returns whether "any" was written. */
static bool write_before(struct reading *r, struct buffer *out, const struct sequence *sequence, size_t *from, size_t to)
{
	if (*from < to && sequence->pieces[*from].kind == PIECE_BEGIN) {
		++*from;
		buffer_string(out, r->flags.multiline ? "(|" SEARCH_ANY "\\n)" : "");
		return false;
	}
	if (*from < to && takes_ends(&sequence->pieces[*from]))
		return false;
	while (*from < to && is_any(&sequence->pieces[*from])) /* any run and then another is any run */
		++*from;
	buffer_string(out, SEARCH_ANY);
	return true;
}

/* What stands behind the sequence; its last pieces that say the same are taken off. */
static const char *find_behind(const struct reading *r, const struct sequence *sequence, size_t *to)
{
	if (*to > 0 && sequence->pieces[*to - 1].kind == PIECE_END) {
		--*to;
		return r->flags.multiline ? "(|\\n" SEARCH_ANY ")" : "";
	}
	if (*to > 0 && takes_ends(&sequence->pieces[*to - 1]))
		return NULL;
	while (*to > 0 && is_any(&sequence->pieces[*to - 1]))
		--*to;
	return SEARCH_ANY;
}

static void write_sequence(struct reading *r, struct buffer *out, const struct sequence *sequence, struct open_ends open)
{
	size_t from = 0, to = sequence->count;
	const char *behind = open.behind ? find_behind(r, sequence, &to) : "";
	bool into_last = behind == NULL;
	bool into_first = open.before && to > 0 && takes_ends(&sequence->pieces[0]);
	bool any_before = open.before && write_before(r, out, sequence, &from, to);

	for (size_t i = from; i < to; i++) {
		struct open_ends inner = {into_first && i == 0, into_last && i == to - 1};

		write_piece(r, out, &sequence->pieces[i], inner);
	}
	if (behind != NULL && !(any_before && from == to && text_is(text_of(behind), SEARCH_ANY)))
		buffer_string(out, behind);
}

static void write_alternatives(struct reading *r, struct buffer *out, const struct alternatives *all, struct open_ends open)
{
	bool outside = !all->anchored && all->count > 1 && (open.before || open.behind);
	struct open_ends inside = outside ? (struct open_ends){false, false} : open;

	buffer_string(out, outside && open.before ? SEARCH_ANY "(" : outside ? "(" : "");
	for (size_t i = 0; i < all->count; i++) {
		if (i > 0)
			buffer_char(out, '|');
		write_sequence(r, out, &all->items[i], inside);
	}
	buffer_string(out, outside && open.behind ? ")" SEARCH_ANY : outside ? ")" : "");
}

/* --- the whole --- */

/* A piece of a wildcard pattern: a literal, any run of characters, or one character whatever it is. false: it is none. */
static bool write_wildcard(struct reading *r, struct buffer *out, const struct piece *piece, bool *wild)
{
	bool literal = piece->kind == PIECE_LITERAL && piece->repetition.length == 0;
	bool all = piece->kind == PIECE_ATOM && text_is(piece->text, "[\\s\\S]");

	if (literal) {
		buffer_text(out, pattern_escape(r->arena, piece->text));
		return true;
	}
	*wild = true;
	buffer_char(out, text_is(piece->repetition, "*") ? '*' : '?');
	return all && (piece->repetition.length == 0 || text_is(piece->repetition, "*"));
}

/* An expression without operators but anchors at its ends: a literal; with none but [\s\S] and [\s\S]*: a pattern. */
static bool as_text(struct reading *r, const struct alternatives *all, struct search *search)
{
	static const enum test_operator operators[2][2] = {{TEST_CONTAINS, TEST_ENDS}, {TEST_STARTS, TEST_EQUAL}};
	const struct sequence *sequence = &all->items[0];
	size_t from = 0, to = sequence->count;
	bool wild = false, good = true;
	struct buffer out = {0};

	if (all->count != 1 || (r->flags.multiline && all->anchored))
		return false;
	if (to > from && sequence->pieces[from].kind == PIECE_BEGIN)
		from++;
	if (to > from && sequence->pieces[to - 1].kind == PIECE_END)
		to--;
	bool begins = from > 0, ends = to < sequence->count;

	for (size_t i = from; i < to && good; i++)
		good = write_wildcard(r, &out, &sequence->pieces[i], &wild);
	struct text written = text_copy(r->arena, buffer_view(&out));

	buffer_free(&out);
	search->op = wild ? TEST_LIKE : operators[begins][ends];
	search->text = wild ? text_of(arena_printf(r->arena, "%s%.*s%s", begins ? "" : "*", TEXT_ARGS(written), ends ? "" : "*"))
			    : pattern_unescape(r->arena, written);
	return good;
}

/* (?i), (?im) … at the very beginning. */
static void read_flags(struct reading *r)
{
	size_t at = r->at + 2;

	if (!follows(r, "(?"))
		return;
	while (byte_at(r, at) == 'i' || byte_at(r, at) == 'm' || byte_at(r, at) == 's')
		at++;
	if (at == r->at + 2 || byte_at(r, at) != ')')
		return;
	for (size_t i = r->at + 2; i < at; i++) {
		r->flags.fold = r->flags.fold || byte_at(r, i) == 'i';
		r->flags.multiline = r->flags.multiline || byte_at(r, i) == 'm';
		r->flags.dot_all = r->flags.dot_all || byte_at(r, i) == 's';
	}
	r->at = at + 1;
}

/* ( … ) and ^( … )$ are what stands in the parentheses. */
static const struct alternatives *unwrapped(const struct reading *r, const struct alternatives *all, struct open_ends *open)
{
	const struct piece *pieces = all->items[0].pieces;

	if (all->count == 1 && all->items[0].count == 1 && pieces[0].kind == PIECE_GROUP && pieces[0].repetition.length == 0)
		return unwrapped(r, pieces[0].group, open);
	if (r->flags.multiline || all->count != 1 || all->items[0].count != 3 || pieces[0].kind != PIECE_BEGIN
		|| pieces[2].kind != PIECE_END || pieces[1].kind != PIECE_GROUP || pieces[1].repetition.length > 0
		|| pieces[1].group->anchored)
		return all;
	*open = (struct open_ends){false, false};
	return pieces[1].group;
}

static bool compiles(struct reading *r, struct text regex, bool fold)
{
	size_t offset;
	const char *error;
	struct regex *compiled = regex_compile(regex, fold, &error, &offset);

	if (compiled == NULL)
		return fail(r, error);
	regex_free(compiled);
	return true;
}

bool search_convert(struct arena *arena, struct text expression, struct search_flags flags, struct search *search,
	const char **error)
{
	struct reading r = {.arena = arena, .source = expression, .flags = flags};
	struct buffer out = {0};

	read_flags(&r);
	struct alternatives *all = read_alternatives(&r);

	if (r.error == NULL && r.at < r.source.length)
		fail(&r, "a ) of the expression closes no group");
	search->fold = r.flags.fold;
	if (r.error == NULL && !as_text(&r, all, search)) {
		struct open_ends open = {true, true};
		const struct alternatives *written = unwrapped(&r, all, &open);

		write_alternatives(&r, &out, written, open);
		search->op = TEST_REGEX;
		search->text = text_copy(arena, buffer_view(&out));
		if (r.error == NULL)
			compiles(&r, search->text, search->fold);
	}
	buffer_free(&out);
	*error = r.error;
	return r.error == NULL;
}
