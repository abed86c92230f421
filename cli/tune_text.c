/* tune_text: a long condition over several lines (see tune_text.h). */
#include "cli/tune_text.h"

/* Behind the string that begins at `at`: "…" with escapes, or """…""" without. */
static size_t skip_string(struct text text, size_t at)
{
	static const struct text raw = {"\"\"\"", 3};
	if (text_starts(text_slice(text, at, text.length), raw, false)) {
		for (at += 3; at < text.length; at++)
			if (text_starts(text_slice(text, at, text.length), raw, false))
				return at + 3;
		return at;
	}
	for (at++; at < text.length && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at + 1 < text.length ? at + 1 : text.length;
}

/* Where the next ` and ` or ` or ` begins from `at` on, outside of strings; text.length: there is none. */
static size_t next_joint(struct text text, size_t at)
{
	while (at < text.length) {
		struct text rest = text_slice(text, at, text.length);
		if (text.data[at] == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (text_starts(rest, TEXT(" and "), false) || text_starts(rest, TEXT(" or "), false))
			return at;
		at++;
	}
	return text.length;
}

struct text tune_wrap(struct arena *arena, struct text condition, size_t width)
{
	struct buffer out = {0};
	size_t column = 0;
	if (condition.length <= width || next_joint(condition, 0) == condition.length)
		return condition;
	for (size_t from = 0, to; from < condition.length; from = to) {
		to = next_joint(condition, from + (from > 0));
		struct text piece = text_slice(condition, from, to);
		if (from > 0 && column + piece.length > width) {
			buffer_string(&out, "\n ");
			column = 1;
		}
		buffer_text(&out, piece);
		column += piece.length;
	}
	buffer_char(&out, '\n');
	struct text wrapped = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return wrapped;
}
