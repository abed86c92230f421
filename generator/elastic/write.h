/* elastic: the writer of elastic packs; a row of generator/target.c. */
#ifndef MEWS_ELASTIC_WRITE_H
#define MEWS_ELASTIC_WRITE_H

#include "catalog/text.h"

struct pack;
struct diagnostics;

/* mews_rules.ndjson, as Kibana imports it: one rule a line. */
int elastic_write(struct pack *pack, struct diagnostics *d);

#endif
