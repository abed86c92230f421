/*
 * stability: does what was mined from one half of the false positives remove the other half, too?
 *
 * Where datasets of use develop and of use hold-out were replayed, proposals were mined from the former; the latter prove
 * them. Else false positives are parted by unit: the episode that they stand in, else their day, else their hour: the
 * coarsest of which most proposals have enough. A proposal's units go into one half and the other in turn. Then the miner
 * is run on each half alone, and it is counted how many false positives of a proposal in one half are removed by what was
 * mined from the other half.
 *
 * STABLE: at least STABLE_SHARE of them. UNSTABLE: fewer. UNKNOWN: its false positives fall into fewer than UNITS_NEEDED
 * units. The note says how many there were.
 *
 *   struct halves *s = stability_new(proposals);
 *   …a pass: stability_see for each match…
 *   stability_judge(s, &options, &d);        fills stability, stability_note, stability_units, held_out_removed, held_out_all
 *   stability_free(s);
 */
#ifndef MEWS_STABILITY_H
#define MEWS_STABILITY_H

#include "replay/tune/tune.h"

#define STABLE_SHARE 0.8
enum { UNITS_NEEDED = 4 };

struct halves;

struct halves *stability_new(struct proposals *proposals, const struct catalog *catalog);
void stability_free(struct halves *halves); /* NULL is fine */
/* `holds[i]`: proposal i excepts it. */
void stability_see(struct halves *halves, const struct observed_match *match, const bool *holds);
/* Mines twice and looks at all events once more, unless that could not tell anything. What it adds lives in the proposals'
 * arena. -1: reported. */
int stability_judge(struct halves *halves, const struct tune_options *options, struct diagnostics *d);

#endif
