/*
 * scap_bytes: numbers and texts, each after asking whether they are there.
 */
#include "replay/readers/scap_bytes.h"

#include <string.h>

struct scap_bytes scap_bytes_of(struct text text)
{
	return (struct scap_bytes){(const uint8_t *)text.data, text.length, false};
}

struct text scap_take(struct scap_bytes *bytes, size_t count)
{
	if (count > bytes->left) {
		bytes->failed = true;
		bytes->left = 0;
		return TEXT("");
	}
	struct text text = {count ? (const char *)bytes->at : "", count};
	if (count)
		bytes->at += count;
	bytes->left -= count;
	return text;
}

static uint64_t number(struct text text)
{
	uint64_t value = 0;
	for (size_t i = text.length; i-- > 0;)
		value = value << 8 | (uint8_t)text.data[i];
	return value;
}

uint8_t scap_u8(struct scap_bytes *bytes)
{
	return (uint8_t)number(scap_take(bytes, 1));
}

uint16_t scap_u16(struct scap_bytes *bytes)
{
	return (uint16_t)number(scap_take(bytes, 2));
}

uint32_t scap_u32(struct scap_bytes *bytes)
{
	return (uint32_t)number(scap_take(bytes, 4));
}

uint64_t scap_u64(struct scap_bytes *bytes)
{
	return number(scap_take(bytes, 8));
}

struct text scap_text16(struct scap_bytes *bytes)
{
	uint16_t length = scap_u16(bytes);
	return scap_take(bytes, length);
}

bool scap_number(struct text bytes, bool sign, int64_t *value)
{
	if (bytes.length != 1 && bytes.length != 2 && bytes.length != 4 && bytes.length != 8)
		return false;
	uint64_t raw = number(bytes);
	unsigned bits = (unsigned)bytes.length * 8;
	if (sign && bits < 64 && raw >> (bits - 1))
		raw |= UINT64_MAX << bits;
	*value = (int64_t)raw;
	return true;
}

struct text scap_until_nul(struct text text)
{
	return text_slice(text, 0, text_find(text, '\0'));
}
