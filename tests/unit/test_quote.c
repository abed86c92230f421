/* Texts of rules in the writers' quotes. */
#include "generator/falco/quote.h"
#include "generator/rule.h"
#include "generator/sigma/quote.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static struct arena arena;
static struct buffer out;

static struct text shown(void)
{
	struct text text = text_copy(&arena, buffer_view(&out));

	buffer_clear(&out);
	return text;
}

static struct text falco(const char *value)
{
	falco_quote(&out, text_of(value));
	return shown();
}

static void test_falco_words(void)
{
	CHECK_TEXT(falco("docker"), "docker");
	CHECK_TEXT(falco("/run/docker.sock"), "/run/docker.sock");
	CHECK_TEXT(falco("gitlab/gitlab-runner:v1"), "gitlab/gitlab-runner:v1");
	CHECK_TEXT(falco("two words"), "\"two words\"");
	CHECK_TEXT(falco("--flag=1"), "\"--flag=1\"");
	CHECK_TEXT(falco("a,b"), "\"a,b\"");
	CHECK_TEXT(falco("(x)"), "\"(x)\"");
	CHECK_TEXT(falco(""), "\"\"");
	CHECK_TEXT(falco("not"), "\"not\"");
	CHECK_TEXT(falco("In"), "\"In\"");
	CHECK_TEXT(falco("true"), "true");
	CHECK_TEXT(falco("runc:[2:INIT]"), "\"runc:[2:INIT]\"");
	CHECK_TEXT(falco("naïve"), "\"naïve\"");
}

static void test_falco_escapes(void)
{
	CHECK_TEXT(falco("say \"hi\""), "'say \"hi\"'");
	CHECK_TEXT(falco("it's \"hi\""), "\"it's \\\"hi\\\"\"");
	CHECK_TEXT(falco("a\\b"), "\"a\\\\b\"");
	CHECK_TEXT(falco("a\nb\tc"), "\"a\\nb\\tc\"");
	CHECK_TEXT(falco("it's"), "\"it's\"");
	CU_ASSERT_FALSE(falco_quotable(TEXT("ends with \\")));
	CU_ASSERT_TRUE(falco_quotable(TEXT("\\ begins")));
	CU_ASSERT_FALSE(falco_quotable(TEXT("bell \x07")));
	CU_ASSERT_FALSE(falco_quotable(((struct text){"a\0b", 3})));
}

static void test_falco_regex(void)
{
	falco_quote_regex(&out, TEXT("a[.]b"), false, false);
	CHECK_TEXT(shown(), "\"a[.]b\"");
	falco_quote_regex(&out, TEXT("a"), true, false);
	CHECK_TEXT(shown(), "\"[aA]\"");
	falco_quote_regex(&out, TEXT("a\\\\"), false, false); /* a\\ must not stand right before the quote */
	CHECK_TEXT(shown(), "\"(a\\\\\\\\)\"");
}

static void test_falco_glob(void)
{
	CU_ASSERT_TRUE(falco_glob(TEXT("/etc/*/x*")));
	CU_ASSERT_FALSE(falco_glob(TEXT("a?b")));
	CU_ASSERT_FALSE(falco_glob(TEXT("[ab]*")));
	CU_ASSERT_FALSE(falco_glob(TEXT("+(a)")));
	CU_ASSERT_FALSE(falco_glob(TEXT("\\*")));
}

static bool exception_value(const char *value)
{
	return falco_exception_value(&out, text_of(value));
}

static void test_falco_exception_values(void)
{
	CU_ASSERT_TRUE(exception_value("docker"));
	CHECK_TEXT(shown(), "'docker'");
	CU_ASSERT_TRUE(exception_value("--flag=1"));
	CHECK_TEXT(shown(), "'\"--flag=1\"'");
	CU_ASSERT_TRUE(exception_value("two words"));
	CHECK_TEXT(shown(), "'\"two words\"'");
	CU_ASSERT_FALSE(exception_value("a,b")); /* would be pasted as two */
	CU_ASSERT_FALSE(exception_value("a\"b"));
	CU_ASSERT_FALSE(exception_value("a\\b"));
	CU_ASSERT_FALSE(exception_value("it's"));
	CU_ASSERT_FALSE(exception_value(""));
	CHECK_LONG(out.length, 0);
}

static void test_yaml_quotes(void)
{
	falco_yaml(&out, TEXT("a \"b\" \\ c\nd\x01"));
	CHECK_TEXT(shown(), "\"a \\\"b\\\" \\\\ c d\\x01\"");
	sigma_yaml(&out, TEXT("it's: #1"));
	CHECK_TEXT(shown(), "'it''s: #1'");
	sigma_yaml(&out, TEXT("a\tb\"\\"));
	CHECK_TEXT(shown(), "\"a\\x09b\\\"\\\\\"");
}

static struct text sigma(const char *literal)
{
	sigma_literal(&out, text_of(literal));
	return shown();
}

static void test_sigma_values(void)
{
	CHECK_TEXT(sigma("plain"), "plain");
	CHECK_TEXT(sigma("5*3"), "5\\*3");
	CHECK_TEXT(sigma("why?"), "why\\?");
	CHECK_TEXT(sigma("a\\b"), "a\\\\b");
	CHECK_TEXT(sigma("a\\*"), "a\\\\\\*");
	CHECK_TEXT(sigma("end\\"), "end\\\\");
	sigma_pattern(&arena, &out, TEXT("a*b\\*c?"));
	CHECK_TEXT(shown(), "a*b\\*c?");
	sigma_pattern(&arena, &out, TEXT("a\\\\*"));
	CHECK_TEXT(shown(), "a\\\\*");
}

static struct text anchored(const char *regex)
{
	sigma_regex(&out, text_of(regex));
	return shown();
}

static void test_sigma_regex(void)
{
	CHECK_TEXT(anchored("a"), "^a$");
	CHECK_TEXT(anchored(".*a.*"), "a");
	CHECK_TEXT(anchored(".*a"), "a$");
	CHECK_TEXT(anchored("a.*"), "^a");
	CHECK_TEXT(anchored("a|b"), "^(?:a|b)$");
	CHECK_TEXT(anchored("(a|b)"), "^(a|b)$");
	CHECK_TEXT(anchored("[|]"), "^[|]$");
	CHECK_TEXT(anchored("\\|"), "^\\|$");
	CHECK_TEXT(anchored("a[.*"), "^a[.*$");  /* no class: left as it is */
	CHECK_TEXT(anchored("a\\.*"), "^a\\.*$"); /* a full stop, any number of times */
	CHECK_TEXT(anchored(".*?a"), "^.*?a$");
}

static void test_regex_literal(void)
{
	rule_regex_literal(&out, TEXT("a.b*[c]^$\\(d)|{2}"));
	CHECK_TEXT(shown(), "a[.]b[*]\\[c\\]\\^[$]\\\\[(]d[)][|][{]2[}]");
	rule_regex_pattern(&arena, &out, TEXT("/home/*/x?.\\*"), "[^/]*", "[^/]");
	CHECK_TEXT(shown(), "/home/[^/]*/x[^/][.][*]");
}

static void test_regex_bits(void)
{
	CHECK_TEXT(rule_regex_bits(&arena, 0x1000, false), "[0-9a-fA-F]*([13579bBdDfF][0-9a-fA-F]{3})");
	CHECK_TEXT(rule_regex_bits(&arena, 0x21, true), "[0-9a-fA-F]*[2367aAbBeEfF][13579bBdDfF]");
}


/* Last: gives back what the others used. */
static void test_nothing_left(void)
{
	CHECK_LONG(out.length, 0);
	buffer_free(&out);
	out = (struct buffer){0};
	arena_free(&arena);
}

void suite_quote(void)
{
	CU_pSuite suite = unit_suite("quote");

	UNIT_TEST(suite, test_falco_words);
	UNIT_TEST(suite, test_falco_escapes);
	UNIT_TEST(suite, test_falco_regex);
	UNIT_TEST(suite, test_falco_glob);
	UNIT_TEST(suite, test_falco_exception_values);
	UNIT_TEST(suite, test_yaml_quotes);
	UNIT_TEST(suite, test_sigma_values);
	UNIT_TEST(suite, test_sigma_regex);
	UNIT_TEST(suite, test_regex_literal);
	UNIT_TEST(suite, test_regex_bits);
	UNIT_TEST(suite, test_nothing_left);
}
