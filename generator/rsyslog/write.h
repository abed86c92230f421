/*
 * write: the writer of rsyslog packs; a row of generator/target.c.
 *
 * One file, mews.conf, that may lie in /etc/rsyslog.d: a template (an alert as a line of JSON), the ruleset mews_alert, which
 * writes it, and the ruleset mews, which takes out of a message what rules ask for, tests it and sets `$!mews` for
 * each rule that holds; its last line, `call mews`, lets the ruleset that includes the file be judged.
 */
#ifndef MEWS_RSYSLOG_WRITE_H
#define MEWS_RSYSLOG_WRITE_H

#include "generator/rule.h"

struct pack;

/* Tests that RainerScript says as we mean them. */
bool rsyslog_accepts(const struct rule_test *test);
int rsyslog_write(struct pack *pack, struct diagnostics *d);

#endif
