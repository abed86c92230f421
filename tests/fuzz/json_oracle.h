/*
 * json_oracle: one text read by the walk (json_walk.h) at every level of the machine, and by jansson (json_tree.h):
 * the same verdict, names and values, parts included. For the unit tests' random texts and for the fuzzer.
 *
 * Known differences, each on jansson's side:
 *   it refuses numbers beyond what a double holds, and objects whose arrays in arrays or long names cost too much
 *   it passes over a NUL byte behind a number or a word, which RFC 8259 does not know
 *   it writes real numbers anew; so numbers are compared as numbers
 *   an object in an array stands under two names, which it takes one after the other; so the order of one name's values
 *   may differ where both names meet again ({"a":[{"b":1,"0.b":2}]}); values are compared as sets there
 */
#ifndef MEWS_JSON_ORACLE_H
#define MEWS_JSON_ORACLE_H

#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"
#include "replay/readers/json_tree.h"

#include <stdlib.h>
#include <string.h>

static const char json_oracle_dialect[] =
	"name: d\nreads: json\nroot: r\ntime: t\ngroups:\n"
	"  - name: g\n"
	"    events:\n"
	"      - {event: process.exec, each: a}\n"
	"      - {event: process.exit, each: a.b}\n"
	"      - {event: file.open, each: c}\n"
	"    fields:\n"
	"      message: [a, b, c, x, a.b, a.c, b.a, a.b.c, c.c.c, a.0.b, a.1.c, a.b.0.c, a.b.1, b.0, 0.b, x.y.z.a, r, r.a, a..b, .a]\n";

struct json_oracle {
	struct catalog *catalog;
	const struct dialect *dialect;
	struct json_names *names[SIMD_LEVELS];
	struct reader_options options;
};

static void json_oracle_begin(struct json_oracle *oracle, struct catalog *catalog, const struct dialect *dialect)
{
	*oracle = (struct json_oracle){.catalog = catalog, .dialect = dialect};
	oracle->options = (struct reader_options){.catalog = catalog, .dialect = dialect};
	for (unsigned level = 0; level <= (unsigned)simd_level_best(); level++)
		oracle->names[level] = json_names_new_level(&oracle->options, (enum simd_level)level);
}

static void json_oracle_end(struct json_oracle *oracle)
{
	for (size_t level = 0; level < SIMD_LEVELS; level++)
		json_names_free(oracle->names[level]);
}


static bool json_oracle_number(struct text text, double *number)
{
	char copy[400], *end;
	if (!text.length || text.length >= sizeof copy || !strchr("-0123456789", text.data[0]))
		return false;
	memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	*number = strtod(copy, &end);
	return *end == '\0';
}

static bool json_oracle_same(struct text a, struct text b)
{
	double left, right;
	return text_equal(a, b) || (json_oracle_number(a, &left) && json_oracle_number(b, &right) && left == right);
}

/* Every text of `some` has its like among `others`. */
static bool json_oracle_within(const struct raw_value *some, const struct raw_value *others)
{
	for (size_t i = 0; i < some->count; i++) {
		bool found = false;
		for (size_t k = 0; k < others->count && !found; k++)
			found = json_oracle_same(some->values[i], others->values[k]);
		if (!found)
			return false;
	}
	return true;
}

static bool json_oracle_values(struct raw_value *a, struct raw_value *b, bool exactly)
{
	if (!a->count || !b->count)
		return a->count == b->count;
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = exactly ? text_equal(a->values[i], b->values[i]) : json_oracle_same(a->values[i], b->values[i]);
	if (same || exactly || a->count != b->count)
		return same;
	return json_oracle_within(a, b) && json_oracle_within(b, a);
}

/* Names of the plan alone: the tree has all. */
static bool json_oracle_bags(const struct record_plan *plan, struct raw_value *a, size_t a_count, struct raw_value *b,
	size_t b_count, bool exactly)
{
	size_t known = 0;
	for (size_t i = 0; i < b_count; i++)
		known += record_plan_name(plan, b[i].name) != 0;
	for (size_t i = 0; i < a_count; i++) {
		size_t k = 0;
		while (k < b_count && !text_equal(a[i].name, b[k].name))
			k++;
		if (k == b_count ? record_plan_name(plan, a[i].name) != 0 : !json_oracle_values(&a[i], &b[k], exactly))
			return false;
	}
	for (size_t i = 0; i < a_count; i++)
		known -= record_plan_name(plan, a[i].name) != 0;
	return known == 0;
}

static bool json_oracle_records(const struct record_plan *plan, struct record *a, struct record *b, bool exactly)
{
	if (a->part_count != b->part_count || !json_oracle_bags(plan, a->values, a->count, b->values, b->count, exactly))
		return false;
	for (size_t i = 0; i < a->part_count; i++)
		if (!text_equal(a->parts[i].kind, b->parts[i].kind) ||
			!json_oracle_bags(plan, a->parts[i].values, a->parts[i].count, b->parts[i].values, b->parts[i].count, exactly))
			return false;
	return true;
}

/* A refusal that only the tree has. */
static bool json_oracle_excused(const char *why)
{
	return strstr(why, "too deep") || strstr(why, "too long") || strstr(why, "overflow") || strstr(why, "too big");
}

/* NULL, or what differs. */
static const char *json_oracle_compare(struct json_oracle *oracle, struct arena *arena, struct text text)
{
	const struct record_plan *plan = record_plan_make(arena, oracle->dialect, &oracle->catalog->registry, NULL, TEXT(""));
	struct json_tree_options tree_options = {oracle->dialect->root, plan->kinds, plan->kind_count};
	struct record first = {0}, tree;
	const char *first_why = NULL;
	record_begin(&tree, arena, "", 1);
	const char *tree_why = json_tree(&tree_options, text, &tree);
	for (unsigned level = 0; level < SIMD_LEVELS && oracle->names[level]; level++) {
		struct record record;
		record_begin(&record, arena, "", 1);
		const char *why = json_record(oracle->names[level], text, &record);
		if (level && ((why != NULL) != (first_why != NULL) || (why && strcmp(why, first_why) != 0)))
			return "two levels have two verdicts";
		if (level && !why && !json_oracle_records(plan, &record, &first, true))
			return "two levels have two records";
		if (level)
			continue;
		first = record;
		first_why = why;
		if (tree_why && !why && !json_oracle_excused(tree_why))
			return arena_printf(arena, "only jansson refuses it: %s", tree_why);
		if (!tree_why && why && !memchr(text.data, '\0', text.length))
			return arena_printf(arena, "only the walk refuses it: %s", why);
		if (!why && !tree_why && !json_oracle_records(plan, &record, &tree, false))
			return "the records differ";
	}
	return NULL;
}

#endif
