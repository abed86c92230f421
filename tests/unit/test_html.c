/*
 * test_html: the one page over made results: its size, what is hostile, what is empty, and what stands beside figures.
 *
 * With MEWS_PAGES=FOLDER the pages are written there, too: tests/e2e/html.sh opens them in a browser.
 */
#include "replay/report/html_page.h"
#include "tests/unit/pages.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "<script>alert(1)</script>\"'&\x1b[31m\xe2\x80\xae" "txt.exe\xff\xc2\x85\xef\xbf\xbf]]>--><!--</style>{{x}}"

static struct text page_of(struct pages *pages, const char *name)
{
	const char *folder = getenv("MEWS_PAGES");
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	CU_ASSERT(report_find(TEXT("html"))->write(&pages->results, &pages->options, out) == 0);
	fclose(out);
	struct text text = text_copy(&pages->arena, (struct text){data, size});
	free(data);
	if (folder)
		unit_file(&pages->arena, folder, arena_printf(&pages->arena, "%s.html", name), text);
	return text;
}

static size_t count_of(struct text text, const char *part)
{
	size_t count = 0, length = strlen(part);
	for (size_t i = 0; i + length <= text.length; i++)
		count += memcmp(text.data + i, part, length) == 0;
	return count;
}

/* What would ask somebody for something, or do what the policy forbids. */
static void check_contained(struct text text)
{
	static const char *const never[] = {"http://", "https://", " src=", "@import", "url(", " style=", " onclick", "javascript:"};
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (text_contains(text, text_of(never[i]), false))
			CU_FAIL(never[i]);
	CU_ASSERT(utf8_valid(text));
	CHECK_LONG(count_of(text, "<script"), 1);
	CHECK_LONG(count_of(text, "<style"), 1);
	CHECK_LONG(count_of(text, "<h1"), 1);
	CHECK_LONG(count_of(text, "<details"), count_of(text, "</details>"));
	CHECK_LONG(count_of(text, "<table"), count_of(text, "<caption"));
	CHECK_LONG(count_of(text, "<table"), count_of(text, "<section class=\"scroll\"") - count_of(text, "<figure>"));
}

/* As CHECK_CONTAINS, without printing the page. */
static void check_says(struct text text, const char *part)
{
	if (!text_contains(text, text_of(part), false)) {
		printf("  the page does not say: %s\n", part);
		CU_FAIL("the page does not say what it must");
	}
}

/* Figures of a detection in an organization: rows, and lines of what the script makes rows of. */
static size_t figures_of(struct text text)
{
	size_t count = count_of(text, "<tr id=\"r");
	for (const char *at = "0123456789"; *at; at++)
		count += count_of(text, (const char[]){'\n', 'r', *at, '.', 0});
	return count;
}

/* Twice as many detections as are shipped today, in five organizations, all of them loud or nearly none. */
static void test_huge(void)
{
	struct pages pages;
	for (unsigned quiet = 0; quiet <= 90; quiet += 90) {
		struct pages_size size = {.detections = 600, .organizations = 5, .episodes = 1000, .hours = 720, .quiet = quiet,
			.beside = true};
		made_pages_begin(&pages, &size, TEXT("of-made-results"));
		struct text text = page_of(&pages, "huge");
		const size_t episodes = count_of(text, "malicious</td>") + count_of(text, "risky</td>") + count_of(text, "benign</td>");
		printf("  600 detections x 5 organizations, %u %% of them quiet: %zu bytes, %zu rows of figures, %zu of episodes\n", quiet,
			text.length, figures_of(text), episodes);
		check_contained(text);
		CU_ASSERT(text.length < 1000000);
		CU_ASSERT(figures_of(text) >= 300 && episodes > 300);
		made_pages_end(&pages);
	}
}

static void test_large(void)
{
	struct pages pages;
	struct pages_size size = {.detections = 150, .organizations = 5, .episodes = 60, .hours = 720, .beside = true};
	made_pages_begin(&pages, &size, TEXT("of-made-results"));
	struct text text = page_of(&pages, "large");
	check_contained(text);
	CU_ASSERT(text.length < 1000000);
	printf("  150 detections x 5 organizations, every one of them loud: %zu bytes\n", text.length);
	CU_ASSERT(count_of(text, "<tr id=\"r") > 120);
	CHECK_LONG(figures_of(text), 750);
	check_says(text, " more rows, which need attention least, stand there where scripts may run");
	made_pages_end(&pages);
	size.quiet = 50;
	made_pages_begin(&pages, &size, TEXT("of-made-results"));
	text = page_of(&pages, "half");
	printf("  half of them quiet: %zu bytes\n", text.length);
	CU_ASSERT(text.length < 1000000);
	CHECK_LONG(figures_of(text), 375);
	CU_ASSERT_FALSE(text_contains(text, TEXT("rows are left out"), false));
	check_says(text, "75 more detections neither alerted nor were expected to: 75 blind");
	made_pages_end(&pages);
}

static void test_hostile(void)
{
	struct pages pages;
	made_pages_begin(&pages, &(struct pages_size){.detections = 4, .organizations = 2, .episodes = 5, .hours = 3, .beside = true},
		TEXT(HOSTILE));
	struct text text = page_of(&pages, "hostile");
	check_contained(text);
	check_says(text, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\xe2\x90\x9b[31m⟨U+202E⟩txt.exe\xef\xbf\xbd\xef\xbf\xbd"
		"\xef\xbf\xbd]]&gt;--&gt;&lt;!--&lt;/style&gt;");
	CU_ASSERT_FALSE(text_contains(text, TEXT("\x1b"), false));
	CU_ASSERT_FALSE(text_contains(text, TEXT("\xe2\x80\xae"), false));
	made_pages_end(&pages);
}

static void test_empty(void)
{
	struct pages pages;
	made_pages_begin(&pages, &(struct pages_size){0}, TEXT(""));
	struct text text = page_of(&pages, "empty");
	check_contained(text);
	check_says(text, "No recorded attack was replayed");
	check_says(text, "No detection is switched on.");
	check_says(text, "<p>No dataset was read.</p>");
	check_says(text, "Nothing needs attention.");
	check_says(text, "Not in this report:");
	made_pages_end(&pages);
	made_pages_begin(&pages, &(struct pages_size){.detections = 3, .quiet = 100, .hours = 0}, TEXT("x"));
	text = page_of(&pages, "silent");
	check_contained(text);
	check_says(text, "<p>No detection alerted, and none was expected to.</p>");
	CU_ASSERT_FALSE(text_contains(text, TEXT("id=\"whose\""), false)); /* one column: nothing to choose */
	made_pages_end(&pages);
}

static void test_long_names(void)
{
	struct pages pages;
	struct buffer name = {0};
	for (size_t i = 0; i < 400; i++)
		buffer_string(&name, i % 40 ? "é" : "W");
	made_pages_begin(&pages, &(struct pages_size){.detections = 3, .organizations = 3, .episodes = 3, .hours = 2, .beside = true},
		buffer_view(&name));
	check_contained(page_of(&pages, "long"));
	made_pages_end(&pages);
	buffer_free(&name);
}

/* Gates, changes, suggestions, fidelity: what each must say. */
static void test_beside(void)
{
	struct pages pages;
	made_pages_begin(&pages, &(struct pages_size){.detections = 10, .organizations = 3, .episodes = 12, .hours = 40, .beside = true},
		TEXT("x"));
	struct text text = page_of(&pages, "beside");
	static const char *const said[] = {"1 gate fails", "✕ fails", "recall is 7/8, below 0.9 in x", "decided by dataset/attack-3",
		"with the reference’s baseline", "1 gate passes", "2 gates pass", "Reference: run 12 of 2026-11-25, x.", "✕ lost", "✓ won",
		"<del>- process.name == &quot;x&quot;</del>", "<ins>+ process.name in (&quot;docker&quot;, &quot;podman&quot;)</ins>",
		"matches something else", "−", ("  - name: builds-mount-0-x\n    detections: [some-detection-0-x]\n    condition: |\n"
		"      container.image.name == &quot;it&#39;s x&quot;\n        and user.name == &quot;ci&quot;\n    reason: mined-0-x\n    owner: "),
		"hides 2 of 12 attack events", "newly hides 1 recorded event that is no false positive",
		"an attacker must imitate the image and the user", "user.name: root → ci x", "removes 38 of 40 false positives there; 4 days",
		"auditd: lost (it cannot ask for the image)", "what is left looks like an attack", "unsupported</th>",
		"0 of 10 detections are said exactly everywhere", "✕ hides attacks", "▲ expired", "hide attacks from detections that should have noticed them",
		"Every detection met ordinary events", "▲ wide", "id=\"whose\""};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (i != 5)
			check_says(text, said[i]);
	check_contained(text);
	made_pages_end(&pages);
}

static struct text between(struct text text, const char *from, const char *to)
{
	size_t start = 0, length = strlen(from), end;
	while (memcmp(text.data + start, from, length) != 0)
		start++;
	start += length;
	for (end = start; memcmp(text.data + end, to, strlen(to)) != 0; end++) {
	}
	return text_slice(text, start, end);
}

/* The policy's hashes are those of what stands between the tags. */
static void test_policy(void)
{
	static const char *const tags[][2] = {{"<style>", "</style>"}, {"<script>", "</script>"}};
	struct pages pages;
	made_pages_begin(&pages, &(struct pages_size){0}, TEXT(""));
	struct text text = page_of(&pages, "policy");
	for (size_t i = 0; i < 2; i++) {
		struct text content = between(text, tags[i][0], tags[i][1]);
		struct sha256_ctx context;
		uint8_t digest[SHA256_DIGEST_SIZE];
		char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = {0};
		sha256_init(&context);
		sha256_update(&context, content.length, (const uint8_t *)content.data);
		sha256_digest(&context, sizeof digest, digest);
		base64_encode_raw(base64, sizeof digest, digest);
		check_says(text, arena_printf(&pages.arena, "-src 'sha256-%s'", base64));
	}
	check_says(text, "default-src 'none'");
	made_pages_end(&pages);
}

static struct text escaped(struct arena *arena, struct text from, size_t most)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	html_cut(out, from, most);
	fclose(out);
	struct text text = text_copy(arena, (struct text){data, size});
	free(data);
	return text;
}

static void test_text(void)
{
	static const struct { const char *from; size_t most; const char *to; } rows[] = {
		{"a<b>&\"'", 99, "a&lt;b&gt;&amp;&quot;&#39;"},
		{"\x01\t\n\r\x7f", 99, "\xe2\x90\x81\t\n\xe2\x90\x8d\xe2\x90\xa1"},
		{"\xff\xc3", 99, "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\xa0\x80", 99, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},     /* a surrogate */
		{"\xc2\x80\xef\xb7\x90\xf0\x9f\xbf\xbf", 99, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* C1, noncharacters */
		{"\xe2\x80\x8b\xef\xbb\xbf\xe2\x81\xa6\xd8\x9c", 99, "⟨U+200B⟩⟨U+FEFF⟩⟨U+2066⟩⟨U+061C⟩"},
		{"\xe2\x80\x8d\xf0\x9f\x98\x80", 99, "\xe2\x80\x8d\xf0\x9f\x98\x80"}, /* a joiner, an emoji */
		{"häuser", 3, "häu…"}, {"hä", 2, "hä"}, {"<<<", 1, "&lt;…"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK_TEXT(escaped(&arena, text_of(rows[i].from), rows[i].most), rows[i].to);
	arena_free(&arena);
}

void suite_html(void)
{
	CU_pSuite suite = unit_suite("html");
	UNIT_TEST(suite, test_text);
	UNIT_TEST(suite, test_large);
	UNIT_TEST(suite, test_huge);
	UNIT_TEST(suite, test_hostile);
	UNIT_TEST(suite, test_empty);
	UNIT_TEST(suite, test_long_names);
	UNIT_TEST(suite, test_beside);
	UNIT_TEST(suite, test_policy);
}
