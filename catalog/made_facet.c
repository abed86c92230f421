/* made_facet: see made_facet.h. */
#include "catalog/made_facet.h"

#include "catalog/made_acts.h"
#include "catalog/shape.h"

/* --- setting --- */

static struct test_field *entry_of(struct made_facet *facet, unsigned field)
{
	for (size_t i = 0; i < facet->count; i++) {
		if (facet->fields[i].field == field)
			return &facet->fields[i];
	}
	facet->fields = arena_grow(facet->arena, facet->fields, facet->count, sizeof(*facet->fields));
	facet->fields[facet->count] = (struct test_field){.field = field};
	return &facet->fields[facet->count++];
}

void made_set(struct made_facet *facet, unsigned field, const struct text *texts, size_t count)
{
	struct test_field *entry = entry_of(facet, field);
	struct text *copies = arena_array(facet->arena, count + 1, sizeof(*copies));

	for (size_t i = 0; i < count; i++)
		copies[i] = texts[i];
	entry->values = (struct texts){copies, count};
	entry->null = false;
}

void made_set_missing(struct made_facet *facet, unsigned field)
{
	struct test_field *entry = entry_of(facet, field);

	entry->values = (struct texts){NULL, 0};
	entry->null = true;
}

const struct test_field *made_get(const struct made_facet *facet, unsigned field)
{
	for (size_t i = 0; i < facet->count; i++) {
		if (facet->fields[i].field == field)
			return &facet->fields[i];
	}
	return NULL;
}

/* `name` is a literal. */
static unsigned named(const struct made_facet *facet, const char *name)
{
	struct made_names *names = facet->names;
	size_t slot = ((uintptr_t)name >> 2) % MADE_NAMES;

	for (size_t tries = 0; names != NULL && tries < MADE_NAMES; tries++, slot = (slot + 1) % MADE_NAMES) {
		if (names->slots[slot].name == name)
			return names->slots[slot].field;
		if (names->slots[slot].name == NULL) {
			names->slots[slot].name = name;
			names->slots[slot].field = registry_field(facet->registry, text_of(name));
			return names->slots[slot].field;
		}
	}
	return registry_field(facet->registry, text_of(name));
}

/* Its first value; empty where it is missing or was not said. */
static struct text value_of(const struct made_facet *facet, const char *name)
{
	const struct test_field *entry = made_get(facet, named(facet, name));

	return entry != NULL && entry->values.count > 0 ? entry->values.items[0] : TEXT("");
}

static bool said(const struct made_facet *facet, const char *name)
{
	return made_get(facet, named(facet, name)) != NULL;
}

/* Where nothing was said of it. Registries of other catalogs may lack the field. */
static void fill(struct made_facet *facet, const char *name, struct text value)
{
	unsigned field = named(facet, name);

	if (field != FIELD_NONE && value.length > 0 && made_get(facet, field) == NULL)
		made_set(facet, field, &value, 1);
}

/* --- what follows from what --- */

enum lift { LIFT_NAME, LIFT_FOLDER, LIFT_LINE, LIFT_COUNT };
static const struct following {
	const char *field, *primary;
	enum lift lift;
	const char *around; /* a folder before a name, a name behind a folder */
} followings[] = {
	{"process.name", "process.executable", LIFT_NAME, "/usr/bin/"},
	{"process.parent.name", "process.parent.executable", LIFT_NAME, "/usr/sbin/"},
	{"file.name", "file.path", LIFT_NAME, "/srv/data/"},
	{"file.directory", "file.path", LIFT_FOLDER, "/data"},
	{"file.target_name", "file.target_path", LIFT_NAME, "/srv/data/"},
	{"process.command_line", "process.args", LIFT_LINE, NULL},
	{"process.args_count", "process.args", LIFT_COUNT, NULL},
};
enum { FOLLOWINGS = sizeof(followings) / sizeof(followings[0]) };

static const struct following *following_of(const struct registry *registry, unsigned field)
{
	for (size_t i = 0; i < FOLLOWINGS; i++) {
		if (text_is(registry->fields[field].name, followings[i].field))
			return &followings[i];
	}
	return NULL;
}

unsigned made_primary(const struct registry *registry, unsigned field)
{
	const struct following *following = following_of(registry, field);
	unsigned primary = following != NULL ? registry_field(registry, text_of(following->primary)) : FIELD_NONE;

	return primary != FIELD_NONE ? primary : field;
}

static void lift_words(struct made_pool *primary, struct text line)
{
	struct text *words = arena_array(primary->arena, line.length + 1, sizeof(*words));
	size_t count = 0, from = 0;

	for (size_t i = 0; i <= line.length; i++) {
		if (i == line.length || line.data[i] == ' ') {
			words[count++] = text_slice(line, from, i);
			from = i + 1;
		}
	}
	made_pool_add(primary, words, count);
}

static void lift_count(struct made_pool *primary, struct text number)
{
	struct text words[64] = {MADE_PROGRAM};
	int64_t count;

	if (!text_to_long(number, &count) || count < 1 || count > 64)
		return;
	for (int64_t i = 1; i < count; i++)
		words[i] = TEXT("x");
	made_pool_add(primary, words, (size_t)count);
}

/* Folders of the paths that are known already, with the name; and names with the folder. */
static void lift_path(struct made_pool *primary, const struct following *following, struct text part)
{
	size_t known = primary->count < 10 ? primary->count : 10;

	for (size_t i = 0; i <= known; i++) {
		struct text path = i < known && !primary->items[i].missing ? primary->items[i].texts.items[0] : TEXT("");
		size_t base = path.length - path_name(path).length;
		const char *lifted;

		if (i < known && path.length == 0)
			continue;
		if (following->lift == LIFT_NAME && i < known)
			lifted = arena_printf(primary->arena, "%.*s%.*s", (int)base, path.data, TEXT_ARGS(part));
		else if (following->lift == LIFT_NAME)
			lifted = arena_printf(primary->arena, "%s%.*s", following->around, TEXT_ARGS(part));
		else if (i < known)
			lifted = arena_printf(primary->arena, "%.*s/%.*s", TEXT_ARGS(part), TEXT_ARGS(path_name(path)));
		else
			lifted = arena_printf(primary->arena, "%.*s%s", TEXT_ARGS(part), following->around);
		struct text text = text_of(lifted);

		made_pool_add(primary, &text, 1);
	}
}

void made_lift(struct made_pool *primary, unsigned field, const struct registry *registry, const struct made_pool *values)
{
	const struct following *following = following_of(registry, field);

	for (size_t i = 0; i < values->count; i++) {
		if (values->items[i].missing || values->items[i].texts.count == 0)
			continue;
		struct text text = values->items[i].texts.items[0];

		if (following->lift == LIFT_LINE)
			lift_words(primary, text);
		else if (following->lift == LIFT_COUNT)
			lift_count(primary, text);
		else
			lift_path(primary, following, text);
	}
}

/* Puts a value that follows; where something else was said of the field, they contradict each other. */
static bool follow(struct made_facet *facet, const char *name, struct text value)
{
	unsigned field = named(facet, name);
	const struct test_field *entry = field != FIELD_NONE ? made_get(facet, field) : NULL;

	if (field == FIELD_NONE || (entry == NULL && value.length == 0))
		return true;
	if (entry == NULL)
		made_set(facet, field, &value, 1);
	return entry == NULL || (entry->null ? value.length == 0 : text_equal(entry->values.items[0], value));
}

/* Paths that a sensor shows are absolute. */
/* Absolute, or one of Windows, which rules from elsewhere ask for. */
static bool is_path(struct made_facet *facet, const char *name)
{
	struct text path = value_of(facet, name);

	bool drive = path.length > 2 && path.data[1] == ':' && path.data[2] == '\\';

	return path.length == 0 || path.data[0] == '/' || drive || (facet->plain && path.data[0] == '\\');
}

static bool follow_paths(struct made_facet *facet)
{
	static const char *const paths[] = {"process.executable", "process.parent.executable", "file.path", "file.target_path",
		"process.working_directory"};
	struct text path = path_clean(facet->arena, value_of(facet, "file.path"));
	size_t base = path.length - path_name(path).length;

	bool mounts = text_contains(facet->registry->actions[facet->action].name, TEXT("mount"), false);

	/* The root folder is no program, and nothing is done to it but to mount there. */
	if (text_is(value_of(facet, "process.executable"), "/") || text_is(value_of(facet, "process.parent.executable"), "/")
		|| (text_is(path, "/") && !mounts))
		return false;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!is_path(facet, paths[i]))
			return false;
	}
	return follow(facet, "process.name", path_name(path_clean(facet->arena, value_of(facet, "process.executable"))))
		&& follow(facet, "process.parent.name", path_name(path_clean(facet->arena, value_of(facet, "process.parent.executable"))))
		&& follow(facet, "file.name", path_name(path))
		&& follow(facet, "file.target_name", path_name(path_clean(facet->arena, value_of(facet, "file.target_path"))))
		&& (base == 0 || follow(facet, "file.directory", base == 1 ? TEXT("/") : text_slice(path, 0, base - 1)));
}

/* Puts the program's name where arguments leave it open, and the line that the arguments make. */
static bool follow_arguments(struct made_facet *facet)
{
	const struct test_field *args = made_get(facet, named(facet, "process.args"));
	struct text name = path_name(value_of(facet, "process.executable"));

	if (args == NULL || args->null || args->values.count == 0)
		return true;
	struct text *words = arena_array(facet->arena, args->values.count, sizeof(*words));
	size_t count = args->values.count;

	for (size_t i = 0; i < count; i++)
		words[i] = i == 0 && args->values.items[i].length == 0 ? name : args->values.items[i];
	if (words[0].length == 0)
		words[0] = TEXT("tool");
	if (!said(facet, "process.executable") && words[0].length > 0)
		fill(facet, "process.executable", text_of(arena_printf(facet->arena, "/usr/bin/%.*s", TEXT_ARGS(path_name(words[0])))));
	made_set(facet, named(facet, "process.args"), words, count);
	return follow(facet, "process.command_line", text_join(facet->arena, words, count, ' '))
		&& follow(facet, "process.args_count", text_of(arena_printf(facet->arena, "%zu", count)));
}

/* --- what cannot be seen together --- */

/* Without a container's id on purpose. */
static bool nowhere(const struct made_facet *facet)
{
	const struct test_field *id = made_get(facet, named(facet, "container.id"));

	return id != NULL && id->null;
}

static bool in_container_agrees(struct made_facet *facet)
{
	const struct test_field *in = made_get(facet, named(facet, "process.in_container"));
	bool container = text_is(facet->registry->categories[facet->category].name, "container"), has = false;

	for (size_t i = 0; i < facet->count; i++)
		has = has || (!facet->fields[i].null && text_starts(facet->registry->fields[facet->fields[i].field].name,
								TEXT("container."), false));
	if (container)
		return true;
	if (in == NULL && has)
		fill(facet, "process.in_container", TEXT("true"));
	if (in != NULL && text_is(value_of(facet, "process.in_container"), "true"))
		fill(facet, "container.id", TEXT("3f2b9c41d07e"));
	return in == NULL || !has || text_is(value_of(facet, "process.in_container"), "true");
}

static bool has_text(const struct test_field *entry, const char *text)
{
	for (size_t i = 0; i < entry->values.count; i++) {
		if (text_is(entry->values.items[i], text))
			return true;
	}
	return false;
}

static bool mount_agrees(struct made_facet *facet)
{
	const struct test_field *flags = made_get(facet, named(facet, "file.mount.flags"));
	const struct test_field *bind = made_get(facet, named(facet, "file.mount.bind"));
	bool binds = text_is(value_of(facet, "file.mount.bind"), "true");

	if (flags == NULL && bind != NULL && !bind->null)
		fill(facet, "file.mount.flags", binds ? TEXT("MS_BIND") : TEXT("MS_NOSUID"));
	if (flags == NULL)
		return true;
	if (bind == NULL && !flags->null)
		fill(facet, "file.mount.bind", has_text(flags, "MS_BIND") ? TEXT("true") : TEXT("false"));
	return bind == NULL || bind->null == flags->null ? bind == NULL || bind->null || binds == has_text(flags, "MS_BIND") : false;
}

/* source:destination:mode, and no other modes than there are. */
static bool mounts_have_parts(struct made_facet *facet)
{
	const struct test_field *mounts = made_get(facet, named(facet, "container.mounts"));

	for (size_t i = 0; mounts != NULL && i < mounts->values.count; i++) {
		struct text mount = mounts->values.items[i];
		size_t colons = 0;

		for (size_t k = 0; k < mount.length; k++)
			colons += mount.data[k] == ':';
		if (colons != 2
			|| (!text_ends(mount, TEXT(":rw"), false) && !text_ends(mount, TEXT(":ro"), false)
				&& !text_ends(mount, TEXT(":unknown"), false)))
			return false;
	}
	return true;
}

/* All capabilities but the one that nested hosts withhold. */
static void fill_capabilities(struct made_facet *facet)
{
	struct text names[64];
	size_t count = 0;

	for (unsigned bit = 0; bit < 64 && capability_name(bit) != NULL; bit++)
		names[count++] = text_of(capability_name(bit));
	made_set(facet, named(facet, "process.thread.capabilities.permitted"), names, count);
}

static bool capabilities_agree(struct made_facet *facet)
{
	const struct test_field *permitted = made_get(facet, named(facet, "process.thread.capabilities.permitted"));
	const struct test_field *full = made_get(facet, named(facet, "process.capabilities.full"));
	uint64_t mask = 0;

	if (permitted == NULL && full != NULL && text_is(value_of(facet, "process.capabilities.full"), "true"))
		fill_capabilities(facet);
	else if (permitted == NULL && full != NULL && !full->null)
		fill(facet, "process.thread.capabilities.permitted", TEXT("CAP_CHOWN"));
	if (permitted == NULL || full == NULL)
		return true;
	for (size_t i = 0; i < permitted->values.count; i++) {
		int bit = capability_bit(permitted->values.items[i]);

		mask |= bit >= 0 ? (uint64_t)1 << bit : 0;
	}
	return full->null == permitted->null
		&& (full->null || text_is(value_of(facet, "process.capabilities.full"), "true") == capability_mask_full(mask));
}

static bool address_agrees(struct made_facet *facet)
{
	const struct test_field *address = made_get(facet, named(facet, "destination.address"));
	const struct test_field *ip = made_get(facet, named(facet, "destination.ip"));
	struct text text = value_of(facet, "destination.address"), number = value_of(facet, "destination.ip");
	bool unix_socket = text.length > 0 && (text.data[0] == '/' || text.data[0] == '@');
	bool port = value_of(facet, "destination.port").length > 0;
	struct text transport = value_of(facet, "network.transport");
	struct ip parsed, asked;

	if (text.length > 0 && !unix_socket && !ip_parse(text, &parsed))
		return false;
	if (unix_socket && (number.length > 0 || port || (transport.length > 0 && !text_is(transport, "unix"))))
		return false;
	const struct test_field *asked_port = made_get(facet, named(facet, "destination.port"));

	if (!unix_socket && address != NULL && ip != NULL && address->null != ip->null)
		return false;
	if (number.length > 0 && asked_port != NULL && asked_port->null)
		return false;
	if (number.length > 0)
		fill(facet, "destination.port", TEXT("443"));
	if (unix_socket)
		fill(facet, "network.transport", TEXT("unix"));
	else if (text_is(transport, "unix"))
		return number.length == 0 && text.length == 0 && !port;
	if (text.length > 0 && !unix_socket && ip == NULL)
		fill(facet, "destination.ip", text);
	else if (text.length > 0 && number.length > 0)
		return ip_parse(number, &asked)
			&& value_compare(TYPE_IP, &(struct value){.ip = parsed}, &(struct value){.ip = asked}) == 0;
	if (address != NULL && address->null && ip == NULL)
		made_set_missing(facet, named(facet, "destination.ip"));
	if (ip != NULL && ip->null && address == NULL)
		made_set_missing(facet, named(facet, "destination.address"));
	if (address == NULL && number.length > 0)
		fill(facet, "destination.address", number);
	if (address == NULL && ip == NULL && port) {
		fill(facet, "destination.address", TEXT("192.0.2.9"));
		fill(facet, "destination.ip", TEXT("192.0.2.9"));
	}
	return true;
}

static bool thread_name_fits(struct made_facet *facet)
{
	return value_of(facet, "process.thread.name").length <= 15;
}

/* Codes that say what became of a call; of others nobody says. */
static struct text outcome_of_code(int64_t code)
{
	static const int64_t refusals[] = {400, 401, 403, 404, 409, 422, 429, 500, 503};

	if (code >= 200 && code <= 202)
		return TEXT("success");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (code == refusals[i])
			return TEXT("failure");
	}
	return TEXT("");
}

/* The answer of an API says whether the call succeeded. */
static bool answer_agrees(struct made_facet *facet, bool plain)
{
	const struct test_field *status = made_get(facet, named(facet, "http.response.status_code"));
	struct text outcome = value_of(facet, "event.outcome"), code = value_of(facet, "http.response.status_code");
	int64_t number;

	if (!text_is(facet->registry->categories[facet->category].name, "api"))
		return true;
	if (status != NULL && status->null) {
		if (!said(facet, "event.outcome"))
			made_set_missing(facet, FIELD_OUTCOME);
		return outcome.length == 0;
	}
	if (status != NULL && text_to_long(code, &number)) {
		if (outcome_of_code(number).length == 0 && !said(facet, "event.outcome"))
			made_set_missing(facet, FIELD_OUTCOME);
		struct text follows = outcome_of_code(number);

		/* Any outcome may have been asked for: the condition is asked again of what comes of it. */
		if (outcome.length > 0 && follows.length > 0)
			made_set(facet, FIELD_OUTCOME, &follows, 1);
		return follow(facet, "event.outcome", follows);
	}
	if (said(facet, "event.outcome") || !plain)
		fill(facet, "http.response.status_code", text_is(outcome, "failure") ? TEXT("403") : TEXT("200"));
	if (said(facet, "event.outcome") && outcome.length == 0)
		return false;
	return true;
}

/* --- what such events have anyway --- */

static void fill_actor(struct made_facet *facet, unsigned turn)
{
	bool root = turn % 3 == 1;

	fill(facet, "host.name", TEXT("host"));
	fill(facet, "user.id", root ? TEXT("0") : TEXT("1000"));
	fill(facet, "user.name", root ? TEXT("root") : TEXT("alice"));
	fill(facet, "user.audit.id", TEXT("1000"));
	fill(facet, "process.pid", TEXT("4242"));
	fill(facet, "process.parent.pid", TEXT("4100"));
	fill(facet, "audit.arch", TEXT("x86_64"));
	fill(facet, "process.working_directory", TEXT("/srv"));
}

/* A sensor knows whether the actor is in a container; a container that runs has an id. */
static void fill_place(struct made_facet *facet, unsigned turn)
{
	struct text action = facet->registry->actions[facet->action].name;

	if (text_is(facet->registry->categories[facet->category].name, "api"))
		return;
	if (!text_is(facet->registry->categories[facet->category].name, "container")) {
		in_container_agrees(facet); /* a container's name says where it is */
		fill(facet, "process.in_container", !nowhere(facet) && turn % 4 == 3 ? TEXT("true") : TEXT("false"));
	} else if (!text_is(action, "create")) {
		fill(facet, "process.in_container", TEXT("true"));
		fill(facet, "container.id", TEXT("3f2b9c41d07e"));
	}
}

static void fill_category(struct made_facet *facet)
{
	struct text category = facet->registry->categories[facet->category].name;
	struct text action = facet->registry->actions[facet->action].name;
	struct text words[] = {MADE_PROGRAM};

	if (!text_is(category, "container") && !text_is(category, "api") && !text_is(category, "log"))
		fill(facet, "process.executable", TEXT("/usr/bin/tool"));
	if (text_is(category, "process") && text_is(action, "exec") && !said(facet, "process.args"))
		made_set(facet, named(facet, "process.args"), words, 1);
	if (text_is(category, "file"))
		fill(facet, "file.path", TEXT("/srv/data/file"));
}

bool made_finish(struct made_facet *facet, bool plain, unsigned turn)
{
	const struct test_field *outcome = made_get(facet, FIELD_OUTCOME);

	facet->plain = plain;

	/* Whoever sees the act sees what became of it; an API's answer may leave it open. */
	if (!plain && outcome != NULL && outcome->null && !text_is(facet->registry->categories[facet->category].name, "api"))
		return false;
	if ((!plain && (!made_acts_carry(facet) || !made_acts_call(facet) || !mounts_have_parts(facet)))
		|| !answer_agrees(facet, plain))
		return false;
	if (!plain) {
		fill(facet, "event.outcome", TEXT("success"));
		fill_actor(facet, turn);
		fill_place(facet, turn);
	}
	if (!follow_arguments(facet))
		return false;
	if (!plain)
		fill_category(facet);
	if (!follow_arguments(facet) || !follow_paths(facet) || !thread_name_fits(facet))
		return false;
	struct text name = value_of(facet, "process.name");

	if (!plain)
		fill(facet, "process.thread.name", text_slice(name, 0, name.length < 15 ? name.length : 15));
	return in_container_agrees(facet) && mount_agrees(facet) && capabilities_agree(facet) && address_agrees(facet);
}

struct test_facet made_finished(const struct made_facet *facet)
{
	struct test_field *fields = arena_array(facet->arena, facet->count + 2, sizeof(*fields));
	const struct registry *registry = facet->registry;
	struct text *names = arena_array(facet->arena, 2, sizeof(*names));

	names[0] = registry->categories[facet->category].name;
	names[1] = registry->actions[facet->action].name;
	fields[0] = (struct test_field){.field = FIELD_CATEGORY, .values = {&names[0], 1}};
	fields[1] = (struct test_field){.field = FIELD_ACTION, .values = {&names[1], 1}};
	size_t count = 2;

	for (size_t i = 0; i < facet->count; i++) {
		if (!facet->fields[i].null)
			fields[count++] = facet->fields[i];
	}
	return (struct test_facet){facet->category, facet->action, fields, count};
}
