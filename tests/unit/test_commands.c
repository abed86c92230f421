/* commands: forms in which command lines are found, and the account of their lines. */
#include "replay/readers/commands_form.h"
#include "tests/unit/reading.h"

static const struct reading_case cases[] = {
	{"a script", "#!/bin/sh\n# comment\n\ndocker ps -a; ls | wc\n", 3, 1, 0, 3, 0, "4 process.exec @- process.args=[docker][ps][-a]", NULL},
	{"several lines", "for i in 1 2\ndo\n\tdocker rm $i\ndone\ncat <<E\ntext\nE\nls", 3, 3, 5, 0, 0,
		"3 process.exec @- process.args=[docker][rm][$i]", NULL},
	{"nothing runs", "A=1\nB=2 # x\n", 0, 0, 0, 2, 0, NULL, NULL},
	{"a history with times", "#1700000000\ndocker ps\n#1700000005\nls\n", 2, 2, 0, 2, 0, "@2023-11-14T22:13:20Z", NULL},
	{"an entry that is not complete ends with the next one", "#1700000000\ndon't\n#1700000005\nls\n", 1, 1, 0, 2, 1,
		"4 process.exec", "no shell command: a ' is not closed"},
	{"zsh", ": 1700000000:0;docker ps\n: 1700000005:3;ls\n", 2, 2, 0, 0, 0, "@2023-11-14T22:13:20Z", NULL},
	{"a session", "$ docker ps\nCONTAINER ID IMAGE\nit's one\n\n$ ls \\\n> /\n$ ", 2, 2, 4, 1, 0, NULL, NULL},
	{"a session of a host", "ann@web1:~$ cd /\nann@web1:/$ sudo ls\nbin\nann@web1:/$ exit\n", 4, 3, 1, 0, 0, "2 process.exec", NULL},
	{"what script(1) records", "Script started on 2026-01-01\n# id\nuid=0(root)\n# exit\n\nScript done on 2026-01-01\n", 2, 2, 2, 2, 0,
		"2 process.exec @- process.args=[id]", NULL},
	{"a table", "technique\tcommand(escaped)\nT1\tcat /etc/shadow\\ncat x\nT2\techo 'a\\tb'\n\nT3\tx '\n", 3, 2, 0, 2, 1,
		"2 process.exec @- process.args=[cat][x]", "no shell command: a ' is not closed"},
	{"a table without names", "chroot\tsudo chroot {{path/to/new root}}\nls\tls\n", 3, 2, 0, 0, 0, "[{{path/to/new root}}]", NULL},
	{"columns", "a\tb\tls\na\tls\n", 1, 1, 0, 0, 1, NULL, "it has 2 columns, not 3"},
	{"wrong", "ls\n)\nls\n", 2, 2, 0, 0, 1, "3 process.exec", "no shell command: a ) stands where none can"},
	{"files", "echo x > /etc/cron.d/x 2>&1; cat < /etc/passwd >> \"$HOME/y\"\n", 3, 1, 0, 0, 0, "file.path=[/etc/cron.d/x]", NULL},
	{"empty", "", 0, 0, 0, 0, 0, NULL, NULL},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct reading_case *c = &cases[i];
		struct reading r;
		if (text_is(text_of(c->name), "columns"))
			continue;
		reading_of(&r, "commands", "commands", c->content);
		if (!reading_counts(&r, c->events, c->first, c->continued, c->blank, c->rejected)) {
			printf("  %s: %.*s\n", c->name, TEXT_ARGS(r.events));
			CU_FAIL("the account is another");
		}
		if (c->expected)
			CHECK_CONTAINS(r.events, c->expected);
		if (c->reason)
			CHECK_TEXT(text_of(r.ledger.first[0].reason), c->reason);
		reading_end(&r);
	}
}

static void test_columns(void)
{
	static const struct text columns[] = {{"a", 1}, {"label", 5}, {"command", 7}};
	struct reading r;
	reading_begin(&r, "commands");
	r.options.columns = columns;
	r.options.column_count = 3;
	r.options.label_name = TEXT("label");
	reading_run(&r, "commands", TEXT("a\tmalicious\tls -l\na\tls\n"));
	CU_ASSERT(reading_counts(&r, 1, 1, 0, 0, 1));
	CHECK_TEXT(text_of(r.ledger.first[0].reason), "it has 2 columns, not 3");
	reading_end(&r);
}

static void test_facets(void)
{
	struct reading r;
	reading_of(&r, "commands", "commands", "sudo -u ci /usr/bin/tee a > /etc/x <y; cd /tmp; f() { ls; }; f\n");
	CHECK_CONTAINS(r.events, "process.exec @- process.args=[/usr/bin/tee][a]");
	CHECK_CONTAINS(r.events, "process.executable=[/usr/bin/tee] process.name=[tee] user.name=[ci]");
	CHECK_CONTAINS(r.events, "file.directory=[/etc] file.name=[x] file.path=[/etc/x]");
	CHECK_CONTAINS(r.events, "process.other @- process.args=[cd][/tmp]");
	CHECK_CONTAINS(r.events, "process.other @- process.args=[f]");
	reading_end(&r);
}

static void test_fits(void)
{
	static const struct {
		const char *sample;
		unsigned least, most;
	} samples[] = {
		{"#!/bin/bash\nset -e\n", 80, 90}, {"#1700000000\nls\n", 80, 80}, {": 1700000000:0;ls\n", 80, 80}, {"ann@web1:~$ ls\n", 60, 60},
		{"docker ps\ngit pull\nls -l\n", 10, 15}, {"a sentence of words\nanother one, too\n", 0, 0}, {"a\tcommand\nx\tls\n", 60, 60},
		{"{\"a\": 1}\n", 0, 0}, {"type=SYSCALL msg=audit(1.5:9): a=b\n", 0, 0}, {"a,b,c\n1,2,3\n", 0, 0}, {"", 0, 0},
		{"services:\n  web:\n    image: nginx\n", 0, 0}, {"Nov 10 07:48:16 web1 sshd[1]: Accepted password\n", 0, 0},
	};
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		unsigned fit = commands_form_fits(text_of(samples[i].sample));
		if (fit < samples[i].least || fit > samples[i].most)
			printf("  %s: %u\n", samples[i].sample, fit);
		CU_ASSERT(fit >= samples[i].least && fit <= samples[i].most);
	}
}

/* A long run of lines that never become a command does not cost the square of them. */
static void test_bounds(void)
{
	struct buffer text = {0};
	struct reading r;
	for (size_t i = 0; i < 4000; i++)
		buffer_string(&text, "echo \"$(a <<E\n");
	reading_begin(&r, "commands");
	reading_run(&r, "commands", buffer_view(&text));
	CHECK_LONG(r.ledger.lines, 4000);
	reading_end(&r);
	buffer_free(&text);
}

void suite_commands(void);
void suite_commands(void)
{
	CU_pSuite suite = unit_suite("commands");
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_columns);
	UNIT_TEST(suite, test_facets);
	UNIT_TEST(suite, test_fits);
	UNIT_TEST(suite, test_bounds);
}
