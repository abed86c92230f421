/*
 * audit_head: heads of audit records, bare and wrapped.
 */
#include "replay/readers/audit_head.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { HEAD_MAX = 512 }; /* bytes of a syslog head that are looked at */
#define SECONDS_MAX UINT64_C(9000000000) /* so that nanoseconds fit 64 bits */

struct cursor { /* over a line's head */
	const char *at, *end;
};

static bool skip(struct cursor *c, struct text word)
{
	if ((size_t)(c->end - c->at) < word.length || memcmp(c->at, word.data, word.length) != 0)
		return false;
	c->at += word.length;
	return true;
}

/* Up to the next blank. */
static struct text take_word(struct cursor *c)
{
	const char *start = c->at;
	const char *blank = memchr(start, ' ', (size_t)(c->end - start));
	c->at = blank ? blank : c->end;
	return (struct text){start, (size_t)(c->at - start)};
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->end && *c->at == ' ')
		c->at++;
}

static bool take_number(struct cursor *c, unsigned digits, uint64_t *number)
{
	const char *start = c->at;
	uint64_t value = 0;
	while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && (size_t)(c->at - start) < digits)
		value = value * 10 + (uint64_t)(*c->at++ - '0');
	*number = value;
	return c->at > start;
}

/* audit(SECONDS.MILLISECONDS:SERIAL): */
static const char *take_stamp(struct cursor *c, struct audit_line *line)
{
	uint64_t seconds, milliseconds = 0;
	skip(c, TEXT("msg="));
	if (!skip(c, TEXT("audit(")))
		return "it has no msg=audit(…)";
	if (!take_number(c, 10, &seconds) || !skip(c, TEXT(".")) || !take_number(c, 3, &milliseconds) || !skip(c,
		TEXT(":")) ||
		!take_number(c, 19, &line->serial) || !skip(c, TEXT(")")) || seconds > SECONDS_MAX)
		return "its time and serial cannot be read";
	skip(c, TEXT(":"));
	line->seconds = (int64_t)seconds;
	line->milliseconds = (unsigned)milliseconds;
	return NULL;
}

static void keep_stamp(struct audit_memo *memo, const char *from, const char *to, const struct audit_line *line)
{
	const char *dot = memchr(from, '.', (size_t)(to - from));
	memo->stamp_length = (size_t)(to - from);
	memo->second_length = (size_t)(dot + 1 - from);
	memcpy(memo->stamp, from, memo->stamp_length);
	memo->seconds = line->seconds;
	memo->milliseconds = line->milliseconds;
	memo->serial = line->serial;
}

/* A stamp of the second that the line before had. false: nothing was taken. */
static inline bool take_stamp_near(struct audit_memo *memo, struct cursor *c, struct audit_line *line)
{
	struct cursor near = *c;
	uint64_t milliseconds, serial;
	if (!memo->stamp_length || !skip(&near, (struct text){memo->stamp, memo->second_length}) ||
		!take_number(&near, 3, &milliseconds) || !skip(&near, TEXT(":")) || !take_number(&near, 19, &serial) ||
		!skip(&near, TEXT("):")) || (size_t)(near.at - c->at) > sizeof memo->stamp)
		return false;
	line->seconds = memo->seconds;
	line->milliseconds = memo->milliseconds = (unsigned)milliseconds;
	line->serial = memo->serial = serial;
	memo->stamp_length = (size_t)(near.at - c->at);
	memcpy(memo->stamp, c->at, memo->stamp_length);
	*c = near;
	return true;
}

/* The stamp, by comparison where the line before had the same. */
static const char *take_stamp_again(struct audit_memo *memo, struct cursor *c, struct audit_line *line)
{
	if (memo->stamp_length && skip(c, (struct text){memo->stamp, memo->stamp_length})) {
		line->seconds = memo->seconds;
		line->milliseconds = memo->milliseconds;
		line->serial = memo->serial;
		return NULL;
	}
	const char *start = c->at, *why = take_stamp(c, line);
	memo->stamp_length = 0;
	if (!why && (size_t)(c->at - start) <= sizeof memo->stamp && c->at[-1] == ':')
		keep_stamp(memo, start, c->at, line);
	return why;
}

static bool is_type_byte(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '[' || byte == ']' ||
		(byte >= 'a' && byte <= 'z') || byte == '-';
}

/* NAME, NUMBER or UNKNOWN[NUMBER]. */
bool audit_head_type(struct audit_line *line, struct text type)
{
	uint64_t number;
	for (size_t i = 0; i < type.length; i++)
		if (!is_type_byte(type.data[i]))
			return false;
	line->type = type;
	line->number = audit_type_number(type);
	if (text_starts(type, TEXT("UNKNOWN["), false) && type.data[type.length - 1] == ']')
		type = text_slice(type, 8, type.length - 1);
	if (!line->number && type.length <= 9 && text_to_ulong_base(type, 10, &number)) {
		struct text name = audit_type_name((unsigned)number);
		line->number = (unsigned)number;
		line->type = name.length ? name : line->type;
	}
	return type.length > 0;
}

static inline size_t slot_of(struct text type)
{
	return (type.length * 5 + (unsigned char)type.data[0] + (unsigned char)type.data[type.length - 1] * 3u) % 64;
}

/* A type's name is looked up once. Numbers are not kept: they stand for names. */
static bool take_type(struct audit_memo *memo, struct cursor *c, struct audit_line *line)
{
	struct text type = take_word(c);
	if (!type.length || type.length > sizeof memo->types->name)
		return audit_head_type(line, type);
	size_t slot = slot_of(type);
	if (memo->types[slot].length == type.length && memcmp(memo->types[slot].name, type.data, type.length) == 0) {
		line->type = type;
		line->number = memo->types[slot].number;
		return true;
	}
	if (!audit_head_type(line, type))
		return false;
	if (line->number && line->type.data == type.data) {
		memcpy(memo->types[slot].name, type.data, type.length);
		memo->types[slot].length = type.length;
		memo->types[slot].number = line->number;
	}
	return true;
}

static const char *take_head(struct audit_memo *memo, struct cursor c, struct audit_line *line)
{
	if (skip(&c, TEXT("node="))) {
		line->node = take_word(&c);
		skip_blanks(&c);
	}
	if (!skip(&c, TEXT("type=")))
		return "it does not begin with type=";
	if (!take_type(memo, &c, line))
		return "its type is no record type";
	skip_blanks(&c);
	const char *why = take_stamp_again(memo, &c, line);
	if (why)
		return why;
	skip_blanks(&c);
	line->body = (struct text){c.at, (size_t)(c.end - c.at)};
	return NULL;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* A word that can be a host: not the program, not a number in brackets. */
static struct text as_host(struct text word)
{
	bool other = !word.length || AUDIT_IS(word, "-") || word.data[word.length - 1] == ':' ||
		word.data[word.length - 1] == ']' ||
		word.data[0] == '[';
	return other ? TEXT("") : word;
}

static struct text next_word(struct cursor *c)
{
	skip_blanks(c);
	return take_word(c);
}

/* Nov 10 07:48:16 HOST, Nov 10 2023 07:48:16 HOST: what follows the word that has two colons. */
static struct text host_after_time(struct cursor c)
{
	next_word(&c);
	for (int i = 0; i < 3; i++) {
		struct text word = next_word(&c);
		size_t colon = text_find(word, ':');
		if (word.length >= 8 && is_digit(word.data[0]) && colon < word.length - 1)
			return as_host(next_word(&c));
	}
	return TEXT("");
}

/* The host of a syslog head. */
static struct text syslog_host(struct text head)
{
	struct cursor c = {head.data, head.data + head.length};
	uint64_t number;
	skip_blanks(&c);
	if (skip(&c, TEXT("<"))) { /* its priority */
		take_number(&c, 3, &number);
		skip(&c, TEXT(">"));
	}
	struct cursor words = c;
	struct text first = next_word(&c);
	if (first.length <= 2 && first.length && is_digit(first.data[0])) { /* RFC 5424: its version, time, host */
		next_word(&c);
		return as_host(next_word(&c));
	}
	if (first.length >= 19 && is_digit(first.data[0]) && first.data[4] == '-') /* ISO time */
		return as_host(next_word(&c));
	if (first.length == 3 && !is_digit(first.data[0]))
		return host_after_time(words);
	/* No time at all: HOST PROGRAM: */
	struct text second = next_word(&c);
	return second.length && second.data[second.length - 1] == ':' ? as_host(first) : TEXT("");
}

/* What syslog daemons make of the byte 0x1d in front of what enriched logs add. */
static void split_added(struct audit_line *line)
{
	static const char *const marks[] = {"#035", "\\035", "\\x1d", "^]"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text rest = line->body, mark = text_of(marks[i]);
		for (size_t at = text_find(rest, mark.data[0]); at < rest.length; at += text_find(text_slice(rest, at,
			rest.length), mark.data[0])) {
			struct text here = text_slice(rest, at, rest.length);
			char next = here.length > mark.length ? here.data[mark.length] : ' ';
			if (text_starts(here, mark, false) && next >= 'A' && next <= 'Z') {
				line->added = text_slice(here, mark.length, here.length);
				line->body = text_slice(rest, 0, at);
				return;
			}
			at++;
		}
	}
}

/* A record behind something else: where `type=` (or `node=`) stands and what follows is a head. */
static const char *take_wrapped(struct audit_memo *memo, struct text text, struct audit_line *line)
{
	const char *why = "it does not begin with type=";
	size_t limit = text.length < HEAD_MAX ? text.length : HEAD_MAX;
	for (size_t at = 4; at < limit; at++) {
		if (text.data[at] != '=')
			continue;
		const char *word = text.data + at - 4;
		if ((memcmp(word, "type", 4) != 0 && memcmp(word, "node", 4) != 0) || (at > 4 && is_type_byte(word[-1])))
			continue;
		*line = (struct audit_line){0};
		const char *wrong = take_head(memo, (struct cursor){word, text.data + text.length}, line);
		if (wrong) {
			why = wrong;
			continue;
		}
		if (!line->node.length)
			line->node = syslog_host(text_slice(text, 0, at - 4));
		split_added(line);
		return NULL;
	}
	return why;
}

#ifdef __SSE2__
/* The bits of the bytes that are the same, of sixteen. */
static inline unsigned same_bits(const char *a, const char *b)
{
	__m128i left = _mm_loadu_si128((const __m128i *)(const void *)a);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(left, _mm_loadu_si128((const __m128i *)(const void *)b)));
}

static inline bool is_same_stamp(const struct audit_memo *memo, const char *at)
{
	size_t length = memo->stamp_length;
	for (size_t i = 0; i + 16 < length; i += 16)
		if (same_bits(memo->stamp + i, at + i) != 0xffff)
			return false;
	return same_bits(memo->stamp + length - 16, at + length - 16) == 0xffff;
}

/* type=NAME msg=audit(…): where type and stamp are known; false: nothing was taken. */
static inline bool take_known(struct audit_memo *memo, struct text text, struct audit_line *line)
{
	static const char blanks[16] = "                ";
	enum { TYPE = 5 };
	if (memo->stamp_length < 16 || text.length < TYPE + 16 || memcmp(text.data, "type=", TYPE) != 0)
		return false;
	const char *name = text.data + TYPE;
	unsigned ends = same_bits(blanks, name);
	size_t length = ends ? (size_t)__builtin_ctz(ends) : 0, stamp = TYPE + length + 1;
	if (!length || text.length < stamp + memo->stamp_length)
		return false;
	const struct audit_known_type *type = &memo->types[slot_of((struct text){name, length})];
	unsigned mask = (1u << length) - 1;
	if (type->length != length || (same_bits(type->name, name) & mask) != mask)
		return false;
	struct cursor c = {text.data + stamp, text.data + text.length};
	if (is_same_stamp(memo, c.at))
		c.at += memo->stamp_length;
	else if (!take_stamp_near(memo, &c, line))
		return false;
	skip_blanks(&c);
	*line = (struct audit_line){.type = {name, length}, .number = type->number, .seconds = memo->seconds,
		.milliseconds = memo->milliseconds, .serial = memo->serial, .body = {c.at, (size_t)(c.end - c.at)}};
	return true;
}
#else
static inline bool take_known(struct audit_memo *memo, struct text text, struct audit_line *line)
{
	(void)memo;
	(void)text;
	(void)line;
	return false;
}
#endif

const char *audit_head_next(struct audit_memo *memo, struct text text, struct audit_line *line)
{
	if (take_known(memo, text, line))
		return NULL;
	*line = (struct audit_line){0};
	struct cursor c = {text.data, text.data + text.length};
	if (!text.length)
		return "it is empty";
	if (text_starts(text, TEXT("type="), false) || text_starts(text, TEXT("node="), false))
		return take_head(memo, c, line);
	return take_wrapped(memo, text, line);
}

const char *audit_parse_line(struct text text, struct audit_line *line)
{
	struct audit_memo memo = {.stamp_length = 0};
	return audit_head_next(&memo, text, line);
}
