/* meaning: what one audit rule asks of an event, as conditions. */
#include "generator/auditd/meaning.h"

#include "generator/auditd/asking.h"
#include "generator/lower.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct call_set {
	struct text *names;
	size_t count;
};

/* An act of the registry, and those of the rule's calls that are it. */
struct act {
	unsigned category, action;
	const char *category_name, *action_name;
	struct call_set calls;
	bool stands; /* the rule names a call that stands for the act */
};

struct making {
	struct arena *arena;
	const struct meaning_rules *rules;
	const struct kernel_rule *rule, *twin;
	const struct dialect_group *group;
	const struct kernel_test *perm;
	struct meaning *meaning;
	struct call_set calls, unmapped;
	struct act *acts;
	size_t act_count;
};

static void note(struct making *m, const char *sentence)
{
	reason_add(m->arena, &m->meaning->notes, sentence);
}

/* --- calls --- */

static bool has_call(const struct call_set *set, struct text name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (text_equal(set->names[i], name))
			return true;
	}
	return false;
}

static void add_call(struct arena *arena, struct call_set *set, struct text name)
{
	if (has_call(set, name))
		return;
	set->names = arena_grow(arena, set->names, set->count, sizeof(*set->names));
	set->names[set->count++] = name;
}

static bool arch_has(const struct kernel_rule *rule, struct text name)
{
	unsigned number;

	return !audit_arch_known(rule->arch) || audit_syscall_number(rule->arch, name, &number);
}

/* Does the permission count this call? Opening calls are sorted by their flags later. */
static bool perm_counts(uint32_t perm, const struct kernel_call_class *row)
{
	if (row == NULL || row->sort == KERNEL_CLASS_SOCKETCALL || text_is(text_of(row->name), "bind"))
		return false;
	if (row->sort == KERNEL_CLASS_EXEC)
		return (perm & KERNEL_PERM_EXEC) != 0;
	if (row->sort == KERNEL_CLASS_PLAIN)
		return (perm & row->perm) != 0;
	return (perm & (KERNEL_PERM_READ | KERNEL_PERM_WRITE)) != 0;
}

/* Logs name a socketcall by what it calls; its first argument says what that is. */
static void add_socketcall(struct making *m)
{
	static const char *const calls[] = {"socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername",
		"socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
		"accept4", "recvmmsg", "sendmmsg"};
	const struct kernel_test *first = kernel_rule_test(m->rule, KERNEL_A0);

	for (uint32_t i = 0; i < COUNT_OF(calls); i++) {
		if (first == NULL || kernel_compare(i + 1, first->op, first->number))
			add_call(m->arena, &m->calls, text_of(calls[i]));
	}
}

static void collect_calls(struct making *m, const struct kernel_rule *rule)
{
	for (unsigned number = 0; !rule->every_call && number < KERNEL_CALLS_MAX; number++) {
		if (!kernel_rule_calls(rule, number))
			continue;
		struct text name = audit_syscall_name(rule->arch, number);

		if (name.length == 0)
			name = text_of(arena_printf(m->arena, "%u", number));
		if (text_is(name, "socketcall"))
			add_socketcall(m);
		else if (m->perm == NULL || perm_counts(m->perm->number, kernel_call_class(name)))
			add_call(m->arena, &m->calls, name);
	}
	for (const struct kernel_call_class *row = kernel_call_classes(); rule->every_call && row->name != NULL; row++) {
		if (m->perm != NULL && perm_counts(m->perm->number, row) && arch_has(rule, text_of(row->name)))
			add_call(m->arena, &m->calls, text_of(row->name));
	}
}

static bool asks_every_call(const struct making *m)
{
	return m->rule->every_call && m->perm == NULL;
}

/* --- acts --- */

static bool row_has_call(const struct dialect_event *event, struct text call)
{
	for (size_t i = 0; i < event->match_count; i++) {
		const struct dialect_match *match = &event->matches[i];

		for (size_t k = 0; text_is(match->name, "SYSCALL.syscall") && k < match->count; k++) {
			if (text_equal(match->values[k], call))
				return true;
		}
	}
	return false;
}

static struct act *act_of(struct making *m, const struct dialect_event *event)
{
	for (size_t i = 0; i < m->act_count; i++) {
		if (m->acts[i].category == event->category && m->acts[i].action == event->action)
			return &m->acts[i];
	}
	m->acts = arena_grow(m->arena, m->acts, m->act_count, sizeof(*m->acts));
	m->acts[m->act_count] = (struct act){.category = event->category, .action = event->action};
	return &m->acts[m->act_count++];
}

/* Calls that are but one of several sorts of their act: alone they do not stand for it. */
static bool stands_alone(struct text call)
{
	static const char *const odd[] = {"creat", "mkdir", "mkdirat", "truncate", "truncate64", "ftruncate",
		"ftruncate64", "clone", "clone3", "link", "linkat", "symlink", "symlinkat", "rmdir"};

	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		if (text_is(call, odd[i]))
			return false;
	}
	return true;
}

static bool opens(struct text call)
{
	const struct kernel_call_class *row = kernel_call_class(call);

	return row != NULL && (row->sort == KERNEL_CLASS_OPEN || row->sort == KERNEL_CLASS_OPENAT
		|| row->sort == KERNEL_CLASS_OPENAT2);
}

/* Opening to read is "open", opening to write "modify" or "create". */
static bool perm_wants(const struct making *m, struct text call, const char *action)
{
	if (m->perm == NULL || !opens(call))
		return true;
	return (m->perm->number & (strcmp(action, "open") == 0 ? KERNEL_PERM_READ : KERNEL_PERM_WRITE)) != 0;
}

static void map_call(struct making *m, const struct registry *registry, struct text call)
{
	bool mapped = false;

	for (size_t i = 0; m->group != NULL && i < m->group->event_count; i++) {
		const struct dialect_event *event = &m->group->events[i];

		if (!row_has_call(event, call))
			continue;
		mapped = true;
		struct text action = registry->actions[event->action].name;

		if (!perm_wants(m, call, text_copy(m->arena, action).data))
			continue;
		struct act *act = act_of(m, event);

		act->category_name = text_copy(m->arena, registry->categories[event->category].name).data;
		act->action_name = text_copy(m->arena, action).data;
		act->stands = act->stands || (stands_alone(call) && !text_is(action, "other"));
		add_call(m->arena, &act->calls, call);
	}
	if (!mapped)
		add_call(m->arena, &m->unmapped, call);
}

/* Calls of the act, on the rule's architectures, that the rule does not name. */
static struct call_set missing_calls(const struct making *m, const struct act *act)
{
	struct call_set missing = {0};

	for (size_t i = 0; i < m->group->event_count; i++) {
		const struct dialect_event *event = &m->group->events[i];

		if (event->category != act->category || event->action != act->action)
			continue;
		for (size_t k = 0; k < event->match_count; k++) {
			const struct dialect_match *match = &event->matches[k];

			for (size_t v = 0; text_is(match->name, "SYSCALL.syscall") && v < match->count; v++) {
				bool here = arch_has(m->rule, match->values[v]) || (m->twin != NULL && arch_has(m->twin, match->values[v]));

				if (here && !has_call(&act->calls, match->values[v]))
					add_call(m->arena, &missing, match->values[v]);
			}
		}
	}
	return missing;
}

/* --- expressions --- */

static void list_texts(struct buffer *out, const char *field, const struct call_set *set)
{
	if (set->count == 1) {
		buffer_printf(out, "%s == ", field);
		asking_string(out, set->names[0]);
		return;
	}
	buffer_printf(out, "%s in (", field);
	for (size_t i = 0; i < set->count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		asking_string(out, set->names[i]);
	}
	buffer_char(out, ')');
}

static void and_then(struct buffer *out)
{
	if (out->length > 0)
		buffer_string(out, " and ");
}

/* By field: rules that differ in the order of their tests only have one condition. */
static int by_field(const void *a, const void *b)
{
	const struct kernel_test *x = *(const struct kernel_test *const *)a, *y = *(const struct kernel_test *const *)b;

	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	return x->op != y->op ? (x->op < y->op ? -1 : 1) : x->number < y->number ? -1 : x->number > y->number;
}

static const struct kernel_test **sorted_tests(struct making *m)
{
	const struct kernel_test **tests = arena_array(m->arena, m->rule->count + 1, sizeof(*tests));

	for (size_t i = 0; i < m->rule->count; i++)
		tests[i] = &m->rule->tests[i];
	if (m->rule->count > 1)
		qsort(tests, m->rule->count, sizeof(*tests), by_field);
	return tests;
}

/* The rule's tests, each as a predicate; what no field holds is noted. */
static void add_tests(struct making *m, const struct asking_about *about, struct buffer *out)
{
	const struct kernel_test **tests = sorted_tests(m);

	for (size_t i = 0; i < m->rule->count; i++) {
		const struct kernel_test *test = tests[i];
		struct buffer asked = {0};
		const char *why = NULL;

		if (!asking_test(about, test, &asked, &why)) {
			m->meaning->wider = true;
			note(m, arena_printf(m->arena, "%.*s is left out, so that the conditions match more than the rule: %s",
				TEXT_ARGS(test->written), why));
		} else if (asked.length > 0) {
			and_then(out);
			buffer_text(out, buffer_view(&asked));
		}
		buffer_free(&asked);
	}
}

static void add_arch(struct making *m, struct buffer *out)
{
	const struct kernel_test *arch = kernel_rule_test(m->rule, KERNEL_ARCH);

	if (arch == NULL || m->twin != NULL)
		return;
	and_then(out);
	buffer_printf(out, "audit.arch %s \"%.*s\"", arch->op == KERNEL_EQUAL ? "==" : "!=", TEXT_ARGS(m->rule->arch));
}

/* A rule that does not ask for the outcome records failed calls too. */
static void add_outcome(struct making *m, const char *category, struct buffer *out)
{
	if (kernel_rule_test(m->rule, KERNEL_SUCCESS) != NULL)
		return;
	and_then(out);
	buffer_string(out, strcmp(category, "network") == 0 ? "(event.outcome == null or event.outcome != null)"
		: "event.outcome != null");
}

static void add_part(struct making *m, struct asking_about *about, struct buffer *out)
{
	struct meaning *meaning = m->meaning;

	about->paths = m->rules->paths;
	about->path_count = m->rules->path_count;
	add_tests(m, about, out);
	add_arch(m, out);
	add_outcome(m, about->category, out);
	meaning->parts = arena_grow(m->arena, meaning->parts, meaning->count, sizeof(*meaning->parts));
	meaning->parts[meaning->count++] = (struct meaning_part){text_of(about->category), text_copy(m->arena, buffer_view(out))};
	buffer_clear(out);
}

static void note_missing(struct making *m, const struct act *act, const struct call_set *missing)
{
	struct text names = text_join(m->arena, missing->names, missing->count, ' ');

	m->meaning->wider = true;
	note(m, arena_printf(m->arena, "the conditions ask for the act %s.%s, which also has the calls: %.*s", act->category_name,
		act->action_name, TEXT_ARGS(names)));
}

/* Which acts of the category: event.action in (…), and calls by name where those do not stand for their act. */
static void add_acts(struct making *m, const char *category, struct buffer *out)
{
	struct call_set whole = {0}, some = {0}, calls = {0};

	for (size_t i = 0; i < m->act_count; i++) {
		const struct act *act = &m->acts[i];

		if (strcmp(act->category_name, category) != 0)
			continue;
		struct call_set missing = missing_calls(m, act);
		bool stands = act->stands || (missing.count == 0 && strcmp(act->action_name, "other") != 0);

		add_call(m->arena, stands ? &whole : &some, text_of(act->action_name));
		for (size_t k = 0; !stands && k < act->calls.count; k++)
			add_call(m->arena, &calls, act->calls.names[k]);
		if (stands && missing.count > 0 && m->perm == NULL)
			note_missing(m, act, &missing);
	}
	bool both = whole.count > 0 && some.count > 0;

	buffer_string(out, both ? "(" : "");
	if (whole.count > 0)
		list_texts(out, "event.action", &whole);
	buffer_string(out, both ? " or " : "");
	if (some.count > 0) {
		list_texts(out, "event.action", &some);
		buffer_string(out, " and ");
		list_texts(out, "audit.syscall", &calls);
	}
	buffer_string(out, both ? ")" : "");
}

static bool has_act(const struct making *m, const char *category, const char *action)
{
	for (size_t i = 0; i < m->act_count; i++) {
		if (strcmp(m->acts[i].category_name, category) == 0 && strcmp(m->acts[i].action_name, action) == 0)
			return true;
	}
	return false;
}

static struct asking_about about_of(struct making *m, const char *category)
{
	struct asking_about about = {.arena = m->arena, .rule = m->rule, .category = category};

	about.moves = has_act(m, "file", "rename") || has_act(m, "file", "link");
	about.mounts = has_act(m, "file", "mount");
	about.execs = has_act(m, "process", "exec");
	for (size_t i = 0; i < m->act_count; i++) {
		if (strcmp(m->acts[i].category_name, "process") == 0 && strcmp(m->acts[i].action_name, "exec") != 0)
			about.execs = false;
	}
	return about;
}

static void add_categories(struct making *m)
{
	struct buffer out = {0};

	for (size_t i = 0; i < m->act_count; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first = first && m->acts[k].category != m->acts[i].category;
		if (!first)
			continue;
		struct asking_about about = about_of(m, m->acts[i].category_name);

		add_acts(m, about.category, &out);
		add_part(m, &about, &out);
	}
	if (m->unmapped.count > 0) {
		struct asking_about about = {.arena = m->arena, .rule = m->rule, .category = "process"};

		buffer_string(&out, "event.action == \"other\" and ");
		list_texts(&out, "audit.syscall", &m->unmapped);
		add_part(m, &about, &out);
	}
	buffer_free(&out);
}

/* Every call: one question to any event, or, of a path, to those categories whose events have one. */
static void add_every_call(struct making *m)
{
	static const char *const categories[] = {"file", "process", "network"};
	bool path = kernel_rule_test(m->rule, KERNEL_PATH) != NULL || kernel_rule_test(m->rule, KERNEL_DIR) != NULL;
	bool file = kernel_rule_test(m->rule, KERNEL_OBJ_UID) != NULL || kernel_rule_test(m->rule, KERNEL_OBJ_GID) != NULL;
	struct buffer out = {0};

	for (size_t i = 0; path && i < (file ? 1 : COUNT_OF(categories)); i++) {
		struct asking_about about = {.arena = m->arena, .rule = m->rule, .category = categories[i], .moves = true,
			.mounts = true, .execs = true};

		buffer_string(&out, i == 1 ? "event.action == \"exec\" and audit.syscall != null" : "audit.syscall != null");
		add_part(m, &about, &out);
	}
	if (!path) {
		struct asking_about about = {.arena = m->arena, .rule = m->rule, .category = file ? "file" : "any"};

		buffer_string(&out, "audit.syscall != null");
		add_part(m, &about, &out);
	}
	buffer_free(&out);
}

static void add_notes(struct making *m)
{
	const struct kernel_rule *rule = m->rule;
	const struct kernel_test *exit = kernel_rule_test(rule, KERNEL_EXIT_CODE);

	if (!rule->arch_said && !rule->every_call)
		note(m, "no architecture is named, so the kernel takes the numbers of these calls for other calls in 32-bit programs; "
			"the conditions ask for the calls that are named");
	if (exit != NULL && exit->op != KERNEL_EQUAL && exit->op != KERNEL_NOT_EQUAL)
		note(m, arena_printf(m->arena, "%.*s: the kernel compares without sign, so that results below zero are above all others; "
			"the conditions do so too", TEXT_ARGS(exit->written)));
	if (m->perm != NULL && m->perm->number == KERNEL_PERM_READ)
		note(m, "files that are opened to be read and written at once are \"modify\" here, and are not asked for");
}

void meaning_of(struct arena *arena, const struct registry *registry, const struct dialect *dialect,
	const struct meaning_rules *rules, struct meaning *meaning)
{
	const struct kernel_rule *rule = rules->rule, *twin = rules->twin;
	struct making m = {.arena = arena, .rules = rules, .rule = rule, .twin = twin, .meaning = meaning,
		.perm = kernel_rule_test(rule, KERNEL_PERM)};

	*meaning = (struct meaning){0};
	if (kernel_rule_contradiction(rule) != NULL) {
		meaning->problem = "it never matches";
		return;
	}
	for (size_t i = 0; i < dialect->group_count; i++) {
		if (text_is(dialect->groups[i].name, "syscall"))
			m.group = &dialect->groups[i];
	}
	add_notes(&m);
	if (asks_every_call(&m)) {
		add_every_call(&m);
		return;
	}
	collect_calls(&m, rule);
	if (twin != NULL)
		collect_calls(&m, twin);
	for (size_t i = 0; i < m.calls.count; i++)
		map_call(&m, registry, m.calls.names[i]);
	add_categories(&m);
	if (meaning->count == 0)
		meaning->problem = "none of its calls does what its permissions ask for, so it never matches";
}

/* --- two rules --- */

static bool same_test(const struct kernel_test *a, const struct kernel_test *b)
{
	return a->field == b->field && a->op == b->op && a->number == b->number && text_equal(a->text, b->text);
}

/* The same tests in any order, but for the architecture. */
static bool same_tests(const struct kernel_rule *a, const struct kernel_rule *b)
{
	for (size_t i = 0; a->count == b->count && i < a->count; i++) {
		bool found = a->tests[i].field == KERNEL_ARCH;

		for (size_t k = 0; k < b->count && !found; k++)
			found = same_test(&a->tests[i], &b->tests[k]);
		if (!found)
			return false;
	}
	return a->count == b->count;
}

const struct kernel_test *meaning_path(const struct kernel_rule *rule)
{
	const struct kernel_test *path = kernel_rule_test(rule, KERNEL_PATH);

	return path != NULL ? path : kernel_rule_test(rule, KERNEL_DIR);
}

bool meaning_siblings(const struct kernel_rule *a, const struct kernel_rule *b)
{
	const struct kernel_test *one = meaning_path(a), *other = meaning_path(b);
	bool same = one != NULL && other != NULL && one->field == other->field && a->count == b->count && a->watch == b->watch
		&& a->list == b->list && a->action == b->action && a->every_call == b->every_call && text_equal(a->arch, b->arch)
		&& a->arch_said == b->arch_said && memcmp(a->calls, b->calls, sizeof(a->calls)) == 0;

	for (size_t i = 0; same && i < a->count; i++)
		same = same_test(&a->tests[i], &b->tests[i]) || (&a->tests[i] == one && b->tests[i].field == one->field);
	return same;
}

/* Has the other's architecture none of the calls that only one of them names? */
static bool calls_fit(const struct kernel_rule *a, const struct kernel_rule *b)
{
	for (unsigned number = 0; number < KERNEL_CALLS_MAX; number++) {
		struct text name = kernel_rule_calls(a, number) ? audit_syscall_name(a->arch, number) : TEXT("");
		unsigned other;

		if (name.length > 0 && audit_syscall_number(b->arch, name, &other) && !kernel_rule_calls(b, other))
			return false;
	}
	return true;
}

bool meaning_twins(const struct kernel_rule *a, const struct kernel_rule *b)
{
	const struct kernel_test *one = kernel_rule_test(a, KERNEL_ARCH), *other = kernel_rule_test(b, KERNEL_ARCH);

	if (one == NULL || other == NULL || one->op != KERNEL_EQUAL || other->op != KERNEL_EQUAL || one->number == other->number)
		return false;
	return a->list == b->list && a->action == b->action && a->watch == b->watch && audit_arch_known(a->arch)
		&& audit_arch_known(b->arch) && a->every_call == b->every_call && same_tests(a, b)
		&& (a->every_call || (calls_fit(a, b) && calls_fit(b, a)));
}

bool meaning_overlap(const struct kernel_rule *a, const struct kernel_rule *b)
{
	if (a->arch_said && b->arch_said && !text_equal(a->arch, b->arch))
		return false;
	for (size_t i = 0; i < KERNEL_CALL_WORDS; i++) {
		uint32_t left = a->every_call ? UINT32_MAX : a->calls[i], right = b->every_call ? UINT32_MAX : b->calls[i];

		if ((left & right) != 0)
			return true;
	}
	return false;
}
