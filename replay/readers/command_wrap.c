/*
 * command_wrap: a table of commands that run another, and the walk over their options.
 */
#include "replay/readers/command_wrap.h"

#include <stdlib.h>
#include <string.h>

enum how {
	RUNS,     /* options, `operands` operands, then the command */
	SETS,     /* the same, with NAME=value before the command */
	SHELLS,   /* sh: -c TEXT */
	SCRIPTS,  /* TEXT by an option: script -c TEXT; no command */
	BECOMES,  /* the same; the first operand is a user; after -u USER comes a command: su, runuser */
	LOCKS,    /* a file, then a command or -c TEXT: flock */
	TEXTS,    /* options and operands, then all words are shell text: watch, eval */
	FINDS,    /* find: -exec COMMAND … ; */
};

struct row {
	const char *name;
	enum how how;
	const char *with_value;   /* short options that take a value */
	const char *long_value;   /* long options that take a value in the next word, each between blanks */
	unsigned operands;
	bool builtin;
	const char *lone;         /* options that mean that no command follows */
};

#define SHELL(name) {name, SHELLS, "oO", " --rcfile --init-file ", 0, false, ""}

#define LOADER_VALUE " --library-path --inhibit-rpath --audit --preload --argv0 --glibc-hwcaps-prepend --glibc-hwcaps-mask "

static const struct row rows[] = {
	{"aa-exec", RUNS, "pn", " --profile --namespace ", 0, false, ""},
	{"ash", SHELLS, "oO", "", 0, false, ""},
	SHELL("bash"),
	{"builtin", RUNS, "", "", 0, true, ""},
	{"busybox", RUNS, "", "", 0, false, " --list --list-full --install --help "},
	{"caffeinate", RUNS, "tw", "", 0, false, ""},
	{"capsh", SHELLS, "", "", 0, false, ""},
	{"catchsegv", RUNS, "", "", 0, false, ""},
	{"choom", RUNS, "np", " --adjust --pid ", 0, false, " -p --pid "},
	{"chpst", RUNS, "uUebmdnlLoPfct/", "", 0, false, ""},
	{"chroot", RUNS, "", " --userspec --groups ", 1, false, ""},
	{"chrt", RUNS, "TPD", " --sched-runtime --sched-period --sched-deadline ", 1, false, ""},
	{"command", RUNS, "", "", 0, true, " -v -V "},
	{"cpulimit", RUNS, "lpeP", " --limit --pid --exe --path ", 0, false, ""},
	SHELL("dash"),
	{"dbus-run-session", RUNS, "", " --config-file --dbus-daemon ", 0, false, ""},
	{"doas", SETS, "uCa", "", 0, false, " -L "},
	{"dumb-init", RUNS, "r", " --rewrite ", 0, false, ""},
	{"env", SETS, "uCS", " --unset --chdir --argv0 ", 0, false, ""},
	{"eval", TEXTS, "", "", 0, true, ""},
	{"exec", RUNS, "a", "", 0, true, ""},
	{"faketime", RUNS, "p", "", 1, false, ""},
	{"fakeroot", RUNS, "lsib", " --lib --faked ", 0, false, ""},
	{"find", FINDS, "", "", 0, false, ""},
	{"firejail", RUNS, "", "", 0, false, ""},
	{"flock", LOCKS, "cwE", " --command --wait --timeout --conflict-exit-code ", 1, false, ""},
	{"gosu", RUNS, "", "", 1, false, ""},
	{"ionice", RUNS, "cn", " --class --classdata ", 0, false, " -p --pid -P --pgid -u --uid "},
	SHELL("ksh"),
	{"ld-linux-aarch64.so.1", RUNS, "", LOADER_VALUE, 0, false, " --list --verify --help --version "},
	{"ld-linux-x86-64.so.2", RUNS, "", LOADER_VALUE, 0, false, " --list --verify --help --version "},
	{"ld-linux.so.2", RUNS, "", LOADER_VALUE, 0, false, " --list --verify --help --version "},
	{"ld-musl-aarch64.so.1", RUNS, "", LOADER_VALUE, 0, false, " --list "},
	{"ld-musl-x86_64.so.1", RUNS, "", LOADER_VALUE, 0, false, " --list "},
	{"ltrace", RUNS, "aADeFlnopsuwx", "", 0, false, ""},
	{"mksh", SHELLS, "oO", "", 0, false, ""},
	{"nice", RUNS, "n", " --adjustment ", 0, false, ""},
	{"nohup", RUNS, "", "", 0, false, ""},
	{"nsenter", RUNS, "tSGW", " --target --setuid --setgid --wdns ", 0, false, ""},
	{"numactl", RUNS, "NmPpiC", "", 0, false, " -s -H --show --hardware "},
	{"parallel", RUNS, "jaIPn", " --jobs --arg-file --max-args --joblog --results --tmpdir ", 0, false, ""},
	{"pkexec", RUNS, "u", " --user ", 0, false, ""},
	{"prlimit", RUNS, "po", " --pid --output ", 0, false, ""},
	{"proxychains", RUNS, "f", "", 0, false, ""},
	{"proxychains4", RUNS, "f", "", 0, false, ""},
	SHELL("rbash"),
	{"rlwrap", RUNS, "abBcCDefFgHlmMOPqsStwz", "", 0, false, ""},
	{"run0", SETS, "uGpD", " --user --group --property --nice --setenv --chdir --unit --description ", 0, false, ""},
	{"runuser", BECOMES, "cugGswT",
		" --command --session-command --user --group --supp-group --shell --whitelist-environment ", 0, false, ""},
	{"s6-setuidgid", RUNS, "", "", 1, false, ""},
	{"screen", RUNS, "SctTrehpsDR", "", 0, false, " -ls -list -wipe -X -x -r "},
	{"script", SCRIPTS, "cEIOBTmo",
		" --command --echo --log-in --log-out --log-io --log-timing --logging-format --output-limit ", 0, false, ""},
	{"setarch", RUNS, "", "", 1, false, ""},
	{"setpriv", RUNS, "",
		" --ambient-caps --bounding-set --inh-caps --groups --reuid --regid --securebits --pdeathsig ", 0, false, ""},
	{"setsid", RUNS, "", "", 0, false, ""},
	{"setuidgid", RUNS, "", "", 1, false, ""},
	{"sg", SCRIPTS, "c", "", 0, false, ""},
	SHELL("sh"),
	{"stdbuf", RUNS, "ioe", " --input --output --error ", 0, false, ""},
	{"strace", RUNS, "abeEIopPsSuUX", "", 0, false, " -p "},
	{"su", BECOMES, "cgGswT",
		" --command --session-command --group --supp-group --shell --whitelist-environment ", 0, false, ""},
	{"su-exec", RUNS, "", "", 1, false, ""},
	{"sudo", SETS, "CDghpRrtTUu",
		" --close-from --chdir --group --host --prompt --chroot --role --type --command-timeout --other-user --user ",
		0, false, " -l -ll -v -K -V -e --list --validate --remove-timestamp --version --edit "},
	{"systemd-run", RUNS, "HMpuEtG",
		" --unit --property --description --slice --uid --gid --nice --setenv --machine --host "
		"--working-directory --on-active --on-calendar ", 0, false, ""},
	{"taskset", RUNS, "", "", 1, false, " -p --pid "},
	{"time", RUNS, "fo", " --format --output ", 0, false, ""},
	{"timeout", RUNS, "ks", " --kill-after --signal ", 1, false, ""},
	{"tini", RUNS, "pe", "", 0, false, ""},
	{"torsocks", RUNS, "aPup", "", 0, false, ""},
	{"toybox", RUNS, "", "", 0, false, " --list --long "},
	{"trickle", RUNS, "udwtl", "", 0, false, ""},
	{"unbuffer", RUNS, "", "", 0, false, ""},
	{"unshare", RUNS, "RwSG", " --root --wd --setuid --setgid --setgroups --propagation ", 0, false, ""},
	{"watch", TEXTS, "nq", " --interval --equexit ", 0, false, ""},
	{"xargs", RUNS, "adEILnPs",
		" --arg-file --delimiter --max-lines --max-args --max-procs --max-chars --process-slot-var ", 0, false, ""},
	{"xvfb-run", RUNS, "enfps", " --error-file --server-num --auth-file --xauth-protocol --server-args ", 0, false, ""},
	SHELL("zsh"),
};

/* Options that say where a command is started. */
static const struct {
	const char *name, *options;
} folders[] = {
	{"env", " -C --chdir "},
	{"run0", " -D --chdir "},
	{"sudo", " -D --chdir "},
	{"systemd-run", " --working-directory "},
	{"unshare", " -w --wd "},
};

static const char *const builtins[] = {".", ":", "[", "alias", "bg", "bind", "break", "builtin", "caller", "cd",
	"command",
	"compgen", "complete", "compopt", "continue", "declare", "dirs", "disown", "echo", "enable", "eval", "exec", "exit",
	"export", "false", "fc", "fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout",
		"mapfile",
	"popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "set", "shift", "shopt", "source",
		"suspend",
	"test", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait"};

static int compare_name(const void *key, const void *element)
{
	const struct text *name = key;
	return text_compare(*name, text_of(*(const char *const *)element));
}

bool command_is_builtin(struct text word)
{
	return bsearch(&word, builtins, sizeof builtins / sizeof *builtins, sizeof *builtins, compare_name) != NULL;
}

static int compare_row(const void *key, const void *element)
{
	const struct text *name = key;
	return text_compare(*name, text_of(((const struct row *)element)->name));
}

static const struct row *find_row(struct text word)
{
	size_t slash = word.length;
	while (slash && word.data[slash - 1] != '/')
		slash--;
	struct text name = text_slice(word, slash, word.length);
	const struct row *row = bsearch(&name, rows, sizeof rows / sizeof *rows, sizeof *rows, compare_row);
	/* A path is a program, not the shell's own word. */
	return row && row->builtin && slash ? NULL : row;
}

bool command_is_setting(struct text word)
{
	size_t i = 0;
	while (i < word.length && (word.data[i] == '_' || (word.data[i] >= 'A' && word.data[i] <= 'Z') ||
		(word.data[i] >= 'a' && word.data[i] <= 'z') || (i && word.data[i] >= '0' && word.data[i] <= '9')))
		i++;
	if (i && i + 1 < word.length && word.data[i] == '+' && word.data[i + 1] == '=')
		return true;
	return i && i < word.length && word.data[i] == '=';
}

/* Is the word one of those in a list, each between blanks? */
static bool lists(const char *list, struct text word)
{
	struct text rest = text_of(list);
	while (rest.length) {
		size_t blank = text_find(rest, ' ');
		if (word.length && blank == word.length && text_equal(text_slice(rest, 0, blank), word))
			return true;
		rest = text_slice(rest, blank + 1, rest.length);
	}
	return false;
}

/* A walk over a command's options. */
struct walk {
	const struct row *row;
	const struct text *words;
	size_t count, at;
	struct command_wrap *wrap;
	bool lone;
};

static bool has_letter(const char *letters, char letter)
{
	return letter && strchr(letters, letter) != NULL;
}

static bool has_text_option(enum how how)
{
	return how == SCRIPTS || how == BECOMES || how == LOCKS;
}

/* An option and its value, which stands in words[value_at], or in the option's own word. */
static void take_option(struct walk *walk, struct text name, struct text value, size_t value_at)
{
	static const char *const become[] = {"sudo", "doas", "runuser", "pkexec"};
	static const char *const texts[] = {"-c", "--command", "--session-command"};
	struct command_wrap *wrap = walk->wrap;
	for (size_t i = 0; i < sizeof become / sizeof *become; i++)
		if (strcmp(walk->row->name, become[i]) == 0 && (text_is(name, "-u") || text_is(name, "--user")))
			wrap->user = value;
	for (size_t i = 0; i < sizeof texts / sizeof *texts && has_text_option(walk->row->how); i++)
		if (text_is(name, texts[i])) {
			wrap->script = value_at;
			wrap->script_to = value_at + 1;
			wrap->script_text = value;
		}
	if (lists(walk->row->lone, name))
		walk->lone = true;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strcmp(walk->row->name, folders[i].name) == 0 && lists(folders[i].options, name))
			wrap->folder = value;
}

static void walk_long(struct walk *walk, struct text word)
{
	size_t equals = text_find(word, '=');
	struct text name = text_slice(word, 0, equals);
	if (equals < word.length) {
		take_option(walk, name, text_slice(word, equals + 1, word.length), walk->at);
		walk->at++;
		return;
	}
	bool with = lists(walk->row->long_value, name) && walk->at + 1 < walk->count;
	take_option(walk, name, with ? walk->words[walk->at + 1] : (struct text){0}, walk->at + with);
	walk->at += with ? 2 : 1;
}

/* -abVALUE or -ab VALUE */
static void walk_short(struct walk *walk, struct text word)
{
	size_t here = walk->at++;
	for (size_t i = 1; i < word.length; i++) {
		char flag[3] = {'-', word.data[i], '\0'};
		if (!has_letter(walk->row->with_value, word.data[i])) {
			take_option(walk, text_of(flag), (struct text){0}, here);
			continue;
		}
		if (i + 1 < word.length) {
			take_option(walk, text_of(flag), text_slice(word, i + 1, word.length), here);
		} else if (here + 1 < walk->count) {
			take_option(walk, text_of(flag), walk->words[here + 1], here + 1);
			walk->at++;
		}
		return;
	}
}

/* Takes options up to the first operand. */
static void walk_options(struct walk *walk)
{
	while (walk->at < walk->count && !walk->lone) {
		struct text word = walk->words[walk->at];
		if (text_is(word, "--")) {
			walk->at++;
			return;
		}
		if (word.length < 2 || word.data[0] != '-') {
			if (!text_is(word, "-") || (walk->row->how != BECOMES && walk->row->how != SETS)) /* su -, env - */
				return;
			walk->at++;
		} else if (word.data[1] == '-') {
			walk_long(walk, word);
		} else if (lists(walk->row->lone, word)) {
			walk->lone = true;
		} else {
			walk_short(walk, word);
		}
	}
}

/* bash -lc TEXT name …; a `c` in any cluster of letters says that the first operand is text. */
static bool find_shell(struct walk *walk)
{
	bool text = false;
	struct command_wrap *wrap = walk->wrap;
	wrap->shell = true;
	while (text_is(text_of(walk->row->name), "capsh") && walk->at < walk->count)
		if (text_is(walk->words[walk->at++], "--")) /* what stands behind it is a shell's */
			break;
	while (walk->at < walk->count) {
		struct text word = walk->words[walk->at];
		if (text_is(word, "--") || text_is(word, "-")) {
			walk->at++;
			break;
		}
		if (word.length < 2 || (word.data[0] != '-' && word.data[0] != '+'))
			break;
		walk->at++;
		if (text_starts(word, TEXT("--"), false)) {
			walk->at += lists(walk->row->long_value, word);
			continue;
		}
		for (size_t i = 1; i < word.length; i++) {
			text = text || word.data[i] == 'c';
			wrap->shell = wrap->shell && word.data[i] != 's';
			walk->at += has_letter(walk->row->with_value, word.data[i]);
		}
	}
	if (text && walk->at < walk->count) {
		wrap->script = walk->at;
		wrap->script_to = walk->at + 1;
	}
	/* -s and no operand at all: it reads its standard input */
	wrap->shell = !text && (walk->at >= walk->count || !wrap->shell);
	return true;
}

/* Operands, among which options may stand: su - user -c TEXT, script -q -c TEXT file. */
static bool find_script(struct walk *walk)
{
	struct command_wrap *wrap = walk->wrap;
	walk_options(walk);
	if (walk->row->how == LOCKS) {
		walk->at++;
		if (walk->at < walk->count && walk->words[walk->at].length && walk->words[walk->at].data[0] == '-')
			walk_options(walk);
	}
	if (!wrap->script && (walk->row->how == LOCKS || wrap->user.length) && walk->at < walk->count) {
		wrap->from = walk->at;
		wrap->to = walk->count;
		return true;
	}
	for (; walk->at < walk->count; walk_options(walk)) {
		if (walk->row->how == BECOMES && !wrap->user.length)
			wrap->user = walk->words[walk->at];
		walk->at++;
	}
	return true;
}

/* find … -exec COMMAND ; -ok COMMAND ; -exec COMMAND {} + */
static bool find_exec(struct walk *walk)
{
	static const char *const actions[] = {"-exec", "-execdir", "-ok", "-okdir"};
	for (; walk->at < walk->count; walk->at++) {
		bool is = false;
		for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
			is = is || text_is(walk->words[walk->at], actions[i]);
		if (!is)
			continue;
		size_t to = walk->wrap->from = walk->at + 1;
		while (to < walk->count && !text_is(walk->words[to], ";") && !(text_is(walk->words[to], "+") &&
			text_is(walk->words[to - 1], "{}")))
			to++;
		walk->wrap->to = to;
		return to > walk->wrap->from;
	}
	return false;
}

/* Options, settings and operands; what is left is the command, or shell text. */
static bool find_command(struct walk *walk)
{
	struct command_wrap *wrap = walk->wrap;
	walk_options(walk);
	if (walk->lone)
		return true;
	if (walk->row->how == SETS) {
		wrap->settings = walk->at;
		while (walk->at < walk->count && command_is_setting(walk->words[walk->at]))
			walk->at++;
		wrap->settings_to = walk->at;
	}
	for (unsigned i = 0; i < walk->row->operands && walk->at < walk->count; i++)
		walk->at++;
	if (walk->row->how == TEXTS) {
		wrap->script = walk->at;
		wrap->script_to = walk->count;
	} else {
		wrap->from = walk->at;
		wrap->to = walk->count;
	}
	return true;
}

bool command_wrap_find(const struct text *words, size_t count, size_t skip, struct command_wrap *wrap)
{
	const struct row *row = count ? find_row(words[0]) : NULL;
	*wrap = (struct command_wrap){0};
	if (!row || (skip && row->how != FINDS))
		return false;
	struct walk walk = {.row = row, .words = words, .count = count, .at = skip ? skip : 1, .wrap = wrap};
	if (strcmp(row->name, "chroot") == 0)
		wrap->folder = TEXT("/");
	wrap->executed = !row->builtin;
	wrap->replaces = !row->builtin || text_is(text_of(row->name), "exec");
	switch (row->how) {
	case SHELLS:
		return find_shell(&walk);
	case SCRIPTS:
	case BECOMES:
	case LOCKS:
		return find_script(&walk);
	case FINDS:
		return find_exec(&walk);
	default:
		return find_command(&walk);
	}
}
