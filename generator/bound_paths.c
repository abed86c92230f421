/* bound_paths: see bound_paths.h. */
#include "generator/bound_paths.h"
#include "generator/bound_test.h"
#include "generator/mounts.h"

#include <string.h>

static void gather_basename(struct gathered *g, const struct item *item)
{
	struct arena *arena = g->bounding->arena;
	struct buffer regex = {0};
	bool slash = text_find(item->text, '/') < item->text.length;

	if (item->op == TEST_EQUAL && slash)
		return; /* no last component holds a slash */
	if (item->op == TEST_EQUAL) {
		gather(g, TEST_ENDS, text_of(arena_printf(arena, "/%.*s", TEXT_ARGS(item->text))), true);
		gather(g, TEST_EQUAL, item->text, true);
		return;
	}
	if (item->op == TEST_ENDS && !slash) {
		gather(g, TEST_ENDS, item->text, true);
		return;
	}
	buffer_string(&regex, "(.*/)?");
	if (item->op == TEST_REGEX)
		buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
	else
		rule_regex_pattern(arena, &regex, item_pattern(arena, item), "[^/]*", "[^/]");
	gather_regex(g, &regex, item->op != TEST_REGEX && !slash);
	buffer_free(&regex);
}

struct bounds bound_basename(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op != TEST_EQUAL || !dialect_field_is_missing(b->dialect, b->row, items.items[i].text))
			gather_basename(&g, &items.items[i]);
	}
	struct bounds bounds = gather_end(&g, "only the whole path is there, not its last component");

	if (b->predicate->op == OPERATOR_EQUAL && !b->predicate->fold)
		return bounds;
	bounds.upper = bound_without_markers(b, &items, bounds.upper);
	bounds.lower = bound_without_markers(b, &items, bounds.lower);
	return bounds;
}

struct bounds bound_dirname(const struct bounding *b)
{
	struct items items = items_of(b);
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else if (item->op != TEST_EQUAL || !text_is(item->text, "/"))
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), ".*", ".");
		buffer_string(&regex, item->op == TEST_EQUAL ? "/[^/]*" : "/?[^/]*");
		gather_regex(&g, &regex, item->op == TEST_EQUAL && item->sure);
	}
	buffer_free(&regex);
	return gather_end(&g, "only the whole path is there, not its directory");
}

static struct bounds image_part(const struct bounding *b, const char *before, const char *after, const char *any)
{
	struct items items = items_plain(b);
	struct buffer regex = {0};
	struct gathered g;

	gather_begin(&g, b);
	for (size_t i = 0; i < items.count; i++) {
		const struct item *item = &items.items[i];

		buffer_string(&regex, before);
		if (item->op == TEST_REGEX)
			buffer_printf(&regex, "(%.*s)", TEXT_ARGS(item->text));
		else
			rule_regex_pattern(b->arena, &regex, item_pattern(b->arena, item), any, ".");
		buffer_string(&regex, after);
		gather_regex(&g, &regex, item->op == TEST_EQUAL);
	}
	buffer_free(&regex);
	return gather_end(&g, "the image's name and tag stand in one text there");
}

struct bounds bound_image_name(const struct bounding *b)
{
	return image_part(b, "", "(:[^/@]*)?(@.*)?", ".*");
}

struct bounds bound_image_tag(const struct bounding *b)
{
	return image_part(b, ".*:", "(@.*)?", "[^/@]*");
}

/* A path of a mount in a regular expression: /run may stand as /var/run. */
static void mount_path(const struct bounding *b, struct buffer *out, struct text path)
{
	if (mounts_under_run(path))
		buffer_string(out, "(/var)?");
	rule_regex_pattern(b->arena, out, path, "[^:]*", "[^:]");
}

static const char *mount_truth(unsigned modes)
{
	return modes == (MOUNT_RW | MOUNT_RO) ? "(true|false)" : modes == MOUNT_RW ? "true" : "false";
}

/* One expression for all sources that share destination and mode. */
static void gather_mounts(struct gathered *g, struct mount_pattern *patterns, size_t count, size_t first)
{
	const struct bounding *b = g->bounding;
	const struct mount_pattern lead = patterns[first];
	struct buffer regex = {0};

	buffer_string(&regex, "(.*[ ,])?(");
	for (size_t i = first; i < count; i++) {
		if (patterns[i].modes != lead.modes || !text_equal(patterns[i].destination, lead.destination))
			continue;
		if (i > first)
			buffer_char(&regex, '|');
		mount_path(b, &regex, patterns[i].source);
		patterns[i].modes = 0;
	}
	buffer_string(&regex, "):");
	mount_path(b, &regex, lead.destination);
	buffer_printf(&regex, ":[^:]*:%s:[^ ,]*([ ,].*)?", mount_truth(lead.modes));
	gather_regex(g, &regex, true);
	buffer_free(&regex);
}

struct bounds bound_mounts(const struct bounding *b)
{
	struct items items = items_plain(b);
	struct mount_pattern *patterns = NULL;
	size_t count = 0;
	struct gathered g;

	for (size_t i = 0; i < items.count; i++) {
		if (items.items[i].op == TEST_REGEX)
			return bounds_upper(bound_present(b), "a regular expression on mounts is not judged in a joined list");
		count = mounts_split(b->arena, item_pattern(b->arena, &items.items[i]), b->predicate->fold, &patterns, count);
	}
	gather_begin(&g, b);
	for (size_t i = 0; i < count; i++) {
		patterns[i].modes &= MOUNT_RW | MOUNT_RO; /* the engine always tells */
	}
	for (size_t i = 0; i < count; i++) {
		if (patterns[i].modes)
			gather_mounts(&g, patterns, count, i);
	}
	return gather_end(&g, NULL);
}
