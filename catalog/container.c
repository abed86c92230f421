/*
 * container: canonical spellings of what is said about a container.
 */
#include "catalog/container.h"

#include "catalog/event.h"

#include <string.h>

struct mode_word {
	struct text word;
	const char *mode;
};

/* The words of an engine's option list that decide; z, rprivate, nocopy and so on do not. */
static const struct mode_word mode_words[] = {
	{{"ro", 2}, "ro"}, {{"readonly", 8}, "ro"}, {{"rro", 3}, "ro"}, {{"rw", 2}, "rw"}, {{"unknown", 7}, "unknown"},
};

static const char *mode_of(struct text mode)
{
	size_t from = 0;
	while (from < mode.length) {
		struct text rest = text_slice(mode, from, mode.length);
		struct text word = text_slice(rest, 0, text_find(rest, ','));
		for (size_t i = 0; i < sizeof mode_words / sizeof *mode_words; i++)
			if (text_equal(word, mode_words[i].word))
				return mode_words[i].mode;
		from += word.length + 1;
	}
	return "rw";
}

/* An absolute path as engines take it: `..` goes up by name. */
static struct text engine_path(struct arena *arena, struct text path)
{
	struct text *pieces;
	size_t count, kept = 0;
	if (!text_starts(path, TEXT("/"), false) || !text_contains(path, TEXT("/.."), false))
		return path_clean(arena, path);
	count = text_split(arena, path, '/', &pieces);
	for (size_t i = 0; i < count; i++) {
		if (!text_is(pieces[i], ".."))
			pieces[kept++] = pieces[i];
		else if (kept)
			kept--;
	}
	struct text joined = text_join(arena, pieces, kept, '/');
	return path_clean(arena, text_of(arena_printf(arena, "/%.*s", TEXT_ARGS(joined))));
}

struct text container_mount(struct arena *arena, struct text source, struct text destination, struct text mode)
{
	struct text from = engine_path(arena, source), to = engine_path(arena, destination);
	const char *word = mode_of(mode);
	size_t length = from.length + to.length + strlen(word) + 2;
	char *mount = arena_alloc(arena, length + 1);
	char *at = mount;
	if (from.length)
		memcpy(at, from.data, from.length);
	at += from.length;
	*at++ = ':';
	if (to.length)
		memcpy(at, to.data, to.length);
	at += to.length;
	*at++ = ':';
	memcpy(at, word, strlen(word));
	return (struct text){mount, length};
}

struct text container_option(struct arena *arena, struct text option)
{
	size_t colon = text_find(option, ':');
	if (colon == option.length || text_find(option, '=') < option.length)
		return option;
	char *copy = arena_strndup(arena, option.data, option.length);
	copy[colon] = '=';
	return (struct text){copy, option.length};
}

struct text container_capability(struct arena *arena, struct text name)
{
	struct text bare = text_trim(name);
	if (text_starts(bare, TEXT("cap_"), true))
		bare = text_slice(bare, 4, bare.length);
	if (!bare.length)
		return TEXT("");
	if (text_equal_fold(bare, TEXT("all")))
		return TEXT("ALL");
	char *canonical = arena_alloc(arena, bare.length + 5);
	memcpy(canonical, "CAP_", 4);
	for (size_t i = 0; i < bare.length; i++) {
		char byte = bare.data[i];
		canonical[4 + i] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
	}
	return (struct text){canonical, bare.length + 4};
}

struct text container_joined(struct arena *arena, struct text type, struct text mode)
{
	size_t colon = text_find(mode, ':');
	struct text how = text_slice(mode, 0, colon);
	if (colon + 1 >= mode.length || (!text_is(how, "container") && !text_is(how, "service")))
		return TEXT("");
	struct text name = text_slice(mode, colon + 1, mode.length);
	return text_of(arena_printf(arena, "%.*s:%.*s", TEXT_ARGS(type), TEXT_ARGS(name)));
}

struct text container_propagation(struct text list, char separator)
{
	static const char *const words[] = {"shared", "rshared", "slave", "rslave"};
	for (size_t from = 0; from < list.length;) {
		struct text rest = text_slice(list, from, list.length);
		struct text word = text_slice(rest, 0, text_find(rest, separator));
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (text_is(word, words[i]))
				return text_of(words[i]);
		from += word.length + 1;
	}
	return TEXT("");
}

bool container_image(struct text image, struct text *name, struct text *tag)
{
	struct text trimmed = text_trim(image);
	struct text whole = text_slice(trimmed, 0, text_find(trimmed, '@'));
	size_t colon = whole.length;
	/* A colon before the last slash belongs to a registry's port. */
	for (size_t i = whole.length; i > 0 && whole.data[i - 1] != '/'; i--)
		if (whole.data[i - 1] == ':')
			colon = i - 1;
	*name = text_slice(whole, 0, colon);
	*tag = text_slice(whole, colon + (colon < whole.length), whole.length);
	return name->length > 0 && !container_unresolved(*name);
}

static bool begins_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '{' || byte == '(';
}

bool container_unresolved(struct text text)
{
	for (size_t i = 0; i + 1 < text.length; i++) {
		if (text.data[i] == '{' && text.data[i + 1] == '{')
			return true;
		if (text.data[i] != '$')
			continue;
		if (text.data[i + 1] == '$')
			i++;
		else if (begins_name(text.data[i + 1]))
			return true;
	}
	return false;
}
