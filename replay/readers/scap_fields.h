/*
 * scap_fields: an event and what is known of its thread → raw names and values as sysdig and Falco have them.
 *
 * evt.type, evt.dir, evt.res, evt.failed, evt.is_open_*, evt.arg.NAME, fs.path.*, proc.*, thread.cap_*, user.*, group.*,
 * fd.*, container.*, k8s.*. A value that is not known is left out, where sysdig writes <NA>. Unlike sysdig, a call that
 * failed keeps the paths and addresses that it was given.
 */
#ifndef MEWS_SCAP_FIELDS_H
#define MEWS_SCAP_FIELDS_H

#include "replay/readers/record.h"
#include "replay/readers/scap_follow.h"

/* Values are in the record's arena, or in the state's memory until it changes. */
void scap_fields(struct record *record, const struct scap_state *state, const struct scap_event *event,
	const struct scap_seen *seen);

#endif
