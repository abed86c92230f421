/*
 * tuning: a catalog in a folder, and datasets of JSON events, for the tests of what proposals and exceptions do.
 *
 *   tuning_begin(&t);
 *   world_detection(&t.world, …); world_organization(&t.world, "shop", …);
 *   tuning_load(&t, "shop");
 *   tuning_event(&t, 3600, "file open", "\"file\": {\"path\": \"/etc/shadow\"}");   seconds after 2026-01-01T00:00:00Z
 *   tuning_dataset(&t, "normal", "label: benign\n");           the events so far
 *   …t.replay goes to what is tested…
 *   tuning_end(&t);
 */
#ifndef MEWS_UNIT_TUNING_H
#define MEWS_UNIT_TUNING_H

#include "replay/replay.h"
#include "tests/unit/world.h"

struct tuning_world {
	struct world world;
	struct buffer events;
	struct dataset *datasets[4];
	const struct organization *organizations[1];
	struct replay_options replay;
};

void tuning_begin(struct tuning_world *t);
void tuning_load(struct tuning_world *t, const char *organization);
/* `kind` is category and action; `fields` further JSON pairs. */
void tuning_event(struct tuning_world *t, long seconds, const char *kind, const char *fields);
/* `more`: YAML of corpus.yaml beside format and files. Aborts with the diagnostics where it cannot be read. */
void tuning_dataset(struct tuning_world *t, const char *name, const char *more);
void tuning_end(struct tuning_world *t);

#endif
