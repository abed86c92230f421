/* fidelity: the pack's account of itself, fidelity.json. */
#include "generator/build.h"

#include "catalog/version.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *json_of(struct text text)
{
	return json_stringn(text.data ? text.data : "", text.length);
}

static json_t *json_list(struct texts texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts.count; i++)
		json_array_append_new(list, json_of(texts.items[i]));
	return list;
}

static json_t *row_json(const struct fidelity_row *row)
{
	json_t *json = json_object();

	json_object_set_new(json, "condition", json_of(row->condition->name));
	json_object_set_new(json, "action", json_of(row->action));
	json_object_set_new(json, "source", json_of(row->source));
	json_object_set_new(json, "fidelity", json_string(fidelity_name(row->fidelity)));
	if (row->group.length)
		json_object_set_new(json, "events", json_of(row->group));
	if (row->rule.length)
		json_object_set_new(json, "rule", json_of(row->rule));
	json_object_set_new(json, "reasons", json_list(row->reasons));
	return json;
}

static bool condition_covered(const struct pack *pack, const struct detection *detection, const struct condition *condition)
{
	for (size_t i = 0; i < pack->row_count; i++) {
		const struct fidelity_row *row = &pack->rows[i];

		if (row->detection == detection && row->condition == condition && row->fidelity != FIDELITY_UNSUPPORTED)
			return true;
	}
	return false;
}

static json_t *detection_json(const struct pack *pack, const struct detection *detection)
{
	json_t *json = json_object(), *rows = json_array();
	size_t covered = 0;

	for (size_t i = 0; i < detection->condition_count; i++)
		covered += condition_covered(pack, detection, detection->conditions[i]);
	for (size_t i = 0; i < pack->row_count; i++) {
		if (pack->rows[i].detection == detection)
			json_array_append_new(rows, row_json(&pack->rows[i]));
	}
	json_object_set_new(json, "detection", json_of(detection->name));
	json_object_set_new(json, "conditions", json_integer((json_int_t)detection->condition_count));
	json_object_set_new(json, "covered", json_integer((json_int_t)covered));
	json_object_set_new(json, "rows", rows);
	return json;
}

static bool is_disabled(const struct pack *pack, const struct detection *detection)
{
	for (size_t i = 0; i < pack->disabled_count; i++) {
		if (pack->disabled[i] == detection)
			return true;
	}
	return false;
}

static json_t *detections_json(const struct pack *pack)
{
	const struct catalog *catalog = pack->request->catalog;
	json_t *list = json_array();

	for (size_t i = 0; i < catalog->detection_count; i++) {
		if (!is_disabled(pack, catalog->detections[i]))
			json_array_append_new(list, detection_json(pack, catalog->detections[i]));
	}
	return list;
}

static json_t *exceptions_json(const struct pack *pack)
{
	json_t *list = json_array();

	for (size_t i = 0; i < pack->exception_count; i++) {
		const struct pack_exception *e = &pack->exceptions[i];
		const char *word = e->fidelity == FIDELITY_EXACT ? "exact" : e->fidelity == FIDELITY_WIDER ? "narrowed" : "lost";
		json_t *json = json_object();

		json_object_set_new(json, "exception", json_of(e->exception->name));
		json_object_set_new(json, "origin", json_string(e->shipped ? "detection" : "organization"));
		json_object_set_new(json, "fidelity", json_string(word));
		json_object_set_new(json, "used", json_boolean(e->used));
		if (e->reason != NULL)
			json_object_set_new(json, "reason", json_string(e->reason));
		json_array_append_new(list, json);
	}
	return list;
}

static int by_name(const void *a, const void *b)
{
	return text_compare((*(const struct made_file *const *)a)->name, (*(const struct made_file *const *)b)->name);
}

void pack_fidelity(struct pack *pack)
{
	const struct target *target = pack->request->target;
	json_t *json = json_object(), *files = json_array(), *disabled = json_array();

	if (pack->file_count > 1)
		qsort(pack->files, pack->file_count, sizeof(struct made_file *), by_name);
	for (size_t i = 0; i < pack->file_count; i++)
		json_array_append_new(files, json_of(pack->files[i]->name));
	for (size_t i = 0; i < pack->disabled_count; i++)
		json_array_append_new(disabled, json_of(pack->disabled[i]->name));
	json_object_set_new(json, "mews", json_string(MEWS_VERSION));
	json_object_set_new(json, "target", json_string(target->name));
	json_object_set_new(json, "target_version", json_string(target->version));
	json_object_set_new(json, "organization", json_of(pack_organization(pack)));
	json_object_set_new(json, "catalog_revision", json_string(pack->request->catalog->revision));
	json_object_set_new(json, "rules", json_integer((json_int_t)pack->written));
	json_object_set_new(json, "detections", detections_json(pack));
	json_object_set_new(json, "exceptions", exceptions_json(pack));
	json_object_set_new(json, "disabled", disabled);
	json_object_set_new(json, "files", files);
	char *dumped = json_dumps(json, JSON_INDENT(2));
	struct buffer *out = pack_file(pack, TEXT("fidelity.json"));

	buffer_string(out, dumped ? dumped : "{}");
	buffer_char(out, '\n');
	free(dumped);
	json_decref(json);
}
