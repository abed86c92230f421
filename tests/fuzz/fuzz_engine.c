/*
 * Any bytes, read as what engines write: the first one chooses inspect, API calls or events. However they read, the
 * account of lines balances, and facets hold values of their types.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dialects[] = {"rulesets/dialects/docker-inspect.yaml", "rulesets/dialects/docker-api.yaml",
		"rulesets/dialects/docker-events.yaml"};
	static struct fuzz_catalog catalogs[3];
	size_t which = size ? data[0] % 3 : 0;
	if (!size)
		return 0;
	return fuzz_reader_in(&catalogs[which], "json", dialects[which], data + 1, size - 1);
}
