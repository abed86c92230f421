/*
 * yaml_tree: yaml_parse: libyaml's events → a tree that remembers where everything stood.
 *
 * The source is checked for encoding and control characters first, with our own positions, so libyaml
 * only ever reports what is wrong with the YAML itself.
 */
#include "catalog/yaml.h"

#include <stdarg.h>
#include <string.h>
#include <yaml.h>

enum { DEFAULT_DEPTH = 64, DEFAULT_NODES = 1000000, ANCHORS_MAX = 1000 };

/* libyaml's sentences that say little to a person, and what we say instead. */
static const struct {
	const char *problem, *sentence;
} sentences[] = {
	{"mapping values are not allowed in this context",
		"a `: ` cannot stand here; check the indentation, or quote a text that contains `: `"},
	{"found character that cannot start any token",
		"no value can begin with this character; quote it, and indent with spaces, not tabs"},
	{"did not find expected key", "a key was expected here; check indentation and quotes"},
	{"could not find expected ':'", "the key before this has no `:`"},
	{"did not find expected '-' indicator", "an item beginning with `- ` was expected here; check the indentation"},
	{"block sequence entries are not allowed in this context", "a list cannot begin here; put it on a new line"},
	{"did not find expected ',' or ']'", "a `,` or the closing `]` was expected here"},
	{"did not find expected ',' or '}'", "a `,` or the closing `}` was expected here"},
	{"found unexpected end of stream", "the file ends before the closing quote"},
	{"found unexpected document indicator", "the document ends before the closing quote"},
	{"found unknown escape character", "no such escape in a text in double quotes; write `\\\\` for a backslash"},
	{"found a tab character where an indentation space is expected", "indent with spaces, not tabs"},
	{"found a tab character that violates indentation", "indent with spaces, not tabs"},
	{"did not find expected <document start>", "a new document must begin with `---`"},
	{"found duplicate %YAML directive", "a second %YAML directive"},
	{"found undefined tag handle", "this tag's prefix is not declared"},
};

struct anchor {
	struct text name;
	struct yaml node;
	size_t nodes;  /* with all below it, aliases expanded */
	size_t height; /* levels below it */
	bool open;     /* its end was not seen yet */
};

struct builder {
	struct arena *arena, *texts; /* texts: of scalars and keys */
	struct diagnostics *d;
	const char *file;
	struct text source;
	size_t depth_limit, node_limit;
	bool last_wins;
	yaml_parser_t parser;
	struct anchor *anchors; /* of the document at hand */
	size_t anchor_count;
	size_t nodes;  /* so far, aliases expanded */
	size_t height; /* out of the node read last: levels below it */
	bool faulty;   /* an error was reported that did not stop reading */
};

static struct place place_of(const struct builder *b, yaml_mark_t mark)
{
	return (struct place){b->file, (unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

static int fail_at(struct builder *b, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int fail_at(struct builder *b, struct place place, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprintf(b->arena, format, arguments);
	va_end(arguments);
	diagnostics_error(b->d, place, "%s", message);
	diagnostics_show_line(b->d, b->source);
	b->faulty = true;
	return -1;
}

/* --- characters ------------------------------------------------------------------------------- */

static uint32_t decode(const char *data, size_t length)
{
	uint32_t first = (unsigned char)data[0];
	if (length == 1)
		return first;
	uint32_t code = first & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)data[i] & 0x3fu);
	return code;
}

/* YAML's printable characters. A byte order mark counts as none: it was taken from the beginning. */
static bool is_printable(uint32_t code)
{
	if (code < 0x20)
		return code == '\t' || code == '\n' || code == '\r';
	if (code >= 0x7f && code < 0xa0)
		return code == 0x85;
	return code != 0xfeff && code != 0xfffe && code != 0xffff;
}

static int check_characters(struct builder *b)
{
	struct place place = {b->file, 1, 1};
	const char *data = b->source.data;
	for (size_t i = 0, step; i < b->source.length; i += step) {
		step = utf8_step(data + i, b->source.length - i);
		uint32_t code = decode(data + i, step);
		if (step == 1 && code >= 0x80)
			return fail_at(b, place, "the byte 0x%02x is not UTF-8", (unsigned)code);
		if (!is_printable(code))
			return fail_at(b, place, "the character U+%04X is not allowed in YAML", (unsigned)code);
		bool pair = code == '\r' && i + 1 < b->source.length && data[i + 1] == '\n';
		if (code == '\n' || (code == '\r' && !pair)) {
			place.line++;
			place.column = 1;
		} else {
			place.column++;
		}
	}
	return 0;
}

static int take_byte_order_mark(struct builder *b)
{
	struct place place = {b->file, 0, 0};
	if (text_starts(b->source, TEXT("\xef\xbb\xbf"), false))
		b->source = text_slice(b->source, 3, b->source.length);
	else if (text_starts(b->source, TEXT("\xff\xfe"), false) || text_starts(b->source, TEXT("\xfe\xff"), false))
		return fail_at(b, place, "the file is UTF-16; it must be UTF-8");
	return 0;
}

/* --- libyaml's events ------------------------------------------------------------------------- */

/* Where the unfinished thing began, when that is on another line. */
static const char *begun(struct builder *b)
{
	const yaml_parser_t *parser = &b->parser;
	if (!parser->context || parser->context_mark.line == parser->problem_mark.line)
		return "";
	return arena_printf(b->arena, " (what it belongs to begins in line %zu)", parser->context_mark.line + 1);
}

static int fail_parser(struct builder *b)
{
	const char *problem = b->parser.problem ? b->parser.problem : "the YAML cannot be read";
	struct place place = place_of(b, b->parser.problem_mark);
	if (b->parser.error == YAML_MEMORY_ERROR)
		mem_alloc(SIZE_MAX); /* says so and ends */
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (strcmp(problem, sentences[i].problem) == 0)
			return fail_at(b, place, "%s%s", sentences[i].sentence, begun(b));
	return fail_at(b, place, "%s%s", problem, begun(b));
}

static int next_event(struct builder *b, yaml_event_t *event)
{
	return yaml_parser_parse(&b->parser, event) ? 0 : fail_parser(b);
}

static int count_nodes(struct builder *b, size_t more, struct place place)
{
	if (more > b->node_limit - b->nodes)
		return fail_at(b, place, "more than %zu values (aliases expanded)", b->node_limit);
	b->nodes += more;
	return 0;
}

static int check_depth(struct builder *b, size_t depth, struct place place)
{
	if (depth > b->depth_limit)
		return fail_at(b, place, "nested deeper than %zu levels", b->depth_limit);
	return 0;
}

/* --- anchors and aliases ---------------------------------------------------------------------- */

static struct anchor *find_anchor(struct builder *b, struct text name)
{
	for (size_t i = b->anchor_count; i--;)
		if (text_equal(b->anchors[i].name, name))
			return &b->anchors[i];
	return NULL;
}

/* Gives the anchor's index + 1, 0 where the node has none, or SIZE_MAX on error. */
static size_t open_anchor(struct builder *b, const yaml_char_t *name, struct place place)
{
	if (!name)
		return 0;
	if (b->anchor_count >= ANCHORS_MAX) {
		fail_at(b, place, "more than %d anchors in one document", ANCHORS_MAX);
		return SIZE_MAX;
	}
	b->anchors = arena_grow(b->arena, b->anchors, b->anchor_count, sizeof *b->anchors);
	b->anchors[b->anchor_count] = (struct anchor){
		.name = text_copy(b->arena, text_of((const char *)name)), .nodes = b->nodes, .open = true};
	return ++b->anchor_count;
}

static void close_anchor(struct builder *b, size_t number, const struct yaml *node)
{
	if (!number)
		return;
	struct anchor *anchor = &b->anchors[number - 1];
	anchor->node = *node;
	anchor->nodes = b->nodes - anchor->nodes;
	anchor->height = b->height;
	anchor->open = false;
}

static int read_alias(struct builder *b, const yaml_event_t *event, size_t depth, struct yaml *node)
{
	struct place place = place_of(b, event->start_mark);
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *anchor = find_anchor(b, text_of(name));
	if (!anchor)
		return fail_at(b, place, "the alias `*%s` names no anchor above it", name);
	if (anchor->open)
		return fail_at(b, place, "the alias `*%s` stands inside what it names", name);
	if (count_nodes(b, anchor->nodes, place) || check_depth(b, depth + anchor->height, place))
		return -1;
	*node = anchor->node;
	b->height = anchor->height;
	return 0;
}

/* --- scalars ---------------------------------------------------------------------------------- */

static bool is_null_word(struct text text)
{
	return !text.length || text_is(text, "~") || text_is(text, "null") || text_is(text, "Null") ||
		text_is(text, "NULL");
}

/* The line on which a node ends whose end mark libyaml sets at the beginning of the next line. */
static unsigned end_line_of(const yaml_event_t *event)
{
	bool past = event->end_mark.column == 0 && event->end_mark.line > event->start_mark.line;
	return (unsigned)event->end_mark.line + (past ? 0 : 1);
}

/* libyaml's start mark is at a node's anchor or tag, if it has one; a scalar's place is its text. */
static struct place skip_properties(const struct builder *b, const yaml_event_t *event)
{
	struct place place = place_of(b, event->start_mark);
	if (!event->data.scalar.anchor && !event->data.scalar.tag)
		return place;
	size_t at = 0;
	for (size_t i = 0; i < event->start_mark.index && at < b->source.length; i++)
		at += utf8_step(b->source.data + at, b->source.length - at);
	while (at < b->source.length && (b->source.data[at] == '&' || b->source.data[at] == '!')) {
		size_t from = at, i = at;
		while (i < b->source.length && !strchr(" \t\r\n", b->source.data[i]))
			i += utf8_step(b->source.data + i, b->source.length - i), place.column++;
		while (i < b->source.length && (b->source.data[i] == ' ' || b->source.data[i] == '\t'))
			i++, place.column++;
		at = i;
		if (i >= b->source.length || b->source.data[i] == '\r' || b->source.data[i] == '\n' || i == from)
			return place_of(b, event->start_mark); /* the text is on another line, or there is none */
	}
	return place;
}

static int read_scalar(struct builder *b, const yaml_event_t *event, struct yaml *node)
{
	const char *tag = (const char *)event->data.scalar.tag;
	yaml_scalar_style_t style = event->data.scalar.style;
	struct text text = {(const char *)event->data.scalar.value, event->data.scalar.length};
	node->place = skip_properties(b, event);
	if (text_find(text, '\0') < text.length)
		return fail_at(b, node->place, "a text cannot hold the NUL character");
	bool string = tag && (strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, "!") == 0);
	node->quoted = style != YAML_PLAIN_SCALAR_STYLE || string;
	node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
	node->kind = !node->quoted && is_null_word(text) ? YAML_NULL : YAML_SCALAR;
	node->text = text_copy(b->texts, text);
	node->end_line = end_line_of(event);
	b->height = 0;
	return 0;
}

/* --- keys ------------------------------------------------------------------------------------- */

/* Which keys a mapping has: a hash table of 1 + index, made when there are many. */
struct key_set {
	uint32_t *slots;
	size_t size;
};

enum { FEW_KEYS = 8 };

/* A free slot (0) or the one of that key. */
static uint32_t *key_slot(const struct key_set *set, const struct yaml *mapping, struct text key)
{
	size_t at = text_hash(key) & (set->size - 1);
	while (set->slots[at] && !text_equal(mapping->keys[set->slots[at] - 1].text, key))
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static void key_set_add(struct builder *b, struct key_set *set, const struct yaml *mapping, size_t added)
{
	if (mapping->count <= FEW_KEYS)
		return;
	if (mapping->count * 2 > set->size) {
		set->size = set->size ? set->size * 2 : FEW_KEYS * 4;
		set->slots = arena_array(b->arena, set->size, sizeof *set->slots);
		added = 0; /* all of them go into the new table */
	}
	for (; added < mapping->count; added++)
		*key_slot(set, mapping, mapping->keys[added].text) = (uint32_t)added + 1;
}

/* Index + 1 of a key, or 0. */
static size_t key_find(const struct key_set *set, const struct yaml *mapping, struct text key)
{
	if (set->size)
		return *key_slot(set, mapping, key);
	for (size_t i = 0; i < mapping->count; i++)
		if (text_equal(mapping->keys[i].text, key))
			return i + 1;
	return 0;
}

static void append_pair(struct builder *b, struct yaml *mapping, struct key_set *set, const struct yaml_key *key,
	const struct yaml *value)
{
	mapping->keys = arena_grow(b->arena, mapping->keys, mapping->count, sizeof *mapping->keys);
	mapping->items = arena_grow(b->arena, mapping->items, mapping->count, sizeof *mapping->items);
	mapping->keys[mapping->count] = *key;
	mapping->items[mapping->count++] = *value;
	key_set_add(b, set, mapping, mapping->count - 1);
}

/* --- merge keys ------------------------------------------------------------------------------- */

/* Adds the pairs of one merged mapping whose keys are not there yet: what is written out wins, then
 * what is merged first. */
static int merge_mapping(struct builder *b, struct yaml *mapping, struct key_set *set, const struct yaml *from)
{
	if (from->kind != YAML_MAPPING)
		return fail_at(b, from->place, "`<<` takes a mapping or a list of mappings");
	if (count_nodes(b, from->count, from->place))
		return -1;
	for (size_t i = 0; i < from->count; i++)
		if (!key_find(set, mapping, from->keys[i].text))
			append_pair(b, mapping, set, &from->keys[i], &from->items[i]);
	return 0;
}

static int merge(struct builder *b, struct yaml *mapping, struct key_set *set, const struct yaml *from)
{
	if (from->kind != YAML_SEQUENCE)
		return merge_mapping(b, mapping, set, from);
	for (size_t i = 0; i < from->count; i++)
		if (merge_mapping(b, mapping, set, &from->items[i]))
			return -1;
	return 0;
}

/* --- the tree --------------------------------------------------------------------------------- */

static int read_node(struct builder *b, yaml_event_t *event, size_t depth, struct yaml *node);

static int read_sequence(struct builder *b, size_t depth, struct yaml *node)
{
	size_t height = 0;
	for (;;) {
		yaml_event_t event;
		if (next_event(b, &event))
			return -1;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			/* A block's end mark is at whatever comes next; a flow's is at its bracket. */
			bool flow = event.end_mark.index > event.start_mark.index;
			if (flow)
				node->end_line = end_line_of(&event);
			yaml_event_delete(&event);
			b->height = height;
			return 0;
		}
		struct yaml item;
		if (read_node(b, &event, depth + 1, &item))
			return -1;
		node->items = arena_grow(b->arena, node->items, node->count, sizeof *node->items);
		node->items[node->count++] = item;
		if (item.end_line > node->end_line)
			node->end_line = item.end_line;
		if (b->height + 1 > height)
			height = b->height + 1;
	}
}

struct pair {
	struct yaml_key key;
	struct yaml value;
	bool merged; /* the key is `<<` */
};

/* Reads a key whose event is at hand, and its value. */
static int read_pair(struct builder *b, yaml_event_t *event, size_t depth, struct pair *pair)
{
	struct yaml name;
	yaml_event_t next;
	if (read_node(b, event, depth + 1, &name))
		return -1;
	if (name.kind != YAML_SCALAR && !(name.kind == YAML_NULL && name.text.length))
		return fail_at(b, name.place, "a key must be a single word or text");
	pair->key = (struct yaml_key){name.text, name.place};
	pair->merged = !name.quoted && text_is(name.text, "<<");
	if (next_event(b, &next))
		return -1;
	return read_node(b, &next, depth + 1, &pair->value);
}

struct merges {
	struct yaml *values;
	size_t count;
};

static void add_pair(struct builder *b, struct yaml *node, struct key_set *set, struct merges *merges,
	const struct pair *pair)
{
	if (pair->value.end_line > node->end_line)
		node->end_line = pair->value.end_line;
	if (pair->merged) {
		merges->values = arena_grow(b->arena, merges->values, merges->count, sizeof *merges->values);
		merges->values[merges->count++] = pair->value;
		return;
	}
	size_t before = key_find(set, node, pair->key.text);
	if (!before)
		append_pair(b, node, set, &pair->key, &pair->value);
	else if (b->last_wins)
		node->items[before - 1] = pair->value;
	else /* reading goes on, so that other faults are found too */
		fail_at(b, pair->key.place, "the key `%.*s` stands here a second time; the first is in line %u",
			TEXT_ARGS(pair->key.text), node->keys[before - 1].place.line);
}

static int read_mapping(struct builder *b, size_t depth, struct yaml *node)
{
	struct key_set set = {0};
	struct merges merges = {0};
	size_t height = 0;
	yaml_event_t event;
	for (;;) {
		struct pair pair;
		if (next_event(b, &event))
			return -1;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		if (read_pair(b, &event, depth, &pair))
			return -1;
		add_pair(b, node, &set, &merges, &pair);
		if (b->height + 1 > height)
			height = b->height + 1;
	}
	if (event.end_mark.index > event.start_mark.index)
		node->end_line = end_line_of(&event);
	yaml_event_delete(&event);
	b->height = height;
	for (size_t i = 0; i < merges.count; i++)
		if (merge(b, node, &set, &merges.values[i]))
			return -1;
	return 0;
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor;
	default:
		return NULL;
	}
}

static const char *tag_of(const yaml_event_t *event)
{
	const yaml_char_t *tag = NULL;
	if (event->type == YAML_SCALAR_EVENT)
		tag = event->data.scalar.tag;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		tag = event->data.sequence_start.tag;
	else if (event->type == YAML_MAPPING_START_EVENT)
		tag = event->data.mapping_start.tag;
	return tag ? (const char *)tag : "";
}

static int read_content(struct builder *b, yaml_event_type_t type, size_t depth, struct yaml *node)
{
	node->kind = type == YAML_SEQUENCE_START_EVENT ? YAML_SEQUENCE : YAML_MAPPING;
	node->end_line = node->place.line;
	return node->kind == YAML_SEQUENCE ? read_sequence(b, depth, node) : read_mapping(b, depth, node);
}

/* Reads the node that begins with `event`, and deletes the event. */
static int read_node(struct builder *b, yaml_event_t *event, size_t depth, struct yaml *node)
{
	yaml_event_type_t type = event->type;
	struct place place = place_of(b, event->start_mark);
	memset(node, 0, sizeof *node);
	node->place = place;
	node->document = b->source;
	if (type == YAML_ALIAS_EVENT) {
		int status = read_alias(b, event, depth, node);
		yaml_event_delete(event);
		return status;
	}
	node->reset = strcmp(tag_of(event), "!reset") == 0;
	node->override = strcmp(tag_of(event), "!override") == 0;
	size_t anchor = open_anchor(b, anchor_of(event), place);
	int status = anchor == SIZE_MAX || check_depth(b, depth, place) || count_nodes(b, 1, place) ? -1 : 0;
	if (!status && type == YAML_SCALAR_EVENT)
		status = read_scalar(b, event, node);
	yaml_event_delete(event);
	if (!status && type != YAML_SCALAR_EVENT)
		status = read_content(b, type, depth, node);
	if (!status)
		close_anchor(b, anchor, node);
	return status;
}

static int read_document(struct builder *b, struct yaml *document)
{
	yaml_event_t event;
	b->anchors = NULL;
	b->anchor_count = 0;
	if (next_event(b, &event) || read_node(b, &event, 1, document))
		return -1;
	if (next_event(b, &event)) /* the document's end */
		return -1;
	yaml_event_delete(&event);
	return 0;
}

static int read_stream(struct builder *b, struct yaml **documents, size_t *count)
{
	for (;;) {
		yaml_event_t event;
		if (next_event(b, &event))
			return -1;
		yaml_event_type_t type = event.type;
		yaml_event_delete(&event);
		if (type == YAML_STREAM_END_EVENT)
			return b->faulty ? -1 : 0;
		if (type != YAML_DOCUMENT_START_EVENT)
			continue;
		struct yaml document;
		if (read_document(b, &document))
			return -1;
		*documents = arena_grow(b->arena, *documents, *count, sizeof **documents);
		(*documents)[(*count)++] = document;
	}
}

int yaml_parse(struct arena *arena, struct text source, const char *file, const struct yaml_limits *limits,
	struct diagnostics *d, struct yaml **documents, size_t *count)
{
	size_t most = limits && limits->bytes ? limits->bytes : YAML_DEFAULT_BYTES;
	return yaml_parse_apart(arena, arena, source.length > most ? source : text_copy(arena, source),
		file ? arena_strdup(arena, file) : NULL, limits, d, documents, count);
}

int yaml_parse_apart(struct arena *nodes, struct arena *texts, struct text source, const char *file,
	const struct yaml_limits *limits, struct diagnostics *d, struct yaml **documents, size_t *count)
{
	static const struct yaml_limits none = {0};
	if (!limits)
		limits = &none;
	struct builder b = {.arena = nodes, .texts = texts, .d = d, .file = file, .source = source};
	b.depth_limit = limits->depth ? limits->depth : DEFAULT_DEPTH;
	b.last_wins = limits->last_wins;
	b.node_limit = limits->nodes ? limits->nodes : DEFAULT_NODES;
	size_t bytes = limits->bytes ? limits->bytes : YAML_DEFAULT_BYTES;
	*documents = NULL;
	*count = 0;
	if (source.length > bytes)
		return fail_at(&b, (struct place){b.file, 0, 0}, "larger than %zu bytes", bytes);
	if (take_byte_order_mark(&b) || check_characters(&b))
		return -1;
	if (!yaml_parser_initialize(&b.parser))
		mem_alloc(SIZE_MAX); /* says so and ends */
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)b.source.data, b.source.length);
	int status = read_stream(&b, documents, count);
	yaml_parser_delete(&b.parser);
	return status;
}
