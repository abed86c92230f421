/* alike: see alike.h. */
#include "cli/alike.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 1 << 12, ADDRESS_DIGITS = 9 }; /* no flags are so many */

struct alike {
	bool *aside, *address; /* [registry's field_count]: no value counts; or none that is an address */
	uint64_t *slots;       /* hashes of events, open addressing; 0: free */
	size_t size, count;
};

static const char *const always_new[] = {"@timestamp", "event.id", "entity.id", "process.pid", "process.parent.pid",
	"process.target.pid", "session.id", "file.inode", "audit.exit"};
static const char *const arguments[] = {"audit.a0", "audit.a1", "audit.a2", "audit.a3"};

/* Processes 0 to 2 are the same everywhere, and conditions ask for them. */
static bool is_fixed(struct text number)
{
	return number.length == 1 && number.data[0] >= '0' && number.data[0] <= '2';
}

/* A condition that asks for fixed numbers alone leaves the others aside. */
static void count_asked(const struct predicate *predicate, void *context)
{
	struct alike *alike = context;
	bool fixed = predicate->op == OPERATOR_EQUAL || predicate->op == OPERATOR_NOT_EQUAL || predicate->op == OPERATOR_EXISTS ||
		predicate->op == OPERATOR_MISSING;
	for (size_t i = 0; i < predicate->count; i++)
		fixed = fixed && is_fixed(predicate->values[i].text);
	if (!fixed || predicate->other != FIELD_NONE || predicate->length)
		alike->aside[predicate->field] = alike->aside[predicate->other] = false;
}

static void count_exceptions(struct alike *alike, const struct exception *exceptions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		condition_visit(exceptions[i].condition, count_asked, alike);
}

static void count_detection(struct alike *alike, const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++)
		condition_visit(detection->conditions[i], count_asked, alike);
	for (size_t i = 0; i < detection->target_count; i++)
		if (detection->targets[i].condition != NULL)
			condition_visit(detection->targets[i].condition, count_asked, alike);
	count_exceptions(alike, detection->exceptions, detection->exception_count);
}

static void *zeroed(size_t size)
{
	return memset(mem_alloc(size), 0, size);
}

struct alike *alike_new(const struct catalog *catalog)
{
	const struct registry *registry = &catalog->registry;
	struct alike *alike = mem_alloc(sizeof *alike);
	*alike = (struct alike){.aside = zeroed(registry->field_count * sizeof(bool)),
		.address = zeroed(registry->field_count * sizeof(bool)), .slots = zeroed(SLOTS_FIRST * sizeof(uint64_t)),
		.size = SLOTS_FIRST};
	for (size_t i = 0; i < sizeof always_new / sizeof *always_new; i++)
		alike->aside[registry_field(registry, text_of(always_new[i]))] = true;
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
		alike->address[registry_field(registry, text_of(arguments[i]))] = true;
	for (size_t i = 0; i < catalog->detection_count; i++)
		count_detection(alike, catalog->detections[i]);
	for (size_t i = 0; i < catalog->organization_count; i++)
		count_exceptions(alike, catalog->organizations[i]->exceptions, catalog->organizations[i]->exception_count);
	return alike;
}

void alike_free(struct alike *alike)
{
	if (alike == NULL)
		return;
	free(alike->aside);
	free(alike->address);
	free(alike->slots);
	free(alike);
}

static uint64_t join(uint64_t hash, uint64_t part)
{
	return (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

/* In hexadecimal digits; a negative number has all of them. */
static bool is_address(struct text argument)
{
	return argument.length >= ADDRESS_DIGITS && !text_starts(argument, TEXT("ffffffff"), false);
}

static uint64_t hash_values(const struct alike *alike, unsigned field, const struct values *values)
{
	uint64_t hash = join(field, values->count);
	for (size_t i = 0; i < values->count; i++) {
		struct text text = values->items[i].text;
		if (alike->aside[field] && !is_fixed(text))
			continue;
		hash = join(hash, alike->address[field] && is_address(text) ? 1 : text_hash(text));
	}
	return hash;
}

/* What fields were set in which order is the reader's affair: the sum does not tell. */
static uint64_t hash_facet(const struct alike *alike, const struct facet *facet)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < facet->count; i++)
		if (facet->position[facet->entries[i].field] == i + 1) /* else it was taken back */
			sum += hash_values(alike, facet->entries[i].field, &facet->entries[i].values);
	return join(join(facet->category, facet->action * 2 + facet->derived), sum);
}

static bool add(struct alike *alike, uint64_t hash)
{
	size_t slot = (size_t)hash & (alike->size - 1);
	while (alike->slots[slot] != 0 && alike->slots[slot] != hash)
		slot = (slot + 1) & (alike->size - 1);
	bool known = alike->slots[slot] == hash;
	alike->slots[slot] = hash;
	alike->count += !known;
	return known;
}

static void grow(struct alike *alike)
{
	uint64_t *old = alike->slots;
	size_t size = alike->size;
	alike->size = size * 2;
	alike->count = 0;
	alike->slots = zeroed(alike->size * sizeof *alike->slots);
	for (size_t i = 0; i < size; i++)
		if (old[i] != 0)
			add(alike, old[i]);
	free(old);
}

bool alike_known(struct alike *alike, const struct event *event)
{
	uint64_t hash = event->facet_count;
	for (size_t i = 0; i < event->facet_count; i++)
		hash = join(hash, hash_facet(alike, event->facets[i]));
	if (alike->count * 2 >= alike->size)
		grow(alike);
	return add(alike, hash != 0 ? hash : 1);
}
