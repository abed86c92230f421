/* csv: rows, quotes, columns, and the account of lines. */
#include "tests/unit/reading.h"

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

void suite_csv(void);
void suite_csv(void)
{
	CU_pSuite suite = unit_suite("csv");
	UNIT_TEST(suite, test_rows);
	UNIT_TEST(suite, test_columns);
	UNIT_TEST(suite, test_endless_quote);
}
