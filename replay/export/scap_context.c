/*
 * scap_context: clone, execve, setresuid, chdir, and the JSON of containers.
 */
#include "replay/export/scap_context.h"

#include "catalog/shape.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { COMM_MAX = 15, SHORT_ID = 12, LONG_ID = 64, CLONE_BEGIN = 222, EXECVE_BEGIN = 292, SETRESUID_BEGIN = 192,
	SETRESGID_BEGIN = 194, CHDIR_BEGIN = 94, EXIT = 186, CONTAINER_JSON = 272 };

void scap_fields_resolve(struct scap_field_numbers *numbers, const struct registry *registry)
{
#define F(member, name) numbers->member = registry_field(registry, TEXT(name));
	SCAP_FIELDS(F)
#undef F
}

struct text scap_said(const struct scap_actor *actor, unsigned field)
{
	return field == FIELD_NONE ? TEXT("") : facet_text(actor->facet, field);
}

int64_t scap_said_number(const struct scap_actor *actor, unsigned field, int64_t otherwise)
{
	int64_t number;
	struct text text = scap_said(actor, field);
	return text.length && text_to_long(text, &number) ? number : otherwise;
}

/* Ids */

static uint32_t id_of(const struct scap_actor *actor, unsigned field)
{
	int64_t id = scap_said_number(actor, field, -1);
	return id >= 0 && id < UINT32_MAX ? (uint32_t)id : UINT32_MAX;
}

static void learn_names(const struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	const unsigned pairs[][2] = {{n->user, n->user_name}, {n->login, n->login_name}};
	struct scap_state *state = actor->writer->state;
	for (size_t i = 0; i < 2; i++) {
		uint32_t id = id_of(actor, pairs[i][0]);
		struct text name = scap_said(actor, pairs[i][1]);
		if (id != UINT32_MAX && name.length && !scap_account_name(&state->users, id).length)
			scap_account_set(state, &state->users, id, name);
	}
}

/* pts0 → 136:0, tty1 → 4:1; 0: none. */
static uint32_t tty_of(struct text name)
{
	static const struct {
		const char *begin;
		uint32_t number;
	} kinds[] = {{"pts/", 136 << 8}, {"pts", 136 << 8}, {"ttyS", (4 << 8) + 64}, {"tty", 4 << 8}};
	int64_t number;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct text begin = text_of(kinds[i].begin);
		if (text_starts(name, begin, false) && text_to_long(text_slice(name, begin.length, name.length), &number) &&
			number >= 0 && number < 256)
			return kinds[i].number + (uint32_t)number;
	}
	return 0;
}

static uint64_t set_of(const struct scap_actor *actor, unsigned field, bool *known)
{
	const struct values *values = field == FIELD_NONE ? NULL : facet_get(actor->facet, field);
	uint64_t set = 0;
	for (size_t i = 0; values && i < values->count; i++) {
		int bit = capability_bit(values->items[i].text);
		if (bit >= 0)
			set |= UINT64_C(1) << bit;
	}
	*known |= values != NULL;
	return set;
}

uint64_t scap_set_of(const struct scap_actor *actor, unsigned field)
{
	bool known = false;
	return set_of(actor, field, &known);
}

/* Programs */

struct program {
	struct text comm, exe, path, rest; /* rest: arguments, each with its NUL */
	bool arguments;                    /* they are known */
};

static struct text join(struct arena *arena, const struct values *words, struct text line)
{
	struct buffer joined = {0};
	for (size_t i = 1; words && i < words->count; i++) {
		buffer_text(&joined, text_slice(words->items[i].text, 0, text_find(words->items[i].text, '\0')));
		buffer_char(&joined, '\0');
	}
	line = words ? TEXT("") : text_slice(line, text_find(line, ' ') + 1, line.length);
	while (line.length) {
		size_t end = text_find(line, ' ');
		buffer_text(&joined, text_slice(line, 0, end));
		buffer_char(&joined, '\0');
		line = text_slice(line, end + 1, line.length);
	}
	struct text text = text_copy(arena, buffer_view(&joined));
	buffer_free(&joined);
	return text;
}

static struct program program_of(const struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	const struct values *words = n->args == FIELD_NONE ? NULL : facet_get(actor->facet, n->args);
	struct text line = scap_said(actor, n->line), name = scap_said(actor, n->name);
	struct program program = {.comm = scap_said(actor, n->thread), .path = scap_said(actor, n->executable)};
	program.arguments = (words && words->count) || line.length;
	program.exe = words && words->count ? words->items[0].text : text_slice(line, 0, text_find(line, ' '));
	program.rest = join(&actor->writer->arena, words && words->count ? words : NULL, line);
	if (!program.exe.length)
		program.exe = program.path.length ? program.path : name;
	if (!name.length)
		name = path_name(program.path.length ? program.path : program.exe);
	if (!program.comm.length)
		program.comm = name;
	program.comm = text_slice(program.comm, 0, COMM_MAX);
	return program;
}

/* What of a task stands in clone and execve alike. */
static void put_task(struct scap_writer *writer, const struct program *program, int64_t pid, int64_t parent)
{
	scap_put_text(writer, program->exe);
	scap_put_bytes(writer, program->rest);
	scap_put_number(writer, 8, (uint64_t)pid);
	scap_put_number(writer, 8, (uint64_t)pid);
	scap_put_number(writer, 8, (uint64_t)parent);
	scap_put_text(writer, TEXT("")); /* the working directory, which no reader takes from here */
	scap_put_number(writer, 8, 1024);
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 4, 0);
	scap_put_number(writer, 4, 0);
	scap_put_number(writer, 4, 0);
	scap_put_text(writer, program->comm);
}

static void write_exec(struct scap_actor *actor, const struct program *program, int64_t result, enum scap_sight sight)
{
	struct scap_writer *writer = actor->writer;
	const struct scap_field_numbers *n = actor->numbers;
	struct scap_thread *thread = scap_thread_find(writer->state, actor->pid);
	bool sets = false;
	uint64_t permitted = set_of(actor, n->permitted, &sets), effective = set_of(actor, n->effective, &sets);
	scap_call_begin(writer, EXECVE_BEGIN);
	scap_put_text(writer, program->path.length ? program->path : TEXT("<NA>"));
	scap_call_end(writer, actor->pid, sight);
	scap_call_begin(writer, EXECVE_BEGIN + 1);
	scap_put_number(writer, 8, (uint64_t)result);
	put_task(writer, program, actor->pid, thread && thread->parent > 0 ? thread->parent : 0);
	scap_put_bytes(writer, scap_cgroups(actor));
	scap_put_bytes(writer, TEXT("")); /* environment */
	scap_put_number(writer, 4, tty_of(scap_said(actor, n->tty)));
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 4, id_of(actor, n->login));
	scap_put_number(writer, 4, 0);
	scap_put_number(writer, 8, 0);
	scap_put_bytes(writer, TEXT(""));
	scap_put_bytes(writer, TEXT(""));
	if (sets) {
		writer->count -= 2;
		writer->lengths.length -= 4;
		scap_put_number(writer, 8, permitted);
		scap_put_number(writer, 8, effective);
	}
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 8, 0);
	scap_put_number(writer, 4, id_of(actor, n->user));
	scap_put_text(writer, program->path);
	scap_call_end(writer, actor->pid, sight);
}

void scap_tell_program(struct scap_actor *actor, int64_t result, enum scap_sight sight)
{
	struct program program = program_of(actor);
	if (!program.path.length)
		actor->lacks = "the executable is not known: proc.exepath is empty";
	write_exec(actor, &program, result, sight);
}

/* Containers */

/* An id for a container of which only that it is one is known, by derivation: one for each group of actors. */
static struct text made_up(const struct scap_actor *actor)
{
	struct text entity = scap_said(actor, actor->numbers->entity);
	uint64_t hash = entity.length ? text_hash(entity) & UINT64_C(0xffffffffffff) : 0;
	return text_of(arena_printf(&actor->writer->arena, "%012llx", (unsigned long long)hash));
}

static struct text container_of(const struct scap_actor *actor)
{
	struct text id = scap_said(actor, actor->numbers->container);
	size_t digits = 0;
	if (!id.length && text_is(scap_said(actor, actor->numbers->inside), "true"))
		return made_up(actor);
	while (digits < id.length && text_hex_digit(id.data[digits]) >= 0 && !(id.data[digits] >= 'A' && id.data[digits] <= 'F'))
		digits++;
	return digits == id.length && digits >= SHORT_ID && digits <= LONG_ID ? id : TEXT("");
}

static const struct {
	const char *runtime, *begin, *end; /* of the path of its control group */
	int type;
} runtimes[] = {
	{"docker", "/docker/", "", 0}, {"podman", "/libpod-", ".scope", 11}, {"containerd", "/cri-containerd-", ".scope", 7},
	{"nerdctl", "/cri-containerd-", ".scope", 7}, {"cri-o", "/crio-", ".scope", 8},
	{"kubernetes", "/cri-containerd-", ".scope", 7},
};

static size_t runtime_of(const struct scap_actor *actor)
{
	struct text runtime = scap_said(actor, actor->numbers->runtime);
	for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++)
		if (text_is(runtime, runtimes[i].runtime))
			return i;
	return 0;
}

/* A short id is made long with zeroes: readers show the first 12 digits. */
struct text scap_cgroups(const struct scap_actor *actor)
{
	static const char zeroes[] = "0000000000000000000000000000000000000000000000000000000000000000";
	struct text id = container_of(actor);
	struct arena *arena = &actor->writer->arena;
	if (!id.length)
		return (struct text){"cpuset=/", 9}; /* with its NUL */
	size_t runtime = runtime_of(actor);
	char *text = arena_printf(arena, "cpuset=%s%.*s%.*s%s", runtimes[runtime].begin, TEXT_ARGS(id),
		(int)(LONG_ID - id.length), zeroes, runtimes[runtime].end);
	return (struct text){text, strlen(text) + 1};
}

static json_t *string_of(struct text text)
{
	json_t *string = json_stringn(text.data ? text.data : "", text.length);
	return string ? string : json_string("");
}

/* source:destination:mode */
static json_t *mount_of(struct text mount)
{
	json_t *object = json_object();
	size_t first = text_find(mount, ':'), second = first + 1;
	struct text rest = text_slice(mount, second, mount.length);
	struct text destination = text_slice(rest, 0, text_find(rest, ':'));
	struct text mode = text_slice(rest, destination.length + 1, rest.length);
	json_object_set_new(object, "Source", string_of(text_slice(mount, 0, first)));
	json_object_set_new(object, "Destination", string_of(destination));
	json_object_set_new(object, "Mode", string_of(TEXT("")));
	json_object_set_new(object, "RW", json_boolean(text_is(mode, "rw")));
	json_object_set_new(object, "Propagation", json_string(""));
	return object;
}

static char *container_json(const struct scap_actor *actor, struct text id)
{
	const struct scap_field_numbers *n = actor->numbers;
	json_t *root = json_object(), *object = json_object(), *labels = json_object(), *mounts = json_array();
	struct text image = scap_said(actor, n->image), tag = scap_said(actor, n->tag);
	const struct values *list = n->mounts == FIELD_NONE ? NULL : facet_get(actor->facet, n->mounts);
	char *whole = arena_printf(&actor->writer->arena, "%.*s%s%.*s", TEXT_ARGS(image), tag.length ? ":" : "", TEXT_ARGS(tag));
	for (size_t i = 0; list && i < list->count; i++)
		json_array_append_new(mounts, mount_of(list->items[i].text));
	json_object_set_new(object, "id", string_of(text_slice(id, 0, SHORT_ID)));
	json_object_set_new(object, "full_id", string_of(id));
	if (scap_said(actor, n->runtime).length)
		json_object_set_new(object, "type", json_integer(runtimes[runtime_of(actor)].type));
	json_object_set_new(object, "name", string_of(scap_said(actor, n->container_name)));
	json_object_set_new(object, "image", string_of(text_of(whole)));
	json_object_set_new(object, "imagerepo", string_of(image));
	json_object_set_new(object, "imagetag", string_of(tag));
	json_object_set_new(object, "imagedigest", json_string(""));
	json_object_set_new(object, "imageid", json_string(""));
	if (scap_said(actor, n->privileged).length)
		json_object_set_new(object, "privileged", json_boolean(text_is(scap_said(actor, n->privileged), "true")));
	json_object_set_new(object, "Mounts", mounts);
	if (scap_said(actor, n->pod).length) {
		json_object_set_new(labels, "io.kubernetes.pod.name", string_of(scap_said(actor, n->pod)));
		json_object_set_new(labels, "io.kubernetes.pod.namespace", string_of(scap_said(actor, n->space)));
	}
	json_object_set_new(object, "labels", labels);
	json_object_set_new(root, "container", object);
	char *text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

static bool same(struct text known, struct text said)
{
	return !said.length || text_equal(known, said);
}

/* Is anything of the container said but its id? */
static bool describes(const struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	const unsigned fields[] = {n->container_name, n->runtime, n->image, n->tag, n->privileged, n->mounts, n->pod};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (scap_said(actor, fields[i]).length)
			return true;
	return false;
}

static void tell_container(struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct text id = container_of(actor);
	if (!id.length && scap_said(actor, n->container).length)
		actor->lacks = "the container's id is none that a control group has";
	if (id.length && !scap_said(actor, n->container).length)
		actor->lacks = "the container's id is not known: one is made up";
	if (!id.length || !scap_said(actor, n->container).length || !describes(actor))
		return;
	const struct scap_container *known = scap_container_find(actor->writer->state, text_slice(id, 0, SHORT_ID));
	struct text privileged = scap_said(actor, n->privileged);
	if (known && same(known->name, scap_said(actor, n->container_name)) && same(known->repository, scap_said(actor, n->image)) &&
		same(known->tag, scap_said(actor, n->tag)) && same(known->pod, scap_said(actor, n->pod)) &&
		(!privileged.length || known->privileged == text_is(privileged, "true")))
		return;
	char *json = container_json(actor, id);
	scap_call_begin(actor->writer, CONTAINER_JSON);
	scap_put_text(actor->writer, text_of(json));
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
	free(json);
}

/* Processes */

static void write_clone(const struct scap_actor *actor, const struct program *program, int64_t pid, int64_t parent, uint32_t user,
	uint32_t group, struct text cgroups)
{
	struct scap_writer *writer = actor->writer;
	struct scap_thread *old = scap_thread_find(writer->state, pid);
	if (old) { /* readers keep a process that is young, whatever a clone says */
		scap_call_begin(writer, EXIT);
		scap_put_number(writer, 8, 0);
		scap_put_number(writer, 8, 0);
		scap_put_number(writer, 1, 0);
		scap_put_number(writer, 1, 0);
		scap_call_end(writer, pid, SCAP_HIDDEN);
	}
	scap_call_begin(writer, CLONE_BEGIN + 1);
	scap_put_number(writer, 8, 0);
	put_task(writer, program, pid, parent);
	scap_put_bytes(writer, cgroups);
	scap_put_number(writer, 4, actor->first && pid == actor->pid ? SCAP_CLONE_NEWPID : 0);
	scap_put_number(writer, 4, user);
	scap_put_number(writer, 4, group);
	scap_put_number(writer, 8, actor->first && pid == actor->pid ? 1 : (uint64_t)pid);
	scap_put_number(writer, 8, actor->first && pid == actor->pid ? 1 : (uint64_t)pid);
	scap_call_end(writer, pid, SCAP_HIDDEN);
}

/* A parent of which only the id is known: readers would take it for what its child is. */
static void tell_stranger(const struct scap_actor *actor, int64_t pid)
{
	const struct program stranger = {.comm = TEXT("<NA>"), .exe = TEXT("<NA>"), .rest = TEXT("")};
	write_clone(actor, &stranger, pid, 0, UINT32_MAX, UINT32_MAX, (struct text){"cpuset=/", 9});
}

/* The parent, where it is told by name and not known so. */
static void tell_parent(struct scap_actor *actor, int64_t parent)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct text path = scap_said(actor, n->parent_executable), name = scap_said(actor, n->parent_name);
	struct text line = scap_said(actor, n->parent_line);
	struct scap_thread *known = scap_thread_find(actor->writer->state, parent);
	if (parent <= 0 || parent == actor->pid)
		return;
	if (!path.length && !name.length && !line.length) {
		if (!known)
			tell_stranger(actor, parent);
		return;
	}
	struct program program = {.path = path, .exe = text_slice(line, 0, text_find(line, ' ')), .rest = TEXT("")};
	program.rest = join(&actor->writer->arena, NULL, line);
	if (!program.exe.length)
		program.exe = path.length ? path : name;
	program.comm = text_slice(name.length ? name : path_name(program.path.length ? program.path : program.exe), 0, COMM_MAX);
	if (!path.length && known) /* its name may be of the task, with the same file */
		program.path = text_copy(&actor->writer->arena, buffer_view(&known->exepath));
	if (known && same(buffer_view(&known->exepath), path) && (path.length || same(buffer_view(&known->comm), program.comm)) &&
		(!line.length || text_equal(buffer_view(&known->args), program.rest)))
		return;
	struct facet empty = *actor->facet;
	struct scap_actor as = *actor;
	uint16_t *nothing = arena_array(&actor->writer->arena, actor->facet->registry->field_count, sizeof *nothing);
	empty.position = nothing;
	empty.layout = NULL;
	as.facet = &empty;
	as.pid = parent;
	as.first = false;
	if (!known)
		write_clone(&as, &program, parent, 0, id_of(actor, n->user), id_of(actor, n->group), scap_cgroups(&as));
	write_exec(&as, &program, 0, SCAP_HIDDEN);
}

static void write_ids(struct scap_actor *actor, uint16_t type, uint32_t id)
{
	scap_call_begin(actor->writer, type);
	for (size_t i = 0; i < 3; i++)
		scap_put_number(actor->writer, 4, id);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
	scap_call_begin(actor->writer, type + 1);
	scap_put_number(actor->writer, 8, 0);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
}

static void tell_ids(struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	const struct scap_thread *thread = scap_thread_find(actor->writer->state, actor->pid);
	uint32_t user = id_of(actor, n->user), group = id_of(actor, n->group);
	if (thread && user != UINT32_MAX && thread->uid != user)
		write_ids(actor, SETRESUID_BEGIN, user);
	if (thread && group != UINT32_MAX && thread->gid != group)
		write_ids(actor, SETRESGID_BEGIN, group);
}

static void tell_directory(struct scap_actor *actor)
{
	struct text said = scap_said(actor, actor->numbers->directory);
	const struct scap_thread *thread = scap_thread_find(actor->writer->state, actor->pid);
	struct text known = thread ? buffer_view(&thread->directory) : TEXT("");
	if (known.length > 1)
		known.length--; /* its slash */
	if (!said.length || text_equal(known, said))
		return;
	scap_call_begin(actor->writer, CHDIR_BEGIN);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
	scap_call_begin(actor->writer, CHDIR_BEGIN + 1);
	scap_put_number(actor->writer, 8, 0);
	scap_put_text(actor->writer, said);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
}

static bool runs(const struct scap_actor *actor, const struct scap_thread *thread, const struct program *program)
{
	const struct scap_field_numbers *n = actor->numbers;
	bool sets = false;
	uint64_t permitted = set_of(actor, n->permitted, &sets), effective = set_of(actor, n->effective, &sets);
	if (sets && (!thread->capabilities || thread->permitted != permitted || thread->effective != effective))
		return false;
	if (thread->login != id_of(actor, n->login) || thread->tty != tty_of(scap_said(actor, n->tty)))
		return false;
	if (!same(buffer_view(&thread->exepath), program->path) || !same(buffer_view(&thread->comm), program->comm))
		return false;
	return !program->arguments ||
		(text_equal(buffer_view(&thread->args), program->rest) && text_equal(buffer_view(&thread->exe), program->exe));
}

/* A parent that was told anew has lost its children: readers gave them to another. */
static bool fits(const struct scap_actor *actor, const struct scap_thread *thread, int64_t parent)
{
	struct text id = text_slice(container_of(actor), 0, SHORT_ID);
	const struct scap_thread *known = scap_thread_find(actor->writer->state, parent);
	if (known && thread && known != thread && known->serial > thread->serial)
		return false;
	return thread && (parent <= 0 || thread->parent == parent) && text_equal(buffer_view(&thread->container), id) &&
		(!actor->first || thread->vpid == 1);
}

void scap_tell_actor(struct scap_actor *actor, bool program)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct program own = program_of(actor), begun = own;
	int64_t parent = scap_said_number(actor, n->parent_pid, 0);
	learn_names(actor);
	tell_container(actor);
	tell_parent(actor, parent);
	struct scap_thread *thread = scap_thread_find(actor->writer->state, actor->pid);
	if (!fits(actor, thread, parent)) {
		const struct scap_thread *from = scap_thread_find(actor->writer->state, parent);
		struct arena *arena = &actor->writer->arena;
		if (!program && from) { /* it is what its parent is, until it executes something */
			begun.comm = text_copy(arena, buffer_view(&from->comm));
			begun.exe = text_copy(arena, buffer_view(&from->exe));
			begun.rest = text_copy(arena, buffer_view(&from->args));
		}
		write_clone(actor, &begun, actor->pid, parent > 0 ? parent : 0, id_of(actor, n->user), id_of(actor, n->group),
			scap_cgroups(actor));
	}
	tell_ids(actor); /* before execve: older readers do not take ids from it */
	thread = scap_thread_find(actor->writer->state, actor->pid);
	if (program && thread && !runs(actor, thread, &own)) {
		if (!own.arguments && same(buffer_view(&thread->exepath), own.path)) { /* those that are known stay */
			own.exe = text_copy(&actor->writer->arena, buffer_view(&thread->exe));
			own.rest = text_copy(&actor->writer->arena, buffer_view(&thread->args));
		}
		write_exec(actor, &own, 0, SCAP_HIDDEN);
	}
	if (program && !own.path.length)
		actor->lacks = "the executable is not known: proc.exepath is empty";
	tell_directory(actor);
}
