/*
 * lexer: the tokens of Falco's condition language. Each function takes one token where it stands and says whether it did;
 * what failed leaves everything as it was.
 */
#ifndef MEWS_FALCO_LEXER_H
#define MEWS_FALCO_LEXER_H

#include "catalog/text.h"

struct falco_lexer {
	struct arena *arena;
	struct text text;   /* ends with NUL */
	size_t at;
	const char *error;  /* the first one: a sentence; NULL: none */
};

char falco_lex_at(const struct falco_lexer *lexer); /* the next byte; NUL at the end */
bool falco_lex_blank(struct falco_lexer *lexer);
bool falco_lex_string(struct falco_lexer *lexer, const char *string);     /* exactly this, whatever follows */
bool falco_lex_word(struct falco_lexer *lexer, const char *word);         /* this and the blanks that must follow */
bool falco_lex_identifier(struct falco_lexer *lexer, struct text *token); /* is_shell */
bool falco_lex_field(struct falco_lexer *lexer, struct text *token);      /* fd.name */
bool falco_lex_argument(struct falco_lexer *lexer, struct text *token);   /* between brackets, without quotes */
bool falco_lex_number(struct falco_lexer *lexer, struct text *token);     /* 10, -1, 0x1f, 1.5 */
bool falco_lex_bare(struct falco_lexer *lexer, struct text *token);       /* a value without quotes */
bool falco_lex_quoted(struct falco_lexer *lexer, struct text *token);     /* without its quotes and escapes */
bool falco_lex_transformer(struct falco_lexer *lexer, struct text *token); /* "tolower(" → tolower */
/* Does a bracket or a word follow that is not and, or, not? */
bool falco_lex_list_follows(struct falco_lexer *lexer);
/* "the condition WHAT near …". Later ones do not replace it. */
void falco_lex_fail(struct falco_lexer *lexer, const char *what);

#endif
