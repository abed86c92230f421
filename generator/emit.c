/* emit: YAML by libyaml's emitter. */
#include "generator/emit.h"

#include <string.h>
#include <yaml.h>

enum { DEPTH = 16, WIDTH = 110 };

struct emitter {
	yaml_emitter_t yaml;
	bool sequences[DEPTH]; /* is the level a sequence? */
	unsigned depth;
	bool failed;
	struct buffer *out;
};

static int take_bytes(void *out, unsigned char *data, size_t length)
{
	buffer_add(out, (const char *)data, length);
	return 1;
}

static void emit(struct emitter *e, yaml_event_t *event)
{
	e->failed = yaml_emitter_emit(&e->yaml, event) == 0 || e->failed;
}

static void release(void *emitter)
{
	yaml_emitter_delete(&((struct emitter *)emitter)->yaml);
}

struct emitter *emit_begin(struct arena *arena, struct buffer *out)
{
	struct emitter *e = arena_alloc(arena, sizeof(*e));
	yaml_event_t event;

	e->out = out;
	yaml_emitter_initialize(&e->yaml);
	arena_defer(arena, release, e);
	yaml_emitter_set_output(&e->yaml, take_bytes, out);
	yaml_emitter_set_unicode(&e->yaml, 1);
	yaml_emitter_set_width(&e->yaml, WIDTH);
	yaml_emitter_set_indent(&e->yaml, 2);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(e, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(e, &event);
	return e;
}

void emit_finish(struct emitter *e)
{
	yaml_event_t event;

	yaml_document_end_event_initialize(&event, 1);
	emit(e, &event);
	yaml_stream_end_event_initialize(&event);
	emit(e, &event);
	if (e->out->length > 0 && e->out->data[e->out->length - 1] != '\n')
		buffer_char(e->out, '\n');
}

void emit_mapping(struct emitter *e, bool flow)
{
	yaml_event_t event;

	e->sequences[e->depth++ % DEPTH] = false;
	yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
	emit(e, &event);
}

void emit_sequence(struct emitter *e, bool flow)
{
	yaml_event_t event;

	e->sequences[e->depth++ % DEPTH] = true;
	yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
	emit(e, &event);
}

void emit_end(struct emitter *e)
{
	yaml_event_t event;

	if (e->sequences[--e->depth % DEPTH])
		yaml_sequence_end_event_initialize(&event);
	else
		yaml_mapping_end_event_initialize(&event);
	emit(e, &event);
}

static void emit_scalar(struct emitter *e, struct text text, yaml_scalar_style_t style)
{
	yaml_event_t event;
	yaml_char_t *data = (yaml_char_t *)(uintptr_t)text.data;

	e->failed = !yaml_scalar_event_initialize(&event, NULL, NULL, data, (int)text.length, 1, 1, style) || e->failed;
	emit(e, &event);
}

/* Words that a YAML reader may take for something else than text. */
static bool means_more(struct text text)
{
	static const char *const words[] = {"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_equal_fold(text, text_of(words[i])))
			return true;
	}
	return text.length == 0 || strchr("0123456789+-.=<", text.data[0]) != NULL;
}

/* Is it no number although a digit stands first: a UUID, a date of ours, "2 containers"? */
static bool plain_word(struct text text)
{
	bool letters = false, other = false;

	for (size_t i = 0; i < text.length; i++) {
		char byte = (char)(text.data[i] | 0x20);

		letters = letters || (byte >= 'g' && byte <= 'z' && byte != 'x' && byte != 'o');
		other = other || text.data[i] == ' ';
	}
	return letters && text.data[0] >= '0' && text.data[0] <= '9' && !other;
}

static bool is_identity(struct text text)
{
	size_t hyphens = 0;

	for (size_t i = 0; i < text.length; i++)
		hyphens += text.data[i] == '-';
	return (text.length == 36 && hyphens == 4) || (text.length == 10 && hyphens == 2);
}

void emit_text(struct emitter *e, struct text text)
{
	bool lines = text_find(text, '\n') < text.length;
	bool plain = !lines && (!means_more(text) || plain_word(text) || is_identity(text));

	emit_scalar(e, text, plain ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

void emit_plain(struct emitter *e, struct text text)
{
	emit_scalar(e, text, YAML_PLAIN_SCALAR_STYLE);
}

void emit_block(struct emitter *e, struct text text)
{
	if (text_find(text, '\n') < text.length)
		emit_scalar(e, text, YAML_LITERAL_SCALAR_STYLE);
	else
		emit_text(e, text);
}

void emit_key(struct emitter *e, const char *key)
{
	emit_scalar(e, text_of(key), YAML_PLAIN_SCALAR_STYLE);
}

void emit_pair(struct emitter *e, const char *key, struct text value)
{
	if (value.length == 0)
		return;
	emit_key(e, key);
	emit_block(e, value);
}

void emit_texts(struct emitter *e, const char *key, struct texts texts, bool flow)
{
	if (texts.count == 0)
		return;
	emit_key(e, key);
	emit_sequence(e, flow);
	for (size_t i = 0; i < texts.count; i++)
		emit_text(e, texts.items[i]);
	emit_end(e);
}
