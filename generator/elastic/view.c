/* view: an event as Elastic's integrations put it into their data streams. */
#include "generator/elastic/view.h"

#include <string.h>

struct viewing {
	const struct registry *registry;
	const struct facet *facet;
	struct arena *arena;
	struct sights *sights;
	struct text category, action;
	bool in_container;
};

/* --- setting --- */

/* Stray bytes become the replacement character. */
static struct text readable(struct arena *arena, struct text text)
{
	struct buffer out = {0};

	if (utf8_valid(text))
		return text;
	for (size_t i = 0; i < text.length;) {
		size_t step = utf8_step(text.data + i, text.length - i);

		if (step == 1 && (text.data[i] & 0x80))
			buffer_string(&out, "\xEF\xBF\xBD");
		else
			buffer_add(&out, text.data + i, step);
		i += step;
	}
	struct text copy = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return copy;
}

static void put(struct viewing *v, struct sight *sight, const char *name, const char *field)
{
	unsigned number = registry_field(v->registry, text_of(field));
	const struct values *values = number != FIELD_NONE ? facet_get(v->facet, number) : NULL;
	struct text *texts;

	if (values == NULL || values->count == 0)
		return;
	texts = arena_array(v->arena, values->count, sizeof(*texts));
	for (size_t i = 0; i < values->count; i++)
		texts[i] = readable(v->arena, values->items[i].text);
	sight_set_list(v->arena, sight, name, texts, values->count);
}

static void put_same(struct viewing *v, struct sight *sight, const char *const *fields)
{
	for (; *fields != NULL; fields++)
		put(v, sight, *fields, *fields);
}

static void put_text(struct viewing *v, struct sight *sight, const char *name, const char *text)
{
	sight_set(v->arena, sight, name, text_of(text));
}

static void put_texts(struct viewing *v, struct sight *sight, const char *name, const char *texts)
{
	struct text *pieces;
	size_t count = text_split(v->arena, text_of(texts), ' ', &pieces);

	sight_set_list(v->arena, sight, name, pieces, count);
}

/* --- what acts are called --- */

struct wording {
	const char *act, *types, *word; /* of several words the first is the usual one */
	const char *syscall; /* auditd.data.syscall, where the word depends on it */
};

/* The word that the product gave the act, if it is one of these; empty: another product's. */
static struct text word_of(const struct viewing *v, const struct wording *wording)
{
	struct text given = facet_text(v->facet, registry_field(v->registry, TEXT("event.reported_action"))), *words;
	size_t count = text_split(v->arena, text_of(wording->word), ' ', &words);

	for (size_t i = 0; i < count; i++) {
		if (given.length == 0 || text_equal(words[i], given))
			return words[i];
	}
	return TEXT("");
}

static const struct wording *wording_of(const struct viewing *v, const struct wording *table)
{
	const char *act = arena_printf(v->arena, "%.*s.%.*s", TEXT_ARGS(v->category), TEXT_ARGS(v->action));

	for (; table->act != NULL; table++) {
		if (strcmp(table->act, act) == 0)
			return word_of(v, table).length > 0 ? table : NULL;
	}
	return NULL;
}

static const char *module_of(const struct viewing *v, const char *dataset)
{
	return arena_strndup(v->arena, dataset, text_find(text_of(dataset), '.'));
}

static struct sight *begin(struct viewing *v, const char *kind, const char *dataset, const struct wording *wording)
{
	struct sight *sight = sight_add(v->arena, v->sights, v->facet, text_of(kind));
	struct text category = v->category;

	put_text(v, sight, "data_stream.dataset", dataset);
	put_text(v, sight, "event.module", strncmp(dataset, "auditd", 6) == 0 ? "auditd" : module_of(v, dataset));
	if (wording != NULL) {
		sight_set(v->arena, sight, "event.category", category);
		put_texts(v, sight, "event.type", wording->types);
		sight_set(v->arena, sight, "event.action", word_of(v, wording));
	}
	return sight;
}

/* An act that the registry has no name for, by the word that the product gave it. */
static const char *reported_word(struct viewing *v)
{
	struct text word = facet_text(v->facet, registry_field(v->registry, TEXT("event.reported_action")));

	return word.length > 0 ? arena_strndup(v->arena, word.data, word.length) : NULL;
}

/* Defend tells of acts that happened, and not of attempts. Its own documents do not say so. */
static bool happened(const struct viewing *v)
{
	struct text outcome = facet_text(v->facet, FIELD_OUTCOME);
	struct text dataset = facet_text(v->facet, registry_field(v->registry, TEXT("event.dataset")));

	return outcome.length > 0 ? text_is(outcome, "success") : text_is(dataset, "elastic") || text_is(dataset, "ecs");
}

static void put_natives(struct viewing *v, struct sight *sight)
{
	sight_set_natives(v->arena, sight, v->registry, TEXT("elastic"));
}

/* --- Elastic Defend --- */

static const struct wording endpoint_words[] = {
	{"process.exec", "start", "exec", NULL},
	{"process.fork", "start", "fork", NULL},
	{"process.exit", "end", "end", NULL},
	{"process.setuid", "change", "uid_change", NULL},
	{"file.create", "creation", "creation", NULL},
	{"file.delete", "deletion", "deletion", NULL},
	{"file.rename", "change", "rename", NULL},
	{"file.modify", "change", "modification", NULL},
	{"file.open", "change", "open", NULL},
	{"network.connect", "start", "connection_attempted", NULL},
	{"network.accept", "start", "connection_accepted", NULL},
	{NULL, NULL, NULL, NULL},
};

static const struct wording endpoint_others[] = {
	{"process.other", "change", "gid_change", NULL},
	{"process.other", "change", "session_id_change", NULL},
	{"process.other", "start", "load_module", NULL},
	{"process.other", "info", "already_running", NULL},
	{"network.other", "end", "disconnect_received", NULL},
	{"network.other", "info", "lookup_requested", NULL},
	{"network.other", "info", "lookup_result", NULL},
	{NULL, NULL, NULL, NULL},
};

static const struct wording *other_wording(struct viewing *v, const struct wording *table)
{
	const char *word = reported_word(v);
	const char *act = arena_printf(v->arena, "%.*s.%.*s", TEXT_ARGS(v->category), TEXT_ARGS(v->action));

	for (; word != NULL && table->act != NULL; table++) {
		if (strcmp(table->act, act) == 0 && strcmp(table->word, word) == 0)
			return table;
	}
	return NULL;
}

static const char *const actor_fields[] = {"host.name", "user.id", "user.name", "process.pid", "process.name",
	"process.executable", "process.args", "process.args_count", "process.command_line", "process.working_directory",
	"process.parent.pid", "process.parent.name", "process.parent.executable", "process.parent.command_line",
	"process.thread.capabilities.effective", "process.thread.capabilities.permitted", "container.id",
	"container.name", "container.image.name", "container.image.tag", "orchestrator.namespace",
	"orchestrator.resource.name", "orchestrator.resource.type", NULL};

static void put_file(struct viewing *v, struct sight *sight)
{
	if (!text_is(v->category, "file"))
		return;
	if (text_is(v->action, "rename")) {
		put(v, sight, "file.Ext.original.path", "file.path");
		put(v, sight, "file.Ext.original.name", "file.name");
		put(v, sight, "file.path", "file.target_path");
		put(v, sight, "file.name", "file.target_name");
		return;
	}
	put(v, sight, "file.path", "file.path");
	put(v, sight, "file.name", "file.name");
}

static void put_defend(struct viewing *v, struct sight *sight)
{
	static const char *const network[] = {
		"source.ip", "source.port", "destination.ip", "destination.port", "network.transport", NULL};

	put_text(v, sight, "host.os.type", "linux");
	put_same(v, sight, actor_fields);
	put(v, sight, "group.id", "user.group.id");
	put_file(v, sight);
	if (text_is(v->category, "network"))
		put_same(v, sight, network);
	if (text_is(v->action, "exit"))
		put(v, sight, "process.exit_code", "process.exit_code");
	put_natives(v, sight);
}

/* Connections to paths are none for it, and what failed did not happen. */
static void view_endpoint(struct viewing *v)
{
	const struct wording *wording = wording_of(v, endpoint_words);
	struct text address = facet_text(v->facet, registry_field(v->registry, TEXT("destination.address")));

	if (wording == NULL)
		wording = other_wording(v, endpoint_others);
	if (wording == NULL || !happened(v) || (address.length > 0 && address.data[0] == '/'))
		return;
	const char *dataset = arena_printf(v->arena, "endpoint.events.%.*s", TEXT_ARGS(v->category));

	put_defend(v, begin(v, "endpoint", dataset, wording));
}

static void view_cloud_defend(struct viewing *v)
{
	const struct wording *wording = wording_of(v, endpoint_words);
	bool seen = text_is(v->category, "process") || text_is(v->category, "file");

	if (!v->in_container || !seen || wording == NULL || !happened(v) || text_is(v->action, "setuid"))
		return;
	struct sight *sight =
		begin(v, "cloud_defend", arena_printf(v->arena, "cloud_defend.%.*s", TEXT_ARGS(v->category)), wording);

	put_defend(v, sight);
	put(v, sight, "container.security_context.privileged", "container.security_context.privileged");
	put(v, sight, "container.id", "entity.id"); /* every process there has one */
	put_text(v, sight, "container.id", "unknown");
}

/* --- Auditd Manager --- */

static const struct wording auditd_words[] = {
	{"process.exec", "start", "executed", "execve"},
	{"process.setuid", "change", "changed-identity-of", "setuid"},
	{"process.kill", "end", "killed-pid", "kill"},
	{"process.ptrace", "info", "ptrace", "ptrace"},
	{"process.setns", "info", "setns", "setns"},
	{"process.unshare", "info", "unshare", "unshare"},
	{"process.capset", "info", "capset", "capset"},
	{"file.delete", "deletion", "deleted", "unlink"},
	{"file.rename", "change", "renamed", "rename"},
	{"file.modify", "change", "wrote-to-file opened-file", "write"},
	{"file.create", "creation", "opened-file created-directory make-device", "creat"},
	{"file.open", "info", "opened-file read-file", "openat"},
	{"file.chmod", "change", "changed-file-permissions-of", "fchmodat"},
	{"file.chown", "change", "changed-file-ownership-of", "fchownat"},
	{"file.link", "creation", "symlinked", "symlink"},
	{"file.mount", "creation", "mounted", "mount"},
	{"file.umount", "deletion", "unmounted", "umount2"},
	{"network.connect", "connection start", "connected-to", "connect"},
	{"network.accept", "connection start", "accepted-connection-from", "accept4"},
	{"network.bind", "start", "bound-socket", "bind"},
	{"network.listen", "start", "listen-for-connections", "listen"},
	{"driver.load", "start", "loaded-kernel-module", "finit_module"},
	{"driver.unload", "end", "unloaded-kernel-module", "delete_module"},
	{"iam.create", "creation user", "added-user-account added-group-account-to", NULL},
	{"iam.change", "change user", "changed-password", NULL},
	{"iam.delete", "deletion user", "deleted-user-account deleted-group-account-from", NULL},
	{NULL, NULL, NULL, NULL},
};

struct flag {
	const char *word;
	uint64_t bit;
};

static const struct flag namespaces[] = {{"mnt", 0x20000}, {"cgroup", 0x2000000}, {"uts", 0x4000000}, {"ipc", 0x8000000},
	{"user", 0x10000000}, {"pid", 0x20000000}, {"net", 0x40000000}, {NULL, 0}};
static const struct flag mount_flags[] = {{"MS_RDONLY", 1}, {"MS_NOSUID", 2}, {"MS_NODEV", 4}, {"MS_NOEXEC", 8},
	{"MS_SYNCHRONOUS", 16}, {"MS_REMOUNT", 32}, {"MS_MANDLOCK", 64}, {"MS_DIRSYNC", 128}, {"MS_NOATIME", 1024},
	{"MS_NODIRATIME", 2048}, {"MS_BIND", 4096}, {"MS_MOVE", 8192}, {"MS_REC", 16384}, {"MS_SILENT", 32768},
	{"MS_POSIXACL", 1 << 16}, {"MS_UNBINDABLE", 1 << 17}, {"MS_PRIVATE", 1 << 18}, {"MS_SLAVE", 1 << 19},
	{"MS_SHARED", 1 << 20}, {"MS_RELATIME", 1 << 21}, {"MS_STRICTATIME", 1 << 24}, {"MS_LAZYTIME", 1 << 25}, {NULL, 0}};

/* Flags as bits. false: no call has such a flag. */
static bool bits_of(const struct viewing *v, const char *field, const struct flag *flags, uint64_t *mask)
{
	const struct values *values = facet_get(v->facet, registry_field(v->registry, text_of(field)));

	*mask = 0;
	for (size_t i = 0; values != NULL && i < values->count; i++) {
		const struct flag *flag = flags;

		while (flag->word != NULL && !text_is(values->items[i].text, flag->word))
			flag++;
		if (flag->word == NULL)
			return false;
		*mask |= flag->bit;
	}
	return true;
}

static void put_bits(struct viewing *v, struct sight *sight, const char *name, const char *field, const struct flag *flags)
{
	uint64_t mask;

	if (facet_get(v->facet, registry_field(v->registry, text_of(field))) != NULL && bits_of(v, field, flags, &mask))
		sight_set(v->arena, sight, name, text_of(arena_printf(v->arena, "%llx", (unsigned long long)mask)));
}

/* What only some acts have: nobody records it of others. */
static const struct {
	const char *field, *acts;
} belongings[] = {
	{"file.target_path", "file.rename file.link"},
	{"file.target_name", "file.rename file.link"},
	{"file.mount.source", "file.mount file.umount"},
	{"file.mount.type", "file.mount file.umount"},
	{"file.mount.bind", "file.mount"},
	{"file.mount.flags", "file.mount"},
	{"process.namespaces.flags", "process.setns process.unshare process.fork"},
	{"process.ptrace.request", "process.ptrace"},
	{"process.exit_code", "process.exit"},
};

static bool misplaced(const struct viewing *v)
{
	const char *act = arena_printf(v->arena, "%.*s.%.*s", TEXT_ARGS(v->category), TEXT_ARGS(v->action));

	for (size_t i = 0; i < sizeof(belongings) / sizeof(*belongings); i++) {
		struct text *acts;
		size_t count = text_split(v->arena, text_of(belongings[i].acts), ' ', &acts);
		bool belongs = facet_get(v->facet, registry_field(v->registry, text_of(belongings[i].field))) == NULL;

		for (size_t k = 0; k < count && !belongs; k++)
			belongs = text_is(acts[k], act);
		if (!belongs)
			return true;
	}
	return false;
}

/* No kernel makes a record of flags that there are not, or of a bind mount without its flag. */
static bool impossible(const struct viewing *v)
{
	uint64_t mask;
	struct text bind = facet_text(v->facet, registry_field(v->registry, TEXT("file.mount.bind")));

	if (!bits_of(v, "process.namespaces.flags", namespaces, &mask) || !bits_of(v, "file.mount.flags", mount_flags, &mask))
		return true;
	return text_is(v->action, "mount") && bind.length > 0 && text_is(bind, "true") != ((mask & 4096) != 0);
}

static void put_audit_file(struct viewing *v, struct sight *sight)
{
	if (text_is(v->action, "rename"))
		put(v, sight, "file.path", "file.target_path");
	else if (!text_is(v->action, "link"))
		put(v, sight, "file.path", "file.path");
	if (!text_is(v->action, "mount") && !text_is(v->action, "umount"))
		put(v, sight, "file.mode", "file.mode");
	if (text_is(v->action, "mount"))
		put_bits(v, sight, "auditd.data.a3", "file.mount.flags", mount_flags);
}

static void view_auditd(struct viewing *v)
{
	static const char *const fields[] = {"host.name", "event.outcome", "user.id", "user.name", "user.audit.id",
		"user.audit.name", "user.group.id", "process.pid", "process.name", "process.executable",
		"process.working_directory", "process.parent.pid", NULL};
	const struct wording *wording = wording_of(v, auditd_words);

	if (wording == NULL || impossible(v))
		return;
	struct sight *sight = begin(v, "auditd_manager", "auditd_manager.auditd", wording);

	put_text(v, sight, "host.os.type", "linux");
	put_same(v, sight, fields);
	if (wording->syscall != NULL)
		put_text(v, sight, "auditd.data.syscall", wording->syscall);
	put(v, sight, "auditd.session", "session.id");
	put(v, sight, "tags", "audit.key");
	if (text_is(v->action, "exec"))
		put_same(v, sight, (const char *const[]){"process.args", "process.args_count", NULL});
	if (text_is(v->action, "unshare"))
		put_bits(v, sight, "auditd.data.a0", "process.namespaces.flags", namespaces);
	if (text_is(v->action, "setns"))
		put_bits(v, sight, "auditd.data.a1", "process.namespaces.flags", namespaces);
	if (text_is(v->category, "file"))
		put_audit_file(v, sight);
	if (text_is(v->action, "connect") || text_is(v->action, "bind")) {
		put_same(v, sight, (const char *const[]){"destination.ip", "destination.port", NULL});
		put(v, sight, "destination.path", "destination.address");
	}
	if (text_is(v->action, "accept"))
		put_same(v, sight, (const char *const[]){"source.ip", "source.port", NULL});
	put_natives(v, sight);
}

/* --- the API server's and the system's logs --- */

/* The requests that are connections, by their subresource. */
static bool opens_a_way(struct text subresource)
{
	return text_is(subresource, "exec") || text_is(subresource, "attach") || text_is(subresource, "portforward")
		|| text_is(subresource, "proxy");
}

/* The API server writes down what it is asked for itself; engines have images and words of their own. */
static bool is_cluster(const struct viewing *v, struct text reported)
{
	static const char *const verbs[] = {"create", "get", "list", "watch", "update", "patch", "delete", "deletecollection",
		"post", "put", "head", "options", "connect"};
	struct text dataset = facet_text(v->facet, registry_field(v->registry, TEXT("event.dataset")));
	bool known = reported.length == 0;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs) && !known; i++)
		known = text_is(reported, verbs[i]);
	return known && !text_starts(dataset, TEXT("docker-"), false);
}

static void view_kubernetes(struct viewing *v)
{
	static const char *const pairs[][2] = {
		{"kubernetes.audit.user.username", "user.name"},
		{"kubernetes.audit.objectRef.namespace", "orchestrator.namespace"},
		{"kubernetes.audit.objectRef.name", "orchestrator.resource.name"},
		{"kubernetes.audit.objectRef.subresource", "orchestrator.resource.subresource"},
		{"kubernetes.audit.requestURI", "url.path"},
		{"kubernetes.audit.responseStatus.code", "http.response.status_code"},
		{"kubernetes.audit.userAgent", "user_agent.original"},
		{"kubernetes.audit.sourceIPs", "source.ip"},
	};
	struct sight *sight;

	struct text verb = v->action, reported = facet_text(v->facet, registry_field(v->registry, TEXT("event.reported_action")));
	bool connects = text_is(v->action, "connect"); /* told by what it connects to; its verb is that of the HTTP method */

	unsigned way = registry_field(v->registry, TEXT("orchestrator.resource.subresource"));
	if (!text_is(v->category, "api") || text_is(v->action, "other") || !is_cluster(v, reported)
		|| (connects && !opens_a_way(facet_text(v->facet, way))))
		return;
	sight = begin(v, "kubernetes", "kubernetes.audit_logs", NULL);
	if (connects)
		verb = TEXT("create");
	else if (text_is(v->action, "delete") && text_is(reported, "deletecollection"))
		verb = reported;
	sight_set(v->arena, sight, "kubernetes.audit.verb", verb);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		put(v, sight, pairs[i][0], pairs[i][1]);
	put_natives(v, sight);
}

static const struct wording system_words[] = {
	{"authentication.login", "start", "ssh_login user_login", NULL},
	{"iam.create", "creation user", "added-user", NULL},
	{"iam.change", "change user", "changed-user", NULL},
	{"iam.delete", "deletion user", "deleted-user", NULL},
	{NULL, NULL, NULL, NULL},
};

static void view_system(struct viewing *v)
{
	static const char *const fields[] = {"event.outcome", "host.name", "user.id", "user.name", "process.pid", "process.name",
		"source.ip", "source.port", "message", NULL};
	const struct wording *wording = wording_of(v, system_words);

	if (wording == NULL)
		return;
	struct sight *sight = begin(v, "system", "system.auth", wording);

	put_text(v, sight, "host.os.type", "linux");
	put_same(v, sight, fields);
	put_natives(v, sight);
}

void elastic_view(const struct registry *registry, const struct event *event, struct arena *arena, struct sights *sights)
{
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		struct viewing v = {registry, facet, arena, sights, registry->categories[facet->category].name,
			registry->actions[facet->action].name, false};

		if (facet->derived || misplaced(&v))
			continue;
		v.in_container = text_is(facet_text(facet, registry_field(registry, TEXT("process.in_container"))), "true");
		view_endpoint(&v);
		view_cloud_defend(&v);
		view_auditd(&v);
		view_kubernetes(&v);
		view_system(&v);
	}
}
