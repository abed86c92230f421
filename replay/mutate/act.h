/*
 * act: what is mutated: one event of a test, or of a recording, before anything is derived from it.
 *
 *   {event.category: process, event.action: exec, process.args: [docker, run, -v, "/run/docker.sock:/s", alpine]}
 *
 * An act with process.args is a command: operators change its words, and it is judged by all that a source of command lines
 * shows of it: its own exec, the execs that it leads to (sudo docker …, sh -c TEXT) and the files that a shell opens for it. An
 * act with a document is what a reader makes of the document. Any other act is its fields. Facets beside the first one, and
 * the other events of a test over several, stay as they are.
 *
 * Acts are values: changing one makes another, and the old one stays. All that they point to lives in the arena.
 */
#ifndef MEWS_ACT_H
#define MEWS_ACT_H

#include "catalog/catalog.h"

struct act {
	struct test_facet facet;
	const struct test_facet *beside;
	size_t beside_count;
	const struct test_event *series; /* all events of the test, this one is series[at]; NULL: there is but one */
	size_t series_count, at;
	bool absent;                     /* of a series: it never happened */
	const char *format;              /* reader of the document; NULL: there is none */
	const char *dialect;             /* its dialect; NULL: the reader's own */
	struct text document;
};

/* Numbers of the fields that operators and judging name. */
struct act_fields {
	unsigned process_category, exec, container_category, file_category, file_modify;
	unsigned args, name, thread, executable, command_line, args_count, in_container, file_path;
};
void act_fields_find(struct act_fields *fields, const struct registry *registry);

struct act act_of_event(struct arena *arena, const struct event *event);

/* The field of the act's facet; NULL: missing. */
const struct test_field *act_get(const struct act *act, unsigned field);
struct text act_text(const struct act *act, unsigned field);
struct act act_with(struct arena *arena, const struct act *act, unsigned field, const struct text *values, size_t count);
struct act act_without(struct arena *arena, const struct act *act, unsigned field);
struct act act_as(struct arena *arena, const struct registry *registry, const struct act *act, unsigned category,
	unsigned action);

/* The words of a command; NULL: the act is none. */
const struct texts *act_words(const struct act_fields *fields, const struct act *act);
/* The same command in other words. Where these name another program, so does process.name. */
struct act act_of_words(struct arena *arena, const struct act_fields *fields, const struct act *act, const struct text *words,
	size_t count);

/* As one would type it: a command line, the document, or the event as `mews explain` takes it. */
struct text act_spelled(struct arena *arena, const struct registry *registry, const struct act_fields *fields,
	const struct act *act);
/* A word as a shell takes it: in quotes where it needs them. */
struct text act_quoted(struct arena *arena, struct text word);
struct text act_joined(struct arena *arena, const struct text *words, size_t count); /* quoted, blanks between */

#endif
