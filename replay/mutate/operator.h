/*
 * operator: the ways to spell an act otherwise, and to make it look alike but harmless.
 *
 * A row of the table is one operator. It adds mutants of maker->act with maker_add; an act that it does not understand whole
 * (an unknown option, a shell's text that is not simple) it leaves alone. An equivalent mutant is the same act to the kernel,
 * the engine or the API server. A near miss does not do what makes the act suspicious.
 */
#ifndef MEWS_MUTATE_OPERATOR_H
#define MEWS_MUTATE_OPERATOR_H

#include "replay/mutate/act.h"

enum mutant_kind { MUTANT_EQUIVALENT, MUTANT_NEAR_MISS };

struct tools; /* tools.h */

struct maker {
	struct arena *arena; /* of the mutants */
	const struct catalog *catalog;
	const struct act_fields *fields;
	const struct tools *tools;
	const struct detection *detection;
	const struct act *act;
	/* Does the detection match the act? For near misses, which take away what makes an act suspicious: where the detection
	 * matches what is left, it is about something else. */
	bool (*matches)(void *context, const struct act *act);
	void *context;
	struct act *made;
	size_t count;
};

struct mutate_operator {
	const char *name;
	enum mutant_kind kind;
	const char *applies; /* to which acts */
	const char *about;   /* what it does */
	void (*make)(struct maker *maker);
};

extern const struct mutate_operator mutate_operators[]; /* ends with name NULL */
size_t mutate_operator_count(void);

enum { MADE_MOST_OF_ONE = 64 }; /* mutants that one operator makes of one act; further ones are dropped */
void maker_add(struct maker *maker, struct act act);
void maker_add_words(struct maker *maker, const struct text *words, size_t count);
/* The words of maker->act, or NULL. */
const struct texts *maker_words(const struct maker *maker);
struct text maker_text(struct maker *maker, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
