/*
 * condition_print: a tree as canonical EQL, which parses back to an equal tree.
 */
#include "catalog/sequence.h"

#include <inttypes.h>

static const struct {
	const char *name;
	const char *spelling; /* between field and value, or the function's name */
	bool function;
} operators[] = {
	[OPERATOR_EXISTS] = {"!= null", "!= null", false},
	[OPERATOR_MISSING] = {"== null", "== null", false},
	[OPERATOR_EQUAL] = {"==", "==", false},
	[OPERATOR_NOT_EQUAL] = {"!=", "!=", false},
	[OPERATOR_LESS] = {"<", "<", false},
	[OPERATOR_LESS_EQUAL] = {"<=", "<=", false},
	[OPERATOR_GREATER] = {">", ">", false},
	[OPERATOR_GREATER_EQUAL] = {">=", ">=", false},
	[OPERATOR_LIKE] = {"like", "like", false},
	[OPERATOR_REGEX] = {"regex", "regex", false},
	[OPERATOR_STARTS] = {"startswith", "startswith", true},
	[OPERATOR_ENDS] = {"endswith", "endswith", true},
	[OPERATOR_CONTAINS] = {"stringcontains", "stringcontains", true},
	[OPERATOR_CIDR] = {"cidrmatch", "cidrmatch", true},
};

const char *operator_name(enum predicate_operator op)
{
	return operators[op].name;
}

/* ---- values ---- */

/* """…""" reads better where the content has backslashes or quotes, but cannot hold everything. */
static bool wants_raw(struct text text)
{
	bool special = text_find(text, '\\') < text.length || text_find(text, '"') < text.length;
	if (!special || text.data[text.length - 1] == '"' || text_contains(text, TEXT("\"\"\""), false))
		return false;
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
			return false;
	return true;
}

static void print_escaped(struct text text, struct buffer *out)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '"' || byte == '\\')
			buffer_printf(out, "\\%c", byte);
		else if (byte == '\n')
			buffer_string(out, "\\n");
		else if (byte == '\t')
			buffer_string(out, "\\t");
		else if (byte == '\r')
			buffer_string(out, "\\r");
		else if (byte < 0x20 || byte == 0x7F)
			buffer_printf(out, "\\u{%x}", byte);
		else
			buffer_char(out, (char)byte);
	}
	buffer_char(out, '"');
}

void condition_print_string(struct text text, struct buffer *out)
{
	if (text.length == 0 || !wants_raw(text)) {
		print_escaped(text, out);
		return;
	}
	buffer_string(out, "\"\"\"");
	buffer_text(out, text);
	buffer_string(out, "\"\"\"");
}

static void print_value(const struct predicate *predicate, enum value_type type, size_t at, struct buffer *out)
{
	const struct value *value = &predicate->values[at];

	if (type == TYPE_LONG || predicate->length || predicate->number)
		buffer_printf(out, "%" PRId64, value->number);
	else if (type == TYPE_BOOLEAN)
		buffer_string(out, value->truth ? "true" : "false");
	else
		condition_print_string(value->text, out);
}

static void print_values(const struct predicate *predicate, enum value_type type, struct buffer *out)
{
	if (predicate->list.length > 0) {
		buffer_text(out, predicate->list);
		return;
	}
	for (size_t i = 0; i < predicate->count; i++) {
		if (i > 0)
			buffer_string(out, ", ");
		print_value(predicate, type, i, out);
	}
}

/* ---- predicates ---- */

static bool plain_part(struct text part)
{
	for (size_t i = 0; i < part.length; i++) {
		char byte = part.data[i];
		bool letter = ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '_' || byte == '@';
		if (!letter && (i == 0 || byte < '0' || byte > '9'))
			return false;
	}
	return part.length > 0;
}

/* Words that mean something of their own where a field may stand. */
static bool reserved(struct text name)
{
	static const char *const words[] = {"and", "or", "not", "in", "true", "false", "null", "where", "like", "regex", "sequence",
		"sample", "until", "with", "by", "maxspan"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_equal_fold(name, text_of(words[i])))
			return true;
	return false;
}

static bool plain_name(struct text name)
{
	size_t dot;
	if (reserved(name))
		return false;
	for (; (dot = text_find(name, '.')) < name.length; name = text_slice(name, dot + 1, name.length))
		if (!plain_part(text_slice(name, 0, dot)))
			return false;
	return plain_part(name);
}

static void print_name(struct text name, bool plain, struct buffer *out)
{
	const char *quote = plain ? "" : "`";
	buffer_printf(out, "%s%.*s%s", quote, TEXT_ARGS(name), quote);
}

static void print_field(const struct predicate *predicate, const struct registry *registry, struct buffer *out)
{
	struct text name = registry->fields[predicate->field].name;

	buffer_string(out, predicate->length ? "length(" : predicate->number ? "number(" : "");
	print_name(name, plain_name(name), out);
	buffer_string(out, predicate->length || predicate->number ? ")" : "");
}

/* Where a list may stand too: a name without a dot could be one. */
static void print_other(const struct predicate *predicate, const struct registry *registry, struct buffer *out)
{
	struct text name = registry->fields[predicate->other].name;
	print_name(name, plain_name(name) && text_find(name, '.') < name.length, out);
}

static void print_function(const struct predicate *predicate, const struct registry *registry, struct buffer *out)
{
	buffer_printf(out, "%s%s(", operators[predicate->op].spelling, predicate->fold ? "~" : "");
	print_field(predicate, registry, out);
	buffer_string(out, ", ");
	if (predicate->other != FIELD_NONE)
		print_other(predicate, registry, out);
	else
		print_values(predicate, registry->fields[predicate->field].type, out);
	buffer_char(out, ')');
}

void predicate_print(const struct predicate *predicate, const struct registry *registry, struct buffer *out)
{
	enum predicate_operator op = predicate->op;
	enum value_type type = registry->fields[predicate->field].type;
	bool many = predicate->count > 1 || predicate->list.length > 0;
	const char *spelling = operators[op].spelling;

	if (operators[op].function) {
		print_function(predicate, registry, out);
		return;
	}
	if ((op == OPERATOR_EQUAL || op == OPERATOR_NOT_EQUAL) && (many || predicate->fold)) {
		spelling = op == OPERATOR_EQUAL ? "in" : "not in";
		many = predicate->list.length == 0;
	} else {
		many = many && predicate->list.length == 0;
	}
	print_field(predicate, registry, out);
	buffer_printf(out, " %s%s", spelling, predicate->fold ? "~" : "");
	if (predicate->other != FIELD_NONE) {
		buffer_char(out, ' ');
		print_other(predicate, registry, out);
	}
	if (predicate->count == 0)
		return;
	buffer_string(out, many ? " (" : " ");
	print_values(predicate, type, out);
	if (many)
		buffer_char(out, ')');
}

/* ---- trees ---- */

static void print_child(const struct node *child, const struct registry *registry, struct buffer *out)
{
	bool compound = child->kind == NODE_AND || child->kind == NODE_OR;
	if (compound)
		buffer_char(out, '(');
	node_print(child, registry, out);
	if (compound)
		buffer_char(out, ')');
}

void node_print(const struct node *node, const struct registry *registry, struct buffer *out)
{
	switch (node->kind) {
	case NODE_FALSE:
		buffer_string(out, "false");
		break;
	case NODE_TRUE:
		buffer_string(out, "true");
		break;
	case NODE_PREDICATE:
		predicate_print(&node->predicate, registry, out);
		break;
	case NODE_NOT:
		buffer_string(out, "not ");
		print_child(node->children[0], registry, out);
		break;
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->count; i++) {
			if (i > 0)
				buffer_string(out, node->kind == NODE_AND ? " and " : " or ");
			print_child(node->children[i], registry, out);
		}
		break;
	}
}

static void print_by(const unsigned *fields, size_t count, const struct registry *registry, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		struct text name = registry->fields[fields[i]].name;
		buffer_string(out, i > 0 ? ", " : " by ");
		print_name(name, plain_name(name), out);
	}
}

static void print_step(const struct sequence *sequence, const struct sequence_step *step, const struct registry *registry,
	struct buffer *out)
{
	buffer_string(out, step->missing ? " ![" : " [");
	condition_print(step->condition, registry, out);
	buffer_char(out, ']');
	print_by(step->by + sequence->shared_count, sequence->key_count - sequence->shared_count, registry, out);
	if (step->runs > 1)
		buffer_printf(out, " with runs=%zu", step->runs);
	if (step->distinct_count == 0)
		return;
	struct text name = registry->fields[step->distinct].name;
	buffer_string(out, " with distinct(");
	print_name(name, plain_name(name), out);
	buffer_printf(out, ")=%zu", step->distinct_count);
}

static void print_sequence(const struct sequence *sequence, const struct registry *registry, struct buffer *out)
{
	buffer_string(out, sequence->sample ? "sample" : "sequence");
	print_by(sequence->steps[0].by, sequence->shared_count, registry, out);
	buffer_string(out, " with maxspan=");
	duration_print(sequence->maxspan, out);
	for (size_t i = 0; i < sequence->count; i++)
		print_step(sequence, &sequence->steps[i], registry, out);
	if (sequence->until == NULL)
		return;
	buffer_string(out, " until");
	print_step(sequence, sequence->until, registry, out);
}

void condition_print(const struct condition *condition, const struct registry *registry, struct buffer *out)
{
	if (condition->sequence != NULL) {
		print_sequence(condition->sequence, registry, out);
		return;
	}
	if (condition->category == CATEGORY_ANY)
		buffer_string(out, "any");
	else
		buffer_text(out, registry->categories[condition->category].name);
	buffer_string(out, " where ");
	node_print(condition->root, registry, out);
}
