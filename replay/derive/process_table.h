/*
 * process_table: what is known of each process of a host, by pid; bounded.
 *
 * A hash of a fixed number of rows; when all are used, the least recently seen row is used again.
 */
#ifndef MEWS_PROCESS_TABLE_H
#define MEWS_PROCESS_TABLE_H

#include "catalog/text.h"

enum process_side { SIDE_UNKNOWN, SIDE_HOST, SIDE_CONTAINER };

/* A text that is kept; its memory stays with the row. */
struct process_text {
	char *data;
	uint32_t length, room; /* length 0: not known */
};

/* What is asked of each event stands in the first 64 bytes. */
struct process_row {
	uint64_t host;       /* hash of the host's name: pids of two hosts do not mix */
	int64_t pid, parent; /* parent: -1 where not known */
	int64_t init;        /* of a container's: its init, and when that began */
	int64_t init_time;
	int64_t seen;        /* time of the last event, ns */
	int64_t session;     /* of the last event; -1: it named none */
	enum process_side side;
	bool exited, shim;   /* shim: by its executable */
	struct process_text executable, command_line; /* of the last exec */
};

struct process_table;

struct process_table *process_table_new(uint32_t rows);
void process_table_free(struct process_table *table);
void process_table_clear(struct process_table *table);

/* The row, or NULL. It stays until the next process_table_add. */
struct process_row *process_table_find(struct process_table *table, uint64_t host, int64_t pid);
/* A fresh row for the pid: a known one is emptied. Never NULL. */
struct process_row *process_table_add(struct process_table *table, uint64_t host, int64_t pid);
void process_table_touch(struct process_table *table, const struct process_row *row);
/* Who will ask for a pid soon says so in three steps, with others' between them: each fetches from far memory what the next one
 * looks at. */
enum process_step { PROCESS_BUCKET, PROCESS_LINK, PROCESS_ROW };
void process_table_expect(const struct process_table *table, uint64_t host, int64_t pid, enum process_step step);
/* Rows in use. */
uint32_t process_table_count(const struct process_table *table);

#endif
