/* write: a Sigma pack: one rule a file, conditions over several events as correlations, exceptions as filters. */
#include "generator/sigma/write.h"

#include "generator/sigma/correlation.h"
#include "generator/sigma/document.h"
#include "generator/sigma/filters.h"
#include "generator/sigma/selections.h"

static void print_detection(struct pack *pack, struct buffer *out, const struct rule *rule)
{
	struct selections s = {.arena = pack->arena, .indent = "    ", .some = sigma_some_name(rule->group)};
	struct rule_node *shipped = rule_excluded(pack->arena, rule, true);
	struct rule_node *parts[] = {rule->events, rule->node, rule_not(pack->arena, shipped)};
	enum rule_kind kind;
	struct text condition = selections_print(&s, rule_and(pack->arena, parts, 3), &kind);

	buffer_string(out, "detection:\n");
	buffer_text(out, buffer_view(&s.definitions));
	buffer_printf(out, "    condition: %.*s\n", TEXT_ARGS(condition));
	selections_free(&s);
}

static void print_rule(struct sigma_pack *sigma, struct pack_rule *rule)
{
	struct pack *pack = sigma->pack;
	const struct rule *r = rule->rule;
	const struct detection *detection = r->detection;
	bool first = sigma_is_first(pack, rule);
	char *words = arena_printf(pack->arena, "%.*s_%.*s%s", TEXT_ARGS(detection->name), TEXT_ARGS(r->condition->name),
		r->derived ? "_cmdline" : "");
	struct buffer *out = pack_file(pack, sigma_file(pack, "rules", sigma_prefix(pack->arena, r->group), words));

	rule->name = sigma_rule_id(pack, rule);
	struct sigma_card card = {
		.detections = rule->detections, .count = rule->detection_count, .id = rule->name, .derived = !first,
		.title = sigma_title(sigma, detection->title, first ? TEXT("") : r->condition->name, sigma_source(pack->arena, r->group)),
		.fidelity = r->fidelity, .severity = rule->severity};

	document_made(pack, out);
	document_head(pack, out, &card);
	document_logsource(out, r->group);
	print_detection(pack, out, r);
	document_end(pack, out, &card);
}

static const char readme[] =
	"# Sigma rules\n\n"
	"`rules/` holds one rule a file (correlations with the rules that they join), `filters/` the organization's\n"
	"exceptions as Sigma filters. Convert them together, so that the filters apply:\n\n"
	"    sigma convert -t BACKEND -p PIPELINE --filter filters rules\n\n"
	"`fidelity.json` says for each condition how the rule relates to it. Rules that had to leave out a whole part of their\n"
	"condition have the level informational: they enrich, they do not alert.\n\n";

int sigma_write(struct pack *pack, struct diagnostics *d)
{
	struct sigma_pack sigma = {.pack = pack};
	struct sigma_filters filters = {&sigma, NULL, 0};

	(void)d;
	for (size_t i = 0; i < pack->rule_count; i++)
		print_rule(&sigma, &pack->rules[i]);
	for (size_t i = 0; i < pack->rule_count; i++)
		filters_add(&filters, pack->rules[i].rule, pack->rules[i].name);
	pack->written = pack->rule_count;
	for (size_t i = 0; i < pack->sequence_count; i++)
		pack->written += correlation_write(&sigma, &filters, &pack->sequences[i]);
	filters_write(&filters);
	struct buffer *out = pack_file(pack, TEXT("README.md"));

	buffer_string(out, readme);
	pack_head(pack, out, "    ");
	return 0;
}
