/*
 * view: an event as Elastic's integrations put it into their data streams.
 *
 *   exec of docker  → endpoint        { event.category process, event.type start, event.action exec, process.name docker … }
 *                  → auditd_manager  { event.category process, event.action executed, event.outcome success … }
 *                   → cloud_defend    the same as endpoint's, if a container's process did it
 *
 * Written apart from the dialect: that table is what is to be judged. Elasticsearch holds no empty lists, and text that is
 * UTF-8: stray bytes are U+FFFD there.
 */
#ifndef MEWS_ELASTIC_VIEW_H
#define MEWS_ELASTIC_VIEW_H

#include "generator/judge.h"

void elastic_view(const struct registry *registry, const struct event *event, struct arena *arena, struct sights *sights);

#endif
