/* test_groups: the joining rule of alert groups, event by event. */
#include "replay/measure/groups.h"
#include "tests/unit/world.h"

#define SECOND INT64_C(1000000000)

static struct group_point at(long seconds)
{
	return (struct group_point){.host = 1, .file = 1, .time = seconds * SECOND, .episode = -1, .outcome = OUTCOME_FP};
}

static void test_window(void)
{
	struct group_set set = {0};
	struct group_point point = at(1000);
	CU_ASSERT(group_add(&set, &point));
	point = at(1000);
	CU_ASSERT_FALSE(group_add(&set, &point));
	point = at(1299);
	CU_ASSERT_FALSE(group_add(&set, &point));
	point = at(1300); /* the window begins with the first alert, not with the newest */
	CU_ASSERT(group_add(&set, &point));
	point = at(1599);
	CU_ASSERT_FALSE(group_add(&set, &point));
	point = at(990); /* a little out of order */
	CU_ASSERT_FALSE(group_add(&set, &point));
	group_free(&set);
}

static void test_borders(void)
{
	struct group_set set = {0};
	struct group_point point = at(0);
	CU_ASSERT(group_add(&set, &point));
	point.episode = 3;
	CU_ASSERT(group_add(&set, &point));
	CU_ASSERT_FALSE(group_add(&set, &point));
	point.outcome = OUTCOME_TP;
	CU_ASSERT(group_add(&set, &point));
	point.host = 2;
	CU_ASSERT(group_add(&set, &point));
	point = at(1);
	CU_ASSERT_FALSE(group_add(&set, &point));
	group_clear(&set);
	CU_ASSERT(group_add(&set, &point));
	group_free(&set);
}

/* The command, the engine's event and the kernel's record of one start. */
static void test_one_start(void)
{
	struct group_set set = {0};
	struct group_point command = at(0), engine = at(1), kernel = at(2), other = at(3), late = at(4);
	engine.container = 77;
	kernel.descent = 5;
	other.container = 78;
	CU_ASSERT(group_add(&set, &command));
	CU_ASSERT_FALSE(group_add(&set, &engine));
	CU_ASSERT_FALSE(group_add(&set, &kernel));
	CU_ASSERT(group_add(&set, &other)); /* a second container */
	CU_ASSERT_FALSE(group_add(&set, &late));
	group_free(&set);
}

static void test_containers(void)
{
	struct group_set set = {0};
	struct group_point one = at(0), two = at(1), again = at(2), none = at(3);
	one.container = 7;
	two.container = 8;
	again.container = 7;
	CU_ASSERT(group_add(&set, &one));
	CU_ASSERT(group_add(&set, &two));
	CU_ASSERT_FALSE(group_add(&set, &again));
	CU_ASSERT_FALSE(group_add(&set, &none)); /* joins the host's open group */
	one = at(400);
	one.container = 7;
	CU_ASSERT(group_add(&set, &one));
	group_free(&set);
}

static void test_descents(void)
{
	struct group_set set = {0};
	struct group_point one = at(0), two = at(1), again = at(2);
	one.descent = 100;
	two.descent = 200;
	again.descent = 100;
	CU_ASSERT(group_add(&set, &one));
	CU_ASSERT(group_add(&set, &two));
	CU_ASSERT_FALSE(group_add(&set, &again));
	group_free(&set);
}

/* Manifests have no time: one group for each episode and file. */
static void test_untimed(void)
{
	struct group_set set = {0};
	struct group_point point = at(0), timed = at(0);
	point.time = INT64_MIN;
	CU_ASSERT(group_add(&set, &point));
	CU_ASSERT_FALSE(group_add(&set, &point));
	point.container = 4;
	CU_ASSERT_FALSE(group_add(&set, &point));
	point.file = 2;
	CU_ASSERT(group_add(&set, &point));
	point.episode = 1;
	CU_ASSERT(group_add(&set, &point));
	CU_ASSERT(group_add(&set, &timed));
	group_free(&set);
}

/* What is open is bounded by what can be open at one time, however long it goes on. */
static void test_memory(void)
{
	struct group_set set = {0};
	size_t begun = 0;
	for (long i = 0; i < 20000; i++) {
		struct group_point point = at(i);
		point.container = (uint64_t)(1 + i);
		begun += group_add(&set, &point);
		CU_ASSERT(set.count <= 601);
	}
	CU_ASSERT_EQUAL(begun, 20000);
	group_free(&set);
}

static void test_random_members(void)
{
	/* No two alerts of one group are five minutes apart, whatever the order: counted on a chain. */
	struct group_set set = {0};
	uint64_t state = 9;
	long now = 0, begun = -1000;
	for (size_t i = 0; i < 5000; i++) {
		now += (long)(interval_random(&state) % 200);
		struct group_point point = at(now);
		bool begins = group_add(&set, &point);
		CU_ASSERT_EQUAL(begins, now - begun >= GROUP_SECONDS);
		if (begins)
			begun = now;
	}
	group_free(&set);
}

static void test_point(void)
{
	struct world w;
	struct text entity;
	world_begin(&w);
	world_detection(&w, "d", "high", "a: process where process.name == \"x\"");
	world_load(&w);
	struct group_fields fields = group_fields_of(&w.catalog.registry);
	struct event *event = world_event(&w, 1, 0, "process.exec host.name=h1 session.id=4 | container.run container.id=abc");
	struct group_point one = group_point_of(&fields, event, &entity);
	CHECK_TEXT(entity, "container:abc");
	event = world_event(&w, 1, 5, "process.exec host.name=h1 session.id=4 entity.id=root-9 process.in_container=false");
	struct group_point two = group_point_of(&fields, event, &entity);
	CHECK_TEXT(entity, "session:4");
	CU_ASSERT(one.host == two.host && one.file == two.file && one.container && !two.container && !two.descent);
	event = world_event(&w, 1, 5, "process.exec entity.id=root-9 process.in_container=true");
	two = group_point_of(&fields, event, &entity);
	CHECK_TEXT(entity, "container:root-9");
	CU_ASSERT(!two.host && two.descent && !two.container);
	event = world_event(&w, 1, WORLD_UNTIMED, "process.exec host.name=h2");
	two = group_point_of(&fields, event, &entity);
	CHECK_TEXT(entity, "host:h2");
	CU_ASSERT(two.time == INT64_MIN && two.host != one.host);
	world_end(&w);
}

static unsigned below(uint64_t *state, unsigned limit)
{
	return (unsigned)(interval_random(state) % limit);
}

/* The rule as it is written, over all groups that are open. */
struct model {
	struct group_point items[20000];
	size_t count;
};

static bool apart(const struct group_point *a, const struct group_point *b, uint64_t seconds)
{
	uint64_t distance = a->time > b->time ? (uint64_t)a->time - (uint64_t)b->time : (uint64_t)b->time - (uint64_t)a->time;
	if (a->time == INT64_MIN || b->time == INT64_MIN)
		return a->file != b->file;
	return distance >= seconds * (uint64_t)SECOND;
}

static int model_fit(const struct group_point *first, const struct group_point *point)
{
	if (first->host != point->host || first->episode != point->episode || first->outcome != point->outcome ||
		apart(first, point, GROUP_SECONDS) || (first->time == INT64_MIN) != (point->time == INT64_MIN))
		return 0;
	if (point->time != INT64_MIN && ((first->container && point->container && first->container != point->container) ||
			(first->descent && point->descent && first->descent != point->descent)))
		return 0;
	bool container = point->container && first->container == point->container;
	bool descent = point->descent && first->descent == point->descent;
	return point->time == INT64_MIN ? 1 : container ? 3 : descent ? 2 : 1;
}

static bool model_add(struct model *model, const struct group_point *point)
{
	struct group_point *best = NULL;
	for (size_t i = model->count; i-- > 0;)
		if (model_fit(&model->items[i], point) > (best ? model_fit(best, point) : 0))
			best = &model->items[i];
	if (best) {
		best->container = best->container ? best->container : point->container;
		best->descent = best->descent ? best->descent : point->descent;
		return false;
	}
	size_t kept = 0;
	for (size_t i = 0; i < model->count; i++)
		if (!apart(&model->items[i], point, 2 * GROUP_SECONDS))
			model->items[kept++] = model->items[i];
	model->items[kept] = *point;
	model->count = kept + 1;
	return true;
}

/* Alerts of many hosts, in order but for a little disorder, now and then far back, without a time, or of another file. */
static void test_many_hosts(void)
{
	static struct model model;
	struct group_set set = {0};
	uint64_t state = 5, begun = 0;
	long second = 1000;
	for (unsigned i = 0; i < 20000; i++) {
		second += below(&state, 3) == 0;
		second = below(&state, 4000) == 0 ? 1000 : second;
		struct group_point point = at(second - (long)below(&state, 20) * (below(&state, 30) == 0 ? 40 : 1));
		point.host = below(&state, 200);
		point.file = 1 + below(&state, 2);
		point.container = below(&state, 3) == 0 ? 1 + below(&state, 2) : 0;
		point.descent = below(&state, 3) == 0 ? 1 + below(&state, 2) : 0;
		point.outcome = below(&state, 8) == 0 ? OUTCOME_TP : OUTCOME_FP;
		if (below(&state, 50) == 0)
			point.time = INT64_MIN;
		bool expected = model_add(&model, &point);
		begun += expected;
		CU_ASSERT_EQUAL_FATAL(group_add(&set, &point), expected);
		CU_ASSERT_EQUAL_FATAL(set.count, model.count);
		CU_ASSERT_EQUAL_FATAL(set.begun, begun);
		if (below(&state, 6000) == 0) {
			group_clear(&set);
			model.count = 0;
		}
	}
	group_free(&set);
}

void suite_groups(void)
{
	CU_pSuite suite = unit_suite("groups");
	UNIT_TEST(suite, test_window);
	UNIT_TEST(suite, test_borders);
	UNIT_TEST(suite, test_one_start);
	UNIT_TEST(suite, test_containers);
	UNIT_TEST(suite, test_descents);
	UNIT_TEST(suite, test_untimed);
	UNIT_TEST(suite, test_memory);
	UNIT_TEST(suite, test_random_members);
	UNIT_TEST(suite, test_point);
	UNIT_TEST(suite, test_many_hosts);
}
