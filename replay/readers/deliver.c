/*
 * deliver: record → event → sink (formats.h).
 */
#include "replay/readers/engine_body.h"
#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"
#include "replay/readers/kubernetes_body.h"
#include "replay/readers/record_open.h"

/* What stands in a record as a document of its own. */
static void read_bodies(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event)
{
	if (options->dialect->manifest_count)
		kubernetes_body(record, options, wanted, event);
	if (options->dialect->request_count)
		engine_body(record, options, wanted, event);
}

/* A record on its way to the sink: what a whole event is made of, should somebody ask for it. In the record's arena. */
struct delivery {
	struct record *record;
	size_t piece; /* 1 + which of its parts is the record itself (the dialect's `split`); 0: none */
	const struct reader_options *options;
};

/* All names of the record's source, and those that somebody added to it beside the source. */
static void add_again(const struct record *record, struct record *full)
{
	record_begin(full, record->arena, record->file, record->line);
	full->id = record->id;
	full->text = record->text;
	full->time = record->time;
	record->again(record->again_context, full);
	for (size_t i = 0; i < record->count; i++) {
		const struct raw_value *raw = &record->values[i];
		bool there = record_get(full, NULL, raw->name) != NULL;
		for (size_t k = 0; k < raw->count && !there; k++)
			record_add(full, raw->name, raw->values[k]);
	}
}

/* The whole of the event, by the plan of all fields. */
static const struct event *make_whole(const struct delivery *delivery, const struct event *event)
{
	const struct reader_options *options = delivery->options;
	struct record full = *delivery->record;
	struct event whole;
	full.arena = event->arena;
	if (full.again)
		add_again(delivery->record, &full);
	event_begin(&whole, event->arena, event->registry);
	const struct record_plan *plan = reader_plan_whole(options);
	record_use(&full, plan);
	record_open(&full);
	if (delivery->piece > full.part_count)
		return event;
	if (record_mean_piece(&full, delivery->piece ? &full.parts[delivery->piece - 1] : NULL, plan, &whole))
		return event;
	read_bodies(&full, options, NULL, &whole);
	return event_join(event, &whole);
}

static const struct event *complete(const struct event *event)
{
	const struct delivery *delivery = event->source;
	struct reader_plans *plans = delivery->options->plans;
	pthread_mutex_lock(&plans->lock);
	const struct event *whole = make_whole(delivery, event);
	pthread_mutex_unlock(&plans->lock);
	return whole;
}

/* What a dialect looks at first to tell its events apart, as far as the record has it: "evt.type=close". */
static struct text kind_of(const struct record *record, const struct record_part *piece, const struct dialect *dialect)
{
	for (size_t i = 0; dialect && i < dialect->group_count; i++) {
		const struct dialect_group *group = &dialect->groups[i];
		for (size_t k = 0; k < group->event_count; k++)
			for (size_t j = 0; j < group->events[k].match_count; j++) {
				const struct dialect_match *match = &group->events[k].matches[j];
				const struct raw_value *raw = match->kind == MATCH_EQUAL ? record_get(record, piece, match->name) : NULL;
				if (raw && raw->count)
					return text_of(arena_printf(record->arena, "%.*s=%.*s", TEXT_ARGS(match->name),
						TEXT_ARGS(raw->first)));
			}
	}
	return TEXT("");
}

/* The record, or the part of it that is one itself, as an event. */
static int deliver_piece(struct delivery *delivery, const struct record_plan *plan, struct event_sink sink,
	struct ledger *ledger)
{
	const struct reader_options *options = delivery->options;
	struct record *record = delivery->record;
	const struct record_part *piece = delivery->piece ? &record->parts[delivery->piece - 1] : NULL;
	struct event *event = arena_alloc(record->arena, sizeof *event);
	event_begin(event, record->arena, &options->catalog->registry);
	int unmapped = record_mean_piece(record, piece, plan, event);
	if (!unmapped)
		read_bodies(record, options, options->wanted, event);
	const struct raw_value *label = options->label_name.length ? record_get(record, piece, options->label_name) : NULL;
	if (label && label->count)
		event->label = label->values[0];
	if (options->wanted && options->plans) {
		event->complete = complete;
		event->source = delivery;
	}
	if (options->watch)
		options->watch->see(options->watch->context, record, piece, event);
	ledger->events++;
	ledger->unfilled += event->unfilled;
	if (unmapped) {
		ledger_unmapped(ledger, kind_of(record, piece, options->dialect));
		return 0;
	}
	return sink.take(sink.context, event);
}

/* The events of a chunk outlive the reader's record. */
static struct delivery *delivery_of(struct record *record, const struct reader_options *options, size_t piece)
{
	struct delivery *delivery = arena_alloc(record->arena, sizeof *delivery);
	*delivery = (struct delivery){.record = record, .piece = piece, .options = options};
	return delivery;
}

static struct record *stay(struct record *record, const struct reader_options *options)
{
	if (!options->chunk || !options->wanted)
		return record;
	struct record *copy = arena_alloc(record->arena, sizeof *copy);
	*copy = *record;
	return copy;
}

int reader_deliver(struct record *record, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger)
{
	const struct record_plan *plan = reader_plan(options);
	bool pieces = false;
	int status = 0;
	if (!plan)
		plan = record_plan_make(record->arena, options->dialect, &options->catalog->registry, NULL, options->label_name);
	record_use(record, plan);
	record->keep = options->watch != NULL;
	record_open(record);
	record = stay(record, options);
	for (size_t i = 0; !status && options->dialect->split_count && i < record->part_count; i++) {
		if (!record_plan_splits(plan, record->parts[i].kind))
			continue;
		pieces = true;
		status = deliver_piece(delivery_of(record, options, i + 1), plan, sink, ledger);
	}
	return pieces ? status : deliver_piece(delivery_of(record, options, 0), plan, sink, ledger);
}

/* What a whole event is made of, of one that was made without a record. */
struct object {
	const struct reader_options *options;
	struct text text;
};

static const struct event *whole_of(const struct object *object, const struct event *event)
{
	const struct record_plan *plan = reader_plan_whole(object->options);
	struct record record;
	struct event *whole;
	const char *why;
	record_begin(&record, event->arena, event->file, event->line);
	record.text = object->text;
	whole = json_event(reader_json_names_whole(object->options), object->text, NULL, &record, &why);
	if (!whole) {
		whole = arena_alloc(event->arena, sizeof *whole);
		event_begin(whole, event->arena, event->registry);
		if (why || record_mean(&record, plan, whole))
			return event;
	}
	return event_join(event, whole);
}

static const struct event *complete_object(const struct event *event)
{
	const struct object *object = event->source;
	struct reader_plans *plans = object->options->plans;
	pthread_mutex_lock(&plans->lock);
	const struct event *whole = whole_of(object, event);
	pthread_mutex_unlock(&plans->lock);
	return whole;
}

int reader_deliver_event(struct record *record, struct event *event, const struct reader_options *options,
	struct event_sink sink, struct ledger *ledger)
{
	event->file = record->file;
	event->line = record->line;
	if (options->wanted && options->plans && record->again) {
		event->complete = complete;
		event->source = delivery_of(stay(record, options), options, 0);
	} else if (options->wanted && options->plans) {
		struct object *object = arena_room(record->arena, sizeof *object);
		*object = (struct object){options, record->text};
		event->complete = complete_object;
		event->source = object;
	}
	ledger->events++;
	ledger->unfilled += event->unfilled;
	return sink.take(sink.context, event);
}
