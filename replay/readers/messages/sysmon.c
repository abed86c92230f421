/*
 * sysmon: events of Sysmon for Linux, which stand in syslog as XML.
 *
 *   <Event><System><Provider Name="Linux-Sysmon" …/><EventID>1</EventID>…</System>
 *     <EventData><Data Name="Image">/usr/bin/id</Data>…</EventData></Event>
 *
 * Raw names are the elements joined by dots, as the same event has them in JSON: Event.System.EventID; an attribute is
 * Event.System.Provider.Name; <Data Name="Image"> is Event.EventData.Image. Read by the dialect sysmon.
 */
#include "replay/readers/messages/kinds.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, PATH_MAX_LENGTH = 512, NAMES_LIMIT = 4096 };

struct sysmon {
	XML_Parser parser;
	struct record *record;
	char path[PATH_MAX_LENGTH];
	size_t length, ends[DEPTH_MAX], depth;
	struct buffer text;  /* of the element in hand */
	unsigned names;
	bool failed, parent; /* parent: an element ended since the last began */
};

static void *open_parser(const struct message_place *place)
{
	(void)place;
	struct sysmon *sysmon = mem_alloc(sizeof *sysmon);
	*sysmon = (struct sysmon){.parser = XML_ParserCreate("UTF-8")};
	return sysmon;
}

static void close_parser(void *state)
{
	struct sysmon *sysmon = state;
	if (sysmon->parser)
		XML_ParserFree(sysmon->parser);
	buffer_free(&sysmon->text);
	free(sysmon);
}

static bool fits(const struct envelope *envelope)
{
	return text_starts(envelope->message, TEXT("<Event>"), false) || text_starts(envelope->message, TEXT("<Event "), false);
}

static void fail(struct sysmon *sysmon)
{
	sysmon->failed = true;
	XML_StopParser(sysmon->parser, XML_FALSE);
}

/* Goes one name down. */
static bool push(struct sysmon *sysmon, const char *name)
{
	size_t length = strlen(name);
	if (sysmon->depth == DEPTH_MAX || sysmon->length + length + 1 >= sizeof sysmon->path) {
		fail(sysmon);
		return false;
	}
	sysmon->ends[sysmon->depth++] = sysmon->length;
	if (sysmon->length)
		sysmon->path[sysmon->length++] = '.';
	memcpy(sysmon->path + sysmon->length, name, length);
	sysmon->length += length;
	return true;
}

static void pop(struct sysmon *sysmon)
{
	sysmon->length = sysmon->ends[--sysmon->depth];
}

static void add(struct sysmon *sysmon, struct text value)
{
	struct arena *arena = sysmon->record->arena;
	if (++sysmon->names > NAMES_LIMIT) {
		fail(sysmon);
		return;
	}
	record_add(sysmon->record, text_copy(arena, (struct text){sysmon->path, sysmon->length}), text_copy(arena, value));
}

static void XMLCALL begin_element(void *context, const char *name, const char **attributes)
{
	struct sysmon *sysmon = context;
	const char *data = NULL;
	bool is_data = strcmp(name, "Data") == 0;
	for (size_t i = 0; is_data && attributes[i]; i += 2)
		if (strcmp(attributes[i], "Name") == 0)
			data = attributes[i + 1];
	buffer_clear(&sysmon->text);
	sysmon->parent = false;
	if (!push(sysmon, data ? data : name) || data)
		return;
	for (size_t i = 0; attributes[i] && !sysmon->failed; i += 2) {
		/* The namespace is the same everywhere. */
		if (strcmp(attributes[i], "xmlns") == 0 || !push(sysmon, attributes[i]))
			continue;
		add(sysmon, text_of(attributes[i + 1]));
		pop(sysmon);
	}
}

static void XMLCALL end_element(void *context, const char *name)
{
	struct sysmon *sysmon = context;
	(void)name;
	if (sysmon->failed)
		return;
	struct text text = buffer_view(&sysmon->text);
	if (!sysmon->parent && text.length)
		add(sysmon, text);
	buffer_clear(&sysmon->text);
	sysmon->parent = true;
	pop(sysmon);
}

static void XMLCALL take_text(void *context, const char *data, int length)
{
	struct sysmon *sysmon = context;
	buffer_add(&sysmon->text, data, (size_t)length);
}

static bool take(struct message *message)
{
	struct sysmon *sysmon = message->state;
	struct text text = text_trim(message->envelope->message);
	const struct dialect *dialect = catalog_dialect(message->place->options->catalog, TEXT("sysmon"));
	if (!sysmon->parser || !dialect || text.length > INPUT_LINE_MAX || !XML_ParserReset(sysmon->parser, "UTF-8"))
		return false;
	sysmon->record = message->record;
	sysmon->length = sysmon->depth = sysmon->names = 0;
	sysmon->failed = sysmon->parent = false;
	buffer_clear(&sysmon->text);
	XML_SetUserData(sysmon->parser, sysmon);
	XML_SetElementHandler(sysmon->parser, begin_element, end_element);
	XML_SetCharacterDataHandler(sysmon->parser, take_text);
	if (XML_Parse(sysmon->parser, text.data, (int)text.length, 1) != XML_STATUS_OK || sysmon->failed)
		return false;
	message->dialect = dialect;
	return true;
}

const struct message_kind message_sysmon = {"sysmon", true, fits, take, open_parser, NULL, close_parser};
