/* Lines of audit rules as they are written: what the kernel would take otherwise, or refuse, is never written. */
#include "generator/auditd/line.h"
#include "generator/auditd/parse.h"
#include "generator/auditd/write.h"
#include "tests/unit/unit.h"

static struct arena arena;

static bool accepts(const char *name, enum test_operator op, const char *value)
{
	struct text text = text_of(value);
	struct rule_test test = {.name = text_of(name), .op = op, .values = &text, .count = 1};

	return auditd_accepts(&test);
}

static void test_accepts(void)
{
	CU_ASSERT_TRUE(accepts("path", TEST_EQUAL, "/etc/passwd"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "/etc/"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "etc/passwd"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "/etc/*.conf"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "/with blank"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "/with\"quote"));
	CU_ASSERT_FALSE(accepts("path", TEST_EQUAL, "/with\ttab"));
	CU_ASSERT_FALSE(accepts("path", TEST_LIKE, "/etc/x*"));
	CU_ASSERT_TRUE(accepts("path", TEST_STARTS, "/etc/ssh/"));
	CU_ASSERT_FALSE(accepts("path", TEST_STARTS, "/etc/ss"));
	CU_ASSERT_FALSE(accepts("exe", TEST_EQUAL, "docker"));
	CU_ASSERT_TRUE(accepts("auid", TEST_EQUAL, "unset"));
	CU_ASSERT_FALSE(accepts("uid", TEST_EQUAL, "unset"));
	CU_ASSERT_FALSE(accepts("uid", TEST_EQUAL, "ci"));
	CU_ASSERT_FALSE(accepts("uid", TEST_EQUAL, "12abc"));
	CU_ASSERT_FALSE(accepts("auid", TEST_EQUAL, "4294967296"));
	CU_ASSERT_FALSE(accepts("auid", TEST_EQUAL, "4294967295"));
	CU_ASSERT_TRUE(accepts("auid", TEST_GREATER_EQUAL, "1000"));
	CU_ASSERT_TRUE(accepts("exit", TEST_EQUAL, "-13"));
	CU_ASSERT_FALSE(accepts("exit", TEST_LESS, "0"));
	CU_ASSERT_FALSE(accepts("success", TEST_GREATER, "0"));
	CU_ASSERT_TRUE(accepts("a2", TEST_MASK, "3"));
	CU_ASSERT_FALSE(accepts("euid", TEST_MASK, "3"));
	CU_ASSERT_FALSE(accepts("a4", TEST_EQUAL, "3"));
	CU_ASSERT_FALSE(accepts("comm", TEST_EQUAL, "bash"));
	CU_ASSERT_TRUE(accepts("syscall", TEST_EQUAL, "chown32"));
	CU_ASSERT_FALSE(accepts("syscall", TEST_EQUAL, "fchmodat2"));
	CU_ASSERT_FALSE(accepts("syscall", TEST_EQUAL, "nosuchcall"));
	CU_ASSERT_FALSE(accepts("syscall", TEST_LIKE, "open*"));
	CU_ASSERT_TRUE(accepts("arch", TEST_EQUAL, "b32"));
	CU_ASSERT_FALSE(accepts("arch", TEST_EQUAL, "x86_64"));
	CU_ASSERT_TRUE(auditd_never(TEXT("auid"), TEXT("(null)")));
	CU_ASSERT_TRUE(auditd_never(TEXT("path"), TEXT("?")));
	CU_ASSERT_FALSE(auditd_never(TEXT("auid"), TEXT("unset")));
}

/* "name=value", "name!=value", "name>value", "name&value" or "syscall=a,b", parted by blanks → a line, printed; or its problem. */
static struct text printed(const char *tests, struct line *line)
{
	struct text *words, out;
	size_t count = text_split(&arena, text_of(tests), ' ', &words);
	struct rule_literal *literals = arena_array(&arena, count + 1, sizeof(*literals));
	struct rule_conjunct conjunct = {literals, count};
	const char *problem;
	struct buffer buffer = {0};

	for (size_t i = 0; i < count; i++) {
		struct rule_test *test = arena_alloc(&arena, sizeof(*test));
		size_t at = 0;

		while (words[i].data[at] != '=' && words[i].data[at] != '!' && words[i].data[at] != '>' && words[i].data[at] != '&')
			at++;
		bool negated = words[i].data[at] == '!';
		struct text *values;

		test->name = text_slice(words[i], 0, at);
		test->op = words[i].data[at] == '>' ? TEST_GREATER : words[i].data[at] == '&' ? TEST_MASK : TEST_EQUAL;
		test->count = text_split(&arena, text_slice(words[i], at + 1 + negated, words[i].length), ',', &values);
		test->values = values;
		literals[i] = (struct rule_literal){test, negated};
	}
	if (!line_make(&arena, &conjunct, TEXT("k"), &(struct line_places){TEXT("/etc /run /dev"), TEXT("/dev")}, line, &problem))
		return text_of(problem != NULL ? problem : "never");
	line_print(&buffer, line);
	line_print_socketcalls(&buffer, line);
	out = text_copy(&arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return out;
}

static struct text permitted(const char *conjunct)
{
	struct buffer buffer = {0};
	struct line line;

	printed(conjunct, &line);
	line_permit(&line);
	line_print(&buffer, &line);
	struct text out = text_copy(&arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return out;
}

static void test_permissions(void)
{
	CHECK_TEXT(permitted("syscall=openat,open a2&3 path=/etc/x success=1"),
		"-a always,exit -F path=/etc/x -F perm=wa -F success=1 -F key=k\n");
	CHECK_TEXT(permitted("syscall=openat,open,openat2 path=/etc/x"), "-a always,exit -F path=/etc/x -F perm=r -F key=k\n");
	CHECK_TEXT(permitted("syscall=open,unlink path=/etc/x"), "-a always,exit -F path=/etc/x -F perm=rwa -F key=k\n");
	CHECK_TEXT(permitted("syscall=openat2,creat path=/etc/y/z arch=b64"),
		"-a always,exit -F arch=b64 -F dir=/etc -F perm=wa -F key=k\n");
	CHECK_TEXT(permitted("syscall=open path=/dev/mem"), "-a always,exit -F path=/dev/mem -F perm=r -F key=k\n");
	CHECK_TEXT(permitted("syscall=unlink euid=0"), "-a always,exit -F arch=b64 -S unlink -F euid=0 -F key=k\n"
		"-a always,exit -F arch=b32 -S unlink -F euid=0 -F key=k\n");
}

static void test_architectures(void)
{
	struct line line;

	CHECK_TEXT(printed("syscall=chown,chown32,umount,umount2", &line),
		"-a always,exit -F arch=b64 -S chown,umount2 -F key=k\n"
		"-a always,exit -F arch=b32 -S chown,chown32,umount,umount2 -F key=k\n");
	CHECK_TEXT(printed("syscall=umount", &line), "-a always,exit -F arch=b32 -S umount -F key=k\n");
	CHECK_TEXT(printed("syscall=accept", &line),
		"-a always,exit -F arch=b64 -S accept -F key=k\n"
		"-a always,exit -F arch=b32 -S socketcall -F a0=5 -F key=k\n");
	CHECK_TEXT(printed("syscall=connect a2=16 success=1", &line),
		"-a always,exit -F arch=b64 -S connect -F a2=16 -F success=1 -F key=k\n"
		"-a always,exit -F arch=b32 -S connect -F a2=16 -F success=1 -F key=k\n"
		"-a always,exit -F arch=b32 -S socketcall -F a0=3 -F success=1 -F key=k\n");
	CHECK_TEXT(printed("syscall=execve arch=b64", &line), "-a always,exit -F arch=b64 -S execve -F key=k\n");
	CHECK_TEXT(printed("syscall=execve arch!=b64", &line), "-a always,exit -F arch=b32 -S execve -F key=k\n");
	CHECK_TEXT(printed("syscall=execve arch=b64 arch=b32", &line), "never");
	CHECK_TEXT(printed("syscall=execve,open syscall=unlink", &line), "never");
	CHECK_TEXT(printed("syscall=open,execve syscall=execve arch=b64", &line), "-a always,exit -F arch=b64 -S execve -F key=k\n");
	CHECK_TEXT(printed("success=1", &line), "no system call is named");
}

static void test_watches(void)
{
	struct line line;

	CHECK_CONTAINS(printed("syscall=open path=/etc/a", &line), "-F path=/etc/a");
	CU_ASSERT_FALSE(line.unsure);
	CHECK_CONTAINS(printed("syscall=open path=/etc/docker/a", &line), "-F dir=/etc -F");
	CHECK_CONTAINS(printed("syscall=open path=/opt/a", &line), "-F path=/opt/a");
	CU_ASSERT_TRUE(line.unsure);
	CHECK_TEXT(printed("syscall=rename arch=b64 path=/etc/x/a path=/etc/b", &line),
		"-a always,exit -F arch=b64 -S rename -F path=/etc/b -F key=k\n");
	CHECK_TEXT(printed("syscall=open exe=/a exe=/b", &line), "never");
	CHECK_CONTAINS(printed("syscall=open exe=/a exe=/a", &line), "-S open -F exe=/a -F key");
	CHECK_CONTAINS(printed("syscall=open path=/etc/a exe=/usr/bin/b", &line), "-F exe=/usr/bin/b -F path=/etc/a");
}

static void test_sizes(void)
{
	struct line line;
	struct buffer many = {0};
	struct rules rules;

	buffer_string(&many, "syscall=open arch=b64");
	for (int i = 0; i < 61; i++)
		buffer_printf(&many, " auid!=%d", i);
	struct text text = printed(many.data, &line);

	rules_parse(&arena, "line.rules", text, &rules);
	CHECK_LONG(rules.count, 1);
	CU_ASSERT_PTR_NULL(rules.lines[0].refused);
	CHECK_LONG(rules.lines[0].rule->count, 63);
	buffer_string(&many, " auid!=99");
	CHECK_TEXT(printed(many.data, &line), "it is longer than a rule may be");
	buffer_free(&many);
}

static void test_joins(void)
{
	struct line good, bad, all;

	printed("syscall=open success=1 euid=0", &good);
	printed("syscall=open success=0 euid=0", &bad);
	printed("syscall=open success=0 euid=1", &all);
	CU_ASSERT_FALSE(line_join_outcomes(&good, &all));
	CU_ASSERT_TRUE(line_join_outcomes(&good, &bad));
	CHECK_LONG(good.filter_count, 1);
	CHECK_TEXT(good.filters[0], "-F euid=0");
	printed("syscall=open,openat success=1", &all);
	printed("syscall=open success=1 euid=0", &bad);
	CU_ASSERT_TRUE(line_covers(&all, &bad));
	CU_ASSERT_FALSE(line_covers(&bad, &all));
	printed("syscall=open path=/etc/x/a", &bad);
	printed("syscall=open path=/etc/a", &good);
	CU_ASSERT_TRUE(line_covers(&bad, &good)); /* dir=/etc has path=/etc/a in it */
	printed("syscall=open success=1 arch=b64", &bad);
	printed("syscall=open success=1", &good);
	CU_ASSERT_TRUE(line_covers(&good, &bad));
	CU_ASSERT_FALSE(line_covers(&bad, &good));
	CU_ASSERT_FALSE(line_same_filters(&bad, &good));
}

static void test_end(void)
{
	arena_free(&arena);
}

void suite_auditd_line(void)
{
	CU_pSuite suite = unit_suite("auditd_line");

	UNIT_TEST(suite, test_accepts);
	UNIT_TEST(suite, test_permissions);
	UNIT_TEST(suite, test_architectures);
	UNIT_TEST(suite, test_watches);
	UNIT_TEST(suite, test_sizes);
	UNIT_TEST(suite, test_joins);
	UNIT_TEST(suite, test_end);
}
