/*
 * Any bytes, taken as a YAML file, and an item put into its list `exceptions`, replaced, or taken out. What the header
 * promises must hold: the old tree with just that change, or a diagnostic; and what was put in can be taken out.
 */
#include "catalog/yaml_splice.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t list_count(struct arena *arena, struct text source, size_t *documents)
{
	struct diagnostics d = {0};
	struct yaml *all;
	if (yaml_parse(arena, source, "fuzz", NULL, &d, &all, documents))
		abort();
	const struct yaml *list = *documents > 0 ? yaml_get(all, "exceptions") : NULL;
	return list && list->kind == YAML_SEQUENCE ? list->count : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	if (size < 3 || size > 1 << 14)
		return 0;
	/* The second half of the third byte's line, so to speak: what is written is the input's, too. */
	struct text source = {(const char *)data + 3, size - 3}, result, back;
	struct text tail = text_slice(source, source.length - (data[2] < source.length ? data[2] : source.length), source.length);
	struct yaml item = {.kind = YAML_MAPPING};
	yaml_set(&arena, &item, "name", yaml_new_text(TEXT("new")));
	yaml_set(&arena, &item, "condition", yaml_new_text(utf8_valid(tail) && text_find(tail, '\0') == tail.length ? tail : TEXT("a")));
	struct splice splice = {.kind = (enum splice_kind)(data[0] % 3), .key = "exceptions", .at = data[1], .item = &item};
	int status = yaml_splice(&arena, source, "fuzz", &splice, &d, &result);
	if ((status == -1) != (d.errors > 0))
		abort();
	if (status == 0 && splice.kind == SPLICE_INSERT) {
		size_t documents, again, before = list_count(&arena, source, &documents);
		size_t after = list_count(&arena, result, &again);
		if (after != before + 1 || documents != again)
			abort();
		splice.kind = SPLICE_REMOVE;
		splice.at = splice.at < before ? splice.at : before;
		if (yaml_splice(&arena, result, "fuzz", &splice, &d, &back) == 0 && list_count(&arena, back, &again) != before)
			abort();
	}
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
