/* spell: see spell.h. */
#include "replay/compare/spell.h"

#include <stdlib.h>
#include <string.h>

enum { INLINE_VALUES = 3 }; /* more of them stand on lines of their own */

struct speller {
	struct arena arena;
	const struct registry *registry;
	enum spelling spelling;
	struct buffer *out;
};

static int by_bytes(const void *left, const void *right)
{
	return text_compare(*(const struct text *)left, *(const struct text *)right);
}

static struct text *sorted(struct arena *arena, const struct text *items, size_t count)
{
	struct text *list = arena_array(arena, count + 1, sizeof *list);
	if (count)
		memcpy(list, items, count * sizeof *list);
	qsort(list, count, sizeof *list, by_bytes);
	return list;
}

static void indent(struct speller *s, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buffer_string(s->out, "  ");
}

static void put_quoted(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			buffer_char(out, '\\');
		if (text.data[i] == '\n')
			buffer_string(out, "\\n");
		else
			buffer_char(out, text.data[i]);
	}
	buffer_char(out, '"');
}

/* Conditions */

static void put_values(struct speller *s, const struct predicate *predicate, unsigned depth)
{
	struct text *values = arena_array(&s->arena, predicate->count + 1, sizeof *values);
	bool lines = predicate->count > INLINE_VALUES || predicate->list.length;
	for (size_t i = 0; i < predicate->count; i++)
		values[i] = predicate->values[i].text;
	qsort(values, predicate->count, sizeof *values, by_bytes);
	buffer_string(s->out, predicate->count > 1 || lines ? " (" : " ");
	for (size_t i = 0; i < predicate->count; i++) {
		buffer_string(s->out, lines ? "\n" : i ? ", " : "");
		if (lines)
			indent(s, depth + 1);
		put_quoted(s->out, values[i]);
	}
	if (lines) {
		buffer_char(s->out, '\n');
		indent(s, depth);
	}
	buffer_string(s->out, predicate->count > 1 || lines ? ")" : "");
}

static void put_predicate(struct speller *s, const struct predicate *predicate, unsigned depth)
{
	const char *wrapped = predicate->length ? "length(" : predicate->number ? "number(" : "";
	const char *close = predicate->length || predicate->number ? ")" : "";
	buffer_printf(s->out, "%s%.*s%s %s%s", wrapped, TEXT_ARGS(s->registry->fields[predicate->field].name), close,
		operator_name(predicate->op), predicate->fold ? "~" : "");
	if (predicate->other != FIELD_NONE)
		buffer_printf(s->out, " %.*s", TEXT_ARGS(s->registry->fields[predicate->other].name));
	else if (predicate->count)
		put_values(s, predicate, depth);
}

static void put_node(struct speller *s, const struct node *node, unsigned depth);

static struct text node_text(struct speller *s, const struct node *node, unsigned depth)
{
	struct buffer text = {0}, *out = s->out;
	s->out = &text;
	put_node(s, node, depth);
	s->out = out;
	struct text copy = text_copy(&s->arena, buffer_view(&text));
	buffer_free(&text);
	return copy;
}

/* Each operand on a line of its own. */
static void put_operands(struct speller *s, const struct node *node, unsigned depth)
{
	struct text *texts = arena_array(&s->arena, node->count, sizeof *texts);
	for (size_t i = 0; i < node->count; i++) {
		bool compound = node->children[i]->kind == NODE_AND || node->children[i]->kind == NODE_OR;
		texts[i] = node_text(s, node->children[i], depth + compound);
		if (compound)
			texts[i] = text_of(arena_printf(&s->arena, "(\n%*s%.*s\n%*s)", (int)(2 * depth + 2), "", TEXT_ARGS(texts[i]),
				(int)(2 * depth), ""));
	}
	if (s->spelling == SPELL_KEY)
		qsort(texts, node->count, sizeof *texts, by_bytes);
	for (size_t i = 0; i < node->count; i++) {
		if (i) {
			buffer_char(s->out, '\n');
			indent(s, depth);
			buffer_string(s->out, node->kind == NODE_AND ? "and " : "or ");
		}
		buffer_text(s->out, texts[i]);
	}
}

static void put_node(struct speller *s, const struct node *node, unsigned depth)
{
	switch (node->kind) {
	case NODE_FALSE: buffer_string(s->out, "false"); break;
	case NODE_TRUE: buffer_string(s->out, "true"); break;
	case NODE_PREDICATE: put_predicate(s, &node->predicate, depth); break;
	case NODE_NOT: {
		bool compound = node->children[0]->kind == NODE_AND || node->children[0]->kind == NODE_OR;
		buffer_string(s->out, compound ? "not (\n" : "not ");
		if (compound)
			indent(s, depth + 1);
		put_node(s, node->children[0], depth + compound);
		if (compound) {
			buffer_char(s->out, '\n');
			indent(s, depth);
			buffer_char(s->out, ')');
		}
		break;
	}
	case NODE_AND:
	case NODE_OR: put_operands(s, node, depth); break;
	}
}

/* A step a line. */
static void put_sequence(struct speller *s, const struct condition *condition)
{
	struct buffer text = {0};
	condition_print(condition, s->registry, &text);
	for (size_t i = 0; i < text.length; i++) {
		struct text rest = {text.data + i, text.length - i};
		bool step = text_starts(rest, TEXT(" ["), false) || text_starts(rest, TEXT(" !["), false) ||
			text_starts(rest, TEXT(" until "), false);
		if (step)
			buffer_string(s->out, "\n   ");
		buffer_char(s->out, text.data[i]);
	}
	buffer_free(&text);
}

void spell_condition(const struct condition *condition, const struct registry *registry, enum spelling spelling,
	struct buffer *out)
{
	struct speller s = {.registry = registry, .spelling = spelling, .out = out};
	if (condition->sequence) {
		put_sequence(&s, condition);
	} else {
		bool any = condition->category == CATEGORY_ANY;
		buffer_printf(out, "%.*s where\n    ", TEXT_ARGS(any ? TEXT("any") : registry->categories[condition->category].name));
		put_node(&s, condition->root, 2);
	}
	buffer_char(out, '\n');
	arena_free(&s.arena);
}

/* Things that stand under names of their own: each is spelled, then all are put in the order of their texts. */

struct pieces {
	struct arena arena;
	struct text *items;
	size_t count;
};

static void end_piece(struct pieces *pieces, struct buffer *piece)
{
	pieces->items = arena_grow(&pieces->arena, pieces->items, pieces->count, sizeof *pieces->items);
	pieces->items[pieces->count++] = text_copy(&pieces->arena, buffer_view(piece));
	buffer_free(piece);
}

static void put_pieces(struct pieces *pieces, struct buffer *out)
{
	if (pieces->count)
		qsort(pieces->items, pieces->count, sizeof *pieces->items, by_bytes);
	for (size_t i = 0; i < pieces->count; i++)
		buffer_text(out, pieces->items[i]);
	arena_free(&pieces->arena);
}

void spell_conditions(const struct detection *detection, const struct registry *registry, enum spelling spelling,
	struct buffer *out)
{
	struct pieces pieces = {{0}, NULL, 0};
	for (size_t i = 0; i < detection->condition_count; i++) {
		struct buffer piece = {0};
		buffer_printf(&piece, "%.*s: ", TEXT_ARGS(detection->conditions[i]->name));
		spell_condition(detection->conditions[i], registry, spelling, &piece);
		end_piece(&pieces, &piece);
	}
	for (size_t i = 0; i < detection->target_count; i++) {
		struct buffer piece = {0};
		buffer_printf(&piece, "for %.*s: %.*s\n", TEXT_ARGS(detection->targets[i].target), TEXT_ARGS(detection->targets[i].text));
		end_piece(&pieces, &piece);
	}
	put_pieces(&pieces, out);
}

/* Exceptions, metadata, organizations */

static void put_line(struct buffer *out, const char *key, struct text value)
{
	if (value.length)
		buffer_printf(out, "%s: %.*s\n", key, TEXT_ARGS(value));
}

/* Of a set: each item is a line. */
static void put_set(struct buffer *out, const char *key, const struct texts *texts, const struct spell_names *names)
{
	struct arena arena = {0};
	struct text *items = sorted(&arena, texts->items, texts->count);
	for (size_t i = 0; names && i < texts->count; i++)
		items[i] = names->name(names->context, items[i]);
	qsort(items, texts->count, sizeof *items, by_bytes);
	for (size_t i = 0; i < texts->count; i++)
		put_line(out, key, items[i]);
	arena_free(&arena);
}

void spell_exception(const struct exception *exception, const struct registry *registry, const struct spell_names *names,
	enum spelling spelling, struct buffer *out)
{
	buffer_printf(out, "exception %.*s\n", TEXT_ARGS(exception->name));
	put_set(out, "  detection", &exception->detections, names);
	buffer_string(out, "  ");
	spell_condition(exception->condition, registry, spelling, out);
	put_line(out, "  reason", exception->reason);
	put_line(out, "  owner", exception->owner);
	put_line(out, "  expires", exception->expires);
	for (size_t i = 0; i < TARGET_MAX && target_names[i]; i++)
		put_line(out, target_names[i], exception->targets[i]);
}

void spell_exceptions(const struct exception *list, size_t count, const struct registry *registry,
	const struct spell_names *names, enum spelling spelling, struct buffer *out)
{
	struct pieces pieces = {{0}, NULL, 0};
	for (size_t i = 0; i < count; i++) {
		struct buffer piece = {0};
		spell_exception(&list[i], registry, names, spelling, &piece);
		end_piece(&pieces, &piece);
	}
	put_pieces(&pieces, out);
}

void spell_metadata(const struct detection *detection, struct buffer *out)
{
	put_line(out, "title", detection->title);
	put_line(out, "severity", text_of(severity_name(detection->severity)));
	put_line(out, "status", text_of(status_name(detection->status)));
	put_set(out, "technique", &detection->techniques, NULL);
	put_line(out, "surface", detection->surface);
	put_line(out, "description", text_trim(detection->description));
	put_line(out, "author", detection->author);
	put_line(out, "date", detection->date);
	put_line(out, "modified", detection->modified);
	put_set(out, "reference", &detection->references, NULL);
	put_set(out, "false positive", &detection->false_positives, NULL);
	for (size_t i = 0; i < detection->overlap_count; i++) {
		buffer_printf(out, "overlaps %.*s: ", TEXT_ARGS(detection->overlaps[i].detection));
		buffer_text(out, text_trim(detection->overlaps[i].reason));
		buffer_char(out, '\n');
	}
}

static void put_lists(const struct organization *organization, struct buffer *out)
{
	struct pieces pieces = {{0}, NULL, 0};
	for (size_t i = 0; i < organization->list_count; i++) {
		const struct named_list *list = &organization->lists[i];
		const struct texts items = {list->items, list->count};
		struct buffer piece = {0};
		struct arena arena = {0};
		put_set(&piece, arena_printf(&arena, "list %.*s", TEXT_ARGS(list->name)), &items, NULL);
		arena_free(&arena);
		end_piece(&pieces, &piece);
	}
	put_pieces(&pieces, out);
}

static void put_severities(const struct organization *organization, const struct spell_names *names, struct buffer *out)
{
	struct pieces pieces = {{0}, NULL, 0};
	for (size_t i = 0; i < organization->severity_count; i++) {
		const struct severity_override *override = &organization->severities[i];
		struct text name = names->name(names->context, override->detection);
		struct buffer piece = {0};
		buffer_printf(&piece, "severity of %.*s: %s\n", TEXT_ARGS(name), severity_name(override->severity));
		end_piece(&pieces, &piece);
	}
	put_pieces(&pieces, out);
}

void spell_organization(const struct organization *organization, const struct registry *registry,
	const struct spell_names *names, enum spelling spelling, struct buffer *out)
{
	put_line(out, "title", organization->title);
	put_line(out, "description", text_trim(organization->description));
	put_line(out, "minimum severity", text_of(severity_name(organization->minimum_severity)));
	put_line(out, "risky", organization->tolerates_risky ? TEXT("tolerate") : TEXT("alert"));
	if (organization->budget >= 0)
		buffer_printf(out, "budget: %g alert groups a day\n", organization->budget);
	put_set(out, "disabled", &organization->disable, names);
	put_severities(organization, names, out);
	put_lists(organization, out);
	spell_exceptions(organization->exceptions, organization->exception_count, registry, names, spelling, out);
}
