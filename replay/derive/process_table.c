/*
 * process_table: rows in one array, chained by hash and by age. Index 0 is no row.
 */
#include "replay/derive/process_table.h"

#include <stdlib.h>
#include <string.h>

struct process_table {
	uint32_t rows, used;
	uint32_t newest, oldest;
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct process_row *items; /* [rows + 1] */
};

struct process_table *process_table_new(uint32_t rows)
{
	struct process_table *table = mem_alloc(sizeof(*table));
	uint32_t buckets = 1;
	while (buckets < rows)
		buckets *= 2;
	*table = (struct process_table){.rows = rows, .bucket_mask = buckets - 1};
	table->buckets = mem_alloc(buckets * sizeof(*table->buckets));
	table->items = mem_alloc((rows + 1) * sizeof(*table->items));
	memset(table->buckets, 0, buckets * sizeof(*table->buckets));
	memset(table->items, 0, (rows + 1) * sizeof(*table->items));
	return table;
}

static void row_empty(struct process_row *row)
{
	free(row->executable);
	free(row->command_line);
	row->executable = row->command_line = NULL;
}

void process_table_clear(struct process_table *table)
{
	for (uint32_t i = 1; i <= table->used; i++)
		row_empty(&table->items[i]);
	memset(table->buckets, 0, (table->bucket_mask + 1) * sizeof(*table->buckets));
	memset(table->items, 0, ((size_t)table->used + 1) * sizeof(*table->items)); /* rows beyond were never touched */
	table->used = table->newest = table->oldest = 0;
}

void process_table_free(struct process_table *table)
{
	if (table == NULL)
		return;
	process_table_clear(table);
	free(table->buckets);
	free(table->items);
	free(table);
}

static uint32_t *bucket_of(struct process_table *table, uint64_t host, int64_t pid)
{
	uint64_t hash = ((uint64_t)pid ^ host) * UINT64_C(0x9e3779b97f4a7c15);
	return &table->buckets[(hash >> 32) & table->bucket_mask];
}

struct process_row *process_table_find(struct process_table *table, uint64_t host, int64_t pid)
{
	for (uint32_t i = *bucket_of(table, host, pid); i != 0; i = table->items[i].next_in_chain) {
		if (table->items[i].pid == pid && table->items[i].host == host)
			return &table->items[i];
	}
	return NULL;
}

static void age_unlink(struct process_table *table, struct process_row *row)
{
	if (row->newer != 0)
		table->items[row->newer].older = row->older;
	else
		table->newest = row->older;
	if (row->older != 0)
		table->items[row->older].newer = row->newer;
	else
		table->oldest = row->newer;
}

static void age_link(struct process_table *table, struct process_row *row)
{
	uint32_t index = (uint32_t)(row - table->items);
	row->newer = 0;
	row->older = table->newest;
	if (table->newest != 0)
		table->items[table->newest].newer = index;
	else
		table->oldest = index;
	table->newest = index;
}

void process_table_touch(struct process_table *table, struct process_row *row)
{
	if (&table->items[table->newest] == row)
		return;
	age_unlink(table, row);
	age_link(table, row);
}

static void chain_unlink(struct process_table *table, const struct process_row *row)
{
	uint32_t index = (uint32_t)(row - table->items);
	uint32_t *at = bucket_of(table, row->host, row->pid);
	while (*at != index)
		at = &table->items[*at].next_in_chain;
	*at = row->next_in_chain;
}

struct process_row *process_table_add(struct process_table *table, uint64_t host, int64_t pid)
{
	struct process_row *row = process_table_find(table, host, pid);
	if (row == NULL && table->used < table->rows) {
		row = &table->items[++table->used];
	} else {
		if (row == NULL)
			row = &table->items[table->oldest];
		chain_unlink(table, row);
		age_unlink(table, row);
		row_empty(row);
	}
	uint32_t *bucket = bucket_of(table, host, pid);
	*row = (struct process_row){.host = host, .pid = pid, .parent = -1, .seen = INT64_MIN, .next_in_chain = *bucket};
	*bucket = (uint32_t)(row - table->items);
	age_link(table, row);
	return row;
}

uint32_t process_table_count(const struct process_table *table)
{
	return table->used;
}
