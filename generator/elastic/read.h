/* elastic: the reader of Elastic's detection rules; a row of generator/target.c. */
#ifndef MEWS_ELASTIC_READ_H
#define MEWS_ELASTIC_READ_H

struct import;

/* TOML files of rules, and NDJSON exports. Event, sequence and sample queries in EQL are taken; other types of rules are
 * refused by their name. */
int elastic_read(struct import *import);
extern const char *const elastic_endings[];

#endif
