/* record_open: see record_open.h. */
#include "replay/readers/record_open.h"

#include "replay/readers/meaning.h"
#include "replay/readers/xml_record.h"

#include <string.h>

enum { DEPTH_MAX = 32, NAME_MAX = 512, VALUES_MAX = 4096 };

/* A document on its way into the record; adding = false: it is only looked at whether it is one. */
struct opening {
	struct record *record;
	struct record_part *part; /* NULL: the record itself takes the names */
	struct text rest;
	char name[NAME_MAX];
	size_t length, values;
	bool adding;
};

static void skip_blanks(struct opening *o)
{
	while (o->rest.length && memchr(" \t\r\n", o->rest.data[0], 4))
		o->rest = text_slice(o->rest, 1, o->rest.length);
}

static bool take(struct opening *o, char byte)
{
	skip_blanks(o);
	if (!o->rest.length || o->rest.data[0] != byte)
		return false;
	o->rest = text_slice(o->rest, 1, o->rest.length);
	return true;
}

static bool next_is(struct opening *o, char byte)
{
	skip_blanks(o);
	return o->rest.length && o->rest.data[0] == byte;
}

/* Adds a value under a name that lives only here. Names that nothing asks for are not worth their memory. */
static void add_opened(struct record *record, struct record_part *part, struct text name, struct text value)
{
	unsigned number = record_plan_name(record->plan, name);
	bool members = record->plan->member_count > 0;
	if (number && !members)
		record_add_number(record, part, number, value);
	else if (part) /* of pairs: whatever stands below their values */
		record_part_add(record, part, text_copy(record->arena, name), value);
	else if (members || record->keep)
		record_add(record, text_copy(record->arena, name), value);
}

static void add_value(struct opening *o, struct text value)
{
	if (o->adding && ++o->values <= VALUES_MAX)
		add_opened(o->record, o->part, (struct text){o->name, o->length}, value);
}

/* UTF-8 of a code point; \u escapes of halves of a pair give U+FFFD. */
static size_t put_character(char *out, uint64_t code)
{
	if (code >= 0xd800 && code < 0xe000)
		code = 0xfffd;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | (code >> 12 & 0xf));
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* After a backslash: what is meant, and how many bytes of `rest` say so. */
static size_t put_escape(struct text rest, char *out, size_t *used)
{
	static const char from[] = "nrtbf0", to[] = "\n\r\t\b\f ";
	const char *simple = memchr(from, rest.data[0], sizeof from - 1);
	size_t digits = rest.data[0] == 'u' ? 4 : rest.data[0] == 'x' ? 2 : 0;
	uint64_t code;
	*used = 1;
	if (digits && text_to_ulong_base(text_slice(rest, 1, 1 + digits), 16, &code)) {
		*used = 1 + digits;
		return put_character(out, code ? code : ' ');
	}
	out[0] = simple ? to[simple - from] : rest.data[0];
	return 1;
}

static bool take_string(struct opening *o, struct text *string)
{
	char quote = o->rest.data[0];
	char *bytes = arena_alloc(o->record->arena, o->rest.length + 3);
	size_t at = 1, length = 0;
	while (at < o->rest.length && o->rest.data[at] != quote) {
		size_t used = 1;
		if (o->rest.data[at] == '\\' && at + 1 < o->rest.length) {
			length += put_escape(text_slice(o->rest, at + 1, o->rest.length), bytes + length, &used);
			at += 1 + used;
		} else {
			bytes[length++] = o->rest.data[at++];
		}
	}
	if (at == o->rest.length)
		return false;
	o->rest = text_slice(o->rest, at + 1, o->rest.length);
	*string = (struct text){bytes, length};
	return true;
}

/* A number or a word of either language; null and None are no value. */
static bool take_word(struct opening *o)
{
	size_t end = 0;
	while (end < o->rest.length && !memchr(",:]}) \t\r\n", o->rest.data[end], 9))
		end++;
	struct text word = text_slice(o->rest, 0, end);
	o->rest = text_slice(o->rest, end, o->rest.length);
	if (text_is(word, "True") || text_is(word, "False"))
		word = text_fold(o->record->arena, word);
	if (!text_is(word, "null") && !text_is(word, "None"))
		add_value(o, word);
	return end > 0;
}

static bool push_name(struct opening *o, struct text name)
{
	if (o->length + name.length + 1 >= sizeof o->name)
		return false;
	if (o->length)
		o->name[o->length++] = '.';
	if (name.length)
		memcpy(o->name + o->length, name.data, name.length);
	o->length += name.length;
	return true;
}

static bool take_document(struct opening *o, unsigned depth);

static bool take_object(struct opening *o, unsigned depth)
{
	struct text key;
	bool good = take(o, '{');
	while (good && !next_is(o, '}')) {
		size_t before = o->length;
		good = o->rest.length && (o->rest.data[0] == '"' || o->rest.data[0] == '\'') && take_string(o, &key) && take(o, ':')
			&& push_name(o, key) && take_document(o, depth + 1);
		o->length = before;
		good = good && (take(o, ',') || next_is(o, '}'));
	}
	return good && take(o, '}');
}

/* Objects of an array are parts of the record too, where the dialect asks for them. */
static bool take_part(struct opening *o, unsigned depth)
{
	struct text kind = {o->name, o->length};
	const struct record_plan *plan = o->record->plan;
	if (!o->adding || o->part)
		return true;
	for (size_t i = 0; i < plan->kind_count; i++) {
		if (!text_equal(plan->kinds[i], kind))
			continue;
		struct opening inner = *o;
		inner.part = record_add_part(o->record, plan->kinds[i]);
		inner.length = 0;
		return take_document(&inner, depth + 1);
	}
	return true;
}

static bool take_array(struct opening *o, char end, unsigned depth)
{
	bool good = o->rest.length > 0;
	o->rest = text_slice(o->rest, 1, o->rest.length);
	while (good && !next_is(o, end)) {
		good = (!next_is(o, '{') || take_part(o, depth)) && take_document(o, depth + 1) && (take(o, ',') || next_is(o, end));
	}
	return good && take(o, end);
}

static bool take_document(struct opening *o, unsigned depth)
{
	struct text string;
	skip_blanks(o);
	if (depth > DEPTH_MAX || !o->rest.length)
		return false;
	switch (o->rest.data[0]) {
	case '{': return take_object(o, depth);
	case '[': return take_array(o, ']', depth);
	case '(': return take_array(o, ')', depth);
	case '"':
	case '\'':
		if (!take_string(o, &string))
			return false;
		add_value(o, string);
		return true;
	default: return take_word(o);
	}
}

static void unpack(struct record *record, struct text name)
{
	const struct raw_value *raw = record_get(record, NULL, name);
	if (!raw || !raw->count || name.length >= NAME_MAX)
		return;
	struct text document = text_trim(raw->values[0]);
	if (document.length && document.data[0] == '<') {
		struct xml_record *xml = xml_record_new();
		xml_record_take(xml, document, record);
		xml_record_free(xml);
		return;
	}
	if (!document.length || !memchr("{[(", document.data[0], 3))
		return;
	for (int adding = 0; adding < 2; adding++) {
		struct opening opening = {.record = record, .rest = document, .length = name.length, .adding = adding};
		memcpy(opening.name, name.data, name.length);
		bool good = take_document(&opening, 0);
		skip_blanks(&opening);
		if (!good || opening.rest.length)
			return;
	}
}

/* --- pairs --- */

static const struct raw_value *of_part(const struct record_part *part, struct text name)
{
	for (size_t i = 0; i < part->count; i++)
		if (text_equal(part->values[i].name, name))
			return &part->values[i];
	return NULL;
}

static size_t put(char *name, size_t length, struct text more)
{
	if (length + more.length >= NAME_MAX)
		return NAME_MAX;
	if (more.length)
		memcpy(name + length, more.data, more.length);
	return length + more.length;
}

/* ARRAY.NAME for the value itself, ARRAY.NAME.x for a member x of it. */
static void add_pair(struct record *record, const struct dialect_pairs *pairs, size_t index)
{
	char full[NAME_MAX];
	const struct record_part *part = &record->parts[index];
	const struct raw_value *name = of_part(part, pairs->name);
	if (!name || !name->count)
		return;
	size_t length = put(full, put(full, put(full, 0, pairs->array), TEXT(".")), name->values[0]);
	for (size_t i = 0; i < part->count; i++) {
		const struct raw_value *value = &part->values[i];
		struct text rest = text_slice(value->name, pairs->value.length, value->name.length);
		if (!text_starts(value->name, pairs->value, false) || (rest.length && rest.data[0] != '.'))
			continue;
		size_t whole = put(full, length, rest);
		for (size_t k = 0; k < value->count && whole < NAME_MAX; k++)
			add_opened(record, NULL, (struct text){full, whole}, value->values[k]);
	}
}

/* --- made names --- */

/* What one row makes of the record is added under the number. */
static bool make_name(struct record *record, const struct plan_row *row, unsigned number)
{
	struct event scratch = {.arena = record->arena};
	const struct meaning m = {.record = record, .plan = record->plan, .event = &scratch};
	const struct dialect_field *field = row->field;
	struct text *values = NULL;
	size_t count = row_values(&m, row, NULL, &values);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct text value = values[i];
		if (field->shape.shape == SHAPE_MAPPED && !shape_map_find(field->shape.map, field->shape.map_count, value, &value))
			continue;
		values[kept++] = value;
	}
	if (kept && record->slots[number])
		record->values[record->slots[number] - 1].count = 0; /* the record has a name like that: the made one counts */
	for (size_t i = 0; i < kept; i++)
		record_add_number(record, NULL, number, values[i]);
	return kept > 0;
}

static void make_names(struct record *record)
{
	for (size_t i = 0; i < record->plan->dialect->made_count; i++) {
		const struct plan_made *made = &record->plan->made[i];
		for (size_t k = 0; k < made->row_count; k++)
			if (make_name(record, &made->rows[k], made->name))
				break;
	}
}

void record_open(struct record *record)
{
	const struct dialect *dialect = record->plan->dialect;
	if (record->opened == dialect)
		return;
	record->opened = dialect;
	for (size_t i = 0; i < dialect->unpack_count; i++)
		unpack(record, dialect->unpacks[i]);
	for (size_t i = 0; i < dialect->pair_count; i++)
		for (size_t k = 0; k < record->part_count; k++)
			if (text_equal(record->parts[k].kind, dialect->pairs[i].array))
				add_pair(record, &dialect->pairs[i], k);
	make_names(record);
}
