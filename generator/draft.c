/* draft: a detection's YAML, printed by libyaml's emitter. */
#include "generator/draft.h"

#include "catalog/load.h"
#include "catalog/text_map.h"
#include "generator/emit.h"
#include "generator/wrap.h"

#include <string.h>

enum { CONDITION_WIDTH = 112 };

void draft_add_condition(struct arena *arena, struct draft *draft, struct text name, const struct condition *condition)
{
	draft->conditions = arena_grow(arena, draft->conditions, draft->condition_count, sizeof(*draft->conditions));
	draft->conditions[draft->condition_count++] = (struct draft_condition){name, condition};
}

void draft_add_exception(struct arena *arena, struct draft *draft, struct text name, struct text reason,
	const struct node *node)
{
	draft->exceptions = arena_grow(arena, draft->exceptions, draft->exception_count, sizeof(*draft->exceptions));
	draft->exceptions[draft->exception_count++] = (struct draft_exception){name, reason, node};
}

struct text draft_slug(struct arena *arena, struct text text)
{
	enum { MOST = 100 };
	char *slug = arena_alloc(arena, MOST + 1);
	size_t length = 0;

	for (size_t i = 0; i < text.length && length < MOST; i++) {
		char byte = text.data[i];
		bool upper = byte >= 'A' && byte <= 'Z';

		if (upper || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
			slug[length++] = upper ? (char)(byte + ('a' - 'A')) : byte;
		else if (length > 0 && slug[length - 1] != '-')
			slug[length++] = '-';
	}
	while (length > 0 && slug[length - 1] == '-')
		length--;
	return length > 0 ? (struct text){slug, length} : TEXT("rule");
}

/* The name as it is where it is valid, else its slug; with a number where another has it. `used`: a name → the number to
 * try next for another of that name. */
static struct text free_name(struct text_map *used, struct text name)
{
	struct text base = name_is_slug(name) || name_is_identifier(name) ? name : draft_slug(used->arena, name);
	struct text stem = text_slice(base, 0, base.length < 90 ? base.length : 90), free = base;
	size_t number = text_map_get(used, base);

	if (number > 0) {
		do
			free = text_of(arena_printf(used->arena, "%.*s-%zu", TEXT_ARGS(stem), number++));
		while (text_map_get(used, free) > 0);
		*text_map_at(used, base) = number;
	}
	*text_map_at(used, free) = 2;
	return free;
}

void draft_settle(struct arena *arena, struct draft *draft)
{
	struct text_map conditions = {.arena = arena}, exceptions = {.arena = arena};

	for (size_t i = 0; i < draft->condition_count; i++)
		draft->conditions[i].name = free_name(&conditions, draft->conditions[i].name);
	for (size_t i = 0; i < draft->exception_count; i++)
		draft->exceptions[i].name = free_name(&exceptions, draft_slug(arena, draft->exceptions[i].name));
}

static void emit_conditions(struct emitter *e, const struct draft *draft, const struct registry *registry)
{
	emit_key(e, "conditions");
	emit_mapping(e, false);
	for (size_t i = 0; i < draft->condition_count; i++) {
		struct buffer line = {0}, wrapped = {0};

		condition_print(draft->conditions[i].condition, registry, &line);
		wrap_eql(buffer_view(&line), CONDITION_WIDTH, &wrapped);
		emit_text(e, draft->conditions[i].name);
		emit_block(e, buffer_view(&wrapped));
		buffer_free(&line);
		buffer_free(&wrapped);
	}
	emit_end(e);
}

static void emit_exceptions(struct emitter *e, const struct draft *draft, const struct registry *registry)
{
	if (draft->exception_count == 0)
		return;
	emit_key(e, "exceptions");
	emit_sequence(e, false);
	for (size_t i = 0; i < draft->exception_count; i++) {
		emit_exception(e, registry, draft->exceptions[i].name, &draft->exceptions[i], NULL, 0);
	}
	emit_end(e);
}

void emit_exception(struct emitter *e, const struct registry *registry, struct text name,
	const struct draft_exception *exception, const struct text *detections, size_t count)
{
	struct buffer line = {0}, wrapped = {0};

	node_print(exception->node, registry, &line);
	wrap_eql(buffer_view(&line), CONDITION_WIDTH, &wrapped);
	emit_mapping(e, false);
	emit_pair(e, "name", name);
	if (count > 0)
		emit_texts(e, "detections", (struct texts){detections, count}, true);
	emit_key(e, "condition");
	emit_block(e, buffer_view(&wrapped));
	emit_pair(e, "reason", exception->reason.length > 0 ? exception->reason : TEXT("as the rule that was taken in says"));
	if (count > 0)
		emit_pair(e, "owner", TEXT("taken in"));
	emit_end(e);
	buffer_free(&line);
	buffer_free(&wrapped);
}

static void emit_head(struct emitter *e, const struct draft *draft)
{
	emit_pair(e, "id", draft->id);
	emit_pair(e, "name", draft->name);
	emit_pair(e, "title", draft->title);
	emit_pair(e, "description", draft->description);
	emit_pair(e, "status", text_of(status_name(draft->status)));
	emit_pair(e, "severity", text_of(severity_name(draft->severity)));
	emit_texts(e, "techniques", draft->techniques, true);
	emit_pair(e, "surface", draft->surface);
	emit_pair(e, "author", draft->author);
	emit_pair(e, "date", draft->date);
	emit_pair(e, "modified", draft->modified);
	emit_texts(e, "references", draft->references, false);
	emit_texts(e, "false_positives", draft->false_positives, false);
}

/* Comment lines, each behind "# "; a line break in one goes on behind "#   ". */
static void print_comments(const struct texts *comments, struct buffer *out)
{
	for (size_t i = 0; i < comments->count; i++) {
		buffer_string(out, "# ");
		for (size_t k = 0; k < comments->items[i].length; k++) {
			unsigned char byte = (unsigned char)comments->items[i].data[k];

			if (byte == '\n')
				buffer_string(out, "\n#   ");
			else
				buffer_char(out, byte < ' ' || byte == 0x7F ? ' ' : (char)byte);
		}
		buffer_char(out, '\n');
	}
}

void draft_print(const struct draft *draft, const struct registry *registry, const struct draft_tests *tests,
	const struct texts *comments, struct buffer *out)
{
	struct arena arena = {0};
	struct emitter *e;

	print_comments(comments, out);
	e = emit_begin(&arena, out);
	emit_mapping(e, false);
	emit_head(e, draft);
	emit_conditions(e, draft, registry);
	emit_exceptions(e, draft, registry);
	emit_tests(e, registry, tests);
	emit_end(e);
	emit_finish(e);
	arena_free(&arena);
}
