/*
 * spell: conditions, detections and organizations as lines that compare well.
 *
 *   struct buffer now = {0};
 *   spell_condition(condition, registry, SPELL_SHOWN, &now);
 *
 * What has no meaning makes no difference: the order of values, of keys, of lists that are sets, and comments. Shown lines
 * break at `and` and `or` and keep the order of the operands; the key has these in one order, too, so that two conditions
 * with equal keys ask the same. Lists by name are written out.
 */
#ifndef MEWS_SPELL_H
#define MEWS_SPELL_H

#include "catalog/catalog.h"

enum spelling { SPELL_SHOWN, SPELL_KEY };

/* The name of a detection as it is to be written; `context` is the caller's. */
struct spell_names {
	struct text (*name)(const void *context, struct text name);
	const void *context;
};

void spell_condition(const struct condition *condition, const struct registry *registry, enum spelling spelling,
	struct buffer *out);
/* All conditions of a detection, and those for one target only, by name. */
void spell_conditions(const struct detection *detection, const struct registry *registry, enum spelling spelling,
	struct buffer *out);
void spell_exception(const struct exception *exception, const struct registry *registry, const struct spell_names *names,
	enum spelling spelling, struct buffer *out);
void spell_exceptions(const struct exception *list, size_t count, const struct registry *registry,
	const struct spell_names *names, enum spelling spelling, struct buffer *out);
/* Severity, status, techniques, title …; not its name. */
void spell_metadata(const struct detection *detection, struct buffer *out);
/* What an organization's file says. */
void spell_organization(const struct organization *organization, const struct registry *registry,
	const struct spell_names *names, enum spelling spelling, struct buffer *out);

#endif
