/*
 * path: a slash before a slash or a dot, and the last slash, are looked for among eight, sixteen or 64 bytes at once. Lengths
 * differ from path to path, and a branch on them is guessed wrongly every other time: with AVX-512 there is none up to 64.
 */
#include "catalog/path.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const char run[8] = {'/', 'v', 'a', 'r', '/', 'r', 'u', 'n'};

/* The exact answer, for the few paths that a look cannot tell from unclean ones. */
static bool is_clean(struct text path)
{
	enum { RUN = sizeof "/var/run" - 1 };
	if (path.data[path.length - 1] == '/' || (path.data[path.length - 1] == '.' && path.data[path.length - 2] == '/'))
		return false;
	if (text_starts(path, TEXT("/var/run"), false) && (path.length == RUN || path.data[RUN] == '/'))
		return false;
	for (size_t i = 0; i + 1 < path.length; i++)
		if (path.data[i] == '/' && (path.data[i + 1] == '/' ||
					(path.data[i + 1] == '.' && i + 2 < path.length && path.data[i + 2] == '/')))
			return false;
	return true;
}

/* Copies the components that count; `out` has room for the whole path. Returns the new length. */
static size_t copy_components(struct text path, char *out)
{
	bool absolute = path.data[0] == '/';
	size_t length = 0;
	for (size_t from = 0; from < path.length;) {
		size_t size = text_find(text_slice(path, from, path.length), '/');
		bool dot = size == 1 && path.data[from] == '.' && (absolute || from);
		if (size && !dot) {
			if (absolute || length)
				out[length++] = '/';
			memcpy(out + length, path.data + from, size);
			length += size;
		}
		from += size + 1;
	}
	if (!length)
		out[length++] = '/'; /* only an absolute path can come to nothing */
	return length;
}

static __attribute__((noinline)) struct text clean_if_unclean(struct arena *arena, struct text path)
{
	if (is_clean(path))
		return path;
	char *copy = arena_alloc(arena, path.length + 1);
	size_t length = copy_components(path, copy), var = strlen("/var");
	struct text clean = {copy, length};
	if (text_is(clean, "/var/run") || text_starts(clean, TEXT("/var/run/"), false)) {
		length -= var;
		memmove(copy, copy + var, length);
	}
	copy[length] = '\0';
	return (struct text){copy, length};
}

static bool is_suspect(const char *at)
{
	return at[0] == '/' && (at[1] == '/' || at[1] == '.');
}

static uint64_t load8(const char *data)
{
	uint64_t word;
	memcpy(&word, data, sizeof word);
	return word;
}

/* The top bit of each byte that is `byte`. */
static uint64_t bytes_that_are(uint64_t word, char byte)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	word ^= UINT64_C(0x0101010101010101) * (unsigned char)byte;
	return ~(((word & low) + low) | word | low);
}

/* Among the first eight of nine bytes? */
static bool has_suspect8(const char *data)
{
	uint64_t next = load8(data + 1);
	return (bytes_that_are(load8(data), '/') & (bytes_that_are(next, '/') | bytes_that_are(next, '.'))) != 0;
}

/* Is there a slash before a slash or a dot? The last look overlaps the one before it. */
static bool has_suspect_plain(struct text path)
{
	size_t at = 0;
	if (path.length >= 9) {
		for (; at + 9 < path.length; at += 8)
			if (has_suspect8(path.data + at))
				return true;
		return has_suspect8(path.data + path.length - 9);
	}
	for (; at + 1 < path.length; at++)
		if (is_suspect(path.data + at))
			return true;
	return false;
}

static bool ends_or_begins_unclean(struct text path)
{
	return path.data[path.length - 1] == '/' || (path.length >= sizeof run && memcmp(path.data, run, sizeof run) == 0);
}

static struct text clean_plain(struct arena *arena, struct text path)
{
	bool may_be_unclean = path.length >= 2 && (ends_or_begins_unclean(path) || has_suspect_plain(path));
	return may_be_unclean ? clean_if_unclean(arena, path) : path;
}

static struct text name_plain(struct text path)
{
	size_t from = path.length;
	while (from >= 8 && !bytes_that_are(load8(path.data + from - 8), '/'))
		from -= 8;
	while (from && path.data[from - 1] != '/')
		from--;
	return text_slice(path, from, path.length);
}

#if defined(__x86_64__)
static inline bool has_suspect_pair(__m128i bytes, __m128i next)
{
	__m128i slash = _mm_set1_epi8('/'), dot = _mm_set1_epi8('.');
	__m128i bad = _mm_or_si128(_mm_cmpeq_epi8(next, slash), _mm_cmpeq_epi8(next, dot));
	return _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(bytes, slash), bad));
}

/* Among the first sixteen of seventeen bytes? */
static inline bool has_suspect16_sse2(const char *data)
{
	return has_suspect_pair(_mm_loadu_si128((const __m128i *)(const void *)data),
		_mm_loadu_si128((const __m128i *)(const void *)(data + 1)));
}

/* Among the first eight of nine? */
static inline bool has_suspect8_sse2(const char *data)
{
	return has_suspect_pair(_mm_loadl_epi64((const __m128i *)(const void *)data),
		_mm_loadl_epi64((const __m128i *)(const void *)(data + 1)));
}

static inline bool has_suspect_sse2(struct text path)
{
	size_t at = 0;
	if (path.length >= 17) {
		for (; at + 17 < path.length; at += 16)
			if (has_suspect16_sse2(path.data + at))
				return true;
		return has_suspect16_sse2(path.data + path.length - 17);
	}
	if (path.length >= 9) /* of sixteen at most: twice covers them */
		return has_suspect8_sse2(path.data) || has_suspect8_sse2(path.data + path.length - 9);
	return has_suspect_plain(path);
}

static __attribute__((noinline)) struct text clean_sse2(struct arena *arena, struct text path)
{
	bool may_be_unclean = path.length >= 2 && (ends_or_begins_unclean(path) || has_suspect_sse2(path));
	return may_be_unclean ? clean_if_unclean(arena, path) : path;
}

/* Of eight or sixteen bytes: a bit for each that is a slash. */
static inline unsigned slashes8(const char *data)
{
	__m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)data);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'))) & 0xff;
}

static inline unsigned slashes16(const char *data)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')));
}

/* Of at least eight bytes. The last look overlaps the one before it. */
static size_t name_begin_sse2(struct text path)
{
	enum { BITS = 32 };
	size_t at = path.length;
	while (at >= 16) {
		unsigned slashes = slashes16(path.data + (at -= 16));
		if (slashes)
			return at + BITS - (size_t)__builtin_clz(slashes);
	}
	while (at) {
		unsigned slashes = slashes8(path.data + (at = at > 8 ? at - 8 : 0));
		if (slashes)
			return at + BITS - (size_t)__builtin_clz(slashes);
	}
	return 0;
}

static __attribute__((noinline)) struct text name_sse2(struct text path)
{
	return path.length >= 8 ? text_slice(path, name_begin_sse2(path), path.length) : name_plain(path);
}

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))
enum { WIDE = 64 };

/* The bytes, at most 64, and a bit for each; beyond them nothing is read. */
TARGET_AVX512 static inline __m512i bytes_avx512(const char *data, uint64_t there)
{
	return _mm512_maskz_loadu_epi8(there, data);
}

TARGET_AVX512 static inline uint64_t bits_avx512(size_t length)
{
	return _bzhi_u64(UINT64_MAX, (unsigned)length);
}

TARGET_AVX512 static inline uint64_t slashes_avx512(__m512i bytes)
{
	return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('/'));
}

/* Few paths are longer. The end counts as a slash: one that stands last goes. */
TARGET_AVX512 static struct text clean_avx512(struct arena *arena, struct text path)
{
	if (path.length > WIDE)
		return clean_sse2(arena, path);
	uint64_t there = bits_avx512(path.length);
	__m512i bytes = bytes_avx512(path.data, there);
	uint64_t slashes = slashes_avx512(bytes), dots = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('.'));
	uint64_t suspects = slashes & ((slashes | dots | ~there) >> 1 | UINT64_C(1) << (WIDE - 1));
	suspects = path.length < 2 ? 0 : suspects;
	suspects |= (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(bytes)) == load8(run);
	return suspects ? clean_if_unclean(arena, path) : path;
}

/* Names without a folder are as many as others: that there is no slash is no branch either. */
TARGET_AVX512 static struct text name_avx512(struct text path)
{
	if (path.length == 0)
		return path;
	size_t at = path.length > WIDE ? path.length - WIDE : 0;
	uint64_t slashes = slashes_avx512(bytes_avx512(path.data + at, bits_avx512(path.length - at)));
	size_t last = (WIDE - 1) ^ (size_t)__builtin_clzll(slashes | 1);
	if (at > 0 && slashes == 0)
		return name_sse2(path);
	return text_slice(path, at + last + (slashes != 0), path.length);
}
#else
#define clean_sse2 clean_plain
#define clean_avx512 clean_plain
#define name_sse2 name_plain
#define name_avx512 name_plain
#endif

struct text path_clean_at(enum simd_level level, struct arena *arena, struct text path)
{
	static struct text (*const cleaners[SIMD_LEVELS])(struct arena *, struct text) = {clean_plain, clean_sse2, clean_sse2,
		clean_avx512};
	return cleaners[level](arena, path);
}

struct text path_clean(struct arena *arena, struct text path)
{
	return simd_has_avx512bw() ? clean_avx512(arena, path) : clean_sse2(arena, path);
}

struct text path_name_at(enum simd_level level, struct text path)
{
	static struct text (*const namers[SIMD_LEVELS])(struct text) = {name_plain, name_sse2, name_sse2, name_avx512};
	return namers[level](path);
}

struct text path_name(struct text path)
{
	return simd_has_avx512bw() ? name_avx512(path) : name_sse2(path);
}

struct text mount_clean(struct arena *arena, struct text mount)
{
	size_t first = text_find(mount, ':');
	if (first == mount.length)
		return path_clean(arena, mount);
	struct text rest = text_slice(mount, first + 1, mount.length);
	size_t second = text_find(rest, ':');
	struct text old_source = text_slice(mount, 0, first), old_destination = text_slice(rest, 0, second);
	struct text source = path_clean(arena, old_source);
	struct text destination = path_clean(arena, old_destination);
	if (source.data == old_source.data && destination.data == old_destination.data)
		return mount;
	struct text tail = text_slice(rest, second, rest.length);
	char *joined = arena_printf(arena, "%.*s:%.*s%.*s", TEXT_ARGS(source), TEXT_ARGS(destination), TEXT_ARGS(tail));
	return text_of(joined);
}
