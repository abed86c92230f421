/* counter: chains that count different values (see counter.h). */
#include "replay/engine/counter.h"

#include "catalog/arena.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more; capacities double. */
static void *reserve(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 4;
	return mem_resize(array, *capacity * size);
}

void counter_enter(struct counter *c, struct mark begin, uint64_t came)
{
	c->chains = reserve(c->chains, c->chain_count, &c->chain_capacity, sizeof *c->chains);
	c->chains[c->chain_count++] = (struct counted_chain){begin, came};
}

static size_t find(const struct counter *c, struct text value)
{
	for (size_t i = 0; i < c->value_count; i++)
		if (text_equal((struct text){c->values[i].data, c->values[i].length}, value))
			return i;
	return c->value_count;
}

void counter_see(struct counter *c, struct text value, uint64_t now)
{
	size_t at = find(c, value);
	struct counted_value moved = {NULL, value.length, now};

	if (c->chain_count == 0)
		return;
	if (at == c->value_count) {
		c->values = reserve(c->values, c->value_count, &c->value_capacity, sizeof *c->values);
		moved.data = mem_alloc(value.length);
		if (value.length > 0)
			memcpy(moved.data, value.data, value.length);
		c->value_count++;
	} else {
		moved.data = c->values[at].data;
	}
	memmove(c->values + 1, c->values, at * sizeof *c->values);
	c->values[0] = moved;
}

static size_t seen_since(const struct counter *c, uint64_t came)
{
	size_t count = 0;
	while (count < c->value_count && c->values[count].seen > came)
		count++;
	return count;
}

static void forget_values(struct counter *c)
{
	size_t kept = c->chain_count > 0 ? seen_since(c, c->chains[0].came) : 0;
	while (c->value_count > kept)
		free(c->values[--c->value_count].data);
}

void counter_finish(struct counter *c, size_t wanted, int64_t time, int64_t span, struct mark *done)
{
	size_t kept = 0, last = 0;

	for (size_t i = 0; i < c->chain_count; i++) {
		struct counted_chain chain = c->chains[i];
		size_t seen = seen_since(c, chain.came);
		bool over = chain.begin.time > time || (uint64_t)time - (uint64_t)chain.begin.time > (uint64_t)span;
		if (over)
			continue;
		if (seen >= wanted) {
			*done = chain.begin;
			continue;
		}
		/* Chains stand oldest first, so the one before has seen as much or more. */
		kept -= kept > 0 && seen == last;
		c->chains[kept++] = chain;
		last = seen;
	}
	c->chain_count = kept;
	forget_values(c);
	if (kept == 0)
		counter_clear(c);
}

void counter_clear(struct counter *c)
{
	while (c->value_count > 0)
		free(c->values[--c->value_count].data);
	free(c->values);
	free(c->chains);
	*c = (struct counter){0};
}
