/* condition: a rule's tree as a RainerScript expression, every part in parentheses: there, `not` binds tighter than
 * comparisons, and `and` and `or` bind alike. */
#ifndef MEWS_RSYSLOG_CONDITION_H
#define MEWS_RSYSLOG_CONDITION_H

#include "generator/rule.h"

void rsyslog_print(struct buffer *out, const struct rule_node *node);

#endif
