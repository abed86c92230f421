/*
 * auditd: events as records of Linux audit: SYSCALL with what belongs to it (EXECVE, CWD, PATH, SOCKADDR …), or the message
 * of a program (USER_LOGIN, ADD_USER …), and EOE behind each.
 *
 * A call that the event does not name is the one that does such a thing on x86_64. What audit has no place for is counted.
 */
#include "replay/export/auditd_records.h"
#include "replay/export/formats.h"

#include <stdlib.h>
#include <string.h>

struct auditd {
	FILE *out;
	const struct registry *registry;
	struct arena arena;
	struct auditd_writer writer;
	unsigned process, file, network, driver, authentication, session, iam;
};

void *auditd_begin(const struct export_options *options, FILE *out)
{
	struct auditd *auditd = mem_alloc(sizeof *auditd);
	const struct registry *registry = &options->catalog->registry;
	bool found;
	*auditd = (struct auditd){.out = out, .registry = registry};
	auditd->writer.registry = registry;
	auditd->writer.dialect = catalog_dialect(options->catalog, TEXT("auditd"));
	auditd_fields_find(&auditd->writer.fields, &auditd->arena, registry);
	auditd->process = registry_category(registry, TEXT("process"), &found);
	auditd->file = registry_category(registry, TEXT("file"), &found);
	auditd->network = registry_category(registry, TEXT("network"), &found);
	auditd->driver = registry_category(registry, TEXT("driver"), &found);
	auditd->authentication = registry_category(registry, TEXT("authentication"), &found);
	auditd->session = registry_category(registry, TEXT("session"), &found);
	auditd->iam = registry_category(registry, TEXT("iam"), &found);
	return auditd;
}

void auditd_end(void *state)
{
	struct auditd *auditd = state;
	buffer_free(&auditd->writer.text);
	arena_free(&auditd->arena);
	arena_free(&auditd->writer.arena);
	free(auditd);
}

static bool is_call_category(const struct auditd *auditd, unsigned category)
{
	return category == auditd->process || category == auditd->file || category == auditd->network ||
		category == auditd->driver;
}

/* The facets that the records are of: those that nothing implied, of one kind. */
static size_t own_facets(const struct event *event, const struct facet **facets, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < event->facet_count && count < most; i++)
		if (!event->facets[i]->derived)
			facets[count++] = event->facets[i];
	return count;
}

/* Has the facet a field that no record holds? */
static bool has_more(const struct auditd *auditd, const struct facet *facet)
{
	for (size_t i = 0; i < facet->count; i++)
		if (!auditd->writer.fields.known[facet->entries[i].field])
			return true;
	return false;
}

static const char *cannot_say(const struct auditd *auditd, const struct event *event,
	const struct facet *const *facets, size_t count)
{
	if (!count)
		return "all that is known of it is implied by another event";
	if (event->time == INT64_MIN)
		return "it has no time, and every record has one";
	if (event->time < 0)
		return "it is from before 1970";
	for (size_t i = 0; i < count; i++) {
		unsigned category = facets[i]->category;
		bool message = category == auditd->authentication || category == auditd->session || category == auditd->iam;
		if (!is_call_category(auditd, category) && !message)
			return "audit has no record of such an event";
	}
	return NULL;
}

enum export_verdict auditd_take(void *state, const struct export_item *item, const char **reason)
{
	enum { FACETS_MAX = 64 };
	struct auditd *auditd = state;
	struct auditd_writer *writer = &auditd->writer;
	const struct event *event = item->event;
	const struct facet *facets[FACETS_MAX];
	size_t count = own_facets(event, facets, FACETS_MAX);
	*reason = cannot_say(auditd, event, facets, count);
	if (*reason)
		return EXPORT_UNSAID;
	auditd_writer_begin(writer, event, facets[0]);
	bool call = is_call_category(auditd, facets[0]->category);
	bool written = (call && auditd_write_call(writer, facets, count)) || auditd_write_message(writer, facets[0]);
	if (!written) {
		*reason = "which call or message it was is not known";
		return EXPORT_UNSAID;
	}
	fwrite(writer->text.data, 1, writer->text.length, auditd->out);
	for (size_t i = 0; i < count && !*reason; i++) {
		if (has_more(auditd, facets[i]))
			*reason = "it has fields that audit records have no place for";
		else if (is_call_category(auditd, facets[i]->category) != call)
			*reason = "it is a call and a message in one";
	}
	if (!*reason && writer->lost)
		*reason = writer->lost;
	if (!*reason && event->time % 1000000)
		*reason = "its time is finer than milliseconds";
	return *reason ? EXPORT_PARTLY : EXPORT_WRITTEN;
}
