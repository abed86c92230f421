/* pieces: regular expressions of at most as many bytes as Falco's engine keeps of a value. */
#include "generator/falco/pieces.h"

#include "generator/falco/regex.h"
#include "generator/loosen.h"

#include <string.h>

static bool fits(const struct rule_test *test, struct text regex)
{
	return falco_regex_fits(regex, test->fold, test->lines, FALCO_VALUE_MOST);
}

static size_t written_length(const struct rule_test *test, struct text regex)
{
	struct buffer out = {0};

	falco_regex_write(&out, regex, test->fold, test->lines);
	size_t length = out.length;

	buffer_free(&out);
	return length;
}

size_t falco_pieces(struct arena *arena, const struct rule_test *test, struct text regex, struct text **pieces)
{
	struct pieces_limit limit = {written_length, fits, FALCO_VALUE_MOST, test};

	return pieces_of(arena, &limit, regex, pieces);
}

bool falco_cuttable(const struct rule_test *test, struct text regex)
{
	struct arena arena = {0};
	struct text *pieces;
	bool cuttable = regex.length < FALCO_VALUE_MOST / 4 || falco_pieces(&arena, test, regex, &pieces) > 0;

	arena_free(&arena);
	return cuttable;
}

struct bounds falco_loosen(struct arena *arena, const struct rule_test *test)
{
	static const char reason[] = "a regular expression has at most 255 bytes there, and a longer one is asked for loosely";
	struct pieces_limit limit = {written_length, fits, FALCO_VALUE_MOST, test};
	struct text regex = test->values[0];

	if (memchr(regex.data, '\0', regex.length) != NULL)
		return bounds_none("a text with a zero byte cannot be asked for there");
	return loosen(arena, &limit, regex, reason);
}
