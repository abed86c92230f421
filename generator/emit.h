/*
 * emit: YAML documents, written by libyaml's emitter: quoting, line breaks and indentation are its business.
 *
 *   emit_mapping(e, false);  emit_pair(e, "name", name);  emit_texts(e, "techniques", list, true);  emit_end(e);
 */
#ifndef MEWS_EMIT_H
#define MEWS_EMIT_H

#include "generator/draft.h"

struct emitter;

/* One document into `out`; the emitter lives in the arena, which must outlive emit_finish. */
struct emitter *emit_begin(struct arena *arena, struct buffer *out);
void emit_finish(struct emitter *emitter);

void emit_mapping(struct emitter *emitter, bool flow);
void emit_sequence(struct emitter *emitter, bool flow);
void emit_end(struct emitter *emitter); /* of the innermost mapping or sequence */
void emit_key(struct emitter *emitter, const char *key);
/* A scalar that reads back as this text: quoted where plain would be something else. */
void emit_text(struct emitter *emitter, struct text text);
/* A scalar that is meant as a number or a truth. */
void emit_plain(struct emitter *emitter, struct text text);
/* A text of several lines as a literal block; of one as emit_text. */
void emit_block(struct emitter *emitter, struct text text);

/* `key: value`, and a list of texts; nothing where they are empty. */
void emit_pair(struct emitter *emitter, const char *key, struct text value);
void emit_texts(struct emitter *emitter, const char *key, struct texts texts, bool flow);

/* An exception as detections and organizations write it. */
void emit_exception(struct emitter *emitter, const struct registry *registry, struct text name,
	const struct draft_exception *exception, const struct text *detections, size_t count);
void emit_tests(struct emitter *emitter, const struct registry *registry, const struct draft_tests *tests);

#endif
