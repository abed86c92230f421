/*
 * Any bytes, read as json. However they read, the account of lines balances, every event has a facet and a
 * place in the input, and its fields hold values of their types. And as one object: the walk at every level of the machine
 * and jansson agree (json_oracle.h), twice, so that what was learnt of it is read, too.
 */
#include "tests/fuzz/json_oracle.h"
#include "tests/fuzz/reader.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load_oracle(struct catalog *catalog, const struct dialect **dialect)
{
	struct yaml *documents;
	struct diagnostics d = {0};
	size_t count;
	fuzz_load(catalog, NULL, dialect);
	if (yaml_parse(&catalog->arena, text_of(json_oracle_dialect), "oracle", NULL, &d, &documents, &count) || count != 1 ||
		!(*dialect = dialect_load(&catalog->arena, &catalog->registry, documents, &d)))
		abort();
	diagnostics_free(&d);
}

static void compare(struct text text)
{
	static struct catalog catalog;
	static const struct dialect *dialect;
	static struct json_oracle oracle;
	static unsigned texts;
	struct arena arena = {0};
	if (!dialect)
		load_oracle(&catalog, &dialect);
	if (texts++ % 256 == 0) { /* what is learnt has an end */
		json_oracle_end(&oracle);
		json_oracle_begin(&oracle, &catalog, dialect);
	}
	/* Twice; now and then so often that values which stay become part of what is learnt. */
	for (int i = 0; i < (texts % 8 ? 2 : 20); i++) {
		const char *why = json_oracle_compare(&oracle, &arena, text);
		if (why) {
			fprintf(stderr, "%s\n", why);
			abort();
		}
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {(const char *)data, size};
	if (size < 1 << 14)
		compare(text);
	return fuzz_reader("json", "rulesets/dialects/falco.yaml", data, size);
}
