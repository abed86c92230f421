/* wrap: canonical EQL on several lines. */
#include "generator/wrap.h"

#include <string.h>

enum { INDENT = 2 };

/* The byte behind the string or quoted name that begins at `at`. */
static size_t behind_quote(struct text line, size_t at)
{
	char quote = line.data[at];
	bool raw = quote == '"' && text_starts(text_slice(line, at, line.length), TEXT("\"\"\""), false);
	size_t i = at + (raw ? 3 : 1);

	if (raw) {
		while (i < line.length && !text_starts(text_slice(line, i, line.length), TEXT("\"\"\""), false))
			i++;
		return i + 3 < line.length ? i + 3 : line.length;
	}
	for (; i < line.length && line.data[i] != quote; i++)
		i += line.data[i] == '\\' && quote == '"';
	return i < line.length ? i + 1 : line.length;
}

/* Where a line may end: a blank before `and`, `or`, `[`, `until`, or behind a comma. */
static bool may_break(struct text line, size_t blank)
{
	static const char *const words[] = {"and ", "or ", "[", "until "};
	struct text rest = text_slice(line, blank + 1, line.length);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_starts(rest, text_of(words[i]), false))
			return true;
	}
	return blank > 0 && line.data[blank - 1] == ',';
}

struct chosen {
	size_t at;      /* the blank; 0: none */
	unsigned depth;
};

/* The best break of the line that begins at `from`; *depth is the depth of parentheses there, and then at the break. */
static struct chosen choose(struct text line, size_t from, size_t width, unsigned depth)
{
	struct chosen best = {0, 0};

	for (size_t i = from; i < line.length;) {
		char byte = line.data[i];

		if (i - from > width && best.at > 0)
			break;
		if (byte == '"' || byte == '`') {
			i = behind_quote(line, i);
			continue;
		}
		depth += byte == '(' || byte == '[';
		depth -= (byte == ')' || byte == ']') && depth > 0;
		if (byte == ' ' && i > from && may_break(line, i) && (best.at == 0 || depth <= best.depth || best.at - from < width / 2))
			best = (struct chosen){i, depth};
		i++;
	}
	return best;
}

void wrap_eql(struct text line, size_t width, struct buffer *out)
{
	size_t from = 0, indent = 0;
	unsigned depth = 0;

	while (line.length - from + indent > width) {
		struct chosen best = choose(line, from, width - indent, depth);

		if (best.at == 0)
			break;
		buffer_text(out, text_slice(line, from, best.at));
		buffer_char(out, '\n');
		depth = best.depth;
		indent = INDENT * (size_t)(1 + (depth < 8 ? depth : 8));
		for (size_t i = 0; i < indent; i++)
			buffer_char(out, ' ');
		from = best.at + 1;
	}
	buffer_text(out, text_slice(line, from, line.length));
}
