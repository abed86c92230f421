/*
 * kubernetes: manifests. Each container of a pod, or of what makes pods, is an event; any other object is one.
 */
#include "replay/readers/formats.h"
#include "replay/readers/kubernetes_object.h"

enum { LIST_DEPTH = 8 };

struct container_take {
	struct manifest *m;
	const struct pod *pod;
};

static int take_container(void *context, const struct yaml *container)
{
	const struct container_take *take = context;
	manifest_begin(take->m, container);
	pod_fill(take->m, take->pod, container);
	manifest_deliver(take->m, container);
	return take->m->status;
}

static int take_pod(void *context, const struct pod *pod)
{
	return pod_each(pod, POD_ALL, take_container, &(struct container_take){context, pod});
}

/* What has a kind and is no list: settings of tools (kustomize, Helm, kind) have no API that would be asked for them. */
static void take_other(struct manifest *m, const struct yaml *object, struct text kind)
{
	if (!kind.length || !object_is_request(pod_text(object, "apiVersion")))
		return;
	manifest_begin_object(m, object);
	object_fill(m, object, kind);
	manifest_deliver(m, object);
	if (!m->status)
		pod_each_within(object, text_fold(m->arena, kind), take_pod, m);
}

/* Lists (List, PodList, …) hold objects, and so do OpenShift's templates. */
static const struct yaml *items_of(const struct yaml *object, struct text kind)
{
	if (text_ends(kind, TEXT("List"), false))
		return pod_get(object, "items");
	return text_is(kind, "Template") ? pod_get(object, "objects") : NULL;
}

/* What a webhook of admission is asked about (AdmissionReview, or its request alone): the object that somebody wants, and of
 * which kind, where the object itself does not say it. */
static const struct yaml *reviewed(const struct yaml *object, struct text *kind)
{
	const struct yaml *request = pod_get(object, "request") ? pod_get(object, "request") : object;
	const struct yaml *wanted = pod_get(request, "object");
	struct text operation = pod_text(request, "operation"), asked = pod_text(pod_get(request, "kind"), "kind");
	bool asks = !operation.length || text_is(operation, "CREATE") || text_is(operation, "UPDATE");
	if (!asks || !asked.length || !wanted || wanted->kind != YAML_MAPPING)
		return NULL;
	*kind = asked;
	return wanted;
}

/* `kind` where the object does not say it: a PodList's items are pods. */
static void take_object(struct manifest *m, const struct yaml *object, struct text kind, unsigned depth)
{
	if (pod_text(object, "kind").length)
		kind = pod_text(object, "kind");
	const struct yaml *wanted = reviewed(object, &kind), *items;
	struct pod pod;
	if (wanted)
		object = wanted;
	items = items_of(object, kind);
	if (items) {
		struct text each = text_ends(kind, TEXT("List"), false) ? text_slice(kind, 0, kind.length - 4) : TEXT("");
		for (size_t i = 0; depth < LIST_DEPTH && i < pod_items(items); i++)
			take_object(m, &items->items[i], each, depth + 1);
		return;
	}
	if (pod_find(object, kind, &pod))
		take_pod(m, &pod);
	else
		take_other(m, object, kind);
}

static void take_document(struct manifest *m, const struct yaml *document)
{
	take_object(m, document, TEXT(""), 0);
}

int kubernetes_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d)
{
	static const struct yaml_limits limits = {.last_wins = true};
	return manifest_run(input, options, &limits, sink, ledger, d, take_document);
}

static bool names_kind(struct text line)
{
	return text_starts(line, TEXT("kind:"), false) || text_starts(line, TEXT("apiVersion:"), false);
}

/* As JSON it stands behind the dialects: requests that were recorded have bodies of that look. */
static bool is_json(struct text sample)
{
	return text_starts(text_trim(sample), TEXT("{"), false) && text_contains(sample, TEXT("\"apiVersion\""), false) &&
		text_contains(sample, TEXT("\"kind\""), false) && !text_contains(sample, TEXT("audit.k8s.io"), false);
}

unsigned kubernetes_fits(struct text sample)
{
	return reader_share(sample, names_kind) ? 70 : is_json(sample) ? 60 : 0;
}
