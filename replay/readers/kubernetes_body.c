/*
 * kubernetes_body: see kubernetes_body.h.
 */
#include "replay/readers/kubernetes_body.h"

#include "replay/readers/json_member.h"
#include "replay/readers/json_yaml.h"
#include "replay/readers/kubernetes_object.h"
#include "replay/readers/record.h"

struct body {
	struct manifest manifest;
	const struct facet *request; /* of category api */
	struct pod pod;
	unsigned category, action;   /* container.create */
	size_t containers;
};

static struct text field_text(const struct facet *facet, const char *field)
{
	unsigned number = registry_field(facet->registry, text_of(field));
	return number == FIELD_NONE ? TEXT("") : facet_text(facet, number);
}

static struct text action_of(const struct facet *facet)
{
	return facet->registry->actions[facet->action].name;
}

/* The facet that asks for an object to be there. */
static struct facet *find_request(struct event *event)
{
	bool found;
	unsigned api = registry_category(event->registry, TEXT("api"), &found);
	for (size_t i = 0; i < event->facet_count; i++) {
		struct facet *facet = event->facets[i];
		struct text action = action_of(facet), below = field_text(facet, "orchestrator.resource.subresource");
		if (facet->category != api || !(text_is(action, "create") || text_is(action, "update") || text_is(action, "patch")))
			continue;
		if (!below.length || text_is(below, "ephemeralcontainers"))
			return facet;
	}
	return NULL;
}

static int take_container(void *context, const struct yaml *container)
{
	struct body *body = context;
	struct manifest *m = &body->manifest;
	m->facet = event_copy_facet(m->event, body->request, body->category, body->action);
	body->containers++;
	pod_fill(m, &body->pod, container);
	return 0;
}

/* Pods and jobs keep the template that they were made with. */
static bool starts_containers(const struct body *body)
{
	bool fixed = text_is(body->pod.kind, "pod") || text_is(body->pod.kind, "job");
	return !(fixed && text_is(action_of(body->request), "update"));
}

static void take_pod(struct body *body)
{
	struct text below = field_text(body->request, "orchestrator.resource.subresource");
	bool found;
	body->category = registry_category(body->request->registry, TEXT("container"), &found);
	body->action = registry_action(body->request->registry, body->category, TEXT("create"));
	if (below.length) {
		pod_each(&body->pod, POD_EPHEMERAL, take_container, body);
		return;
	}
	if (!starts_containers(body) || !body->pod.spec)
		return;
	pod_each(&body->pod, POD_ALL, take_container, body);
	if (!body->containers)
		take_container(body, NULL);
}

/* A pod within an object of another kind. */
static int take_inner(void *context, const struct pod *pod)
{
	struct body *body = context;
	body->pod = *pod;
	take_pod(body);
	return 0;
}

/* A patch that made its object is the whole object. */
static bool is_partial(const struct facet *request)
{
	return text_is(action_of(request), "patch") && !text_is(field_text(request, "http.response.status_code"), "201");
}

static const struct yaml *find_object(const struct record *record, const struct dialect *dialect)
{
	for (size_t i = 0; i < dialect->manifest_count; i++) {
		struct text text = json_member(record->text, dialect->manifests[i]);
		const struct yaml *object = text.length ? json_yaml(record->arena, text, record->file, record->line) : NULL;
		if (object && object->kind == YAML_SEQUENCE)
			object = json_patch_object(record->arena, object);
		if (object && object->kind == YAML_MAPPING)
			return object;
	}
	return NULL;
}

void kubernetes_body_needs(const struct registry *registry, uint8_t *needed)
{
	static const char *const fields[] = {"orchestrator.resource.subresource", "orchestrator.resource.type",
		"orchestrator.resource.name", "http.response.status_code"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		needed[registry_field(registry, text_of(fields[i]))] = 1;
}

void kubernetes_body(const struct record *record, const struct reader_options *options, const uint8_t *wanted,
	struct event *event)
{
	struct facet *request = find_request(event);
	const struct yaml *object = request ? find_object(record, options->dialect) : NULL;
	if (!object)
		return;
	struct body body = {.request = request};
	body.manifest = (struct manifest){.options = options, .file = record->file, .arena = record->arena, .event = event,
		.facet = request, .wanted = wanted, .partial = is_partial(request)};
	struct text kind = pod_text(object, "kind");
	if (!kind.length)
		kind = field_text(request, "orchestrator.resource.type");
	if (!field_text(request, "orchestrator.resource.name").length)
		manifest_set(&body.manifest, "orchestrator.resource.name", pod_text(pod_get(object, "metadata"), "name"));
	object_fill_facts(&body.manifest, object, kind);
	if (pod_find(object, kind, &body.pod))
		take_pod(&body);
	else
		pod_each_within(object, text_fold(record->arena, kind), take_inner, &body);
}
