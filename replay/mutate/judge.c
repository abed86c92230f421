/* judge: see judge.h. */
#include "replay/mutate/judge.h"

#include "catalog/made.h"
#include "catalog/sequence.h"
#include "replay/derive/derive.h"
#include "replay/readers/command_line.h"
#include "replay/readers/reader.h"

#include <stdlib.h>

struct mutate_judge {
	const struct catalog *catalog;
	const struct registry *registry;
	struct act_fields fields;
	struct evaluator *evaluator;
	struct deriver *deriver;
	struct arena arena;              /* of the act in hand */
	const struct event **events;
	size_t count;
};

struct mutate_judge *mutate_judge_new(const struct catalog *catalog)
{
	struct mutate_judge *judge = mem_alloc(sizeof *judge);
	*judge = (struct mutate_judge){.catalog = catalog, .registry = &catalog->registry};
	act_fields_find(&judge->fields, judge->registry);
	judge->evaluator = evaluator_new();
	judge->deriver = deriver_new(catalog);
	return judge;
}

void mutate_judge_free(struct mutate_judge *judge)
{
	if (judge == NULL)
		return;
	evaluator_free(judge->evaluator);
	deriver_free(judge->deriver);
	arena_free(&judge->arena);
	free(judge);
}

/* --- acts → events --- */

static struct event *begin(struct mutate_judge *judge)
{
	struct event *event = arena_alloc(&judge->arena, sizeof *event);
	event_begin(event, &judge->arena, judge->registry);
	return event;
}

static void take(struct mutate_judge *judge, struct event *event)
{
	derive_event(judge->deriver, event);
	judge->events = arena_grow(&judge->arena, judge->events, judge->count, sizeof(*judge->events));
	judge->events[judge->count++] = event;
}

static void take_facets(struct mutate_judge *judge, const struct test_facet *first, const struct test_facet *beside,
	size_t count)
{
	struct test_facet *facets = arena_array(&judge->arena, count + 1, sizeof *facets);
	struct test_event whole = {.facets = facets, .facet_count = count + 1};
	struct event *event = begin(judge);
	facets[0] = *first;
	for (size_t i = 0; i < count; i++)
		facets[i + 1] = beside[i];
	test_event_make(&whole, event);
	take(judge, event);
}

/* An exec that the act leads to: the actor is the same, the program is not. */
static void take_command(struct mutate_judge *judge, const struct act *act, const struct command *command)
{
	const struct act other = act_of_words(&judge->arena, &judge->fields, act, command->words, command->count);
	struct act_fields *fields = &judge->fields;
	struct act exec = act_with(&judge->arena, &other, fields->name, &(struct text){path_name(command->words[0]).data,
		path_name(command->words[0]).length}, 1);
	if (command->words[0].data[0] == '/')
		exec = act_with(&judge->arena, &exec, fields->executable, &command->words[0], 1);
	take_facets(judge, &exec.facet, NULL, 0);
}

/* The file that a shell opens for writing. */
static void take_redirect(struct mutate_judge *judge, const struct act *act, const struct command_redirect *redirect)
{
	const bool writes = text_find(redirect->operator, '>') < redirect->operator.length;
	if (!writes || !redirect->exact || redirect->target.length == 0 || redirect->target.data[0] != '/')
		return;
	const struct act_fields *fields = &judge->fields;
	struct act other = act_without(&judge->arena, act, fields->args);
	other = act_without(&judge->arena, &other, fields->command_line);
	other = act_as(&judge->arena, judge->registry, &other, fields->file_category, fields->file_modify);
	other = act_with(&judge->arena, &other, fields->file_path, &redirect->target, 1);
	take_facets(judge, &other.facet, NULL, 0);
}

static bool is_command(const struct command *command, const struct texts *words)
{
	if (command->count != words->count)
		return false;
	for (size_t i = 0; i < words->count; i++)
		if (!text_equal(command->words[i], words->items[i]))
			return false;
	return true;
}

static void take_words(struct mutate_judge *judge, const struct act *act, const struct texts *words)
{
	struct command_line line;
	command_line_words(&judge->arena, words->items, words->count, &line);
	take_facets(judge, &act->facet, act->beside, act->beside_count);
	for (size_t i = 0; i < line.count; i++) {
		const struct command *command = &line.commands[i];
		const bool itself = is_command(command, words);
		if (command->kind == COMMAND_EXEC && !itself)
			take_command(judge, act, command);
		for (size_t k = 0; k < command->redirect_count; k++)
			take_redirect(judge, act, &command->redirects[k]);
	}
}

/* --- documents → events --- */

struct reading {
	struct mutate_judge *judge;
	const struct act *act;
};

/* What the act knows of the actor and the record, the document does not say. */
static void add_context(struct reading *reading, struct event *event)
{
	const struct registry *registry = reading->judge->registry;
	for (size_t i = 0; i < event->facet_count; i++)
		for (size_t k = 0; k < reading->act->facet.count; k++) {
			const struct test_field *field = &reading->act->facet.fields[k];
			const struct text name = registry->fields[field->field].name;
			const bool said = text_starts(name, TEXT("container."), false) || text_starts(name, TEXT("orchestrator."), false) ||
				field->field < FIELD_FIRST_OTHER;
			if (!said && !field->null && facet_get(event->facets[i], field->field) == NULL)
				facet_set_texts(event, event->facets[i], field->field, field->values.items, field->values.count);
		}
}

static int take_read(void *context, struct event *event)
{
	struct reading *reading = context;
	struct event *kept = event_clone(event, &reading->judge->arena);
	add_context(reading, kept);
	take(reading->judge, kept);
	return 0;
}

static void take_document(struct mutate_judge *judge, const struct act *act)
{
	const struct reader *reader = reader_find(text_of(act->format));
	const struct dialect *dialect = act->dialect != NULL ? catalog_dialect(judge->catalog, text_of(act->dialect)) : NULL;
	struct reader_options options = {.catalog = judge->catalog, .dialect = dialect};
	struct reading reading = {judge, act};
	struct diagnostics diagnostics = {0};
	struct ledger ledger = {0};
	struct input *input = input_of("mutant", act->document);
	if (reader != NULL && input != NULL) {
		if (dialect == NULL)
			options.dialect = reader_dialect(reader, &options);
		reader_read(reader, input, &options, (struct event_sink){take_read, &reading}, &ledger, &diagnostics);
	}
	input_close(input);
	ledger_free(&ledger);
	diagnostics_free(&diagnostics);
}

static void take_act(struct mutate_judge *judge, const struct act *act)
{
	const struct texts *words = act_words(&judge->fields, act);
	for (size_t i = 0; i < act->at && act->series != NULL; i++)
		take_facets(judge, &act->series[i].facets[0], act->series[i].facets + 1, act->series[i].facet_count - 1);
	if (act->format != NULL)
		take_document(judge, act);
	else if (words != NULL && !act->absent)
		take_words(judge, act, words);
	else if (!act->absent)
		take_facets(judge, &act->facet, act->beside, act->beside_count);
	for (size_t i = act->at + 1; i < act->series_count; i++)
		take_facets(judge, &act->series[i].facets[0], act->series[i].facets + 1, act->series[i].facet_count - 1);
}

static const struct condition *matching(struct mutate_judge *judge, const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++)
		if (condition_matches(judge->evaluator, detection->conditions[i], judge->events, judge->count))
			return detection->conditions[i];
	return NULL;
}

bool mutate_judge_matches(struct mutate_judge *judge, const struct detection *detection, const struct act *act)
{
	arena_reset(&judge->arena);
	deriver_reset(judge->deriver, NULL);
	judge->events = NULL;
	judge->count = 0;
	take_act(judge, act);
	return matching(judge, detection) != NULL;
}

bool mutate_judge_explains(struct mutate_judge *judge, const struct detection *detection, const struct act *act,
	struct arena *arena, struct text *condition, struct text *event)
{
	struct buffer out = {0};
	const bool matches = mutate_judge_matches(judge, detection, act);
	const struct condition *found = matching(judge, detection);
	*condition = found != NULL ? found->name : TEXT("");
	for (size_t i = 0; i < judge->count && i < 1; i++)
		for (size_t k = 0; k < judge->events[i]->facet_count; k++)
			if (!judge->events[i]->facets[k]->derived && out.length == 0)
				made_print_facet(judge->events[i]->facets[k], &out);
	*event = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return matches;
}
