/*
 * Any bytes, read as a syslog: heads, frames and messages of every kind. However they read, the account of lines
 * balances, every event has a facet and a place in the input, and its fields hold values of their types.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_reader("syslog", "rulesets/dialects/syslog.yaml rulesets/dialects/auditd.yaml rulesets/dialects/falco.yaml "
		"rulesets/dialects/sysmon.yaml", data, size);
}
