/* judge: Falco packs over events as Falco shows them. */
#include "generator/falco/judge.h"

#include "generator/falco/engine.h"
#include "generator/falco/parse.h"
#include "generator/falco/view.h"

struct judged_rule {
	struct text name;
	struct engine_node *node;
	bool left_out; /* not asked for the time being */
};

struct judge {
	const struct registry *registry;
	struct judged_rule *rules; /* those that are switched on, for system calls */
	size_t count;
	struct regex_match *match;
};

static void release_match(void *match)
{
	regex_match_free(match);
}

/* What the engine would refuse the file for. */
static int report(const struct falco_rules *rules, struct diagnostics *d)
{
	int result = 0;

	for (size_t i = 0; i < rules->item_count; i++) {
		const struct falco_item *item = &rules->items[i];

		if (item->fault != NULL)
			result = diagnostics_error(d, item->place, "%.*s: %s", TEXT_ARGS(item->name), item->fault);
	}
	for (size_t i = 0; i < rules->macro_count; i++) {
		if (rules->macros[i].error != NULL)
			result = diagnostics_error(d, rules->macros[i].place, "macro %.*s: %s", TEXT_ARGS(rules->macros[i].name),
				rules->macros[i].error);
	}
	for (size_t i = 0; i < rules->rule_count; i++) {
		if (rules->rules[i].error != NULL)
			result = diagnostics_error(d, rules->rules[i].place, "%.*s: %s", TEXT_ARGS(rules->rules[i].name),
				rules->rules[i].error);
	}
	return result;
}

static int compile_rules(struct judge *judge, struct arena *arena, const struct falco_rules *rules, struct diagnostics *d)
{
	int result = 0;

	judge->rules = arena_array(arena, rules->rule_count + 1, sizeof(*judge->rules));
	for (size_t i = 0; i < rules->rule_count; i++) {
		const struct falco_rule *rule = &rules->rules[i];
		const char *error;
		struct engine_node *node = engine_compile(arena, rule->filter, &error);

		if (node == NULL && rule->skip_unknown)
			continue;
		if (node == NULL)
			result = diagnostics_error(d, rule->place, "%.*s: %s", TEXT_ARGS(rule->name), error);
		else if (rule->enabled && text_is(rule->source, "syscall"))
			judge->rules[judge->count++] = (struct judged_rule){rule->name, node, false};
	}
	return result;
}

static struct judge *open_pack(struct arena *arena, const struct catalog *catalog, const struct pack_text *files, size_t count,
	struct diagnostics *d)
{
	struct judge *judge = arena_alloc(arena, sizeof(*judge));
	struct falco_source *sources = arena_array(arena, count + 1, sizeof(*sources));
	size_t source_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (text_ends(files[i].name, TEXT(".yaml"), false) || text_ends(files[i].name, TEXT(".yml"), false))
			sources[source_count++] = (struct falco_source){text_copy(arena, files[i].name), files[i].content};
	}
	struct falco_rules *rules = falco_parse(arena, sources, source_count);

	judge->registry = &catalog->registry;
	if (report(rules, d) != 0 || compile_rules(judge, arena, rules, d) != 0)
		return NULL;
	judge->match = regex_match_new();
	arena_defer(arena, release_match, judge->match);
	return judge;
}

static void view(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights)
{
	falco_view(judge->registry, event, arena, sights);
}

static void fires(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
	struct judgements *judgements)
{
	(void)event;
	for (size_t i = 0; i < sights->count; i++) {
		struct engine_run run = {&sights->items[i], arena, judge->match};

		for (size_t k = 0; k < judge->count; k++) {
			if (judge->rules[k].left_out || !engine_holds(judge->rules[k].node, &run))
				continue;
			judgements->items = arena_grow(arena, judgements->items, judgements->count, sizeof(*judgements->items));
			judgements->items[judgements->count++] = (struct judgement){judge->rules[k].name, &sights->items[i]};
		}
	}
}

static void only(struct judge *judge, const struct text *names, size_t count)
{
	for (size_t i = 0; i < judge->count; i++)
		judge->rules[i].left_out = count > 0 && !text_among(names, count, judge->rules[i].name);
}

const struct judging falco_judging = {.open = open_pack, .view = view, .fires = fires, .only = only,
	.always = "process.in_container"}; /* who is in no container is on the host */
