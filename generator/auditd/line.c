/* line: one rule line of auditctl. */
#include "generator/auditd/line.h"

#include "generator/auditd/write.h"

#include <stdlib.h>
#include <string.h>

/* Calls that only one of the two architectures of x86-64 has. */
static const struct {
	const char *call;
	bool b64, b32;
} only[] = {
	{"accept", true, false},
	{"umount", false, true},
	{"socketcall", false, true},
	{"truncate64", false, true},
	{"ftruncate64", false, true},
	{"setuid32", false, true},
	{"setreuid32", false, true},
	{"setresuid32", false, true},
	{"setfsuid32", false, true},
	{"chown32", false, true},
	{"fchown32", false, true},
	{"lchown32", false, true},
};

enum field_kind { FIELD_NUMBER, FIELD_ARGUMENT, FIELD_PATH };
static const struct {
	const char *name;
	enum field_kind kind;
} fields[] = {
	{"pid", FIELD_NUMBER}, {"ppid", FIELD_NUMBER}, {"uid", FIELD_NUMBER}, {"euid", FIELD_NUMBER},
	{"suid", FIELD_NUMBER}, {"fsuid", FIELD_NUMBER}, {"gid", FIELD_NUMBER}, {"egid", FIELD_NUMBER},
	{"auid", FIELD_NUMBER}, {"sessionid", FIELD_NUMBER}, {"success", FIELD_NUMBER}, {"exit", FIELD_NUMBER},
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
	return text_to_long(value, &number) && number >= 0 && number < INT64_C(4294967295);
}

static bool value_fits(const struct rule_test *test, enum field_kind kind, struct text value)
{
	if (kind == FIELD_PATH && test->op == TEST_STARTS)
		return text_is(test->name, "path") && text_ends(value, TEXT("/"), false)
			&& path_fits(text_slice(value, 0, value.length - 1));
	if (kind == FIELD_PATH)
		return test->op == TEST_EQUAL && path_fits(value);
	return test->op != TEST_STARTS && (test->op != TEST_MASK || kind == FIELD_ARGUMENT) && number_fits(test->name, value);
}

bool auditd_accepts(const struct rule_test *test)
{
	enum field_kind kind;

	if (text_is(test->name, "syscall"))
		return true;
	if (test->fold || !field_kind(test->name, &kind))
		return false;
	for (size_t i = 0; i < test->count; i++) {
		if (!value_fits(test, kind, test->values[i]))
			return false;
	}
	return true;
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

/* path= of a file in a folder that is surely there, else dir= of the nearest such folder. */
static struct text watch_of(struct arena *arena, struct text folders, const struct rule_test *test, struct text value)
{
	bool below = test->op == TEST_STARTS;
	struct text folder = below ? text_slice(value, 0, value.length - 1) : parent_of(value);

	if (!below && is_folder(arena, folders, folder))
		return text_of(arena_printf(arena, "-F path=%.*s", TEXT_ARGS(value)));
	while (folder.length > 1 && !is_folder(arena, folders, folder))
		folder = parent_of(folder);
	return folder.length > 1 ? text_of(arena_printf(arena, "-F dir=%.*s", TEXT_ARGS(folder))) : TEXT("");
}

static struct text filter_of(struct arena *arena, struct text folders, const struct rule_literal *literal, struct text value)
{
	const struct rule_test *test = literal->test;
	const char *op = comparison(literal);
	enum field_kind kind;

	if (op == NULL || !field_kind(test->name, &kind) || (literal->negated && kind == FIELD_PATH))
		return TEXT("");
	if (text_is(test->name, "success") && literal->negated) /* one word for "not failed" */
		return text_of(arena_printf(arena, "-F success=%d", text_is(value, "0")));
	if (text_is(test->name, "path"))
		return watch_of(arena, folders, test, value);
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

static bool add_filters(struct arena *arena, struct text folders, const struct rule_literal *literal, struct line *line)
{
	for (size_t i = 0; i < literal->test->count; i++) {
		struct text filter = filter_of(arena, folders, literal, literal->test->values[i]);

		if (filter.length == 0)
			return false;
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

/* path, dir and exe watch one inode: a line holds one of them. */
static bool one_watch(const struct text *filters, size_t count)
{
	size_t watches = 0;

	for (size_t i = 0; i < count; i++)
		watches += text_starts(filters[i], TEXT("-F path="), false) || text_starts(filters[i], TEXT("-F dir="), false)
			|| text_starts(filters[i], TEXT("-F exe="), false);
	return watches < 2;
}

bool line_make(struct arena *arena, const struct rule_conjunct *conjunct, struct text key, struct text folders,
	struct line *line, const char **problem)
{
	bool called = false;

	*line = (struct line){.key = key};
	for (size_t i = 0; i < conjunct->count; i++) {
		const struct rule_literal *literal = &conjunct->literals[i];

		if (text_is(literal->test->name, "syscall")) {
			keep_common(line, literal->test, !called);
			called = true;
		} else if (!add_filters(arena, folders, literal, line)) {
			*problem = "a test has no form in audit rules";
			return false;
		}
	}
	if (line->call_count > 0)
		qsort(line->calls, line->call_count, sizeof(*line->calls), by_text);
	if (line->filter_count > 1)
		qsort(line->filters, line->filter_count, sizeof(*line->filters), by_text);
	*problem = line->call_count == 0 ? "no system call is named"
		: !one_watch(line->filters, line->filter_count) ? "a rule watches one path only"
		: line->filter_count + 2 > LINE_FIELDS_MAX || line_length(line) > LINE_LENGTH_MAX ? "it is longer than a rule may be"
		: NULL;
	return *problem == NULL;
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
	return a->filter_count == b->filter_count && a->call_count + b->call_count <= LINE_CALLS_MAX;
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
	return text_compare(a->calls[0], b->calls[0]);
}

static bool has_call(struct text call, bool b64)
{
	for (size_t i = 0; i < sizeof(only) / sizeof(*only); i++) {
		if (text_is(call, only[i].call))
			return b64 ? only[i].b64 : only[i].b32;
	}
	return true;
}

static size_t print_arch(struct buffer *out, const struct line *line, bool b64)
{
	size_t calls = 0;

	for (size_t i = 0; i < line->call_count; i++) {
		if (!has_call(line->calls[i], b64))
			continue;
		if (calls++ == 0)
			buffer_printf(out, "-a always,exit -F arch=%s -S %.*s", b64 ? "b64" : "b32", TEXT_ARGS(line->calls[i]));
		else
			buffer_printf(out, ",%.*s", TEXT_ARGS(line->calls[i]));
	}
	if (calls == 0)
		return 0;
	for (size_t i = 0; i < line->filter_count; i++)
		buffer_printf(out, " %.*s", TEXT_ARGS(line->filters[i]));
	buffer_printf(out, " -F key=%.*s\n", TEXT_ARGS(line->key));
	return 1;
}

size_t line_print(struct buffer *out, const struct line *line)
{
	return print_arch(out, line, true) + print_arch(out, line, false);
}
