/* json_walk: random and broken texts read as jansson reads them, at every level; its own rules and reasons. */
#include "tests/fuzz/json_oracle.h"
#include "tests/unit/reading.h"

#include <string.h>

struct text_maker {
	uint64_t state;
	struct buffer out;
};

static unsigned pick(struct text_maker *m, unsigned count)
{
	m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(m->state >> 33) % count;
}

static void put_one(struct text_maker *m, const char *const *list, unsigned count)
{
	buffer_string(&m->out, list[pick(m, count)]);
}
#define PUT_ONE(m, list) put_one(m, list, sizeof(list) / sizeof *(list))

static void put_blanks(struct text_maker *m)
{
	static const char *const blanks[] = {"", "", "", "", "", " ", "\t", "\n  ", "\r\n"};
	PUT_ONE(m, blanks);
}

static void put_value(struct text_maker *m, unsigned depth)
{
	static const char *const keys[] = {"a", "b", "c", "a", "b", "r", "x", "y", "z", "0", "1", "a.b", "b.c", "a.0", "a.b.c",
		"", ".a", "\\u0061", "\\\"", "t", "a\\/b", "\xc3\xa4", "a long key that is asked for by nobody at all and passes a word's end"};
	static const char *const scalars[] = {"1", "0", "-0", "-17", "2.5", "7.0", "1e3", "2.50", "1E-2", "0.00", "12345678901234567890",
		"9223372036854775807", "1e400", "true", "false", "null", "\"\"", "\"x\"", "\"\\n\"", "\"\\\\\"", "\"\\\\\\\"y\"", "\"\\u00e4\\ud83d\\ude00\"",
		"\"\\u0000\"", "\"a value that goes on for more than the sixty-four bytes that are looked at at once\"", "\"\xe2\x82\xac\""};
	unsigned kind = depth > 6 ? 0 : pick(m, 10);
	put_blanks(m);
	if (kind < 5) {
		PUT_ONE(m, scalars);
	} else {
		bool object = kind < 8;
		buffer_char(&m->out, object ? '{' : '[');
		put_blanks(m);
		for (unsigned left = pick(m, 5); left; left--) {
			if (object) {
				buffer_char(&m->out, '"');
				PUT_ONE(m, keys);
				buffer_char(&m->out, '"');
				put_blanks(m);
				buffer_char(&m->out, ':');
			}
			put_value(m, depth + 1);
			if (left > 1)
				buffer_char(&m->out, ',');
		}
		buffer_char(&m->out, object ? '}' : ']');
	}
	put_blanks(m);
}

static void put_object(struct text_maker *m)
{
	buffer_clear(&m->out);
	do {
		buffer_clear(&m->out);
		put_value(m, 0);
	} while (!memchr(buffer_view(&m->out).data, '{', m->out.length));
}

/* One to three bytes of the text change, go, or come in. */
static void break_text(struct text_maker *m)
{
	static const char bytes[] = "\"\\{}[]:,0-.eEtnu \n\x01\x7f\x80\xc3\xff";
	for (unsigned left = 1 + pick(m, 3); left && m->out.length > 1; left--) {
		size_t at = pick(m, (unsigned)m->out.length);
		char byte = bytes[pick(m, sizeof bytes)];
		unsigned how = pick(m, 4);
		if (how < 2) {
			m->out.data[at] = how ? byte : (char)(m->out.data[at] ^ (1 << pick(m, 8)));
		} else if (how == 2) {
			memmove(m->out.data + at, m->out.data + at + 1, m->out.length - at - 1);
			m->out.length--;
		} else {
			buffer_char(&m->out, ' ');
			memmove(m->out.data + at + 1, m->out.data + at, m->out.length - at - 1);
			m->out.data[at] = byte;
		}
	}
}

static void show(const char *what, struct text text)
{
	printf("    %s:\n    ", what);
	for (size_t i = 0; i < text.length; i++)
		printf(text.data[i] < ' ' || text.data[i] > '~' ? "\\x%02x" : "%c", (unsigned char)text.data[i]);
	printf("\n");
}

static bool differs(struct json_oracle *oracle, struct arena *arena, struct text text)
{
	arena_reset(arena);
	const char *why = json_oracle_compare(oracle, arena, text);
	if (why)
		show(why, text);
	return why != NULL;
}

/* Each text is read when it is new, when its order of keys was learnt from it, and broken in that order. */
static void test_oracle(void)
{
	struct reading r;
	struct json_oracle oracle;
	struct text_maker maker = {.state = 4};
	struct buffer whole = {0};
	struct arena arena = {0};
	size_t different = 0, good = 0;
	reading_begin(&r, json_oracle_dialect);
	json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
	for (unsigned i = 0; i < 8000 && different < 5; i++) {
		if (i % 25 == 24) { /* what is learnt has an end */
			json_oracle_end(&oracle);
			json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
		}
		put_object(&maker);
		buffer_clear(&whole);
		buffer_text(&whole, buffer_view(&maker.out));
		different += differs(&oracle, &arena, buffer_view(&whole)) + differs(&oracle, &arena, buffer_view(&whole));
		struct record record;
		record_begin(&record, &arena, "", 1);
		good += json_record(oracle.names[0], buffer_view(&whole), &record) == NULL;
		for (unsigned k = 0; k < 4; k++) {
			buffer_clear(&maker.out);
			buffer_text(&maker.out, buffer_view(&whole));
			break_text(&maker);
			different += differs(&oracle, &arena, buffer_view(&maker.out));
		}
	}
	CHECK_LONG(different, 0);
	CU_ASSERT(good > 4000); /* texts that are read, not refused alone */
	json_oracle_end(&oracle);
	buffer_free(&maker.out);
	buffer_free(&whole);
	arena_free(&arena);
	reading_end(&r);
}

/* Orders that were learnt, put together to what is none of them: keys that come twice, ends that are none, other kinds. */
static void test_learnt(void)
{
	static const char *const texts[] = {
		"{\"a\":1,\"b\":2}", "{\"b\":3,\"a\":4}", "{\"a\":1,\"b\":2,\"a\":5}", "{\"b\":1,\"a\":2,\"b\":5}", "{\"a\":1,\"b\":2}}", "{\"a\":1,\"b\":2",
		"{\"a\":[1,2],\"b\":[]}", "{\"b\":[7],\"a\":[8]}", "{\"a\":[1,2],\"b\":[7],\"a\":[8]}", "{\"a\":[1,2,3,4,5],\"b\":[]}",
		"{\"a\":{\"b\":\"x\"},\"x\":0}", "{\"x\":1,\"a\":{\"c\":2}}", "{\"a\":{\"b\":\"x\"},\"x\":0,\"a\":{\"c\":2}}", "{\"a\":{\"b\":\"\\u0061\"},\"x\":0}",
		"{\"r\":{\"a\":\"x\"},\"y\":0}", "{\"y\":0,\"r\":{\"a\":\"x\"}}", "{\"r\":{\"a\":\"x\"},\"y\":0,\"r\":{\"a\":\"x\"}}", "{\"r\":1,\"y\":0,\"r\":{\"a\":\"x\"}}",
		"{\"x\":{},\"a\":null}", "{\"x\":{},\"a\":true}", "{\"x\":{},\"a\":\"\"}", "{\"x\":{},\"a\":-1.50}", "{\"x\":{},\"a\":-}", "{\"x\":{},\"a\":01}",
		"{}", "{}{}", "{}{\"a\":1}", "{\"a\":1}{}", "{\"x\":[{\"y\":[[]]}],\"a\":1}", "{\"x\":[{\"y\":[[]]},{\"y\":[[],[]]}],\"a\":1}", "{\"x\":[{\"y\":[[]]]},\"a\":1}",
	};
	struct reading r;
	struct json_oracle oracle;
	struct arena arena = {0};
	size_t different = 0;
	reading_begin(&r, json_oracle_dialect);
	json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
	for (size_t i = 0; i < 3 * (sizeof texts / sizeof *texts); i++)
		different += differs(&oracle, &arena, text_of(texts[i % (sizeof texts / sizeof *texts)]));
	CHECK_LONG(different, 0);
	json_oracle_end(&oracle);
	arena_free(&arena);
	reading_end(&r);
}

/* Values that stay the same become part of what is learnt: then they change, or something around them does. */
static void test_staying(void)
{
	static const char base[] = "{\"u\":{\"v\":\"one\",\"w\":[1,2,\"x\"],\"k\":null},\"a\":\"A1\",\"s\":{\"t\":\"it stays, for as long as it may\",\"q\":17,"
		"\"z\":true,\"e\":[],\"o\":{}},\"b\":[\"p\",\"q\"],\"m\":\"sta\\ny\",\"x\":-12.50,\"c\":{\"c\":{\"c\":\"deep\",\"d\":1234567890123}},\"n\":{\"o\":\"last\"}}";
	static const char bytes[] = "\"\\{}[],:0a1x ue.-";
	enum { LENGTH = sizeof base - 1 };
	struct reading r;
	struct json_oracle oracle;
	struct arena arena = {0};
	size_t different = 0;
	struct text_maker m = {.state = 7};
	reading_begin(&r, json_oracle_dialect);
	json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
	for (unsigned i = 0; i < 4000; i++) {
		char text[sizeof base];
		memcpy(text, base, sizeof base);
		for (unsigned k = i > 40 && i % 3 ? i % 4 : 0; k > 0; k--)
			text[pick(&m, LENGTH)] = bytes[pick(&m, sizeof bytes - 1)];
		size_t cut = i > 40 && i % 7 == 0 ? pick(&m, 6) : 0, from = pick(&m, LENGTH - 8);
		memmove(text + from, text + from + cut, LENGTH - from - cut);
		arena_reset(&arena);
		different += differs(&oracle, &arena, (struct text){text, LENGTH - cut});
	}
	CHECK_LONG(different, 0);
	json_oracle_end(&oracle);
	arena_free(&arena);
	reading_end(&r);
}

/* A text, and the values of the name `a`, or the reason why it is refused. */
static const struct {
	const char *text, *a, *why;
} cases[] = {
	{"{\"a\":1}", "1", NULL},
	{" {\"a\" : [1, \"x\", null, true, {\"a\":3}] }\n", "1|x|true", NULL},
	{"{\"a\":1.0}", "1", NULL},
	{"{\"a\":-2.500}", "-2.500", NULL},
	{"{\"a\":1e3}", "1000", NULL},
	{"{\"a\":1.5e-7}", "1.5e-7", NULL},
	{"{\"a\":1e999}", "1e999", NULL},
	{"{\"a\":18446744073709551616}", "18446744073709551616", NULL},
	{"{\"a\":\"\\u00e4\\ud83d\\ude00\\/\\\"\"}", "\xc3\xa4\xf0\x9f\x98\x80/\"", NULL},
	{"{\"a\":1,\"a\":2}", "2", NULL},
	{"{\"a\":1,\"a\":{}}", "", NULL},
	{"{\"r\":{\"a\":5}}", "5", NULL},
	{"{\"r\":{\"a\":5},\"r\":{}}", "", NULL},
	{"{\"a\":\"null\"}", "null", NULL},
	{"{\"a\":null}", "", NULL},
	{"", NULL, "it is no JSON object (byte 1)"},
	{"[1]", NULL, "it is no JSON object (byte 1)"},
	{"{\"a\":1", NULL, "the text ends within a value (byte 7)"},
	{"{\"a\":01}", NULL, "a number is none"},
	{"{\"a\":1.}", NULL, "no digit behind its point"},
	{"{\"a\":1e}", NULL, "no digit in its exponent"},
	{"{\"a\":nul}", NULL, "no value begins here (byte 6)"},
	{"{\"a\":\"\\x\"}", NULL, "an escape in a string is none (byte 7)"},
	{"{\"a\":\"\\ud800\"}", NULL, "an escape in a string is none"},
	{"{\"a\":\"\t\"}", NULL, "a control character stands in a string (byte 7)"},
	{"{\"a\":\"\xff\"}", NULL, "a byte is no UTF-8 (byte 7)"},
	{"{\"a\\u0000\":1}", NULL, "a key holds a NUL"},
	{"{\"a\":1}}", NULL, "something stands behind the object (byte 8)"},
	{"{\"a\":1,}", NULL, "a key is expected here (byte 8)"},
	{"{\"a\" 1}", NULL, "a colon is expected here"},
	{"{\"a\":[1 2]}", NULL, "a comma or a bracket is expected here"},
	{"{\"a\":1 \"b\":2}", NULL, "a comma or a brace is expected here"},
};

static void test_cases(void)
{
	struct reading r;
	struct json_oracle oracle;
	reading_begin(&r, json_oracle_dialect);
	json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct record record;
		record_begin(&record, &r.arena, "", 1);
		const char *why = json_record(oracle.names[simd_level_best()], text_of(cases[i].text), &record);
		if (cases[i].why || why) {
			CHECK_CONTAINS(text_of(why ? why : "read"), cases[i].why ? cases[i].why : "read");
			continue;
		}
		const struct raw_value *raw = record_get(&record, NULL, TEXT("a"));
		struct text joined = raw ? text_join(&r.arena, raw->values, raw->count, '|') : TEXT("");
		CHECK_TEXT(joined, cases[i].a);
	}
	json_oracle_end(&oracle);
	reading_end(&r);
}

/* Strings that begin, end and hold escapes at every place of a word and beyond. */
static void test_places(void)
{
	struct reading r;
	struct json_oracle oracle;
	struct buffer text = {0};
	struct arena arena = {0};
	reading_begin(&r, json_oracle_dialect);
	json_oracle_begin(&oracle, &r.catalog, r.options.dialect);
	for (unsigned before = 0; before < 70; before++) {
		for (unsigned slashes = 0; slashes < 8; slashes++) {
			buffer_clear(&text);
			buffer_printf(&text, "{\"x\":\"%*s\",\"a\":\"", (int)before, "");
			for (unsigned i = 0; i < slashes; i++)
				buffer_char(&text, '\\');
			buffer_string(&text, slashes % 2 ? "\"\",\"b\":\"\"}" : "\",\"b\":\"\"}");
			arena_reset(&arena);
			const char *why = json_oracle_compare(&oracle, &arena, buffer_view(&text));
			if (why)
				show(why, buffer_view(&text));
			CU_ASSERT_PTR_NULL(why);
		}
	}
	json_oracle_end(&oracle);
	buffer_free(&text);
	arena_free(&arena);
	reading_end(&r);
}

/* What was left out is there again where somebody asks for the whole event. */
static int take_whole(void *context, struct event *event)
{
	struct buffer *out = context;
	const struct event *whole = event_complete(event);
	for (size_t i = 0; i < whole->facet_count; i++)
		buffer_printf(out, "%zu/%zu %.*s %.*s;", event->facets[i]->count, whole->facets[i]->count,
			TEXT_ARGS(facet_text(whole->facets[i], unit_field(event->registry, "process.name"))),
			TEXT_ARGS(facet_text(whole->facets[i], unit_field(event->registry, "message"))));
	return 0;
}

static void test_complete(void)
{
	struct reading r;
	struct buffer out = {0};
	reading_begin(&r, "ecs");
	uint8_t *wanted = arena_array(&r.arena, r.catalog.registry.field_count, 1);
	wanted[unit_field(&r.catalog.registry, "message")] = 1;
	r.options.wanted = wanted;
	const char *path = unit_file(&r.arena, unit_folder(&r.arena), "input",
		TEXT("{\"event\":{\"category\":\"process\",\"action\":\"exec\"},\"message\":\"m\",\"process\":{\"name\":\"sh\",\"pid\":7}}\n"));
	reader_run(reader_find(TEXT("json")), path, &r.options, (struct event_sink){take_whole, &out}, &r.ledger, &r.diagnostics);
	CHECK_TEXT(buffer_view(&out), "5/7 sh m;");
	buffer_free(&out);
	reading_end(&r);
}

void suite_json_walk(void);
void suite_json_walk(void)
{
	CU_pSuite suite = unit_suite("json_walk");
	UNIT_TEST(suite, test_oracle);
	UNIT_TEST(suite, test_learnt);
	UNIT_TEST(suite, test_staying);
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_places);
	UNIT_TEST(suite, test_complete);
}
