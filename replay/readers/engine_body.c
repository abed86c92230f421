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

/* An object; or a string that is one, plain or in base64. */
static const struct yaml *parse(const struct record *record, struct text member)
{
	const struct yaml *node = member.length ? json_yaml(record->arena, member, record->file, record->line) : NULL;
	if (!node || node->kind != YAML_SCALAR || !node->quoted)
		return node;
	struct text text = text_trim(node->text);
	if (text.length && text.data[0] != '{')
		text = decoded(record->arena, text);
	return text.length ? json_yaml(record->arena, text, record->file, record->line) : NULL;
}

void engine_body(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event)
{
	const struct dialect *dialect = options->dialect;
	struct facet *facet = find_request(event);
	struct manifest m = {.options = options, .file = record->file, .arena = record->arena, .event = event, .facet = facet,
		.wanted = wanted};
	for (size_t i = 0; facet && i < dialect->request_count; i++) {
		struct text member = text_is(dialect->requests[i], ".") ? record->text : json_member(record->text, dialect->requests[i]);
		const struct yaml *document = parse(record, member);
		if (document && document->kind == YAML_MAPPING && engine_fill(&m, document))
			return;
	}
}
