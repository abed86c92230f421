/*
 * turn: one step of a query → what it asks of each event of ours.
 *
 *   process where host.os.type == "linux" and event.type == "start" and event.action in ("exec", "executed") and X
 *     endpoint, process.exec: event.type is start, event.action exec, host.os.type linux   → X
 *     endpoint, process.fork: event.action is fork                                        → false
 *     auditd_manager, process.exec: event.action is executed                              → X
 *   → process where event.action == "exec" and X
 *
 * The names by which the dialect tells groups and events apart (event.action, data_stream.dataset …) are fixed, row by
 * row, and disappear; where a row leaves several values open, what is asked of them stays as a test of
 * event.reported_action or event.reported_type. Other raw names become the registered field that the
 * row has for them, or keep their own as native fields.
 */
#ifndef MEWS_ELASTIC_TURN_H
#define MEWS_ELASTIC_TURN_H

#include "generator/elastic/eql.h"
#include "generator/elastic/form.h"
#include "generator/import.h"

/* The groups that a rule's index patterns reach; all of them where they reach none. */
struct turning {
	struct import *import;
	struct import_item *item;
	const struct dialect_group **groups;
	size_t group_count;
	bool two_answers; /* `not` of what is said of a missing field is true: KQL */
};
void turn_groups(struct turning *turning, const struct texts *indices);

/* A step as an event query: "process where …" (in the import's arena). Several, where a category's acts are
 * asked different things and `single` is false: then each is one query. Empty texts and -1: refused, *error says why. */
struct turned {
	struct text *queries;
	struct text *names;    /* beside queries: what they ask for: exec, create-rename, process */
	size_t count;
};
int turn_step(struct turning *turning, const struct eql_step *step, bool single, struct turned *turned, const char **error);

/* The field that the raw name is in the step's events, as conditions write it; empty: different ones. */
struct text turn_key(struct turning *turning, const struct eql_step *step, struct text name);

#endif
