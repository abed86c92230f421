/*
 * simd_level: which of the machine's instructions bytes are looked at with.
 *
 * Every level gives the same answers; tests choose one (engine_new_at, json_names_new_level …), programs take the best.
 * AVX2 has BMI and BMI2 beside it, AVX512 is its parts F, BW, VL, VBMI and VBMI2 too. A level without instructions that would
 * help in some place does there what the one below it does.
 */
#ifndef MEWS_SIMD_LEVEL_H
#define MEWS_SIMD_LEVEL_H

#include <stdbool.h>

enum simd_level { SIMD_PLAIN, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_LEVELS };

/* The highest level of this machine. */
enum simd_level simd_level_best(void);
/* Are its AVX-512's parts F, BW and VL there, and BMI? As quick as a look at one word: for where no level is handed down. */
static inline bool simd_has_avx512bw(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
		__builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
#else
	return false;
#endif
}
const char *simd_level_name(enum simd_level level);

#endif
