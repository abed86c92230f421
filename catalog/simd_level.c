/* simd_level: see simd_level.h. */
#include "catalog/simd_level.h"

enum simd_level simd_level_best(void)
{
#if defined(__x86_64__)
	if (simd_has_avx512bw() && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2"))
		return SIMD_AVX512;
	bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
	return avx2 ? SIMD_AVX2 : SIMD_SSE2;
#else
	return SIMD_PLAIN;
#endif
}

const char *simd_level_name(enum simd_level level)
{
	static const char *const names[SIMD_LEVELS] = {"plain", "sse2", "avx2", "avx512"};
	return level < SIMD_LEVELS ? names[level] : "?";
}
