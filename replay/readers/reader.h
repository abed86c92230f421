/*
 * reader: recorded bytes → events, and an account of every line.
 *
 * A format is one row of a table (name, what it reads, function) and one file beside this one. A reader
 * takes an input (plain, gzip or zstd file, or standard input), makes records, lets the dialect give
 * them meaning, and hands each event to a sink, in the order of the source. Memory does not grow with
 * the input. Nothing is lost in silence:
 *
 *   lines == first lines of events + continued + blank + rejected
 */
#ifndef MEWS_READER_H
#define MEWS_READER_H

#include "catalog/catalog.h"
#include "replay/readers/input.h"

#define LEDGER_FIRST 10
#define LEDGER_KINDS 8

struct rejected_line {
	const char *file;
	uint64_t line;
	const char *reason; /* lives in the ledger's arena */
};

/* Events that the dialect gives no meaning, by the raw value that tells kinds apart ("evt.type=close"). */
struct unmapped_kind {
	struct text kind;
	uint64_t count;
};

/* Of one file, or of all files of a dataset; then with the account of each in `files`. */
struct ledger {
	struct arena arena;
	uint64_t lines;      /* read */
	uint64_t events;     /* made; each accounts for its first line (manifests: for the line its container begins at) */
	uint64_t event_lines; /* lines that are the first of an event */
	uint64_t continued;  /* further lines of an event */
	uint64_t blank;      /* empty, or a comment where the format has such */
	uint64_t rejected;   /* with the reason */
	uint64_t unmapped;   /* events (counted in `events`) that no group of the dialect names */
	uint64_t unfilled;   /* values that did not fit their field's type */
	struct rejected_line first[LEDGER_FIRST];
	size_t first_count;
	struct unmapped_kind kinds[LEDGER_KINDS]; /* those that came first; others are counted in `unmapped` alone */
	size_t kind_count, newest_kind;
	bool chunk;          /* of a piece of a file: all kinds are kept, since others may have come before */
	struct unmapped_kind *more; /* in the arena: those behind the first LEDGER_KINDS */
	size_t more_count;
	struct ledger *files;      /* [file_count], in the order of reading; their arenas are empty, their texts are in this one */
	size_t file_count;
	const char *file, *reader, *dialect; /* of a file's account; dialect NULL: none */
};
void ledger_reject(struct ledger *ledger, const char *file, uint64_t line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void ledger_unmapped(struct ledger *ledger, struct text kind); /* one event, also where the kind is empty */
void ledger_unmapped_undo(struct ledger *ledger); /* the newest one was understood after all */
void ledger_add(struct ledger *sum, const struct ledger *part);
/* The same of a chunk (begun with `chunk`) that has `lines` lines of its file before it. */
void ledger_add_chunk(struct ledger *sum, const struct ledger *part, uint64_t lines);
/* The same, and the part is kept as the account of `file`. */
void ledger_add_file(struct ledger *sum, const struct ledger *part, const char *file, const char *reader,
	const char *dialect);
void ledger_free(struct ledger *ledger);

struct event_sink {
	/* The event lives until the call returns. Not 0: stop reading, and reader_run returns it. */
	int (*take)(void *context, struct event *event);
	void *context;
};

struct reader_plans; /* formats.h */
struct record;       /* record.h */
struct record_part;

/* Sees each record beside what the dialect made of it, for those who judge dialects. The record then has all names that its
 * source holds; the piece is the part of it that is the record itself (`split`), or NULL; the event has no facets where
 * nothing was understood. */
struct record_watch {
	void (*see)(void *context, const struct record *record, const struct record_part *piece, const struct event *event);
	void *context;
};

/* A run over some bytes of a source, cut at borders (reader.border), in memory (input_of). Its lines count from 1.
 *
 * Needs options->plans. event_complete may be asked from any thread, for as long as the arena, the bytes, the options that
 * reader_read was given (their `plans`, `catalog`, `dialect`, `wanted`; the struct itself is copied) and the plans live.
 *
 * Not for dialects with `once`: what the first record of a happening is, only the whole source tells.
 *
 * What it makes is right if the chunk before did not end inside of an event. Chunks are read before that is known, and what
 * was wrong is read again: where a chunk is torn, its bytes from `whole` on and the next chunk are one.
 *
 * Records that are one event (join.h) are not joined within a chunk: whoever puts chunks together does that. */
struct reader_chunk {
	struct arena *arena; /* events, and all that they point to, are made here and are not taken back; or they point into
			      * the input's bytes: both live as long as whoever keeps the events wants */
	struct text begin;   /* what reader.head asked for of the beginning of the source */
	bool first, last;    /* of its source */
	bool resumes;        /* it begins within a line that the chunk before has in its account */
	bool torn;           /* out: it ends inside of an event (never with `last`) */
	size_t whole;        /* out, of a torn one: where that event begins; what stands before is read, and in the account */
	bool resume;         /* out, of a torn one: so is the line that `whole` stands in */
};

struct reader_options {
	const struct catalog *catalog;
	const struct dialect *dialect; /* NULL: the format's own (auditd) or none needed (compose, kubernetes) */
	struct text label_name;        /* json, csv: the raw name that carries the label; empty: none */
	bool csv_header;               /* csv: the first line names the columns (default true); else `columns` */
	const struct text *columns;
	size_t column_count;
	char csv_separator;            /* 0: comma */
	int year;                      /* syslog: of the first line, for times that name none; 0: not known */
	/* [registry.field_count] 1: somebody will ask for the field; NULL: all are wanted. A reader may leave out what is not
	 * wanted, never what a wanted field comes from; event_complete gives the sink the whole event where it has to be shown. */
	const uint8_t *wanted;
	const struct record_watch *watch; /* NULL: nobody watches, and records need not hold what the dialect does not ask for */
	struct reader_chunk *chunk;    /* NULL: the input is the whole source, and events die when the sink returns */
	/* What stays between records (formats.h): made by reader_read for its own time, or by whoever reads chunk after chunk,
	 * for as long as events of these live; then one for each thread that reads. */
	struct reader_plans *plans;
};

/* A reader whose events do not lie in one piece each: the records of an audit event stand between those of others, events wait
 * for a time-out, and no place of a log is a border for sure. Its sources are read in two steps: in order it is gathered which
 * lines are one event (a small part of the work, and the whole of what has state); what was gathered is read to events in any
 * thread. So the events, their order, their lines and the account are those of one pass, however the source is cut.
 *
 *   in order      state = begin(file, ledger);  for each piece { gathered = take(state, lines, last, arena); }  end(state)
 *   any thread    mine = open(options, file);  read(mine, gathered, options, sink, ledger);  close(mine)
 *
 * `take` gets the source's next whole lines (the last one of all need not end), cut anywhere else. What it returns is in
 * `arena` and points into the lines: both live until it was read, and its events with it (options->chunk->arena). Events that are
 * not whole yet are kept, and come with a later piece; all that is left with the `last` one, which may be empty. The ledger of
 * `begin` gets lines, first lines, further lines, blank and rejected ones; that of `read` events, unmapped and unfilled. `open`
 * is done once a thread, with the options (dialect, wanted, label, plans) that `read` has then, but for `chunk`, which changes
 * with each piece. `read` stops where the sink returns other than 0, and returns that. */
struct reader_gathering {
	void *(*begin)(const char *file, struct ledger *ledger);
	const void *(*take)(void *state, struct text lines, bool last, struct arena *arena);
	void (*end)(void *state);
	void *(*open)(const struct reader_options *options, const char *file);
	int (*read)(void *mine, const void *gathered, const struct reader_options *options, struct event_sink sink,
		struct ledger *ledger);
	void (*close)(void *mine);
};

struct reader {
	const char *name;   /* auditd, json, csv, compose, kubernetes */
	const char *about;  /* one line */
	const char *dialect; /* default dialect, or NULL */
	bool named;         /* needs a dialect that the user or the content names */
	int (*run)(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
		struct diagnostics *d);
	/* How well the beginning of a source (unpacked; at most READER_SAMPLE bytes, the last line may be cut) fits: 0 not
	 * at all, 100 nothing else it can be. Never reads beyond the sample and keeps nothing. The reader with most wins. */
	unsigned (*fits)(struct text sample);
	/* Where a source may be cut, so that its chunks are read side by side: the offset of the first byte at or behind
	 * `from` where a chunk can begin (the length: nowhere), judged by the bytes alone. NULL: it cannot be cut. */
	size_t (*border)(struct text bytes, size_t from);
	/* How many of the source's first bytes (here are at most READER_SAMPLE of them) say how the rest is read: each chunk gets
	 * them. false: what says it does not stand there, and the source cannot be cut. NULL: nothing does. */
	bool (*head)(const struct reader_options *options, struct text begin, size_t *length);
	const struct reader_gathering *gathering; /* instead; NULL: it has none */
};

enum { READER_SAMPLE = 64 << 10 };

extern const struct reader readers[]; /* ends with name NULL */
const struct reader *reader_find(struct text name);

/* The dialect that the options name, else the format's own; NULL: neither. */
const struct dialect *reader_dialect(const struct reader *reader, const struct reader_options *options);
/* Opens the file (or "-"), runs the reader, adds to the ledger. A file that cannot be opened or
 * decompressed is an error in `d` (-1); rejected lines are not. */
int reader_run(const struct reader *reader, const char *path, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d);
/* The same with an input that is open (and stays so): what input_peek showed is still to be read. */
int reader_read(const struct reader *reader, struct input *input, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d);
/* Share of the sample's whole lines that are not blank (in percent, at least 1 if any) in which `is` holds: for `fits`. */
unsigned reader_share(struct text sample, bool (*is)(struct text line));

#endif
