/* encode: UTF-16, base64 and dashes. */
#include "generator/sigma/encode.h"

/* --- UTF-16 --- */

static uint32_t code_at(struct text text, size_t at, size_t step)
{
	const unsigned char *data = (const unsigned char *)text.data + at;
	uint32_t code = step == 1 ? data[0] : data[0] & (0xFFu >> (step + 1));

	for (size_t i = 1; i < step; i++)
		code = code << 6 | (data[i] & 0x3Fu);
	return code;
}

static void add_unit(struct buffer *out, uint32_t unit, bool big)
{
	char high = (char)(unit >> 8 & 0xFF), low = (char)(unit & 0xFF);

	buffer_char(out, big ? high : low);
	buffer_char(out, big ? low : high);
}

struct text encode_utf16(struct arena *arena, struct text text, enum encoding encoding)
{
	struct buffer out = {0};
	bool big = encoding == ENCODE_UTF16BE;

	if (encoding == ENCODE_UTF16)
		add_unit(&out, 0xFEFF, big);
	for (size_t at = 0; at < text.length;) {
		size_t step = utf8_step(text.data + at, text.length - at);
		uint32_t code = code_at(text, at, step);

		if (code > 0xFFFF) {
			add_unit(&out, 0xD800 + ((code - 0x10000) >> 10), big);
			code = 0xDC00 + ((code - 0x10000) & 0x3FF);
		}
		add_unit(&out, code, big);
		at += step;
	}
	struct text bytes = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return bytes;
}

/* --- base64 --- */

struct text encode_base64(struct arena *arena, struct text bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = arena_alloc(arena, (bytes.length + 2) / 3 * 4 + 1);
	size_t length = 0;

	for (size_t i = 0; i < bytes.length; i += 3) {
		size_t left = bytes.length - i;
		uint32_t group = (uint32_t)(unsigned char)bytes.data[i] << 16
			| (left > 1 ? (uint32_t)(unsigned char)bytes.data[i + 1] << 8 : 0)
			| (left > 2 ? (uint32_t)(unsigned char)bytes.data[i + 2] : 0);

		out[length++] = digits[group >> 18];
		out[length++] = digits[group >> 12 & 63];
		out[length++] = left > 1 ? digits[group >> 6 & 63] : '=';
		out[length++] = left > 2 ? digits[group & 63] : '=';
	}
	return (struct text){out, length};
}

struct text encode_base64_offset(struct arena *arena, struct text bytes, size_t offset)
{
	/* Digits that hold bits of what stands before, and of what follows. */
	static const size_t before[] = {0, 2, 3}, behind[] = {0, 3, 2};
	char *shifted = arena_alloc(arena, bytes.length + offset + 1);

	for (size_t i = 0; i < bytes.length + offset; i++)
		shifted[i] = i < offset ? ' ' : bytes.data[i - offset];
	struct text whole = encode_base64(arena, (struct text){shifted, bytes.length + offset});
	size_t cut = behind[(bytes.length + offset) % 3];

	return whole.length < before[offset] + cut ? TEXT("") : text_slice(whole, before[offset], whole.length - cut);
}

/* --- dashes --- */

static bool is_word(char byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '_' || (byte & 0x80);
}

static bool begins_option(struct text text, size_t at)
{
	return (text.data[at] == '-' || text.data[at] == '/') && (at == 0 || !is_word(text.data[at - 1]))
		&& at + 1 < text.length && is_word(text.data[at + 1]);
}

size_t encode_dashes(struct arena *arena, struct text text, struct text **texts)
{
	static const char *const dashes[] = {"-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95"};
	enum { DASHES = sizeof(dashes) / sizeof(*dashes) };
	size_t found = 0, count = 1;

	for (size_t i = 0; i < text.length; i++)
		found += begins_option(text, i);
	if (found > ENCODE_DASHES_MAX)
		return 0;
	for (size_t i = 0; i < found; i++)
		count *= DASHES;
	*texts = arena_array(arena, count, sizeof(**texts));
	for (size_t n = 0; n < count; n++) {
		struct buffer out = {0};
		size_t divisor = count;

		for (size_t i = 0; i < text.length; i++) {
			if (!begins_option(text, i)) {
				buffer_char(&out, text.data[i]);
				continue;
			}
			divisor /= DASHES;
			buffer_string(&out, dashes[n / divisor % DASHES]);
		}
		(*texts)[n] = text_copy(arena, buffer_view(&out));
		buffer_free(&out);
	}
	return count;
}
