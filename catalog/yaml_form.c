/* yaml_form: see yaml_form.h. */
#include "catalog/yaml_form.h"

const struct yaml_form yaml_any_text = {.sort = YAML_TEXT};
const struct yaml_form yaml_some_text = {.sort = YAML_TEXT, .pattern = "\\S"};
const struct yaml_form yaml_slug = {.sort = YAML_TEXT, .pattern = "^[a-z0-9]+(-[a-z0-9]+)*$",
	.rules = "\"maxLength\":100", .sample = "docker-socket-mount"};
const struct yaml_form yaml_day = {.sort = YAML_TEXT, .pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", .flags = YAML_DATE,
	.sample = "2026-11-23"};
const struct yaml_form yaml_flag = {.sort = YAML_FLAG, .sample = "true"};
const struct yaml_form yaml_whole = {.sort = YAML_WHOLE, .sample = "1"};
const struct yaml_form yaml_texts_of = {.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE};
const struct yaml_form yaml_condition = {.sort = YAML_EQL, .pattern = "\\S",
	.sample = "process where event.action == \"exec\" and process.name == \"docker\""};
const struct yaml_form yaml_expression = {.sort = YAML_EQL_PART, .pattern = "\\S",
	.sample = "process.name == \"dockerd\""};

enum yaml_kind yaml_form_kind(const struct yaml_form *form)
{
	switch (form->sort) {
	case YAML_TEXT:
	case YAML_FLAG:
	case YAML_WHOLE:
	case YAML_REAL:
	case YAML_EQL:
	case YAML_EQL_PART:
		return YAML_SCALAR;
	case YAML_LIST:
		return form->flags & YAML_OR_ONE ? YAML_NULL : YAML_SEQUENCE;
	case YAML_FACET:
	case YAML_RECORD:
	case YAML_TABLE:
		return YAML_MAPPING;
	case YAML_ANYTHING:
	case YAML_EITHER:
	case YAML_END:
		break;
	}
	return YAML_NULL;
}

const struct yaml_form *yaml_form_of(const struct yaml_form *form, enum yaml_kind kind)
{
	if (form == NULL || form->sort != YAML_EITHER)
		return form;
	for (const struct yaml_form *each = form->of; each->sort != YAML_END; each++)
		if (yaml_form_kind(each) == kind)
			return each;
	return NULL;
}
