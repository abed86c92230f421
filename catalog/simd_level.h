/*
 * simd_level: which of the machine's instructions bytes are looked at with.
 *
 * Every level gives the same answers; tests choose one (engine_new_at, json_names_new_level …), programs take the best.
 * AVX512 is its parts F, BW, VL and VBMI (with BMI2). A level without instructions that would help in some place does
 * there what the one below it does.
 */
#ifndef MEWS_SIMD_LEVEL_H
#define MEWS_SIMD_LEVEL_H

enum simd_level { SIMD_PLAIN, SIMD_SSE2, SIMD_AVX2, SIMD_AVX512, SIMD_LEVELS };

/* The highest level of this machine. */
enum simd_level simd_level_best(void);
const char *simd_level_name(enum simd_level level);

#endif
