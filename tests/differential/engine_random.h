/*
 * engine_random: random catalogs, and random events near them, that meet an engine at its borders.
 *
 * Literals have the lengths that an index turns at (1 to 9, 15 to 17, 31 to 33, 63 to 65 bytes and long ones), share beginnings
 * and ends, differ in case alone, hold UTF-8, wildcards and what expressions escape. Values are made of the literals of
 * the catalog: as they are, in another case, a byte short, long or wrong, in the middle of something, many times over, with a NUL.
 */
#ifndef MEWS_TESTS_ENGINE_RANDOM_H
#define MEWS_TESTS_ENGINE_RANDOM_H

#include "catalog/catalog.h"
#include "catalog/made_regex.h"
#include "catalog/regex.h"
#include "tests/unit/random_tree.h"

#include <string.h>

/* A field and a value that some condition names. */
struct literal {
	const struct predicate *predicate;
	size_t index;
};

struct literals {
	struct arena *arena;
	struct literal *items;
	size_t count;
};

struct random_making {
	struct arena *arena;          /* of conditions */
	const struct registry *registry;
	const struct scope *scope;
	uint64_t state;
	struct text *words;           /* literals that several conditions share */
	size_t word_count;
	const char *guard;            /* a field that most conditions compare with one of a few words, or NULL */
	size_t refused;               /* conditions that did not parse */
};

#define RANDOM_OF(state, table) ((table)[random_below((state), sizeof(table) / sizeof((table)[0]))])

/* ---- words ---- */

static const char *const fragments[] = {"/usr/bin/", "/var/run/", "docker.sock", "docker", "DOCKER", "run", "--privileged", "-v", "exec",
	"nsenter", "curl ", "http://", "10.0.0.", "192.168.", "bash", "-c", " ", "/", ".", ":", "=", "a", "b", "B", "k", "K", "\xe2\x84\xaa", "é", "É",
	"ſ", "日本", "😀", "*", "?", "\\", "\"", "[", "]", "(", "+", "{", "|", "^", "$", "\n", "\t", "aaaaaaaa", "abababab", "0", "00000000", "CAP_SYS_ADMIN",
	"@", "`", "Z", "z", "[x", "{x", "\x7f"};

static struct text random_word(uint64_t *state, struct arena *arena)
{
	static const size_t lengths[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 17, 20, 31, 32, 33, 63, 64, 65, 200};
	size_t length = RANDOM_OF(state, lengths);
	struct buffer out = {0};

	if (random_below(state, 3) > 0 && length > 33)
		length = 1 + random_below(state, 12);
	while (out.length < length)
		buffer_string(&out, RANDOM_OF(state, fragments));
	if (random_below(state, 8) > 0) /* cut at a character */
		while (length < out.length && ((unsigned char)out.data[length] & 0xc0u) == 0x80u)
			length++;
	else
		length = out.length;
	struct text text = text_copy(arena, text_slice(buffer_view(&out), 0, length < out.length ? length : out.length));
	buffer_free(&out);
	return text;
}

/* A byte short, long or wrong, in another case, or as it is. */
static struct text random_near(uint64_t *state, struct arena *arena, struct text text)
{
	struct text copy = text_copy(arena, text);
	char *data = (char *)(uintptr_t)copy.data;
	size_t at = text.length ? random_below(state, text.length) : 0;

	switch (random_below(state, 8)) {
	case 0:
		for (size_t i = 0; i < text.length; i++)
			if ((data[i] >= 'a' && data[i] <= 'z') || (data[i] >= 'A' && data[i] <= 'Z'))
				data[i] ^= 0x20;
		return copy;
	case 1:
		if (text.length && ((data[at] >= 'a' && data[at] <= 'z') || (data[at] >= 'A' && data[at] <= 'Z')))
			data[at] ^= 0x20;
		return copy;
	case 2:
		return text_slice(copy, 1, copy.length);
	case 3:
		return text_slice(copy, 0, copy.length ? copy.length - 1 : 0);
	case 4:
		if (text.length)
			data[at] ^= (char)(1u << random_below(state, 7));
		return copy;
	default:
		return copy;
	}
}

/* ---- conditions ---- */

static const char *const usual_fields[] = {"process.name", "process.executable", "process.args", "process.command_line", "process.parent.name",
	"file.path", "container.mounts", "container.image.name", "user.name", "process.pid", "destination.port", "destination.ip", "source.ip",
	"process.in_container", "container.capabilities.added", "@timestamp", "event.action", "event.outcome", "event.type", "user.id"};

static unsigned random_field(uint64_t *state, const struct registry *registry)
{
	unsigned field = FIELD_NONE;
	if (random_below(state, 4) > 0)
		field = registry_field(registry, text_of(RANDOM_OF(state, usual_fields)));
	while (field == FIELD_NONE)
		field = 1 + (unsigned)random_below(state, registry->field_count - 1);
	return field;
}

static struct text literal_word(struct random_making *m)
{
	struct text word = random_below(&m->state, 5) < 3 ? m->words[random_below(&m->state, m->word_count)] : random_word(&m->state, m->arena);
	return random_below(&m->state, 4) == 0 ? random_near(&m->state, m->arena, word) : word;
}

static void put_regex(struct random_making *m, struct buffer *out)
{
	struct buffer a = {0}, b = {0}, pattern = {0};
	regex_escape(&a, literal_word(m));
	regex_escape(&b, literal_word(m));
	const char *x = a.length ? a.data : "x", *y = b.length ? b.data : "y";
	switch (random_below(&m->state, 12)) {
	case 0:
		buffer_string(&pattern, x);
		break;
	case 1:
		buffer_printf(&pattern, ".*%s.*", x);
		break;
	case 2:
		buffer_printf(&pattern, "[\\s\\S]*(?:%s|%s)[\\s\\S]*", x, y);
		break;
	case 3:
		buffer_printf(&pattern, "%s.*%s", x, y);
		break;
	case 4:
		buffer_printf(&pattern, "(?:%s)?%s", x, y);
		break;
	case 5:
		buffer_printf(&pattern, "(?:%s){2,3}.*", x);
		break;
	case 6:
		buffer_printf(&pattern, "[a-z]+%s\\d*", x);
		break;
	case 7:
		buffer_printf(&pattern, "(%s|(%s|a)b)*", x, y);
		break;
	case 8:
		buffer_printf(&pattern, ".*%s?%s*", x, y);
		break;
	case 9:
		buffer_printf(&pattern, "(?:.*%s)+|%s.{0,3}", x, y);
		break;
	case 10:
		buffer_printf(&pattern, ".*[%c%c]%s+?", 'a' + (char)random_below(&m->state, 26), '0' + (char)random_below(&m->state, 10), x);
		break;
	default:
		buffer_printf(&pattern, ".*\\x%02x%s", 0x41 + (unsigned)random_below(&m->state, 26), x);
		break;
	}
	condition_print_string(buffer_view(&pattern), out);
	buffer_free(&a);
	buffer_free(&b);
	buffer_free(&pattern);
}

static void put_like(struct random_making *m, struct buffer *out)
{
	struct buffer pattern = {0};
	size_t parts = 1 + random_below(&m->state, 3);
	static const char *const gaps[] = {"*", "*", "?", "", "**", "?*", "???"};
	buffer_string(&pattern, RANDOM_OF(&m->state, gaps));
	for (size_t i = 0; i < parts; i++) {
		if (random_below(&m->state, 8) > 0)
			buffer_text(&pattern, literal_word(m));
		buffer_string(&pattern, RANDOM_OF(&m->state, gaps));
	}
	if (pattern.length == 0)
		buffer_char(&pattern, '*');
	condition_print_string(buffer_view(&pattern), out);
	buffer_free(&pattern);
}

static const char *const addresses[] = {"10.0.0.1", "10.0.0.2", "10.255.255.255", "11.0.0.0", "192.168.1.77", "::1", "fd00::1", "fe80::1",
	"::ffff:10.0.0.1", "0.0.0.0", "255.255.255.255", "2001:db8::1"};
static const char *const networks[] = {"10.0.0.0/8", "10.0.0.0/30", "fd00::/8", "10.0.0.1", "::/0", "0.0.0.0/0", "192.168.0.0/16", "::1/128",
	"fe80::/10", "10.0.0.2/32", "2001:db8::/33"};
static const char *const dates[] = {"2026-01-01T00:00:00Z", "2026-01-01", "1970-01-01T00:00:00Z", "2026-01-01T00:00:00.000000001Z",
	"1969-12-31T23:59:59.999999999Z", "2200-02-03T04:05:06Z"};
static const int64_t some_numbers[] = {0, 1, -1, 2, 22, 80, 443, 1000, 65535, 65536, INT32_MAX, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1};

static void put_literal(struct random_making *m, const struct field *field, const char *op, struct buffer *out)
{
	struct text name = text_of(op);
	if (text_starts(name, TEXT("regex"), false))
		put_regex(m, out);
	else if (text_starts(name, TEXT("like"), false) || text_is(name, ":"))
		put_like(m, out);
	else if (text_is(name, "cidrmatch"))
		buffer_printf(out, "\"%s\"", RANDOM_OF(&m->state, networks));
	else if (field->type == TYPE_LONG)
		buffer_printf(out, "%" PRId64, RANDOM_OF(&m->state, some_numbers));
	else if (field->type == TYPE_BOOLEAN)
		buffer_string(out, random_below(&m->state, 2) ? "true" : "false");
	else if (field->type == TYPE_IP)
		buffer_printf(out, "\"%s\"", RANDOM_OF(&m->state, addresses));
	else if (field->type == TYPE_DATE)
		buffer_printf(out, "\"%s\"", RANDOM_OF(&m->state, dates));
	else
		condition_print_string(literal_word(m), out);
}

/* f op g of one type. */
static void put_pair(struct random_making *m, const struct field *field, struct buffer *out)
{
	static const char *const texts[] = {"==", "!=", "in~", "not in~"}, *const ordered[] = {"==", "!=", "<", "<=", ">", ">="};
	static const char *const functions[] = {"startswith", "endswith~", "stringcontains", "startswith~", "endswith", "stringcontains~"};
	const struct field *other = field;
	for (size_t tries = 0; tries < 12; tries++) {
		const struct field *candidate = &m->registry->fields[random_field(&m->state, m->registry)];
		other = candidate->type == field->type ? candidate : other;
	}
	if (field->type == TYPE_KEYWORD && random_below(&m->state, 2))
		buffer_printf(out, "%s(%.*s, %.*s)", RANDOM_OF(&m->state, functions), TEXT_ARGS(field->name), TEXT_ARGS(other->name));
	else
		buffer_printf(out, "%.*s %s %.*s", TEXT_ARGS(field->name),
			field->type == TYPE_KEYWORD                                                         ? RANDOM_OF(&m->state, texts)
				: field->type == TYPE_LONG || field->type == TYPE_DATE ? RANDOM_OF(&m->state, ordered)
										       : texts[random_below(&m->state, 2)],
			TEXT_ARGS(other->name));
}

static void put_measured(struct random_making *m, const struct field *field, struct buffer *out)
{
	static const char *const ordered[] = {"==", "!=", "<", "<=", ">", ">="}, *const measures[] = {"length", "number"};
	buffer_printf(out, "%s(%.*s) %s %d", RANDOM_OF(&m->state, measures), TEXT_ARGS(field->name), RANDOM_OF(&m->state, ordered),
		(int)random_below(&m->state, 40) - 2);
}

static const char *random_operator(uint64_t *state, enum value_type type)
{
	static const char *const keyword[] = {"==", "!=", "in", "in~", "not in", "not in~", "like", "like~", ":", "regex", "regex~", "startswith",
		"startswith~", "endswith", "endswith~", "stringcontains", "stringcontains~", "cidrmatch"};
	static const char *const ordered[] = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"};
	static const char *const ip[] = {"==", "!=", "in", "not in", "cidrmatch"}, *const truth[] = {"==", "!="};

	return type == TYPE_KEYWORD ? RANDOM_OF(state, keyword) : type == TYPE_LONG || type == TYPE_DATE ? RANDOM_OF(state, ordered)
		: type == TYPE_IP                                                                 ? RANDOM_OF(state, ip)
												  : RANDOM_OF(state, truth);
}

static void put_predicate(struct random_making *m, struct buffer *out)
{
	const struct field *field = &m->registry->fields[random_field(&m->state, m->registry)];
	const char *op = random_operator(&m->state, field->type);
	struct text name = text_of(op);
	size_t kind = random_below(&m->state, 24), most = random_below(&m->state, 60) == 0 ? 300 : 4;

	if (kind == 0 || kind == 1) {
		buffer_printf(out, "%.*s %s null", TEXT_ARGS(field->name), kind ? "==" : "!=");
		return;
	}
	if (kind == 2) {
		put_pair(m, field, out);
		return;
	}
	if (kind == 3 && field->type == TYPE_KEYWORD) {
		put_measured(m, field, out);
		return;
	}
	bool function = text_starts(name, TEXT("starts"), false) || text_starts(name, TEXT("ends"), false) ||
		text_starts(name, TEXT("string"), false) || text_is(name, "cidrmatch");
	bool single = text_is(name, "==") || text_is(name, "!=") || op[0] == '<' || op[0] == '>' || op[0] == ':';
	if (function)
		buffer_printf(out, "%s(%.*s, ", op, TEXT_ARGS(field->name));
	else
		buffer_printf(out, "%.*s %s %s", TEXT_ARGS(field->name), op, single ? "" : "(");
	for (size_t i = 0, count = single ? 1 : 1 + random_below(&m->state, most); i < count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		put_literal(m, field, op, out);
	}
	buffer_string(out, single ? "" : ")");
}

static void put_expression(struct random_making *m, unsigned depth, struct buffer *out)
{
	static const char *const words[] = {" and ", " or "};
	size_t kind = depth == 0 ? 9 : random_below(&m->state, 10);

	if (kind < 5) {
		const char *word = RANDOM_OF(&m->state, words);
		for (size_t i = 0, count = 2 + random_below(&m->state, 3); i < count; i++) {
			buffer_string(out, i > 0 ? word : "");
			buffer_char(out, '(');
			put_expression(m, depth - 1, out);
			buffer_char(out, ')');
		}
	} else if (kind == 5) {
		buffer_string(out, "not (");
		put_expression(m, depth - 1, out);
		buffer_char(out, ')');
	} else if (random_below(&m->state, 60) == 0)
		buffer_string(out, random_below(&m->state, 2) ? "true" : "false");
	else
		put_predicate(m, out);
}

/* What most conditions of the catalog ask for (plan_guard.c). */
static void put_guard(struct random_making *m, struct buffer *out)
{
	static const char *const words[] = {"linux", "linux", "windows", "Windows", "/usr//bin/linux"};
	static const char *const forms[][3] = {{"", " == \"", "\" and ("}, {"", " == \"", "\" and not ("}, {"", " in~ (\"", "\", \"macos\") and ("},
		{"", " != \"", "\" and ("}, {"startswith(", ", \"", "\") and ("},
		{"not ", " in (\"", "\", \"macos\") and ("}};
	const char *const *form = forms[random_below(&m->state, 8) % 6 * (random_below(&m->state, 3) == 0)];
	if (m->guard)
		buffer_printf(out, "%s%s%s%s%s", form[0], m->guard, form[1], RANDOM_OF(&m->state, words), form[2]);
}

__attribute__((unused)) static struct condition *engine_condition(struct random_making *m)
{
	static const char *const categories[] = {"process", "process", "any", "any", "container", "file", "network"};
	struct buffer out = {0};
	struct condition *condition = NULL;

	while (condition == NULL) {
		struct diagnostics d = {0};
		buffer_clear(&out);
		buffer_printf(&out, "%s where ", RANDOM_OF(&m->state, categories));
		put_guard(m, &out);
		if (random_below(&m->state, 5) == 0)
			random_expression(&m->state, m->arena, m->registry, 3, &out);
		else
			put_expression(m, 1 + (unsigned)random_below(&m->state, 3), &out);
		buffer_string(&out, m->guard ? ")" : "");
		condition = condition_parse(m->arena, m->scope, text_copy(m->arena, buffer_view(&out)), (struct place){"random", 1, 1}, 0,
			(struct text){0}, &d);
		m->refused += condition == NULL;
		diagnostics_free(&d);
	}
	buffer_free(&out);
	return condition;
}

/* ---- events ---- */

__attribute__((unused)) static void note_literals(const struct predicate *predicate, void *context)
{
	struct literals *literals = context;
	size_t count = predicate->count ? predicate->count : 1;
	for (size_t i = 0; i < count; i++) {
		literals->items = arena_grow(literals->arena, literals->items, literals->count, sizeof(*literals->items));
		literals->items[literals->count++] = (struct literal){predicate, i};
	}
}

/* A text that the pattern matches: wildcards become something. */
static struct text filled_pattern(uint64_t *state, struct arena *arena, struct text pattern)
{
	struct buffer out = {0};
	for (size_t i = 0; i < pattern.length; i++)
		if (pattern.data[i] == '*')
			buffer_text(&out, random_below(state, 2) ? random_word(state, arena) : TEXT(""));
		else if (pattern.data[i] == '?')
			buffer_string(&out, random_below(state, 3) ? "q" : "é");
		else
			buffer_char(&out, pattern.data[i]);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* The text with something around it, now and then a lot. */
static struct text random_around(uint64_t *state, struct arena *arena, struct text text)
{
	struct buffer out = {0};
	size_t kind = random_below(state, 16), times = kind == 0 ? 2 + random_below(state, 3) : 1;

	if (kind == 1)
		for (size_t i = random_below(state, 3000); i > 0; i--)
			buffer_char(&out, (char)('a' + i % 26));
	if (kind >= 2 && kind < 6)
		buffer_text(&out, random_word(state, arena));
	for (size_t i = 0; i < times; i++)
		buffer_text(&out, text);
	if (kind >= 4 && kind < 8)
		buffer_text(&out, random_word(state, arena));
	if (kind == 8)
		buffer_char(&out, '\0');
	if (kind == 9)
		buffer_char(&out, '\xff');
	struct text made = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return made;
}

static struct text random_number_text(uint64_t *state, struct arena *arena, const struct literal *literal)
{
	int64_t number = literal != NULL && literal->index < literal->predicate->count ? literal->predicate->values[literal->index].number
										       : RANDOM_OF(state, some_numbers);
	size_t step = random_below(state, 4);
	if (step == 0 && number < INT64_MAX)
		number++;
	if (step == 1 && number > INT64_MIN)
		number--;
	return text_of(arena_printf(arena, "%" PRId64, number));
}

static struct text random_date_text(uint64_t *state, struct arena *arena, const struct literal *literal)
{
	char out[32];
	if (literal == NULL || literal->index >= literal->predicate->count)
		return text_of(RANDOM_OF(state, dates));
	int64_t number = literal->predicate->values[literal->index].number;
	size_t step = random_below(state, 4);
	number += step == 0 && number < INT64_MAX ? 1 : step == 1 && number > INT64_MIN ? -1 : 0;
	size_t length = date_format(number, out);
	return text_copy(arena, (struct text){out, length});
}

/* A text near the literal's; of an expression one that it matches. */
static struct text random_keyword(uint64_t *state, struct arena *arena, const struct literal *literal)
{
	if (literal == NULL || literal->index >= literal->predicate->count)
		return random_word(state, arena);
	const struct predicate *p = literal->predicate;
	struct text text = p->values[literal->index].text;
	if (p->length || p->number)
		return random_below(state, 2) ? text : random_word(state, arena);
	if (p->op == OPERATOR_LIKE)
		text = filled_pattern(state, arena, text);
	if (p->op == OPERATOR_REGEX)
		text = made_regex(arena, text, (unsigned)random_below(state, 6));
	if (p->op == OPERATOR_CIDR)
		return text_of(RANDOM_OF(state, addresses));
	if (random_below(state, 3) == 0)
		text = random_near(state, arena, text);
	return p->op == OPERATOR_EQUAL && random_below(state, 2) ? text : random_around(state, arena, text);
}

static struct text random_value(uint64_t *state, struct arena *arena, const struct field *field, const struct literal *literal)
{
	if (literal != NULL && random_below(state, 8) == 0)
		literal = NULL;
	switch (field->type) {
	case TYPE_LONG:
		return random_number_text(state, arena, literal);
	case TYPE_DATE:
		return random_date_text(state, arena, literal);
	case TYPE_BOOLEAN:
		return random_below(state, 2) ? TEXT("true") : TEXT("false");
	case TYPE_IP:
		if (literal != NULL && literal->predicate->op == OPERATOR_EQUAL && literal->index < literal->predicate->count)
			return literal->predicate->values[literal->index].text;
		return text_of(RANDOM_OF(state, addresses));
	case TYPE_KEYWORD:
		break;
	}
	return random_keyword(state, arena, literal);
}

static void put_field(struct arena *arena, struct test_facet *facet, struct test_field **fields, unsigned field, const struct text *texts,
	size_t count)
{
	for (size_t i = 0; i < facet->count; i++)
		if ((*fields)[i].field == field) {
			(*fields)[i].values = (struct texts){texts, count};
			return;
		}
	*fields = arena_grow(arena, *fields, facet->count, sizeof(**fields));
	(*fields)[facet->count++] = (struct test_field){.field = field, .values = {texts, count}};
}

static void random_facet(uint64_t *state, struct arena *arena, const struct registry *registry, const struct literals *literals,
	struct test_facet *facet)
{
	static const char *const categories[] = {"process", "process", "container", "file", "network"};
	struct test_field *fields = NULL;
	bool found;
	unsigned category = registry_category(registry, text_of(RANDOM_OF(state, categories)), &found);
	unsigned action = registry->categories[category].first_action + (unsigned)random_below(state, registry->categories[category].action_count);

	*facet = (struct test_facet){.category = category, .action = action};
	for (size_t i = 1 + random_below(state, 12); i > 0; i--) {
		const struct literal *literal = literals->count && random_below(state, 8) ? &literals->items[random_below(state, literals->count)] : NULL;
		unsigned number = literal ? literal->predicate->field : random_field(state, registry);
		if (literal && literal->predicate->other != FIELD_NONE && random_below(state, 2))
			number = literal->predicate->other;
		const struct field *field = &registry->fields[number];
		size_t count = !field->list || random_below(state, 3) > 0 ? 1 : random_below(state, 6);
		struct text *texts = arena_array(arena, count + 1, sizeof(*texts));
		for (size_t k = 0; k < count; k++)
			texts[k] = random_below(state, 30) == 0 ? TEXT("") : random_value(state, arena, field, literal);
		put_field(arena, facet, &fields, number, texts, count);
	}
	if (random_below(state, 5) == 0) {
		struct text *outcome = arena_array(arena, 1, sizeof(*outcome));
		*outcome = random_below(state, 2) ? TEXT("failure") : TEXT("success");
		put_field(arena, facet, &fields, FIELD_OUTCOME, outcome, 1);
	}
	facet->fields = fields;
}

/* An event of one to four facets near the literals; now and then none. */
static struct test_event engine_event(uint64_t *state, struct arena *arena, const struct registry *registry, const struct literals *literals)
{
	static const size_t counts[] = {1, 1, 1, 1, 2, 2, 3, 4};
	size_t count = random_below(state, 500) == 0 ? 0 : RANDOM_OF(state, counts);
	struct test_facet *facets = arena_array(arena, count + 1, sizeof(*facets));
	for (size_t i = 0; i < count; i++)
		random_facet(state, arena, registry, literals, &facets[i]);
	return (struct test_event){.facets = facets, .facet_count = count};
}

#endif
