/*
 * compose: compose files; each service is the request of one container.
 */
#include "catalog/container.h"
#include "replay/readers/compose_text.h"
#include "replay/readers/formats.h"
#include "replay/readers/manifest.h"

enum { EXTENDS_MAX = 16, BASES_MAX = EXTENDS_MAX + 1 };

/* A service and the services that it extends, nearest first. */
struct service {
	struct text name;
	const struct yaml *bases[BASES_MAX];
	size_t count;
	bool complete; /* false: it extends a service of another file */
};

struct namespace_row {
	const char *key;
	struct text name;
};
static const struct namespace_row namespaces[] = {
	{"pid", {"pid", 3}}, {"network_mode", {"network", 7}}, {"ipc", {"ipc", 3}}, {"userns_mode", {"user", 4}},
	{"uts", {"uts", 3}}, {"cgroup", {"cgroup", 6}},
};

static const struct yaml *get(const struct yaml *mapping, const char *key)
{
	return mapping && mapping->kind == YAML_MAPPING ? yaml_get(mapping, key) : NULL;
}

/* The nearest value of a key that is said once. */
static const struct yaml *single(const struct service *service, const char *key)
{
	const struct yaml *node = NULL;
	for (size_t i = 0; i < service->count && !node; i++)
		node = get(service->bases[i], key);
	return node;
}

static bool resolved_text(struct manifest *m, const struct yaml *node, struct text *text)
{
	*text = TEXT("");
	return !node || node->kind != YAML_SCALAR || compose_resolve(m->arena, node->text, text);
}

static void set_single(struct manifest *m, const struct service *service, const char *key, const char *field)
{
	struct text text;
	if (resolved_text(m, single(service, key), &text))
		manifest_set(m, field, text);
}

/* A boolean: false where it is not said and nothing else could say it. */
static void set_truth(struct manifest *m, const struct service *service, const char *key, const char *field)
{
	const struct yaml *node = single(service, key);
	struct text text;
	if (!node || node->kind == YAML_NULL) {
		if (service->complete)
			manifest_set_bool(m, field, false);
		return;
	}
	int truth = resolved_text(m, node, &text) ? manifest_truth(text) : -1;
	if (truth >= 0)
		manifest_set_bool(m, field, truth);
}

static void set_list(struct manifest *m, const struct service *service, const char *field, struct manifest_list *list)
{
	list->unresolved |= !service->complete;
	manifest_set_list(m, field, list);
}

typedef void (*item_reader)(struct manifest *m, const struct yaml *item, struct manifest_list *list);

/* Items of a key in all services that are extended: sequences add up; one scalar is a list of one. */
static void read_items(struct manifest *m, const struct service *service, const char *key, item_reader read,
	struct manifest_list *list)
{
	for (size_t i = service->count; i > 0; i--) {
		const struct yaml *node = get(service->bases[i - 1], key);
		if (node && node->kind == YAML_SCALAR)
			read(m, node, list);
		for (size_t k = 0; node && node->kind == YAML_SEQUENCE && k < node->count; k++)
			read(m, &node->items[k], list);
	}
}

static bool item_text(struct manifest *m, const struct yaml *item, struct manifest_list *list, struct text *text)
{
	bool known = resolved_text(m, item, text) && text->length;
	list->unresolved |= !known;
	return known;
}

static void read_capability(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text;
	if (item_text(m, item, list, &text))
		manifest_add(m, list, container_capability(m->arena, text));
}

static void read_device(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text;
	if (item->kind == YAML_MAPPING)
		item = get(item, "source");
	if (item_text(m, item, list, &text))
		manifest_add(m, list, text_slice(text, 0, text_find(text, ':')));
}

/* seccomp:unconfined is the old spelling of seccomp=unconfined. */
static void read_option(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text;
	if (!item_text(m, item, list, &text))
		return;
	size_t colon = text_find(text, ':');
	if (text_find(text, '=') == text.length && colon < text.length)
		text = text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(text_slice(text, 0, colon)),
			TEXT_ARGS(text_slice(text, colon + 1, text.length))));
	manifest_add(m, list, text);
}

static void read_volume_mapping(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text source, destination, type, read_only;
	bool known = resolved_text(m, get(item, "source"), &source) && resolved_text(m, get(item, "target"), &destination) &&
		resolved_text(m, get(item, "type"), &type) && resolved_text(m, get(item, "read_only"), &read_only);
	list->unresolved |= !known;
	if (!known)
		return;
	if (text_is(type, "tmpfs"))
		source = TEXT("");
	manifest_add_mount(m, list, source, destination, manifest_truth(read_only) == 1 ? TEXT("ro") : TEXT("rw"));
}

static void read_volume(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text, source, destination, mode;
	if (item->kind == YAML_MAPPING) {
		read_volume_mapping(m, item, list);
	} else if (item_text(m, item, list, &text)) {
		compose_volume(text, &source, &destination, &mode);
		manifest_add_mount(m, list, source, destination, mode);
	}
}

/* /run:size=64m */
static void read_tmpfs(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text, mode = TEXT("");
	if (!item_text(m, item, list, &text))
		return;
	size_t colon = text_find(text, ':');
	if (colon < text.length)
		mode = text_slice(text, colon + 1, text.length);
	manifest_add_mount(m, list, TEXT(""), text_slice(text, 0, colon), mode);
}

static void read_port(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text, address, target;
	if (item->kind == YAML_MAPPING) {
		bool known = resolved_text(m, get(item, "published"), &text) && resolved_text(m, get(item, "target"), &target) &&
			resolved_text(m, get(item, "host_ip"), &address);
		if (known)
			text = text_of(arena_printf(m->arena, "%.*s:%.*s:%.*s", TEXT_ARGS(address.length ? address : TEXT("0.0.0.0")),
				TEXT_ARGS(text), TEXT_ARGS(target)));
		list->unresolved |= !known;
		if (!known)
			return;
	} else if (!item_text(m, item, list, &text)) {
		return;
	}
	struct text port = compose_port(m->arena, text);
	if (port.length)
		manifest_add(m, list, port);
	else
		list->unresolved = true;
}

/* NAME=value; a name alone takes its value from the environment, which nobody knows. */
static void read_pair(struct manifest *m, const struct yaml *item, struct manifest_list *list)
{
	struct text text;
	if (!item_text(m, item, list, &text))
		return;
	if (text_find(text, '=') < text.length)
		manifest_add(m, list, text);
	else
		list->unresolved = true;
}

/* environment and labels: a sequence of name=value, or a mapping. */
static void set_pairs(struct manifest *m, const struct service *service, const char *key, const char *field)
{
	struct manifest_list list = {0};
	read_items(m, service, key, read_pair, &list);
	for (size_t i = service->count; i > 0; i--) {
		const struct yaml *node = get(service->bases[i - 1], key);
		for (size_t k = 0; node && node->kind == YAML_MAPPING && k < node->count; k++) {
			struct text value;
			bool known = node->items[k].kind == YAML_SCALAR && resolved_text(m, &node->items[k], &value);
			list.unresolved |= !known;
			if (known)
				manifest_add(m, &list,
					text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(node->keys[k].text), TEXT_ARGS(value))));
		}
	}
	set_list(m, service, field, &list);
}

/* command and entrypoint: a sequence, or a command line. What is not said is the image's. */
static void set_words(struct manifest *m, const struct service *service, const char *key, const char *field)
{
	const struct yaml *node = single(service, key);
	struct manifest_list list = {0};
	struct text text;
	if (node && node->kind == YAML_SCALAR && resolved_text(m, node, &text))
		list.count = compose_words(m->arena, text, &list.items);
	else if (node && node->kind == YAML_SCALAR)
		list.unresolved = true;
	for (size_t i = 0; node && node->kind == YAML_SEQUENCE && i < node->count; i++)
		if (item_text(m, &node->items[i], &list, &text))
			manifest_add(m, &list, text);
	if (list.count)
		set_list(m, service, field, &list);
}

static void set_namespaces(struct manifest *m, const struct service *service)
{
	struct manifest_list list = {0};
	struct text text;
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++) {
		if (!resolved_text(m, single(service, namespaces[i].key), &text))
			list.unresolved = true;
		else if (text_is(text, "host"))
			manifest_add(m, &list, namespaces[i].name);
	}
	set_list(m, service, "container.namespaces.host", &list);
}

static void set_security(struct manifest *m, const struct service *service)
{
	struct manifest_list added = {0}, dropped = {0}, options = {0};
	bool escalation = true;
	read_items(m, service, "cap_add", read_capability, &added);
	read_items(m, service, "cap_drop", read_capability, &dropped);
	read_items(m, service, "security_opt", read_option, &options);
	for (size_t i = 0; i < options.count; i++)
		if (text_is(options.items[i], "no-new-privileges") || text_is(options.items[i], "no-new-privileges=true"))
			escalation = false;
	set_truth(m, service, "privileged", "container.security_context.privileged");
	set_truth(m, service, "read_only", "container.security_context.read_only_root");
	if (!escalation || (service->complete && !options.unresolved))
		manifest_set_bool(m, "container.security_context.allow_privilege_escalation", escalation);
	set_list(m, service, "container.capabilities.added", &added);
	set_list(m, service, "container.capabilities.dropped", &dropped);
	set_list(m, service, "container.security_context.options", &options);
	set_namespaces(m, service);
}

static void set_lists(struct manifest *m, const struct service *service)
{
	struct manifest_list mounts = {0}, devices = {0}, ports = {0};
	read_items(m, service, "volumes", read_volume, &mounts);
	read_items(m, service, "tmpfs", read_tmpfs, &mounts);
	read_items(m, service, "devices", read_device, &devices);
	read_items(m, service, "ports", read_port, &ports);
	set_list(m, service, "container.mounts", &mounts);
	set_list(m, service, "container.devices", &devices);
	set_list(m, service, "container.ports", &ports);
	set_pairs(m, service, "environment", "container.environment");
	set_pairs(m, service, "labels", "container.labels");
	set_words(m, service, "command", "container.command");
	set_words(m, service, "entrypoint", "container.entrypoint");
}

/* Follows `extends` within the file: a name, or {service: name}; {file: …} is another file's. */
static void find_bases(const struct yaml *services, const struct yaml *own, struct service *service)
{
	const struct yaml *at = own;
	service->complete = true;
	while (at && service->count < BASES_MAX) {
		const struct yaml *extends = get(at, "extends");
		struct text name = extends && extends->kind == YAML_SCALAR ? extends->text : manifest_text(get(extends, "service"));
		service->bases[service->count++] = at;
		at = NULL;
		for (size_t i = 0; extends && !get(extends, "file") && i < services->count; i++)
			if (text_equal(services->keys[i].text, name))
				at = &services->items[i];
		for (size_t i = 0; i < service->count; i++)
			if (service->bases[i] == at)
				at = NULL;
		service->complete &= !extends || at;
	}
}

static void take_service(struct manifest *m, const struct yaml *services, size_t index)
{
	struct yaml place = services->items[index];
	struct service service = {.name = services->keys[index].text};
	struct text image, name, restart;
	place.place = services->keys[index].place; /* a service begins at its name */
	find_bases(services, &services->items[index], &service);
	manifest_begin(m, &place);
	manifest_set(m, "container.runtime", TEXT("docker"));
	if (!resolved_text(m, single(&service, "container_name"), &name) || !name.length)
		name = service.name;
	manifest_set(m, "container.name", name);
	if (resolved_text(m, single(&service, "image"), &image))
		manifest_set_image(m, image);
	set_security(m, &service);
	set_lists(m, &service);
	set_single(m, &service, "user", "container.user");
	if (resolved_text(m, single(&service, "restart"), &restart))
		manifest_set(m, "container.restart_policy", restart.length ? restart : TEXT("no"));
	manifest_set(m, "orchestrator.resource.name", service.name);
	manifest_set(m, "orchestrator.resource.type", TEXT("service"));
	manifest_deliver(m, &place);
}

static void take_document(struct manifest *m, const struct yaml *document)
{
	const struct yaml *services = get(document, "services");
	for (size_t i = 0; services && services->kind == YAML_MAPPING && i < services->count; i++)
		if (!text_starts(services->keys[i].text, TEXT("x-"), false))
			take_service(m, services, i);
}

int compose_run(struct input *input, const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, struct diagnostics *d)
{
	return manifest_run(input, options, sink, ledger, d, take_document);
}

static bool begins_services(struct text line)
{
	return text_starts(line, TEXT("services:"), false);
}

unsigned compose_fits(struct text sample)
{
	return reader_share(sample, begins_services) ? 70 : 0;
}
