/* tune_organization: the organization as it would be with the proposed exceptions (see tune_organization.h). */
#include "cli/tune_organization.h"

static struct condition *parse(struct arena *arena, const struct catalog *catalog, const struct organization *organization,
	struct text source, struct diagnostics *d)
{
	struct scope scope = catalog_scope(catalog, organization);
	struct place place = {"a proposed exception", 1, 1};
	return condition_parse_expression(arena, &scope, source, place, 0, source, d);
}

const struct organization *tune_organization(struct arena *arena, const struct catalog *catalog,
	const struct proposals *proposals,
	struct diagnostics *d)
{
	const struct organization *from = proposals->organization;
	struct organization *organization = arena_alloc(arena, sizeof *organization);
	struct exception *list = arena_array(arena, from->exception_count + proposals->count + 1, sizeof *list);
	*organization = *from;
	for (size_t i = 0; i < from->exception_count; i++)
		list[i] = from->exceptions[i];
	for (size_t i = 0; i < proposals->count; i++) {
		const struct proposal *proposal = &proposals->items[i];
		struct exception *exception = &list[from->exception_count + i];
		struct text *names = arena_array(arena, proposal->detection_count + 1, sizeof *names);
		for (size_t k = 0; k < proposal->detection_count; k++)
			names[k] = proposal->detections[k]->name;
		*exception = (struct exception){.name = proposal->name, .detections = {names, proposal->detection_count},
			.condition = parse(arena, catalog, from, proposal->condition, d), .reason = proposal->reason};
		if (!exception->condition)
			return NULL;
	}
	organization->exceptions = list;
	organization->exception_count = from->exception_count + proposals->count;
	return organization;
}

static bool is_taken(const struct proposals *proposals, size_t before, struct text name)
{
	const struct organization *organization = proposals->organization;
	for (size_t i = 0; i < organization->exception_count; i++)
		if (text_equal(organization->exceptions[i].name, name))
			return true;
	for (size_t i = 0; i < before; i++)
		if (text_equal(proposals->items[i].name, name))
			return true;
	return false;
}

void tune_name_apart(struct proposals *proposals)
{
	enum { NAME_MOST = 90 }; /* a slug has 100 bytes at most; the rest is for the number */
	for (size_t i = 0; i < proposals->count; i++) {
		struct text base = proposals->items[i].name;
		if (base.length > NAME_MOST) {
			base.length = NAME_MOST;
			while (base.length > 0 && base.data[base.length - 1] == '-')
				base.length--;
		}
		for (unsigned number = 2; is_taken(proposals, i, proposals->items[i].name); number++)
			proposals->items[i].name = text_of(arena_printf(&proposals->arena, "%.*s-%u", TEXT_ARGS(base), number));
	}
}
