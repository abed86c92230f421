/*
 * formats: the report that --format names.
 *
 *   const struct report *report = formats_report(&verb_replay, options_value(options, "format", "table"));
 *   if (report == NULL) return EXIT_WRONG;        -- a sentence on standard error names the nearest
 */
#ifndef MEWS_FORMATS_H
#define MEWS_FORMATS_H

#include "cli/verb.h"
#include "replay/report/report.h"

const struct report *formats_report(const struct verb *verb, const char *name);

#endif
