/* write: an Elastic pack: detection rules as NDJSON, which Kibana imports. */
#include "generator/elastic/write.h"

#include "generator/elastic/query.h"
#include "generator/elastic/sequence.h"
#include "generator/elastic/threat.h"

#include <stdlib.h>

/* What all rules say that a detection does not. A rule looks back further than it runs, so that late events count. */
static const char interval[] = "5m", lookback[] = "now-9m";

static const struct {
	const char *name;
	int risk;
} severities[] = {
	[SEVERITY_INFORMATIONAL] = {"low", 5},
	[SEVERITY_LOW] = {"low", 21},
	[SEVERITY_MEDIUM] = {"medium", 47},
	[SEVERITY_HIGH] = {"high", 73},
	[SEVERITY_CRITICAL] = {"critical", 99},
};

static json_t *json_of(struct text text)
{
	return json_stringn(text.data != NULL ? text.data : "", text.length);
}

/* --- ids --- */

static bool id_taken(const struct pack *pack, struct text id)
{
	for (size_t i = 0; i < pack->rule_count; i++) {
		if (text_equal(pack->rules[i].name, id))
			return true;
	}
	for (size_t i = 0; i < pack->sequence_count; i++) {
		if (text_equal(pack->sequences[i].name, id))
			return true;
	}
	return false;
}

/* A detection's first rule keeps its id; others have one made of it and of what they ask. */
static struct text rule_id(struct pack *pack, const struct detection *detection, const char *key)
{
	char *made;

	if (!id_taken(pack, detection->id))
		return detection->id;
	made = arena_alloc(pack->arena, 37);
	uuid5(detection->id, text_of(key), made);
	return text_of(made);
}

/* --- parts --- */

static void add_once(json_t *list, struct text text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);

		if (text_is(text, json_string_value(item)))
			return;
	}
	if (text.length > 0)
		json_array_append_new(list, json_of(text));
}

static void add_all(json_t *list, const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		add_once(list, texts->items[i]);
}

static json_t *indices(struct arena *arena, const struct dialect_group *const *groups, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		struct text *patterns;
		size_t patterns_count = text_split(arena, dialect_attribute(groups[i], "index"), ' ', &patterns);

		for (size_t k = 0; k < patterns_count; k++)
			add_once(list, patterns[k]);
	}
	return list;
}

static json_t *tags(struct arena *arena, const struct dialect_group *const *groups, size_t count)
{
	json_t *list = json_array();

	add_once(list, TEXT("mews"));
	for (size_t i = 0; i < count; i++) {
		struct text source = dialect_attribute(groups[i], "source");

		add_once(list, text_of(arena_printf(arena, "Data Source: %.*s", TEXT_ARGS(source))));
	}
	return list;
}

/* What a rule of the pack is made of, whether it asks one event or several. */
struct making {
	struct text id, label;
	const struct detection *const *detections;
	size_t detection_count;
	const struct condition *condition;
	const struct dialect_group *const *groups;
	size_t group_count;
	enum severity severity;
	enum fidelity fidelity;
	struct texts reasons;
	struct text query;
};

static struct text note_of(struct pack *pack, const struct making *m)
{
	struct buffer out = {0};

	buffer_printf(&out, "## Fidelity\n\n%s\n", fidelity_name(m->fidelity));
	for (size_t i = 0; i < m->reasons.count; i++)
		buffer_printf(&out, "- %.*s\n", TEXT_ARGS(m->reasons.items[i]));
	struct text text = text_copy(pack->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static struct text description_of(struct pack *pack, const struct making *m)
{
	struct buffer out = {0};

	for (size_t i = 0; i < m->detection_count; i++)
		buffer_printf(&out, "%s%.*s", i > 0 ? " " : "", TEXT_ARGS(text_trim(m->detections[i]->description)));
	struct text text = text_copy(pack->arena, buffer_view(&out));

	buffer_free(&out);
	return text.length > 0 ? text : m->label;
}

static void set_lists(struct pack *pack, json_t *json, const struct making *m)
{
	json_t *references = json_array(), *positives = json_array(), *authors = json_array(), *threat = json_array();
	json_t *names = json_array();
	struct texts techniques = {NULL, 0};

	for (size_t i = 0; i < m->detection_count; i++) {
		const struct detection *detection = m->detections[i];

		add_all(references, &detection->references);
		add_all(positives, &detection->false_positives);
		add_once(authors, detection->author);
		add_once(names, detection->name);
		for (size_t k = 0; k < detection->techniques.count; k++)
			reason_add(pack->arena, &techniques, arena_printf(pack->arena, "%.*s", TEXT_ARGS(detection->techniques.items[k])));
	}
	json_decref(threat);
	json_object_set_new(json, "references", references);
	json_object_set_new(json, "false_positives", positives);
	json_object_set_new(json, "author", authors);
	json_object_set_new(json, "threat", elastic_threat(pack->arena, &techniques));
	json_object_set_new(json, "meta", json_pack("{s:{s:o, s:o, s:s, s:o, s:s}}", "mews", "detections", names, "condition",
		json_of(m->condition->name), "fidelity", fidelity_name(m->fidelity), "organization", json_of(pack_organization(pack)),
		"catalog_revision", pack->request->catalog->revision));
}

static void print_rule(struct pack *pack, struct buffer *out, const struct making *m)
{
	json_t *json = json_object();

	json_object_set_new(json, "rule_id", json_of(m->id));
	json_object_set_new(json, "name", json_of(m->label));
	json_object_set_new(json, "description", json_of(description_of(pack, m)));
	json_object_set_new(json, "type", json_string("eql"));
	json_object_set_new(json, "language", json_string("eql"));
	json_object_set_new(json, "index", indices(pack->arena, m->groups, m->group_count));
	json_object_set_new(json, "query", json_of(m->query));
	json_object_set_new(json, "severity", json_string(severities[m->severity].name));
	json_object_set_new(json, "risk_score", json_integer(severities[m->severity].risk));
	json_object_set_new(json, "tags", tags(pack->arena, m->groups, m->group_count));
	json_object_set_new(json, "note", json_of(note_of(pack, m)));
	set_lists(pack, json, m);
	json_object_set_new(json, "exceptions_list", json_array());
	json_object_set_new(json, "from", json_string(lookback));
	json_object_set_new(json, "to", json_string("now"));
	json_object_set_new(json, "interval", json_string(interval));
	json_object_set_new(json, "max_signals", json_integer(100));
	json_object_set_new(json, "enabled", json_false());
	json_object_set_new(json, "version", json_integer(1));
	char *dumped = json_dumps(json, JSON_COMPACT);

	buffer_string(out, dumped != NULL ? dumped : "{}");
	buffer_char(out, '\n');
	free(dumped);
	json_decref(json);
}

/* --- rules --- */

static struct text query_of(struct pack *pack, const struct rule *rule)
{
	struct arena *arena = pack->arena;
	struct rule_node *parts[] = {rule->node, rule_not(arena, rule_excluded(arena, rule, true)),
		rule_not(arena, rule_excluded(arena, rule, false))};
	struct buffer out = {0};

	elastic_query(arena, &out, rule->events, rule_and(arena, parts, 3), 2);
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* The same question to several integrations is one rule on all their indices. */
static bool same_question(const struct pack *pack, const struct text *queries, size_t a, size_t b)
{
	const struct pack_rule *x = &pack->rules[a], *y = &pack->rules[b];
	bool same = x->detection_count == y->detection_count && x->rule->condition == y->rule->condition
		&& x->rule->fidelity == y->rule->fidelity && x->severity == y->severity && text_equal(queries[a], queries[b]);

	for (size_t i = 0; same && i < x->detection_count; i++)
		same = x->detections[i] == y->detections[i];
	return same;
}

static void write_rule(struct pack *pack, struct buffer *out, const struct text *queries, size_t index)
{
	struct pack_rule *rule = &pack->rules[index];
	const struct rule *r = rule->rule;
	const struct dialect_group **groups = arena_array(pack->arena, pack->rule_count, sizeof(struct dialect_group *));
	struct text actions = rule_actions(pack, r);
	const char *key = arena_printf(pack->arena, "%.*s/%.*s/%.*s%s", TEXT_ARGS(r->condition->name), TEXT_ARGS(r->group->name),
		TEXT_ARGS(actions), r->derived ? "/derived" : "");
	struct making m = {rule_id(pack, r->detection, key), rule->label, rule->detections, rule->detection_count, r->condition,
		groups, 0, rule->severity, r->fidelity, r->reasons, queries[index]};

	for (size_t i = index; i < pack->rule_count; i++) {
		if (i != index && (pack->rules[i].name.length > 0 || !same_question(pack, queries, index, i)
			|| !elastic_possible(pack->arena, pack->rules[i].rule->events, pack->rules[i].rule->node)))
			continue;
		groups[m.group_count++] = pack->rules[i].rule->group;
		pack->rules[i].name = m.id;
	}
	print_rule(pack, out, &m);
	pack->written++;
}

static void write_sequence(struct pack *pack, struct buffer *out, struct pack_sequence *sequence)
{
	const struct dialect_group **groups;
	struct buffer query = {0};
	size_t count;

	if (elastic_sequence(pack, sequence, &query, &groups, &count)) {
		const char *key = arena_printf(pack->arena, "%.*s/sequence", TEXT_ARGS(sequence->condition->name));

		sequence->name = rule_id(pack, sequence->detection, key);
		struct making m = {sequence->name, sequence->label, &sequence->detection, 1, sequence->condition, groups, count,
			sequence->severity, sequence->fidelity, sequence->reasons, buffer_view(&query)};

		print_rule(pack, out, &m);
		pack->written++;
	}
	buffer_free(&query);
}

static const char readme[] =
	"# Elastic detection rules\n\n"
	"`mews_rules.ndjson` holds one rule a line, for Kibana's import (Security, Rules, Import) or its API:\n\n"
	"    curl -F file=@mews_rules.ndjson KIBANA/api/detection_engine/rules/_import?overwrite=true\n\n"
	"Rules come disabled. Each is asked on the data streams of one integration; its tags name it. Exceptions of the\n"
	"detection and of the organization are part of the query. `fidelity.json` says for each condition how the rule\n"
	"relates to it; a rule's note repeats it. Rules that had to leave out a whole part of their condition have the\n"
	"lowest risk score: they enrich, they do not alert.\n\n";

int elastic_write(struct pack *pack, struct diagnostics *d)
{
	struct buffer *rules = pack_file(pack, TEXT("mews_rules.ndjson"));

	struct text *queries = arena_array(pack->arena, pack->rule_count + 1, sizeof(*queries));

	(void)d;
	pack->written = 0;
	for (size_t i = 0; i < pack->rule_count; i++)
		queries[i] = query_of(pack, pack->rules[i].rule);
	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct rule *rule = pack->rules[i].rule;

		/* What no event of that integration can be is not written. */
		if (pack->rules[i].name.length == 0 && elastic_possible(pack->arena, rule->events, rule->node))
			write_rule(pack, rules, queries, i);
	}
	for (size_t i = 0; i < pack->sequence_count; i++)
		write_sequence(pack, rules, &pack->sequences[i]);
	struct buffer *out = pack_file(pack, TEXT("README.md"));

	buffer_string(out, readme);
	pack_head(pack, out, "    ");
	return 0;
}
