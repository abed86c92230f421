/* judge: see judge.h. */
#include "generator/rsyslog/judge.h"

#include "generator/rsyslog/run.h"
#include "generator/rsyslog/view.h"

struct judge {
	const struct script **scripts; /* one a file */
	size_t count;
};

static struct judge *open_pack(struct arena *arena, const struct catalog *catalog, const struct pack_text *files, size_t count,
	struct diagnostics *d)
{
	struct judge *judge = arena_alloc(arena, sizeof(*judge));

	(void)catalog;
	for (size_t i = 0; i < count; i++) {
		if (!text_ends(files[i].name, TEXT(".conf"), false))
			continue;
		const struct script *script = script_parse(arena, text_copy(arena, files[i].name).data, files[i].content, d);

		if (script == NULL)
			return NULL;
		judge->scripts = arena_grow(arena, judge->scripts, judge->count, sizeof(*judge->scripts));
		judge->scripts[judge->count++] = script;
	}
	return judge;
}

static void view(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights)
{
	(void)judge;
	rsyslog_view(event, arena, sights);
}

static struct text value_of(const struct sight *sight, const char *name)
{
	const struct sight_value *value = sight_get(sight, text_of(name));

	return value != NULL && value->count > 0 ? value->values[0] : TEXT("");
}

static void run_sight(const struct script *script, const struct sight *sight, struct arena *arena,
	struct judgements *judgements)
{
	const struct script_property properties[] = {
		{"msg", value_of(sight, "msg")},
		{"programname", value_of(sight, "programname")},
		{"hostname", value_of(sight, "hostname")},
	};
	struct script_run run;

	script_message(script, properties, sizeof(properties) / sizeof(*properties), arena, &run);
	for (size_t i = 0; i < run.count; i++) {
		judgements->items = arena_grow(arena, judgements->items, judgements->count, sizeof(*judgements->items));
		judgements->items[judgements->count++] = (struct judgement){run.alerts[i].rule, sight};
	}
}

static void fires(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
	struct judgements *judgements)
{
	(void)event;
	for (size_t i = 0; i < judge->count; i++) {
		for (size_t k = 0; k < sights->count; k++)
			run_sight(judge->scripts[i], &sights->items[k], arena, judgements);
	}
}

/* The rule that the block alerts for; empty: none, or it does more than that. */
static struct text rule_of(const struct script_statement *block)
{
	if (block == NULL || block->kind != STATEMENT_SET || !text_is(block->name, "$!mews!rule")
		|| block->expression->op != SCRIPT_TEXT)
		return TEXT("");
	return block->expression->text;
}

static void pass_over(struct script_statement *first, const struct text *names, size_t count)
{
	for (struct script_statement *at = first; at != NULL; at = at->next) {
		if (at->kind != STATEMENT_IF)
			continue;
		struct text rule = rule_of(at->then);

		at->passed_over = count > 0 && rule.length > 0 && at->otherwise == NULL && !text_among(names, count, rule);
		pass_over(at->then, names, count);
		pass_over(at->otherwise, names, count);
	}
}

static void only(struct judge *judge, const struct text *names, size_t count)
{
	for (size_t i = 0; i < judge->count; i++) {
		pass_over(judge->scripts[i]->first, names, count);
		for (size_t k = 0; k < judge->scripts[i]->ruleset_count; k++)
			pass_over(judge->scripts[i]->rulesets[k].first, names, count);
	}
}

const struct judging rsyslog_judging = {.open = open_pack, .view = view, .fires = fires, .only = only, .reset = NULL};
