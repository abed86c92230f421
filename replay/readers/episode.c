/*
 * episode: labels and labelled stretches (see episode.h).
 */
#include "replay/readers/episode.h"

#include "catalog/yaml_form.h"
#include "replay/readers/files.h"

#include <string.h>

static const char *const labels[] = {"unknown", "benign", "risky", "malicious", NULL};
enum { LABELS = sizeof labels / sizeof *labels - 1 };

const char *label_name(enum label label)
{
	return labels[label];
}

bool label_from_name(struct text name, enum label *label)
{
	for (unsigned i = 0; i < LABELS; i++)
		if (text_is(name, labels[i])) {
			*label = (enum label)i;
			return true;
		}
	return false;
}

enum label label_for(const struct label_rule *rule, struct text organization)
{
	for (size_t i = 0; i < rule->count; i++)
		if (text_equal(rule->organizations[i], organization))
			return rule->labels[i];
	return rule->otherwise;
}

int episode_label(struct episode_loading *l, const struct yaml *node, enum label *label)
{
	struct text name;
	if (yaml_text(node, l->d, "a label", &name) != 0)
		return -1;
	if (!label_from_name(name, label))
		return yaml_error(l->d, node, "a label is malicious, risky, benign or unknown, not \"%.*s\"", TEXT_ARGS(name));
	return 0;
}

/* `risky`, or {default: risky, build-farm: benign}. */
int episode_label_rule(struct episode_loading *l, const struct yaml *node, struct label_rule *rule)
{
	struct text *names;
	enum label *values;
	int failed = 0;
	if (node->kind != YAML_MAPPING)
		return episode_label(l, node, &rule->otherwise);
	const struct yaml *otherwise = yaml_get(node, "default");
	if (otherwise == NULL)
		return yaml_error(l->d, node, "a label by organization needs `default`");
	names = arena_array(l->arena, node->count, sizeof *names);
	values = arena_array(l->arena, node->count, sizeof *values);
	for (size_t i = 0; i < node->count; i++) {
		enum label label = LABEL_UNKNOWN;
		if (episode_label(l, &node->items[i], &label) != 0) {
			failed = -1;
		} else if (&node->items[i] == otherwise) {
			rule->otherwise = label;
		} else {
			if (catalog_organization(l->catalog, node->keys[i].text) == NULL)
				diagnostics_warning(l->d, node->keys[i].place, "the catalog has no organization \"%.*s\"",
					TEXT_ARGS(node->keys[i].text));
			names[rule->count] = node->keys[i].text;
			values[rule->count++] = label;
		}
	}
	rule->organizations = names;
	rule->labels = values;
	return failed;
}

int episode_names(struct episode_loading *l, const struct yaml *mapping, const char *key, struct texts *texts)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text *items = NULL;
	if (node == NULL || node->kind == YAML_NULL)
		return 0;
	int failed = yaml_texts(node, l->arena, l->d, key, &items, &texts->count);
	texts->items = items;
	return failed;
}

/* Each name once. */
static void note_unknown(struct episode_loading *l, struct place place, struct text name)
{
	for (size_t i = 0; i < l->unknown.count; i++)
		if (text_equal(l->unknown.items[i], name))
			return;
	if (l->unknown.count == 0)
		l->first_unknown = place;
	l->unknown_items = arena_grow(l->arena, l->unknown_items, l->unknown.count, sizeof *l->unknown_items);
	l->unknown_items[l->unknown.count++] = name;
	l->unknown.items = l->unknown_items;
}

int episode_detections(struct episode_loading *l, const struct yaml *mapping, const char *key, struct texts *texts)
{
	if (episode_names(l, mapping, key, texts) != 0)
		return -1;
	for (size_t i = 0; i < texts->count; i++)
		if (catalog_detection(l->catalog, texts->items[i]) == NULL)
			note_unknown(l, yaml_get(mapping, key)->place, texts->items[i]);
	return 0;
}

void episode_warn(const struct episode_loading *l, struct text name)
{
	enum { SHOWN = 3 };
	const char *names = "";
	const size_t count = l->unknown.count;
	for (size_t i = 0; i < count && i < SHOWN; i++)
		names = arena_printf(l->arena, "%s%s\"%.*s\"", names, i > 0 ? ", " : "", TEXT_ARGS(l->unknown.items[i]));
	if (count == 1)
		diagnostics_warning(l->d, l->first_unknown, "the catalog has no detection %s, which an episode of %.*s names", names,
			TEXT_ARGS(name));
	else if (count > 1)
		diagnostics_warning(l->d, l->first_unknown,
			"the catalog has none of %zu detections that episodes of %.*s name: %s%s (was it labelled for another catalog?)",
			count, TEXT_ARGS(name), names, count > SHOWN ? ", …" : "");
}

int episode_scalar(struct episode_loading *l, const struct yaml *mapping, const char *key, struct text *text)
{
	const struct yaml *node = yaml_get(mapping, key);
	return node == NULL || node->kind == YAML_NULL ? 0 : yaml_text(node, l->d, key, text);
}

int episode_time(struct episode_loading *l, const struct yaml *mapping, const char *key, int64_t *time)
{
	struct text text = {NULL, 0};
	if (episode_scalar(l, mapping, key, &text) != 0)
		return -1;
	if (text.length > 0 && !date_parse(text, time))
		return yaml_error(l->d, yaml_get(mapping, key), "%s is a time as 2026-11-23T10:00:00Z, not \"%.*s\"", key,
			TEXT_ARGS(text));
	return 0;
}

/* lines: [first, last] */
static int load_lines(struct episode_loading *l, const struct yaml *mapping, struct episode *episode)
{
	const struct yaml *node = yaml_get(mapping, "lines");
	int64_t first = 0, last = 0;
	if (node == NULL)
		return 0;
	if (node->kind != YAML_SEQUENCE || node->count != 2 || yaml_long(&node->items[0], l->d, "a line", &first) != 0 ||
		yaml_long(&node->items[1], l->d, "a line", &last) != 0 || first < 1 || last < first)
		return yaml_error(l->d, node, "lines is [first, last], both from 1");
	episode->first_line = (uint64_t)first;
	episode->last_line = (uint64_t)last;
	return 0;
}

static bool is_written_alike(const struct episode_loading *l, const struct node *a, const struct node *b)
{
	struct buffer one = {0}, other = {0};
	node_print(a, &l->catalog->registry, &one);
	node_print(b, &l->catalog->registry, &other);
	bool alike = text_equal(buffer_view(&one), buffer_view(&other));
	buffer_free(&one);
	buffer_free(&other);
	return alike;
}

/* A label that asks what a detection asks would prove the detection right whatever it does. */
static int check_where(struct episode_loading *l, const struct yaml *node, const struct condition *where)
{
	for (size_t i = 0; i < l->catalog->detection_count; i++) {
		const struct detection *detection = l->catalog->detections[i];
		for (size_t k = 0; k < detection->condition_count; k++)
			if (detection->conditions[k]->sequence == NULL && is_written_alike(l, where->root, detection->conditions[k]->root))
				return yaml_error(l->d, node,
					"this is the condition \"%.*s\" of %.*s itself: a label that uses what it judges proves nothing",
					TEXT_ARGS(detection->conditions[k]->name), TEXT_ARGS(detection->name));
	}
	return 0;
}

static int load_where(struct episode_loading *l, const struct yaml *mapping, struct episode *episode)
{
	const struct yaml *node = yaml_get(mapping, "where");
	struct text source = {NULL, 0};
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, "where", &source) != 0)
		return -1;
	episode->where = condition_parse_expression(l->arena, &l->catalog->scope, source, node->place, 0, node->document, l->d);
	return episode->where != NULL ? check_where(l, node, episode->where) : -1;
}

const struct yaml_form label_form = {.sort = YAML_TEXT, .words = labels, .sample = "malicious"};
const struct yaml_form label_rule_form = {.sort = YAML_EITHER, .of = YAML_FORMS({.sort = YAML_TEXT, .words = labels},
	{.sort = YAML_TABLE, .of = &label_form, .names = YAML_ORGANIZATIONS, .open = true, .rules = "\"required\":[\"default\"]"})};
const struct yaml_form episode_detections_form = {.sort = YAML_LIST, .flags = YAML_OR_ONE | YAML_OR_NULL,
	.of = YAML_FORM(.sort = YAML_TEXT, .names = YAML_DETECTIONS, .open = true)};
static const struct yaml_form moment_form = {.sort = YAML_TEXT, .sample = "2026-11-23T10:00:00Z"};

static const struct yaml_shape episode_shape[] = {
	{"name", YAML_REQUIRED, &yaml_any_text, "Unique in the dataset."},
	{"note", YAML_OPTIONAL, &yaml_any_text, "What happens in it, for people."},
	{"files", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE | YAML_OR_NULL),
		"Its events lie in files that one of these globs names, below the dataset's folder."},
	{"from", YAML_OPTIONAL, &moment_form, "Its first moment, included."},
	{"to", YAML_OPTIONAL, &moment_form, "Its last moment, included."},
	{"lines", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_WHOLE, .rules = "\"minimum\":1"),
		.rules = "\"minItems\":2,\"maxItems\":2"), "[first, last]: its events begin there."},
	{"session", YAML_OPTIONAL, &yaml_any_text, "session.id of a facet."},
	{"container", YAML_OPTIONAL, &yaml_any_text, "container.id of a facet."},
	{"where", YAML_OPTIONAL, &yaml_expression,
		"An EQL expression that holds on a facet; never the condition that is being judged."},
	{"label", YAML_REQUIRED, &label_rule_form,
		"malicious, risky (bad practice, no attack), benign or unknown; or by organization: {default: risky, build-farm: "
		"benign}."},
	{"expects", YAML_OPTIONAL, &episode_detections_form, "Detections that must alert at least once in it."},
	{"allows", YAML_OPTIONAL, &episode_detections_form, "Detections that may alert in it, and are right to."},
	{"gap", YAML_OPTIONAL, &yaml_any_text, "Why an expected alert is known to be missing."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};
const struct yaml_form episode_form = {.sort = YAML_RECORD, .shape = episode_shape};

static int load_episode(struct episode_loading *l, const struct yaml *node, struct episode *episode)
{
	struct texts files = {NULL, 0};
	int failed = 0;
	*episode = (struct episode){.from = INT64_MIN, .to = INT64_MAX, .place = node->place};
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "an episode is a mapping with name and label");
	if (yaml_check(node, episode_shape, l->d, "an episode") != 0)
		return -1;
	failed |= episode_scalar(l, node, "name", &episode->name);
	failed |= episode_names(l, node, "files", &files);
	failed |= episode_time(l, node, "from", &episode->from);
	failed |= episode_time(l, node, "to", &episode->to);
	failed |= load_lines(l, node, episode);
	failed |= episode_scalar(l, node, "session", &episode->session);
	failed |= episode_scalar(l, node, "container", &episode->container);
	failed |= load_where(l, node, episode);
	failed |= episode_label_rule(l, yaml_get(node, "label"), &episode->label);
	failed |= episode_detections(l, node, "expects", &episode->expects);
	failed |= episode_detections(l, node, "allows", &episode->allows);
	failed |= episode_scalar(l, node, "gap", &episode->gap);
	episode->files = arena_array(l->arena, files.count + 1, sizeof *episode->files);
	episode->file_count = files.count;
	for (size_t i = 0; i < files.count; i++) /* as events name their files */
		episode->files[i] = text_of(arena_printf(l->arena, "%s/%.*s", files_literal(l->arena, l->folder),
			TEXT_ARGS(files.items[i])));
	return failed;
}

int episodes_load(struct episode_loading *l, const struct yaml *list, struct episode **episodes, size_t *count)
{
	int failed = 0;
	if (list == NULL || list->kind == YAML_NULL)
		return 0;
	for (size_t i = 0; i < list->count; i++) {
		*episodes = arena_grow(l->arena, *episodes, *count, sizeof **episodes);
		struct episode *episode = &(*episodes)[*count];
		failed |= load_episode(l, &list->items[i], episode);
		for (size_t k = 0; k < *count && failed == 0; k++)
			if (text_equal((*episodes)[k].name, episode->name))
				failed = yaml_error(l->d, &list->items[i], "two episodes are called \"%.*s\"", TEXT_ARGS(episode->name));
		++*count;
	}
	return failed;
}
