/*
 * judge: a Sigma pack's text, evaluated as the specification says: rules on records of their log source, filters beside
 * them, correlations over what rules fired. The `judging` of the sigma row of generator/target.c.
 *
 * Rules are named by their ids. Texts are compared without regard to ASCII case, `re` with; a test on a name that is not
 * there is false, and `not` is plain negation. A rule sees the records of its log source alone. A filter is joined by `and`.
 *
 * Keywords are looked for in the record's text (message), where the record has one, else in all that it shows.
 *
 * Correlations look back over their time span from each event that one of their rules fires on: event_count and value_count
 * hold while the bound holds, a temporal one if every other rule fired before; an ordered one where a chain of its rules
 * ends, each rule taking the first event behind the one before. Rules that only serve a correlation (`generate` is not
 * true) do not fire by themselves.
 */
#ifndef MEWS_SIGMA_JUDGE_H
#define MEWS_SIGMA_JUDGE_H

#include "generator/judge.h"

extern const struct judging sigma_judging;

#endif
