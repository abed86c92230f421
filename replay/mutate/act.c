/* act: see act.h. */
#include "replay/mutate/act.h"

#include "catalog/made.h"

#include <string.h>

void act_fields_find(struct act_fields *fields, const struct registry *registry)
{
	const struct {
		unsigned *field;
		const char *name;
	} names[] = {
		{&fields->args, "process.args"},
		{&fields->name, "process.name"},
		{&fields->thread, "process.thread.name"},
		{&fields->executable, "process.executable"},
		{&fields->command_line, "process.command_line"},
		{&fields->args_count, "process.args_count"},
		{&fields->in_container, "process.in_container"},
		{&fields->file_path, "file.path"},
	};
	bool found;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		*names[i].field = registry_field(registry, text_of(names[i].name));
	fields->process_category = registry_category(registry, TEXT("process"), &found);
	fields->container_category = registry_category(registry, TEXT("container"), &found);
	fields->file_category = registry_category(registry, TEXT("file"), &found);
	fields->exec = registry_action(registry, fields->process_category, TEXT("exec"));
	fields->file_modify = registry_action(registry, fields->file_category, TEXT("modify"));
}

static struct test_facet facet_of(struct arena *arena, const struct facet *facet)
{
	struct test_field *fields = arena_array(arena, facet->count + 1, sizeof *fields);
	for (size_t i = 0; i < facet->count; i++) {
		const struct facet_entry *entry = &facet->entries[i];
		struct text *texts = arena_array(arena, entry->values.count + 1, sizeof *texts);
		for (size_t k = 0; k < entry->values.count; k++)
			texts[k] = text_copy(arena, entry->values.items[k].text);
		fields[i] = (struct test_field){.field = entry->field, .values = {texts, entry->values.count}};
	}
	return (struct test_facet){facet->category, facet->action, fields, facet->count};
}

struct act act_of_event(struct arena *arena, const struct event *event)
{
	struct test_facet *facets = arena_array(arena, event->facet_count + 1, sizeof *facets);
	size_t count = 0;
	for (size_t i = 0; i < event->facet_count; i++)
		if (!event->facets[i]->derived)
			facets[count++] = facet_of(arena, event->facets[i]);
	return (struct act){.facet = facets[0], .beside = facets + 1, .beside_count = count > 0 ? count - 1 : 0};
}

const struct test_field *act_get(const struct act *act, unsigned field)
{
	for (size_t i = 0; i < act->facet.count; i++)
		if (act->facet.fields[i].field == field && !act->facet.fields[i].null)
			return &act->facet.fields[i];
	return NULL;
}

struct text act_text(const struct act *act, unsigned field)
{
	const struct test_field *found = act_get(act, field);
	return found != NULL && found->values.count > 0 ? found->values.items[0] : TEXT("");
}

struct act act_without(struct arena *arena, const struct act *act, unsigned field)
{
	struct act other = *act;
	struct test_field *fields = arena_array(arena, act->facet.count + 1, sizeof *fields);
	size_t count = 0;
	for (size_t i = 0; i < act->facet.count; i++)
		if (act->facet.fields[i].field != field)
			fields[count++] = act->facet.fields[i];
	other.facet.fields = fields;
	other.facet.count = count;
	return other;
}

struct act act_with(struct arena *arena, const struct act *act, unsigned field, const struct text *values, size_t count)
{
	struct act other = *act;
	struct text *copies = arena_array(arena, count + 1, sizeof *copies);
	struct test_field *fields = arena_array(arena, act->facet.count + 1, sizeof *fields);
	size_t at = 0;
	for (size_t i = 0; i < count; i++)
		copies[i] = values[i];
	for (size_t i = 0; i < act->facet.count; i++)
		fields[i] = act->facet.fields[i];
	while (at < act->facet.count && fields[at].field != field)
		at++;
	fields[at] = (struct test_field){.field = field, .values = {copies, count}};
	other.facet.fields = fields;
	other.facet.count = at == act->facet.count ? at + 1 : act->facet.count;
	return other;
}

struct act act_as(struct arena *arena, const struct registry *registry, const struct act *act, unsigned category,
	unsigned action)
{
	struct act other = act_with(arena, act, FIELD_CATEGORY, &registry->categories[category].name, 1);
	other = act_with(arena, &other, FIELD_ACTION, &registry->actions[action].name, 1);
	other = act_without(arena, &other, FIELD_TYPE);
	other.facet.category = category;
	other.facet.action = action;
	return other;
}

const struct texts *act_words(const struct act_fields *fields, const struct act *act)
{
	if (act->format != NULL || act->facet.action != fields->exec || act->facet.category != fields->process_category)
		return NULL;
	const struct test_field *args = act_get(act, fields->args);
	return args != NULL && args->values.count > 0 ? &args->values : NULL;
}

struct act act_of_words(struct arena *arena, const struct act_fields *fields, const struct act *act, const struct text *words,
	size_t count)
{
	const struct texts *old = act_words(fields, act);
	struct act other = act_with(arena, act, fields->args, words, count);
	other = act_without(arena, &other, fields->command_line);
	other = act_without(arena, &other, fields->args_count);
	const struct text name = path_name(words[0]);
	if (old != NULL && text_equal(path_name(old->items[0]), name))
		return other;
	other = act_without(arena, &other, fields->executable);
	other = act_without(arena, &other, fields->thread);
	return act_with(arena, &other, fields->name, &name, 1);
}

struct text act_quoted(struct arena *arena, struct text word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
	bool needs = word.length == 0;
	struct buffer out = {0};
	for (size_t i = 0; i < word.length && !needs; i++)
		needs = word.data[i] == '\0' || strchr(plain, word.data[i]) == NULL;
	if (!needs)
		return word;
	buffer_char(&out, '\'');
	for (size_t i = 0; i < word.length; i++)
		if (word.data[i] == '\'')
			buffer_string(&out, "'\\''");
		else
			buffer_char(&out, word.data[i]);
	buffer_char(&out, '\'');
	struct text quoted = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return quoted;
}

struct text act_joined(struct arena *arena, const struct text *words, size_t count)
{
	struct text *quoted = arena_array(arena, count + 1, sizeof *quoted);
	for (size_t i = 0; i < count; i++)
		quoted[i] = act_quoted(arena, words[i]);
	return text_join(arena, quoted, count, ' ');
}

/* What stands in the test beside the facet that is mutated is not shown: it does not change. */
struct text act_spelled(struct arena *arena, const struct registry *registry, const struct act_fields *fields,
	const struct act *act)
{
	const struct texts *words = act_words(fields, act);
	if (act->format != NULL)
		return act->document;
	if (words != NULL)
		return act_joined(arena, words->items, words->count);
	struct buffer out = {0};
	made_print(&act->facet, registry, &out);
	struct text spelled = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return spelled;
}
