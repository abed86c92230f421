/*
 * formats: the functions behind the rows of `export_formats` (export.h); nobody else calls them.
 */
#ifndef MEWS_EXPORT_FORMATS_H
#define MEWS_EXPORT_FORMATS_H

#include "replay/export/export.h"

void *ecs_begin(const struct export_options *options, FILE *out);
enum export_verdict ecs_take(void *state, const struct export_item *item, const char **reason);
void ecs_end(void *state);

void *auditd_begin(const struct export_options *options, FILE *out);
enum export_verdict auditd_take(void *state, const struct export_item *item, const char **reason);
void auditd_end(void *state);

void *scap_begin(const struct export_options *options, FILE *out);
enum export_verdict scap_take_event(void *state, const struct export_item *item, const char **reason);
void scap_end(void *state);

#endif
