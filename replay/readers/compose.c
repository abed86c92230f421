/*
 * compose: compose files; each service is the request of one container.
 */
#include "replay/readers/compose_service.h"
#include "replay/readers/formats.h"

enum { INCLUDE_DEPTH = 8 };

struct reading_project {
	struct manifest *m;
	struct compose_project project;
};

/* Commands that are run in the container when it has started, or before it stops. */
static void take_hooks(struct manifest *m, const struct compose_service *service, const char *key, const struct yaml *place)
{
	const struct yaml *hooks = compose_service_single(service, key);
	for (size_t i = 0; hooks && hooks->kind == YAML_SEQUENCE && i < hooks->count && !m->status; i++) {
		struct yaml at = hooks->items[i];
		if (place)
			at.place = place->place;
		manifest_begin_exec(m, &at);
		compose_service_fill_hook(m, service, &hooks->items[i]);
		manifest_deliver(m, &at);
	}
}

/* The container that an image is built in, where it is more than any other one. */
static void take_build(struct manifest *m, const struct compose_service *service, const struct yaml *at)
{
	if (m->status || !compose_service_build_privileged(service))
		return;
	manifest_begin(m, at);
	compose_service_fill_build(m, service);
	manifest_deliver(m, at);
}

/* `place`: of the `include` that brought the file, or NULL. */
static void take_services(struct reading_project *r, const struct compose_file *file, const struct yaml *services,
	const struct yaml *place)
{
	struct manifest *m = r->m;
	for (size_t i = 0; services && services->kind == YAML_MAPPING && i < services->count && !m->status; i++) {
		struct compose_service service;
		struct yaml at = services->items[i];
		/* Settings under x-…, and services that a provider runs outside of containers. */
		if (text_starts(services->keys[i].text, TEXT("x-"), false) || compose_get(&services->items[i], "provider"))
			continue;
		at.place = place ? place->place : services->keys[i].place; /* a service begins at its name */
		compose_service_find(&r->project, file, services, i, &service);
		manifest_begin(m, &at);
		compose_service_fill(m, &service);
		manifest_deliver(m, &at);
		take_build(m, &service, &at);
		/* A hook that stands in another file has no place in this one. */
		const struct yaml *there = place || file != &r->project.main ? &at : NULL;
		take_hooks(m, &service, "post_start", there);
		take_hooks(m, &service, "pre_stop", there);
	}
}

static void take_file(struct reading_project *r, const struct compose_file *file, const struct yaml *place, unsigned depth);

static void take_path(struct reading_project *r, const struct compose_file *file, const struct yaml *path,
	const struct yaml *place, unsigned depth)
{
	struct text name;
	if (!compose_project_resolve(&r->project, manifest_text(path), &name))
		return;
	const struct compose_file *other = compose_project_file(&r->project, file, name);
	if (other && other != file && depth < INCLUDE_DEPTH)
		take_file(r, other, place ? place : path, depth + 1);
}

/* include: [other.yml, {path: other.yml}, {path: [a.yml, b.yml]}] */
static void take_includes(struct reading_project *r, const struct compose_file *file, const struct yaml *place, unsigned depth)
{
	const struct yaml *includes = compose_get(file->document, "include");
	for (size_t i = 0; includes && includes->kind == YAML_SEQUENCE && i < includes->count && !r->m->status; i++) {
		const struct yaml *item = &includes->items[i], *path = item->kind == YAML_MAPPING ? compose_get(item, "path") : item;
		if (path && path->kind == YAML_SCALAR)
			take_path(r, file, path, place, depth);
		for (size_t k = 0; path && path->kind == YAML_SEQUENCE && k < path->count; k++)
			take_path(r, file, &path->items[k], place, depth);
	}
}

/* Compose's first format had its services at the top. */
static bool is_first_format(const struct yaml *document)
{
	bool any = false;
	for (size_t i = 0; document->kind == YAML_MAPPING && i < document->count; i++) {
		const struct yaml *service = &document->items[i];
		if (!compose_get(service, "image") && !compose_get(service, "build"))
			return false;
		any = true;
	}
	return any;
}

static void take_file(struct reading_project *r, const struct compose_file *file, const struct yaml *place, unsigned depth)
{
	const struct yaml *services = compose_get(file->document, "services");
	take_includes(r, file, place, depth);
	if (!services && is_first_format(file->document))
		services = file->document;
	take_services(r, file, services, place);
}

static void take_document(struct manifest *m, const struct yaml *document)
{
	struct reading_project r = {.m = m};
	compose_project_begin(&r.project, m->arena, m->file, document);
	take_file(&r, &r.project.main, NULL, 0);
}

int compose_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d)
{
	return manifest_run(input, options, NULL, sink, ledger, d, take_document);
}

static bool begins_services(struct text line)
{
	return text_starts(line, TEXT("services:"), false);
}

/* As `docker compose config --format json` prints it. */
static bool is_json(struct text sample)
{
	return text_starts(text_trim(sample), TEXT("{"), false) && text_contains(sample, TEXT("\"services\""), false) &&
		text_contains(sample, TEXT("\"image\""), false) && !text_contains(sample, TEXT("\"apiVersion\""), false);
}

unsigned compose_fits(struct text sample)
{
	return reader_share(sample, begins_services) ? 70 : is_json(sample) ? 60 : 0;
}
