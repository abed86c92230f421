/* lossless: see lossless.h. */
#include "catalog/lossless.h"

#include <string.h>
#include <yaml.h>

struct builder {
	struct arena *arena;
	struct text source;
	const char *file;
	struct diagnostics *d;
	yaml_parser_t parser;
	yaml_event_t event;           /* at hand */
	size_t start, end;            /* of the event, in bytes */
	size_t content;               /* where it begins behind its anchor and tag */
	unsigned column;              /* where it begins */
	size_t index, at;             /* a character's number, and its byte */
	size_t passed;                /* up to where gaps were looked through */
	struct text *slot;            /* where a comment goes that follows in the same line; NULL: nowhere */
	struct lossless_comments pending;
	bool apart;                   /* an empty line stands before the event, behind the comments */
	bool aliases;
	int outer;                    /* the column of the collection around; -1: none */
};

static int fail(struct builder *b, const char *message)
{
	struct place place = {b->file, (unsigned)b->event.start_mark.line + 1, (unsigned)b->event.start_mark.column + 1};
	diagnostics_error(b->d, place, "%s", message);
	return -1;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct text lossless_lines(struct arena *arena, struct text source)
{
	if (text_starts(source, TEXT("\xef\xbb\xbf"), false))
		source = text_slice(source, 3, source.length);
	if (text_find(source, '\r') == source.length)
		return source;
	char *lines = arena_alloc(arena, source.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < source.length; i++) {
		bool pair = source.data[i] == '\r' && i + 1 < source.length && source.data[i + 1] == '\n';
		if (!pair)
			lines[length++] = source.data[i] == '\r' ? '\n' : source.data[i];
	}
	return (struct text){lines, length};
}

/* libyaml counts characters. Marks go forward but for a step back here and there. */
static size_t byte_at(struct builder *b, size_t index)
{
	while (b->index < index && b->at < b->source.length) {
		b->at += utf8_step(b->source.data + b->at, b->source.length - b->at);
		b->index++;
	}
	while (b->index > index && b->at > 0) {
		do
			b->at--;
		while (b->at > 0 && ((unsigned char)b->source.data[b->at] & 0xC0) == 0x80);
		b->index--;
	}
	return b->at;
}

/* --- gaps ------------------------------------------------------------------------------------- */

static void add_comment(struct arena *arena, struct lossless_comments *list, struct lossless_comment comment)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof *list->items);
	list->items[list->count++] = comment;
}

/* Of what stands that far behind nobody asks where exactly. */
enum { COLUMN_MAX = 1000 };

static unsigned column_of(struct text source, size_t at)
{
	unsigned column = 0;
	while (at > 0 && source.data[at - 1] != '\n' && column < COLUMN_MAX) {
		at--;
		column++;
	}
	return column;
}

/* What stands between two events: blanks, signs of structure, comments. Events of structure take no room, so that one gap
 * may be told in pieces: an empty line counts until something stands behind it. */
static void pass_gap(struct builder *b, size_t to)
{
	unsigned breaks = 0;
	bool same_line = b->passed > 0;
	for (; b->passed < to; b->passed++) {
		char byte = b->source.data[b->passed];
		if (byte == '\n') {
			b->apart = b->apart || ++breaks > 1;
			same_line = false;
		} else if (byte == '#') {
			struct text rest = text_slice(b->source, b->passed, b->source.length);
			struct text comment = text_trim(text_slice(rest, 0, text_find(rest, '\n')));
			if (same_line && b->slot != NULL && b->slot->length == 0)
				*b->slot = comment;
			else
				add_comment(b->arena, &b->pending, (struct lossless_comment){comment, b->apart, column_of(b->source,
					b->passed)});
			b->passed += text_find(rest, '\n') - 1;
			b->apart = false;
			breaks = 0;
		} else if (!is_blank(byte)) {
			breaks = 0;
		}
	}
}

/* Does a collection begin that is written in lines, without brackets? */
static bool stands_in_lines(const struct builder *b)
{
	return (b->event.type == YAML_MAPPING_START_EVENT && b->event.data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE) ||
		(b->event.type == YAML_SEQUENCE_START_EVENT && b->event.data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE);
}

/* Where the anchor and the tag before a collection of lines end; libyaml's mark is at its first item. */
static size_t properties_end(const struct builder *b)
{
	size_t at = b->start;
	while (at < b->end && (b->source.data[at] == '&' || b->source.data[at] == '!')) {
		while (at < b->end && !is_blank(b->source.data[at]) && b->source.data[at] != '\n')
			at++;
		size_t next = at;
		while (next < b->end && is_blank(b->source.data[next]))
			next++;
		if (next < b->end && (b->source.data[next] == '&' || b->source.data[next] == '!'))
			at = next;
	}
	return at;
}

/* Comments between an anchor or a tag and the value below it. */
static void pass_properties(struct builder *b)
{
	for (b->content = b->start; b->content < b->end; b->content++) {
		struct text rest = text_slice(b->source, b->content, b->end);
		struct text line = text_slice(rest, 0, text_find(rest, '\n'));
		if (rest.data[0] == '&' || rest.data[0] == '!') {
			while (b->content + 1 < b->end && strchr(" \t\n", b->source.data[b->content + 1]) == NULL)
				b->content++;
		} else if (rest.data[0] == '#') {
			add_comment(b->arena, &b->pending, (struct lossless_comment){text_trim(line), false, 0});
			b->content += line.length - 1;
		} else if (rest.data[0] != '\n' && !is_blank(rest.data[0])) {
			return;
		}
	}
}

static int next_event(struct builder *b)
{
	b->apart = b->apart && b->end == b->start;
	yaml_event_delete(&b->event);
	if (!yaml_parser_parse(&b->parser, &b->event))
		return fail(b, "the YAML cannot be read");
	b->start = byte_at(b, b->event.start_mark.index);
	b->end = byte_at(b, b->event.end_mark.index);
	if (stands_in_lines(b))
		b->end = properties_end(b);
	pass_gap(b, b->start);
	b->column = column_of(b->source, b->start);
	if (!stands_in_lines(b) && b->event.type != YAML_ALIAS_EVENT)
		pass_properties(b);
	if (b->end > b->passed)
		b->passed = b->end;
	b->slot = NULL;
	return 0;
}

/* All comments that wait go to the end of a list. */
static void take_pending(struct builder *b, struct lossless_comments *list)
{
	for (size_t i = 0; i < b->pending.count; i++)
		add_comment(b->arena, list, b->pending.items[i]);
	b->pending = (struct lossless_comments){NULL, 0};
}

/* Those that stand as deep as the collection that ended, and deeper than what is around it and what follows it. */
static void take_tail(struct builder *b, unsigned column, struct lossless_comments *tail)
{
	struct text rest = text_trim(text_slice(b->source, b->start, b->source.length));
	size_t taken = 0;
	while (taken < b->pending.count && b->pending.items[taken].column >= column &&
		(int)b->pending.items[taken].column > b->outer &&
		(rest.length == 0 || b->pending.items[taken].column > b->column))
		add_comment(b->arena, tail, b->pending.items[taken++]);
	struct lossless_comments left = {NULL, 0};
	for (; taken < b->pending.count; taken++)
		add_comment(b->arena, &left, b->pending.items[taken]);
	b->pending = left;
}

/* --- scalars ---------------------------------------------------------------------------------- */

static struct text properties_of(struct builder *b, const yaml_char_t *anchor_name, const yaml_char_t *tag_name)
{
	const char *anchor = (const char *)anchor_name, *tag = (const char *)tag_name;
	static const char core[] = "tag:yaml.org,2002:";
	const char *written = "";
	if (tag != NULL && strncmp(tag, core, sizeof core - 1) == 0)
		written = arena_printf(b->arena, "!!%s", tag + sizeof core - 1);
	else if (tag != NULL)
		written = tag[0] == '!' ? tag : arena_printf(b->arena, "!<%s>", tag);
	if (anchor == NULL)
		return text_copy(b->arena, text_of(written));
	return text_of(arena_printf(b->arena, "&%s%s%s", anchor, written[0] != '\0' ? " " : "", written));
}

/* The blanks that the first line which is not empty begins with. */
static size_t leading(struct text lines)
{
	size_t blanks = 0;
	for (size_t i = 0; i < lines.length && (lines.data[i] == ' ' || lines.data[i] == '\n'); i++)
		blanks = lines.data[i] == ' ' ? blanks + 1 : 0;
	return blanks;
}

size_t lossless_indent(const struct lossless *block)
{
	size_t all = leading(block->body), own = leading(block->text);
	return all > own ? all - own : 0;
}

/* How long the lines are without those at the end that hold indentation alone. */
static size_t without_empty_lines(struct text body, size_t indent)
{
	size_t end = body.length;
	for (size_t at = end; end > 0; at = end) {
		while (at > 0 && body.data[at - 1] == ' ')
			at--;
		if (end - at > indent || (at > 0 && body.data[at - 1] != '\n'))
			break;
		end = at > 0 ? at - 1 : 0;
	}
	return end;
}

static void read_block(struct builder *b, struct lossless *node)
{
	struct text whole = text_slice(b->source, b->content, b->end);
	struct text header = text_slice(whole, 1, text_find(whole, '\n'));
	const size_t hash = text_find(header, '#');
	node->marks = text_trim(text_slice(header, 0, hash));
	if (hash < header.length)
		node->head = text_trim(text_slice(header, hash, header.length));
	node->body = text_slice(whole, text_find(whole, '\n') + 1, whole.length);
	/* Of a `+` empty lines at the end are part of it: what follows is in the next line all the same. */
	if (text_find(node->marks, '+') < node->marks.length) {
		b->passed -= b->passed > 0 && b->source.data[b->passed - 1] == '\n';
		return;
	}
	node->body.length = without_empty_lines(node->body, lossless_indent(node));
	const size_t end = node->body.length > 0 ? (size_t)(node->body.data - b->source.data) + node->body.length
						 : (size_t)(header.data - b->source.data) + header.length;
	b->passed = end < b->passed ? end : b->passed;
}

static void read_scalar(struct builder *b, struct lossless *node)
{
	static const enum lossless_style styles[] = {
		[YAML_PLAIN_SCALAR_STYLE] = LOSSLESS_PLAIN,
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = LOSSLESS_SINGLE,
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = LOSSLESS_DOUBLE,
		[YAML_LITERAL_SCALAR_STYLE] = LOSSLESS_LITERAL,
		[YAML_FOLDED_SCALAR_STYLE] = LOSSLESS_FOLDED,
	};
	struct text written = text_slice(b->source, b->start, b->end);
	node->kind = YAML_SCALAR;
	node->style = styles[b->event.data.scalar.style];
	node->properties = properties_of(b, b->event.data.scalar.anchor, b->event.data.scalar.tag);
	node->text = text_copy(b->arena, (struct text){(const char *)b->event.data.scalar.value, b->event.data.scalar.length});
	node->folded_lines = text_find(written, '\n') < written.length;
	if (node->style >= LOSSLESS_LITERAL)
		read_block(b, node);
	b->slot = &node->trail;
}

/* --- collections ------------------------------------------------------------------------------ */

static int read_node(struct builder *b, struct lossless *node);

/* Comments among what a flow collection holds. */
static bool has_comments(const struct lossless *node)
{
	bool found = node->head.length > 0 || node->tail.count > 0;
	for (size_t i = 0; i < node->count && !found; i++) {
		const struct lossless *value = &node->items[i]->value;
		found = node->items[i]->lead.count > 0 || value->commented || value->trail.length > 0 || value->head.length > 0;
	}
	return found;
}

/* A key and its value. Comments between them go before the key, unless a collection of lines follows. */
static int read_pair(struct builder *b, struct lossless_item *item)
{
	item->key = arena_alloc(b->arena, sizeof *item->key);
	if (b->event.type != YAML_SCALAR_EVENT)
		return fail(b, "an alias or a collection as a key cannot be formatted");
	read_scalar(b, item->key);
	if (item->key->style >= LOSSLESS_LITERAL)
		return fail(b, "a block of text as a key cannot be formatted");
	if (next_event(b) != 0)
		return -1;
	if (!stands_in_lines(b)) {
		if (item->key->trail.length > 0)
			add_comment(b->arena, &item->lead, (struct lossless_comment){item->key->trail, false, 0});
		item->key->trail = (struct text){NULL, 0};
		take_pending(b, &item->lead);
	} else if (item->key->trail.length == 0) {
		b->slot = &item->key->trail; /* `key: &name # why` */
	}
	return read_node(b, &item->value);
}

/* Comments in a collection that is empty go before what follows it. */
static void leave_pending(struct builder *b, struct lossless *node)
{
	struct lossless_comments all = {NULL, 0};
	if (node->head.length > 0)
		add_comment(b->arena, &all, (struct lossless_comment){node->head, false, 0});
	take_pending(b, &all);
	node->head = (struct text){NULL, 0};
	b->pending = all;
}

/* Items stay where they are read, since a comment behind one is put there when the next event comes. */
static int read_items(struct builder *b, struct lossless *node, bool mapping)
{
	const yaml_event_type_t last = mapping ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	const int outer = b->outer;
	unsigned column = b->column;
	for (;;) {
		if (next_event(b) != 0)
			return -1;
		if (b->event.type == last)
			break;
		if (mapping && node->count == 0)
			column = b->column;
		b->outer = (int)column;
		struct lossless_item *item = arena_alloc(b->arena, sizeof *item);
		node->items = arena_grow(b->arena, node->items, node->count, sizeof(struct lossless_item *));
		node->items[node->count++] = item;
		item->apart = b->apart;
		take_pending(b, &item->lead);
		if ((mapping ? read_pair(b, item) : read_node(b, &item->value)) != 0)
			return -1;
	}
	b->outer = outer;
	if (node->flow && node->count == 0)
		leave_pending(b, node);
	else if (node->flow)
		take_pending(b, &node->tail);
	else
		take_tail(b, column, &node->tail);
	return 0;
}

static int read_collection(struct builder *b, struct lossless *node, bool mapping)
{
	node->kind = mapping ? YAML_MAPPING : YAML_SEQUENCE;
	node->flow = !stands_in_lines(b);
	node->properties = mapping ? properties_of(b, b->event.data.mapping_start.anchor, b->event.data.mapping_start.tag)
				   : properties_of(b, b->event.data.sequence_start.anchor, b->event.data.sequence_start.tag);
	const size_t first = b->start;
	if (node->flow)
		b->slot = &node->head;
	if (read_items(b, node, mapping) != 0)
		return -1;
	struct text written = text_slice(b->source, first, b->end);
	node->broken = node->flow && text_find(written, '\n') < written.length;
	node->commented = node->flow && has_comments(node);
	if (node->flow)
		b->slot = &node->trail;
	return 0;
}

static int read_node(struct builder *b, struct lossless *node)
{
	switch (b->event.type) {
	case YAML_ALIAS_EVENT:
		node->kind = YAML_NULL;
		node->alias = text_copy(b->arena, text_of((const char *)b->event.data.alias.anchor));
		b->aliases = true;
		b->slot = &node->trail;
		return 0;
	case YAML_SCALAR_EVENT:
		read_scalar(b, node);
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		return read_collection(b, node, false);
	case YAML_MAPPING_START_EVENT:
		return read_collection(b, node, true);
	default:
		return fail(b, "the YAML cannot be read");
	}
}

/* --- the document ----------------------------------------------------------------------------- */

static int read_document(struct builder *b, struct lossless_document *document)
{
	struct lossless *root = &document->root;
	if (next_event(b) != 0 || next_event(b) != 0) /* the stream's and the document's beginning */
		return -1;
	if (b->event.type != YAML_DOCUMENT_START_EVENT)
		return fail(b, "the file is empty");
	if (b->event.data.document_start.version_directive != NULL ||
		b->event.data.document_start.tag_directives.start != b->event.data.document_start.tag_directives.end)
		return fail(b, "a file with directives (%) cannot be formatted");
	if (next_event(b) != 0 || read_node(b, root) != 0)
		return -1;
	if (next_event(b) != 0 || next_event(b) != 0)
		return -1;
	if (b->event.type != YAML_STREAM_END_EVENT)
		return fail(b, "more than one document cannot be formatted");
	take_pending(b, &root->tail);
	if (root->count > 0) {
		document->header = root->items[0]->lead;
		document->header_apart = root->items[0]->apart;
		root->items[0]->lead = (struct lossless_comments){NULL, 0};
		root->items[0]->apart = false;
	}
	document->aliases = b->aliases;
	return 0;
}

/* YAML 1.1 ends lines at some characters that YAML 1.2 does not: a file that holds one means two things. */
static bool has_odd_breaks(struct text source)
{
	return text_contains(source, TEXT("\xc2\x85"), false) || text_contains(source, TEXT("\xe2\x80\xa8"), false) ||
		text_contains(source, TEXT("\xe2\x80\xa9"), false);
}

int lossless_parse(struct arena *arena, struct text source, const char *file, struct lossless_document *document,
	struct diagnostics *d)
{
	struct builder b = {.arena = arena, .source = lossless_lines(arena, source), .file = file, .d = d, .outer = -1};
	*document = (struct lossless_document){0};
	if (has_odd_breaks(source))
		return diagnostics_error(d, ((struct place){file, 0, 0}),
			"a file that holds U+0085, U+2028 or U+2029 cannot be formatted: write \\N, \\L or \\P in double quotes");
	if (!yaml_parser_initialize(&b.parser))
		return diagnostics_error(d, ((struct place){file, 0, 0}), "the YAML cannot be read");
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)b.source.data, b.source.length);
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	int failed = read_document(&b, document);
	yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	return failed;
}

/* --- all comments, by tokens ------------------------------------------------------------------ */

struct finding {
	struct arena *arena;
	struct text source;
	struct text *comments;
	size_t count, index, at;
};

static void find_between(struct finding *f, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++) {
		if (f->source.data[at] != '#')
			continue;
		struct text rest = text_slice(f->source, at, to);
		f->comments = arena_grow(f->arena, f->comments, f->count, sizeof *f->comments);
		f->comments[f->count++] = text_trim(text_slice(rest, 0, text_find(rest, '\n')));
		at += text_find(rest, '\n');
	}
}

static size_t forward(struct finding *f, size_t index)
{
	for (; f->index < index && f->at < f->source.length; f->index++)
		f->at += utf8_step(f->source.data + f->at, f->source.length - f->at);
	return f->at;
}

void lossless_comments_of(struct arena *arena, struct text source, struct text **comments, size_t *count)
{
	struct finding f = {.arena = arena, .source = lossless_lines(arena, source)};
	yaml_parser_t parser;
	yaml_token_t token;
	bool ended = !yaml_parser_initialize(&parser);
	size_t from = 0, to = 0;
	yaml_parser_set_input_string(&parser, (const unsigned char *)f.source.data, f.source.length);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	while (!ended && yaml_parser_scan(&parser, &token)) {
		ended = token.type == YAML_STREAM_END_TOKEN || token.type == YAML_NO_TOKEN;
		/* The beginning of a block is told late, and stands where its first key does. */
		if (token.start_mark.index >= f.index) {
			to = forward(&f, token.start_mark.index);
			find_between(&f, from, to);
			from = forward(&f, token.end_mark.index);
		}
		bool block = token.type == YAML_SCALAR_TOKEN && token.data.scalar.style >= YAML_LITERAL_SCALAR_STYLE;
		if (block && to < from)
			find_between(&f, to, to + text_find(text_slice(f.source, to, from), '\n'));
		yaml_token_delete(&token);
	}
	find_between(&f, from, f.source.length);
	yaml_parser_delete(&parser);
	*comments = f.comments;
	*count = f.count;
}
