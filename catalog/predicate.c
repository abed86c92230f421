/*
 * predicate: what a comparison means: field, types, values.
 */
#include "catalog/parser.h"
#include "catalog/regex.h"

#include <inttypes.h>

/* What an operator may be asked of. */
enum { ON_KEYWORD = 1u << TYPE_KEYWORD,
	ON_LONG = 1u << TYPE_LONG,
	ON_BOOLEAN = 1u << TYPE_BOOLEAN,
	ON_IP = 1u << TYPE_IP,
	ON_DATE = 1u << TYPE_DATE };

static const struct {
	unsigned types;
	const char *wants;
} operator_types[] = {
	[OPERATOR_EXISTS] = {ON_KEYWORD | ON_LONG | ON_BOOLEAN | ON_IP | ON_DATE, ""},
	[OPERATOR_MISSING] = {ON_KEYWORD | ON_LONG | ON_BOOLEAN | ON_IP | ON_DATE, ""},
	[OPERATOR_EQUAL] = {ON_KEYWORD | ON_LONG | ON_BOOLEAN | ON_IP | ON_DATE, ""},
	[OPERATOR_NOT_EQUAL] = {ON_KEYWORD | ON_LONG | ON_BOOLEAN | ON_IP | ON_DATE, ""},
	[OPERATOR_LESS] = {ON_LONG | ON_DATE, "a long or a date"},
	[OPERATOR_LESS_EQUAL] = {ON_LONG | ON_DATE, "a long or a date"},
	[OPERATOR_GREATER] = {ON_LONG | ON_DATE, "a long or a date"},
	[OPERATOR_GREATER_EQUAL] = {ON_LONG | ON_DATE, "a long or a date"},
	[OPERATOR_LIKE] = {ON_KEYWORD, "a keyword"},
	[OPERATOR_REGEX] = {ON_KEYWORD, "a keyword"},
	[OPERATOR_STARTS] = {ON_KEYWORD, "a keyword"},
	[OPERATOR_ENDS] = {ON_KEYWORD, "a keyword"},
	[OPERATOR_CONTAINS] = {ON_KEYWORD, "a keyword"},
	[OPERATOR_CIDR] = {ON_IP | ON_KEYWORD, "an ip or a keyword"},
};

/* What is being checked. */
struct check {
	struct parser *p;
	const struct comparison *c;
	const struct field *field;
	enum value_type type; /* of the values: long for length(f) */
	struct predicate predicate;
	bool failed;
};

/* ---- field and operator ---- */

/* The function whose answer is compared instead of the value, or NULL. */
static const char *measured(const struct comparison *c)
{
	return c->length ? "length" : c->number ? "number" : NULL;
}

static bool check_types(struct check *check)
{
	const struct comparison *c = check->c;
	struct text name = check->field->name;
	const char *type = value_type_name(check->field->type);
	const char *article = check->field->type == TYPE_IP ? "an" : "a";

	if (measured(c) && check->field->type != TYPE_KEYWORD) {
		parser_error(check->p, c->field->offset, "%s asks a keyword, and %.*s is %s %s", measured(c), TEXT_ARGS(name), article,
			type);
		return false;
	}
	if (!(operator_types[c->op].types & 1u << check->type)) {
		parser_error(check->p, c->operator->offset, "%s asks %s, and %.*s is %s %s%s", operator_name(c->op),
			operator_types[c->op].wants, TEXT_ARGS(name), measured(c) ? measured(c) : article, measured(c) ? "" : type,
			check->type == TYPE_IP && c->op == OPERATOR_LIKE ? ": write cidrmatch" : "");
		return false;
	}
	if (c->fold && check->type != TYPE_KEYWORD) {
		parser_error(check->p, c->operator->offset, "only a keyword can be compared without regard to case, and %.*s is %s %s",
			TEXT_ARGS(name), article, type);
		return false;
	}
	return true;
}

/* ---- one value ---- */

static const char *const shapes[] = {
	[TYPE_KEYWORD] = "text in \"quotes\"",
	[TYPE_LONG] = "a whole number without quotes",
	[TYPE_BOOLEAN] = "true or false",
	[TYPE_IP] = "an IP address in \"quotes\"",
	[TYPE_DATE] = "a date in \"quotes\", as 2026-01-31T12:00:00Z",
};

static bool refuse(struct check *check, const struct literal *literal, struct text text, const char *reason)
{
	const char *origin = literal->kind != LITERAL_LIST ? ""
							   : arena_printf(check->p->arena, " (in the list %.*s)", TEXT_ARGS(literal->list->name));
	const char *message = arena_printf(check->p->arena, "%.*s%s: %s", TEXT_ARGS(text), origin, reason);
	parser_error(check->p, literal->token->offset, "%s", message);
	check->failed = true;
	return false;
}

static bool fits(enum value_type type, enum literal_kind kind)
{
	switch (kind) {
	case LITERAL_LIST:
		return true;
	case LITERAL_STRING:
		return type == TYPE_KEYWORD || type == TYPE_IP || type == TYPE_DATE;
	case LITERAL_NUMBER:
		return type == TYPE_LONG;
	case LITERAL_BOOLEAN:
		return type == TYPE_BOOLEAN;
	default: /* null and fields are judged apart */
		return false;
	}
}

static bool check_number(struct check *check, const struct literal *literal, struct text text)
{
	int64_t number;

	if (check->type != TYPE_LONG || text_to_long(text, &number))
		return true;
	if (literal->kind == LITERAL_LIST)
		return refuse(check, literal, text, "it is not a whole number of 64 bits");
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == '.' || (text.data[i] | 0x20) == 'e')
			return refuse(check, literal, text, "only whole numbers are in the language");
	return refuse(check, literal, text, "the number does not fit into 64 bits");
}

static bool check_shape(struct check *check, const struct literal *literal, struct text text)
{
	bool is_address = check->type == TYPE_IP && check->c->op != OPERATOR_CIDR;

	if (!fits(check->type, literal->kind)) {
		parser_error(check->p, literal->token->offset, "%s%.*s is %s: the value must be %s",
			check->c->length ? "length of " : "",
			TEXT_ARGS(check->field->name), measured(check->c) ? "a number" : value_type_name(check->type), shapes[check->type]);
		check->failed = true;
		return false;
	}
	if (text.length == 0)
		return refuse(check, literal, TEXT("\"\""), "the empty string is a missing value: write FIELD == null or != null");
	if (is_address && text_find(text, '/') < text.length)
		return refuse(check, literal, text, "a network is asked with cidrmatch(FIELD, \"…\")");
	return check_number(check, literal, text);
}

/* ---- event.category, event.action, event.type, event.outcome: closed sets ---- */

static bool same(const struct check *check, struct text a, struct text b)
{
	return check->c->fold ? text_equal_fold(a, b) : text_equal(a, b);
}

static bool is_category(const struct check *check, struct text text)
{
	for (size_t i = 1; i < check->p->registry->category_count; i++)
		if (same(check, check->p->registry->categories[i].name, text))
			return true;
	return false;
}

/* Is it the name (or the type) of an action of the condition's category? Notes the nearest name. */
static bool is_action(const struct check *check, struct text text, bool type, struct text *nearest)
{
	const struct registry *registry = check->p->registry;
	size_t best = SIZE_MAX;

	for (size_t i = 1; i < registry->action_count; i++) {
		const struct action *action = &registry->actions[i];
		struct text name = type ? action->type : action->name;
		if (check->p->category != CATEGORY_ANY && action->category != check->p->category)
			continue;
		if (same(check, name, text))
			return true;
		if (text_nearer(text, name, &best))
			*nearest = name;
	}
	return false;
}

static bool is_outcome(const struct check *check, struct text text)
{
	return same(check, TEXT("success"), text) || same(check, TEXT("failure"), text) ||
		same(check, TEXT("unknown"), text);
}

static bool check_closed(struct check *check, const struct literal *literal, struct text text)
{
	unsigned field = check->predicate.field;
	struct text nearest = {0};
	const struct category *category = &check->p->registry->categories[check->p->category];

	if (measured(check->c) || (check->c->op != OPERATOR_EQUAL && check->c->op != OPERATOR_NOT_EQUAL))
		return true;
	if (field == FIELD_CATEGORY && !is_category(check, text))
		return refuse(check, literal, text, "there is no such category");
	if (field == FIELD_OUTCOME && !is_outcome(check, text))
		return refuse(check, literal, text, "event.outcome is success, failure or unknown");
	if ((field != FIELD_ACTION && field != FIELD_TYPE) || is_action(check, text, field == FIELD_TYPE, &nearest))
		return true;
	const char *of = check->p->category == CATEGORY_ANY ? "any category"
							    : arena_printf(check->p->arena, "the category %.*s", TEXT_ARGS(category->name));
	const char *hint = nearest.length == 0 ? ""
					       : arena_printf(check->p->arena, " (did you mean %.*s?)", TEXT_ARGS(nearest));
	return refuse(check, literal, text,
		arena_printf(check->p->arena, "no action of %s has this %s%s", of, field == FIELD_TYPE ? "event.type" : "name", hint));
}

/* ---- paths ---- */

/* A part of a path keeps the slash it ends in: "/etc/" is the beginning of what lies in /etc. */
static struct text clean_part(struct arena *arena, const struct field *field, struct text text)
{
	struct text clean = field_clean(arena, field, text);
	bool slash = text.length > 1 && text.data[text.length - 1] == '/';

	if (!slash || text_ends(clean, TEXT("/"), false))
		return clean;
	return text_of(arena_printf(arena, "%.*s/", TEXT_ARGS(clean)));
}

/* A pattern may begin with stars: they stay, and the path behind them is cleaned. */
static struct text clean_pattern(struct arena *arena, struct text pattern)
{
	size_t stars = 0;
	while (stars < pattern.length && pattern.data[stars] == '*')
		stars++;
	struct text rest = text_slice(pattern, stars, pattern.length);
	if (!text_starts(rest, TEXT("/"), false) || (stars > 0 && rest.length == 1))
		return pattern;
	rest = path_clean(arena, rest);
	return text_of(arena_printf(arena, "%.*s%.*s", (int)stars, pattern.data, TEXT_ARGS(rest)));
}

/* Of "source:destination:mode" the first two parts are paths. */
static struct text clean_mount_pattern(struct arena *arena, struct text pattern)
{
	size_t first = text_find(pattern, ':');
	struct text rest = text_slice(pattern, first + 1, pattern.length);
	struct text source = clean_pattern(arena, text_slice(pattern, 0, first));

	if (first == pattern.length)
		return source;
	size_t second = text_find(rest, ':');
	struct text destination = clean_pattern(arena, text_slice(rest, 0, second));
	struct text mode = text_slice(rest, second, rest.length);
	return text_of(arena_printf(arena, "%.*s:%.*s%.*s", TEXT_ARGS(source), TEXT_ARGS(destination), TEXT_ARGS(mode)));
}

/* Values of path fields are cleaned by readers, so literals are cleaned the same way. */
static struct text clean(const struct check *check, struct text text)
{
	struct arena *arena = check->p->arena;

	if (!check->field->path || measured(check->c))
		return text;
	switch (check->c->op) {
	case OPERATOR_EQUAL:
	case OPERATOR_NOT_EQUAL:
		return field_clean(arena, check->field, text);
	case OPERATOR_LIKE:
		return check->field->mount ? clean_mount_pattern(arena, text) : clean_pattern(arena, text);
	case OPERATOR_STARTS:
	case OPERATOR_ENDS:
	case OPERATOR_CONTAINS:
		return text_starts(text, TEXT("/"), false) ? clean_part(arena, check->field, text) : text;
	default:
		return text;
	}
}

/* "/var/run*" stays as it is, since a part of a name is no path, and misses what it was meant for. */
static void warn_of_run(struct check *check, const struct literal *literal, struct text text)
{
	struct text next = text_slice(text, sizeof("/var/run") - 1, sizeof("/var/run"));

	if (!check->field->path || check->c->op != OPERATOR_LIKE || !text_starts(text, TEXT("/var/run"), false))
		return;
	if (text_is(next, "*") || text_is(next, "?"))
		diagnostics_warning(check->p->d, parser_place(check->p, literal->token->offset),
			"%.*s: values never begin with /var/run/, since paths are cleaned to /run/: write /run%.*s",
			TEXT_ARGS(text),
			TEXT_ARGS(text_slice(text, sizeof("/var/run") - 1, text.length)));
}

/* ---- values ---- */

static void release_regex(void *regex)
{
	regex_free(regex);
}

static bool compile_regex(struct check *check, const struct literal *literal, struct text text, struct regex **regex)
{
	const char *error;
	size_t offset;

	*regex = regex_compile(text, check->c->fold, &error, &offset);
	if (*regex != NULL) {
		arena_defer(check->p->arena, release_regex, *regex);
		return true;
	}
	if (literal->kind == LITERAL_LIST)
		return refuse(check, literal, text, error);
	parser_error(check->p, lexer_string_offset(literal->token, check->p->source, offset), "regex: %s", error);
	check->failed = true;
	return false;
}

/* Numbers and dates in their canonical spelling, so that equal literals have equal texts. */
static void make_canonical(struct arena *arena, enum value_type type, struct value *value)
{
	char date[32];

	if (type == TYPE_LONG)
		value->text = text_of(arena_printf(arena, "%" PRId64, value->number));
	else if (type == TYPE_DATE)
		value->text = text_copy(arena, (struct text){date, date_format(value->number, date)});
}

struct room {
	struct value *values;
	struct cidr *cidrs;
	struct regex **regexes;
};

static bool add_value(struct check *check, const struct literal *literal, struct text text, const struct room *room)
{
	struct predicate *predicate = &check->predicate;
	struct value *value = &room->values[predicate->count];
	bool network = check->c->op == OPERATOR_CIDR;

	if (!check_shape(check, literal, text) || !check_closed(check, literal, text))
		return false;
	text = clean(check, text_copy(check->p->arena, text));
	warn_of_run(check, literal, text);
	if (network)
		value->text = text;
	else if (!value_parse(check->type, text, value))
		return refuse(check, literal, text,
			arena_printf(check->p->arena, "this is not %s",
				literal->kind == LITERAL_LIST ? value_type_name(check->type) : shapes[check->type]));
	make_canonical(check->p->arena, check->type, value);
	if (network && !cidr_parse(text, &room->cidrs[predicate->count]))
		return refuse(check, literal, text, "this is no network: write ADDRESS/BITS with zeroes behind the bits");
	if (check->c->op == OPERATOR_REGEX && !compile_regex(check, literal, text, &room->regexes[predicate->count]))
		return false;
	predicate->count++;
	return true;
}

static void add_literal(struct check *check, const struct literal *literal, const struct room *room)
{
	if (literal->kind != LITERAL_LIST) {
		add_value(check, literal, literal->token->text, room);
		return;
	}
	for (size_t i = 0; i < literal->list->count; i++)
		add_value(check, literal, literal->list->items[i], room);
}

static void fill_values(struct check *check)
{
	const struct comparison *c = check->c;
	struct arena *arena = check->p->arena;
	struct room room = {0};
	size_t most = 0;

	for (size_t i = 0; i < c->count; i++)
		most += c->literals[i].kind == LITERAL_LIST ? c->literals[i].list->count : 1;
	room.values = arena_array(arena, most, sizeof(*room.values));
	if (c->op == OPERATOR_CIDR)
		room.cidrs = arena_array(arena, most, sizeof(*room.cidrs));
	if (c->op == OPERATOR_REGEX)
		room.regexes = arena_array(arena, most, sizeof(struct regex *));
	for (size_t i = 0; i < c->count; i++)
		add_literal(check, &c->literals[i], &room);
	check->predicate.values = room.values;
	check->predicate.cidrs = room.cidrs;
	check->predicate.regexes = room.regexes;
	if (c->count == 1 && c->literals[0].kind == LITERAL_LIST)
		check->predicate.list = c->literals[0].list->name;
}

/* ---- null ---- */

static const struct literal *find_null(const struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->literals[i].kind == LITERAL_NULL)
			return &c->literals[i];
	return NULL;
}

static struct node *check_null(struct check *check, const struct literal *literal)
{
	const struct comparison *c = check->c;
	bool plain = c->operator->kind == TOKEN_EQUAL || c->operator->kind == TOKEN_NOT_EQUAL;

	if (!plain || measured(c)) {
		parser_error(check->p, literal->token->offset, "null stands only in FIELD == null and FIELD != null");
		return node_false();
	}
	check->predicate.op = c->op == OPERATOR_EQUAL ? OPERATOR_MISSING : OPERATOR_EXISTS;
	return node_predicate(check->p->arena, &check->predicate);
}

/* A named list may be empty (an organization that trusts nobody): nothing is in it. */
static struct node *without_values(struct check *check)
{
	if (check->c->op != OPERATOR_NOT_EQUAL)
		return node_false();
	check->predicate.op = OPERATOR_EXISTS;
	check->predicate.fold = check->predicate.length = check->predicate.number = false;
	check->predicate.list = (struct text){0};
	return node_predicate(check->p->arena, &check->predicate);
}

/* ---- another field ---- */

static const struct literal *find_field(const struct comparison *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->literals[i].kind == LITERAL_FIELD)
			return &c->literals[i];
	return NULL;
}

/* `f : g` is equality without regard to case: what stands in g is no pattern. */
static bool set_other_operator(struct check *check)
{
	const struct comparison *c = check->c;

	if (c->operator->kind == TOKEN_COLON)
		check->predicate.op = OPERATOR_EQUAL;
	return check->predicate.op != OPERATOR_LIKE && check->predicate.op != OPERATOR_REGEX && check->predicate.op != OPERATOR_CIDR;
}

static struct node *check_other(struct check *check, const struct literal *literal)
{
	const struct comparison *c = check->c;
	struct parser *p = check->p;
	unsigned number = parser_field(p, literal->token, check->field->type);
	const struct field *other = &p->registry->fields[number];

	check->field = &p->registry->fields[check->predicate.field]; /* a field that was adopted may have moved them */
	if (number == FIELD_NONE)
		return node_false();
	if (c->count > 1)
		parser_error(p, literal->token->offset, "a field is compared with values or with one other field: write or");
	else if (measured(c))
		parser_error(p, literal->token->offset, "%s is compared with numbers, not with another field", measured(c));
	else if (!set_other_operator(check))
		parser_error(p, literal->token->offset, "%s asks for %s, which a field is not: write ==, : or startswith(…)",
			operator_name(c->op), c->op == OPERATOR_CIDR ? "networks" : "patterns");
	else if (other->type != check->field->type)
		parser_error(p, literal->token->offset, "only fields of one type are compared: %.*s is %s and %.*s is %s",
			TEXT_ARGS(check->field->name), value_type_name(check->field->type), TEXT_ARGS(other->name),
			value_type_name(other->type));
	else if (check_types(check)) {
		check->predicate.other = number;
		return node_predicate(p->arena, &check->predicate);
	}
	return node_false();
}

/* Of a field that the registry lacks: what its first use asks for. */
static enum value_type first_use(const struct parser *p, const struct comparison *c)
{
	static const enum value_type types[] = {
		[LITERAL_STRING] = TYPE_KEYWORD, [LITERAL_NUMBER] = TYPE_LONG, [LITERAL_BOOLEAN] = TYPE_BOOLEAN,
		[LITERAL_NULL] = TYPE_KEYWORD, [LITERAL_LIST] = TYPE_KEYWORD, [LITERAL_FIELD] = TYPE_KEYWORD,
	};
	const struct literal *first = c->count > 0 ? &c->literals[0] : NULL;

	if (c->op == OPERATOR_CIDR)
		return TYPE_IP;
	if (measured(c) || first == NULL)
		return TYPE_KEYWORD;
	if (first->kind != LITERAL_FIELD)
		return types[first->kind];
	unsigned other = registry_field(p->registry, first->token->text);
	if (other == FIELD_NONE)
		return c->op >= OPERATOR_LESS && c->op <= OPERATOR_GREATER_EQUAL ? TYPE_LONG : TYPE_KEYWORD;
	return p->registry->fields[other].type;
}

struct node *comparison_check(struct parser *p, const struct comparison *c)
{
	struct check check = {.p = p, .c = c};
	unsigned field;

	if (++*p->predicates > PARSER_PREDICATES_MAX) {
		parser_stop(p, c->field->offset, "the condition has more than %d comparisons", PARSER_PREDICATES_MAX);
		return node_false();
	}
	field = parser_field(p, c->field, first_use(p, c));
	if (field == FIELD_NONE)
		return node_false();
	check.field = &p->registry->fields[field];
	check.type = measured(c) ? TYPE_LONG : check.field->type;
	check.predicate = (struct predicate){.field = field, .op = c->op, .fold = c->fold, .length = c->length,
		.number = c->number};
	check.predicate.place = parser_place(p, c->field->offset);
	const struct literal *null = find_null(c);
	if (null != NULL)
		return check_null(&check, null);
	const struct literal *other = find_field(c);
	if (other != NULL)
		return check_other(&check, other);
	if (!check_types(&check))
		return node_false();
	fill_values(&check);
	if (check.failed)
		return node_false();
	return check.predicate.count > 0 ? node_predicate(p->arena, &check.predicate) : without_values(&check);
}
