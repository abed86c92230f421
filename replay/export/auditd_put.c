/*
 * auditd_put: heads, keys and values of records.
 */
#include "replay/export/auditd_put.h"

#include "catalog/sequence.h"

#include <string.h>

enum { AUDIT_ADDED = 0x1d };

const struct values *auditd_get(const struct auditd_writer *w, const struct facet *facet, enum auditd_field field)
{
	unsigned number = w->fields.number[field];
	return number == FIELD_NONE ? NULL : facet_get(facet, number);
}

struct text auditd_text(const struct auditd_writer *w, const struct facet *facet, enum auditd_field field)
{
	const struct values *values = auditd_get(w, facet, field);
	return values && values->count ? values->items[0].text : (struct text){0};
}

/* The source's own where it has one: where a count goes on, a recording does. */
static uint64_t serial_of(const struct auditd_writer *w, const struct event *event)
{
	uint64_t id = sequence_order_of(event).id;
	return id > 0 ? id : w->last + 1;
}

void auditd_writer_begin(struct auditd_writer *w, const struct event *event, const struct facet *facet)
{
	arena_reset(&w->arena);
	buffer_clear(&w->text);
	w->node = auditd_text(w, facet, AUDITD_HOST);
	w->time = event->time;
	w->serial = serial_of(w, event);
	w->last = w->serial > w->last ? w->serial : w->last;
	w->lost = NULL;
	w->item = 0;
}

void auditd_record_begin(struct auditd_writer *w, const char *type)
{
	if (w->node.length)
		buffer_printf(&w->text, "node=%.*s ", TEXT_ARGS(w->node));
	buffer_printf(&w->text, "type=%s msg=audit(%lld.%03d:%llu):", type, (long long)(w->time / 1000000000),
		(int)(w->time / 1000000 % 1000), (unsigned long long)w->serial);
}

void auditd_record_end(struct auditd_writer *w)
{
	buffer_char(&w->text, '\n');
}

/* Plain: what the kernel leaves in quotes. */
static bool is_plain(struct text value)
{
	for (size_t i = 0; i < value.length; i++)
		if (value.data[i] <= ' ' || value.data[i] == '"' || value.data[i] > '~')
			return false;
	return true;
}

void auditd_put_untrusted(struct auditd_writer *w, const char *key, struct text value)
{
	buffer_printf(&w->text, " %s=", key);
	if (is_plain(value)) {
		buffer_printf(&w->text, "\"%.*s\"", TEXT_ARGS(value));
		return;
	}
	for (size_t i = 0; i < value.length; i++)
		buffer_printf(&w->text, "%02X", (unsigned)(unsigned char)value.data[i]);
}

/* A bare value ends at a blank; one that would not be read back is left out. */
void auditd_put_bare(struct auditd_writer *w, const char *key, struct text value)
{
	if (!value.length)
		return;
	if (is_plain(value) && value.data[0] != '\'' && value.data[0] != '{')
		buffer_printf(&w->text, " %s=%.*s", key, TEXT_ARGS(value));
	else
		w->lost = "a value cannot stand bare in a record";
}

void auditd_put_names(struct auditd_writer *w, const struct facet *facet, const struct auditd_name *added, size_t count)
{
	char mark = AUDIT_ADDED;
	for (size_t i = 0; i < count; i++) {
		struct text value = auditd_text(w, facet, added[i].field);
		if (!value.length)
			continue;
		buffer_printf(&w->text, "%c%s=\"%.*s\"", mark, added[i].key, TEXT_ARGS(value));
		mark = ' ';
		if (memchr(value.data, '"', value.length))
			w->lost = "a name holds a quote";
	}
}
