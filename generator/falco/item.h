/*
 * item: one item of a rule file while it is read: its values, and what `override` says of them.
 *
 * A value of the wrong shape is the item's fault (the first one counts), in a sentence.
 */
#ifndef MEWS_FALCO_ITEM_H
#define MEWS_FALCO_ITEM_H

#include "generator/falco/parse.h"

struct reading {
	struct falco_rules *rules;
	struct falco_item *item;
	const struct yaml *node;
};

/* Returns the sentence that stands. */
const char *item_fault(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void item_note(struct reading *r, const char *sentence);

bool item_has(const struct reading *r, const char *key);
/* A scalar that is not empty. false: it is not there (a fault where `need`), or of another shape (a fault). */
bool item_text(struct reading *r, const char *key, bool need, struct text *text);
bool item_bool(struct reading *r, const char *key, bool *truth);
bool item_texts(struct reading *r, const char *key, bool need, struct texts *texts);
/* A note for each key that is not known. */
void item_warn_unknown(struct reading *r, const char *const *known);

enum { OVERRIDE_APPEND = 1, OVERRIDE_REPLACE = 2 };
struct override_key {
	const char *key;
	unsigned allowed;
};
extern const struct override_key falco_rule_keys[], falco_macro_keys[], falco_list_keys[];
/* What `override` says of a key: OVERRIDE_APPEND, OVERRIDE_REPLACE or 0. */
unsigned item_override(const struct reading *r, const char *key);
/* Is there an override, or the old `append: true`? *append: the latter. */
bool item_overrides(struct reading *r, const struct override_key *keys, bool *append);

void item_add_text(struct arena *arena, struct texts *texts, struct text text);
/* The two with a blank between them. */
struct text item_appended(struct arena *arena, struct text before, struct text more);

#endif
