/* made_regex: one walk over the expression that writes what it reads. The subset is small (regex.h). */
#include "catalog/made_regex.h"

enum { DEPTH = 100, LONGEST = 4096 };

struct sampling {
	struct text pattern;
	size_t at;
	unsigned turn;
	unsigned depth;
	struct buffer out;
};

static char peek(const struct sampling *s)
{
	return s->at < s->pattern.length ? s->pattern.data[s->at] : '\0';
}

static bool take(struct sampling *s, char byte)
{
	if (s->at >= s->pattern.length || s->pattern.data[s->at] != byte)
		return false;
	s->at++;
	return true;
}

/* Behind a backslash: is it a class (d w s D W S)? *byte: a member of it, or the character itself. */
static bool escape(struct sampling *s, char *byte)
{
	static const char from[] = "nrtf", to[] = "\n\r\t\f", classes[] = "dwsDWS", members[] = "7a xx-x";
	char letter = peek(s);

	s->at++;
	for (size_t i = 0; i < sizeof(classes) - 1; i++) {
		if (letter == classes[i]) {
			*byte = i < 3 ? members[i] : letter == 'D' ? 'x' : letter == 'W' ? '-' : 'x';
			return true;
		}
	}
	*byte = letter;
	for (size_t i = 0; i < sizeof(from) - 1; i++) {
		if (letter == from[i])
			*byte = to[i];
	}
	if (letter == 'x' && s->at + 2 <= s->pattern.length) {
		int high = text_hex_digit(s->pattern.data[s->at]), low = text_hex_digit(s->pattern.data[s->at + 1]);

		*byte = (char)(high * 16 + low);
		s->at += 2;
	}
	return false;
}

/* --- [...] --- */

struct class {
	bool has[128];
	struct text wide; /* one character beyond ASCII that stands in it */
	char first;
};

static void class_range(struct class *class, char from, char to)
{
	for (int byte = from; byte <= to && byte >= 0; byte++)
		class->has[byte] = true;
	if (class->first == '\0')
		class->first = from;
}

static void class_escape(struct class *class, char letter, char member)
{
	for (int byte = 0; byte < 128; byte++) {
		bool digit = byte >= '0' && byte <= '9', space = byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
		bool word = digit || byte == '_' || ((byte | 32) >= 'a' && (byte | 32) <= 'z');
		bool in = (letter | 32) == 'd' ? digit : (letter | 32) == 'w' ? word : space;

		if ((letter >= 'a') == in)
			class->has[byte] = true;
	}
	if (class->first == '\0')
		class->first = member;
}

static void class_item(struct sampling *s, struct class *class)
{
	size_t step = utf8_step(s->pattern.data + s->at, s->pattern.length - s->at);
	char from = peek(s), to;

	if (step > 1) {
		class->wide = text_slice(s->pattern, s->at, s->at + step);
		s->at += step;
		return;
	}
	s->at++;
	if (from == '\\') {
		char letter = peek(s);

		if (escape(s, &from)) {
			class_escape(class, letter, from);
			return;
		}
	}
	to = from;
	if (peek(s) == '-' && s->at + 1 < s->pattern.length && s->pattern.data[s->at + 1] != ']') {
		s->at++;
		to = peek(s);
		s->at++;
		if (to == '\\')
			escape(s, &to);
	}
	class_range(class, from, to);
}

static void sample_class(struct sampling *s)
{
	struct class class = {.first = '\0'};
	bool negated = take(s, '^');

	while (s->at < s->pattern.length && peek(s) != ']')
		class_item(s, &class);
	take(s, ']');
	if (!negated && class.wide.length > 0 && (class.first == '\0' || s->turn % 2 == 1)) {
		buffer_text(&s->out, class.wide);
		return;
	}
	if (!negated) {
		buffer_char(&s->out, class.first);
		return;
	}
	for (const char *candidate = "xqz7-/ A_.~,:=\n"; *candidate != '\0'; candidate++) {
		if (!class.has[(unsigned char)*candidate]) {
			buffer_char(&s->out, *candidate);
			return;
		}
	}
	for (int byte = 32; byte < 127; byte++) {
		if (!class.has[byte]) {
			buffer_char(&s->out, (char)byte);
			return;
		}
	}
}

/* --- the rest --- */

static void sample_alternatives(struct sampling *s);

static void sample_atom(struct sampling *s)
{
	char byte = peek(s);

	s->at++;
	if (byte == '(') {
		if (peek(s) == '?')
			s->at += 2; /* (?: */
		sample_alternatives(s);
		take(s, ')');
	} else if (byte == '[') {
		sample_class(s);
	} else if (byte == '.') {
		buffer_char(&s->out, 'q');
	} else if (byte == '\\') {
		escape(s, &byte);
		buffer_char(&s->out, byte);
	} else {
		buffer_char(&s->out, byte); /* a character of several bytes comes byte by byte: no quantifier tells */
	}
}

static unsigned number(struct sampling *s)
{
	unsigned value = 0;

	while (peek(s) >= '0' && peek(s) <= '9' && value < 10000)
		value = value * 10 + (unsigned)(s->pattern.data[s->at++] - '0');
	return value;
}

/* How often the atom before stands: the least, and once more on odd turns where that may be. */
static unsigned quantifier(struct sampling *s)
{
	unsigned least = 1;
	bool more = false;

	if (take(s, '*')) {
		least = 0;
		more = true;
	} else if (take(s, '?')) {
		least = 0;
		more = true;
	} else if (take(s, '+')) {
		more = true;
	} else if (take(s, '{')) {
		unsigned most = least = number(s);

		if (take(s, ','))
			most = peek(s) == '}' ? least + 1 : number(s);
		more = most > least;
		take(s, '}');
	} else {
		return 1;
	}
	take(s, '?');
	return least + (more && s->turn % 2 == 1 ? 1 : 0);
}

static void sample_repeated(struct sampling *s)
{
	size_t from = s->at, length = s->out.length, step = utf8_step(s->pattern.data + s->at, s->pattern.length - s->at);

	if (step > 1) {
		buffer_add(&s->out, s->pattern.data + s->at, step);
		s->at += step;
	} else {
		sample_atom(s);
	}
	unsigned times = quantifier(s);
	size_t after = s->at;

	if (times == 0)
		s->out.length = length;
	for (unsigned i = 1; i < times && s->out.length < LONGEST; i++) {
		s->at = from;
		if (step > 1)
			buffer_add(&s->out, s->pattern.data + s->at, step);
		else
			sample_atom(s);
	}
	s->at = after;
}

static void sample_sequence(struct sampling *s)
{
	while (s->at < s->pattern.length && peek(s) != '|' && peek(s) != ')')
		sample_repeated(s);
}

static void skip_class(struct sampling *s)
{
	while (s->at < s->pattern.length && peek(s) != ']')
		s->at += peek(s) == '\\' ? 2 : 1;
	s->at++;
}

/* To the `|` or `)` that ends the alternative. */
static void skip_alternative(struct sampling *s)
{
	unsigned depth = 0;

	while (s->at < s->pattern.length) {
		char byte = peek(s);

		if (depth == 0 && (byte == '|' || byte == ')'))
			return;
		s->at += byte == '\\' ? 2 : 1;
		depth += byte == '(';
		depth -= byte == ')';
		if (byte == '[')
			skip_class(s);
	}
	s->at = s->pattern.length;
}

static void sample_alternatives(struct sampling *s)
{
	size_t start = s->at;
	unsigned count = 1;

	if (++s->depth > DEPTH) {
		s->at = s->pattern.length;
		return;
	}
	for (skip_alternative(s); take(s, '|'); skip_alternative(s))
		count++;
	size_t end = s->at;

	s->at = start;
	for (unsigned i = 0; i < s->turn % count; i++) {
		skip_alternative(s);
		take(s, '|');
	}
	sample_sequence(s);
	s->at = end;
	s->depth--;
}

struct text made_regex(struct arena *arena, struct text pattern, unsigned turn)
{
	struct sampling s = {.pattern = pattern, .turn = turn};

	sample_alternatives(&s);
	struct text text = text_copy(arena, buffer_view(&s.out));

	buffer_free(&s.out);
	return text;
}
