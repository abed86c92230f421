/*
 * quote: texts as RainerScript reads them.
 *
 * Strings stand in double quotes. The lexer takes \" \' \\ \$ \b \n \t \r, \xHH and three octal digits; a dollar sign without
 * a backslash is an error there. Lines are read 10,240 bytes at a time and lose the blanks at their end, and a
 * backslash at the end of a line joins it with the next: so nothing that is written spans lines, and what would make a
 * line too long is refused beforehand.
 */
#ifndef MEWS_RSYSLOG_QUOTE_H
#define MEWS_RSYSLOG_QUOTE_H

#include "catalog/text.h"

enum { RSYSLOG_TEXT_MAX = 2000 }; /* bytes; four times as many when escaped */

/* Can it be written: no NUL, and not too long? */
bool rsyslog_quotable(struct text text);
void rsyslog_quote(struct buffer *out, struct text text);
/* One line of a comment, whatever the text holds. */
void rsyslog_comment(struct buffer *out, struct text text);

#endif
