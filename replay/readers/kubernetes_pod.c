/*
 * kubernetes_pod: see kubernetes_pod.h.
 */
#include "replay/readers/kubernetes_pod.h"

#include "catalog/container.h"

/* Where the pod stands in an object of a kind. */
struct kind_row {
	const char *kind;
	const char *path[5]; /* to the pod: its metadata and spec are below */
};
static const struct kind_row kinds[] = {
	{"pod", {NULL}},
	{"deployment", {"spec", "template"}}, {"daemonset", {"spec", "template"}}, {"statefulset", {"spec", "template"}},
	{"replicaset", {"spec", "template"}}, {"replicationcontroller", {"spec", "template"}},
	{"job", {"spec", "template"}}, {"podtemplate", {"template"}},
	{"cronjob", {"spec", "jobTemplate", "spec", "template"}},
	{"deploymentconfig", {"spec", "template"}}, {"rollout", {"spec", "template"}}, /* OpenShift's, Argo's */
};

/* The last two are Tekton's and Argo's. */
static const char *const container_keys[] = {"containers", "initContainers", "ephemeralContainers", "steps", "sidecars"};
/* A template of Argo's with one container, or with a script that one runs. */
static const char *const single_keys[] = {"container", "script"};

enum { WITHIN_DEPTH = 12 };

struct namespace_row {
	const char *key;
	struct text name;
};
static const struct namespace_row namespaces[] = {
	{"hostPID", {"pid", 3}}, {"hostNetwork", {"network", 7}}, {"hostIPC", {"ipc", 3}}, {"hostUsers", {"user", 4}},
};

const struct yaml *pod_get(const struct yaml *mapping, const char *key)
{
	return mapping && mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
}

struct text pod_text(const struct yaml *mapping, const char *key)
{
	struct text text = manifest_text(pod_get(mapping, key));
	return text_contains(text, TEXT("{{"), false) ? TEXT("") : text;
}

size_t pod_items(const struct yaml *sequence)
{
	return sequence && sequence->kind == YAML_SEQUENCE ? sequence->count : 0;
}

/* What the pod says, else, in an object of somebody else's kind, what the object says for all of its pods. */
static const struct yaml *spec_get(const struct pod *pod, const char *key)
{
	const struct yaml *own = pod_get(pod->spec, key);
	return own ? own : pod_get(pod->outer, key);
}

static size_t pair_count(const struct yaml *mapping)
{
	return mapping && mapping->kind == YAML_MAPPING ? mapping->count : 0;
}

void pod_set_pairs(struct manifest *m, const char *field, const struct yaml *mapping)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < pair_count(mapping); i++) {
		struct text value = manifest_text(&mapping->items[i]);
		manifest_add(m, &list,
			text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(mapping->keys[i].text), TEXT_ARGS(value))));
	}
	manifest_set_list(m, field, &list);
}

/* A boolean with its default; a template in its place leaves the field missing. */
static void set_truth(struct manifest *m, const char *field, const struct yaml *node, bool otherwise)
{
	bool there = node && node->kind != YAML_NULL;
	int truth = there ? manifest_truth(manifest_text(node)) : m->partial ? -1 : otherwise;
	if (truth >= 0)
		manifest_set_bool(m, field, truth);
}

static void set_texts(struct manifest *m, const char *field, const struct yaml *node)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(node); i++)
		manifest_add(m, &list, manifest_text(&node->items[i]));
	manifest_set_list(m, field, &list);
}

static void set_capabilities(struct manifest *m, const char *field, const struct yaml *names)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(names); i++)
		manifest_add(m, &list, container_capability(m->arena, manifest_text(&names->items[i])));
	manifest_set_list(m, field, &list);
}

static const struct yaml *named_item(const struct yaml *sequence, struct text name)
{
	for (size_t i = 0; i < pod_items(sequence); i++)
		if (name.length && text_equal(pod_text(&sequence->items[i], "name"), name))
			return &sequence->items[i];
	return NULL;
}

static struct text joined_path(struct manifest *m, struct text path, struct text below)
{
	if (!path.length || !below.length)
		return path;
	return text_of(arena_printf(m->arena, "%.*s/%.*s", TEXT_ARGS(path), TEXT_ARGS(below)));
}

static bool mounted_by(const struct yaml *containers, struct text volume)
{
	for (size_t i = 0; i < pod_items(containers); i++)
		if (named_item(pod_get(&containers->items[i], "volumeMounts"), volume))
			return true;
	return false;
}

/* A folder of the host that no container mounts yet: a debugging container may, later. The first container stands for it. */
static void add_unmounted(struct manifest *m, struct manifest_list *list, const struct pod *pod)
{
	const struct yaml *volumes = spec_get(pod, "volumes");
	for (size_t i = 0; i < pod_items(volumes); i++) {
		struct text name = pod_text(&volumes->items[i], "name"), path = pod_text(pod_get(&volumes->items[i], "hostPath"), "path");
		bool used = false;
		for (size_t k = 0; k < sizeof container_keys / sizeof *container_keys; k++)
			used |= mounted_by(pod_get(pod->spec, container_keys[k]), name);
		if (path.length && !used)
			manifest_add_mount(m, list, path, TEXT("unmounted"), TEXT("rw"));
	}
}

/* volumeMounts and the volumes that they name: a host path is the source, else the volume's name is. */
static void set_mounts(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *mounts = pod_get(container, "volumeMounts"), *volumes = spec_get(pod, "volumes");
	const struct yaml *containers = pod_get(pod->spec, "containers");
	struct manifest_list list = {0}, propagation = {0};
	for (size_t i = 0; i < pod_items(mounts); i++) {
		const struct yaml *mount = &mounts->items[i];
		struct text passes = pod_text(mount, "mountPropagation");
		struct text name = pod_text(mount, "name");
		const struct yaml *host = pod_get(named_item(volumes, name), "hostPath");
		struct text source = host ? joined_path(m, pod_text(host, "path"), pod_text(mount, "subPath")) : name;
		int read_only = manifest_truth(pod_text(mount, "readOnly"));
		struct text mode = read_only == 1 ? TEXT("ro") : TEXT("rw");
		if (source.length)
			manifest_add_mount(m, &list, source, pod_text(mount, "mountPath"), mode);
		else
			list.unresolved = true;
		manifest_add_propagation(m, &propagation, source,
			text_is(passes, "Bidirectional") ? TEXT("rshared") : text_is(passes, "HostToContainer") ? TEXT("rslave")
														: TEXT(""),
			',');
	}
	if (pod_items(containers) && container == &containers->items[0])
		add_unmounted(m, &list, pod);
	manifest_set_list(m, "container.mount_propagation", &propagation);
	manifest_set_list(m, "container.mounts", &list);
}

static void add_source(struct manifest *m, struct manifest_list *list, const char *kind, const struct yaml *reference)
{
	struct text name = pod_text(reference, "name"), key = pod_text(reference, "key");
	if (name.length)
		manifest_add(m, list,
			text_of(arena_printf(m->arena, "%s:%.*s%s%.*s", kind, TEXT_ARGS(name), key.length ? "/" : "", TEXT_ARGS(key))));
}

/* What is written there, and where the rest is taken from (`secret:NAME/KEY`). */
static void set_environment(struct manifest *m, const struct yaml *container)
{
	const struct yaml *variables = pod_get(container, "env"), *whole = pod_get(container, "envFrom");
	struct manifest_list list = {0}, from = {0};
	for (size_t i = 0; i < pod_items(variables); i++) {
		const struct yaml *variable = &variables->items[i], *elsewhere = pod_get(variable, "valueFrom");
		struct text name = pod_text(variable, "name"), value = pod_text(variable, "value");
		add_source(m, &from, "secret", pod_get(elsewhere, "secretKeyRef"));
		add_source(m, &from, "configmap", pod_get(elsewhere, "configMapKeyRef"));
		if (elsewhere || !name.length)
			list.unresolved = true;
		else
			manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(value))));
	}
	for (size_t i = 0; i < pod_items(whole); i++) {
		add_source(m, &from, "secret", pod_get(&whole->items[i], "secretRef"));
		add_source(m, &from, "configmap", pod_get(&whole->items[i], "configMapRef"));
		list.unresolved = true;
	}
	manifest_set_list(m, "container.environment", &list);
	manifest_set_list(m, "container.environment_from", &from);
}

static void set_ports(struct manifest *m, const struct yaml *ports)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(ports); i++) {
		struct text address = pod_text(&ports->items[i], "hostIP"), host = pod_text(&ports->items[i], "hostPort");
		struct text inside = pod_text(&ports->items[i], "containerPort");
		if (!address.length)
			address = TEXT("0.0.0.0");
		if (host.length && !text_is(host, "0"))
			manifest_add(m, &list,
				text_of(arena_printf(m->arena, "%.*s:%.*s:%.*s", TEXT_ARGS(address), TEXT_ARGS(host), TEXT_ARGS(inside))));
	}
	manifest_set_list(m, "container.ports", &list);
}

static void set_namespaces(struct manifest *m, const struct pod *pod)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		const struct yaml *node = spec_get(pod, namespaces[i].key);
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
	const struct yaml *own = pod_get(pod_get(container, "securityContext"), key);
	return own && own->kind != YAML_NULL ? own : pod_get(spec_get(pod, "securityContext"), key);
}

/* hostUsers: false, a user namespace of the pod's own. */
static bool has_own_users(const struct pod *pod)
{
	return manifest_truth(manifest_text(spec_get(pod, "hostUsers"))) == 0;
}

/* The words of a profile's types, as the options of engines say it. Their own names come behind `localhost/`. */
static struct text profile_word(struct manifest *m, struct text type, struct text name)
{
	if (text_equal_fold(type, TEXT("unconfined")))
		return TEXT("unconfined");
	if (text_equal_fold(type, TEXT("RuntimeDefault")) || text_is(type, "runtime/default") || text_is(type, "docker/default"))
		return TEXT("runtime/default");
	if (text_equal_fold(type, TEXT("Localhost")))
		return text_of(arena_printf(m->arena, "localhost/%.*s", TEXT_ARGS(name)));
	return type;
}

static void add_option(struct manifest *m, struct manifest_list *list, const char *name, struct text word)
{
	if (word.length)
		manifest_add(m, list, text_of(arena_printf(m->arena, "%s=%.*s", name, TEXT_ARGS(word))));
}

/* Before they had fields of their own profiles were annotations of the pod, for one container or all. */
static struct text annotated(struct manifest *m, const struct pod *pod, const char *key, struct text container)
{
	const struct yaml *annotations = pod_get(pod->metadata, "annotations");
	return pod_text(annotations, arena_printf(m->arena, "%s%.*s", key, TEXT_ARGS(container)));
}

static void add_profile(struct manifest *m, struct manifest_list *list, const char *option, const struct yaml *profile,
	struct text annotation)
{
	struct text type = pod_text(profile, "type");
	struct text word = profile_word(m, type.length ? type : annotation, pod_text(profile, "localhostProfile"));
	add_option(m, list, option, word);
}

static void set_options(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	struct manifest_list list = {0};
	struct text name = pod_text(container, "name");
	struct text seccomp = annotated(m, pod, "container.seccomp.security.alpha.kubernetes.io/", name);
	struct text apparmor = annotated(m, pod, "container.apparmor.security.beta.kubernetes.io/", name);
	static const char *const labels[] = {"user", "role", "type"};
	const struct yaml *selinux = security(pod, container, "seLinuxOptions");
	if (!seccomp.length)
		seccomp = annotated(m, pod, "seccomp.security.alpha.kubernetes.io/pod", TEXT(""));
	add_profile(m, &list, "seccomp", security(pod, container, "seccompProfile"), seccomp);
	add_profile(m, &list, "apparmor", security(pod, container, "appArmorProfile"), apparmor);
	/* In a user namespace of its own an unmasked /proc opens nothing of the host's: the baseline of the pod security
	 * standards lets it. */
	if (text_equal_fold(manifest_text(security(pod, container, "procMount")), TEXT("unmasked")) && !has_own_users(pod))
		manifest_add(m, &list, TEXT("systempaths=unconfined"));
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (pod_text(selinux, labels[i]).length)
			manifest_add(m, &list,
				text_of(arena_printf(m->arena, "label=%s:%.*s", labels[i], TEXT_ARGS(pod_text(selinux, labels[i])))));
	manifest_set_list(m, "container.security_context.options", &list);
}

static void set_sysctls(struct manifest *m, const struct pod *pod)
{
	const struct yaml *sysctls = pod_get(spec_get(pod, "securityContext"), "sysctls");
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(sysctls); i++) {
		struct text name = pod_text(&sysctls->items[i], "name"), value = pod_text(&sysctls->items[i], "value");
		manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(value))));
	}
	manifest_set_list(m, "container.sysctls", &list);
}

/* Which nodes it is for: labels that it asks of them, a node by name, taints that it is content with. */
static void set_placement(struct manifest *m, const struct pod *pod)
{
	const struct yaml *selector = spec_get(pod, "nodeSelector"), *tolerations = spec_get(pod, "tolerations");
	struct text node = pod_text(pod->spec, "nodeName");
	struct manifest_list list = {0};
	for (size_t i = 0; i < pair_count(selector); i++) {
		struct text value = manifest_text(&selector->items[i]);
		manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(selector->keys[i].text), TEXT_ARGS(value))));
	}
	if (node.length)
		manifest_add(m, &list, text_of(arena_printf(m->arena, "node=%.*s", TEXT_ARGS(node))));
	for (size_t i = 0; i < pod_items(tolerations); i++) {
		struct text key = pod_text(&tolerations->items[i], "key");
		if (!key.length)
			key = TEXT("*");
		manifest_add(m, &list, text_of(arena_printf(m->arena, "tolerates:%.*s", TEXT_ARGS(key))));
	}
	manifest_set_list(m, "container.placement", &list);
}

/* Groups that the processes of all its containers have beside their own; fsGroup is one of them. */
static void set_groups(struct manifest *m, const struct pod *pod)
{
	const struct yaml *context = spec_get(pod, "securityContext"), *groups = pod_get(context, "supplementalGroups");
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(groups); i++)
		manifest_add(m, &list, manifest_text(&groups->items[i]));
	if (pod_text(context, "fsGroup").length)
		manifest_add(m, &list, pod_text(context, "fsGroup"));
	manifest_set_list(m, "container.groups", &list);
}

static void set_security(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *context = pod_get(container, "securityContext"), *capabilities = pod_get(context, "capabilities");
	/* A HostProcess container is what Windows has for a privileged one. Of windowsOptions each setting counts by itself. */
	const struct yaml *process = pod_get(pod_get(context, "windowsOptions"), "hostProcess");
	if (!process)
		process = pod_get(pod_get(spec_get(pod, "securityContext"), "windowsOptions"), "hostProcess");
	bool whole = process && manifest_truth(manifest_text(process)) == 1;
	set_truth(m, "container.security_context.privileged", whole ? process : pod_get(context, "privileged"), false);
	set_truth(m, "container.security_context.read_only_root", pod_get(context, "readOnlyRootFilesystem"), false);
	set_truth(m, "container.security_context.allow_privilege_escalation", pod_get(context, "allowPrivilegeEscalation"), true);
	set_truth(m, "container.security_context.run_as_non_root", security(pod, container, "runAsNonRoot"), false);
	set_capabilities(m, "container.capabilities.added", pod_get(capabilities, "add"));
	set_capabilities(m, "container.capabilities.dropped", pod_get(capabilities, "drop"));
	manifest_set(m, "container.user", manifest_text(security(pod, container, "runAsUser")));
	manifest_set(m, "container.proc_mount", manifest_text(security(pod, container, "procMount")));
	set_options(m, pod, container);
}

/* A token that the pod asks for by itself: one of the sources of a projected volume that the container mounts. */
static bool projects_token(const struct pod *pod, const struct yaml *container)
{
	const struct yaml *mounts = pod_get(container, "volumeMounts"), *volumes = spec_get(pod, "volumes");
	for (size_t i = 0; i < pod_items(mounts); i++) {
		const struct yaml *volume = named_item(volumes, pod_text(&mounts->items[i], "name"));
		const struct yaml *sources = pod_get(pod_get(volume, "projected"), "sources");
		for (size_t k = 0; k < pod_items(sources); k++)
			if (pod_get(&sources->items[k], "serviceAccountToken"))
				return true;
	}
	return false;
}

/* The account that the container speaks to the API with, and whether its token lies in the container. */
static void set_account(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *account = spec_get(pod, "serviceAccountName");
	struct text name = manifest_text(account);
	if (!name.length)
		name = pod_text(pod->spec, "serviceAccount");
	if (!name.length && !m->partial && !account)
		name = TEXT("default");
	manifest_set(m, "container.service_account.name", text_contains(name, TEXT("{{"), false) ? TEXT("") : name);
	if (projects_token(pod, container))
		manifest_set_bool(m, "container.service_account.mounted", true);
	else
		set_truth(m, "container.service_account.mounted", spec_get(pod, "automountServiceAccountToken"), true);
}

static void set_container(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *resources = pod_get(container, "resources");
	struct manifest_list none = {0};
	manifest_set(m, "container.name", pod_text(container, "name"));
	manifest_set_image(m, pod_text(container, "image"));
	manifest_set(m, "container.image.pull_policy", pod_text(container, "imagePullPolicy"));
	set_texts(m, "container.entrypoint", pod_get(container, "command"));
	set_texts(m, "container.command", pod_get(container, "args"));
	manifest_set(m, "container.working_directory", pod_text(container, "workingDir"));
	set_mounts(m, pod, container);
	set_environment(m, container);
	set_ports(m, pod_get(container, "ports"));
	if (!resources || resources->kind != YAML_SEQUENCE) { /* a list of them is none, and says nothing */
		pod_set_pairs(m, "container.resources.limits", pod_get(resources, "limits"));
		pod_set_pairs(m, "container.resources.requests", pod_get(resources, "requests"));
	}
	manifest_set_list(m, "container.devices", &none);
}

/* Among the processes of another container (kubectl debug --target), or of all of the pod's. */
static void set_joined(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	struct manifest_list joined = {0};
	struct text target = pod_text(container, "targetContainerName");
	if (target.length)
		manifest_add_joined(m, &joined, TEXT("pid"), text_of(arena_printf(m->arena, "container:%.*s", TEXT_ARGS(target))));
	if (manifest_truth(manifest_text(spec_get(pod, "shareProcessNamespace"))) == 1)
		manifest_add(m, &joined, TEXT("pid:pod"));
	manifest_set_list(m, "container.namespaces.joined", &joined);
}

void pod_fill(struct manifest *m, const struct pod *pod, const struct yaml *container)
{
	const struct yaml *owner = pod_get(pod->object, "metadata");
	struct text restart = pod_text(pod->spec, "restartPolicy"), name = pod_text(owner, "name");
	if (!restart.length && !m->partial)
		restart = TEXT("Always");
	manifest_set(m, "container.runtime", TEXT("kubernetes"));
	if (container) {
		set_joined(m, pod, container);
		set_container(m, pod, container);
	}
	set_security(m, pod, container);
	set_namespaces(m, pod);
	set_sysctls(m, pod);
	set_placement(m, pod);
	set_groups(m, pod);
	manifest_set(m, "container.oci_runtime", pod_text(pod->spec, "runtimeClassName"));
	set_account(m, pod, container);
	pod_set_pairs(m, "container.labels", pod_get(pod->metadata, "labels"));
	manifest_set(m, "container.restart_policy", restart);
	manifest_set(m, "orchestrator.namespace", pod_text(owner, "namespace"));
	manifest_set(m, "orchestrator.resource.name", name.length ? name : pod_text(owner, "generateName"));
	manifest_set(m, "orchestrator.resource.type", pod->kind);
}

bool pod_find(const struct yaml *object, struct text kind, struct pod *pod)
{
	const struct kind_row *row = NULL;
	const struct yaml *at = object;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_equal_fold(kind, text_of(kinds[i].kind)))
			row = &kinds[i];
	if (!row)
		return false;
	for (size_t i = 0; i < sizeof row->path / sizeof *row->path && row->path[i]; i++)
		at = pod_get(at, row->path[i]);
	*pod = (struct pod){object, pod_get(at, "metadata"), pod_get(at, "spec"), text_of(row->kind), NULL};
	return true;
}

static bool is_container(const struct yaml *node)
{
	return pod_get(node, "image") && pod_get(node, "image")->kind == YAML_SCALAR;
}

static bool holds_containers(const struct yaml *node)
{
	for (size_t i = 0; i < sizeof container_keys / sizeof *container_keys; i++) {
		const struct yaml *items = pod_get(node, container_keys[i]);
		if (pod_items(items) && is_container(&items->items[0]))
			return true;
	}
	for (size_t i = 0; i < sizeof single_keys / sizeof *single_keys; i++)
		if (is_container(pod_get(node, single_keys[i])))
			return true;
	return false;
}

/* `parent` holds the mapping `node`: of a template its metadata stand beside its spec. */
static int look_within(const struct yaml *node, const struct yaml *parent, struct pod *pod, pod_taker take, void *context,
	unsigned depth)
{
	int status = 0;
	if (holds_containers(node)) {
		pod->spec = node;
		pod->metadata = pod_get(parent, "spec") == node ? pod_get(parent, "metadata") : pod_get(node, "metadata");
		return take(context, pod);
	}
	bool deeper = depth < WITHIN_DEPTH && (node->kind == YAML_MAPPING || node->kind == YAML_SEQUENCE);
	for (size_t i = 0; deeper && i < node->count && !status; i++)
		status = look_within(&node->items[i], node, pod, take, context, depth + 1);
	return status;
}

int pod_each_within(const struct yaml *object, struct text kind, pod_taker take, void *context)
{
	const struct yaml *spec = pod_get(object, "spec");
	struct pod pod = {.object = object, .kind = kind, .outer = spec};
	return spec ? look_within(spec, object, &pod, take, context, 0) : 0;
}

int pod_each(const struct pod *pod, enum pod_lists lists, int (*take)(void *context, const struct yaml *container),
	void *context)
{
	bool all = lists == POD_ALL;
	for (size_t k = 0; k < sizeof single_keys / sizeof *single_keys; k++) {
		const struct yaml *single = pod_get(pod->spec, single_keys[k]);
		int status = all && is_container(single) ? take(context, single) : 0;
		if (status)
			return status;
	}
	for (size_t k = all ? 0 : 2; k < (all ? sizeof container_keys / sizeof *container_keys : 3); k++) {
		const struct yaml *containers = pod_get(pod->spec, container_keys[k]);
		for (size_t i = 0; i < pod_items(containers); i++) {
			int status = containers->items[i].kind == YAML_MAPPING ? take(context, &containers->items[i]) : 0;
			if (status)
				return status;
		}
	}
	return 0;
}
