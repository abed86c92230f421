/*
 * pattern: wildcard matching with one point to go back to (the last star), and what writers need of patterns.
 */
#include "catalog/pattern.h"

#include "catalog/regex.h"

static char fold_byte(char byte, bool fold)
{
	return fold && byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* One element of a pattern: a wildcard, or a byte that stands for itself. A final `\` is itself. */
struct element {
	char wildcard; /* '*', '?' or 0 */
	char byte;
	size_t length; /* in the pattern */
};

static struct element element_at(struct text pattern, size_t at)
{
	char byte = pattern.data[at];
	if (byte == '\\' && at + 1 < pattern.length)
		return (struct element){0, pattern.data[at + 1], 2};
	if (byte == '*' || byte == '?')
		return (struct element){byte, byte, 1};
	return (struct element){0, byte, 1};
}

/* How many bytes of the text the element takes at `at`; 0: it does not fit. */
static size_t element_takes(struct element element, struct text text, size_t at, bool fold)
{
	if (at >= text.length)
		return 0;
	if (element.wildcard == '?')
		return utf8_step(text.data + at, text.length - at);
	return fold_byte(element.byte, fold) == fold_byte(text.data[at], fold) ? 1 : 0;
}

bool pattern_match(struct text pattern, struct text text, bool fold)
{
	size_t p = 0, t = 0;
	bool starred = false;
	size_t star_pattern = 0, star_text = 0; /* behind the last star; where its run ends for now */

	while (t < text.length || p < pattern.length) {
		size_t taken = 0;
		if (p < pattern.length) {
			struct element element = element_at(pattern, p);
			if (element.wildcard == '*') {
				p += element.length;
				starred = true;
				star_pattern = p;
				star_text = t;
				continue;
			}
			taken = element_takes(element, text, t, fold);
			p += element.length;
			t += taken;
		}
		if (taken > 0)
			continue;
		if (!starred || star_text >= text.length)
			return false;
		star_text += utf8_step(text.data + star_text, text.length - star_text);
		t = star_text;
		p = star_pattern;
	}
	return true;
}

static void add_part(struct arena *arena, struct pattern_part **parts, size_t *count, enum pattern_part_kind kind,
	struct text text)
{
	*parts = arena_grow(arena, *parts, *count, sizeof(**parts));
	(*parts)[(*count)++] = (struct pattern_part){kind, text};
}

size_t pattern_parts(struct arena *arena, struct text pattern, struct pattern_part **parts)
{
	char *bytes = arena_alloc(arena, pattern.length + 1);
	size_t begin = 0, end = 0, count = 0;

	*parts = NULL;
	for (size_t p = 0; p < pattern.length;) {
		struct element element = element_at(pattern, p);
		p += element.length;
		if (element.wildcard == 0) {
			bytes[end++] = element.byte;
			continue;
		}
		if (end > begin)
			add_part(arena, parts, &count, PATTERN_LITERAL, (struct text){bytes + begin, end - begin});
		begin = end;
		if (element.wildcard == '?')
			add_part(arena, parts, &count, PATTERN_ONE, TEXT("?"));
		else if (count == 0 || (*parts)[count - 1].kind != PATTERN_ANY)
			add_part(arena, parts, &count, PATTERN_ANY, TEXT("*"));
	}
	if (end > begin)
		add_part(arena, parts, &count, PATTERN_LITERAL, (struct text){bytes + begin, end - begin});
	return count;
}

bool pattern_has_wildcard(struct text pattern)
{
	for (size_t p = 0; p < pattern.length;) {
		struct element element = element_at(pattern, p);
		if (element.wildcard != 0)
			return true;
		p += element.length;
	}
	return false;
}

struct text pattern_unescape(struct arena *arena, struct text pattern)
{
	char *bytes = arena_alloc(arena, pattern.length + 1);
	size_t length = 0;

	for (size_t p = 0; p < pattern.length;) {
		struct element element = element_at(pattern, p);
		bytes[length++] = element.byte;
		p += element.length;
	}
	return (struct text){bytes, length};
}

struct text pattern_escape(struct arena *arena, struct text literal)
{
	char *bytes = arena_alloc(arena, 2 * literal.length + 1);
	size_t length = 0;

	for (size_t at = 0; at < literal.length; at++) {
		char byte = literal.data[at];
		if (byte == '*' || byte == '?' || byte == '\\')
			bytes[length++] = '\\';
		bytes[length++] = byte;
	}
	return (struct text){bytes, length};
}

struct text pattern_to_regex(struct arena *arena, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);
	struct buffer out = {0};

	for (size_t i = 0; i < count; i++) {
		/* Not `.`, which stops at a newline. */
		if (parts[i].kind == PATTERN_ANY)
			buffer_string(&out, "[\\s\\S]*");
		else if (parts[i].kind == PATTERN_ONE)
			buffer_string(&out, "[\\s\\S]");
		else
			regex_escape(&out, parts[i].text);
	}
	struct text regex = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return regex;
}
