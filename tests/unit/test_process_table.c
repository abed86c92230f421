/*
 * The table of processes: what it promises, and random calls against a plain model of it.
 */
#include "replay/derive/process_table.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

static void test_forgets(void)
{
	struct process_table *table = process_table_new(4);
	for (int64_t pid = 1; pid <= 4; pid++)
		process_table_add(table, 0, pid)->parent = pid * 10;
	process_table_touch(process_table_find(table, 0, 1));
	process_table_add(table, 0, 5); /* forgets 2: 1 was touched */
	CU_ASSERT_PTR_NULL(process_table_find(table, 0, 2));
	CU_ASSERT_EQUAL(process_table_find(table, 0, 1)->parent, 10);
	CU_ASSERT_EQUAL(process_table_find(table, 0, 3)->parent, 30);
	CU_ASSERT_PTR_NULL(process_table_find(table, 9, 3));
	CU_ASSERT_EQUAL(process_table_count(table), 4);
	CU_ASSERT_EQUAL(process_table_add(table, 0, 3)->parent, -1); /* begins anew, in place */
	CU_ASSERT_EQUAL(process_table_count(table), 4);
	for (int64_t pid = 100; pid < 10000; pid++)
		process_table_add(table, (uint64_t)pid % 3, pid);
	for (int64_t pid = 9996; pid < 10000; pid++)
		CU_ASSERT_PTR_NOT_NULL(process_table_find(table, (uint64_t)pid % 3, pid));
	CU_ASSERT_PTR_NULL(process_table_find(table, 9995 % 3, 9995));
	process_table_clear(table);
	CU_ASSERT_EQUAL(process_table_count(table), 0);
	CU_ASSERT_PTR_NULL(process_table_find(table, 0, 9999));
	process_table_add(table, 0, 1);
	CU_ASSERT_EQUAL(process_table_count(table), 1);
	process_table_free(table);
	process_table_free(NULL);
}

/* Who is seen before so many others are, however it is seen, is never forgotten. */
static void test_keeps_busy(void)
{
	enum { ROWS = 100 };
	struct process_table *table = process_table_new(ROWS);
	process_table_add(table, 7, 1)->parent = 5;
	for (int64_t pid = 2; pid < 100 * ROWS; pid++) {
		process_table_add(table, 7, pid);
		if (pid % (ROWS / 2) == 0) {
			struct process_row *row = process_table_find(table, 7, 1);
			CU_ASSERT_PTR_NOT_NULL_FATAL(row);
			CU_ASSERT_EQUAL(row->parent, 5);
			process_table_touch(row);
		}
	}
	process_table_free(table);
}

static void test_texts(void)
{
	static char space[PROCESS_TEXT + 1];
	struct process_table *table = process_table_new(2);
	struct process_row *row = process_table_add(table, 0, 1);
	memset(space, 'x', sizeof space);
	struct text longest = {space, PROCESS_TEXT}, longer = {space, PROCESS_TEXT + 1};
	process_table_keep(row, TEXT("/bin/sh"), TEXT("/bin/sh -c id"));
	CHECK_TEXT(process_executable(row), "/bin/sh");
	CHECK_TEXT(process_command_line(row), "/bin/sh -c id");
	process_table_keep(row, process_executable(row), TEXT("sh -c ls"));
	CHECK_TEXT(process_executable(row), "/bin/sh");
	CHECK_TEXT(process_command_line(row), "sh -c ls");
	process_table_keep(row, process_executable(row), longest);
	CHECK_TEXT(process_executable(row), "/bin/sh");
	CU_ASSERT(text_equal(process_command_line(row), longest));
	process_table_keep(row, process_executable(row), longer);
	CHECK_TEXT(process_executable(row), "/bin/sh");
	CHECK_TEXT(process_command_line(row), "");
	process_table_keep(row, longest, longest);
	CU_ASSERT(text_equal(process_executable(row), longest) && text_equal(process_command_line(row), longest));
	process_table_keep(row, longer, TEXT("x"));
	CHECK_TEXT(process_executable(row), "");
	CHECK_TEXT(process_command_line(row), "x");
	process_table_keep(row, longest, TEXT("x"));
	CHECK_TEXT(process_executable(process_table_add(table, 0, 1)), "");
	process_table_keep(process_table_find(table, 0, 1), longest, TEXT("x"));
	process_table_free(table);
}

/* splitmix64: the same everywhere. */
static unsigned below(uint64_t *state, unsigned limit)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (unsigned)((z ^ z >> 31) % limit);
}

/* The model: the same rules, looked up by going through all rows. */
enum { MODEL_ROWS = 300, MODEL_TEXT = 1000 };
struct model_row {
	uint64_t host;
	int64_t pid, mark;
	bool touched;
	char executable[MODEL_TEXT], line[MODEL_TEXT];
};

struct model {
	struct model_row rows[MODEL_ROWS];
	size_t room, used, hand;
};

static struct model_row *model_find(struct model *model, uint64_t host, int64_t pid)
{
	for (size_t i = 0; i < model->used; i++)
		if (model->rows[i].pid == pid && model->rows[i].host == host)
			return &model->rows[i];
	return NULL;
}

static struct model_row *model_add(struct model *model, uint64_t host, int64_t pid)
{
	struct model_row *row = model_find(model, host, pid);
	bool known = row != NULL;
	if (!known && model->used < model->room)
		row = &model->rows[model->used++];
	while (row == NULL) {
		struct model_row *next = &model->rows[model->hand];
		model->hand = (model->hand + 1) % model->room;
		if (!next->touched)
			row = next;
		next->touched = false;
	}
	*row = (struct model_row){.host = host, .pid = pid, .mark = -1, .touched = known};
	return row;
}

static void same_row(const struct process_row *row, const struct model_row *model)
{
	CU_ASSERT_EQUAL_FATAL(row == NULL, model == NULL);
	if (row == NULL)
		return;
	CU_ASSERT_EQUAL(row->parent, model->mark);
	CHECK_TEXT(process_executable(row), model->executable);
	CHECK_TEXT(process_command_line(row), model->line);
}

/* A line that begins with the executable, or does not; some are longer than what stands in a row. */
static void keep_both(struct process_row *row, struct model_row *model, uint64_t *state)
{
	char executable[32], line[MODEL_TEXT];
	unsigned length = below(state, 4) == 0 ? below(state, 500) : below(state, 60);
	snprintf(executable, sizeof executable, "/bin/%u", below(state, 50));
	snprintf(line, sizeof line, "%s%*u", below(state, 2) ? executable : "", (int)length, length);
	bool own = below(state, 3) == 0;
	process_table_keep(row, own ? process_executable(row) : text_of(executable), text_of(line));
	if (!own)
		snprintf(model->executable, sizeof model->executable, "%s", executable);
	snprintf(model->line, sizeof model->line, "%s", line);
}

static void run_model(size_t room, unsigned pids, unsigned seed)
{
	struct process_table *table = process_table_new((uint32_t)room);
	struct model *model = mem_alloc(sizeof *model);
	uint64_t state = seed;
	model->room = room;
	model->used = model->hand = 0;
	for (unsigned i = 0; i < 6000; i++) {
		uint64_t host = below(&state, 3) * UINT64_C(0x123456789abcdef1);
		int64_t pid = below(&state, pids);
		unsigned what = below(&state, 100);
		struct process_row *row = process_table_find(table, host, pid);
		struct model_row *other = model_find(model, host, pid);
		process_table_expect(table, process_hash(host, pid));
		process_table_fetch(table, process_hash(host, pid));
		same_row(row, other);
		if (row == NULL || what < 10) {
			row = process_table_add(table, host, pid);
			other = model_add(model, host, pid);
			row->parent = other->mark = i;
		}
		if (what % 3 == 0)
			keep_both(row, other, &state);
		if (what % 7 == 0) {
			process_table_touch(row);
			other->touched = true;
		}
		same_row(row, other);
		CU_ASSERT_EQUAL(process_table_count(table), model->used);
		if (below(&state, 2000) == 0) {
			process_table_clear(table);
			model->used = model->hand = 0;
		}
	}
	process_table_free(table);
	free(model);
}

static void test_model(void)
{
	static const size_t rooms[] = {1, 2, 3, 7, 32, 100, MODEL_ROWS};
	for (unsigned i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		run_model(rooms[i], 40, 17 + i);
		run_model(rooms[i], 5000, 170 + i);
	}
}

void suite_process_table(void)
{
	CU_pSuite suite = unit_suite("process_table");
	UNIT_TEST(suite, test_forgets);
	UNIT_TEST(suite, test_keeps_busy);
	UNIT_TEST(suite, test_texts);
	UNIT_TEST(suite, test_model);
}
