/*
 * hash: SHA-256 and name-based UUIDs, by nettle. Declared in catalog/catalog.h.
 */
#include "catalog/catalog.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>

static void to_hex(const uint8_t *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < count; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

void sha256_hex(struct text text, char out[65])
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_init(&context);
	if (text.length)
		sha256_update(&context, text.length, (const uint8_t *)text.data);
	sha256_digest(&context, sizeof digest, digest);
	to_hex(digest, sizeof digest, out);
}

/* The 16 bytes of a UUID's 32 hex digits; what is no hex digit is passed over. */
static void uuid_bytes(struct text uuid, uint8_t bytes[16])
{
	size_t digits = 0;
	for (size_t i = 0; i < uuid.length && digits < 32; i++) {
		uint64_t digit;
		if (!text_to_ulong_base(text_slice(uuid, i, i + 1), 16, &digit))
			continue;
		bytes[digits / 2] = (uint8_t)(bytes[digits / 2] << 4 | (uint8_t)digit);
		digits++;
	}
}

void uuid5(struct text namespace_uuid, struct text name, char out[37])
{
	static const uint8_t groups[] = {4, 2, 2, 2, 6};
	struct sha1_ctx context;
	uint8_t space[16] = {0}, digest[SHA1_DIGEST_SIZE];
	uuid_bytes(namespace_uuid, space);
	sha1_init(&context);
	sha1_update(&context, sizeof space, space);
	if (name.length)
		sha1_update(&context, name.length, (const uint8_t *)name.data);
	sha1_digest(&context, sizeof digest, digest);
	digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50);
	digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
	const uint8_t *from = digest;
	for (size_t i = 0; i < sizeof groups; i++) {
		to_hex(from, groups[i], out);
		from += groups[i];
		out += 2 * groups[i];
		*out++ = i + 1 < sizeof groups ? '-' : '\0';
	}
}
