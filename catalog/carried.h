/*
 * carried: fields that tell of one kind of act, and that no other act has.
 *
 *   file.create, file.target_path == "/etc/cron.d/x"   never: only what is renamed or linked has a target
 *   file.rename, file.target_path == "/etc/cron.d/x"   where that is the new name
 *
 * Who asks for such a field where the act is another asks for something that is missing, whatever a target can show.
 */
#ifndef MEWS_CARRIED_H
#define MEWS_CARRIED_H

#include "catalog/registry.h"

/* Can events of the action have the field? */
bool field_carried(const struct registry *registry, unsigned field, unsigned action);

#endif
