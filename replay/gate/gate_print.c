/* gate_print: verdicts for people (see gate.h). */
#include "replay/gate/gate.h"

#include <string.h>

enum { INDENT = 2, LEAST_WIDTH = 40, MOST_OF_ONE = 12 };

static unsigned columns_of(const char *text, size_t length)
{
	unsigned columns = 0;
	for (size_t i = 0; i < length; i++)
		columns += ((unsigned char)text[i] & 0xC0) != 0x80;
	return columns;
}

static void print_part(const char *text, size_t length, FILE *out)
{
	char part[512];
	for (size_t at = 0; at < length; at += sizeof part - 1) {
		size_t size = length - at < sizeof part - 1 ? length - at : sizeof part - 1;
		memcpy(part, text + at, size);
		part[size] = '\0';
		diagnostic_print_safely(part, out);
	}
}

/* A word, with the sign of percent behind it. */
static size_t word_length(const char *text)
{
	size_t length = strcspn(text, " ");
	if (text[length] == ' ' && text[length + 1] == '%')
		length += 1 + strcspn(text + length + 1, " ");
	return length;
}

/* The text, wrapped behind the indentation; `column` stands on the first line already. Control characters of what users
 * wrote do not pass. */
static void print_wrapped(const char *text, unsigned column, unsigned width, FILE *out)
{
	while (*text != '\0') {
		size_t length = word_length(text);
		unsigned columns = columns_of(text, length);
		if (column > 0 && column + 1 + columns > width) {
			fputc('\n', out);
			column = 0;
		}
		fprintf(out, "%*s", column == 0 ? INDENT : 1, "");
		column += columns + (column == 0 ? INDENT : 1);
		print_part(text, length, out);
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void print_name(const struct gate_result *result, FILE *out)
{
	fputs(result->gate, out);
	if (result->place.file != NULL)
		fprintf(out, " (%s:%u)", result->place.file, result->place.line);
}

/* The outcome, and the gates from `first` to before `end`, of which all say the same. */
static void print_head(const struct gate_result *first, const struct gate_result *end, bool colour, FILE *out)
{
	static const char *const words[] = {"passed", "FAILED", "UNDECIDED"};
	static const char *const colours[] = {"\033[32m", "\033[1;31m", "\033[33m"};
	fprintf(out, "%s%s%s ", colour ? colours[first->outcome] : "", words[first->outcome], colour ? "\033[0m" : "");
	if (first->outcome == GATE_PASSED) { /* on one line, where that is enough */
		fprintf(out, "%s:", first->gate);
		return;
	}
	print_name(first, out);
	for (const struct gate_result *result = first + 1; result < end; result++) {
		fputs(",\n          ", out);
		print_name(result, out);
	}
	if (first->reference_baseline)
		fputs(", under the reference run's baselines", out);
	if (first->tolerated)
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
	fprintf(out, "\nGates: %zu failed, %zu undecided, %zu passed", gates[GATE_FAILED], gates[GATE_UNDECIDED], gates[GATE_PASSED]);
	if (tolerated > 0)
		fprintf(out, " (of the undecided ones %zu may be)", tolerated);
	fputc('\n', out);
	if (results->undecided > 0)
		fputs("What is undecided fails, unless mews.yaml says `undecided: pass`.\n", out);
}

static bool same_words(const struct gate_result *a, const struct gate_result *b)
{
	return a->outcome == b->outcome && a->tolerated == b->tolerated && a->event == NULL && b->event == NULL &&
		a->reference_baseline == b->reference_baseline && strcmp(a->message, b->message) == 0;
}

static void print_words(const struct gate_result *result, unsigned column, unsigned width, FILE *out)
{
	print_wrapped(result->message, column, width, out);
	if (result->event == NULL)
		return;
	fprintf(out, "%*s", INDENT + 2, "");
	diagnostic_print_safely(result->event, out);
	fputc('\n', out);
}

/* The gate's results from `first` on that stand under one head; where they end. */
static size_t print_gate(const struct gate_results *results, size_t first, unsigned width, bool colour, FILE *out)
{
	const struct gate_result *items = results->items;
	size_t same = first + 1, end = first;
	while (items[first].outcome != GATE_PASSED && same < results->count && same_words(&items[first], &items[same]))
		same++;
	print_head(&items[first], &items[same], colour, out);
	print_words(&items[first], items[first].outcome == GATE_PASSED ? columns_of(items[first].gate, strlen(items[first].gate)) +
		sizeof "passed :" - 1 : 0, width, out);
	if (same > first + 1)
		return same;
	for (end = first + 1; end < results->count && same_head(&items[first], &items[end]); end++)
		if (end - first < MOST_OF_ONE)
			print_words(&items[end], 0, width, out);
	if (end - first > MOST_OF_ONE)
		fprintf(out, "%*s… and %zu more (--format json lists all)\n", INDENT, "", end - first - MOST_OF_ONE);
	return end;
}

void gates_print(const struct gate_results *results, unsigned width, bool colour, FILE *out)
{
	if (width < LEAST_WIDTH)
		width = 80;
	print_counts(results, out);
	for (size_t i = 0; i < results->count;)
		i = print_gate(results, i, width, colour, out);
}
