/* dialect_choice: the dialect that reads most has it, and nobody guesses. */
#include "replay/readers/dialect_choice.h"
#include "tests/unit/world.h"

#define PLAIN "title: T\nreads: json\ngroups:\n  - name: g\n"

/* A shop's dialects: `wide` knows more names than `narrow`; `rooted` reads below `data`; `twin` is wide again. */
static void shop(struct world *w, bool twin)
{
	world_begin(w);
	world_file(w, "dialects/narrow.yaml", "name: narrow\n" PLAIN "    events: [{event: process.exec}]\n    fields: {process.pid: pid}\n");
	world_file(w, "dialects/wide.yaml", "name: wide\n" PLAIN "    events: [{event: process.exec, match: {act: run}}]\n"
		"    other: process\n    fields: {process.pid: pid, process.name: name, user.id: uid}\n");
	world_file(w, "dialects/rooted.yaml", "name: rooted\nroot: data\n" PLAIN "    events: [{event: process.exec, match: {host: \"*\"}}]\n"
		"    fields: {process.pid: pid, process.name: name, user.id: uid, host.name: host}\n");
	world_file(w, "dialects/writer.yaml", "name: writer\ntitle: T\ngroups:\n  - name: g\n    events: [{event: process.exec}]\n"
		"    fields: {process.pid: pid, process.name: name, user.id: uid, host.name: act}\n");
	if (twin)
		world_file(w, "dialects/twin.yaml", "name: twin\n" PLAIN "    events: [{event: process.exec, match: {act: run}}]\n"
			"    other: process\n    fields: {process.pid: pid, process.name: name, user.id: uid}\n");
	world_load(w);
}

struct choice_case {
	const char *name, *format, *sample;
	const char *dialect; /* NULL: none */
	const char *says;    /* the figures, or why none */
};

static const struct choice_case cases[] = {
	{"most fields", "json", "{\"act\":\"run\",\"pid\":1,\"name\":\"a\",\"uid\":0}\n{\"act\":\"nap\",\"pid\":2,\"name\":\"b\"}\n", "wide",
		"1 of 2 events understood, 1 more only by their group"},
	{"the only one", "json", "{\"pid\":1}\n", "narrow", "1 of 1 events understood"},
	{"root", "json", "[{\"data\":{\"pid\":1,\"name\":\"a\",\"host\":\"h\"}}]", "rooted", "1 of 1 events understood"},
	{"cut at the end", "json", "{\"act\":\"run\",\"pid\":1,\"name\":\"a\",\"uid\":0}\n{\"act\":\"run\",\"pid\":2,\"na", "wide",
		"1 of 1 events understood"},
	{"columns of CSV", "csv", "act,pid,name\nrun,1,a\nrun,2,b\n", "wide", "2 of 2 events understood"},
	{"nothing whole", "json", "{\"act\":\"run\",", NULL, "no record is whole"},
	{"nothing known", "json", "{\"colour\":\"red\"}", NULL, "no dialect that reads json understands any of 1 records"},
};

static void test_cases(void)
{
	struct world w;
	shop(&w, false);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct choice_case *c = &cases[i];
		struct dialect_figures figures;
		const char *why;
		const struct dialect *dialect = dialect_choose(&w.catalog, reader_find(text_of(c->format)), text_of(c->sample), NULL,
			&w.arena, &figures, &why);
		CHECK_TEXT(dialect ? dialect->name : TEXT("none"), c->dialect ? c->dialect : "none");
		CHECK_CONTAINS(text_of(dialect ? dialect_figures_text(&w.arena, &figures) : why), c->says);
	}
	world_end(&w);
}

static void test_tie(void)
{
	struct world w;
	struct dialect_figures figures;
	const char *why = NULL;
	shop(&w, true);
	struct text sample = TEXT("{\"act\":\"run\",\"pid\":1,\"name\":\"a\",\"uid\":0}\n");
	CU_ASSERT_PTR_NULL(dialect_choose(&w.catalog, reader_find(TEXT("json")), sample, NULL, &w.arena, &figures, &why));
	CHECK_CONTAINS(text_of(why), "wide");
	CHECK_CONTAINS(text_of(why), "twin");
	CHECK_LONG(figures.understood, 1);
	world_end(&w);
}

static void test_one_by_one(void)
{
	struct world w;
	struct dialect_figures figures;
	const char *why = NULL;
	shop(&w, false);
	struct dialect_choice *choice = dialect_choice_new(&w.catalog, TEXT("json"));
	CU_ASSERT_PTR_NULL(dialect_choice_best(choice, &w.arena, &figures, &why));
	CU_ASSERT(dialect_choice_object(choice, TEXT("{\"act\":\"run\",\"pid\":1,\"name\":\"a\"}")));
	CU_ASSERT_FALSE(dialect_choice_object(choice, TEXT("act=run pid=1")));
	const struct dialect *best = dialect_choice_best(choice, &w.arena, &figures, &why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(best);
	CHECK_TEXT(best->name, "wide");
	CHECK_LONG(figures.records, 1);
	CHECK_LONG(figures.fields, 2);
	dialect_choice_free(choice);
	world_end(&w);
}

void suite_dialect_choice(void)
{
	CU_pSuite suite = unit_suite("dialect_choice");
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_tie);
	UNIT_TEST(suite, test_one_by_one);
}
