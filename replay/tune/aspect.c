/* aspect: see aspect.h. */
#include "replay/tune/aspect.h"

/* Fields that are not here are judged by their type and by the end of their name. */
static const struct {
	const char *name;
	enum aspect_use use;
	enum aspect_kind kind;
	double weight;
	bool place;
} known[] = {
	{"process.executable", ASPECT_USED, ASPECT_PROGRAM, 2.0, false},
	{"process.name", ASPECT_USED, ASPECT_PROGRAM, 1.5, false},
	{"process.args", ASPECT_USED, ASPECT_WORDS, 1.0, false},
	{"process.command_line", ASPECT_USED, ASPECT_WORDS, 2.0, false},
	{"process.working_directory", ASPECT_USED, ASPECT_WHERE, 0.7, true},
	{"process.parent.name", ASPECT_USED, ASPECT_PARENT, 1.0, false},
	{"process.parent.executable", ASPECT_USED, ASPECT_PARENT, 1.5, false},
	{"process.parent.command_line", ASPECT_USED, ASPECT_PARENT, 1.0, false},
	{"process.in_container", ASPECT_USED, ASPECT_WHERE, 1.0, false},
	{"process.namespaces.flags", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"process.ptrace.request", ASPECT_USED, ASPECT_OBJECT, 0.7, false},
	{"user.name", ASPECT_USED, ASPECT_WHO, 1.5, true},
	{"user.id", ASPECT_USED, ASPECT_WHO, 1.2, true},
	{"user.audit.name", ASPECT_USED, ASPECT_WHO, 0.6, true},
	{"user.target.name", ASPECT_USED, ASPECT_OBJECT, 1.0, true},
	{"user.effective.name", ASPECT_USED, ASPECT_WHO, 1.0, true},
	{"user.groups", ASPECT_SPARE, ASPECT_WHO, 0.3, true},
	{"host.name", ASPECT_USED, ASPECT_WHERE, 0.5, true},
	{"file.path", ASPECT_USED, ASPECT_OBJECT, 2.0, false},
	{"file.directory", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"file.name", ASPECT_USED, ASPECT_OBJECT, 0.7, false},
	{"file.target_path", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"file.target_name", ASPECT_SPARE, ASPECT_OBJECT, 0.5, false},
	{"file.mode", ASPECT_SPARE, ASPECT_OBJECT, 0.3, false},
	{"file.mount.source", ASPECT_USED, ASPECT_OBJECT, 2.0, false},
	{"file.mount.type", ASPECT_USED, ASPECT_OBJECT, 0.5, false},
	{"file.mount.flags", ASPECT_USED, ASPECT_OBJECT, 0.8, false},
	{"destination.address", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"destination.ip", ASPECT_USED, ASPECT_OBJECT, 1.2, false},
	{"destination.domain", ASPECT_USED, ASPECT_OBJECT, 1.2, false},
	{"destination.port", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"network.transport", ASPECT_SPARE, ASPECT_OBJECT, 0.2, false},
	{"network.type", ASPECT_SPARE, ASPECT_OBJECT, 0.2, false},
	{"source.ip", ASPECT_USED, ASPECT_WHERE, 1.0, true},
	{"source.domain", ASPECT_USED, ASPECT_WHERE, 0.7, true},
	{"driver.name", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"container.image.name", ASPECT_USED, ASPECT_PROGRAM, 2.0, false},
	{"container.name", ASPECT_USED, ASPECT_WHERE, 0.7, true},
	{"container.runtime", ASPECT_SPARE, ASPECT_WHERE, 0.2, false},
	{"container.command", ASPECT_USED, ASPECT_WORDS, 1.5, false},
	{"container.entrypoint", ASPECT_USED, ASPECT_WORDS, 1.0, false},
	{"container.user", ASPECT_USED, ASPECT_WHO, 0.7, true},
	{"container.labels", ASPECT_USED, ASPECT_WHERE, 0.5, true},
	{"container.mounts", ASPECT_USED, ASPECT_OBJECT, 2.0, false},
	{"container.devices", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"container.capabilities.added", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"container.namespaces.host", ASPECT_USED, ASPECT_OBJECT, 1.5, false},
	{"container.security_context.privileged", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"container.security_context.options", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"container.service_account.name", ASPECT_USED, ASPECT_WHO, 1.0, true},
	{"orchestrator.namespace", ASPECT_USED, ASPECT_WHERE, 1.0, true},
	{"orchestrator.resource.name", ASPECT_USED, ASPECT_OBJECT, 1.5, true},
	{"orchestrator.resource.type", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"orchestrator.resource.label", ASPECT_USED, ASPECT_WHERE, 0.5, true},
	{"user_agent.original", ASPECT_USED, ASPECT_PROGRAM, 1.2, false},
	{"http.request.method", ASPECT_SPARE, ASPECT_OBJECT, 0.5, false},
	{"url.path", ASPECT_USED, ASPECT_OBJECT, 1.0, false},
	{"group.name", ASPECT_USED, ASPECT_OBJECT, 1.0, false},

	/* what changes each time, what sort of event it is, who recorded it, and what others say better */
	{"@timestamp", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.category", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.action", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.type", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.reported_action", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.reported_type", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.outcome", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.reason", ASPECT_SPARE, ASPECT_WHERE, 0.2, false},
	{"event.provider", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.dataset", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"event.id", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"log.level", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"message", ASPECT_SPARE, ASPECT_WORDS, 0.5, false},
	{"host.os.type", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"user.audit.id", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"user.group.id", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"session.id", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"entity.id", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"container.id", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"container.image.tag", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"container.image.hash.all", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"process.thread.name", ASPECT_SKIPPED, ASPECT_PROGRAM, 0, false},
	{"process.args_count", ASPECT_SPARE, ASPECT_WORDS, 0.2, false},
	{"process.tty.name", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"process.exit_code", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"process.thread.capabilities.effective", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"process.thread.capabilities.permitted", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"file.inode", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"file.uid", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"file.gid", ASPECT_SKIPPED, ASPECT_WHO, 0, false},
	{"source.port", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"http.response.status_code", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"url.original", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
	{"orchestrator.request.stage", ASPECT_SKIPPED, ASPECT_WHERE, 0, false},
};

/* A field, and one that is told by it. */
static const char *const implied[][2] = {
	{"process.executable", "process.name"},
	{"process.command_line", "process.args"},
	{"process.command_line", "process.args_count"},
	{"process.args", "process.args_count"},
	{"process.command_line", "container.command"},
	{"process.parent.command_line", "process.parent.name"},
	{"process.parent.executable", "process.parent.name"},
	{"user.name", "user.id"},
	{"user.name", "user.groups"},
	{"file.path", "file.directory"},
	{"file.path", "file.name"},
	{"file.target_path", "file.target_name"},
	{"orchestrator.resource.name", "url.path"},
	{"destination.address", "destination.ip"},
	{"destination.domain", "destination.ip"},
	{"destination.domain", "destination.address"},
};
enum { IMPLIED = sizeof implied / sizeof *implied };

static bool starts(struct text name, const char *with)
{
	return text_starts(name, text_of(with), false);
}

static struct aspect otherwise(const struct field *field)
{
	static const char *const changing[] = {".pid", ".id", ".port", ".hash.all", ".inode", ".serial", "_code",
		".exit", ".uid", ".gid"};
	struct aspect aspect = {ASPECT_USED, ASPECT_OBJECT, 0.7, false};
	if (field->type == TYPE_DATE || starts(field->name, "audit.") || starts(field->name, "process.real_") ||
		starts(field->name, "process.saved_"))
		aspect.use = ASPECT_SKIPPED;
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (text_ends(field->name, text_of(changing[i]), false))
			aspect.use = ASPECT_SKIPPED;
	if (text_contains(field->name, TEXT(".hash."), false))
		aspect.use = ASPECT_SKIPPED;
	return aspect;
}

void aspects_make(struct aspects *aspects, struct arena *arena, const struct registry *registry)
{
	unsigned(*covers)[2] = arena_array(arena, IMPLIED + 1, sizeof *covers);
	size_t count = 0;
	*aspects = (struct aspects){.registry = registry, .covers = (const unsigned(*)[2])covers};
	aspects->items = arena_array(arena, registry->field_count + 1, sizeof *aspects->items);
	for (unsigned field = 1; field < registry->field_count; field++)
		aspects->items[field] = otherwise(&registry->fields[field]);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		unsigned field = registry_field(registry, text_of(known[i].name));
		if (field != FIELD_NONE)
			aspects->items[field] = (struct aspect){known[i].use, known[i].kind, known[i].weight, known[i].place};
	}
	aspects->items[FIELD_NONE] = (struct aspect){.use = ASPECT_SKIPPED};
	for (size_t i = 0; i < IMPLIED; i++) {
		unsigned field = registry_field(registry, text_of(implied[i][0])), other = registry_field(registry,
			text_of(implied[i][1]));
		if (field == FIELD_NONE || other == FIELD_NONE)
			continue;
		covers[count][0] = field;
		covers[count++][1] = other;
	}
}

bool aspects_covers(const struct aspects *aspects, unsigned field, unsigned other)
{
	for (size_t i = 0; aspects->covers[i][0] != FIELD_NONE; i++)
		if (aspects->covers[i][0] == field && aspects->covers[i][1] == other)
			return true;
	return false;
}
