/* write: a Sigma pack: one rule a file, and the organization's exceptions as filters. */
#include "generator/sigma/write.h"

#include "catalog/version.h"
#include "generator/build.h"
#include "generator/sigma/quote.h"
#include "generator/sigma/selections.h"
#include "generator/sigma/tactics.h"

#include <string.h>

enum { FILE_NAME_MAX = 70, TITLE_MAX = 256 };

/* --- names and ids --- */

static struct text id_of(struct pack *pack, struct text detection, struct text name)
{
	char *id = arena_alloc(pack->arena, 37);

	uuid5(detection, name, id);
	return text_of(id);
}

/* The first rule of a detection keeps its id. */
static bool is_first(const struct pack *pack, const struct pack_rule *rule)
{
	for (const struct pack_rule *other = pack->rules; other < rule; other++) {
		if (other->rule->detection == rule->rule->detection)
			return false;
	}
	return true;
}

static struct text rule_id(struct pack *pack, const struct pack_rule *rule)
{
	const struct rule *r = rule->rule;

	if (is_first(pack, rule))
		return r->detection->id;
	struct text actions = rule_actions(pack, r);
	char *name = arena_printf(pack->arena, "%.*s/%.*s/%.*s%s", TEXT_ARGS(r->condition->name), TEXT_ARGS(r->group->name),
		TEXT_ARGS(actions), r->derived ? "/derived" : "");

	return id_of(pack, r->detection->id, text_of(name));
}

static bool file_taken(const struct pack *pack, struct text name)
{
	for (size_t i = 0; i < pack->file_count; i++) {
		if (text_equal(pack->files[i]->name, name))
			return true;
	}
	return false;
}

/* folder/prefix_words.yml: small letters, digits and _, between 10 and 70 bytes, once in the pack. */
static struct text file_name(struct pack *pack, const char *folder, struct text prefix, const char *words)
{
	char *stem = arena_printf(pack->arena, "%.*s_%s", TEXT_ARGS(prefix), words);

	for (char *at = stem; *at; at++) {
		if (*at == '-' || *at == '.' || *at == ' ')
			*at = '_';
	}
	if (strlen(stem) > FILE_NAME_MAX - 4)
		stem[FILE_NAME_MAX - 4] = '\0';
	struct text name = text_of(arena_printf(pack->arena, "%s/%s.yml", folder, stem));

	for (unsigned number = 2; file_taken(pack, name); number++) {
		if (strlen(stem) > FILE_NAME_MAX - 7)
			stem[FILE_NAME_MAX - 7] = '\0';
		name = text_of(arena_printf(pack->arena, "%s/%s_%u.yml", folder, stem, number));
	}
	return name;
}

/* --- parts of a rule --- */

static void print_pair(struct buffer *out, const char *key, struct text value)
{
	buffer_printf(out, "%s: ", key);
	sigma_yaml(out, value);
	buffer_char(out, '\n');
}

static struct text title_of(struct pack *pack, const struct pack_rule *rule)
{
	const struct rule *r = rule->rule;
	char *name = arena_strndup(pack->arena, r->condition->name.data, r->condition->name.length);

	if (is_first(pack, rule))
		return r->detection->title;
	for (char *at = name; *at; at++) {
		if ((at == name || at[-1] == ' ') && *at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
		if (*at == '-' || *at == '_')
			*at = ' ';
	}
	char *title = arena_printf(pack->arena, "%.*s - %s", TEXT_ARGS(r->detection->title), name);

	return text_slice(text_of(title), 0, strlen(title) < TITLE_MAX ? strlen(title) : TITLE_MAX);
}

static void print_related(struct pack *pack, struct buffer *out, const struct pack_rule *rule)
{
	bool first = is_first(pack, rule);

	if (first && rule->detection_count < 2)
		return;
	buffer_string(out, "related:\n");
	if (!first)
		buffer_printf(out, "    - id: %.*s\n      type: derived\n", TEXT_ARGS(rule->rule->detection->id));
	for (size_t i = 1; i < rule->detection_count; i++)
		buffer_printf(out, "    - id: %.*s\n      type: merged\n", TEXT_ARGS(rule->detections[i]->id));
}

static void print_description(struct buffer *out, const struct pack_rule *rule)
{
	struct buffer text = {0};

	pack_rule_describe(rule, &text);
	buffer_printf(&text, " Fidelity: %s.", fidelity_name(rule->rule->fidelity));
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\n')
			text.data[i] = ' ';
	}
	print_pair(out, "description", buffer_view(&text));
	buffer_free(&text);
}

static void print_list(struct buffer *out, const char *key, struct texts texts)
{
	if (texts.count == 0)
		return;
	buffer_printf(out, "%s:\n", key);
	for (size_t i = 0; i < texts.count; i++) {
		buffer_string(out, "    - ");
		sigma_yaml(out, texts.items[i]);
		buffer_char(out, '\n');
	}
}

static bool text_known(const struct texts *list, struct text text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->items[i], text))
			return true;
	}
	return false;
}

static void add_once(struct pack *pack, struct texts *list, struct text text)
{
	if (!text_known(list, text))
		reason_add(pack->arena, list, arena_printf(pack->arena, "%.*s", TEXT_ARGS(text)));
}

static struct texts tags_of(struct pack *pack, const struct pack_rule *rule)
{
	struct texts tags = {NULL, 0}, techniques = {NULL, 0};

	for (size_t i = 0; i < rule->detection_count; i++) {
		for (size_t k = 0; k < rule->detections[i]->techniques.count; k++) {
			struct text technique = rule->detections[i]->techniques.items[k], *tactics;
			const char *served = sigma_tactics(technique);
			size_t count = served ? text_split(pack->arena, text_of(served), ' ', &tactics) : 0;

			for (size_t t = 0; t < count; t++)
				add_once(pack, &tags, text_of(arena_printf(pack->arena, "attack.%.*s", TEXT_ARGS(tactics[t]))));
			struct text folded = text_fold(pack->arena, technique);

			add_once(pack, &techniques, text_of(arena_printf(pack->arena, "attack.%.*s", TEXT_ARGS(folded))));
		}
	}
	for (size_t i = 0; i < techniques.count; i++)
		add_once(pack, &tags, techniques.items[i]);
	return tags;
}

static struct texts false_positives_of(struct pack *pack, const struct pack_rule *rule)
{
	struct texts list = {NULL, 0};

	for (size_t i = 0; i < rule->detection_count; i++) {
		const struct texts *own = &rule->detections[i]->false_positives;

		for (size_t k = 0; k < own->count; k++) {
			char *text = arena_strndup(pack->arena, own->items[k].data, own->items[k].length);

			if (*text >= 'a' && *text <= 'z')
				*text = (char)(*text - 'a' + 'A');
			add_once(pack, &list, text_of(text));
		}
	}
	if (list.count == 0)
		add_once(pack, &list, TEXT("Unknown"));
	return list;
}

static struct texts references_of(struct pack *pack, const struct pack_rule *rule)
{
	struct texts list = {NULL, 0};

	for (size_t i = 0; i < rule->detection_count; i++) {
		for (size_t k = 0; k < rule->detections[i]->references.count; k++)
			add_once(pack, &list, rule->detections[i]->references.items[k]);
	}
	return list;
}

static void print_logsource(struct buffer *out, const struct dialect_group *group)
{
	static const char *const keys[] = {"product", "category", "service"};

	buffer_string(out, "logsource:\n");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct text value = dialect_attribute(group, keys[i]);

		if (value.length)
			buffer_printf(out, "    %s: %.*s\n", keys[i], TEXT_ARGS(value));
	}
}

static void print_detection(struct pack *pack, struct buffer *out, const struct rule *rule)
{
	struct selections s = {.arena = pack->arena, .indent = "    "};
	struct rule_node *shipped = rule_excluded(pack->arena, rule, true);
	struct rule_node *parts[] = {rule->events, rule->node, rule_not(pack->arena, shipped)};
	enum rule_kind kind;
	struct text condition = selections_print(&s, rule_and(pack->arena, parts, 3), false, &kind);

	buffer_string(out, "detection:\n");
	buffer_text(out, buffer_view(&s.definitions));
	buffer_printf(out, "    condition: %.*s\n", TEXT_ARGS(condition));
	selections_free(&s);
}

static void print_head(struct pack *pack, struct buffer *out)
{
	buffer_printf(out, "# Made by mews %s for %.*s from catalog %.12s; see README.md.\n", MEWS_VERSION,
		TEXT_ARGS(pack_organization(pack)), pack->request->catalog->revision);
}

static void print_rule(struct pack *pack, struct pack_rule *rule)
{
	const struct detection *detection = rule->rule->detection;
	char *words = arena_printf(pack->arena, "%.*s_%.*s%s", TEXT_ARGS(detection->name), TEXT_ARGS(rule->rule->condition->name),
		rule->rule->derived ? "_cmdline" : "");
	struct text name = file_name(pack, "rules", dialect_attribute(rule->rule->group, "prefix"), words);
	struct buffer *out = pack_file(pack, name);

	rule->name = rule_id(pack, rule);
	print_head(pack, out);
	print_pair(out, "title", title_of(pack, rule));
	buffer_printf(out, "id: %.*s\n", TEXT_ARGS(rule->name));
	print_related(pack, out, rule);
	buffer_printf(out, "status: %s\n", status_name(detection->status));
	print_description(out, rule);
	print_list(out, "references", references_of(pack, rule));
	if (detection->author.length)
		print_pair(out, "author", detection->author);
	if (detection->date.length)
		buffer_printf(out, "date: %.*s\n", TEXT_ARGS(detection->date));
	if (detection->modified.length)
		buffer_printf(out, "modified: %.*s\n", TEXT_ARGS(detection->modified));
	print_list(out, "tags", tags_of(pack, rule));
	print_logsource(out, rule->rule->group);
	print_detection(pack, out, rule->rule);
	print_list(out, "falsepositives", false_positives_of(pack, rule));
	buffer_printf(out, "level: %s\n", severity_name(rule->severity));
}

/* --- filters --- */

/* One exception on one log source, in one form: the rules that it is taken from. */
struct filter {
	const struct exception *exception;
	const struct dialect_group *group;
	const struct rule_node *node;
	struct texts rules;
};

struct filters {
	struct pack *pack;
	struct filter *items;
	size_t count;
};

static void add_filter(struct filters *filters, const struct pack_rule *rule, const struct rule_exception *exception)
{
	struct arena *arena = filters->pack->arena;
	struct filter *found = NULL;

	for (size_t i = 0; i < filters->count && found == NULL; i++) {
		struct filter *known = &filters->items[i];

		if (known->exception == exception->exception && known->group == rule->rule->group
			&& rule_equal(known->node, exception->node))
			found = known;
	}
	if (found == NULL) {
		filters->items = arena_grow(arena, filters->items, filters->count, sizeof(*filters->items));
		found = &filters->items[filters->count++];
		*found = (struct filter){exception->exception, rule->rule->group, exception->node, {NULL, 0}};
	}
	add_once(filters->pack, &found->rules, rule->name);
}

static void print_filter(struct filters *filters, const struct filter *filter, size_t number)
{
	struct pack *pack = filters->pack;
	const struct exception *exception = filter->exception;
	struct text group = filter->group->name;
	char *words = arena_printf(pack->arena, "filter_%.*s", TEXT_ARGS(exception->name));
	struct buffer *out = pack_file(pack, file_name(pack, "filters", dialect_attribute(filter->group, "prefix"), words));
	struct selections s = {.arena = pack->arena, .indent = "    ", .plain = true};
	enum rule_kind kind;
	struct text condition = selections_print(&s, filter->node, false, &kind);
	char *key = arena_printf(pack->arena, "%.*s/%.*s/%.*s/%zu", TEXT_ARGS(pack_organization(pack)), TEXT_ARGS(exception->name),
		TEXT_ARGS(group), number);
	bool plain = kind == RULE_TEST;

	print_head(pack, out);
	print_pair(out, "title",
		text_of(arena_printf(pack->arena, "%.*s: %.*s", TEXT_ARGS(pack_organization(pack)), TEXT_ARGS(exception->name))));
	buffer_printf(out, "id: %.*s\n", TEXT_ARGS(id_of(pack, text_of(filter->rules.items[0].data), text_of(key))));
	print_pair(out, "description", exception->reason);
	print_logsource(out, filter->group);
	buffer_string(out, "filter:\n    rules:\n");
	for (size_t i = 0; i < filter->rules.count; i++)
		buffer_printf(out, "        - %.*s\n", TEXT_ARGS(filter->rules.items[i]));
	buffer_text(out, buffer_view(&s.definitions));
	buffer_printf(out, plain ? "    condition: not %.*s\n" : "    condition: not (%.*s)\n", TEXT_ARGS(condition));
	selections_free(&s);
}

static void print_filters(struct pack *pack)
{
	struct filters filters = {pack, NULL, 0};

	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct rule *rule = pack->rules[i].rule;

		for (size_t k = 0; k < rule->exception_count; k++) {
			if (!rule->exceptions[k].shipped && rule->exceptions[k].node->kind != RULE_FALSE)
				add_filter(&filters, &pack->rules[i], &rule->exceptions[k]);
		}
	}
	for (size_t i = 0; i < filters.count; i++)
		print_filter(&filters, &filters.items[i], i);
}

static const char readme[] =
	"# Sigma rules\n\n"
	"`rules/` holds one rule a file, `filters/` the organization's exceptions as Sigma filters. Convert them together,\n"
	"so that the filters apply:\n\n"
	"    sigma convert -t BACKEND -p PIPELINE --filter filters rules\n\n"
	"`fidelity.json` says for each condition how the rule relates to it. Rules that had to leave out a whole part of their\n"
	"condition have the level informational: they enrich, they do not alert.\n\n";

int sigma_write(struct pack *pack, struct diagnostics *d)
{
	(void)d;
	for (size_t i = 0; i < pack->rule_count; i++)
		print_rule(pack, &pack->rules[i]);
	print_filters(pack);
	struct buffer *out = pack_file(pack, TEXT("README.md"));

	buffer_string(out, readme);
	pack_head(pack, out, "    ");
	pack->written = pack->rule_count;
	return 0;
}
