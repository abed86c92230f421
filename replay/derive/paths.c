/*
 * paths: runs of a path within a text are found by what stands before and behind them, and cleaned by name.
 */
#include "replay/derive/paths.h"

#include <string.h>

enum { DEEPEST = 64 };

/* Programs whose plain words are mostly files. */
static const char *const file_tools[] = {
	"awk", "base64", "bash", "bunzip2", "cat", "chattr", "chgrp", "chmod", "chown", "cp", "curl", "cut", "dash", "dd", "diff",
	"ed", "egrep", "emacs", "fgrep", "gawk", "grep", "gunzip", "gzip", "head", "hexdump", "insmod", "install", "less", "ln",
	"mawk", "mknod", "more", "mount", "mv", "nano", "nl", "od", "openssl", "paste", "perl", "python3", "rm", "rsync", "scp",
	"sed", "setfacl", "sh", "shred", "sort", "source", "strings", "tac", "tail", "tar", "tee", "touch", "truncate", "umount",
	"unlink", "vi", "vim", "wget", "xxd", "zip",
};

/* Where a relative word is worth to be spelt out: what conditions ask for lies there, and builds do not work there. */
static const char *const folders[] = {
	"/bin", "/boot", "/dev", "/etc", "/host", "/lib", "/opt/cni", "/proc", "/run", "/sbin", "/sys", "/usr/bin", "/usr/lib",
	"/usr/local/bin", "/usr/sbin", "/var/lib", "/var/log", "/var/run", "/var/spool",
};

static bool within(struct text path, struct text folder)
{
	return text_starts(path, folder, false) && (path.length == folder.length || path.data[folder.length] == '/');
}

static bool is_system_folder(struct text directory)
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (within(directory, text_of(folders[i])))
			return true;
	/* ~/.ssh, ~/.kube …: hidden folders of somebody's home */
	return (text_starts(directory, TEXT("/root/."), false) || text_starts(directory, TEXT("/home/"), false)) &&
		text_contains(directory, TEXT("/."), false);
}

static bool ends_run(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0' || strchr(":,;&|()<>\"'`{}$=\\!", c) != NULL;
}

static bool may_precede(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c != '\0' && strchr(":,;&|(<>\"'`{=@[!", c) != NULL);
}

/* Is there anything to clean? Most texts are told apart from others by this alone. */
static bool is_suspect(struct text text)
{
	const char *at = text.data, *end = text.data + text.length;
	while (at < end && (at = memchr(at, '/', (size_t)(end - at))) != NULL) {
		at++;
		if (at < end && (*at == '/' || *at == '.' || *at == 'p'))
			return true;
	}
	return false;
}

/* The root folder of a process of its own is its own: /proc/self/root/x is /x. */
static size_t own_root(const struct text *parts, size_t count)
{
	static const char *const own[] = {"self", "thread-self", "1"};
	bool root = count > 3 && text_is(parts[0], "proc") && text_is(parts[2], "root");
	for (size_t i = 0; root && i < sizeof own / sizeof *own; i++)
		if (text_is(parts[1], own[i]))
			return 3;
	return 0;
}

/* An absolute path. Itself where it is too deep. */
static struct text clean_path(struct arena *arena, struct text path)
{
	struct text parts[DEEPEST];
	size_t count = 0, first = 0, length = 0;
	for (size_t at = 0; at < path.length;) {
		struct text rest = text_slice(path, at, path.length);
		struct text part = text_slice(rest, 0, text_find(rest, '/'));
		at += part.length + 1;
		if (part.length == 0 || text_is(part, "."))
			continue;
		if (text_is(part, "..")) {
			count -= count > 0;
			continue;
		}
		if (count == DEEPEST)
			return path;
		parts[count++] = part;
	}
	while (own_root(parts + first, count - first) > 0)
		first += own_root(parts + first, count - first);
	char *room = arena_alloc(arena, path.length + 2);
	for (size_t i = first; i < count; i++) {
		room[length++] = '/';
		memcpy(room + length, parts[i].data, parts[i].length);
		length += parts[i].length;
	}
	if (length == 0 || path.data[path.length - 1] == '/')
		room[length++] = '/';
	return (struct text){room, length};
}

/* The scheme of an address that ends at the colon before `at`: its first letter's place; `at`: there is none. */
static size_t scheme_before(struct text text, size_t at)
{
	size_t from = at;
	if (at < 3 || text.data[at - 1] != ':' || at + 1 >= text.length || text.data[at] != '/' || text.data[at + 1] != '/')
		return at;
	for (from = at - 1; from > 0; from--) {
		char c = text.data[from - 1];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-'))
			break;
	}
	return from < at - 2 ? from : at;
}

struct text paths_clean(struct arena *arena, struct text directory, struct text text)
{
	static const struct text cwd = {"/proc/self/cwd/", 15};
	struct buffer out = {0};
	size_t kept = 0;
	if (!is_suspect(text))
		return text;
	for (size_t at = 0; at < text.length;) {
		if (text.data[at] != '/' || (at > 0 && !may_precede(text.data[at - 1]))) {
			at++;
			continue;
		}
		size_t end = at, scheme = scheme_before(text, at);
		bool address = scheme < at && !text_is(text_slice(text, scheme, at - 1), "file");
		while (end < text.length && (address ? text.data[end] != ' ' && text.data[end] != '"' && text.data[end] != '\'' &&
				text.data[end] != '\n' : !ends_run(text.data[end])))
			end++;
		size_t from = scheme < at && !address ? at + 2 : at;
		struct text run = text_slice(text, from, end), clean = run;
		if (!address && run.length > 1 && text_starts(run, cwd, false) && directory.length > 0)
			clean = clean_path(arena, text_of(arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(directory),
				TEXT_ARGS(text_slice(run, cwd.length, run.length)))));
		else if (!address && run.length > 1)
			clean = clean_path(arena, run);
		if (!text_equal(clean, run)) {
			buffer_add(&out, text.data + kept, from - kept);
			buffer_add(&out, clean.data, clean.length);
			kept = end;
		}
		at = end > at ? end : at + 1;
	}
	if (out.length > 0) {
		buffer_add(&out, text.data + kept, text.length - kept);
		text = text_copy(arena, buffer_view(&out));
	}
	buffer_free(&out);
	return text;
}

static bool is_file_tool(struct text tool)
{
	for (size_t i = 0; i < sizeof file_tools / sizeof *file_tools; i++)
		if (text_is(tool, file_tools[i]))
			return true;
	return false;
}

/* [A-Za-z0-9._/-]+, not an option, and no number. */
static bool is_plain(struct text word)
{
	bool letter = false;
	for (size_t i = 0; i < word.length; i++) {
		char c = word.data[i];
		bool alphabetic = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!alphabetic && !(c >= '0' && c <= '9') && (c == '\0' || strchr("._/-*?", c) == NULL))
			return false;
		letter = letter || alphabetic;
	}
	return letter && word.data[0] != '-' && word.data[0] != '/';
}

struct text paths_absolute(struct arena *arena, struct text directory, struct text tool, struct text word)
{
	size_t begin = is_file_tool(tool) && text_find(word, '=') < word.length ? text_find(word, '=') + 1 : 0; /* dd if=x */
	struct text path = text_slice(word, begin, word.length);
	if (directory.length == 0 || directory.data[0] != '/' || path.length == 0 || !is_plain(path))
		return word;
	bool up = text_starts(path, TEXT("../"), false);
	bool below = directory.length == 1 && text_find(path, '/') < path.length; /* etc/shadow in / */
	if (!up && !(is_file_tool(tool) && (below || is_system_folder(directory))))
		return word;
	struct text whole = text_of(arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(directory), TEXT_ARGS(path)));
	return text_of(arena_printf(arena, "%.*s%.*s", (int)begin, word.data, TEXT_ARGS(clean_path(arena, whole))));
}

static bool is_launcher(struct text tool)
{
	return text_is(tool, "busybox") || text_is(tool, "toybox") || text_is(tool, "sudo");
}

static void add_facet(struct event *event, const struct facet *exec, const struct paths_fields *fields,
	const struct text *words, size_t count)
{
	unsigned category = exec->category, action = exec->action;
	struct facet *facet = event_copy_facet(event, exec, category, action);
	facet_set_texts(event, facet, fields->args, words, count);
	facet_set_text(event, facet, fields->command_line, text_join(event->arena, words, count, ' '));
	facet->derived = true;
}

void paths_derive(struct event *event, const struct facet *exec, const struct paths_fields *fields)
{
	const struct values *args = facet_get(exec, fields->args);
	struct text directory = facet_text(exec, fields->directory), *words = NULL;
	if (args == NULL || args->count < 2)
		return;
	struct text tool = path_name(args->items[0].text);
	size_t first = is_launcher(tool) ? 2 : 1;
	if (first == 2)
		tool = path_name(args->items[1].text);
	else if (!is_file_tool(tool))
		tool = facet_text(exec, fields->name); /* sh -c …: what runs, whatever it calls itself */
	/* /proc/self is who opens it: what a client or a shell only hands on is for others. */
	struct text own = is_file_tool(tool) ? directory : TEXT("");
	for (size_t i = 1; i < args->count; i++) {
		struct text word = args->items[i].text;
		bool script = text_find(word, ' ') < word.length;
		struct text clean = paths_clean(event->arena, script ? TEXT("") : own, word);
		if (i >= first && clean.data == word.data)
			clean = paths_absolute(event->arena, directory, tool, word);
		if (clean.data == word.data && words == NULL)
			continue;
		if (words == NULL) {
			words = arena_array(event->arena, args->count, sizeof *words);
			for (size_t k = 0; k < args->count; k++)
				words[k] = args->items[k].text;
		}
		words[i] = clean;
	}
	if (words != NULL)
		add_facet(event, exec, fields, words, args->count);
}
