/* matched: see matched.h. */
#include "replay/measure/matched.h"

#include <string.h>

enum { VALUE_LENGTH = 120, ALL_LENGTH = 600 };

/* Is it there already, as "name="? */
static bool holds_field(const struct buffer *out, struct text name)
{
	struct text rest = buffer_view(out);
	while (rest.length > name.length) {
		if (text_starts(rest, name, false) && rest.data[name.length] == '=')
			return true;
		size_t blank = text_find(rest, ' ');
		rest = text_slice(rest, blank < rest.length ? blank + 1 : blank, rest.length);
	}
	return false;
}

/* In one line; what would steer a terminal is a question mark. */
static void add_value(struct buffer *out, struct text value)
{
	size_t shown = value.length < VALUE_LENGTH ? value.length : VALUE_LENGTH;
	while (shown < value.length && shown && ((unsigned char)value.data[shown] & 0xc0) == 0x80)
		shown--; /* no half characters */
	for (size_t i = 0; i < shown; i++) {
		const unsigned char byte = (unsigned char)value.data[i], next = i + 1 < shown ? (unsigned char)value.data[i + 1] : 0;
		if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
			buffer_char(out, '?'); /* a control character in two bytes */
			i++;
		} else if (byte > 0x20 && byte != 0x7f) {
			buffer_char(out, value.data[i]);
		} else if (byte == ' ' || strchr("\n\r\t", byte) != NULL) {
			if (out->length && out->data[out->length - 1] != ' ')
				buffer_char(out, ' ');
		} else {
			buffer_char(out, '?');
		}
	}
	if (shown < value.length)
		buffer_string(out, "…");
}

static void add_field(struct buffer *out, const struct facet *facet, unsigned field)
{
	const struct values *values = facet_get(facet, field);
	struct text name = facet->registry->fields[field].name;
	if (!values || out->length > ALL_LENGTH || text_starts(name, TEXT("event."), false) || holds_field(out, name))
		return;
	if (out->length)
		buffer_char(out, ' ');
	buffer_text(out, name);
	buffer_char(out, '=');
	size_t begin = out->length;
	for (size_t i = 0; i < values->count && out->length - begin < VALUE_LENGTH; i++) {
		if (i)
			buffer_char(out, ' ');
		add_value(out, values->items[i].text);
	}
}

static void walk(struct buffer *out, struct evaluator *evaluator, const struct node *node, const struct facet *facet)
{
	if (node->kind == NODE_PREDICATE && evaluate_predicate(evaluator, &node->predicate, facet))
		add_field(out, facet, node->predicate.field);
	for (size_t i = 0; node->kind != NODE_NOT && i < node->count; i++)
		if (evaluate_node(evaluator, node->children[i], facet))
			walk(out, evaluator, node->children[i], facet);
}

void matched_fields(struct buffer *out, struct evaluator *evaluator, const struct condition *condition,
	const struct facet *facet)
{
	if (!condition->sequence)
		walk(out, evaluator, condition->root, facet);
}
