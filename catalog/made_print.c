/* made_print: facets as tests in detections have them, in one line of YAML. */
#include "catalog/made.h"

static bool is_plain(struct text text)
{
	static const char *const words[] = {"null", "Null", "NULL", "true", "false", "yes", "no", "on", "off"};

	if (text.length == 0 || text.length > 200)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');

		if (!letter && byte != '/' && byte != '_' && (i == 0 || (byte != '.' && byte != '-')))
			return false;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (text_is(text, words[i]))
			return false;
	}
	return true;
}

static void print_scalar(struct buffer *out, struct text text, bool plain)
{
	if (plain || is_plain(text)) {
		buffer_text(out, text);
		return;
	}
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte == '"' || byte == '\\')
			buffer_printf(out, "\\%c", byte);
		else if (byte == '\n')
			buffer_string(out, "\\n");
		else if (byte == '\t')
			buffer_string(out, "\\t");
		else if (byte < 32 || byte == 127)
			buffer_printf(out, "\\x%02x", byte);
		else
			buffer_char(out, (char)byte);
	}
	buffer_char(out, '"');
}

static void print_field(struct buffer *out, const struct field *field, const struct text *texts, size_t count, bool first)
{
	buffer_string(out, first ? "" : ", ");
	print_scalar(out, field->name, field->name.data[0] != '@');
	buffer_string(out, field->list ? ": [" : ": ");
	for (size_t i = 0; i < count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		print_scalar(out, texts[i], field->type == TYPE_LONG || field->type == TYPE_BOOLEAN);
	}
	buffer_string(out, field->list ? "]" : "");
}

void made_print(const struct test_facet *facet, const struct registry *registry, struct buffer *out)
{
	bool first = true;

	buffer_char(out, '{');
	for (size_t i = 0; i < facet->count; i++) {
		const struct test_field *field = &facet->fields[i];

		if (field->null)
			continue;
		print_field(out, &registry->fields[field->field], field->values.items, field->values.count, first);
		first = false;
	}
	buffer_char(out, '}');
}

void made_print_facet(const struct facet *facet, struct buffer *out)
{
	struct arena arena = {0};
	bool first = true;

	buffer_char(out, '{');
	for (size_t i = 0; i < facet->count; i++) {
		const struct facet_entry *entry = &facet->entries[i];
		struct text *texts = arena_array(&arena, entry->values.count + 1, sizeof(*texts));

		if (facet->position[entry->field] == 0 || entry->field == FIELD_TYPE)
			continue;
		for (size_t k = 0; k < entry->values.count; k++)
			texts[k] = entry->values.items[k].text;
		print_field(out, &facet->registry->fields[entry->field], texts, entry->values.count, first);
		first = false;
	}
	buffer_char(out, '}');
	arena_free(&arena);
}
