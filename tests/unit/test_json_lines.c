/* json_lines: lines and marks as a look at one byte after the other finds them, at every level of the machine. */
#include "replay/readers/json_text.h"
#include "tests/unit/unit.h"

#include <string.h>

static unsigned pick(uint64_t *state, unsigned count)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*state >> 33) % count;
}

static bool is_set(const uint64_t *words, size_t at)
{
	return words[at / 64] >> at % 64 & 1;
}

static unsigned wrong_in(const struct json_lines *lines, struct text line)
{
	bool control = false;
	unsigned wrong = 0;
	for (size_t i = 0; i < line.length; i++) {
		wrong += is_set(lines->bits.marks, lines->from + i) != (line.data[i] == '"' || line.data[i] == '\\');
		control |= (unsigned char)line.data[i] < 0x20;
	}
	wrong += lines->bits.control != control;
	wrong += lines->bits.bad != !utf8_valid(line);
	return wrong;
}

/* Where the string ends that begins at each place of the line, as it is written. */
static unsigned wrong_ends(const struct json_lines *lines, struct text line)
{
	struct json_text text = {.bits.level = lines->bits.level};
	unsigned wrong = 0;
	json_text_begin_line(&text, lines, NULL);
	for (size_t i = 0; i < line.length; i += 1 + i / 8) {
		size_t end = i;
		bool escaped, slash = false;
		for (; end < line.length && line.data[end] != '"'; end++) {
			slash |= line.data[end] == '\\';
			end += line.data[end] == '\\';
		}
		end = end < line.length ? end : line.length;
		wrong += json_text_close(&text, lines->from + i, &escaped) != lines->from + end || escaped != slash;
	}
	return wrong;
}

static void check_block(struct json_lines *lines, struct text block)
{
	size_t from = 0;
	unsigned wrong = 0;
	json_lines_begin(lines, block);
	while (json_lines_next(lines)) {
		const char *newline = from < block.length ? memchr(block.data + from, '\n', block.length - from) : NULL;
		size_t end = newline ? (size_t)(newline - block.data) : block.length;
		struct text line = text_slice(block, from, end > from && block.data[end - 1] == '\r' ? end - 1 : end);
		struct text got = json_lines_text(lines);
		wrong += from >= block.length || got.data != line.data || got.length != line.length;
		wrong += wrong_in(lines, line) + wrong_ends(lines, line);
		from = end + 1;
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(from >= block.length);
}

/* Runs of what matters, in front of and behind the borders of words. */
static void add_some(struct buffer *text, uint64_t *state)
{
	static const char *const pieces[] = {"\"", "\\", "\\\"", "\n", "\r\n", "\r", "\xc2\xae", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xe2\x82",
		"\xff", "\x01", "{\"key\":\"value\"}", "some text that is longer than others, without anything", "\"\n", "\xed\xa0\x80"};
	const char *piece = pieces[pick(state, sizeof pieces / sizeof *pieces)];
	for (unsigned times = pick(state, 8) ? 1 : pick(state, 140); times--;)
		buffer_string(text, piece);
}

static void test_lines(void)
{
	uint64_t state = 11;
	struct buffer text = {0};
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++) {
		struct json_lines lines = {.bits.level = (enum simd_level)level};
		for (unsigned i = 0; i < 1500; i++) {
			buffer_clear(&text);
			for (unsigned count = pick(&state, 40); count--;)
				add_some(&text, &state);
			buffer_char(&text, 'x'); /* so that there are bytes */
			check_block(&lines, text_slice(buffer_view(&text), 0, text.length - pick(&state, 2)));
		}
		json_lines_free(&lines);
	}
	buffer_free(&text);
}

/* Blocks of more than one piece, with a line that is longer than others would be together. */
static void test_pieces(void)
{
	uint64_t state = 5;
	struct buffer text = {0};
	struct json_lines lines = {.bits.level = simd_level_best()};
	for (unsigned i = 0; i < 30; i++) {
		buffer_clear(&text);
		while (text.length < 300000) {
			add_some(&text, &state);
			for (unsigned more = pick(&state, 400) ? 0 : 4000; more--;)
				buffer_string(&text, "a long line that goes on and on\\\\ and \\\"on ");
		}
		check_block(&lines, buffer_view(&text));
	}
	check_block(&lines, TEXT(""));
	check_block(&lines, TEXT("\n"));
	json_lines_free(&lines);
	buffer_free(&text);
}

/* A text by itself is one, whatever it holds. */
static void test_single(void)
{
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++) {
		struct json_bits bits = {.level = (enum simd_level)level};
		json_bits_find(&bits, TEXT("{\"a\":\"\\\"\"}"));
		CHECK_LONG(bits.marks[0], 1u << 1 | 1u << 3 | 1u << 5 | 1u << 6 | 1u << 7 | 1u << 8);
		CU_ASSERT(!bits.control && !bits.bad);
		json_bits_find(&bits, TEXT("\"\n\"\xc2"));
		CHECK_LONG(bits.marks[0], 1u | 1u << 2);
		CU_ASSERT(bits.control && bits.bad);
		json_bits_mark(&bits, TEXT("a,\"b\\\",c\n"), ',', NULL);
		CHECK_LONG(bits.marks[0], 1u << 1 | 1u << 2 | 1u << 5 | 1u << 6);
		json_bits_mark(&bits, TEXT("\"a\"2b2B2"), '2', NULL); /* its low half is the quote's */
		CHECK_LONG(bits.marks[0], 1u | 1u << 2 | 1u << 3 | 1u << 5 | 1u << 7);
		json_bits_mark(&bits, TEXT("\"\xa7\"'\xa7"), '\xa7', NULL);
		CHECK_LONG(bits.marks[0], 1u | 1u << 1 | 1u << 2 | 1u << 4);
		json_bits_free(&bits);
	}
}

/* A string as it is written, and what it means. */
static void add_string(struct buffer *text, struct buffer *meaning, uint64_t *state)
{
	static const struct {
		const char *written, *meant;
	} pieces[] = {{"\\\\", "\\"}, {"\\\"", "\""}, {"\\n", "\n"}, {"\\/", "/"}, {"\\u20ac", "\xe2\x82\xac"}, {"a", "a"},
		{"C:\\\\Windows\\\\System32", "C:\\Windows\\System32"}, {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
		{"text of some length without any escape in it, so that it goes on for long", "text of some length without any escape in it, so that it goes on for long"}};
	buffer_clear(meaning);
	buffer_char(text, '"');
	for (unsigned count = pick(state, 9), i = 0; i < count; i++) {
		unsigned piece = pick(state, sizeof pieces / sizeof *pieces);
		for (unsigned times = pick(state, 6) ? 1 : pick(state, 70); times--;) {
			buffer_string(text, pieces[piece].written);
			buffer_string(meaning, pieces[piece].meant);
		}
	}
	buffer_string(text, "\"");
}

/* The strings of one text, one after the other; each is what it means, also when those behind it were read. */
static unsigned wrong_strings(enum simd_level level, uint64_t *state, struct arena *arena)
{
	enum { STRINGS = 24 };
	struct json_text text = {.bits.level = level};
	struct buffer written = {0}, meaning = {0};
	struct text meant[STRINGS], got[STRINGS];
	unsigned wrong = 0, count = 1 + pick(state, STRINGS);
	for (unsigned i = 0; i < count; i++) {
		add_string(&written, &meaning, state);
		meant[i] = text_copy(arena, buffer_view(&meaning));
	}
	json_text_begin(&text, text_copy(arena, buffer_view(&written)), arena);
	for (size_t i = 0, at = 0; i < count; i++, at++) {
		size_t again = ++at, passed = at;
		if (pick(state, 8) == 0) /* more room than its string has */
			json_text_string(&text, &again, true, &got[i]);
		wrong += !json_text_string(&text, &at, true, &got[i]) || text.data[at] != '"';
		wrong += !json_text_string(&text, &passed, false, &(struct text){NULL, 0}) || passed != at;
	}
	for (unsigned i = 0; i < count; i++)
		wrong += !text_equal(meant[i], got[i]);
	json_bits_free(&text.bits);
	buffer_free(&written);
	buffer_free(&meaning);
	return wrong;
}

static void test_strings(void)
{
	uint64_t state = 3;
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++)
		for (unsigned i = 0; i < 400; i++) {
			struct arena arena = {0};
			CHECK_LONG(wrong_strings((enum simd_level)level, &state, &arena), 0);
			arena_free(&arena);
		}
}

void suite_json_lines(void);
void suite_json_lines(void)
{
	CU_pSuite suite = unit_suite("json_lines");
	UNIT_TEST(suite, test_lines);
	UNIT_TEST(suite, test_pieces);
	UNIT_TEST(suite, test_single);
	UNIT_TEST(suite, test_strings);
}
