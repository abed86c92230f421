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
 * leaves the field missing (in environment, labels and commands a dollar sign is kept: there it belongs to the
 * container's own programs). `docker ps`, `docker build`, `docker run --help` and the like give no facet.
 */
#ifndef MEWS_REQUEST_H
#define MEWS_REQUEST_H

#include "catalog/client.h"

/* Adds the facet where the facet is such an exec; returns it, or NULL. */
struct facet *request_derive(const struct clients *clients, struct event *event, const struct facet *exec);

/* Splits a shell command line into words as a POSIX shell would for plain words (quotes, backslashes; no
 * expansion). false where it is not that simple (pipes, substitutions): the words before that point are given. */
bool request_split(struct arena *arena, struct text line, struct text **words, size_t *count);

#endif
