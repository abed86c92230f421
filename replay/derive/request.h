/*
 * request: the container that a client's command line asks for.
 *
 * A successful exec of docker, podman, nerdctl, docker-compose, … is parsed as that client would (the
 * option table is rulesets/clients.yaml, catalog/client.h) and gains a `container` facet:
 *
 *   docker run --privileged -v /:/host alpine sh    →  container/run: privileged true, mounts [/:/host:rw], image alpine
 *
 * A command line that the client would refuse (unknown option, missing value) still gives the facet
 * of what could be read before that point, without the defaults. An unresolved variable ($X, ${X}) in a value
 * leaves the field missing. `docker ps`, `docker build` and the like give no facet.
 */
#ifndef MEWS_REQUEST_H
#define MEWS_REQUEST_H

#include "catalog/catalog.h"

/* Adds the facet where the facet is such an exec; returns it, or NULL. */
struct facet *request_derive(const struct clients *clients, struct event *event, const struct facet *exec);

/* What manifests and API bodies share with command lines: one spelling → one canonical value. */
struct text request_mount(struct arena *arena, struct text source, struct text destination, struct text mode);
struct text request_capability(struct arena *arena, struct text name); /* SYS_ADMIN → CAP_SYS_ADMIN; ALL */
void request_image(struct event *event, struct facet *facet, struct text image); /* name and tag */

/* Splits a shell command line into words as a POSIX shell would for plain words (quotes, backslashes; no
 * expansion). false where it is not that simple (pipes, substitutions): the words before that point are given. */
bool request_split(struct arena *arena, struct text line, struct text **words, size_t *count);

#endif
