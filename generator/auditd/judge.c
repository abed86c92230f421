/* judge: audit rules, evaluated as the kernel does. */
#include "generator/auditd/judge.h"

#include "generator/auditd/parse.h"
#include "generator/auditd/view.h"
#include "generator/auditd/ways.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct standing {
	const struct kernel_rule *rule;
	struct text name; /* file and key */
};

struct judge {
	struct standing *rules; /* of the list exit, in order */
	size_t count;
	bool silenced;          /* never,task: no system call is audited */
};

/* --- one test --- */

static bool number_in(const struct sight *sight, struct text name, uint32_t *number)
{
	const struct sight_value *value = sight_get(sight, name);
	int64_t whole;

	if (value == NULL || value->count == 0 || !text_to_long(value->values[0], &whole))
		return false;
	*number = (uint32_t)whole;
	return true;
}

static bool test_number(const struct kernel_test *test, const struct sight *sight)
{
	const struct kernel_field *field = kernel_field_numbered(test->field);
	uint32_t number;

	return !test->named && number_in(sight, text_of(field->name), &number) && kernel_compare(number, test->op, test->number);
}

/* The kernel's own numbers of outcomes: 1 success, 2 failure; they are compared by the operator. */
static bool test_success(const struct kernel_test *test, const struct sight *sight)
{
	uint32_t success;

	return number_in(sight, TEXT("success"), &success)
		&& kernel_compare(success != 0 ? 1 : 2, test->op, test->number != 0 ? 1 : 2);
}

static bool test_arch(const struct kernel_test *test, const struct sight *sight)
{
	const struct sight_value *arch = sight_get(sight, TEXT("arch"));

	return arch != NULL && kernel_compare(audit_arch_number(arch->values[0]), test->op, test->number);
}

static bool below(struct text path, struct text folder)
{
	while (folder.length > 1 && folder.data[folder.length - 1] == '/')
		folder.length--;
	if (folder.length == 1)
		return true;
	return text_starts(path, folder, false) && (path.length == folder.length || path.data[folder.length] == '/');
}

/* A watch is one of a folder where the host has a folder there: what the event does not tell, both may be. */
static bool test_path(const struct kernel_rule *rule, const struct kernel_test *test, const struct sight *sight)
{
	const struct sight_value *paths = sight_get(sight, TEXT("path"));
	bool tree = test->field == KERNEL_DIR || rule->watch;

	for (size_t i = 0; paths != NULL && i < paths->count; i++) {
		if (tree ? below(paths->values[i], test->text) : text_equal(paths->values[i], test->text))
			return true;
	}
	return false;
}

static bool test_program(const struct kernel_test *test, const struct sight *sight)
{
	const struct sight_value *exe = sight_get(sight, TEXT("exe"));

	return exe != NULL && text_equal(exe->values[0], test->text) == (test->op == KERNEL_EQUAL);
}

/* Opening calls count by how they open: O_RDONLY reads, O_WRONLY writes, O_RDWR does both. */
static bool opens_for(const struct sight *sight, const char *argument, uint32_t perm)
{
	static const uint32_t modes[4] = {KERNEL_PERM_READ, KERNEL_PERM_WRITE, KERNEL_PERM_READ | KERNEL_PERM_WRITE,
		KERNEL_PERM_READ | KERNEL_PERM_WRITE};
	uint32_t flags;

	return number_in(sight, text_of(argument), &flags) && (modes[flags & 3] & perm) != 0;
}

static bool test_perm(const struct kernel_test *test, const struct sight *sight)
{
	const struct sight_value *call = sight_get(sight, TEXT("syscall"));
	const struct kernel_call_class *row = call != NULL ? kernel_call_class(call->values[0]) : NULL;
	uint32_t number;

	if (row == NULL)
		return false;
	switch (row->sort) {
	case KERNEL_CLASS_PLAIN:
		return (row->perm & test->number) != 0;
	case KERNEL_CLASS_EXEC:
		return (test->number & KERNEL_PERM_EXEC) != 0;
	case KERNEL_CLASS_OPEN:
		return opens_for(sight, "a1", test->number);
	case KERNEL_CLASS_OPENAT:
		return opens_for(sight, "a2", test->number);
	case KERNEL_CLASS_OPENAT2:
		return opens_for(sight, "openat2.flags", test->number);
	case KERNEL_CLASS_SOCKETCALL: /* bind(2) is its second call */
		return (test->number & KERNEL_PERM_WRITE) != 0 && number_in(sight, TEXT("a0"), &number) && number == 2;
	default:
		return false;
	}
}

static bool test_pair(const struct kernel_test *test, const struct sight *sight)
{
	uint32_t left, right;

	return number_in(sight, text_of(kernel_field_numbered(test->left)->name), &left)
		&& number_in(sight, text_of(kernel_field_numbered(test->right)->name), &right) && kernel_compare(left, test->op, right);
}

/* user:role:type:level, as SELinux has it; without it no such test holds. */
static bool test_subject(const struct kernel_test *test, const struct sight *sight)
{
	const struct sight_value *subject = sight_get(sight, TEXT("subj"));
	struct text rest = subject != NULL ? subject->values[0] : TEXT("");

	for (size_t skip = (size_t)test->field - KERNEL_SUBJ_USER; skip > 0; skip--) {
		size_t colon = text_find(rest, ':');

		if (colon == rest.length)
			return false;
		rest = text_slice(rest, colon + 1, rest.length);
	}
	return rest.length > 0 && test->field <= KERNEL_SUBJ_TYPE
		&& text_equal(text_slice(rest, 0, text_find(rest, ':')), test->text) == (test->op == KERNEL_EQUAL);
}

static bool holds(const struct kernel_rule *rule, const struct kernel_test *test, const struct sight *sight)
{
	switch (test->field) {
	case KERNEL_KEY: return true;
	case KERNEL_ARCH: return test_arch(test, sight);
	case KERNEL_SUCCESS: return test_success(test, sight);
	case KERNEL_PATH:
	case KERNEL_DIR: return test_path(rule, test, sight);
	case KERNEL_EXE: return test_program(test, sight);
	case KERNEL_PERM: return test_perm(test, sight);
	case KERNEL_COMPARE: return test_pair(test, sight);
	case KERNEL_SUBJ_USER:
	case KERNEL_SUBJ_ROLE:
	case KERNEL_SUBJ_TYPE:
	case KERNEL_SUBJ_SEN:
	case KERNEL_SUBJ_CLR: return test_subject(test, sight);
	default: return test_number(test, sight);
	}
}

/* Calls are told apart by their numbers alone: a rule without an architecture takes those of any. */
static bool calls(const struct kernel_rule *rule, const struct sight *sight)
{
	const struct sight_value *call = sight_get(sight, TEXT("syscall")), *arch = sight_get(sight, TEXT("arch"));
	unsigned number;

	if (rule->every_call || call == NULL || arch == NULL)
		return rule->every_call;
	return audit_syscall_number(arch->values[0], call->values[0], &number) && kernel_rule_calls(rule, number);
}

bool auditd_fits(const struct kernel_rule *rule, const struct sight *sight)
{
	if (!calls(rule, sight))
		return false;
	for (size_t i = 0; i < rule->count; i++) {
		if (!holds(rule, &rule->tests[i], sight))
			return false;
	}
	return true;
}

const struct kernel_rule *auditd_decides(const struct judge *judge, const struct sight *sight)
{
	for (size_t i = 0; i < judge->count && !judge->silenced; i++) {
		if (auditd_fits(judge->rules[i].rule, sight))
			return judge->rules[i].rule;
	}
	return NULL;
}

/* --- packs --- */

static int by_name(const void *a, const void *b)
{
	return text_compare((*(const struct pack_text *const *)a)->name, (*(const struct pack_text *const *)b)->name);
}

static struct text rule_name(struct arena *arena, struct text file, const struct kernel_rule *rule)
{
	return text_of(arena_printf(arena, "%.*s %.*s", TEXT_ARGS(file), TEXT_ARGS(rule->key)));
}

static void add_rule(struct arena *arena, struct judge *judge, const struct kernel_rule *rule, struct text file)
{
	if (rule->list == KERNEL_TASK && rule->action == KERNEL_NEVER && rule->count == 0)
		judge->silenced = true;
	if (rule->list != KERNEL_EXIT)
		return;
	judge->rules = arena_grow(arena, judge->rules, judge->count, sizeof(*judge->rules));
	size_t at = judge->count++;

	for (; rule->prepend && at > 0; at--)
		judge->rules[at] = judge->rules[at - 1];
	judge->rules[at] = (struct standing){rule, rule_name(arena, file, rule)};
}

/* -D, -d and -W of a later file reach rules of the files before it. */
static void remove_rules(struct judge *judge, const struct rules_line *by)
{
	size_t kept = 0;

	for (size_t i = 0; i < judge->count; i++) {
		const struct kernel_rule *rule = judge->rules[i].rule;
		bool gone = by->empties ? by->rule->key.length == 0 || text_equal(rule->key, by->rule->key)
			: kernel_rule_equal(rule, by->rule);

		if (!gone)
			judge->rules[kept++] = judge->rules[i];
	}
	judge->count = kept;
}

static int load_file(struct arena *arena, struct judge *judge, const struct pack_text *file, struct diagnostics *d)
{
	struct rules rules;
	int failed = 0;

	rules_parse(arena, text_copy(arena, file->name).data, file->content, &rules);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.lines[i];

		if (line->refused != NULL)
			failed = diagnostics_error(d, line->place, "auditctl refuses the line: %s", line->refused);
		else if (line->kind == RULES_RULE)
			add_rule(arena, judge, line->rule, file->name);
		else if (line->kind == RULES_DELETE || line->empties)
			remove_rules(judge, line);
	}
	return failed;
}

static struct judge *judge_open(struct arena *arena, const struct catalog *catalog, const struct pack_text *files,
	size_t count, struct diagnostics *d)
{
	struct judge *judge = arena_alloc(arena, sizeof(*judge));
	const struct pack_text **sorted = arena_array(arena, count + 1, sizeof(*sorted));
	size_t kept = 0;
	int failed = 0;

	(void)catalog;
	for (size_t i = 0; i < count; i++) {
		if (text_ends(files[i].name, TEXT(".rules"), false))
			sorted[kept++] = &files[i];
	}
	if (kept > 1)
		qsort(sorted, kept, sizeof(*sorted), by_name);
	for (size_t i = 0; i < kept; i++)
		failed |= load_file(arena, judge, sorted[i], d);
	return failed != 0 ? NULL : judge;
}

static void judge_view(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights)
{
	(void)judge;
	auditd_view(event, arena, sights);
}

static bool is_named(const struct judgements *judgements, size_t from, struct text name)
{
	for (size_t i = from; i < judgements->count; i++) {
		if (text_equal(judgements->items[i].rule, name))
			return true;
	}
	return false;
}

/* The deciding rule first; then the others that fit what it recorded. */
static void fires_on(const struct judge *judge, const struct sight *sight, struct arena *arena, struct judgements *judgements)
{
	const struct kernel_rule *decides = auditd_decides(judge, sight);
	size_t from = judgements->count;

	if (decides == NULL || decides->action == KERNEL_NEVER)
		return;
	for (size_t i = 0; i < judge->count; i++) {
		const struct standing *standing = &judge->rules[i];

		if (standing->rule->action == KERNEL_NEVER || is_named(judgements, from, standing->name)
				|| !auditd_fits(standing->rule, sight))
			continue;
		judgements->items = arena_grow(arena, judgements->items, judgements->count, sizeof(*judgements->items));
		judgements->items[judgements->count++] = (struct judgement){standing->name, sight};
	}
}

static void judge_fires(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
	struct judgements *judgements)
{
	(void)event;
	for (size_t i = 0; i < sights->count; i++)
		fires_on(judge, &sights->items[i], arena, judgements);
}

const struct judging auditd_judging = {.open = judge_open, .view = judge_view, .fires = judge_fires, .vary = auditd_vary};
