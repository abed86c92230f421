/*
 * gather: options of a command line → canonical values of fields.
 */
#include "replay/derive/gather.h"

#include "catalog/container.h"
#include "replay/derive/mount.h"

#include <jansson.h>

/* Here a dollar sign belongs to the container's own shell or program, and the value is known as it is. */
static const char *const literal_fields[] = {
	"container.environment", "container.labels", "container.entrypoint", "container.command",
};

static const struct {
	const char *given, *means;
} namespace_types[] = {
	{"pid", "pid"}, {"network", "network"}, {"net", "network"}, {"ipc", "ipc"}, {"uts", "uts"}, {"user", "user"},
	{"cgroup", "cgroup"},
};

static unsigned field_named(const struct gather *gather, const char *name)
{
	return registry_field(gather->registry, text_of(name));
}

static struct gathered *entry_find(const struct gather *gather, unsigned field)
{
	for (size_t i = 0; i < gather->count; i++) {
		if (gather->items[i].field == field)
			return &gather->items[i];
	}
	return NULL;
}

static struct gathered *entry_of(struct gather *gather, unsigned field)
{
	struct gathered *entry = entry_find(gather, field);
	if (entry != NULL)
		return entry;
	gather->items = arena_grow(gather->arena, gather->items, gather->count, sizeof(*gather->items));
	gather->items[gather->count] = (struct gathered){.field = field};
	return &gather->items[gather->count++];
}

void gather_text(struct gather *gather, unsigned field, struct text text)
{
	struct gathered *entry = entry_of(gather, field);
	if (!gather->registry->fields[field].list) {
		entry->count = 0;
		entry->open = false; /* the last value counts, whatever stood before */
	}
	entry->items = arena_grow(gather->arena, entry->items, entry->count, sizeof(*entry->items));
	entry->items[entry->count++] = text;
}

static void gather_open(struct gather *gather, unsigned field)
{
	struct gathered *entry = entry_of(gather, field);
	if (!gather->registry->fields[field].list)
		entry->count = 0;
	entry->open = true;
}

static void gather_bool(struct gather *gather, unsigned field, bool truth)
{
	struct gathered *entry = entry_of(gather, field);
	entry->truth = truth;
	entry->count = 1;
	entry->open = false;
}

/* The words that Go's strconv.ParseBool takes. */
static bool parse_bool(struct text text, bool *truth)
{
	static const char *const words[] = {"1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_is(text, words[i])) {
			*truth = i < 6;
			return true;
		}
	}
	return false;
}

static bool is_literal(const struct gather *gather, unsigned field)
{
	for (size_t i = 0; i < sizeof(literal_fields) / sizeof(*literal_fields); i++) {
		if (text_is(gather->registry->fields[field].name, literal_fields[i]))
			return true;
	}
	return false;
}

/* host-address:host-port:container-port, or empty where it is no port. Without an address engines
 * publish on all. */
static struct text port_of(struct arena *arena, struct text value)
{
	struct text host = TEXT("0.0.0.0"), outer = TEXT(""), inner = value, *fields;
	if (text_find(value, '=') < value.length) { /* published=8080,target=80,protocol=udp */
		size_t count = mount_csv(arena, value, &fields);
		inner = TEXT("");
		for (size_t i = 0; i < count; i++) {
			if (text_starts(fields[i], TEXT("target="), false))
				inner = text_slice(fields[i], 7, fields[i].length);
			else if (text_starts(fields[i], TEXT("published="), false))
				outer = text_slice(fields[i], 10, fields[i].length);
		}
		return text_of(arena_printf(arena, "0.0.0.0:%.*s:%.*s", TEXT_ARGS(outer), TEXT_ARGS(inner)));
	}
	for (size_t i = value.length; i > 0; i--) {
		if (value.data[i - 1] != ':')
			continue;
		inner = text_slice(value, i, value.length);
		outer = text_slice(value, 0, i - 1);
		break;
	}
	for (size_t i = outer.length; i > 0; i--) {
		if (outer.data[i - 1] != ':')
			continue;
		host = i > 1 ? text_slice(outer, 0, i - 1) : host;
		outer = text_slice(outer, i, outer.length);
		break;
	}
	if (inner.length == 0 || inner.data[0] < '0' || inner.data[0] > '9')
		return TEXT("");
	if (text_ends(inner, TEXT("/tcp"), true))
		inner = text_slice(inner, 0, inner.length - 4);
	return text_of(arena_printf(arena, "%.*s:%.*s:%.*s", TEXT_ARGS(host), TEXT_ARGS(outer), TEXT_ARGS(inner)));
}

/* The host's side of source[:destination[:rwm]]; a CDI name (vendor/class=name) stays. */
static struct text device_of(struct gather *gather, struct text value)
{
	struct text source = text_slice(value, 0, text_find(value, ':'));
	return text_starts(source, TEXT("/"), false) ? path_clean(gather->arena, mount_path(gather->arena, TEXT(""), source))
												 : source;
}

static void gather_security(struct gather *gather, unsigned field, struct text value)
{
	struct text canonical = container_option(gather->arena, value);
	size_t end = text_find(canonical, '=');
	if (text_is(text_slice(canonical, 0, end), "no-new-privileges")) {
		bool truth = true;
		if (end < canonical.length && !parse_bool(text_slice(canonical, end + 1, canonical.length), &truth))
			truth = true;
		unsigned escalation = field_named(gather, "container.security_context.allow_privilege_escalation");
		if (escalation != FIELD_NONE)
			gather_bool(gather, escalation, !truth);
	}
	gather_text(gather, field, canonical);
}

/* TYPE:PATH, where the path of the host's first process means the host's namespace. */
static void gather_namespace_path(struct gather *gather, unsigned field, struct text value)
{
	size_t colon = text_find(value, ':');
	if (colon == value.length || !text_starts(text_slice(value, colon + 1, value.length), TEXT("/proc/1/ns/"), false))
		return;
	for (size_t i = 0; i < sizeof(namespace_types) / sizeof(*namespace_types); i++) {
		if (text_is(text_slice(value, 0, colon), namespace_types[i].given))
			gather_text(gather, field, text_of(namespace_types[i].means));
	}
}

/* container:NAME and its like join the namespace of another one: pid:NAME. */
static void gather_joined(struct gather *gather, struct text type, struct text mode, bool last_counts)
{
	unsigned field = field_named(gather, "container.namespaces.joined");
	struct text joined = container_joined(gather->arena, type, mode);
	struct gathered *entry = field == FIELD_NONE ? NULL : entry_find(gather, field);
	size_t kept = 0;
	for (size_t i = 0; entry != NULL && i < entry->count; i++) {
		bool same = text_starts(entry->items[i], type, false) && entry->items[i].data[type.length] == ':';
		if (!same || !last_counts)
			entry->items[kept++] = entry->items[i];
	}
	if (entry != NULL)
		entry->count = kept;
	if (field != FIELD_NONE && joined.length > 0)
		gather_text(gather, field, joined);
}

/* --pid=host; the last --pid counts, but each --network adds one. */
static void gather_namespace(struct gather *gather, const struct client_option *option, struct text value)
{
	struct text mode = value;
	entry_of(gather, option->field);
	if (option->parameter.length == 0) {
		gather_namespace_path(gather, option->field, value);
		return;
	}
	if (text_starts(mode, TEXT("name="), false)) /* name=host,alias=… */
		mode = text_slice(mode, 5, text_find(mode, ','));
	bool host = text_is(mode, "host") || text_starts(mode, TEXT("ns:/proc/1/ns/"), false);
	bool last_counts = !text_is(option->parameter, "network") || option->value == OPTION_BOOLEAN;
	gather_joined(gather, option->parameter, mode, last_counts);
	struct gathered *entry = entry_of(gather, option->field);
	size_t kept = 0;
	for (size_t i = 0; i < entry->count; i++) {
		bool same = text_equal(entry->items[i], option->parameter);
		if (!same || (!last_counts && !host))
			entry->items[kept++] = entry->items[i];
	}
	entry->count = kept;
	if (host)
		gather_text(gather, option->field, option->parameter);
}

static void gather_json(struct gather *gather, unsigned field, struct text value)
{
	json_t *array = text_starts(value, TEXT("["), false) ? json_loadb(value.data, value.length, 0, NULL) : NULL;
	if (!json_is_array(array)) {
		gather_text(gather, field, value);
	} else {
		for (size_t i = 0; i < json_array_size(array); i++) {
			const json_t *item = json_array_get(array, i);
			if (json_is_string(item))
				gather_text(gather, field, text_copy(gather->arena, text_of(json_string_value(item))));
		}
	}
	json_decref(array);
}

/* A value that the client or the engine would refuse adds nothing. */
static void gather_found(struct gather *gather, unsigned field, struct text value)
{
	if (value.length > 0)
		gather_text(gather, field, value);
}

static void gather_mount(struct gather *gather, const struct client_option *option, struct text value)
{
	struct text mount = option->form == FORM_VOLUME ? mount_of_volume(gather->arena, gather->directory, value)
		: option->form == FORM_MOUNT				? mount_of_mount(gather->arena, gather->directory, value)
													: mount_of_tmpfs(gather->arena, value);
	gather_found(gather, option->field, mount);
	struct text propagation = mount.length == 0 || option->form == FORM_TMPFS ? TEXT("")
		: mount_propagation(gather->arena, mount, value, option->form == FORM_MOUNT);
	unsigned field = field_named(gather, "container.mount_propagation");
	if (field != FIELD_NONE)
		gather_found(gather, field, propagation);
}

static void gather_volumes_from(struct gather *gather, unsigned field, struct text value)
{
	unsigned mounts = field_named(gather, "container.mounts");
	gather_found(gather, field, value);
	if (mounts != FIELD_NONE)
		gather_open(gather, mounts);
}

static void gather_words(struct gather *gather, unsigned field, struct text value)
{
	struct text *words;
	size_t count = text_split(gather->arena, value, ' ', &words);
	for (size_t i = 0; i < count; i++)
		gather_text(gather, field, words[i]);
}

static void gather_one(struct gather *gather, const struct client_option *option, struct text value)
{
	unsigned field = option->field;
	if (container_unresolved(value) && !is_literal(gather, field)) {
		gather_open(gather, field);
		return;
	}
	switch (option->form) {
	case FORM_PLAIN: gather_text(gather, field, value); break;
	case FORM_VOLUME:
	case FORM_MOUNT:
	case FORM_TMPFS: gather_mount(gather, option, value); break;
	case FORM_CAPABILITY: gather_found(gather, field, container_capability(gather->arena, value)); break;
	case FORM_NAMESPACE: gather_namespace(gather, option, value); break;
	case FORM_PORT: gather_found(gather, field, port_of(gather->arena, value)); break;
	case FORM_DEVICE: gather_text(gather, field, device_of(gather, value)); break;
	case FORM_WORDS: gather_words(gather, field, value); break;
	case FORM_JSON: gather_json(gather, field, value); break;
	case FORM_SECURITY: gather_security(gather, field, value); break;
	case FORM_IMAGE: gather_image(gather, value); break;
	case FORM_VOLUMES_FROM: gather_volumes_from(gather, field, value); break;
	case FORM_ELSEWHERE: gather_open(gather, field); break;
	default: break;
	}
}

static bool gather_boolean(struct gather *gather, const struct client_option *option, struct text value)
{
	bool truth = true;
	if (value.length > 0 && container_unresolved(value)) {
		if (option->field != FIELD_NONE)
			gather_open(gather, option->field);
		return true;
	}
	if (value.length > 0 && !parse_bool(value, &truth))
		return false;
	switch (option->form) {
	case FORM_HELP: gather->help = truth; break;
	case FORM_ROOTFS: gather->rootfs = truth; break;
	case FORM_LATEST: gather->latest = truth; break;
	case FORM_NAMESPACE: gather_namespace(gather, option, truth ? TEXT("host") : TEXT("")); break;
	case FORM_ELSEWHERE:
		if (truth)
			gather_open(gather, option->field);
		break;
	case FORM_PLAIN:
		if (gather->registry->fields[option->field].type == TYPE_BOOLEAN)
			gather_bool(gather, option->field, truth);
		else if (truth)
			gather_text(gather, option->field, option->parameter);
		break;
	default: break;
	}
	return true;
}

bool gather_option(struct gather *gather, const struct client_option *option, struct text value)
{
	if (option->value == OPTION_BOOLEAN)
		return gather_boolean(gather, option, value);
	if (option->field == FIELD_NONE)
		return true;
	if (!option->comma) {
		gather_one(gather, option, value);
		return true;
	}
	struct text *fields;
	size_t count = mount_csv(gather->arena, value, &fields);
	for (size_t i = 0; i < count; i++)
		gather_one(gather, option, fields[i]);
	return true;
}

void gather_image(struct gather *gather, struct text image)
{
	struct text name, tag;
	unsigned name_field = field_named(gather, "container.image.name"), tag_field = field_named(gather, "container.image.tag");
	if (gather->rootfs || name_field == FIELD_NONE || tag_field == FIELD_NONE)
		return;
	if (text_starts(image, TEXT("docker://"), false)) /* podman's transport */
		image = text_slice(image, 9, image.length);
	if (!container_image(image, &name, &tag))
		return;
	gather_text(gather, name_field, name);
	gather_text(gather, tag_field, tag);
}

/* Ids are 12 to 64 hex digits; whatever else is a name. */
void gather_container(struct gather *gather, struct text operand)
{
	bool id = operand.length >= 12 && operand.length <= 64;
	for (size_t i = 0; i < operand.length; i++) {
		char c = operand.data[i];
		id = id && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
	}
	unsigned field = field_named(gather, id ? "container.id" : "container.name");
	if (field != FIELD_NONE && !container_unresolved(operand))
		gather_text(gather, field, operand);
}

/* A list that an option of this form fills beside its own field: empty where none did. */
static void default_beside(const struct gather *gather, struct event *event, struct facet *facet, enum option_form form)
{
	unsigned field = form == FORM_VOLUME || form == FORM_MOUNT ? field_named(gather, "container.mount_propagation")
		: form == FORM_NAMESPACE							   ? field_named(gather, "container.namespaces.joined")
															   : FIELD_NONE;
	const struct gathered *entry = field == FIELD_NONE ? NULL : entry_find(gather, field);
	if (field != FIELD_NONE && (entry == NULL || entry->count == 0))
		facet_set_texts(event, facet, field, NULL, 0);
}

/* What the client could have been told and was not: booleans are false, lists empty; an entry point is
 * then the image's. Escalation is allowed unless the client has a switch of its own for it. */
static void apply_defaults(const struct gather *gather, struct event *event, struct facet *facet,
	const struct option_set *set)
{
	unsigned entrypoint = field_named(gather, "container.entrypoint");
	unsigned escalation = field_named(gather, "container.security_context.allow_privilege_escalation");
	bool security = false;
	for (size_t i = 0; i < set->count; i++) {
		unsigned field = set->options[i].field;
		const struct gathered *entry = entry_find(gather, field);
		security = security || set->options[i].form == FORM_SECURITY;
		default_beside(gather, event, facet, set->options[i].form);
		if (field == FIELD_NONE || (entry != NULL && (entry->count > 0 || entry->open)))
			continue;
		if (gather->registry->fields[field].type == TYPE_BOOLEAN)
			facet_set_bool(event, facet, field, false);
		else if (gather->registry->fields[field].list && field != entrypoint)
			facet_set_texts(event, facet, field, NULL, 0);
	}
	if (security && escalation != FIELD_NONE && entry_find(gather, escalation) == NULL)
		facet_set_bool(event, facet, escalation, true);
}

void gather_apply(const struct gather *gather, struct event *event, struct facet *facet, const struct option_set *set)
{
	for (size_t i = 0; i < gather->count; i++) {
		const struct gathered *entry = &gather->items[i];
		if (entry->count == 0)
			continue;
		if (gather->registry->fields[entry->field].type == TYPE_BOOLEAN)
			facet_set_bool(event, facet, entry->field, entry->truth);
		else if (gather->registry->fields[entry->field].list)
			facet_set_texts(event, facet, entry->field, entry->items, entry->count);
		else
			facet_set_text(event, facet, entry->field, entry->items[0]);
	}
	if (set != NULL)
		apply_defaults(gather, event, facet, set);
}
