/* yaml_scalar: see yaml_scalar.h. */
#include "catalog/yaml_scalar.h"

#include <string.h>

/* What some reader takes for a truth or for nothing: YAML 1.1's and 1.2's words. */
static bool is_typed_word(struct text text)
{
	static const char *const words[] = {"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", ".inf",
		"-.inf", "+.inf", ".nan"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal_fold(text, text_of(words[i])))
			return true;
	return text.length == 0;
}

/* Numbers of all sorts (0x3, 1_000, 1e3, 12:30:45) and days begin with a digit and hold few other bytes. */
static bool looks_like_number(struct text text)
{
	size_t at = text.data[0] == '-' || text.data[0] == '+';
	size_t digit = at + (at < text.length && text.data[at] == '.');
	if (digit >= text.length || text.data[digit] < '0' || text.data[digit] > '9')
		return false;
	for (size_t i = at; i < text.length; i++)
		if (strchr("0123456789abcdefABCDEFxXoOtTzZ_.:+- ", text.data[i]) == NULL)
			return false;
	return true;
}

bool yaml_is_typed(struct text text)
{
	return is_typed_word(text) || looks_like_number(text);
}

static bool begins_plain(struct text text, bool flow)
{
	char first = text.data[0], second = text.length > 1 ? text.data[1] : ' ';
	if (first == '-' || first == '?' || first == ':')
		return second != ' ' && second != '\t' && !(flow && strchr(",[]{}", second) != NULL);
	return strchr("!&*%@`\"'#|>,[]{}", first) == NULL;
}

bool yaml_is_plain(struct text text, bool flow)
{
	if (text.length == 0 || text_trim(text).length != text.length || !begins_plain(text, flow))
		return false;
	if (text_starts(text, TEXT("---"), false) || text_starts(text, TEXT("..."), false))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i], next = i + 1 < text.length ? text.data[i + 1] : ' ';
		if ((unsigned char)byte < ' ' || byte == 0x7f)
			return false;
		if (byte == ':' && (next == ' ' || flow))
			return false;
		if (byte == '#' && i > 0 && text.data[i - 1] == ' ')
			return false;
		if (flow && strchr(",[]{}?", byte) != NULL) /* YAML 1.1 takes a ? inside for a sign */
			return false;
	}
	return !text_contains(text, TEXT("\xc2\x85"), false) && !text_contains(text, TEXT("\xe2\x80\xa8"), false) &&
		!text_contains(text, TEXT("\xe2\x80\xa9"), false) && !text_contains(text, TEXT("\xef\xbb\xbf"), false);
}

bool yaml_needs_escape(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
			return true;
	return text_contains(text, TEXT("\xc2\x85"), false) || text_contains(text, TEXT("\xe2\x80\xa8"), false) ||
		text_contains(text, TEXT("\xe2\x80\xa9"), false) || text_contains(text, TEXT("\xef\xbb\xbf"), false);
}

static void print_single(struct text text, struct buffer *out)
{
	buffer_char(out, '\'');
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\'')
			buffer_char(out, '\'');
		buffer_char(out, text.data[i]);
	}
	buffer_char(out, '\'');
}

/* A byte with a letter of its own. */
static char escape_of(char byte)
{
	static const char bytes[] = "\n\t\r\"\\\b\f\a\v\033", letters[] = "ntr\"\\bfave";
	const char *at = strchr(bytes, byte);
	return at != NULL && byte != '\0' ? letters[at - bytes] : '\0';
}

static void print_double(struct text text, struct buffer *out)
{
	buffer_char(out, '"');
	for (size_t i = 0, step; i < text.length; i += step) {
		struct text rest = text_slice(text, i, text.length);
		char escape = escape_of(rest.data[0]);
		step = utf8_step(rest.data, rest.length);
		if (escape != '\0')
			buffer_printf(out, "\\%c", escape);
		else if ((unsigned char)rest.data[0] < ' ' || rest.data[0] == 0x7f)
			buffer_printf(out, "\\x%02x", (unsigned)rest.data[0]);
		else if (text_starts(rest, TEXT("\xc2\x85"), false))
			buffer_string(out, "\\N");
		else if (text_starts(rest, TEXT("\xe2\x80\xa8"), false))
			buffer_string(out, "\\L");
		else if (text_starts(rest, TEXT("\xe2\x80\xa9"), false))
			buffer_string(out, "\\P");
		else if (text_starts(rest, TEXT("\xef\xbb\xbf"), false))
			buffer_string(out, "\\uFEFF");
		else
			buffer_text(out, text_slice(rest, 0, step));
	}
	buffer_char(out, '"');
}

void yaml_quoted_print(struct text text, struct buffer *out)
{
	bool special = text_find(text, '"') < text.length || text_find(text, '\\') < text.length;
	if (special && !yaml_needs_escape(text))
		print_single(text, out);
	else
		print_double(text, out);
}

void yaml_scalar_print(struct text text, bool flow, struct buffer *out)
{
	if (!yaml_is_typed(text) && yaml_is_plain(text, flow))
		buffer_text(out, text);
	else
		yaml_quoted_print(text, out);
}
