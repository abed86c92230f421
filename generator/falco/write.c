/* write: a Falco pack, one rule file. */
#include "generator/falco/write.h"

#include "generator/build.h"
#include "generator/falco/condition.h"
#include "generator/falco/exceptions.h"
#include "generator/falco/macros.h"
#include "generator/falco/names.h"
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
	struct falco_names names;
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

/* Alternatives that are too long for one line have one each. */
static void print_long(struct buffer *out, const struct rule_node *node, const struct shared *shared)
{
	enum { LINE = 140 };
	struct buffer line = {0};

	falco_print(&line, node, &shared->lists);
	if (line.length <= LINE)
		buffer_text(out, buffer_view(&line));
	else
		falco_print_lines(out, node, &shared->lists, "\n    or ");
	buffer_free(&line);
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
		print_long(out, node, shared);
	buffer_char(out, '\n');
}

static void note_cost(const struct rule_test *test, void *context)
{
	static const enum test_operator searching[] = {TEST_CONTAINS, TEST_LIKE, TEST_ENDS, TEST_STARTS};
	unsigned *cost = context, own = test->op == TEST_REGEX ? 3 : 1;

	for (size_t i = 0; i < sizeof(searching) / sizeof(*searching); i++)
		own = test->op == searching[i] ? 2 : own;
	*cost = own > *cost ? own : *cost;
}

/* How much work the engine has with it: the kind of event first, since it indexes rules by that; expressions last. */
static unsigned cost_of(const struct rule_node *node)
{
	bool kind = node->kind == RULE_TEST && text_is(node->test.name, "evt.type");
	unsigned cost = 0;

	for (size_t i = 0; node->kind == RULE_OR && i < node->count && !kind; i++)
		kind = node->children[i]->kind == RULE_TEST && text_is(node->children[i]->test.name, "evt.type");
	if (!kind)
		rule_visit(node, note_cost, &cost);
	return cost;
}

/* The parts of an AND, cheap ones first, else in their order. */
static struct rule_node *cheap_first(struct arena *arena, struct rule_node *node)
{
	enum { COSTS = 4 };
	struct rule_node **children = arena_array(arena, node->count + 1, sizeof(*children));
	size_t count = 0;

	if (node->kind != RULE_AND)
		return node;
	for (unsigned cost = 0; cost < COSTS; cost++) {
		for (size_t i = 0; i < node->count; i++) {
			if (cost_of(node->children[i]) == cost)
				children[count++] = node->children[i];
		}
	}
	return rule_and(arena, children, count);
}

/* Events, condition and what is excluded as one tree in its shortest form, with the names that parts have. */
static struct rule_node *whole_of(struct pack *pack, const struct rule *rule, struct rule_node *excluded,
	struct falco_names *names)
{
	struct rule_node *parts[] = {rule->events, rule->node, rule_not(pack->arena, excluded)};
	struct rule_node *whole = falco_tidy(pack->arena, rule_and(pack->arena, parts, 3));

	return falco_names_apply(names, cheap_first(pack->arena, whole));
}

static void print_condition(struct pack *pack, struct buffer *out, const struct pack_rule *rule, struct shared *shared,
	struct buffer *entries)
{
	struct rule_node *excluded = excluded_here(pack, rule->rule, entries);
	bool first = true;

	buffer_string(out, "  condition: >-\n");
	print_part(out, whole_of(pack, rule->rule, excluded, &shared->names), shared, &first);
	for (size_t i = 0; i < rule->rule->exception_count; i++) {
		struct text written = rule->rule->exceptions[i].written;

		buffer_string(out, written.length > 0 ? "    and not (" : "");
		for (size_t k = 0; k < written.length; k++) /* on one line, whatever the author wrote */
			buffer_char(out, (unsigned char)written.data[k] < ' ' ? ' ' : written.data[k]);
		buffer_string(out, written.length > 0 ? ")\n" : "");
	}
}

static void print_rule(struct pack *pack, struct buffer *out, struct pack_rule *rule, struct shared *shared)
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

/* Those that the rules name. */
static void print_lists(struct buffer *out, const struct falco_lists *lists, struct text rules)
{
	for (size_t i = 0; i < lists->count; i++) {
		const struct falco_list *list = &lists->items[i];

		if (!text_contains(rules, list->name, false))
			continue;
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

		falco_macros_note(&shared->macros, pack->rules[i].rule, whole_of(pack, pack->rules[i].rule, excluded, &shared->names));
		buffer_free(&entries);
	}
	falco_macros_name(&shared->macros, pack, &shared->lists, &shared->names);
}

static void print_macro(struct buffer *out, struct text name, const struct rule_node *node, const struct shared *shared)
{
	buffer_printf(out, "\n- macro: %.*s\n  condition: >-\n    ", TEXT_ARGS(name));
	print_long(out, node, shared);
	buffer_char(out, '\n');
}

/* The catalog's first: others are made of them. */
static void print_macros(struct buffer *out, const struct shared *shared)
{
	for (size_t i = 0; i < shared->names.count; i++) {
		if (shared->names.items[i].used)
			print_macro(out, shared->names.items[i].name, shared->names.items[i].node, shared);
	}
	for (size_t i = 0; i < shared->macros.count; i++) {
		if (shared->macros.items[i].name.length > 0)
			print_macro(out, shared->macros.items[i].name, shared->macros.items[i].node, shared);
	}
}

int falco_write(struct pack *pack, struct diagnostics *d)
{
	struct buffer *out = pack_file(pack, TEXT("mews_rules.yaml"));
	struct shared shared = {{pack->arena, NULL, 0}, {pack->arena, NULL, 0}, {pack->arena, NULL, 0}};
	struct buffer body = {0};

	gather_lists(pack, &shared.lists);
	falco_names_gather(&shared.names, pack, &shared.lists, d);
	gather_macros(pack, &shared);
	print_macros(&body, &shared);
	for (size_t i = 0; i < pack->rule_count; i++)
		print_rule(pack, &body, &pack->rules[i], &shared);
	pack_head(pack, out, "# ");
	buffer_string(out, "\n- required_engine_version: " ENGINE_VERSION "\n");
	/* Every output names container.id, which is the container plugin's. */
	buffer_string(out, "\n- required_plugin_versions:\n    - name: container\n      version: " CONTAINER_PLUGIN_VERSION "\n");
	print_lists(out, &shared.lists, buffer_view(&body));
	buffer_text(out, buffer_view(&body));
	buffer_free(&body);
	pack->written = pack->rule_count;
	return 0;
}
