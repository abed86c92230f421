/* condition: see condition.h. */
#include "generator/rsyslog/condition.h"

#include "catalog/audit_names.h"
#include "generator/rsyslog/names.h"
#include "generator/rsyslog/quote.h"
#include "generator/rsyslog/regex.h"
#include "generator/rsyslog/write.h"

#include <string.h>

enum { LINE_LONG = 110 }; /* bytes after which a line is broken where it can be */

static const char *const operators[TEST_OPERATOR_COUNT] = {
	[TEST_EQUAL] = "==",
	[TEST_LESS] = "<",
	[TEST_LESS_EQUAL] = "<=",
	[TEST_GREATER] = ">",
	[TEST_GREATER_EQUAL] = ">=",
	[TEST_STARTS] = "startswith",
	[TEST_CONTAINS] = "contains",
};

/* --- what can be written --- */

static bool accepts_regex(const struct rule_test *test)
{
	struct buffer posix = {0};
	bool taken = true, empty;

	for (size_t i = 0; i < test->count && taken; i++) {
		buffer_clear(&posix);
		taken = rsyslog_regex(&posix, test->values[i]) && rsyslog_quotable(buffer_view(&posix))
			&& rsyslog_regex_try(buffer_view(&posix), &empty);
		for (size_t k = 0; test->fold && k < test->values[i].length; k++) /* the C library folds more than ASCII */
			taken = taken && (unsigned char)test->values[i].data[k] < 128;
	}
	buffer_free(&posix);
	return taken;
}

bool rsyslog_accepts(const struct rule_test *test)
{
	int64_t number;
	bool ordered = test->op >= TEST_LESS && test->op <= TEST_GREATER_EQUAL;

	if (test->name.length == 0 || test->other.length > 0)
		return false;
	if (test->op == TEST_REGEX)
		return accepts_regex(test);
	for (size_t i = 0; i < test->count; i++) {
		if (!rsyslog_quotable(test->values[i]) || (ordered && !(test->number && text_to_long(test->values[i], &number))))
			return false;
	}
	return true;
}

/* --- tests --- */

/* A blank, or a new line where this one is long. */
static void print_gap(struct buffer *out)
{
	size_t begin = out->length;

	while (begin > 0 && out->data[begin - 1] != '\n')
		begin--;
	buffer_string(out, out->length - begin > LINE_LONG ? "\n            " : " ");
}

static void print_list(struct buffer *out, const struct text *values, size_t count)
{
	if (count == 1) {
		rsyslog_quote(out, values[0]);
		return;
	}
	buffer_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		rsyslog_quote(out, values[i]);
		buffer_char(out, i + 1 < count ? ',' : ']');
		if (i + 1 < count)
			print_gap(out);
	}
}

/* Expressions from `first` on, as one of alternatives; returns how many were taken. */
static size_t join_regex(struct buffer *out, const struct rule_test *test, size_t first)
{
	size_t count = 0;

	for (; first + count < test->count; count++) {
		size_t before = out->length;

		if (count > 0) { /* ^(a)$ and ^(b)$ → ^(a|b)$ */
			out->length -= 2;
			buffer_char(out, '|');
		}
		size_t begun = out->length;

		rsyslog_regex(out, test->values[first + count]);
		if (count > 0 && out->length > RSYSLOG_TEXT_MAX) {
			out->length = before - 2;
			buffer_string(out, ")$");
			return count;
		}
		if (count > 0) { /* without its own "^(" */
			memmove(out->data + begun, out->data + begun + 2, out->length - begun - 2);
			out->length -= 2;
		}
	}
	return count;
}

static size_t print_one_regex(struct buffer *out, const struct rule_test *test, size_t first)
{
	struct buffer posix = {0};
	size_t count = join_regex(&posix, test, first);
	bool empty = false;

	rsyslog_regex_try(buffer_view(&posix), &empty);
	buffer_printf(out, "%sre_match%s(", empty ? "((" : "(", test->fold ? "_i" : "");
	rsyslog_variable(out, test->name);
	buffer_string(out, ", ");
	rsyslog_quote(out, buffer_view(&posix));
	buffer_string(out, "))");
	if (empty) { /* a value that is not there is no value */
		buffer_string(out, " and (");
		rsyslog_variable(out, test->name);
		buffer_string(out, " != \"\"))");
	}
	buffer_free(&posix);
	return count;
}

static size_t print_one_order(struct buffer *out, const struct rule_test *test, size_t first)
{
	buffer_char(out, '(');
	buffer_char(out, '(');
	rsyslog_variable(out, test->name);
	buffer_string(out, " != \"\") and (cnum(");
	rsyslog_variable(out, test->name);
	buffer_printf(out, ") %s %.*s))", operators[test->op], TEXT_ARGS(test->values[first]));
	return 1;
}

/* Any of the values, for functions that take one; `one` says how many it took. */
static void print_each(struct buffer *out, const struct rule_test *test,
	size_t (*one)(struct buffer *, const struct rule_test *, size_t))
{
	size_t begun = out->length;
	bool many = false;

	for (size_t i = one(out, test, 0); i < test->count; many = true) {
		buffer_string(out, " or");
		print_gap(out);
		i += one(out, test, i);
	}
	if (!many)
		return;
	struct text body = text_of(out->data + begun);
	struct arena arena = {0};

	body = text_copy(&arena, body);
	out->length = begun;
	buffer_char(out, '(');
	buffer_text(out, body);
	buffer_char(out, ')');
	arena_free(&arena);
}

/* A system call by its name: architecture and number, as records have them. */
static void print_calls(struct buffer *out, const struct rule_test *test)
{
	static const char *const machines[] = {"x86_64", "i386", "aarch64"};
	struct arena arena = {0};
	struct text *calls = NULL;
	size_t count = 0;

	for (size_t i = 0; i < test->count; i++) {
		for (size_t k = 0; k < sizeof(machines) / sizeof(*machines); k++) {
			unsigned number;

			if (!audit_syscall_number(text_of(machines[k]), test->values[i], &number))
				continue;
			calls = arena_grow(&arena, calls, count, sizeof(*calls));
			calls[count++] = text_of(arena_printf(&arena, "%x:%u", audit_arch_number(text_of(machines[k])), number));
		}
	}
	buffer_string(out, "$.mews!call == ");
	print_list(out, calls, count);
	arena_free(&arena);
}

static void print_test(struct buffer *out, const struct rule_test *test)
{
	buffer_char(out, '(');
	if (text_is(test->name, "syscall")) {
		print_calls(out, test);
	} else if (test->op == TEST_PRESENT) {
		rsyslog_variable(out, test->name);
		buffer_string(out, " != \"\"");
	} else {
		/* The others fold nothing: such a test comes here only where its values have no letters. */
		rsyslog_variable(out, test->name);
		buffer_printf(out, " %s%s ", operators[test->op], test->fold && test->op == TEST_CONTAINS ? "_i" : "");
		print_list(out, test->values, test->count);
	}
	buffer_char(out, ')');
}

void rsyslog_print(struct buffer *out, const struct rule_node *node)
{
	switch (node->kind) {
	case RULE_TEST:
		if (node->test.op == TEST_REGEX)
			print_each(out, &node->test, print_one_regex);
		else if (node->test.op >= TEST_LESS && node->test.op <= TEST_GREATER_EQUAL)
			print_each(out, &node->test, print_one_order);
		else
			print_test(out, &node->test);
		break;
	case RULE_NOT:
		buffer_string(out, "(not ");
		rsyslog_print(out, node->children[0]);
		buffer_char(out, ')');
		break;
	case RULE_AND:
	case RULE_OR:
		buffer_char(out, '(');
		for (size_t i = 0; i < node->count; i++) {
			if (i > 0) {
				buffer_string(out, node->kind == RULE_AND ? " and" : " or");
				print_gap(out);
			}
			rsyslog_print(out, node->children[i]);
		}
		buffer_char(out, ')');
		break;
	default:
		buffer_string(out, node->kind == RULE_TRUE ? "(1 == 1)" : "(1 == 0)");
	}
}
