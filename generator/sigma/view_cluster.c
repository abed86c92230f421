/* view_cluster: API events of Kubernetes under the flattened names that public rules use. */
#include "generator/sigma/viewing.h"

static const struct {
	const char *name, *field;
} names[] = {
	{"user.username", "user.name"},
	{"sourceIPs", "source.ip"},
	{"userAgent", "user_agent.original"},
	{"requestURI", "url.original"},
	{"responseStatus.code", "http.response.status_code"},
	{"objectRef.namespace", "orchestrator.namespace"},
	{"objectRef.name", "orchestrator.resource.name"},
	{"objectRef.apiGroup", "orchestrator.resource.group"},
	{"objectRef.subresource", "orchestrator.resource.subresource"},
};

/* Resources of the API, which speaks of kinds in the plural. Of a kind that is none of these nobody knows the plural. */
static const char *const resources[] = {
	"pods", "deployments", "daemonsets", "statefulsets", "replicasets", "replicationcontrollers", "jobs", "cronjobs",
	"podtemplates", "services", "endpoints", "endpointslices", "ingresses", "ingressclasses", "networkpolicies", "secrets",
	"configmaps", "serviceaccounts", "namespaces", "nodes", "events", "persistentvolumes", "persistentvolumeclaims",
	"storageclasses", "volumeattachments", "csidrivers", "csinodes", "roles", "rolebindings", "clusterroles",
	"clusterrolebindings", "mutatingwebhookconfigurations", "validatingwebhookconfigurations",
	"validatingadmissionpolicies", "customresourcedefinitions", "apiservices", "certificatesigningrequests",
	"tokenreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews",
	"localsubjectaccessreviews", "leases", "limitranges", "resourcequotas", "poddisruptionbudgets",
	"horizontalpodautoscalers", "priorityclasses", "runtimeclasses", "bindings", "controllerrevisions", "flowschemas",
	"prioritylevelconfigurations", "podsecuritypolicies",
};

/* Empty: not known. */
static struct text plural(struct arena *arena, struct text kind)
{
	const char *const forms[] = {arena_printf(arena, "%.*ss", TEXT_ARGS(kind)), arena_printf(arena, "%.*ses", TEXT_ARGS(kind)),
		arena_printf(arena, "%.*sies", (int)(kind.length > 0 ? kind.length - 1 : 0), kind.length ? kind.data : ""),
		arena_printf(arena, "%.*s", TEXT_ARGS(kind))};

	for (size_t i = 0; i < sizeof(resources) / sizeof(*resources); i++) {
		for (size_t k = 0; k < sizeof(forms) / sizeof(*forms); k++) {
			bool ending = k != 2 || text_ends(kind, TEXT("y"), false);

			if (ending && text_is(text_of(forms[k]), resources[i]) && (k != 3 || text_is(kind, "endpoints")))
				return text_of(resources[i]);
		}
	}
	return TEXT("");
}

/* What a pod asks for stands in the same record as the request. */
static void put_request(const struct viewing *v, struct sight *sight)
{
	const struct values *mounts = viewing_values(v, "container.mounts");
	struct text *sources = arena_array(v->arena, (mounts ? mounts->count : 0) + 1, sizeof(*sources));
	size_t count = 0;

	for (size_t i = 0; mounts != NULL && i < mounts->count; i++) {
		struct text source = text_slice(mounts->items[i].text, 0, text_find(mounts->items[i].text, ':'));

		if (text_starts(source, TEXT("/"), false))
			sources[count++] = source;
	}
	if (count > 0)
		sight_set_list(v->arena, sight, "hostPath", sources, count);
	viewing_put(v, sight, "privileged", "container.security_context.privileged");
	const struct values *capabilities = viewing_values(v, "container.capabilities.added");

	if (capabilities == NULL || capabilities->count == 0)
		return;
	struct text *names_of = arena_array(v->arena, capabilities->count, sizeof(*names_of));

	for (size_t i = 0; i < capabilities->count; i++) /* a manifest says SYS_ADMIN */
		names_of[i] = text_starts(capabilities->items[i].text, TEXT("CAP_"), false)
			? text_slice(capabilities->items[i].text, 4, capabilities->items[i].text.length)
			: capabilities->items[i].text;
	sight_set_list(v->arena, sight, "capabilities", names_of, capabilities->count);
}

/* No API request names a path in the container with a colon: of such a mount nobody knows where its source ends. A source
 * is an absolute path, or the name of a volume. */
static bool can_be_asked(const struct viewing *v)
{
	const struct values *mounts = viewing_values(v, "container.mounts");

	for (size_t i = 0; mounts != NULL && i < mounts->count; i++) {
		size_t colons = 0;

		for (size_t k = 0; k < mounts->items[i].text.length; k++)
			colons += mounts->items[i].text.data[k] == ':';
		struct text source = text_slice(mounts->items[i].text, 0, text_find(mounts->items[i].text, ':'));

		if (colons > 2 || (text_find(source, '/') < source.length && source.data[0] != '/'))
			return false;
	}
	return true;
}

static const struct facet *sibling(const struct viewing *v, const char *category)
{
	for (size_t i = 0; i < v->event->facet_count; i++) {
		struct viewing other = *v;

		other.facet = v->event->facets[i];
		if (viewing_is(&other, category, NULL))
			return other.facet;
	}
	return NULL;
}

/* Could the API have written this? An answer has a code that says how it went. */
static bool is_answer(const struct viewing *v)
{
	const struct values *codes = viewing_values(v, "http.response.status_code");
	struct text outcome = facet_text(v->facet, FIELD_OUTCOME);
	int64_t code = codes != NULL ? codes->items[0].number : 0;

	if (codes == NULL)
		return !text_is(outcome, "failure");
	if (code < 100 || code > 599 || outcome.length == 0)
		return false;
	return (code >= 400) == text_is(outcome, "failure");
}

/* The requests that are connections, by their subresource. */
static bool opens_a_way(struct text subresource)
{
	return text_is(subresource, "exec") || text_is(subresource, "attach") || text_is(subresource, "portforward")
		|| text_is(subresource, "proxy");
}

void view_cluster(const struct viewing *v)
{
	struct text runtime = viewing_text(v, "container.runtime");
	bool request = viewing_is(v, "container", "create") && (runtime.length == 0 || text_is(runtime, "kubernetes"));
	const struct facet *call = viewing_is(v, "api", NULL) ? v->facet : sibling(v, "api");
	const struct facet *pod = request ? v->facet : sibling(v, "container");

	if (v->facet != call && !(viewing_is(v, "container", "create") && (request || call != NULL)))
		return;
	struct viewing api = *v, container = *v;

	struct text verb = TEXT("create"), resource = TEXT("pods"), kind;

	api.facet = call != NULL ? call : v->facet;
	container.facet = pod;
	kind = viewing_text(&api, "orchestrator.resource.type");
	if ((pod != NULL && !can_be_asked(&container)) || !is_answer(&api)
		|| (kind.length > 0 && plural(v->arena, kind).length == 0))
		return;
	/* A connection is told by what it connects to; its verb is that of the HTTP method. */
	bool connects = call != NULL && text_is(v->registry->actions[call->action].name, "connect");
	if (connects && !opens_a_way(viewing_text(&api, "orchestrator.resource.subresource")))
		return;
	struct sight *sight = viewing_add(v, "kubernetes_audit");

	if (call != NULL) {
		verb = v->registry->actions[call->action].name;
		resource = TEXT("");
	}
	if (kind.length > 0)
		resource = plural(v->arena, kind);
	if (call != NULL && text_is(verb, "other"))
		verb = viewing_text(&api, "event.reported_action");
	if (connects)
		verb = TEXT("create");
	sight_set(v->arena, sight, "verb", verb);
	sight_set(v->arena, sight, "objectRef.resource", resource);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		viewing_put(&api, sight, names[i].name, names[i].field);
	if (pod != NULL)
		put_request(&container, sight);
	viewing_natives(v, sight);
}
