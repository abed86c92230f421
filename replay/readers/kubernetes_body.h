/*
 * kubernetes_body: what the body of a recorded API request asks for, as further facets of its event.
 *
 * A dialect's `manifests: [requestObject]` names the members that may hold an object. Where the event has a facet api.create,
 * api.update or api.patch of the object itself (no subresource, or `ephemeralcontainers`), the object's facts are set in it
 * (kubernetes_object.h), and each container of a pod, or of what makes pods, becomes a facet container.create: a copy
 * of the request's (who, where from, outcome) with what the container is asked to be.
 *
 *   - A patch gives the fields that it names and no defaults. A JSON Patch is read as the object that its `add` and
 *     `replace` build. One that made the object (status 201: server-side apply) is complete.
 *   - An update of a pod or a job gives no container: their templates cannot be changed, so it starts none.
 *   - A pod that names no container still gives one facet (a patch of hostNetwork, a recorder that cuts lists).
 */
#ifndef MEWS_KUBERNETES_BODY_H
#define MEWS_KUBERNETES_BODY_H

#include "replay/readers/reader.h"

struct record; /* record.h */

/* Uses record->text. A member that is no JSON, or of no known kind, adds nothing. `wanted` as in reader_options. */
void kubernetes_body(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event);
/* Marks the fields of the request ([registry->field_count]) that kubernetes_body itself looks at. */
void kubernetes_body_needs(const struct registry *registry, uint8_t *needed);

#endif
