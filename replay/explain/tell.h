/*
 * tell: accounts and inquests in words for people (at most TELL_WIDTH columns) and as JSON.
 *
 *   condition requested: no match
 *     no   and
 *     yes    event.action in ("create", "run")   <- run
 *     no     container.mounts like "/etc*:*:rw"   <- /etc:/x:ro: does not fit the pattern
 */
#ifndef MEWS_EXPLAIN_TELL_H
#define MEWS_EXPLAIN_TELL_H

#include "replay/explain/inquest.h"
#include "replay/measure/json_write.h"

#include <stdio.h>

enum { TELL_WIDTH = 100 };

void account_print(const struct account *account, const struct catalog *catalog, FILE *out);
void inquest_print(const struct inquest *inquest, FILE *out);
/* One object each. */
void account_json(const struct account *account, const struct catalog *catalog, struct json_write *json);
void inquest_json(const struct inquest *inquest, struct json_write *json);

/* What the parts share. */

/* `first` blanks, then words, broken before TELL_WIDTH and indented by `next`; a word that is longer is cut up. */
void tell_wrap(FILE *out, unsigned first, unsigned next, const char *text);
/* The lines of a tree. */
void tell_asked(FILE *out, const struct registry *registry, const struct asked *asked, unsigned indent);
/* name (high): title */
void tell_detection(FILE *out, const struct detection *detection);
/* alert, high | no alert: below its minimum severity (low, and it looks at medium and above) | … */
const char *tell_verdict(struct arena *arena, enum verdict verdict, const struct organization *organization,
	struct baseline_decision decision, bool overridden);
/* alert | below severity | disabled | excepted */
const char *tell_verdict_name(enum verdict verdict);
/* an exception's name, reason, owner and end */
const char *tell_exception(struct arena *arena, const struct exception *exception, bool shipped);

#endif
