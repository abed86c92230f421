/* test_mutate: options taken apart and put together again, and what is made of the tests of good and of brittle detections. */
#include "replay/mutate/mutate.h"
#include "replay/mutate/spelling.h"
#include "tests/unit/world.h"

#include <string.h>

/* A line, and what it is written as: clusters apart, options before operands; NULL: not known whole. */
static const struct {
	const char *line, *written;
} spellings[] = {
	{"docker run --privileged alpine sh", "docker run --privileged alpine sh"},
	{"docker -l error run -itv /a:/b --name=x alpine ls -l", "docker -l error run -i -t -v /a:/b --name=x alpine ls -l"},
	{"docker run -v=/a:/b -e=A alpine", "docker run -v=/a:/b -e=A alpine"},
	{"docker run -v/a:/b alpine", "docker run -v/a:/b alpine"},
	{"docker run --rm=false -- alpine -x", "docker run --rm=false -- alpine -x"},
	{"docker run --unheard-of alpine", NULL},
	{"docker run -v", NULL},
	{"docker ps -a", "docker ps -a"},
	{"docker compose run -v /a:/b web", "docker compose run -v /a:/b web"},
	{"nsenter -t 1 -mn sh", NULL}, /* -m with the file `n` */
	{"nsenter -t1 -m -n --pid=/p sh -c x", "nsenter -t1 -m -n --pid=/p sh -c x"},
	{"nsenter --target=1 -F -a", "nsenter --target=1 -F -a"},
	{"mount /dev/sda1 -o rw /mnt -t ext4", "mount -o rw -t ext4 /dev/sda1 /mnt"},
	{"mount -rt ext4 /dev/sda1 /mnt", "mount -r -t ext4 /dev/sda1 /mnt"},
	{"frobnicate -x", NULL},
};

static void test_spelling(void)
{
	struct arena arena = {0};
	struct clients clients;
	const struct registry *registry = unit_registry(&arena);
	const struct tools *tools = tools_new(&arena);
	unit_clients(&arena, registry, &clients);
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct text *words = NULL, *out = NULL;
		struct spelling spelling;
		const size_t count = text_split(&arena, text_of(spellings[i].line), ' ', &words);
		const bool read = spelling_read(&arena, &clients, tools, words[0], words, count, &spelling);
		CHECK_LONG(read, spellings[i].written != NULL);
		if (read && spellings[i].written != NULL) {
			const size_t written = spelling_write(&arena, &spelling, &out);
			CHECK_TEXT(text_join(&arena, out, written, ' '), spellings[i].written);
		}
	}
	arena_free(&arena);
}

static void begin(struct world *world)
{
	struct diagnostics d = {0};
	struct text clients;
	world_begin(world);
	if (file_read(&world->arena, "rulesets/clients.yaml", 0, &d, &clients) != 0)
		CU_FAIL("no clients");
	unit_file(&world->arena, world->folder, "clients.yaml", clients);
}

static void add(struct world *world, const char *name, const char *condition, const char *events)
{
	char id[37];
	uuid5(TEXT("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), text_of(name), id);
	world_file(world, arena_printf(&world->arena, "detections/%s.yaml", name),
		arena_printf(&world->arena,
			"id: %s\nname: %s\ntitle: T\nstatus: experimental\nseverity: high\nconditions:\n  main: |\n    %s\n"
			"tests:\n%s  - {name: n, event: {event.category: log, event.action: other, message: x}, expect: no-match}\n",
			id, name, condition, events));
}

static struct mutation *mutate(const struct world *world, const char *name, uint64_t seed)
{
	const struct detection *detection = catalog_detection(&world->catalog, text_of(name));
	struct mutation *mutation = mutation_new(&world->catalog, detection, &(struct mutate_options){.seed = seed, .most = 64});
	mutation_tests(mutation);
	return mutation;
}

static bool missed(const struct mutation *mutation, enum mutant_kind kind, const char *spelled)
{
	size_t count = 0;
	const struct mutate_miss *misses = mutation_misses(mutation, &count);
	for (size_t i = 0; i < count; i++)
		if (misses[i].kind == kind && text_is(misses[i].spelled, spelled))
			return true;
	return false;
}

#define PRIVILEGED "  - name: m\n    event: {event.category: process, event.action: exec, process.name: docker, process.args: " \
		   "[docker, run, --privileged, -v, \"/run/docker.sock:/s\", alpine, sh]}\n    expect: match\n"
#define HASHES "  - name: m\n    event: {event.category: process, event.action: exec, process.name: cat, process.args: " \
	       "[cat, /etc/shadow]}\n    expect: match\n"
#define SCRIPT "  - name: m\n    event: {event.category: process, event.action: exec, process.name: sh, process.args: " \
	       "[sh, -c, \"echo x > /proc/sysrq-trigger\"]}\n    expect: match\n"
#define WRITTEN "  - name: m\n    event: {event.category: file, event.action: modify, file.path: /etc/crontab, " \
		"process.name: vi, process.in_container: true}\n    expect: match\n"

#define POD "  - name: m\n    event: {event.category: container, event.action: create, container.runtime: kubernetes, " \
	    "container.image.name: web, container.security_context.privileged: true, " \
	    "container.mounts: [\"/etc:/e:ro\"]}\n    expect: match\n"

/* A pod is written as manifests, which are read again; of a detection that asks for the kind none is. */
static void test_workloads(void)
{
	struct world world;
	begin(&world);
	add(&world, "pod",
		"container where container.security_context.privileged == true and container.mounts == \"/etc:/e:ro\"", POD);
	add(&world, "never-cron",
		"container where container.security_context.privileged == true and not orchestrator.resource.type == \"cronjob\"", POD);
	world_load(&world);
	struct mutation *pod = mutate(&world, "pod", 0), *never = mutate(&world, "never-cron", 0);
	for (size_t i = 0; mutate_operators[i].name != NULL; i++)
		if (strcmp(mutate_operators[i].name, "workload") == 0) {
			CU_ASSERT(mutation_operators(pod)[i].made >= 8);
			CHECK_LONG(mutation_operators(pod)[i].right, mutation_operators(pod)[i].made);
			CHECK_LONG(mutation_operators(never)[i].made, 0);
		}
	mutation_free(pod);
	mutation_free(never);
	world_end(&world);
}

static void test_robust_and_brittle(void)
{
	struct world world;
	begin(&world);
	add(&world, "robust",
		"container where event.action in (\"create\", \"run\") and container.security_context.privileged == true", PRIVILEGED);
	add(&world, "brittle", "process where event.action == \"exec\" and process.args == \"--privileged\"", PRIVILEGED);
	world_load(&world);
	struct mutation *robust = mutate(&world, "robust", 0), *brittle = mutate(&world, "brittle", 0);
	const struct mutate_score good = mutation_score(robust), bad = mutation_score(brittle);
	CU_ASSERT(good.equivalents > 50 && good.near_misses >= 5);
	CHECK_LONG(good.caught, good.equivalents);
	CHECK_LONG(good.silent, good.near_misses);
	CU_ASSERT(mutate_value(&good) == 1);
	CU_ASSERT(bad.caught < bad.equivalents && bad.silent < bad.near_misses && mutate_value(&bad) < 1);
	CU_ASSERT(missed(brittle, MUTANT_EQUIVALENT, "docker run --privileged=1 -v /run/docker.sock:/s alpine sh"));
	CU_ASSERT(missed(brittle, MUTANT_NEAR_MISS, "docker run alpine --privileged -v /run/docker.sock:/s"));
	CU_ASSERT(missed(brittle, MUTANT_NEAR_MISS, "echo docker run --privileged -v /run/docker.sock:/s alpine sh"));
	CU_ASSERT(!missed(brittle, MUTANT_EQUIVALENT, "podman run --privileged -v /run/docker.sock:/s alpine sh"));
	mutation_free(robust);
	mutation_free(brittle);
	world_end(&world);
}

/* A near miss must take away what the detection is about: here that is the image, and no option. */
static void test_another_matter(void)
{
	struct world world;
	begin(&world);
	add(&world, "image", "container where event.action == \"run\" and container.image.name == \"alpine\"", PRIVILEGED);
	world_load(&world);
	struct mutation *mutation = mutate(&world, "image", 0);
	for (size_t i = 0; mutate_operators[i].name != NULL; i++)
		if (strcmp(mutate_operators[i].name, "behind-image") == 0 || strcmp(mutate_operators[i].name, "in-environment") == 0)
			CHECK_LONG(mutation_operators(mutation)[i].made, 0);
	const struct mutate_score score = mutation_score(mutation);
	CU_ASSERT(mutate_value(&score) == 1);
	mutation_free(mutation);
	world_end(&world);
}

static void test_words_and_files(void)
{
	struct world world;
	begin(&world);
	add(&world, "hashes", "process where event.action == \"exec\" and process.args == \"/etc/shadow\"", HASHES);
	add(&world, "script", "file where event.action == \"modify\" and file.path == \"/proc/sysrq-trigger\"", SCRIPT);
	add(&world, "written",
		"file where event.action == \"modify\" and file.path == \"/etc/crontab\" and process.in_container == true",
		WRITTEN);
	world_load(&world);
	struct mutation *hashes = mutate(&world, "hashes", 0), *script = mutate(&world, "script", 0);
	CU_ASSERT(!missed(hashes, MUTANT_EQUIVALENT, "cat /etc//shadow")); /* derive/paths.h spells it plainly */
	CU_ASSERT(!missed(hashes, MUTANT_EQUIVALENT, "cat /etc/../etc/shadow"));
	CU_ASSERT(!missed(hashes, MUTANT_EQUIVALENT, "tac /etc/shadow"));
	CU_ASSERT(missed(hashes, MUTANT_EQUIVALENT, "dd if=/etc/shadow"));
	CU_ASSERT(missed(hashes, MUTANT_NEAR_MISS, "echo cat /etc/shadow"));
	CU_ASSERT(!missed(hashes, MUTANT_EQUIVALENT, "sudo cat /etc/shadow"));
	/* The shell opens the file, whatever its text looks like; and not where it only prints the text. */
	const struct mutate_score score = mutation_score(script);
	CU_ASSERT(score.equivalents > 20 && score.near_misses > 2);
	CU_ASSERT(mutate_value(&score) == 1);
	struct mutation *written = mutate(&world, "written", 0);
	const struct mutate_score files = mutation_score(written);
	CU_ASSERT(missed(written, MUTANT_EQUIVALENT, "{event.category: file, event.action: create, file.path: /etc/crontab, "
		"process.name: vi, process.in_container: true}"));
	CU_ASSERT(files.caught + 1 >= files.equivalents - 2 && files.silent == files.near_misses && files.near_misses >= 3);
	mutation_free(hashes);
	mutation_free(script);
	mutation_free(written);
	world_end(&world);
}

static void test_seed(void)
{
	struct world world;
	begin(&world);
	add(&world, "brittle", "process where event.action == \"exec\" and process.args == \"--privileged\"", PRIVILEGED);
	world_load(&world);
	struct mutation *one = mutate(&world, "brittle", 7), *two = mutate(&world, "brittle", 7);
	size_t count = 0, other = 0;
	const struct mutate_miss *a = mutation_misses(one, &count), *b = mutation_misses(two, &other);
	CHECK_LONG(count, other);
	for (size_t i = 0; i < count && i < other; i++)
		CU_ASSERT(text_equal(a[i].spelled, b[i].spelled));
	const struct mutate_score none = {0};
	CU_ASSERT(mutate_value(&none) == 1);
	mutation_free(one);
	mutation_free(two);
	world_end(&world);
}

/* Events of recordings: only such as the detection matches by itself. */
static void test_event(void)
{
	struct world world;
	begin(&world);
	add(&world, "brittle", "process where event.action == \"exec\" and process.args == \"--privileged\"", PRIVILEGED);
	world_load(&world);
	const struct detection *detection = catalog_detection(&world.catalog, TEXT("brittle"));
	struct mutation *mutation = mutation_new(&world.catalog, detection, &(struct mutate_options){0});
	CU_ASSERT(mutation_event(mutation,
		world_event(&world, 1, 1, "process.exec process.name=docker process.args=docker,run,--privileged,alpine"), "a:1"));
	CU_ASSERT(!mutation_event(mutation, world_event(&world, 2, 2, "process.exec process.name=ls process.args=ls,-l"), "a:2"));
	CHECK_LONG(mutation_origins(mutation), 1);
	CU_ASSERT(missed(mutation, MUTANT_EQUIVALENT, "docker run --privileged=TRUE alpine"));
	mutation_free(mutation);
	world_end(&world);
}

void suite_mutate(void)
{
	CU_pSuite suite = unit_suite("mutate");
	UNIT_TEST(suite, test_spelling);
	UNIT_TEST(suite, test_robust_and_brittle);
	UNIT_TEST(suite, test_workloads);
	UNIT_TEST(suite, test_another_matter);
	UNIT_TEST(suite, test_words_and_files);
	UNIT_TEST(suite, test_seed);
	UNIT_TEST(suite, test_event);
}
