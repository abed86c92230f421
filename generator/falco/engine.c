/* engine: Falco's comparisons. */
#include "generator/falco/engine.h"

#include "generator/falco/fields.h"
#include "generator/falco/raw.h"
#include "generator/falco/regex.h"

#include <fnmatch.h>
#include <string.h>

struct engine_node {
	enum filter_kind kind;
	struct engine_node **children;
	size_t count;
	const struct filter *check;
	enum falco_type type;      /* of what stands on the left, transformers applied */
	struct regex **regexes;    /* beside the check's values */
	const struct cidr *networks; /* likewise, of networks and addresses */
	struct text whole;         /* the comparison's own text */
};

/* --- checking --- */

struct compiling {
	struct arena *arena;
	const char *error;
};

static void *refused(struct compiling *c, const struct filter *check, const char *why)
{
	if (c->error == NULL)
		c->error = arena_printf(c->arena, "%.*s: %s", TEXT_ARGS(falco_check_text(c->arena, check)), why);
	return NULL;
}

/* Which operators a type has. */
static bool fits(enum falco_type type, enum filter_operator op)
{
	bool equality = op <= FILTER_NOT_EQUAL || op == FILTER_IN || op == FILTER_INTERSECTS;
	bool order = op >= FILTER_LESS && op <= FILTER_GREATER_EQUAL;

	switch (type) {
	case FALCO_NUMBER:
		return equality || order;
	case FALCO_TRUTH:
	case FALCO_ADDRESS:
	case FALCO_NETWORK:
		return equality;
	case FALCO_BYTES:
		return equality || op == FILTER_CONTAINS || op == FILTER_BCONTAINS || op == FILTER_STARTS || op == FILTER_BSTARTS
			|| op == FILTER_ENDS;
	case FALCO_TEXT:
		return op != FILTER_BCONTAINS && op != FILTER_BSTARTS;
	default:
		return true;
	}
}

static enum falco_type operand_type(struct compiling *c, const struct filter *check, const struct filter_operand *operand)
{
	if (operand->transformer) {
		for (size_t i = 0; i < operand->count; i++) {
			if (!operand->operands[i]->constant && !operand->operands[i]->list)
				operand_type(c, check, operand->operands[i]);
		}
		return text_is(operand->name, "len") ? FALCO_NUMBER : FALCO_TEXT;
	}
	const struct falco_field *field = falco_field(operand->name);

	if (field == NULL) {
		if (falco_field_prefix(operand->name))
			refused(c, check, "the engine has no such field");
		return FALCO_UNKNOWN;
	}
	bool dotted = !text_is(operand->name, field->name); /* evt.arg.flags */

	if (field->argument == FALCO_NEEDS && !operand->has_argument && !dotted)
		refused(c, check, "the field needs an argument");
	if (field->argument == FALCO_NONE && operand->has_argument)
		refused(c, check, "the field takes no argument");
	return field->type;
}

/* As the engine's buffer of a value has it, less the end. */
enum { VALUE_MOST = 255 };

static void release_regex(void *regex)
{
	regex_free(regex);
}

static bool compile_regexes(struct compiling *c, struct engine_node *node)
{
	const struct filter *check = node->check;
	struct regex **regexes = arena_array(c->arena, check->values.count + 1, sizeof(struct regex *));

	for (size_t i = 0; i < check->values.count; i++) {
		struct text subset;
		const char *error;
		size_t offset;

		if (!falco_regex_read(c->arena, check->values.items[i], &subset, &error))
			return refused(c, check, error) != NULL;
		regexes[i] = regex_compile(subset, false, &error, &offset);
		if (regexes[i] == NULL)
			return refused(c, check, error) != NULL;
		arena_defer(c->arena, release_regex, regexes[i]);
	}
	node->regexes = regexes;
	return true;
}

/* Networks, or addresses as networks of one. */
static bool compile_networks(struct compiling *c, struct engine_node *node)
{
	const struct texts *values = &node->check->values;
	struct cidr *networks = arena_array(c->arena, values->count + 1, sizeof(*networks));

	for (size_t i = 0; i < values->count; i++) {
		struct text value = values->items[i];
		size_t slash = text_find(value, '/');
		int64_t bits = 0;

		if (!ip_parse(text_slice(value, 0, slash), &networks[i].network) || (slash < value.length && node->type == FALCO_ADDRESS))
			return refused(c, node->check, "this is no address") != NULL;
		if (slash < value.length && !text_to_long(text_slice(value, slash + 1, value.length), &bits))
			return refused(c, node->check, "this is no network") != NULL;
		bool four = text_find(value, ':') == value.length;
		unsigned most = four ? 32 : 128;

		if (bits < 0 || bits > (int64_t)most)
			return refused(c, node->check, "this is no network") != NULL;
		networks[i].bits = (four ? 96 : 0) + (slash < value.length ? (unsigned)bits : most);
		for (unsigned bit = networks[i].bits; bit < 128; bit++)
			networks[i].network.bytes[bit / 8] &= (uint8_t)(0xFFu ^ (0x80u >> (bit % 8)));
	}
	node->networks = networks;
	return true;
}

static bool number_of(struct text text, int64_t *number)
{
	uint64_t bits;

	if (text.length > 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x') {
		if (!text_to_ulong_base(text_slice(text, 2, text.length), 16, &bits))
			return false;
		*number = (int64_t)bits;
		return true;
	}
	return text_to_long(text.length > 1 && text.data[0] == '+' ? text_slice(text, 1, text.length) : text, number);
}

/* Do the constants have the type's form? */
static bool check_values(struct compiling *c, const struct engine_node *node)
{
	const struct texts *values = &node->check->values;
	int64_t number;

	for (size_t i = 0; i < values->count; i++) {
		bool fraction = text_find(values->items[i], '.') < values->items[i].length;

		if (node->type == FALCO_NUMBER && !number_of(values->items[i], &number) && !fraction)
			return refused(c, node->check, "this is no number") != NULL;
		if (node->type == FALCO_TRUTH && !text_is(values->items[i], "true") && !text_is(values->items[i], "false"))
			return refused(c, node->check, "this is neither true nor false") != NULL;
	}
	return true;
}

static struct engine_node *compile_check(struct compiling *c, const struct filter *check)
{
	struct engine_node *node = arena_alloc(c->arena, sizeof(*node));

	node->kind = FILTER_CHECK;
	node->check = check;
	node->type = operand_type(c, check, check->left);
	node->whole = falco_check_text(c->arena, check);
	if (c->error != NULL)
		return NULL;
	if (!fits(node->type, check->op))
		return refused(c, check, "the field's type has no such operator");
	if (check->right != NULL) {
		enum falco_type right = operand_type(c, check, check->right);

		if (node->type != right && right != FALCO_UNKNOWN && node->type != FALCO_UNKNOWN)
			return refused(c, check, "the two sides are of different types");
		return c->error == NULL ? node : NULL;
	}
	for (size_t i = 0; i < check->values.count; i++) {
		if (check->values.items[i].length > VALUE_MOST)
			return refused(c, check, "filter parameter too long: the engine keeps 255 bytes of a value");
	}
	if (check->op == FILTER_REGEX && !compile_regexes(c, node))
		return NULL;
	if ((node->type == FALCO_NETWORK || node->type == FALCO_ADDRESS) && !compile_networks(c, node))
		return NULL;
	return check_values(c, node) ? node : NULL;
}

static struct engine_node *compile(struct compiling *c, const struct filter *filter)
{
	if (filter->kind == FILTER_CHECK)
		return compile_check(c, filter);
	if (filter->kind == FILTER_MACRO)
		return compile(c, filter->children[0]);
	struct engine_node *node = arena_alloc(c->arena, sizeof(*node));

	node->kind = filter->kind;
	node->count = filter->count;
	node->children = arena_array(c->arena, filter->count, sizeof(*node->children));
	for (size_t i = 0; i < filter->count; i++) {
		node->children[i] = compile(c, filter->children[i]);
		if (node->children[i] == NULL)
			return NULL;
	}
	return node;
}

struct engine_node *engine_compile(struct arena *arena, const struct filter *filter, const char **error)
{
	struct compiling c = {arena, NULL};
	struct engine_node *node = compile(&c, filter);

	*error = c.error;
	return c.error == NULL ? node : NULL;
}

/* --- values --- */

static struct texts transformed(const struct engine_run *run, const struct filter_operand *operand, struct texts inner)
{
	struct text *out = arena_array(run->scratch, inner.count + 1, sizeof(*out));

	for (size_t i = 0; i < inner.count; i++) {
		out[i] = text_copy(run->scratch, inner.items[i]);
		char *data = arena_strndup(run->scratch, out[i].data, out[i].length);

		for (size_t k = 0; k < out[i].length; k++) {
			if (text_is(operand->name, "toupper") && data[k] >= 'a' && data[k] <= 'z')
				data[k] = (char)(data[k] - 0x20);
			if (text_is(operand->name, "tolower") && data[k] >= 'A' && data[k] <= 'Z')
				data[k] = (char)(data[k] + 0x20);
		}
		out[i].data = data;
		if (text_is(operand->name, "basename"))
			out[i] = path_name(out[i]);
		else if (text_is(operand->name, "len"))
			out[i] = text_of(arena_printf(run->scratch, "%zu", inner.items[i].length));
		else if (!text_is(operand->name, "toupper") && !text_is(operand->name, "tolower"))
			return (struct texts){NULL, 0};
	}
	return (struct texts){out, inner.count};
}

static struct texts values_of(const struct engine_run *run, const struct filter_operand *operand)
{
	static const struct text first = {"1", 1}, out = {"<", 1};

	if (operand->transformer) {
		bool simple = operand->count == 1 && !operand->operands[0]->constant && !operand->operands[0]->list;

		return simple ? transformed(run, operand, values_of(run, operand->operands[0])) : (struct texts){NULL, 0};
	}
	const struct sight_value *value = sight_get(run->sight, operand->text);

	if (value != NULL)
		return (struct texts){value->values, value->count};
	if (text_is(operand->text, "evt.num")) /* it counts from 1 */
		return (struct texts){&first, 1};
	if (text_is(operand->text, "evt.dir"))
		return (struct texts){&out, 1};
	return (struct texts){NULL, 0};
}

/* --- comparing one value with one --- */

static bool glob_fits(const struct engine_run *run, struct text glob, struct text value, bool fold)
{
	glob = fold ? text_fold(run->scratch, glob) : glob;
	value = fold ? text_fold(run->scratch, value) : value;
	return fnmatch(text_copy(run->scratch, glob).data, text_copy(run->scratch, value).data, 0) == 0;
}

/* Is the path the value, or above it? Components with wildcards are globs. */
static bool path_fits(const struct engine_run *run, struct text path, struct text value)
{
	struct text *wanted, *there;
	size_t count = text_split(run->scratch, path, '/', &wanted), have = text_split(run->scratch, value, '/', &there);

	if (count > have)
		return false;
	for (size_t i = 0; i < count; i++) {
		bool glob = false;

		for (size_t k = 0; k < wanted[i].length; k++)
			glob = glob || strchr("?*[", wanted[i].data[k]) != NULL;
		if (glob ? !glob_fits(run, wanted[i], there[i], false) : !text_equal(wanted[i], there[i]))
			return false;
	}
	return true;
}

static bool ordered(enum filter_operator op, int order)
{
	switch (op) {
	case FILTER_LESS:
		return order < 0;
	case FILTER_LESS_EQUAL:
		return order <= 0;
	case FILTER_GREATER:
		return order > 0;
	case FILTER_GREATER_EQUAL:
		return order >= 0;
	default:
		return order == 0;
	}
}

/* Equality and order, by the type; `!=` is not asked here. */
static bool compared(const struct engine_node *node, enum filter_operator op, struct text value, struct text constant,
	size_t index)
{
	bool number = node->type == FALCO_NUMBER || (node->type == FALCO_UNKNOWN && op >= FILTER_LESS && op <= FILTER_GREATER_EQUAL);
	int64_t a, b;

	if (node->networks != NULL) {
		struct ip ip;

		return ip_parse(value, &ip) && cidr_holds(&node->networks[index], &ip)
			&& (text_find(value, ':') < value.length) == (text_find(constant, ':') < constant.length);
	}
	if (number && number_of(value, &a) && number_of(constant, &b))
		return ordered(op, (a > b) - (a < b));
	if (number)
		return ordered(op, 0) && text_equal(value, constant);
	return ordered(op, text_compare(value, constant));
}

static bool one_fits(const struct engine_node *node, const struct engine_run *run, struct text value, struct text constant,
	size_t index)
{
	bool limited = false;

	switch (node->check->op) {
	case FILTER_CONTAINS:
	case FILTER_ICONTAINS:
		return text_contains(value, constant, node->check->op == FILTER_ICONTAINS);
	case FILTER_STARTS:
		return text_starts(value, constant, false);
	case FILTER_ENDS:
		return text_ends(value, constant, false);
	case FILTER_GLOB:
	case FILTER_IGLOB:
		return glob_fits(run, constant, value, node->check->op == FILTER_IGLOB);
	case FILTER_REGEX:
		return node->regexes != NULL && regex_holds(node->regexes[index], run->match, value, &limited);
	case FILTER_PMATCH:
		return path_fits(run, constant, value);
	case FILTER_BCONTAINS:
	case FILTER_BSTARTS:
		return false; /* bytes are in no sight */
	default:
		return compared(node, node->check->op, value, constant, index);
	}
}

/* --- comparing all with all --- */

/* How many of the constants fit the value. */
static size_t fitting(const struct engine_node *node, const struct engine_run *run, struct text value, struct texts constants)
{
	size_t count = 0;

	for (size_t i = 0; i < constants.count; i++)
		count += one_fits(node, run, value, constants.items[i], i);
	return count;
}

static bool modified(const struct engine_node *node, const struct engine_run *run, struct text value, struct texts constants)
{
	size_t count = fitting(node, run, value, constants);

	if (node->check->op == FILTER_NOT_EQUAL) /* one_fits says equal */
		count = constants.count - count;
	switch (node->check->modifier) {
	case FILTER_ONEOF:
		return count == 1;
	case FILTER_ALLOF:
		return constants.count > 0 && count == constants.count;
	default:
		return count > 0;
	}
}

static bool check_holds(const struct engine_node *node, const struct engine_run *run)
{
	const struct filter *check = node->check;
	const struct sight_value *own = sight_get(run->sight, node->whole);

	if (own != NULL) /* kept whole when it was taken in: a field of that name */
		return own->count > 0 && text_is(own->values[0], "true");
	struct texts left = values_of(run, check->left);

	if (left.count == 0 || check->op == FILTER_EXISTS)
		return left.count > 0;
	struct texts right = check->right != NULL ? values_of(run, check->right) : check->values;

	if (right.count == 0)
		return false;
	bool differs = check->op == FILTER_NOT_EQUAL && check->modifier == FILTER_PLAIN;
	bool ancestors = falco_field_ancestors(check->left->text);

	for (size_t i = 0; i < left.count; i++) {
		bool fits = check->modifier != FILTER_PLAIN ? modified(node, run, left.items[i], right)
							     : fitting(node, run, left.items[i], right) > 0;

		if (differs && ancestors && !fits)
			return true;
		if (fits && !(differs && ancestors))
			return !differs;
	}
	return differs && !ancestors;
}

bool engine_holds(const struct engine_node *node, const struct engine_run *run)
{
	if (node->kind == FILTER_CHECK)
		return check_holds(node, run);
	if (node->kind == FILTER_NOT)
		return !engine_holds(node->children[0], run);
	for (size_t i = 0; i < node->count; i++) {
		if (engine_holds(node->children[i], run) != (node->kind == FILTER_AND))
			return node->kind == FILTER_OR;
	}
	return node->kind == FILTER_AND;
}
