/* write: a Falco pack, one rule file. */
#include "generator/falco/write.h"

#include "generator/build.h"
#include "generator/falco/condition.h"
#include "generator/falco/exceptions.h"
#include "generator/falco/macros.h"
#include "generator/falco/quote.h"
#include "generator/falco/raw.h"
#include "generator/falco/tidy.h"

#define ENGINE_VERSION "0.57.0"
#define CONTAINER_PLUGIN_VERSION "0.4.0"

static const char *const priorities[] = {
	[SEVERITY_INFORMATIONAL] = "INFORMATIONAL",
	[SEVERITY_LOW] = "NOTICE",
	[SEVERITY_MEDIUM] = "WARNING",
	[SEVERITY_HIGH] = "ERROR",
	[SEVERITY_CRITICAL] = "CRITICAL",
};

/* What a rule's output tells beside the fields of its condition. */
static const char *const always_told[] = {"proc.cmdline", "proc.exepath", "proc.pname", "user.name", "container.id"};

/* What rules of a pack share. */
struct shared {
	struct falco_lists lists;
	struct falco_macro_parts macros;
};

/* --- one rule --- */

struct names {
	struct arena *arena;
	struct text *items;
	size_t count;
};

static void note_name(struct names *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (text_equal(names->items[i], name))
			return;
	}
	names->items = arena_grow(names->arena, names->items, names->count, sizeof(*names->items));
	names->items[names->count++] = name;
}

static void note_test(const struct rule_test *test, void *context)
{
	note_name(context, test->name);
}

static void print_output(struct pack *pack, struct buffer *out, const struct pack_rule *rule)
{
	struct names names = {pack->arena, NULL, 0};
	struct buffer text = {0};

	for (size_t i = 0; i < sizeof(always_told) / sizeof(*always_told); i++)
		note_name(&names, text_of(always_told[i]));
	rule_visit(rule->rule->events, note_test, &names);
	rule_visit(rule->rule->node, note_test, &names);
	buffer_text(&text, rule->rule->detection->title);
	buffer_string(&text, " |");
	for (size_t i = 0; i < names.count; i++)
		buffer_printf(&text, " %.*s=%%%.*s", TEXT_ARGS(names.items[i]), TEXT_ARGS(names.items[i]));
	buffer_string(out, "  output: ");
	falco_yaml(out, buffer_view(&text));
	buffer_char(out, '\n');
	buffer_free(&text);
}

static void print_description(struct buffer *out, const struct pack_rule *rule)
{
	struct buffer text = {0};

	pack_rule_describe(rule, &text);
	buffer_printf(&text, " [%s]", fidelity_name(rule->rule->fidelity));
	for (size_t i = 0; i < rule->rule->reasons.count; i++)
		buffer_printf(&text, "%s %.*s", i > 0 ? ";" : "", TEXT_ARGS(rule->rule->reasons.items[i]));
	buffer_string(out, "  desc: ");
	falco_yaml(out, buffer_view(&text));
	buffer_char(out, '\n');
	buffer_free(&text);
}

static void print_tags(struct pack *pack, struct buffer *out, const struct pack_rule *rule)
{
	struct names names = {pack->arena, NULL, 0};

	note_name(&names, TEXT("mews"));
	note_name(&names, TEXT("container"));
	for (size_t i = 0; i < rule->detection_count; i++) {
		const struct detection *detection = rule->detections[i];

		note_name(&names, detection->name);
		for (size_t k = 0; k < detection->techniques.count; k++)
			note_name(&names, detection->techniques.items[k]);
	}
	buffer_string(out, "  tags: [");
	for (size_t i = 0; i < names.count; i++)
		buffer_printf(out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARGS(names.items[i]));
	buffer_string(out, "]\n");
}

/* Exceptions that Falco's own form does not fit, and those that are shipped with the detection. */
static struct rule_node *excluded_here(struct pack *pack, const struct rule *rule, struct buffer *entries)
{
	struct rule_node *excluded = rule_false();

	for (size_t i = 0; i < rule->exception_count; i++) {
		const struct rule_exception *exception = &rule->exceptions[i];

		if (exception->node->kind == RULE_FALSE || exception->written.length > 0)
			continue;
		if (exception->shipped || !falco_exception(pack->arena, entries, exception))
			excluded = rule_either(pack->arena, excluded, exception->node);
	}
	return excluded;
}

/* Each part of a top AND on a line of its own. */
static void print_part(struct buffer *out, const struct rule_node *node, const struct shared *shared, bool *first)
{
	for (size_t i = 0; node->kind == RULE_AND && i < node->count; i++)
		print_part(out, node->children[i], shared, first);
	if (node->kind == RULE_AND || node->kind == RULE_TRUE)
		return;
	buffer_string(out, *first ? "    " : "    and ");
	*first = false;
	struct text macro = falco_macro_of(&shared->macros, node);

	if (macro.length > 0)
		buffer_text(out, macro);
	else
		falco_print(out, node, &shared->lists);
	buffer_char(out, '\n');
}

/* Events, condition and what is excluded as one tree in its shortest form. */
static struct rule_node *whole_of(struct pack *pack, const struct rule *rule, struct rule_node *excluded)
{
	struct rule_node *parts[] = {rule->events, rule->node, rule_not(pack->arena, excluded)};

	return falco_tidy(pack->arena, rule_and(pack->arena, parts, 3));
}

static void print_condition(struct pack *pack, struct buffer *out, const struct pack_rule *rule, const struct shared *shared,
	struct buffer *entries)
{
	struct rule_node *excluded = excluded_here(pack, rule->rule, entries);
	bool first = true;

	buffer_string(out, "  condition: >-\n");
	print_part(out, whole_of(pack, rule->rule, excluded), shared, &first);
	for (size_t i = 0; i < rule->rule->exception_count; i++) {
		struct text written = rule->rule->exceptions[i].written;

		buffer_string(out, written.length > 0 ? "    and not (" : "");
		for (size_t k = 0; k < written.length; k++) /* on one line, whatever the author wrote */
			buffer_char(out, (unsigned char)written.data[k] < ' ' ? ' ' : written.data[k]);
		buffer_string(out, written.length > 0 ? ")\n" : "");
	}
}

static void print_rule(struct pack *pack, struct buffer *out, struct pack_rule *rule, const struct shared *shared)
{
	struct buffer entries = {0};

	rule->name = rule->label;
	buffer_string(out, "\n- rule: ");
	falco_yaml(out, rule->label);
	buffer_char(out, '\n');
	print_description(out, rule);
	print_condition(pack, out, rule, shared, &entries);
	print_output(pack, out, rule);
	buffer_printf(out, "  priority: %s\n  source: syscall\n", priorities[rule->severity]);
	print_tags(pack, out, rule);
	if (entries.length > 0) {
		buffer_string(out, "  exceptions:\n");
		buffer_text(out, buffer_view(&entries));
	}
	buffer_free(&entries);
}

/* --- the file --- */

static void print_lists(struct buffer *out, const struct falco_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		const struct falco_list *list = &lists->items[i];

		buffer_printf(out, "\n- list: %.*s\n  items: [", TEXT_ARGS(list->name));
		for (size_t k = 0; k < list->count; k++)
			buffer_printf(out, "%s%.*s", k > 0 ? ", " : "", TEXT_ARGS(list->items[k]));
		buffer_string(out, "]\n");
	}
}

/* List names are replaced wherever they stand, within quotes too: none may occur in data. */
static void note_clash(const struct rule_test *test, void *context)
{
	struct falco_lists *lists = context;

	for (size_t i = 0; i < test->count; i++) {
		for (size_t k = 0; k < lists->count; k++) {
			if (text_contains(test->values[i], lists->items[k].name, false))
				lists->items[k].name = TEXT("mews_");
		}
	}
}

static void gather_lists(struct pack *pack, struct falco_lists *lists)
{
	for (size_t i = 0; i < pack->rule_count; i++)
		falco_lists_add(lists, pack->rules[i].rule->node);
	for (size_t i = 0; i < pack->rule_count; i++) {
		rule_visit(pack->rules[i].rule->node, note_clash, lists);
		rule_visit(pack->rules[i].rule->events, note_clash, lists);
	}
	size_t kept = 0;

	for (size_t i = 0; i < lists->count; i++) {
		if (!text_is(lists->items[i].name, "mews_"))
			lists->items[kept++] = lists->items[i];
	}
	lists->count = kept;
}

static void gather_macros(struct pack *pack, struct shared *shared)
{
	for (size_t i = 0; i < pack->rule_count; i++) {
		struct buffer entries = {0};
		struct rule_node *excluded = excluded_here(pack, pack->rules[i].rule, &entries);

		falco_macros_note(&shared->macros, whole_of(pack, pack->rules[i].rule, excluded));
		buffer_free(&entries);
	}
	falco_macros_name(&shared->macros, &shared->lists);
}

static void print_macros(struct buffer *out, const struct shared *shared)
{
	for (size_t i = 0; i < shared->macros.count; i++) {
		const struct falco_macro_part *part = &shared->macros.items[i];

		if (part->name.length == 0)
			continue;
		buffer_printf(out, "\n- macro: %.*s\n  condition: >-\n    ", TEXT_ARGS(part->name));
		falco_print(out, part->node, &shared->lists);
		buffer_char(out, '\n');
	}
}

int falco_write(struct pack *pack, struct diagnostics *d)
{
	struct buffer *out = pack_file(pack, TEXT("mews_rules.yaml"));
	struct shared shared = {{pack->arena, NULL, 0}, {pack->arena, NULL, 0}};

	(void)d;
	gather_lists(pack, &shared.lists);
	gather_macros(pack, &shared);
	pack_head(pack, out, "# ");
	buffer_string(out, "\n- required_engine_version: " ENGINE_VERSION "\n");
	/* Every output names container.id, which is the container plugin's. */
	buffer_string(out, "\n- required_plugin_versions:\n    - name: container\n      version: " CONTAINER_PLUGIN_VERSION "\n");
	print_lists(out, &shared.lists);
	print_macros(out, &shared);
	for (size_t i = 0; i < pack->rule_count; i++)
		print_rule(pack, out, &pack->rules[i], &shared);
	pack->written = pack->rule_count;
	return 0;
}
