/*
 * excused: today's detections under the baselines of the reference run, so that an exception, a disabling, another severity
 * or a longer list that arrives in the same change does not excuse what it hides (docs/gates.md).
 *
 *   struct excused *excused = excused_make(today, reference, &d);
 *   replay with excused_catalog(excused) and excused_organization(excused, name) in place of today's
 *   excused_free(excused);
 *
 * Organizations come from the reference's own documents, with its lists and macros, read against today's fields. Detections
 * are followed by their id, so that a renamed one keeps its exceptions, and each has the exceptions that were shipped with
 * it then. What belongs to detections that are new stays as it is today: there is nothing that it could hide. An exception
 * of a detection that is gone is dropped, and so is one that today's fields cannot read; both are said (warnings).
 *
 * The catalog shares what it can with both others, which must outlive it. It is good for replaying, not for the store.
 */
#ifndef MEWS_EXCUSED_H
#define MEWS_EXCUSED_H

#include "catalog/catalog.h"

struct excused;

/* NULL: reported. */
struct excused *excused_make(const struct catalog *today, const struct catalog *reference, struct diagnostics *d);
const struct catalog *excused_catalog(const struct excused *excused);
/* Of that name; today's where the reference has none. NULL: neither has. */
const struct organization *excused_organization(const struct excused *excused, struct text name);
void excused_free(struct excused *excused); /* NULL is fine */

/* Do the two catalogs say the same of what is normal: organizations' files, lists, exceptions shipped with detections? */
bool excused_same(const struct catalog *today, const struct catalog *reference);

#endif
