/*
 * audit_keys: which key our judge predicts for each recorded call, against the key that the kernel wrote.
 *
 *   audit_keys RULES LOG       RULES: a rule file that the kernel held while the log was written
 *
 * The rules should end in one that records all the rest, so that what a rule does not fit is seen too. Calls of programs that
 * ran beside are counted and not asked: they name files by descriptors of folders, which no record spells out.
 * Exit status: 0 all alike, 1 a difference, printed.
 */
#include "catalog/load.h"
#include "generator/auditd/judge.h"
#include "replay/readers/reader.h"

#include <stdio.h>
#include <string.h>

struct comparing {
	struct judge *judge;
	struct arena arena;
	size_t alike, different, unkeyed, untold, others;
	struct text *keys;
	size_t *counts, key_count;
};

static void count_key(struct comparing *c, struct text key)
{
	static struct arena names;

	for (size_t i = 0; i < c->key_count; i++) {
		if (text_equal(c->keys[i], key)) {
			c->counts[i]++;
			return;
		}
	}
	c->keys = arena_grow(&names, c->keys, c->key_count, sizeof(*c->keys));
	c->counts = arena_grow(&names, c->counts, c->key_count, sizeof(*c->counts));
	c->keys[c->key_count] = text_copy(&names, key);
	c->counts[c->key_count++] = 1;
}

static struct text logged_key(struct comparing *c, const struct event *event)
{
	unsigned field = registry_field(event->registry, TEXT("audit.key"));
	const struct values *keys = facet_get(event->facets[0], field);
	struct text *texts = arena_array(&c->arena, keys != NULL ? keys->count + 1 : 1, sizeof(*texts));

	for (size_t i = 0; keys != NULL && i < keys->count; i++)
		texts[i] = keys->items[i].text;
	return text_join(&c->arena, texts, keys != NULL ? keys->count : 0, '\x01');
}

/* The log has no path of what such a call names by a descriptor, only the inode; the kernel has. */
static bool by_descriptor(const struct sight *sight)
{
	static const char *const calls[] = {"fchmod", "fchown", "fchown32", "fsetxattr", "fremovexattr", "fgetxattr"};
	const struct sight_value *call = sight_get(sight, TEXT("syscall"));

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (call != NULL && text_is(call->values[0], calls[i]) && sight_get(sight, TEXT("path")) == NULL)
			return true;
	}
	return false;
}

/* Is it a call of the program that makes calls of many kinds? audit_keys.sh starts it under this login. */
static bool is_ours(const struct sight *sight)
{
	const struct sight_value *login = sight_get(sight, TEXT("auid"));

	return login != NULL && text_is(login->values[0], "4242");
}

static int take(void *context, struct event *event)
{
	struct comparing *c = context;
	struct sights sights = {0};
	struct text logged;

	arena_reset(&c->arena);
	if (event->facet_count == 0)
		return 0;
	auditd_judging.view(c->judge, event, &c->arena, &sights);
	logged = logged_key(c, event);
	if (sights.count == 0 || logged.length == 0) {
		c->unkeyed++; /* a record that no rule asked for: LOGIN, CONFIG_CHANGE */
		return 0;
	}
	if (!is_ours(&sights.items[0])) {
		c->others++;
		return 0;
	}
	const struct kernel_rule *rule = auditd_decides(c->judge, &sights.items[0]);
	struct text predicted = rule == NULL ? TEXT("") : rule->action == KERNEL_NEVER ? TEXT("never") : rule->key;

	count_key(c, logged);
	if (text_equal(predicted, logged)) {
		c->alike++;
		return 0;
	}
	struct buffer shown = {0};

	if (by_descriptor(&sights.items[0])) {
		c->untold++;
		return 0;
	}
	c->different++;
	sight_print(&sights.items[0], &shown);
	printf("line %llu: the kernel wrote %.*s, we say %.*s\n%.*s\n", (unsigned long long)event->line, TEXT_ARGS(logged),
		TEXT_ARGS(predicted), (int)shown.length, shown.data);
	buffer_free(&shown);
	return 0;
}

static struct text read_all(struct arena *arena, const char *path)
{
	struct buffer content = {0};
	char piece[4096];
	size_t length;
	FILE *file = fopen(path, "rb");

	while (file != NULL && (length = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_add(&content, piece, length);
	if (file != NULL)
		fclose(file);
	struct text text = text_copy(arena, buffer_view(&content));

	buffer_free(&content);
	return text;
}

int main(int count, char **arguments)
{
	struct arena arena = {0};
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct ledger ledger = {0};
	struct comparing c = {0};
	struct pack_text rules;

	if (count != 3 || catalog_load(&catalog, "rulesets", &d) != 0)
		return 2;
	rules = (struct pack_text){TEXT("test.rules"), read_all(&arena, arguments[1])};
	c.judge = auditd_judging.open(&arena, &catalog, &rules, 1, &d);
	if (c.judge == NULL) {
		diagnostics_print(&d, stdout);
		return 1;
	}
	struct reader_options options = {.catalog = &catalog, .dialect = catalog_dialect(&catalog, TEXT("auditd"))};
	int status = reader_run(reader_find(TEXT("auditd")), arguments[2], &options, (struct event_sink){take, &c}, &ledger, &d);

	diagnostics_print(&d, stdout);
	for (size_t i = 0; i < c.key_count; i++)
		printf("%s%.*s %zu", i > 0 ? ", " : "", TEXT_ARGS(c.keys[i]), c.counts[i]);
	printf("\n%zu alike, %zu different, %zu of descriptors without a path, %zu without a key, %zu of others\n", c.alike, c.different,
		c.untold, c.unkeyed, c.others);
	arena_free(&c.arena);
	return status != 0 || c.different > 0 || c.alike == 0;
}
