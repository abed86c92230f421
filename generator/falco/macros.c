/* macros: what several rules say alike. */
#include "generator/falco/macros.h"

/* Shorter parts are read sooner than looked up. */
enum { SHORTEST = 50 };

void falco_macros_note(struct falco_macro_parts *parts, const struct rule_node *node)
{
	for (size_t i = 0; node->kind == RULE_AND && i < node->count; i++)
		falco_macros_note(parts, node->children[i]);
	if (node->kind == RULE_AND || node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return;
	for (size_t i = 0; i < parts->count; i++) {
		if (rule_equal(parts->items[i].node, node)) {
			parts->items[i].uses++;
			return;
		}
	}
	parts->items = arena_grow(parts->arena, parts->items, parts->count, sizeof(*parts->items));
	parts->items[parts->count++] = (struct falco_macro_part){node, 1, {NULL, 0}};
}

static void first_name(const struct rule_test *test, void *context)
{
	struct text *name = context;

	if (name->length == 0)
		*name = test->name;
}

/* mews_same_proc_exeline, mews_same_proc_exeline_2 … after the first field that it asks. */
static struct text name_of(struct falco_macro_parts *parts, size_t index)
{
	struct text field = {NULL, 0};
	size_t same = 1;

	rule_visit(parts->items[index].node, first_name, &field);
	for (size_t i = 0; i < index; i++) {
		struct text other = {NULL, 0};

		rule_visit(parts->items[i].node, first_name, &other);
		same += parts->items[i].name.length > 0 && text_equal(other, field);
	}
	struct buffer name = {0};

	buffer_string(&name, "mews_same");
	for (size_t i = 0; i < field.length; i++) {
		char byte = field.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
		bool before = i > 0 && name.data[name.length - 1] != '_' && byte != ')';

		if (i == 0)
			buffer_char(&name, '_');
		if (letter || before)
			buffer_char(&name, letter ? byte : '_');
	}
	if (same > 1)
		buffer_printf(&name, "_%zu", same);
	struct text copy = text_copy(parts->arena, buffer_view(&name));

	buffer_free(&name);
	return copy;
}

void falco_macros_name(struct falco_macro_parts *parts, const struct falco_lists *lists)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct buffer written = {0};

		falco_print(&written, parts->items[i].node, lists);
		if (parts->items[i].uses > 1 && written.length >= SHORTEST)
			parts->items[i].name = name_of(parts, i);
		buffer_free(&written);
	}
}

struct text falco_macro_of(const struct falco_macro_parts *parts, const struct rule_node *node)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (parts->items[i].name.length > 0 && rule_equal(parts->items[i].node, node))
			return parts->items[i].name;
	}
	return TEXT("");
}
