/* wanted: see wanted.h. */
#include "replay/wanted.h"

#include "catalog/sequence.h"
#include "replay/derive/derive.h"

struct wanting {
	const struct registry *registry;
	uint8_t *wanted;
};

/* Alerts are grouped, and episodes told, by these. */
static const char *const named[] = {
	"container.id", "entity.id", "process.in_container", "session.id", "host.name", "event.dataset", "event.id",
};

static void want_name(struct wanting *w, const char *name)
{
	w->wanted[registry_field(w->registry, text_of(name))] = 1; /* FIELD_NONE is nobody's */
}

static void want_predicate(const struct predicate *predicate, void *context)
{
	struct wanting *w = context;
	w->wanted[predicate->field] = 1;
	w->wanted[predicate->other] = 1;
}

static void want_step(struct wanting *w, const struct sequence *sequence, const struct sequence_step *step)
{
	for (size_t i = 0; i < sequence->key_count; i++)
		w->wanted[step->by[i]] = 1;
	w->wanted[step->distinct] = 1;
}

static void want_condition(struct wanting *w, const struct condition *condition)
{
	const struct sequence *sequence = condition ? condition->sequence : NULL;
	if (!condition)
		return;
	condition_visit(condition, want_predicate, w);
	for (size_t i = 0; sequence && i < sequence->count; i++)
		want_step(w, sequence, &sequence->steps[i]);
	if (sequence && sequence->until)
		want_step(w, sequence, sequence->until);
}

static void want_exceptions(struct wanting *w, const struct exception *exceptions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		want_condition(w, exceptions[i].condition);
}

static void want_detection(struct wanting *w, const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++)
		want_condition(w, detection->conditions[i]);
	for (size_t i = 0; i < detection->target_count; i++)
		want_condition(w, detection->targets[i].condition);
	want_exceptions(w, detection->exceptions, detection->exception_count);
}

uint8_t *wanted_fields(struct arena *arena, const struct catalog *catalog, struct dataset *const *datasets, size_t count)
{
	struct wanting wanting = {&catalog->registry, arena_array(arena, catalog->registry.field_count, 1)}, *w = &wanting;
	for (unsigned field = 1; field < catalog->registry.field_count; field++)
		w->wanted[field] = field < FIELD_FIRST_OTHER || catalog->registry.fields[field].shared;
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		want_name(w, named[i]);
	deriver_wants(&catalog->registry, w->wanted);
	for (size_t i = 0; i < catalog->detection_count; i++)
		want_detection(w, catalog->detections[i]);
	for (size_t i = 0; i < catalog->organization_count; i++)
		want_exceptions(w, catalog->organizations[i]->exceptions, catalog->organizations[i]->exception_count);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < datasets[i]->episode_count; k++)
			want_condition(w, datasets[i]->episodes[k].where);
	w->wanted[FIELD_NONE] = 0;
	return w->wanted;
}

void wanted_of_organization(uint8_t *wanted, const struct registry *registry, const struct organization *organization)
{
	struct wanting wanting = {registry, wanted};
	if (organization)
		want_exceptions(&wanting, organization->exceptions, organization->exception_count);
	wanted[FIELD_NONE] = 0;
}
