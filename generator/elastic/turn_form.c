/* turn_form: what a step's expression asks of one event of the dialect. */
#include "generator/elastic/turn_form.h"

#include "generator/elastic/lucene.h"
#include "generator/elastic/quote.h"

#include "catalog/pattern.h"

/* --- names that are fixed --- */

static const struct text dataset_name = {"data_stream.dataset", 19};

struct text turn_raw_name(struct text name)
{
	return text_is(name, "event.dataset") ? dataset_name : name;
}

static const struct dialect_match *find_match(const struct dialect_match *matches, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++) {
		if (matches[i].kind == MATCH_EQUAL && text_equal(matches[i].name, name))
			return &matches[i];
	}
	return NULL;
}

/* The module is what a data set's name begins with: suricata.eve. */
static const struct dialect_match *module_match(const struct sightline *s)
{
	const struct dialect_match *dataset = find_match(s->group->when, s->group->when_count, dataset_name);
	struct arena *arena = s->t->import->arena;
	struct dialect_match *made = arena_alloc(arena, sizeof(*made));
	struct text *values;

	if (dataset == NULL)
		return NULL;
	values = arena_array(arena, dataset->count + 1, sizeof(*values));
	for (size_t i = 0; i < dataset->count; i++)
		values[i] = text_slice(dataset->values[i], 0, text_find(dataset->values[i], '.'));
	*made = (struct dialect_match){.name = TEXT("event.module"), .values = values, .count = dataset->count};
	return made;
}

static const struct dialect_match *fixed_match(const struct sightline *s, struct text name)
{
	const struct dialect_match *match = NULL;

	if (s->any_system && text_is(name, "host.os.type"))
		return NULL;
	if (s->event == NULL && !text_is(name, "host.os.type"))
		return NULL; /* of an event that no row knows the sender may be another one */
	if (s->event != NULL)
		match = find_match(s->event->matches, s->event->match_count, name);
	if (match == NULL)
		match = find_match(s->group->when, s->group->when_count, name);
	return match == NULL && text_is(name, "event.module") ? module_match(s) : match;
}

static bool group_knows(const struct dialect_group *group, unsigned category, struct text name, struct text value)
{
	for (size_t i = 0; i < group->event_count; i++) {
		const struct dialect_event *event = &group->events[i];
		const struct dialect_match *match = find_match(event->matches, event->match_count, name);

		for (size_t k = 0; match != NULL && k < match->count; k++) {
			if ((category == CATEGORY_ANY || event->category == category) && text_equal(match->values[k], value))
				return true;
		}
	}
	return false;
}

/* Is the value one that some row of the category knows under that name? */
static bool known_value(const struct sightline *s, struct text name, struct text value)
{
	for (size_t g = 0; g < s->t->group_count; g++) {
		if (group_knows(s->t->groups[g], s->category, name, value))
			return true;
	}
	return false;
}

static bool value_fits(const struct eql_test *test, struct arena *arena, struct text value)
{
	for (size_t i = 0; i < test->count; i++) {
		struct text asked = test->values[i].text;

		if (test->op == EQL_LIKE && pattern_match(elastic_like_read(arena, asked), value, test->fold))
			return true;
		if ((test->op == EQL_EQUAL || test->op == EQL_NOT_EQUAL)
			&& (test->fold ? text_equal_fold(asked, value) : text_equal(asked, value)))
			return true;
	}
	return false;
}

/* --- fields --- */

static bool row_names(const struct dialect_field *row, struct text name)
{
	for (size_t i = 0; i < row->name_count; i++) {
		if (text_equal(row->names[i], name))
			return true;
	}
	return false;
}

/* The registered field whose plain value stands under the raw name in this event; FIELD_NONE: none. */
unsigned turn_field(const struct sightline *s, struct text name)
{
	const struct registry *registry = &s->t->import->catalog->registry;

	for (size_t i = 0; i < s->group->field_count; i++) {
		const struct dialect_field *row = &s->group->fields[i];

		if (row->shape.shape != SHAPE_PLAIN || !row_names(row, name) || row->field == FIELD_ACTION || row->field == FIELD_TYPE)
			continue;
		if (s->event == NULL ? row->event_count == 0 : dialect_field_carries(row, s->category, s->action))
			return row->field;
	}
	unsigned same = registry_field(registry, name);

	/* Names of ours that mean something else there. */
	return same == FIELD_ACTION || same == FIELD_TYPE ? FIELD_NONE : same;
}

static bool plain_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char byte = name.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '@';

		if (!letter && !(i > 0 && ((byte >= '0' && byte <= '9') || byte == '.')))
			return false;
	}
	return name.length > 0;
}

static struct text written_name(struct arena *arena, struct text name)
{
	return text_of(arena_printf(arena, plain_name(name) ? "%.*s" : "`%.*s`", TEXT_ARGS(name)));
}

/* --- comparisons --- */

static const char *const words[] = {
	[EQL_EQUAL] = "==",
	[EQL_NOT_EQUAL] = "!=",
	[EQL_LESS] = "<",
	[EQL_LESS_EQUAL] = "<=",
	[EQL_GREATER] = ">",
	[EQL_GREATER_EQUAL] = ">=",
	[EQL_LIKE] = "like",
	[EQL_REGEX] = "regex",
	[EQL_STARTS] = "startswith",
	[EQL_ENDS] = "endswith",
	[EQL_CONTAINS] = "stringcontains",
	[EQL_CIDR] = "cidrmatch",
};

/* What the values are compared as: the field's type, or what the first use of a new one asks for. */
static enum value_type type_asked(const struct eql_test *test, const struct field *field)
{
	if (field != NULL)
		return field->type;
	if (test->op == EQL_BARE || (test->count > 0 && test->values[0].kind == EQL_BOOLEAN))
		return TYPE_BOOLEAN;
	return test->count > 0 && test->values[0].kind == EQL_NUMBER && !test->length ? TYPE_LONG : TYPE_KEYWORD;
}

static bool print_regex(struct sightline *s, struct text value, struct buffer *out)
{
	struct buffer regex = {0};
	bool fine = lucene_read(&regex, value, &s->error);

	if (fine)
		elastic_quote(out, buffer_view(&regex));
	buffer_free(&regex);
	return fine;
}

static bool print_value(
	struct sightline *s, const struct eql_test *test, const struct eql_value *value, bool bare, struct buffer *out)
{
	if (test->op == EQL_REGEX)
		return print_regex(s, value->text, out);
	if (value->text.length == 0) {
		s->error = "an empty text is a missing value here, and there a value";
		return false;
	}
	if (bare)
		buffer_text(out, value->text);
	else if (test->op == EQL_LIKE)
		elastic_quote(out, elastic_like_read(s->t->import->arena, value->text));
	else
		elastic_quote(out, value->text);
	return true;
}

static bool print_list(struct sightline *s, const struct eql_test *test, bool bare, struct buffer *out)
{
	bool brackets = test->count != 1;

	buffer_string(out, brackets ? "(" : "");
	for (size_t i = 0; i < test->count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		if (!print_value(s, test, &test->values[i], bare, out))
			return false;
	}
	buffer_string(out, brackets ? ")" : "");
	return true;
}

/* f == "a", f in ("a", "b"), and the same negated. */
static bool print_equal(
	struct sightline *s, const struct eql_test *test, struct text left, bool bare, bool negated, struct buffer *out)
{
	bool list = test->count != 1 || test->fold;

	buffer_text(out, left);
	if (list)
		buffer_printf(out, " %sin%s ", negated ? "not " : "", test->fold ? "~" : "");
	else
		buffer_string(out, negated ? " != " : " == ");
	buffer_string(out, list && test->count == 1 ? "(" : "");
	bool fine = print_list(s, test, bare, out);

	buffer_string(out, list && test->count == 1 ? ")" : "");
	return fine;
}

static bool print_function(struct sightline *s, const struct eql_test *test, struct text left, struct buffer *out)
{
	buffer_printf(out, "%s%s(%.*s", words[test->op], test->fold && test->op != EQL_CIDR ? "~" : "", TEXT_ARGS(left));
	for (size_t i = 0; i < test->count; i++) {
		buffer_string(out, ", ");
		if (!print_value(s, test, &test->values[i], false, out))
			return false;
	}
	buffer_char(out, ')');
	return true;
}

static bool print_comparison(struct sightline *s, const struct eql_test *test, struct text left, bool bare, struct buffer *out)
{
	switch (test->op) {
	case EQL_BARE:
		buffer_printf(out, bare ? "%.*s == true" : "%.*s == \"true\"", TEXT_ARGS(left));
		return true;
	case EQL_EQUAL:
	case EQL_NOT_EQUAL:
		return print_equal(s, test, left, bare, false, out);
	case EQL_LIKE:
	case EQL_REGEX:
		buffer_printf(out, "%.*s %s%s ", TEXT_ARGS(left), words[test->op], test->fold ? "~" : "");
		return print_list(s, test, false, out);
	case EQL_LESS:
	case EQL_LESS_EQUAL:
	case EQL_GREATER:
	case EQL_GREATER_EQUAL:
		buffer_printf(out, "%.*s %s ", TEXT_ARGS(left), words[test->op]);
		return print_list(s, test, bare, out);
	default:
		return print_function(s, test, left, out);
	}
}

/* The left side: the field, its length, or the number that its text is. */
static struct text left_side(
	struct sightline *s, const struct eql_test *test, struct text name, enum value_type type, bool *bare)
{
	bool ordered = test->op >= EQL_LESS && test->op <= EQL_GREATER_EQUAL;
	bool numbers = test->count > 0 && test->values[0].kind == EQL_NUMBER;

	*bare = type == TYPE_LONG || type == TYPE_BOOLEAN || test->length;
	if (test->length)
		return text_of(arena_printf(s->t->import->arena, "length(%.*s)", TEXT_ARGS(name)));
	if (type != TYPE_KEYWORD || (!ordered && !numbers) || (test->op == EQL_LIKE))
		return name;
	*bare = true;
	return text_of(arena_printf(s->t->import->arena, "number(%.*s)", TEXT_ARGS(name)));
}

/* Texts of paths are cleaned in events; what an expression says of them is not. */
static void note_path(struct sightline *s, const struct eql_test *test, const struct field *field)
{
	if (field == NULL || !field->path || test->op != EQL_REGEX)
		return;
	for (size_t i = 0; i < test->count; i++) {
		if (text_contains(test->values[i].text, TEXT("/var/run"), false))
			import_note(s->t->import, s->t->item,
				"%.*s is read with /var/run as /run, which the regular expression does not say",
				TEXT_ARGS(field->name));
	}
}

/* f == g, and the functions of two fields. */
static const struct form *field_comparison(struct sightline *s, const struct eql_test *test, struct form *leaf)
{
	const struct registry *registry = &s->t->import->catalog->registry;
	struct arena *arena = s->t->import->arena;
	unsigned second = turn_field(s, turn_raw_name(test->other));
	const char *fold = test->fold ? "~" : "";
	struct text other;

	leaf->second = written_name(arena, second != FIELD_NONE ? registry->fields[second].name : test->other);
	other = leaf->second;
	if (test->op != EQL_EQUAL && test->op != EQL_NOT_EQUAL) {
		leaf->holds = text_of(
			arena_printf(arena, "%s%s(%.*s, %.*s)", words[test->op], fold, TEXT_ARGS(leaf->field), TEXT_ARGS(other)));
		return form_leaf(arena, leaf);
	}
	leaf->holds = text_of(arena_printf(arena, "%.*s == %.*s", TEXT_ARGS(leaf->field), TEXT_ARGS(other)));
	leaf->other = text_of(arena_printf(arena, "%.*s != %.*s", TEXT_ARGS(leaf->field), TEXT_ARGS(other)));
	return form_leaf(arena, leaf);
}

/* An empty text is a value there, and a missing one here. */
static const struct form *with_empty(struct sightline *s, const struct eql_test *test, struct text raw);

static bool asks_empty(const struct eql_test *test)
{
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].kind == EQL_STRING && test->values[i].text.length == 0
			&& (test->op == EQL_EQUAL || test->op == EQL_NOT_EQUAL))
			return true;
	}
	return false;
}

static const struct form *value_comparison(
	struct sightline *s, const struct eql_test *test, const struct field *field, struct form *leaf)
{
	struct arena *arena = s->t->import->arena;
	struct buffer out = {0};
	bool bare;

	note_path(s, test, field);
	struct text left = left_side(s, test, leaf->field, type_asked(test, field), &bare);

	if (!print_comparison(s, test, left, bare, &out))
		buffer_clear(&out);
	leaf->holds = text_copy(arena, buffer_view(&out));
	buffer_clear(&out);
	if (test->op == EQL_EQUAL || test->op == EQL_NOT_EQUAL) {
		print_equal(s, test, left, bare, true, &out);
		leaf->other = text_copy(arena, buffer_view(&out));
	}
	buffer_free(&out);
	return form_leaf(arena, leaf);
}

static const struct form *comparison(struct sightline *s, const struct eql_test *test, struct text raw)
{
	struct arena *arena = s->t->import->arena;
	const struct registry *registry = &s->t->import->catalog->registry;
	unsigned number = turn_field(s, raw);
	const struct field *field = number != FIELD_NONE ? &registry->fields[number] : NULL;
	struct form leaf = {.kind = FORM_HOLDS, .field = written_name(arena, field != NULL ? field->name : raw)};

	if (test->op == EQL_NULL || test->op == EQL_THERE) {
		leaf.kind = test->op == EQL_NULL ? FORM_MISSING : FORM_THERE;
		return form_leaf(arena, &leaf);
	}
	if (asks_empty(test))
		return with_empty(s, test, raw);
	leaf.kind = test->op == EQL_NOT_EQUAL ? FORM_OTHER : FORM_HOLDS;
	return test->other.length > 0 ? field_comparison(s, test, &leaf) : value_comparison(s, test, field, &leaf);
}

static const struct form *with_empty(struct sightline *s, const struct eql_test *test, struct text raw)
{
	struct arena *arena = s->t->import->arena;
	struct eql_value *values = arena_array(arena, test->count + 1, sizeof(*values));
	struct eql_test rest = *test, missing = {.field = test->field, .op = EQL_NULL};
	const struct form *form = comparison(s, &missing, raw);

	rest.op = EQL_EQUAL;
	rest.values = values;
	rest.count = 0;
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].text.length > 0)
			values[rest.count++] = test->values[i];
	}
	if (rest.count > 0)
		form = form_either(arena, form, comparison(s, &rest, raw));
	return test->op == EQL_NOT_EQUAL ? form_negated(arena, form) : form;
}

/* --- tests of fixed names --- */

/* What an event may also be of, beside the type that its row tells. */
static bool side_type(struct text value)
{
	static const char *const types[] = {
		"user", "group", "admin", "allowed", "denied", "error", "protocol", "indicator", "access"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (text_is(value, types[i]))
			return true;
	}
	return false;
}

/* The test with these values only. */
static const struct form *reported(
	struct sightline *s, struct text name, const struct eql_value *values, size_t count, bool negated)
{
	struct eql_test test = {.op = EQL_EQUAL, .values = values, .count = count};
	bool type = text_is(name, "event.type");
	struct text field = type ? TEXT("event.reported_type") : TEXT("event.reported_action");
	const struct form *form;

	if (type || text_is(name, "event.action") || text_is(name, "kubernetes.audit.verb"))
		test.field = field;
	else
		test.field = name;
	form = comparison(s, &test, test.field);
	return negated ? form_negated(s->t->import->arena, form) : form;
}

static const struct form *truth(bool holds)
{
	return holds ? form_true() : form_false();
}

/* Of an event that no row knows: only values that no row knows are left. */
static const struct form *unknown_test(struct sightline *s, const struct eql_test *test, struct text name)
{
	struct arena *arena = s->t->import->arena;
	bool negated = test->op == EQL_NOT_EQUAL;
	struct eql_value *left = arena_array(arena, test->count + 1, sizeof(*left));
	size_t count = 0;

	if (test->op == EQL_NULL || test->op == EQL_THERE || (test->op != EQL_EQUAL && !negated))
		return truth(test->op != EQL_NULL);
	for (size_t i = 0; i < test->count; i++) {
		if (!known_value(s, name, test->values[i].text))
			left[count++] = test->values[i];
	}
	return count == 0 ? truth(negated) : reported(s, name, left, count, negated);
}

static const struct form *fixed_test(struct sightline *s, const struct eql_test *test, const struct dialect_match *match)
{
	struct arena *arena = s->t->import->arena;
	struct eql_value *in = arena_array(arena, match->count + test->count + 1, sizeof(*in));
	bool type = text_is(match->name, "event.type"), negated = test->op == EQL_NOT_EQUAL;
	size_t count = 0;

	if (test->op == EQL_NULL || test->op == EQL_THERE)
		return truth(test->op == EQL_THERE);
	for (size_t i = 0; i < match->count; i++) {
		if (value_fits(test, arena, match->values[i]))
			in[count++] = (struct eql_value){EQL_STRING, match->values[i]};
	}
	/* All values of a type are there at once; of an action it is one of them. */
	if (count == match->count || (count > 0 && type))
		return truth(!negated);
	for (size_t i = 0; i < test->count && type; i++) {
		if (side_type(test->values[i].text))
			in[count++] = test->values[i];
	}
	return count == 0 ? truth(negated) : reported(s, match->name, in, count, negated);
}

static const struct form *test_form(struct sightline *s, const struct eql_test *test)
{
	struct text name = turn_raw_name(test->field);
	const struct dialect_match *match = fixed_match(s, name);
	bool told = text_is(name, "event.action") || text_is(name, "event.type");

	if (text_is(name, "event.category") && s->category == CATEGORY_ANY)
		return comparison(s, test, name);
	if (text_is(name, "event.category")) {
		struct text category = s->t->import->catalog->registry.categories[s->category].name;
		struct dialect_match one = {.name = name, .values = &category, .count = 1};

		return fixed_test(s, test, &one);
	}
	if (match != NULL)
		return fixed_test(s, test, match);
	if (s->event == NULL && text_is(name, "event.action"))
		return unknown_test(s, test, name);
	if (told)
		return comparison(s, test, text_is(name, "event.type") ? TEXT("event.reported_type") : TEXT("event.reported_action"));
	return comparison(s, test, name);
}

/* --- the tree: what makes it true, or (negated) false --- */

static const struct form *tree_form(struct sightline *s, const struct eql_node *node, bool negated)
{
	struct arena *arena = s->t->import->arena;

	if (node->kind == EQL_TRUE || node->kind == EQL_FALSE)
		return truth((node->kind == EQL_TRUE) != negated);
	if (node->kind == EQL_NOT)
		return tree_form(s, node->children[0], !negated);
	if (node->kind == EQL_TEST) {
		const struct form *form = test_form(s, &node->test);

		if (!negated)
			return form;
		return s->t->two_answers ? form_opposite(arena, form) : form_negated(arena, form);
	}
	const struct form **children = arena_array(arena, node->count, sizeof(const struct form *));
	bool and = (node->kind == EQL_AND) != negated;

	for (size_t i = 0; i < node->count; i++)
		children[i] = tree_form(s, node->children[i], negated);
	return and ? form_and(arena, children, node->count) : form_or(arena, children, node->count);
}

/* --- outcomes --- */

static const struct text outcome_name = {"event.outcome", 13};

/* "not event.outcome == failure" at the top is what a condition means by itself. */
static const struct form *without_default(struct arena *arena, const struct form *form)
{
	const struct form **rest;
	size_t count = 0, dropped = 0;

	if (form->kind != FORM_AND)
		return form;
	rest = arena_array(arena, form->count, sizeof(const struct form *));
	for (size_t i = 0; i < form->count; i++) {
		const struct form *child = form->children[i];
		bool usual = child->kind == FORM_NOT && text_is(child->holds, "event.outcome == \"failure\"");

		if (usual)
			dropped++;
		else
			rest[count++] = child;
	}
	const struct form *made = form_and(arena, rest, count);

	return dropped > 0 && !form_names(made, outcome_name) ? made : form;
}

/* Does the sensor record failed acts as well, and the query take them? */
static bool takes_failures(const struct sightline *s, const struct form *form)
{
	if (text_is(dialect_attribute(s->group, "outcome"), "success") || form_names(form, outcome_name))
		return false;
	return dialect_field_of(s->group, FIELD_OUTCOME, s->category, s->action, USE_READ) != NULL
		|| dialect_field_of(s->group, FIELD_OUTCOME, s->category, s->action, USE_WRITE) != NULL;
}

/* *failures: it holds on failed acts too. */
const struct form *turn_form(struct sightline *s, const struct eql_node *where, bool *failures)
{
	const struct form *form = tree_form(s, where, false), *made;

	if (form->kind == FORM_FALSE)
		return form;
	made = without_default(s->t->import->arena, form);
	*failures = *failures || (made == form && takes_failures(s, form));
	return made;
}

/* An action means a successful one, unless the outcome is named. */
const struct form *turn_failures(struct arena *arena, const struct form *form)
{
	struct form there = {.kind = FORM_THERE, .field = outcome_name}, missing = {.kind = FORM_MISSING, .field = outcome_name};

	if (form->kind == FORM_FALSE || form_names(form, outcome_name))
		return form;
	return form_both(arena, form, form_either(arena, form_leaf(arena, &missing), form_leaf(arena, &there)));
}
