/*
 * process_table: rows in one array, chained by hash and by age. Index 0 is no row. Both chains stand beside the rows, with a
 * part of each hash: who looks for a pid touches no row but, mostly, its own, and who makes it the newest touches none.
 */
#include "replay/derive/process_table.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_A_ROW = 4 }; /* few rows share one: a chain's next link is far away */

struct chain_link {
	uint32_t next, tag;    /* by hash; the tag tells the bucket, too */
	uint32_t newer, older; /* by age */
};

struct process_table {
	uint32_t rows, used;
	uint32_t newest, oldest;
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct chain_link *links;  /* [rows + 1] */
	struct process_row *items; /* [rows + 1] */
};

struct process_table *process_table_new(uint32_t rows)
{
	struct process_table *table = mem_alloc(sizeof(*table));
	uint32_t buckets = 1;
	while (buckets < BUCKETS_A_ROW * rows)
		buckets *= 2;
	*table = (struct process_table){.rows = rows, .bucket_mask = buckets - 1};
	table->buckets = mem_alloc(buckets * sizeof(*table->buckets));
	table->links = mem_alloc((rows + 1) * sizeof(*table->links));
	table->items = mem_alloc((rows + 1) * sizeof(*table->items));
	memset(table->buckets, 0, buckets * sizeof(*table->buckets));
	memset(table->items, 0, (rows + 1) * sizeof(*table->items));
	return table;
}

static void row_free(struct process_row *row)
{
	free(row->executable.data);
	free(row->command_line.data);
}

/* Nothing is known of it; the memory of its texts stays. */
static struct process_text emptied(struct process_text text)
{
	text.length = 0;
	return text;
}

void process_table_clear(struct process_table *table)
{
	for (uint32_t i = 1; i <= table->used; i++)
		row_free(&table->items[i]);
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
	free(table->links);
	free(table->items);
	free(table);
}

static uint32_t tag_of(uint64_t host, int64_t pid)
{
	return (uint32_t)(((uint64_t)pid ^ host) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static uint32_t *bucket_of(const struct process_table *table, uint32_t tag)
{
	return &table->buckets[tag & table->bucket_mask];
}

struct process_row *process_table_find(struct process_table *table, uint64_t host, int64_t pid)
{
	uint32_t tag = tag_of(host, pid);
	for (uint32_t i = *bucket_of(table, tag); i != 0; i = table->links[i].next) {
		if (table->links[i].tag == tag && table->items[i].pid == pid && table->items[i].host == host)
			return &table->items[i];
	}
	return NULL;
}

static void age_unlink(struct process_table *table, uint32_t index)
{
	const struct chain_link *link = &table->links[index];
	if (link->newer != 0)
		table->links[link->newer].older = link->older;
	else
		table->newest = link->older;
	if (link->older != 0)
		table->links[link->older].newer = link->newer;
	else
		table->oldest = link->newer;
}

static void age_link(struct process_table *table, uint32_t index)
{
	table->links[index].newer = 0;
	table->links[index].older = table->newest;
	if (table->newest != 0)
		table->links[table->newest].newer = index;
	else
		table->oldest = index;
	table->newest = index;
}

void process_table_touch(struct process_table *table, const struct process_row *row)
{
	uint32_t index = (uint32_t)(row - table->items);
	if (table->newest == index)
		return;
	age_unlink(table, index);
	age_link(table, index);
}

static void chain_unlink(struct process_table *table, const struct process_row *row)
{
	uint32_t index = (uint32_t)(row - table->items);
	uint32_t *at = bucket_of(table, table->links[index].tag);
	while (*at != index)
		at = &table->links[*at].next;
	*at = table->links[index].next;
}

/* The oldest may be the next to go, then the one that is younger: looked at is only what the turn before had fetched. */
static void expect_oldest(const struct process_table *table)
{
	const struct chain_link *links = table->links;
	const struct process_row *oldest = &table->items[table->oldest];
	uint32_t second = links[table->oldest].newer;
	const char *row = (const char *)&table->items[second];
	__builtin_prefetch(oldest->executable.data, 1);
	__builtin_prefetch(oldest->command_line.data, 1);
	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + sizeof *oldest - 1, 1);
	__builtin_prefetch(bucket_of(table, links[second].tag), 1);
	__builtin_prefetch(&links[links[second].newer], 1);
}

struct process_row *process_table_add(struct process_table *table, uint64_t host, int64_t pid)
{
	struct process_row *row = process_table_find(table, host, pid);
	if (row == NULL && table->used < table->rows) {
		row = &table->items[++table->used];
		*row = (struct process_row){.pid = 0}; /* it was never touched */
	} else {
		if (row == NULL)
			row = &table->items[table->oldest];
		chain_unlink(table, row);
		age_unlink(table, (uint32_t)(row - table->items));
	}
	uint32_t tag = tag_of(host, pid), *bucket = bucket_of(table, tag), index = (uint32_t)(row - table->items);
	*row = (struct process_row){.host = host, .pid = pid, .parent = -1, .seen = INT64_MIN, .session = -1,
		.executable = emptied(row->executable), .command_line = emptied(row->command_line)};
	table->links[index] = (struct chain_link){.next = *bucket, .tag = tag};
	*bucket = index;
	age_link(table, index);
	expect_oldest(table);
	return row;
}

void process_table_expect(const struct process_table *table, uint64_t host, int64_t pid, enum process_step step)
{
	uint32_t tag = tag_of(host, pid), *bucket = bucket_of(table, tag);
	if (step == PROCESS_BUCKET) {
		__builtin_prefetch(bucket, 1);
		return;
	}
	uint32_t index = *bucket;
	if (step == PROCESS_LINK) {
		__builtin_prefetch(&table->links[index], 1);
		return;
	}
	while (index != 0 && table->links[index].tag != tag)
		index = table->links[index].next;
	if (index == 0)
		return;
	const struct chain_link *link = &table->links[index];
	const char *row = (const char *)&table->items[index];
	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + sizeof(struct process_row) - 1, 1);
	__builtin_prefetch(&table->links[link->newer], 1);
	__builtin_prefetch(&table->links[link->older], 1);
}

uint32_t process_table_count(const struct process_table *table)
{
	return table->used;
}
