/*
 * lineage: which processes run in containers, by descent, for sources that know no containers.
 *
 * Linux audit names a process by pid and ppid alone. A process is a container's when
 *   - its comm says that a runtime is setting it up as an init (`runc:[2:INIT]`), or
 *   - it is a child of a shim (containerd-shim, conmon) and not the runtime at work there, or
 *   - its parent was a container's when it first appeared.
 * It is the host's when its parents lead to pid 1 or 2, or to an engine of whose own ancestors nothing
 * is known. Everything else is unknown, and process.in_container stays missing. Which names mean what is
 * data: `runtimes:` in rulesets/clients.yaml.
 *
 * What is known of a host's processes is known for the length of one recording (recording.h).
 * A pid is forgotten when it exits, and begins anew when it shows up under another parent that does not
 * explain it as an orphan. Up to LINEAGE_PIDS processes are known; when more appear, those that were not seen for long
 * are forgotten (process_table.h).
 */
#ifndef MEWS_LINEAGE_H
#define MEWS_LINEAGE_H

#include "catalog/client.h"
#include "replay/derive/recording.h"

#define LINEAGE_PIDS 32768u

struct lineage;

/* `runtimes` must outlive the lineage. */
struct lineage *lineage_new(const struct registry *registry, const struct runtimes *runtimes);
void lineage_free(struct lineage *lineage);
void lineage_reset(struct lineage *lineage, const struct dataset *dataset); /* as recordings_begin */

/* What one event says of its actor, and what follows from that alone. */
struct actor {
	const struct facet *facet; /* the first with a pid; NULL: there is none */
	uint64_t named;            /* a hash of the host's name */
	int64_t pid, parent;       /* parent: -1 where it names none; so of the session */
	int64_t time, session;
	int64_t serial;            /* recording_serial */
	struct text executable, line; /* line: of an exec: what it was called with */
	bool exec;                 /* it succeeded */
	bool init, shim, engine;   /* what the names of its thread, of its executable and of an exec's program mean */
	bool entity;               /* the event names one that is not in its field */
	/* As things stand some events before its turn: where the host stands among recordings, and what its processes are
	 * called in the table. */
	size_t place;
	uint64_t host;
};

/* Any thread, in any order, when all that an event implies by itself stands. */
void lineage_look(const struct lineage *lineage, struct event *event, struct actor *actor);
/* Learns from the events, in their order, and fills, where they are missing, process.in_container, entity.id
 * (`container:PID@SECONDS` of the init, else `session:ID`) and process.parent.* of their facets: those of the source;
 * facets that are copies of them (derived, copied) are passed over. `actors`: what lineage_look found. Of several events it
 * fetches what is known of a process from far memory before its event's turn; nothing else depends on how many there are. */
void lineage_events(struct lineage *lineage, struct event *const *events, struct actor *actors, size_t count);
/* A facet that is derived (event_copy_facet) from one of the event's gets what lineage filled into that one. */
void lineage_copy(const struct lineage *lineage, struct event *event, struct facet *derived);

#endif
