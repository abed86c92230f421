/*
 * view: events as Falco's sensor shows them, under its own names. By hand, apart from the dialect: `mews verify` holds
 * the packs against it.
 *
 *   process.exec   args (/usr/bin/docker, run, alpine), executable /usr/bin/docker, in_container false
 *     → evt.type execve, proc.name docker, proc.exepath /usr/bin/docker, proc.exe /usr/bin/docker, proc.args "run alpine",
 *       proc.cmdline "docker run alpine", proc.exeline "/usr/bin/docker run alpine", container.id host, evt.failed …
 *   network.connect   address /run/docker.sock
 *     → evt.type connect, fd.name "ffff8c01->ffff8c02 /run/docker.sock", fd.typechar u
 *
 * What a facet does not say is not there. One sight a facet; none for what is derived from a command line, and none where
 * no system call shows the act.
 */
#ifndef MEWS_FALCO_VIEW_H
#define MEWS_FALCO_VIEW_H

#include "generator/sight.h"

void falco_view(const struct registry *registry, const struct event *event, struct arena *arena, struct sights *sights);

#endif
