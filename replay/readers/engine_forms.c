/*
 * engine_forms: Podman's requests, OCI bundles and CRI containers (see engine_request.h).
 */
#include "replay/readers/engine_request.h"

#include "catalog/container.h"

static bool holds_text(const struct yaml *sequence, const char *wanted)
{
	for (size_t i = 0; i < engine_items(sequence); i++)
		if (text_is(manifest_text(&sequence->items[i]), wanted))
			return true;
	return false;
}

/* {"destination": "/host", "source": "/", "type": "bind", "options": ["rbind", "ro"]}, of Podman and of OCI. With `binds`
 * only what comes from the host. */
static void add_oci_mounts(struct manifest *m, struct manifest_list *mounts, const struct yaml *objects, bool binds)
{
	for (size_t i = 0; i < engine_items(objects); i++) {
		const struct yaml *item = &objects->items[i], *options = engine_get(item, "options");
		struct text type = engine_text(item, "type");
		bool bind = text_is(type, "bind") || holds_text(options, "bind") || holds_text(options, "rbind");
		if (binds && !bind)
			continue;
		manifest_add_mount(m, mounts, text_is(type, "tmpfs") ? TEXT("") : engine_text(item, "source"),
			engine_text(item, "destination"), holds_text(options, "ro") ? TEXT("ro") : TEXT("rw"));
	}
}

/* Those whose options name it: shared, rslave. */
static void set_oci_propagation(struct manifest *m, const struct yaml *objects)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < engine_items(objects); i++) {
		const struct yaml *item = &objects->items[i], *options = engine_get(item, "options");
		for (size_t k = 0; k < engine_items(options); k++)
			manifest_add_propagation(m, &list, engine_text(item, "source"), manifest_text(&options->items[k]), ',');
	}
	engine_set_list(m, "container.mount_propagation", &list);
}

/* Podman */

static void add_named_volumes(struct manifest *m, struct manifest_list *mounts, const struct yaml *volumes)
{
	for (size_t i = 0; i < engine_items(volumes); i++) {
		const struct yaml *item = &volumes->items[i];
		manifest_add_mount(m, mounts, engine_text(item, "Name"), engine_text(item, "Dest"),
			holds_text(engine_get(item, "Options"), "ro") ? TEXT("ro") : TEXT("rw"));
	}
}

static const struct {
	const char *key;
	struct text name;
} libpod_namespaces[] = {
	{"pidns", {"pid", 3}}, {"netns", {"network", 7}}, {"ipcns", {"ipc", 3}}, {"utsns", {"uts", 3}}, {"userns", {"user", 4}},
	{"cgroupns", {"cgroup", 6}},
};

static void set_libpod_namespaces(struct manifest *m, const struct yaml *request)
{
	struct manifest_list list = {0}, joined = {0};
	for (size_t i = 0; i < sizeof libpod_namespaces / sizeof *libpod_namespaces; i++) {
		const struct yaml *namespace = engine_get(request, libpod_namespaces[i].key);
		if (text_is(engine_text(namespace, "nsmode"), "host") ||
			text_starts(engine_text(namespace, "value"), TEXT("/proc/1/ns/"), false))
			manifest_add(m, &list, libpod_namespaces[i].name);
		if (text_is(engine_text(namespace, "nsmode"), "container") && engine_text(namespace, "value").length)
			manifest_add(m, &joined, text_of(arena_printf(m->arena, "%.*s:%.*s", TEXT_ARGS(libpod_namespaces[i].name),
				TEXT_ARGS(engine_text(namespace, "value")))));
	}
	engine_set_list(m, "container.namespaces.joined", &joined);
	list.unresolved = engine_text(request, "pod").length > 0; /* the pod's are shared */
	engine_set_list(m, "container.namespaces.host", &list);
}

static void add_option(struct manifest *m, struct manifest_list *list, const char *name, struct text value)
{
	if (value.length)
		manifest_add(m, list, text_of(arena_printf(m->arena, "%s=%.*s", name, TEXT_ARGS(value))));
}

static void set_libpod_security(struct manifest *m, const struct yaml *request)
{
	struct manifest_list options = {0};
	const struct yaml *labels = engine_get(request, "selinux_opts");
	add_option(m, &options, "seccomp", engine_text(request, "seccomp_profile_path"));
	add_option(m, &options, "apparmor", engine_text(request, "apparmor_profile"));
	for (size_t i = 0; i < engine_items(labels); i++)
		add_option(m, &options, "label", manifest_text(&labels->items[i]));
	engine_set_security(m, &options, manifest_truth(engine_text(request, "no_new_privileges")) == 1);
	engine_set_truth(m, "container.security_context.privileged", request, "privileged");
	engine_set_truth(m, "container.security_context.read_only_root", request, "read_only_filesystem");
	engine_set_capabilities(m, "container.capabilities.added", engine_get(request, "cap_add"));
	engine_set_capabilities(m, "container.capabilities.dropped", engine_get(request, "cap_drop"));
}

/* {"type": "c", "major": 1, "minor": 1, "access": "rwm"}; without a number it is any. */
static void set_libpod_devices(struct manifest *m, const struct yaml *request)
{
	struct manifest_list devices = {0}, rules = {0};
	const struct yaml *given = engine_get(request, "devices"), *allowed = engine_get(request, "device_cgroup_rule");
	for (size_t i = 0; i < engine_items(given); i++) {
		struct text path = engine_text(&given->items[i], "path");
		if (path.length)
			manifest_add(m, &devices, text_slice(path, 0, text_find(path, ':')));
	}
	for (size_t i = 0; i < engine_items(allowed); i++) {
		const struct yaml *rule = &allowed->items[i];
		struct text major = engine_text(rule, "major"), minor = engine_text(rule, "minor"), type = engine_text(rule, "type");
		manifest_add(m, &rules, text_of(arena_printf(m->arena, "%.*s %.*s:%.*s %.*s", TEXT_ARGS(type),
			TEXT_ARGS(major.length ? major : TEXT("*")), TEXT_ARGS(minor.length ? minor : TEXT("*")),
			TEXT_ARGS(engine_text(rule, "access")))));
	}
	engine_set_list(m, "container.devices", &devices);
	engine_set_list(m, "container.device_rules", &rules);
}

static const struct engine_port_names libpod_ports = {"host_ip", "host_port", "container_port", "protocol"};

void engine_fill_libpod(struct manifest *m, const struct yaml *request)
{
	struct manifest_list mounts = {0};
	struct text restart = engine_text(request, "restart_policy");
	engine_set(m, "container.runtime", TEXT("podman"));
	engine_set(m, "container.name", engine_text(request, "name"));
	manifest_set_image(m, engine_text(request, "image"));
	engine_set_words(m, "container.command", engine_get(request, "command"));
	engine_set_words(m, "container.entrypoint", engine_get(request, "entrypoint"));
	engine_set_texts(m, "container.environment", engine_get(request, "env"));
	engine_set_texts(m, "container.labels", engine_get(request, "labels"));
	engine_set(m, "container.user", engine_text(request, "user"));
	engine_set(m, "container.restart_policy", restart.length ? restart : TEXT("no"));
	add_oci_mounts(m, &mounts, engine_get(request, "mounts"), false);
	add_named_volumes(m, &mounts, engine_get(request, "volumes"));
	mounts.unresolved = engine_items(engine_get(request, "volumes_from")) > 0;
	engine_set_list(m, "container.mounts", &mounts);
	set_oci_propagation(m, engine_get(request, "mounts"));
	engine_set_texts(m, "container.volumes_from", engine_get(request, "volumes_from"));
	engine_set_texts(m, "container.groups", engine_get(request, "groups"));
	engine_set_texts(m, "container.sysctls", engine_get(request, "sysctl"));
	engine_set(m, "container.oci_runtime", engine_text(request, "oci_runtime"));
	engine_set(m, "container.cgroup_parent", engine_text(request, "cgroup_parent"));
	engine_set(m, "container.log_driver", engine_text(engine_get(request, "log_configuration"), "driver"));
	engine_set(m, "container.working_directory", engine_text(request, "work_dir"));
	set_libpod_devices(m, request);
	set_libpod_namespaces(m, request);
	engine_set_ports(m, engine_get(request, "portmappings"), &libpod_ports);
	set_libpod_security(m, request);
}

/* CRI: what the kubelet asked for. Namespace modes are numbers: 2 is the node's. */

static const struct {
	const char *key;
	struct text name;
} cri_namespaces[] = {{"pid", {"pid", 3}}, {"network", {"network", 7}}, {"ipc", {"ipc", 3}}};

static void set_cri_security(struct manifest *m, const struct yaml *context)
{
	struct manifest_list host = {0}, options = {0};
	const struct yaml *namespaces = engine_get(context, "namespace_options"), *capabilities = engine_get(context, "capabilities");
	for (size_t i = 0; i < sizeof cri_namespaces / sizeof *cri_namespaces; i++) {
		struct text mode = engine_text(namespaces, cri_namespaces[i].key);
		if (text_is(mode, "2") || text_is(mode, "NODE"))
			manifest_add(m, &host, cri_namespaces[i].name);
	}
	engine_set_list(m, "container.namespaces.host", &host);
	engine_set_truth(m, "container.security_context.privileged", context, "privileged");
	engine_set_truth(m, "container.security_context.read_only_root", context, "readonly_rootfs");
	engine_set_capabilities(m, "container.capabilities.added", engine_get(capabilities, "add_capabilities"));
	engine_set_capabilities(m, "container.capabilities.dropped", engine_get(capabilities, "drop_capabilities"));
	add_option(m, &options, "seccomp", engine_text(context, "seccomp_profile_path"));
	add_option(m, &options, "apparmor", engine_text(context, "apparmor_profile"));
	engine_set_security(m, &options, manifest_truth(engine_text(context, "no_new_privs")) == 1);
	engine_set(m, "container.user", engine_text(engine_get(context, "run_as_user"), "value"));
	engine_set_texts(m, "container.groups", engine_get(context, "supplemental_groups"));
}

static void set_cri_lists(struct manifest *m, const struct yaml *config)
{
	struct manifest_list mounts = {0}, devices = {0}, environment = {0}, propagation = {0};
	const struct yaml *given = engine_get(config, "mounts"), *variables = engine_get(config, "envs");
	for (size_t i = 0; i < engine_items(given); i++)
		manifest_add_mount(m, &mounts, engine_text(&given->items[i], "host_path"),
			engine_text(&given->items[i], "container_path"),
			manifest_truth(engine_text(&given->items[i], "readonly")) == 1 ? TEXT("ro") : TEXT("rw"));
	for (size_t i = 0; i < engine_items(given); i++) {
		struct text mode = engine_text(&given->items[i], "propagation");
		bool slave = text_is(mode, "1") || text_is(mode, "PROPAGATION_HOST_TO_CONTAINER");
		bool shared = text_is(mode, "2") || text_is(mode, "PROPAGATION_BIDIRECTIONAL");
		manifest_add_propagation(m, &propagation, engine_text(&given->items[i], "host_path"),
			shared ? TEXT("rshared") : slave ? TEXT("rslave") : TEXT(""), ',');
	}
	engine_set_list(m, "container.mount_propagation", &propagation);
	engine_set(m, "container.working_directory", engine_text(config, "working_dir"));
	given = engine_get(config, "devices");
	for (size_t i = 0; i < engine_items(given); i++)
		manifest_add(m, &devices, engine_text(&given->items[i], "host_path"));
	for (size_t i = 0; i < engine_items(variables); i++)
		manifest_add(m, &environment, text_of(arena_printf(m->arena, "%.*s=%.*s",
			TEXT_ARGS(engine_text(&variables->items[i], "key")), TEXT_ARGS(engine_text(&variables->items[i], "value")))));
	engine_set_list(m, "container.mounts", &mounts);
	engine_set_list(m, "container.devices", &devices);
	engine_set_list(m, "container.environment", &environment);
}

static void fill_cri(struct manifest *m, const struct yaml *status, const struct yaml *config)
{
	struct text image = engine_text(engine_get(status, "image"), "userSpecifiedImage");
	if (!image.length)
		image = engine_text(engine_get(status, "image"), "image");
	engine_set(m, "container.runtime", TEXT("containerd"));
	engine_set(m, "container.id", engine_text(status, "id"));
	engine_set(m, "container.name", engine_text(engine_get(config, "metadata"), "name"));
	manifest_set_image(m, image);
	engine_set_words(m, "container.entrypoint", engine_get(config, "command"));
	engine_set_words(m, "container.command", engine_get(config, "args"));
	engine_set_texts(m, "container.labels", engine_get(config, "labels"));
	set_cri_lists(m, config);
	set_cri_security(m, engine_get(engine_get(config, "linux"), "security_context"));
}

/* OCI */

/* What containerd, Docker and Podman give without being asked. */
static const char *const usual_capabilities[] = {"CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
	"CAP_SYS_CHROOT"};

static bool is_usual(struct text capability)
{
	for (size_t i = 0; i < sizeof usual_capabilities / sizeof *usual_capabilities; i++)
		if (text_is(capability, usual_capabilities[i]))
			return true;
	return false;
}

static void set_oci_capabilities(struct manifest *m, const struct yaml *capabilities)
{
	struct manifest_list all = {0}, added = {0}, dropped = {0};
	engine_add_capabilities(m, &all, engine_get(capabilities, "bounding"));
	for (size_t i = 0; i < all.count; i++)
		if (!is_usual(all.items[i]))
			manifest_add(m, &added, all.items[i]);
	for (size_t i = 0; i < sizeof usual_capabilities / sizeof *usual_capabilities; i++) {
		bool kept = false;
		for (size_t k = 0; k < all.count; k++)
			kept |= text_is(all.items[k], usual_capabilities[i]);
		if (!kept)
			manifest_add(m, &dropped, text_of(usual_capabilities[i]));
	}
	engine_set_list(m, "container.capabilities.added", &added);
	engine_set_list(m, "container.capabilities.dropped", &dropped);
}

/* A namespace that the bundle does not name is that of whoever starts it: the host's. User and cgroup ones are seldom named. */
static void set_oci_namespaces(struct manifest *m, const struct yaml *given)
{
	static const struct text names[] = {{"pid", 3}, {"network", 7}, {"ipc", 3}, {"uts", 3}};
	struct manifest_list list = {0};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		bool own = false;
		for (size_t k = 0; k < engine_items(given); k++)
			own |= text_equal(engine_text(&given->items[k], "type"), names[i]) &&
				!text_starts(engine_text(&given->items[k], "path"), TEXT("/proc/1/ns/"), false);
		if (!own)
			manifest_add(m, &list, names[i]);
	}
	engine_set_list(m, "container.namespaces.host", &list);
}

static void fill_bundle(struct manifest *m, const struct yaml *bundle)
{
	const struct yaml *process = engine_get(bundle, "process"), *system = engine_get(bundle, "linux");
	struct manifest_list mounts = {0}, options = {0}, devices = {0};
	const struct yaml *given = engine_get(system, "devices");
	struct text user = engine_text(engine_get(process, "user"), "uid");
	engine_set_words(m, "container.command", engine_get(process, "args"));
	engine_set_texts(m, "container.environment", engine_get(process, "env"));
	engine_set(m, "container.user", user.length ? user : TEXT("0"));
	add_oci_mounts(m, &mounts, engine_get(bundle, "mounts"), true);
	engine_set_list(m, "container.mounts", &mounts);
	engine_set(m, "container.working_directory", engine_text(process, "cwd"));
	engine_set(m, "container.cgroup_parent", engine_text(system, "cgroupsPath"));
	engine_set_texts(m, "container.groups", engine_get(engine_get(process, "user"), "additionalGids"));
	engine_set_texts(m, "container.sysctls", engine_get(system, "sysctl"));
	for (size_t i = 0; i < engine_items(given); i++)
		manifest_add(m, &devices, engine_text(&given->items[i], "path"));
	engine_set_list(m, "container.devices", &devices);
	if (!engine_get(system, "seccomp"))
		manifest_add(m, &options, TEXT("seccomp=unconfined"));
	add_option(m, &options, "apparmor", engine_text(process, "apparmorProfile"));
	engine_set_security(m, &options, manifest_truth(engine_text(process, "noNewPrivileges")) == 1);
	engine_set_truth(m, "container.security_context.read_only_root", engine_get(bundle, "root"), "readonly");
	set_oci_capabilities(m, engine_get(process, "capabilities"));
	set_oci_namespaces(m, engine_get(system, "namespaces"));
}

void engine_fill_oci(struct manifest *m, const struct yaml *document)
{
	const struct yaml *info = engine_get(document, "info"), *config = engine_get(info, "config");
	if (config)
		fill_cri(m, engine_get(document, "status"), config);
	else
		fill_bundle(m, info ? engine_get(info, "runtimeSpec") : document);
}
