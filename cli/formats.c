/* formats: see formats.h. */
#include "cli/formats.h"

#include "catalog/hint.h"

const struct report *formats_report(const struct verb *verb, const char *name)
{
	const struct report *report = report_find(text_of(name));
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	if (report != NULL)
		return report;
	for (const struct report *other = reports; other->name != NULL; other++)
		hint_offer(&hint, text_of(other->name));
	verb_wrong(verb, "there is no format \"%s\"%s (mews list formats)", name, hint_words(&hint, words));
	return NULL;
}
