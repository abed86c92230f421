/*
 * paths: runs of a path within a text are found by what stands before and behind them, and cleaned by name.
 */
#include "replay/derive/paths.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum {
	LETTERS = 'z' - 'a' + 1,
	DEEPEST = 64,
	PAIRS = 16, /* of bytes, looked at in one */
	GAP = 7,    /* of two words in one line of the source at most; separate pieces of memory are not that close */
};

#define WORD(literal) {literal, sizeof(literal) - 1}

/* Programs whose plain words are mostly files. */
static const struct text file_tools[] = {
	WORD("awk"), WORD("base64"), WORD("bash"), WORD("bunzip2"), WORD("cat"), WORD("chattr"), WORD("chgrp"),
	WORD("chmod"), WORD("chown"), WORD("cp"), WORD("curl"), WORD("cut"), WORD("dash"), WORD("dd"),
	WORD("diff"), WORD("ed"), WORD("egrep"), WORD("emacs"), WORD("fgrep"), WORD("gawk"), WORD("grep"),
	WORD("gunzip"), WORD("gzip"), WORD("head"), WORD("hexdump"), WORD("insmod"), WORD("install"), WORD("less"),
	WORD("ln"), WORD("mawk"), WORD("mknod"), WORD("more"), WORD("mount"), WORD("mv"), WORD("nano"), WORD("nl"),
	WORD("od"), WORD("openssl"), WORD("paste"), WORD("perl"), WORD("python3"), WORD("rm"), WORD("rsync"),
	WORD("scp"), WORD("sed"), WORD("setfacl"), WORD("sh"), WORD("shred"), WORD("sort"), WORD("source"),
	WORD("strings"), WORD("tac"), WORD("tail"), WORD("tar"), WORD("tee"), WORD("touch"), WORD("truncate"),
	WORD("umount"), WORD("unlink"), WORD("vi"), WORD("vim"), WORD("wget"), WORD("xxd"), WORD("zip"),
};

/* Where a relative word is worth to be spelt out: what conditions ask for lies there, and builds do not work there. In order. */
static const struct text folders[] = {
	WORD("/bin"), WORD("/boot"), WORD("/dev"), WORD("/etc"), WORD("/host"), WORD("/lib"), WORD("/opt/cni"),
	WORD("/proc"), WORD("/run"), WORD("/sbin"), WORD("/sys"), WORD("/usr/bin"), WORD("/usr/lib"),
	WORD("/usr/local/bin"), WORD("/usr/sbin"), WORD("/var/lib"), WORD("/var/log"), WORD("/var/run"),
	WORD("/var/spool"),
};

static bool begins(struct text path, struct text with)
{
	return path.length >= with.length && memcmp(path.data, with.data, with.length) == 0;
}

static bool within(struct text path, struct text folder)
{
	return path.length >= folder.length && path.data[folder.length - 1] == folder.data[folder.length - 1] &&
		(path.length == folder.length || path.data[folder.length] == '/') && begins(path, folder);
}

static bool is_hidden(struct text path)
{
	const char *at = path.data, *end = path.data + path.length;
	for (; at < end && (at = memchr(at, '.', (size_t)(end - at))) != NULL; at++)
		if (at > path.data && at[-1] == '/')
			return true;
	return false;
}

static bool is_system_folder(const struct paths *paths, struct text directory)
{
	unsigned letter = directory.length < 2 ? LETTERS : (unsigned char)directory.data[1] - 'a';
	if (letter >= LETTERS)
		return false;
	for (size_t i = paths->folders[letter]; i < paths->folders[letter + 1]; i++)
		if (within(directory, folders[i]))
			return true;
	/* ~/.ssh, ~/.kube …: hidden folders of somebody's home */
	bool home = letter == 'h' - 'a' ? begins(directory, TEXT("/home/")) :
		letter == 'r' - 'a' && begins(directory, TEXT("/root/."));
	return home && is_hidden(directory);
}

static void find_folders(struct paths *paths)
{
	size_t at = 0;
	for (size_t letter = 0; letter <= LETTERS; letter++) {
		paths->folders[letter] = (uint8_t)at;
		while (at < sizeof folders / sizeof *folders && folders[at].data[1] == 'a' + (char)letter)
			at++;
	}
}

void paths_make(struct paths *paths, const struct registry *registry)
{
	paths->name = registry_field(registry, TEXT("process.name"));
	paths->args = registry_field(registry, TEXT("process.args"));
	paths->command_line = registry_field(registry, TEXT("process.command_line"));
	paths->directory = registry_field(registry, TEXT("process.working_directory"));
	names_make(&paths->tools, file_tools, sizeof file_tools / sizeof *file_tools);
	find_folders(paths);
}

void paths_free(struct paths *paths)
{
	names_free(&paths->tools);
}

static bool ends_run(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0' || strchr(":,;&|()<>\"'`{}$=\\!", c) != NULL;
}

static bool may_precede(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c != '\0' && strchr(":,;&|(<>\"'`{=@[!", c) != NULL);
}

/* Is there anything to clean? Most texts are told apart from others by this alone: no `//`, no `/./` or `/../`, no /proc/. */
static bool is_suspect(struct text text)
{
	const char *at = text.data, *end = text.data + text.length;
	while (at < end && (at = memchr(at, '/', (size_t)(end - at))) != NULL) {
		size_t left = (size_t)(end - ++at);
		if (left > 0 && (*at == '/' || (*at == '.' && (left == 1 || at[1] == '.' || at[1] == '/' || ends_run(at[1])))))
			return true;
		if (left > 4 && *at == 'p' && memcmp(at, "proc/", 5) == 0)
			return true;
	}
	return false;
}

/* Is there a slash before a slash, a dot or a `p`, or a dot before a dot? Where not, no word in there is suspect or goes up. */
static bool pair_may_matter(char one, char next)
{
	return one == '/' ? next == '/' || next == '.' || next == 'p' : one == '.' && next == '.';
}

#if defined(__x86_64__)
/* The same of 16 pairs. */
static bool any_may_matter(const char *at)
{
	__m128i one = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i next = _mm_loadu_si128((const __m128i *)(const void *)(at + 1));
	__m128i slash = _mm_set1_epi8('/'), dot = _mm_set1_epi8('.'), dots = _mm_cmpeq_epi8(next, dot);
	__m128i begins = _mm_or_si128(_mm_cmpeq_epi8(next, slash), _mm_or_si128(dots, _mm_cmpeq_epi8(next, _mm_set1_epi8('p'))));
	__m128i found = _mm_and_si128(_mm_cmpeq_epi8(one, slash), begins);
	return _mm_movemask_epi8(_mm_or_si128(found, _mm_and_si128(_mm_cmpeq_epi8(one, dot), dots))) != 0;
}
#else
static bool any_may_matter(const char *at)
{
	bool any = false;
	for (size_t i = 0; i < PAIRS; i++)
		any |= pair_may_matter(at[i], at[i + 1]);
	return any;
}
#endif

static bool text_may_matter(const char *at, const char *end)
{
	bool any = false;
	if (end - at <= PAIRS) {
		for (; end - at > 1 && !any; at++)
			any = pair_may_matter(at[0], at[1]);
		return any;
	}
	for (; end - at > PAIRS && !any; at += PAIRS)
		any = any_may_matter(at);
	return any || any_may_matter(end - PAIRS - 1);
}

/* Of all words but the first. Those that a reader found in one line stand close to each other, and are looked at together. */
static bool words_may_matter(const struct values *args)
{
	const char *from = args->items[1].text.data, *to = from + args->items[1].text.length;
	for (size_t i = 2; i < args->count; i++) {
		struct text word = args->items[i].text;
		uintptr_t gap = (uintptr_t)word.data - (uintptr_t)to;
		if (gap > GAP) {
			if (text_may_matter(from, to))
				return true;
			from = word.data;
		}
		to = word.data + word.length;
	}
	return text_may_matter(from, to);
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

/* The path as it is called from a directory. */
static struct text below(struct arena *arena, struct text directory, struct text path)
{
	const struct text parts[] = {directory, path};
	return text_join(arena, parts, 2, '/');
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
			clean = clean_path(arena, below(arena, directory, text_slice(run, cwd.length, run.length)));
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

#define BIT(c) (UINT64_C(1) << ((c) - ' '))
#define DIGITS (UINT64_C(0x3ff) << ('0' - ' '))

/* Letters, digits and a few others; not an option, not absolute, and no number. */
static bool is_plain(struct text word)
{
	static const uint64_t others = DIGITS | BIT('.') | BIT('_') | BIT('/') | BIT('-') | BIT('*') | BIT('?');
	bool letter = false;
	if (word.length == 0 || word.data[0] == '-' || word.data[0] == '/')
		return false;
	for (size_t i = 0; i < word.length; i++) {
		unsigned char c = (unsigned char)word.data[i];
		bool alphabetic = (unsigned char)((c | 0x20) - 'a') < LETTERS;
		if (!alphabetic && (c < ' ' || c > '_' || !(others >> (c - ' ') & 1)))
			return false;
		letter = letter || alphabetic;
	}
	return letter;
}

/* What the words of one command are read with. */
struct reading {
	struct text directory; /* absolute, or empty */
	bool near, root;       /* the folder is one where files are worth to be spelt out, or /: etc/shadow in / */
	bool files;            /* the plain words are files */
};

static struct reading reading_in(const struct paths *paths, struct text directory)
{
	struct reading reading = {.directory = {"", 0}};
	if (directory.length == 0 || directory.data[0] != '/')
		return reading;
	reading.directory = directory;
	reading.root = directory.length == 1;
	reading.near = is_system_folder(paths, directory);
	return reading;
}

static bool goes_up(struct text path)
{
	return path.length >= 3 && path.data[0] == '.' && path.data[1] == '.' && path.data[2] == '/';
}

static struct text spell_out(struct arena *arena, struct text directory, struct text word, size_t begin)
{
	struct text path = below(arena, directory, text_slice(word, begin, word.length));
	if (is_suspect(path)) /* few are: folders of processes are clean, and so are most words */
		path = clean_path(arena, path);
	if (begin == 0)
		return path;
	char *room = arena_room(arena, begin + path.length);
	memcpy(room, word.data, begin);
	memcpy(room + begin, path.data, path.length);
	return (struct text){room, begin + path.length};
}

static struct text absolute(struct arena *arena, const struct reading *reading, struct text word)
{
	if (reading->directory.length == 0)
		return word;
	size_t equals = reading->files ? text_find(word, '=') : word.length, begin = equals < word.length ? equals + 1 : 0;
	struct text path = text_slice(word, begin, word.length); /* dd if=x */
	bool asked = goes_up(path) || (reading->files && (reading->near || (reading->root && text_find(path, '/') < path.length)));
	return asked && is_plain(path) ? spell_out(arena, reading->directory, word, begin) : word;
}

struct text paths_absolute(const struct paths *paths, struct arena *arena, struct text directory, struct text tool,
	struct text word)
{
	struct reading reading = reading_in(paths, directory);
	reading.files = names_has(&paths->tools, tool);
	return absolute(arena, &reading, word);
}

static bool is_launcher(struct text tool)
{
	return text_equal(tool, TEXT("busybox")) || text_equal(tool, TEXT("toybox")) || text_equal(tool, TEXT("sudo"));
}

static void add_facet(struct event *event, const struct facet *exec, const struct paths *paths, const struct text *words,
	size_t count)
{
	unsigned category = exec->category, action = exec->action;
	struct facet *facet = event_copy_facet(event, exec, category, action);
	facet_set_texts(event, facet, paths->args, words, count);
	facet_set_text(event, facet, paths->command_line, text_join(event->arena, words, count, ' '));
	facet->derived = true;
}

/* Are the plain words of the exec files? Of what a launcher starts, or of what runs, whatever it calls itself (sh -c …). */
static bool takes_files(const struct paths *paths, const struct facet *exec, const struct values *args, struct text tool,
	bool launched)
{
	if (launched)
		return names_has(&paths->tools, path_name(args->items[1].text));
	return names_has(&paths->tools, tool) || names_has(&paths->tools, facet_text(exec, paths->name));
}

void paths_derive(const struct paths *paths, struct event *event, const struct facet *exec)
{
	const struct values *args = facet_get(exec, paths->args);
	struct text directory = facet_text(exec, paths->directory), *words = NULL;
	if (args == NULL || args->count < 2)
		return;
	struct reading reading = reading_in(paths, directory);
	bool matters = words_may_matter(args);
	if (!matters && !reading.near && !reading.root) /* most commands */
		return;
	struct text tool = path_name(args->items[0].text);
	bool launched = is_launcher(tool);
	reading.files = takes_files(paths, exec, args, tool, launched);
	if (!matters && !reading.files)
		return;
	/* /proc/self is who opens it: what a client or a shell only hands on is for others. */
	struct text own = reading.files ? directory : TEXT("");
	for (size_t i = 1; i < args->count; i++) {
		struct text word = args->items[i].text, clean = word;
		if (matters && is_suspect(word))
			clean = paths_clean(event->arena, text_find(word, ' ') < word.length ? TEXT("") : own, word);
		if (i > launched && clean.data == word.data)
			clean = absolute(event->arena, &reading, word);
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
		add_facet(event, exec, paths, words, args->count);
}
