/*
 * scap_event: a block of an event → its number, time, thread and parameters.
 *
 * A call is two events, its beginning (enter) and its end (exit); recorders since 2025 leave the first out and put all
 * into the second. The parameters of both are found by name: those of the end first.
 */
#ifndef MEWS_SCAP_EVENT_H
#define MEWS_SCAP_EVENT_H

#include "replay/readers/scap_table.h"

struct scap_part { /* parameters, in the order of the kind */
	const struct scap_kind *kind;
	uint32_t count;
	struct text values[SCAP_PARAMETERS];
};

struct scap_event {
	uint16_t type;
	int64_t time; /* ns since 1970 */
	int64_t tid;
	uint32_t flags;
	struct scap_part own;
	struct text packed;     /* lengths and values as they stand, for scap_part_take */
	bool wide;              /* its lengths have 32 bits */
	struct scap_part begun; /* of the call's beginning; kind NULL: not known */
};

bool scap_event_block(uint32_t block);
/* NULL, or what is wrong. A type of SCAP_TYPES or more has no kind (own.kind NULL) and is no error. */
const char *scap_event_take(const struct scap_kind *kinds, uint32_t block, struct text payload, struct scap_event *event);
bool scap_part_take(struct scap_part *part, const struct scap_kind *kind, uint32_t count, struct text packed, bool wide);

/* The parameter's bytes, of the end or else of the beginning. false: not there, or empty. */
bool scap_value(const struct scap_event *event, const char *name, struct text *value);
bool scap_part_value(const struct scap_part *part, const char *name, struct text *value);
bool scap_value_number(const struct scap_event *event, const char *name, int64_t *number);
/* Up to its NUL; empty where it is not there or says <NA>. */
struct text scap_value_text(const struct scap_event *event, const char *name);
/* What the call returned: its first parameter, where that is a result or a descriptor. */
bool scap_result(const struct scap_event *event, int64_t *result);

#endif
