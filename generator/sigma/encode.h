/*
 * encode: what the modifiers do to the bytes of a text: UTF-16, base64 and the dashes of Windows.
 */
#ifndef MEWS_SIGMA_ENCODE_H
#define MEWS_SIGMA_ENCODE_H

#include "catalog/text.h"

enum encoding { ENCODE_WIDE, ENCODE_UTF16BE, ENCODE_UTF16 /* little endian behind a byte order mark */ };

/* UTF-8 → UTF-16, as bytes. */
struct text encode_utf16(struct arena *arena, struct text text, enum encoding encoding);
struct text encode_base64(struct arena *arena, struct text bytes);
/* What of the base64 of any text around `bytes` does not depend on the neighbours, where `bytes` begins at a multiple of
 * three and `offset` (0 to 2) more. */
struct text encode_base64_offset(struct arena *arena, struct text bytes, size_t offset);

/* The text with each dash that begins an option (- or /, before a word and not behind one) as - / – — ―. Returns how
 * many texts that gives (5 a dash), or 0 where there are more than three dashes. */
enum { ENCODE_DASHES_MAX = 3 };
size_t encode_dashes(struct arena *arena, struct text text, struct text **texts);

#endif
