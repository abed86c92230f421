/*
 * engine_swarm: Docker's POST /services/create and /services/ID/update (see engine_request.h): a service is a container that
 * some member of the swarm is to run, or each of them.
 */
#include "replay/readers/engine_request.h"

static void set_mounts(struct manifest *m, const struct yaml *container)
{
	const struct yaml *given = engine_get(container, "Mounts");
	struct manifest_list mounts = {0}, propagation = {0};
	for (size_t i = 0; i < engine_items(given); i++) {
		const struct yaml *item = &given->items[i];
		struct text source = text_is(engine_text(item, "Type"), "tmpfs") ? TEXT("") : engine_text(item, "Source");
		manifest_add_mount(m, &mounts, source, engine_text(item, "Target"),
			manifest_truth(engine_text(item, "ReadOnly")) == 1 ? TEXT("ro") : TEXT("rw"));
		manifest_add_propagation(m, &propagation, source,
			engine_text(engine_get(item, "BindOptions"), "Propagation"), ',');
	}
	engine_set_list(m, "container.mounts", &mounts);
	engine_set_list(m, "container.mount_propagation", &propagation);
}

/* {"SELinuxContext": {"Disable": true}, "Seccomp": {"Mode": "unconfined"}, "AppArmor": {"Mode": "disabled"}} */
static void set_security(struct manifest *m, const struct yaml *given)
{
	static const char *const labels[][2] = {{"User", "user"}, {"Role", "role"}, {"Type", "type"}};
	const struct yaml *selinux = engine_get(given, "SELinuxContext");
	struct manifest_list options = {0};
	if (text_is(engine_text(engine_get(given, "Seccomp"), "Mode"), "unconfined"))
		manifest_add(m, &options, TEXT("seccomp=unconfined"));
	if (text_is(engine_text(engine_get(given, "AppArmor"), "Mode"), "disabled"))
		manifest_add(m, &options, TEXT("apparmor=unconfined"));
	if (manifest_truth(engine_text(selinux, "Disable")) == 1)
		manifest_add(m, &options, TEXT("label=disable"));
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		struct text value = engine_text(selinux, labels[i][0]);
		if (value.length)
			manifest_add(m, &options, text_of(arena_printf(m->arena, "label=%s:%.*s", labels[i][1], TEXT_ARGS(value))));
	}
	engine_set_security(m, &options, manifest_truth(engine_text(given, "NoNewPrivileges")) == 1);
}

/* The host's network is the one that is called so; older clients ask for it beside the task. */
static void set_namespaces(struct manifest *m, const struct yaml *service, const struct yaml *task)
{
	const struct yaml *places[] = {engine_get(task, "Networks"), engine_get(service, "Networks")};
	struct manifest_list list = {0};
	for (size_t p = 0; p < sizeof places / sizeof *places; p++)
		for (size_t i = 0; i < engine_items(places[p]); i++)
			if (!list.count && text_is(engine_text(&places[p]->items[i], "Target"), "host"))
				manifest_add(m, &list, TEXT("network"));
	engine_set_list(m, "container.namespaces.host", &list);
}

/* In the words of containers; nothing said is `any`. */
static struct text restart_words(struct text condition)
{
	if (text_is(condition, "none"))
		return TEXT("no");
	return text_is(condition, "on-failure") ? condition : TEXT("always");
}

static const struct engine_port_names swarm_ports = {"", "PublishedPort", "TargetPort", "Protocol"};

void engine_fill_swarm(struct manifest *m, const struct yaml *service)
{
	const struct yaml *task = engine_get(service, "TaskTemplate"), *container = engine_get(task, "ContainerSpec");
	struct manifest_list none = {0};
	engine_set(m, "container.runtime", TEXT("docker"));
	engine_set(m, "container.name", engine_text(service, "Name"));
	manifest_set_image(m, engine_text(container, "Image"));
	engine_set_words(m, "container.entrypoint", engine_get(container, "Command"));
	engine_set_words(m, "container.command", engine_get(container, "Args"));
	engine_set_texts(m, "container.environment", engine_get(container, "Env"));
	engine_set_texts(m, "container.labels", engine_get(container, "Labels"));
	engine_set_texts(m, "container.groups", engine_get(container, "Groups"));
	engine_set_texts(m, "container.sysctls", engine_get(container, "Sysctls"));
	engine_set(m, "container.user", engine_text(container, "User"));
	engine_set(m, "container.working_directory", engine_text(container, "Dir"));
	engine_set(m, "container.restart_policy", restart_words(engine_text(engine_get(task, "RestartPolicy"), "Condition")));
	engine_set(m, "container.log_driver", engine_text(engine_get(task, "LogDriver"), "Name"));
	/* A swarm has no privileged containers and no devices. */
	engine_set_bool(m, "container.security_context.privileged", false);
	engine_set_list(m, "container.devices", &none);
	engine_set_truth(m, "container.security_context.read_only_root", container, "ReadOnly");
	engine_set_capabilities(m, "container.capabilities.added", engine_get(container, "CapabilityAdd"));
	engine_set_capabilities(m, "container.capabilities.dropped", engine_get(container, "CapabilityDrop"));
	set_mounts(m, container);
	set_security(m, engine_get(container, "Privileges"));
	set_namespaces(m, service, task);
	engine_set_ports(m, engine_get(engine_get(service, "EndpointSpec"), "Ports"), &swarm_ports);
}
