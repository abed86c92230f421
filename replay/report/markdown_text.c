/* markdown_text: see markdown_text.h. */
#include "replay/report/markdown_text.h"

#include <stdlib.h>
#include <string.h>

/* Invisible, and no letter: it parts what a reader of the rendered text would join to a name, a link or a number. */
#define WORD_JOINER "\xe2\x81\xa0"
#define REPLACEMENT "\xef\xbf\xbd"

static bool is_control(const char *data, size_t step)
{
	unsigned char byte = (unsigned char)data[0];
	if (step == 1)
		return byte < 0x20 || byte == 0x7f;
	if (step == 2)
		return byte == 0xc2 && (unsigned char)data[1] < 0xa0;
	if (step != 3)
		return false;
	unsigned char last = (unsigned char)data[2];
	bool embeds = memcmp(data, "\xe2\x80", 2) == 0 && ((last >= 0xaa && last <= 0xae) || last == 0xa8 || last == 0xa9);
	bool isolates = memcmp(data, "\xe2\x81", 2) == 0 && last >= 0xa6 && last <= 0xa9;
	return embeds || isolates;
}

/* Well-formed, on one line, cut. The buffer's text is NUL-terminated. */
static void clean(struct buffer *out, struct text text, size_t most)
{
	size_t count = 0;
	for (size_t at = 0, step; at < text.length; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		if (most && ++count >= most && at + step < text.length) {
			buffer_string(out, "…");
			return;
		}
		if (is_control(text.data + at, step))
			buffer_char(out, ' ');
		else if (step == 1 && (unsigned char)text.data[at] >= 0x80)
			buffer_string(out, REPLACEMENT);
		else
			buffer_add(out, text.data + at, step);
	}
}

static bool is_word(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
		byte == '-' || (unsigned char)byte >= 0x80;
}

static bool begins_fold(struct text text, size_t at, const char *with)
{
	return text_starts(text_slice(text, at, text.length), text_of(with), true);
}

/* After this byte something would be linked: @name, #12, GH-12, scheme://, www. */
static bool would_link(struct text text, size_t at)
{
	char byte = text.data[at], next = at + 1 < text.length ? text.data[at + 1] : ' ';
	switch (byte) {
	case '@': case '#': case '!': case '~': case '%': case '$': case '&': return is_word(next);
	case ':': return begins_fold(text, at, "://");
	case 'w': case 'W': return at >= 2 && begins_fold(text, at - 2, "www.");
	case 'H': case 'h': return at >= 1 && begins_fold(text, at - 1, "gh-");
	default: return false;
	}
}

void markdown_prose(struct buffer *out, struct text text, size_t most)
{
	struct buffer line = {0};
	clean(&line, text, most);
	struct text whole = buffer_view(&line);
	for (size_t i = 0; i < whole.length; i++) {
		if (whole.data[i] && strchr("\\`*_[]<>|~&$", whole.data[i]))
			buffer_char(out, '\\');
		buffer_char(out, whole.data[i]);
		if (would_link(whole, i))
			buffer_string(out, WORD_JOINER);
	}
	buffer_free(&line);
}

static size_t longest_run(struct text text, char byte)
{
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < text.length; i++) {
		run = text.data[i] == byte ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void repeat(struct buffer *out, char byte, size_t count)
{
	while (count--)
		buffer_char(out, byte);
}

static void code(struct buffer *out, struct text text, size_t most, bool cell)
{
	struct buffer line = {0};
	clean(&line, text, most);
	struct text whole = text_trim(buffer_view(&line));
	if (!whole.length)
		whole = TEXT(" ");
	size_t fence = longest_run(whole, '`') + 1;
	bool pad = whole.data[0] == '`' || whole.data[whole.length - 1] == '`';
	repeat(out, '`', fence);
	buffer_string(out, pad ? " " : "");
	for (size_t i = 0; i < whole.length; i++) {
		/* A table takes `\|` for a pipe, in code too; a backslash of the text must not stand before it. */
		if (cell && whole.data[i] == '|')
			buffer_string(out, i && whole.data[i - 1] == '\\' ? WORD_JOINER "\\" : "\\");
		buffer_char(out, whole.data[i]);
	}
	buffer_string(out, pad ? " " : "");
	repeat(out, '`', fence);
	buffer_free(&line);
}

void markdown_code(struct buffer *out, struct text text, size_t most)
{
	code(out, text, most, false);
}

void markdown_code_cell(struct buffer *out, struct text text, size_t most)
{
	code(out, text, most, true);
}

void markdown_block(struct buffer *out, const char *language, const struct text *lines, size_t count)
{
	size_t fence = 3;
	for (size_t i = 0; i < count; i++) {
		size_t run = longest_run(lines[i], '`') + 1;
		fence = run > fence ? run : fence;
	}
	repeat(out, '`', fence);
	buffer_printf(out, "%s\n", language);
	for (size_t i = 0; i < count; i++) {
		clean(out, lines[i], 0);
		buffer_char(out, '\n');
	}
	repeat(out, '`', fence);
	buffer_char(out, '\n');
}
