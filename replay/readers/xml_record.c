/* xml_record: see xml_record.h. */
#include "replay/readers/xml_record.h"

#include "replay/readers/input.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, PATH_MAX_LENGTH = 512, NAMES_LIMIT = 4096 };

struct xml_record {
	XML_Parser parser;
	struct record *record;
	char path[PATH_MAX_LENGTH];
	size_t length, ends[DEPTH_MAX], depth;
	struct buffer text;  /* of the element in hand */
	unsigned names;
	bool failed, parent; /* parent: an element ended since the last began */
};

struct xml_record *xml_record_new(void)
{
	struct xml_record *xml = mem_alloc(sizeof *xml);
	*xml = (struct xml_record){.parser = XML_ParserCreate("UTF-8")};
	return xml;
}

void xml_record_free(struct xml_record *xml)
{
	if (!xml)
		return;
	if (xml->parser)
		XML_ParserFree(xml->parser);
	buffer_free(&xml->text);
	free(xml);
}

static void fail(struct xml_record *xml)
{
	xml->failed = true;
	XML_StopParser(xml->parser, XML_FALSE);
}

/* Goes one name down. */
static bool push(struct xml_record *xml, const char *name)
{
	size_t length = strlen(name);
	if (xml->depth == DEPTH_MAX || xml->length + length + 1 >= sizeof xml->path) {
		fail(xml);
		return false;
	}
	xml->ends[xml->depth++] = xml->length;
	if (xml->length)
		xml->path[xml->length++] = '.';
	memcpy(xml->path + xml->length, name, length);
	xml->length += length;
	return true;
}

static void pop(struct xml_record *xml)
{
	xml->length = xml->ends[--xml->depth];
}

static void add(struct xml_record *xml, struct text value)
{
	struct arena *arena = xml->record->arena;
	if (++xml->names > NAMES_LIMIT) {
		fail(xml);
		return;
	}
	record_add(xml->record, text_copy(arena, (struct text){xml->path, xml->length}), text_copy(arena, value));
}

static void XMLCALL begin_element(void *context, const char *name, const char **attributes)
{
	struct xml_record *xml = context;
	const char *data = NULL;
	bool is_data = strcmp(name, "Data") == 0;
	for (size_t i = 0; is_data && attributes[i]; i += 2)
		if (strcmp(attributes[i], "Name") == 0)
			data = attributes[i + 1];
	buffer_clear(&xml->text);
	xml->parent = false;
	if (!push(xml, data ? data : name) || data)
		return;
	for (size_t i = 0; attributes[i] && !xml->failed; i += 2) {
		/* The namespace is the same everywhere. */
		if (strcmp(attributes[i], "xmlns") == 0 || !push(xml, attributes[i]))
			continue;
		add(xml, text_of(attributes[i + 1]));
		pop(xml);
	}
}

static void XMLCALL end_element(void *context, const char *name)
{
	struct xml_record *xml = context;
	(void)name;
	if (xml->failed)
		return;
	struct text text = buffer_view(&xml->text);
	if (!xml->parent && text.length)
		add(xml, text);
	buffer_clear(&xml->text);
	xml->parent = true;
	pop(xml);
}

static void XMLCALL take_text(void *context, const char *data, int length)
{
	struct xml_record *xml = context;
	buffer_add(&xml->text, data, (size_t)length);
}

bool xml_record_take(struct xml_record *xml, struct text document, struct record *record)
{
	struct text text = text_trim(document);
	if (!xml->parser || text.length > INPUT_LINE_MAX || !XML_ParserReset(xml->parser, "UTF-8"))
		return false;
	xml->record = record;
	xml->length = xml->depth = xml->names = 0;
	xml->failed = xml->parent = false;
	buffer_clear(&xml->text);
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, begin_element, end_element);
	XML_SetCharacterDataHandler(xml->parser, take_text);
	return XML_Parse(xml->parser, text.data, (int)text.length, 1) == XML_STATUS_OK && !xml->failed;
}
