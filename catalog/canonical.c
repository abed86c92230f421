/* canonical: see canonical.h. What is written is proved in canonical_proof.c. */
#include "catalog/canonical.h"

#include "catalog/canonical_proof.h"
#include "catalog/eql_layout.h"
#include "catalog/lossless.h"
#include "catalog/yaml_scalar.h"

/* The column of values in a table whose values stand below each other, seen from its keys. */
enum { ALIGNED_COLUMN = 27 };

struct printing {
	struct arena *arena;
	struct buffer *out;
	bool ordered; /* keys may change places */
	size_t kept;  /* out's length behind the newest text that keeps empty lines (|+): one more there would be part of it */
};

static void print_value(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent,
	const char *before);

/* --- small parts ------------------------------------------------------------------------------ */

static void print_blanks(struct buffer *out, size_t count)
{
	while (count-- > 0)
		buffer_char(out, ' ');
}

static size_t column(const struct buffer *out)
{
	size_t at = out->length, characters = 0;
	while (at > 0 && out->data[at - 1] != '\n')
		at--;
	for (; at < out->length; characters++)
		at += utf8_step(out->data + at, out->length - at);
	return characters;
}

static size_t characters(struct text text)
{
	size_t count = 0;
	for (size_t at = 0; at < text.length; count++)
		at += utf8_step(text.data + at, text.length - at);
	return count;
}

static void print_gap(struct printing *p)
{
	if (p->kept != p->out->length)
		buffer_char(p->out, '\n');
}

static void print_comments(struct printing *p, const struct lossless_comments *comments, size_t indent, bool first)
{
	for (size_t i = 0; i < comments->count; i++) {
		if (comments->items[i].apart && !(first && i == 0))
			print_gap(p);
		print_blanks(p->out, indent);
		buffer_text(p->out, comments->items[i].text);
		buffer_char(p->out, '\n');
	}
}

static void print_trail(struct buffer *out, struct text comment)
{
	if (comment.length > 0)
		buffer_printf(out, " %.*s", TEXT_ARGS(comment));
	buffer_char(out, '\n');
}

static bool is_condition(const struct yaml_form *form)
{
	return form != NULL && (form->sort == YAML_EQL || form->sort == YAML_EQL_PART);
}

/* What an item of a list is. */
static const struct yaml_form *form_of_each(const struct yaml_form *form)
{
	return form != NULL && form->sort == YAML_LIST ? form->of : NULL;
}

static const struct yaml_form *form_of_key(const struct yaml_form *form, struct text key)
{
	if (form == NULL || form->sort != YAML_RECORD)
		return form != NULL && form->sort == YAML_TABLE ? form->of : NULL;
	for (const struct yaml_shape *row = form->shape; row->key != NULL; row++)
		if (text_is(key, row->key))
			return row->form;
	return NULL;
}

static size_t rank_of(const struct yaml_form *form, struct text key)
{
	size_t rank = 0;
	while (form->shape[rank].key != NULL && !text_is(key, form->shape[rank].key))
		rank++;
	return rank;
}

/* A record's items in the order of its table; keys that it lacks stay behind the others. */
static struct lossless_item **ordered(struct printing *p, const struct lossless *node, const struct yaml_form *form)
{
	struct lossless_item **items = arena_array(p->arena, node->count, sizeof(struct lossless_item *));
	for (size_t i = 0; i < node->count; i++) {
		size_t at = i;
		for (; p->ordered && form != NULL && form->sort == YAML_RECORD && at > 0; at--) {
			if (rank_of(form, items[at - 1]->key->text) <= rank_of(form, node->items[i]->key->text))
				break;
			items[at] = items[at - 1];
		}
		items[at] = node->items[i];
	}
	return items;
}

/* --- in one line ------------------------------------------------------------------------------ */

static void print_properties(const struct lossless *node, struct buffer *out)
{
	if (node->properties.length > 0)
		buffer_printf(out, "%.*s ", TEXT_ARGS(node->properties));
}

static void print_line(struct printing *p, const struct lossless *node, const struct yaml_form *form, bool flow,
	struct buffer *out);

/* A scalar in one line: plain stays plain, quotes go where nobody needs them. */
static void print_scalar(struct printing *p, const struct lossless *node, const struct yaml_form *form, bool flow,
	struct buffer *out)
{
	struct eql_lines lines;
	struct text text = node->text;
	if (is_condition(form) && eql_layout(p->arena, text, SIZE_MAX, &lines) && lines.count == 1)
		text = lines.items[0];
	bool bare = text.length == 0 && node->style == LOSSLESS_PLAIN;
	bool tagged = text_starts(node->properties, TEXT("!"), false);
	if (bare && flow && !tagged)
		buffer_string(out, "null");
	else if (bare)
		return;
	else if (node->style == LOSSLESS_PLAIN && yaml_is_typed(text) && yaml_is_plain(text, false))
		buffer_text(out, text); /* a number is one without quotes alone */
	else if (node->style != LOSSLESS_PLAIN && tagged && yaml_is_plain(text, flow))
		yaml_quoted_print(text, out);
	else
		yaml_scalar_print(text, flow, out);
}

static void print_key(const struct lossless *key, bool flow, struct buffer *out)
{
	print_properties(key, out);
	if (key->style == LOSSLESS_PLAIN && yaml_is_plain(key->text, flow))
		buffer_text(out, key->text);
	else
		yaml_scalar_print(key->text, flow, out);
}

static void print_flow(struct printing *p, const struct lossless *node, const struct yaml_form *form, struct buffer *out)
{
	bool mapping = node->kind == YAML_MAPPING;
	struct lossless_item **items = mapping ? ordered(p, node, form) : node->items;
	buffer_char(out, mapping ? '{' : '[');
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0)
			buffer_string(out, ", ");
		if (mapping) {
			print_key(items[i]->key, true, out);
			buffer_string(out, ": ");
		}
		print_line(p, &items[i]->value, mapping ? form_of_key(form, items[i]->key->text) : form_of_each(form), true, out);
	}
	buffer_char(out, mapping ? '}' : ']');
}

static void print_line(struct printing *p, const struct lossless *node, const struct yaml_form *form, bool flow,
	struct buffer *out)
{
	form = yaml_form_of(form, node->kind);
	print_properties(node, out);
	if (node->alias.length > 0)
		buffer_printf(out, "*%.*s", TEXT_ARGS(node->alias));
	else if (node->kind == YAML_SCALAR)
		print_scalar(p, node, form, flow, out);
	else
		print_flow(p, node, form, out);
}

/* --- scalars over several lines --------------------------------------------------------------- */

static void print_body(struct buffer *out, struct text body, size_t cut, size_t indent)
{
	while (body.length > 0) {
		struct text line = text_slice(body, 0, text_find(body, '\n'));
		struct text rest = text_slice(line, cut, line.length);
		if (rest.length > 0)
			print_blanks(out, indent);
		buffer_text(out, rest);
		buffer_char(out, '\n');
		body = text_slice(body, line.length + 1, body.length);
	}
}

/* What the first line has more than its text is indentation. A text that begins with blanks of its own needs a digit. */
static void print_block(struct printing *p, const struct lossless *node, size_t indent)
{
	struct buffer *out = p->out;
	struct text first = node->text;
	bool keeps = false;
	while (first.length > 0 && first.data[0] == '\n')
		first = text_slice(first, 1, first.length);
	buffer_char(out, node->style == LOSSLESS_LITERAL ? '|' : '>');
	if (first.length > 0 && first.data[0] == ' ')
		buffer_char(out, '2');
	if (!text_ends(node->text, TEXT("\n"), false)) /* the file ended, or it says so */
		buffer_char(out, '-');
	else
		keeps = text_find(node->marks, '+') < node->marks.length;
	if (keeps)
		buffer_char(out, '+');
	print_trail(out, node->head);
	print_body(out, node->body, lossless_indent(node), indent);
	p->kept = keeps ? out->length : p->kept;
}

/* A long text without line breaks, filled: as a folded block it means the same. false: it does not fit that form. */
static bool print_folded(struct text text, size_t indent, struct text comment, struct buffer *out)
{
	if (text.length == 0 || text.data[0] == ' ' || text.data[text.length - 1] == ' ' || text_contains(text, TEXT("  "),
		false) ||
		yaml_needs_escape(text))
		return false;
	buffer_string(out, ">-");
	print_trail(out, comment);
	print_blanks(out, indent);
	while (text.length > 0) {
		struct text word = text_slice(text, 0, text_find(text, ' '));
		size_t at = column(out);
		if (at > indent && at + 1 + characters(word) > CANONICAL_WIDTH) {
			buffer_char(out, '\n');
			print_blanks(out, indent);
		} else if (at > indent) {
			buffer_char(out, ' ');
		}
		buffer_text(out, word);
		text = text_slice(text, word.length + 1, text.length);
	}
	buffer_char(out, '\n');
	return true;
}

/* A condition in lines of its own, where it has more than one or is too long for its key's. */
static bool print_condition(struct printing *p, const struct lossless *node, size_t indent)
{
	struct eql_lines lines;
	struct text comment = node->head.length > 0 ? node->head : node->trail;
	if (!eql_layout(p->arena, node->text, CANONICAL_WIDTH - indent, &lines))
		return false;
	for (size_t i = 0; i < lines.count; i++)
		if (yaml_needs_escape(lines.items[i])) /* a block has none */
			return false;
	const struct text first = lines.items[0];
	bool single = lines.count == 1 && column(p->out) + characters(first) <= CANONICAL_WIDTH;
	if (single && node->style != LOSSLESS_PLAIN && yaml_is_typed(first)) {
		yaml_scalar_print(first, false, p->out); /* "true" in quotes is a text */
		print_trail(p->out, comment);
		return true;
	}
	if (single && yaml_is_plain(first, false)) {
		buffer_text(p->out, first);
		print_trail(p->out, comment);
		return true;
	}
	buffer_char(p->out, '|');
	print_trail(p->out, comment);
	for (size_t i = 0; i < lines.count; i++) {
		print_blanks(p->out, indent);
		buffer_text(p->out, lines.items[i]);
		buffer_char(p->out, '\n');
	}
	return true;
}

/* `key:` stands there already; `indent` is that of further lines. */
static void print_text(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent)
{
	struct buffer line = {0};
	struct text comment = node->head.length > 0 ? node->head : node->trail;
	struct buffer *out = p->out;
	if (node->properties.length == 0 && is_condition(form) && print_condition(p, node, indent))
		return;
	print_properties(node, out);
	if (node->style >= LOSSLESS_LITERAL && text_trim(node->text).length > 0) {
		print_block(p, node, indent);
		return;
	}
	print_scalar(p, node, form, false, &line);
	bool fits = !node->folded_lines || column(out) + characters(buffer_view(&line)) <= CANONICAL_WIDTH;
	fits |= node->style == LOSSLESS_PLAIN && yaml_is_typed(node->text); /* a block is a text, whatever stands in it */
	if (fits || !print_folded(node->text, indent, comment, out)) {
		if (line.length == 0 && out->length > 0 && out->data[out->length - 1] == ' ')
			out->length--; /* nothing stands behind `key:` */
		buffer_text(out, buffer_view(&line));
		print_trail(out, comment);
	}
	buffer_free(&line);
}

/* --- collections ------------------------------------------------------------------------------ */

/* A piece of a flow collection: a scalar with its key, what opens before it and what follows it. Lines may end behind it. */
struct piece {
	struct text text;
	size_t depth; /* collections that are open where it begins */
};

struct pieces {
	struct piece *items;
	size_t count;
	struct buffer open; /* the piece in the making */
	size_t depth;       /* where that began */
};

static void end_piece(struct printing *p, struct pieces *pieces)
{
	pieces->items = arena_grow(p->arena, pieces->items, pieces->count, sizeof *pieces->items);
	pieces->items[pieces->count++] = (struct piece){text_copy(p->arena, buffer_view(&pieces->open)), pieces->depth};
	buffer_clear(&pieces->open);
}

static void cut_pieces(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t depth,
	struct pieces *pieces)
{
	bool mapping = node->kind == YAML_MAPPING;
	form = yaml_form_of(form, node->kind);
	if (node->kind == YAML_SCALAR || node->alias.length > 0 || node->count == 0) {
		print_line(p, node, form, true, &pieces->open);
		return;
	}
	struct lossless_item **items = mapping ? ordered(p, node, form) : node->items;
	print_properties(node, &pieces->open);
	buffer_char(&pieces->open, mapping ? '{' : '[');
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0) {
			buffer_char(&pieces->open, ',');
			end_piece(p, pieces);
			pieces->depth = depth + 1;
		}
		if (mapping) {
			print_key(items[i]->key, true, &pieces->open);
			buffer_string(&pieces->open, ": ");
		}
		cut_pieces(p, &items[i]->value, mapping ? form_of_key(form, items[i]->key->text) : form_of_each(form), depth + 1,
			pieces);
	}
	buffer_char(&pieces->open, mapping ? '}' : ']');
}

/* A flow collection that was written over several lines fills them. */
static void print_filled(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent)
{
	struct pieces pieces = {0};
	cut_pieces(p, node, form, 0, &pieces);
	end_piece(p, &pieces);
	for (size_t i = 0; i < pieces.count; i++) {
		if (i > 0 && column(p->out) + 1 + characters(pieces.items[i].text) > CANONICAL_WIDTH) {
			buffer_char(p->out, '\n');
			print_blanks(p->out, indent + 2 * (pieces.items[i].depth - 1));
		} else if (i > 0) {
			buffer_char(p->out, ' ');
		}
		buffer_text(p->out, pieces.items[i].text);
	}
	print_trail(p->out, node->trail);
	buffer_free(&pieces.open);
}

static void print_flow_value(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent)
{
	if (node->broken) {
		print_filled(p, node, form, indent);
		return;
	}
	print_properties(node, p->out);
	print_flow(p, node, form, p->out);
	print_trail(p->out, node->trail);
}

/* Is the value written in lines below its key? */
static bool stands_below(const struct lossless *node)
{
	return node->alias.length == 0 && (node->kind == YAML_MAPPING || node->kind == YAML_SEQUENCE) && node->count > 0 &&
		(!node->flow || node->commented);
}

static void print_pair(struct printing *p, const struct lossless_item *item, const struct yaml_form *form, size_t indent,
	bool aligned)
{
	struct buffer *out = p->out;
	size_t from = column(out);
	print_key(item->key, false, out);
	buffer_char(out, ':');
	if (stands_below(&item->value)) {
		struct text head = item->key->trail.length > 0 ? item->key->trail : item->value.head;
		if (item->value.properties.length > 0)
			buffer_printf(out, " %.*s", TEXT_ARGS(item->value.properties));
		print_trail(out, head);
		print_value(p, &item->value, form, indent + 2, NULL);
		return;
	}
	buffer_char(out, ' ');
	while (aligned && column(out) < from + ALIGNED_COLUMN)
		buffer_char(out, ' ');
	print_value(p, &item->value, form, indent + 2, NULL);
}

/* A mapping's lines. The first key stands behind the `- ` that is written already, where `inside` says so. */
static void print_mapping(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent,
	bool inside)
{
	struct lossless_item **items = ordered(p, node, form);
	bool aligned = form != NULL && form->flags & YAML_ALIGNED;
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0 || !inside) {
			print_comments(p, &items[i]->lead, indent, i == 0);
			if (items[i]->apart && (i > 0 || items[i]->lead.count > 0))
				print_gap(p);
			print_blanks(p->out, indent);
		}
		print_pair(p, items[i], form_of_key(form, items[i]->key->text), indent, aligned);
	}
}

/* Comments that belong before a `- `: those of the item, and of what will be its first key or item. */
static void print_item_lead(struct printing *p, const struct lossless_item *item, const struct yaml_form *form,
	size_t indent, bool first)
{
	print_comments(p, &item->lead, indent, first);
	if (item->apart && !(first && item->lead.count == 0))
		print_gap(p);
	if (!stands_below(&item->value))
		return;
	if (item->value.head.length > 0) {
		struct lossless_comment head = {item->value.head, false, 0};
		print_comments(p, &(struct lossless_comments){&head, 1}, indent, true);
	}
	if (item->value.properties.length > 0)
		return; /* what is below stands in lines of its own */
	if (item->value.kind == YAML_MAPPING)
		print_comments(p, &ordered(p, &item->value, form)[0]->lead, indent, true);
	else
		print_item_lead(p, item->value.items[0], yaml_form_of(form_of_each(form), item->value.items[0]->value.kind), indent,
			true);
}

static void print_sequence(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent,
	bool inside)
{
	const struct yaml_form *each = form_of_each(form);
	for (size_t i = 0; i < node->count; i++) {
		const struct lossless_item *item = node->items[i];
		if (i > 0 || !inside) {
			print_item_lead(p, item, yaml_form_of(each, item->value.kind), indent, i == 0);
			print_blanks(p->out, indent);
		}
		buffer_string(p->out, "- ");
		print_value(p, &item->value, each, indent + 2, "- ");
	}
}

/* Comments at the end of what was a flow collection stand behind its last item. */
static void print_tail(struct printing *p, const struct lossless *node, size_t indent)
{
	print_comments(p, &node->tail, indent, false);
	if (node->commented && node->trail.length > 0) {
		print_blanks(p->out, indent);
		buffer_text(p->out, node->trail);
		buffer_char(p->out, '\n');
	}
}

/* `before`: the cursor stands behind it, in the line of a list's item; NULL: behind `key: `, or at the beginning of a line. */
static void print_value(struct printing *p, const struct lossless *node, const struct yaml_form *form, size_t indent,
	const char *before)
{
	form = yaml_form_of(form, node->kind);
	if (!stands_below(node)) {
		if (node->kind == YAML_SCALAR && node->alias.length == 0) {
			print_text(p, node, form, indent);
		} else if (node->alias.length > 0) {
			print_line(p, node, form, false, p->out);
			print_trail(p->out, node->trail);
		} else {
			print_flow_value(p, node, form, indent);
		}
		return;
	}
	if (before != NULL && node->properties.length > 0) {
		/* `- &name` and the lines below it */
		buffer_printf(p->out, "%.*s\n", TEXT_ARGS(node->properties));
		before = NULL;
	}
	if (node->kind == YAML_MAPPING)
		print_mapping(p, node, form, indent, before != NULL);
	else
		print_sequence(p, node, form, indent, before != NULL);
	print_tail(p, node, indent);
}

void canonical_condition(struct text source, size_t indent, struct buffer *out)
{
	struct arena arena = {0};
	struct printing p = {.arena = &arena, .out = out};
	struct lossless node = {.kind = YAML_SCALAR, .style = LOSSLESS_DOUBLE, .text = source};
	if (!print_condition(&p, &node, indent)) {
		yaml_scalar_print(source, false, out);
		buffer_char(out, '\n');
	}
	arena_free(&arena);
}

static void print_document(struct printing *p, const struct lossless_document *document, const struct yaml_form *form)
{
	print_comments(p, &document->header, 0, true);
	if (document->header_apart && document->header.count > 0)
		buffer_char(p->out, '\n');
	print_value(p, &document->root, form, 0, NULL);
	if (!stands_below(&document->root))
		print_comments(p, &document->root.tail, 0, false);
}

int canonical_write(struct text source, const char *file, const struct yaml_form *form, struct buffer *out,
	struct diagnostics *d)
{
	struct arena arena = {0};
	struct lossless_document document;
	struct yaml *before = NULL;
	size_t count = 0;
	buffer_clear(out);
	int failed = yaml_parse(&arena, source, file, NULL, d, &before, &count);
	if (failed == 0 && count == 0)
		failed = diagnostics_error(d, ((struct place){file, 0, 0}), "the file is empty");
	if (failed == 0 && before->kind != YAML_MAPPING)
		failed = yaml_error(d, before, "a file of mews's is a mapping of keys");
	if (failed == 0)
		failed = lossless_parse(&arena, source, file, &document, d);
	if (failed == 0) {
		struct printing p = {.arena = &arena, .out = out, .ordered = !document.aliases};
		print_document(&p, &document, form);
		failed = canonical_prove(&arena, source, before, buffer_view(out), file, form, d);
	}
	arena_free(&arena);
	return failed;
}
