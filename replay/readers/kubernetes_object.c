/*
 * kubernetes_object: see kubernetes_object.h.
 */
#include "replay/readers/kubernetes_object.h"

/* Groups of files that look like objects and that a program reads as its settings. */
static const struct text settings_groups[] = {
	{"kustomize.config.k8s.io/", 24}, {"kubelet.config.k8s.io/", 22}, {"kubeadm.k8s.io/", 15}, {"kind.x-k8s.io/", 14},
	{"apiserver.config.k8s.io/", 24}, {"kubeproxy.config.k8s.io/", 24}, {"kubescheduler.config.k8s.io/", 28},
	{"audit.k8s.io/", 13}, {"admission.k8s.io/", 17}, {"client.authentication.k8s.io/", 29}, {"skaffold/", 9},
};

struct fact_row {
	const char *kind;
	void (*set)(struct manifest *m, const struct yaml *object);
};

bool object_is_request(struct text api_version)
{
	for (size_t i = 0; i < sizeof settings_groups / sizeof *settings_groups; i++)
		if (text_starts(api_version, settings_groups[i], false))
			return false;
	return api_version.length > 0;
}

/* Where a list is left out it stands for one empty item. */
static struct text item_or_empty(const struct yaml *list, size_t i)
{
	return i < pod_items(list) ? manifest_text(&list->items[i]) : TEXT("");
}

static size_t at_least_one(const struct yaml *list)
{
	return pod_items(list) ? pod_items(list) : 1;
}

/* verb:resource.group, as kubectl writes a resource: the core group has no name, `*` is any group. A rule for objects of
 * certain names allows `verb:resource.group=NAME`. */
static struct text permission(struct manifest *m, struct text verb, struct text resource, struct text group, struct text object)
{
	size_t slash = text_find(resource, '/');
	struct text name = text_slice(resource, 0, slash), below = text_slice(resource, slash, resource.length);
	return text_of(arena_printf(m->arena, "%.*s:%.*s%s%.*s%.*s%s%.*s", TEXT_ARGS(verb), TEXT_ARGS(name), group.length ? "." : "",
		TEXT_ARGS(group), TEXT_ARGS(below), object.length ? "=" : "", TEXT_ARGS(object)));
}

static void add_permission(struct manifest *m, struct manifest_list *list, struct text item)
{
	if (list->count < OBJECT_ITEMS_MAX)
		manifest_add(m, list, item);
}

/* One verb on one resource of one group, for each name that the rule gives, or for all. Any group is the core one as well. */
static void add_resource(struct manifest *m, struct manifest_list *list, const struct yaml *rule, struct text verb,
	struct text resource, struct text group)
{
	const struct yaml *names = pod_get(rule, "resourceNames");
	for (size_t n = 0; n < at_least_one(names) && list->count < OBJECT_ITEMS_MAX; n++) {
		struct text object = item_or_empty(names, n);
		add_permission(m, list, permission(m, verb, resource, group, object));
		if (text_is(group, "*"))
			add_permission(m, list, permission(m, verb, resource, TEXT(""), object));
	}
}

/* All that one verb of a rule may do. */
static void add_verb(struct manifest *m, struct manifest_list *list, const struct yaml *rule, struct text verb)
{
	const struct yaml *groups = pod_get(rule, "apiGroups"), *resources = pod_get(rule, "resources");
	const struct yaml *paths = pod_get(rule, "nonResourceURLs");
	for (size_t r = 0; r < pod_items(resources); r++)
		for (size_t g = 0; g < at_least_one(groups) && list->count < OBJECT_ITEMS_MAX; g++)
			add_resource(m, list, rule, verb, manifest_text(&resources->items[r]), item_or_empty(groups, g));
	for (size_t p = 0; p < pod_items(paths); p++)
		add_permission(m, list, permission(m, verb, manifest_text(&paths->items[p]), TEXT(""), TEXT("")));
}

static void set_role(struct manifest *m, const struct yaml *object)
{
	const struct yaml *rules = pod_get(object, "rules");
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(rules); i++) {
		const struct yaml *verbs = pod_get(&rules->items[i], "verbs");
		for (size_t v = 0; v < pod_items(verbs) && list.count < OBJECT_ITEMS_MAX; v++)
			add_verb(m, &list, &rules->items[i], manifest_text(&verbs->items[v]));
	}
	manifest_set_list(m, "orchestrator.role.permissions", &list);
}

/* User:NAME, Group:NAME, ServiceAccount:NAMESPACE:NAME (its own namespace where none is written). */
static void set_binding(struct manifest *m, const struct yaml *object)
{
	const struct yaml *role = pod_get(object, "roleRef"), *subjects = pod_get(object, "subjects");
	struct text own = pod_text(pod_get(object, "metadata"), "namespace");
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(subjects); i++) {
		struct text kind = pod_text(&subjects->items[i], "kind"), name = pod_text(&subjects->items[i], "name");
		struct text space = pod_text(&subjects->items[i], "namespace");
		if (!space.length)
			space = own;
		if (text_is(kind, "ServiceAccount"))
			manifest_add(m, &list,
				text_of(arena_printf(m->arena, "ServiceAccount:%.*s:%.*s", TEXT_ARGS(space), TEXT_ARGS(name))));
		else if (name.length)
			manifest_add(m, &list, text_of(arena_printf(m->arena, "%.*s:%.*s", TEXT_ARGS(kind), TEXT_ARGS(name))));
	}
	manifest_set(m, "orchestrator.binding.role", pod_text(role, "name"));
	manifest_set(m, "orchestrator.binding.role_type", text_fold(m->arena, pod_text(role, "kind")));
	manifest_set_list(m, "orchestrator.binding.subjects", &list);
}

static void set_texts(struct manifest *m, const char *field, const struct yaml *sequence)
{
	struct manifest_list list = {0};
	for (size_t i = 0; i < pod_items(sequence); i++)
		manifest_add(m, &list, manifest_text(&sequence->items[i]));
	manifest_set_list(m, field, &list);
}

static void set_service(struct manifest *m, const struct yaml *object)
{
	const struct yaml *spec = pod_get(object, "spec");
	struct text type = pod_text(spec, "type");
	if (!type.length && !m->partial && !pod_get(spec, "type"))
		type = TEXT("ClusterIP");
	manifest_set(m, "orchestrator.service.type", type);
	set_texts(m, "orchestrator.service.external_ips", pod_get(spec, "externalIPs"));
	pod_set_pairs(m, "orchestrator.service.selector", pod_get(spec, "selector"));
}

/* Each line of a value on its own, with its key before it. */
static void add_lines(struct manifest *m, struct manifest_list *list, struct text key, struct text value)
{
	while (value.length && list->count < OBJECT_ITEMS_MAX) {
		size_t end = text_find(value, '\n');
		struct text line = text_trim(text_slice(value, 0, end));
		if (line.length)
			manifest_add(m, list, text_of(arena_printf(m->arena, "%.*s=%.*s", TEXT_ARGS(key), TEXT_ARGS(line))));
		value = text_slice(value, end + 1, value.length);
	}
}

static void set_config(struct manifest *m, const struct yaml *object)
{
	const struct yaml *data = pod_get(object, "data");
	struct manifest_list list = {0};
	for (size_t i = 0; data && data->kind == YAML_MAPPING && i < data->count; i++)
		add_lines(m, &list, data->keys[i].text, manifest_text(&data->items[i]));
	manifest_set_list(m, "orchestrator.resource.data", &list);
}

/* Of a Secret the names alone: its values are nobody's business here. */
static void set_secret(struct manifest *m, const struct yaml *object)
{
	static const char *const places[] = {"data", "stringData"};
	struct manifest_list list = {0};
	for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
		const struct yaml *data = pod_get(object, places[p]);
		for (size_t i = 0; data && data->kind == YAML_MAPPING && i < data->count; i++)
			manifest_add(m, &list, data->keys[i].text);
	}
	manifest_set(m, "orchestrator.secret.type", pod_text(object, "type"));
	manifest_set_list(m, "orchestrator.resource.data", &list);
}

static void set_ingress(struct manifest *m, const struct yaml *object)
{
	size_t tls = pod_items(pod_get(pod_get(object, "spec"), "tls"));
	if (tls || !m->partial)
		manifest_set_bool(m, "orchestrator.ingress.tls", tls > 0);
}

/* All requests that a rule of a webhook names, as permission() writes them: create:pods, *:*.*. */
static void add_webhook_rule(struct manifest *m, struct manifest_list *list, const struct yaml *rule)
{
	const struct yaml *verbs = pod_get(rule, "operations"), *resources = pod_get(rule, "resources");
	const struct yaml *groups = pod_get(rule, "apiGroups");
	for (size_t v = 0; v < pod_items(verbs); v++)
		for (size_t r = 0; r < pod_items(resources); r++)
			for (size_t g = 0; g < at_least_one(groups) && list->count < OBJECT_ITEMS_MAX; g++)
				manifest_add(m, list, permission(m, text_fold(m->arena, manifest_text(&verbs->items[v])),
					manifest_text(&resources->items[r]), item_or_empty(groups, g), TEXT("")));
}

static void set_webhooks(struct manifest *m, const struct yaml *object)
{
	const struct yaml *webhooks = pod_get(object, "webhooks");
	struct manifest_list list = {0}, requests = {0};
	for (size_t i = 0; i < pod_items(webhooks); i++) {
		const struct yaml *rules = pod_get(&webhooks->items[i], "rules");
		manifest_add(m, &list, pod_text(pod_get(&webhooks->items[i], "clientConfig"), "url"));
		for (size_t k = 0; k < pod_items(rules); k++)
			add_webhook_rule(m, &requests, &rules->items[k]);
	}
	manifest_set_list(m, "orchestrator.webhook.urls", &list);
	if (requests.count) /* none are no webhook's: what was recorded, or a patch, leaves them out */
		manifest_set_list(m, "orchestrator.webhook.requests", &requests);
}

static void set_certificate(struct manifest *m, const struct yaml *object)
{
	manifest_set(m, "orchestrator.certificate.signer", pod_text(pod_get(object, "spec"), "signerName"));
}

static void set_volume(struct manifest *m, const struct yaml *object)
{
	const struct yaml *spec = pod_get(object, "spec"), *folder = pod_get(spec, "hostPath");
	manifest_set(m, "orchestrator.volume.host_path", pod_text(folder ? folder : pod_get(spec, "local"), "path"));
}

static const struct fact_row rows[] = {
	{"role", set_role}, {"clusterrole", set_role}, {"rolebinding", set_binding}, {"clusterrolebinding", set_binding},
	{"service", set_service}, {"configmap", set_config}, {"secret", set_secret}, {"ingress", set_ingress},
	{"mutatingwebhookconfiguration", set_webhooks}, {"validatingwebhookconfiguration", set_webhooks},
	{"certificatesigningrequest", set_certificate}, {"persistentvolume", set_volume},
};

void object_fill_facts(struct manifest *m, const struct yaml *object, struct text kind)
{
	const struct yaml *metadata = pod_get(object, "metadata");
	pod_set_pairs(m, "orchestrator.resource.label", pod_get(metadata, "labels"));
	pod_set_pairs(m, "orchestrator.resource.annotation", pod_get(metadata, "annotations"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_equal_fold(kind, text_of(rows[i].kind)))
			rows[i].set(m, object);
}

void object_fill(struct manifest *m, const struct yaml *object, struct text kind)
{
	const struct yaml *metadata = pod_get(object, "metadata");
	struct text version = pod_text(object, "apiVersion"), name = pod_text(metadata, "name");
	size_t slash = text_find(version, '/');
	manifest_set(m, "orchestrator.api_version", version);
	manifest_set(m, "orchestrator.namespace", pod_text(metadata, "namespace"));
	manifest_set(m, "orchestrator.resource.name", name.length ? name : pod_text(metadata, "generateName"));
	manifest_set(m, "orchestrator.resource.type", text_fold(m->arena, kind));
	if (slash < version.length)
		manifest_set(m, "orchestrator.resource.group", text_slice(version, 0, slash));
	object_fill_facts(m, object, kind);
}
