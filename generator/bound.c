/* bound: what predicates on fields say about raw values, one row for each shape. */
#include "generator/bound_capabilities.h"
#include "generator/bound_lines.h"
#include "generator/bound_mapped.h"
#include "generator/bound_paths.h"
#include "generator/bound_shapes.h"
#include "generator/bound_test.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <inttypes.h>
#include <string.h>

struct bounds bounds_exact(struct rule_node *node)
{
	return (struct bounds){node, node, true, NULL, NULL};
}

struct bounds bounds_upper(struct rule_node *node, const char *reason)
{
	return (struct bounds){node, rule_false(), false, reason, NULL};
}

struct bounds bounds_none(const char *reason)
{
	return bounds_upper(rule_true(), reason);
}

struct bounds bounds_not(struct arena *arena, struct bounds b)
{
	/* Where the upper bound misses something, that it does not hold proves nothing. */
	struct rule_node *lower = b.misses != NULL ? rule_false() : rule_not(arena, b.upper);

	return (struct bounds){rule_not(arena, b.lower), lower, b.exact && b.misses == NULL, b.reason, NULL};
}

struct text bound_name(const struct dialect_field *row)
{
	return row->rule.length ? row->rule : row->names[0];
}

static const char reason_alias[] = "a path under /var/run is read as one under /run, which the pattern cannot tell from others";

static struct bounds text_plain(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op == TEST_EQUAL && dialect_field_is_missing(b->dialect, b->row, items.items[i].text))
			continue;
		gather(&g, items.items[i].op, items.items[i].text, items.items[i].sure);
	}
	struct bounds bounds = gather_end(&g, reason_alias);

	if (b->predicate->op == OPERATOR_EQUAL && !b->predicate->fold)
		return bounds;
	bounds.upper = bound_without_markers(b, &items, bounds.upper);
	bounds.lower = bound_without_markers(b, &items, bounds.lower);
	return bounds;
}

static const enum test_operator number_operators[] = {
	[OPERATOR_EQUAL] = TEST_EQUAL,
	[OPERATOR_LESS] = TEST_LESS,
	[OPERATOR_LESS_EQUAL] = TEST_LESS_EQUAL,
	[OPERATOR_GREATER] = TEST_GREATER,
	[OPERATOR_GREATER_EQUAL] = TEST_GREATER_EQUAL,
};

static struct bounds value_plain(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct text *values = arena_array(b->arena, p->count, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (!dialect_field_is_missing(b->dialect, b->row, p->values[i].text))
			values[count++] = p->values[i].text;
	}
	if (p->op == OPERATOR_CIDR)
		return bounds_exact(bound_test(b, TEST_CIDR, values, count, false));
	struct rule_node *node = bound_test(b, number_operators[p->op], values, count, bound_type(b) != TYPE_IP);

	if (p->op == OPERATOR_EQUAL || (bound_type(b) != TYPE_LONG && !p->number))
		return bounds_exact(node);
	return bounds_exact(rule_both(b->arena, node, rule_not(b->arena, bound_missing_marker(b))));
}

static struct bounds shape_plain(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	bool ordered = p->op >= OPERATOR_LESS && p->op <= OPERATOR_GREATER_EQUAL;

	switch (bound_type(b)) {
	case TYPE_KEYWORD:
		if (p->number || p->op == OPERATOR_CIDR)
			return value_plain(b);
		return ordered ? bounds_none("texts cannot be compared by order in rules") : text_plain(b);
	case TYPE_LONG:
	case TYPE_BOOLEAN:
	case TYPE_IP:
		return value_plain(b);
	case TYPE_DATE:
		break;
	}
	return bounds_none("times are not judged by rules");
}

static const char reason_joined[] = "arguments are joined by blanks there, so one argument cannot be told from a part of another";

/* The item as a word among words. */
static void gather_word(struct gathered *g, const struct item *item, struct text separator)
{
	struct arena *arena = g->bounding->arena;
	bool open_start = item->op == TEST_ENDS || item->op == TEST_CONTAINS;
	bool open_end = item->op == TEST_STARTS || item->op == TEST_CONTAINS;
	struct text before = open_start ? TEXT("") : separator, after = open_end ? TEXT("") : separator;
	struct text left = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(before), TEXT_ARGS(item->text)));
	struct text right = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(item->text), TEXT_ARGS(after)));
	struct text both = text_of(arena_printf(arena, "%.*s%.*s", TEXT_ARGS(left), TEXT_ARGS(after)));

	gather(g, TEST_CONTAINS, both, false);
	if (!open_end)
		gather(g, TEST_ENDS, left, false);
	if (!open_start)
		gather(g, TEST_STARTS, right, false);
	if (!open_start && !open_end)
		gather(g, TEST_EQUAL, item->text, false);
}

static struct bounds shape_joined(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	g.lines = true;
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct buffer regex = {0};

		if (item->op != TEST_REGEX && item->op != TEST_LIKE) {
			gather_word(&g, item, TEXT(" "));
			continue;
		}
		bool pattern = item->op == TEST_LIKE;

		buffer_string(&regex, pattern && item->text.data[0] == '*' ? "" : "(.* )?");
		if (pattern)
			rule_regex_pattern(b->arena, &regex, item->text, ".*", ".");
		else
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		buffer_string(&regex, pattern && text_ends(buffer_view(&regex), TEXT(".*"), false) ? "" : "( .*)?");
		gather_regex(&g, &regex, false);
		buffer_free(&regex);
	}
	return gather_end(&g, reason_joined);
}

static struct bounds shape_separated(const struct bounding *b)
{
	char separator[2] = {b->row->shape.separator ? b->row->shape.separator : ',', '\0'}, other[5];
	struct items items = items_of(b);
	struct buffer regex = {0};
	struct gathered g;

	snprintf(other, sizeof(other), "[^%c]", separator[0]);
	char any[8];

	snprintf(any, sizeof(any), "%s*", other);
	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		buffer_string(&regex, "(.*");
		rule_regex_literal(&regex, text_of(separator));
		buffer_string(&regex, ")?");
		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), any, other);
		buffer_char(&regex, '(');
		rule_regex_literal(&regex, text_of(separator));
		buffer_string(&regex, ".*)?");
		gather_regex(&g, &regex, item->sure && item->op != TEST_REGEX);
	}
	buffer_free(&regex);
	return gather_end(&g, "the items of the list are joined in one text there");
}

static const char reason_cut[] = "the value is cut there, and its end cannot be seen";

static struct text full_length(const struct bounding *b)
{
	return text_of(arena_printf(b->arena, ".{%" PRIu64 "}", b->row->shape.size));
}

static struct bounds shape_truncated(const struct bounding *b)
{
	struct items items = items_of(b);
	size_t size = (size_t)b->row->shape.size;
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text head = text_slice(item->text, 0, item->text.length < size ? item->text.length : size);
		bool fits = item->text.length < size;

		if (item->op == TEST_EQUAL || item->op == TEST_STARTS) {
			bool whole = item->sure && (fits || (item->op == TEST_STARTS && item->text.length == size));
			gather(&g, item->op == TEST_STARTS && fits ? TEST_STARTS : TEST_EQUAL, head, whole);
		} else {
			gather(&g, item->op, item->text, false);
			gather(&g, TEST_REGEX, full_length(b), false);
		}
	}
	struct bounds bounds = gather_end(&g, reason_cut);

	bounds.upper = bound_without_markers(b, &items, bounds.upper);
	bounds.lower = bound_without_markers(b, &items, bounds.lower);
	return bounds;
}

static struct bounds shape_hex(const struct bounding *b)
{
	(void)b;
	return bounds_none("the text stands in hexadecimal there");
}

static struct bounds shape_hex_number(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct buffer regex = {0};
	struct gathered g;

	if (p->op != OPERATOR_EQUAL)
		return bounds_none("numbers in hexadecimal cannot be compared by order");
	gather_begin(&g, b);
	for (size_t i = 0; i < p->count; i++) {
		for (const char *digit = arena_printf(b->arena, "%" PRIx64, (uint64_t)p->values[i].number); *digit; digit++) {
			if (*digit > '9')
				buffer_printf(&regex, "[%c%c]", *digit, *digit - 'a' + 'A');
			else
				buffer_char(&regex, *digit);
		}
		struct text digits = text_copy(b->arena, buffer_view(&regex));

		buffer_clear(&regex);
		buffer_printf(&regex, "(0[xX])?0*%.*s", TEXT_ARGS(digits));
		gather_regex(&g, &regex, true);
	}
	buffer_free(&regex);
	return gather_end(&g, NULL);
}

static struct bounds shape_time_bound(const struct bounding *b)
{
	(void)b;
	return bounds_none("times are not judged by rules");
}

/* No rule looks into a query's parameters. */
static struct bounds shape_query(const struct bounding *b)
{
	return bounds_upper(bound_present(b), "the parameters of a URL are not told apart");
}

/* --- the table --- */

static struct bounds shape_read_only(const struct bounding *b)
{
	(void)b;
	return bounds_none("the raw value stands in a form that is only read");
}

typedef struct bounds (*bound_function)(const struct bounding *);

static const bound_function bound_by_shape[SHAPE_COUNT] = {
	[SHAPE_PLAIN] = shape_plain,
	[SHAPE_JOINED] = shape_joined,
	[SHAPE_SEPARATED] = shape_separated,
	[SHAPE_TRUNCATED] = shape_truncated,
	[SHAPE_BASENAME] = bound_basename,
	[SHAPE_DIRNAME] = bound_dirname,
	[SHAPE_MAPPED] = bound_mapped,
	[SHAPE_PRESENT] = bound_presence,
	[SHAPE_HEX] = shape_hex,
	[SHAPE_HEX_NUMBER] = shape_hex_number,
	[SHAPE_CAPABILITIES] = bound_bits,
	[SHAPE_CAPABILITIES_FULL] = bound_capabilities_full,
	[SHAPE_CAPABILITY_NAMES] = bound_capability_names,
	[SHAPE_CAPABILITY_NAMES_FULL] = bound_capability_names_full,
	[SHAPE_CAPABILITY_WORDS] = bound_capability_words,
	[SHAPE_SECONDS] = shape_time_bound,
	[SHAPE_MILLISECONDS] = shape_time_bound,
	[SHAPE_MICROSECONDS] = shape_time_bound,
	[SHAPE_NANOSECONDS] = shape_time_bound,
	[SHAPE_IMAGE_NAME] = bound_image_name,
	[SHAPE_IMAGE_TAG] = bound_image_tag,
	[SHAPE_MOUNTS] = bound_mounts,
	[SHAPE_CLONE_FLAGS] = bound_bits,
	[SHAPE_MOUNT_FLAGS] = bound_bits,
	[SHAPE_BITS_SET] = bound_bits_set,
	[SHAPE_POSITIONAL] = bound_positional,
	[SHAPE_MOUNT_SOURCE] = bound_mount_source,
	[SHAPE_IP_ADDRESS] = bound_ip_address,
	[SHAPE_SOCKET_ADDRESS] = bound_socket_address,
	[SHAPE_SOCKET_IP] = bound_socket_ip,
	[SHAPE_SOCKET_PORT] = bound_socket_port,
	[SHAPE_ENDPOINT] = bound_endpoint,
	[SHAPE_COMMAND_LINE] = bound_command_line,
	[SHAPE_SLASHED] = bound_slashed,
	[SHAPE_QUERY] = shape_query,
	[SHAPE_DATE] = shape_time_bound,
	[SHAPE_SHELL_WORDS] = shape_read_only,
	[SHAPE_LOWER] = shape_read_only,
	[SHAPE_TRUTH] = shape_read_only,
	[SHAPE_BASE64] = shape_read_only,
	[SHAPE_ADDRESS_IP] = shape_read_only,
	[SHAPE_ADDRESS_PORT] = shape_read_only,
	[SHAPE_BINDS] = shape_read_only,
};

/* There is a value, whatever the shape makes of it. */
static struct bounds exists(const struct bounding *b)
{
	struct predicate there = {.field = b->predicate->field, .op = OPERATOR_EXISTS};
	struct bounding asking = *b;

	asking.predicate = &there;
	switch (b->row->shape.shape) {
	case SHAPE_PRESENT:
		return bounds_exact(rule_true());
	case SHAPE_MAPPED:
		return bound_mapped(&asking);
	case SHAPE_CLONE_FLAGS:
		return bound_bits(&asking);
	case SHAPE_MOUNT_SOURCE:
		return bounds_none("mounts without a host path are not there");
	case SHAPE_SOCKET_ADDRESS:
	case SHAPE_SOCKET_IP:
	case SHAPE_SOCKET_PORT:
		return bound_socket_exists(b);
	case SHAPE_QUERY:
		return shape_query(b);
	case SHAPE_IMAGE_TAG:
		return bounds_upper(bound_present(b), "an image without a tag cannot be told from one with a tag");
	default:
		return bounds_exact(bound_present(b));
	}
}

static struct bounds not_equal(const struct bounding *b, struct bounds equal)
{
	struct bounds there = exists(b);

	return (struct bounds){
		rule_both(b->arena, there.upper, rule_not(b->arena, equal.lower)),
		rule_both(b->arena, there.lower, rule_not(b->arena, equal.upper)),
		there.exact && equal.exact,
		equal.reason ? equal.reason : there.reason,
		NULL,
	};
}

static struct bounds bound_row(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct bounding positive = *b;
	struct predicate equal = *p;

	if (p->op == OPERATOR_EXISTS)
		return exists(b);
	if (p->op == OPERATOR_MISSING) {
		equal.op = OPERATOR_EXISTS;
		positive.predicate = &equal;
		return bounds_not(b->arena, exists(&positive));
	}
	if (p->length)
		return bounds_upper(bound_present(b), "the length of a value is not judged by rules");
	if (p->number && b->row->shape.shape != SHAPE_PLAIN)
		return bounds_upper(bound_present(b), "the number that a text is, is not judged there by rules");
	if (p->op != OPERATOR_NOT_EQUAL)
		return bound_by_shape[b->row->shape.shape](b);
	equal.op = OPERATOR_EQUAL;
	positive.predicate = &equal;
	return not_equal(&positive, bound_by_shape[b->row->shape.shape](&positive));
}

struct bounds bound_predicate(const struct bounding *b)
{
	struct bounds bounds = bound_row(b);
	struct text misses = b->row->misses.length > 0 || !b->failed ? b->row->misses : b->row->fails;

	if (misses.length == 0)
		return bounds;
	bounds.misses = arena_printf(b->arena, "%.*s", TEXT_ARGS(misses));
	bounds.reason = bounds.reason ? bounds.reason : bounds.misses;
	bounds.exact = false;
	if (b->predicate->op == OPERATOR_MISSING) { /* a value that is not read is not missing */
		bounds.lower = rule_false();
		bounds.misses = NULL;
	}
	return bounds;
}

/* The folder in which every match lies: what stands before the last slash of the literal beginning. */
static struct text folder_of(const struct bounding *b, const struct item *item)
{
	struct pattern_part *parts;
	struct text head = item->text;

	if (item->op == TEST_LIKE)
		head = pattern_parts(b->arena, item->text, &parts) > 0 && parts[0].kind == PATTERN_LITERAL ? parts[0].text : TEXT("");
	else if (item->op != TEST_STARTS)
		return TEXT("");
	while (head.length > 0 && head.data[head.length - 1] != '/')
		head.length--;
	return head;
}

struct rule_node *bound_approximate(const struct bounding *b)
{
	struct items items = items_plain(b); /* an inode has no aliases */
	struct gathered g;

	gather_begin(&g, b);
	if (b->predicate->op == OPERATOR_NOT_EQUAL || b->predicate->fold || b->row->approximate.length == 0)
		return rule_false();
	if (!b->registry->fields[b->predicate->field].path)
		return bound_predicate(b).upper;
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct text folder = folder_of(b, item);

		if (item->op == TEST_EQUAL && item->text.length > 1 && item->text.data[0] == '/')
			gather(&g, TEST_EQUAL, item->text, false);
		else if (folder.length > 1 && folder.data[0] == '/')
			gather(&g, TEST_STARTS, folder, false);
	}
	return g.upper;
}
