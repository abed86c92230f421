/* parse: audit rule files. */
#include "generator/auditd/parse.h"

#include "generator/auditd/pair.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

enum { LINE_BYTES_MAX = 6143 };

/* One line, while its options are read. */
struct reading {
	struct arena *arena;
	struct rules_line *line;
	struct pairing pairing;
	struct kernel_rule *rule;
	bool adds, removes;   /* -a, -A, -w; -d, -W */
	bool listed;          /* one of -a, -A, -d was given */
	bool done, ended;     /* something was asked for; nothing may follow */
	bool forgiving;       /* -i, -c: the lines after a refused one count too */
	bool deprecated;
	struct text *words;
	size_t count, at;     /* `at`: the word after the option and its value */
};

typedef bool handling(struct reading *r, char option, struct text value);

static bool refuse(struct reading *r, const char *sentence)
{
	return pair_refuse(&r->pairing, "%s", sentence);
}

static void control(struct reading *r, const char *format, struct text value)
{
	const char *sentence = arena_printf(r->arena, format, TEXT_ARGS(value));

	r->done = true;
	r->line->control = r->line->control.length == 0 ? text_of(sentence)
		: text_of(arena_printf(r->arena, "%.*s; %s", TEXT_ARGS(r->line->control), sentence));
}

/* --- lists --- */

static enum kernel_action action_named(struct text word)
{
	return text_is(word, "always") ? KERNEL_ALWAYS : text_is(word, "never") ? KERNEL_NEVER : KERNEL_NO_ACTION;
}

/* "exit,always" and "always,exit". */
static bool take_list(struct reading *r, struct text value)
{
	size_t comma = text_find(value, ',');
	struct text first = text_slice(value, 0, comma), second = text_slice(value, comma + (comma < value.length), value.length);

	if (r->listed)
		return refuse(r, "a line adds or removes one rule only");
	r->listed = true;
	if (kernel_list_named(first) != KERNEL_NO_LIST && text_is(second, "possible")) {
		r->deprecated = true;
		return true;
	}
	bool turned = kernel_list_named(first) != KERNEL_NO_LIST;

	r->rule->list = kernel_list_named(turned ? first : second);
	r->rule->action = action_named(turned ? second : first);
	if (r->rule->list == KERNEL_NO_LIST || r->rule->action == KERNEL_NO_ACTION || (r->rule->watch && !turned))
		return pair_refuse(&r->pairing, "a rule names always or never and a list (exit, exclude, user, task, filesystem), "
			"not %.*s", TEXT_ARGS(value));
	if (r->rule->list == KERNEL_TASK && r->pairing.called)
		return refuse(r, "the list task knows no system calls");
	if (r->rule->list == KERNEL_URING)
		pair_note(&r->pairing, "auditctl 3 has no list io_uring");
	return true;
}

static bool on_add(struct reading *r, char option, struct text value)
{
	r->adds = true;
	r->rule->prepend = option == 'A';
	return take_list(r, value);
}

static bool on_delete(struct reading *r, char option, struct text value)
{
	(void)option;
	r->removes = true;
	return take_list(r, value);
}

static bool on_watch(struct reading *r, char option, struct text value)
{
	struct kernel_test path = {.field = KERNEL_PATH, .op = KERNEL_EQUAL, .written = value};
	struct kernel_test perm = {.field = KERNEL_PERM, .op = KERNEL_EQUAL, .number = 15, .written = TEXT("rwxa")};

	if (r->adds || r->removes)
		return refuse(r, "a watch stands alone, without -a or another watch");
	r->adds = option == 'w';
	r->removes = option == 'W';
	r->rule->list = KERNEL_EXIT;
	r->rule->action = KERNEL_ALWAYS;
	r->rule->watch = true;
	r->rule->every_call = true;
	r->pairing.called = true;
	if (!pair_path(&r->pairing, value))
		return false;
	while (value.length > 1 && value.data[value.length - 1] == '/')
		value.length--;
	path.text = value;
	return pair_add(&r->pairing, &path) && pair_add(&r->pairing, &perm);
}

/* --- what a rule asks --- */

static void add_call(struct kernel_rule *rule, unsigned number)
{
	rule->calls[number / 32] |= 1u << (number % 32);
}

static bool is_number(struct text text)
{
	return text.length > 0 && text.data[0] >= '0' && text.data[0] <= '9';
}

/* libaudit names a few calls otherwise than the kernel's headers do. */
static const struct {
	const char *arch, *libaudit, *kernel;
} renamed[] = {
	{"x86_64", "pread", "pread64"}, {"x86_64", "pwrite", "pwrite64"}, {"i386", "sys_kexec_load", "kexec_load"},
	{"i386", "sched_rr_get_interval64", "sched_rr_get_interval_time64"},
};

static bool call_known(struct reading *r, struct text name, unsigned *number)
{
	struct text arch = r->rule->arch;

	for (size_t i = 0; i < COUNT_OF(renamed); i++) {
		if (!text_is(arch, renamed[i].arch))
			continue;
		if (text_is(name, renamed[i].kernel))
			return pair_refuse(&r->pairing, "auditctl calls %s %s", renamed[i].kernel, renamed[i].libaudit);
		if (text_is(name, renamed[i].libaudit))
			return audit_syscall_number(arch, text_of(renamed[i].kernel), number);
	}
	return audit_syscall_number(arch, name, number) || (!audit_arch_known(arch) && audit_syscall_anywhere(name));
}

static void note_new_call(struct reading *r, struct text name)
{
	static const char *const newer[] = {"fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue",
		"statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat",
		"getxattrat", "listxattrat", "removexattrat", "open_tree_attr", "file_getattr", "file_setattr", "cachestat"};

	for (size_t i = 0; i < COUNT_OF(newer); i++) {
		if (text_is(name, newer[i]))
			pair_note(&r->pairing, "auditctl 3.0.9 does not know %.*s, and refuses the line", TEXT_ARGS(name));
	}
}

static bool take_call(struct reading *r, struct text name)
{
	unsigned number = 0;
	const char *odd;

	if (text_is(name, "all")) {
		r->rule->every_call = true;
		return true;
	}
	name = text_fold(r->arena, name);
	if (call_known(r, name, &number)) {
		note_new_call(r, name);
		if (audit_arch_known(r->rule->arch))
			add_call(r->rule, number);
		return true;
	}
	if (!is_number(name))
		return pair_refuse(&r->pairing, "%.*s has no system call %.*s", TEXT_ARGS(r->rule->arch), TEXT_ARGS(name));
	number = pair_number(name, &odd);
	if (number >= KERNEL_CALLS_MAX)
		return pair_refuse(&r->pairing, "there is no system call %.*s", TEXT_ARGS(name));
	add_call(r->rule, number);
	return true;
}

static bool lists_calls(struct reading *r)
{
	enum kernel_list list = r->rule->list;

	if (list == KERNEL_TASK || list == KERNEL_USER || list == KERNEL_FILESYSTEM || list == KERNEL_EXCLUDE)
		return pair_refuse(&r->pairing, "the list %s knows no system calls", kernel_list_name(list));
	return true;
}

static bool on_call(struct reading *r, char option, struct text value)
{
	struct text *names;
	size_t count = text_split(r->arena, value, ',', &names);

	(void)option;
	if (!lists_calls(r))
		return false;
	/* Operations of io_uring have names of their own; what is done with them stays the same. */
	if (r->rule->list == KERNEL_URING) {
		r->rule->every_call = true;
		r->pairing.called = true;
		return true;
	}
	if (count == 0)
		return refuse(r, "-S names no system call");
	for (size_t i = 0; i < count; i++) {
		if (!take_call(r, names[i]))
			return false;
	}
	r->pairing.called = true;
	return true;
}

static bool add_key(struct reading *r, struct text key)
{
	struct kernel_rule *rule = r->rule;

	if (key.length + rule->key.length + (rule->key.length > 0) > KERNEL_KEY_MAX)
		return pair_refuse(&r->pairing, "a key is at most %d bytes long", KERNEL_KEY_MAX);
	rule->key = rule->key.length == 0 ? key
		: text_of(arena_printf(r->arena, "%.*s\x01%.*s", TEXT_ARGS(rule->key), TEXT_ARGS(key)));
	return true;
}

static bool key_has_base(const struct reading *r)
{
	return r->pairing.called || r->pairing.permitted || r->pairing.executable || r->pairing.filesystem;
}

static bool on_key(struct reading *r, char option, struct text value)
{
	(void)option;
	if (!key_has_base(r) || !(r->adds || r->removes))
		return refuse(r, "a key stands behind a system call, a path, a permission or a watch");
	return add_key(r, value);
}

static bool on_field(struct reading *r, char option, struct text value)
{
	(void)option;
	if (!r->adds && !r->removes)
		return refuse(r, "a field stands behind the list");
	if (text_starts(value, TEXT("key="), true))
		return text_starts(value, TEXT("key="), false) || key_has_base(r) ? add_key(r, text_slice(value, 4, value.length))
			: refuse(r, "a key stands behind a system call, a path, a permission or a watch");
	return pair_field(&r->pairing, value);
}

static bool on_compare(struct reading *r, char option, struct text value)
{
	(void)option;
	return pair_compare(&r->pairing, value);
}

static bool on_perm(struct reading *r, char option, struct text value)
{
	struct kernel_test test = {.field = KERNEL_PERM, .op = KERNEL_EQUAL, .written = value};

	(void)option;
	if (!r->adds && !r->removes)
		return refuse(r, "permissions stand behind a watch");
	if (!pair_perm(&r->pairing, value, &test.number))
		return false;
	for (size_t i = 0; i < r->rule->count; i++) {
		if (r->rule->tests[i].field == KERNEL_PERM) {
			r->rule->tests[i].number = test.number;
			r->rule->tests[i].written = value;
			return true;
		}
	}
	if (r->rule->count == 0)
		return refuse(r, "permissions stand behind other fields");
	return pair_add(&r->pairing, &test);
}

/* --- what is no rule --- */

static bool on_remove_all(struct reading *r, char option, struct text value)
{
	size_t left = r->count - r->at;

	(void)option;
	if (left == 2 && text_is(r->words[r->at], "-k")) {
		r->rule->key = r->words[r->at + 1];
		r->at += 2;
	} else if (left > 0) {
		return refuse(r, "-D takes nothing but -k");
	}
	(void)value;
	control(r, r->rule->key.length ? "removes all rules of the key %.*s that stand before"
		: "removes all rules that stand before%.*s", r->rule->key);
	r->line->empties = true;
	r->ended = true;
	return true;
}

static bool on_switch(struct reading *r, char option, struct text value)
{
	static const char *const says[2][3] = {
		{"turns audit off", "turns audit on", "turns audit on and locks the rules until the host starts again"},
		{"ignores failures", "prints failures to the kernel log", "halts the host on failures (panic)"},
	};

	if (value.length != 1 || value.data[0] < '0' || value.data[0] > '2')
		return pair_refuse(&r->pairing, "-%c takes 0, 1 or 2", option);
	control(r, "%.*s", text_of(says[option == 'f'][value.data[0] - '0']));
	return true;
}

static bool on_amount(struct reading *r, char option, struct text value)
{
	if (!is_number(value))
		return pair_refuse(&r->pairing, "-%c takes a number", option);
	control(r, option == 'r' ? "sets the limit of records a second to %.*s" : "sets the backlog to %.*s buffers", value);
	return true;
}

static bool on_forgive(struct reading *r, char option, struct text value)
{
	control(r, option == 'i' ? "goes on past lines that fail%.*s" : "goes on past lines that fail, and fails in the end%.*s",
		value);
	r->forgiving = true;
	r->ended = true;
	return true;
}

static bool on_ending(struct reading *r, char option, struct text value)
{
	static const struct {
		char option;
		const char *says;
	} endings[] = {
		{'s', "shows the status%.*s"}, {'l', "lists the rules%.*s"}, {'v', "shows the version%.*s"},
		{'t', "trims watched trees%.*s"}, {'m', "sends the message %.*s"}, {'q', "makes trees equivalent: %.*s"},
	};

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (endings[i].option == option)
			control(r, endings[i].says, value);
	}
	r->ended = true;
	return true;
}

static bool on_nested(struct reading *r, char option, struct text value)
{
	(void)value;
	return pair_refuse(&r->pairing, "-%c is nothing for rule files", option);
}

static const struct {
	char option;
	bool valued;
	handling *handle;
} options[] = {
	{'a', true, on_add}, {'A', true, on_add}, {'d', true, on_delete}, {'w', true, on_watch}, {'W', true, on_watch},
	{'S', true, on_call}, {'F', true, on_field}, {'C', true, on_compare}, {'k', true, on_key}, {'p', true, on_perm},
	{'D', false, on_remove_all}, {'e', true, on_switch}, {'f', true, on_switch}, {'r', true, on_amount},
	{'b', true, on_amount}, {'i', false, on_forgive}, {'c', false, on_forgive}, {'s', false, on_ending},
	{'l', false, on_ending}, {'v', false, on_ending}, {'t', false, on_ending}, {'m', true, on_ending},
	{'q', true, on_ending}, {'h', false, on_nested}, {'R', true, on_nested},
};

static const struct {
	const char *name;
	bool valued, ends;
	const char *says;
} long_options[] = {
	{"loginuid-immutable", false, true, "keeps login ids from being changed%.*s"},
	{"backlog_wait_time", true, false, "sets the wait for a full backlog to %.*s"},
	{"reset-lost", false, true, "resets the counter of lost records%.*s"},
	{"reset_backlog_wait_time_actual", false, true, "resets the counter of waits%.*s"},
	{"signal", true, true, "sends the daemon the signal %.*s"},
};

/* The whole name, or a beginning that no other has. */
static bool names_long(struct text name, size_t option)
{
	size_t others = 0;

	for (size_t i = 0; i < COUNT_OF(long_options); i++)
		others += i != option && text_starts(text_of(long_options[i].name), name, false);
	return text_is(name, long_options[option].name)
		|| (others == 0 && text_starts(text_of(long_options[option].name), name, false));
}

static bool long_option(struct reading *r, struct text name)
{
	size_t equals = text_find(name, '=');
	struct text value = text_slice(name, equals + (equals < name.length), name.length);

	name = text_slice(name, 0, equals);
	for (size_t i = 0; i < COUNT_OF(long_options); i++) {
		if (!names_long(name, i))
			continue;
		if (long_options[i].valued && value.length == 0 && r->at < r->count)
			value = r->words[r->at++];
		if (long_options[i].valued && (value.length == 0 || (!long_options[i].ends && !is_number(value))))
			return pair_refuse(&r->pairing, "--%s takes a value", long_options[i].name);
		control(r, long_options[i].says, value);
		r->ended = long_options[i].ends;
		return true;
	}
	return pair_refuse(&r->pairing, "there is no option --%.*s", TEXT_ARGS(name));
}

/* -Dabc is -D -a -b -c as far as they take no value. */
static bool short_options(struct reading *r, struct text word)
{
	for (size_t i = 1; i < word.length && !r->ended; i++) {
		size_t o = 0;

		while (o < COUNT_OF(options) && options[o].option != word.data[i])
			o++;
		if (o == COUNT_OF(options))
			return pair_refuse(&r->pairing, "there is no option %.*s", TEXT_ARGS(word));
		if (!options[o].valued) {
			if (!options[o].handle(r, word.data[i], TEXT("")))
				return false;
			continue;
		}
		bool joined = i + 1 < word.length;

		if (!joined && r->at == r->count)
			return pair_refuse(&r->pairing, "-%c needs a value", word.data[i]);
		return options[o].handle(r, word.data[i], joined ? text_slice(word, i + 1, word.length) : r->words[r->at++]);
	}
	return true;
}

/* --- lines --- */

/* Words of a line: parted by blanks; `\ ` and `\\` stand for the second character, but not in the first word. */
static size_t split_words(struct arena *arena, struct text line, struct text **words)
{
	size_t count = 0, at = 0;
	bool escaped = false;

	*words = NULL;
	while (at < line.length) {
		struct buffer word = {0};

		while (at < line.length && line.data[at] == ' ')
			at++;
		for (; at < line.length && (escaped || line.data[at] != ' '); at++) {
			char byte = line.data[at];

			if (!escaped && byte == '\\' && at + 1 < line.length && (line.data[at + 1] == ' ' || line.data[at + 1] == '\\')) {
				escaped = true;
				continue;
			}
			escaped = false;
			buffer_char(&word, byte);
		}
		if (word.length > 0) {
			*words = arena_grow(arena, *words, count, sizeof(**words));
			(*words)[count++] = text_copy(arena, buffer_view(&word));
		}
		buffer_free(&word);
	}
	return count;
}

static bool read_options(struct reading *r)
{
	while (r->at < r->count) {
		struct text word = r->words[r->at++];
		if (text_is(word, "--") && r->at == r->count && !r->adds && !r->removes) {
			control(r, "asks for nothing%.*s", TEXT(""));
			return true;
		}
		bool fine = text_starts(word, TEXT("--"), false) && word.length > 2 ? long_option(r, text_slice(word, 2, word.length))
			: word.length > 1 && word.data[0] == '-' ? short_options(r, word)
			: pair_refuse(&r->pairing, "%.*s belongs to no option", TEXT_ARGS(word));

		if (!fine)
			return false;
		if (r->deprecated)
			return true;
		if (r->forgiving && r->at < r->count) {
			pair_note(&r->pairing, "what follows %.*s is not read, and that is forgiven too", TEXT_ARGS(word));
			return true;
		}
		if (r->ended && r->at < r->count)
			return pair_refuse(&r->pairing, "nothing can follow %.*s", TEXT_ARGS(word));
	}
	return true;
}

/* What is left to say when all options are read. */
static bool finish_rule(struct reading *r)
{
	struct kernel_test key = {.field = KERNEL_KEY, .op = KERNEL_EQUAL, .text = r->rule->key, .written = r->rule->key};

	if (r->deprecated) {
		control(r, "is ignored: the action possible is no longer known%.*s", TEXT(""));
		return true;
	}
	if (r->line->empties)
		return true;
	if (!r->adds && !r->removes)
		return r->done || refuse(r, r->pairing.called ? "no list is named" : "the line asks for nothing");
	const struct kernel_field *contradiction = kernel_rule_contradiction(r->rule);

	if (contradiction != NULL)
		pair_note(&r->pairing, "two values of %s are asked at once, so the rule never matches", contradiction->name);
	if (r->pairing.called && !r->rule->watch && r->rule->arch_said && kernel_rule_test(r->rule, KERNEL_PERM) != NULL)
		pair_note(&r->pairing, "with -S beside perm, auditctl 4 records all calls that the permissions count, named or not");
	if (r->rule->list != KERNEL_TASK && !r->pairing.called)
		r->rule->every_call = true;
	if (r->rule->key.length == 0)
		return true;
	if (!key_has_base(r))
		return refuse(r, "a key needs a system call, a path, a permission or a watch");
	return pair_add(&r->pairing, &key);
}

/* What is wrong with the line's bytes before a word of it is read. */
static const char *unreadable(struct text line)
{
	if (line.length > LINE_BYTES_MAX)
		return "auditctl reads at most 6143 bytes of a line";
	if (text_starts(line, TEXT("\xef\xbb\xbf"), false))
		return "the line begins with a byte order mark, which auditctl takes for a word";
	if (memchr(line.data, '\0', line.length) != NULL)
		return "the line holds a NUL byte";
	return NULL;
}

static void settle(struct reading *r, struct text text, bool fine)
{
	struct rules_line *line = r->line;
	bool rule = r->adds || r->removes;

	line->kind = !rule || r->deprecated ? RULES_CONTROL : r->removes ? RULES_DELETE : RULES_RULE;
	line->rule = (rule && !r->deprecated) || line->empties ? r->rule : NULL;
	if (fine)
		return;
	line->refused = r->pairing.problem;
	if (text_find(line->source, '\t') < line->source.length)
		line->refused = arena_printf(r->arena, "%s; tabs do not part words", line->refused);
	else if (text_ends(text, TEXT("\r"), false))
		line->refused = arena_printf(r->arena, "%s; the line ends in a carriage return, which belongs to the last word",
			line->refused);
}

/* Returns whether -i or -c stood there. */
static bool parse_line(struct arena *arena, struct rules_line *line, struct text text)
{
	struct kernel_rule *rule = arena_alloc(arena, sizeof(*rule));
	struct reading r = {.arena = arena, .line = line, .rule = rule};

	*rule = (struct kernel_rule){.list = KERNEL_NO_LIST, .action = KERNEL_NO_ACTION, .arch = TEXT("x86_64")};
	r.pairing = (struct pairing){.arena = arena, .rule = rule, .notes = &line->notes, .problem = unreadable(text)};
	if (r.pairing.problem == NULL) {
		r.count = split_words(arena, text, &r.words);
		if (r.count > 0 && r.words[0].data[0] == '\\')
			refuse(&r, "the line begins with a backslash");
	}
	settle(&r, text, r.pairing.problem == NULL && read_options(&r) && finish_rule(&r));
	if (line->refused == NULL && text_ends(rule->key, TEXT("\r"), false))
		pair_note(&r.pairing, "the line ends in a carriage return, which becomes part of the key");
	return r.forgiving;
}

/* What -D, -d and -W take away of what stood before. */
static void remove_rules(struct rules *rules, const struct rules_line *by)
{
	for (size_t i = 0; i + 1 < rules->count; i++) {
		struct rules_line *line = &rules->lines[i];
		bool gone = by->empties ? by->rule->key.length == 0 || (line->rule && text_equal(line->rule->key, by->rule->key))
			: line->rule && kernel_rule_equal(line->rule, by->rule);

		if (line->kind == RULES_RULE && line->refused == NULL && line->stopped == 0 && line->removed == 0 && gone)
			line->removed = by->place.line;
	}
}

static void add_comment(struct arena *arena, struct text *comment, struct text line)
{
	while (line.length > 0 && (line.data[0] == '#' || line.data[0] == ' '))
		line = text_slice(line, 1, line.length);
	line = text_trim(line);
	if (line.length > 0)
		*comment = comment->length == 0 ? line : text_of(arena_printf(arena, "%.*s\n%.*s", TEXT_ARGS(*comment), TEXT_ARGS(line)));
}

void rules_parse(struct arena *arena, const char *file, struct text content, struct rules *rules)
{
	struct text comment = {0};
	unsigned number = 0, stopped = 0;
	bool forgiving = false;

	*rules = (struct rules){0};
	for (size_t at = 0; at < content.length;) {
		struct text rest = text_slice(content, at, content.length);
		struct text text = text_slice(rest, 0, text_find(rest, '\n')), line = text;

		at += text.length + 1;
		number++;
		while (line.length > 0 && line.data[0] == ' ')
			line = text_slice(line, 1, line.length);
		if (line.length == 0 || line.data[0] == '#') {
			comment = line.length == 0 ? TEXT("") : comment;
			*(line.length == 0 ? &rules->blanks : &rules->comments) += 1;
			if (line.length > 0)
				add_comment(arena, &comment, line);
			continue;
		}
		rules->lines = arena_grow(arena, rules->lines, rules->count, sizeof(*rules->lines));
		struct rules_line *made = &rules->lines[rules->count++];

		*made = (struct rules_line){.place = {file, number, (unsigned)(line.data - text.data) + 1}, .source = text_trim(line),
			.comment = comment, .stopped = stopped};
		forgiving |= parse_line(arena, made, line);
		if (made->refused != NULL && !forgiving && stopped == 0)
			stopped = number;
		if (made->refused == NULL && made->stopped == 0 && (made->empties || made->kind == RULES_DELETE))
			remove_rules(rules, made);
	}
}

const struct rules_line **rules_standing(struct arena *arena, const struct rules *rules, size_t *count)
{
	const struct rules_line **standing = arena_array(arena, rules->count + 1, sizeof(*standing));

	*count = 0;
	for (size_t i = 0; i < rules->count; i++) {
		const struct rules_line *line = &rules->lines[i];
		size_t at = *count;

		if (line->kind != RULES_RULE || line->refused != NULL || line->removed != 0 || line->stopped != 0)
			continue;
		for (; line->rule->prepend && at > 0; at--)
			standing[at] = standing[at - 1];
		standing[at] = line;
		*count += 1;
	}
	return standing;
}
