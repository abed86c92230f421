/* regex: see regex.h. */
#include "generator/rsyslog/regex.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* A set of characters: ASCII ones each, all others together. */
struct set {
	bool member[128];
	bool others;
};

struct translation {
	struct text in;
	size_t at;
	struct buffer out;
	bool failed;
};

static void add_range(struct set *set, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to && i < 128; i++)
		set->member[i] = true;
}

static void add_class(struct set *set, char letter)
{
	struct set class = {{false}, false};

	switch (letter | 0x20) {
	case 'd':
		add_range(&class, '0', '9');
		break;
	case 'w':
		add_range(&class, '0', '9');
		add_range(&class, 'A', 'Z');
		add_range(&class, 'a', 'z');
		add_range(&class, '_', '_');
		break;
	default:
		add_range(&class, '\t', '\n');
		add_range(&class, '\f', '\r');
		add_range(&class, ' ', ' ');
	}
	bool negated = letter < 'a';

	for (unsigned i = 0; i < 128; i++)
		set->member[i] = set->member[i] || class.member[i] != negated;
	set->others = set->others || negated;
}

/* The character behind a backslash, which is no class. */
static unsigned escaped(struct translation *t)
{
	static const char letters[] = "nrtf", meant[] = "\n\r\t\f";
	char letter = t->in.data[t->at++];
	const char *known = memchr(letters, letter, sizeof(letters) - 1);

	if (known != NULL)
		return (unsigned char)meant[known - letters];
	if (letter == 'x' && t->at + 2 <= t->in.length) {
		int high = text_hex_digit(t->in.data[t->at]), low = text_hex_digit(t->in.data[t->at + 1]);

		t->at += 2;
		t->failed = t->failed || high < 0 || low < 0;
		return (unsigned)(high * 16 + low) & 0xff;
	}
	return (unsigned char)letter;
}

static bool is_class(char letter)
{
	return memchr("dwsDWS", letter, 6) != NULL;
}

/* --- writing --- */

static void put_literal(struct translation *t, unsigned byte)
{
	if (byte == 0)
		t->failed = true;
	else if (memchr(".[]()*+?{}|^$\\", (int)byte, 14) != NULL)
		buffer_printf(&t->out, "\\%c", (char)byte);
	else
		buffer_char(&t->out, (char)byte);
}

/* Control characters are no part of a message: rsyslog writes them as #ooo when it takes it in. */
static void without_controls(struct set *set)
{
	for (unsigned i = 0; i < ' '; i++)
		set->member[i] = false;
	set->member[127] = false;
}

static size_t members(const struct set *set, unsigned *last)
{
	size_t count = 0;

	for (unsigned i = 1; i < 128; i++) {
		if (set->member[i]) {
			count++;
			*last = i;
		}
	}
	return count;
}

/* Is it one of the characters that have a meaning by where they stand in brackets? */
static bool placed(unsigned byte)
{
	return byte == ']' || byte == '[' || byte == '^' || byte == '-';
}

static void put_members(struct translation *t, const struct set *set)
{
	buffer_string(&t->out, set->member[']'] ? "]" : "");
	for (unsigned i = 1; i < 128; i++) {
		unsigned end = i;

		if (!set->member[i] || placed(i))
			continue;
		while (end + 1 < 128 && set->member[end + 1] && !placed(end + 1))
			end++;
		buffer_char(&t->out, (char)i);
		if (end > i + 1)
			buffer_char(&t->out, '-');
		if (end > i)
			buffer_char(&t->out, (char)end);
		i = end;
	}
	/* "[." and its like would begin a name, "^" at the front would negate, "-" stands last. */
	buffer_string(&t->out, set->member['['] ? "[" : "");
	buffer_string(&t->out, set->member['^'] ? "^" : "");
	buffer_string(&t->out, set->member['-'] ? "-" : "");
}

static void put_set(struct translation *t, struct set *set)
{
	unsigned last = 0;

	if (set->others) { /* by what is not in it */
		for (unsigned i = 0; i < 128; i++)
			set->member[i] = !set->member[i];
	}
	without_controls(set);
	size_t count = members(set, &last);

	if (count == 0) {
		t->failed = t->failed || !set->others;
		buffer_char(&t->out, '.');
	} else if (count == 1 && !set->others) {
		put_literal(t, last);
	} else {
		buffer_string(&t->out, set->others ? "[^" : "[");
		put_members(t, set);
		buffer_char(&t->out, ']');
	}
}

/* --- reading --- */

/* One end of a range, or one character; SIZE_MAX is none: a class was added. */
static size_t set_item(struct translation *t, struct set *set)
{
	unsigned char byte = (unsigned char)t->in.data[t->at++];

	if (byte == '\\' && t->at < t->in.length) {
		if (is_class(t->in.data[t->at])) {
			add_class(set, t->in.data[t->at++]);
			return SIZE_MAX;
		}
		byte = (unsigned char)escaped(t);
	}
	t->failed = t->failed || byte >= 128;
	return byte;
}

static void take_set(struct translation *t)
{
	struct set set = {{false}, false};
	bool negated = t->at < t->in.length && t->in.data[t->at] == '^';

	t->at += negated;
	while (t->at < t->in.length && t->in.data[t->at] != ']') {
		size_t from = set_item(t, &set), to = from;

		if (from == SIZE_MAX)
			continue;
		if (t->at + 1 < t->in.length && t->in.data[t->at] == '-' && t->in.data[t->at + 1] != ']') {
			t->at++;
			to = set_item(t, &set);
		}
		t->failed = t->failed || to == SIZE_MAX;
		if (!t->failed)
			add_range(&set, (unsigned)from, (unsigned)to);
	}
	t->failed = t->failed || t->at >= t->in.length;
	t->at++;
	for (unsigned i = 0; negated && i < 128; i++)
		set.member[i] = !set.member[i];
	set.others = set.others != negated;
	put_set(t, &set);
}

/* What stands before a lazy mark is the same without it. */
static void take_repetition(struct translation *t, char begin)
{
	buffer_char(&t->out, begin);
	while (begin == '{' && t->at < t->in.length) {
		char byte = t->in.data[t->at++];

		buffer_char(&t->out, byte);
		if (byte == '}')
			break;
	}
	if (t->at < t->in.length && t->in.data[t->at] == '?')
		t->at++;
}

/* A character of several bytes is one for what repeats it. */
static void take_wide(struct translation *t, size_t step)
{
	buffer_char(&t->out, '(');
	buffer_add(&t->out, t->in.data + t->at, step);
	buffer_char(&t->out, ')');
	t->at += step;
}

static void take_escape(struct translation *t)
{
	struct set set = {{false}, false};

	if (t->at >= t->in.length) {
		t->failed = true;
	} else if (is_class(t->in.data[t->at])) {
		add_class(&set, t->in.data[t->at++]);
		put_set(t, &set);
	} else {
		unsigned byte = escaped(t);

		t->failed = t->failed || byte >= 128;
		put_literal(t, byte);
	}
}

static void take(struct translation *t)
{
	size_t step = utf8_step(t->in.data + t->at, t->in.length - t->at);
	char byte = t->in.data[t->at];

	if ((unsigned char)byte >= 128) {
		take_wide(t, step);
		return;
	}
	t->at++;
	switch (byte) {
	case '\\':
		take_escape(t);
		break;
	case '[':
		take_set(t);
		break;
	case '(':
		buffer_char(&t->out, '(');
		if (t->at + 1 < t->in.length && t->in.data[t->at] == '?' && t->in.data[t->at + 1] == ':')
			t->at += 2;
		break;
	case '*':
	case '+':
	case '?':
	case '{':
		take_repetition(t, byte);
		break;
	case '.':
	case ')':
	case '|':
		buffer_char(&t->out, byte);
		break;
	default:
		put_literal(t, (unsigned char)byte);
	}
}

bool rsyslog_regex(struct buffer *out, struct text regex)
{
	struct translation t = {.in = regex};

	buffer_string(&t.out, "^(");
	while (t.at < t.in.length && !t.failed)
		take(&t);
	buffer_string(&t.out, ")$");
	if (!t.failed)
		buffer_text(out, buffer_view(&t.out));
	buffer_free(&t.out);
	return !t.failed;
}

bool rsyslog_regex_try(struct text posix, bool *empty)
{
	struct arena arena = {0};
	regex_t compiled;
	bool taken = memchr(posix.data, '\0', posix.length) == NULL
		&& regcomp(&compiled, text_copy(&arena, posix).data, REG_EXTENDED | REG_NOSUB) == 0;

	*empty = taken && regexec(&compiled, "", 0, NULL, 0) == 0;
	if (taken)
		regfree(&compiled);
	arena_free(&arena);
	return taken;
}
