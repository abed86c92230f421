/*
 * test_program: a tree as a list of questions has the tree's answers (catalog/evaluate.h), each predicate asked once a facet;
 * equal predicates have one number; patterns and lists are asked as the oracle asks them.
 */
#include "replay/engine/program.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

enum { CONDITIONS = 400, FACETS = 60 };

struct programs {
	struct arena arena;
	struct cases cases;
	struct predicates predicates;
	struct questions questions;
	struct evaluator *evaluator;
	struct asker asker;
	unsigned char *room;
};

static void begin(struct programs *p)
{
	*p = (struct programs){.evaluator = evaluator_new()};
	cases_load(&p->cases, "tests/cases/conditions.yaml");
	asker_make(&p->asker, &p->predicates, p->evaluator);
}

static void end(struct programs *p)
{
	asker_free(&p->asker);
	evaluator_free(p->evaluator);
	questions_free(&p->questions);
	predicates_free(&p->predicates);
	cases_free(&p->cases);
	arena_free(&p->arena);
	free(p->room);
}

static struct program program_of(struct programs *p, const struct condition *condition)
{
	const struct outline *outline = outline_make(&p->arena, &p->predicates, &p->cases.registry, condition->root);
	struct program program = program_make(&p->questions, &p->predicates, outline);
	p->room = mem_resize(p->room, p->questions.longest + 1);
	return program;
}

static size_t check_facet(struct programs *p, const struct condition *condition, struct program program, const struct facet *facet)
{
	/* Asked of the tree alone: category and the rule of outcomes are the engine's. */
	struct condition bare = *condition;
	uint64_t asked = 0;
	bool limited = false;
	bare.category = CATEGORY_ANY;
	bare.names_outcome = true;
	asker_begin(&p->asker, facet);
	size_t wrong = program_holds(&p->questions, program, &p->asker, &asked, &limited) != evaluate_node(p->evaluator, bare.root, facet);
	wrong += program_possible(&p->questions, program, &p->asker, p->room) != evaluate_possible(p->evaluator, &bare, facet).can_be_true;
	wrong += program_near(&p->questions, program, &p->asker, p->room) != (evaluate_distance(p->evaluator, &bare, facet) <= 1);
	return wrong + (asked > program.count) + limited;
}

static void test_random(void)
{
	struct programs p;
	static const struct condition *conditions[CONDITIONS];
	static struct program programs[CONDITIONS];
	struct arena arena = {0};
	size_t wrong = 0, places = 0;
	begin(&p);
	for (size_t i = 0; i < CONDITIONS; i++) {
		conditions[i] = random_condition(&p.arena, &p.cases, 4000 + i);
		programs[i] = program_of(&p, conditions[i]);
		places += programs[i].count;
	}
	for (uint64_t seed = 0; seed < FACETS; seed++) {
		struct event event;
		random_event(&arena, &p.cases.registry, 900 + seed, &event);
		for (size_t i = 0; i < CONDITIONS; i++)
			wrong += check_facet(&p, conditions[i], programs[i], event.facets[0]);
		arena_reset(&arena);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(p.predicates.count < places);
	arena_free(&arena);
	end(&p);
}

static struct condition *parsed(struct programs *p, const char *source)
{
	struct diagnostics d = {0};
	struct condition *condition = condition_parse(&p->arena, &p->cases.scope, text_of(source), (struct place){"test", 1, 1}, 0,
		(struct text){0}, &d);
	CU_ASSERT_FATAL(condition != NULL);
	diagnostics_free(&d);
	return condition;
}

static void test_numbers(void)
{
	struct programs p;
	begin(&p);
	program_of(&p, parsed(&p, "process where process.name == \"a\" and process.pid > 3 and not process.name == \"a\""));
	CHECK_LONG(p.predicates.count, 2);
	program_of(&p, parsed(&p, "any where process.name in~ (\"a\") or process.name == \"a\""));
	CHECK_LONG(p.predicates.count, 3); /* with folding it is another one */
	end(&p);
}

/* How each is asked; and what it says of texts around its literals. */
static void test_askings(void)
{
	static const struct {
		const char *source;
		enum asking asking;
	} cases[] = {
		{"any where process.name like \"ab*\"", ASK_STARTS},
		{"any where process.name like~ (\"*ab\", \"*b\")", ASK_ENDS},
		{"any where process.name like \"*ab*\"", ASK_CONTAINS},
		{"any where process.name like \"*\"", ASK_LIKE},
		{"any where process.name like \"ab\"", ASK_NAMES},
		{"any where process.name like~ \"a*B\"", ASK_LIKE},
		{"any where process.name like \"a*b*a\"", ASK_LIKE},
		{"any where process.name like \"a?\"", ASK_LIKE},
		{"any where process.name like (\"*a*b*\", \"b\")", ASK_LIKE},
		{"any where process.name like~ (\"ab*b\", \"*é*B\")", ASK_LIKE},
		{"any where process.name like (\"a*\", \"*b\")", ASK_LIKE},
		{"any where process.name in~ (\"a\", \"B\", \"ab\", \"ba\", \"aB\", \"bb\")", ASK_NAME_SET},
		{"any where process.name not in (\"a\", \"b\")", ASK_NAMES},
		{"any where process.pid in (3, 1, 2)", ASK_NUMBERS},
		{"any where process.pid < 3", ASK_PLAIN},
		{"any where length(process.name) == 2", ASK_PLAIN},
	};
	static const char *const names[] = {"a", "b", "ab", "aB", "AB", "ba", "aab", "abb", "xabx", "aba", ("a\xc3\xa9" "b"), "3"};
	struct arena arena = {0};
	struct programs p;
	begin(&p);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct condition *condition = parsed(&p, cases[i].source);
		struct program program = program_of(&p, condition);
		CHECK_LONG(p.predicates.items[p.questions.items[program.first].predicate].asking, cases[i].asking);
		for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
			struct event event;
			event_begin(&event, &arena, &p.cases.registry);
			struct facet *facet = event_add_facet(&event, 1, p.cases.registry.categories[1].first_action);
			facet_set_text(&event, facet, registry_field(&p.cases.registry, TEXT("process.name")), text_of(names[k]));
			facet_set_long(&event, facet, registry_field(&p.cases.registry, TEXT("process.pid")), (int64_t)k);
			CHECK_LONG(check_facet(&p, condition, program, facet), 0);
		}
	}
	arena_free(&arena);
	end(&p);
}

void suite_program(void)
{
	CU_pSuite suite = unit_suite("program");
	UNIT_TEST(suite, test_random);
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_askings);
}
