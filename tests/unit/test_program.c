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
	asker_make(&p->asker, &p->predicates, p->evaluator, simd_level_best());
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

/* What a sample says of each predicate; what is the same on all its facets is known, of every other one. */
struct sampled {
	unsigned char *known;
	uint32_t *asked, *held;
};

static struct sampled ask_all(struct programs *p, const struct event *events, size_t count)
{
	size_t predicates = p->predicates.count;
	struct sampled s = {arena_array(&p->arena, predicates, 1), arena_array(&p->arena, predicates, sizeof *s.asked),
		arena_array(&p->arena, predicates, sizeof *s.held)};
	for (size_t i = 0; i < count; i++) {
		asker_begin(&p->asker, events[i].facets[0]);
		for (uint32_t k = 0; k < predicates; k++) {
			s.asked[k]++;
			s.held[k] += asker_ask(&p->asker, k) & ANSWER_HOLDS;
		}
	}
	for (uint32_t k = 0; k < predicates; k += 2)
		s.known[k] = s.held[k] == count ? 1 : !s.held[k] ? 2 : 0;
	return s;
}

static size_t known_questions(const struct programs *p, struct program program, const unsigned char *known)
{
	size_t count = 0;
	for (uint32_t q = 0; q < program.count; q++)
		count += known[questions_of(&p->questions, &program)[q].predicate] != 0;
	return count;
}

/* Made for some facets, a program has the same answers on them, and asks nothing that is known of them. */
static void test_for_facets(void)
{
	enum { SOME = 12 };
	struct programs p;
	static const struct condition *conditions[CONDITIONS];
	static const struct outline *outlines[CONDITIONS];
	struct event events[SOME];
	size_t wrong = 0, known = 0, before = 0, after = 0;
	begin(&p);
	for (size_t i = 0; i < CONDITIONS; i++) {
		conditions[i] = random_condition(&p.arena, &p.cases, 7000 + i);
		outlines[i] = outline_make(&p.arena, &p.predicates, &p.cases.registry, conditions[i]->root);
	}
	for (size_t i = 0; i < SOME; i++)
		random_event(&p.arena, &p.cases.registry, 70 + i, &events[i]);
	struct sampled s = ask_all(&p, events, SOME);
	for (size_t i = 0; i < CONDITIONS; i++) {
		const struct program usual = program_make(&p.questions, &p.predicates, outlines[i]);
		const struct program own = program_make_for(&p.questions, &p.predicates, outlines[i],
			&(struct program_facets){s.known, s.asked, s.held});
		known += known_questions(&p, own, s.known);
		for (size_t k = 0; k < SOME; k++) {
			uint64_t asked[2] = {0, 0};
			bool limited = false;
			asker_begin(&p.asker, events[k].facets[0]);
			bool holds = evaluate_node(p.evaluator, conditions[i]->root, events[k].facets[0]);
			wrong += program_holds(&p.questions, usual, &p.asker, &asked[0], &limited) != holds;
			wrong += program_holds(&p.questions, own, &p.asker, &asked[1], &limited) != holds;
			before += asked[0];
			after += asked[1];
		}
	}
	CHECK_LONG(wrong, 0);
	CHECK_LONG(known, 0);
	CU_ASSERT(4 * after < 3 * before);
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

/* What is false of nearly all of them goes first, though it is dearer. */
static void test_sample_orders(void)
{
	struct programs p;
	begin(&p);
	const struct condition *condition = parsed(&p, "process where not (process.name == null or process.name in (\"a\", \"b\"))"
		" and not stringcontains(process.name, \"c\")");
	const struct outline *outline = outline_make(&p.arena, &p.predicates, &p.cases.registry, condition->root);
	uint32_t asked[] = {10, 10, 10}, held[] = {0, 0, 10};
	struct program usual = program_make(&p.questions, &p.predicates, outline);
	struct program own = program_make_for(&p.questions, &p.predicates, outline, &(struct program_facets){NULL, asked, held});
	CHECK_LONG(p.predicates.count, 3);
	CHECK_LONG(questions_of(&p.questions, &usual)[usual.entry].predicate, 0);
	CHECK_LONG(questions_of(&p.questions, &own)[own.entry].predicate, 2);
	end(&p);
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
		size_t least;
	} cases[] = {
		{"any where process.name like \"ab*\"", ASK_STARTS, 2},
		{"any where process.name like~ (\"*ab\", \"*b\")", ASK_ENDS, 1},
		{"any where process.name like \"*ab*\"", ASK_CONTAINS, 2},
		{"any where process.name like \"*\"", ASK_LIKE, 0},
		{"any where process.name like \"ab\"", ASK_NAMES, 2},
		{"any where process.name like~ \"a*B\"", ASK_LIKE, 0},
		{"any where process.name like \"a*b*a\"", ASK_LIKE, 0},
		{"any where process.name like \"a?\"", ASK_LIKE, 0},
		{"any where process.name like (\"*a*b*\", \"b\")", ASK_LIKE, 0},
		{"any where process.name like~ (\"ab*b\", \"*é*B\")", ASK_LIKE, 0},
		{"any where process.name like (\"a*\", \"*b\")", ASK_LIKE, 0},
		{"any where process.name in~ (\"a\", \"B\", \"ab\", \"ba\", \"aB\", \"bb\")", ASK_NAME_SET, 1},
		{"any where process.name not in (\"a\", \"b\")", ASK_NAMES, 1},
		{"any where process.pid in (3, 1, 2)", ASK_NUMBERS, 0},
		{"any where process.pid < 3", ASK_PLAIN, 0},
		{"any where length(process.name) == 2", ASK_PLAIN, 0},
	};
	static const char *const names[] = {"a", "b", "ab", "aB", "AB", "ba", "aab", "abb", "xabx", "aba", ("a\xc3\xa9" "b"), "3"};
	struct arena arena = {0};
	struct programs p;
	begin(&p);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct condition *condition = parsed(&p, cases[i].source);
		struct program program = program_of(&p, condition);
		const struct interned *one = &p.predicates.items[p.questions.items[program.first].predicate];
		CHECK_LONG(one->asking, cases[i].asking);
		CHECK_LONG(one->least, cases[i].least);
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
	UNIT_TEST(suite, test_for_facets);
	UNIT_TEST(suite, test_sample_orders);
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_askings);
}
