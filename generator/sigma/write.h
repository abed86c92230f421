/* sigma: the writer of sigma packs; a row of generator/target.c. */
#ifndef MEWS_SIGMA_WRITE_H
#define MEWS_SIGMA_WRITE_H

#include "generator/rule.h"

struct pack;

int sigma_write(struct pack *pack, struct diagnostics *d);

#endif
