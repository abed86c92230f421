/*
 * sequence_syntax: the grammar of conditions over several events.
 *
 *   sequence: ("sequence" | "sample") ["by" fields] "with" "maxspan" "=" DURATION step+ ["until" step]
 *   step:     ("[" | "![") CATEGORY "where" or "]" ("by" fields | "with" counting)*
 *   counting: "runs" "=" NUMBER | "distinct" "(" FIELD ")" "=" NUMBER
 */
#include "catalog/parser.h"
#include "catalog/sequence.h"

#include <inttypes.h>

/* ---- durations ---- */

static const struct {
	const char *name;
	int64_t nanoseconds;
} units[] = {
	{"d", INT64_C(86400000000000)},
	{"h", INT64_C(3600000000000)},
	{"m", INT64_C(60000000000)},
	{"s", INT64_C(1000000000)},
	{"ms", INT64_C(1000000)},
};
enum { UNITS = sizeof(units) / sizeof(units[0]), DURATION_DAYS_MAX = 36500 };

bool duration_parse(struct text text, int64_t *nanoseconds)
{
	size_t digits = 0;
	int64_t number;

	while (digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9')
		digits++;
	if (digits == 0 || !text_to_long(text_slice(text, 0, digits), &number) || number <= 0)
		return false;
	for (size_t i = 0; i < UNITS; i++) {
		if (!text_is(text_slice(text, digits, text.length), units[i].name))
			continue;
		if (number > DURATION_DAYS_MAX * units[0].nanoseconds / units[i].nanoseconds)
			return false;
		*nanoseconds = number * units[i].nanoseconds;
		return true;
	}
	return false;
}

void duration_print(int64_t nanoseconds, struct buffer *out)
{
	for (size_t i = 0; i < UNITS; i++)
		if (nanoseconds % units[i].nanoseconds == 0) {
			buffer_printf(out, "%" PRId64 "%s", nanoseconds / units[i].nanoseconds, units[i].name);
			return;
		}
}

const struct sequence_step *sequence_last(const struct sequence *sequence)
{
	size_t last = sequence->count - 1;
	while (last > 0 && sequence->steps[last].missing)
		last--;
	return &sequence->steps[last];
}

/* ---- keys ---- */

struct keys {
	unsigned *fields;
	size_t count;
};

struct syntax {
	struct parser *p;
	struct sequence *sequence;
	struct keys shared;
	size_t first_offset; /* of the first step, for messages on its keys */
};

static bool parse_field(struct parser *p, unsigned *field)
{
	const struct token *token = parser_token(p, 0);

	*field = FIELD_NONE;
	if (token->kind != TOKEN_NAME) {
		parser_stop(p, token->offset, "a field is expected here");
		return false;
	}
	*field = parser_field(p, token, TYPE_KEYWORD);
	parser_take(p);
	return true;
}

static bool parse_keys(struct parser *p, struct keys *keys)
{
	do {
		const struct token *token = parser_token(p, 0);
		unsigned field;
		if (keys->count == SEQUENCE_KEYS_MAX) {
			parser_stop(p, token->offset, "more than %d fields stand behind by", SEQUENCE_KEYS_MAX);
			return false;
		}
		if (!parse_field(p, &field))
			return false;
		keys->fields = arena_grow(p->arena, keys->fields, keys->count, sizeof(*keys->fields));
		keys->fields[keys->count++] = field;
	} while (parser_take_kind(p, TOKEN_COMMA));
	return true;
}

/* ---- counting ---- */

static bool parse_count(struct parser *p, size_t least, size_t *count)
{
	const struct token *assign = parser_token(p, 0), *token;
	int64_t number = 0;

	if (!parser_take_kind(p, TOKEN_ASSIGN)) {
		parser_stop(p, assign->offset, "= and a number are expected here");
		return false;
	}
	token = parser_token(p, 0);
	if (token->kind != TOKEN_NUMBER || !text_to_long(token->text, &number) || number < (int64_t)least ||
		number > SEQUENCE_RUNS_MAX) {
		parser_stop(p, token->offset, "a whole number from %zu to %d is expected here", least, SEQUENCE_RUNS_MAX);
		return false;
	}
	parser_take(p);
	*count = (size_t)number;
	return true;
}

static bool parse_distinct(struct parser *p, struct sequence_step *step)
{
	if (!parser_take_kind(p, TOKEN_OPEN)) {
		parser_stop(p, parser_token(p, 0)->offset, "distinct counts the values of a field: distinct(FIELD)=N");
		return false;
	}
	if (!parse_field(p, &step->distinct))
		return false;
	if (!parser_take_kind(p, TOKEN_CLOSE)) {
		parser_stop(p, parser_token(p, 0)->offset, "the ) of distinct(FIELD) is expected here");
		return false;
	}
	return parse_count(p, 2, &step->distinct_count);
}

/* `with runs=N` or `with distinct(f)=N`, from behind the with. */
static bool parse_counting(struct syntax *s, struct sequence_step *step)
{
	struct parser *p = s->p;
	const struct token *word = parser_token(p, 0);

	if (step->missing || s->sequence->sample || step == s->sequence->until) {
		const char *what = step->missing ? "![ ]" : s->sequence->sample ? "a step of a sample" : "until";
		parser_stop(p, word->offset, "%s counts nothing", what);
		return false;
	}
	if (step->runs > 1 || step->distinct_count > 0) {
		parser_stop(p, word->offset, "a step counts one thing: runs or distinct");
		return false;
	}
	if (parser_is_word(word, "runs")) {
		parser_take(p);
		return parse_count(p, 1, &step->runs);
	}
	if (parser_is_word(word, "distinct")) {
		parser_take(p);
		return parse_distinct(p, step);
	}
	parser_stop(p, word->offset, "runs=N or distinct(FIELD)=N is expected here%s",
		parser_is_word(word, "maxspan") ? "; maxspan stands before the first step" : "");
	return false;
}

/* ---- steps ---- */

static void see_outcome(const struct predicate *predicate, void *names_outcome)
{
	if (predicate->field == FIELD_OUTCOME || predicate->other == FIELD_OUTCOME)
		*(bool *)names_outcome = true;
}

/* The question in the brackets, from behind the opening one. */
static bool parse_question(struct parser *p, const struct token *open, struct sequence_step *step)
{
	struct condition *condition = arena_alloc(p->arena, sizeof(*condition));
	size_t first = parser_token(p, 0)->offset;

	parser_category(p);
	if (p->stopped)
		return false;
	condition->category = p->category;
	condition->root = parser_part(p);
	if (p->stopped)
		return false;
	const struct token *close = parser_token(p, 0);
	if (!parser_take_kind(p, TOKEN_BRACKET_CLOSE)) {
		if (close->kind == TOKEN_END)
			parser_stop(p, open->offset, "this [ is not closed");
		else
			parser_stop(p, close->offset, "and, or or the ] of the step is expected here");
		return false;
	}
	condition->source = text_trim(text_slice(p->source, first, close->offset));
	condition->place = parser_place(p, first);
	node_visit(condition->root, see_outcome, &condition->names_outcome);
	step->condition = condition;
	return true;
}

static void join_keys(struct syntax *s, const struct keys *own, struct sequence_step *step)
{
	size_t count = s->shared.count + own->count;
	unsigned *by = arena_array(s->p->arena, count + 1, sizeof(*by));

	for (size_t i = 0; i < count; i++)
		by[i] = i < s->shared.count ? s->shared.fields[i] : own->fields[i - s->shared.count];
	step->by = by;
}

/* Each step has as many keys as the first, of the same types. */
static void check_keys(struct syntax *s, const struct keys *own, const struct sequence_step *step, size_t offset)
{
	const struct sequence_step *first = &s->sequence->steps[0];
	const struct field *fields = s->p->registry->fields;
	size_t count = s->shared.count + own->count;

	if (step == first) {
		s->sequence->key_count = count;
		return;
	}
	if (count != s->sequence->key_count) {
		parser_error(s->p, offset, "every step has as many fields behind by: the first has %zu, this one %zu",
			s->sequence->key_count - s->shared.count, own->count);
		return;
	}
	for (size_t i = s->shared.count; i < count; i++) {
		unsigned a = first->by[i], b = step->by[i];
		if (a != FIELD_NONE && b != FIELD_NONE && fields[a].type != fields[b].type)
			parser_error(s->p, offset, "keys that stand for each other have one type: %.*s is %s and %.*s is %s",
				TEXT_ARGS(fields[a].name), value_type_name(fields[a].type), TEXT_ARGS(fields[b].name),
				value_type_name(fields[b].type));
	}
}

static bool parse_step(struct syntax *s, struct sequence_step *step)
{
	struct parser *p = s->p;
	const struct token *open = parser_token(p, 0);
	struct keys own = {0};

	*step = (struct sequence_step){.missing = open->kind == TOKEN_MISSING_OPEN, .runs = 1};
	if (step->missing && s->sequence->sample) {
		parser_stop(p, open->offset, "a sample has no ![ ]");
		return false;
	}
	parser_take(p);
	p->step = true;
	bool good = parse_question(p, open, step);
	p->step = false;
	while (good && parser_token(p, 0)->kind == TOKEN_NAME) {
		const struct token *word = parser_token(p, 0);
		bool by = parser_is_word(word, "by") && own.count == 0;
		if (!by && !parser_is_word(word, "with"))
			break;
		parser_take(p);
		good = by ? parse_keys(p, &own) : parse_counting(s, step);
	}
	if (!good)
		return false;
	join_keys(s, &own, step);
	check_keys(s, &own, step, open->offset);
	return true;
}

/* ---- the whole ---- */

static bool parse_maxspan(struct syntax *s, const struct token *word)
{
	struct parser *p = s->p;
	const struct token *token = parser_token(p, 0);

	if (!parser_is_word(token, "with")) {
		parser_stop(p, token->offset,
			"a %.*s needs with maxspan=…, as in with maxspan=10m: without it every beginning would have to be kept for ever",
			TEXT_ARGS(word->text));
		return false;
	}
	parser_take(p);
	if (!parser_is_word(parser_token(p, 0), "maxspan")) {
		parser_stop(p, parser_token(p, 0)->offset, "maxspan=… is expected here, as in with maxspan=10m");
		return false;
	}
	parser_take(p);
	token = parser_token(p, 0);
	if (!parser_take_kind(p, TOKEN_ASSIGN)) {
		parser_stop(p, token->offset, "= is expected here, as in with maxspan=10m");
		return false;
	}
	token = parser_token(p, 0);
	if (token->kind != TOKEN_DURATION || !duration_parse(token->text, &s->sequence->maxspan)) {
		parser_stop(p, token->offset, "maxspan is a whole number with ms, s, m, h or d, above 0 and at most %d days",
			DURATION_DAYS_MAX);
		return false;
	}
	parser_take(p);
	return true;
}

static bool opens_step(const struct token *token)
{
	return token->kind == TOKEN_BRACKET_OPEN || token->kind == TOKEN_MISSING_OPEN;
}

static bool parse_steps(struct syntax *s)
{
	struct sequence *sequence = s->sequence;
	struct parser *p = s->p;

	sequence->steps = arena_array(p->arena, SEQUENCE_STEPS_MAX, sizeof(*sequence->steps));
	while (opens_step(parser_token(p, 0))) {
		if (sequence->count == SEQUENCE_STEPS_MAX) {
			parser_stop(p, parser_token(p, 0)->offset, "there are more than %d steps", SEQUENCE_STEPS_MAX);
			return false;
		}
		if (!parse_step(s, &sequence->steps[sequence->count]))
			return false;
		sequence->count++;
	}
	if (sequence->count == 0)
		parser_stop(p, parser_token(p, 0)->offset, "a step is expected here: [CATEGORY where …]");
	return sequence->count > 0;
}

static bool parse_until(struct syntax *s)
{
	struct parser *p = s->p;
	const struct token *until = parser_token(p, 0);

	if (!parser_is_word(until, "until"))
		return true;
	if (s->sequence->sample) {
		parser_stop(p, until->offset, "a sample has no until");
		return false;
	}
	parser_take(p);
	if (parser_token(p, 0)->kind != TOKEN_BRACKET_OPEN) {
		parser_stop(p, parser_token(p, 0)->offset, "a step is expected here: until [CATEGORY where …]");
		return false;
	}
	s->sequence->until = arena_alloc(p->arena, sizeof(*s->sequence->until));
	return parse_step(s, s->sequence->until);
}

/* What a sequence must have to ask anything of several events. */
static void check_whole(struct syntax *s, const struct token *word)
{
	const struct sequence *sequence = s->sequence;
	size_t there = 0;
	bool counts = false;

	for (size_t i = 0; i < sequence->count; i++) {
		there += !sequence->steps[i].missing;
		counts = counts || sequence->steps[i].runs > 1 || sequence->steps[i].distinct_count > 0;
		if (i > 0 && sequence->steps[i].missing && sequence->steps[i - 1].missing)
			parser_error(s->p, word->offset, "two ![ ] stand beside each other: join them with or");
	}
	if (there == 0)
		parser_error(s->p, word->offset, "every step is a ![ ]: one event must be there for the alert to sit at");
	else if (sequence->count < 2 && !counts)
		parser_error(s->p, word->offset, "a %.*s has two steps or more, or counts: with runs=N or with distinct(FIELD)=N",
			TEXT_ARGS(word->text));
}

static void expect_end(struct parser *p)
{
	const struct token *token = parser_token(p, 0);
	if (token->kind != TOKEN_END || p->tokens.error != NULL)
		parser_stop(p, token->offset, "a step, until or the end is expected here");
}

struct sequence *parser_sequence(struct parser *p)
{
	struct syntax s = {.p = p, .sequence = arena_alloc(p->arena, sizeof(*s.sequence))};
	const struct token *word = parser_token(p, 0);

	p->sequence = true;
	parser_take(p);
	s.sequence->sample = text_is(word->text, "sample");
	if (parser_is_word(parser_token(p, 0), "by")) {
		parser_take(p);
		if (!parse_keys(p, &s.shared))
			return NULL;
	}
	s.sequence->shared_count = s.shared.count;
	if (!parse_maxspan(&s, word) || !parse_steps(&s) || !parse_until(&s))
		return NULL;
	expect_end(p);
	if (!p->stopped)
		check_whole(&s, word);
	return p->failed ? NULL : s.sequence;
}
