/*
 * read: Falco's rule files → detections; a row of generator/target.c.
 *
 * All files of an import are one load of the engine, in their order: lists and macros of the first are there for the next, and
 * what a later one overrides or appends counts. Each item is one item of the account: lists, macros and parts of rules by
 * themselves (taken, or refused with the engine's reason), a whole rule with its detection.
 *
 *   title ← rule   description ← desc   severity ← priority   techniques ← tags T1611, T1552.001
 *   conditions ← condition (raw.h, raise.h)   exceptions ← exceptions
 *
 * Other tags and `output` are not kept: the writer makes its own.
 */
#ifndef MEWS_FALCO_READ_H
#define MEWS_FALCO_READ_H

struct import;

int falco_read(struct import *import);

#endif
