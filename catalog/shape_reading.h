/*
 * shape_reading: what the functions behind the rows of shape.c share, and those that stand in a file of their own.
 *
 * Each takes the raw values (at least one) and sets the field in the facet. false, and one more of the event's unfilled
 * values, where they do not fit.
 */
#ifndef MEWS_SHAPE_READING_H
#define MEWS_SHAPE_READING_H

#include "catalog/shape.h"

struct reading {
	const struct shape_use *use;
	struct event *event;
	struct facet *facet;
	unsigned field;
};

bool reading_unfit(const struct reading *r); /* counts; false */
bool reading_is_list(const struct reading *r);
/* One value; the empty text is a missing one, not a fault. */
bool reading_set_text(const struct reading *r, struct text text);
/* Several; the first where the field is no list. */
bool reading_set_texts(const struct reading *r, const struct text *texts, size_t count);
bool reading_set_time(const struct reading *r, int64_t nanoseconds);

bool shape_read_date(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_shell_words(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_lower(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_truth(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_base64(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_address_ip(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_address_port(const struct reading *r, const struct text *raw, size_t count);
bool shape_read_binds(const struct reading *r, const struct text *raw, size_t count);

#endif
