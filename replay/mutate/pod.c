/* pod: a container that Kubernetes is asked for, as manifests of all kinds that make pods. */
#include "replay/mutate/operators.h"

#include <string.h>

/* What of a container's fields stands where in a pod. A field that is in no row keeps the act from being written. */
enum pod_form { POD_TEXT, POD_BARE, POD_LIST, POD_CAPABILITY, POD_PAIRS, POD_ITEMS, POD_SPECIAL, POD_IGNORED };
enum pod_place { IN_CONTAINER, IN_SECURITY, IN_CAPABILITIES, IN_SPEC, IN_POD_SECURITY, IN_METADATA, IN_RESOURCES, PLACES };

static const struct row {
	const char *field, *key;
	enum pod_place place;
	enum pod_form form;
} rows[] = {
	{"container.entrypoint", "command", IN_CONTAINER, POD_LIST},
	{"container.command", "args", IN_CONTAINER, POD_LIST},
	{"container.environment", "env", IN_CONTAINER, POD_ITEMS},
	{"container.resources.limits", "limits", IN_RESOURCES, POD_PAIRS},
	{"container.resources.requests", "requests", IN_RESOURCES, POD_PAIRS},
	{"container.security_context.privileged", "privileged", IN_SECURITY, POD_BARE},
	{"container.security_context.read_only_root", "readOnlyRootFilesystem", IN_SECURITY, POD_BARE},
	{"container.security_context.allow_privilege_escalation", "allowPrivilegeEscalation", IN_SECURITY, POD_BARE},
	{"container.security_context.run_as_non_root", "runAsNonRoot", IN_SECURITY, POD_BARE},
	{"container.capabilities.added", "add", IN_CAPABILITIES, POD_CAPABILITY},
	{"container.capabilities.dropped", "drop", IN_CAPABILITIES, POD_CAPABILITY},
	{"container.sysctls", "sysctls", IN_POD_SECURITY, POD_ITEMS},
	{"container.labels", "labels", IN_METADATA, POD_PAIRS},
	{"orchestrator.namespace", "namespace", IN_METADATA, POD_TEXT},
	{"container.service_account.name", "serviceAccountName", IN_SPEC, POD_TEXT},
	{"container.service_account.mounted", "automountServiceAccountToken", IN_SPEC, POD_BARE},
	{"container.namespaces.host", NULL, IN_SPEC, POD_SPECIAL},
	{"container.mounts", NULL, IN_SPEC, POD_SPECIAL},
	{"container.image.name", NULL, IN_CONTAINER, POD_SPECIAL},
	{"container.image.tag", NULL, IN_CONTAINER, POD_SPECIAL},
	{"container.image.hash.all", NULL, IN_CONTAINER, POD_SPECIAL},
	{"container.runtime", NULL, IN_CONTAINER, POD_IGNORED},
	{"orchestrator.resource.type", NULL, IN_CONTAINER, POD_IGNORED},
	{"orchestrator.resource.name", NULL, IN_CONTAINER, POD_IGNORED},
};

struct pod {
	struct buffer places[PLACES];
};

static void put_string(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		const unsigned char byte = (unsigned char)text.data[i];
		if (byte == '"' || byte == '\\')
			buffer_printf(out, "\\%c", byte);
		else if (byte < 32)
			buffer_printf(out, "\\u%04x", byte);
		else
			buffer_char(out, (char)byte);
	}
	buffer_char(out, '"');
}

static void put_key(struct buffer *out, const char *key)
{
	if (out->length > 0)
		buffer_char(out, ',');
	buffer_printf(out, "\"%s\":", key);
}

/* NAME=value as a pair of a mapping, or as an item {name, value}. */
static void put_pair(struct buffer *out, struct text pair, bool item)
{
	const size_t equals = text_find(pair, '=');
	const struct text name = text_slice(pair, 0, equals), value = text_slice(pair, equals + (equals < pair.length),
		pair.length);
	buffer_string(out, item ? "{\"name\":" : "");
	put_string(out, name);
	buffer_string(out, item ? ",\"value\":" : ":");
	put_string(out, value);
	buffer_string(out, item ? "}" : "");
}

static void put_values(struct buffer *out, const struct texts *values, enum pod_form form)
{
	buffer_char(out, form == POD_PAIRS ? '{' : '[');
	for (size_t i = 0; i < values->count; i++) {
		struct text value = values->items[i];
		if (i > 0)
			buffer_char(out, ',');
		if (form == POD_CAPABILITY && text_starts(value, TEXT("CAP_"), false))
			value = text_slice(value, 4, value.length);
		if (form == POD_PAIRS || form == POD_ITEMS)
			put_pair(out, value, form == POD_ITEMS);
		else
			put_string(out, value);
	}
	buffer_char(out, form == POD_PAIRS ? '}' : ']');
}

static bool put_namespaces(struct pod *pod, const struct texts *values)
{
	static const char *const keys[][2] = {{"pid", "hostPID"}, {"network", "hostNetwork"}, {"ipc", "hostIPC"}};
	for (size_t i = 0; i < values->count; i++) {
		size_t k = 0;
		while (k < 3 && !text_is(values->items[i], keys[k][0]))
			k++;
		if (k == 3)
			return false;
		put_key(&pod->places[IN_SPEC], keys[k][1]);
		buffer_string(&pod->places[IN_SPEC], "true");
	}
	return true;
}

static bool put_mounts(struct pod *pod, const struct texts *values)
{
	struct buffer volumes = {0}, mounts = {0};
	bool all = true;
	for (size_t i = 0; i < values->count && all; i++) {
		struct arena arena = {0};
		struct text *parts = NULL;
		all = text_split(&arena, values->items[i], ':', &parts) == 3 && parts[0].data[0] == '/';
		if (all) {
			buffer_printf(&volumes, "%s{\"name\":\"v%zu\",\"hostPath\":{\"path\":", i > 0 ? "," : "", i);
			put_string(&volumes, parts[0]);
			buffer_string(&volumes, "}}");
			buffer_printf(&mounts, "%s{\"name\":\"v%zu\",\"mountPath\":", i > 0 ? "," : "", i);
			put_string(&mounts, parts[1]);
			buffer_printf(&mounts, ",\"readOnly\":%s}", text_is(parts[2], "ro") ? "true" : "false");
		}
		arena_free(&arena);
	}
	put_key(&pod->places[IN_SPEC], "volumes");
	buffer_printf(&pod->places[IN_SPEC], "[%.*s]", TEXT_ARGS(buffer_view(&volumes)));
	put_key(&pod->places[IN_CONTAINER], "volumeMounts");
	buffer_printf(&pod->places[IN_CONTAINER], "[%.*s]", TEXT_ARGS(buffer_view(&mounts)));
	buffer_free(&volumes);
	buffer_free(&mounts);
	return all;
}

static const struct row *find_row(struct text name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_is(name, rows[i].field))
			return &rows[i];
	return NULL;
}

static bool put_field(struct pod *pod, const struct row *row, const struct texts *values)
{
	struct buffer *out = &pod->places[row->place];
	if (row->form == POD_IGNORED || (values->count == 0 && row->form != POD_LIST))
		return true;
	if (row->form == POD_SPECIAL && strcmp(row->field, "container.namespaces.host") == 0)
		return put_namespaces(pod, values);
	if (row->form == POD_SPECIAL)
		return strcmp(row->field, "container.mounts") != 0 || put_mounts(pod, values);
	put_key(out, row->key);
	if (row->form == POD_BARE)
		buffer_text(out, values->items[0]);
	else if (row->form == POD_TEXT)
		put_string(out, values->items[0]);
	else
		put_values(out, values, row->form);
	return true;
}

static void put_image(const struct maker *maker, struct pod *pod)
{
	const struct registry *registry = &maker->catalog->registry;
	const struct text name = act_text(maker->act, registry_field(registry, TEXT("container.image.name")));
	const struct text tag = act_text(maker->act, registry_field(registry, TEXT("container.image.tag")));
	const struct text hash = act_text(maker->act, registry_field(registry, TEXT("container.image.hash.all")));
	struct buffer image = {0};
	buffer_text(&image, name.length > 0 ? name : TEXT("registry.example/app"));
	if (tag.length > 0)
		buffer_printf(&image, ":%.*s", TEXT_ARGS(tag));
	if (hash.length > 0)
		buffer_printf(&image, "@%.*s", TEXT_ARGS(hash));
	put_key(&pod->places[IN_CONTAINER], "image");
	put_string(&pod->places[IN_CONTAINER], buffer_view(&image));
	buffer_free(&image);
}

/* false: a field says what is not written here. */
static bool fill(const struct maker *maker, struct pod *pod)
{
	for (size_t i = 0; i < maker->act->facet.count; i++) {
		const struct test_field *field = &maker->act->facet.fields[i];
		const struct text name = maker->catalog->registry.fields[field->field].name;
		const bool said = text_starts(name, TEXT("container."), false) || text_starts(name, TEXT("orchestrator."), false);
		const struct row *row = find_row(name);
		if (said && !field->null && (row == NULL || !put_field(pod, row, &field->values)))
			return false;
	}
	put_image(maker, pod);
	return true;
}

static void put_nested(struct pod *pod, enum pod_place inner, enum pod_place outer, const char *key)
{
	if (pod->places[inner].length == 0)
		return;
	put_key(&pod->places[outer], key);
	buffer_printf(&pod->places[outer], "{%.*s}", TEXT_ARGS(buffer_view(&pod->places[inner])));
}

static void add_manifest(struct maker *maker, const char *before, const char *after, const struct text *parts, const char *list,
	bool turned)
{
	struct act act = *maker->act;
	const char *pause = ",\"containers\":[{\"name\":\"pause\",\"image\":\"registry.k8s.io/pause:3.9\"}]";
	const char *more = strcmp(list, "initContainers") == 0 ? pause : "";
	const struct text spec = maker_text(maker, "\"spec\":{\"%s\":[{\"name\":\"c\",%.*s}]%s%s%.*s}", list,
		TEXT_ARGS(parts[0]), more,
		parts[1].length > 0 ? "," : "", TEXT_ARGS(parts[1]));
	const struct text metadata = maker_text(maker, "\"metadata\":{\"name\":\"x\"%s%.*s}", parts[2].length > 0 ? "," : "",
		TEXT_ARGS(parts[2]));
	act.format = "kubernetes";
	act.dialect = NULL;
	act.document = maker_text(maker, "%s%.*s,%.*s%s\n", before, TEXT_ARGS(turned ? spec : metadata),
		TEXT_ARGS(turned ? metadata : spec), after);
	maker_add(maker, act);
}

struct asking {
	unsigned fields[3];
	bool found;
};

static void ask(const struct predicate *predicate, void *context)
{
	struct asking *asking = context;
	for (size_t i = 0; i < 3; i++)
		asking->found = asking->found || predicate->field == asking->fields[i];
}

/* Does the detection ask for the kind or the name of the object? */
static bool asks_for_object(const struct maker *maker)
{
	const struct registry *registry = &maker->catalog->registry;
	static const char *const names[] = {"orchestrator.resource.type", "orchestrator.resource.name", "orchestrator.api_version"};
	struct asking asking = {.found = false};
	for (size_t i = 0; i < 3; i++)
		asking.fields[i] = registry_field(registry, text_of(names[i]));
	for (size_t i = 0; i < maker->detection->condition_count; i++)
		condition_visit(maker->detection->conditions[i], ask, &asking);
	return asking.found;
}

/* The plain pod first; where that is not caught, what the test leaves out of it matters, and nothing is said of the others. */
static void add_kinds(struct maker *maker, const struct text *parts)
{
	static const char *const templates[][2] = {{"apps/v1", "Deployment"}, {"apps/v1", "DaemonSet"}, {"apps/v1", "StatefulSet"},
		{"batch/v1", "Job"}};
	const struct text metadata = maker_text(maker, "\"metadata\":{\"name\":\"x\"%s%.*s}", parts[2].length > 0 ? "," : "",
		TEXT_ARGS(parts[2]));
	add_manifest(maker, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",", "}", parts, "containers", false);
	if (!maker->matches(maker->context, &maker->made[0])) {
		maker->count = 0;
		return;
	}
	add_manifest(maker, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",", "}", parts, "containers", true);
	add_manifest(maker, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",", "}", parts, "initContainers", false);
	add_manifest(maker, "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",",
		"}]}", parts,
		"containers", false);
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		const struct text before = maker_text(maker, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",%.*s,\"spec\":{\"template\":{",
			templates[i][0], templates[i][1], TEXT_ARGS(metadata));
		add_manifest(maker, before.data, "}}}", parts, "containers", i % 2 == 1);
	}
	const struct text cron = maker_text(maker,
		"{\"apiVersion\":\"batch/v1\",\"kind\":\"CronJob\",%.*s,"
		"\"spec\":{\"schedule\":\"@daily\",\"jobTemplate\":{\"spec\":{\"template\":{",
		TEXT_ARGS(metadata));
	add_manifest(maker, cron.data, "}}}}}", parts, "containers", false);
}

void make_workload(struct maker *maker)
{
	const struct registry *registry = &maker->catalog->registry;
	const struct act *act = maker->act;
	struct pod pod = {0};
	if (act->format != NULL || act->facet.category != maker->fields->container_category || act->series != NULL ||
		!text_is(registry->actions[act->facet.action].name, "create") || asks_for_object(maker) ||
		!text_is(act_text(act, registry_field(registry, TEXT("container.runtime"))), "kubernetes"))
		return;
	if (fill(maker, &pod)) {
		put_nested(&pod, IN_CAPABILITIES, IN_SECURITY, "capabilities");
		put_nested(&pod, IN_SECURITY, IN_CONTAINER, "securityContext");
		put_nested(&pod, IN_RESOURCES, IN_CONTAINER, "resources");
		put_nested(&pod, IN_POD_SECURITY, IN_SPEC, "securityContext");
		const struct text parts[] = {text_copy(maker->arena, buffer_view(&pod.places[IN_CONTAINER])),
			text_copy(maker->arena, buffer_view(&pod.places[IN_SPEC])),
			text_copy(maker->arena, buffer_view(&pod.places[IN_METADATA]))};
		add_kinds(maker, parts);
	}
	for (size_t i = 0; i < PLACES; i++)
		buffer_free(&pod.places[i]);
}
