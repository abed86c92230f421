/*
 * names: sorted into buckets by first byte.
 */
#include "replay/derive/names.h"

#include <stdlib.h>
#include <string.h>

static struct name name_of(struct text item)
{
	bool prefix = item.length > 0 && item.data[item.length - 1] == '*';
	return (struct name){prefix ? text_slice(item, 0, item.length - 1) : item, prefix};
}

void names_make(struct names *names, const struct text *items, size_t count)
{
	uint16_t filled[256];
	*names = (struct names){.items = mem_alloc((count + 1) * sizeof *names->items)};
	for (size_t i = 0; i < count; i++) {
		struct name name = name_of(items[i]);
		names->any = names->any || (name.prefix && name.stem.length == 0);
		if (name.stem.length > 0)
			names->begin[(unsigned char)name.stem.data[0] + 1]++;
	}
	for (size_t i = 0; i < 256; i++) {
		filled[i] = names->begin[i];
		names->begin[i + 1] = (uint16_t)(names->begin[i + 1] + names->begin[i]);
	}
	for (size_t i = 0; i < count; i++) {
		struct name name = name_of(items[i]);
		if (name.stem.length == 0)
			continue;
		size_t first = (unsigned char)name.stem.data[0], bit = name.stem.length < NAMES_LONG ? name.stem.length : NAMES_LONG;
		names->items[filled[first]++] = name;
		names->lengths[first] |= name.prefix ? ~UINT32_C(0) << bit : UINT32_C(1) << bit;
	}
}

void names_free(struct names *names)
{
	free(names->items);
	*names = (struct names){.items = NULL};
}

bool names_look(const struct names *names, struct text word)
{
	size_t first = (unsigned char)word.data[0];
	for (size_t i = names->begin[first]; i < names->begin[first + 1]; i++) {
		const struct name *name = &names->items[i];
		bool fits = name->prefix ? word.length >= name->stem.length : word.length == name->stem.length;
		if (fits && memcmp(word.data, name->stem.data, name->stem.length) == 0)
			return true;
	}
	return false;
}
