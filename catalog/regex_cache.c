/* regex_cache: a chained hash of compiled expressions. */
#include "catalog/regex_cache.h"

#include <stdlib.h>
#include <string.h>

enum { CHAINS = 1024 };

struct entry {
	struct entry *next;
	struct regex *regex; /* NULL: the pattern is none */
	char *pattern;
	size_t length;
	uint64_t hash;
	bool fold;
};

struct regex_cache {
	struct entry *chains[CHAINS];
	size_t count;
};

struct regex_cache *regex_cache_new(void)
{
	struct regex_cache *cache = mem_alloc(sizeof(*cache));
	memset(cache, 0, sizeof(*cache));
	return cache;
}

static void forget(struct regex_cache *cache)
{
	for (size_t i = 0; i < CHAINS; i++) {
		struct entry *next;
		for (struct entry *entry = cache->chains[i]; entry != NULL; entry = next) {
			next = entry->next;
			regex_free(entry->regex);
			free(entry->pattern);
			free(entry);
		}
		cache->chains[i] = NULL;
	}
	cache->count = 0;
}

void regex_cache_free(struct regex_cache *cache)
{
	if (cache == NULL)
		return;
	forget(cache);
	free(cache);
}

static struct entry *make(struct text pattern, bool fold, uint64_t hash)
{
	struct entry *entry = mem_alloc(sizeof(*entry));
	const char *error = NULL;
	size_t offset = 0;

	*entry = (struct entry){.length = pattern.length, .hash = hash, .fold = fold};
	entry->pattern = mem_alloc(pattern.length + 1);
	if (pattern.length > 0)
		memcpy(entry->pattern, pattern.data, pattern.length);
	entry->pattern[pattern.length] = '\0';
	entry->regex = regex_compile((struct text){entry->pattern, pattern.length}, fold, &error, &offset);
	return entry;
}

const struct regex *regex_cache_get(struct regex_cache *cache, struct text pattern, bool fold)
{
	uint64_t hash = text_hash(pattern);
	struct entry **chain = &cache->chains[hash % CHAINS];

	for (struct entry *entry = *chain; entry != NULL; entry = entry->next) {
		if (entry->hash == hash && entry->fold == fold
			&& text_equal((struct text){entry->pattern, entry->length}, pattern))
			return entry->regex;
	}
	if (cache->count >= REGEX_CACHE_MAX)
		forget(cache);
	struct entry *entry = make(pattern, fold, hash);

	entry->next = *chain;
	*chain = entry;
	cache->count++;
	return entry->regex;
}
