/*
 * process_table: what is known of each process of a host, by pid; bounded.
 *
 * A fixed number of rows. While there are free ones nothing is forgotten. After that a hand goes round over the rows, in the
 * order in which they were made, and the next one that was not touched since the hand came by is used again (second chance): who
 * is seen now and then stays, who was seen once goes after one round. Which row goes depends on the calls alone.
 *
 *   row = process_table_add(table, host, 17);          nothing is known of it
 *   process_table_keep(row, exe, line);                 /usr/bin/sh, sh -c id: copied
 *   row = process_table_find(table, host, 17);          process_executable(row), process_command_line(row)
 */
#ifndef MEWS_PROCESS_TABLE_H
#define MEWS_PROCESS_TABLE_H

#include "catalog/text.h"

enum process_side { SIDE_UNKNOWN, SIDE_HOST, SIDE_CONTAINER };

enum {
	PROCESS_ROWS_MAX = 65535,
	PROCESS_TEXT = 1024, /* bytes of a path or a command line that are kept; longer ones are not */
	PROCESS_NEAR = 320,  /* of both together that stand in the row itself */
};

/* What is asked of each event stands in the first 64 bytes. */
struct process_row {
	_Alignas(64) uint64_t host; /* hash of the host's name: pids of two hosts do not mix */
	int64_t pid, parent; /* parent: -1 where not known */
	int64_t init;        /* of a container's: its init, and when that began */
	int64_t init_time;
	int64_t seen;        /* time of the last event, ns */
	int64_t session;     /* of the last event; -1: it named none */
	uint8_t side;        /* enum process_side */
	bool exited : 1, shim : 1; /* shim: by its executable */
	bool touched : 1;    /* since the hand came by */
	bool far;            /* its texts stand elsewhere */
	bool beside;         /* the command line stands behind the executable; else it begins with it */
	uint16_t executable, command_line; /* lengths of its texts, of the last exec; 0: not known */
	union {
		char near[PROCESS_NEAR];
		char *far; /* the row's own */
	} texts;
};

struct process_table;

struct process_table *process_table_new(uint32_t rows);
void process_table_free(struct process_table *table);
void process_table_clear(struct process_table *table);

/* Who asks for the same pid again, or says before that it will, makes its hash once. */
static inline uint32_t process_hash(uint64_t host, int64_t pid)
{
	return (uint32_t)(((uint64_t)pid ^ host) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* The row, or NULL. It stays until the next process_table_add. */
struct process_row *process_table_find(const struct process_table *table, uint64_t host, int64_t pid);
/* A fresh row for the pid: a known one is emptied. Never NULL. */
struct process_row *process_table_add(struct process_table *table, uint64_t host, int64_t pid);
/* The same for who has looked for it: `known` is what process_table_find gave, or NULL. */
struct process_row *process_table_begin(struct process_table *table, uint64_t host, int64_t pid, struct process_row *known);
/* It was seen. */
static inline void process_table_touch(struct process_row *row)
{
	row->touched = true;
}
/* Who will ask for a pid soon says so in two steps, with others' between them: each fetches from far memory what the next one
 * looks at. */
void process_table_expect(const struct process_table *table, uint32_t hash);
void process_table_fetch(const struct process_table *table, uint32_t hash);
/* Rows in use. */
uint32_t process_table_count(const struct process_table *table);

/* The texts: they stay until the next process_table_keep of the row, and as long as the row. */
static inline const char *process_texts(const struct process_row *row)
{
	return row->far ? row->texts.far : row->texts.near;
}
static inline struct text process_executable(const struct process_row *row)
{
	return (struct text){process_texts(row), row->executable};
}
static inline struct text process_command_line(const struct process_row *row)
{
	return (struct text){process_texts(row) + (row->beside ? row->executable : 0), row->command_line};
}
/* Copies them into the row; one that is longer than PROCESS_TEXT is not known. The executable
 * may be the row's own. */
void process_table_keep(struct process_row *row, struct text executable, struct text command_line);

#endif
