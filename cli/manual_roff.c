/* manual_roff: see manual_roff.h. */
#include "cli/manual_roff.h"

#include "catalog/text.h"
#include "catalog/version.h"

#include <ctype.h>
#include <string.h>

#define TEXTS_OF "2026-11-26" /* the day of the texts, which pages must name */

static const char *const characters[][2] = {
	{"…", "\\&..."}, {"–", "\\(en"}, {"→", "\\(->"}, {"×", "\\(mu"}, {"≤", "\\(<="}, {"≥", "\\(>="}, {"·", "\\(pc"}};

/* Text that roff prints as it is. At the beginning of a line a dot and a quote are requests. */
void roff_quoted(FILE *out, const char *text, size_t length)
{
	bool begins = true;
	for (size_t i = 0; i < length;) {
		size_t step = utf8_step(text + i, length - i), known = 0;
		const size_t all = sizeof characters / sizeof *characters;
		while (known < all && (strlen(characters[known][0]) != step || memcmp(characters[known][0], text + i, step) != 0))
			known++;
		if (begins && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", out);
		begins = text[i] == '\n';
		if (known < all)
			fputs(characters[known][1], out);
		else if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else if (text[i] == '`')
			fputs("\\(ga", out);
		else if (text[i] == '\'')
			fputs("\\(aq", out);
		else if (text[i] == '^')
			fputs("\\(ha", out);
		else if (text[i] == '~')
			fputs("\\(ti", out);
		else if (text[i] == '"')
			fputs("\\(dq", out);
		else
			fprintf(out, "%.*s", (int)step, text + i);
		i += step;
	}
}

/* Lines of a page's source are short. */
void roff_words(FILE *out, const char *text)
{
	enum { LINE = 60 };
	size_t column = 0;
	while (*(text += strspn(text, " ")) != '\0') {
		const size_t length = strcspn(text, " ");
		bool breaks = column > 0 && column + length > LINE;
		if (column > 0)
			fputc(breaks ? '\n' : ' ', out);
		if (breaks)
			column = 0;
		roff_quoted(out, text, length);
		column += length + 1;
		text += length;
	}
	fputc('\n', out);
}

/* A macro with its text as one argument. */
void roff_macro(FILE *out, const char *name, const char *text)
{
	fprintf(out, ".%s \"", name);
	roff_quoted(out, text, strlen(text));
	fputs("\"\n", out);
}

void roff_head(FILE *out, struct arena *arena, const char *page, int section, const char *about)
{
	char *upper = arena_strdup(arena, page);
	for (char *at = upper; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	fputs(".TH ", out);
	roff_quoted(out, upper, strlen(upper));
	fprintf(out, " %d \"" TEXTS_OF "\" \"mews " MEWS_VERSION "\" \"mews\"\n.SH NAME\n", section);
	roff_quoted(out, page, strlen(page));
	fputs(" \\- ", out);
	roff_words(out, about);
}
