/* line: one rule line of auditctl. */
#include "generator/auditd/line.h"

#include "catalog/audit_names.h"
#include "generator/auditd/write.h"

#include <stdlib.h>
#include <string.h>

/* Calls that auditctl 3.0.9 does not know, or by another name; one of them ends the load of its file. */
static bool auditctl_knows(struct text call)
{
	static const char *const unknown[] = {"fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue",
		"statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat",
		"getxattrat", "listxattrat", "removexattrat", "open_tree_attr", "file_getattr", "file_setattr", "cachestat", "pread64",
		"pwrite64", "kexec_load", "sched_rr_get_interval_time64"};

	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		if (text_is(call, unknown[i]))
			return false;
	}
	return audit_syscall_anywhere(call);
}

/* By their place: what the 32-bit socketcall's first argument says is called. */
static const char *const socketcalls[] = {NULL, "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername",
	"socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4",
	"recvmmsg", "sendmmsg"};

enum field_kind { FIELD_NUMBER, FIELD_ARGUMENT, FIELD_RESULT, FIELD_PATH, FIELD_ARCH };
static const struct {
	const char *name;
	enum field_kind kind;
} fields[] = {
	{"pid", FIELD_NUMBER}, {"ppid", FIELD_NUMBER}, {"uid", FIELD_NUMBER}, {"euid", FIELD_NUMBER},
	{"suid", FIELD_NUMBER}, {"fsuid", FIELD_NUMBER}, {"gid", FIELD_NUMBER}, {"egid", FIELD_NUMBER},
	{"sgid", FIELD_NUMBER}, {"fsgid", FIELD_NUMBER}, {"auid", FIELD_NUMBER}, {"sessionid", FIELD_NUMBER},
	{"success", FIELD_RESULT}, {"exit", FIELD_RESULT}, {"arch", FIELD_ARCH},
	{"a0", FIELD_ARGUMENT}, {"a1", FIELD_ARGUMENT}, {"a2", FIELD_ARGUMENT}, {"a3", FIELD_ARGUMENT},
	{"path", FIELD_PATH}, {"dir", FIELD_PATH}, {"exe", FIELD_PATH},
};

static bool field_kind(struct text name, enum field_kind *kind)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (text_is(name, fields[i].name)) {
			*kind = fields[i].kind;
			return true;
		}
	}
	return false;
}

/* Plain printable ASCII without a blank or anything that auditctl reads otherwise. */
static bool path_fits(struct text path)
{
	if (path.length < 2 || path.data[0] != '/' || path.length > 3000)
		return false;
	for (size_t i = 0; i < path.length; i++) {
		if (path.data[i] <= ' ' || path.data[i] > '~' || strchr("\\*?\"'", path.data[i]) != NULL)
			return false;
	}
	return path.data[path.length - 1] != '/';
}

static bool number_fits(struct text name, struct text value)
{
	int64_t number;

	if (text_is(value, "unset"))
		return text_is(name, "auid") || text_is(name, "sessionid");
	if (text_is(name, "exit"))
		return text_to_long(value, &number) && number > -4096 && number <= INT32_MAX;
	return text_to_long(value, &number) && number >= 0 && number < INT64_C(4294967295);
}

static bool value_fits(const struct rule_test *test, enum field_kind kind, struct text value)
{
	if (kind == FIELD_PATH && test->op == TEST_STARTS)
		return text_is(test->name, "path") && text_ends(value, TEXT("/"), false)
			&& path_fits(text_slice(value, 0, value.length - 1));
	if (kind == FIELD_PATH)
		return test->op == TEST_EQUAL && path_fits(value);
	if (kind == FIELD_ARCH)
		return test->op == TEST_EQUAL && (text_is(value, "b64") || text_is(value, "b32"));
	if (kind == FIELD_RESULT && test->op != TEST_EQUAL)
		return false;
	return test->op != TEST_STARTS && (test->op != TEST_MASK || kind == FIELD_ARGUMENT) && number_fits(test->name, value);
}

bool auditd_accepts(const struct rule_test *test)
{
	enum field_kind kind;

	if (text_is(test->name, "syscall")) {
		bool known = test->op == TEST_EQUAL && !test->fold;

		for (size_t i = 0; i < test->count; i++)
			known = known && auditctl_knows(test->values[i]);
		return known;
	}
	if (test->fold || !field_kind(test->name, &kind))
		return false;
	for (size_t i = 0; i < test->count; i++) {
		if (!value_fits(test, kind, test->values[i]))
			return false;
	}
	return true;
}

bool auditd_never(struct text name, struct text value)
{
	enum field_kind kind;
	int64_t number;

	if (!field_kind(name, &kind) || kind == FIELD_ARCH)
		return false;
	if (kind == FIELD_PATH)
		return value.length == 0 || value.data[0] != '/';
	return !text_to_long(value, &number) && !text_is(value, "unset");
}

/* --- filters --- */

static int by_text(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static const char *comparison(const struct rule_literal *literal)
{
	static const char *const plain[TEST_OPERATOR_COUNT] = {[TEST_EQUAL] = "=", [TEST_LESS] = "<", [TEST_LESS_EQUAL] = "<=",
		[TEST_GREATER] = ">", [TEST_GREATER_EQUAL] = ">=", [TEST_MASK] = "&", [TEST_STARTS] = "="};
	static const char *const negated[TEST_OPERATOR_COUNT] = {[TEST_EQUAL] = "!=", [TEST_LESS] = ">=", [TEST_LESS_EQUAL] = ">",
		[TEST_GREATER] = "<=", [TEST_GREATER_EQUAL] = "<"};

	return (literal->negated ? negated : plain)[literal->test->op];
}

static bool is_folder(struct arena *arena, struct text folders, struct text folder)
{
	struct text *list;
	size_t count = text_split(arena, folders, ' ', &list);

	for (size_t i = 0; i < count; i++) {
		if (text_equal(list[i], folder))
			return true;
	}
	return count == 0;
}

bool auditd_negates(const struct rule_test *test)
{
	struct rule_literal literal = {.test = test, .negated = true};
	enum field_kind kind;

	return field_kind(test->name, &kind) && kind != FIELD_PATH && comparison(&literal) != NULL;
}

static struct text parent_of(struct text path)
{
	while (path.length > 1 && path.data[path.length - 1] != '/')
		path.length--;
	return path.length > 1 ? text_slice(path, 0, path.length - 1) : path;
}

/* path= of a file in a folder that is surely there, else dir= of the nearest such folder; and where there is none, the
 * path itself, which a host may lack. A busy folder is not recorded whole. */
static struct text watch_of(struct arena *arena, const struct line_places *places, const struct rule_test *test,
	struct text value, struct line *line)
{
	bool below = test->op == TEST_STARTS;
	struct text folder = below ? text_slice(value, 0, value.length - 1) : parent_of(value);

	struct text folders = places->folders;

	if (below && places->busy.length > 0 && is_folder(arena, places->busy, folder))
		line->arches = 0; /* no line */
	if (!below && is_folder(arena, folders, folder))
		return text_of(arena_printf(arena, "-F path=%.*s", TEXT_ARGS(value)));
	while (folder.length > 1 && !is_folder(arena, folders, folder))
		folder = parent_of(folder);
	bool busy = places->busy.length > 0 && is_folder(arena, places->busy, folder);

	if (folder.length > 1 && !busy)
		return text_of(arena_printf(arena, "-F dir=%.*s", TEXT_ARGS(folder)));
	line->unsure = true;
	return below ? text_of(arena_printf(arena, "-F dir=%.*s", TEXT_ARGS(text_slice(value, 0, value.length - 1))))
		: text_of(arena_printf(arena, "-F path=%.*s", TEXT_ARGS(value)));
}

static struct text filter_of(struct arena *arena, const struct line_places *places, const struct rule_literal *literal,
	struct text value, struct line *line)
{
	const struct rule_test *test = literal->test;
	const char *op = comparison(literal);
	enum field_kind kind;

	if (op == NULL || !field_kind(test->name, &kind) || (literal->negated && kind == FIELD_PATH))
		return TEXT("");
	if (text_is(test->name, "success") && literal->negated) /* one word for "not failed" */
		return text_of(arena_printf(arena, "-F success=%d", text_is(value, "0")));
	if (text_is(test->name, "path"))
		return watch_of(arena, places, test, value, line);
	return text_of(arena_printf(arena, "-F %.*s%s%.*s", TEXT_ARGS(test->name), op, TEXT_ARGS(value)));
}

static void keep_common(struct line *line, const struct rule_test *test, bool first)
{
	size_t kept = 0;

	for (size_t i = 0; first && i < test->count && line->call_count < LINE_CALLS_MAX; i++)
		line->calls[line->call_count++] = test->values[i];
	if (first)
		return;
	for (size_t i = 0; i < line->call_count; i++) {
		for (size_t k = 0; k < test->count; k++) {
			if (text_equal(line->calls[i], test->values[k])) {
				line->calls[kept++] = line->calls[i];
				break;
			}
		}
	}
	line->call_count = kept;
}

/* -F arch= is written for each line anyway: which of the two are left? */
static void keep_arches(struct line *line, const struct rule_literal *literal)
{
	unsigned named = 0;

	for (size_t i = 0; i < literal->test->count; i++)
		named |= text_is(literal->test->values[i], "b64") ? LINE_B64 : LINE_B32;
	line->arches &= literal->negated ? ~named : named;
}

static bool is_path(struct text filter)
{
	return text_starts(filter, TEXT("-F path="), false) || text_starts(filter, TEXT("-F dir="), false);
}

/* A line watches one path: of two (a rename's old and new name) the narrower is kept, which records no less. It asks for
 * one program: of two it can be neither. true: the filter is settled. */
static bool settle_watch(struct line *line, struct text filter)
{
	for (size_t i = 0; i < line->filter_count; i++) {
		struct text *other = &line->filters[i];

		if (is_path(filter) && is_path(*other)) {
			if (text_starts(filter, TEXT("-F path="), false) && text_starts(*other, TEXT("-F dir="), false))
				*other = filter;
			return true;
		}
		if (text_starts(filter, TEXT("-F exe="), false) && text_starts(*other, TEXT("-F exe="), false)) {
			line->arches = text_equal(filter, *other) ? line->arches : 0;
			return true;
		}
	}
	return false;
}

static bool add_filters(struct arena *arena, const struct line_places *places, const struct rule_literal *literal,
	struct line *line)
{
	for (size_t i = 0; i < literal->test->count; i++) {
		struct text filter = filter_of(arena, places, literal, literal->test->values[i], line);

		if (filter.length == 0)
			return false;
		if (settle_watch(line, filter))
			continue;
		line->filters = arena_grow(arena, line->filters, line->filter_count, sizeof(*line->filters));
		line->filters[line->filter_count++] = filter;
	}
	return true;
}

static size_t line_length(const struct line *line)
{
	size_t length = 64 + line->key.length;

	for (size_t i = 0; i < line->call_count; i++)
		length += line->calls[i].length + 1;
	for (size_t i = 0; i < line->filter_count; i++)
		length += line->filters[i].length + 1;
	return length;
}

bool line_make(struct arena *arena, const struct rule_conjunct *conjunct, struct text key, const struct line_places *places,
	struct line *line, const char **problem)
{
	bool called = false;

	*line = (struct line){.key = key, .arches = LINE_B64 | LINE_B32};
	*problem = NULL;
	for (size_t i = 0; i < conjunct->count; i++) {
		const struct rule_literal *literal = &conjunct->literals[i];

		if (text_is(literal->test->name, "syscall")) {
			keep_common(line, literal->test, !called);
			called = true;
		} else if (text_is(literal->test->name, "arch")) {
			keep_arches(line, literal);
		} else if (!add_filters(arena, places, literal, line)) {
			*problem = "a test has no form in audit rules";
			return false;
		}
	}
	if (called && (line->call_count == 0 || line->arches == 0))
		return false;
	if (line->call_count > 0)
		qsort(line->calls, line->call_count, sizeof(*line->calls), by_text);
	if (line->filter_count > 1)
		qsort(line->filters, line->filter_count, sizeof(*line->filters), by_text);
	*problem = line->call_count == 0 ? "no system call is named"
		: line->filter_count + 2 > LINE_FIELDS_MAX || line_length(line) > LINE_LENGTH_MAX ? "it is longer than a rule may be"
		: NULL;
	return *problem == NULL;
}

static bool is_argument(struct text filter)
{
	return filter.length > 4 && filter.data[3] == 'a' && filter.data[4] >= '0' && filter.data[4] <= '3';
}

void line_permit(struct line *line)
{
	bool watches = false, masked = false;
	size_t kept = 0;

	for (size_t i = 0; i < line->filter_count; i++) {
		watches = watches || is_path(line->filters[i]);
		masked = masked || is_argument(line->filters[i]);
	}
	if (!watches)
		return;
	/* openat2 has its flags in memory, so it stands without them beside what writes. */
	for (size_t i = 0; i < line->call_count; i++) {
		bool reads = !masked && (text_is(line->calls[i], "open") || text_is(line->calls[i], "openat"));

		line->perm |= reads ? LINE_READ : text_is(line->calls[i], "openat2") ? 0U : LINE_WRITE;
	}
	line->perm |= line->perm == 0 ? LINE_WRITE : 0;
	line->call_count = 0;
	for (size_t i = 0; i < line->filter_count; i++)
		if (!is_argument(line->filters[i]))
			line->filters[kept++] = line->filters[i];
	line->filter_count = kept;
}

/* Does the filter hold wherever `narrow` does? */
static bool filter_covers(struct text wide, struct text narrow)
{
	if (text_equal(wide, narrow))
		return true;
	if (!text_starts(wide, TEXT("-F dir="), false))
		return false;
	size_t skip = text_starts(narrow, TEXT("-F path="), false) ? 8 : text_starts(narrow, TEXT("-F dir="), false) ? 7 : 0;
	struct text folder = text_slice(wide, 7, wide.length), path = text_slice(narrow, skip, narrow.length);

	return skip > 0 && path.length > folder.length && text_starts(path, folder, false) && path.data[folder.length] == '/';
}

static bool has_filter(const struct line *line, struct text wide)
{
	for (size_t i = 0; i < line->filter_count; i++) {
		if (filter_covers(wide, line->filters[i]))
			return true;
	}
	return false;
}

static bool names_call(const struct line *line, struct text call)
{
	for (size_t i = 0; i < line->call_count; i++) {
		if (text_equal(line->calls[i], call))
			return true;
	}
	return false;
}

bool line_covers(const struct line *wide, const struct line *narrow)
{
	if ((narrow->arches & ~wide->arches) != 0 || (narrow->perm & ~wide->perm) != 0 || !narrow->perm != !wide->perm)
		return false;
	for (size_t i = 0; i < narrow->call_count; i++) {
		if (!names_call(wide, narrow->calls[i]))
			return false;
	}
	for (size_t i = 0; i < wide->filter_count; i++) {
		if (!has_filter(narrow, wide->filters[i]))
			return false;
	}
	return true;
}

bool line_same_filters(const struct line *a, const struct line *b)
{
	for (size_t i = 0; i < a->filter_count && a->filter_count == b->filter_count; i++) {
		if (!text_equal(a->filters[i], b->filters[i]))
			return false;
	}
	return a->arches == b->arches && !a->perm == !b->perm && a->filter_count == b->filter_count
		&& a->call_count + b->call_count <= LINE_CALLS_MAX;
}

static bool is_outcome(struct text filter)
{
	return text_is(filter, "-F success=0") || text_is(filter, "-F success=1");
}

bool line_join_outcomes(struct line *line, const struct line *other)
{
	size_t at = SIZE_MAX;
	bool same = line->filter_count == other->filter_count && line->call_count == other->call_count
		&& line->arches == other->arches && line->perm == other->perm;

	for (size_t i = 0; same && i < line->call_count; i++)
		same = text_equal(line->calls[i], other->calls[i]);
	for (size_t i = 0; same && i < line->filter_count; i++) {
		if (text_equal(line->filters[i], other->filters[i]))
			continue;
		same = at == SIZE_MAX && is_outcome(line->filters[i]) && is_outcome(other->filters[i]);
		at = i;
	}
	if (!same || at == SIZE_MAX)
		return false;
	for (size_t i = at; i + 1 < line->filter_count; i++)
		line->filters[i] = line->filters[i + 1];
	line->filter_count--;
	return true;
}

int line_compare(const struct line *a, const struct line *b)
{
	if (a->filter_count != b->filter_count)
		return a->filter_count < b->filter_count ? 1 : -1;
	for (size_t i = 0; i < a->filter_count; i++) {
		int order = text_compare(a->filters[i], b->filters[i]);

		if (order != 0)
			return order;
	}
	if (a->call_count == 0 || b->call_count == 0)
		return (int)b->perm - (int)a->perm;
	return text_compare(a->calls[0], b->calls[0]);
}

/* --- printing --- */

static void print_filters(struct buffer *out, const struct line *line, bool arguments)
{
	for (size_t i = 0; i < line->filter_count; i++) {
		if (arguments || !is_argument(line->filters[i]))
			buffer_printf(out, " %.*s", TEXT_ARGS(line->filters[i]));
	}
	buffer_printf(out, " -F key=%.*s\n", TEXT_ARGS(line->key));
}

static size_t print_arch(struct buffer *out, const struct line *line, const char *name, const char *arch)
{
	size_t calls = 0;

	for (size_t i = 0; i < line->call_count; i++) {
		unsigned number;

		if (!audit_syscall_number(text_of(arch), line->calls[i], &number))
			continue;
		if (calls++ == 0)
			buffer_printf(out, "-a always,exit -F arch=%s -S %.*s", name, TEXT_ARGS(line->calls[i]));
		else
			buffer_printf(out, ",%.*s", TEXT_ARGS(line->calls[i]));
	}
	if (calls == 0)
		return 0;
	print_filters(out, line, true);
	return 1;
}

/* 32-bit programs may reach the calls on sockets through one call, whose arguments lie in memory: only which it is can
 * be asked, so these lines record more. */
static size_t print_socketcalls(struct buffer *out, const struct line *line)
{
	size_t lines = 0;

	for (size_t i = 0; i < line->call_count; i++) {
		for (size_t k = 1; k < sizeof(socketcalls) / sizeof(*socketcalls); k++) {
			if (!text_is(line->calls[i], socketcalls[k]))
				continue;
			buffer_printf(out, "-a always,exit -F arch=b32 -S socketcall -F a0=%zu", k);
			print_filters(out, line, false);
			lines++;
		}
	}
	return lines;
}

/* The path stands before the permissions, as auditctl has it. */
static size_t print_watch(struct buffer *out, const struct line *line)
{
	buffer_string(out, "-a always,exit");
	if (line->arches != (LINE_B64 | LINE_B32))
		buffer_printf(out, " -F arch=%s", line->arches & LINE_B64 ? "b64" : "b32");
	for (size_t i = 0; i < line->filter_count; i++)
		if (is_path(line->filters[i]))
			buffer_printf(out, " %.*s -F perm=%s%s", TEXT_ARGS(line->filters[i]), line->perm & LINE_READ ? "r" : "",
				line->perm & LINE_WRITE ? "wa" : "");
	for (size_t i = 0; i < line->filter_count; i++)
		if (!is_path(line->filters[i]))
			buffer_printf(out, " %.*s", TEXT_ARGS(line->filters[i]));
	buffer_printf(out, " -F key=%.*s\n", TEXT_ARGS(line->key));
	return 1;
}

size_t line_print(struct buffer *out, const struct line *line)
{
	size_t lines = 0;

	if (line->perm != 0)
		return line->arches ? print_watch(out, line) : 0;

	if (line->arches & LINE_B64)
		lines += print_arch(out, line, "b64", "x86_64");
	if (line->arches & LINE_B32)
		lines += print_arch(out, line, "b32", "i386");
	return lines;
}

size_t line_print_socketcalls(struct buffer *out, const struct line *line)
{
	return line->arches & LINE_B32 ? print_socketcalls(out, line) : 0;
}
