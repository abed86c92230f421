/* alike: which recorded events say nothing new. */
#include "cli/alike.h"
#include "tests/unit/world.h"

#define ID "process.exec process.executable=/usr/bin/id process.args=id"

/* Is the second event known after the first? */
static bool known(const char *conditions, const char *first, const char *second)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "asked", "high", conditions);
	world_load(&w);
	struct alike *alike = alike_new(&w.catalog);
	bool before = alike_known(alike, world_event(&w, 1, 1, first));
	bool after = alike_known(alike, world_event(&w, 2, 2, second));
	CU_ASSERT_FALSE(before);
	alike_free(alike);
	world_end(&w);
	return after;
}

static void test_left_aside(void)
{
	static const char conditions[] = "a: process where process.args == \"id\" and not process.parent.pid == 1";
	CU_ASSERT_TRUE(known(conditions, ID, ID));
	CU_ASSERT_TRUE(known(conditions, ID " process.pid=41 process.parent.pid=40", ID " process.pid=57 process.parent.pid=50"));
	CU_ASSERT_TRUE(known(conditions, ID " audit.a0=3 audit.a1=7ffd9f4ab820", ID " audit.a0=3 audit.a1=c000225140"));
	CU_ASSERT_TRUE(known(conditions, ID " user.name=a process.pid=3", "process.exec process.pid=4 user.name=a process.args=id "
		"process.executable=/usr/bin/id"));
}

static void test_counted(void)
{
	static const char conditions[] = "a: process where process.args == \"id\" and not process.parent.pid == 1";
	CU_ASSERT_FALSE(known(conditions, ID, ID " process.pid=41"));
	CU_ASSERT_FALSE(known(conditions, ID " process.parent.pid=40", ID " process.parent.pid=1"));
	CU_ASSERT_FALSE(known(conditions, ID, "process.fork process.executable=/usr/bin/id process.args=id"));
	CU_ASSERT_FALSE(known(conditions, ID, ID " | container.run container.image.name=web"));
	CU_ASSERT_FALSE(known(conditions, ID ",-u", ID ",-g"));
	CU_ASSERT_FALSE(known(conditions, ID " audit.a0=ffffffffffffff9c", ID " audit.a0=ffffffffffffff9b"));
	CU_ASSERT_FALSE(known(conditions, ID " audit.a0=3", ID " audit.a0=4"));
	CU_ASSERT_FALSE(known("a: process where process.pid == 77", ID " process.pid=77", ID " process.pid=78"));
	CU_ASSERT_FALSE(known("a: process where process.pid > 1", ID " process.pid=77", ID " process.pid=78"));
}

static void test_many(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "asked", "high", "a: process where process.args == \"id\"");
	world_load(&w);
	struct alike *alike = alike_new(&w.catalog);
	for (int round = 0; round < 2; round++)
		for (long i = 0; i < 9000; i++) {
			const char *event = arena_printf(&w.arena, "process.exec process.args=id,%ld process.pid=%ld", i, 100 + i + round);
			CU_ASSERT_EQUAL(alike_known(alike, world_event(&w, 1, i, event)), round > 0);
		}
	alike_free(alike);
	world_end(&w);
}

void suite_alike(void);
void suite_alike(void)
{
	CU_pSuite suite = unit_suite("alike");
	UNIT_TEST(suite, test_left_aside);
	UNIT_TEST(suite, test_counted);
	UNIT_TEST(suite, test_many);
}
