/*
 * auditd_fields: names → numbers.
 */
#include "replay/export/auditd_fields.h"

static const char *const names[] = {
#define X(id, name) [AUDITD_##id] = (name),
	AUDITD_FIELDS(X)
#undef X
};

/* What a reader derives anew from what stands in the records (replay/derive/). */
static const char *const derived[] = {"entity.id", "process.in_container", "process.parent.name",
	"process.parent.executable",
	"process.parent.command_line", "process.entry_leader.executable", "container.id"};

void auditd_fields_find(struct auditd_fields *fields, struct arena *arena, const struct registry *registry)
{
	fields->known = arena_array(arena, registry->field_count, sizeof *fields->known);
	for (size_t i = 0; i < AUDITD_FIELD_COUNT; i++) {
		fields->number[i] = registry_field(registry, text_of(names[i]));
		if (fields->number[i] != FIELD_NONE)
			fields->known[fields->number[i]] = true;
	}
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
		unsigned field = registry_field(registry, text_of(derived[i]));
		if (field != FIELD_NONE)
			fields->known[field] = true;
	}
	fields->known[FIELD_CATEGORY] = fields->known[FIELD_ACTION] = fields->known[FIELD_TYPE] = true;
	fields->known[FIELD_TIMESTAMP] = true;
}
