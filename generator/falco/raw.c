/* raw: comparisons of Falco's language as tests. */
#include "generator/falco/raw.h"

#include "generator/falco/fields.h"
#include "generator/falco/quote.h"
#include "generator/falco/regex.h"
#include "generator/lower.h"

#include <arpa/inet.h>
#include <string.h>

/* --- the whole comparison as a name --- */

static void spell_values(struct buffer *out, const struct filter *check)
{
	bool list = check->op == FILTER_IN || check->op == FILTER_INTERSECTS || check->op == FILTER_PMATCH
		|| check->modifier != FILTER_PLAIN;

	buffer_string(out, list ? "(" : "");
	for (size_t i = 0; i < check->values.count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		if (check->op >= FILTER_LESS && check->op <= FILTER_GREATER_EQUAL)
			buffer_text(out, check->values.items[i]);
		else
			falco_quote(out, check->values.items[i]);
	}
	buffer_string(out, list ? ")" : "");
}

struct text falco_check_text(struct arena *arena, const struct filter *check)
{
	static const char *const modifiers[] = {"", " oneof", " anyof", " allof"};
	struct buffer out = {0};

	buffer_printf(&out, "%.*s %s", TEXT_ARGS(check->left->text), filter_operators[check->op]);
	if (check->op != FILTER_EXISTS) {
		buffer_printf(&out, "%s ", modifiers[check->modifier]);
		if (check->right == NULL)
			spell_values(&out, check);
		else if (check->right->transformer)
			buffer_text(&out, check->right->text);
		else
			buffer_printf(&out, "val(%.*s)", TEXT_ARGS(check->right->text));
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

bool falco_opaque(struct text name)
{
	return text_find(name, ' ') < name.length;
}

static void note(struct falco_raw *raw, const char *sentence)
{
	reason_add(raw->arena, &raw->notes, sentence);
}

static struct rule_node *opaque(struct falco_raw *raw, const struct filter *check)
{
	struct text text = falco_check_text(raw->arena, check);

	if (text_find(text, '`') < text.length) {
		raw->error = arena_printf(raw->arena, "%.*s cannot be kept as a name", TEXT_ARGS(text));
		return rule_false();
	}
	note(raw, arena_printf(raw->arena, "`%.*s` cannot be asked of recorded values: it is kept as a field of that name",
			  TEXT_ARGS(text)));
	return rule_one(raw->arena, text, TEST_EQUAL, TEXT("true"));
}

static struct rule_node *refuse(struct falco_raw *raw, const char *format, struct text name, const char *detail)
{
	raw->error = raw->error ? raw->error : arena_printf(raw->arena, format, TEXT_ARGS(name), detail);
	return rule_false();
}

/* --- plain tests --- */

struct asked {
	struct falco_raw *raw;
	const struct filter *check;
	struct text name;
	enum falco_type type;
	bool fold;
	const struct text *values; /* those that the test is to have */
	size_t count;
};

static struct rule_node *test(const struct asked *a, enum test_operator op)
{
	struct rule_test made = {.name = a->name, .op = op, .fold = a->fold, .values = a->values, .count = a->count};

	made.number = a->type == FALCO_NUMBER && op != TEST_PRESENT;
	if (op == TEST_PRESENT) {
		made.count = 0;
		made.fold = false;
	} else if (a->count == 0) {
		return rule_false();
	}
	return rule_test(a->raw->arena, &made);
}

/* 0x10 → 16, +5 → 5; what is no whole number stays as it is. */
static struct text plain_number(struct arena *arena, struct text text)
{
	bool hex = text.length > 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x';
	uint64_t bits;
	int64_t number;

	if (hex && text_to_ulong_base(text_slice(text, 2, text.length), 16, &bits))
		return text_of(arena_printf(arena, "%llu", (unsigned long long)bits));
	struct text digits = text.length > 1 && text.data[0] == '+' ? text_slice(text, 1, text.length) : text;

	return text_to_long(digits, &number) ? text_of(arena_printf(arena, "%lld", (long long)number)) : text;
}

/* 127.0.0.1/8 → 127.0.0.0/8, as the engine masks it; an address alone is a network of one. */
static struct text network(struct arena *arena, struct text text)
{
	size_t slash = text_find(text, '/');
	struct ip ip;
	int64_t bits = 0;
	char out[INET6_ADDRSTRLEN];

	if (!ip_parse(text_slice(text, 0, slash), &ip) || !text_to_long(text_slice(text, slash + 1, text.length), &bits) || bits < 0)
		return text;
	bool four = text_find(text, ':') == text.length;
	unsigned kept = (unsigned)bits + (four ? 96 : 0);

	for (unsigned i = kept; i < 128; i++)
		ip.bytes[i / 8] &= (uint8_t)(0xFFu ^ (0x80u >> (i % 8)));
	if (kept > 128 || inet_ntop(four ? AF_INET : AF_INET6, four ? ip.bytes + 12 : ip.bytes, out, sizeof(out)) == NULL)
		return text;
	return text_of(arena_printf(arena, "%s/%u", out, (unsigned)bits));
}

static struct rule_node *equal(struct asked *a)
{
	struct text *values = arena_array(a->raw->arena, a->count + 1, sizeof(*values));

	for (size_t i = 0; i < a->count; i++) {
		values[i] = a->type == FALCO_NUMBER ? plain_number(a->raw->arena, a->values[i]) : a->values[i];
		if (a->type == FALCO_NETWORK)
			values[i] = network(a->raw->arena, values[i]);
		if (a->type == FALCO_TRUTH && !text_is(values[i], "true") && !text_is(values[i], "false"))
			return refuse(a->raw, "%.*s is true or false%s", a->name, "");
	}
	a->values = values;
	return test(a, a->type == FALCO_NETWORK ? TEST_CIDR : TEST_EQUAL);
}

static struct rule_node *not_equal(struct asked *a)
{
	if (falco_field_ancestors(a->name))
		return opaque(a->raw, a->check);
	struct rule_node *equals = equal(a);

	return rule_both(a->raw->arena, test(a, TEST_PRESENT), rule_not(a->raw->arena, equals));
}

/* evt.num counts from 1: conditions ask it to say always or never. */
static struct rule_node *event_number(const struct asked *a)
{
	int64_t number;

	if (a->count != 1 || !text_to_long(a->values[0], &number))
		return NULL;
	switch (a->check->op) {
	case FILTER_EQUAL:
	case FILTER_LESS_EQUAL:
		return number < 1 ? rule_false() : NULL;
	case FILTER_NOT_EQUAL:
	case FILTER_GREATER:
		return number < 1 ? rule_true() : NULL;
	case FILTER_LESS:
		return number < 2 ? rule_false() : NULL;
	case FILTER_GREATER_EQUAL:
		return number < 2 ? rule_true() : NULL;
	default:
		return NULL;
	}
}

static struct rule_node *ordered(const struct asked *a)
{
	static const enum test_operator operators[] = {
		[FILTER_LESS] = TEST_LESS, [FILTER_LESS_EQUAL] = TEST_LESS_EQUAL, [FILTER_GREATER] = TEST_GREATER,
		[FILTER_GREATER_EQUAL] = TEST_GREATER_EQUAL};
	struct asked numbers = *a;
	struct text *values = arena_array(a->raw->arena, a->count + 1, sizeof(*values));
	int64_t number;

	for (size_t i = 0; i < a->count; i++) {
		values[i] = plain_number(a->raw->arena, a->values[i]);
		if (!text_to_long(values[i], &number))
			return opaque(a->raw, a->check);
	}
	if (a->type != FALCO_NUMBER && a->type != FALCO_UNKNOWN)
		return opaque(a->raw, a->check); /* order of bytes */
	numbers.values = values;
	numbers.type = FALCO_NUMBER;
	return test(&numbers, operators[a->check->op]);
}

static struct rule_node *globbed(struct asked *a)
{
	struct text *regexes = arena_array(a->raw->arena, a->count + 1, sizeof(*regexes));
	bool all = true;

	for (size_t i = 0; i < a->count; i++) {
		bool plain;

		regexes[i] = falco_glob_regex(a->raw->arena, a->values[i], &plain);
		all = all && plain;
	}
	if (all)
		return test(a, TEST_LIKE);
	a->values = regexes;
	return test(a, TEST_REGEX);
}

static struct rule_node *by_regex(struct asked *a)
{
	struct text *regexes = arena_array(a->raw->arena, a->count + 1, sizeof(*regexes));
	const char *error;

	for (size_t i = 0; i < a->count; i++) {
		if (!falco_regex_read(a->raw->arena, a->values[i], &regexes[i], &error))
			return refuse(a->raw, "%.*s: %s", a->name, error);
	}
	a->values = regexes;
	return test(a, TEST_REGEX);
}

/* One path of pmatch: the value is that path, or lies below it. */
static struct rule_node *path_prefix(const struct asked *a, struct text path)
{
	struct arena *arena = a->raw->arena;
	struct text *parts;
	size_t count = text_split(arena, path, '/', &parts);
	struct buffer plain = {0}, regex = {0};
	bool globs = false;

	for (size_t i = 0; i < count; i++) {
		bool glob = false;

		for (size_t k = 0; k < parts[i].length; k++)
			glob = glob || strchr("?*[", parts[i].data[k]) != NULL;
		buffer_printf(&plain, "/%.*s", TEXT_ARGS(parts[i]));
		buffer_string(&regex, "/+");
		falco_glob_component(&regex, parts[i], glob);
		globs = globs || glob;
	}
	struct asked own = *a;
	struct rule_node *node;

	own.count = 1;
	if (count == 0) {
		node = test(&own, TEST_PRESENT);
	} else if (globs) {
		buffer_string(&regex, "(/(.|\\n)*)?");
		node = rule_one(arena, a->name, TEST_REGEX, text_copy(arena, buffer_view(&regex)));
	} else {
		struct text whole = text_copy(arena, buffer_view(&plain));

		buffer_char(&plain, '/');
		node = rule_either(arena, rule_one(arena, a->name, TEST_EQUAL, whole),
			rule_one(arena, a->name, TEST_STARTS, text_copy(arena, buffer_view(&plain))));
	}
	buffer_free(&plain);
	buffer_free(&regex);
	return node;
}

static struct rule_node *below_paths(const struct asked *a)
{
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < a->count; i++)
		node = rule_either(a->raw->arena, node, path_prefix(a, a->values[i]));
	return node;
}

/* The operator with these values, without a modifier. */
static struct rule_node *operated(struct asked *a)
{
	enum filter_operator op = a->check->op;
	bool text = a->type == FALCO_TEXT || a->type == FALCO_UNKNOWN;

	if (op >= FILTER_CONTAINS && op <= FILTER_REGEX && !text && a->type != FALCO_BYTES)
		return refuse(a->raw, "%.*s is no text: the engine has no such operator for it%s", a->name, "");
	if (text && (op == FILTER_BCONTAINS || op == FILTER_BSTARTS))
		return a->type == FALCO_TEXT ? refuse(a->raw, "%.*s is no row of bytes%s", a->name, "") : opaque(a->raw, a->check);
	if (a->type == FALCO_BYTES && op != FILTER_EXISTS)
		return opaque(a->raw, a->check);
	switch (op) {
	case FILTER_EXISTS:
		return test(a, TEST_PRESENT);
	case FILTER_EQUAL:
	case FILTER_IN:
	case FILTER_INTERSECTS:
		return equal(a);
	case FILTER_NOT_EQUAL:
		return not_equal(a);
	case FILTER_PMATCH:
		return below_paths(a);
	case FILTER_ICONTAINS:
		a->fold = true; /* fall through */
	case FILTER_CONTAINS:
		return test(a, TEST_CONTAINS);
	case FILTER_STARTS:
		return test(a, TEST_STARTS);
	case FILTER_ENDS:
		return test(a, TEST_ENDS);
	case FILTER_IGLOB:
		a->fold = true; /* fall through */
	case FILTER_GLOB:
		return globbed(a);
	case FILTER_REGEX:
		return by_regex(a);
	default:
		return ordered(a);
	}
}

/* oneof, anyof, allof: the operator with each value by itself. */
static struct rule_node *modified(const struct asked *a)
{
	struct arena *arena = a->raw->arena;
	struct rule_node *some = rule_false(), *all = rule_true(), *one = rule_false();

	for (size_t i = 0; i < a->count; i++) {
		struct asked single = *a;

		single.values = &a->values[i];
		single.count = 1;
		struct rule_node *node = operated(&single);

		/* exactly one so far: this one and none before, or not this one and one before */
		one = rule_either(arena, rule_both(arena, node, rule_not(arena, some)), rule_both(arena, rule_not(arena, node), one));
		some = rule_either(arena, some, node);
		all = rule_both(arena, all, node);
	}
	if (a->count == 0)
		return rule_false();
	return a->check->modifier == FILTER_ANYOF ? some : a->check->modifier == FILTER_ALLOF ? all : one;
}

/* --- names that mean something special --- */

/* container.mount.PART[source]: tests of the mounts as a list of source:destination:mode. */
static struct rule_node *mounted(const struct asked *a)
{
	const struct filter *check = a->check;
	struct text part = text_slice(check->left->name, strlen("container.mount."), check->left->name.length);
	struct text source = check->left->argument;
	const char *rest = NULL;
	int64_t index;

	for (size_t i = 0; i < source.length; i++) {
		if (strchr("[]\\:?", source.data[i]) != NULL)
			return NULL;
	}
	if (source.length == 0 || text_to_long(source, &index) || check->modifier != FILTER_PLAIN || check->right != NULL)
		return NULL;
	bool markers = check->op == FILTER_IN && check->values.count > 0;

	for (size_t i = 0; i < check->values.count; i++)
		markers = markers && (text_is(check->values.items[i], "<NA>") || text_is(check->values.items[i], "N/A"));
	if (check->op == FILTER_EXISTS || markers)
		rest = "*";
	else if (text_is(part, "rdwr") && check->op == FILTER_EQUAL && check->values.count == 1)
		rest = text_is(check->values.items[0], "true") ? "*:rw" : "*:ro";
	if (rest == NULL)
		return NULL;
	note(a->raw, "container.mount[…] is read as: a mount whose source fits the wildcards in the brackets; the engine looks at "
		     "the first one only");
	struct rule_node *node = rule_one(a->raw->arena, TEXT("container.mounts"), TEST_LIKE,
		text_of(arena_printf(a->raw->arena, "%.*s:%s", TEXT_ARGS(source), rest)));

	return markers ? rule_not(a->raw->arena, node) : node;
}

/* The joined mounts hold a text within one source or destination exactly where an item does. */
static struct rule_node *mounts_joined(struct asked *a)
{
	bool plain = a->check->op == FILTER_CONTAINS && a->check->right == NULL && a->check->modifier == FILTER_PLAIN;

	for (size_t i = 0; plain && i < a->count; i++) {
		for (size_t k = 0; k < a->values[i].length; k++)
			plain = plain && strchr(": ,", a->values[i].data[k]) == NULL;
		plain = plain && a->values[i].length > 1 && text_find(a->values[i], '/') < a->values[i].length;
	}
	if (a->check->op == FILTER_EXISTS || plain)
		return operated(a);
	return opaque(a->raw, a->check);
}

static struct rule_node *special(struct asked *a)
{
	const struct filter *check = a->check;

	if (text_is(a->name, "evt.dir") && (check->op == FILTER_EQUAL || check->op == FILTER_IN)) {
		for (size_t i = 0; i < a->count; i++) {
			if (text_is(a->values[i], "<"))
				return rule_true(); /* there are no others any more */
		}
		return rule_false();
	}
	if (text_is(a->name, "evt.num"))
		return a->raw->placeholders ? NULL : event_number(a);
	if (text_starts(check->left->name, TEXT("container.mount."), false))
		return mounted(a);
	if (text_is(a->name, "container.mounts"))
		return mounts_joined(a);
	return NULL;
}

/* --- transformers, fields on the right --- */

static struct rule_node *two_fields(struct falco_raw *raw, const struct filter *check, const struct asked *a)
{
	static const enum test_operator operators[FILTER_OPERATOR_COUNT] = {
		[FILTER_EQUAL] = TEST_EQUAL, [FILTER_NOT_EQUAL] = TEST_EQUAL, [FILTER_IN] = TEST_EQUAL, [FILTER_INTERSECTS] = TEST_EQUAL,
		[FILTER_STARTS] = TEST_STARTS, [FILTER_ENDS] = TEST_ENDS, [FILTER_CONTAINS] = TEST_CONTAINS,
		[FILTER_ICONTAINS] = TEST_CONTAINS};
	struct rule_test made = {.name = a->name, .op = operators[check->op], .fold = check->op == FILTER_ICONTAINS,
		.other = check->right->text};

	if (made.op == TEST_PRESENT || check->left->transformer || check->right->transformer)
		return opaque(raw, check);
	struct rule_node *node = rule_test(raw->arena, &made);

	if (check->op != FILTER_NOT_EQUAL)
		return node;
	struct rule_test other = {.name = check->right->text, .op = TEST_PRESENT};

	return rule_both(raw->arena, rule_both(raw->arena, test(a, TEST_PRESENT), rule_test(raw->arena, &other)),
		rule_not(raw->arena, node));
}

static bool has_case(struct text text, char first, char last)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] >= first && text.data[i] <= last)
			return true;
	}
	return false;
}

/* tolower(field) and toupper(field): without regard to case; a value in the other case never fits. */
static struct rule_node *folded(struct asked *a, bool lower)
{
	enum filter_operator op = a->check->op;
	struct text *values = arena_array(a->raw->arena, a->count + 1, sizeof(*values));
	size_t count = 0;

	if (op == FILTER_REGEX || op == FILTER_ICONTAINS || op == FILTER_IGLOB || op == FILTER_PMATCH
		|| (op >= FILTER_LESS && op <= FILTER_GREATER_EQUAL))
		return NULL;
	for (size_t i = 0; i < a->count; i++) {
		if (!(lower ? has_case(a->values[i], 'A', 'Z') : has_case(a->values[i], 'a', 'z')))
			values[count++] = a->values[i];
		else if (a->check->modifier != FILTER_PLAIN)
			return NULL;
	}
	a->name = a->check->left->operands[0]->text;
	a->fold = op != FILTER_EXISTS;
	a->values = values;
	a->count = count;
	return a->check->modifier == FILTER_PLAIN ? operated(a) : modified(a);
}

/* basename(field) is one of: the field is that, or ends in it behind a slash. */
static struct rule_node *last_component(const struct asked *a)
{
	struct arena *arena = a->raw->arena;
	struct text name = a->check->left->operands[0]->text;
	struct rule_node *node = rule_false();

	if ((a->check->op != FILTER_EQUAL && a->check->op != FILTER_IN) || a->check->modifier != FILTER_PLAIN)
		return NULL;
	for (size_t i = 0; i < a->count; i++) {
		if (text_find(a->values[i], '/') < a->values[i].length || a->values[i].length == 0)
			continue;
		node = rule_either(arena, node, rule_one(arena, name, TEST_EQUAL, a->values[i]));
		node = rule_either(arena, node,
			rule_one(arena, name, TEST_ENDS, text_of(arena_printf(arena, "/%.*s", TEXT_ARGS(a->values[i])))));
	}
	return node;
}

static struct rule_node *transformed(struct asked *a)
{
	const struct filter_operand *left = a->check->left;
	struct rule_node *node = NULL;

	if (left->count == 1 && left->operands[0]->name.length > 0 && !left->operands[0]->transformer) {
		const struct falco_field *inner = falco_field(left->operands[0]->name);

		if (inner == NULL || inner->type == FALCO_TEXT) {
			if (text_is(left->name, "tolower") || text_is(left->name, "toupper"))
				node = folded(a, text_is(left->name, "tolower"));
			else if (text_is(left->name, "basename"))
				node = last_component(a);
		}
	}
	if (node != NULL)
		return node;
	a->name = left->text;
	a->fold = false;
	a->type = text_is(left->name, "len") ? FALCO_NUMBER : FALCO_TEXT;
	a->values = a->check->values.items;
	a->count = a->check->values.count;
	return a->check->modifier == FILTER_PLAIN ? operated(a) : modified(a);
}

static struct rule_node *check_tree(struct falco_raw *raw, const struct filter *check)
{
	const struct filter_operand *left = check->left;
	const struct falco_field *field = left->transformer ? NULL : falco_field(left->name);
	struct asked a = {raw, check, left->text, field != NULL ? field->type : FALCO_UNKNOWN, false, check->values.items,
		check->values.count};

	if (!left->transformer && field == NULL && falco_field_prefix(left->name))
		note(raw, arena_printf(raw->arena, "the engine (0.44.1) has no field %.*s", TEXT_ARGS(left->name)));
	if (check->right != NULL)
		return two_fields(raw, check, &a);
	if (left->transformer)
		return transformed(&a);
	struct rule_node *node = special(&a);

	if (node != NULL)
		return node;
	return check->modifier == FILTER_PLAIN ? operated(&a) : modified(&a);
}

struct rule_node *falco_raw_tree(struct falco_raw *raw, const struct filter *filter)
{
	if (raw->error != NULL)
		return rule_false();
	if (filter->kind == FILTER_CHECK)
		return check_tree(raw, filter);
	if (filter->kind == FILTER_MACRO)
		return falco_raw_tree(raw, filter->children[0]);
	if (filter->kind == FILTER_NOT)
		return rule_not(raw->arena, falco_raw_tree(raw, filter->children[0]));
	struct rule_node **children = arena_array(raw->arena, filter->count, sizeof(*children));

	for (size_t i = 0; i < filter->count; i++)
		children[i] = falco_raw_tree(raw, filter->children[i]);
	return filter->kind == FILTER_AND ? rule_and(raw->arena, children, filter->count)
					  : rule_or(raw->arena, children, filter->count);
}
