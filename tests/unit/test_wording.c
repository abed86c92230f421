/* test_wording: masks, likeness, and the narrowest pattern of several texts. */
#include "catalog/evaluate.h"
#include "replay/tune/wording.h"

#include "tests/unit/unit.h"

#include <string.h>

enum { VALUES = 16 };

static struct text masked(struct arena *arena, const char *text)
{
	struct buffer out = {0};
	wording_mask(text_of(text), &out);
	struct text mask = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return mask;
}

static void test_masks(void)
{
	struct arena arena = {0};
	static const char *const cases[][2] = {
		{"/builds/web/4711/src", "/builds/web/#/src"},
		{"2026-11-23T04:05:06Z", "#-#-#:#:#Z"},
		{"web12.example", "web#.example"},
		{"7c1f9a52-0d2e-4b6a-9f00-123456789abc", "#"},
		{"job-7c1f9a52-0d2e-4b6a-9f00-123456789abc.log", "job-#.log"},
		{"sha256:9f86d081884c7d659a2feaa0c55ad015", "sha#:#"},
		{"tmpx8d9k2", "#"},
		{"python3", "python#"},
		{"plain words stay", "plain words stay"},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(masked(&arena, cases[i][0]), cases[i][1]);
	arena_free(&arena);
}

static void test_likeness(void)
{
	CU_ASSERT_DOUBLE_EQUAL(wording_alike(TEXT("/a/b"), TEXT("/a/b")), 1, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(wording_alike(TEXT("/builds/web/#/src"), TEXT("/builds/shop/#/src")), 0.8, 1e-9);
	CU_ASSERT(wording_alike(TEXT("tar -czf /backup"), TEXT("curl http://x/y")) < 0.2);
	CU_ASSERT(wording_alike(TEXT("/srv/app/a"), TEXT("/srv/app/a/b/c")) > 0.5);
	CU_ASSERT_DOUBLE_EQUAL(wording_alike(TEXT("a"), TEXT("b")), wording_alike(TEXT("b"), TEXT("a")), 1e-9);
}

/* The pattern of texts parted by |; `weight` each. It must fit all of them. */
static struct wording made(struct arena *arena, const char *values, uint64_t weight)
{
	struct text *list = NULL;
	uint64_t weights[VALUES];
	size_t count = text_split(arena, text_of(values), '|', &list);
	struct wording wording;
	for (size_t i = 0; i < count; i++)
		weights[i] = weight;
	wording_make(arena, list, weights, count, &wording);
	return wording;
}

static bool fits(const char *values, const char *text)
{
	struct arena arena = {0};
	struct wording wording = made(&arena, values, 1);
	struct evaluator *evaluator = evaluator_new();
	bool held = wording.kind == WORDING_EXACT ? text_is(wording.text, text)
		: wording.kind == WORDING_PREFIX
		? text_starts(text_of(text), text_slice(wording.text, 0, wording.text.length - 1), false)
		: evaluate_regex(evaluator, wording.text, false, text_of(text));
	evaluator_free(evaluator);
	arena_free(&arena);
	return held;
}

static void test_patterns(void)
{
	struct arena arena = {0};
	static const struct {
		const char *values;
		uint64_t weight;
		enum wording_kind kind;
		const char *text;
	} cases[] = {
		{"/usr/bin/tar|/usr/bin/tar", 1, WORDING_EXACT, "/usr/bin/tar"},
		{"/builds/web/1/src|/builds/web/22/src", 1, WORDING_REGEX, "/builds/web/[0-9]+/src"},
		{"web1|web12", 1, WORDING_REGEX, "web[0-9]+"},
		{"/b/2026-11-23.tgz|/b/2026-11-24.tgz", 1, WORDING_REGEX, "/b/2026-11-[0-9]+\\.tgz"},
		{"/srv/web/x|/srv/shop/x", 5, WORDING_REGEX, "/srv/(shop|web)/x"},
		{"/srv/web/x|/srv/shop/x", 1, WORDING_REGEX, "/srv/[a-z]+/x"},
		{"/srv/app/a|/srv/app/a/b|/srv/app/c/d/e", 1, WORDING_PREFIX, "/srv/app/*"},
		{"get a1b2c3d4e5 x|get 99887766aa x", 1, WORDING_REGEX, "get [0-9a-f]{10} x"},
		/* what is never seen again is not taken literally */
		{"run 9f86d081884c7d659a2feaa0c55ad015", 1, WORDING_REGEX, "run [0-9a-f]{32}"},
		{"id 7c1f9a52-0d2e-4b6a-9f00-123456789abc", 1, WORDING_REGEX, "id [0-9a-fA-F\\-]{36}"},
		{"at 1700000000", 1, WORDING_REGEX, "at [0-9]+"},
		{"port 8080", 1, WORDING_EXACT, "port 8080"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct wording wording = made(&arena, cases[i].values, cases[i].weight);
		CHECK_TEXT(wording.text, cases[i].text);
		CHECK_LONG(wording.kind, cases[i].kind);
	}
	arena_free(&arena);
}

/* What varies by a number does not take a path, what varies by a part of a path no further part. */
static void test_narrow(void)
{
	CU_ASSERT(fits("/builds/web/1/src|/builds/web/22/src", "/builds/web/4711/src"));
	CU_ASSERT(!fits("/builds/web/1/src|/builds/web/22/src", "/builds/web/../src"));
	CU_ASSERT(!fits("/builds/web/1/src|/builds/web/22/src", "/builds/web/1/2/src"));
	CU_ASSERT(!fits("run a:1 x|run a:2 x", "run a:1 -v /:/host x"));
	CU_ASSERT(!fits("/srv/app/a|/srv/app/c/b", "/srv/application"));
	CU_ASSERT(fits("/srv/app/a|/srv/app/c/b", "/srv/app/z/z/z"));
	CU_ASSERT(!fits("a.b1|a.b2", "axb1"));
	CU_ASSERT(fits("x (1)|x (2)", "x (7)"));
}

/* Whatever the texts, their pattern fits them: a thousand families with a fixed seed. */
static void test_fits_its_own(void)
{
	static const char alphabet[] = "ab1 2/.-=:_(x9";
	uint64_t state = 7;
	struct evaluator *evaluator = evaluator_new();
	for (unsigned round = 0; round < 1000; round++) {
		struct arena arena = {0};
		struct text values[4];
		struct wording wording;
		for (size_t i = 0; i < 4; i++) {
			char text[24];
			size_t length = 0;
			state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
			for (uint64_t bits = state >> 12; length < 1 + (state >> 40) % 12; bits /= sizeof alphabet - 1)
				text[length++] = alphabet[bits % (sizeof alphabet - 1)];
			values[i] = text_copy(&arena, (struct text){text, length});
		}
		wording_make(&arena, values, NULL, 4, &wording);
		for (size_t i = 0; i < 4; i++) {
			bool held = wording.kind == WORDING_EXACT ? text_equal(wording.text, values[i])
				: wording.kind == WORDING_PREFIX
				? text_starts(values[i], text_slice(wording.text, 0, wording.text.length - 1), false)
				: evaluate_regex(evaluator, wording.text, false, values[i]);
			CU_ASSERT(held);
			if (!held)
				printf("%.*s does not fit %.*s\n", TEXT_ARGS(values[i]), TEXT_ARGS(wording.text));
		}
		arena_free(&arena);
	}
	evaluator_free(evaluator);
}

static void test_closed(void)
{
	struct arena arena = {0};
	CU_ASSERT(made(&arena, "/b/1|/b/2", 1).closed);
	CU_ASSERT(made(&arena, "/srv/web/x|/srv/shop/x", 5).closed);
	CU_ASSERT(!made(&arena, "/srv/web/x|/srv/shop/x", 1).closed);
	CU_ASSERT(made(&arena, "/srv/app/1|/srv/app/2", 1).narrow > made(&arena, "/srv/app/a|/srv/app/b", 1).narrow);
	CU_ASSERT(made(&arena, "a b|c d e", 1).narrow < 0.2);
	arena_free(&arena);
}

void suite_wording(void)
{
	CU_pSuite suite = unit_suite("wording");
	UNIT_TEST(suite, test_masks);
	UNIT_TEST(suite, test_likeness);
	UNIT_TEST(suite, test_patterns);
	UNIT_TEST(suite, test_narrow);
	UNIT_TEST(suite, test_fits_its_own);
	UNIT_TEST(suite, test_closed);
}
