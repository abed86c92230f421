/* Audit rule files as auditctl and the kernel read them; every trap of the format has its row. */
#include "generator/auditd/parse.h"

#include "tests/unit/unit.h"

static struct arena arena;

static struct rules parsed(const char *content)
{
	struct rules rules;

	rules_parse(&arena, "test.rules", text_of(content), &rules);
	return rules;
}

/* "taken", "note: …" of the first note, or "refused: …". */
static struct text verdict(const char *content)
{
	struct rules rules = parsed(content);

	if (rules.count == 0)
		return TEXT("nothing");
	if (rules.lines[0].refused != NULL)
		return text_of(arena_printf(&arena, "refused: %s", rules.lines[0].refused));
	if (rules.lines[0].notes.count > 0)
		return text_of(arena_printf(&arena, "note: %.*s", TEXT_ARGS(rules.lines[0].notes.items[0])));
	return rules.lines[0].kind == RULES_CONTROL
		? text_of(arena_printf(&arena, "it %.*s", TEXT_ARGS(rules.lines[0].control))) : TEXT("taken");
}

static void test_lists(void)
{
	CHECK_TEXT(verdict("-a always,exit -S open -k a"), "taken");
	CHECK_TEXT(verdict("-a exit,always -S open"), "taken");
	CHECK_TEXT(verdict("-A never,exit -S open"), "taken");
	CHECK_CONTAINS(verdict("-a always,entry -S open"), "refused");
	CHECK_CONTAINS(verdict("-a exit,exit -S open"), "refused");
	CHECK_TEXT(verdict("-a exit,possible -S open"), "it is ignored: the action possible is no longer known");
	CHECK_CONTAINS(verdict("-a always,exit -a always,exit"), "refused: a line adds or removes one rule only");
	CHECK_CONTAINS(verdict("-S open -a never,task"), "refused");
	CHECK_CONTAINS(verdict("-a always,exclude -S open"), "refused: the list exclude knows no system calls");
	CHECK_TEXT(verdict("-a always,exclude -F msgtype=cwd"), "taken");
	CHECK_CONTAINS(verdict("-a always,exclude -F euid=0"), "refused");
	CHECK_TEXT(verdict("-a never,filesystem -F fstype=tracefs"), "taken");
	CHECK_CONTAINS(verdict("-a never,filesystem -F uid=0"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F fstype=tracefs"), "refused");
	CHECK_CONTAINS(verdict("-a always,io_uring -S openat"), "note: auditctl 3 has no list io_uring");
}

static void test_calls(void)
{
	CHECK_TEXT(verdict("-a always,exit -S open,OPENAT -S 2 -S 0x3"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -S nosuch"), "refused: x86_64 has no system call nosuch");
	CHECK_CONTAINS(verdict("-a always,exit -S 2048"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S fchmodat2"), "note: auditctl 3.0.9 does not know fchmodat2");
	CHECK_CONTAINS(verdict("-a always,exit -F arch=b64 -S umount"), "refused");
	CHECK_TEXT(verdict("-a always,exit -F arch=b32 -S umount,socketcall,chown32,setuid32,clone"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -F arch=b64 -S chown32"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F arch=b64"), "refused: arch must stand before the system calls");
	CHECK_TEXT(verdict("-a always,exit -F arch=c000003e -S open"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -S pread64"), "refused: auditctl calls pread64 pread");
	struct rules rules = parsed("-a always,exit -F arch=b32 -S open,chown32 -F auid=0");

	CU_ASSERT_TRUE(kernel_rule_calls(rules.lines[0].rule, 5));
	CU_ASSERT_TRUE(kernel_rule_calls(rules.lines[0].rule, 212));
	CU_ASSERT_FALSE(kernel_rule_calls(rules.lines[0].rule, 2));
	CHECK_TEXT(rules.lines[0].rule->arch, "i386");
}

static void test_numbers(void)
{
	struct rules rules = parsed("-a always,exit -S open -F auid>=1000 -F auid!=unset -F exit=-EACCES -F a1&0100 -F a2&=0x3");
	const struct kernel_test *tests = rules.lines[0].rule->tests;

	CHECK_LONG(rules.lines[0].rule->count, 5);
	CU_ASSERT(tests[0].op == KERNEL_GREATER_EQUAL && tests[0].number == 1000);
	CU_ASSERT(tests[1].op == KERNEL_NOT_EQUAL && tests[1].number == 4294967295U);
	CU_ASSERT(tests[2].number == (uint32_t)-13);
	CU_ASSERT(tests[3].op == KERNEL_MASK && tests[3].number == 64);
	CU_ASSERT(tests[4].op == KERNEL_MASK_ALL && tests[4].number == 3);
	CHECK_CONTAINS(verdict("-a always,exit -S open -F auid=4294967296"), "cut to 32 bits; the kernel gets 0");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F uid=12abc"), "what follows the number is ignored; the kernel gets 12");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F uid=010"), "read as octal; the kernel gets 8");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F exit=EACCES"), "the result +13, which no failed call has");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F a0=0x1ffffffff"), "the kernel gets 4294967295");
	CHECK_CONTAINS(verdict("-a always,exit -S connect -F saddr_fam=local"), "the kernel gets 0, which is no family");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F sessionid=abc"), "the kernel gets 0");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F uid=someone"), "must be known on the host");
	CHECK_TEXT(verdict("-a always,exit -S open -F uid=root"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F uid=unset"), "refused: only auid can be unset");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F auid>unset"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F success=no"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F success>0"), "numbers outcomes");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F a4=1"), "refused: there is no field a4");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F pid&1"), "refused: pid cannot be compared with &");
	CHECK_CONTAINS(verdict("-a always,exit -S open -C uid=gid"), "refused");
	CHECK_TEXT(verdict("-a always,exit -S open -C obj_uid!=loginuid"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -S open -F exit=-EACCES -F exit=-EPERM"), "note: two values of exit are asked at once");
	CHECK_CONTAINS(verdict("-a always,exit -F arch=b64 -F arch=b32 -S open"), "note: two values of arch are asked at once");
	CHECK_CONTAINS(verdict("-a always,exit -F arch=b64 -S openat -F path=/a -F perm=wa"), "note: with -S beside perm");
}

static void test_paths(void)
{
	CHECK_TEXT(verdict("-a always,exit -F path=/etc/hosts -F perm=wa -k a"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -F path=/etc/ -k a"), "refused");
	CHECK_TEXT(verdict("-a always,exit -F dir=/etc/ -k a"), "taken");
	CHECK_CONTAINS(verdict("-a always,exit -F path!=/etc/hosts -k a"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -F exe=bin/sh -k a"), "refused: a path begins with /");
	CHECK_CONTAINS(verdict("-a always,exit -F path=/a -F dir=/b -k a"), "refused: a rule has at most one of");
	CHECK_TEXT(verdict("-a always,exit -F path=/a -F exe=/b -k a"), "taken");
	CHECK_CONTAINS(verdict("-w /etc/*.conf -p wa"), "no wildcards in audit paths");
	CHECK_CONTAINS(verdict("-w \"/etc/hosts\" -p wa"), "refused");
	CHECK_CONTAINS(verdict("-w /etc/hosts -p wz"), "refused");
	CHECK_CONTAINS(verdict("-w /a -w /b"), "refused: a watch stands alone");
	struct rules rules = parsed("-w /etc/with\\ blank/// -p wa -k one -k two");

	CHECK_TEXT(rules.lines[0].rule->tests[0].text, "/etc/with blank");
	CHECK_LONG(rules.lines[0].rule->tests[1].number, KERNEL_PERM_WRITE | KERNEL_PERM_ATTRIBUTE);
	CHECK_TEXT(rules.lines[0].rule->key, "one\x01two");
	CU_ASSERT_TRUE(rules.lines[0].rule->every_call);
}

static void test_keys_and_sizes(void)
{
	struct buffer line = {0};

	CHECK_CONTAINS(verdict("-a always,exit -F auid=0 -k a"), "refused: a key stands behind");
	CHECK_CONTAINS(verdict("-a always,exit -F auid=0 -F key=a"), "refused: a key needs");
	CHECK_CONTAINS(verdict("-a always,exit -k a -S open"), "refused");
	CHECK_CONTAINS(verdict("-a always,exit -S open -k \"two words\""), "refused: words\" belongs to no option");
	struct rules quoted = parsed("-a always,exit -S open -k \"word\"");

	CHECK_TEXT(quoted.lines[0].rule->key, "\"word\"");
	buffer_string(&line, "-a always,exit -S open");
	for (int i = 0; i < 62; i++)
		buffer_printf(&line, " -F a0!=%d", i);
	buffer_string(&line, " -k a");
	CHECK_TEXT(verdict(line.data), "taken");
	buffer_string(&line, " -F a0=1");
	CHECK_CONTAINS(verdict(line.data), "refused: a rule holds at most 63 fields");
	buffer_clear(&line);
	buffer_string(&line, "-a always,exit -S open -k ");
	for (int i = 0; i < 256; i++)
		buffer_char(&line, 'k');
	CHECK_TEXT(verdict(line.data), "taken");
	buffer_char(&line, 'k');
	CHECK_CONTAINS(verdict(line.data), "refused: a key is at most 256 bytes long");
	while (line.length < 6200)
		buffer_string(&line, " -S open");
	CHECK_CONTAINS(verdict(line.data), "refused: auditctl reads at most 6143 bytes");
	buffer_free(&line);
}

static void test_bytes(void)
{
	CHECK_CONTAINS(verdict("-a\talways,exit\t-S\topen"), "tabs do not part words");
	CHECK_CONTAINS(verdict("\xef\xbb\xbf-D"), "byte order mark");
	CHECK_CONTAINS(verdict("-w /etc/hosts -p wa\r\n"), "carriage return");
	CHECK_CONTAINS(verdict("-w /etc/hosts -p wa -k a\r\n"), "becomes part of the key");
	CHECK_CONTAINS(verdict("-a always,exit -S open # why"), "refused: # belongs to no option");
	CHECK_TEXT(verdict("  # comment\n\n   \n"), "nothing");
	CHECK_TEXT(verdict("  -a  always,exit   -S  open  "), "taken");
	CHECK_TEXT(verdict("-a always,exit -Sopen -Fauid=0 -kjoined"), "taken");
}

static void test_controls(void)
{
	CHECK_TEXT(verdict("-b 8192"), "it sets the backlog to 8192 buffers");
	CHECK_TEXT(verdict("-e 2"), "it turns audit on and locks the rules until the host starts again");
	CHECK_TEXT(verdict("-b 64 -f 1"), "it sets the backlog to 64 buffers; prints failures to the kernel log");
	CHECK_CONTAINS(verdict("-e 3"), "refused");
	CHECK_TEXT(verdict("--backlog_wait_time 60000"), "it sets the wait for a full backlog to 60000");
	CHECK_TEXT(verdict("--loginuid-immutable"), "it keeps login ids from being changed");
	CHECK_TEXT(verdict("--reset-lost"), "it resets the counter of lost records");
	CHECK_CONTAINS(verdict("-R /etc/audit/other"), "refused");
	CHECK_CONTAINS(verdict("-i -b 10"), "not read");
}

/* What is left in the kernel, in its order: "key key key". */
static struct text standing(const char *content)
{
	struct rules rules = parsed(content);
	size_t count;
	const struct rules_line **lines = rules_standing(&arena, &rules, &count);
	struct text *keys = arena_array(&arena, count + 1, sizeof(*keys));

	for (size_t i = 0; i < count; i++)
		keys[i] = lines[i]->rule->key;
	return text_join(&arena, keys, count, ' ');
}

static void test_standing(void)
{
	CHECK_TEXT(standing("-w /a -k a\n-w /b -k b\n-A always,exit -S open -k first\n"), "first a b");
	CHECK_TEXT(standing("-w /a -k a\n-D\n-w /b -k b\n"), "b");
	CHECK_TEXT(standing("-w /a -k a\n-w /b -k b\n-D -k a\n"), "b");
	CHECK_TEXT(standing("-w /a -p r -k a\n-w /b -k b\n-W /a -p r -k a\n"), "b");
	CHECK_TEXT(standing("-w /a -k a\n-a exit -S\n-w /b -k b\n"), "a");
	CHECK_TEXT(standing("-i\n-w /a -k a\n-a exit -S\n-w /b -k b\n"), "a b");
	struct rules rules = parsed("-w /a -k a\nnonsense\n-w /b -k b\n");

	CHECK_LONG(rules.lines[2].stopped, 2);
	CHECK_TEXT(parsed("# about\n#   this\n-w /a -k a\n").lines[0].comment, "about\nthis");
}

static void test_end(void)
{
	arena_free(&arena);
}

void suite_auditd_rules(void)
{
	CU_pSuite suite = unit_suite("auditd_rules");

	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_calls);
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_paths);
	UNIT_TEST(suite, test_keys_and_sizes);
	UNIT_TEST(suite, test_bytes);
	UNIT_TEST(suite, test_controls);
	UNIT_TEST(suite, test_standing);
	UNIT_TEST(suite, test_end);
}
