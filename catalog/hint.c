/* hint: see hint.h. */
#include "catalog/hint.h"

#include <stdio.h>

void hint_offer(struct hint *hint, struct text candidate)
{
	enum { PART = 3, FAR = 1000 }; /* of a part of a name, as "socket", which is better than nothing */
	size_t best = hint->nearest.length > 0 ? hint->distance : SIZE_MAX;
	if (candidate.length == 0)
		return;
	if (!text_nearer(hint->word, candidate, &best)) {
		if (hint->nearest.length > 0 || hint->word.length < PART || !text_contains(candidate, hint->word, true))
			return;
		best = FAR;
	}
	hint->nearest = candidate;
	hint->distance = best;
}

const char *hint_words(const struct hint *hint, char words[HINT_LENGTH])
{
	words[0] = '\0';
	if (hint->nearest.length > 0)
		snprintf(words, HINT_LENGTH, "; did you mean \"%.*s\"?", TEXT_ARGS(hint->nearest));
	return words;
}

void hint_detections(struct hint *hint, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->detection_count; i++)
		hint_offer(hint, catalog->detections[i]->name);
}

void hint_organizations(struct hint *hint, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->organization_count; i++)
		hint_offer(hint, catalog->organizations[i]->name);
}

void hint_dialects(struct hint *hint, const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->dialect_count; i++)
		hint_offer(hint, catalog->dialects[i]->name);
}
