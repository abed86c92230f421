/* cpus: how many threads are of use (see pipeline.h). What Linux says of it stands in files; elsewhere there are none. */
#include "replay/pipeline/pipeline.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `cpu.max` of the group that a container sees as the root: QUOTA PERIOD, or "max". 0: no limit. */
static unsigned group_limit(void)
{
	unsigned long long quota = 0, period = 0;
	FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
	if (!file)
		return 0;
	int found = fscanf(file, "%llu %llu", &quota, &period);
	fclose(file);
	return found == 2 && quota && period ? (unsigned)((quota + period - 1) / period) : 0;
}

/* "Cpus_allowed:	ff,ffffffff": a bit for each. */
static unsigned bits_in(const char *mask)
{
	unsigned bits = 0;
	for (; *mask; mask++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, *mask, sizeof digits - 1);
		bits += digit ? (unsigned)__builtin_popcount((unsigned)(digit - digits)) : 0;
	}
	return bits;
}

/* 0: not known. */
static unsigned allowed(void)
{
	static const char name[] = "Cpus_allowed:";
	char line[4096];
	unsigned cpus = 0;
	FILE *file = fopen("/proc/self/status", "r");
	while (file && !cpus && fgets(line, sizeof line, file))
		if (strncmp(line, name, strlen(name)) == 0)
			cpus = bits_in(line + strlen(name));
	if (file)
		fclose(file);
	return cpus;
}

unsigned pipeline_cpus(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned cpus = online > 0 ? (unsigned)online : 1, affine = allowed(), limit = group_limit();
	if (affine && affine < cpus)
		cpus = affine;
	return limit && limit < cpus ? limit : cpus;
}
