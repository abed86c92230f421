/*
 * fuzz_auditd_rules: any bytes as a rule file. Every line that is no blank and no comment is taken or refused with
 * a reason; what stands is evaluated over an event, and turned into conditions.
 */
#include "generator/auditd/judge.h"
#include "generator/auditd/meaning.h"
#include "generator/auditd/parse.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Loaded once: they are constant, and reading them costs more than most inputs do. */
static void load(struct catalog *catalog, const struct dialect **dialect)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;

	if (yaml_parse_file(&catalog->arena, "rulesets/fields.yaml", NULL, &d, &documents, &count) != 0 || count != 1
		|| registry_load(&catalog->registry, &catalog->arena, documents, &d) != 0)
		abort();
	if (yaml_parse_file(&catalog->arena, "rulesets/dialects/auditd.yaml", NULL, &d, &documents, &count) != 0 || count != 1)
		abort();
	*dialect = dialect_load(&catalog->arena, &catalog->registry, documents, &d);
	if (*dialect == NULL)
		abort();
	diagnostics_free(&d);
}

static void show_event(struct arena *arena, struct sights *sights)
{
	struct sight *sight = sight_add(arena, sights, NULL, TEXT("syscall"));
	struct text *path = arena_alloc(arena, sizeof(*path));

	*path = TEXT("/etc/passwd");
	sight_set(arena, sight, "syscall", TEXT("openat"));
	sight_set(arena, sight, "arch", TEXT("x86_64"));
	sight_set_number(arena, sight, "auid", 1000);
	sight_set_number(arena, sight, "success", 1);
	sight_set_number(arena, sight, "a2", 577);
	sight_set_list(arena, sight, "path", path, 1);
	sight_set(arena, sight, "subj", TEXT("system_u:system_r:crond_t:s0"));
}

static size_t lines_of(const uint8_t *data, size_t size)
{
	size_t lines = size > 0 && data[size - 1] != '\n';

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalog catalog;
	static const struct dialect *dialect;
	struct arena arena = {0};
	struct sights sights = {0};
	struct rules rules;

	if (dialect == NULL)
		load(&catalog, &dialect);
	show_event(&arena, &sights);
	rules_parse(&arena, "fuzz", (struct text){(const char *)data, size}, &rules);
	if (rules.count + rules.blanks + rules.comments != lines_of(data, size))
		abort();
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.lines[i];
		struct meaning meaning;

		if (line->refused == NULL && line->kind == RULES_CONTROL && line->control.length == 0)
			abort();
		if (line->refused != NULL || line->kind != RULES_RULE)
			continue;
		if (line->rule->list == KERNEL_NO_LIST || line->rule->count > KERNEL_TESTS_MAX - 1
			|| line->rule->key.length > KERNEL_KEY_MAX)
			abort();
		auditd_fits(line->rule, &sights.items[0]);
		struct meaning_rules asked = {line->rule, NULL, NULL, 0};

		if (line->rule->list == KERNEL_EXIT)
			meaning_of(&arena, &catalog.registry, dialect, &asked, &meaning);
	}
	size_t standing;

	rules_standing(&arena, &rules, &standing);
	arena_free(&arena);
	return 0;
}
