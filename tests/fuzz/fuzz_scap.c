/*
 * Any bytes, read as a capture. However they read, the account of blocks balances, every event has a facet and a place,
 * and its fields hold values of their types.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_reader("scap", "rulesets/dialects/falco.yaml", data, size);
}
