/* runs_alerts: what became of each episode, and the alerts of a run. */
#include "replay/runs/parts.h"

#include <stdlib.h>

static enum miss_cause cause_from_name(struct text name)
{
	for (enum miss_cause cause = MISS_NO_EVENT; cause <= MISS_BELOW_SEVERITY; cause++)
		if (text_is(name, miss_cause_name(cause)))
			return cause;
	return MISS_UNMATCHED;
}

static void read_results(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_episode_result", "organization, dataset, episode, label, events, others",
		NULL, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		struct episode_result result = {.organization = reading_organization(r, row_view(&row))};
		const struct dataset_result *dataset = reading_dataset(r, row_view(&row));
		if (!dataset)
			continue;
		result.dataset = dataset->dataset;
		result.episode = reading_episode(r, result.dataset, row_view(&row));
		if (!result.episode)
			continue;
		label_from_name(row_view(&row), &result.label);
		result.events = row_count(&row);
		result.foreign = row_count(&row) != 0;
		results->episodes = arena_grow(&results->arena, results->episodes, results->episode_count, sizeof *results->episodes);
		results->episodes[results->episode_count++] = result;
	}
}

/* Rows come in the order of the results, or nearly so. */
static struct episode_result *result_of(struct reading *r, size_t *newest, struct text organization, struct text dataset,
	struct text episode)
{
	struct results *results = r->run->results;
	for (size_t i = 0; i < results->episode_count; i++) {
		size_t at = (*newest + i) % results->episode_count;
		struct episode_result *result = &results->episodes[at];
		if (text_equal(result->episode->name, episode) && text_equal(result->dataset->name, dataset) &&
			text_equal(result->organization ? result->organization->name : TEXT(""), organization)) {
			*newest = at;
			return result;
		}
	}
	return NULL;
}

static void read_outcomes(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	size_t newest = 0;
	sqlite3_stmt *statement = reading_select(r, "run_episode", "organization, dataset, episode, detection, outcome, cause",
		NULL, "ORDER BY dataset, organization, episode, detection");
	while (reading_next(r, statement, &row)) {
		struct text organization = row_view(&row), dataset = row_view(&row), episode = row_view(&row);
		struct episode_result *result = result_of(r, &newest, organization, dataset, episode);
		const struct detection *detection = reading_detection(r, row_view(&row));
		if (!result || !detection)
			continue;
		if (text_is(row_view(&row), "alerted")) {
			result->alerted = arena_grow(arena, result->alerted, result->alerted_count, sizeof *result->alerted);
			result->alerted[result->alerted_count++] = detection;
		} else {
			result->missed = arena_grow(arena, result->missed, result->missed_count, sizeof *result->missed);
			result->missed[result->missed_count++] = (struct missed){detection, cause_from_name(row_view(&row)),
				result->episode->gap};
		}
	}
}

void reading_episodes(struct reading *r)
{
	read_results(r);
	read_outcomes(r);
}

/* Alerts */

static enum outcome outcome_from_name(struct text name)
{
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		if (text_is(name, outcome_name(outcome)))
			return outcome;
	return OUTCOME_UNKNOWN;
}

/* What is kept once for many alerts: their kinds, what each is for whom, and entities; by their numbers from the first. */
struct kind {
	const struct detection *detection;
	size_t order;            /* of the detection in the catalog */
	struct text conditions;
	const struct dataset *dataset;
	const struct episode *episode;
	const char *file;
	size_t verdict;
};
struct verdict {
	size_t number, position;
	const struct organization *organization;
	enum label label;
	enum outcome outcome;
	enum severity severity;
};
struct shared {
	struct kind *kinds;
	int64_t first_kind;
	size_t kind_count;
	struct verdict *verdicts; /* by number, then position */
	size_t verdict_count;
	struct text *entities;    /* by number */
	size_t entity_count;
	size_t *verdict_from;     /* [numbers + 2]: where a number's verdicts begin */
	size_t number_count;
};

static size_t order_of(const struct reading *r, const struct detection *detection)
{
	const struct catalog *catalog = &r->run->catalog;
	size_t i = 0;
	while (i < catalog->detection_count && catalog->detections[i] != detection)
		i++;
	return i;
}

static const char *file_of(struct arena *arena, const struct kind *before, struct text file)
{
	if (!file.length)
		return NULL;
	return before && before->file && text_is(file, before->file) ? before->file : text_copy(arena, file).data;
}

static void read_kinds(struct reading *r, struct shared *shared)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "alert_kind", "id, detection, condition, dataset, episode, file, verdict",
		NULL, "ORDER BY id");
	while (reading_next(r, statement, &row)) {
		const int64_t id = (int64_t)row_count(&row);
		shared->first_kind = shared->kind_count ? shared->first_kind : id;
		const size_t place = (size_t)(id - shared->first_kind);
		while (shared->kind_count <= place) {
			shared->kinds = arena_grow(&r->scratch, shared->kinds, shared->kind_count, sizeof *shared->kinds);
			shared->kinds[shared->kind_count++] = (struct kind){0};
		}
		struct kind *kind = &shared->kinds[place];
		kind->detection = reading_detection(r, row_view(&row));
		kind->order = order_of(r, kind->detection);
		kind->conditions = row_text(&row, arena);
		const struct dataset_result *dataset = reading_dataset(r, row_view(&row));
		struct text episode = row_view(&row);
		kind->dataset = dataset ? dataset->dataset : NULL;
		kind->episode = dataset && episode.length ? reading_episode(r, kind->dataset, episode) : NULL;
		kind->file = file_of(arena, place ? kind - 1 : NULL, row_view(&row));
		kind->verdict = (size_t)row_count(&row);
	}
}

static void read_verdicts(struct reading *r, struct shared *shared)
{
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "alert_verdict", "id, position, organization, label, outcome, severity", NULL,
		"ORDER BY id, position");
	while (reading_next(r, statement, &row)) {
		struct verdict verdict = {.number = (size_t)row_count(&row)};
		verdict.position = (size_t)row_count(&row);
		verdict.organization = reading_organization(r, row_view(&row));
		label_from_name(row_view(&row), &verdict.label);
		verdict.outcome = outcome_from_name(row_view(&row));
		severity_from_name(row_view(&row), &verdict.severity);
		shared->verdicts = arena_grow(&r->scratch, shared->verdicts, shared->verdict_count, sizeof *shared->verdicts);
		shared->verdicts[shared->verdict_count++] = verdict;
	}
	shared->number_count = shared->verdict_count ? shared->verdicts[shared->verdict_count - 1].number : 0;
	shared->verdict_from = arena_array(&r->scratch, shared->number_count + 2, sizeof *shared->verdict_from);
	for (size_t number = 0, at = 0; number <= shared->number_count + 1; number++) {
		while (at < shared->verdict_count && shared->verdicts[at].number < number)
			at++;
		shared->verdict_from[number] = at;
	}
}

static void read_entities(struct reading *r, struct shared *shared)
{
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "alert_entity", "id, entity", NULL, "ORDER BY id");
	while (reading_next(r, statement, &row)) {
		const size_t number = (size_t)row_count(&row);
		while (shared->entity_count <= number) {
			shared->entities = arena_grow(&r->scratch, shared->entities, shared->entity_count, sizeof *shared->entities);
			shared->entities[shared->entity_count++] = TEXT("");
		}
		shared->entities[number] = row_text(&row, &r->run->results->arena);
	}
}

/* Alerts of one event: organization by organization, as they were when they came. */
struct found {
	struct alert alert;
	size_t order;
	int64_t id;
};
struct batch {
	struct found *items;     /* malloc'd */
	size_t count, capacity;
};

static struct found *add_found(struct batch *batch)
{
	if (batch->count == batch->capacity) {
		batch->capacity = batch->capacity ? 2 * batch->capacity : 16;
		batch->items = mem_resize(batch->items, batch->capacity * sizeof *batch->items);
	}
	return &batch->items[batch->count++];
}

static int in_order(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	if (a->alert.position != b->alert.position)
		return a->alert.position < b->alert.position ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void append(struct arena *arena, struct alert **list, size_t *count, const struct alert *alert)
{
	*list = arena_grow(arena, *list, *count, sizeof **list);
	(*list)[(*count)++] = *alert;
}

static void take_batch(struct reading *r, struct batch *batch)
{
	struct results *results = r->run->results;
	struct arena *arena = &results->arena;
	if (batch->count > 1)
		qsort(batch->items, batch->count, sizeof *batch->items, in_order);
	for (size_t i = 0; i < batch->count; i++) {
		const struct alert *alert = &batch->items[i].alert;
		if (alert->sample)
			append(arena, &results->samples, &results->sample_count, alert);
		if (alert->first)
			append(arena, &results->firsts, &results->first_count, alert);
		if (r->depth != RUN_FIGURES)
			append(arena, &results->alerts, &results->alert_count, alert);
	}
	batch->count = 0;
}

/* Rows beside the matches, by the same ids: the one at hand. */
struct beside {
	sqlite3_stmt *statement;
	struct row row;
	int64_t id;
};

static void beside_next(struct reading *r, struct beside *beside)
{
	beside->id = INT64_MAX;
	if (!beside->statement)
		return;
	if (reading_next(r, beside->statement, &beside->row))
		beside->id = (int64_t)row_count(&beside->row);
	else
		beside->statement = NULL;
}

/* Rows of the run's matches. */
static sqlite3_stmt *select_range(struct reading *r, const char *what, const char *rest)
{
	const char *sql = arena_printf(&r->scratch, "SELECT %s WHERE id BETWEEN (SELECT first_match FROM run WHERE run.id = ?1)"
		" AND (SELECT last_match FROM run WHERE run.id = ?1) %s ORDER BY id", what, rest);
	sqlite3_stmt *statement = store_prepare(r->store, sql, r->d);
	if (!statement)
		r->failed = -1;
	else
		sqlite3_bind_int64(statement, 1, r->run->head.id);
	return statement;
}

#define MARKED "AND id IN (SELECT s.id FROM alert_sample s, run WHERE run.id = ?1 AND s.id BETWEEN first_match AND last_match)"

/* What a match says beside its numbers: of whom it is a sample, and its texts where they were kept. */
struct aside {
	struct beside marks, texts;
};

static void set_marks(struct reading *r, struct beside *marks, int64_t id, struct found *found, size_t count)
{
	while (marks->id < id)
		beside_next(r, marks);
	for (; marks->id == id; beside_next(r, marks)) {
		const size_t position = (size_t)row_count(&marks->row);
		const uint64_t sample = row_count(&marks->row);
		for (size_t i = 0; i < count; i++) {
			if (found[i].alert.position != position)
				continue;
			found[i].alert.sample = (sample & ALERT_SAMPLE) != 0;
			found[i].alert.first = (sample & ALERT_FIRST) != 0;
		}
	}
}

static void set_texts(struct reading *r, struct beside *texts, int64_t id, struct alert *alert)
{
	while (texts->id < id)
		beside_next(r, texts);
	if (texts->id != id)
		return;
	alert->whole = true;
	alert->fields = row_text(&texts->row, &r->run->results->arena);
	alert->event = row_text(&texts->row, &r->run->results->arena);
	beside_next(r, texts);
}

static void add_alerts(const struct shared *shared, const struct kind *kind, int64_t id, const struct alert *alert,
	struct batch *batch)
{
	if (kind->verdict > shared->number_count)
		return;
	for (size_t i = shared->verdict_from[kind->verdict]; i < shared->verdict_from[kind->verdict + 1]; i++) {
		const struct verdict *verdict = &shared->verdicts[i];
		struct found *found = add_found(batch);
		*found = (struct found){*alert, kind->order, id};
		found->alert.organization = verdict->organization;
		found->alert.label = verdict->label;
		found->alert.outcome = verdict->outcome;
		found->alert.severity = verdict->severity;
		found->alert.position = verdict->position;
	}
}

/* The numbers of a match, from a row of its own or from a block (where there is nothing aside). */
enum { KIND, MOMENT, ENTITY, LINE, TIME, GROUP, NUMBERS };
struct numbers {
	int64_t id;
	int64_t at[NUMBERS];     /* TIME: INT64_MIN: not known; GROUP: 0: not known */
};

static void take_match(struct reading *r, const struct shared *shared, const struct numbers *numbers, struct aside *aside,
	struct batch *batch)
{
	const size_t place = (size_t)(numbers->at[KIND] - shared->first_kind), entity = (size_t)numbers->at[ENTITY];
	const struct kind *kind = place < shared->kind_count ? &shared->kinds[place] : NULL;
	if (!kind || !kind->detection || !kind->dataset)
		return; /* reported, or another program's */
	struct alert alert = {.detection = kind->detection, .conditions = kind->conditions, .dataset = kind->dataset,
		.episode = kind->episode, .file = kind->file, .moment = (uint64_t)numbers->at[MOMENT],
		.entity = entity < shared->entity_count ? shared->entities[entity] : TEXT(""), .line = (uint64_t)numbers->at[LINE],
		.time = numbers->at[TIME], .group = (uint64_t)numbers->at[GROUP]};
	if (aside)
		set_texts(r, &aside->texts, numbers->id, &alert);
	if (batch->count && batch->items[0].alert.moment != alert.moment)
		take_batch(r, batch);
	const size_t from = batch->count;
	add_alerts(shared, kind, numbers->id, &alert, batch);
	if (aside)
		set_marks(r, &aside->marks, numbers->id, batch->items + from, batch->count - from);
}

/* Matches with a row of their own. */
struct rows_source {
	sqlite3_stmt *statement;
	struct numbers next;     /* the moment is INT64_MAX after the last one */
};

static int64_t number_or(struct row *row, int64_t none)
{
	const bool is_null = sqlite3_column_type(row->statement, row->at) == SQLITE_NULL;
	const int64_t number = sqlite3_column_int64(row->statement, row->at++);
	return is_null ? none : number;
}

static void next_row(struct reading *r, struct rows_source *source)
{
	struct row row;
	source->next.at[MOMENT] = INT64_MAX;
	if (!reading_next(r, source->statement, &row))
		return;
	source->next.id = number_or(&row, 0);
	for (size_t i = 0; i < NUMBERS; i++)
		source->next.at[i] = number_or(&row, i == TIME ? INT64_MIN : 0);
}

/* Blocks of matches, as rows_alerts.c writes them: of each column a text with a number a match, all of one width. */
struct block_source {
	sqlite3_stmt *statement;
	size_t count, at;        /* of the block at hand */
	int64_t id, base[NUMBERS];
	struct text columns[NUMBERS];
	struct numbers next;
};

static bool next_block(struct reading *r, struct block_source *source)
{
	struct row row;
	source->count = source->at = 0;
	if (!source->statement || !reading_next(r, source->statement, &row)) {
		source->statement = NULL;
		return false;
	}
	source->id = number_or(&row, 0);
	source->count = (size_t)row_count(&row);
	for (size_t i = 0; i < NUMBERS; i++)
		source->base[i] = i == ENTITY || i == GROUP ? 0 : number_or(&row, INT64_MIN);
	for (size_t i = 0; i < NUMBERS; i++) {
		const void *data = sqlite3_column_blob(row.statement, row.at);
		source->columns[i] = (struct text){data ? data : "", (size_t)sqlite3_column_bytes(row.statement, row.at++)};
	}
	return true;
}

static int64_t number_in(struct text column, size_t count, size_t at)
{
	const size_t width = column.length / count;
	uint64_t number = 0;
	bool negative = false;
	for (size_t i = at * width; i < (at + 1) * width; i++) {
		const char byte = column.data[i];
		negative = negative || byte == '-';
		if (byte >= '0' && byte <= '9')
			number = number * 10 + (uint64_t)(byte - '0');
	}
	return (int64_t)(negative ? -number : number);
}

static void next_place(struct reading *r, struct block_source *source)
{
	while (source->at == source->count)
		if (!next_block(r, source)) {
			source->next.at[MOMENT] = INT64_MAX;
			return;
		}
	source->next.id = source->id + (int64_t)source->at;
	for (size_t i = 0; i < NUMBERS; i++)
		source->next.at[i] = (int64_t)((uint64_t)source->base[i] +
			(uint64_t)number_in(source->columns[i], source->count, source->at));
	source->at++;
}

/* Both are in the order of moments; what belongs to one moment is put in order by take_batch. */
static void merge(struct reading *r, const struct shared *shared, struct rows_source *rows, struct block_source *blocks,
	struct aside *aside)
{
	struct batch batch = {0};
	next_row(r, rows);
	next_place(r, blocks);
	while (rows->next.at[MOMENT] != INT64_MAX || blocks->next.at[MOMENT] != INT64_MAX) {
		if (rows->next.at[MOMENT] <= blocks->next.at[MOMENT]) {
			take_match(r, shared, &rows->next, aside, &batch);
			next_row(r, rows);
		} else {
			take_match(r, shared, &blocks->next, NULL, &batch);
			next_place(r, blocks);
		}
	}
	take_batch(r, &batch);
	free(batch.items);
}

void reading_alerts(struct reading *r)
{
	struct shared shared = {0};
	read_kinds(r, &shared);
	read_verdicts(r, &shared);
	read_entities(r, &shared);
	struct aside aside = {
		{.statement = select_range(r, "id, position, sample FROM alert_sample", "")},
		{.statement = select_range(r, "id, fields, event FROM alert_event", r->depth == RUN_WHOLE ? "" : MARKED)}};
	beside_next(r, &aside.marks);
	beside_next(r, &aside.texts);
	struct rows_source rows = {.statement = select_range(r,
		"id, kind, moment, entity, line, time, alert_group FROM alert_match", r->depth == RUN_FIGURES ? MARKED : "")};
	struct block_source blocks = {.statement = r->depth == RUN_FIGURES ? NULL
		: reading_select(r, "alert_block", "id, count, kind, moment, line, time, kinds, moments, entities, lines, times,"
			" groups", NULL, "ORDER BY id")};
	merge(r, &shared, &rows, &blocks, &aside);
	sqlite3_finalize(aside.marks.statement);
	sqlite3_finalize(aside.texts.statement);
}
