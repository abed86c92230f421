/* fidelity_table: see fidelity_table.h. */
#include "cli/fidelity_table.h"

enum { CELL = 10 };

static const char letters[] = {[FIDELITY_EXACT] = 'e', [FIDELITY_WIDER] = 'w', [FIDELITY_APPROXIMATE] = 'a',
	[FIDELITY_COLLECTS] = 'c', [FIDELITY_UNSUPPORTED] = '-'};

/* The best that a rule of the condition claims; *known: there is a row of it. */
static enum fidelity best_of(const struct pack_summary *summary, const struct detection *detection,
	const struct condition *condition, bool *known)
{
	enum fidelity best = FIDELITY_UNSUPPORTED;
	for (size_t i = 0; i < summary->row_count; i++) {
		const struct fidelity_row *row = &summary->rows[i];
		if (row->detection != detection || (condition != NULL && row->condition != condition))
			continue;
		*known = true;
		if (row->fidelity < best)
			best = row->fidelity;
	}
	return best;
}

static const char *cell_of(struct arena *arena, const struct pack_summary *summary, const struct detection *detection)
{
	char *word = arena_alloc(arena, detection->condition_count + 1);
	size_t covered = 0;
	bool known = false;
	best_of(summary, detection, NULL, &known);
	if (!known)
		return NULL;
	for (size_t i = 0; i < detection->condition_count; i++) {
		enum fidelity best = best_of(summary, detection, detection->conditions[i], &known);
		word[i] = letters[best];
		covered += best != FIDELITY_UNSUPPORTED;
	}
	return arena_printf(arena, "%zu/%zu %s", covered, detection->condition_count, word);
}

void fidelity_table_add(struct fidelity_table *table, const char *target, const struct pack_summary *summary)
{
	const struct catalog *catalog = table->catalog;
	const char **column = arena_array(table->arena, catalog->detection_count + 1, sizeof *column);
	for (size_t i = 0; i < catalog->detection_count; i++)
		column[i] = cell_of(table->arena, summary, catalog->detections[i]);
	table->targets = arena_grow(table->arena, table->targets, table->count, sizeof *table->targets);
	table->cells = arena_grow(table->arena, table->cells, table->count, sizeof *table->cells);
	table->targets[table->count] = target;
	table->cells[table->count++] = column;
}

static int longest_name(const struct catalog *catalog)
{
	size_t longest = sizeof "detection" - 1;
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (catalog->detections[i]->name.length > longest)
			longest = catalog->detections[i]->name.length;
	return longest < 60 ? (int)longest : 60;
}

void fidelity_table_print(const struct fidelity_table *table, FILE *out)
{
	int width = longest_name(table->catalog);
	if (table->count == 0)
		return;
	fprintf(out, "\n%-*s", width, "detection");
	for (size_t k = 0; k < table->count; k++)
		fprintf(out, "  %-*s", k + 1 < table->count ? CELL : 0, table->targets[k]);
	for (size_t i = 0; i < table->catalog->detection_count; i++) {
		fprintf(out, "\n%-*.*s", width, TEXT_ARGS(table->catalog->detections[i]->name));
		for (size_t k = 0; k < table->count; k++)
			fprintf(out, "  %-*s", k + 1 < table->count ? CELL : 0,
				table->cells[k][i] != NULL ? table->cells[k][i] : "left out");
	}
	fputs("\nConditions that a rule covers, and each condition's best: e exact, w wider, a approximate, c collects, - none.\n",
		out);
}

void fidelity_rows_print(const struct pack_summary *summary, FILE *out)
{
	for (size_t i = 0; i < summary->row_count; i++) {
		const struct fidelity_row *row = &summary->rows[i];
		fprintf(out, "  %.*s, %.*s: %.*s, %.*s: %s%s%.*s\n", TEXT_ARGS(row->detection->name), TEXT_ARGS(row->condition->name),
			TEXT_ARGS(row->action), TEXT_ARGS(row->source), fidelity_name(row->fidelity), row->rule.length > 0 ? ", rule " : "",
			TEXT_ARGS(row->rule));
		for (size_t k = 0; k < row->reasons.count; k++)
			fprintf(out, "      %.*s\n", TEXT_ARGS(row->reasons.items[k]));
	}
}
