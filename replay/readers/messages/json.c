/*
 * json: JSON objects in messages, also behind `@cee:`.
 *
 * Which dialect reads them is told by what they hold: the first objects of a program are shown to every dialect that
 * reads JSON (dialect_choice.h), and the one that understands them has that program's messages from then on. Objects
 * that none understands are messages like any other.
 */
#include "replay/readers/dialect_choice.h"
#include "replay/readers/json_record.h"
#include "replay/readers/messages/kinds.h"

#include <stdlib.h>

enum { PROGRAMS_MAX = 64, TRIES = 20 };

struct program {
	struct text name;
	struct reader_options options;
	struct json_names *names;      /* NULL: no dialect is known yet */
	struct dialect_choice *choice; /* NULL: decided */
	unsigned tries;
};

struct json_messages {
	const struct message_place *place;
	struct arena arena, scratch;
	struct program programs[PROGRAMS_MAX];
	size_t count;
};

static void *open_programs(const struct message_place *place)
{
	struct json_messages *json = mem_alloc(sizeof *json);
	*json = (struct json_messages){.place = place};
	return json;
}

static void close_programs(void *state)
{
	struct json_messages *json = state;
	for (size_t i = 0; i < json->count; i++) {
		json_names_free(json->programs[i].names);
		dialect_choice_free(json->programs[i].choice);
	}
	arena_free(&json->arena);
	arena_free(&json->scratch);
	free(json);
}

/* Beyond the last place programs share it. */
static struct program *program_of(struct json_messages *json, struct text name)
{
	for (size_t i = 0; i < json->count; i++)
		if (text_equal(json->programs[i].name, name))
			return &json->programs[i];
	if (json->count == PROGRAMS_MAX)
		return &json->programs[PROGRAMS_MAX - 1];
	struct program *program = &json->programs[json->count++];
	*program = (struct program){.name = text_copy(&json->arena, name), .options = *json->place->options};
	program->choice = dialect_choice_new(json->place->options->catalog, TEXT("json"));
	return program;
}

static void choose(struct json_messages *json, struct program *program, struct text object)
{
	struct dialect_figures figures;
	const char *why;
	if (!dialect_choice_object(program->choice, object))
		return;
	arena_reset(&json->scratch);
	const struct dialect *dialect = dialect_choice_best(program->choice, &json->scratch, &figures, &why);
	bool known = dialect && figures.understood;
	if (known) {
		program->options.dialect = dialect;
		program->names = json_names_new(&program->options);
	}
	if (known || ++program->tries == TRIES) {
		dialect_choice_free(program->choice);
		program->choice = NULL;
	}
}

static struct text object_of(struct text message)
{
	message = text_trim(message);
	if (text_starts(message, TEXT("@cee:"), false))
		message = text_trim(text_slice(message, 5, message.length));
	return message;
}

static bool fits(const struct envelope *envelope)
{
	struct text message = envelope->message;
	if (!message.length || (message.data[0] != '{' && message.data[0] != '@' && message.data[0] != ' '))
		return false;
	struct text object = object_of(message);
	return object.length > 1 && object.data[0] == '{' && object.data[object.length - 1] == '}';
}

static bool take(struct message *message)
{
	struct json_messages *json = message->state;
	struct program *program = program_of(json, message->envelope->program);
	struct text object = object_of(message->envelope->message);
	if (program->choice)
		choose(json, program, object);
	if (!program->names || json_record(program->names, object, message->record))
		return false;
	message->dialect = program->options.dialect;
	return true;
}

const struct message_kind message_json = {"json", false, "", "{@ ", fits, take, open_programs, NULL, close_programs};
