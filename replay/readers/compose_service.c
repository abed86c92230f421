/*
 * compose_service: see compose_service.h.
 */
#include "replay/readers/compose_service.h"

#include "catalog/container.h"

struct namespace_row {
	const char *key;
	struct text name;
};
static const struct namespace_row namespaces[] = {
	{"pid", {"pid", 3}}, {"network_mode", {"network", 7}}, {"ipc", {"ipc", 3}}, {"userns_mode", {"user", 4}},
	{"uts", {"uts", 3}}, {"cgroup", {"cgroup", 6}},
};

/* How many of the services that it stands on count for a key: !override hides those behind it, !reset its own too. */
static size_t bases_of(const struct compose_service *service, const char *key)
{
	for (size_t i = 0; i < service->count; i++) {
		const struct yaml *base = service->bases[i];
		const struct yaml *node = base && base->kind == YAML_MAPPING ? yaml_get(base, key) : NULL;
		if (node && (node->reset || node->override))
			return i + node->override;
	}
	return service->count;
}

const struct yaml *compose_service_single(const struct compose_service *service, const char *key)
{
	const struct yaml *node = NULL;
	for (size_t i = 0, count = bases_of(service, key); i < count && !node; i++)
		node = compose_get(service->bases[i], key);
	return node;
}

/* Following `extends`: a name, or {service: name}; {file: …} is another file's. */
static const struct yaml *base_of(struct compose_service *service, const struct yaml *extends,
	const struct compose_file **file, const struct yaml **services)
{
	struct text name = extends->kind == YAML_SCALAR ? extends->text : manifest_text(compose_get(extends, "service"));
	const struct yaml *other = compose_get(extends, "file");
	struct text path;
	if (other) {
		if (!compose_project_resolve(service->project, manifest_text(other), &path))
			return NULL;
		*file = compose_project_file(service->project, *file, path);
		*services = *file ? compose_get((*file)->document, "services") : NULL;
	}
	return compose_get_text(*services, name);
}

void compose_service_find(struct compose_project *project, const struct compose_file *file, const struct yaml *services,
	size_t index, struct compose_service *service)
{
	const struct yaml *at = &services->items[index];
	*service = (struct compose_service){.project = project, .name = services->keys[index].text, .services = services,
		.complete = true};
	while (at && service->count < COMPOSE_BASES_MAX) {
		const struct yaml *extends = compose_get(at, "extends");
		service->bases[service->count++] = at;
		at = extends ? base_of(service, extends, &file, &services) : NULL;
		for (size_t i = 0; i < service->count; i++)
			if (service->bases[i] == at)
				at = NULL;
		service->complete &= !extends || at;
	}
	service->complete &= compose_service_single(service, "image") || compose_service_single(service, "build");
}

static bool resolved_text(const struct compose_service *service, const struct yaml *node, struct text *text)
{
	*text = TEXT("");
	return !node || node->kind != YAML_SCALAR || compose_project_resolve(service->project, node->text, text);
}

static void set_single(struct manifest *m, const struct compose_service *service, const char *key, const char *field)
{
	struct text text;
	if (resolved_text(service, compose_service_single(service, key), &text))
		manifest_set(m, field, text);
}

/* A boolean: false where it is not said and nothing else could say it. */
static void set_truth(struct manifest *m, const struct compose_service *service, const struct yaml *node, const char *field)
{
	struct text text;
	if (!node) {
		if (service->complete)
			manifest_set_bool(m, field, false);
		return;
	}
	int truth = resolved_text(service, node, &text) ? manifest_truth(text) : -1;
	if (truth >= 0)
		manifest_set_bool(m, field, truth);
}

static void set_list(struct manifest *m, const struct compose_service *service, const char *field, struct manifest_list *list)
{
	list->unresolved |= !service->complete;
	manifest_set_list(m, field, list);
}

/* Lists */

/* What makes an item the same as another one. */
typedef struct text (*item_key)(struct text item);

static struct text whole_key(struct text item)
{
	return item;
}

static struct text name_key(struct text item)
{
	return text_slice(item, 0, text_find(item, '='));
}

static struct text destination_key(struct text item)
{
	struct text rest = text_slice(item, text_find(item, ':') + 1, item.length);
	return text_slice(rest, 0, text_find(rest, ':'));
}

/* The newer one counts, in the place of the older. */
static void put(struct manifest *m, struct manifest_list *list, struct text item, item_key key)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(key(list->items[i]), key(item))) {
			list->items[i] = item;
			return;
		}
	manifest_add(m, list, item);
}

static void put_mount(struct manifest *m, struct manifest_list *list, struct text source, struct text destination,
	struct text mode)
{
	put(m, list, container_mount(m->arena, source, destination, mode), destination_key);
}

/* One service's list under way. */
struct reading {
	struct manifest *m;
	const struct compose_service *service;
	struct manifest_list list;
	bool pairs; /* a mapping is NAME=value items, too */
};
typedef void (*item_reader)(struct reading *r, const struct yaml *item);

/* A pair of a mapping, NAME: value, as the item that a sequence would have. */
static void read_pair(struct reading *r, struct text name, const struct yaml *value, item_reader read)
{
	struct yaml item = {.kind = YAML_SCALAR, .text = name};
	struct text text;
	if (value->kind == YAML_SCALAR && compose_project_resolve(r->service->project, value->text, &text)) {
		put(r->m, &r->list, text_of(arena_printf(r->m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(text))), name_key);
	} else if (value->kind == YAML_NULL) {
		read(r, &item);
	} else {
		r->list.unresolved = true;
	}
}

/* Items of a key in all services that it stands on; one scalar is a list of one. */
static void read_items(struct reading *r, const char *key, item_reader read)
{
	for (size_t i = bases_of(r->service, key); i > 0; i--) {
		const struct yaml *node = compose_get(r->service->bases[i - 1], key);
		if (node && node->kind == YAML_SCALAR)
			read(r, node);
		for (size_t k = 0; node && node->kind == YAML_SEQUENCE && k < node->count; k++)
			read(r, &node->items[k]);
		for (size_t k = 0; r->pairs && node && node->kind == YAML_MAPPING && k < node->count; k++)
			read_pair(r, node->keys[k].text, &node->items[k], read);
	}
}

static bool item_text(struct reading *r, const struct yaml *item, struct text *text)
{
	bool known = item && resolved_text(r->service, item, text) && text->length;
	r->list.unresolved |= !known;
	return known;
}

static void read_capability(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (item_text(r, item, &text))
		put(r->m, &r->list, container_capability(r->m->arena, text), whole_key);
}

static void read_device(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (item->kind == YAML_MAPPING)
		item = compose_get(item, "source");
	if (item_text(r, item, &text))
		put(r->m, &r->list, text_slice(text, 0, text_find(text, ':')), whole_key);
}

static void read_option(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (item_text(r, item, &text))
		put(r->m, &r->list, container_option(r->m->arena, text), whole_key);
}

static bool known_text(struct reading *r, const struct yaml *mapping, const char *key, struct text *text)
{
	bool known = resolved_text(r->service, compose_get(mapping, key), text);
	r->list.unresolved |= !known;
	return known;
}

static void read_volume_mapping(struct reading *r, const struct yaml *item)
{
	struct text source, destination, type, read_only;
	if (!known_text(r, item, "source", &source) || !known_text(r, item, "target", &destination) ||
		!known_text(r, item, "type", &type) || !known_text(r, item, "read_only", &read_only))
		return;
	if (text_is(type, "image"))
		return; /* no mount of the host */
	if (text_is(type, "tmpfs"))
		source = TEXT("");
	else if (!text_is(type, "bind"))
		source = compose_project_volume(r->service->project, source);
	put_mount(r->m, &r->list, source, destination, manifest_truth(read_only) == 1 ? TEXT("ro") : TEXT("rw"));
}

static void read_volume(struct reading *r, const struct yaml *item)
{
	struct text text, source, destination, mode;
	if (item->kind == YAML_MAPPING) {
		read_volume_mapping(r, item);
	} else if (item_text(r, item, &text)) {
		compose_volume(text, &source, &destination, &mode);
		put_mount(r->m, &r->list, compose_project_volume(r->service->project, source), destination, mode);
	}
}

static void read_propagation(struct reading *r, const struct yaml *item)
{
	struct text source, destination, words;
	if (item->kind == YAML_MAPPING) {
		if (!known_text(r, item, "source", &source) || !known_text(r, compose_get(item, "bind"), "propagation", &words))
			return;
	} else {
		struct text text;
		if (!item_text(r, item, &text))
			return;
		compose_volume(text, &source, &destination, &words);
	}
	manifest_add_propagation(r->m, &r->list, compose_project_volume(r->service->project, source), words, ',');
}

/* /run:size=64m */
static void read_tmpfs(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (!item_text(r, item, &text))
		return;
	size_t colon = text_find(text, ':');
	put_mount(r->m, &r->list, TEXT(""), text_slice(text, 0, colon), text_slice(text, colon + 1, text.length));
}

/* A secret or config: its name, or {source, target}. One that is a file of the host is mounted, read-only. */
static void read_secret(struct reading *r, const struct yaml *item, const char *kind)
{
	struct text name = TEXT(""), target = TEXT("");
	if (item->kind == YAML_MAPPING ? !known_text(r, item, "source", &name) || !known_text(r, item, "target", &target)
				       : !item_text(r, item, &name))
		return;
	struct text file = compose_project_secret(r->service->project, kind, name);
	const char *folder = text_is(text_of(kind), "secrets") ? "/run/secrets/" : "/";
	if (!target.length)
		target = name;
	if (!text_starts(target, TEXT("/"), false))
		target = text_of(arena_printf(r->m->arena, "%s%.*s", folder, TEXT_ARGS(target)));
	if (file.length)
		put_mount(r->m, &r->list, file, target, TEXT("ro"));
}

static void read_file_secret(struct reading *r, const struct yaml *item)
{
	read_secret(r, item, "secrets");
}

static void read_file_config(struct reading *r, const struct yaml *item)
{
	read_secret(r, item, "configs");
}

/* SERVICE[:ro]: its volumes; of another project's container nobody knows them. */
static void read_volumes_from(struct reading *r, const struct yaml *item)
{
	const struct compose_service *service = r->service;
	struct text text;
	if (!item_text(r, item, &text))
		return;
	struct text name = text_slice(text, 0, text_find(text, ':')), mode = text_slice(text, name.length + 1, text.length);
	const struct yaml *other = compose_get_text(service->services, name);
	r->list.unresolved |= !other || compose_get(other, "extends") || compose_get(other, "volumes_from");
	struct compose_service from = {.project = service->project, .bases = {other}, .count = other != NULL};
	struct reading theirs = {.m = r->m, .service = &from};
	read_items(&theirs, "volumes", read_volume);
	for (size_t i = 0; i < theirs.list.count; i++) {
		struct text mount = theirs.list.items[i], source = text_slice(mount, 0, text_find(mount, ':'));
		struct text own = text_slice(mount, source.length + destination_key(mount).length + 2, mount.length);
		put_mount(r->m, &r->list, source, destination_key(mount), text_is(mode, "ro") ? mode : own);
	}
}

static void read_text(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (item_text(r, item, &text))
		put(r->m, &r->list, text, whole_key);
}

static void read_port(struct reading *r, const struct yaml *item)
{
	struct text text, address, target, protocol;
	if (item->kind == YAML_MAPPING) {
		if (!known_text(r, item, "published", &text) || !known_text(r, item, "target", &target) ||
			!known_text(r, item, "host_ip", &address) || !known_text(r, item, "protocol", &protocol))
			return;
		text = text_of(arena_printf(r->m->arena, "%.*s:%.*s:%.*s%s%.*s",
			TEXT_ARGS(address.length ? address : TEXT("0.0.0.0")), TEXT_ARGS(text), TEXT_ARGS(target),
			protocol.length ? "/" : "", TEXT_ARGS(protocol)));
	} else if (!item_text(r, item, &text)) {
		return;
	}
	struct text port = compose_port(r->m->arena, text);
	if (port.length)
		put(r->m, &r->list, port, whole_key);
	else
		r->list.unresolved = true;
}

static struct text pair(struct manifest *m, struct text name, struct text value)
{
	return text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(name), TEXT_ARGS(value)));
}

/* NAME=value; a variable's name alone takes its value from the environment. */
static void read_variable(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (!item_text(r, item, &text))
		return;
	const struct text *value = compose_variable(&r->service->project->variables, text);
	if (text_find(text, '=') < text.length)
		put(r->m, &r->list, text, name_key);
	else if (value)
		put(r->m, &r->list, pair(r->m, text, *value), name_key);
	else
		r->list.unresolved = true;
}

/* NAME=value; a label's name alone has an empty value. */
static void read_label(struct reading *r, const struct yaml *item)
{
	struct text text;
	if (item_text(r, item, &text))
		put(r->m, &r->list, text_find(text, '=') < text.length ? text : pair(r->m, text, TEXT("")), name_key);
}

/* environment and labels: a sequence of name=value, or a mapping. */
static void set_pairs(struct manifest *m, const struct compose_service *service, const char *key, const char *file_key,
	item_reader read, const char *field)
{
	struct reading r = {.m = m, .service = service, .pairs = true};
	read_items(&r, key, read);
	r.list.unresolved |= compose_service_single(service, file_key) != NULL; /* more than the file says */
	set_list(m, service, field, &r.list);
}

/* command and entrypoint: a sequence, or a command line. What is not said is the image's. */
static void set_words(struct manifest *m, const struct compose_service *service, const struct yaml *node, const char *field)
{
	struct reading r = {.m = m, .service = service};
	struct text text;
	if (node && node->kind == YAML_SCALAR && resolved_text(service, node, &text))
		r.list.count = compose_words(m->arena, text, &r.list.items);
	for (size_t i = 0; node && node->kind == YAML_SEQUENCE && i < node->count; i++)
		if (item_text(&r, &node->items[i], &text))
			manifest_add(m, &r.list, text);
	if (r.list.count)
		set_list(m, service, field, &r.list);
}

static void set_namespaces(struct manifest *m, const struct compose_service *service)
{
	struct manifest_list list = {0}, joined = {0};
	struct text text;
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		if (!resolved_text(service, compose_service_single(service, namespaces[i].key), &text))
			list.unresolved = joined.unresolved = true;
		else if (text_is(text, "host") || text_starts(text, TEXT("ns:/proc/1/ns/"), false))
			manifest_add(m, &list, namespaces[i].name);
		else
			manifest_add_joined(m, &joined, namespaces[i].name, text);
	}
	set_list(m, service, "container.namespaces.joined", &joined);
	set_list(m, service, "container.namespaces.host", &list);
}

static void set_items(struct manifest *m, const struct compose_service *service, const char *key, item_reader read,
	const char *field)
{
	struct reading r = {.m = m, .service = service};
	read_items(&r, key, read);
	set_list(m, service, field, &r.list);
}

static void set_options(struct manifest *m, const struct compose_service *service)
{
	struct reading r = {.m = m, .service = service};
	const struct yaml *credentials = compose_service_single(service, "credential_spec");
	struct text file;
	bool escalation = true;
	read_items(&r, "security_opt", read_option);
	if (known_text(&r, credentials, "file", &file) && file.length)
		put(m, &r.list, text_of(arena_printf(m->arena, "credentialspec=file://%.*s", TEXT_ARGS(file))), whole_key);
	for (size_t i = 0; i < r.list.count; i++)
		if (text_is(r.list.items[i], "no-new-privileges") || text_is(r.list.items[i], "no-new-privileges=true"))
			escalation = false;
	if (!escalation || (service->complete && !r.list.unresolved))
		manifest_set_bool(m, "container.security_context.allow_privilege_escalation", escalation);
	set_list(m, service, "container.security_context.options", &r.list);
}

static void set_mounts(struct manifest *m, const struct compose_service *service)
{
	struct reading r = {.m = m, .service = service};
	read_items(&r, "volumes_from", read_volumes_from);
	read_items(&r, "volumes", read_volume);
	read_items(&r, "tmpfs", read_tmpfs);
	read_items(&r, "secrets", read_file_secret);
	read_items(&r, "configs", read_file_config);
	if (manifest_truth(manifest_text(compose_service_single(service, "use_api_socket"))) == 1)
		put_mount(m, &r.list, TEXT("/run/docker.sock"), TEXT("/run/docker.sock"), TEXT("rw"));
	set_list(m, service, "container.mounts", &r.list);
}

/* What stands in lists and words of their own. */
static void set_further(struct manifest *m, const struct compose_service *service)
{
	struct reading sysctls = {.m = m, .service = service, .pairs = true};
	struct text driver;
	read_items(&sysctls, "sysctls", read_label);
	set_list(m, service, "container.sysctls", &sysctls.list);
	set_items(m, service, "device_cgroup_rules", read_text, "container.device_rules");
	set_items(m, service, "group_add", read_text, "container.groups");
	set_items(m, service, "volumes_from", read_text, "container.volumes_from");
	set_items(m, service, "volumes", read_propagation, "container.mount_propagation");
	set_single(m, service, "runtime", "container.oci_runtime");
	set_single(m, service, "cgroup_parent", "container.cgroup_parent");
	set_single(m, service, "working_dir", "container.working_directory");
	if (resolved_text(service, compose_get(compose_service_single(service, "logging"), "driver"), &driver))
		manifest_set(m, "container.log_driver", driver);
}

/* `restart`, else what the service is deployed with. */
static void set_restart(struct manifest *m, const struct compose_service *service)
{
	const struct yaml *policy = compose_get(compose_service_single(service, "deploy"), "restart_policy");
	const struct yaml *node = compose_service_single(service, "restart");
	struct text text;
	if (!node && policy) {
		if (!resolved_text(service, compose_get(policy, "condition"), &text))
			return;
		bool any = !text.length || text_is(text, "any");
		manifest_set(m, "container.restart_policy", any ? TEXT("always") : text_is(text, "none") ? TEXT("no") : text);
		return;
	}
	if (resolved_text(service, node, &text) && (text.length || service->complete))
		manifest_set(m, "container.restart_policy", !text.length || text_is(text, "false") ? TEXT("no") : text);
}

static void set_name(struct manifest *m, const struct compose_service *service)
{
	struct text name;
	if (!resolved_text(service, compose_service_single(service, "container_name"), &name) || !name.length)
		name = service->name;
	manifest_set(m, "container.runtime", TEXT("docker"));
	manifest_set(m, "container.name", name);
	manifest_set(m, "orchestrator.resource.name", service->name);
	manifest_set(m, "orchestrator.resource.type", TEXT("service"));
}

void compose_service_fill(struct manifest *m, const struct compose_service *service)
{
	struct text image;
	set_name(m, service);
	if (resolved_text(service, compose_service_single(service, "image"), &image))
		manifest_set_image(m, image);
	set_truth(m, service, compose_service_single(service, "privileged"), "container.security_context.privileged");
	set_truth(m, service, compose_service_single(service, "read_only"), "container.security_context.read_only_root");
	set_items(m, service, "cap_add", read_capability, "container.capabilities.added");
	set_items(m, service, "cap_drop", read_capability, "container.capabilities.dropped");
	set_options(m, service);
	set_namespaces(m, service);
	set_mounts(m, service);
	set_items(m, service, "devices", read_device, "container.devices");
	set_items(m, service, "ports", read_port, "container.ports");
	set_pairs(m, service, "environment", "env_file", read_variable, "container.environment");
	set_pairs(m, service, "labels", "label_file", read_label, "container.labels");
	set_words(m, service, compose_service_single(service, "command"), "container.command");
	set_words(m, service, compose_service_single(service, "entrypoint"), "container.entrypoint");
	set_single(m, service, "user", "container.user");
	set_restart(m, service);
	set_further(m, service);
}

void compose_service_fill_hook(struct manifest *m, const struct compose_service *service, const struct yaml *hook)
{
	struct compose_service own = {.project = service->project, .bases = {hook}, .count = 1, .complete = true};
	set_name(m, service);
	set_truth(m, &own, compose_get(hook, "privileged"), "container.security_context.privileged");
	set_single(m, &own, "user", "container.user");
	set_words(m, &own, compose_get(hook, "command"), "container.command");
	set_pairs(m, &own, "environment", "env_file", read_variable, "container.environment");
}

/* Asked for as such, or by the entitlement that RUN --security=insecure needs. */
bool compose_service_build_privileged(const struct compose_service *service)
{
	for (size_t i = 0, count = bases_of(service, "build"); i < count; i++) {
		const struct yaml *build = compose_get(service->bases[i], "build"), *entitlements = compose_get(build, "entitlements");
		struct text text;
		if (resolved_text(service, compose_get(build, "privileged"), &text) && manifest_truth(text) == 1)
			return true;
		for (size_t k = 0; entitlements && entitlements->kind == YAML_SEQUENCE && k < entitlements->count; k++)
			if (text_is(manifest_text(&entitlements->items[k]), "security.insecure"))
				return true;
	}
	return false;
}

void compose_service_fill_build(struct manifest *m, const struct compose_service *service)
{
	set_name(m, service);
	manifest_set(m, "orchestrator.resource.type", TEXT("build"));
	manifest_set_bool(m, "container.security_context.privileged", true);
}
