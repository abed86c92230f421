/*
 * engine_request: Docker's own documents, and what all of them share (see engine_request.h).
 */
#include "replay/readers/engine_request.h"

#include "catalog/container.h"

const struct yaml *engine_get(const struct yaml *mapping, const char *key)
{
	const struct yaml *node = mapping && mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
	return node && node->kind != YAML_NULL ? node : NULL;
}

struct text engine_text(const struct yaml *mapping, const char *key)
{
	return manifest_text(engine_get(mapping, key));
}

size_t engine_items(const struct yaml *sequence)
{
	return sequence && sequence->kind == YAML_SEQUENCE ? sequence->count : 0;
}

static bool is_set(const struct manifest *m, const char *field)
{
	unsigned number = registry_field(m->event->registry, text_of(field));
	return number != FIELD_NONE && facet_get(m->facet, number);
}

void engine_set(struct manifest *m, const char *field, struct text text)
{
	if (!is_set(m, field))
		manifest_set(m, field, text);
}

void engine_set_bool(struct manifest *m, const char *field, bool truth)
{
	if (!is_set(m, field))
		manifest_set_bool(m, field, truth);
}

void engine_set_list(struct manifest *m, const char *field, const struct manifest_list *list)
{
	if (!is_set(m, field))
		manifest_set_list(m, field, list);
}

static struct text pair(struct manifest *m, struct text name, struct text value)
{
	return text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(value)));
}

void engine_add_texts(struct manifest *m, struct manifest_list *list, const struct yaml *node)
{
	if (node && node->kind == YAML_SCALAR)
		manifest_add(m, list, node->text);
	for (size_t i = 0; i < engine_items(node); i++)
		if (node->items[i].kind == YAML_SCALAR)
			manifest_add(m, list, node->items[i].text);
	for (size_t i = 0; node && node->kind == YAML_MAPPING && i < node->count; i++)
		if (node->items[i].kind == YAML_SCALAR)
			manifest_add(m, list, pair(m, node->keys[i].text, node->items[i].text));
}

void engine_add_capabilities(struct manifest *m, struct manifest_list *list, const struct yaml *sequence)
{
	for (size_t i = 0; i < engine_items(sequence); i++)
		if (manifest_text(&sequence->items[i]).length)
			manifest_add(m, list, container_capability(m->arena, sequence->items[i].text));
}

void engine_set_security(struct manifest *m, struct manifest_list *options, bool no_new)
{
	for (size_t i = 0; i < options->count; i++) {
		options->items[i] = container_option(m->arena, options->items[i]);
		no_new |= text_is(options->items[i], "no-new-privileges") || text_is(options->items[i], "no-new-privileges=true");
	}
	engine_set_list(m, "container.security_context.options", options);
	engine_set_bool(m, "container.security_context.allow_privilege_escalation", !no_new);
}

void engine_add_port(struct manifest *m, struct manifest_list *list, struct text address, struct text host, struct text inner)
{
	if (text_ends(inner, TEXT("/tcp"), true))
		inner.length -= 4;
	if (text_is(host, "0"))
		host = TEXT("");
	if (inner.length)
		manifest_add(m, list, text_of(arena_printf(m->arena, "%.*s:%.*s:%.*s",
			TEXT_ARGS(address.length ? address : TEXT("0.0.0.0")), TEXT_ARGS(host), TEXT_ARGS(inner))));
}

void engine_set_ports(struct manifest *m, const struct yaml *ports, const struct engine_port_names *names)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < engine_items(ports); i++) {
		const struct yaml *item = &ports->items[i];
		struct text protocol = engine_text(item, names->protocol);
		engine_add_port(m, &list, engine_text(item, names->address), engine_text(item, names->host),
			text_of(arena_printf(m->arena, "%.*s/%.*s", TEXT_ARGS(engine_text(item, names->inner)),
				TEXT_ARGS(protocol.length ? protocol : TEXT("tcp")))));
	}
	engine_set_list(m, "container.ports", &list);
}

/* Docker */

void engine_set_texts(struct manifest *m, const char *field, const struct yaml *node)
{
	struct manifest_list list = {0};
	engine_add_texts(m, &list, node);
	engine_set_list(m, field, &list);
}

/* Command and entry point: where none is asked for they are the image's, which nobody knows here. */
void engine_set_words(struct manifest *m, const char *field, const struct yaml *node)
{
	if (node && node->count + node->text.length > 0)
		engine_set_texts(m, field, node);
}

void engine_set_truth(struct manifest *m, const char *field, const struct yaml *mapping, const char *key)
{
	engine_set_bool(m, field, manifest_truth(engine_text(mapping, key)) == 1);
}

/* NAME=value; a name alone says that the variable is not there. */
static void set_environment(struct manifest *m, const struct yaml *environment)
{
	struct manifest_list all = {0}, list = {0};
	engine_add_texts(m, &all, environment);
	for (size_t i = 0; i < all.count; i++)
		if (text_find(all.items[i], '=') < all.items[i].length)
			manifest_add(m, &list, all.items[i]);
	engine_set_list(m, "container.environment", &list);
}

/* source:destination[:mode]; a drive (C:\data) belongs to its path. */
static void split_bind(struct text bind, struct text *source, struct text *destination, struct text *mode)
{
	bool drive = bind.length > 2 && bind.data[1] == ':' && bind.data[2] == '\\';
	size_t first = (drive ? 2 : 0) + text_find(text_slice(bind, drive ? 2 : 0, bind.length), ':');
	struct text rest = text_slice(bind, first + 1, bind.length);
	*source = text_slice(bind, 0, first);
	drive = rest.length > 2 && rest.data[1] == ':' && rest.data[2] == '\\';
	size_t second = (drive ? 2 : 0) + text_find(text_slice(rest, drive ? 2 : 0, rest.length), ':');
	*destination = text_slice(rest, 0, second);
	*mode = text_slice(rest, second + 1, rest.length);
	if (first == bind.length) { /* a place alone */
		*destination = *source;
		*source = TEXT("");
	}
}

static void add_binds(struct manifest *m, struct manifest_list *mounts, const struct yaml *binds)
{
	struct text source, destination, mode;
	for (size_t i = 0; i < engine_items(binds); i++) {
		split_bind(manifest_text(&binds->items[i]), &source, &destination, &mode);
		if (destination.length)
			manifest_add_mount(m, mounts, source, destination, mode);
	}
}

/* {"Type": "bind", "Source": "/", "Target": "/host", "ReadOnly": true} of a request. */
static void add_mount_objects(struct manifest *m, struct manifest_list *mounts, const struct yaml *objects)
{
	for (size_t i = 0; i < engine_items(objects); i++) {
		const struct yaml *item = &objects->items[i];
		struct text type = engine_text(item, "Type"), source = engine_text(item, "Source");
		if (text_is(type, "image"))
			continue; /* no mount of the host */
		if (text_is(type, "tmpfs"))
			source = TEXT("");
		manifest_add_mount(m, mounts, source, engine_text(item, "Target"),
			manifest_truth(engine_text(item, "ReadOnly")) == 1 ? TEXT("ro") : TEXT("rw"));
	}
}

/* {"Source": "/", "Destination": "/host", "RW": false}: what an inspected container has, where it does not say what was
 * asked for. */
static void add_mount_points(struct manifest *m, struct manifest_list *mounts, const struct yaml *points)
{
	for (size_t i = 0; i < engine_items(points); i++) {
		const struct yaml *item = &points->items[i];
		struct text source = engine_text(item, "Name");
		if (!source.length)
			source = text_is(engine_text(item, "Type"), "tmpfs") ? TEXT("") : engine_text(item, "Source");
		manifest_add_mount(m, mounts, source, engine_text(item, "Destination"),
			manifest_truth(engine_text(item, "RW")) == 0 ? TEXT("ro") : TEXT("rw"));
	}
}

/* The keys of a mapping are places inside: Volumes, Tmpfs. Values are their options. */
static void add_places(struct manifest *m, struct manifest_list *mounts, const struct yaml *places)
{
	for (size_t i = 0; places && places->kind == YAML_MAPPING && i < places->count; i++)
		manifest_add_mount(m, mounts, TEXT(""), places->keys[i].text, manifest_text(&places->items[i]));
}

/* Does a mount with this destination stand in the list? A volume of the image may be mounted by a bind. */
static bool has_destination(const struct manifest_list *mounts, struct text destination)
{
	for (size_t i = 0; i < mounts->count; i++) {
		struct text rest = text_slice(mounts->items[i], text_find(mounts->items[i], ':') + 1, mounts->items[i].length);
		if (text_equal(text_slice(rest, 0, text_find(rest, ':')), destination))
			return true;
	}
	return false;
}

/* The third part of a bind, or what a mount object says of it. */
static void set_propagation(struct manifest *m, const struct yaml *host)
{
	struct manifest_list list = {0};
	const struct yaml *binds = engine_get(host, "Binds"), *objects = engine_get(host, "Mounts");
	struct text source, destination, mode;
	for (size_t i = 0; i < engine_items(binds); i++) {
		split_bind(manifest_text(&binds->items[i]), &source, &destination, &mode);
		manifest_add_propagation(m, &list, source, mode, ',');
	}
	for (size_t i = 0; i < engine_items(objects); i++)
		manifest_add_propagation(m, &list, engine_text(&objects->items[i], "Source"),
			engine_text(engine_get(&objects->items[i], "BindOptions"), "Propagation"), ',');
	engine_set_list(m, "container.mount_propagation", &list);
}

static void set_mounts(struct manifest *m, const struct yaml *document, const struct yaml *config, const struct yaml *host)
{
	struct manifest_list mounts = {0};
	const struct yaml *volumes = engine_get(config, "Volumes");
	add_binds(m, &mounts, engine_get(host, "Binds"));
	add_mount_objects(m, &mounts, engine_get(host, "Mounts"));
	add_places(m, &mounts, engine_get(host, "Tmpfs"));
	if (!host)
		add_mount_points(m, &mounts, engine_get(document, "Mounts"));
	for (size_t i = 0; volumes && volumes->kind == YAML_MAPPING && i < volumes->count; i++)
		if (!has_destination(&mounts, volumes->keys[i].text))
			manifest_add_mount(m, &mounts, TEXT(""), volumes->keys[i].text, TEXT(""));
	mounts.unresolved = engine_items(engine_get(host, "VolumesFrom")) > 0;
	engine_set_list(m, "container.mounts", &mounts);
}

static const struct {
	const char *key;
	struct text name;
} namespaces[] = {
	{"PidMode", {"pid", 3}}, {"NetworkMode", {"network", 7}}, {"IpcMode", {"ipc", 3}}, {"UTSMode", {"uts", 3}},
	{"UsernsMode", {"user", 4}}, {"CgroupnsMode", {"cgroup", 6}}, {"Cgroupns", {"cgroup", 6}},
};

static void set_namespaces(struct manifest *m, const struct yaml *host)
{
	struct manifest_list list = {0}, joined = {0};
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		struct text mode = engine_text(host, namespaces[i].key);
		manifest_add_joined(m, &joined, namespaces[i].name, mode);
		if (text_is(mode, "host") || text_starts(mode, TEXT("ns:/proc/1/ns/"), false))
			manifest_add(m, &list, namespaces[i].name);
	}
	engine_set_list(m, "container.namespaces.host", &list);
	engine_set_list(m, "container.namespaces.joined", &joined);
}

static void set_devices(struct manifest *m, const struct yaml *devices)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < engine_items(devices); i++)
		if (engine_text(&devices->items[i], "PathOnHost").length)
			manifest_add(m, &list, engine_text(&devices->items[i], "PathOnHost"));
	engine_set_list(m, "container.devices", &list);
}

/* {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]} */
static void set_ports(struct manifest *m, const struct yaml *bindings)
{
	struct manifest_list list = {0};
	for (size_t i = 0; bindings && bindings->kind == YAML_MAPPING && i < bindings->count; i++)
		for (size_t k = 0; k < engine_items(&bindings->items[i]); k++) {
			const struct yaml *binding = &bindings->items[i].items[k];
			engine_add_port(m, &list, engine_text(binding, "HostIp"), engine_text(binding, "HostPort"), bindings->keys[i].text);
		}
	engine_set_list(m, "container.ports", &list);
}

static void set_restart(struct manifest *m, const struct yaml *policy)
{
	struct text name = engine_text(policy, "Name"), times = engine_text(policy, "MaximumRetryCount");
	if (text_is(name, "on-failure") && times.length && !text_is(times, "0"))
		name = text_of(arena_printf(m->arena, "%.*s:%.*s", TEXT_ARGS(name), TEXT_ARGS(times)));
	engine_set(m, "container.restart_policy", name.length ? name : TEXT("no"));
}

void engine_set_capabilities(struct manifest *m, const char *field, const struct yaml *sequence)
{
	struct manifest_list list = {0};
	engine_add_capabilities(m, &list, sequence);
	engine_set_list(m, field, &list);
}

/* The engine turns SELinux labels off by itself for privileged containers and those in the host's pid or ipc namespace: of
 * an inspected one nobody knows that it was asked for. */
static void set_options(struct manifest *m, const struct yaml *host, bool inspected)
{
	struct manifest_list all = {0}, options = {0};
	bool loose = manifest_truth(engine_text(host, "Privileged")) == 1 || text_is(engine_text(host, "PidMode"), "host") ||
		text_is(engine_text(host, "IpcMode"), "host");
	engine_add_texts(m, &all, engine_get(host, "SecurityOpt"));
	for (size_t i = 0; i < all.count; i++)
		if (!(inspected && loose && text_is(all.items[i], "label=disable")))
			manifest_add(m, &options, all.items[i]);
	engine_set_security(m, &options, false);
}

static void fill_host(struct manifest *m, const struct yaml *host, bool inspected)
{
	engine_set_truth(m, "container.security_context.privileged", host, "Privileged");
	engine_set_truth(m, "container.security_context.read_only_root", host, "ReadonlyRootfs");
	engine_set_capabilities(m, "container.capabilities.added", engine_get(host, "CapAdd"));
	engine_set_capabilities(m, "container.capabilities.dropped", engine_get(host, "CapDrop"));
	set_options(m, host, inspected);
	set_namespaces(m, host);
	set_devices(m, engine_get(host, "Devices"));
	set_ports(m, engine_get(host, "PortBindings"));
	set_restart(m, engine_get(host, "RestartPolicy"));
	set_propagation(m, host);
	engine_set_texts(m, "container.device_rules", engine_get(host, "DeviceCgroupRules"));
	engine_set_texts(m, "container.groups", engine_get(host, "GroupAdd"));
	engine_set_texts(m, "container.sysctls", engine_get(host, "Sysctls"));
	engine_set_texts(m, "container.volumes_from", engine_get(host, "VolumesFrom"));
	engine_set(m, "container.oci_runtime", engine_text(host, "Runtime"));
	engine_set(m, "container.cgroup_parent", engine_text(host, "CgroupParent"));
	engine_set(m, "container.log_driver", engine_text(engine_get(host, "LogConfig"), "Type"));
}

/* An image that is named by its id alone has no name. */
static void set_image(struct manifest *m, struct text image)
{
	if (!text_starts(image, TEXT("sha256:"), false) && !is_set(m, "container.image.name"))
		manifest_set_image(m, image);
}

/* `config` is the document itself of a request, its member Config of an inspected container. */
static void fill_docker(struct manifest *m, const struct yaml *document, const struct yaml *config)
{
	const struct yaml *host = engine_get(document, "HostConfig");
	struct text name = engine_text(document, "Name");
	engine_set(m, "container.runtime", TEXT("docker"));
	engine_set(m, "container.name", text_slice(name, text_starts(name, TEXT("/"), false), name.length));
	set_image(m, engine_text(config, "Image"));
	engine_set_words(m, "container.command", engine_get(config, "Cmd"));
	engine_set_words(m, "container.entrypoint", engine_get(config, "Entrypoint"));
	set_environment(m, engine_get(config, "Env"));
	engine_set_texts(m, "container.labels", engine_get(config, "Labels"));
	engine_set(m, "container.user", engine_text(config, "User"));
	engine_set(m, "container.working_directory", engine_text(config, "WorkingDir"));
	set_mounts(m, document, config, host);
	fill_host(m, host, config != document);
}

/* Of a list: what it shows, and no defaults. */
static void fill_listed(struct manifest *m, const struct yaml *document)
{
	m->partial = true;
	set_image(m, engine_text(document, "Image"));
	engine_set_texts(m, "container.labels", engine_get(document, "Labels"));
	set_mounts(m, document, NULL, NULL);
	set_namespaces(m, engine_get(document, "HostConfig"));
}

static void fill_exec(struct manifest *m, const struct yaml *request)
{
	engine_set(m, "container.runtime", TEXT("docker"));
	engine_set_truth(m, "container.security_context.privileged", request, "Privileged");
	engine_set(m, "container.user", engine_text(request, "User"));
	engine_set(m, "container.working_directory", engine_text(request, "WorkingDir"));
	set_environment(m, engine_get(request, "Env"));
	engine_set_texts(m, "container.command", engine_get(request, "Cmd"));
}

bool engine_fill(struct manifest *m, const struct yaml *document)
{
	bool exec = text_is(m->event->registry->actions[m->facet->action].name, "exec");
	const struct yaml *config = engine_get(document, "Config"), *info = engine_get(document, "info");
	if (exec && engine_get(document, "Cmd"))
		fill_exec(m, document);
	else if (exec)
		return false;
	else if (config && config->kind == YAML_MAPPING)
		fill_docker(m, document, config);
	else if (engine_get(engine_get(document, "TaskTemplate"), "ContainerSpec"))
		engine_fill_swarm(m, document);
	else if (engine_get(document, "Names"))
		fill_listed(m, document);
	else if (engine_get(document, "Image"))
		fill_docker(m, document, document);
	else if (engine_get(document, "ociVersion") || engine_get(info, "runtimeSpec"))
		engine_fill_oci(m, document);
	else if (engine_get(document, "image"))
		engine_fill_libpod(m, document);
	else
		return false;
	return true;
}
