/*
 * made_acts: what the act that a made event tells of leaves open for it.
 *
 *   file.mount, file.mount.source                 mounts have sources
 *   process.exec, file.mount.source               no sensor shows that
 *   process.setns, audit.syscall: kexec_load      nor that: a record's act is read from its call
 */
#ifndef MEWS_MADE_ACTS_H
#define MEWS_MADE_ACTS_H

#include "catalog/made_facet.h"

/* Are all fields that the facet has such as acts of its kind have? */
bool made_acts_carry(const struct made_facet *facet);
/* Is the call that it names, if it names one, one that does such a thing? */
bool made_acts_call(const struct made_facet *facet);

#endif
