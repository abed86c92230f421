/* The verbs' tables in pieces: examples, paragraphs, operands; and what a misspelt name may have meant. */
#include "catalog/hint.h"
#include "cli/manual.h"
#include "cli/meanings.h"
#include "tests/unit/unit.h"

static const struct option_spec specs[] = {
	{"output", 'o', "DIR", "where it goes"},
	{"all", 'a', NULL, "all of it"},
	OPTION_END,
};

static void test_examples(void)
{
	const struct verb verb = {.examples = "  mews x 'two  blanks'   words of it\n"
					      "  mews y '{a: 1,\n"
					      "      b: 2}'\n"
					      "  mews z\n"};
	struct arena arena = {0};
	struct manual_example *list;
	CHECK_LONG(manual_examples(&arena, &verb, &list), 3);
	CHECK_TEXT(text_of(list[0].command), "mews x 'two  blanks'");
	CHECK_TEXT(text_of(list[0].about), "words of it");
	CHECK_TEXT(text_of(list[1].command), "mews y '{a: 1,\n    b: 2}'");
	CHECK_TEXT(text_of(list[2].about), "");
	arena_free(&arena);
}

static void test_paragraphs(void)
{
	struct arena arena = {0};
	struct manual_paragraph *list;
	CHECK_LONG(manual_paragraphs(&arena, "one\nand more\n\ntwo:\n  as it\n  is\nand on", &list), 4);
	CHECK_TEXT(text_of(list[0].text), "one and more");
	CHECK_TEXT(text_of(list[1].text), "two:");
	CHECK_TEXT(text_of(list[2].text), "  as it\n  is");
	CU_ASSERT_TRUE(list[2].verbatim);
	CHECK_TEXT(text_of(list[3].text), "and on");
	CHECK_LONG(manual_paragraphs(&arena, NULL, &list), 0);
	arena_free(&arena);
}

static void test_operands(void)
{
	const struct verb verb = {.options = specs};
	const struct text form = TEXT("TARGET… -o DIR [OPTION]… [--all] [DATASET|FILE]…");
	CHECK_TEXT(meaning_operand(&verb, form, 0), "TARGET");
	CHECK_TEXT(meaning_operand(&verb, form, 3), "TARGET"); /* it repeats */
	CHECK_TEXT(meaning_operand(&verb, TEXT("[OPTION]… -o DIR DETECTION [RUN [REFERENCE]]"), 0), "DETECTION");
	CHECK_TEXT(meaning_operand(&verb, TEXT("[OPTION]… -o DIR DETECTION [RUN [REFERENCE]]"), 2), "REFERENCE");
	CHECK_TEXT(meaning_operand(&verb, TEXT("[PATH…]"), 5), "PATH");
	CHECK_TEXT(meaning_operand(&verb, TEXT("DETECTION '{event.category: …, …}'"), 1), "");
	CHECK_TEXT(meaning_operand(&verb, TEXT("[OPTION]…"), 0), "");
}

static const char *meant(char words[HINT_LENGTH], const char *word)
{
	static const char *const names[] = {"web-shop", "build-farm", "docker-socket-mount", "socket-parent-mount", ""};
	struct hint hint = {.word = text_of(word)};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		hint_offer(&hint, text_of(names[i]));
	return hint_words(&hint, words);
}

static void test_hints(void)
{
	char words[HINT_LENGTH];
	CHECK_TEXT(text_of(meant(words, "web-shp")), "; did you mean \"web-shop\"?");
	CHECK_TEXT(text_of(meant(words, "biuld-farm")), "; did you mean \"build-farm\"?");
	CHECK_TEXT(text_of(meant(words, "docker-socket")), "; did you mean \"docker-socket-mount\"?");
	CHECK_TEXT(text_of(meant(words, "docker-socket-mont")), "; did you mean \"docker-socket-mount\"?");
	CHECK_TEXT(text_of(meant(words, "kernel")), "");
	CHECK_TEXT(text_of(meant(words, "")), "");
}

void suite_manual(void)
{
	CU_pSuite suite = unit_suite("manual");

	UNIT_TEST(suite, test_examples);
	UNIT_TEST(suite, test_paragraphs);
	UNIT_TEST(suite, test_operands);
	UNIT_TEST(suite, test_hints);
}
