/* input: lines, whatever they are packed in; and what is wrong with damaged files. */
#include "replay/readers/input.h"
#include "tests/unit/unit.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

struct fixture {
	struct arena arena;
	struct diagnostics d;
	const char *folder;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->folder = unit_folder(&f->arena);
}

static void end(struct fixture *f)
{
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

/* All lines joined by |, then how it ended. */
static struct text lines_of(struct fixture *f, struct text content)
{
	struct buffer out = {0};
	struct input_line line;
	struct input *input = input_open(unit_file(&f->arena, f->folder, "in", content), &f->d);
	int got = -1;
	uint64_t number = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(input);
	while ((got = input_next(input, &line, &f->d)) > 0) {
		CHECK_LONG(line.number, ++number);
		buffer_printf(&out, "%.*s|", TEXT_ARGS(line.text));
	}
	buffer_printf(&out, "%d", got);
	input_close(input);
	struct text text = text_copy(&f->arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void test_lines(void)
{
	static const char *const cases[][2] = {
		{"", "0"}, {"\n", "|0"}, {"a", "a|0"}, {"a\n", "a|0"}, {"a\r\nb\n\nc", "a|b||c|0"},
		{"\xef\xbb\xbf" "a\nb", "a|b|0"}, {"\xef\xbb" "a\n", "\xef\xbb" "a|0"}, {"\r", "|0"},
	};
	struct fixture f;
	begin(&f);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(lines_of(&f, text_of(cases[i][0])), cases[i][1]);
	end(&f);
}

/* Whatever is passed over, the line behind it is the one that reading line by line gives. */
static void test_pass(void)
{
	struct fixture f;
	struct input_line line;
	begin(&f);
	const char *path = unit_file(&f.arena, f.folder, "in", TEXT("\xef\xbb\xbf" "a\r\n\nbb\nccc"));
	static const char *const lines[] = {"a", "", "bb", "ccc"};
	for (uint64_t number = 0; number < 8; number++) {
		struct input *input = input_open(path, &f.d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(input);
		input_pass(input, number, &f.d);
		for (uint64_t next = number ? number : 1; next <= 4; next++) {
			CHECK_LONG(input_next(input, &line, &f.d), 1);
			CHECK_LONG(line.number, next);
			CHECK_TEXT(line.text, lines[next - 1]);
			input_pass(input, 1, &f.d); /* it came already */
		}
		CHECK_LONG(input_next(input, &line, &f.d), 0);
		input_close(input);
	}
	end(&f);
}

static struct text gzipped(struct arena *arena, struct text content)
{
	z_stream z = {0};
	size_t room = content.length + 1000;
	char *out = arena_alloc(arena, room);
	CU_ASSERT_EQUAL_FATAL(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)arena_strndup(arena, content.data, content.length);
	z.avail_in = (unsigned)content.length;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)room;
	CU_ASSERT_EQUAL_FATAL(deflate(&z, Z_FINISH), Z_STREAM_END);
	size_t length = z.total_out;
	deflateEnd(&z);
	return (struct text){out, length};
}

static struct text zstd(struct arena *arena, struct text content)
{
	size_t room = ZSTD_compressBound(content.length);
	char *out = arena_alloc(arena, room);
	return (struct text){out, ZSTD_compress(out, room, content.data, content.length, 3)};
}

static struct text twice(struct arena *arena, struct text text)
{
	char *both = arena_alloc(arena, 2 * text.length);
	memcpy(both, text.data, text.length);
	memcpy(both + text.length, text.data, text.length);
	return (struct text){both, 2 * text.length};
}

static void test_packed(void)
{
	struct fixture f;
	begin(&f);
	struct text (*const packers[])(struct arena *, struct text) = {gzipped, zstd};
	for (size_t i = 0; i < 2; i++) {
		struct text packed = packers[i](&f.arena, TEXT("one\ntwo\n"));
		CHECK_TEXT(lines_of(&f, packed), "one|two|0");
		/* Members and frames that follow each other are one text. */
		CHECK_TEXT(lines_of(&f, twice(&f.arena, packed)), "one|two|one|two|0");
		CHECK_TEXT(lines_of(&f, packers[i](&f.arena, TEXT(""))), "0");
		CU_ASSERT_EQUAL(f.d.errors, 0);
		/* Cut short, it is an error after what could be read. */
		CU_ASSERT(text_ends(lines_of(&f, text_slice(packed, 0, packed.length - 5)), TEXT("-1"), false));
		CU_ASSERT(f.d.errors > 0);
		diagnostics_free(&f.d);
	}
	CU_ASSERT(text_ends(lines_of(&f, TEXT("\x1f\x8b\x08 nonsense nonsense")), TEXT("-1"), false));
	CU_ASSERT(text_ends(lines_of(&f, TEXT("\x28\xb5\x2f\xfd nonsense nonsense")), TEXT("-1"), false));
	end(&f);
}

static struct text joined(struct arena *arena, struct text a, struct text b)
{
	char *both = arena_alloc(arena, a.length + b.length + 1);
	memcpy(both, a.data, a.length);
	memcpy(both + a.length, b.data, b.length);
	return (struct text){both, a.length + b.length};
}

/* What was unpacked before the fault is read, the fault is told once, and zeroes behind a member are none. */
static void test_damaged(void)
{
	struct fixture f;
	begin(&f);
	struct text packed = gzipped(&f.arena, TEXT("one\ntwo\nthree"));
	CHECK_TEXT(lines_of(&f, text_slice(packed, 0, packed.length - 8)), "one|two|three|-1");
	CHECK_LONG(f.d.errors, 1);
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "the gzip data ends too early");
	diagnostics_free(&f.d);
	CHECK_TEXT(lines_of(&f, joined(&f.arena, packed, (struct text){"\0\0\0\0\0\0", 6})), "one|two|three|0");
	CHECK_TEXT(lines_of(&f, joined(&f.arena, joined(&f.arena, packed, (struct text){"\0", 1}), packed)), "one|two|threeone|two|three|0");
	CHECK_LONG(f.d.errors, 0);
	CHECK_TEXT(lines_of(&f, joined(&f.arena, packed, TEXT("words"))), "one|two|three|-1");
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "behind the gzip data stands something else");
	diagnostics_free(&f.d);
	struct text frame = zstd(&f.arena, TEXT("one\ntwo\nthree"));
	CU_ASSERT(text_ends(lines_of(&f, joined(&f.arena, frame, TEXT("words that are no frame"))), TEXT("three|-1"), false));
	CHECK_LONG(f.d.errors, 1);
	end(&f);
}

/* Bytes in memory are read as a file is. */
static void test_memory(void)
{
	struct fixture f;
	struct input_line line;
	begin(&f);
	struct text packed = gzipped(&f.arena, TEXT("\xef\xbb\xbf" "one\ntwo\n"));
	struct input *input = input_of("name", packed);
	CHECK_LONG(input_next(input, &line, &f.d), 1);
	CHECK_TEXT(line.text, "one");
	CHECK_LONG(input_next(input, &line, &f.d), 1);
	CHECK_LONG(input_next(input, &line, &f.d), 0);
	CU_ASSERT_FALSE(input_broken(input));
	CHECK_TEXT(text_of(input_name(input)), "name");
	input_close(input);
	end(&f);
}

static void test_long_lines(void)
{
	struct fixture f;
	struct input_line line;
	begin(&f);
	size_t length = INPUT_LINE_MAX + 100000u;
	char *content = arena_alloc(&f.arena, length + 8);
	memset(content, 'x', length);
	memcpy(content + length, "\nnext\n", 6);
	struct input *input = input_open(unit_file(&f.arena, f.folder, "long", (struct text){content, length + 6}), &f.d);
	CHECK_LONG(input_next(input, &line, &f.d), 1);
	CU_ASSERT(line.too_long);
	CHECK_LONG(line.text.length, INPUT_LINE_MAX);
	CHECK_LONG(input_next(input, &line, &f.d), 1);
	CU_ASSERT_FALSE(line.too_long);
	CHECK_TEXT(line.text, "next");
	CHECK_LONG(line.number, 2);
	CHECK_LONG(input_next(input, &line, &f.d), 0);
	CHECK_LONG(input_bytes(input), length + 6);
	input_close(input);
	end(&f);
}

static void test_rest(void)
{
	struct fixture f;
	struct input_line line;
	struct text rest;
	begin(&f);
	const char *path = unit_file(&f.arena, f.folder, "rest", TEXT("first\nsecond\nthird"));
	struct input *input = input_open(path, &f.d);
	CHECK_TEXT(text_of(input_name(input)), path);
	CHECK_LONG(input_next(input, &line, &f.d), 1);
	CHECK_LONG(input_rest(input, &f.arena, 0, &rest, &f.d), 0);
	CHECK_TEXT(rest, "second\nthird");
	CHECK_LONG(input_next(input, &line, &f.d), 0);
	input_close(input);
	input = input_open(path, &f.d);
	CHECK_LONG(input_rest(input, &f.arena, 5, &rest, &f.d), -1);
	CHECK_TEXT(rest, ""); /* nothing of the one before */
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "more than 5 bytes");
	input_close(input);
	CU_ASSERT_PTR_NULL(input_open(arena_printf(&f.arena, "%s/none", f.folder), &f.d));
	CHECK_CONTAINS(unit_printed(&f.arena, &f.d), "cannot open it");
	CU_ASSERT_PTR_NOT_NULL_FATAL(input = input_open(f.folder, &f.d)); /* a folder opens, but cannot be read */
	CHECK_LONG(input_next(input, &line, &f.d), -1);
	input_close(input);
	end(&f);
}

void suite_input(void);
void suite_input(void)
{
	CU_pSuite suite = unit_suite("input");
	UNIT_TEST(suite, test_lines);
	UNIT_TEST(suite, test_pass);
	UNIT_TEST(suite, test_packed);
	UNIT_TEST(suite, test_damaged);
	UNIT_TEST(suite, test_memory);
	UNIT_TEST(suite, test_long_lines);
	UNIT_TEST(suite, test_rest);
}
