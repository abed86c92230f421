/* tactics: ATT&CK techniques → the tactics that they serve (version 19 names), for Sigma's tags. */
#ifndef MEWS_SIGMA_TACTICS_H
#define MEWS_SIGMA_TACTICS_H

#include "catalog/text.h"

/* "privilege-escalation persistence", blank-separated, of a technique or of its parent; NULL: not known. */
const char *sigma_tactics(struct text technique);

#endif
