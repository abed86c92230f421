/* gate_print: verdicts for people (see gate.h). */
#include "replay/gate/gate.h"

#include <string.h>

enum { INDENT = 2, LEAST_WIDTH = 40, MOST_OF_ONE = 12 };

/* Words of the text, wrapped, each line behind the indentation. Control characters of what users wrote do not pass. */
static void print_wrapped(const char *text, unsigned width, FILE *out)
{
	unsigned column = 0;
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		unsigned columns = 0;
		char word[512];
		for (size_t i = 0; i < length; i++)
			columns += ((unsigned char)text[i] & 0xC0) != 0x80;
		if (column > 0 && INDENT + column + 1 + columns > width) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%*s", column == 0 ? INDENT : 1, "");
		column += columns + (column > 0);
		for (size_t at = 0; at < length; at += sizeof word - 1) {
			size_t part = length - at < sizeof word - 1 ? length - at : sizeof word - 1;
			memcpy(word, text + at, part);
			word[part] = '\0';
			diagnostic_print_safely(word, out);
		}
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_head(const struct gate_result *result, bool colour, FILE *out)
{
	static const char *const words[] = {"passed", "FAILED", "UNDECIDED"};
	static const char *const colours[] = {"\033[32m", "\033[1;31m", "\033[33m"};
	fprintf(out, "%s%s%s %s", colour ? colours[result->outcome] : "", words[result->outcome], colour ? "\033[0m" : "",
		result->gate);
	if (result->place.file != NULL)
		fprintf(out, " (%s:%u)", result->place.file, result->place.line);
	if (result->reference_baseline)
		fputs(", under the reference run's baselines", out);
	if (result->tolerated)
		fputs(", which passes here", out);
	fputc('\n', out);
}

static bool same_head(const struct gate_result *a, const struct gate_result *b)
{
	return strcmp(a->gate, b->gate) == 0 && a->outcome == b->outcome && a->reference_baseline == b->reference_baseline;
}

static void print_counts(const struct gate_results *results, FILE *out)
{
	size_t gates[3] = {0}, tolerated = 0;
	for (size_t i = 0; i < results->count; i++)
		if (i == 0 || strcmp(results->items[i - 1].gate, results->items[i].gate) != 0 ||
			results->items[i - 1].outcome != results->items[i].outcome) {
			gates[results->items[i].outcome]++;
			tolerated += results->items[i].tolerated;
		}
	fprintf(out, "Gates: %zu failed, %zu undecided, %zu passed", gates[GATE_FAILED], gates[GATE_UNDECIDED], gates[GATE_PASSED]);
	if (tolerated > 0)
		fprintf(out, " (of the undecided ones %zu may be)", tolerated);
	fputc('\n', out);
}

void gates_print(const struct gate_results *results, unsigned width, bool colour, FILE *out)
{
	size_t of_one = 0, left = 0;
	if (width < LEAST_WIDTH)
		width = 80;
	print_counts(results, out);
	for (size_t i = 0; i < results->count; i++) {
		const struct gate_result *result = &results->items[i];
		bool last = i + 1 == results->count || !same_head(result, &results->items[i + 1]);
		if (i == 0 || !same_head(&results->items[i - 1], result)) {
			print_head(result, colour, out);
			of_one = left = 0;
		}
		if (of_one++ < MOST_OF_ONE) {
			print_wrapped(result->message, width, out);
			if (result->event != NULL) {
				fprintf(out, "%*s", INDENT + 2, "");
				diagnostic_print_safely(result->event, out);
				fputc('\n', out);
			}
		} else {
			left++;
		}
		if (last && left > 0)
			fprintf(out, "%*s… and %zu more (--format json lists all)\n", INDENT, "", left);
	}
}
