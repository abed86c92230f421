/* test_placing: an event's episode is the one that dataset_episode finds, whatever comes in which order. */
#include "replay/measure/placing.h"
#include "replay/measure/interval.h"
#include "tests/unit/world.h"

#include <stdlib.h>
#include <string.h>

enum { EPISODES = 14, EVENTS = 4000, DATASETS = 30 };

struct trial {
	struct world w;
	struct dataset dataset;
	struct episode episodes[EPISODES];
	struct text globs[EPISODES];
	struct condition *where[2];
	uint64_t random;
	size_t found;
};

static const int64_t second = 1000000000, began = INT64_C(1767225600) * 1000000000;
static const char *const files[] = {"data/a.log", "data/b.log", "data/deep/a.log", NULL};
static const char *const facets[] = {"process.exec process.name=docker session.id=s1", "process.exec user.name=ci container.id=c1",
	"process.exec user.name=ci session.id=s1 container.id=c2", "network.connect destination.port=1 | process.exec container.id=c1"};

static size_t below(struct trial *t, size_t limit)
{
	return (size_t)(interval_random(&t->random) % limit);
}

static void make_episode(struct trial *t, size_t i)
{
	static const char *const globs[] = {"data/*.log", "data/a.log", "data/*/a.log"};
	struct episode *episode = &t->episodes[i];
	*episode = (struct episode){.from = INT64_MIN, .to = INT64_MAX};
	if (below(t, 2)) {
		episode->from = below(t, 4) ? began + (int64_t)below(t, 900) * second : INT64_MIN;
		episode->to = below(t, 4) ? began + (int64_t)(100 + below(t, 900)) * second : INT64_MAX;
	}
	if (below(t, 3) == 0) {
		episode->first_line = 1 + below(t, 900);
		episode->last_line = episode->first_line + below(t, 50);
	}
	if (below(t, 3) == 0) {
		t->globs[i] = text_of(globs[below(t, 3)]);
		episode->files = &t->globs[i];
		episode->file_count = 1;
	}
	if (below(t, 4) == 0)
		episode->session = TEXT("s1");
	if (below(t, 4) == 0)
		episode->container = TEXT("c1");
	if (below(t, 4) == 0)
		episode->where = t->where[below(t, 2)];
}

static void compare(struct trial *t)
{
	size_t different = 0, found = 0;
	struct evaluator *evaluator = engine_evaluator(t->w.engine);
	for (size_t i = 0; i < EPISODES; i++)
		make_episode(t, i);
	t->dataset.episode_count = 1 + below(t, EPISODES);
	struct placing *placing = placing_new(&t->dataset, t->w.engine);
	for (size_t i = 0; i < EVENTS; i++) {
		struct event *event = world_event(&t->w, 1 + below(t, 1000),
			below(t, 10) ? (long)(below(t, 50) + i * 1000 / EVENTS) : WORLD_UNTIMED, facets[below(t, 4)]);
		struct answer answer;
		event->file = files[below(t, 4)];
		engine_ask(t->w.engine, event, &answer);
		const long expected = dataset_episode(&t->dataset, evaluator, event);
		different += placing_find(placing, event) != expected;
		found += expected >= 0;
	}
	placing_free(placing);
	CHECK_LONG(different, 0);
	t->found += found;
}

static void test_equal(void)
{
	struct trial t = {.random = 6};
	struct dataset *list[] = {&t.dataset};
	world_begin(&t.w);
	world_detection(&t.w, "some", "low", "a: process where process.name == \"docker\"\nb: process where user.name == \"ci\"");
	world_load(&t.w);
	for (size_t i = 0; i < 2; i++)
		t.where[i] = t.w.catalog.detections[0]->conditions[i];
	t.dataset.episodes = t.episodes;
	placing_register(t.w.engine, list, 1);
	for (size_t i = 0; i < DATASETS; i++)
		compare(&t);
	CU_ASSERT(t.found > DATASETS * EVENTS / 4 && t.found < DATASETS * EVENTS);
	world_end(&t.w);
}

void suite_placing(void)
{
	CU_pSuite suite = unit_suite("placing");
	UNIT_TEST(suite, test_equal);
}
