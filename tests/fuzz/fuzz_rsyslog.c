/*
 * fuzz_rsyslog: a script that parses can be run over any message, and says the same twice; one that does not has an error
 * with its place. What comes before the first NUL is the script, what comes behind is the message.
 */
#include "generator/rsyslog/run.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t alerts_of(const struct script *script, struct text message)
{
	const struct script_property properties[] = {{"msg", message}, {"programname", TEXT("audit")}, {"hostname", TEXT("h")}};
	struct arena arena = {0};
	struct script_run run;

	script_message(script, properties, 3, &arena, &run);
	size_t count = run.count;

	arena_free(&arena);
	return count;
}

/* The C library's expressions may take for ever: scripts with many repetitions are only parsed. */
static bool quick(struct text script)
{
	size_t repetitions = 0;

	for (size_t i = 0; i < script.length; i++)
		repetitions += script.data[i] == '*' || script.data[i] == '+' || script.data[i] == '{';
	return repetitions < 12;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text all = {(const char *)data, size}, script = text_slice(all, 0, text_find(all, '\0'));
	struct text message = text_slice(all, script.length + 1, all.length < script.length + 200 ? all.length : script.length + 200);
	struct arena arena = {0};
	struct diagnostics d = {0};

	if (size > 4096 || !quick(script))
		return 0;
	message = text_slice(message, 0, text_find(message, '\0'));
	const struct script *parsed = script_parse(&arena, "fuzz.conf", script, &d);

	if ((parsed == NULL) != (d.errors > 0))
		abort();
	if (parsed != NULL && alerts_of(parsed, message) != alerts_of(parsed, message))
		abort();
	arena_free(&arena);
	diagnostics_free(&d);
	return 0;
}
