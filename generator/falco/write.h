/* falco: the writer of falco packs; a row of generator/target.c. */
#ifndef MEWS_FALCO_WRITE_H
#define MEWS_FALCO_WRITE_H

#include "generator/rule.h"

struct pack;

/* Tests that Falco's filter language says as we mean them. */
bool falco_accepts(const struct rule_test *test);
int falco_write(struct pack *pack, struct diagnostics *d);

#endif
