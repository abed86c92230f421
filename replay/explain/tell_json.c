/* tell: accounts and inquests as JSON. */
#include "replay/explain/tell.h"

static void put_text(struct json_write *json, const char *key, struct text text)
{
	jsonw_key(json, key);
	jsonw_text(json, text);
}

static void put_string(struct json_write *json, const char *key, const char *string)
{
	jsonw_key(json, key);
	jsonw_string(json, string);
}

static void put_bool(struct json_write *json, const char *key, bool truth)
{
	jsonw_key(json, key);
	jsonw_bool(json, truth);
}

static void put_count(struct json_write *json, const char *key, uint64_t count)
{
	jsonw_key(json, key);
	jsonw_unsigned(json, count);
}

static void put_time(struct json_write *json, const char *key, int64_t time)
{
	char text[40];
	jsonw_key(json, key);
	if (time == INT64_MIN || time == INT64_MAX)
		jsonw_null(json);
	else
		jsonw_text(json, (struct text){text, date_format(time, text)});
}

static void put_name(struct json_write *json, const struct organization *organization)
{
	if (organization != NULL)
		put_text(json, "organization", organization->name);
	else
		put_string(json, "organization", NULL);
}

static void put_predicate(struct json_write *json, const struct predicate *predicate, const struct registry *registry)
{
	struct buffer text = {0};
	predicate_print(predicate, registry, &text);
	put_text(json, "predicate", buffer_view(&text));
	buffer_free(&text);
}

static void put_because(struct json_write *json, const struct because *because)
{
	put_string(json, "found", because->missing ? NULL : because->found);
	put_string(json, "why", because->why);
}

/* --- trees --- */

static void put_line(struct json_write *json, const struct asked_line *line, const struct registry *registry)
{
	static const char *const words[] = {"false", "true", "and", "or", "not"};
	jsonw_open_flat(json, '{');
	put_count(json, "depth", line->depth);
	put_bool(json, "holds", line->holds);
	if (line->node->kind == NODE_PREDICATE) {
		put_predicate(json, &line->node->predicate, registry);
		put_because(json, &line->because);
	} else {
		put_string(json, "node", words[line->node->kind]);
	}
	jsonw_close(json, '}');
}

static void put_asked(struct json_write *json, const struct asked *asked, const struct registry *registry)
{
	jsonw_open(json, '{');
	if (asked->step && asked->condition->name.length == 0)
		put_string(json, "condition", "until");
	else if (asked->condition->name.length > 0)
		put_text(json, "condition", asked->condition->name);
	put_count(json, "facet", asked->number + 1);
	put_bool(json, "holds", asked->holds);
	put_bool(json, "failed_act", asked->failed_act);
	if (asked->no_key != NULL)
		put_string(json, "no_key", asked->no_key);
	jsonw_pair_open(json, "lines", '[');
	for (size_t i = 0; i < asked->count; i++)
		put_line(json, &asked->lines[i], registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_asked_list(struct json_write *json, const char *key, const struct asked *asked, size_t count,
	const struct registry *registry)
{
	jsonw_key(json, key);
	jsonw_open(json, '[');
	for (size_t i = 0; i < count; i++)
		put_asked(json, &asked[i], registry);
	jsonw_close(json, ']');
}

static void put_exception(struct json_write *json, const struct exception *exception, bool shipped, bool expired)
{
	put_text(json, "exception", exception->name);
	put_text(json, "reason", exception->reason);
	put_text(json, "owner", exception->owner);
	put_text(json, "expires", exception->expires);
	put_bool(json, "shipped", shipped);
	put_bool(json, "expired", expired);
}

/* --- accounts --- */

static void put_organization(struct json_write *json, const struct account *account, const struct organization_account *one,
	const struct registry *registry)
{
	bool counts = account->matches || one->verdict != VERDICT_ALERT;
	jsonw_open(json, '{');
	put_name(json, one->organization);
	put_bool(json, "alert", account->matches && one->verdict == VERDICT_ALERT);
	put_string(json, "verdict", counts ? tell_verdict_name(one->verdict) : "no match");
	put_string(json, "severity", severity_name(one->decision.severity));
	put_bool(json, "own_severity", one->overridden);
	jsonw_pair_open(json, "exceptions", '[');
	for (size_t i = 0; i < one->count; i++) {
		const struct exception_account *exception = &one->exceptions[i];
		jsonw_open(json, '{');
		put_exception(json, exception->exception, exception->shipped, exception->expired);
		put_bool(json, "holds", exception->holds);
		put_bool(json, "decided", exception == one->decided);
		put_asked_list(json, "asked", exception->asked, exception->count, registry);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

void account_json(const struct account *account, const struct catalog *catalog, struct json_write *json)
{
	const struct event *event = account->event;
	jsonw_open(json, '{');
	put_text(json, "detection", account->detection->name);
	put_string(json, "file", event->file);
	put_count(json, "line", event->line);
	put_time(json, "time", event->time);
	put_bool(json, "matches", account->matches);
	put_bool(json, "alone", account->alone);
	jsonw_key(json, "event");
	jsonw_event(json, event);
	put_asked_list(json, "conditions", account->asked, account->count, &catalog->registry);
	jsonw_pair_open(json, "organizations", '[');
	for (size_t i = 0; i < account->organization_count; i++)
		put_organization(json, account, &account->organizations[i], &catalog->registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

/* --- inquests --- */

static void put_sighting(struct json_write *json, const char *key, const struct sighting *at)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '{');
	put_string(json, "file", at->file);
	put_count(json, "line", at->line);
	put_time(json, "time", at->time);
	put_string(json, "kind", at->kind);
	put_string(json, "what", at->what);
	jsonw_close(json, '}');
}

static void put_near(struct json_write *json, const struct near_miss *near, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_text(json, "condition", near->condition->name);
	put_count(json, "distance", near->count);
	put_count(json, "events", near->events);
	put_sighting(json, "first", &near->first);
	jsonw_pair_open(json, "predicates", '[');
	for (size_t i = 0; i < near->count; i++) {
		jsonw_open_flat(json, '{');
		put_bool(json, "wanted", near->lines[i].wanted);
		put_predicate(json, near->lines[i].predicate, registry);
		put_because(json, &near->lines[i].because);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_action(struct json_write *json, unsigned number, const struct registry *registry)
{
	const struct action *action = &registry->actions[number];
	char name[160];
	int length = snprintf(name, sizeof name, "%.*s.%.*s", TEXT_ARGS(registry->categories[action->category].name),
		TEXT_ARGS(action->name));
	jsonw_text(json, (struct text){name, length > 0 && (size_t)length < sizeof name ? (size_t)length : 0});
}

static void put_scope(struct json_write *json, const struct condition_scope *scope, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_text(json, "condition", scope->condition->name);
	jsonw_key(json, "asks");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < scope->action_count; i++)
		put_action(json, scope->actions[i], registry);
	jsonw_close(json, ']');
	put_count(json, "facets", scope->facets);
	put_count(json, "in_scope", scope->scoped);
	put_count(json, "failed", scope->failed);
	jsonw_key(json, "lacking");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < scope->lacking_count; i++) {
		jsonw_open_flat(json, '{');
		put_text(json, "field", registry->fields[scope->lacking[i].field].name);
		put_count(json, "facets", scope->lacking[i].facets);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_step(struct json_write *json, const struct step_inquest *step, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_text(json, "step", step->until ? TEXT("until") : step->step->condition->name);
	put_bool(json, "missing", step->step->missing);
	put_bool(json, "until", step->until);
	put_count(json, "runs", step->step->runs);
	put_count(json, "fits", step->fits);
	put_count(json, "without_key", step->keyless);
	if (step->fits > 0)
		put_sighting(json, "first", &step->first);
	jsonw_pair_open(json, "nearest", '[');
	for (size_t i = 0; step->fits == 0 && i < step->near_count; i++)
		put_near(json, &step->near[i], registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_chain(struct json_write *json, const struct chain_inquest *chain, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_text(json, "condition", chain->condition->name);
	put_count(json, "steps_reached", chain->reached);
	if (chain->reached > 0)
		put_sighting(json, "furthest", &chain->furthest);
	put_bool(json, "cut", chain->cut);
	jsonw_pair_open(json, "steps", '[');
	for (size_t i = 0; i < chain->step_count; i++)
		put_step(json, &chain->steps[i], registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_side(struct json_write *json, const struct side_inquest *side, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_name(json, side->organization);
	put_string(json, "label", label_name(side->label));
	put_bool(json, "expects", side->expects);
	put_string(json, "severity", severity_name(side->decision.severity));
	put_count(json, "alerts", side->alerts);
	if (side->alerts > 0)
		put_sighting(json, "first", &side->first);
	put_string(json, "cause", side->alerts > 0 ? NULL : miss_cause_name(side->cause));
	jsonw_pair_open(json, "exceptions", '[');
	for (size_t i = 0; i < side->exception_count; i++) {
		const struct exception_tally *tally = &side->exceptions[i];
		jsonw_open(json, '{');
		put_exception(json, tally->exception, tally->shipped, tally->expired);
		put_count(json, "matches", tally->events);
		put_sighting(json, "first", &tally->first);
		put_asked_list(json, "asked", tally->asked, tally->asked_count, registry);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void put_detection(struct json_write *json, const struct detection_inquest *of, const struct registry *registry)
{
	jsonw_open(json, '{');
	put_text(json, "detection", of->detection->name);
	put_bool(json, "expected", of->expected);
	put_bool(json, "allowed", of->allowed);
	put_count(json, "in_scope", of->in_scope);
	put_count(json, "matches", of->matched);
	if (of->matched > 0)
		put_sighting(json, "first", &of->first_match);
	jsonw_pair_open(json, "conditions", '[');
	for (size_t i = 0; i < of->scope_count; i++)
		put_scope(json, &of->scopes[i], registry);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "sequences", '[');
	for (size_t i = 0; i < of->chain_count; i++)
		put_chain(json, &of->chains[i], registry);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "nearest", '[');
	for (size_t i = 0; of->matched == 0 && i < of->near_count; i++)
		put_near(json, &of->near[i], registry);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "organizations", '[');
	for (size_t i = 0; i < of->side_count; i++)
		put_side(json, &of->sides[i], registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

void inquest_json(const struct inquest *inquest, struct json_write *json)
{
	const struct dataset *dataset = inquest->question.dataset;
	const struct episode *episode = &dataset->episodes[inquest->question.episode];
	const struct registry *registry = &inquest->question.catalog->registry;
	jsonw_open(json, '{');
	put_text(json, "dataset", dataset->name);
	put_text(json, "episode", episode->name);
	put_string(json, "label", label_name(episode->label.otherwise));
	put_count(json, "events", inquest->events);
	put_time(json, "first", inquest->first);
	put_time(json, "last", inquest->last);
	put_text(json, "gap", episode->gap);
	jsonw_key(json, "facets");
	jsonw_open_flat(json, '{');
	for (size_t i = 0; i < inquest->action_count; i++) {
		char name[160];
		const struct action *action = &registry->actions[i];
		int length = snprintf(name, sizeof name, "%.*s.%.*s", TEXT_ARGS(registry->categories[action->category].name),
			TEXT_ARGS(action->name));
		if (inquest->actions[i].facets > 0 && length > 0 && (size_t)length < sizeof name)
			put_count(json, name, inquest->actions[i].facets);
	}
	jsonw_close(json, '}');
	jsonw_pair_open(json, "detections", '[');
	for (size_t i = 0; i < inquest->detection_count; i++)
		put_detection(json, &inquest->detections[i], registry);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}
