/* rotation: see rotation.h. */
#include "replay/readers/rotation.h"

#include "catalog/text.h"

#include <stdlib.h>

/* A file of a log. */
struct part {
	struct text log;   /* the name without what rotation added */
	int64_t age;       /* the higher the older; INT64_MIN: it is the one that is written */
	size_t first;      /* place of the log's first file */
	size_t index;
};

static size_t digits_at_end(struct text text)
{
	size_t count = 0;
	while (count < text.length && text.data[text.length - 1 - count] >= '0' && text.data[text.length - 1 - count] <= '9')
		count++;
	return count;
}

/* audit.log.12.gz: the log audit.log, 12 rotations old; messages-20261101: of that day. */
static struct part part_of(const char *path, size_t index)
{
	static const char *const packed[] = {".gz", ".zst"};
	struct text name = text_of(path);
	struct part part = {.log = name, .age = INT64_MIN, .first = index, .index = index};
	for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
		if (text_ends(name, text_of(packed[i]), false))
			name = text_slice(name, 0, name.length - text_of(packed[i]).length);
	const size_t digits = digits_at_end(name);
	if (digits == 0 || digits > 14 || digits + 1 >= name.length)
		return part;
	const char mark = name.data[name.length - digits - 1];
	int64_t number;
	if (!text_to_long(text_slice(name, name.length - digits, name.length), &number))
		return part;
	if ((mark == '.' && digits <= 4) || (mark == '-' && digits >= 8)) {
		part.log = text_slice(name, 0, name.length - digits - 1);
		part.age = mark == '.' ? number : -number; /* a later day is younger */
	}
	return part;
}

bool rotation_same(const char *one, const char *other)
{
	return text_equal(part_of(one, 0).log, part_of(other, 0).log);
}

static int by_log(const void *a, const void *b)
{
	const struct part *one = a, *other = b;
	int order = text_compare(one->log, other->log);
	return order ? order : (one->index > other->index) - (one->index < other->index);
}

static int by_age(const void *a, const void *b)
{
	const struct part *one = a, *other = b;
	if (one->first != other->first)
		return one->first < other->first ? -1 : 1;
	if (one->age != other->age)
		return one->age > other->age ? -1 : 1;
	return (one->index > other->index) - (one->index < other->index);
}

void rotation_order(const char *const *paths, size_t count, size_t *order)
{
	struct part *parts = mem_alloc((count + 1) * sizeof *parts);
	for (size_t i = 0; i < count; i++)
		parts[i] = part_of(paths[i], i);
	if (count > 0)
		qsort(parts, count, sizeof *parts, by_log);
	for (size_t i = 1; i < count; i++)
		if (text_equal(parts[i].log, parts[i - 1].log))
			parts[i].first = parts[i - 1].first;
	if (count > 0)
		qsort(parts, count, sizeof *parts, by_age);
	for (size_t i = 0; i < count; i++)
		order[i] = parts[i].index;
	free(parts);
}
