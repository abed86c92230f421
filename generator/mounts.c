/* mounts: patterns on source:destination:mode, taken apart. */
#include "generator/mounts.h"

#include "catalog/pattern.h"

bool mounts_under_run(struct text path)
{
	return text_starts(path, TEXT("/run"), false)
		&& (path.length == 4 || path.data[4] == '/' || path.data[4] == '*' || path.data[4] == '?');
}

static size_t colons_in(struct text text)
{
	size_t colons = 0;

	for (size_t i = 0; i < text.length; i++)
		colons += text.data[i] == ':';
	return colons;
}

static unsigned modes_of(struct text pattern, bool fold)
{
	return (pattern_match(pattern, TEXT("rw"), fold) ? MOUNT_RW : 0)
		| (pattern_match(pattern, TEXT("ro"), fold) ? MOUNT_RO : 0)
		| (pattern_match(pattern, TEXT("unknown"), fold) ? MOUNT_UNKNOWN : 0);
}

static size_t add(struct arena *arena, struct text whole, bool fold, struct mount_pattern **patterns, size_t count)
{
	size_t first = text_find(whole, ':');
	struct text rest = text_slice(whole, first + 1, whole.length);
	size_t second = text_find(rest, ':');
	struct mount_pattern made = {
		text_slice(whole, 0, first),
		text_slice(rest, 0, second),
		modes_of(text_slice(rest, second + 1, rest.length), fold),
	};

	if (made.modes == 0)
		return count;
	for (size_t i = 0; i < count; i++) {
		if (text_equal((*patterns)[i].source, made.source) && text_equal((*patterns)[i].destination, made.destination)) {
			(*patterns)[i].modes |= made.modes;
			return count;
		}
	}
	*patterns = arena_grow(arena, *patterns, count, sizeof(**patterns));
	(*patterns)[count] = made;
	return count + 1;
}

/* `from`: wildcards before it have been tried. */
static size_t split(struct arena *arena, struct text pattern, size_t from, bool fold, struct mount_pattern **patterns,
	size_t count)
{
	size_t colons = colons_in(pattern);

	if (colons > 2)
		return count;
	if (colons == 2)
		return add(arena, pattern, fold, patterns, count);
	for (size_t i = from; i < pattern.length; i++) {
		if (pattern.data[i] == '\\') {
			i++;
			continue;
		}
		if (pattern.data[i] != '*' && pattern.data[i] != '?')
			continue;
		struct text before = {pattern.data, i}, after = {pattern.data + i + 1, pattern.length - i - 1};
		const char *with = pattern.data[i] == '*' ? "*:*" : ":";
		char *tried = arena_printf(arena, "%.*s%s%.*s", TEXT_ARGS(before), with, TEXT_ARGS(after));

		count = split(arena, text_of(tried), pattern.data[i] == '*' ? i + 2 : i + 1, fold, patterns, count);
	}
	return count;
}

size_t mounts_split(struct arena *arena, struct text pattern, bool fold, struct mount_pattern **patterns, size_t count)
{
	return split(arena, pattern, 0, fold, patterns, count);
}
