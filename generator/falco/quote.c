/* quote: texts as Falco's filter language and its rule files read them. */
#include "generator/falco/quote.h"

#include "generator/falco/regex.h"

#include <string.h>

static const char *const words[] = {
	"and", "or", "not", "in", "exists", "contains", "icontains", "bcontains", "startswith", "bstartswith",
	"endswith", "glob", "iglob", "regex", "intersects", "pmatch", "val", "oneof", "anyof", "allof",
};

static bool alphanumeric(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

bool falco_bare(struct text value)
{
	if (value.length == 0 || !(alphanumeric(value.data[0]) || value.data[0] == '/'))
		return false;
	for (size_t i = 0; i < value.length; i++) {
		if (!alphanumeric(value.data[i]) && memchr("/._-:@", value.data[i], 6) == NULL)
			return false;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_equal_fold(value, text_of(words[i])))
			return false;
	}
	return true;
}

bool falco_quotable(struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char byte = (unsigned char)value.data[i];

		if ((byte < ' ' && memchr("\b\f\n\r\t", byte, 5) == NULL) || byte == 127)
			return false;
	}
	return value.length == 0 || value.data[value.length - 1] != '\\';
}

/* Single quotes where the text holds double ones alone: older engines know no escaped quotes. */
static char quote_for(struct text value)
{
	bool twice = text_find(value, '"') < value.length, once = text_find(value, '\'') < value.length;

	return twice && !once ? '\'' : '"';
}

static void escaped(struct buffer *out, struct text value, char quote)
{
	static const char raw[] = "\b\f\n\r\t\\\"", escape[] = "bfnrt\\\"";

	for (size_t i = 0; i < value.length; i++) {
		const char *special = memchr(raw, value.data[i], sizeof(raw) - 1);

		if (special != NULL && (value.data[i] != '"' || quote == '"')) {
			buffer_char(out, '\\');
			buffer_char(out, escape[special - raw]);
		} else {
			buffer_char(out, value.data[i]);
		}
	}
}

void falco_quote(struct buffer *out, struct text value)
{
	if (falco_bare(value)) {
		buffer_text(out, value);
		return;
	}
	char quote = quote_for(value);

	buffer_char(out, quote);
	escaped(out, value, quote);
	buffer_char(out, quote);
}

void falco_quote_regex(struct buffer *out, struct text regex, bool fold, bool lines)
{
	struct buffer written = {0};

	falco_regex_write(&written, regex, fold, lines);
	bool wrap = written.length > 0 && written.data[written.length - 1] == '\\';
	char quote = quote_for(buffer_view(&written));

	buffer_char(out, quote);
	buffer_string(out, wrap ? "(" : "");
	escaped(out, buffer_view(&written), quote);
	buffer_string(out, wrap ? ")" : "");
	buffer_char(out, quote);
	buffer_free(&written);
}

bool falco_glob(struct text pattern)
{
	for (size_t i = 0; i < pattern.length; i++) {
		if (!alphanumeric(pattern.data[i]) && memchr("/._-:@ *,=", pattern.data[i], 10) == NULL)
			return false;
	}
	return true;
}

bool falco_exception_value(struct buffer *out, struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		unsigned char byte = (unsigned char)value.data[i];

		if (byte < ' ' || byte == 127 || byte == '"' || byte == '\'' || byte == '\\' || byte == ',')
			return false;
	}
	if (value.length == 0)
		return false;
	bool bare = falco_bare(value);

	buffer_string(out, bare ? "'" : "'\"");
	buffer_text(out, value);
	buffer_string(out, bare ? "'" : "\"'");
	return true;
}

void falco_yaml(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte == '\n' || byte == '\t' || byte == '\r')
			buffer_char(out, ' ');
		else if (byte < ' ' || byte == 127)
			buffer_printf(out, "\\x%02x", byte);
		else {
			if (byte == '"' || byte == '\\')
				buffer_char(out, '\\');
			buffer_char(out, (char)byte);
		}
	}
	buffer_char(out, '"');
}
