/*
 * sql_form: a condition as an expression of SQLite over a table with a column for each field.
 *
 *   stringcontains~(process.command_line, "a_b") and not user.name == null
 *     → (process_command_line LIKE '%a\_b%' ESCAPE '\' AND NOT user_name = '')
 *
 * Texts that are missing are '' in the table, as engines that are written for SQL keep them: two-valued, and quicker than
 * NULL. Numbers and truths that are missing are NULL. LIKE folds ASCII alone, as we do; GLOB regards case.
 * `matches(k, text)` asks the k-th regex by PCRE2 as compiled here. What cannot be said so sets `unsaid`.
 */
#ifndef BENCH_SQL_FORM_H
#define BENCH_SQL_FORM_H

#include "catalog/condition.h"
#include "catalog/pattern.h"

struct sql_form {
	const struct registry *registry;
	const uint8_t *filled; /* [field_count] 1: some row holds it; else what is asked of it is a constant */
	const uint8_t *many; /* [field_count] 1: some event holds several values of it: cannot be said */
	struct buffer *out;
	const struct regex **regexes; /* [regex_room]: those that were used */
	size_t regex_count, regex_room;
	struct arena *arena;
	bool unsaid;
};

static inline void sql_node(struct sql_form *form, const struct node *node);

static inline bool sql_is_text(const struct sql_form *form, unsigned field)
{
	enum value_type type = form->registry->fields[field].type;
	return type == TYPE_KEYWORD || type == TYPE_IP;
}

static inline void sql_column(struct sql_form *form, unsigned field)
{
	buffer_printf(form->out, "f%u", field);
}

static inline void sql_quoted(struct sql_form *form, const char *before, struct text text, const char *after, const char *escaped)
{
	buffer_printf(form->out, "'%s", before);
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\'')
			buffer_char(form->out, '\'');
		else if (*escaped && strchr(escaped, text.data[i]))
			buffer_char(form->out, '\\');
		buffer_char(form->out, text.data[i]);
	}
	buffer_printf(form->out, "%s'", after);
}

/* GLOB has no escape character: what is special stands in brackets. */
static inline void sql_glob_text(struct sql_form *form, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '*' || text.data[i] == '?' || text.data[i] == '[')
			buffer_printf(form->out, "[%c]", text.data[i]);
		else
			buffer_printf(form->out, "%s%c", text.data[i] == '\'' ? "'" : "", text.data[i]);
	}
}

static inline void sql_glob(struct sql_form *form, unsigned field, const char *before, struct text text, const char *after)
{
	sql_column(form, field);
	buffer_printf(form->out, " GLOB '%s", before);
	sql_glob_text(form, text);
	buffer_printf(form->out, "%s'", after);
}

static inline void sql_part(struct sql_form *form, const struct predicate *p, const char *before, struct text text, const char *after)
{
	if (!p->fold) {
		sql_glob(form, p->field, *before ? "*" : "", text, *after ? "*" : "");
		return;
	}
	sql_column(form, p->field);
	buffer_string(form->out, " LIKE ");
	sql_quoted(form, before, text, after, "%_\\");
	buffer_string(form->out, " ESCAPE '\\'");
}

static inline void sql_like(struct sql_form *form, const struct predicate *p, struct text pattern)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(form->arena, pattern, &parts);
	sql_column(form, p->field);
	buffer_string(form->out, p->fold ? " LIKE '" : " GLOB '");
	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_ANY)
			buffer_char(form->out, p->fold ? '%' : '*');
		else if (parts[i].kind == PATTERN_ONE)
			buffer_char(form->out, p->fold ? '_' : '?');
		else if (!p->fold)
			sql_glob_text(form, parts[i].text);
		else
			for (size_t k = 0; k < parts[i].text.length; k++) {
				char byte = parts[i].text.data[k];
				buffer_string(form->out, strchr("%_\\", byte) ? "\\" : byte == '\'' ? "'"
												    : "");
				buffer_char(form->out, byte);
			}
	}
	buffer_string(form->out, p->fold ? "' ESCAPE '\\' AND " : "' AND ");
	sql_column(form, p->field);
	buffer_string(form->out, "<>''"); /* "*" does not match what is not there */
}

static inline void sql_regex(struct sql_form *form, const struct predicate *p, size_t index)
{
	if (form->regex_count == form->regex_room) {
		form->unsaid = true;
		return;
	}
	form->regexes[form->regex_count] = p->regexes[index];
	buffer_printf(form->out, "matches(%zu,", form->regex_count++);
	sql_column(form, p->field);
	buffer_char(form->out, ')');
}

static inline void sql_literal(struct sql_form *form, const struct predicate *p, const struct value *value)
{
	enum value_type type = form->registry->fields[p->field].type;
	if (type == TYPE_LONG)
		buffer_printf(form->out, "%lld", (long long)value->number);
	else if (type == TYPE_BOOLEAN)
		buffer_char(form->out, value->truth ? '1' : '0');
	else if (type == TYPE_KEYWORD)
		sql_quoted(form, "", value->text, "", "");
	else
		form->unsaid = true;
}

static inline void sql_compared(struct sql_form *form, const struct predicate *p)
{
	static const char *const orders[] = {[OPERATOR_LESS] = "<", [OPERATOR_LESS_EQUAL] = "<=", [OPERATOR_GREATER] = ">", [OPERATOR_GREATER_EQUAL] = ">="};
	bool text = sql_is_text(form, p->field), equal = p->op == OPERATOR_EQUAL || p->op == OPERATOR_NOT_EQUAL;
	form->unsaid |= p->length || p->number || (text && !equal) || (p->other != FIELD_NONE && !text);
	buffer_string(form->out, text ? "(" : "ifnull(");
	sql_column(form, p->field);
	if (p->fold && text)
		buffer_string(form->out, " COLLATE NOCASE");
	if (p->other != FIELD_NONE) {
		buffer_string(form->out, p->op == OPERATOR_EQUAL ? "=" : "<>");
		sql_column(form, p->other);
	} else if (!equal) {
		buffer_string(form->out, orders[p->op]);
		sql_literal(form, p, &p->values[0]);
	} else {
		buffer_string(form->out, p->op == OPERATOR_EQUAL ? " IN (" : " NOT IN (");
		for (size_t i = 0; i < p->count; i++) {
			buffer_string(form->out, i ? "," : "");
			sql_literal(form, p, &p->values[i]);
		}
		buffer_char(form->out, ')');
	}
	buffer_string(form->out, text ? ")" : ",0)");
	for (int i = 0; text && (p->other != FIELD_NONE || p->op == OPERATOR_NOT_EQUAL) && i < 2; i++) {
		unsigned field = i ? p->other : p->field;
		if (field == FIELD_NONE)
			continue;
		buffer_string(form->out, " AND ");
		sql_column(form, field);
		buffer_string(form->out, "<>''");
	}
}

static inline void sql_value(struct sql_form *form, const struct predicate *p, size_t index)
{
	struct text text = p->values[index].text;
	switch (p->op) {
	case OPERATOR_LIKE:
		sql_like(form, p, text);
		break;
	case OPERATOR_REGEX:
		sql_regex(form, p, index);
		break;
	case OPERATOR_STARTS:
		sql_part(form, p, "", text, "%");
		break;
	case OPERATOR_ENDS:
		sql_part(form, p, "%", text, "");
		break;
	case OPERATOR_CONTAINS:
		sql_part(form, p, "%", text, "%");
		break;
	default:
		form->unsaid = true;
	}
}

/* SQLite bounds the depth of an expression, and a chain of ORs is as deep as it is long: each so many stand in brackets. */
enum { SQL_CHAIN = 200 };

static inline void sql_values(struct sql_form *form, const struct predicate *p)
{
	buffer_char(form->out, '(');
	for (size_t i = 0; i < p->count && !form->unsaid; i++) {
		buffer_string(form->out, !i ? "" : i % SQL_CHAIN ? " OR "
								 : ") OR (");
		sql_value(form, p, i);
	}
	buffer_char(form->out, ')');
}

static inline void sql_predicate(struct sql_form *form, const struct predicate *p)
{
	bool text = sql_is_text(form, p->field), filled = form->filled[p->field];
	if (!filled || (p->other != FIELD_NONE && !form->filled[p->other])) {
		buffer_char(form->out, p->op == OPERATOR_MISSING ? '1' : '0');
		return;
	}
	form->unsaid |= form->many[p->field] || (p->other != FIELD_NONE && form->many[p->other]);
	buffer_char(form->out, '(');
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING) {
		sql_column(form, p->field);
		buffer_string(form->out, p->op == OPERATOR_EXISTS ? text ? "<>''" : " IS NOT NULL" : text ? "=''"
													  : " IS NULL");
	} else if (p->op < OPERATOR_LIKE) {
		sql_compared(form, p);
	} else {
		form->unsaid |= !text || p->other != FIELD_NONE;
		sql_values(form, p);
	}
	buffer_char(form->out, ')');
}

static inline void sql_node(struct sql_form *form, const struct node *node)
{
	if (node->kind == NODE_FALSE || node->kind == NODE_TRUE) {
		buffer_char(form->out, node->kind == NODE_TRUE ? '1' : '0');
	} else if (node->kind == NODE_PREDICATE) {
		sql_predicate(form, &node->predicate);
	} else {
		buffer_string(form->out, node->kind == NODE_NOT ? "(NOT " : "(");
		sql_node(form, node->children[0]);
		for (size_t i = 1; node->kind != NODE_NOT && i < node->count; i++) {
			buffer_string(form->out, node->kind == NODE_AND ? " AND " : " OR ");
			sql_node(form, node->children[i]);
		}
		buffer_char(form->out, ')');
	}
}

#endif
