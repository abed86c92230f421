/*
 * scap_follow: what each event changes.
 *
 *   struct scap_seen seen = scap_follow(state, &event, arena);
 *   … write the event out by seen.thread and seen.fd …
 *   if (event.own.kind->act == SCAP_EXIT)
 *           scap_follow_end(state, &seen);  // the thread goes
 */
#ifndef MEWS_SCAP_FOLLOW_H
#define MEWS_SCAP_FOLLOW_H

#include "replay/readers/scap_event.h"
#include "replay/readers/scap_state.h"

struct scap_seen {
	struct scap_thread *thread, *process; /* NULL: the event is of none */
	struct scap_fd fd;                    /* that it is about; `number` -1: none. Its name is the state's */
	struct text path;                     /* of what was or should have been opened or reached */
};

/* Counts the threads of each process, when the tables before the events are there. */
void scap_settle(struct scap_state *state);
/* Follows an event; texts of `seen` are in the arena or the state, until the next event. */
struct scap_seen scap_follow(struct scap_state *state, struct scap_event *event, struct arena *arena);
void scap_follow_end(struct scap_state *state, const struct scap_seen *seen);

/* The directory that a relative path of the call is seen from: the working directory, or the descriptor's. */
struct text scap_base(const struct scap_thread *process, int64_t descriptor);

#endif
