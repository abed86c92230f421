/* expression: RainerScript's expressions, read by precedence. */
#ifndef MEWS_RSYSLOG_EXPRESSION_H
#define MEWS_RSYSLOG_EXPRESSION_H

#include "generator/rsyslog/lexer.h"
#include "generator/rsyslog/script.h"

/* NULL: reported. */
struct script_expression *script_expression_parse(struct rslexer *lexer, unsigned depth);

#endif
