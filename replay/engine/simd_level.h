/*
 * simd_level: which of the machine's instructions the engine looks at bytes with.
 *
 * Every level gives the same answers; tests choose one by engine_new_at, programs take the best.
 */
#ifndef MEWS_SIMD_LEVEL_H
#define MEWS_SIMD_LEVEL_H

enum simd_level { SIMD_PLAIN, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_LEVELS };

/* The highest level of this machine. */
enum simd_level simd_level_best(void);
const char *simd_level_name(enum simd_level level);

#endif
