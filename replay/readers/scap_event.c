/*
 * scap_event: header, lengths, values.
 */
#include "replay/readers/scap_event.h"

#include "replay/readers/scap_bytes.h"

#include <string.h>

enum { OLD_EVENT = 0x8010abcd & 0x7fffffff, HEADER = 26, OLD_HEADER = 22 };
enum { ASYNC_TYPE = 402, CONTAINER_2 = 324, NOTIFICATION = 280, INFRASTRUCTURE = 286 };

static bool is_old(uint32_t block)
{
	return block == SCAP_BLOCK_EVENT || block == SCAP_BLOCK_EVENT_FLAGS || block == (OLD_EVENT | 0x80000000u);
}

static bool has_flags(uint32_t block)
{
	return block == SCAP_BLOCK_EVENT_FLAGS || block == SCAP_BLOCK_EVENT_FLAGS_2 || block == SCAP_BLOCK_EVENT_FLAGS_LARGE;
}

bool scap_event_block(uint32_t block)
{
	return is_old(block) || has_flags(block) || block == SCAP_BLOCK_EVENT_2 || block == SCAP_BLOCK_EVENT_LARGE;
}

bool scap_part_take(struct scap_part *part, const struct scap_kind *kind, uint32_t count, struct text packed, bool wide)
{
	struct scap_bytes lengths = scap_bytes_of(packed), values = lengths;
	part->kind = kind;
	part->count = count < SCAP_PARAMETERS ? count : SCAP_PARAMETERS;
	scap_take(&values, (size_t)count * (wide ? 4 : 2));
	for (uint32_t i = 0; i < count && !values.failed; i++) {
		struct text value = scap_take(&values, wide ? scap_u32(&lengths) : scap_u16(&lengths));
		if (i < SCAP_PARAMETERS)
			part->values[i] = value;
	}
	return !values.failed;
}

/* Old events do not say how many parameters they have: as many as fill them. */
static bool take_uncounted(struct scap_part *part, const struct scap_kind *kind, struct text packed)
{
	for (uint32_t count = kind->count + 1u; count-- > 0;) {
		size_t end = (size_t)count * 2;
		struct scap_bytes lengths = scap_bytes_of(packed);
		for (uint32_t i = 0; i < count; i++)
			end += scap_u16(&lengths);
		if (!lengths.failed && end == packed.length)
			return scap_part_take(part, kind, count, packed, false);
	}
	return false;
}

/* Old events of these two types say 3 bytes more than they have. */
static uint32_t old_length(uint16_t type, uint32_t length)
{
	return (type == NOTIFICATION || type == INFRASTRUCTURE) && length > 3 ? length - 3 : length;
}

const char *scap_event_take(const struct scap_kind *kinds, uint32_t block, struct text payload, struct scap_event *event)
{
	struct scap_bytes bytes = scap_bytes_of(payload);
	bool old = is_old(block);
	memset(event, 0, offsetof(struct scap_event, own));
	event->own.kind = event->begun.kind = NULL;
	event->own.count = event->begun.count = 0;
	scap_u16(&bytes); /* processor */
	if (has_flags(block))
		event->flags = scap_u32(&bytes);
	size_t before = bytes.left;
	event->time = (int64_t)scap_u64(&bytes);
	event->tid = (int64_t)scap_u64(&bytes);
	uint32_t length = scap_u32(&bytes);
	event->type = scap_u16(&bytes);
	uint32_t count = old ? 0 : scap_u32(&bytes);
	if (bytes.failed)
		return "an event is cut";
	length = old ? old_length(event->type, length) : length;
	if (length < (old ? OLD_HEADER : HEADER) || length > before)
		return "an event's length does not fit its block";
	event->packed = scap_take(&bytes, length - (old ? OLD_HEADER : HEADER));
	if (event->type >= SCAP_TYPES)
		return NULL;
	const struct scap_kind *kind = &kinds[event->type];
	event->own.kind = kind;
	event->wide = event->type == ASYNC_TYPE || event->type == CONTAINER_2;
	if (kind->act == SCAP_QUIET)
		return NULL;
	if (old ? take_uncounted(&event->own, kind, event->packed) :
		scap_part_take(&event->own, kind, count, event->packed, event->wide))
		return NULL;
	return "an event's parameters do not fit its length";
}

bool scap_part_value(const struct scap_part *part, const char *name, struct text *value)
{
	int at = part->kind ? scap_parameter(part->kind, name) : -1;
	if (at < 0 || (uint32_t)at >= part->count || !part->values[at].length)
		return false;
	*value = part->values[at];
	return true;
}

bool scap_value(const struct scap_event *event, const char *name, struct text *value)
{
	return scap_part_value(&event->own, name, value) || scap_part_value(&event->begun, name, value);
}

static bool is_signed(const struct scap_part *part, const char *name)
{
	int at = scap_parameter(part->kind, name);
	char form = at < 0 ? '\0' : part->kind->parameters[at].form;
	return form == SCAP_ERRNO || form == SCAP_FD || form == SCAP_PID || form == SCAP_SIGNED;
}

bool scap_value_number(const struct scap_event *event, const char *name, int64_t *number)
{
	struct text value;
	if (scap_part_value(&event->own, name, &value))
		return scap_number(value, is_signed(&event->own, name), number);
	return scap_part_value(&event->begun, name, &value) && scap_number(value, is_signed(&event->begun, name), number);
}

struct text scap_value_text(const struct scap_event *event, const char *name)
{
	struct text value;
	if (!scap_value(event, name, &value))
		return TEXT("");
	value = scap_until_nul(value);
	return text_is(value, "<NA>") ? TEXT("") : value;
}

bool scap_result(const struct scap_event *event, int64_t *result)
{
	const struct scap_kind *kind = event->own.kind;
	if (!kind || kind->act == SCAP_ENTER || kind->act == SCAP_EXIT || !kind->count || !event->own.count)
		return false;
	struct text value = event->own.values[0];
	if (kind->parameters[0].form == SCAP_DYNAMIC)
		value = text_slice(value, 1, value.length);
	else if (kind->parameters[0].form != SCAP_ERRNO && kind->parameters[0].form != SCAP_FD)
		return false;
	return scap_number(value, true, result);
}
