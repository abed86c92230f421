/* techniques: see techniques.h. */
#include "catalog/techniques.h"

#include "catalog/load.h"

#include <stdlib.h>

static const struct yaml_form id_form = {.sort = YAML_TEXT, .pattern = "^T[0-9]{4}(\\.[0-9]{3})?$", .sample = "T1611"};

static const char *const tactic_names[] = {"reconnaissance", "resource-development", "initial-access", "execution",
	"persistence", "privilege-escalation", "defense-evasion", "credential-access", "discovery", "lateral-movement", "collection",
	"command-and-control", "exfiltration", "impact", NULL};

static const struct yaml_shape container_shape[] = {
	{"tactics", YAML_REQUIRED, YAML_FORM(.sort = YAML_LIST, .flags = YAML_FILLED | YAML_UNIQUE,
		.of = YAML_FORM(.sort = YAML_TEXT, .words = tactic_names)), "The columns of the matrix that it stands in."},
	{"untraced", YAML_OPTIONAL, &yaml_some_text, "Why no detection can show it: what it leaves in events, or that "
		"it leaves nothing."},
	{0},
};

static const struct yaml_shape techniques_shape[] = {
	{"attack", YAML_REQUIRED, &yaml_some_text, "ATT&CK's version that this is of."},
	{"techniques", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_some_text, .pattern = "^T[0-9]{4}(\\.[0-9]{3})?$"),
		"Id → name, as ATT&CK has it; of one below another without the other's name."},
	{"revoked", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &id_form, .flags = YAML_UNIQUE),
		"Ids that ATT&CK had and took back, or advises against."},
	{"containers", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .pattern = "^T[0-9]{4}(\\.[0-9]{3})?$",
		.of = YAML_FORM(.sort = YAML_RECORD, .shape = container_shape)), "Id → its place in the matrix of the "
			"platform Containers."},
	{0},
};

const struct yaml_form techniques_form = {.sort = YAML_RECORD, .shape = techniques_shape};

static int by_id(const void *a, const void *b)
{
	return text_compare(((const struct attack_technique *)a)->id, ((const struct attack_technique *)b)->id);
}

static int id_of(const struct attack_technique *technique, const struct yaml *mapping, size_t key, struct diagnostics *d)
{
	if (technique_is_valid(technique->id))
		return 0;
	return yaml_error_key(d, mapping, key, "\"%.*s\" is no technique like T1611 or T1053.003", TEXT_ARGS(technique->id));
}

static void load_names(struct attack_techniques *techniques, struct arena *arena, const struct yaml *mapping,
	struct diagnostics *d)
{
	if (!mapping || mapping->kind != YAML_MAPPING || !mapping->count)
		return;
	techniques->items = arena_array(arena, mapping->count, sizeof *techniques->items);
	techniques->count = mapping->count;
	for (size_t i = 0; i < mapping->count; i++) {
		struct attack_technique *it = &techniques->items[i];
		*it = (struct attack_technique){.id = mapping->keys[i].text, .place = mapping->keys[i].place};
		if (!id_of(it, mapping, i, d))
			load_text(mapping, it->id.data, d, &it->name);
	}
	qsort(techniques->items, techniques->count, sizeof *techniques->items, by_id);
}

static void load_tactics(struct arena *arena, const struct yaml *row, struct diagnostics *d, struct attack_technique *technique)
{
	load_texts(arena, row, "tactics", NULL, NULL, d, &technique->tactics);
	for (size_t i = 0; i < technique->tactics.count; i++) {
		const char *const *word = tactic_names;
		while (*word && !text_is(technique->tactics.items[i], *word))
			word++;
		if (!*word)
			yaml_error(d, yaml_get(row, "tactics"), "\"%.*s\" is no tactic of ATT&CK", TEXT_ARGS(technique->tactics.items[i]));
	}
}

static void load_containers(struct attack_techniques *techniques, struct arena *arena, const struct yaml *mapping,
	struct diagnostics *d)
{
	if (!mapping || mapping->kind != YAML_MAPPING)
		return;
	for (size_t i = 0; i < mapping->count; i++) {
		const struct yaml *row = &mapping->items[i];
		const struct attack_technique asked = {.id = mapping->keys[i].text};
		struct attack_technique *it = techniques->count
			? bsearch(&asked, techniques->items, techniques->count, sizeof asked, by_id) : NULL;
		if (!it) {
			yaml_error_key(d, mapping, i, "%.*s is not among `techniques`", TEXT_ARGS(asked.id));
			continue;
		}
		it->containers = true;
		it->place = mapping->keys[i].place;
		if (row->kind != YAML_MAPPING) {
			yaml_error_key(d, mapping, i, "%.*s must be a mapping with tactics", TEXT_ARGS(asked.id));
			continue;
		}
		yaml_check(row, container_shape, d, "technique");
		load_tactics(arena, row, d, it);
		load_text(row, "untraced", d, &it->untraced);
	}
}

int techniques_load(struct attack_techniques *techniques, struct arena *arena, const struct yaml *document, struct diagnostics *d)
{
	const size_t errors = d->errors;
	if (document->kind != YAML_MAPPING)
		return yaml_error(d, document, "techniques.yaml is a mapping of attack, techniques, revoked and containers");
	yaml_check(document, techniques_shape, d, "techniques.yaml");
	load_text(document, "attack", d, &techniques->attack);
	load_names(techniques, arena, yaml_get(document, "techniques"), d);
	load_texts(arena, document, "revoked", technique_is_valid, "a technique like T1611 or T1053.003", d, &techniques->revoked);
	load_containers(techniques, arena, yaml_get(document, "containers"), d);
	return d->errors == errors ? 0 : -1;
}

const struct attack_technique *techniques_find(const struct attack_techniques *techniques, struct text id)
{
	const struct attack_technique asked = {.id = id};
	return techniques->count ? bsearch(&asked, techniques->items, techniques->count, sizeof asked, by_id) : NULL;
}

bool techniques_revoked(const struct attack_techniques *techniques, struct text id)
{
	for (size_t i = 0; i < techniques->revoked.count; i++)
		if (text_equal(techniques->revoked.items[i], id))
			return true;
	return false;
}

enum { PARENT = 5 }; /* bytes of T1053 */

struct text technique_title(struct arena *arena, const struct attack_techniques *techniques, struct text id)
{
	const struct attack_technique *it = techniques_find(techniques, id);
	const struct attack_technique *above = id.length > PARENT ? techniques_find(techniques, text_slice(id, 0, PARENT)) : NULL;
	if (!it)
		return id;
	if (!above)
		return it->name;
	return text_of(arena_printf(arena, "%.*s: %.*s", TEXT_ARGS(above->name), TEXT_ARGS(it->name)));
}

struct text technique_link(struct arena *arena, struct text id)
{
	const struct text head = text_slice(id, 0, id.length < PARENT ? id.length : PARENT);
	const struct text below = id.length > PARENT + 1 ? text_slice(id, PARENT + 1, id.length) : TEXT("");
	return text_of(arena_printf(arena, "https://attack.mitre.org/techniques/%.*s/%.*s%s", TEXT_ARGS(head), TEXT_ARGS(below),
		below.length ? "/" : ""));
}

bool technique_within(struct text id, struct text technique)
{
	return text_starts(id, technique, false) && (id.length == technique.length || id.data[technique.length] == '.');
}
