/* judge: documents of a pack; on each record the rules of its log source. */
#include "generator/sigma/judge.h"

#include "generator/sigma/view.h"
#include "generator/sigma/window.h"

enum { RULES_MAX = 64 }; /* of a correlation */

struct judged_rule {
	const struct sigma_document *document;
	const struct rule_node *kept; /* what all filters of the rule ask, joined */
	size_t source;                /* its log source, among the judge's */
	bool part;                    /* serves correlations only */
	bool left_out;                /* not asked for the time being */
	bool feeds;                   /* some correlation */
	bool fired;                   /* on the event at hand */
	const struct sight *sight;    /* the first record on which it did */
};

struct judged_correlation {
	const struct sigma_document *document;
	struct judged_rule **rules;
	size_t count;
	struct window *window;
	struct judged_rule *self; /* as others may name it; part: it speaks only through one of them */
};

struct judged_source {
	const struct sigma_logsource *logsource;
	bool covers; /* the record at hand */
};

struct judge {
	struct arena *arena;
	const struct catalog *catalog;
	struct evaluator *evaluator;
	struct judged_rule *rules;
	size_t rule_count;
	struct judged_source *sources; /* rules are many, their log sources few */
	size_t source_count;
	struct judged_correlation *correlations;
	size_t correlation_count;
	bool alone;                   /* only rules that feed correlations are asked */
};

/* --- reading a pack --- */

struct pack_documents {
	struct sigma_document **items;
	size_t count;
};

static int read_files(struct arena *arena, const struct pack_text *files, size_t count, struct pack_documents *all,
	struct diagnostics *d)
{
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		struct sigma_document **documents;
		size_t found;

		if (!text_ends(files[i].name, TEXT(".yml"), false) && !text_ends(files[i].name, TEXT(".yaml"), false))
			continue;
		sigma_parse(arena, files[i].content, text_copy(arena, files[i].name).data, NULL, &documents, &found);
		for (size_t k = 0; k < found; k++) {
			if (documents[k]->error != NULL)
				status = diagnostics_error(d, documents[k]->error_place, "%s", documents[k]->error);
			all->items = arena_grow(arena, all->items, all->count, sizeof(*all->items));
			all->items[all->count++] = documents[k];
		}
	}
	return status;
}

static bool is_called(const struct sigma_document *document, struct text reference)
{
	return reference.length > 0 && (text_equal_fold(document->id, reference) || text_equal(document->name, reference)
		|| text_equal(document->title, reference));
}

static bool filters(const struct sigma_document *filter, const struct sigma_document *rule)
{
	for (size_t i = 0; i < filter->filtered.count && !filter->filters_all; i++) {
		if (is_called(rule, filter->filtered.items[i]))
			return true;
	}
	return filter->filters_all && sigma_logsource_covers(&filter->logsource, &rule->logsource);
}

static size_t source_of(struct judge *judge, const struct sigma_logsource *logsource)
{
	for (size_t i = 0; i < judge->source_count; i++) {
		const struct sigma_logsource *known = judge->sources[i].logsource;

		if (text_equal(known->product, logsource->product) && text_equal(known->category, logsource->category)
			&& text_equal(known->service, logsource->service))
			return i;
	}
	judge->sources = arena_grow(judge->arena, judge->sources, judge->source_count, sizeof(*judge->sources));
	judge->sources[judge->source_count] = (struct judged_source){logsource, false};
	return judge->source_count++;
}

static void add_rule(struct judge *judge, const struct sigma_document *document, const struct pack_documents *all)
{
	struct judged_rule rule = {.document = document, .kept = rule_true(), .source = source_of(judge, &document->logsource)};

	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i]->kind == SIGMA_FILTER && filters(all->items[i], document))
			rule.kept = rule_both(judge->arena, (struct rule_node *)rule.kept, all->items[i]->conditions[0].node);
	}
	judge->rules = arena_grow(judge->arena, judge->rules, judge->rule_count, sizeof(rule));
	judge->rules[judge->rule_count++] = rule;
}

static struct judged_rule *find_rule(struct judge *judge, struct text reference)
{
	for (size_t i = 0; i < judge->rule_count; i++) {
		if (is_called(judge->rules[i].document, reference))
			return &judge->rules[i];
	}
	for (size_t i = 0; i < judge->correlation_count; i++) {
		if (is_called(judge->correlations[i].document, reference))
			return judge->correlations[i].self;
	}
	return NULL;
}

static void free_window(void *window)
{
	window_free(window);
}

static int add_correlation(struct judge *judge, const struct sigma_document *document, struct diagnostics *d)
{
	const struct sigma_correlation *correlation = &document->correlation;
	struct judged_correlation made = {.document = document};

	if (correlation->rules.count > RULES_MAX)
		return diagnostics_error(d, document->place, "the correlation is of more than %d rules", RULES_MAX);
	made.rules = arena_array(judge->arena, correlation->rules.count + 1, sizeof(struct judged_rule *));
	for (size_t i = 0; i < correlation->rules.count; i++) {
		struct judged_rule *rule = find_rule(judge, correlation->rules.items[i]);

		if (rule == NULL)
			return diagnostics_error(d, document->place, "the pack has no rule %.*s, which the correlation names",
				TEXT_ARGS(correlation->rules.items[i]));
		rule->part = rule->part || !correlation->generate;
		made.rules[made.count++] = rule;
	}
	made.window = window_new(correlation, made.count);
	made.self = arena_alloc(judge->arena, sizeof(*made.self));
	*made.self = (struct judged_rule){.document = document, .kept = rule_true()};
	arena_defer(judge->arena, free_window, made.window);
	judge->correlations = arena_grow(judge->arena, judge->correlations, judge->correlation_count, sizeof(made));
	judge->correlations[judge->correlation_count++] = made;
	return 0;
}

static void free_evaluator(void *evaluator)
{
	evaluator_free(evaluator);
}

static struct judge *judge_open(struct arena *arena, const struct catalog *catalog, const struct pack_text *files, size_t count,
	struct diagnostics *d)
{
	struct judge *judge = arena_alloc(arena, sizeof(*judge));
	struct pack_documents all = {NULL, 0};
	int status;

	*judge = (struct judge){.arena = arena, .catalog = catalog, .evaluator = evaluator_new()};
	arena_defer(arena, free_evaluator, judge->evaluator);
	if (read_files(arena, files, count, &all, d) != 0)
		return NULL;
	status = 0;
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i]->kind == SIGMA_RULE)
			add_rule(judge, all.items[i], &all);
	}
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i]->kind == SIGMA_CORRELATION)
			status |= add_correlation(judge, all.items[i], d);
	}
	for (size_t i = 0; i < judge->correlation_count; i++) {
		for (size_t k = 0; k < judge->correlations[i].count; k++)
			judge->correlations[i].rules[k]->feeds = true;
	}
	return status == 0 ? judge : NULL;
}

/* --- records --- */

static void judge_view(const struct judge *judge, const struct event *event, struct arena *arena, struct sights *sights)
{
	view_event(judge->catalog, event, arena, sights);
}

/* A keyword is looked for in the record's text, where the record has one, else in all that it shows. */
static bool test_holds(struct judge *judge, const struct rule_test *test, const struct sight *sight)
{
	if (test->name.length > 0 || sight_get(sight, TEXT("message")) == NULL)
		return sight_test(judge->evaluator, test, sight);
	struct rule_test keyword = *test;

	keyword.name = TEXT("message");
	return sight_test(judge->evaluator, &keyword, sight);
}

static bool tree_holds(struct judge *judge, const struct rule_node *node, const struct sight *sight)
{
	bool all = node->kind == RULE_AND;

	if (node->kind == RULE_TEST)
		return test_holds(judge, &node->test, sight);
	if (node->kind == RULE_NOT)
		return !tree_holds(judge, node->children[0], sight);
	for (size_t i = 0; i < node->count; i++) {
		if (tree_holds(judge, node->children[i], sight) != all)
			return !all;
	}
	return all || node->kind == RULE_TRUE;
}

static bool rule_holds(struct judge *judge, const struct judged_rule *rule, const struct sight *sight)
{
	for (size_t i = 0; i < rule->document->condition_count; i++) {
		if (tree_holds(judge, rule->document->conditions[i].node, sight))
			return tree_holds(judge, rule->kept, sight);
	}
	return false;
}

static struct text name_of(const struct sigma_document *document)
{
	return document->id.length > 0 ? document->id : document->title;
}

static void add_judgement(struct arena *arena, struct judgements *judgements, const struct sigma_document *document,
	const struct sight *sight)
{
	judgements->items = arena_grow(arena, judgements->items, judgements->count, sizeof(*judgements->items));
	judgements->items[judgements->count++] = (struct judgement){name_of(document), sight};
}

static void judge_record(struct judge *judge, const struct sight *sight, struct arena *arena, struct judgements *judgements)
{
	struct sigma_logsource logsource = view_logsource(sight->kind);

	for (size_t i = 0; i < judge->source_count; i++)
		judge->sources[i].covers = sigma_logsource_covers(judge->sources[i].logsource, &logsource);
	for (size_t i = 0; i < judge->rule_count; i++) {
		struct judged_rule *rule = &judge->rules[i];

		if (rule->left_out || (judge->alone && !rule->feeds) || !judge->sources[rule->source].covers)
			continue;
		if (!rule_holds(judge, rule, sight))
			continue;
		if (!rule->fired)
			rule->sight = sight;
		rule->fired = true;
		if (!rule->part)
			add_judgement(arena, judgements, rule->document, sight);
	}
}

/* --- correlations --- */

static struct text name_in(const struct judged_correlation *c, const struct judged_rule *rule, struct text name)
{
	const struct sigma_correlation *correlation = &c->document->correlation;

	for (size_t i = 0; i < correlation->alias_count; i++) {
		if (text_equal(correlation->aliases[i].name, name) && is_called(rule->document, correlation->aliases[i].rule))
			return correlation->aliases[i].field;
	}
	return name;
}

/* The values of group-by, each behind its length. false: the record lacks one, and takes no part. */
static bool key_of(const struct judged_correlation *c, const struct judged_rule *rule, struct buffer *key)
{
	for (size_t i = 0; i < c->document->correlation.group_by.count; i++) {
		const struct sight_value *value = sight_get(rule->sight, name_in(c, rule, c->document->correlation.group_by.items[i]));

		if (value == NULL || value->count == 0)
			return false;
		buffer_printf(key, "%zu:%.*s", value->values[0].length, TEXT_ARGS(value->values[0]));
	}
	return true;
}

/* The rules that fired on this event with one key make one event of the correlation. */
static bool correlate(struct judged_correlation *c, size_t first, bool *done, int64_t time)
{
	struct buffer key = {0};
	bool fired[RULES_MAX] = {false}, holds = false;
	struct window_event event = {.time = time, .fired = fired};

	if (!key_of(c, c->rules[first], &key)) {
		buffer_free(&key);
		return false;
	}
	for (size_t i = first; i < c->count; i++) {
		struct buffer other = {0};

		if (c->rules[i]->fired && key_of(c, c->rules[i], &other) && text_equal(buffer_view(&other), buffer_view(&key)))
			done[i] = fired[i] = true;
		buffer_free(&other);
	}
	const struct sight_value *counted = c->document->correlation.fields.count == 0 ? NULL
		: sight_get(c->rules[first]->sight, c->document->correlation.fields.items[0]);

	event.key = buffer_view(&key);
	event.values = counted ? counted->values : NULL;
	event.value_count = counted ? counted->count : 0;
	holds = window_take(c->window, &event);
	buffer_free(&key);
	return holds;
}

static void judge_correlation(struct judged_correlation *c, int64_t time, struct arena *arena, struct judgements *judgements)
{
	bool done[RULES_MAX] = {false};

	for (size_t i = 0; i < c->count; i++) {
		if (done[i] || !c->rules[i]->fired || !correlate(c, i, done, time))
			continue;
		c->self->fired = true;
		c->self->sight = c->rules[i]->sight;
		if (!c->self->part)
			add_judgement(arena, judgements, c->document, c->rules[i]->sight);
	}
}

static void judge_fires(struct judge *judge, const struct event *event, const struct sights *sights, struct arena *arena,
	struct judgements *judgements)
{
	for (size_t i = 0; i < sights->count; i++)
		judge_record(judge, &sights->items[i], arena, judgements);
	for (size_t i = 0; i < judge->correlation_count && event->time != INT64_MIN; i++)
		judge_correlation(&judge->correlations[i], event->time, arena, judgements);
	for (size_t i = 0; i < judge->rule_count; i++)
		judge->rules[i].fired = false;
	for (size_t i = 0; i < judge->correlation_count; i++)
		judge->correlations[i].self->fired = false;
}

/* What a correlation counts is asked always. */
static void judge_chained(struct judge *judge, bool alone)
{
	judge->alone = alone;
}

static void judge_only(struct judge *judge, const struct text *names, size_t count)
{
	for (size_t i = 0; i < judge->rule_count; i++)
		judge->rules[i].left_out = count > 0 && !text_among(names, count, name_of(judge->rules[i].document));
	for (size_t i = 0; count > 0 && i < judge->correlation_count; i++)
		for (size_t k = 0; k < judge->correlations[i].count; k++)
			judge->correlations[i].rules[k]->left_out = false;
}

static void judge_reset(struct judge *judge)
{
	for (size_t i = 0; i < judge->correlation_count; i++)
		window_reset(judge->correlations[i].window);
}

const struct judging sigma_judging = {
	.open = judge_open,
	.view = judge_view,
	.fires = judge_fires,
	.only = judge_only,
	.chained = judge_chained,
	.reset = judge_reset,
};
