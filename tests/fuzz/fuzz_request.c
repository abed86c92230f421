/*
 * Any command line, its words separated by NUL, as an exec's arguments. Whatever the words say, a request
 * must keep its promises: a derived container facet, canonical mounts and capabilities, and the same
 * answer when it is asked again.
 */
#include "replay/derive/request.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void load(struct arena *arena, struct registry *registry, struct clients *clients)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	must(yaml_parse_file(arena, "rulesets/fields.yaml", NULL, &d, &documents, &count) == 0);
	must(registry_load(registry, arena, documents, &d) == 0);
	must(yaml_parse_file(arena, "rulesets/clients.yaml", NULL, &d, &documents, &count) == 0);
	must(clients_load(clients, arena, registry, documents, &d) == 0);
	diagnostics_free(&d);
}

static size_t words_of(struct arena *arena, const uint8_t *data, size_t size, struct text **words)
{
	size_t count = 0, from = 0;
	*words = NULL;
	for (size_t i = 0; i <= size; i++) {
		if (i < size && data[i] != 0)
			continue;
		*words = arena_grow(arena, *words, count, sizeof(**words));
		(*words)[count++] = text_copy(arena, (struct text){(const char *)data + from, i - from});
		from = i + 1;
	}
	return count;
}

static void check_each(const struct registry *registry, const struct facet *facet, const char *name,
	void (*check)(struct text value))
{
	const struct values *values = facet_get(facet, registry_field(registry, text_of(name)));
	for (size_t i = 0; values != NULL && i < values->count; i++)
		check(values->items[i].text);
}

static void check_mount(struct text mount)
{
	must(text_ends(mount, TEXT(":rw"), false) || text_ends(mount, TEXT(":ro"), false) ||
		text_ends(mount, TEXT(":unknown"), false));
	must(text_contains(mount, TEXT(":/"), false)); /* the destination is absolute */
}

static void check_capability(struct text capability)
{
	must(text_is(capability, "ALL") || text_starts(capability, TEXT("CAP_"), false));
}

static struct facet *derive(struct arena *arena, const struct registry *registry, const struct clients *clients,
	struct event *event, const struct text *words, size_t count)
{
	bool found;
	event_begin(event, arena, registry);
	unsigned category = registry_category(registry, TEXT("process"), &found);
	struct facet *exec = event_add_facet(event, category, registry_action(registry, category, TEXT("exec")));
	facet_set_texts(event, exec, registry_field(registry, TEXT("process.args")), words, count);
	facet_set_text(event, exec, registry_field(registry, TEXT("process.working_directory")), TEXT("/srv/app"));
	return request_derive(clients, event, exec);
}

static void check_same(const struct facet *a, const struct facet *b)
{
	must(a->count == b->count && a->action == b->action);
	for (size_t i = 0; i < a->count; i++) {
		must(a->entries[i].field == b->entries[i].field && a->entries[i].values.count == b->entries[i].values.count);
		for (size_t j = 0; j < a->entries[i].values.count; j++)
			must(text_equal(a->entries[i].values.items[j].text, b->entries[i].values.items[j].text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Loaded once: the tables are constant, and reading them costs a thousand times a parse. */
	static struct arena tables;
	static struct registry registry;
	static struct clients clients;
	struct arena arena = {0};
	struct event event, again;
	struct text *words;
	if (clients.count == 0)
		load(&tables, &registry, &clients);
	size_t count = words_of(&arena, data, size, &words);
	struct facet *facet = derive(&arena, &registry, &clients, &event, words, count);
	must(event.facet_count == (facet != NULL ? 2 : 1));
	if (facet != NULL) {
		must(facet->derived);
		check_each(&registry, facet, "container.mounts", check_mount);
		check_each(&registry, facet, "container.capabilities.added", check_capability);
		check_same(facet, derive(&arena, &registry, &clients, &again, words, count));
	}
	struct text line = {(const char *)data, size};
	request_split(&arena, line, &words, &count);
	arena_free(&arena);
	return 0;
}
