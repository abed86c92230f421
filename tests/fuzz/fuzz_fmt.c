/*
 * The first byte chooses a kind of file, the rest is its source. What is formatted is formatted again to the same bytes, and
 * canonical_write's own proof holds for it: a source that is YAML is never refused because its meaning would have changed or a
 * comment would have been lost (directives, keys that are no texts and more documents than one may be refused).
 */
#include "catalog/canonical.h"
#include "cli/kinds.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct diagnostics *d, struct text source)
{
	for (size_t i = 0; i < d->count; i++) {
		if (strncmp(d->items[i].message, "left as it is", 13) != 0 && strncmp(d->items[i].message, "the file is left", 16) != 0)
			continue;
		fprintf(stderr, "%s\n%.*s\n", d->items[i].message, TEXT_ARGS(source));
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer once = {0}, twice = {0};
	struct diagnostics d = {0};
	size_t kinds = 0;
	if (size == 0)
		return 0;
	while (file_kinds[kinds].name != NULL)
		kinds++;
	const struct yaml_form *form = file_kinds[data[0] % kinds].form;
	struct text source = {(const char *)data + 1, size - 1};
	int failed = canonical_write(source, "fuzz.yaml", form, &once, &d);
	check(&d, source);
	if (failed == 0) {
		failed = canonical_write(buffer_view(&once), "fuzz.yaml", form, &twice, &d);
		check(&d, buffer_view(&once));
		if (failed != 0 || !text_equal(buffer_view(&once), buffer_view(&twice))) {
			fprintf(stderr, "not stable:\n%.*s\n---\n%.*s\n---\n%.*s\n", TEXT_ARGS(source), TEXT_ARGS(buffer_view(&once)),
				TEXT_ARGS(buffer_view(&twice)));
			abort();
		}
	}
	diagnostics_free(&d);
	buffer_free(&once);
	buffer_free(&twice);
	return 0;
}
