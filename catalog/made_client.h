/*
 * made_client: container requests as the command lines of clients, made from the option table (client.h).
 *
 *   container.run, container.mounts /run/docker.sock:/s:ro  →  docker run -v /run/docker.sock:/s:ro alpine
 *                                                              podman run --mount=type=bind,source=/run/docker.sock,… alpine
 *                                                              docker run alpine -v /run/docker.sock:/s:ro     (says nothing)
 */
#ifndef MEWS_MADE_CLIENT_H
#define MEWS_MADE_CLIENT_H

#include "catalog/made.h"

/* For the container events from `from` on: adds the exec of a client for each, at most `most`. */
void made_clients(const struct making *making, struct made_list *list, size_t from, size_t most);

#endif
