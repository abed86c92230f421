/* recipes: what they make of a record is what meaning.c makes of it. */
#include "replay/readers/json_record.h"
#include "replay/readers/recipes.h"
#include "tests/unit/reading.h"

#include <inttypes.h>
#include <string.h>

static unsigned pick(uint64_t *state, unsigned count)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*state >> 33) % count;
}

/* All that is in an event, in its order. */
static void write_event(struct buffer *out, const struct event *event)
{
	buffer_printf(out, "%" PRId64 " %.*s %.*s unfilled %u other %d records %u\n", event->time, TEXT_ARGS(event->id),
		TEXT_ARGS(event->label), event->unfilled, event->other, event->records);
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		buffer_printf(out, " %u.%u %u %d:", facet->category, facet->action, facet->record, facet->derived);
		for (size_t k = 0; k < facet->count; k++) {
			const struct facet_entry *entry = &facet->entries[k];
			const struct field *field = &event->registry->fields[entry->field];
			CU_ASSERT(facet->position[entry->field] == k + 1);
			buffer_printf(out, " %.*s", TEXT_ARGS(field->name));
			for (size_t n = 0; n < entry->values.count; n++) {
				const struct value *value = &entry->values.items[n];
				buffer_printf(out, "[%.*s", TEXT_ARGS(value->text));
				if (field->type == TYPE_LONG || field->type == TYPE_DATE)
					buffer_printf(out, "|%" PRId64, value->number);
				if (field->type == TYPE_BOOLEAN)
					buffer_printf(out, "|%d", value->truth);
				buffer_char(out, ']');
			}
		}
		buffer_char(out, '\n');
	}
}

struct both {
	struct json_names *names[2]; /* by recipes; by meaning.c */
	const struct record_plan *plan;
	struct arena arena;
	struct buffer out[2];
	uint64_t made, all;
	struct json_lines lines; /* for the first way: the object is the line at hand */
	bool lined;
};

static void read_way(struct both *b, const struct reader_options *options, struct text object, size_t way)
{
	struct record record;
	const char *why;
	record_begin(&record, &b->arena, "f", 1);
	buffer_clear(&b->out[way]);
	struct event *event = json_event(b->names[way], object, !way && b->lined ? &b->lines : NULL, &record, &why);
	b->made += event != NULL;
	if (!event && !why) {
		event = arena_alloc(&b->arena, sizeof *event);
		event_begin(event, &b->arena, &options->catalog->registry);
		record_mean(&record, b->plan, event);
		const struct raw_value *label = options->label_name.length ? record_get(&record, NULL, options->label_name) : NULL;
		if (event->facet_count && label && label->count)
			event->label = label->values[0];
	}
	if (event)
		write_event(&b->out[way], event);
	else
		buffer_string(&b->out[way], why);
}

static void compare(struct both *b, const struct reader_options *options, struct text object)
{
	b->all++;
	for (size_t way = 0; way < 2; way++)
		read_way(b, options, object, way);
	bool same = text_equal(buffer_view(&b->out[0]), buffer_view(&b->out[1]));
	CU_ASSERT(same);
	if (!same)
		printf("\n%.*s\nby recipe\n%.*sby meaning\n%.*s", TEXT_ARGS(object), TEXT_ARGS(buffer_view(&b->out[0])),
			TEXT_ARGS(buffer_view(&b->out[1])));
}

/* A text that the dialect's tests ask of a name, or an empty one. */
static struct text asked_of(const struct dialect *dialect, struct text name, uint64_t *state)
{
	struct text chosen = {0};
	unsigned seen = 0;
	for (size_t g = 0; g < dialect->group_count; g++) {
		const struct dialect_group *group = &dialect->groups[g];
		for (size_t e = 0; e <= group->event_count; e++) {
			const struct dialect_match *matches = e < group->event_count ? group->events[e].matches : group->when;
			size_t count = e < group->event_count ? group->events[e].match_count : group->when_count;
			for (size_t i = 0; i < count; i++)
				for (size_t k = 0; k < matches[i].count && text_equal(matches[i].name, name); k++)
					if (!pick(state, ++seen))
						chosen = matches[i].values[k];
		}
	}
	return chosen;
}

static void write_string(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++)
		buffer_printf(out, strchr("\"\\", text.data[i]) ? "\\%c" : "%c", text.data[i]);
	buffer_char(out, '"');
}

static void write_value(struct buffer *out, const struct dialect *dialect, struct text name, uint64_t *state, unsigned depth)
{
	static const char *const values[] = {"\"\"", "\"-\"", "7", "-0", "007x", "12345678901234567890", "1.5", "true", "false", "null",
		"\"/usr//bin/./sh\"", "\"/var/run/docker.sock\"", "\"relative/path\"", "\"2026-11-01T00:00:00.468Z\"",
		"\"2026-11-01T00:00:00+02:00\"", "\"2026-11-01T00:00:59Z\"", "\"2026-11-01T00:00:60Z\"", "\"2026-11-01T00:00:05.Z\"",
		"\"2026-11-01T00:00:05.1234567891Z\"", "\"2026-11-01T00:00:07.123456789Z\"", "\"2026-11-01T00:00:0xZ\"", "\"2026-11-01T00:00:1.5Z\"",
		"\"2026-11-01 00:00:07Z\"", "\"2262-04-11T23:47:16.8Z\"", "\"2262-04-11T23:47:17Z\"", "\"1677-09-21T00:12:44Z\"",  "\"10.0.0.1\"", "\"::1\"", "\"no address\"", "\"a\\u0062c\\n\"", "\"True\"", "\"0x1f\"",
		"\"1700000000123456789\"", "\"a b  c\"", "\"a,b\"", "{}", "\"+7\"", "\"0042\"", "\"docker.io/library/alpine:3.20\""};
	struct text text = asked_of(dialect, name, state);
	unsigned choice = pick(state, 12);
	if (choice < 6 && text.length) {
		write_string(out, text);
	} else if (choice == 6 && dialect->missing_count) {
		write_string(out, dialect->missing[pick(state, (unsigned)dialect->missing_count)]);
	} else if (choice == 7 && !depth) {
		buffer_char(out, '[');
		for (unsigned i = 0, count = pick(state, 4); i < count; i++) {
			buffer_string(out, i ? "," : "");
			write_value(out, dialect, name, state, 1);
		}
		buffer_char(out, ']');
	} else {
		unsigned value = pick(state, sizeof values / sizeof *values);
		buffer_string(out, strcmp(values[value], "007x") == 0 ? "\"007x\"" : strcmp(values[value], "-0") == 0 ? "\"-0\"" : values[value]);
	}
}

enum { NAMES = 40 };

/* Names of a record, and values that a test asks for; empty: any. */
struct shape_of {
	struct text names[NAMES], values[NAMES];
	unsigned count;
};

static void add_name(struct shape_of *shape, struct text name, struct text value)
{
	for (unsigned i = 0; i < shape->count; i++)
		if (text_equal(shape->names[i], name)) {
			shape->values[i] = value.length ? value : shape->values[i];
			return;
		}
	if (shape->count == NAMES)
		return;
	shape->names[shape->count] = name;
	shape->values[shape->count++] = value;
}

static void add_matches(struct shape_of *shape, const struct dialect_match *matches, size_t count, uint64_t *state)
{
	for (size_t i = 0; i < count; i++)
		if (matches[i].kind == MATCH_EQUAL)
			add_name(shape, matches[i].name, matches[i].values[pick(state, (unsigned)matches[i].count)]);
		else if (matches[i].kind == MATCH_PRESENT)
			add_name(shape, matches[i].name, TEXT("there"));
}

/* Mostly what some event of the dialect asks for, and some names that its group's rows read. */
static void make_shape(struct shape_of *shape, const struct both *b, const struct dialect *dialect, uint64_t *state)
{
	const struct dialect_group *group = &dialect->groups[pick(state, (unsigned)dialect->group_count)];
	shape->count = 0;
	if (group->event_count && pick(state, 8)) {
		const struct dialect_event *event = &group->events[pick(state, (unsigned)group->event_count)];
		add_matches(shape, group->when, group->when_count, state);
		add_matches(shape, event->matches, event->match_count, state);
	}
	for (unsigned i = pick(state, 20); i > 0 && group->field_count; i--) {
		const struct dialect_field *field = &group->fields[pick(state, (unsigned)group->field_count)];
		if (field->name_count)
			add_name(shape, field->names[pick(state, (unsigned)field->name_count)], TEXT(""));
	}
	for (unsigned i = pick(state, 3); i > 0; i--)
		add_name(shape, b->plan->names[1 + pick(state, (unsigned)b->plan->name_count)], TEXT(""));
}

/* Records of one set of names; half of them with the values of one chance. */
static void try_shape(struct both *b, const struct reader_options *options, uint64_t *state)
{
	enum { SAME = 6 };
	struct shape_of shape;
	struct buffer text = {0};
	make_shape(&shape, b, options->dialect, state);
	uint64_t chance = *state;
	for (unsigned round = 0; round < SAME; round++) {
		uint64_t values = round % 2 ? chance : *state + round;
		buffer_clear(&text);
		buffer_char(&text, '{');
		for (unsigned i = 0; i < shape.count; i++) {
			buffer_string(&text, i ? "," : "");
			write_string(&text, shape.names[i]);
			buffer_char(&text, ':');
			if (shape.values[i].length && pick(&values, 8))
				write_string(&text, shape.values[i]);
			else
				write_value(&text, options->dialect, shape.names[i], &values, 0);
		}
		buffer_char(&text, '}');
		arena_reset(&b->arena);
		compare(b, options, buffer_view(&text));
	}
	buffer_free(&text);
}

/* Does the dialect have any? Then at least that share (in percent) must be made by them. */
static void try_dialect(const char *dialect, bool some_wanted, unsigned least)
{
	struct reading r;
	struct both both = {0}, *b = &both;
	struct reader_plans plans;
	uint64_t state = 42;
	reading_begin(&r, dialect);
	reader_plans_begin(&plans);
	r.options.plans = &plans;
	r.options.label_name = TEXT("event.kind");
	uint8_t *wanted = arena_array(&r.arena, r.catalog.registry.field_count, 1);
	for (size_t i = 0; i < r.catalog.registry.field_count; i++)
		wanted[i] = pick(&state, 2) == 0;
	r.options.wanted = some_wanted ? wanted : NULL;
	for (size_t way = 0; way < 2; way++)
		b->names[way] = json_names_new(&r.options);
	json_names_hurry(b->names[1], false);
	b->plan = reader_plan(&r.options);
	for (unsigned i = 0; i < 400; i++)
		try_shape(b, &r.options, &state);
	CU_ASSERT(b->made * 100 >= b->all * least);
	if (b->made * 100 < b->all * least)
		printf("\n%s: %" PRIu64 " of %" PRIu64 "\n", dialect, b->made, b->all);
	for (size_t way = 0; way < 2; way++) {
		json_names_free(b->names[way]);
		buffer_free(&b->out[way]);
	}
	arena_free(&b->arena);
	reader_plans_end(&plans);
	reading_end(&r);
}

static void test_random(void)
{
	static const struct {
		const char *dialect;
		unsigned least;
	} cases[] = {{"ecs", 60}, {"falco", 40}, {"auditbeat", 60}, {"docker-events", 50}, {"laurel", 0}, {"tetragon", 0}, {"osquery", 0},
		{"tracee", 0}, {"sysmon", 0}, {"kubernetes-audit", 0}, {"beth", 0}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		try_dialect(cases[i].dialect, false, cases[i].least);
		try_dialect(cases[i].dialect, true, cases[i].least);
	}
}

/* A marker of 69 bytes: lengths are told apart modulo 64 (recipe.h). */
#define LONG_MARKER "there is nothing here, nothing at all, and that is said at length ..."
#define TESTS "name: x\nreads: json\ntime: when\nid: who\nmissing: [\"-\", \"" LONG_MARKER "\"]\ngroups:\n" \
	"  - name: a\n    when: {kind: \"*\", kind!: [nothing]}\n" \
	"    other: process\n    events:\n" \
	"      - {event: process.exec, match: {kind: exec, flags&: 0x5}}\n" \
	"      - {event: process.exec, match: {kind: exec, name~: \"sh.*\"}}\n" \
	"      - {event: process.fork, match: {kind: exec, gone: \"!\"}, needs: [process.pid]}\n" \
	"      - {event: file.open, match: {kind: [open, exec], path: \"*\"}, needs: [path]}\n" \
	"    fields:\n      process.pid: {name: [pid, pid2]}\n      process.name: {name: name, missing: [none]}\n" \
	"      process.args: {name: args}\n      file.path: {name: path}\n      file.name: {name: path, shape: basename, use: read}\n" \
	"      process.command_line: {format: \"{name} {args|none}\", use: read}\n      user.name: {name: [user, name]}\n" \
	"      file.mount.bind: {name: gone, shape: present}\n" \
	"  - name: b\n    when: {kind: exec}\n    events:\n      - {event: container.run, match: {image: \"*\"}}\n    fields:\n" \
	"      container.image.name: {name: image, shape: image-name}\n"

/* Values that stay for a while (json_lane_learn.c): the same, then one of few, then one of many. */
static const char *outcome_of(uint64_t *state, unsigned number)
{
	static const char *const outcomes[] = {"success", "failure", "unknown", "", "a\\b", "one", "two", "three", "four", "-"};
	unsigned several = number < 1500 ? 1 : number < 3500 ? 4 : sizeof outcomes / sizeof *outcomes;
	return outcomes[pick(state, several)];
}

/* A record as one producer writes it, of one of few shapes; most values are usual ones. */
static void write_record(struct buffer *out, uint64_t *state, unsigned shape, unsigned number)
{
	static const char *const strings[] = {"/usr/bin/bash", "", "C:\\\\Windows\\\\System32\\\\cmd.exe", "a\\u00e9\\n\\\"b\\\"", "\xc3\xa9t\xc3\xa9",
		"/opt/some/folder/whose/name/is/longer/than/what/one/word/of/the/bitmap/tells/program", "-", "/var//run/x", "exec",
		"a value that ends in a backslash and is rather long, longer than all the marks of a word\\\\", "\\u12", "\xff", "a\tb"};
	static const char *const numbers[] = {"7", "12345", "0", "-3", "1.50", "1e3", "12345678901", "01", "7.0", "-"};
	const unsigned usual = pick(state, 8) ? 8 : sizeof strings / sizeof *strings, digits = pick(state, 4) ? 3 : 10;
	#define STRING strings[pick(state, usual)]
	buffer_printf(out, "{\"@timestamp\":\"2026-11-01T00:00:%02u.%03uZ\",\"agent\":{\"type\":\"endpoint\",\"version\":\"8.%u\"},", pick(state, 60),
		pick(state, 1000), pick(state, 2));
	buffer_printf(out, "\"event\":{\"kind\":\"event\",\"category\":[\"process\"],\"action\":\"%s\",\"type\":[\"start\"%s],\"outcome\":\"%s\",\"sequence\":%s},",
		pick(state, 9) ? "exec" : STRING, number > 500 && !pick(state, 9) ? ",\"change\"" : "", outcome_of(state, number),
		numbers[pick(state, digits)]);
	if (shape & 1)
		buffer_printf(out, "\"host\":{\"name\":\"%s\",\"ip\":[\"10.0.0.%u\",\"%s\"],\"os\":{}},", STRING, pick(state, 300), STRING);
	buffer_printf(out, "\"process\":{\"args\":[");
	/* seldom as many as there is no room for (json_lane_nodes.h), or just so many */
	unsigned most = number % 100 ? pick(state, 9) / 2 : 4090 + pick(state, 12);
	for (unsigned i = 0; i < most; i++)
		buffer_printf(out, "%s\"%s\"", i ? "," : "", STRING);
	buffer_printf(out, "],\"pid\":%s,\"executable\":\"%s\",\"interactive\":%s,", numbers[pick(state, digits)], STRING,
		pick(state, 2) ? "true" : pick(state, 8) ? "false" : "null");
	if (shape & 2)
		buffer_printf(out, "\"parent\":{\"pid\":%s,\"name\":\"%s\"},", pick(state, 20) ? numbers[pick(state, digits)] : "\"9\"", STRING);
	buffer_printf(out, "\"command_line\":\"%s %s\"},\"user\":{\"name\":\"%s\"}%s}", STRING, STRING, STRING, shape & 4 ? ",\"x\":[1,2]" : "");
	#undef STRING
}

/* One byte of it is another one, is missing, or is there twice. */
static void damage(struct buffer *text, uint64_t *state)
{
	static const char bytes[] = "\"\\{}[],:0e \n\x01\xe9";
	size_t at = pick(state, (unsigned)text->length);
	unsigned kind = pick(state, 3);
	if (kind == 0)
		text->data[at] = bytes[pick(state, sizeof bytes - 1)];
	else if (kind == 1)
		memmove(text->data + at, text->data + at + 1, text->length-- - at);
	else {
		buffer_char(text, '}');
		memmove(text->data + at + 1, text->data + at, text->length - at - 1);
	}
}

/* The text as a line between others, or its beginning, behind which the next line is what it lacks. */
static void compare_line(struct both *b, const struct reader_options *options, struct text text, uint64_t *state)
{
	struct buffer block = {0};
	size_t cut = pick(state, 12) ? text.length : pick(state, (unsigned)text.length);
	for (unsigned before = pick(state, 70); before--;)
		buffer_char(&block, "\\\"{},"[pick(state, 5)]);
	buffer_char(&block, '\n');
	buffer_text(&block, text_slice(text, 0, cut));
	buffer_string(&block, pick(state, 2) ? "\n" : "\r\n");
	buffer_text(&block, text_slice(text, cut, text.length));
	json_lines_begin(&b->lines, text_copy(&b->arena, buffer_view(&block)));
	b->lined = json_lines_next(&b->lines) && json_lines_next(&b->lines);
	CU_ASSERT(b->lined);
	compare(b, options, json_lines_text(&b->lines));
	b->lined = false;
	buffer_free(&block);
}

/* Records of few shapes, one after the other: most go by lanes (json_lane.h), on each level of the machine. */
static void try_lanes(enum simd_level level)
{
	struct reading r;
	struct both both = {0}, *b = &both;
	struct reader_plans plans;
	struct buffer text = {0};
	uint64_t state = 7;
	reading_begin(&r, "ecs");
	reader_plans_begin(&plans);
	r.options.plans = &plans;
	b->names[0] = json_names_new_level(&r.options, level);
	b->names[1] = json_names_new(&r.options);
	b->lines.bits.level = level;
	json_names_hurry(b->names[1], false);
	b->plan = reader_plan(&r.options);
	for (unsigned i = 0; i < 6000; i++) {
		buffer_clear(&text);
		write_record(&text, &state, pick(&state, i < 3000 ? 4 : 8), i);
		if (pick(&state, 12) == 0)
			damage(&text, &state);
		arena_reset(&b->arena);
		if (pick(&state, 2))
			compare(b, &r.options, text_copy(&b->arena, buffer_view(&text)));
		else
			compare_line(b, &r.options, buffer_view(&text), &state);
	}
	json_lines_free(&b->lines);
	CU_ASSERT(json_names_laned(b->names[0]) > 2500);
	if (json_names_laned(b->names[0]) <= 2500)
		printf("\n%" PRIu64 " went by lanes\n", json_names_laned(b->names[0]));
	for (size_t way = 0; way < 2; way++) {
		json_names_free(b->names[way]);
		buffer_free(&b->out[way]);
	}
	buffer_free(&text);
	arena_free(&b->arena);
	reader_plans_end(&plans);
	reading_end(&r);
}

static void test_lanes(void)
{
	for (enum simd_level level = SIMD_PLAIN; level <= simd_level_best(); level++)
		try_lanes(level);
}

static void test_tests(void)
{
	try_dialect(TESTS, false, 40);
	try_dialect(TESTS, true, 40);
}

void suite_recipes(void);
void suite_recipes(void)
{
	CU_pSuite suite = unit_suite("recipes");
	UNIT_TEST(suite, test_random);
	UNIT_TEST(suite, test_tests);
	UNIT_TEST(suite, test_lanes);
}
