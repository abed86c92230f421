/*
 * alike: recorded events that say nothing new.
 *
 * A log holds the same act thousands of times. What conditions and rules say of a single event follows from what stands in
 * it, so of events that are alike the first is judged and the others are not. Left aside is what differs always and no
 * condition asks for: the time, numbers of processes (but the first three), sessions, inodes and descriptors, and addresses
 * in memory. Whether such a field is there at all still counts.
 *
 *   {process.exec, process.args: [id], process.pid: 41}     new
 *   {process.exec, process.args: [id], process.pid: 57}     alike
 */
#ifndef MEWS_ALIKE_H
#define MEWS_ALIKE_H

#include "catalog/catalog.h"

struct alike;

/* The catalog says which fields are asked for. Free with alike_free, which takes NULL. */
struct alike *alike_new(const struct catalog *catalog);
void alike_free(struct alike *alike);
/* Was one like it there before? It is known from now on. Derived events only: what was derived counts. */
bool alike_known(struct alike *alike, const struct event *event);

#endif
