/*
 * dictionary: keys → numbers, for rows that name what many share.
 *
 *   bool added;
 *   uint64_t number = dictionary_number(&d, TEXT("host:web-1"), &added);   1; added: its row is to be written
 *
 * Memory is bounded: with DICTIONARY_KEYS keys all are forgotten, and whoever comes again gets a new number. Numbers are
 * never given twice. Keys are bytes, and are copied.
 */
#ifndef MEWS_DICTIONARY_H
#define MEWS_DICTIONARY_H

#include "catalog/arena.h"
#include "catalog/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { DICTIONARY_KEYS = 1 << 15 };

struct dictionary_entry {
	struct text key;
	uint64_t hash, number;
};

/* Zeroes are an empty one. */
struct dictionary {
	struct arena arena;
	struct dictionary_entry *slots; /* malloc'd, 2 * DICTIONARY_KEYS at most; open addressing */
	size_t size, count;
	uint64_t newest;                /* number that was given last */
};

uint64_t dictionary_number(struct dictionary *dictionary, struct text key, bool *added);
void dictionary_free(struct dictionary *dictionary);

#endif
