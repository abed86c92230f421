/*
 * shape: how a value stands in a product's records, when it is not simply itself.
 *
 * A dialect names a shape for each field that it maps. Reading (here) turns the raw text into values;
 * writing (generator/bound.c) turns a predicate on the field into bounds on the raw text. Both are
 * rows of tables indexed by `enum shape`, so that neither side can know a shape that the other lacks.
 */
#ifndef MEWS_SHAPE_H
#define MEWS_SHAPE_H

#include "catalog/event.h"

enum shape {
	SHAPE_PLAIN,        /* the value itself; a raw list gives several values */
	SHAPE_JOINED,       /* a list joined by single spaces: reading splits at blanks, which may be wrong */
	SHAPE_SEPARATED,    /* a list joined by `separator`, which no item holds */
	SHAPE_TRUNCATED,    /* cut to `size` bytes */
	SHAPE_BASENAME,     /* the raw value is a path, the field its last component */
	SHAPE_DIRNAME,      /* the raw value is a path, the field its directory */
	SHAPE_MAPPED,       /* raw value → value by `map` (yes: success); what the map lacks is missing */
	SHAPE_PRESENT,      /* boolean: true if the raw value is there, false if it is a missing marker */
	SHAPE_HEX,          /* bytes in hex; NULs become blanks */
	SHAPE_HEX_NUMBER,   /* a number in hex */
	SHAPE_CAPABILITIES, /* a bit mask in hex → CAP_ names */
	SHAPE_CAPABILITIES_FULL, /* a bit mask in hex → is it the whole set? */
	SHAPE_CAPABILITY_NAMES,  /* capability names in any spelling (SYS_ADMIN, cap_sys_admin) → CAP_SYS_ADMIN */
	SHAPE_CAPABILITY_NAMES_FULL, /* such names → are they the whole set? */
	SHAPE_CAPABILITY_WORDS,  /* such names as somebody asked for them, mostly without CAP_; ALL stands as it is */
	SHAPE_SECONDS, SHAPE_MILLISECONDS, SHAPE_MICROSECONDS, SHAPE_NANOSECONDS, /* since 1970; seconds may have a fraction */
	SHAPE_IMAGE_NAME,   /* repository[:tag][@digest] → repository */
	SHAPE_IMAGE_TAG,
	SHAPE_MOUNTS,       /* items `source:destination:word:true|false:propagation` joined by blanks or commas (Falco) */
	SHAPE_CLONE_FLAGS,  /* CLONE_NEW* bits in hex → namespace names; for setns 0 means missing */
	SHAPE_MOUNT_FLAGS,  /* MS_* bits in hex → names */
	SHAPE_BITS_SET,     /* boolean: raw hex number & `size` is not zero */
	SHAPE_POSITIONAL,   /* a list whose items stand under names of their own (a0, a1, …), as far as there are names */
	SHAPE_MOUNT_SOURCE, /* of mounts `source:destination:mode` the source alone */
	SHAPE_IP_ADDRESS,   /* an IP address, in a field that may hold paths elsewhere */
	SHAPE_SOCKET_ADDRESS, SHAPE_SOCKET_IP, SHAPE_SOCKET_PORT, /* of a struct sockaddr in hex (socket.h) */
	SHAPE_ENDPOINT,     /* `source:port->ADDRESS:port`, `kernel->kernel PATH`, `ADDRESS:port` or the address alone */
	SHAPE_COMMAND_LINE, /* arguments joined by blanks, with a blank behind a lone one */
	SHAPE_SLASHED,      /* a directory with a slash behind it */
	SHAPE_QUERY,        /* a URL: the values of its query's parameter `key` (?command=ls&command=-l → ls, -l) */
	SHAPE_DATE,         /* a time written by `layout` (date_layout.h) */
	SHAPE_SHELL_WORDS,  /* a list in one text, its items quoted as for a shell where they need it */
	SHAPE_LOWER,        /* the value in other cases */
	SHAPE_TRUTH,        /* boolean: yes, no, on, off, 1, 0, enabled, disabled in any case */
	SHAPE_BASE64,       /* bytes in base64; NULs become blanks */
	SHAPE_ADDRESS_IP, SHAPE_ADDRESS_PORT, /* of ADDRESS:port, [ADDRESS]:port */
	SHAPE_BINDS,        /* mounts as engines take them: source:destination[:mode] */
	SHAPE_COUNT
};

struct shape_map {
	struct text raw, value;
};

struct shape_use {
	enum shape shape;
	char separator;
	uint64_t size;
	struct text key; /* QUERY: name of the parameter */
	const struct shape_map *map;
	size_t map_count;
	struct text layout; /* DATE */
	bool open; /* MAPPED: a raw value that the map lacks stands for a value all the same, which nobody here knows */
};

/* The name as dialect files write it, and one line of documentation. */
const char *shape_name(enum shape shape);
const char *shape_about(enum shape shape);
bool shape_from_name(struct text name, enum shape *shape);

/* Raw values (one, or several of a raw list) → the field, set in the facet. false where they do not fit. */
bool shape_read(const struct shape_use *use, struct event *event, struct facet *facet, unsigned field,
	const struct text *raw, size_t count);

/* Are the raw values the field's values as they stand? */
bool shape_is_plain(enum shape shape);
/* The value of a raw word by a map; `*` stands for any word. */
bool shape_map_find(const struct shape_map *map, size_t count, struct text raw, struct text *value);

/* A raw time by its shape (seconds … nanoseconds, date; else RFC 3339 or seconds). false: no time. */
bool shape_time(const struct shape_use *use, struct text raw, int64_t *nanoseconds);
/* Is it read as dates are everywhere (date_parse)? */
bool shape_time_is_plain(const struct shape_use *use);

/* Capabilities: CAP_SYS_ADMIN ↔ 21. Names in any spelling; "ALL" is no single bit (-1 as unknown is). */
int capability_bit(struct text name);
const char *capability_name(unsigned bit); /* NULL beyond the last */
bool capability_mask_full(uint64_t mask);

#endif
