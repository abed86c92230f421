/*
 * scap: the raw names and values of a capture's events as JSON, one a line, for scap.py to compare with sysdig's.
 */
#include "replay/readers/scap.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

static json_t *string_of(struct text text)
{
	json_t *string = json_stringn(text.data, text.length);
	if (string)
		return string;
	char *bytes = mem_alloc(text.length + 1); /* no UTF-8: bytes that are none become dots, as sysdig writes them */
	for (size_t i = 0; i < text.length; i++)
		bytes[i] = (unsigned char)text.data[i] < 0x80 ? text.data[i] : '.';
	string = json_stringn(bytes, text.length);
	free(bytes);
	return string;
}

static int print(void *context, struct record *record)
{
	json_t *object = json_object();
	(void)context;
	json_object_set_new(object, "evt.num", json_integer((json_int_t)record->line));
	json_object_set_new(object, "evt.rawtime", json_integer(record->time));
	for (size_t i = 0; i < record->count; i++) {
		const struct raw_value *raw = &record->values[i];
		char *name = mem_alloc(raw->name.length + 1);
		memcpy(name, raw->name.data, raw->name.length);
		name[raw->name.length] = '\0';
		if (raw->count == 1) {
			json_object_set_new(object, name, string_of(raw->values[0]));
		} else {
			json_t *list = json_array();
			for (size_t k = 0; k < raw->count; k++)
				json_array_append_new(list, string_of(raw->values[k]));
			json_object_set_new(object, name, list);
		}
		free(name);
	}
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
	return 0;
}

int main(int count, char **arguments)
{
	struct ledger ledger = {0};
	struct diagnostics d = {0};
	if (count != 2)
		return 2;
	struct input *input = input_open(arguments[1], &d);
	int status = input ? scap_records(input, (struct scap_sink){print, NULL}, &ledger, &d) : -1;
	fprintf(stderr, "%" PRIu64 " blocks: %" PRIu64 " events, %" PRIu64 " continued, %" PRIu64 " blank, %" PRIu64 " rejected\n",
		ledger.lines, ledger.event_lines, ledger.continued, ledger.blank, ledger.rejected);
	for (size_t i = 0; i < ledger.first_count; i++)
		fprintf(stderr, "%s:%" PRIu64 ": %s\n", ledger.first[i].file, ledger.first[i].line, ledger.first[i].reason);
	if (input)
		input_close(input);
	ledger_free(&ledger);
	diagnostics_print(&d, stderr);
	return status ? 1 : 0;
}
