/* json_write: JSON into a buffer (see json_write.h). */
#include "replay/measure/json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void jsonw_begin(struct json_write *json, struct buffer *out)
{
	*json = (struct json_write){.out = out};
	json->flat[0] = true;
}

static void new_line(struct json_write *json)
{
	buffer_char(json->out, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		buffer_string(json->out, "  ");
}

/* What stands before an item: nothing after its key, else comma and line break. */
static void before_item(struct json_write *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	bool *any = &json->any[json->depth];
	if (*any && json->depth)
		buffer_string(json->out, json->flat[json->depth] ? ", " : ",");
	*any = true;
	if (!json->flat[json->depth])
		new_line(json);
}

static void open_container(struct json_write *json, char bracket, bool flat)
{
	before_item(json);
	buffer_char(json->out, bracket);
	if (json->depth == JSON_DEPTH)
		abort();
	bool outer_flat = json->depth > 0 && json->flat[json->depth];
	json->depth++;
	json->any[json->depth] = false;
	json->flat[json->depth] = flat || outer_flat;
}

void jsonw_open(struct json_write *json, char bracket)
{
	open_container(json, bracket, false);
}

void jsonw_open_flat(struct json_write *json, char bracket)
{
	open_container(json, bracket, true);
}

void jsonw_close(struct json_write *json, char bracket)
{
	bool broken = json->any[json->depth] && !json->flat[json->depth];
	json->depth--;
	if (broken)
		new_line(json);
	buffer_char(json->out, bracket);
}

/* One character of a string; returns its bytes. */
static size_t escape(struct buffer *out, const char *data, size_t left)
{
	static const char short_names[] = "\b\f\n\r\t", short_letters[] = "bfnrt";
	unsigned char byte = (unsigned char)*data;
	for (size_t i = 0; i + 1 < sizeof short_names; i++)
		if (*data == short_names[i]) {
			buffer_char(out, '\\');
			buffer_char(out, short_letters[i]);
			return 1;
		}
	if (byte == '"' || byte == '\\') {
		buffer_char(out, '\\');
		buffer_char(out, *data);
		return 1;
	}
	if (byte < 0x20 || byte == 0x7f) {
		buffer_printf(out, "\\u%04x", byte);
		return 1;
	}
	size_t step = utf8_step(data, left);
	if (byte >= 0x80 && step == 1)
		buffer_string(out, "\\ufffd");
	else
		buffer_add(out, data, step);
	return step;
}

static void quote(struct json_write *json, struct text text)
{
	buffer_char(json->out, '"');
	for (size_t i = 0; i < text.length;)
		i += escape(json->out, text.data + i, text.length - i);
	buffer_char(json->out, '"');
}

void jsonw_key_text(struct json_write *json, struct text key)
{
	before_item(json);
	quote(json, key);
	buffer_string(json->out, ": ");
	json->after_key = true;
}

void jsonw_key(struct json_write *json, const char *key)
{
	jsonw_key_text(json, text_of(key));
}

void jsonw_text(struct json_write *json, struct text text)
{
	before_item(json);
	quote(json, text);
}

void jsonw_string(struct json_write *json, const char *string)
{
	if (string)
		jsonw_text(json, text_of(string));
	else
		jsonw_null(json);
}

void jsonw_raw(struct json_write *json, struct text json_text)
{
	before_item(json);
	buffer_text(json->out, json_text);
}

void jsonw_unsigned(struct json_write *json, uint64_t number)
{
	before_item(json);
	buffer_printf(json->out, "%llu", (unsigned long long)number);
}

void jsonw_signed(struct json_write *json, int64_t number)
{
	before_item(json);
	buffer_printf(json->out, "%lld", (long long)number);
}

void jsonw_double(struct json_write *json, double number)
{
	char digits[40];
	if (!isfinite(number)) {
		jsonw_null(json);
		return;
	}
	snprintf(digits, sizeof digits, "%.12g", number);
	jsonw_raw(json, text_of(digits));
}

void jsonw_bool(struct json_write *json, bool truth)
{
	jsonw_raw(json, text_of(truth ? "true" : "false"));
}

void jsonw_null(struct json_write *json)
{
	jsonw_raw(json, TEXT("null"));
}

void jsonw_pair(struct json_write *json, const char *key, struct text text)
{
	jsonw_key(json, key);
	jsonw_text(json, text);
}

void jsonw_pair_string(struct json_write *json, const char *key, const char *string)
{
	jsonw_key(json, key);
	jsonw_string(json, string);
}

void jsonw_pair_open(struct json_write *json, const char *key, char bracket)
{
	jsonw_key(json, key);
	jsonw_open(json, bracket);
}

void jsonw_pair_unsigned(struct json_write *json, const char *key, uint64_t number)
{
	jsonw_key(json, key);
	jsonw_unsigned(json, number);
}

void jsonw_pair_double(struct json_write *json, const char *key, double number)
{
	jsonw_key(json, key);
	jsonw_double(json, number);
}

void jsonw_pair_bool(struct json_write *json, const char *key, bool truth)
{
	jsonw_key(json, key);
	jsonw_bool(json, truth);
}

/* Events */

static void write_value(struct json_write *json, enum value_type type, const struct value *value)
{
	char date[40];
	switch (type) {
	case TYPE_LONG:
		jsonw_signed(json, value->number);
		return;
	case TYPE_BOOLEAN:
		jsonw_bool(json, value->truth);
		return;
	case TYPE_DATE:
		jsonw_text(json, (struct text){date, date_format(value->number, date)});
		return;
	case TYPE_KEYWORD:
	case TYPE_IP:
		break;
	}
	jsonw_text(json, value->text);
}

static void write_facet(struct json_write *json, const struct facet *facet)
{
	jsonw_open_flat(json, '{');
	for (unsigned i = 1; i < facet->registry->field_count; i++) {
		const struct field *field = &facet->registry->fields[i];
		const struct values *values = facet_get(facet, i);
		if (!values)
			continue;
		jsonw_key_text(json, field->name);
		bool many = field->list || values->count != 1;
		if (many)
			jsonw_open_flat(json, '[');
		for (size_t k = 0; k < values->count; k++)
			write_value(json, field->type, &values->items[k]);
		if (many)
			jsonw_close(json, ']');
	}
	jsonw_close(json, '}');
}

void jsonw_event(struct json_write *json, const struct event *event)
{
	if (event->facet_count != 1)
		jsonw_open_flat(json, '[');
	for (size_t i = 0; i < event->facet_count; i++)
		write_facet(json, event->facets[i]);
	if (event->facet_count != 1)
		jsonw_close(json, ']');
}
