/*
 * dialect_choice: which dialect of the catalog reads these records?
 *
 * Every dialect of the catalog that reads the format (`reads: json`), the user's own among them, reads the first
 * records of a source just as a replay would. The one that fills most fields has it; where two fill as many, the one
 * that names more of the events; where these are alike too, nobody can say, and the answer is a sentence with both.
 *
 *   struct dialect_figures figures;
 *   const char *why;
 *   const struct dialect *dialect = dialect_choose(catalog, reader_find(TEXT("json")), sample, NULL, &arena, &figures, &why);
 *   if (dialect != NULL)
 *     printf("read as json, dialect %.*s: %s\n", TEXT_ARGS(dialect->name), dialect_figures_text(&arena, &figures));
 *   else
 *     puts(why);    -- "no dialect that reads json understands any of 12 records"
 *
 * Records that come out of another source (JSON inside syslog) are given one by one: dialect_choice_new, _object or
 * _record, _best.
 */
#ifndef MEWS_DIALECT_CHOICE_H
#define MEWS_DIALECT_CHOICE_H

#include "replay/readers/record.h"
#include "replay/readers/reader.h"

struct dialect_figures {
	const struct dialect *dialect;
	uint64_t records;    /* looked at */
	uint64_t understood; /* became an event that the dialect names */
	uint64_t other;      /* belong to a group of the dialect, but no event of it fits: CATEGORY.other */
	uint64_t fields;     /* filled, over all events; what follows from the event itself does not count */
	uint64_t unfilled;   /* values that did not fit their field */
};

struct dialect_choice;

/* `reads`: json, csv, … The catalog must live as long as the choice. */
struct dialect_choice *dialect_choice_new(const struct catalog *catalog, struct text reads);
void dialect_choice_free(struct dialect_choice *choice);
/* One JSON object; false: it is none. */
bool dialect_choice_object(struct dialect_choice *choice, struct text object);
/* A record whose names do not depend on the dialect: a row of CSV. */
void dialect_choice_record(struct dialect_choice *choice, const struct record *record);
/* The dialect and its figures. NULL: `*why` is a sentence in the arena, and the figures are those of the best one (of
 * none: zeroes, with `records`). */
const struct dialect *dialect_choice_best(const struct dialect_choice *choice, struct arena *arena,
	struct dialect_figures *figures, const char **why);

/* The same for the beginning of a source, read by the reader itself; a record that the sample cuts does not count.
 * `options` (may be NULL) say what the user said: columns, separator; their dialect is ignored. Where figures->records is 0,
 * not even one record was whole: show more. */
const struct dialect *dialect_choose(const struct catalog *catalog, const struct reader *reader, struct text sample,
	const struct reader_options *options, struct arena *arena, struct dialect_figures *figures, const char **why);

/* "200 of 200 events understood", "180 of 200 events understood, 12 more are some other process event". In the arena. */
const char *dialect_figures_text(struct arena *arena, const struct dialect_figures *figures);

#endif
