/* scalar: plain scalars as YAML 1.1 types them, and Sigma's escapes. */
#include "generator/sigma/scalar.h"

#include <string.h>

/* --- truths and nothing --- */

static const struct {
	const char *word;
	bool truth;
} truths[] = {
	{"true", true}, {"yes", true}, {"on", true}, {"false", false}, {"no", false}, {"off", false},
};

/* yes, Yes and YES, but not yEs. */
static bool is_word(struct text text, const char *word)
{
	bool lower = text_is(text, word), title = true, upper = true;

	if (lower || text.length != strlen(word))
		return lower;
	for (size_t i = 0; i < text.length; i++) {
		char capital = (char)(word[i] - 'a' + 'A');

		upper = upper && text.data[i] == capital;
		title = title && text.data[i] == (i == 0 ? capital : word[i]);
	}
	return title || upper;
}

static bool as_truth(struct text text, struct scalar *scalar)
{
	for (size_t i = 0; i < sizeof(truths) / sizeof(*truths); i++) {
		if (!is_word(text, truths[i].word))
			continue;
		scalar->kind = SCALAR_TRUTH;
		scalar->text = truths[i].truth ? TEXT("true") : TEXT("false");
		return true;
	}
	return false;
}

/* --- numbers --- */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* The digits without underscores; false where other characters stand there. */
static bool digits_of(struct text text, int base, char *out, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i], low = (char)(byte | 0x20);
		int digit = is_digit(byte) ? byte - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 99;

		if (byte == '_')
			continue;
		if (digit >= base || count + 1 >= size)
			return false;
		out[count++] = byte;
	}
	out[count] = '\0';
	return count > 0;
}

/* Base by its prefix: 0b, 0x, 0 and decimal. */
static int base_of(struct text *digits)
{
	if (text_starts(*digits, TEXT("0b"), false) || text_starts(*digits, TEXT("0x"), false)) {
		int base = digits->data[1] == 'b' ? 2 : 16;

		*digits = text_slice(*digits, 2, digits->length);
		return base;
	}
	if (digits->length > 1 && digits->data[0] == '0') {
		*digits = text_slice(*digits, 1, digits->length);
		return 8;
	}
	return 10;
}

/* 1:30 is 90: numbers to the base of sixty. */
static bool as_sixties(struct text digits, uint64_t *number)
{
	uint64_t part;

	*number = 0;
	for (size_t at = 0; at <= digits.length;) {
		struct text rest = text_slice(digits, at, digits.length);
		struct text piece = text_slice(rest, 0, text_find(rest, ':'));

		if (piece.length == 0 || piece.length > 8 || (at > 0 && piece.length > 2)
			|| !text_to_ulong_base(piece, 10, &part) || (at > 0 && part > 59) || *number > 1000000000)
			return false;
		*number = *number * 60 + part;
		at += piece.length + 1;
	}
	return true;
}

/* 1: a number; 0: none; -1: too large. */
static int as_number(struct arena *arena, struct text text, struct scalar *scalar)
{
	bool negative = text.length > 0 && text.data[0] == '-';
	struct text digits = text_slice(text, text.length > 0 && (negative || text.data[0] == '+'), text.length);
	char plain[80];
	uint64_t number;

	if (digits.length == 0 || !is_digit(digits.data[0]))
		return 0;
	if (text_find(digits, ':') < digits.length) {
		if (digits.data[0] == '0' || !as_sixties(digits, &number))
			return 0;
	} else {
		int base = base_of(&digits);

		if (!digits_of(digits, base, plain, sizeof(plain)))
			return 0;
		if (!text_to_ulong_base(text_of(plain), base, &number))
			return -1;
	}
	if (number > (uint64_t)INT64_MAX)
		return -1;
	scalar->kind = SCALAR_NUMBER;
	scalar->text = text_of(arena_printf(arena, "%s%llu", negative && number ? "-" : "", (unsigned long long)number));
	return 1;
}

static bool is_fraction(struct text text)
{
	size_t at = text.length > 0 && (text.data[0] == '-' || text.data[0] == '+'), digits = 0, start;

	for (start = at; at < text.length && (is_digit(text.data[at]) || (at > start && text.data[at] == '_')); at++)
		digits++;
	if (at >= text.length || text.data[at] != '.')
		return false;
	struct text rest = text_slice(text, at, text.length);

	if (text_equal_fold(rest, TEXT(".inf")) || (at == 0 && text_equal_fold(rest, TEXT(".nan"))))
		return digits == 0;
	for (at++; at < text.length && (is_digit(text.data[at]) || text.data[at] == '_'); at++)
		digits++;
	if (digits == 0)
		return false;
	if (at + 2 < text.length && (text.data[at] | 0x20) == 'e' && (text.data[at + 1] == '-' || text.data[at + 1] == '+'))
		for (at += 2; at < text.length && is_digit(text.data[at]); at++)
			;
	return at == text.length;
}

/* 2024-01-01, also with a time behind it. */
static bool is_date(struct text text)
{
	static const char form[] = "dddd-dd-dd";

	if (text.length < sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++) {
		if (form[i] == 'd' ? !is_digit(text.data[i]) : text.data[i] != form[i])
			return false;
	}
	if (text.length == sizeof(form) - 1)
		return true;
	char next = text.data[sizeof(form) - 1];

	return (next == 'T' || next == 't' || next == ' ' || next == '\t') && text_find(text, ':') < text.length;
}

bool scalar_read(struct arena *arena, const struct yaml *node, struct scalar *scalar, const char **error)
{
	*scalar = (struct scalar){node->kind == YAML_NULL ? SCALAR_NULL : SCALAR_TEXT, node->text};
	if (node->kind == YAML_NULL)
		return true;
	if (node->kind != YAML_SCALAR) {
		*error = "a value is expected here, no list and no mapping";
		return false;
	}
	if (node->quoted || node->block || node->text.length == 0)
		return true;
	char first = node->text.data[0];

	if (!is_digit(first) && first != '-' && first != '+' && first != '.') {
		as_truth(node->text, scalar);
		return true;
	}
	int number = as_number(arena, node->text, scalar);

	if (number < 0)
		*error = "the number is beyond 64 bits: put it into quotes";
	else if (number == 0 && is_date(node->text))
		*error = "YAML reads this as a date: put it into quotes";
	else if (number == 0 && is_fraction(node->text))
		scalar->kind = SCALAR_FRACTION;
	return number >= 0 && (number > 0 || scalar->kind != SCALAR_TEXT || !is_date(node->text));
}

struct text scalar_pattern(struct arena *arena, struct text text)
{
	char *out = arena_alloc(arena, 2 * text.length + 1);
	size_t length = 0;

	if (text_find(text, '\\') == text.length)
		return text;
	for (size_t i = 0; i < text.length; i++) {
		char next = i + 1 < text.length ? text.data[i + 1] : '\0';

		out[length++] = text.data[i];
		if (text.data[i] != '\\')
			continue;
		if (next == '*' || next == '?' || next == '\\') {
			out[length++] = next;
			i++;
		} else {
			out[length++] = '\\';
		}
	}
	return (struct text){out, length};
}
