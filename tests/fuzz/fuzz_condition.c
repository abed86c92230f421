/*
 * fuzz_condition: a condition that parses is printed, parsed again and printed again: both prints are
 * equal. One that does not parse has at least one error, with a place inside it.
 *
 * The registry is a small one with a field of every type, so that the fuzzer need not find long names.
 */
#include "catalog/condition.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fields[] =
	"events:\n"
	"  process: {exec: start, fork: start, other: info}\n"
	"  file: {open: access, other: info}\n"
	"fields:\n"
	"  \"@timestamp\":     {type: date, shared: true, about: Time.}\n"
	"  event.category:   {type: keyword, about: Category.}\n"
	"  event.action:     {type: keyword, about: Action.}\n"
	"  event.type:       {type: keyword, about: Type.}\n"
	"  event.outcome:    {type: keyword, about: Outcome.}\n"
	"  k:                {type: keyword, about: Keyword.}\n"
	"  l:                {type: keyword, list: true, about: List.}\n"
	"  n:                {type: long, about: Number.}\n"
	"  b:                {type: boolean, about: Boolean.}\n"
	"  i:                {type: ip, about: Address.}\n"
	"  p:                {type: keyword, path: true, about: Path.}\n"
	"  container.mounts: {type: keyword, list: true, path: true, about: Mounts.}\n";

static void load(struct registry *registry, struct arena *arena, struct diagnostics *d)
{
	struct yaml *documents;
	size_t count;
	if (yaml_parse(arena, text_of(fields), "fields", NULL, d, &documents, &count) != 0 ||
		registry_load(registry, arena, &documents[0], d) != 0) {
		diagnostics_print(d, stderr);
		abort();
	}
}

static struct text printed(struct arena *arena, const struct condition *condition, const struct registry *registry)
{
	struct buffer out = {0};
	condition_print(condition, registry, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void round_trip(struct arena *arena, const struct scope *scope, const struct condition *condition, struct diagnostics *d)
{
	struct place start = {"again", 1, 1};
	struct text first = printed(arena, condition, scope->registry);
	struct condition *again = condition_parse(arena, scope, first, start, 0, (struct text){0}, d);

	if (again == NULL || !text_equal(first, printed(arena, again, scope->registry))) {
		fprintf(stderr, "%.*s\n", TEXT_ARGS(first));
		diagnostics_print(d, stderr);
		abort();
	}
}

static void check_errors(const struct diagnostics *d)
{
	if (d->errors == 0)
		abort();
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].place.line == 0 || d->items[i].place.column == 0 || d->items[i].message[0] == '\0')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry;
	struct place start = {"input", 1, 1};
	struct text source = {(const char *)data, size}, items[] = {TEXT("a"), TEXT("/var/run/b")};
	const struct named_list lists[] = {{TEXT("x"), items, 2, start}, {TEXT("none"), NULL, 0, start}};
	const struct named_macro macros[] = {{TEXT("m"), TEXT("b or k == null"), start}, {TEXT("r"), TEXT("not r"), start}};
	const struct scope scope = {&registry, lists, 2, macros, 2, NULL, NULL};

	load(&registry, &arena, &d);
	struct condition *condition = condition_parse(&arena, &scope, source, start, 0, source, &d);
	if (condition != NULL)
		round_trip(&arena, &scope, condition, &d);
	else
		check_errors(&d);
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
