/*
 * Any bytes, read as command lines in whatever form they seem to have. The account of lines balances, every event has a
 * facet and a place in the input.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_reader("commands", "rulesets/dialects/commands.yaml", data, size);
}
