/*
 * audit_batch: an audit log in two steps (reader.h, struct reader_gathering): in order, which records are one event; in any
 * thread, what the events say.
 *
 * The first step is the same code as that of a reader of whole logs (audit_lines.h), and sees all lines in order: therefore
 * cuts change nothing. Its events come as a batch: those that were handed on with these lines.
 */
#ifndef MEWS_AUDIT_BATCH_H
#define MEWS_AUDIT_BATCH_H

#include "replay/readers/reader.h"

extern const struct reader_gathering audit_gathering;

#endif
