/* Sigma rules as detections: log sources, names, metadata, filters, correlations. */
#include "generator/sigma/read.h"

#include "generator/import.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

struct taken_in {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	struct import import;
	struct import_file file;
};

static void begin(struct taken_in *t, const char *source)
{
	*t = (struct taken_in){0};
	if (catalog_load(&t->catalog, "rulesets", &t->d))
		abort();
	t->file = (struct import_file){TEXT("rule.yml"), text_of(source)};
	t->import = (struct import){.arena = &t->arena, .catalog = &t->catalog, .target = target_find(TEXT("sigma")), .d = &t->d,
		.files = &t->file, .file_count = 1};
	t->import.dialect = catalog_dialect(&t->catalog, TEXT("sigma"));
	CU_ASSERT_EQUAL(sigma_read(&t->import), 0);
}

static void end(struct taken_in *t)
{
	catalog_free(&t->catalog);
	diagnostics_free(&t->d);
	arena_free(&t->arena);
}

/* The conditions of an item, or why it was refused. */
static struct text shown(struct taken_in *t, size_t index)
{
	const struct import_item *item = index < t->import.count ? t->import.items[index] : NULL;
	struct buffer out = {0};

	if (item == NULL)
		return TEXT("no such item");
	if (item->taken == REFUSED)
		buffer_printf(&out, "refused: %.*s", TEXT_ARGS(item->notes.items[0]));
	else if (item->draft == NULL)
		buffer_string(&out, "a part");
	for (size_t i = 0; item->draft != NULL && i < item->draft->condition_count; i++) {
		buffer_string(&out, i > 0 ? "; " : "");
		condition_print(item->draft->conditions[i].condition, &t->catalog.registry, &out);
	}
	for (size_t i = 0; i < out.length; i++) /* printed over several lines */
		out.data[i] = out.data[i] == '\n' ? ' ' : out.data[i];
	struct text text = text_copy(&t->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static void check_rule(const char *logsource, const char *detection, const char *expected, enum taken taken)
{
	static const char form[] = "title: A Rule\nlogsource: {%s}\ndetection: {s: {%s}, condition: s}\n";
	struct arena arena = {0};
	struct taken_in t;

	begin(&t, arena_printf(&arena, form, logsource, detection));
	CHECK_TEXT(shown(&t, 0), expected);
	CU_ASSERT_EQUAL(t.import.items[0]->taken, taken);
	end(&t);
	arena_free(&arena);
}

static void test_events(void)
{
	check_rule("product: linux, category: process_creation", "Image|endswith: /doas",
		"process where event.action == \"exec\" and endswith~(process.executable, \"/doas\")", TAKEN_EXACTLY);
	check_rule("product: windows, category: process_creation", "Image|endswith: '\\x.exe', OriginalFileName: X.EXE",
		"process where host.os.type == \"windows\" and event.action == \"exec\""
		" and endswith~(process.executable, \"\"\"\\x.exe\"\"\") and OriginalFileName in~ (\"X.EXE\")",
		TAKEN_EXACTLY);
	check_rule("product: linux, category: file_event", "TargetFilename|startswith: /etc/",
		"file where event.action in (\"create\", \"modify\") and startswith~(file.path, \"/etc/\")", TAKEN_EXACTLY);
	check_rule("product: kubernetes, service: audit", "verb: create, objectRef.resource: secrets",
		"api where event.action == \"create\" and orchestrator.resource.type == \"secret\""
		" and (event.outcome == null or event.outcome != null)",
		TAKEN_EXACTLY);
}

static void test_other_sources(void)
{
	check_rule("product: windows, category: registry_set", "TargetObject|contains: Run, Details: '5'",
		"any where logsource.product == \"windows\" and logsource.category == \"registry_set\""
		" and stringcontains~(TargetObject, \"Run\") and Details == \"5\"",
		TAKEN_EXACTLY);
	check_rule("product: windows, service: security", "EventID: 4688, Flag: true",
		"any where logsource.product == \"windows\" and logsource.service == \"security\" and EventID == \"4688\""
		" and Flag in~ (\"true\")",
		TAKEN_EXACTLY);
	check_rule("category: proxy", "c-uri|re: '^a+$', n|gt: 5, ip|cidr: 10.0.0.0/8, a|fieldref: b",
		"any where logsource.category == \"proxy\" and `c-uri` regex \"a+\" and number(n) > 5"
		" and cidrmatch(ip, \"10.0.0.0/8\") and a in~ `b`",
		TAKEN_EXACTLY);
	check_rule("category: proxy", "f: ''", "any where logsource.category == \"proxy\" and f == null", TAKEN_WITH_NOTE);
	check_rule("category: proxy", "f|hour: 5", "refused: parts of a time (minute, hour, day, week, month, year) are not compared",
		REFUSED);
	check_rule("product: kubernetes, service: audit", "verb: [list, deletecollection]",
		"any where logsource.product == \"kubernetes\" and logsource.service == \"audit\""
		" and verb in~ (\"list\", \"deletecollection\")",
		TAKEN_EXACTLY);
}

static void test_records(void)
{
	check_rule("product: linux, service: auditd", "type: SYSCALL, SYSCALL: unshare, exe|endswith: /x",
		"process where event.action == \"unshare\" and endswith~(process.executable, \"/x\")"
		" and (event.outcome == null or event.outcome != null)",
		TAKEN_EXACTLY);
	check_rule("product: linux, service: auditd", "type: EXECVE, a0: nc",
		"any where logsource.product == \"linux\" and logsource.service == \"auditd\" and type in~ (\"EXECVE\")"
		" and a0 in~ (\"nc\")",
		TAKEN_EXACTLY);
}

static void test_keywords(void)
{
	static const char source[] = "title: k\nlogsource: {product: linux, service: sshd}\n"
				     "detection: {k: [one, 'two*three'], condition: k}\n---\n"
				     "title: l\nlogsource: {product: windows, service: wmi}\ndetection: {k: [one], condition: k}\n";
	struct taken_in t;

	begin(&t, source);
	CHECK_TEXT(shown(&t, 0), "any where logsource.product == \"linux\" and logsource.service == \"sshd\""
				 " and (stringcontains~(message, \"one\") or message like~ \"*two*three*\")");
	CU_ASSERT_EQUAL(t.import.items[0]->taken, TAKEN_EXACTLY);
	CU_ASSERT_EQUAL(t.import.items[1]->taken, TAKEN_WITH_NOTE);
	end(&t);
}

static void test_card(void)
{
	static const char source[] =
		"title: Some Title\nid: 067d8238-7127-451c-a9ec-fa78045b618b\nstatus: unsupported\nlevel: critical\nauthor: A, B\n"
		"date: 2022/01/20\nmodified: soon\ndescription: d\nreferences: [https://example.org/a, 'http://example.org/b']\n"
		"tags: [attack.t1053.003, attack.T1059, attack.execution, cve.2021-44228]\nfalsepositives: [None]\n"
		"logsource: {product: linux, category: process_creation}\ndetection: {s: {User: root}, condition: s}\nfields: [a]\n";
	struct taken_in t;

	begin(&t, source);
	const struct import_item *item = t.import.items[0];
	const struct draft *draft = item->draft;

	CU_ASSERT_PTR_NOT_NULL_FATAL(draft);
	CHECK_TEXT(draft->title, "Some Title");
	CHECK_TEXT(draft->id, "067d8238-7127-451c-a9ec-fa78045b618b");
	CU_ASSERT_EQUAL(draft->status, STATUS_DEPRECATED);
	CU_ASSERT_EQUAL(draft->severity, SEVERITY_CRITICAL);
	CHECK_TEXT(draft->date, "2022-01-20");
	CHECK_TEXT(draft->modified, "");
	CHECK_LONG(draft->references.count, 1);
	CHECK_LONG(draft->techniques.count, 2);
	CHECK_TEXT(draft->techniques.items[0], "T1053.003");
	CHECK_TEXT(draft->techniques.items[1], "T1059");
	CHECK_TEXT(draft->surface, "host");
	CHECK_LONG(item->notes.count, 5);
	CU_ASSERT_EQUAL(item->taken, TAKEN_EXACTLY);
	end(&t);
}

static const char two_rules[] =
	"title: failed\nname: failed\nlogsource: {product: linux, category: process_creation}\n"
	"detection: {s: {Image: /bin/su}, condition: s}\n---\n"
	"title: done\nname: done\nlogsource: {product: linux, category: file_event}\n"
	"detection: {s: {TargetFilename: /etc/x}, condition: s}\n---\ntitle: both\n";

static void check_correlation(const char *correlation, const char *expected)
{
	struct arena arena = {0};
	struct taken_in t;

	begin(&t, arena_printf(&arena, "%scorrelation: {%s}\n", two_rules, correlation));
	CHECK_TEXT(shown(&t, 2), expected);
	CHECK_TEXT(shown(&t, 0), text_starts(text_of(expected), TEXT("refused"), false)
			? "process where event.action == \"exec\" and process.executable in~ (\"/bin/su\")"
			: "a part");
	end(&t);
	arena_free(&arena);
}

static void test_correlations(void)
{
	check_correlation("type: event_count, rules: [failed], group-by: [User], timespan: 5m, condition: {gt: 4}",
		"sequence by user.name with maxspan=5m"
		" [process where event.action == \"exec\" and process.executable in~ (\"/bin/su\")] with runs=5");
	check_correlation("type: value_count, rules: [failed], timespan: 1h, condition: {gte: 3, field: User}",
		"sequence with maxspan=1h"
		" [process where event.action == \"exec\" and process.executable in~ (\"/bin/su\")] with distinct(user.name)=3");
	check_correlation("type: temporal_ordered, rules: [failed, done], group-by: [User], timespan: 10s",
		"sequence by user.name with maxspan=10s"
		" [process where event.action == \"exec\" and process.executable in~ (\"/bin/su\")]"
		" [file where event.action in (\"create\", \"modify\") and file.path in~ (\"/etc/x\")]");
	check_correlation("type: temporal, rules: [failed, done], timespan: 10s",
		"sample with maxspan=10s"
		" [process where event.action == \"exec\" and process.executable in~ (\"/bin/su\")]"
		" [file where event.action in (\"create\", \"modify\") and file.path in~ (\"/etc/x\")]");
	check_correlation("type: event_count, rules: [failed], timespan: 5m, condition: {lt: 4}",
		"refused: only correlations of at least, or of more than, a number of events can be said");
	check_correlation("type: event_count, rules: [failed, nobody], timespan: 5m, condition: {gte: 4}",
		"refused: the rule nobody, which the correlation names, is not among the files");
}

static void test_filters(void)
{
	static const char source[] =
		"title: rule\nname: rule\nlogsource: {product: linux, category: process_creation}\n"
		"detection: {s: {Image: /bin/su}, condition: s}\n---\n"
		"title: filter\nlogsource: {product: linux, category: process_creation}\n"
		"filter: {rules: [rule], s: {User: ci}, condition: not s}\n---\n"
		"title: useless\nlogsource: {product: linux}\nfilter: {rules: [other], s: {User: ci}, condition: not s}\n";
	struct taken_in t;
	struct buffer out = {0};

	begin(&t, source);
	CU_ASSERT_EQUAL_FATAL(t.import.exception_count, 1);
	CHECK_LONG(t.import.exceptions[0].covered_count, 1);
	node_print(t.import.exceptions[0].exception.node, &t.catalog.registry, &out);
	CHECK_TEXT(buffer_view(&out), "user.name in~ (\"ci\")");
	CU_ASSERT_EQUAL(t.import.items[1]->taken, TAKEN_EXACTLY);
	CU_ASSERT_EQUAL(t.import.items[2]->taken, REFUSED);
	buffer_free(&out);
	end(&t);
}

/* A rule that is only a part of a correlation is no detection that could have an exception. */
static void test_filters_of_parts(void)
{
	static const char source[] =
		"title: rule\nname: rule\nlogsource: {product: linux, category: process_creation}\n"
		"detection: {s: {Image: /bin/su}, condition: s}\n---\n"
		"title: many\ncorrelation: {type: event_count, rules: [rule], group-by: [User], timespan: 5m, condition: {gte: 4}}\n---\n"
		"title: filter\nlogsource: {product: linux, category: process_creation}\n"
		"filter: {rules: [rule], s: {User: ci}, condition: not s}\n";
	struct taken_in t;

	begin(&t, source);
	CHECK_LONG(t.import.exception_count, 0);
	CU_ASSERT_PTR_NULL(t.import.items[0]->draft);
	CU_ASSERT(text_contains(shown(&t, 1), TEXT("and not user.name in~ (\"ci\")] with runs=4"), false));
	CU_ASSERT_EQUAL(t.import.items[2]->taken, TAKEN_EXACTLY);
	end(&t);
}

static void test_placeholders(void)
{
	static const char source[] = "title: t\nlogsource: {category: c}\ndetection: {s: {'f|expand': '%who%'}, condition: s}\n---\n"
				     "name: p\nvars: {who: [root, admin]}\ntransformations: []\n";
	struct taken_in t;

	begin(&t, source);
	CHECK_TEXT(shown(&t, 0), "any where logsource.category == \"c\" and f in~ (\"root\", \"admin\")");
	end(&t);
}

void suite_sigma_read(void)
{
	CU_pSuite suite = unit_suite("sigma_read");

	UNIT_TEST(suite, test_events);
	UNIT_TEST(suite, test_other_sources);
	UNIT_TEST(suite, test_records);
	UNIT_TEST(suite, test_keywords);
	UNIT_TEST(suite, test_card);
	UNIT_TEST(suite, test_correlations);
	UNIT_TEST(suite, test_filters);
	UNIT_TEST(suite, test_filters_of_parts);
	UNIT_TEST(suite, test_placeholders);
}
