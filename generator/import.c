/* import: items, notes, native fields and conditions of rules that are taken in. */
#include "generator/import.h"

#include <stdarg.h>
#include <string.h>

static const char *const taken_names[] = {
	[TAKEN_EXACTLY] = "exactly",
	[TAKEN_WITH_NOTE] = "with a note",
	[REFUSED] = "refused",
};

const char *taken_name(enum taken taken)
{
	return taken_names[taken];
}

/* --- items --- */

struct import_item *import_rule(struct import *import, struct text name, struct place place)
{
	struct import_item *item = arena_alloc(import->arena, sizeof(*item));

	item->name = name;
	item->place = place;
	import->items = arena_grow(import->arena, import->items, import->count, sizeof(*import->items));
	import->items[import->count++] = item;
	return item;
}

struct draft *import_draft(struct import *import, struct import_item *item)
{
	struct draft *draft = arena_alloc(import->arena, sizeof(*draft));

	draft->status = STATUS_EXPERIMENTAL;
	draft->severity = SEVERITY_MEDIUM;
	draft->name = item->name;
	item->draft = draft;
	return draft;
}

static void add_note(struct import *import, struct import_item *item, const char *format, va_list arguments)
{
	char *sentence = arena_vprintf(import->arena, format, arguments);

	reason_add(import->arena, &item->notes, sentence);
}

void import_note(struct import *import, struct import_item *item, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_note(import, item, format, arguments);
	va_end(arguments);
	if (item->taken == TAKEN_EXACTLY)
		item->taken = TAKEN_WITH_NOTE;
}

int import_refuse(struct import *import, struct import_item *item, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (item->taken != REFUSED) /* why it is refused is what is said of it; notes are of no use then */
		item->notes = (struct texts){NULL, 0};
	add_note(import, item, format, arguments);
	va_end(arguments);
	item->taken = REFUSED;
	item->draft = NULL;
	return -1;
}

/* --- names that nothing maps --- */

unsigned import_native(struct import *import, struct text name, enum value_type type)
{
	struct registry *registry = &import->catalog->registry;
	struct text target = import->dialect->name;
	unsigned known = registry_field(registry, name);

	if (known != FIELD_NONE) {
		registry_add_native(registry, &import->catalog->arena, known, target);
		return known;
	}
	struct field field = {.name = text_copy(&import->catalog->arena, name), .type = type, .list = true, .extension = true};

	field.about = text_of(arena_printf(&import->catalog->arena, "As %s rules name it.", import->target->name));
	unsigned number = registry_add(registry, &import->catalog->arena, &field);

	if (number != FIELD_NONE)
		registry_add_native(registry, &import->catalog->arena, number, target);
	return number;
}

void import_add_exception(struct import *import, const struct import_exception *exception)
{
	import->exceptions = arena_grow(import->arena, import->exceptions, import->exception_count, sizeof(*import->exceptions));
	import->exceptions[import->exception_count++] = *exception;
}

/* --- conditions --- */

static void see_outcome(const struct predicate *predicate, void *names_outcome)
{
	if (predicate->field == FIELD_OUTCOME)
		*(bool *)names_outcome = true;
}

struct condition *import_condition(struct import *import, unsigned category, struct node *root)
{
	struct condition *condition = arena_alloc(import->arena, sizeof(*condition));

	condition->category = category;
	condition->root = root;
	node_visit(root, see_outcome, &condition->names_outcome);
	return condition;
}

static unsigned adopt(void *context, struct text name, enum value_type type)
{
	return import_native(context, name, type);
}

/* The first sentence of what went wrong, in the import's arena. */
static const char *first_error(struct import *import, const struct diagnostics *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->items[i].severity == DIAGNOSTIC_ERROR)
			return arena_strdup(import->arena, d->items[i].message);
	}
	return "it cannot be read";
}

static struct condition *parse_with(struct import *import, struct text source, struct place place, bool query, const char **error)
{
	struct adopting adopting = {adopt, import};
	struct scope scope = import->catalog->scope;
	struct diagnostics d = {0};

	scope.adopting = &adopting;
	struct condition *condition = (query ? condition_parse : condition_parse_expression)(import->arena, &scope, source, place, 0,
		(struct text){NULL, 0}, &d);

	if (condition == NULL)
		*error = first_error(import, &d);
	diagnostics_free(&d);
	return condition;
}

struct condition *import_parse(struct import *import, struct text source, struct place place, const char **error)
{
	return parse_with(import, source, place, true, error);
}

struct node *import_expression(struct import *import, struct text source, const char **error)
{
	struct condition *condition = parse_with(import, source, (struct place){NULL, 0, 0}, false, error);

	return condition != NULL ? condition->root : NULL;
}
