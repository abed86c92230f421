/*
 * scap_bytes: a walk over little-endian bytes that never leaves them.
 *
 *   struct scap_bytes bytes = scap_bytes_of(text);
 *   uint32_t length = scap_u32(&bytes);
 *   struct text name = scap_text16(&bytes); // 16 bits of length and as many bytes
 *   if (bytes.failed) …                     // there were fewer; all that was asked for then is 0 or empty
 */
#ifndef MEWS_SCAP_BYTES_H
#define MEWS_SCAP_BYTES_H

#include "catalog/text.h"

struct scap_bytes {
	const uint8_t *at;
	size_t left;
	bool failed;
};

struct scap_bytes scap_bytes_of(struct text text);
struct text scap_take(struct scap_bytes *bytes, size_t count);
uint8_t scap_u8(struct scap_bytes *bytes);
uint16_t scap_u16(struct scap_bytes *bytes);
uint32_t scap_u32(struct scap_bytes *bytes);
uint64_t scap_u64(struct scap_bytes *bytes);
struct text scap_text16(struct scap_bytes *bytes);

/* A number of 1, 2, 4 or 8 bytes; false for any other length. `sign`: the highest bit is one. */
bool scap_number(struct text bytes, bool sign, int64_t *number);
/* What stands before the first NUL. */
struct text scap_until_nul(struct text text);

#endif
