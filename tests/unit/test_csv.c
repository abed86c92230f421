/* csv: rows, quotes, columns, and the account of lines. */
#include "tests/unit/reading.h"

#include "replay/readers/csv_row.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "event.category,event.action,process.name,message\n"

/* The header counts as blank: it is no event and no fault. */
static const struct reading_case cases[] = {
	{"nothing", "", 0, 0, 0, 0, 0, NULL, NULL},
	{"header only", HEAD, 0, 0, 0, 1, 0, NULL, NULL},
	{"rows", HEAD "process,exec,a,\nprocess,fork,b,m\n", 2, 2, 0, 1, 0, "3 process.fork @- message=[m] process.name=[b]", NULL},
	{"no newline at the end", HEAD "process,exec,a,m", 1, 1, 0, 1, 0, "message=[m]", NULL},
	{"carriage returns", "event.category,event.action,process.name,message\r\nprocess,exec,a,m\r\n", 1, 1, 0, 1, 0, "message=[m]", NULL},
	{"blanks belong to values", HEAD "process,exec, a ,\n", 1, 1, 0, 1, 0, "process.name=[ a ]", NULL},
	{"quotes", HEAD "process,exec,\"x \"\"y\"\", z\",m\n", 1, 1, 0, 1, 0, "process.name=[x \"y\", z]", NULL},
	{"newline in quotes", HEAD "process,exec,a,\"one\n\ntwo\"\nprocess,exec,b,m\n", 2, 2, 2, 1, 0, "message=[one\n\ntwo]", NULL},
	{"blank lines", HEAD "\nprocess,exec,a,m\n\n", 1, 1, 0, 3, 0, NULL, NULL},
	{"too few and too many", HEAD "process,exec\nprocess,exec,a,m,x\nprocess,exec,b,m\n", 1, 1, 0, 1, 2, "4 process.exec", "it has 2 fields, not 4"},
	{"a quote inside", HEAD "process,exec,\"a\"b,m\nprocess,exec,b,m\n", 1, 1, 0, 1, 1, "3 process.exec", NULL},
	{"a quote without end", HEAD "process,exec,\"a,m\nprocess,exec,b,m\n", 0, 0, 0, 1, 2, NULL, "does not end"},
	{"unmapped", HEAD "planet,exec,a,m\n", 1, 1, 0, 1, 0, NULL, NULL},
};

static void test_rows(void)
{
	reading_check("csv", cases, sizeof cases / sizeof *cases);
}

static void test_columns(void)
{
	static const struct text columns[] = {{"event.category", 14}, {"process.name", 12}, {"verdict", 7}};
	struct reading r;
	reading_begin(&r, "ecs");
	r.options.csv_header = false;
	r.options.columns = columns;
	r.options.column_count = 3;
	r.options.csv_separator = ';';
	r.options.label_name = TEXT("verdict");
	reading_run(&r, "csv", TEXT("process;a,b;malicious\nprocess;c;\n"));
	CU_ASSERT(reading_counts(&r, 2, 2, 0, 0, 0));
	CHECK_CONTAINS(r.events, "1 process.other @- process.name=[a,b] label=malicious");
	CHECK_CONTAINS(r.events, "2 process.other @- process.name=[c]\n");
	reading_end(&r);
}

static void test_endless_quote(void)
{
	struct reading r;
	struct buffer text = {0};
	buffer_string(&text, HEAD "process,exec,\"a\n");
	for (int i = 0; i < 30000; i++)
		buffer_string(&text, "process,exec,b,a message of some length, so that the row grows\n");
	reading_begin(&r, "ecs");
	reading_run(&r, "csv", buffer_view(&text));
	CHECK_CONTAINS(text_of(r.ledger.first[0].reason), "longer than 1 MiB");
	CHECK_LONG(r.ledger.first[0].line, 2);
	CHECK_LONG(r.ledger.rejected, 30001); /* what follows has a field too many */
	CHECK_LONG(r.ledger.lines, 30002);
	reading_end(&r);
	buffer_free(&text);
}

/* What libcsv makes of a row, strictly and with blanks kept. */
struct libcsv {
	struct csv_parser parser;
	struct arena arena;
	struct text fields[64];
	size_t count;
	bool whole;
};

static int no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static void oracle_begin(struct libcsv *l)
{
	csv_free(&l->parser);
	CU_ASSERT_EQUAL_FATAL(csv_init(&l->parser, CSV_STRICT | CSV_STRICT_FINI), 0);
	csv_set_space_func(&l->parser, no_space);
	arena_reset(&l->arena);
	l->count = 0;
	l->whole = false;
}

static void oracle_field(void *data, size_t length, void *context)
{
	struct libcsv *l = context;
	if (l->count < 64)
		l->fields[l->count] = text_copy(&l->arena, (struct text){data ? data : "", length});
	l->count++;
}

static void oracle_row(int byte, void *context)
{
	struct libcsv *l = context;
	(void)byte;
	l->whole = true;
}

static enum csv_verdict oracle_add(struct libcsv *l, struct text line)
{
	if (csv_parse(&l->parser, line.data, line.length, oracle_field, oracle_row, l) != line.length ||
		csv_parse(&l->parser, "\n", 1, oracle_field, oracle_row, l) != 1)
		return CSV_ROW_BROKEN;
	return l->whole ? CSV_ROW_WHOLE : CSV_ROW_OPEN;
}

static bool same_fields(const struct csv_row *row, const struct libcsv *l)
{
	bool same = row->count == l->count;
	for (size_t i = 0; same && i < row->count && i < 64; i++)
		same = text_equal(csv_row_field(row, i), l->fields[i]);
	return same;
}

/* The line by itself or, as every second one, between others. */
static enum csv_verdict add_row(struct csv_row *row, struct json_lines *lines, struct buffer *block, struct text line, bool among)
{
	if (!among)
		return csv_row_add(row, line);
	buffer_clear(block);
	buffer_printf(block, "%.*s\n%.*s\n\",x\n", (int)(line.length / 2), line.data, TEXT_ARGS(line));
	json_lines_begin(lines, buffer_view(block));
	CU_ASSERT(json_lines_next(lines) && json_lines_next(lines) && text_equal(json_lines_text(lines), line));
	return csv_row_add_line(row, lines);
}

/* Random lines: the same verdict, line by line, and the same fields, at every level of the machine. */
static void compare_rows(enum simd_level level, uint64_t state)
{
	static const char bytes[] = "ab ,,\"\"\"\xc3;\t0";
	struct csv_row row = {.separator = ',', .bits.level = level};
	struct libcsv *l = mem_alloc(sizeof *l);
	struct buffer line = {0}, block = {0};
	struct json_lines lines = {.separator = ',', .bits.level = level};
	size_t wholes = 0, different = 0;
	memset(l, 0, sizeof *l);
	csv_init(&l->parser, 0);
	oracle_begin(l);
	csv_row_begin(&row);
	for (int i = 0; i < 60000 && !different; i++) {
		buffer_clear(&line);
		for (state = state * 6364136223846793005u + 1; line.length < (state >> 40) % 150;) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bool quoted = (state >> 50) % 4 == 0; /* a whole quoted field now and then */
			buffer_string(&line, quoted ? ",\"x, y\"\"z\"," : "");
			buffer_char(&line, bytes[(state >> 33) % (sizeof bytes - 1)]);
		}
		if (!line.length && !row.open)
			continue;
		enum csv_verdict ours = add_row(&row, &lines, &block, buffer_view(&line), i % 2);
		enum csv_verdict theirs = oracle_add(l, buffer_view(&line));
		different += ours != theirs || (ours == CSV_ROW_WHOLE && !same_fields(&row, l));
		if (different)
			printf("    %d and %d: %.*s\n", ours, theirs, TEXT_ARGS(buffer_view(&line)));
		if (ours == CSV_ROW_OPEN)
			continue;
		wholes += ours == CSV_ROW_WHOLE;
		csv_row_begin(&row);
		oracle_begin(l);
	}
	CHECK_LONG(different, 0);
	CU_ASSERT(wholes > 1000);
	csv_row_free(&row);
	csv_free(&l->parser);
	arena_free(&l->arena);
	free(l);
	json_lines_free(&lines);
	buffer_free(&line);
	buffer_free(&block);
}

static void test_libcsv(void)
{
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++)
		compare_rows((enum simd_level)level, 7 + level);
}

void suite_csv(void);
void suite_csv(void)
{
	CU_pSuite suite = unit_suite("csv");
	UNIT_TEST(suite, test_rows);
	UNIT_TEST(suite, test_columns);
	UNIT_TEST(suite, test_endless_quote);
	UNIT_TEST(suite, test_libcsv);
}
