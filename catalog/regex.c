/*
 * regex: the subset's own reader, which writes an equal expression for PCRE2, and the matching.
 *
 * Why translate and not hand the text over? PCRE2's folding of case is Unicode's once UTF is on (k is
 * then equal to the Kelvin sign), and its \s takes the vertical tab, which RE2's does not. So folding is
 * written out ([aA]), \s too, every literal is escaped, and every group is made non-capturing:
 * what PCRE2 reads has one meaning only. A value that is not UTF-8 is matched as if each stray byte were
 * U+FFFD, so `.` takes it as one character, as `?` does in a wildcard.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "catalog/regex.h"

#include <pcre2.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAX = 100,
	REPEAT_MAX = 1000,
	MATCH_LIMIT = 1000000,
	JIT_STACK_START = 32 * 1024,
	JIT_STACK_MAX = 4 * 1024 * 1024
};

/* Machine code is made when a text is first asked of the expression, which most are never: it takes longer than all the rest of
 * compiling. Whoever comes first makes it, and other threads wait for that: with it and without it the limit counts otherwise. */
enum machine_code { CODE_MISSING, CODE_MADE_NOW, CODE_READY };

struct regex {
	pcre2_code *code;
	atomic_int *machine_code; /* enum machine_code */
	char *pattern;
	size_t length;
	size_t least; /* bytes: no shorter text matches */
};

struct regex_match {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* ---- translation ---- */

enum item { ITEM_NONE,
	ITEM_ATOM,
	ITEM_REPEATED };

struct translation {
	bool taking, taken; /* the first plain group is captured */
	struct text pattern;
	size_t at;
	bool fold;
	struct buffer out;
	const char *error;
	size_t offset; /* of the error */
	enum item item; /* what a quantifier here would repeat */
	unsigned product; /* how often at most the last atom's inside is repeated by {…} */
	unsigned depth;
	size_t opened[DEPTH_MAX]; /* where each open group began */
	unsigned products[DEPTH_MAX + 1]; /* the greatest product in each */
};

static bool fail(struct translation *t, size_t offset, const char *error)
{
	if (t->error == NULL) {
		t->error = error;
		t->offset = offset;
	}
	return false;
}

static char byte_at(const struct translation *t, size_t at)
{
	return at < t->pattern.length ? t->pattern.data[at] : '\0';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(uint32_t code)
{
	return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static uint32_t other_case(uint32_t code)
{
	return is_letter(code) ? code ^ 0x20u : code;
}

/* Reads one character of text that is known to be UTF-8. */
static uint32_t next_code(struct translation *t)
{
	const unsigned char *data = (const unsigned char *)t->pattern.data + t->at;
	size_t length = utf8_step(t->pattern.data + t->at, t->pattern.length - t->at);
	uint32_t code = length == 1 ? data[0] : data[0] & (0xFFu >> (length + 1));

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (data[i] & 0x3Fu);
	t->at += length;
	return code;
}

static void emit_code(struct translation *t, uint32_t code)
{
	if (is_letter(code) || (code >= '0' && code <= '9'))
		buffer_char(&t->out, (char)code);
	else
		buffer_printf(&t->out, "\\x{%x}", (unsigned)code);
}

static void emit_literal(struct translation *t, uint32_t code)
{
	if (!t->fold || !is_letter(code)) {
		emit_code(t, code);
		return;
	}
	buffer_char(&t->out, '[');
	emit_code(t, code);
	emit_code(t, other_case(code));
	buffer_char(&t->out, ']');
}

/* What may follow a backslash. In and out of a class, the same letters mean the same. */
static const struct {
	char letter;
	const char *alone, *in_class; /* for PCRE2 */
} sets[] = {
	{'d', "[0-9]", "0-9"},
	{'D', "[^0-9]", "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"},
	{'w', "[0-9A-Za-z_]", "0-9A-Za-z_"},
	{'W', "[^0-9A-Za-z_]", "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"},
	{'s', "[\\t\\n\\f\\r ]", "\\t\\n\\f\\r "},
	{'S', "[^\\t\\n\\f\\r ]", "\\x{0}-\\x{8}\\x{b}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}"},
};

static const struct {
	const char *letters;
	const char *error;
} refused_escapes[] = {
	{"123456789gk", "back-references are not in the subset"},
	{"bB", "word boundaries are not in the subset"},
	{"AzZG", "anchors are not in the subset: the whole value is matched"},
	{"pPX", "Unicode properties are not in the subset"},
	{"QE", "\\Q and \\E are not in the subset: escape each character"},
};

static const char *refusal(char letter)
{
	for (size_t i = 0; i < sizeof(refused_escapes) / sizeof(refused_escapes[0]); i++)
		if (text_find(text_of(refused_escapes[i].letters), letter) < text_of(refused_escapes[i].letters).length)
			return refused_escapes[i].error;
	return "this escape is not in the subset";
}

static bool hex_pair(const struct translation *t, size_t at, uint32_t *code)
{
	uint64_t number;
	if (at + 2 > t->pattern.length)
		return false;
	for (size_t i = at; i < at + 2; i++)
		if (!is_digit(byte_at(t, i)) && !(is_letter((unsigned char)byte_at(t, i)) && (byte_at(t, i) | 0x20) <= 'f'))
			return false;
	if (!text_to_ulong_base(text_slice(t->pattern, at, at + 2), 16, &number))
		return false;
	*code = (uint32_t)number;
	return true;
}

/* An escape, from behind its backslash. *set: the index of a set, or -1 and *code. */
static bool read_escape(struct translation *t, int *set, uint32_t *code)
{
	static const char controls[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'f', '\f'}};
	size_t start = t->at - 1;
	char byte = byte_at(t, t->at);

	*set = -1;
	if (t->at >= t->pattern.length)
		return fail(t, start, "a backslash ends the expression");
	t->at++;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (sets[i].letter == byte) {
			*set = (int)i;
			return true;
		}
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (controls[i][0] == byte) {
			*code = (unsigned char)controls[i][1];
			return true;
		}
	if (byte == 'x') {
		if (!hex_pair(t, t->at, code))
			return fail(t, start, "\\x takes exactly two hexadecimal digits");
		t->at += 2;
		return true;
	}
	if ((unsigned char)byte < 0x20 || (unsigned char)byte > 0x7E || is_digit(byte) || is_letter((unsigned char)byte))
		return fail(t, start, refusal(byte));
	*code = (unsigned char)byte;
	return true;
}

/* ---- classes ---- */

static void emit_range(struct translation *t, uint32_t first, uint32_t last)
{
	emit_code(t, first);
	if (last > first) {
		buffer_char(&t->out, '-');
		emit_code(t, last);
	}
}

/* The other case of the letters between `from` and `to` that the range holds. */
static void emit_folded(struct translation *t, uint32_t first, uint32_t last, uint32_t from, uint32_t to)
{
	uint32_t low = first > from ? first : from, high = last < to ? last : to;
	if (low <= high)
		emit_range(t, other_case(low), other_case(high));
}

static bool read_class_character(struct translation *t, int *set, uint32_t *code)
{
	char byte = byte_at(t, t->at), next = byte_at(t, t->at + 1);

	*set = -1;
	if (byte == '[' && (next == ':' || next == '.' || next == '='))
		return fail(t, t->at, "POSIX classes are not in the subset");
	if (byte == '\\') {
		t->at++;
		return read_escape(t, set, code);
	}
	*code = next_code(t);
	return true;
}

static bool read_class_item(struct translation *t)
{
	size_t start = t->at;
	int set, last_set = -1;
	uint32_t first = 0, last;

	if (!read_class_character(t, &set, &first))
		return false;
	bool range = byte_at(t, t->at) == '-' && t->at + 1 < t->pattern.length && byte_at(t, t->at + 1) != ']';
	if (set >= 0) {
		if (range)
			return fail(t, start, "a range cannot begin with a set of characters");
		buffer_string(&t->out, sets[set].in_class);
		return true;
	}
	last = first;
	if (range) {
		t->at++;
		if (!read_class_character(t, &last_set, &last))
			return false;
		if (last_set >= 0)
			return fail(t, start, "a range cannot end with a set of characters");
		if (last < first)
			return fail(t, start, "the range runs backwards");
	}
	emit_range(t, first, last);
	if (t->fold) {
		emit_folded(t, first, last, 'a', 'z');
		emit_folded(t, first, last, 'A', 'Z');
	}
	return true;
}

static bool read_class(struct translation *t)
{
	size_t start = t->at++;

	buffer_char(&t->out, '[');
	if (byte_at(t, t->at) == '^') {
		buffer_char(&t->out, '^');
		t->at++;
	}
	if (byte_at(t, t->at) == ']')
		return fail(t, start, "the class is empty: a bracket in it is written \\]");
	while (t->at < t->pattern.length && byte_at(t, t->at) != ']')
		if (!read_class_item(t))
			return false;
	if (t->at >= t->pattern.length)
		return fail(t, start, "the class is not closed with ]");
	t->at++;
	buffer_char(&t->out, ']');
	return true;
}

/* ---- groups and quantifiers ---- */

static const struct {
	const char *begin;
	const char *error;
} refused_groups[] = {
	{"?=", "look-ahead is not in the subset"},
	{"?!", "look-ahead is not in the subset"},
	{"?<=", "look-behind is not in the subset"},
	{"?<!", "look-behind is not in the subset"},
	{"?>", "atomic groups are not in the subset"},
	{"?P", "named groups are not in the subset"},
	{"?<", "named groups are not in the subset"},
	{"?'", "named groups are not in the subset"},
	{"?", "inline flags are not in the subset"},
	{"*", "verbs are not in the subset"},
};

static bool open_group(struct translation *t)
{
	struct text rest = text_slice(t->pattern, t->at + 1, t->pattern.length);

	if (!text_starts(rest, TEXT("?:"), false))
		for (size_t i = 0; i < sizeof(refused_groups) / sizeof(refused_groups[0]); i++)
			if (text_starts(rest, text_of(refused_groups[i].begin), false))
				return fail(t, t->at, refused_groups[i].error);
	if (t->depth >= DEPTH_MAX)
		return fail(t, t->at, "groups are nested too deeply (100 at most)");
	t->opened[t->depth++] = t->at;
	t->products[t->depth] = 1;
	t->at += text_starts(rest, TEXT("?:"), false) ? 3 : 1;
	t->item = ITEM_NONE;
	bool takes = t->taking && !t->taken && !text_starts(rest, TEXT("?:"), false);
	t->taken = t->taken || takes;
	buffer_string(&t->out, takes ? "(" : "(?:");
	return true;
}

static bool close_group(struct translation *t)
{
	if (t->depth == 0)
		return fail(t, t->at, "this ) closes no group");
	t->product = t->products[t->depth--];
	if (t->product > t->products[t->depth])
		t->products[t->depth] = t->product;
	t->item = ITEM_ATOM;
	t->at++;
	buffer_char(&t->out, ')');
	return true;
}

static bool read_count(struct translation *t, unsigned *count)
{
	unsigned number = 0;
	size_t start = t->at;

	for (; is_digit(byte_at(t, t->at)); t->at++)
		number = number > REPEAT_MAX ? number : number * 10 + (unsigned)(byte_at(t, t->at) - '0');
	*count = number;
	return t->at > start;
}

/* {n}, {n,} or {n,m}: *most is the greater number that is written. */
static bool read_bounds(struct translation *t, unsigned *most)
{
	size_t start = t->at++;
	unsigned least;
	bool good = read_count(t, &least);

	*most = least;
	if (good && byte_at(t, t->at) == ',') {
		t->at++;
		if (read_count(t, most) && *most < least)
			return fail(t, start, "the bounds of the repetition run backwards");
		if (*most < least)
			*most = least;
	}
	if (!good || byte_at(t, t->at) != '}')
		return fail(t, start, "{ begins a repetition {n}, {n,} or {n,m}: the character itself is written \\{");
	t->at++;
	if (*most > REPEAT_MAX)
		return fail(t, start, "more than 1,000 repetitions are not in the subset");
	return true;
}

static bool read_quantifier(struct translation *t)
{
	size_t start = t->at;
	unsigned most = 1;

	if (t->item == ITEM_NONE)
		return fail(t, start, "there is nothing to repeat here");
	if (t->item == ITEM_REPEATED)
		return fail(t, start,
			byte_at(t, start) == '+' ? "possessive quantifiers are not in the subset"
						 : "this repeats a repetition: put it into a group");
	if (byte_at(t, start) != '{')
		t->at++;
	else if (!read_bounds(t, &most))
		return false;
	/* RE2 counts so: nested repetitions multiply. */
	t->product *= most > 0 ? most : 1;
	if (t->product > REPEAT_MAX)
		return fail(t, start, "nested repetitions multiply to more than 1,000");
	if (t->product > t->products[t->depth])
		t->products[t->depth] = t->product;
	if (byte_at(t, t->at) == '?')
		t->at++;
	buffer_text(&t->out, text_slice(t->pattern, start, t->at));
	t->item = ITEM_REPEATED;
	return true;
}

static bool read_atom(struct translation *t)
{
	int set = -1;
	uint32_t code = 0;
	char byte = byte_at(t, t->at);

	t->item = ITEM_ATOM;
	t->product = 1;
	if (byte == '[')
		return read_class(t);
	if (byte == '.') {
		t->at++;
		buffer_char(&t->out, '.');
		return true;
	}
	if (byte == '\\') {
		t->at++;
		if (!read_escape(t, &set, &code))
			return false;
	} else {
		code = next_code(t);
	}
	if (set >= 0)
		buffer_string(&t->out, sets[set].alone);
	else
		emit_literal(t, code);
	return true;
}

static bool read_item(struct translation *t)
{
	switch (t->pattern.data[t->at]) {
	case '^':
	case '$':
		return fail(t, t->at, "anchors are not in the subset: the whole value is matched");
	case '(':
		return open_group(t);
	case ')':
		return close_group(t);
	case '*':
	case '+':
	case '?':
	case '{':
		return read_quantifier(t);
	case '|':
		t->at++;
		t->item = ITEM_NONE;
		buffer_char(&t->out, '|');
		return true;
	default:
		return read_atom(t);
	}
}

/* An expression that looks for something anywhere: PCRE2 is then to look for that, and need not try every way of splitting the
 * text. Only of what matches at a place in one way at most, since the limit counts for each place. */
#define ANYTHING TEXT("[\\s\\S]*")

static bool is_rigid(struct text part)
{
	bool in_class = false;
	for (size_t i = 0; i < part.length; i++) {
		char byte = part.data[i];
		if (byte == '\\' && ++i == part.length)
			return false;
		if (byte == '[' || byte == ']')
			in_class = byte == '[';
		else if (!in_class && text_find(TEXT("*+?|()"), byte) < 6)
			return false;
		else if (!in_class && byte == '{') {
			while (++i < part.length && is_digit(part.data[i])) {}
			if (i >= part.length || part.data[i] != '}')
				return false;
		}
	}
	return part.length > 0 && part.data[0] != '{' && !in_class;
}

static bool is_sought(const struct translation *t)
{
	struct text whole = t->pattern, ends = ANYTHING;
	return !t->taking && whole.length > 2 * ends.length && text_starts(whole, ends, false) && text_ends(whole, ends, false)
		&& is_rigid(text_slice(whole, ends.length, whole.length - ends.length));
}

static bool translate(struct translation *t)
{
	bool sought = is_sought(t);
	for (size_t at = 0; at < t->pattern.length;) {
		size_t step = utf8_step(t->pattern.data + at, t->pattern.length - at);
		if (step == 1 && (unsigned char)t->pattern.data[at] >= 0x80)
			return fail(t, at, "the expression is not UTF-8");
		at += step;
	}
	t->products[0] = 1;
	if (sought) {
		t->at = ANYTHING.length;
		t->pattern = text_slice(t->pattern, 0, t->pattern.length - ANYTHING.length);
	}
	buffer_string(&t->out, sought ? "(?:" : "\\A(?:");
	while (t->at < t->pattern.length)
		if (!read_item(t))
			return false;
	if (t->depth > 0)
		return fail(t, t->opened[t->depth - 1], "the group is not closed with )");
	buffer_string(&t->out, sought ? ")" : ")\\z");
	return true;
}

/* ---- compiling and matching ---- */

static pcre2_code *compile(struct text translated)
{
	int code;
	size_t offset;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *compiled;

	if (context == NULL)
		return NULL;
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	compiled = pcre2_compile((PCRE2_SPTR)translated.data, translated.length, PCRE2_UTF, &code, &offset, context);
	pcre2_compile_context_free(context);
	return compiled;
}

static const pcre2_code *ready_code(const struct regex *regex)
{
	int state = atomic_load_explicit(regex->machine_code, memory_order_acquire);

	while (state != CODE_READY) {
		if (state == CODE_MISSING && atomic_compare_exchange_strong(regex->machine_code, &state, CODE_MADE_NOW)) {
			(void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* without it, it is only slower */
			atomic_store_explicit(regex->machine_code, CODE_READY, memory_order_release);
		} else {
			sched_yield();
		}
		state = atomic_load_explicit(regex->machine_code, memory_order_acquire);
	}
	return regex->code;
}

/* Characters, which are a byte at least. An anchored expression is tried by PCRE2 on shorter texts too. */
static size_t least_of(const pcre2_code *code)
{
	uint32_t least = 0;

	return pcre2_pattern_info(code, PCRE2_INFO_MINLENGTH, &least) == 0 ? least : 0;
}

static struct regex *compile_translated(struct translation *t, const char **error, size_t *offset)
{
	struct text pattern = t->pattern;
	struct regex *regex = NULL;

	if (translate(t) && (!t->taking || t->taken || fail(t, 0, "a group ( ) must say what is taken"))) {
		pcre2_code *code = compile(buffer_view(&t->out));
		if (code == NULL) {
			fail(t, 0, "the expression is too large");
		} else {
			regex = mem_alloc(sizeof(*regex));
			*regex = (struct regex){code, mem_alloc(sizeof(*regex->machine_code)), mem_alloc(pattern.length + 1), pattern.length,
				least_of(code)};
			atomic_init(regex->machine_code, CODE_MISSING);
			for (size_t i = 0; i < pattern.length; i++)
				regex->pattern[i] = pattern.data[i];
			regex->pattern[pattern.length] = '\0';
		}
	}
	*error = t->error;
	*offset = t->offset;
	buffer_free(&t->out);
	return regex;
}

struct regex *regex_compile(struct text pattern, bool fold, const char **error, size_t *offset)
{
	struct translation t = {.pattern = pattern, .fold = fold};

	return compile_translated(&t, error, offset);
}

struct regex *regex_compile_taking(struct text pattern, const char **error, size_t *offset)
{
	struct translation t = {.pattern = pattern, .taking = true};

	return compile_translated(&t, error, offset);
}

void regex_free(struct regex *regex)
{
	if (regex == NULL)
		return;
	pcre2_code_free(regex->code);
	free(regex->machine_code);
	free(regex->pattern);
	free(regex);
}

struct text regex_pattern(const struct regex *regex)
{
	return (struct text){regex->pattern, regex->length};
}

struct regex_match *regex_match_new(void)
{
	struct regex_match *match = mem_alloc(sizeof(*match));

	match->data = pcre2_match_data_create(2, NULL);
	match->context = pcre2_match_context_create(NULL);
	match->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (match->data == NULL || match->context == NULL)
		abort();
	pcre2_set_match_limit(match->context, MATCH_LIMIT);
	if (match->stack != NULL)
		pcre2_jit_stack_assign(match->context, NULL, match->stack);
	return match;
}

void regex_match_free(struct regex_match *match)
{
	if (match == NULL)
		return;
	pcre2_match_data_free(match->data);
	pcre2_match_context_free(match->context);
	pcre2_jit_stack_free(match->stack);
	free(match);
}

/* Then it is UTF-8, which PCRE2 need not find out byte by byte. */
static bool is_ascii(struct text text)
{
	uint64_t tops = 0, word;
	size_t at = 0;

	for (; at + sizeof(word) <= text.length; at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		tops |= word;
	}
	for (; at < text.length; at++)
		tops |= (uint64_t)(text.data[at] & 0x80);
	return (tops & UINT64_C(0x8080808080808080)) == 0;
}

static int run(const struct regex *regex, struct regex_match *match, struct text text, uint32_t options)
{
	const char *data = text.data != NULL ? text.data : "";
	if (is_ascii(text))
		options |= PCRE2_NO_UTF_CHECK;
	return pcre2_match(ready_code(regex), (PCRE2_SPTR)data, text.length, 0, options, match->data, match->context);
}

/* A copy in which each byte that belongs to no character is U+FFFD. */
static void repair(struct text text, struct buffer *out)
{
	for (size_t at = 0; at < text.length;) {
		size_t step = utf8_step(text.data + at, text.length - at);
		if (step == 1 && (unsigned char)text.data[at] >= 0x80)
			buffer_string(out, "\xEF\xBF\xBD");
		else
			buffer_add(out, text.data + at, step);
		at += step;
	}
}

bool regex_holds(const struct regex *regex, struct regex_match *match, struct text text, bool *limited)
{
	struct buffer repaired = {0};
	if (text.length < regex->least)
		return false;
	int result = run(regex, match, text, 0);

	if (result <= PCRE2_ERROR_UTF8_ERR1 && result >= PCRE2_ERROR_UTF8_ERR21) {
		repair(text, &repaired);
		text = buffer_view(&repaired);
		result = run(regex, match, text, 0);
	}
	if (result == PCRE2_ERROR_JIT_STACKLIMIT)
		result = run(regex, match, text, PCRE2_NO_JIT);
	buffer_free(&repaired);
	if (limited != NULL && result < 0 && result != PCRE2_ERROR_NOMATCH)
		*limited = true;
	return result >= 0;
}

bool regex_take(const struct regex *regex, struct regex_match *match, struct text text, struct text *taken)
{
	int result = run(regex, match, text, 0);

	if (result == PCRE2_ERROR_JIT_STACKLIMIT)
		result = run(regex, match, text, PCRE2_NO_JIT);
	if (result < 0)
		return false;
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(match->data);
	bool part = result > 1 && places[2] != PCRE2_UNSET;

	*taken = part ? text_slice(text, places[2], places[3]) : TEXT("");
	return true;
}

void regex_escape(struct buffer *out, struct text literal)
{
	for (size_t i = 0; i < literal.length; i++) {
		unsigned char byte = (unsigned char)literal.data[i];
		if (byte < 0x20 || byte == 0x7F)
			buffer_printf(out, "\\x%02x", byte);
		else if (text_find(TEXT("\\.[]{}()*+?^$|"), (char)byte) < sizeof("\\.[]{}()*+?^$|") - 1)
			buffer_printf(out, "\\%c", byte);
		else
			buffer_char(out, (char)byte);
	}
}
