/*
 * document: the parts that every document of a Sigma pack has, as public rules want them: a status that fits the rule's age,
 * techniques with their tactics, references that stay what they are, false positives that begin with a capital.
 */
#ifndef MEWS_SIGMA_DOCUMENT_H
#define MEWS_SIGMA_DOCUMENT_H

#include "generator/sigma/names.h"

/* What a rule says of itself. */
struct sigma_card {
	const struct detection *const *detections; /* the first is its own, others are twins' */
	size_t count;
	struct text title, id;
	bool derived;                              /* its id is not the detection's */
	enum fidelity fidelity;
	enum severity severity;
};

/* A line that says what made the document. */
void document_made(struct pack *pack, struct buffer *out);
void document_pair(struct buffer *out, const char *key, struct text value);
void document_list(struct buffer *out, const char *key, struct texts texts);
void document_logsource(struct buffer *out, const struct dialect_group *group);
/* From title to tags, and what comes after the detection. */
void document_head(struct pack *pack, struct buffer *out, const struct sigma_card *card);
void document_end(struct pack *pack, struct buffer *out, const struct sigma_card *card);

#endif
