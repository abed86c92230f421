/*
 * Any bytes, read as what journald exports, or as a container's log where they begin as one. What holds of a syslog
 * (fuzz_syslog.c) holds of these.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool container = size > 5 && (memcmp(data, "{\"log", 5) == 0 || (data[0] >= '0' && data[0] <= '9'));
	return fuzz_reader(container ? "container-log" : "journald", "rulesets/dialects/syslog.yaml rulesets/dialects/auditd.yaml "
		"rulesets/dialects/falco.yaml rulesets/dialects/sysmon.yaml", data, size);
}
