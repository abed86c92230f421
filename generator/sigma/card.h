/* card: what a Sigma document says of itself, in a draft. What has no place there is remarked upon. */
#ifndef MEWS_SIGMA_CARD_H
#define MEWS_SIGMA_CARD_H

#include "generator/sigma/site.h"

void card_read(struct taking *taking);

#endif
