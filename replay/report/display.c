/* display: see display.h. */
#include "replay/report/display.h"

#include <stdlib.h>

struct range {
	uint32_t from, to;
};

/* Unicode 15: East Asian Width W and F, in blocks; unassigned places within a block count with it. */
static const struct range wide[] = {
	{0x1100, 0x115F}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0}, {0x23F3, 0x23F3},
	{0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1},
	{0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5}, {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA},
	{0x26F2, 0x26F3}, {0x26F5, 0x26F5}, {0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B},
	{0x2728, 0x2728}, {0x274C, 0x274C}, {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
	{0x27B0, 0x27B0}, {0x27BF, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55}, {0x2E80, 0x303E},
	{0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
	{0xFE10, 0xFE19}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF},
	{0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
	{0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3},
	{0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC},
	{0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
	{0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
	{0x1F6D5, 0x1F6D7}, {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7EB},
	{0x1F7F0, 0x1F7F0}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
	{0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
};

/* Marks that combine (of the scripts that are met), joiners, selectors of variants. */
static const struct range combining[] = {
	{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
	{0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
	{0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948},
	{0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1160, 0x11FF}, {0x1AB0, 0x1AFF},
	{0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x2060, 0x2060}, {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A},
	{0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

/* Shown as `?`: controls, writing from right to left on demand, lines that end in the middle. */
static const struct range steering[] = {
	{0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

static int compare_range(const void *key, const void *element)
{
	uint32_t code = *(const uint32_t *)key;
	const struct range *range = element;
	return code < range->from ? -1 : code > range->to;
}

static bool within(uint32_t code, const struct range *ranges, size_t count)
{
	return bsearch(&code, ranges, count, sizeof *ranges, compare_range) != NULL;
}
#define WITHIN(code, ranges) within((code), (ranges), sizeof(ranges) / sizeof *(ranges))

/* The code point of `step` well-formed bytes; of one that is no UTF-8 a control. */
static uint32_t code_of(const char *data, size_t step)
{
	static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	unsigned char first = (unsigned char)data[0];
	if (step == 1)
		return first < 0x80 ? first : 0;
	uint32_t code = first & masks[step];
	for (size_t i = 1; i < step; i++)
		code = code << 6 | ((unsigned char)data[i] & 0x3f);
	return code;
}

static size_t columns_of(const char *data, size_t step)
{
	uint32_t code = code_of(data, step);
	if (code < 0x300 || WITHIN(code, steering))
		return 1;
	return WITHIN(code, combining) ? 0 : WITHIN(code, wide) ? 2 : 1;
}

size_t display_width(struct text text)
{
	size_t columns = 0;
	for (size_t at = 0, step; at < text.length; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		columns += columns_of(text.data + at, step);
	}
	return columns;
}

size_t display_head(struct text text, size_t columns)
{
	size_t at = 0;
	for (size_t step, here; at < text.length; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		here = columns_of(text.data + at, step);
		if (here > columns)
			break;
		columns -= here;
	}
	return at;
}

size_t display_tail(struct text text, size_t columns)
{
	size_t all = display_width(text), at = 0;
	for (size_t step; at < text.length && all > columns; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		all -= columns_of(text.data + at, step);
	}
	/* Marks go with the character before them, which is left out. */
	while (at < text.length) {
		size_t step = utf8_step(text.data + at, text.length - at);
		if (columns_of(text.data + at, step))
			break;
		at += step;
	}
	return text.length - at;
}

void display_put(struct text text, FILE *out)
{
	for (size_t at = 0, step; at < text.length; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		if (WITHIN(code_of(text.data + at, step), steering))
			fputc('?', out);
		else
			fwrite(text.data + at, 1, step, out);
	}
}
