/* run: see run.h. */
#include "generator/rsyslog/run.h"

#include <inttypes.h>
#include <string.h>

enum { CALLS_MAX = 50, MATCHES = 50 };

struct result {
	bool is_number;
	int64_t number;
	struct text text;
};

struct variable {
	struct text name;
	struct result value;
};

struct running {
	const struct script *script;
	const struct script_property *properties;
	size_t property_count;
	struct arena *arena;
	struct variable *variables;
	size_t variable_count;
	struct script_run *run;
	bool stopped;
};

static struct result evaluate(struct running *r, const struct script_expression *e);

/* --- values --- */

static struct result text_result(struct text text)
{
	return (struct result){false, 0, text};
}

static struct result number_result(int64_t number)
{
	return (struct result){true, number, {NULL, 0}};
}

/* A text as a number: the decimal digits that it begins with; *whole: it is nothing else (the empty text is 0). */
static int64_t number_of(const struct result *value, bool *whole)
{
	struct text text = value->text;
	bool negative = text.length > 0 && text.data[0] == '-';
	uint64_t number = 0;
	size_t at = negative;

	*whole = true;
	if (value->is_number)
		return value->number;
	for (; at < text.length && text.data[at] >= '0' && text.data[at] <= '9'; at++)
		number = number * 10 + (uint64_t)(text.data[at] - '0');
	*whole = at == text.length;
	return (int64_t)(negative ? 0 - number : number);
}

static int64_t number_or_nothing(const struct result *value)
{
	bool whole;

	return number_of(value, &whole);
}

static struct text text_of_result(struct running *r, const struct result *value)
{
	return value->is_number ? text_of(arena_printf(r->arena, "%" PRId64, value->number)) : value->text;
}

static struct result variable(struct running *r, struct text name)
{
	for (size_t i = 0; i < r->variable_count; i++) {
		if (text_equal(r->variables[i].name, name))
			return r->variables[i].value;
	}
	for (size_t i = 0; i < r->property_count; i++) {
		if (text_equal_fold(text_slice(name, 1, name.length), text_of(r->properties[i].name)))
			return text_result(r->properties[i].value);
	}
	return text_result(TEXT(""));
}

static void set_variable(struct running *r, struct text name, struct result value)
{
	for (size_t i = 0; i < r->variable_count; i++) {
		if (text_equal(r->variables[i].name, name)) {
			r->variables[i].value = value;
			return;
		}
	}
	r->variables = arena_grow(r->arena, r->variables, r->variable_count, sizeof(*r->variables));
	r->variables[r->variable_count++] = (struct variable){name, value};
}

/* The variable and all below it. */
static void unset_variable(struct running *r, struct text name)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->variable_count; i++) {
		struct text own = r->variables[i].name;
		bool below = text_starts(own, name, false) && (own.length == name.length || own.data[name.length] == '!');

		if (!below)
			r->variables[kept++] = r->variables[i];
	}
	r->variable_count = kept;
}

/* --- functions --- */

/* The match with this number from 0; *at: where in the text the search for it began. */
static bool find_match(const struct script_expression *call, const char *text, int64_t wanted, regmatch_t *groups, size_t *at)
{
	*at = 0;
	for (int64_t number = 0;; number++) {
		if (regexec(call->regex, text + *at, MATCHES, groups, 0) != 0)
			return false;
		if (number == wanted)
			return true;
		if (groups[0].rm_eo == 0 && text[*at] == '\0')
			return false;
		*at += groups[0].rm_eo == 0 ? 1 : (size_t)groups[0].rm_eo;
	}
}

static struct result extract(struct running *r, const struct script_expression *call)
{
	struct result subject = evaluate(r, call->arguments[0]), match = evaluate(r, call->arguments[2]);
	struct result group = evaluate(r, call->arguments[3]);
	const char *text = text_copy(r->arena, text_of_result(r, &subject)).data;
	int64_t number = number_or_nothing(&group);
	regmatch_t groups[MATCHES];
	size_t at;

	if (number < 0 || number >= MATCHES || !find_match(call, text, number_or_nothing(&match), groups, &at)
		|| groups[number].rm_so < 0)
		return evaluate(r, call->arguments[4]);
	size_t from = at + (size_t)groups[number].rm_so, to = at + (size_t)groups[number].rm_eo;

	return text_result(text_slice(text_of(text), from, to));
}

static struct result replace(struct running *r, const struct script_expression *call)
{
	struct result values[3];
	struct text parts[3];
	struct buffer out = {0};

	for (size_t i = 0; i < 3; i++) {
		values[i] = evaluate(r, call->arguments[i]);
		parts[i] = text_of_result(r, &values[i]);
	}
	for (size_t at = 0; at < parts[0].length;) {
		if (parts[1].length > 0 && text_starts(text_slice(parts[0], at, parts[0].length), parts[1], false)) {
			buffer_text(&out, parts[2]);
			at += parts[1].length;
		} else {
			buffer_char(&out, parts[0].data[at++]);
		}
	}
	struct text made = text_copy(r->arena, buffer_view(&out));

	buffer_free(&out);
	return text_result(made);
}

static struct result call_function(struct running *r, const struct script_expression *call)
{
	struct result first;

	switch (call->function) {
	case FUNCTION_RE_EXTRACT:
	case FUNCTION_RE_EXTRACT_I:
		return extract(r, call);
	case FUNCTION_REPLACE:
		return replace(r, call);
	default:
		first = evaluate(r, call->arguments[0]);
	}
	struct text text = text_of_result(r, &first);

	switch (call->function) {
	case FUNCTION_CNUM:
		return number_result(number_or_nothing(&first));
	case FUNCTION_TOLOWER:
		return text_result(text_fold(r->arena, text));
	case FUNCTION_STRLEN:
		return number_result((int64_t)text.length);
	case FUNCTION_CSTR:
		return text_result(text);
	default:
		return number_result(regexec(call->regex, text_copy(r->arena, text).data, 0, NULL, 0) == 0);
	}
}

/* --- comparisons --- */

static bool holds_order(enum script_operator op, int order)
{
	switch (op) {
	case SCRIPT_EQUAL:
		return order == 0;
	case SCRIPT_NOT_EQUAL:
		return order != 0;
	case SCRIPT_LESS:
		return order < 0;
	case SCRIPT_LESS_EQUAL:
		return order <= 0;
	case SCRIPT_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

/* Two texts are compared as texts; a text and a number as numbers, where the text is one. */
static int compare(struct running *r, const struct result *left, const struct result *right)
{
	bool left_whole, right_whole;
	int64_t a = number_of(left, &left_whole), b = number_of(right, &right_whole);

	if (left->is_number != right->is_number || left->is_number) {
		if (left_whole && right_whole)
			return (a > b) - (a < b);
	}
	return text_compare(text_of_result(r, left), text_of_result(r, right));
}

static bool holds_text(enum script_operator op, struct text left, struct text right)
{
	switch (op) {
	case SCRIPT_CONTAINS:
	case SCRIPT_CONTAINS_I:
		return text_contains(left, right, op == SCRIPT_CONTAINS_I);
	case SCRIPT_STARTS:
		return text_starts(left, right, false);
	case SCRIPT_STARTS_I: /* rsyslog looks no further than the shorter of the two */
		return text_starts(left, right, true) || text_starts(right, left, true);
	default:
		return text_equal(left, right);
	}
}

static bool in_list(struct running *r, const struct script_expression *e)
{
	struct result left = evaluate(r, e->left);
	struct text text = text_of_result(r, &left);
	bool any = false;

	for (size_t i = 0; i < e->right->count && !any; i++)
		any = holds_text(e->op, text, e->right->items[i]);
	return e->op == SCRIPT_NOT_EQUAL ? !any : any;
}

static bool truth(struct running *r, const struct script_expression *e)
{
	struct result value = evaluate(r, e);

	return number_or_nothing(&value) != 0;
}

static bool holds(struct running *r, const struct script_expression *e)
{
	if (e->op == SCRIPT_AND)
		return truth(r, e->left) && truth(r, e->right);
	if (e->op == SCRIPT_OR)
		return truth(r, e->left) || truth(r, e->right);
	if (e->op == SCRIPT_NOT)
		return !truth(r, e->right);
	if (e->right->op == SCRIPT_LIST)
		return in_list(r, e);
	struct result left = evaluate(r, e->left), right = evaluate(r, e->right);

	if (e->op >= SCRIPT_CONTAINS && e->op <= SCRIPT_STARTS_I)
		return holds_text(e->op, text_of_result(r, &left), text_of_result(r, &right));
	return holds_order(e->op, compare(r, &left, &right));
}

/* --- arithmetic --- */

/* Numbers wrap round as the machine's do. */
static struct result calculate(struct running *r, const struct script_expression *e)
{
	struct result left = e->left != NULL ? evaluate(r, e->left) : number_result(0), right = evaluate(r, e->right);
	uint64_t a = (uint64_t)number_or_nothing(&left), b = (uint64_t)number_or_nothing(&right);

	switch (e->op) {
	case SCRIPT_ADD:
		return number_result((int64_t)(a + b));
	case SCRIPT_SUBTRACT:
	case SCRIPT_NEGATE:
		return number_result((int64_t)(a - b));
	case SCRIPT_MULTIPLY:
		return number_result((int64_t)(a * b));
	default:
		break;
	}
	int64_t dividend = (int64_t)a, divisor = (int64_t)b;

	if (divisor == 0 || divisor == -1)
		return number_result(e->op == SCRIPT_DIVIDE && divisor == -1 ? (int64_t)(0 - a) : 0);
	return number_result(e->op == SCRIPT_DIVIDE ? dividend / divisor : dividend % divisor);
}

static struct result evaluate(struct running *r, const struct script_expression *e)
{
	switch (e->op) {
	case SCRIPT_TEXT:
		return text_result(e->text);
	case SCRIPT_NUMBER:
		return number_result(e->number);
	case SCRIPT_VARIABLE:
		return variable(r, e->text);
	case SCRIPT_LIST: /* stands only on the right of comparisons with meaning */
		return text_result(TEXT(""));
	case SCRIPT_CALL:
		return call_function(r, e);
	case SCRIPT_JOIN: {
		struct result left = evaluate(r, e->left), right = evaluate(r, e->right);
		struct text a = text_of_result(r, &left), b = text_of_result(r, &right);

		return text_result(text_of(arena_printf(r->arena, "%.*s%.*s", TEXT_ARGS(a), TEXT_ARGS(b))));
	}
	case SCRIPT_ADD:
	case SCRIPT_SUBTRACT:
	case SCRIPT_MULTIPLY:
	case SCRIPT_DIVIDE:
	case SCRIPT_REMAINDER:
	case SCRIPT_NEGATE:
		return calculate(r, e);
	default:
		return number_result(holds(r, e));
	}
}

/* --- statements --- */

static void reach_action(struct running *r)
{
	struct result rule = variable(r, TEXT("$!mews!rule"));

	r->run->alerts = arena_grow(r->arena, r->run->alerts, r->run->count, sizeof(*r->run->alerts));
	r->run->alerts[r->run->count++] = (struct script_alert){text_of_result(r, &rule)};
}

static void run_statements(struct running *r, const struct script_statement *first, unsigned depth)
{
	if (depth > CALLS_MAX) {
		r->run->too_deep = r->stopped = true;
		return;
	}
	for (const struct script_statement *at = first; at != NULL && !r->stopped; at = at->next) {
		const struct script_ruleset *called;

		switch (at->kind) {
		case STATEMENT_SET:
			set_variable(r, at->name, evaluate(r, at->expression));
			break;
		case STATEMENT_UNSET:
			unset_variable(r, at->name);
			break;
		case STATEMENT_IF:
			if (!at->passed_over)
				run_statements(r, truth(r, at->expression) ? at->then : at->otherwise, depth);
			break;
		case STATEMENT_CALL:
			called = script_ruleset(r->script, at->name);
			run_statements(r, called != NULL ? called->first : NULL, depth + 1);
			break;
		case STATEMENT_STOP:
			r->stopped = true;
			break;
		case STATEMENT_ACTION:
			reach_action(r);
			break;
		}
	}
}

void script_message(const struct script *script, const struct script_property *properties, size_t count,
	struct arena *arena, struct script_run *run)
{
	struct running r = {
		.script = script, .properties = properties, .property_count = count, .arena = arena, .run = run};

	*run = (struct script_run){NULL, 0, false};
	run_statements(&r, script->first, 0);
}
