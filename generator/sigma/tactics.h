/* tactics: ATT&CK techniques → the tactics that they serve (version 19 names), for Sigma's tags.
 *
 *   T1611 → privilege-escalation     T1562.001 → defense-impairment, and the technique is called T1685 now
 */
#ifndef MEWS_SIGMA_TACTICS_H
#define MEWS_SIGMA_TACTICS_H

#include "catalog/text.h"

/* "privilege-escalation persistence", blank-separated, of a technique or of its parent; NULL: not known. */
const char *sigma_tactics(struct text technique);
/* The technique's identifier in version 19; itself where that did not change or is not known. */
struct text sigma_technique(struct text technique);

#endif
