/*
 * fuzz_regex: the subset's reader and the matching. The input is an expression, a newline and a text.
 *
 * What the reader takes, PCRE2 must take (but for its size), and an escaped text must match itself.
 */
#include "catalog/regex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fault(const char *error, size_t offset, size_t length)
{
	if (error == NULL || offset > length)
		abort();
}

static void check_escaped(struct regex_match *match, struct text text)
{
	struct buffer escaped = {0};
	const char *error;
	size_t offset;
	bool limited = false;

	regex_escape(&escaped, text);
	struct regex *regex = regex_compile(buffer_view(&escaped), false, &error, &offset);
	if (regex == NULL && utf8_valid(text) && text.length < 1000)
		abort();
	if (regex != NULL && !regex_holds(regex, match, text, &limited) && !limited)
		abort();
	regex_free(regex);
	buffer_free(&escaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text input = {(const char *)data, size};
	size_t newline = text_find(input, '\n');
	struct text pattern = text_slice(input, 0, newline), text = text_slice(input, newline + 1, size);
	struct regex_match *match = regex_match_new();

	for (int fold = 0; fold < 2; fold++) {
		const char *error = NULL;
		size_t offset = 0;
		bool limited = false;
		struct regex *regex = regex_compile(pattern, fold, &error, &offset);
		if (regex == NULL)
			check_fault(error, offset, pattern.length);
		else
			regex_holds(regex, match, text, &limited);
		regex_free(regex);
	}
	check_escaped(match, text);
	regex_match_free(match);
	return 0;
}
