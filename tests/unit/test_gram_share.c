/* gram_share: many literals that begin alike are looked for by one gram; few, or ones of all sorts, each by its own. */
#include "replay/engine/gram_share.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

enum { LITERALS = 60, MOST = 16 /* grams */ };

struct share {
	struct arena arena;
	struct literal_entry entries[16 * LITERALS];
	size_t count;
};

static void add(struct share *s, const char *text, size_t before)
{
	s->entries[s->count++] = (struct literal_entry){.text = text_of(arena_strdup(&s->arena, text)), .before = (uint32_t)before};
}

/* Their own grams are all different: those of digits. */
static void of_digits(struct share *s, const char *begin, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(s, arena_printf(&s->arena, "%s%04zu%08zx", begin, i, i * 7919), strlen(begin));
}

/* `sums` of them begin with MD5=; `strange` ones share nothing with others. */
static void check_shared(size_t hashes, size_t sums, size_t strange, size_t most, size_t of_hash, size_t of_sum)
{
	struct share *s = mem_alloc(sizeof *s);
	*s = (struct share){.count = 0};
	of_digits(s, "IMPHASH=", hashes);
	of_digits(s, "MD5=", sums);
	for (size_t i = 0; i < strange; i++)
		add(s, arena_printf(&s->arena, "%zuxyz is strange", i), 0);
	gram_share(s->entries, s->count, most, NULL, 0);
	for (size_t i = 0; i < s->count; i++)
		CHECK_LONG(s->entries[i].before, i < hashes ? of_hash : i < hashes + sums ? of_sum : 0);
	arena_free(&s->arena);
	free(s);
}

static void test_gram_share(void)
{
	check_shared(LITERALS, 0, 0, MOST, 0, 0);                  /* IMPH, or whichever is rarest */
	check_shared(LITERALS, LITERALS, 0, MOST, 0, 0);
	check_shared(LITERALS, 3, 2, MOST, 0, 4);                  /* few keep their own */
	check_shared(MOST, 0, 0, MOST, 8, 0);                      /* they are not too many */
	check_shared(LITERALS, 0, MOST, MOST, 8, 0);               /* still too many: it would be for nothing */
	check_shared(9 * LITERALS, 0, 0, LITERALS, 8, 0);          /* so many are words of all sorts */
}

void suite_gram_share(void)
{
	CU_pSuite suite = unit_suite("gram_share");
	UNIT_TEST(suite, test_gram_share);
}
