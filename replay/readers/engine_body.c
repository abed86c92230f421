/*
 * engine_body: see engine_body.h.
 */
#include "replay/readers/engine_body.h"

#include "replay/readers/engine_request.h"
#include "replay/readers/json_member.h"
#include "replay/readers/json_yaml.h"
#include "replay/readers/record.h"

#include <nettle/base64.h>

static struct facet *find_request(struct event *event)
{
	static const char *const actions[] = {"create", "run", "start", "exec"};
	bool found;
	unsigned category = registry_category(event->registry, TEXT("container"), &found);
	for (size_t i = 0; i < event->facet_count; i++)
		for (size_t k = 0; k < sizeof actions / sizeof *actions; k++)
			if (event->facets[i]->category == category &&
				text_is(event->registry->actions[event->facets[i]->action].name, actions[k]))
				return event->facets[i];
	return NULL;
}

/* The bytes, or an empty text where it is no base64. */
static struct text decoded(struct arena *arena, struct text text)
{
	struct base64_decode_ctx context;
	uint8_t *bytes = arena_alloc(arena, BASE64_DECODE_LENGTH(text.length) + 1);
	size_t length = BASE64_DECODE_LENGTH(text.length);
	base64_decode_init(&context);
	if (!base64_decode_update(&context, &length, bytes, text.length, text.data) || !base64_decode_final(&context))
		return TEXT("");
	return (struct text){(const char *)bytes, length};
}

/* A text that is an object: plain, behind dockerd's `form data: `, or in base64. */
static const struct yaml *parse_text(const struct record *record, struct text text)
{
	static const struct text head = {"form data: ", 11};
	text = text_trim(text_slice(text, text_starts(text, head, false) ? head.length : 0, text.length));
	if (text.length && text.data[0] != '{')
		text = decoded(record->arena, text);
	return text.length ? json_yaml(record->arena, text, record->file, record->line) : NULL;
}

/* The member of a JSON record, an object or a string that is one; of another record the value of that name. */
static const struct yaml *find_document(const struct record *record, struct text name)
{
	if (!record->text.length) {
		const struct raw_value *raw = record_get(record, NULL, name);
		return raw && raw->count ? parse_text(record, raw->values[0]) : NULL;
	}
	struct text member = text_is(name, ".") ? record->text : json_member(record->text, name);
	const struct yaml *node = member.length ? json_yaml(record->arena, member, record->file, record->line) : NULL;
	return node && node->kind == YAML_SCALAR && node->quoted ? parse_text(record, node->text) : node;
}

void engine_body(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event)
{
	const struct dialect *dialect = options->dialect;
	struct facet *facet = find_request(event);
	struct manifest m = {.options = options, .file = record->file, .arena = record->arena, .event = event, .facet = facet,
		.wanted = wanted};
	for (size_t i = 0; facet && i < dialect->request_count; i++) {
		const struct yaml *document = find_document(record, dialect->requests[i]);
		if (document && document->kind == YAML_MAPPING && engine_fill(&m, document))
			return;
	}
}
