/* trigger_index: every level of the machine against one comparison after the other, on values that end where memory does. */
#include "tests/unit/unit.h"

#include "replay/engine/trigger_index.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORD = 1, LIST, NUMBER, TRUTH, ADDRESS, MOMENT, FIELDS };

static struct field fields[FIELDS] = {
	[WORD] = {.type = TYPE_KEYWORD}, [LIST] = {.type = TYPE_KEYWORD, .list = true}, [NUMBER] = {.type = TYPE_LONG},
	[TRUTH] = {.type = TYPE_BOOLEAN}, [ADDRESS] = {.type = TYPE_IP}, [MOMENT] = {.type = TYPE_DATE},
};
static const struct registry registry = {.fields = fields, .field_count = FIELDS};

enum { TRIGGERS_MAX = 20000, VALUES_MAX = 8, ROOM = 1 << 18 };

struct bench {
	struct arena arena;
	uint64_t state;
	struct trigger *triggers;
	size_t count;
	struct value values[FIELDS][VALUES_MAX];
	struct facet_entry entries[FIELDS];
	uint16_t position[FIELDS];
	struct facet facet;
	char *room; /* ROOM bytes between two pages that nobody may touch */
	size_t page;
	unsigned alphabet;
	unsigned long held; /* triggers that held, so that a test of nothing is seen */
	unsigned levels;
};

static unsigned pick(struct bench *b, unsigned count)
{
	b->state = b->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(b->state >> 33) % count;
}

static void set_up(struct bench *b, uint64_t seed)
{
	*b = (struct bench){.state = seed};
	b->triggers = mem_alloc(TRIGGERS_MAX * sizeof *b->triggers);
	b->page = (size_t)sysconf(_SC_PAGESIZE);
	int zeroes = open("/dev/zero", O_RDWR);
	char *all = mmap(NULL, ROOM + 2 * b->page, PROT_NONE, MAP_PRIVATE, zeroes, 0);
	close(zeroes);
	CU_ASSERT_PTR_NOT_EQUAL_FATAL(all, MAP_FAILED);
	CU_ASSERT_EQUAL_FATAL(mprotect(all + b->page, ROOM, PROT_READ | PROT_WRITE), 0);
	b->room = all + b->page;
	b->facet = (struct facet){.registry = &registry, .position = b->position, .entries = b->entries};
}

static void tear_down(struct bench *b)
{
	munmap(b->room - b->page, ROOM + 2 * b->page);
	free(b->triggers);
	arena_free(&b->arena);
}

/* ---- texts ---- */

enum { ALPHABETS = 6 };

static char byte_of(struct bench *b)
{
	static const char *const words = "bash -c /usr/bin/curl --privileged http://x | base64 -d AbCdEfGh[]@`{} 0123456789 \xC3\xA9\xE2\x82\xAC";
	switch (b->alphabet) {
	case 0:
		return (char)('a' + pick(b, 2));
	case 1:
		return "aAbB"[pick(b, 4)];
	case 2:
		return (char)pick(b, 256);
	case 3:
		return "\0@`[{Zz\x7f\x1f?"[pick(b, 10)];
	case 4:
		return 'a';
	default:
		return words[pick(b, (unsigned)strlen(words))];
	}
}

static struct text some_text(struct bench *b, size_t length)
{
	char *bytes = arena_alloc(&b->arena, length + 1);
	for (size_t i = 0; i < length; i++)
		bytes[i] = byte_of(b);
	return (struct text){bytes, length};
}

static size_t some_length(struct bench *b)
{
	static const unsigned edges[] = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 19, 31, 32, 33, 34, 35, 36, 63, 64, 65, 66, 67, 68, 70,
		99, 127, 128, 131, 1023, 1024, 1025, 1028};
	return pick(b, 2) ? edges[pick(b, sizeof edges / sizeof *edges)] : pick(b, 130);
}

/* Half of them are pieces of others, in other letters too, so that they hold now and then. */
static struct text some_literal(struct bench *b, struct text from, size_t most)
{
	size_t length = 1 + pick(b, (unsigned)most);
	struct text literal;
	if (pick(b, 4) == 0)
		return some_text(b, pick(b, 20) ? length : 0);
	size_t at = pick(b, 3) == 0 ? 0 : pick(b, (unsigned)from.length + 1);
	if (pick(b, 3) == 0 && from.length > length)
		at = from.length - length;
	literal = text_copy(&b->arena, text_slice(from, at, at + length < from.length ? at + length : from.length));
	return pick(b, 3) ? literal : text_fold(&b->arena, literal);
}

static struct cidr some_network(struct bench *b)
{
	static const char *const networks[] = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3", "0.0.0.0/0", "::/0", "fe80::/10",
		"10.1.2.4/30", "192.168.0.0/16", "::ffff:0.0.0.0/96", "2001:db8::/32", "2001:db8::1", "128.0.0.0/1"};
	struct cidr cidr = {0};
	CU_ASSERT(cidr_parse(text_of(networks[pick(b, sizeof networks / sizeof *networks)]), &cidr));
	return cidr;
}

static struct text some_address(struct bench *b)
{
	static const char *const addresses[] = {"10.0.0.1", "10.1.2.3", "10.1.2.5", "192.168.1.1", "fe80::1", "::", "2001:db8::1", "::1",
		"255.255.255.255", "10.1.2", "1.2.3.4x", "0.0.0.0"};
	return text_of(addresses[pick(b, sizeof addresses / sizeof *addresses)]);
}

/* ---- triggers and facets ---- */

static int64_t some_number(struct bench *b)
{
	static const int64_t edges[] = {INT64_MIN, INT64_MAX, 0, -1, 1};
	return pick(b, 5) == 0 ? edges[pick(b, 5)] : (int64_t)pick(b, 40) - 20;
}

static void add_trigger(struct bench *b, struct text from, size_t most)
{
	struct trigger *t = &b->triggers[b->count++];
	unsigned sort = pick(b, 12);
	*t = (struct trigger){.field = pick(b, 2) ? WORD : LIST, .fold = pick(b, 2)};
	if (sort < 8) {
		t->kind = (enum trigger_kind)(TRIGGER_EQUAL + sort % 4);
		t->text = some_literal(b, from, t->kind == TRIGGER_EQUAL && pick(b, 2) ? from.length + 1 : most);
		if (t->kind == TRIGGER_EQUAL && pick(b, 2))
			t->text = from;
	} else if (sort < 10) {
		static const unsigned numbers[] = {NUMBER, TRUTH, MOMENT, WORD};
		t->kind = TRIGGER_RANGE;
		t->field = numbers[pick(b, 4)];
		t->low = some_number(b);
		t->high = pick(b, 3) ? t->low : some_number(b);
	} else if (sort == 10) {
		struct cidr *cidr = arena_alloc(&b->arena, sizeof *cidr);
		*cidr = some_network(b);
		t->kind = TRIGGER_NETWORK;
		t->field = pick(b, 2) ? ADDRESS : WORD;
		t->cidr = cidr;
	} else {
		t->kind = TRIGGER_EXISTS;
		t->field = 1 + pick(b, FIELDS - 1);
	}
}

/* Texts stand one behind the other and end at the last page's end, or begin at the first page's begin. */
static struct text place_text(struct bench *b, struct text text, size_t *used, bool at_end)
{
	char *to = at_end ? b->room + ROOM - *used - text.length : b->room + *used;
	if (text.length)
		memcpy(to, text.data, text.length);
	*used += text.length;
	return (struct text){to, text.length};
}

static struct text some_value(struct bench *b, unsigned field, const struct text *texts, size_t count)
{
	static const char *const numbers[] = {"0", "7", "-3", "19", "007", "9223372036854775807", "1x", ""};
	if (field == ADDRESS || pick(b, 12) == 0)
		return some_address(b);
	return pick(b, 8) ? texts[pick(b, (unsigned)count)] : text_of(numbers[pick(b, 8)]);
}

static void fill_facet(struct bench *b, const struct text *texts, size_t count)
{
	size_t used = 0;
	bool at_end = pick(b, 2);
	b->facet.count = 0;
	for (unsigned field = 1; field < FIELDS; field++) {
		size_t values = field == LIST ? pick(b, VALUES_MAX + 1) : 1;
		b->position[field] = 0;
		if (pick(b, 6) == 0)
			continue;
		for (size_t i = 0; i < values; i++) {
			struct value *value = &b->values[field][i];
			struct text text = some_value(b, field, texts, count);
			*value = (struct value){.text = place_text(b, text, &used, at_end)};
			if (field == NUMBER || field == MOMENT)
				value->number = some_number(b);
			else if (field == TRUTH)
				value->truth = pick(b, 2);
			else if (field == ADDRESS && !ip_parse(text, &value->ip))
				CU_ASSERT(ip_parse(TEXT("10.1.2.3"), &value->ip));
		}
		b->entries[b->facet.count++] = (struct facet_entry){field, {b->values[field], values}};
		b->position[field] = (uint16_t)b->facet.count;
	}
}

/* ---- the oracle ---- */

static bool in_range(const struct trigger *t, enum value_type type, const struct value *value)
{
	int64_t number = value->number;
	if (type == TYPE_BOOLEAN)
		number = value->truth;
	if (type == TYPE_KEYWORD && !text_to_long(value->text, &number))
		return false;
	return number >= t->low && number <= t->high;
}

static bool value_holds(const struct trigger *t, const struct value *value)
{
	enum value_type type = fields[t->field].type;
	struct ip ip = value->ip;
	switch (t->kind) {
	case TRIGGER_EXISTS:
		return true;
	case TRIGGER_EQUAL:
		return t->fold ? text_equal_fold(value->text, t->text) : text_equal(value->text, t->text);
	case TRIGGER_STARTS:
		return text_starts(value->text, t->text, t->fold);
	case TRIGGER_ENDS:
		return text_ends(value->text, t->text, t->fold);
	case TRIGGER_CONTAINS:
		return text_contains(value->text, t->text, t->fold);
	case TRIGGER_RANGE:
		return in_range(t, type, value);
	case TRIGGER_NETWORK:
		return (type == TYPE_IP || ip_parse(value->text, &ip)) && cidr_holds(t->cidr, &ip);
	}
	return false;
}

static bool holds(const struct trigger *t, const struct facet *facet)
{
	const struct values *values = facet_get(facet, t->field);
	if (!values)
		return false;
	if (t->kind == TRIGGER_EXISTS)
		return true;
	for (size_t i = 0; i < values->count; i++)
		if (value_holds(t, &values->items[i]))
			return true;
	return false;
}

/* ---- comparing ---- */

struct searcher {
	const struct trigger_index *index[SIMD_LEVELS];
	struct trigger_scratch *scratch[SIMD_LEVELS];
	struct facet_forms forms;
	uint32_t *found;
	bool *expected;
};

static void make_searcher(struct bench *b, struct searcher *s, const struct gram_counts *counts)
{
	b->levels = (unsigned)simd_level_best() + 1;
	for (unsigned level = 0; level < b->levels; level++) {
		s->index[level] =
			trigger_index_make(&b->arena, &registry, b->triggers, b->count, counts, (enum simd_level)level);
		s->scratch[level] = trigger_scratch_new(s->index[level]);
	}
	facet_forms_make(&s->forms, &registry);
	s->found = mem_alloc((b->count + 1) * sizeof *s->found);
	s->expected = mem_alloc((b->count + 1) * sizeof *s->expected);
}

static void free_searcher(struct bench *b, struct searcher *s)
{
	for (unsigned level = 0; level < b->levels; level++)
		trigger_scratch_free(s->scratch[level]);
	facet_forms_free(&s->forms);
	free(s->found);
	free(s->expected);
}

/* What one level found: all that is expected, nothing else, nothing twice. */
static bool found_all(const struct bench *b, const struct searcher *s, size_t count)
{
	size_t expected = 0;
	for (size_t i = 0; i < b->count; i++)
		expected += s->expected[i];
	bool fine = count == expected;
	for (size_t i = 0; i < count && i < b->count; i++) {
		fine = fine && s->found[i] < b->count && s->expected[s->found[i]];
		for (size_t j = 0; fine && count < 2000 && j < i; j++)
			fine = s->found[i] != s->found[j];
	}
	return fine;
}

static void compare(struct bench *b, struct searcher *s)
{
	for (size_t i = 0; i < b->count; i++) {
		s->expected[i] = holds(&b->triggers[i], &b->facet);
		b->held += s->expected[i];
	}
	struct facet_form form = facet_form_of(&s->forms, &b->facet);
	for (unsigned level = 0; level < b->levels; level++) {
		/* With its form and without. */
		size_t count = level % 2 ? trigger_index_search(s->index[level], s->scratch[level], &b->facet, s->found)
			: trigger_index_search_form(s->index[level], s->scratch[level], &b->facet, form, s->found);
		CU_ASSERT(found_all(b, s, count));
		CU_ASSERT_EQUAL(trigger_scratch_compared(s->scratch[level]), trigger_scratch_compared(s->scratch[0]));
	}
}

static void run_round(uint64_t seed, size_t triggers, size_t literal_most, size_t facets)
{
	enum { TEXTS = 12 };
	struct bench b;
	struct searcher s;
	struct text texts[TEXTS];
	struct gram_counts *counts = gram_counts_new(&registry);
	set_up(&b, seed);
	b.alphabet = (unsigned)(seed % ALPHABETS);
	for (size_t i = 0; i < TEXTS; i++)
		texts[i] = some_text(&b, some_length(&b));
	while (b.count < triggers)
		add_trigger(&b, texts[pick(&b, TEXTS)], literal_most);
	fill_facet(&b, texts, TEXTS);
	gram_counts_add(counts, &b.facet);
	make_searcher(&b, &s, seed % 2 ? counts : NULL);
	for (size_t i = 0; i < facets; i++) {
		fill_facet(&b, texts, TEXTS);
		compare(&b, &s);
	}
	CU_ASSERT(b.held > 0);
	free_searcher(&b, &s);
	gram_counts_free(counts);
	tear_down(&b);
}

static void test_levels(void)
{
	printf("levels tested:");
	for (unsigned level = 0; level < SIMD_LEVELS; level++)
		printf(" %s%s", simd_level_name((enum simd_level)level), level <= (unsigned)simd_level_best() ? "" : " (not here)");
	printf(" ");
	CU_ASSERT(simd_level_best() < SIMD_LEVELS);
}

static void test_random(void)
{
	for (uint64_t seed = 1; seed <= 150; seed++) {
		run_round(seed, 60, 12, 12);
		run_round(seed + 1000, 300, 40, 6);
	}
}

static void test_one_kind_alone(void)
{
	for (uint64_t seed = 1; seed <= 200; seed++)
		run_round(seed * 77, 12, 1 + seed % 9, 10);
}

static void test_15000(void)
{
	for (uint64_t seed = 5; seed <= 6; seed++)
		run_round(seed, 15000, 30, 6);
}

/* ---- what is made to hurt ---- */

static void compare_value(struct bench *b, struct searcher *s, struct text value)
{
	size_t used = 0;
	b->values[WORD][0] = (struct value){.text = place_text(b, value, &used, true)};
	b->entries[0] = (struct facet_entry){WORD, {b->values[WORD], 1}};
	b->position[WORD] = 1;
	b->facet.count = 1;
	compare(b, s);
}

static void add_word(struct bench *b, enum trigger_kind kind, struct text text, bool fold)
{
	b->triggers[b->count++] = (struct trigger){.field = WORD, .kind = kind, .text = text, .fold = fold};
}

/* a, aa, aaa … as every kind, against a run of a with and without an end to it: each look is the search for one and its chain. */
static void test_nested(void)
{
	enum { LONGEST = 1000, VALUE = 65536 };
	struct bench b;
	struct searcher s;
	char *run = mem_alloc(VALUE), *literals = mem_alloc(LONGEST);
	memset(run, 'a', VALUE);
	memset(literals, 'a', LONGEST);
	set_up(&b, 1);
	for (size_t length = 1; length <= LONGEST; length++)
		for (int kind = TRIGGER_EQUAL; kind <= TRIGGER_CONTAINS; kind++)
			add_word(&b, (enum trigger_kind)kind, (struct text){literals, length}, kind % 2);
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, (struct text){run, VALUE});
	for (size_t i = 7; i < VALUE; i += 8)
		run[i] = 'B';
	compare_value(&b, &s, (struct text){run, VALUE});
	CU_ASSERT(b.held > 2 * LONGEST);
	CU_ASSERT(trigger_scratch_compared(s.scratch[0]) < UINT64_C(40) * VALUE);
	free_searcher(&b, &s);
	free(literals);
	free(run);
	tear_down(&b);
}

/* All literals share all their grams. */
static void test_shared_grams(void)
{
	enum { LITERALS = 8000, VALUE = 16384 };
	struct bench b;
	struct searcher s;
	set_up(&b, 2);
	for (size_t i = 0; i < LITERALS; i++)
		add_word(&b, TRIGGER_CONTAINS, some_text(&b, 16 + pick(&b, 8)), pick(&b, 2));
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, some_text(&b, VALUE));
	CU_ASSERT(b.held > 0);
	free_searcher(&b, &s);
	tear_down(&b);
}

/* Hundreds of literals begin alike: they have one gram in common, and what stands behind it tells most values from all of them. */
static void test_alike(void)
{
	enum { LITERALS = 400 };
	struct bench b;
	struct searcher s;
	set_up(&b, 4);
	for (size_t i = 0; i < LITERALS; i++)
		add_word(&b, TRIGGER_CONTAINS, text_of(arena_printf(&b.arena, "IMPHASH=%08zx%08zx", i * 7919, i)), i % 2);
	add_word(&b, TRIGGER_CONTAINS, TEXT("IMPHASH="), true);
	make_searcher(&b, &s, NULL);
	for (size_t i = 0; i < LITERALS; i++) {
		struct text whole = text_of(arena_printf(&b.arena, "MD5=1,imphash=%08zx%08zx,IMPHASH=%08zx%08zx", i * 7919, i, i * 7919, i + i % 3));
		compare_value(&b, &s, whole);
		compare_value(&b, &s, text_slice(whole, 0, whole.length - 1 - i % 30)); /* it ends within */
	}
	CU_ASSERT(b.held > LITERALS);
	uint64_t before = trigger_scratch_compared(s.scratch[0]);
	b.count--; /* without the short one all are told by what stands behind */
	free_searcher(&b, &s);
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, TEXT("IMPHASH=zzzzzzzz IMPHASH=yyyyyyyy IMPHASH=xxxxxxxx IMPHASH= IMPHASH=ab"));
	CU_ASSERT(before > 0 && trigger_scratch_compared(s.scratch[0]) <= 2 * 8);
	free_searcher(&b, &s);
	tear_down(&b);
}

/* Literals of one to three bytes that stand everywhere, in a long value. */
static void test_short(void)
{
	enum { VALUE = 200000 };
	struct bench b;
	struct searcher s;
	set_up(&b, 3);
	b.alphabet = 2;
	for (size_t i = 0; i < 3000; i++)
		add_word(&b, TRIGGER_CONTAINS, some_text(&b, 1 + i % 3), pick(&b, 2));
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, some_text(&b, VALUE));
	b.alphabet = 5;
	for (size_t length = 0; length < 70; length++)
		compare_value(&b, &s, some_text(&b, length));
	CU_ASSERT(b.held > 1000);
	free_searcher(&b, &s);
	tear_down(&b);
}

/* As many grams as fill one group of buckets, two, four, and one more. */
static void test_groups(void)
{
	static const unsigned counts[] = {1, 8, 64, 65, 128, 129, 200, 256, 257};
	for (unsigned width = 1; width <= 4; width++)
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
			struct bench b;
			struct searcher s;
			set_up(&b, c + 9 * width);
			b.alphabet = c % 2 ? 5 : 2;
			for (size_t i = 0; i < counts[c]; i++)
				add_word(&b, TRIGGER_CONTAINS, some_text(&b, width < 4 ? width : 4 + pick(&b, 3)), pick(&b, 2));
			make_searcher(&b, &s, NULL);
			for (size_t length = 0; length < 140; length += 1 + length / 70)
				compare_value(&b, &s, some_text(&b, length));
			compare_value(&b, &s, some_text(&b, 5000));
			free_searcher(&b, &s);
			tear_down(&b);
		}
}

static void test_nothing(void)
{
	struct bench b;
	struct searcher s;
	set_up(&b, 4);
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, TEXT("x"));
	free_searcher(&b, &s);
	add_word(&b, TRIGGER_EQUAL, TEXT(""), false);
	add_word(&b, TRIGGER_CONTAINS, TEXT(""), true);
	make_searcher(&b, &s, NULL);
	compare_value(&b, &s, TEXT("x"));
	CU_ASSERT_EQUAL(b.held, 1);
	b.entries[0].values = (struct values){&(struct value){.text = {NULL, 0}}, 1};
	compare(&b, &s);
	CU_ASSERT_EQUAL(b.held, 3);
	b.entries[0].values = (struct values){NULL, 0};
	compare(&b, &s);
	CU_ASSERT_EQUAL(b.held, 3);
	free_searcher(&b, &s);
	tear_down(&b);
}

void suite_trigger_index(void);
void suite_trigger_index(void)
{
	CU_pSuite suite = unit_suite("trigger_index");
	UNIT_TEST(suite, test_levels);
	UNIT_TEST(suite, test_random);
	UNIT_TEST(suite, test_one_kind_alone);
	UNIT_TEST(suite, test_15000);
	UNIT_TEST(suite, test_nested);
	UNIT_TEST(suite, test_shared_grams);
	UNIT_TEST(suite, test_alike);
	UNIT_TEST(suite, test_short);
	UNIT_TEST(suite, test_groups);
	UNIT_TEST(suite, test_nothing);
}
