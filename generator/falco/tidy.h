/*
 * tidy: a rule's tree in its shortest form for this engine; what it matches stays.
 *
 *   evt.type = socket and not (evt.type in (execve, execveat) or …)   → evt.type = socket
 *   not (fd.num in ("<NA>"))       → nothing: a number is no such text, and the engine would refuse it
 *   evt.failed = true or not (evt.failed = true)                      → nothing
 *   proc.exepath = sh or proc.exepath endswith /sh                    → basename(proc.exepath) = sh
 */
#ifndef MEWS_FALCO_TIDY_H
#define MEWS_FALCO_TIDY_H

#include "generator/rule.h"

struct rule_node *falco_tidy(struct arena *arena, struct rule_node *node);

#endif
