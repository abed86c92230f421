/*
 * world: a small catalog and events written in a line, for the tests of engine, measures and reports.
 *
 *   world_begin(&w);
 *   world_detection(&w, "socket", "high", "a: process where process.name == \"docker\"");
 *   world_organization(&w, "shop", "risky: tolerate");
 *   world_load(&w);
 *   world_event(&w, 1, 60, "process.exec process.name=docker user.name=ci | container.run container.mounts=/a:/b:rw");
 *
 * The catalog's folder is a temporary one; its fields are rulesets/fields.yaml.
 */
#ifndef MEWS_UNIT_WORLD_H
#define MEWS_UNIT_WORLD_H

#include "replay/measure/measure.h"
#include "tests/unit/unit.h"

enum { WORLD_UNTIMED = -1 };

struct world {
	struct arena arena, event_arena;
	const char *folder;
	struct catalog catalog;
	struct engine *engine;
	struct event event;
};

void world_begin(struct world *world);
/* `more`: further YAML of the document (may be NULL). Lines of `conditions` stand under `conditions:`. */
void world_detection(struct world *world, const char *name, const char *severity, const char *conditions);
void world_detection_with(struct world *world, const char *name, const char *severity, const char *conditions,
	const char *more);
void world_organization(struct world *world, const char *name, const char *more);
void world_file(struct world *world, const char *path, const char *content);
void world_load(struct world *world); /* aborts with the diagnostics where the catalog is no good */
void world_end(struct world *world);

/* The event, valid until the next one. `seconds` after 2026-01-01T00:00:00Z. Facets are parted by " | ", each is
 * CATEGORY.ACTION and FIELD=VALUE…, lists with commas. */
struct event *world_event(struct world *world, uint64_t line, long seconds, const char *facets);
const struct organization *world_organization_of(const struct world *world, const char *name);
const struct detection *world_detection_of(const struct world *world, const char *name);
/* A list of names in the world's arena, from "a b c". */
struct texts world_names(struct world *world, const char *names);

#endif
