/*
 * test_pattern: wildcards, against a naive matcher and against their own regular expressions.
 */
#include "catalog/pattern.h"
#include "catalog/regex.h"
#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdio.h>

void suite_pattern(void);

static const struct {
	const char *pattern, *text;
	bool exact, fold;
} matches[] = {
	{"", "", true, true},
	{"", "a", false, false},
	{"a", "", false, false},
	{"*", "", true, true},
	{"**", "", true, true},
	{"?", "", false, false},
	{"?", "é", true, true},
	{"??", "é", false, false},
	{"?", "\xC3", true, true}, /* half a character counts as one */
	{"?", "\xFF", true, true},
	{"A", "a", false, true},
	{"É", "é", false, false},
	{"[", "{", false, false}, /* neighbours of letters in ASCII do not fold */
	{"@", "`", false, false},
	{"*a", "aaab", false, false},
	{"*a", "aaaba", true, true},
	{"a*a", "a", false, false},
	{"a*a", "aa", true, true},
	{"*ab*", "aab", true, true},
	{"\\*", "*", true, true},
	{"\\*", "a", false, false},
	{"\\", "\\", true, true},
	{"a\\", "a\\", true, true},
	{"\\a", "a", true, true},
	{"\\\\", "\\", true, true},
	{"*\\?", "a?", true, true},
	{"*\\?", "ab", false, false},
	{"/run/docker.sock:*", "/run/docker.sock:/x:rw", true, true},
};

static void test_matches(void)
{
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		struct text pattern = text_of(matches[i].pattern), text = text_of(matches[i].text);
		CU_ASSERT_EQUAL(pattern_match(pattern, text, false), matches[i].exact);
		CU_ASSERT_EQUAL(pattern_match(pattern, text, true), matches[i].fold);
	}
}

static void test_parts(void)
{
	struct arena arena = {0};
	struct pattern_part *parts;

	CU_ASSERT_EQUAL(pattern_parts(&arena, TEXT(""), &parts), 0);
	CU_ASSERT_EQUAL_FATAL(pattern_parts(&arena, TEXT("/run/docker.sock:*"), &parts), 2);
	CU_ASSERT_TRUE(parts[0].kind == PATTERN_LITERAL && text_is(parts[0].text, "/run/docker.sock:"));
	CU_ASSERT_TRUE(parts[1].kind == PATTERN_ANY);
	CU_ASSERT_EQUAL_FATAL(pattern_parts(&arena, TEXT("**\\*a\\?*?*b"), &parts), 6);
	CU_ASSERT_TRUE(parts[0].kind == PATTERN_ANY);
	CU_ASSERT_TRUE(parts[1].kind == PATTERN_LITERAL && text_is(parts[1].text, "*a?"));
	CU_ASSERT_TRUE(parts[2].kind == PATTERN_ANY && parts[3].kind == PATTERN_ONE && parts[4].kind == PATTERN_ANY);
	CU_ASSERT_TRUE(text_is(parts[5].text, "b"));
	arena_free(&arena);
}

static void test_escapes(void)
{
	struct arena arena = {0};

	CU_ASSERT_TRUE(pattern_has_wildcard(TEXT("a*")) && pattern_has_wildcard(TEXT("\\\\?")));
	CU_ASSERT_FALSE(pattern_has_wildcard(TEXT("a\\*\\?\\")));
	CU_ASSERT_TRUE(text_is(pattern_unescape(&arena, TEXT("a\\*\\\\b\\")), "a*\\b\\"));
	CU_ASSERT_TRUE(text_is(pattern_escape(&arena, TEXT("a*?\\b")), "a\\*\\?\\\\b"));
	CU_ASSERT_TRUE(text_is(pattern_to_regex(&arena, TEXT("a.*b?")), "a\\.[\\s\\S]*b[\\s\\S]"));
	arena_free(&arena);
}

/* ---- against others ---- */

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static struct text random_string(uint64_t *state, struct arena *arena, const char *const *letters, size_t letter_count)
{
	struct buffer out = {0};
	size_t length = next(state) % 9;
	for (size_t i = 0; i < length; i++)
		buffer_string(&out, letters[next(state) % letter_count]);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

/* The definition, written down: exponential, and short enough to be believed. */
static bool naive(struct text p, struct text t, bool fold)
{
	if (p.length == 0)
		return t.length == 0;
	struct text rest = text_slice(p, 1, p.length);
	if (p.data[0] == '*') {
		for (size_t at = 0; at < t.length; at += utf8_step(t.data + at, t.length - at))
			if (naive(rest, text_slice(t, at, t.length), fold))
				return true;
		return naive(rest, text_slice(t, t.length, t.length), fold);
	}
	if (t.length == 0)
		return false;
	if (p.data[0] == '?')
		return naive(rest, text_slice(t, utf8_step(t.data, t.length), t.length), fold);
	if (p.data[0] == '\\' && p.length > 1) {
		p = rest;
		rest = text_slice(p, 1, p.length);
	}
	bool same = fold ? lower(p.data[0]) == lower(t.data[0]) : p.data[0] == t.data[0];
	return same && naive(rest, text_slice(t, 1, t.length), fold);
}

static bool by_regex(struct arena *arena, struct regex_match *match, struct text pattern, struct text text, bool fold)
{
	const char *error;
	size_t offset;
	bool limited = false;
	struct regex *regex = regex_compile(pattern_to_regex(arena, pattern), fold, &error, &offset);
	CU_ASSERT_PTR_NOT_NULL_FATAL(regex);
	bool holds = regex_holds(regex, match, text, &limited);
	CU_ASSERT_FALSE(limited);
	regex_free(regex);
	return holds;
}

static void test_random(void)
{
	static const char *const in_pattern[] = {"a", "b", "B", "*", "*", "?", "\\", "é", "É", ".", "\n", "😀", "k"};
	static const char *const in_text[] = {"a", "a", "b", "B", "A", "*", "?", "\\", "é", ".", "\n", "😀", "k", "K"};
	struct arena arena = {0};
	struct regex_match *match = regex_match_new();
	uint64_t state = 20261123;
	size_t held = 0;

	for (int i = 0; i < 20000; i++) {
		struct text pattern = random_string(&state, &arena, in_pattern, 13);
		struct text text = random_string(&state, &arena, in_text, 14);
		bool fold = next(&state) % 2, holds = pattern_match(pattern, text, fold);
		if (holds != naive(pattern, text, fold) || (i % 4 == 0 && holds != by_regex(&arena, match, pattern, text, fold))) {
			fprintf(stderr, "\npattern %.*s, text %.*s, fold %d\n", TEXT_ARGS(pattern), TEXT_ARGS(text), fold);
			CU_FAIL("pattern_match disagrees");
		}
		held += holds;
		CU_ASSERT_TRUE(pattern_match(pattern_escape(&arena, text), text, false));
		CU_ASSERT_TRUE(text_equal(pattern_unescape(&arena, pattern_escape(&arena, text)), text));
		arena_reset(&arena);
	}
	CU_ASSERT_TRUE(held > 500);
	regex_match_free(match);
	arena_free(&arena);
}

/* Values are not trusted to be UTF-8: both matchers take a stray byte as one character. */
static void test_stray_bytes(void)
{
	static const char *const in_pattern[] = {"a", "*", "?", "?"};
	static const char *const in_text[] = {"a", "\xC3", "\xA9", "\xF0\x9F", "\xFF", "é", "\xED\xA0\x80"};
	struct arena arena = {0};
	struct regex_match *match = regex_match_new();
	uint64_t state = 7;

	for (int i = 0; i < 4000; i++) {
		struct text pattern = random_string(&state, &arena, in_pattern, 4), text = random_string(&state, &arena, in_text, 7);
		bool holds = pattern_match(pattern, text, false);
		CU_ASSERT_EQUAL(holds, naive(pattern, text, false));
		CU_ASSERT_EQUAL(holds, by_regex(&arena, match, pattern, text, false));
		arena_reset(&arena);
	}
	regex_match_free(match);
	arena_free(&arena);
}

/* Many stars on a text that almost matches: quadratic at worst, not exponential. */
static void test_hard(void)
{
	struct buffer pattern = {0}, text = {0};

	for (int i = 0; i < 50; i++)
		buffer_string(&pattern, "*a");
	buffer_string(&pattern, "*b");
	for (int i = 0; i < 20000; i++)
		buffer_char(&text, 'a');
	CU_ASSERT_FALSE(pattern_match(buffer_view(&pattern), buffer_view(&text), true));
	buffer_char(&text, 'b');
	CU_ASSERT_TRUE(pattern_match(buffer_view(&pattern), buffer_view(&text), true));
	buffer_free(&pattern);
	buffer_free(&text);
}

void suite_pattern(void)
{
	CU_pSuite suite = unit_suite("pattern");
	unit_add(suite, "what matches", test_matches);
	unit_add(suite, "parts", test_parts);
	unit_add(suite, "escapes", test_escapes);
	unit_add(suite, "against a naive matcher and a regex", test_random);
	unit_add(suite, "stray bytes", test_stray_bytes);
	unit_add(suite, "a hard case ends", test_hard);
}
