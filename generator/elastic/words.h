/* words: the tokens of Elastic's EQL. Internal to eql.c. */
#ifndef MEWS_ELASTIC_WORDS_H
#define MEWS_ELASTIC_WORDS_H

#include "catalog/text.h"

enum word_kind {
	WORD_END,
	WORD_NAME,   /* process.name, and, in~ (then `fold`), `a.b-c` (then `quoted`) */
	WORD_STRING, /* text: the content */
	WORD_NUMBER,
	WORD_SIGN    /* ( ) [ ] ![ , : == != < <= > >= = | + - * / % */
};
struct word {
	enum word_kind kind;
	struct text text;
	size_t offset;
	bool fold, quoted, optional;
};

/* The word at *at, which moves behind it. false: *error is a sentence. */
bool word_next(struct arena *arena, struct text source, size_t *at, struct word *word, const char **error);

#endif
