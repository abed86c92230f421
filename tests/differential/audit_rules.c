/*
 * audit_rules: our reading of audit rules against others'.
 *
 *   audit_rules lines FILE        one line for each rule line: taken or refused, a tab, the line (for audit_rules.sh)
 *   audit_rules golden FILE…      rules and the kernel's bytes for them (go-libaudit's YAML): equal?
 *   audit_rules libaudit FILE     each -F and -C of the file through libaudit's own parser: equal?  77: no libaudit
 *
 * Exit status: 0 all equal, 1 a difference, printed.
 */
#include "generator/auditd/parse.h"

#include "catalog/yaml.h"
#include "generator/auditd/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<libaudit.h>)
#include <errno.h>
#include <libaudit.h>
#define HAVE_LIBAUDIT 1
#endif

static struct text read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buffer content = {0};
	char piece[4096];
	size_t length;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_add(&content, piece, length);
	fclose(file);
	struct text text = text_copy(arena, buffer_view(&content));

	buffer_free(&content);
	return text;
}

static int print_lines(struct arena *arena, const char *path)
{
	struct rules rules;

	rules_parse(arena, path, read_file(arena, path), &rules);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.lines[i];

		printf("%s\t%.*s\t%s", line->refused ? "refused" : "taken", TEXT_ARGS(line->source), line->refused ? line->refused : "");
		for (size_t k = 0; k < line->notes.count; k++)
			printf("%s%.*s", k > 0 || line->refused ? "; " : "", TEXT_ARGS(line->notes.items[k]));
		printf("\n");
	}
	return 0;
}

/* --- the kernel's bytes --- */

static uint32_t word_at(const unsigned char *bytes, size_t index)
{
	return (uint32_t)bytes[4 * index] | (uint32_t)bytes[4 * index + 1] << 8 | (uint32_t)bytes[4 * index + 2] << 16
		| (uint32_t)bytes[4 * index + 3] << 24;
}

/* struct audit_rule_data: flags, action, field_count, mask[64], fields[64], values[64], fieldflags[64], buflen, buf. */
enum { MASK_AT = 3, FIELDS_AT = 67, VALUES_AT = 131, FLAGS_AT = 195, BUFFER_AT = 260 };

static bool equal_test(const struct kernel_test *test, const unsigned char *bytes, size_t i, size_t *text_at)
{
	const struct kernel_field *field = kernel_field_numbered(test->field);
	uint32_t number = word_at(bytes, FIELDS_AT + i), value = word_at(bytes, VALUES_AT + i);
	bool text = field->kind == KERNEL_KIND_TEXT || field->kind == KERNEL_KIND_PATH;
	bool same = test->op == word_at(bytes, FLAGS_AT + i)
		&& (number == test->field || (test->field == KERNEL_PATH && number == KERNEL_DIR));

	if (text) {
		same = same && value == test->text.length && memcmp(bytes + *text_at, test->text.data, value) == 0;
		*text_at += value;
		return same;
	}
	return same && (test->named || test->number == value);
}

static bool equal_calls(const struct kernel_rule *rule, const unsigned char *bytes)
{
	for (size_t i = 0; i < 16; i++) { /* above, the kernel keeps bits of its own */
		if (word_at(bytes, MASK_AT + i) != (rule->every_call && rule->list != KERNEL_TASK ? UINT32_MAX : rule->calls[i]))
			return false;
	}
	return true;
}

static const char *difference(const struct kernel_rule *rule, const unsigned char *bytes, bool any_calls)
{
	size_t text_at = 4 * BUFFER_AT;

	if (word_at(bytes, 0) != ((uint32_t)rule->list | (rule->prepend ? 0x10u : 0u)))
		return "list";
	if (word_at(bytes, 1) != (uint32_t)rule->action)
		return "action";
	if (word_at(bytes, 2) != rule->count)
		return "number of fields";
	for (size_t i = 0; i < rule->count; i++) {
		if (!equal_test(&rule->tests[i], bytes, i, &text_at))
			return kernel_field_numbered(rule->tests[i].field)->name;
	}
	return any_calls || equal_calls(rule, bytes) ? NULL : "system calls";
}

static size_t decode(const char *base64, size_t length, unsigned char *bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	size_t count = 0, held = 0;

	for (size_t i = 0; i < length; i++) {
		const char *digit = base64[i] != '\0' ? strchr(digits, base64[i]) : NULL;

		if (digit == NULL)
			continue;
		bits = bits << 6 | (uint32_t)(digit - digits);
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[count++] = (unsigned char)(bits >> held);
		}
	}
	return count;
}

/* The rules were written down as a shell would be given them: quotes are taken away and blanks escaped. */
static struct text as_in_file(struct arena *arena, struct text flags)
{
	struct buffer out = {0};
	char quote = '\0';

	for (size_t i = 0; i < flags.length; i++) {
		char byte = flags.data[i];

		if (quote == '\0' && (byte == '\'' || byte == '"')) {
			quote = byte;
		} else if (quote != '\0' && byte == quote) {
			quote = '\0';
		} else {
			if (quote != '\0' && byte == ' ')
				buffer_char(&out, '\\');
			buffer_char(&out, byte);
		}
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

struct tally {
	size_t equal, different, skipped;
};

/* `- flags: …` and the base64 lines below `bytes: !!binary |`. */
static void compare_golden(struct arena *arena, const char *path, struct tally *tally)
{
	struct text content = read_file(arena, path), flags = {0}, *lines;
	struct buffer base64 = {0};
	bool in_bytes = false, native = text_contains(content, TEXT("x86_64 GNU/Linux"), false);
	size_t count = text_split(arena, content, '\n', &lines);

	for (size_t i = 0; i <= count; i++) {
		if (i < count && !text_starts(lines[i], TEXT("- flags: "), false)) {
			if (text_starts(text_trim(lines[i]), TEXT("bytes:"), false))
				in_bytes = true;
			else if (in_bytes)
				buffer_text(&base64, text_trim(lines[i]));
			else if (flags.length > 0)
				flags = text_of(arena_printf(arena, "%.*s %.*s", TEXT_ARGS(flags), TEXT_ARGS(text_trim(lines[i]))));
			continue;
		}
		if (flags.length > 0) {
			unsigned char *bytes = calloc(1, base64.length + 8192);
			struct rules rules;

			decode(base64.data, base64.length, bytes);
			rules_parse(arena, path, as_in_file(arena, flags), &rules);
			const char *problem = rules.count != 1 ? "lines" : rules.lines[0].refused;

			if (problem == NULL)
				problem = difference(rules.lines[0].rule, bytes, !native && !rules.lines[0].rule->arch_said);
			tally->equal += problem == NULL;
			tally->different += problem != NULL;
			if (problem != NULL)
				printf("%s: %.*s: %s\n", path, TEXT_ARGS(flags), problem);
			free(bytes);
		}
		buffer_clear(&base64);
		in_bytes = false;
		flags = i < count ? text_trim(text_slice(lines[i], 9, lines[i].length)) : flags;
	}
	buffer_free(&base64);
}

/* --- libaudit --- */

#ifdef HAVE_LIBAUDIT

static bool libaudit_pair(const char *pair, bool compare, int list, struct audit_rule_data **rule)
{
	char *copy = strdup(pair);

	*rule = calloc(1, sizeof(**rule));
	int status = compare ? audit_rule_interfield_comp_data(rule, copy, list) : audit_rule_fieldpair_data(rule, copy, list);

	free(copy);
	return status == 0;
}

/* libaudit's parser does not ask the kernel, so what only the kernel refuses is let through there. */
static void compare_pair(struct arena *arena, const char *pair, bool compare, enum kernel_list list, struct tally *tally)
{
	struct kernel_rule rule = {.list = list, .action = KERNEL_ALWAYS, .arch = TEXT("x86_64")};
	struct texts notes = {0};
	struct pairing pairing = {.arena = arena, .rule = &rule, .notes = &notes};
	struct audit_rule_data *theirs;
	bool taken = compare ? pair_compare(&pairing, text_of(pair)) : pair_field(&pairing, text_of(pair));
	bool other = libaudit_pair(pair, compare, (int)list, &theirs);
	const char *problem = NULL;

	if (taken && !other)
		problem = rule.tests[0].named || text_contains(text_of(pair), TEXT("cgroup"), false) ? NULL : "libaudit refuses it";
	else if (taken && rule.tests[0].number != theirs->values[0] && !rule.tests[0].named && rule.tests[0].text.length == 0)
		problem = "the numbers differ";
	else if (taken && other && (rule.tests[0].field != theirs->fields[0] || rule.tests[0].op != theirs->fieldflags[0]))
		problem = "field or operator differ";
	tally->equal += problem == NULL;
	tally->different += problem != NULL;
	if (problem != NULL)
		printf("%s (%s): %s\n", pair, kernel_list_name(list), problem);
	free(theirs);
}

/* Names that libaudit has for a call of another name; the reader takes them too (parse.c). */
static bool renamed(const char *name)
{
	return strcmp(name, "pread") == 0 || strcmp(name, "pwrite") == 0 || strcmp(name, "sys_kexec_load") == 0
		|| strcmp(name, "sched_rr_get_interval64") == 0;
}

static void compare_calls(struct tally *tally)
{
	static const struct {
		const char *arch;
		int machine;
	} machines[] = {{"x86_64", MACH_86_64}, {"i386", MACH_X86}};

	for (size_t m = 0; m < 2; m++) {
		for (int number = 0; number < 512; number++) {
			const char *name = audit_syscall_to_name(number, machines[m].machine);
			unsigned ours = 0;
			bool known = name != NULL && audit_syscall_number(text_of(machines[m].arch), text_of(name), &ours);

			if (name == NULL || renamed(name))
				continue;
			tally->equal += known && (int)ours == number;
			tally->different += !known || (int)ours != number;
			if (!known || (int)ours != number)
				printf("%s call %s (%d) is ours %u\n", machines[m].arch, name, number, ours);
		}
	}
	for (int type = 1000; type < 2999; type++) {
		const char *name = audit_msg_type_to_name(type);

		if (name == NULL)
			continue;
		tally->equal += audit_type_number(text_of(name)) == (unsigned)type;
		tally->different += audit_type_number(text_of(name)) != (unsigned)type;
		if (audit_type_number(text_of(name)) != (unsigned)type)
			printf("record type %s (%d) is not known\n", name, type);
	}
	for (int number = 1; number < 134; number++) {
		const char *name = audit_errno_to_name(number);

		if (name == NULL)
			continue;
		tally->equal += kernel_errno(text_of(name)) == number;
		tally->different += kernel_errno(text_of(name)) != number;
		if (kernel_errno(text_of(name)) != number)
			printf("error %s (%d) is not known\n", name, number);
	}
}

static int compare_libaudit(struct arena *arena, struct tally *tally)
{
	static const char *const operators[] = {"=", "!=", ">", ">=", "<", "<=", "&", "&="};
	static const char *const values[] = {"0", "1", "-1", "-13", "1000", "unset", "4294967295", "4294967296",
		"99999999999999999999", "12abc", "0x10", "010", "0x", "abc", "EACCES", "-EACCES", "-", "/etc/passwd", "/etc/", "rwxa",
		"wa", "rwxar", "wz", "file", "fifo", "tracefs", "b64", "b32", "i386", "x86_64", "3221225534", "CWD", "1307", "root",
		"daemon", "local", "46", "45", "auid", "euid", "obj_uid", "gid", "a=b", "a!=b"};
	static const enum kernel_list lists[] = {KERNEL_EXIT, KERNEL_USER, KERNEL_TASK, KERNEL_EXCLUDE, KERNEL_FILESYSTEM};

	set_aumessage_mode(MSG_QUIET, DBG_NO);
	for (unsigned number = 0; number < 256; number++) {
		const struct kernel_field *field = kernel_field_numbered(number);

		for (size_t o = 0; field != NULL && o < 8; o++) {
			for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++) {
				for (size_t l = 0; l < 5; l++) {
					const char *pair = arena_printf(arena, "%s%s%s", field->name, operators[o], values[v]);

					if (field->number != KERNEL_KEY)
						compare_pair(arena, pair, false, lists[l], tally);
					if (o < 2 && l == 0)
						compare_pair(arena, pair, true, lists[l], tally);
				}
			}
		}
	}
	compare_calls(tally);
	return 0;
}
#endif

int main(int count, char **arguments)
{
	struct arena arena = {0};
	struct tally tally = {0};
	int status = 0;

	if (count == 3 && strcmp(arguments[1], "lines") == 0) {
		status = print_lines(&arena, arguments[2]);
		arena_free(&arena);
		return status;
	}
	if (count >= 3 && strcmp(arguments[1], "golden") == 0) {
		for (int i = 2; i < count; i++)
			compare_golden(&arena, arguments[i], &tally);
	} else if (count == 2 && strcmp(arguments[1], "libaudit") == 0) {
#ifdef HAVE_LIBAUDIT
		status = compare_libaudit(&arena, &tally);
#else
		return 77;
#endif
	} else {
		fprintf(stderr, "usage: audit_rules lines FILE | golden FILE… | libaudit\n");
		return 2;
	}
	printf("%zu equal, %zu different\n", tally.equal, tally.different);
	arena_free(&arena);
	return tally.different > 0 || status != 0;
}
