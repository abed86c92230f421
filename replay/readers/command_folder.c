/*
 * command_folder: cd, pushd, popd.
 */
#include "replay/readers/command_folder.h"

#include "catalog/event.h"

#include <string.h>

/* Absolute; `..` is resolved by name, as a shell's cd does. */
static struct text resolve(struct arena *arena, struct text path)
{
	char *out = arena_alloc(arena, path.length + 1);
	size_t length = 0;
	for (size_t at = 0; at < path.length;) {
		struct text rest = text_slice(path, at, path.length);
		struct text part = text_slice(rest, 0, text_find(rest, '/'));
		at += part.length + 1;
		if (part.length == 0 || text_is(part, "."))
			continue;
		if (text_is(part, "..")) {
			while (length && out[--length] != '/')
				;
			continue;
		}
		out[length++] = '/';
		memcpy(out + length, part.data, part.length);
		length += part.length;
	}
	if (!length)
		out[length++] = '/';
	return path_clean(arena, (struct text){out, length});
}

struct text command_folder_path(struct arena *arena, const struct command_folder *folder, struct text path)
{
	if (path.length && path.data[0] == '/')
		return resolve(arena, path);
	if (!folder->now.length || !path.length)
		return TEXT("");
	const char *whole = arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(folder->now), TEXT_ARGS(path));
	return resolve(arena, text_of(whole));
}

/* The operand behind the options; empty: there is none. */
static struct text operand(const struct text *words, size_t count)
{
	size_t i = 1;
	while (i < count && words[i].length > 1 && words[i].data[0] == '-' && !text_is(words[i], "--"))
		i++;
	i += i < count && text_is(words[i], "--");
	return i < count ? words[i] : TEXT("");
}

void command_folder_follow(struct arena *arena, struct command_folder *folder, const struct text *words, size_t count,
	bool exact)
{
	struct text before = folder->before, to = operand(words, count);
	bool back = text_is(words[0], "popd") || (text_is(words[0], "pushd") && !to.length) || text_is(to, "-");
	if (!back && !text_is(words[0], "cd") && !text_is(words[0], "pushd"))
		return;
	folder->before = folder->now;
	if (back)
		folder->now = before;
	else
		folder->now = exact ? command_folder_path(arena, folder, to) : TEXT(""); /* none: home, wherever that is */
}
