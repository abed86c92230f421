/*
 * file_accounts: what was read, file by file, for a terminal: every file of which lines were rejected (with the first
 * places and reasons), what no dialect gives a meaning, and with `wide` each file's account.
 */
#ifndef MEWS_FILE_ACCOUNTS_H
#define MEWS_FILE_ACCOUNTS_H

#include "replay/report/report.h"

void file_accounts_print(const struct results *results, const struct report_options *options, unsigned width,
	struct arena *arena, FILE *out);

/* "evt.type=close (12), evt.type=read (8)": the kinds that came most often first; empty where none is known. */
const char *file_accounts_kinds(struct arena *arena, const struct ledger *ledger);

#endif
