/*
 * Any bytes, read as Kubernetes audit events: envelopes, stages, and bodies by the interpreter of manifests. However they
 * read, the account of lines balances, every event has a facet and a place in the input, and its fields hold values
 * of their types.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_reader("json", "rulesets/dialects/kubernetes-audit.yaml", data, size);
}
