/*
 * registry: rulesets/fields.yaml → numbers, and names → numbers through one hash table for fields,
 * categories and actions alike.
 */
#include "catalog/registry.h"
#include "catalog/yaml_form.h"

#include <string.h>

static const char *const type_names[] = {
	[TYPE_KEYWORD] = "keyword",
	[TYPE_LONG] = "long",
	[TYPE_BOOLEAN] = "boolean",
	[TYPE_IP] = "ip",
	[TYPE_DATE] = "date",
	NULL,
};
enum { TYPE_COUNT = sizeof type_names / sizeof type_names[0] - 1 };

/* What the C code knows by number, and the type that it relies on. */
static const struct {
	const char *name;
	enum value_type type;
} known_fields[FIELD_FIRST_OTHER] = {
	[FIELD_CATEGORY] = {"event.category", TYPE_KEYWORD},
	[FIELD_ACTION] = {"event.action", TYPE_KEYWORD},
	[FIELD_TYPE] = {"event.type", TYPE_KEYWORD},
	[FIELD_OUTCOME] = {"event.outcome", TYPE_KEYWORD},
	[FIELD_TIMESTAMP] = {"@timestamp", TYPE_DATE},
};

/* ECS 8's allowed values of event.type. */
static const char *const event_types[] = {
	"access", "admin", "allowed", "change", "connection", "creation", "deletion", "denied", "device", "end",
	"error", "group", "indicator", "info", "installation", "protocol", "start", "user", NULL,
};

#define WORD_NAME "^[A-Za-z_][A-Za-z0-9_]*$"

static const struct yaml_shape field_shape[] = {
	{"type", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .words = type_names, .sample = "keyword"), "What its values are."},
	{"list", YAML_OPTIONAL, &yaml_flag, "It may have several values."},
	{"path", YAML_OPTIONAL, &yaml_flag, "Its values are paths, which are cleaned: /var/run is /run, // and /./ are /."},
	{"shared", YAML_OPTIONAL, &yaml_flag,
		"It is the same for all facets of an event, so that an exception may name it for any."},
	{"extension", YAML_OPTIONAL, &yaml_flag, "ECS has no such field."},
	{"native", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_TEXT,
		.names = YAML_DIALECTS, .open = true),
		.flags = YAML_OR_ONE), "Dialects in which it stands under its own name; it came with their rules."},
	{"about", YAML_REQUIRED, &yaml_any_text, "What it holds, in one line."},
	{0},
};
static const struct yaml_form field_form = {.sort = YAML_RECORD, .shape = field_shape};

static const struct yaml_shape file_shape[] = {
	{"events", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .pattern = WORD_NAME, .of = YAML_FORM(.sort = YAML_TABLE,
		.pattern = WORD_NAME, .flags = YAML_FILLED, .of = YAML_FORM(.sort = YAML_TEXT, .words = event_types))),
		"Category → action → event.type of ECS. A condition asks for nothing else."},
	{"fields", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = &field_form, .flags = YAML_ALIGNED),
		"Fields by their ECS names: what a condition may name."},
	{0},
};
const struct yaml_form registry_form = {.sort = YAML_RECORD, .shape = file_shape};

static const struct yaml_shape extension_shape[] = {
	{"fields", YAML_REQUIRED, YAML_FORM(.sort = YAML_TABLE, .of = &field_form, .flags = YAML_ALIGNED), "Further fields."},
	{0},
};
const struct yaml_form registry_extension_form = {.sort = YAML_RECORD, .shape = extension_shape};

/* One path field holds mounts, of which each part is cleaned. */
static const char mount_field[] = "container.mounts";

/* A name's scope: fields, categories, or the actions of one category (ACTIONS + category). */
enum { SCOPE_FIELDS, SCOPE_CATEGORIES, SCOPE_ACTIONS };

struct registry_slot {
	uint64_t hash;
	struct text name; /* data NULL: free */
	size_t scope;
	unsigned number;
};

struct registry_index {
	struct registry_slot *slots;
	size_t mask;
};

static uint64_t scoped_hash(struct text name, size_t scope)
{
	return text_hash(name) + scope * UINT64_C(0x9e3779b97f4a7c15);
}

/* The slot of a name, or the free one where it would go. */
static struct registry_slot *find_slot(const struct registry_index *index, struct text name, size_t scope)
{
	uint64_t hash = scoped_hash(name, scope);
	for (size_t at = hash & index->mask;; at = (at + 1) & index->mask) {
		struct registry_slot *slot = &index->slots[at];
		if (!slot->name.data)
			return slot;
		if (slot->hash == hash && slot->scope == scope && text_equal(slot->name, name))
			return slot;
	}
}

static void index_add(struct registry_index *index, struct text name, size_t scope, size_t number)
{
	struct registry_slot *slot = find_slot(index, name, scope);
	*slot = (struct registry_slot){scoped_hash(name, scope), name, scope, (unsigned)number};
}

static unsigned look_up(const struct registry *registry, struct text name, size_t scope)
{
	return registry->index ? find_slot(registry->index, name, scope)->number : 0;
}

static void build_index(struct registry *registry, struct arena *arena)
{
	size_t names = registry->field_count + registry->category_count + registry->action_count, size = 16;
	while (size < names * 2)
		size *= 2;
	struct registry_index *index = arena_alloc(arena, sizeof *index);
	index->slots = arena_array(arena, size, sizeof *index->slots);
	index->mask = size - 1;
	for (size_t i = 1; i < registry->field_count; i++)
		index_add(index, registry->fields[i].name, SCOPE_FIELDS, i);
	for (size_t i = 1; i < registry->category_count; i++)
		index_add(index, registry->categories[i].name, SCOPE_CATEGORIES, i);
	for (size_t i = 1; i < registry->action_count; i++)
		index_add(index, registry->actions[i].name, SCOPE_ACTIONS + registry->actions[i].category, i);
	registry->index = index;
}

/* Names go into conditions unquoted: a letter or @, then letters, digits, _ and, in fields, dots. */
static bool name_is_plain(struct text name, bool dots)
{
	for (size_t i = 0; i < name.length; i++) {
		char byte = name.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
		bool digit = byte >= '0' && byte <= '9';
		bool dot = dots && byte == '.' && i && i + 1 < name.length && name.data[i - 1] != '.';
		bool at = dots && byte == '@' && !i;
		if (!(letter || dot || at || (digit && i)))
			return false;
	}
	return name.length > 0;
}

static int check_name(const struct yaml *mapping, size_t key, bool dots, struct diagnostics *d)
{
	struct text name = mapping->keys[key].text;
	if (name_is_plain(name, dots))
		return 0;
	return yaml_error_key(d, mapping, key, "`%.*s` cannot be a name: letters, digits and _%s, a letter first",
		TEXT_ARGS(name), dots ? " in parts joined by dots" : "");
}

static int load_action(struct registry *registry, const struct yaml *actions, size_t key, unsigned category,
	struct diagnostics *d)
{
	struct text type;
	int status = check_name(actions, key, false, d);
	if (yaml_text(&actions->items[key], d, "an event.type", &type))
		return -1;
	size_t i = 0;
	while (event_types[i] && !text_is(type, event_types[i]))
		i++;
	if (!event_types[i])
		return yaml_error(d, &actions->items[key], "`%.*s` is no event.type of ECS", TEXT_ARGS(type));
	registry->actions[registry->action_count++] = (struct action){actions->keys[key].text, type, category};
	return status;
}

static int load_category(struct registry *registry, const struct yaml *events, size_t key, struct diagnostics *d)
{
	const struct yaml *actions = &events->items[key];
	unsigned number = (unsigned)registry->category_count;
	int status = check_name(events, key, false, d);
	if (text_is(events->keys[key].text, "any"))
		status = yaml_error_key(d, events, key, "`any` is the word for all categories and cannot name one");
	if (actions->kind != YAML_MAPPING || !actions->count)
		return yaml_error(d, actions, "a category must be a mapping of actions to event.type");
	struct category *category = &registry->categories[registry->category_count++];
	category->name = events->keys[key].text;
	category->first_action = (unsigned)registry->action_count;
	for (size_t i = 0; i < actions->count; i++)
		if (load_action(registry, actions, i, number, d))
			status = -1;
	category->action_count = (unsigned)(registry->action_count - category->first_action);
	return status;
}

static int load_events(struct registry *registry, struct arena *arena, const struct yaml *events, struct diagnostics *d)
{
	size_t actions = 1;
	for (size_t i = 0; i < events->count; i++)
		actions += events->items[i].count;
	registry->categories = arena_array(arena, events->count + 1, sizeof *registry->categories);
	registry->actions = arena_array(arena, actions, sizeof *registry->actions);
	registry->categories[CATEGORY_ANY].name = TEXT("any");
	registry->category_count = registry->action_count = 1;
	int status = 0;
	for (size_t i = 0; i < events->count; i++)
		if (load_category(registry, events, i, d))
			status = -1;
	return status;
}

static int read_type(const struct yaml *node, struct diagnostics *d, enum value_type *type)
{
	struct text name;
	if (yaml_text(node, d, "a type", &name))
		return -1;
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (text_is(name, type_names[i])) {
			*type = (enum value_type)i;
			return 0;
		}
	}
	return yaml_error(d, node, "`%.*s` is no type: keyword, long, boolean, ip or date", TEXT_ARGS(name));
}

static int read_flag(const struct yaml *field, const char *key, struct diagnostics *d, bool *flag)
{
	const struct yaml *node = yaml_get(field, key);
	return node ? yaml_bool(node, d, key, flag) : 0;
}

static int read_natives(struct field *field, struct arena *arena, const struct yaml *node, struct diagnostics *d)
{
	struct text *dialects = NULL;
	int status = node ? yaml_texts(node, arena, d, "native", &dialects, &field->native_count) : 0;
	field->native = dialects;
	return status;
}

/* A native field's name is somebody else's: anything but a backquote and what no line holds. */
static int check_native_name(const struct yaml *mapping, size_t key, struct diagnostics *d)
{
	struct text name = mapping->keys[key].text;
	for (size_t i = 0; i < name.length; i++)
		if ((unsigned char)name.data[i] < ' ' || name.data[i] == '`')
			return yaml_error_key(d, mapping, key, "a field's name can hold neither backquotes nor control characters");
	return name.length ? 0 : yaml_error_key(d, mapping, key, "a field has a name");
}

static int load_field(struct field *field, struct arena *arena, const struct yaml *fields, size_t key, struct diagnostics *d)
{
	const struct yaml *node = &fields->items[key];
	bool native = node->kind == YAML_MAPPING && yaml_get(node, "native");
	int status = native ? check_native_name(fields, key, d) : check_name(fields, key, true, d);
	if (yaml_check(node, field_shape, d, "a field"))
		return -1;
	field->name = fields->keys[key].text;
	status |= read_type(yaml_get(node, "type"), d, &field->type);
	status |= read_flag(node, "list", d, &field->list);
	status |= read_flag(node, "path", d, &field->path);
	status |= read_flag(node, "shared", d, &field->shared);
	status |= read_flag(node, "extension", d, &field->extension);
	status |= read_natives(field, arena, yaml_get(node, "native"), d);
	status |= yaml_text(yaml_get(node, "about"), d, "about", &field->about);
	if (field->path && field->type != TYPE_KEYWORD)
		status = yaml_error(d, yaml_get(node, "path"), "only a keyword field can hold paths");
	field->mount = field->path && text_is(field->name, mount_field);
	return status;
}

static int check_known(const struct registry *registry, const struct yaml *fields, struct diagnostics *d)
{
	int status = 0;
	for (unsigned i = 1; i < FIELD_FIRST_OTHER; i++) {
		const struct yaml *node = yaml_get(fields, known_fields[i].name);
		if (!node)
			status = yaml_error(d, fields, "the field `%s` is missing", known_fields[i].name);
		else if (registry->fields[i].type != known_fields[i].type || registry->fields[i].list)
			status = yaml_error(d, node, "`%s` must be a %s and no list", known_fields[i].name,
				type_names[known_fields[i].type]);
	}
	return status;
}

static unsigned known_number(struct text name)
{
	unsigned i = FIELD_FIRST_OTHER - 1;
	while (i && !text_is(name, known_fields[i].name))
		i--;
	return i;
}

static int load_fields(struct registry *registry, struct arena *arena, const struct yaml *fields, struct diagnostics *d)
{
	if (fields->count > REGISTRY_FIELDS_MAX)
		return yaml_error(d, fields, "more than %d fields", REGISTRY_FIELDS_MAX);
	registry->field_count = FIELD_FIRST_OTHER;
	for (size_t i = 0; i < FIELD_FIRST_OTHER; i++)
		registry->fields = arena_grow(arena, registry->fields, i, sizeof *registry->fields);
	int status = 0;
	for (size_t i = 0; i < fields->count; i++) {
		unsigned known = known_number(fields->keys[i].text);
		size_t number = known;
		if (!known) {
			number = registry->field_count;
			registry->fields = arena_grow(arena, registry->fields, registry->field_count++, sizeof *registry->fields);
			registry->fields[number] = (struct field){0};
		}
		if (load_field(&registry->fields[number], arena, fields, i, d))
			status = -1;
	}
	return status ? status : check_known(registry, fields, d);
}

int registry_load(struct registry *registry, struct arena *arena, const struct yaml *document, struct diagnostics *d)
{
	memset(registry, 0, sizeof *registry);
	if (yaml_check(document, file_shape, d, "the registry"))
		return -1;
	int events = load_events(registry, arena, yaml_get(document, "events"), d);
	int fields = load_fields(registry, arena, yaml_get(document, "fields"), d);
	if (events || fields)
		return -1;
	build_index(registry, arena);
	registry->layouts = layouts_new(arena);
	return 0;
}

unsigned registry_add(struct registry *registry, struct arena *arena, const struct field *field)
{
	if (registry->field_count > REGISTRY_FIELDS_MAX)
		return FIELD_NONE;
	size_t names = registry->field_count + registry->category_count + registry->action_count;
	registry->fields = arena_grow(arena, registry->fields, registry->field_count, sizeof *registry->fields);
	registry->fields[registry->field_count++] = *field;
	if (names * 2 > registry->index->mask)
		build_index(registry, arena);
	else
		index_add(registry->index, field->name, SCOPE_FIELDS, registry->field_count - 1);
	return (unsigned)registry->field_count - 1;
}

bool field_native(const struct field *field, struct text dialect)
{
	for (size_t i = 0; i < field->native_count; i++)
		if (text_equal(field->native[i], dialect))
			return true;
	return false;
}

void registry_add_native(struct registry *registry, struct arena *arena, unsigned field, struct text dialect)
{
	struct field *into = &registry->fields[field];
	if (field_native(into, dialect))
		return;
	struct text *list = arena_array(arena, into->native_count + 1, sizeof *list);
	for (size_t i = 0; i < into->native_count; i++)
		list[i] = into->native[i];
	list[into->native_count++] = dialect;
	into->native = list;
}

static int extend_field(struct registry *registry, struct arena *arena, const struct yaml *fields, size_t key,
	struct diagnostics *d)
{
	struct field field = {0};
	if (load_field(&field, arena, fields, key, d))
		return -1;
	unsigned known = registry_field(registry, field.name);
	if (known == FIELD_NONE)
		return registry_add(registry, arena, &field) != FIELD_NONE
			? 0 : yaml_error_key(d, fields, key, "more than %d fields", REGISTRY_FIELDS_MAX);
	if (registry->fields[known].type != field.type)
		return yaml_error_key(d, fields, key, "`%.*s` is a %s elsewhere", TEXT_ARGS(field.name),
			type_names[registry->fields[known].type]);
	for (size_t i = 0; i < field.native_count; i++)
		registry_add_native(registry, arena, known, field.native[i]);
	return 0;
}

int registry_extend(struct registry *registry, struct arena *arena, const struct yaml *document, struct diagnostics *d)
{
	int status = 0;
	if (yaml_check(document, extension_shape, d, "a file of further fields"))
		return -1;
	const struct yaml *fields = yaml_get(document, "fields");
	for (size_t i = 0; i < fields->count; i++)
		if (extend_field(registry, arena, fields, i, d))
			status = -1;
	return status;
}

unsigned registry_field(const struct registry *registry, struct text name)
{
	return look_up(registry, name, SCOPE_FIELDS);
}

unsigned registry_category(const struct registry *registry, struct text name, bool *found)
{
	unsigned number = look_up(registry, name, SCOPE_CATEGORIES);
	*found = number || text_is(name, "any");
	return number;
}

unsigned registry_action(const struct registry *registry, unsigned category, struct text name)
{
	return category ? look_up(registry, name, SCOPE_ACTIONS + category) : 0;
}

struct text registry_nearest_field(const struct registry *registry, struct text name)
{
	struct text nearest = TEXT("");
	size_t best = SIZE_MAX;
	for (size_t i = 1; i < registry->field_count; i++)
		if (text_nearer(name, registry->fields[i].name, &best))
			nearest = registry->fields[i].name;
	return nearest;
}

const char *value_type_name(enum value_type type)
{
	return type_names[type];
}
