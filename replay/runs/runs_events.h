/*
 * runs_events: the events of alerts that were stored without (results.h, `whole`), made of their files again.
 *
 *   runs_read(store, id, &run, d);
 *   runs_events(run, d);          each alert has its event and fields now, or a warning says how many have not, and why
 *
 * The run's datasets are read once more, with the run's own catalog, and events are found by file, line and time; one that
 * the alert's conditions no longer hold on is another event. Costs a replay's reading, and memory for all the events.
 */
#ifndef MEWS_RUNS_EVENTS_H
#define MEWS_RUNS_EVENTS_H

#include "replay/runs/runs.h"

void runs_events(struct stored_run *run, struct diagnostics *d);

#endif
