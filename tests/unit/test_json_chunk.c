/* json in chunks: what they make together is what the whole makes, also when whole events are asked for later, elsewhere. */
#include "replay/measure/json_write.h"
#include "tests/unit/reading.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 4096 };

struct keep {
	const struct event *events[EVENTS_MAX];
	size_t count;
};

/* A chunk's events, and where it stands. */
struct piece {
	struct arena arena;
	struct reader_chunk chunk;
	struct keep keep;
	struct ledger ledger;
};

struct chunks {
	struct reading r;
	struct reader_plans plans;
	struct piece *pieces[EVENTS_MAX];
	size_t count;
	struct buffer out;
};

static void write_event(struct buffer *out, const struct event *event, uint64_t line)
{
	struct json_write json;
	jsonw_begin(&json, out);
	buffer_printf(out, "%s:%llu %zu ", event->file, (unsigned long long)line, event->facet_count);
	jsonw_event(&json, event_complete(event));
	buffer_char(out, '\n');
}

static int take_now(void *context, struct event *event)
{
	write_event(context, event, event->line);
	return 0;
}

static int take_kept(void *context, struct event *event)
{
	struct keep *keep = context;
	keep->events[keep->count++] = event;
	return 0;
}

static struct piece *read_piece(struct chunks *c, struct text bytes, bool last)
{
	struct piece *piece = mem_alloc(sizeof *piece);
	memset(piece, 0, sizeof *piece);
	piece->chunk = (struct reader_chunk){.arena = &piece->arena, .first = !c->count, .last = last};
	struct reader_options options = c->r.options;
	options.plans = &c->plans;
	options.chunk = &piece->chunk;
	struct input *input = input_of("chunk", bytes);
	CU_ASSERT_EQUAL(reader_read(reader_find(TEXT("json")), input, &options, (struct event_sink){take_kept, &piece->keep},
		&piece->ledger, &c->r.diagnostics), 0);
	input_close(input);
	return piece;
}

static void free_piece(struct piece *piece)
{
	arena_free(&piece->arena);
	ledger_free(&piece->ledger);
	free(piece);
}

/* Chunks of at least `size` bytes; a torn one is read again with what follows. */
static void read_chunks(struct chunks *c, struct text text, size_t size)
{
	for (size_t from = 0, to = 0; from < text.length; from = to) {
		struct piece *piece = NULL;
		do {
			if (piece)
				free_piece(piece);
			to = to + size < text.length ? to + size : text.length;
			to = reader_find(TEXT("json"))->border(text, to);
			piece = read_piece(c, text_slice(text, from, to), to == text.length);
		} while (piece->chunk.torn && to < text.length);
		c->pieces[c->count++] = piece;
	}
}

static void *write_pieces(void *context)
{
	struct chunks *c = context;
	uint64_t lines = 0;
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < c->pieces[i]->keep.count; k++)
			write_event(&c->out, c->pieces[i]->keep.events[k], c->pieces[i]->keep.events[k]->line + lines);
		lines += c->pieces[i]->ledger.lines;
	}
	return NULL;
}

static void check_size(const char *dialect, const char *wanted, struct text text, size_t size)
{
	struct chunks c = {.count = 0};
	struct buffer whole = {0};
	pthread_t thread;
	reading_begin(&c.r, dialect);
	if (wanted) {
		uint8_t *fields = arena_array(&c.r.arena, c.r.catalog.registry.field_count, 1);
		fields[unit_field(&c.r.catalog.registry, wanted)] = 1;
		c.r.options.wanted = fields;
	}
	reader_plans_begin(&c.plans);
	struct input *input = input_of("chunk", text);
	CU_ASSERT_EQUAL(reader_read(reader_find(TEXT("json")), input, &c.r.options, (struct event_sink){take_now, &whole},
		&c.r.ledger, &c.r.diagnostics), 0);
	input_close(input);
	read_chunks(&c, text, size);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, write_pieces, &c), 0);
	pthread_join(thread, NULL);
	CU_ASSERT(text_equal(buffer_view(&c.out), buffer_view(&whole)));
	CU_ASSERT(whole.length > 1000);
	for (size_t i = 0; i < c.count; i++)
		free_piece(c.pieces[i]);
	reader_plans_end(&c.plans);
	buffer_free(&c.out);
	buffer_free(&whole);
	reading_end(&c.r);
}

/* Lines, objects over lines whose own lines begin with braces, escapes, arrays, garbage. */
static void make_text(struct buffer *text)
{
	for (unsigned i = 0; i < 60; i++) {
		buffer_printf(text, "{\"@timestamp\":\"2026-11-01T00:00:%02uZ\",\"event\":{\"category\":[\"process\"],\"action\":\"exec\","
			"\"id\":\"e%u\"},\"process\":{\"pid\":%u,\"name\":\"a\\u0062%u\",\"args\":[\"x\",\"y %u\"]},\"message\":\"m\\n%u\"}\n",
			i, i, i, i, i, i);
		if (i % 7 == 0)
			buffer_printf(text, "{\n\"event\":\n{\n\"category\":\"process\"\n}, \"list\": [\n{\"a\":\n1},\n{\"b\":2}\n], "
				"\"process\": {\"name\": \"long %u\"}}\n", i);
		if (i % 11 == 0)
			buffer_string(text, "garbage\n\n");
	}
}

static void test_sizes(void)
{
	struct buffer text = {0};
	make_text(&text);
	for (size_t size = 1; size < text.length; size = size * 3 + 7) {
		check_size("ecs", NULL, buffer_view(&text), size);
		check_size("ecs", "process.pid", buffer_view(&text), size);
	}
	buffer_free(&text);
}

static void test_border(void)
{
	struct text text = TEXT("{\"a\":\n1}\n{\"b\":2}\n");
	CHECK_LONG(reader_find(TEXT("json"))->border(text, 0), 0);
	CHECK_LONG(reader_find(TEXT("json"))->border(text, 1), 9);
	CHECK_LONG(reader_find(TEXT("json"))->border(text, 9), 9);
	CHECK_LONG(reader_find(TEXT("json"))->border(text, 10), text.length);
}

void suite_json_chunk(void);
void suite_json_chunk(void)
{
	CU_pSuite suite = unit_suite("json_chunk");
	UNIT_TEST(suite, test_border);
	UNIT_TEST(suite, test_sizes);
}
