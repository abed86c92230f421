/*
 * kubernetes: manifests of pods and of what makes pods; each container is an event.
 */
#include "catalog/container.h"
#include "replay/readers/formats.h"
#include "replay/readers/manifest.h"

enum { LIST_DEPTH = 8 };

/* Where the pod stands in an object of a kind. */
struct kind_row {
	const char *kind;
	const char *path[5]; /* to the pod: its metadata and spec are below */
};
static const struct kind_row kinds[] = {
	{"Pod", {NULL}},
	{"Deployment", {"spec", "template"}}, {"DaemonSet", {"spec", "template"}}, {"StatefulSet", {"spec", "template"}},
	{"ReplicaSet", {"spec", "template"}}, {"ReplicationController", {"spec", "template"}},
	{"Job", {"spec", "template"}}, {"PodTemplate", {"template"}},
	{"CronJob", {"spec", "jobTemplate", "spec", "template"}},
};

static const char *const container_keys[] = {"containers", "initContainers", "ephemeralContainers"};

struct namespace_row {
	const char *key;
	struct text name;
};
static const struct namespace_row namespaces[] = {
	{"hostPID", {"pid", 3}}, {"hostNetwork", {"network", 7}}, {"hostIPC", {"ipc", 3}}, {"hostUsers", {"user", 4}},
};

struct pod {
	const struct yaml *object, *metadata, *spec;
};

static const struct yaml *get(const struct yaml *mapping, const char *key)
{
	return mapping && mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
}

static struct text get_text(const struct yaml *mapping, const char *key)
{
	struct text text = manifest_text(get(mapping, key));
	return text_contains(text, TEXT("{{"), false) ? TEXT("") : text;
}

static size_t item_count(const struct yaml *node)
{
	return node && node->kind == YAML_SEQUENCE ? node->count : 0;
}

/* A boolean with its default; a template in its place leaves the field missing. */
static void set_truth(struct manifest *m, const char *field, const struct yaml *node, bool otherwise)
{
	int truth = node && node->kind != YAML_NULL ? manifest_truth(manifest_text(node)) : otherwise;
	if (truth >= 0)
		manifest_set_bool(m, field, truth);
}

static void set_texts(struct manifest *m, const char *field, const struct yaml *node)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < item_count(node); i++)
		manifest_add(m, &list, manifest_text(&node->items[i]));
	manifest_set_list(m, field, &list);
}

static void set_capabilities(struct manifest *m, const char *field, const struct yaml *names)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < item_count(names); i++)
		manifest_add(m, &list, container_capability(m->arena, manifest_text(&names->items[i])));
	manifest_set_list(m, field, &list);
}

static const struct yaml *named_item(const struct yaml *sequence, struct text name)
{
	for (size_t i = 0; i < item_count(sequence); i++)
		if (name.length && text_equal(get_text(&sequence->items[i], "name"), name))
			return &sequence->items[i];
	return NULL;
}

static struct text joined_path(struct manifest *m, struct text path, struct text below)
{
	if (!path.length || !below.length)
		return path;
	return text_of(arena_printf(m->arena, "%.*s/%.*s", TEXT_ARGS(path), TEXT_ARGS(below)));
}

/* volumeMounts and the volumes that they name: a host path is the source, else the volume's name is. */
static void set_mounts(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *mounts = get(container, "volumeMounts"), *volumes = get(pod->spec, "volumes");
	struct manifest_list list = {0};
	for (size_t i = 0; i < item_count(mounts); i++) {
		const struct yaml *mount = &mounts->items[i];
		struct text name = get_text(mount, "name");
		const struct yaml *host = get(named_item(volumes, name), "hostPath");
		struct text source = host ? joined_path(m, get_text(host, "path"), get_text(mount, "subPath")) : name;
		int read_only = manifest_truth(get_text(mount, "readOnly"));
		struct text mode = read_only == 1 ? TEXT("ro") : TEXT("rw");
		if (source.length)
			manifest_add_mount(m, &list, source, get_text(mount, "mountPath"), mode);
		else
			list.unresolved = true;
	}
	manifest_set_list(m, "container.mounts", &list);
}

static void set_environment(struct manifest *m, const struct yaml *variables)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < item_count(variables); i++) {
		struct text name = get_text(&variables->items[i], "name"), value = get_text(&variables->items[i], "value");
		if (get(&variables->items[i], "valueFrom") || !name.length)
			list.unresolved = true;
		else
			manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(value))));
	}
	manifest_set_list(m, "container.environment", &list);
}

static void set_ports(struct manifest *m, const struct yaml *ports)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < item_count(ports); i++) {
		struct text address = get_text(&ports->items[i], "hostIP"), host = get_text(&ports->items[i], "hostPort");
		struct text inside = get_text(&ports->items[i], "containerPort");
		if (!address.length)
			address = TEXT("0.0.0.0");
		if (host.length)
			manifest_add(m, &list,
				text_of(arena_printf(m->arena, "%.*s:%.*s:%.*s", TEXT_ARGS(address), TEXT_ARGS(host), TEXT_ARGS(inside))));
	}
	manifest_set_list(m, "container.ports", &list);
}

static void set_namespaces(struct manifest *m, const struct pod *pod)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		const struct yaml *node = get(pod->spec, namespaces[i].key);
		int truth = node ? manifest_truth(manifest_text(node)) : 0;
		if (truth == 1)
			manifest_add(m, &list, namespaces[i].name);
		list.unresolved |= truth < 0;
	}
	manifest_set_list(m, "container.namespaces.host", &list);
}

/* What the container says, else what the pod says for all of its containers. */
static const struct yaml *security(const struct pod *pod, const struct yaml *container, const char *key)
{
	const struct yaml *own = get(get(container, "securityContext"), key);
	return own ? own : get(get(pod->spec, "securityContext"), key);
}

static bool is_unconfined(const struct yaml *profile)
{
	return text_equal_fold(get_text(profile, "type"), TEXT("unconfined"));
}

static void set_options(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	struct manifest_list list = {0};
	struct text name = get_text(container, "name");
	char *annotation = arena_printf(m->arena, "container.apparmor.security.beta.kubernetes.io/%.*s", TEXT_ARGS(name));
	bool apparmor = text_equal_fold(get_text(get(pod->metadata, "annotations"), annotation), TEXT("unconfined"));
	if (is_unconfined(security(pod, container, "seccompProfile")))
		manifest_add(m, &list, TEXT("seccomp=unconfined"));
	if (apparmor || is_unconfined(security(pod, container, "appArmorProfile")))
		manifest_add(m, &list, TEXT("apparmor=unconfined"));
	if (text_equal_fold(manifest_text(security(pod, container, "procMount")), TEXT("unmasked")))
		manifest_add(m, &list, TEXT("systempaths=unconfined"));
	manifest_set_list(m, "container.security_context.options", &list);
}

static void set_labels(struct manifest *m, const struct yaml *labels)
{
	struct manifest_list list = {0};
	size_t count = labels && labels->kind == YAML_MAPPING ? labels->count : 0;
	for (size_t i = 0; i < count; i++) {
		struct text value = manifest_text(&labels->items[i]);
		manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(labels->keys[i].text), TEXT_ARGS(value))));
	}
	manifest_set_list(m, "container.labels", &list);
}

static void set_security(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *context = get(container, "securityContext"), *capabilities = get(context, "capabilities");
	set_truth(m, "container.security_context.privileged", get(context, "privileged"), false);
	set_truth(m, "container.security_context.read_only_root", get(context, "readOnlyRootFilesystem"), false);
	set_truth(m, "container.security_context.allow_privilege_escalation", get(context, "allowPrivilegeEscalation"), true);
	set_capabilities(m, "container.capabilities.added", get(capabilities, "add"));
	set_capabilities(m, "container.capabilities.dropped", get(capabilities, "drop"));
	manifest_set(m, "container.user", manifest_text(security(pod, container, "runAsUser")));
	set_options(m, pod, container);
	set_namespaces(m, pod);
}

static void take_container(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *owner = get(pod->object, "metadata");
	struct text restart = get_text(pod->spec, "restartPolicy"), name = get_text(owner, "name");
	struct manifest_list none = {0};
	if (container->kind != YAML_MAPPING)
		return;
	manifest_begin(m, container);
	manifest_set(m, "container.runtime", TEXT("kubernetes"));
	manifest_set(m, "container.name", get_text(container, "name"));
	manifest_set_image(m, get_text(container, "image"));
	set_texts(m, "container.entrypoint", get(container, "command"));
	set_texts(m, "container.command", get(container, "args"));
	set_security(m, pod, container);
	set_mounts(m, pod, container);
	set_environment(m, get(container, "env"));
	set_ports(m, get(container, "ports"));
	set_labels(m, get(pod->metadata, "labels"));
	manifest_set_list(m, "container.devices", &none);
	manifest_set(m, "container.restart_policy", restart.length ? restart : TEXT("Always"));
	manifest_set(m, "orchestrator.namespace", get_text(owner, "namespace"));
	manifest_set(m, "orchestrator.resource.name", name.length ? name : get_text(owner, "generateName"));
	manifest_set(m, "orchestrator.resource.type", text_fold(m->arena, get_text(pod->object, "kind")));
	manifest_deliver(m, container);
}

static void take_pod(struct manifest *m, const struct yaml *object, const struct kind_row *row)
{
	const struct yaml *at = object;
	for (size_t i = 0; i < sizeof row->path / sizeof *row->path && row->path[i]; i++)
		at = get(at, row->path[i]);
	struct pod pod = {object, get(at, "metadata"), get(at, "spec")};
	for (size_t k = 0; k < sizeof container_keys / sizeof *container_keys; k++) {
		const struct yaml *containers = get(pod.spec, container_keys[k]);
		for (size_t i = 0; i < item_count(containers); i++)
			take_container(m, &pod, &containers->items[i]);
	}
}

/* Lists (List, PodList, …) hold objects; other kinds than those of the table hold no containers. */
static void take_object(struct manifest *m, const struct yaml *object, unsigned depth)
{
	struct text kind = manifest_text(get(object, "kind"));
	const struct yaml *items = get(object, "items");
	if (text_ends(kind, TEXT("List"), false) && depth < LIST_DEPTH)
		for (size_t i = 0; i < item_count(items); i++)
			take_object(m, &items->items[i], depth + 1);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_is(kind, kinds[i].kind))
			take_pod(m, object, &kinds[i]);
}

static void take_document(struct manifest *m, const struct yaml *document)
{
	take_object(m, document, 0);
}

int kubernetes_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d)
{
	return manifest_run(input, options, sink, ledger, d, take_document);
}

static bool names_kind(struct text line)
{
	return text_starts(line, TEXT("kind:"), false) || text_starts(line, TEXT("apiVersion:"), false);
}

unsigned kubernetes_fits(struct text sample)
{
	return reader_share(sample, names_kind) ? 70 : 0;
}
