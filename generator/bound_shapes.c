/* bound_shapes: bounds on raw values that show only a part of the field. */
#include "generator/bound_shapes.h"

#include "generator/item.h"
#include "generator/mounts.h"

#include "catalog/pattern.h"

/* --- parts of lists --- */

/* The same predicate, asked of raw values that are themselves. */
static struct bounds as_plain(const struct bounding *b, const struct predicate *p, struct text name)
{
	struct dialect_field row = *b->row;
	struct bounding plain = *b;

	row.names = &name;
	row.name_count = 1;
	row.shape = (struct shape_use){.shape = SHAPE_PLAIN};
	plain.row = &row;
	plain.predicate = p;
	return bound_predicate(&plain);
}

static struct bounds gather_sources(const struct bounding *b, const struct mount_pattern *mounts, size_t count)
{
	struct predicate sources = *b->predicate;
	struct value *values = arena_array(b->arena, count, sizeof(*values));

	for (size_t i = 0; i < count; i++)
		values[i] = (struct value){.text = mounts[i].source};
	sources.op = OPERATOR_LIKE;
	sources.values = values;
	sources.count = count;
	sources.list = (struct text){NULL, 0};
	return bounds_upper(as_plain(b, &sources, b->row->names[0]).upper,
		"of a mount only the source on the host is there, not where it goes and whether it may be written");
}

struct bounds bound_mount_source(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct mount_pattern *mounts = NULL;
	size_t count = 0;

	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op == TEST_REGEX)
			return bounds_none("a regular expression of mounts cannot be taken apart");
		count = mounts_split(b->arena, item_pattern(b->arena, &items.items[i]), b->predicate->fold, &mounts, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (text_find(mounts[i].source, '/') == mounts[i].source.length) /* may be the name of a volume */
			return bounds_none("only mounts of host paths are there, and the pattern may match others");
	}
	return count == 0 ? bounds_exact(rule_false()) : gather_sources(b, mounts, count);
}

struct bounds bound_positional(const struct bounding *b)
{
	struct bounds all = bounds_exact(rule_false());

	for (size_t i = 0; i < b->row->name_count; i++) {
		struct bounds one = as_plain(b, b->predicate, b->row->names[i]);

		all.upper = rule_either(b->arena, all.upper, one.upper);
		all.lower = rule_either(b->arena, all.lower, one.lower);
	}
	all.exact = false;
	all.reason = "items beyond the last name are not there";
	return all;
}

/* --- socket addresses in hex --- */

#define BYTE "[0-9A-F]{2}"
#define BYTE_NOT_NUL "([1-9A-F][0-9A-F]|0[1-9A-F])"
#define REST "(00.*)?"

static const char mapped[] = "00000000000000000000FFFF"; /* IPv4 in IPv6 */

/* Digits are tested without regard to case. */
static void gather_hex(struct gathered *g, enum test_operator op, struct buffer *text, bool exact)
{
	struct arena *arena = g->bounding->arena;
	struct rule_test test = {.name = bound_name(g->bounding->row), .op = op, .fold = true, .count = 1};
	struct text *values = arena_array(arena, 1, sizeof(*values));

	values[0] = text_copy(arena, buffer_view(text));
	buffer_clear(text);
	test.values = values;
	struct rule_node *node = rule_test(arena, &test);

	g->upper = rule_either(arena, g->upper, node);
	if (exact)
		g->lower = rule_either(arena, g->lower, node);
	else
		g->exact = false;
}

static void hex_literal(struct buffer *out, struct text literal, bool fold)
{
	for (size_t i = 0; i < literal.length; i++) {
		unsigned char byte = (unsigned char)literal.data[i], other = byte ^ 0x20;
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');

		if (fold && letter)
			buffer_printf(out, "(%02X|%02X)", byte, other);
		else
			buffer_printf(out, "%02X", byte);
	}
}

/* "docker.sock" at the end, "?" as one to four bytes; true: the expression says just that. */
static bool hex_pattern(struct arena *arena, struct buffer *out, struct text pattern, bool fold)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);
	bool exact = true;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			hex_literal(out, parts[i].text, fold);
		else
			buffer_string(out, parts[i].kind == PATTERN_ANY ? BYTE_NOT_NUL "*" : BYTE_NOT_NUL "{1,4}");
		exact = exact && parts[i].kind != PATTERN_ONE;
	}
	return exact;
}

/* An abstract name begins with a NUL, which its value has as @. */
static void gather_abstract(struct gathered *g, const struct item *item, struct text pattern, struct buffer *out)
{
	bool open = text_starts(pattern, TEXT("*"), false) || text_starts(pattern, TEXT("?"), false);

	if (!open && !text_starts(pattern, TEXT("@"), false))
		return;
	buffer_string(out, "010000");
	if (open)
		buffer_string(out, BYTE_NOT_NUL "*");
	bool exact = hex_pattern(g->bounding->arena, out, open ? pattern : text_slice(pattern, 1, pattern.length),
		g->bounding->predicate->fold);

	buffer_string(out, REST);
	gather_hex(g, TEST_REGEX, out, exact && item->sure && !open);
}

static void gather_unix(struct gathered *g, const struct item *item)
{
	struct arena *arena = g->bounding->arena;
	bool fold = g->bounding->predicate->fold;
	struct buffer out = {0};

	if (item->op == TEST_REGEX) {
		buffer_string(&out, "0100" BYTE ".*");
		gather_hex(g, TEST_REGEX, &out, false);
		buffer_free(&out);
		return;
	}
	struct text pattern = item_pattern(arena, item);

	buffer_string(&out, "0100");
	if (item->op == TEST_EQUAL && !fold) {
		hex_literal(&out, item->text, false);
		gather_hex(g, TEST_EQUAL, &out, item->sure);
		buffer_string(&out, "0100");
		hex_literal(&out, item->text, false);
		buffer_string(&out, "00");
		gather_hex(g, TEST_STARTS, &out, item->sure);
	} else if (item->op == TEST_STARTS && !fold) {
		hex_literal(&out, item->text, false);
		gather_hex(g, TEST_STARTS, &out, item->sure);
	} else {
		bool exact = hex_pattern(arena, &out, pattern, fold);

		buffer_string(&out, REST);
		gather_hex(g, TEST_REGEX, &out, exact && item->sure);
	}
	gather_abstract(g, item, pattern, &out);
	buffer_free(&out);
}

static bool is_v4(const struct cidr *cidr)
{
	for (size_t i = 0; i < 12; i++) {
		if (cidr->network.bytes[i] != (i < 10 ? 0 : 0xff))
			return false;
	}
	return cidr->bits >= 96;
}

/* The first `bits` bits of an address, then anything. */
static void hex_prefix(struct buffer *out, const uint8_t *bytes, unsigned bits)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned whole = bits / 4, left = bits % 4;

	for (unsigned i = 0; i < whole; i++)
		buffer_char(out, digits[bytes[i / 2] >> (i % 2 ? 0 : 4) & 15]);
	if (left > 0) {
		unsigned low = bytes[whole / 2] >> (whole % 2 ? 0 : 4) & 15U & (15U << (4 - left));

		buffer_char(out, '[');
		buffer_add(out, digits + low, 1U << (4 - left));
		buffer_char(out, ']');
	}
	buffer_string(out, ".*");
}

static void gather_network(struct gathered *g, const struct cidr *cidr)
{
	bool four = is_v4(cidr);
	struct buffer out = {0};

	buffer_printf(&out, four ? "0200" BYTE BYTE : "0A00" BYTE BYTE BYTE BYTE BYTE BYTE);
	hex_prefix(&out, cidr->network.bytes + (four ? 12 : 0), four ? cidr->bits - 96 : cidr->bits);
	gather_hex(g, TEST_REGEX, &out, true);
	if (four) {
		buffer_printf(&out, "0A00" BYTE BYTE BYTE BYTE BYTE BYTE "%s", mapped);
		hex_prefix(&out, cidr->network.bytes + 12, cidr->bits - 96);
		gather_hex(g, TEST_REGEX, &out, true);
	}
	buffer_free(&out);
}

struct bounds bound_socket_ip(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < p->count; i++) {
		struct cidr one;

		if (p->op == OPERATOR_CIDR)
			gather_network(&g, &p->cidrs[i]);
		else if (p->op == OPERATOR_EQUAL && cidr_parse(p->values[i].text, &one))
			gather_network(&g, &one);
		else
			return bounds_none("addresses are in hex there, and are not compared by order");
	}
	return gather_end(&g, NULL);
}

/* Can the item be the text of an IP address? */
static bool may_be_ip(const struct item *item)
{
	return item->op == TEST_REGEX || text_find(item->text, '/') == item->text.length;
}

/* What holds a slash is no address. */
struct bounds bound_ip_address(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		if (may_be_ip(&items.items[i]))
			gather(&g, items.items[i].op, items.items[i].text, true);
	}
	return gather_end(&g, NULL);
}

struct bounds bound_socket_address(const struct bounding *b)
{
	struct items items = items_of(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];
		struct buffer out = {0};
		struct cidr one;

		gather_unix(&g, item);
		if (item->op == TEST_EQUAL && cidr_parse(item->text, &one)) {
			gather_network(&g, &one);
		} else if (item->op != TEST_EQUAL && may_be_ip(item)) {
			buffer_string(&out, "0[2A]00.*");
			gather_hex(&g, TEST_REGEX, &out, false);
		}
		buffer_free(&out);
	}
	return gather_end(&g, "addresses are in hex there, which the pattern cannot be asked of");
}

struct bounds bound_socket_port(const struct bounding *b)
{
	const struct predicate *p = b->predicate;
	struct gathered g;
	struct buffer out = {0};

	if (p->op != OPERATOR_EQUAL)
		return bounds_upper(bound_socket_exists(b).upper, "ports are in hex there, and are not compared by order");
	gather_begin(&g, b);
	for (size_t i = 0; i < p->count; i++) {
		if (p->values[i].number < 0 || p->values[i].number > UINT16_MAX)
			continue;
		buffer_printf(&out, "0200%04X", (unsigned)p->values[i].number);
		gather_hex(&g, TEST_STARTS, &out, true);
		buffer_printf(&out, "0A00%04X", (unsigned)p->values[i].number);
		gather_hex(&g, TEST_STARTS, &out, true);
	}
	buffer_free(&out);
	return gather_end(&g, NULL);
}

struct bounds bound_socket_exists(const struct bounding *b)
{
	struct gathered g;
	struct buffer out = {0};

	gather_begin(&g, b);
	buffer_string(&out, "0200");
	gather_hex(&g, TEST_STARTS, &out, true);
	buffer_string(&out, "0A00");
	gather_hex(&g, TEST_STARTS, &out, true);
	if (b->row->shape.shape == SHAPE_SOCKET_ADDRESS) {
		buffer_string(&out, "0100(" BYTE_NOT_NUL "|00" BYTE_NOT_NUL ").*");
		gather_hex(&g, TEST_REGEX, &out, true);
	}
	buffer_free(&out);
	return gather_end(&g, NULL);
}
