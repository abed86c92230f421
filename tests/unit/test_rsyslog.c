/*
 * test_rsyslog: texts and expressions as RainerScript and the C library read them; the language read back, with the
 * precedence and the comparisons that rsyslogd showed; events as messages; and whole packs judged.
 */
#include "catalog/regex.h"
#include "generator/rsyslog/condition.h"
#include "generator/rsyslog/lexer.h"
#include "generator/rsyslog/names.h"
#include "generator/rsyslog/quote.h"
#include "generator/rsyslog/regex.h"
#include "generator/rsyslog/run.h"
#include "generator/rsyslog/view.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <string.h>

/* --- quotes --- */

static void test_quotes(void)
{
	static const char *const texts[] = {
		"", "plain", "a b", "say \"hi\"", "it's", "back\\slash", "ends\\", "cost $5", "${HOME}", "a\tb\nc\rd\be", "\x01\x1f\x7f",
		"`echo x`", "# no comment", "/* no comment */", "%msg%", "\xc3\xa9\xff", "\\n", "\\x41",
	};
	struct arena arena = {0};
	struct diagnostics d = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buffer out = {0};
		struct rslexer lexer;
		struct text back = {NULL, 0};

		rsyslog_quote(&out, text_of(texts[i]));
		CU_ASSERT_EQUAL(text_find(buffer_view(&out), '\n'), out.length);
		CU_ASSERT_NOT_EQUAL(out.data[out.length - 1], '\\');
		rslexer_begin(&lexer, &arena, "quote", buffer_view(&out), &d);
		CU_ASSERT_TRUE(rslexer_string(&lexer, false, &back));
		CU_ASSERT_TRUE(text_is(back, texts[i]));
		CU_ASSERT_TRUE(rslexer_end(&lexer));
		buffer_free(&out);
	}
	CU_ASSERT_FALSE(rsyslog_quotable((struct text){"a\0b", 3}));
	struct text longest = {memset(arena_alloc(&arena, 9000), 'x', 9000), RSYSLOG_TEXT_MAX};

	CU_ASSERT_TRUE(rsyslog_quotable(longest));
	longest.length++;
	CU_ASSERT_FALSE(rsyslog_quotable(longest));
	arena_free(&arena);
	diagnostics_free(&d);
}

static void test_comment(void)
{
	struct buffer out = {0};

	rsyslog_comment(&out, TEXT("two\nlines\\"));
	CU_ASSERT_STRING_EQUAL(out.data, "# two lines\\.\n");
	buffer_free(&out);
}

/* --- regular expressions --- */

struct translation {
	const char *ours, *theirs; /* theirs NULL: cannot be said */
};

static const struct translation translations[] = {
	{"abc", "^(abc)$"},
	{"a.c", "^(a.c)$"},
	{"a[.]c\\.d", "^(a\\.c\\.d)$"},
	{"(?:a|b)+?x", "^((a|b)+x)$"},
	{"a{2,3}?b*?c??", "^(a{2,3}b*c?)$"},
	{"[a-z_]", "^([_a-z])$"},
	{"[^:]*", "^([^:]*)$"},
	{"[\\]\\[^-]", "^([][^-])$"},
	{"[\\^]", "^(\\^)$"},
	{"[^\\^]", "^([^^])$"},
	{"[\\\\a]", "^([\\a])$"},
	{"[-a]", "^([a-])$"},
	{"[a.:=\\[]", "^([.:=a[])$"},
	{"\\d+\\w\\s", "^([0-9]+[0-9A-Z_a-z] )$"},
	{"\\S+", "^([^ ]+)$"},
	{"[\\s\\S]*", "^(.*)$"},
	{"[^\\w.]", "^([^.0-9A-Z_a-z])$"},
	{"\\$\\{x\\}", "^(\\$\\{x\\})$"},
	{"^", "^(\\^)$"}, /* no anchor of ours */
	{"\\x41", "^(A)$"},
	{"\\xff", NULL},
	{"\xc3\xa9+", "^((\xc3\xa9)+)$"},
	{"[\xc3\xa9]", NULL},
	{"\\x00", NULL},
};

static void test_regex_table(void)
{
	for (size_t i = 0; i < sizeof(translations) / sizeof(*translations); i++) {
		struct buffer out = {0};
		bool empty, taken = rsyslog_regex(&out, text_of(translations[i].ours));

		CU_ASSERT_EQUAL(taken, translations[i].theirs != NULL);
		if (taken && translations[i].theirs != NULL) {
			CU_ASSERT_STRING_EQUAL(out.data, translations[i].theirs);
			CU_ASSERT_TRUE(rsyslog_regex_try(buffer_view(&out), &empty));
		}
		buffer_free(&out);
	}
}

/* A random expression of the subset, over few letters so that it often matches. */
static void random_regex(struct buffer *out, uint64_t *state, unsigned depth)
{
	static const char *const atoms[] = {
		"a", "b", "-", "\\.", ".", "[ab]", "[^a]", "[^a-b ]", "\\d", "\\w", "\\s", "\\S", "[\\]b-]", "[\\w.]", "[^\\s/]", "[\\s\\S]", "\\^", "\\\\"};
	static const char *const repetitions[] = {"", "", "", "*", "+", "?", "{2}", "{0,2}", "*?", "+?"};
	size_t parts = 1 + ruling_random(state) % 3;

	for (size_t i = 0; i < parts; i++) {
		bool group = depth < 3 && ruling_random(state) % 4 == 0;

		if (group) {
			buffer_string(out, ruling_random(state) % 2 ? "(" : "(?:");
			random_regex(out, state, depth + 1);
			if (ruling_random(state) % 2) {
				buffer_char(out, '|');
				random_regex(out, state, depth + 1);
			}
			buffer_char(out, ')');
		} else {
			buffer_string(out, atoms[ruling_random(state) % (sizeof(atoms) / sizeof(*atoms))]);
		}
		buffer_string(out, repetitions[ruling_random(state) % (sizeof(repetitions) / sizeof(*repetitions))]);
	}
}

/* Ours and the C library's say the same of texts without control characters. */
static void test_regex_random(void)
{
	static const char letters[] = "aab-.^\\]/ 01_";
	struct regex_match *match = regex_match_new();
	uint64_t state = 20261125;
	size_t compared = 0, matched = 0;

	for (size_t round = 0; round < 3000; round++) {
		struct buffer ours = {0}, theirs = {0};
		const char *error;
		size_t offset;

		random_regex(&ours, &state, 0);
		struct regex *regex = regex_compile(buffer_view(&ours), false, &error, &offset);

		if (regex == NULL || !rsyslog_regex(&theirs, buffer_view(&ours))) {
			CU_ASSERT_PTR_NOT_NULL(regex);
			CU_FAIL("an expression of ASCII can be said");
			regex_free(regex);
			continue;
		}
		regex_t posix;

		CU_ASSERT_EQUAL_FATAL(regcomp(&posix, theirs.data, REG_EXTENDED), 0);
		for (size_t k = 0; k < 12; k++) {
			char text[8] = "";
			size_t length = ruling_random(&state) % 7;
			bool limited = false;

			for (size_t j = 0; j < length; j++)
				text[j] = letters[ruling_random(&state) % (sizeof(letters) - 1)];
			bool here = regex_holds(regex, match, text_of(text), &limited), there = regexec(&posix, text, 0, NULL, 0) == 0;

			if (here != there)
				printf("%s and %s differ on \"%s\"\n", ours.data, theirs.data, text);
			CU_ASSERT_EQUAL(here, there);
			compared++;
			matched += here;
		}
		regfree(&posix);
		regex_free(regex);
		buffer_free(&ours);
		buffer_free(&theirs);
	}
	CU_ASSERT_TRUE(compared > 30000 && matched > 2000);
	regex_match_free(match);
}

/* --- the language --- */

/* What `$!mews!rule` was when the first action was reached; NULL: the script is refused; "": no action. */
static const char *outcome(struct arena *arena, const char *script, const char *program, const char *message)
{
	struct diagnostics d = {0};
	struct script *parsed = script_parse(arena, "test.conf", text_of(script), &d);
	const struct script_property properties[] = {{"msg", text_of(message)}, {"programname", text_of(program)}};
	struct script_run run = {NULL, 0, false};

	if (parsed != NULL)
		script_message(parsed, properties, 2, arena, &run);
	CU_ASSERT_EQUAL(parsed == NULL, d.errors > 0);
	diagnostics_free(&d);
	return parsed == NULL ? NULL : run.count > 0 ? text_copy(arena, run.alerts[0].rule).data : "";
}

/* The table that rsyslogd runs too (tests/cases/rsyslog-expressions.txt). */
static void test_expressions(void)
{
	FILE *table = fopen("tests/cases/rsyslog-expressions.txt", "r");
	struct arena arena = {0};
	char line[1024];
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	while (fgets(line, sizeof(line), table) != NULL) {
		char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || tab == NULL)
			continue;
		const char *script = arena_printf(&arena,
			"set $!mews!rule = \"yes\";\nif %s then { action(type=\"omfile\" file=\"x\") }\n", tab + 1);
		const char *got = outcome(&arena, script, "p", " abcd");
		bool good = got != NULL && (strcmp(got, "yes") == 0) == (line[0] == 'y');

		if (!good)
			printf("not %s\n", line);
		CU_ASSERT_TRUE(good);
		count++;
	}
	CU_ASSERT_TRUE(count >= 60);
	fclose(table);
	arena_free(&arena);
}

static void test_statements(void)
{
	struct arena arena = {0};
	static const char script[] =
		"# a comment\nmodule(load=\"imuxsock\" # another\n SysSock.Use=\"off\")\n"
		"template(name=\"t\" type=\"list\" option.jsonf=\"on\") { property(name=\"$!mews!rule\") constant(value=\"\\n\\8\\t\") }\n";

	CU_ASSERT_PTR_NULL(outcome(&arena, script, "p", "m")); /* \8 is no escape */
	static const char good[] =
		"template(name=\"t\" type=\"list\") { property(name=\"$!mews!rule\" format=\"jsonf\") constant(value=\"a\\\"\\n\") }\n"
		"ruleset(name=\"alert\") { action(type=\"omfile\" file=\"x\" template=\"t\") }\n"
		"ruleset(name=\"mews\") {\n"
		"  set $.mews!a = \"x\"; unset $.mews;\n"
		"  if $.mews!a == \"x\" then { set $!mews!rule = \"stays\"; call alert } else set $!mews!rule = \\\n"
		"     \"gone\";\n"
		"  if $programname == \"p\" then call alert\n"
		"  else if $programname == \"q\" then stop\n"
		"}\ncall mews\n";

	CU_ASSERT_STRING_EQUAL(outcome(&arena, good, "p", "m"), "gone");
	CU_ASSERT_STRING_EQUAL(outcome(&arena, good, "q", "m"), "");
	CU_ASSERT_STRING_EQUAL(outcome(&arena, "ruleset(name=\"a\") { call a }\ncall a\n", "p", "m"), "");
	arena_free(&arena);
}

static const char *const refused[] = {
	"if $msg == \"a$b\" then stop\n",
	"if $msg == \"a\\qb\" then stop\n",
	"if $msg == \"a then stop\n",
	"if $msg = \"a\" then stop\n",
	"if ($msg == \"a\" then stop\n",
	"if $msg == \"a\" { stop }\n",
	"if nothing($msg) then stop\n",
	"if $msg < \"a\" then stop\n",
	"if re_match($msg, \"(\") then stop\n",
	"if re_match($msg, $msg) then stop\n",
	"if re_match($msg) then stop\n",
	"set $msg = \"a\";\n",
	"set $.a = \"a\"\n",
	"call nowhere\n",
	"*.* /var/log/messages\n",
	"ruleset(name=\"a\")\n",
	"ruleset(name=\"a\") { \n",
	"template(name=\"a\") { other() }\n",
	"action(type=omfile)\n",
	"/* no end\n",
	"$ModLoad imuxsock\n",
};

static void test_refused(void)
{
	struct arena arena = {0};

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (outcome(&arena, refused[i], "p", "m") != NULL)
			printf("taken: %s", refused[i]);
		CU_ASSERT_PTR_NULL(outcome(&arena, refused[i], "p", "m"));
	}
	/* Nesting and length have bounds. */
	char *deep = arena_alloc(&arena, 4000);

	memset(deep, '(', 3000);
	CU_ASSERT_PTR_NULL(outcome(&arena, arena_printf(&arena, "if %s", deep), "p", "m"));
	char *line = arena_alloc(&arena, 10400);

	memset(line, ' ', 10300);
	CU_ASSERT_PTR_NULL(outcome(&arena, line, "p", "m"));
	arena_free(&arena);
}

/* --- tests as expressions --- */

struct print_case {
	struct rule_test test;
	const char *printed;
};

static void test_printed(void)
{
	static const struct text one[] = {{"a\"b", 3}}, two[] = {{"a", 1}, {"b", 1}}, number[] = {{"5", 1}}, any[] = {{".*", 2}};
	static const struct text call[] = {{"connect", 7}};
	const struct print_case cases[] = {
		{{.name = TEXT("exe"), .op = TEST_EQUAL, .values = one, .count = 1}, "($.mews!exe == \"a\\\"b\")"},
		{{.name = TEXT("hostname"), .op = TEST_EQUAL, .values = two, .count = 2}, "($hostname == [\"a\", \"b\"])"},
		{{.name = TEXT("exe"), .op = TEST_CONTAINS, .fold = true, .values = two, .count = 2}, "($.mews!exe contains_i [\"a\", \"b\"])"},
		{{.name = TEXT("pid"), .op = TEST_EQUAL, .fold = true, .values = number, .count = 1}, "($.mews!pid == \"5\")"},
		{{.name = TEXT("pid"), .op = TEST_STARTS, .fold = true, .values = number, .count = 1}, "($.mews!pid startswith \"5\")"},
		{{.name = TEXT("exe"), .op = TEST_PRESENT}, "($.mews!exe != \"\")"},
		{{.name = TEXT("pid"), .op = TEST_LESS, .number = true, .values = number, .count = 1},
			"(($.mews!pid != \"\") and (cnum($.mews!pid) < 5))"},
		{{.name = TEXT("exe"), .op = TEST_REGEX, .values = two, .count = 2}, "(re_match($.mews!exe, \"^(a|b)\\$\"))"},
		{{.name = TEXT("exe"), .op = TEST_REGEX, .fold = true, .values = any, .count = 1},
			"((re_match_i($.mews!exe, \"^(.*)\\$\")) and ($.mews!exe != \"\"))"},
		{{.name = TEXT("syscall"), .op = TEST_EQUAL, .values = call, .count = 1},
			"($.mews!call == [\"c000003e:42\", \"40000003:362\", \"c00000b7:203\"])"},
	};
	struct arena arena = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer out = {0};

		rsyslog_print(&out, rule_test(&arena, &cases[i].test));
		CU_ASSERT_STRING_EQUAL(out.data, cases[i].printed);
		buffer_free(&out);
	}
	arena_free(&arena);
}

/* Many long values: no line is longer than rsyslog reads, and the script still parses. */
static void test_long(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text values[400];
	struct buffer out = {0};

	for (size_t i = 0; i < 400; i++)
		values[i] = text_of(arena_printf(&arena, "(x|%zu)*[^a-c]{2}\\$%0*d", i, 150, (int)i));
	for (unsigned op = TEST_EQUAL; op <= TEST_REGEX; op += TEST_REGEX - TEST_EQUAL) {
		struct rule_test test = {.name = TEXT("exe"), .op = (enum test_operator)op, .values = values, .count = 400};

		buffer_clear(&out);
		buffer_string(&out, "if ");
		rsyslog_print(&out, rule_test(&arena, &test));
		buffer_string(&out, " then stop\n");
		CU_ASSERT_PTR_NOT_NULL(script_parse(&arena, "long.conf", buffer_view(&out), &d));
	}
	diagnostics_print(&d, stdout);
	buffer_free(&out);
	arena_free(&arena);
	diagnostics_free(&d);
}

/* --- names --- */

struct name_case {
	const char *type, *name, *program, *message, *value;
};

static const struct name_case name_cases[] = {
	{"EXECVE", "cmdline", "audispd", " node=h type=EXECVE msg=audit(1.2:3): argc=3 a0=\"docker\" a1=\"run\" a2=\"-v\"", "docker run -v"},
	{"EXECVE", "cmdline", "kernel", " [   12.3] audit: type=1309 audit(1.2:3): argc=2 a0=\"sh\" a1=612062", "sh 612062"},
	{"EXECVE", "program", "audit", " type=EXECVE msg=audit(1.2:3): argc=1 a0=\"/usr/bin/docker\"", "docker"},
	{"EXECVE", "program", "mallory", " type=EXECVE msg=audit(1.2:3): argc=1 a0=\"/usr/bin/docker\"", ""},
	{"EXECVE", "cmdline", "audit", " EXECVE argc=2 a0=\"docker\" a1=\"ps\"", "docker ps"},
	{"EXECVE", "cmdline", "audisp-syslog", " EXECVE argc=2 a0=\"docker\" a1=\"ps\"", ""},
	{"EXECVE", "argc", "audit", " type=EXECVE msg=audit(1.2:3): argc=12 a0=\"x\"", "12"},
	{"SYSCALL", "call", "audit", " type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=59 success=yes", "c000003e:59"},
	{"SYSCALL", "exe", "audit", " type=SYSCALL msg=audit(1.2:3): arch=1 auid=5 uid=7 comm=\"a\" exe=\"/a/b\" key=(null)", "/a/b"},
	{"SYSCALL", "program", "audit", " type=SYSCALL msg=audit(1.2:3): arch=1 comm=\"a\" exe=\"/a/b\"#035ARCH=x", "b"},
	{"SYSCALL", "uid", "audit", " type=SYSCALL msg=audit(1.2:3): arch=1 auid=5 uid=7 euid=8", "7"},
	{"SYSCALL", "euid", "audit", " type=SYSCALL msg=audit(1.2:3): arch=1 auid=5 uid=7 euid=8", "8"},
	{"sudo", "cmdline", "sudo", "    al : TTY=pts/0 ; PWD=/x ; USER=root ; COMMAND=/bin/docker ps -a", "/bin/docker ps -a"},
	{"sudo", "pwd", "sudo", "    al : TTY=pts/0 ; PWD=/x y ; USER=root ; COMMAND=/bin/id", "/x y"},
	{"sudo", "user", "sudo", "    al : PWD=/x ; USER=root ; COMMAND=/bin/id", "root"},
	{"sudo", "cmdline", "sudo", "    al : command not allowed ; TTY=pts/0 ; PWD=/x ; USER=root ; COMMAND=/bin/id", ""},
	{"sudo", "cmdline", "sudo", "    al : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/x ; USER=root ; COMMAND=/bin/id", ""},
	{"sshd", "user", "sshd", " Failed password for invalid user a from 1.1.1.1 from 10.0.0.2 port 4022 ssh2", "a from 1.1.1.1"},
	{"sshd", "addr", "sshd", " Failed password for invalid user a from 1.1.1.1 from 10.0.0.2 port 4022 ssh2", "10.0.0.2"},
	{"sshd", "verdict", "sshd", " Accepted publickey for root from 10.0.0.1 port 22 ssh2", "Accepted"},
	{"USER_LOGIN", "acct", "audit", " type=USER_LOGIN msg=audit(1.2:3): pid=1 uid=0 auid=0 ses=1 msg='op=login acct=\"root\" exe=\"/s\" addr=10.0.0.1 res=failed'", "root"},
	{"USER_LOGIN", "res", "audit", " type=USER_LOGIN msg=audit(1.2:3): pid=1 uid=0 auid=0 ses=1 msg='op=login acct=\"root\" addr=10.0.0.1 res=failed'", "failed"},
};

static void test_names(void)
{
	for (size_t i = 0; i < sizeof(name_cases) / sizeof(*name_cases); i++) {
		const struct name_case *c = &name_cases[i];
		struct arena arena = {0};
		struct buffer out = {0};
		struct text type = text_of(c->type);
		const struct rsyslog_name *name = rsyslog_name(type, text_of(c->name));

		CU_ASSERT_PTR_NOT_NULL_FATAL(name);
		rsyslog_set_type(&out, &type, 1, "");
		buffer_printf(&out, "if $.mews!type == \"%s\" then {\n", c->type);
		if (name->from != NULL)
			rsyslog_set(&out, rsyslog_name(type, text_of(name->from)), "");
		rsyslog_set(&out, name, "");
		buffer_printf(&out, "set $!mews!rule = $.mews!%s;\naction(type=\"omfile\")\n}\n", c->name);
		const char *got = outcome(&arena, out.data, c->program, c->message);

		CU_ASSERT_PTR_NOT_NULL_FATAL(got);
		if (strcmp(got, c->value) != 0)
			printf("%s of %s: %s, not %s\n", c->name, c->message, got, c->value);
		CU_ASSERT_STRING_EQUAL(got, c->value);
		buffer_free(&out);
		arena_free(&arena);
	}
	CU_ASSERT_PTR_NULL(rsyslog_name(TEXT("sudo"), TEXT("pid")));
	CU_ASSERT_PTR_NULL(rsyslog_name(TEXT("EXECVE"), TEXT("nothing")));
}

/* --- view --- */

static void test_audit_text(void)
{
	static const char *const texts[][2] = {
		{"docker", "\"docker\""}, {"a b", "612062"}, {"a\"b", "612262"}, {"\xc3\xa9", "C3A9"}, {"", "\"\""}, {"a'b\\", "\"a'b\\\""}};
	struct buffer out = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		buffer_clear(&out);
		rsyslog_audit_text(&out, text_of(texts[i][0]));
		CU_ASSERT_STRING_EQUAL(out.data, texts[i][1]);
	}
	buffer_free(&out);
}

/* --- what rules do not read --- */

static const char missing_some[] =
	"name: rsyslog\n"
	"groups:\n"
	"  - name: syscall\n"
	"    when: {type: SYSCALL}\n"
	"    events: [{event: process.exec}]\n"
	"    fields:\n"
	"      event.outcome: {name: success, shape: mapped, map: {\"yes\": success, \"no\": failure}}\n"
	"      user.id: euid\n"
	"      process.executable: {name: exe, misses: some stand in hex}\n";

struct misses_case {
	const char *condition, *except;
	enum fidelity fidelity;
	const char *node, *excluded; /* excluded NULL: no exception */
};

static const struct misses_case misses_cases[] = {
	{"process where user.id == \"0\"", NULL, FIDELITY_EXACT, "(euid = 0 and not (success = no))", NULL},
	{"process where process.executable == \"/a\"", NULL, FIDELITY_APPROXIMATE, "(exe = /a and not (success = no))", NULL},
	/* What is not read may be it: the negation does not rule it out, and stays sound. */
	{"process where user.id == \"0\" and not process.executable == \"/a\"", NULL, FIDELITY_APPROXIMATE,
		"(euid = 0 and not (exe = /a) and not (success = no))", NULL},
	/* An exception excludes what is surely it. */
	{"process where user.id == \"0\"", "any where process.executable == \"/a\"", FIDELITY_EXACT,
		"(euid = 0 and not (success = no))", "exe = /a"},
	/* …and nothing where it would have to be sure that it is not. */
	{"process where user.id == \"0\"", "any where not process.executable == \"/a\"", FIDELITY_EXACT,
		"(euid = 0 and not (success = no))", "evt.num < 0"},
	{"process where user.id == \"0\"", "any where not (process.executable == \"/a\" or user.id == \"1\")", FIDELITY_EXACT,
		"(euid = 0 and not (success = no))", "evt.num < 0"},
	{"process where user.id == \"0\"", "any where process.executable == null", FIDELITY_EXACT,
		"(euid = 0 and not (success = no))", "evt.num < 0"},
};

static void test_misses(void)
{
	struct ruling r;

	ruling_begin(&r, missing_some);
	for (size_t i = 0; i < sizeof(misses_cases) / sizeof(*misses_cases); i++) {
		const struct misses_case *c = &misses_cases[i];
		struct lowered *lowered = ruling_lower(&r, "rsyslog", c->condition, c->except);

		CU_ASSERT_EQUAL_FATAL(lowered->count, 1);
		const struct rule *rule = &lowered->rules[0];

		CU_ASSERT_EQUAL(rule->fidelity, c->fidelity);
		CHECK_TEXT(ruling_print(&r.arena, rule->node), c->node);
		if (c->excluded == NULL)
			continue;
		CHECK_TEXT(ruling_print(&r.arena, rule->exceptions[0].node), c->excluded);
		CU_ASSERT_FALSE(rule->exceptions[0].exact);
	}
	ruling_end(&r);
}

/* --- events as messages --- */

struct view_case {
	const char *category, *action, *kind, *ending; /* of the message; NULL: there is no such record */
	const char *fields[6][2];
};

static const struct view_case view_cases[] = {
	{"process", "exec", "execve", "argc=2 a0=\"sh\" a1=612062", {{"process.args", "sh|a b"}}},
	{"process", "exec", "sudo", " ; USER=root ; COMMAND=/bin/sh a b",
		{{"process.args", "sh|a b"}, {"process.executable", "/bin/sh"}, {"process.parent.name", "sudo"}}},
	{"process", "exec", "sudo", NULL, {{"process.args", "sh"}, {"process.parent.name", "bash"}}},
	{"network", "connect", "sockaddr", "saddr=01002F72756E2F7800", {{"destination.address", "/run/x"}}},
	{"network", "connect", "sockaddr", "saddr=020009470A0000010000000000000000",
		{{"destination.ip", "10.0.0.1"}, {"destination.address", "10.0.0.1"}, {"destination.port", "2375"}}},
	{"network", "connect", "sockaddr", "saddr=0A00094700000000FD00000000000000000000000000000100000000",
		{{"destination.ip", "fd00::1"}, {"destination.address", "fd00::1"}, {"destination.port", "2375"}}},
	{"network", "connect", "sockaddr", NULL, {{"destination.port", "2375"}}}, /* no address has a port alone */
	{"file", "mount", "syscall", NULL, {{"file.mount.bind", "true"}}},
	{"process", "capset", "capset", "cap_pp=0000000000200000",
		{{"process.thread.capabilities.permitted", "CAP_SYS_ADMIN"}, {"process.capabilities.full", "false"}}},
	{"process", "capset", "capset", NULL,
		{{"process.thread.capabilities.permitted", "CAP_SYS_ADMIN"}, {"process.capabilities.full", "true"}}},
	{"driver", "load", "module", " name=\"x\"", {{"driver.name", "x"}}},
	{"authentication", "login", "sshd", "Failed publickey for a b from 10.0.0.1 port 22 ssh2",
		{{"user.name", "a b"}, {"source.ip", "10.0.0.1"}, {"source.port", "22"}, {"event.outcome", "failure"}}},
};

static void fill_facet(struct event *event, struct facet *facet, const char *const field[2])
{
	struct text *pieces;
	size_t count = text_split(event->arena, text_of(field[1]), '|', &pieces);

	CU_ASSERT_TRUE(facet_set_texts(event, facet, registry_field(event->registry, text_of(field[0])), pieces, count));
}

static void test_view(void)
{
	struct ruling r;

	ruling_begin(&r, missing_some);
	for (size_t i = 0; i < sizeof(view_cases) / sizeof(*view_cases); i++) {
		const struct view_case *c = &view_cases[i];
		const struct registry *registry = &r.catalog->registry;
		struct sights sights = {NULL, 0};
		const struct sight *seen = NULL;
		struct event event;
		bool found;

		event_begin(&event, &r.arena, registry);
		unsigned category = registry_category(registry, text_of(c->category), &found);
		struct facet *facet = event_add_facet(&event, category, registry_action(registry, category, text_of(c->action)));

		for (size_t k = 0; k < 6 && c->fields[k][0] != NULL; k++)
			fill_facet(&event, facet, c->fields[k]);
		rsyslog_view(&event, &r.arena, &sights);
		for (size_t k = 0; k < sights.count; k++)
			seen = text_is(sights.items[k].kind, c->kind) ? &sights.items[k] : seen;
		CU_ASSERT_EQUAL((seen != NULL), (c->ending != NULL));
		if (seen == NULL || c->ending == NULL)
			continue;
		struct text message = sight_get(seen, TEXT("msg"))->values[0];

		if (!text_ends(message, text_of(c->ending), false))
			printf("%.*s\n", TEXT_ARGS(message));
		CU_ASSERT_TRUE(text_ends(message, text_of(c->ending), false));
	}
	ruling_end(&r);
}

void suite_rsyslog(void)
{
	CU_pSuite suite = unit_suite("rsyslog");
	unit_add(suite, "texts in quotes come back", test_quotes);
	unit_add(suite, "a comment is one line", test_comment);
	unit_add(suite, "regular expressions, by a table", test_regex_table);
	unit_add(suite, "regular expressions, at random", test_regex_random);
	unit_add(suite, "expressions", test_expressions);
	unit_add(suite, "statements", test_statements);
	unit_add(suite, "what is refused", test_refused);
	unit_add(suite, "tests are printed", test_printed);
	unit_add(suite, "long lists", test_long);
	unit_add(suite, "names are found in messages", test_names);
	unit_add(suite, "strings as audit logs them", test_audit_text);
	unit_add(suite, "events as messages", test_view);
	unit_add(suite, "what rules do not read", test_misses);
}
