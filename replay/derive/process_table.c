/*
 * process_table: rows in one array, in the order in which they were made, and a hash of their places with open addressing.
 *
 * Far memory is what costs: a row is written where the one before was, its texts stand in it, and a slot of the hash holds a
 * part of the pid's hash beside the row's place, so that who asks for a pid that is not known touches no row. Slots stand in
 * buckets of eight, whose tags are compared at once: of most pids one bucket tells without a branch that could go either way.
 * A slot is not emptied when its row is used again: the row tells that it is another's. They are thrown out, all at once, when
 * there are many.
 */
#include "replay/derive/process_table.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
	SLOTS_A_ROW = 4,
	BUCKET_BITS = 3,
	BUCKET = 1 << BUCKET_BITS, /* slots */
	BITS_LEAST = 6, /* of the number of slots */
	LINE = 64,
	FETCHED = 3 * LINE, /* of a row: its texts are mostly short */
	AHEAD = 3,      /* rows that the hand has fetched before it comes there */
};

/* Filled from the first slot on. */
struct bucket {
	_Alignas(32) uint16_t tags[BUCKET]; /* 0: the slot is empty */
	uint16_t places[BUCKET];            /* 1 + that of the row */
};

struct process_table {
	uint32_t rows, used, hand;
	uint32_t bits, most;  /* slots: 1 << bits; 1 << most at last */
	uint32_t shift, mask; /* that follow from `bits`: of a hash to its first bucket, and of a bucket's number */
	uint32_t filled;      /* slots */
	struct process_row *items; /* [rows] */
	struct bucket *buckets; /* [1 << most slots], behind them */
	uint32_t *hashes;     /* [rows], behind those */
};

static void empty_slots(struct process_table *table)
{
	uint32_t bits = table->bits - BUCKET_BITS;
	table->shift = 32 - bits;
	table->mask = (UINT32_C(1) << bits) - 1;
	memset(table->buckets, 0, sizeof *table->buckets << bits);
	table->filled = 0;
}

struct process_table *process_table_new(uint32_t rows)
{
	struct process_table *table = mem_alloc(sizeof *table);
	uint32_t most = BITS_LEAST;
	while (UINT32_C(1) << most < SLOTS_A_ROW * rows)
		most++;
	*table = (struct process_table){.rows = rows, .bits = BITS_LEAST, .most = most};
	size_t buckets = sizeof *table->buckets << (most - BUCKET_BITS), hashes = rows * sizeof *table->hashes;
	table->items = mem_large(rows * sizeof *table->items + buckets + hashes);
	table->buckets = (struct bucket *)(void *)(table->items + rows);
	table->hashes = (uint32_t *)(void *)((char *)table->buckets + buckets);
	empty_slots(table);
	return table;
}

static void free_texts(struct process_row *row)
{
	if (row->far)
		free(row->texts.far);
	row->far = false;
}

void process_table_clear(struct process_table *table)
{
	for (uint32_t i = 0; i < table->used; i++)
		free_texts(&table->items[i]);
	table->bits = BITS_LEAST;
	table->used = table->hand = 0;
	empty_slots(table);
}

void process_table_free(struct process_table *table)
{
	if (table == NULL)
		return;
	process_table_clear(table);
	free(table->items);
	free(table);
}

static uint32_t first_bucket(const struct process_table *table, uint32_t hash)
{
	return hash >> table->shift;
}

static uint32_t next_bucket(const struct process_table *table, uint32_t bucket)
{
	return (bucket + 1) & table->mask;
}

static uint16_t tag_of(uint32_t hash)
{
	return (uint16_t)(hash | 1);
}

/* The slots with the tag, by bit. */
static unsigned slots_with(const struct bucket *bucket, uint16_t tag)
{
#if defined(__SSE2__)
	__m128i tags = _mm_load_si128((const __m128i *)(const void *)bucket->tags);
	__m128i equal = _mm_cmpeq_epi16(tags, _mm_set1_epi16((short)tag));
	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128()));
#else
	unsigned slots = 0;
	for (unsigned i = 0; i < BUCKET; i++)
		slots |= (unsigned)(bucket->tags[i] == tag) << i;
	return slots;
#endif
}

/* What does not fit goes into the next bucket. */
static bool is_full(const struct bucket *bucket)
{
	return bucket->tags[BUCKET - 1] != 0;
}

struct process_row *process_table_find(const struct process_table *table, uint64_t host, int64_t pid)
{
	uint32_t hash = process_hash(host, pid), at = first_bucket(table, hash);
	for (;; at = next_bucket(table, at)) {
		const struct bucket *bucket = &table->buckets[at];
		for (unsigned slots = slots_with(bucket, tag_of(hash)); slots != 0; slots &= slots - 1) {
			struct process_row *row = &table->items[bucket->places[__builtin_ctz(slots)] - 1];
			if (row->pid == pid && row->host == host)
				return row;
		}
		if (!is_full(bucket))
			return NULL;
	}
}

static void fill_slot(struct process_table *table, uint32_t row)
{
	uint32_t hash = table->hashes[row], at = first_bucket(table, hash);
	while (is_full(&table->buckets[at]))
		at = next_bucket(table, at);
	struct bucket *bucket = &table->buckets[at];
	unsigned slot = (unsigned)__builtin_ctz(slots_with(bucket, 0));
	bucket->tags[slot] = tag_of(hash);
	bucket->places[slot] = (uint16_t)(row + 1);
	table->filled++;
}

/* Those of rows that were used again go; there are more where there are many rows. */
static __attribute__((noinline)) void renew_slots(struct process_table *table)
{
	while (table->bits < table->most && SLOTS_A_ROW * table->used > UINT32_C(1) << table->bits)
		table->bits++;
	empty_slots(table);
	for (uint32_t i = 0; i < table->used; i++)
		fill_slot(table, i);
}

/* A row that nobody uses, or that is used no more. */
static uint32_t next_row(struct process_table *table)
{
	if (table->used < table->rows) {
		table->items[table->used].far = false; /* it was never touched */
		return table->used++;
	}
	while (table->items[table->hand].touched) {
		table->items[table->hand].touched = false;
		table->hand = table->hand + 1 < table->rows ? table->hand + 1 : 0;
	}
	uint32_t row = table->hand;
	table->hand = row + 1 < table->rows ? row + 1 : 0;
	if (row + AHEAD < table->rows)
		for (size_t line = 0; line < FETCHED; line += LINE)
			__builtin_prefetch((const char *)&table->items[row + AHEAD] + line, 1);
	return row;
}

struct process_row *process_table_begin(struct process_table *table, uint64_t host, int64_t pid, struct process_row *row)
{
	bool known = row != NULL;
	if (!known) {
		uint32_t place = next_row(table);
		row = &table->items[place];
		table->hashes[place] = process_hash(host, pid);
		fill_slot(table, place);
	}
	free_texts(row);
	row->host = host;
	row->pid = pid;
	row->parent = row->session = -1;
	row->init = row->init_time = 0;
	row->seen = INT64_MIN;
	row->side = SIDE_UNKNOWN;
	row->exited = row->shim = row->beside = false;
	row->touched = known; /* the hand may be near */
	row->executable = row->command_line = 0;
	if (!known && 8 * table->filled > UINT32_C(5) << table->bits)
		renew_slots(table);
	return row;
}

struct process_row *process_table_add(struct process_table *table, uint64_t host, int64_t pid)
{
	return process_table_begin(table, host, pid, process_table_find(table, host, pid));
}

void process_table_expect(const struct process_table *table, uint32_t hash)
{
	__builtin_prefetch(&table->buckets[first_bucket(table, hash)]);
}

void process_table_fetch(const struct process_table *table, uint32_t hash)
{
	const struct bucket *bucket = &table->buckets[first_bucket(table, hash)];
	unsigned slots = slots_with(bucket, tag_of(hash));
	if (slots == 0) /* it is not known, or one of the few in the next bucket */
		return;
	const char *row = (const char *)&table->items[bucket->places[__builtin_ctz(slots)] - 1];
	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + LINE, 1);
}

uint32_t process_table_count(const struct process_table *table)
{
	return table->used;
}

void process_table_keep(struct process_row *row, struct text executable, struct text command_line)
{
	executable.length = executable.length > PROCESS_TEXT ? 0 : executable.length;
	command_line.length = command_line.length > PROCESS_TEXT ? 0 : command_line.length;
	bool beside = !text_equal(text_slice(command_line, 0, executable.length), executable);
	size_t first = beside ? executable.length : 0, all = first + command_line.length;
	char *old = row->far ? row->texts.far : NULL, *to = row->texts.near;
	if (all > PROCESS_NEAR)
		to = mem_alloc(all);
	if (beside)
		memmove(to, executable.data, executable.length); /* its own stands there already, or is moved */
	memmove(to + first, command_line.data, command_line.length);
	row->far = all > PROCESS_NEAR;
	if (row->far)
		row->texts.far = to;
	row->beside = beside;
	row->executable = (uint16_t)executable.length;
	row->command_line = (uint16_t)command_line.length;
	if (old != NULL)
		free(old);
}
