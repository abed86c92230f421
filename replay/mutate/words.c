/* words: operators over the words of any command. */
#include "replay/mutate/operators.h"

#include <string.h>

static const char *const shells[] = {"sh", "bash", "dash", "ash", "zsh", "ksh"};
enum { SHELLS = sizeof shells / sizeof *shells };

static bool is_shell(struct text word)
{
	const struct text name = path_name(word);
	for (size_t i = 0; i < SHELLS; i++)
		if (text_is(name, shells[i]))
			return true;
	return false;
}

/* [sh, -c, TEXT]: the number of the word that is shell text; 0: there is none. */
static size_t script_of(const struct texts *words)
{
	if (words->count < 3 || !is_shell(words->items[0]))
		return 0;
	for (size_t i = 1; i + 1 < words->count && words->items[i].length > 1 && words->items[i].data[0] == '-'; i++)
		if (words->items[i].data[1] != '-' && text_find(words->items[i], 'c') < words->items[i].length)
			return i + 1;
	return 0;
}

static void add_with(struct maker *maker, const struct texts *words, size_t at, struct text word)
{
	struct text *copy = arena_array(maker->arena, words->count + 1, sizeof *copy);
	memcpy(copy, words->items, words->count * sizeof *copy);
	copy[at] = word;
	maker_add_words(maker, copy, words->count);
}

static void add_before(struct maker *maker, const char *const *before, size_t count, const struct texts *words)
{
	struct text *copy = arena_array(maker->arena, words->count + count + 1, sizeof *copy);
	for (size_t i = 0; i < count; i++)
		copy[i] = text_of(before[i]);
	memcpy(copy + count, words->items, words->count * sizeof *copy);
	maker_add_words(maker, copy, words->count + count);
}

/* --- equivalent --- */

/* Is the program known by its name alone? Not an applet that argv[0] names, and not a file of an odd folder, or none at all:
 * then the path may be what is suspicious. */
static bool starts_itself(const struct maker *maker, const struct texts *words)
{
	static const char *const folders[] = {"/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/"};
	const struct text name = act_text(maker->act, maker->fields->name), own = path_name(words->items[0]);
	const struct text paths[] = {act_text(maker->act, maker->fields->executable), words->items[0]};
	for (size_t i = 0; i < 2; i++) {
		bool usual = text_find(paths[i], '/') == paths[i].length;
		for (size_t k = 0; k < sizeof folders / sizeof *folders; k++)
			usual = usual || (text_starts(paths[i], text_of(folders[k]), false) &&
				path_name(paths[i]).length + strlen(folders[k]) == paths[i].length);
		if (!usual)
			return false;
	}
	return name.length == 0 || text_equal(name, own) || is_shell(own);
}

void make_launcher(struct maker *maker)
{
	static const char *const launchers[][4] = {{"sudo"}, {"env"}, {"env", "LANG=C"}, {"nohup"}, {"timeout", "60"},
		{"nice", "-n", "5"},
		{"setsid"}, {"sudo", "-n"}, {"stdbuf", "-oL"}};
	static const char *const scripts[][2] = {{"sh", "-c"}, {"bash", "-c"}, {"/bin/sh", "-c"}, {"bash", "-lc"}};
	const struct texts *words = maker_words(maker);
	if (words == NULL || !starts_itself(maker, words))
		return;
	for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++) {
		size_t count = 0;
		while (count < 4 && launchers[i][count] != NULL)
			count++;
		add_before(maker, launchers[i], count, words);
	}
	const struct text joined = act_joined(maker->arena, words->items, words->count);
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts && script_of(words) == 0; i++) {
		const struct text made[] = {text_of(scripts[i][0]), text_of(scripts[i][1]), joined};
		maker_add_words(maker, made, 3);
	}
}

void make_program_path(struct maker *maker)
{
	static const char *const folders[] = {"/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/../usr/bin/", "/bin//"};
	const struct texts *words = maker_words(maker);
	if (words == NULL || !starts_itself(maker, words))
		return;
	const struct text name = path_name(words->items[0]);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		add_with(maker, words, 0, maker_text(maker, "%s%.*s", folders[i], TEXT_ARGS(name)));
	add_with(maker, words, 0, name);
}

void make_shell(struct maker *maker)
{
	const struct texts *words = maker_words(maker);
	if (words == NULL || script_of(words) == 0 || !starts_itself(maker, words))
		return;
	for (size_t i = 0; i < SHELLS; i++)
		add_with(maker, words, 0, text_of(shells[i]));
	add_with(maker, words, 0, TEXT("/bin/sh"));
	add_before(maker, (const char *const[]){"busybox"}, 1, words);
}

/* Programs that busybox has as applets, with the options that both know: of the words none may be a long option. */
void make_applet(struct maker *maker)
{
	static const char *const applets[] = {"cat", "tee", "dd", "cp", "mount", "umount", "insmod", "modprobe", "rmmod", "nsenter",
		"wget", "nc", "head", "tail", "mknod", "chroot", "ls", "rm", "mv", "ln", "chmod", "chown", "sysctl", "env", "id",
		"hostname", "ps", "kill", "mkdir", "touch", "find", "grep", "sed", "awk", "base64", "losetup", "unshare", "crontab",
		"adduser", "swapoff", "dmesg", "blkid", "netstat", "truncate", "shred"};
	const struct texts *words = maker_words(maker);
	if (words == NULL || !starts_itself(maker, words))
		return;
	for (size_t i = 1; i < words->count; i++)
		if (text_starts(words->items[i], TEXT("--"), false))
			return;
	for (size_t i = 0; i < sizeof applets / sizeof *applets; i++)
		if (text_is(words->items[0], applets[i])) {
			add_before(maker, (const char *const[]){"busybox"}, 1, words);
			add_before(maker, (const char *const[]){"/bin/busybox"}, 1, words);
			add_before(maker, (const char *const[]){"toybox"}, 1, words);
		}
}

/* /etc/x, /proc/1: a path of a Linux system; `/a/d` may be an expression of sed's. */
static bool is_path(struct text path)
{
	static const char *const roots[] = {"bin", "boot", "dev", "etc", "home", "host", "lib", "lib64", "media", "mnt",
		"opt", "proc",
		"root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"};
	const struct text rest = text_slice(path, 1, path.length), first = text_slice(rest, 0, text_find(rest, '/'));
	for (size_t i = 0; i < path.length; i++)
		if (strchr("*?[]{}()|;&<>$`!^\\\"'", path.data[i]) != NULL)
			return false;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (text_is(first, roots[i]))
			return true;
	return false;
}

/* Where a path begins in the word, behind NAME= or by itself; the length: there is none that is known as one. */
static size_t path_in(struct text word)
{
	size_t at = 0;
	if (text_contains(word, TEXT("://"), false) || text_contains(word, TEXT(" "), false))
		return word.length;
	if (word.length > 0 && word.data[0] != '/') {
		const size_t equals = text_find(word, '=');
		if (equals + 1 >= word.length || word.data[equals + 1] != '/')
			return word.length;
		for (; at < equals; at++)
			if (strchr("/|*?[{(<>;&$", word.data[at]) != NULL)
				return word.length;
		at = equals + 1;
	}
	return is_path(text_slice(word, at, word.length)) ? at : word.length;
}

static const struct {
	const char *from, *to;
} aliases[] = {
	{"/var/run/", "/run/"},
	{"/run/", "/var/run/"},
	{"/usr/bin/", "/bin/"},
	{"/usr/lib/", "/lib/"},
	{"/lib/", "/usr/lib/"},
	{"/usr/sbin/", "/sbin/"},
	{"/var/lock/", "/run/lock/"},
	{"/proc/self/mounts", "/proc/mounts"},
	{"/proc/mounts", "/proc/self/mounts"},
};

/* In the container they are the container's: only what an exec on its own machine names, or an engine is asked to mount. */
void make_path_alias(struct maker *maker)
{
	const struct texts *words = maker_words(maker);
	for (size_t i = 1; words != NULL && i < words->count; i++) {
		const struct text word = words->items[i];
		const size_t at = path_in(word);
		for (size_t k = 0; at < word.length && k < sizeof aliases / sizeof *aliases; k++) {
			const struct text from = text_of(aliases[k].from), rest = text_slice(word, at, word.length);
			if (text_starts(rest, from, false))
				add_with(maker, words, i, maker_text(maker, "%.*s%s%.*s", (int)at, word.data, aliases[k].to,
					TEXT_ARGS(text_slice(rest, from.length, rest.length))));
		}
	}
}

/* /a/b → //a/b, /a//b, /./a/b, /a/./b, /a/../a/b */
void make_path_detour(struct maker *maker)
{
	const struct texts *words = maker_words(maker);
	for (size_t i = 1; words != NULL && i < words->count; i++) {
		const struct text word = words->items[i];
		const size_t at = path_in(word);
		if (at == word.length)
			continue;
		const struct text rest = text_slice(word, at + 1, word.length);
		const size_t slash = text_find(rest, '/'), colon = text_find(rest, ':');
		add_with(maker, words, i, maker_text(maker, "%.*s/./%.*s", (int)at, word.data, TEXT_ARGS(rest)));
		if (slash == rest.length || colon < slash)
			continue;
		const struct text first = text_slice(rest, 0, slash), behind = text_slice(rest, slash + 1, rest.length);
		add_with(maker, words, i, maker_text(maker, "%.*s/%.*s//%.*s", (int)at, word.data, TEXT_ARGS(first),
			TEXT_ARGS(behind)));
		add_with(maker, words, i, maker_text(maker, "%.*s/%.*s/./%.*s", (int)at, word.data, TEXT_ARGS(first),
			TEXT_ARGS(behind)));
		add_with(maker, words, i, maker_text(maker, "%.*s/%.*s/../%.*s/%.*s", (int)at, word.data, TEXT_ARGS(first),
			TEXT_ARGS(first), TEXT_ARGS(behind)));
	}
}

/* --- shell text --- */

/* Shell text that is blanks, words and simple operators, without quotes, variables and the like. */
static bool is_simple(struct text script)
{
	for (size_t i = 0; i < script.length; i++)
		if (strchr("\"'\\$`*?[]{}()~#!\n", script.data[i]) != NULL)
			return false;
	return true;
}

static bool ends_word(char byte)
{
	return strchr(" \t|&;<>", byte) != NULL;
}

struct script {
	struct maker *maker;
	const struct texts *words;
	size_t at;
	struct text text;
};

static bool find_script(struct maker *maker, struct script *script)
{
	*script = (struct script){.maker = maker, .words = maker_words(maker)};
	if (script->words == NULL)
		return false;
	script->at = script_of(script->words);
	script->text = script->at > 0 ? script->words->items[script->at] : TEXT("");
	return script->at > 0;
}

static void add_script(const struct script *script, struct text text)
{
	add_with(script->maker, script->words, script->at, text);
}

/* "word", 'word', wo"rd", w\ord: each word that names a path. */
void make_script_quotes(struct maker *maker)
{
	struct script script;
	if (!find_script(maker, &script) || !is_simple(script.text))
		return;
	const struct text text = script.text;
	for (size_t from = 0; from < text.length; from++) {
		size_t to = from;
		while (to < text.length && !ends_word(text.data[to]))
			to++;
		const struct text word = text_slice(text, from, to), rest = text_slice(text, to, text.length);
		const size_t slash = text_find(word, '/');
		if (slash < word.length && text_find(word, '=') == word.length) {
			add_script(&script, maker_text(maker, "%.*s\"%.*s\"%.*s", (int)from, text.data, TEXT_ARGS(word), TEXT_ARGS(rest)));
			add_script(&script, maker_text(maker, "%.*s'%.*s'%.*s", (int)from, text.data, TEXT_ARGS(word), TEXT_ARGS(rest)));
		}
		from = to > from ? to - 1 : from;
	}
}

/* More blanks, tabs, and none around redirections. */
void make_script_blanks(struct maker *maker)
{
	struct script script;
	if (!find_script(maker, &script) || !is_simple(script.text))
		return;
	for (size_t turn = 0; turn < 3; turn++) {
		struct buffer out = {0};
		for (size_t i = 0; i < script.text.length; i++) {
			const char byte = script.text.data[i], before = i > 0 ? script.text.data[i - 1] : ' ';
			if (byte == ' ' && turn == 2 && before == '>')
				continue;
			if (byte == ' ')
				buffer_string(&out, turn == 0 ? "  " : turn == 1 ? "\t" : " ");
			else
				buffer_char(&out, byte);
		}
		add_script(&script, text_copy(maker->arena, buffer_view(&out)));
		buffer_free(&out);
	}
}

/* Other commands before and behind. */
void make_script_list(struct maker *maker)
{
	static const char *const forms[][2] = {{"id; ", ""}, {"", "; echo done"}, {"cd /tmp && ", ""}, {"set -e\n", "\n"},
		{"( ", " )"},
		{"if true; then ", "; fi"}, {"", " 2>/dev/null"}};
	struct script script;
	if (!find_script(maker, &script))
		return;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (i != 2 || !text_starts(script.text, TEXT("cd "), false))
			add_script(&script, maker_text(maker, "%s%.*s%s", forms[i][0], TEXT_ARGS(script.text), forms[i][1]));
}

/* --- near misses --- */

/* The same words as text that another program prints, looks for or keeps. */
void miss_only_named(struct maker *maker)
{
	const struct texts *words = maker_words(maker);
	if (words == NULL)
		return;
	const struct text joined = act_joined(maker->arena, words->items, words->count);
	add_before(maker, (const char *const[]){"echo"}, 1, words);
	add_before(maker, (const char *const[]){"printf", "%s "}, 2, words);
	const struct text made[][5] = {
		{TEXT("git"), TEXT("commit"), TEXT("-q"), TEXT("-m"), joined},
		{TEXT("logger"), TEXT("-t"), TEXT("notes"), TEXT("--"), joined},
		{TEXT("man"), TEXT("-P"), TEXT("cat"), TEXT("--"), path_name(words->items[0])},
	};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		maker_add_words(maker, made[i], 5);
	/* grep may be what reads a file, too. */
	const struct text reads[] = {TEXT("grep"), TEXT("-F"), TEXT("x"), words->items[words->count - 1]};
	const struct text looks[] = {TEXT("grep"), TEXT("-rF"), TEXT("--"), joined, TEXT("/srv/notes")};
	const struct act reader = act_of_words(maker->arena, maker->fields, maker->act, reads, 4);
	if (!maker->matches(maker->context, &reader) && !text_is(path_name(words->items[0]), "grep"))
		maker_add_words(maker, looks, 5);
}

/* Shell text that prints the text. */
void miss_script_named(struct maker *maker)
{
	struct script script;
	if (!find_script(maker, &script) || text_find(script.text, '\'') < script.text.length)
		return;
	add_script(&script, maker_text(maker, "echo '%.*s'", TEXT_ARGS(script.text)));
	add_script(&script, maker_text(maker, ": '%.*s'", TEXT_ARGS(script.text)));
}
