/* quote: texts as Elastic's EQL reads them. */
#include "generator/elastic/quote.h"

#include "catalog/pattern.h"

bool elastic_quotable(struct text text)
{
	return utf8_valid(text) && text_find(text, '\0') == text.length;
}

static bool has_control(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if ((unsigned char)text.data[i] < ' ' || text.data[i] == 127)
			return true;
	}
	return false;
}

/* A raw string ends at three quotes, and takes those at its edges for its own. */
static bool may_be_raw(struct text text)
{
	return text_find(text, '\\') < text.length && !has_control(text) && !text_contains(text, TEXT("\"\"\""), false)
		&& text.data[0] != '"' && text.data[text.length - 1] != '"';
}

void elastic_quote(struct buffer *out, struct text text)
{
	if (may_be_raw(text)) {
		buffer_printf(out, "\"\"\"%.*s\"\"\"", TEXT_ARGS(text));
		return;
	}
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		switch (byte) {
		case '"':
		case '\\':
			buffer_char(out, '\\');
			buffer_char(out, (char)byte);
			break;
		case '\n':
			buffer_string(out, "\\n");
			break;
		case '\r':
			buffer_string(out, "\\r");
			break;
		case '\t':
			buffer_string(out, "\\t");
			break;
		case '\b':
			buffer_string(out, "\\b");
			break;
		case '\f':
			buffer_string(out, "\\f");
			break;
		default:
			if (byte < ' ' || byte == 127)
				buffer_printf(out, "\\u{%02x}", byte);
			else
				buffer_char(out, (char)byte);
		}
	}
	buffer_char(out, '"');
}

static bool name_byte(char byte, bool first)
{
	bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '@';

	return letter || (!first && byte >= '0' && byte <= '9');
}

void elastic_name(struct buffer *out, struct text name)
{
	bool plain = name.length > 0, first = true;

	for (size_t i = 0; i < name.length && plain; i++) {
		if (name.data[i] == '.' && !first && i + 1 < name.length) {
			first = true;
			continue;
		}
		plain = name_byte(name.data[i], first);
		first = false;
	}
	buffer_printf(out, plain ? "%.*s" : "`%.*s`", TEXT_ARGS(name));
}

bool elastic_plain(struct text literal)
{
	return text_find(literal, '*') == literal.length && text_find(literal, '?') == literal.length;
}

bool elastic_can_like(struct arena *arena, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL && (!elastic_plain(parts[i].text) || !elastic_quotable(parts[i].text)))
			return false;
	}
	return true;
}

void elastic_like(struct arena *arena, struct buffer *out, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			buffer_text(out, parts[i].text);
		else
			buffer_char(out, parts[i].kind == PATTERN_ANY ? '*' : '?');
	}
}

struct text elastic_like_read(struct arena *arena, struct text pattern)
{
	struct buffer out = {0};

	for (size_t i = 0; i < pattern.length; i++) {
		if (pattern.data[i] == '\\')
			buffer_char(&out, '\\');
		buffer_char(&out, pattern.data[i]);
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}
