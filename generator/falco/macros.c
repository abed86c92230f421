/* macros: what several rules say alike. */
#include "generator/falco/macros.h"

/* Shorter parts are read sooner than looked up. */
enum { SHORTEST = 50 };

void falco_macros_note(struct falco_macro_parts *parts, const struct rule *rule, const struct rule_node *node)
{
	for (size_t i = 0; node->kind == RULE_AND && i < node->count; i++)
		falco_macros_note(parts, rule, node->children[i]);
	if (node->kind == RULE_AND || node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return;
	for (size_t i = 0; i < parts->count; i++) {
		if (rule_equal(parts->items[i].node, node)) {
			parts->items[i].uses++;
			return;
		}
	}
	parts->items = arena_grow(parts->arena, parts->items, parts->count, sizeof(*parts->items));
	parts->items[parts->count++] = (struct falco_macro_part){node, 1, rule, {NULL, 0}};
}

/* --- names --- */

struct asked {
	bool type, program, line, other;
};

static void note_asked(const struct rule_test *test, void *context)
{
	struct asked *asked = context;
	bool type = text_starts(test->name, TEXT("evt."), false);
	bool program = text_ends(test->name, TEXT("proc.exepath"), false) || text_is(test->name, "basename(proc.exepath)");
	bool line = text_is(test->name, "proc.exeline");

	asked->type = asked->type || type;
	asked->program = asked->program || program;
	asked->line = asked->line || line;
	asked->other = asked->other || !(type || program || line);
}

/* Letters and digits, with one _ for whatever stands between them. */
static void put_identifier(struct buffer *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');

		if (letter || (out->length > 0 && out->data[out->length - 1] != '_'))
			buffer_char(out, letter ? byte : '_');
	}
}

/* file_create_modify */
static void put_actions(struct buffer *out, const struct pack *pack, const struct rule *rule)
{
	const struct registry *registry = &pack->request->catalog->registry;

	put_identifier(out, registry->categories[rule->category].name);
	for (size_t i = 0; i < rule->action_count; i++) {
		buffer_char(out, '_');
		put_identifier(out, registry->actions[rule->actions[i]].name);
	}
}

/* Is it what tells that a client is asked for the acts? */
static bool is_gate(const struct falco_macro_part *part)
{
	const struct rule_node *events = part->rule->events;

	for (size_t i = 0; part->rule->derived && events->kind == RULE_AND && i < events->count; i++) {
		if (rule_equal(events->children[i], part->node))
			return true;
	}
	return false;
}

static struct text meaning_of(const struct falco_macro_parts *parts, const struct pack *pack, const struct falco_macro_part *part)
{
	struct asked asked = {false, false, false, false};
	struct buffer out = {0};

	rule_visit(part->node, note_asked, &asked);
	bool acts = asked.type && !asked.program && !asked.line && !asked.other;
	bool gate = is_gate(part);
	bool clients = part->rule->derived && asked.program && !asked.type && !asked.line && !asked.other;

	buffer_string(&out, "mews_");
	if (clients || (gate && !acts))
		buffer_string(&out, clients ? "clients_" : "words_");
	if (acts || clients || gate) {
		put_actions(&out, pack, part->rule);
	} else {
		put_identifier(&out, part->rule->detection->name);
		buffer_char(&out, '_');
		put_identifier(&out, part->rule->condition->name);
	}
	struct text name = text_copy(parts->arena, buffer_view(&out));

	buffer_free(&out);
	return name;
}

static bool taken(const struct falco_macro_parts *parts, const struct falco_names *names, struct text name)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (text_equal(parts->items[i].name, name))
			return true;
	}
	return falco_names_have(names, name);
}

void falco_macros_name(struct falco_macro_parts *parts, const struct pack *pack, const struct falco_lists *lists,
	const struct falco_names *names)
{
	for (size_t i = 0; i < parts->count; i++) {
		struct falco_macro_part *part = &parts->items[i];
		struct buffer written = {0};

		falco_print(&written, part->node, lists);
		if (part->uses > 1 && written.length >= SHORTEST) {
			struct text meaning = meaning_of(parts, pack, part), name = meaning;

			for (unsigned number = 2; taken(parts, names, name); number++)
				name = text_of(arena_printf(parts->arena, "%.*s_%u", TEXT_ARGS(meaning), number));
			part->name = name;
		}
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
