/* literals: of every set that is given for an expression, one literal holds on every value that it matches. */
#include "tests/unit/unit.h"

#include "catalog/made_regex.h"
#include "catalog/pattern.h"
#include "catalog/regex.h"
#include "replay/engine/literals.h"

#include <string.h>

static uint64_t state = 0;

/* ---- what is found ---- */

static void print_set(const struct literal_set *set, struct buffer *out)
{
	static const char *const kinds[] = {"exists", "equal", "starts", "ends", "contains"};
	for (size_t i = 0; i < set->count; i++)
		buffer_printf(out, "%s%s%s \"%.*s\"", i ? " | " : "", kinds[set->items[i].kind], set->items[i].fold ? "~" : "",
			TEXT_ARGS(set->items[i].text));
}

static const struct {
	const char *pattern;
	bool fold;
	const char *best; /* the set that stands first */
	const char *others; /* is among the others; NULL: none is asked for */
} cases[] = {
	{"", false, "equal \"\"", NULL},
	{"abc", false, "equal \"abc\"", NULL},
	{"abc", true, "equal~ \"abc\"", NULL},
	{".*", false, "", NULL},
	{".+", false, "", NULL},
	{"[^a]*", false, "", NULL},
	{"abc.*", false, "starts \"abc\"", NULL},
	{".*abc", false, "ends \"abc\"", NULL},
	{".*abc.*", true, "contains~ \"abc\"", NULL},
	{"(abc|def).*", false, "starts \"abc\" | starts \"def\"", NULL},
	{"(?:abc|.*)x", false, "ends \"x\"", NULL},
	{"ab?c", false, "equal \"abc\" | equal \"ac\"", NULL},
	{"ab*c", false, "ends \"c\"", "starts \"a\""},
	{"ab+cdef", false, "ends \"bcdef\"", "starts \"ab\""},
	{"a{3}", false, "equal \"aaa\"", NULL},
	{"(ab){2,}", false, "starts \"abab\"", "ends \"ab\""},
	{"(ab){0}", false, "equal \"\"", NULL},
	{"[Pp]ower[sS]hell.*", false, "starts~ \"Powershell\"", NULL},
	{".*[.]sh", false, "ends \".sh\"", NULL},
	{".*[xy]z", false, "ends \"xz\" | ends \"yz\"", NULL},
	{".*\\.sh\\d+.*qq.*", false, "contains \".sh\"", "contains \"qq\""},
	{".*-W\\s", false, "ends \"-W \" | ends \"-W\t\" | ends \"-W\n\" | ends \"-W\f\" | ends \"-W\r\"", NULL},
	{".*x\\x41\\xe9", false, "ends \"xA\xC3\xA9\"", NULL},
	{".*\xEF\xBF\xBDkk.*", false, "contains \"kk\"", NULL},
	{"\xEF\xBF\xBD", false, "", NULL},
	{"[\xEF\xBF\xBDz]", false, "", NULL},
	{".*(curl|wget).*", false, "contains \"wget\" | contains \"curl\"", NULL},
	{".*(ab|abc|xab).*", false, "contains \"ab\"", NULL},
	{"(.*foo.*|bar)", false, "contains \"foo\" | contains \"bar\"", NULL},
	{"(.*/curl|/usr/bin/wget)", false, "ends \"/curl\" | ends \"/usr/bin/wget\"", NULL},
	{"a|.*", false, "", NULL},
	{"(curl|wget) +[^|]*https?://[^ ]*\\.sh *\\| *(ba|z)?sh.*", false, "starts \"curl \" | starts \"wget \"",
		"contains \"https://\" | contains \"http://\""},
};

static bool is_set(const struct literal_set *set, const char *expected)
{
	struct buffer printed = {0};
	print_set(set, &printed);
	bool same = text_is(buffer_view(&printed), expected);
	buffer_free(&printed);
	return same;
}

/* The order of alternatives does not matter. */
static bool same_set(const struct literal_set *set, const char *expected)
{
	struct arena arena = {0};
	struct required_literal *items = arena_array(&arena, set->count, sizeof *items);
	struct literal_set turned = {items, set->count, 0};
	for (size_t i = 0; i < set->count; i++)
		items[i] = set->items[set->count - 1 - i];
	bool same = is_set(set, expected) || is_set(&turned, expected);
	arena_free(&arena);
	return same;
}

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct literal_sets sets;
		bool there = !cases[i].others;
		literals_of_regex(&arena, text_of(cases[i].pattern), cases[i].fold, &sets);
		bool fine = sets.count ? same_set(&sets.items[0], cases[i].best) : !*cases[i].best;
		for (size_t s = 1; s < sets.count && !there; s++)
			there = same_set(&sets.items[s], cases[i].others);
		CU_ASSERT(fine && there);
		if (!fine || !there) {
			struct buffer printed = {0};
			for (size_t s = 0; s < sets.count; s++) {
				print_set(&sets.items[s], &printed);
				buffer_string(&printed, "; ");
			}
			CHECK_TEXT(buffer_view(&printed), cases[i].pattern);
			buffer_free(&printed);
		}
		arena_free(&arena);
	}
}

static void test_patterns(void)
{
	static const struct {
		const char *pattern, *best;
	} patterns[] = {
		{"", "equal \"\""}, {"*", ""}, {"?", ""}, {"abc", "equal \"abc\""}, {"abc*", "starts \"abc\""}, {"*abc", "ends \"abc\""},
		{"*a\\*c*", "contains \"a*c\""}, {"?abc", "ends \"abc\""}, {"*q*zzz*", "contains \"zzz\""}, {"a*zzz", "ends \"zzz\""},
	};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		struct arena arena = {0};
		struct literal_sets sets;
		literals_of_pattern(&arena, text_of(patterns[i].pattern), false, &sets);
		CU_ASSERT(sets.count ? is_set(&sets.items[0], patterns[i].best) : !*patterns[i].best);
		arena_free(&arena);
	}
}

/* ---- what is promised ---- */

static bool holds(const struct required_literal *literal, struct text value)
{
	switch (literal->kind) {
	case TRIGGER_EQUAL:
		return literal->fold ? text_equal_fold(value, literal->text) : text_equal(value, literal->text);
	case TRIGGER_STARTS:
		return text_starts(value, literal->text, literal->fold);
	case TRIGGER_ENDS:
		return text_ends(value, literal->text, literal->fold);
	default:
		return literal->kind == TRIGGER_CONTAINS && text_contains(value, literal->text, literal->fold);
	}
}

static bool all_hold(const struct literal_sets *sets, struct text value)
{
	for (size_t s = 0; s < sets->count; s++) {
		bool one = false;
		for (size_t i = 0; i < sets->items[s].count && !one; i++)
			one = holds(&sets->items[s].items[i], value);
		if (!one)
			return false;
	}
	return true;
}

static unsigned pick(unsigned count)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % count;
}

enum { SAMPLES = 4, MANY = STRING_SET_MAX + 5 };

/* An expression and texts that it matches, grown side by side. */
struct grown {
	struct buffer pattern, samples[SAMPLES];
	bool fold;
};

static const char *const plain[] = {"a", "b", "k", "xyz", "q/", "cd ", "-", "\xC3\xA9", "\xE2\x82\xAC"};
static const struct {
	const char *written, *members[3];
} atoms[] = {
	{"\\.", {".", ".", "."}}, {".", {"z", "\xC3\xA9", "\xFF"}}, {"\\d", {"1", "2", "3"}}, {"[xy]", {"x", "y", "x"}},
	{"[^x]", {"a", "\n", "\xE2\x82\xAC"}}, {"\\x41", {"A", "A", "A"}}, {"[Kk]", {"k", "K", "k"}}, {"[a-f]", {"a", "c", "f"}},
	{"\\xe9", {"\xC3\xA9", "\xC3\xA9", "\xC3\xA9"}}, {"\\W", {"-", "\xFE", "/"}}, {"[\\s;]", {" ", ";", "\n"}},
	{"\xEF\xBF\xBD", {"\xFF", "\xEF\xBF\xBD", "\xC3"}}, {"[\xEF\xBF\xBD" "b]", {"\xFF", "b", "\xFE"}}, {"\\-", {"-", "-", "-"}},
	{"[a-]", {"a", "-", "a"}}, {"[\\]^]", {"]", "^", "]"}},
};

static void add_folded(struct grown *g, size_t sample, const char *text)
{
	for (; *text; text++) {
		bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
		buffer_char(&g->samples[sample], letter && g->fold && pick(2) ? (char)(*text ^ 0x20) : *text);
	}
}

static void grow(struct grown *g, unsigned depth);

static void grow_atom(struct grown *g)
{
	if (pick(2)) {
		const char *text = plain[pick(sizeof plain / sizeof *plain)];
		buffer_string(&g->pattern, text);
		for (size_t i = 0; i < SAMPLES; i++)
			add_folded(g, i, text);
		return;
	}
	size_t atom = pick(sizeof atoms / sizeof *atoms);
	buffer_string(&g->pattern, atoms[atom].written);
	for (size_t i = 0; i < SAMPLES; i++)
		add_folded(g, i, atoms[atom].members[pick(3)]);
}

static void free_grown(struct grown *g)
{
	buffer_free(&g->pattern);
	for (size_t i = 0; i < SAMPLES; i++)
		buffer_free(&g->samples[i]);
}

/* A body that is repeated: each sample takes others of the body's samples. */
static void grow_repeated(struct grown *g, unsigned depth)
{
	static const struct {
		const char *written;
		unsigned least, most;
	} quantifiers[] = {
		{"*", 0, 3}, {"+", 1, 3}, {"?", 0, 1}, {"{2}", 2, 2}, {"{1,3}", 1, 3}, {"{3,}", 3, 4}, {"{0}", 0, 0}, {"*?", 0, 2}, {"{12}", 12, 12},
		{"{0,1}", 0, 1}, {"{1}", 1, 1},
	};
	struct grown body = {.fold = g->fold};
	size_t q = pick(sizeof quantifiers / sizeof *quantifiers);
	grow(&body, depth);
	buffer_string(&g->pattern, pick(2) ? "(" : "(?:");
	buffer_text(&g->pattern, buffer_view(&body.pattern));
	buffer_printf(&g->pattern, ")%s", quantifiers[q].written);
	for (size_t i = 0; i < SAMPLES; i++)
		for (unsigned n = quantifiers[q].least + pick(quantifiers[q].most - quantifiers[q].least + 1); n > 0; n--)
			buffer_text(&g->samples[i], buffer_view(&body.samples[pick(SAMPLES)]));
	free_grown(&body);
}

static void grow_alternatives(struct grown *g, unsigned depth)
{
	unsigned count = pick(8) ? 2 + pick(3) : MANY; /* more than a set holds, too */
	struct buffer before[SAMPLES];
	buffer_string(&g->pattern, "(");
	memcpy(before, g->samples, sizeof before);
	struct buffer chosen[SAMPLES] = {{0}};
	for (unsigned a = 0; a < count; a++) {
		struct grown one = {.fold = g->fold};
		if (count == MANY) {
			buffer_printf(&one.pattern, "n%u", a);
			for (size_t i = 0; i < SAMPLES; i++)
				buffer_printf(&one.samples[i], "n%u", a);
		} else {
			grow(&one, depth);
		}
		buffer_string(&g->pattern, a ? "|" : "");
		buffer_text(&g->pattern, buffer_view(&one.pattern));
		for (size_t i = 0; i < SAMPLES; i++)
			if (a == 0 || pick(a + 1) == 0) {
				buffer_clear(&chosen[i]);
				buffer_text(&chosen[i], buffer_view(&one.samples[i]));
			}
		free_grown(&one);
	}
	buffer_string(&g->pattern, ")");
	for (size_t i = 0; i < SAMPLES; i++) {
		buffer_text(&g->samples[i], buffer_view(&chosen[i]));
		buffer_free(&chosen[i]);
	}
}

static void grow(struct grown *g, unsigned depth)
{
	for (unsigned n = 1 + pick(4); n > 0; n--) {
		unsigned sort = depth ? pick(6) : 5;
		if (sort == 0)
			grow_repeated(g, depth - 1);
		else if (sort == 1)
			grow_alternatives(g, depth - 1);
		else
			grow_atom(g);
	}
}

/* A change here and there, so that other texts that match are seen too. */
static void disturb(struct buffer *sample)
{
	static const char bytes[] = "abkxq/- .1K\xFF\xC3\n";
	if (!sample->length)
		return;
	sample->data[pick((unsigned)sample->length)] = bytes[pick(sizeof bytes - 1)];
}

static size_t check_grown(struct grown *g)
{
	struct arena arena = {0};
	struct literal_sets sets;
	struct regex_match *match = regex_match_new();
	const char *error = NULL;
	size_t offset = 0, matched = 0;
	struct regex *regex = regex_compile(buffer_view(&g->pattern), g->fold, &error, &offset);
	if (regex) {
		literals_of_regex(&arena, buffer_view(&g->pattern), g->fold, &sets);
		for (size_t i = 0; i < SAMPLES * 4; i++) {
			bool limited = false;
			if (i >= SAMPLES)
				disturb(&g->samples[i % SAMPLES]);
			struct text sample = buffer_view(&g->samples[i % SAMPLES]);
			if (!regex_holds(regex, match, sample, &limited))
				continue;
			matched++;
			CU_ASSERT(all_hold(&sets, sample));
			if (!all_hold(&sets, sample))
				CHECK_TEXT(buffer_view(&g->pattern), "literals that hold");
		}
		struct text made = made_regex(&arena, buffer_view(&g->pattern), pick(5));
		CU_ASSERT(!regex_holds(regex, match, made, NULL) || all_hold(&sets, made));
	}
	regex_free(regex);
	regex_match_free(match);
	arena_free(&arena);
	return matched;
}

static void test_promise(void)
{
	unsigned rounds = UNIT_EVERY == 1 ? 6000 : 1500;
	size_t matched = 0;
	state = 42;
	for (unsigned round = 0; round < rounds; round++) {
		struct grown g = {.fold = pick(2)};
		grow(&g, 1 + pick(3));
		matched += check_grown(&g);
		free_grown(&g);
	}
	CU_ASSERT(matched > rounds * 10 / 3);
}

static void test_pattern_promise(void)
{
	static const char *const pieces[] = {"*", "?", "a", "B", "ab", "\\*", "\xC3\xA9", "\\", "**"};
	static const char *const texts[] = {"a", "b", "B", "ab", "*", "\xC3\xA9", "\xC3", "", "A"};
	size_t matched = 0;
	state = 43;
	for (unsigned round = 0; round < 40000; round++) {
		struct arena arena = {0};
		struct buffer pattern = {0}, text = {0};
		struct literal_sets sets;
		bool fold = pick(2);
		for (unsigned n = pick(5); n > 0; n--)
			buffer_string(&pattern, pieces[pick(9)]);
		for (unsigned n = pick(5); n > 0; n--)
			buffer_string(&text, texts[pick(9)]);
		literals_of_pattern(&arena, buffer_view(&pattern), fold, &sets);
		bool holding = pattern_match(buffer_view(&pattern), buffer_view(&text), fold);
		matched += holding;
		CU_ASSERT(!holding || all_hold(&sets, buffer_view(&text)));
		buffer_free(&pattern);
		buffer_free(&text);
		arena_free(&arena);
	}
	CU_ASSERT(matched > 1000);
}

/* Neither long ones nor deep ones nor broken ones take long or break anything. */
static void test_large(void)
{
	struct arena arena = {0};
	struct buffer pattern = {0};
	struct literal_sets sets;
	for (int i = 0; i < 20000; i++)
		buffer_string(&pattern, i % 3 ? "[ab]" : "c|");
	literals_of_regex(&arena, buffer_view(&pattern), true, &sets);
	CU_ASSERT(sets.count <= LITERAL_SETS_MAX);
	buffer_clear(&pattern);
	for (int i = 0; i < 5000; i++)
		buffer_string(&pattern, "(");
	literals_of_regex(&arena, buffer_view(&pattern), false, &sets);
	CHECK_LONG(sets.count, 0);
	buffer_free(&pattern);
	arena_free(&arena);
}

void suite_literals(void);
void suite_literals(void)
{
	CU_pSuite suite = unit_suite("literals");
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_patterns);
	UNIT_TEST(suite, test_promise);
	UNIT_TEST(suite, test_pattern_promise);
	UNIT_TEST(suite, test_large);
}
