/*
 * recording: where one recording of a host ends and another begins, so that nothing known of its processes is carried over.
 *
 * A pid names a process for as long as a host is up and its events are all there. Files of one dataset are read one after the
 * other: those of a rotated log go on where the one before ended, others are recordings of other hosts or hours. Of each host
 * (by its name; all events without one are one host's) another recording begins
 *   - where its time goes back by more than RECORDING_BACK;
 *   - in another file that is no rotated part of the one before (of the same source), behind a gap of more than
 *     RECORDING_GAP, or RECORDING_GAP_NAMED where the events name the host;
 *   - in the same file or log, behind a gap of RECORDING_SILENCE;
 *   - where the kernel's own count of its events (audit) begins anew: it was booted; or jumps, behind RECORDING_GAP_NAMED:
 *     what happened in between is not there. Where the count goes on, so does the recording, whatever the gap.
 */
#ifndef MEWS_RECORDING_H
#define MEWS_RECORDING_H

#include "replay/readers/corpus.h"

#define RECORDING_SECOND INT64_C(1000000000)
#define RECORDING_BACK (60 * RECORDING_SECOND)
#define RECORDING_GAP (60 * RECORDING_SECOND)
#define RECORDING_GAP_NAMED (3600 * RECORDING_SECOND)
#define RECORDING_SILENCE (12 * 3600 * RECORDING_SECOND)
enum { RECORDING_HOSTS = 4096 }; /* further ones are looked at as one */

struct recordings;

struct recordings *recordings_new(void);
void recordings_free(struct recordings *recordings);
/* A dataset begins, which must outlive its events; NULL: events of whatever files, in order. */
void recordings_begin(struct recordings *recordings, const struct dataset *dataset);

/* Where the host stands among those that had an event, until recordings_begin; 0: it is none of them. `host`: a hash of its
 * name, 0 where the event names none. */
size_t recordings_place(const struct recordings *recordings, uint64_t host);
/* The kernel's count in an event's id, SECONDS.MILLISECONDS:SERIAL, or -1. */
int64_t recording_serial(struct text id);
/* The number of the recording that the host's next event is of: another one than before where another begins. `place`: where
 * it stands, or 0: it is looked for; `serial`: recording_serial of the event's id. */
uint64_t recording_of(struct recordings *recordings, uint64_t host, size_t place, const struct event *event, int64_t serial);
/* The one that the host in that place was of last; nothing changes. Of place 0 it is 0. */
uint64_t recording_now(const struct recordings *recordings, size_t place);

#endif
