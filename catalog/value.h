/*
 * value: one value of a field.
 *
 * Which member counts follows from the field's type: keyword → text; long, date → number (a date is
 * nanoseconds since 1970 UTC); boolean → truth; ip → text as written and `ip`.
 */
#ifndef MEWS_VALUE_H
#define MEWS_VALUE_H

#include "catalog/registry.h"

struct ip {
	uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
};

struct value {
	struct text text; /* canonical text of every value, whatever its type */
	union {
		int64_t number;
		bool truth;
		struct ip ip;
	};
};

/* Text → value of a type. false where the text is none of it. The text is not copied and stays as given
 * (booleans, which fold case, get `true` or `false`); facet_set_text makes numbers and dates canonical. */
bool value_parse(enum value_type type, struct text text, struct value *value);
/* Dates: RFC 3339 with any number of fraction digits (cut after nine), also without a zone (UTC); a date
 * alone; seconds since 1970 with fraction. false outside of what 64 bits of nanoseconds hold (1677–2262). */
bool date_parse(struct text text, int64_t *nanoseconds);
/* RFC 3339 in UTC with as many fraction digits as needed (0, 3, 6 or 9). `out` has at least 32 bytes. */
size_t date_format(int64_t nanoseconds, char *out);

bool ip_parse(struct text text, struct ip *ip);
struct cidr {
	struct ip network;
	unsigned bits; /* of 128 */
};
bool cidr_parse(struct text text, struct cidr *cidr); /* host bits must be zero; an address alone is /32 or /128 */
bool cidr_holds(const struct cidr *cidr, const struct ip *ip);

int value_compare(enum value_type type, const struct value *a, const struct value *b);

#endif
