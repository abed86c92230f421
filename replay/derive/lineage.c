/*
 * lineage: keeps the table of processes and judges each event's actor by it.
 */
#include "replay/derive/lineage.h"

#include "replay/derive/names.h"
#include "replay/derive/process_table.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
/* Within this time a pid under a new parent, or in a new audit session, is the process that it was, not another one of the same
 * number. */
#define SOON_NS (60 * SECOND)
/* How many events before its turn an event's slots in the table are fetched, and its rows. */
enum { AHEAD = 8, ROWS_AHEAD = 3 };

struct lineage_fields {
	unsigned pid, parent_pid, thread_name, name, executable, args, command_line, exit_code, session, host;
	unsigned in_container, entity, container_id, parent_name, parent_executable, parent_command_line;
};

struct lineage_actions {
	unsigned exec, fork, exit;
};

struct lineage {
	const struct registry *registry;
	const struct runtimes *runtimes;
	struct names init_threads, shims, hosts; /* of the runtimes */
	struct lineage_fields fields;
	struct lineage_actions actions;
	unsigned container; /* the category */
	struct process_table *table;
	struct recordings *recordings;
};

struct lineage *lineage_new(const struct registry *registry, const struct runtimes *runtimes)
{
	struct lineage *lineage = mem_alloc(sizeof(*lineage));
	struct lineage_fields *f = &lineage->fields;
	const struct {
		unsigned *field;
		const char *name;
	} names[] = {
		{&f->pid, "process.pid"}, {&f->parent_pid, "process.parent.pid"}, {&f->thread_name, "process.thread.name"},
		{&f->name, "process.name"}, {&f->executable, "process.executable"}, {&f->args, "process.args"},
		{&f->command_line, "process.command_line"}, {&f->exit_code, "process.exit_code"}, {&f->session, "session.id"},
		{&f->host, "host.name"}, {&f->in_container, "process.in_container"}, {&f->entity, "entity.id"},
		{&f->container_id, "container.id"}, {&f->parent_name, "process.parent.name"},
		{&f->parent_executable, "process.parent.executable"},
		{&f->parent_command_line, "process.parent.command_line"},
	};
	bool found;
	unsigned process = registry_category(registry, TEXT("process"), &found);
	*lineage = (struct lineage){.registry = registry, .runtimes = runtimes,
		.actions = {.exec = registry_action(registry, process, TEXT("exec")),
			.fork = registry_action(registry, process, TEXT("fork")),
			.exit = registry_action(registry, process, TEXT("exit"))},
		.container = registry_category(registry, TEXT("container"), &found), .table = process_table_new(LINEAGE_PIDS),
		.recordings = recordings_new()};
	names_make(&lineage->init_threads, runtimes->init_threads, runtimes->init_thread_count);
	names_make(&lineage->shims, runtimes->shims, runtimes->shim_count);
	names_make(&lineage->hosts, runtimes->hosts, runtimes->host_count);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		*names[i].field = registry_field(registry, text_of(names[i].name));
	return lineage;
}

void lineage_free(struct lineage *lineage)
{
	if (lineage == NULL)
		return;
	names_free(&lineage->init_threads);
	names_free(&lineage->shims);
	names_free(&lineage->hosts);
	process_table_free(lineage->table);
	recordings_free(lineage->recordings);
	free(lineage);
}

void lineage_reset(struct lineage *lineage, const struct dataset *dataset)
{
	recordings_begin(lineage->recordings, dataset);
	process_table_clear(lineage->table);
}

static int64_t number_of(const struct facet *facet, unsigned field, int64_t otherwise)
{
	const struct values *values = facet_get(facet, field);
	return values != NULL && values->count > 0 ? values->items[0].number : otherwise;
}

static uint64_t load(const char *data, size_t size)
{
	uint64_t word = 0;
	memcpy(&word, data, size);
	return word;
}

/* Of each event it is asked: most names are short. */
static uint64_t host_of(struct text host)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	if (host.length < 4 || host.length > 16)
		return host.length == 0 ? 0 : text_hash(host);
	const char *end = host.data + host.length;
	uint64_t first = host.length < 8 ? load(host.data, 4) : load(host.data, 8);
	uint64_t last = host.length < 8 ? load(end - 4, 4) : load(end - 8, 8);
	uint64_t hash = (first ^ host.length * odd) * odd;
	hash = ((hash ^ hash >> 32) ^ last) * odd;
	return hash ^ hash >> 29;
}

static int64_t session_of(struct text session)
{
	int64_t number;
	if (session.length == 0)
		return -1;
	return text_to_long(session, &number) && number >= 0 ? number : (int64_t)(text_hash(session) >> 1);
}

/* The processes of the host in one of its recordings have this name in the table. */
static uint64_t processes_of(uint64_t host, uint64_t recording)
{
	return host ^ recording * UINT64_C(0xd1b54a32d192ed03);
}

static struct text name_of(const struct lineage *lineage, const struct facet *facet)
{
	struct text name = facet_text(facet, lineage->fields.name);
	return name.length > 0 ? name : path_name(facet_text(facet, lineage->fields.executable));
}

/* Of an exec: what it was called with. */
static struct text line_of(const struct lineage *lineage, struct event *event, const struct facet *exec)
{
	struct text line = facet_text(exec, lineage->fields.command_line);
	const struct values *args = line.length > 0 ? NULL : facet_get(exec, lineage->fields.args);
	if (args == NULL || args->count == 0)
		return line;
	struct text *words = arena_array(event->arena, args->count, sizeof(*words));
	for (size_t i = 0; i < args->count; i++)
		words[i] = args->items[i].text;
	return text_join(event->arena, words, args->count, ' ');
}

static bool names_container(const struct lineage *lineage, const struct facet *facet)
{
	return facet->category != lineage->container && facet_text(facet, lineage->fields.container_id).length > 0;
}

void lineage_look(const struct lineage *lineage, struct event *event, struct actor *actor)
{
	const struct lineage_fields *f = &lineage->fields;
	size_t i = 0;
	while (i < event->facet_count && facet_get(event->facets[i], f->pid) == NULL)
		i++;
	actor->facet = NULL;
	if (i == event->facet_count)
		return;
	const struct facet *facet = actor->facet = event->facets[i];
	struct text session = facet_text(facet, f->session), thread = facet_text(facet, f->thread_name);
	actor->named = host_of(facet_text(facet, f->host));
	actor->pid = number_of(facet, f->pid, -1);
	actor->parent = number_of(facet, f->parent_pid, -1);
	actor->time = event->time;
	actor->session = session_of(session);
	actor->serial = recording_serial(event->id);
	actor->executable = facet_text(facet, f->executable);
	actor->exec = facet->action == lineage->actions.exec && !text_is(facet_text(facet, FIELD_OUTCOME), "failure");
	actor->line = actor->exec ? line_of(lineage, event, facet) : TEXT("");
	actor->init = thread.length > 0 && names_has(&lineage->init_threads, thread);
	actor->shim = names_has(&lineage->shims, path_name(actor->executable));
	actor->engine = actor->exec && names_has(&lineage->hosts, name_of(lineage, facet));
	actor->entity = facet_get(facet, f->entity) == NULL && (session.length > 0 || names_container(lineage, facet));
}

/* Its turn comes: has the table's slots fetched. */
static void expect(const struct lineage *lineage, struct actor *actor)
{
	if (actor->facet == NULL)
		return;
	actor->place = recordings_place(lineage->recordings, actor->named);
	actor->host = processes_of(actor->named, recording_now(lineage->recordings, actor->place));
	process_table_expect(lineage->table, process_hash(actor->host, actor->pid));
	process_table_expect(lineage->table, process_hash(actor->host, actor->parent));
}

/* Some events later: has its rows fetched. */
static void fetch(const struct lineage *lineage, const struct actor *actor)
{
	if (actor->facet == NULL)
		return;
	process_table_fetch(lineage->table, process_hash(actor->host, actor->pid));
	process_table_fetch(lineage->table, process_hash(actor->host, actor->parent));
}

static bool named(const struct text *names, size_t count, struct text name, struct text thread_name)
{
	return (name.length > 0 && runtimes_name(names, count, name)) ||
		(thread_name.length > 0 && runtimes_name(names, count, thread_name));
}

static bool has_argument(const struct lineage *lineage, const struct facet *facet, struct text word)
{
	const struct values *args = facet_get(facet, lineage->fields.args);
	for (size_t i = 0; args != NULL && i < args->count; i++) {
		if (text_equal(args->items[i].text, word))
			return true;
	}
	return false;
}

/* Is it one of the programs that a shim starts on the host? `podman container cleanup`: name, arguments. */
static bool is_helper(const struct lineage *lineage, const struct facet *facet)
{
	struct text own = name_of(lineage, facet), thread_name = facet_text(facet, lineage->fields.thread_name);
	for (size_t i = 0; i < lineage->runtimes->helper_count; i++) {
		struct text left = lineage->runtimes->helpers[i];
		size_t end = text_find(left, ' ');
		struct text name = text_slice(left, 0, end);
		bool fits = named(&name, 1, own, thread_name);
		while (fits && end < left.length) {
			left = text_slice(left, end + 1, left.length);
			end = text_find(left, ' ');
			fits = has_argument(lineage, facet, text_slice(left, 0, end));
		}
		if (fits)
			return true;
	}
	return false;
}

static void side_container(struct process_row *row, int64_t init, int64_t time)
{
	row->side = SIDE_CONTAINER;
	row->init = init;
	row->init_time = time;
}

static bool seen_soon(const struct process_row *row, const struct actor *actor)
{
	return row->seen != INT64_MIN && actor->time != INT64_MIN && actor->time - row->seen < SOON_NS;
}

/* Sessions are inherited, and only who logs in changes its own. A container's process or a shim that shows up in another session
 * after a while, or whose child does, is another one of the same number. */
static bool outlived(const struct process_row *row, const struct actor *actor)
{
	bool timed = row->seen != INT64_MIN && actor->time != INT64_MIN;
	return (row->side == SIDE_CONTAINER || row->shim) && timed && actor->session >= 0 && row->session != actor->session &&
		!seen_soon(row, actor);
}

struct begun {
	uint64_t host;
	int64_t pid, parent;
	struct process_row *known;
};

/* The row of the pid, with nothing known where it is known of another process; NULL: there is none. */
static struct process_row *row_known(struct lineage *lineage, const struct actor *actor, int64_t pid)
{
	struct process_row *row = process_table_find(lineage->table, actor->host, pid);
	return row != NULL && outlived(row, actor) ? process_table_begin(lineage->table, actor->host, pid, row) : row;
}

/* A process begins, in the row that is known of its pid or in a fresh one: it is on its parent's side, and runs its parent's
 * program until it execs. `from`: its parent's row, or NULL; `whole`: which program it runs is said otherwise. */
static struct process_row *begin(const struct lineage *lineage, const struct begun *begun, struct process_row *from, bool whole)
{
	int64_t pid = begun->pid, parent = begun->parent;
	if (parent >= 0 && from != NULL)
		process_table_touch(from); /* long-lived parents do little themselves */
	struct process_row *row = process_table_begin(lineage->table, begun->host, pid, begun->known);
	row->parent = parent;
	if (pid == 1 || pid == 2 || parent == 1 || parent == 2)
		row->side = SIDE_HOST;
	if (parent < 0 || from == NULL || from == row) /* it is its own parent, or has the parent's row: the oldest */
		return row;
	row->session = from->session;
	if (from->side != SIDE_UNKNOWN) {
		row->side = from->side;
		row->init = from->init;
		row->init_time = from->init_time;
	}
	if (whole)
		return row;
	process_table_keep(row, process_executable(from), process_command_line(from));
	row->shim = from->shim;
	return row;
}

/* Does a known process under another parent go on, as an orphan that was taken over? */
static bool is_orphan(const struct process_row *row, const struct process_row *parent, const struct actor *actor)
{
	if (row->exited)
		return false;
	if (parent != NULL && parent->shim)
		return true;
	if (parent != NULL && parent->side == SIDE_CONTAINER)
		return row->side == SIDE_CONTAINER && row->init == parent->init && row->init_time == parent->init_time;
	bool reaper = parent == NULL || actor->parent == 1;
	return reaper && seen_soon(row, actor);
}

/* The actor's row, and its parent's (NULL: there is none). */
static struct process_row *row_of(struct lineage *lineage, const struct actor *actor, struct process_row **parent)
{
	*parent = row_known(lineage, actor, actor->parent);
	struct process_row *row = row_known(lineage, actor, actor->pid);
	bool other = row != NULL && actor->parent >= 0 && row->parent >= 0 && actor->parent != row->parent;
	if (row == NULL || (other && !is_orphan(row, *parent, actor))) {
		const struct begun begun = {actor->host, actor->pid, actor->parent, row};
		row = begin(lineage, &begun, *parent, actor->exec && actor->executable.length > 0);
		if (actor->parent == actor->pid)
			*parent = row;
		else if (*parent == row)
			*parent = NULL;
		return row;
	}
	if (actor->parent >= 0)
		row->parent = actor->parent;
	row->exited = false;
	process_table_touch(row);
	return row;
}

/* What the event itself shows of the actor's side; what its descent says stands already. */
static void judge(const struct lineage *lineage, struct process_row *row, const struct process_row *parent,
	const struct actor *actor)
{
	bool own_init = row->side == SIDE_CONTAINER && row->init == row->pid;
	/* An orphan of a container comes to the shim too, and stays that container's. */
	bool orphan = row->side == SIDE_CONTAINER && parent != NULL &&
		(parent->side != SIDE_CONTAINER || parent->init != row->init);
	if (row->side == SIDE_UNKNOWN && (actor->parent == 1 || actor->parent == 2))
		row->side = SIDE_HOST;
	if (row->side == SIDE_UNKNOWN && parent != NULL && parent != row && parent->side != SIDE_UNKNOWN) {
		row->side = parent->side;
		row->init = parent->init;
		row->init_time = parent->init_time;
	}
	if (!own_init && actor->init)
		side_container(row, row->pid, actor->time);
	else if (!own_init && !orphan && parent != NULL && parent->shim && parent != row && !is_helper(lineage, actor->facet) &&
		name_of(lineage, actor->facet).length > 0)
		side_container(row, row->pid, actor->time);
	else if (row->side == SIDE_UNKNOWN && actor->engine)
		row->side = SIDE_HOST;
}

/* The program that runs now: the executable of any event, the command line of an exec. */
static void learn_program(struct process_row *row, const struct actor *actor)
{
	struct text kept = process_executable(row);
	bool other = actor->executable.length > 0 && !text_equal(actor->executable, kept);
	if (!other && !actor->exec)
		return;
	process_table_keep(row, other ? actor->executable : kept, actor->line); /* another program's is this one's no more */
	if (other)
		row->shim = row->executable > 0 && actor->shim;
}

/* A child's number as the parent sees it: inside a container that is the container's own count. */
static void learn_fork(const struct lineage *lineage, struct process_row *row, const struct actor *actor)
{
	if (actor->facet->action != lineage->actions.fork || row->side != SIDE_HOST)
		return;
	int64_t child = number_of(actor->facet, lineage->fields.exit_code, -1);
	if (child <= 2 || child == actor->pid)
		return;
	const struct begun begun = {actor->host, child, actor->pid, process_table_find(lineage->table, actor->host, child)};
	begin(lineage, &begun, row, false)->seen = actor->time;
}

static void fill_parent(const struct lineage *lineage, struct event *event, struct facet *facet,
	const struct process_row *parent)
{
	const struct lineage_fields *f = &lineage->fields;
	bool lacks_executable = facet_get(facet, f->parent_executable) == NULL;
	if (parent->executable > 0 && (lacks_executable || facet_get(facet, f->parent_name) == NULL)) {
		struct text executable = text_copy(event->arena, process_executable(parent));
		if (lacks_executable)
			facet_set_keyword(event, facet, f->parent_executable, executable);
		if (facet_get(facet, f->parent_name) == NULL)
			facet_set_keyword(event, facet, f->parent_name, path_name(executable));
	}
	if (parent->command_line > 0 && facet_get(facet, f->parent_command_line) == NULL)
		facet_set_keyword(event, facet, f->parent_command_line, text_copy(event->arena, process_command_line(parent)));
}

static struct text named_by(struct arena *arena, struct text kind, struct text name)
{
	char *joined = arena_alloc(arena, kind.length + name.length + 1);
	memcpy(joined, kind.data, kind.length);
	memcpy(joined + kind.length, name.data, name.length);
	return (struct text){joined, kind.length + name.length};
}

/* container:PID@SECONDS of its init */
static struct text container_by_init(struct arena *arena, int64_t init, int64_t seconds)
{
	static const struct text kind = {"container:", 10};
	enum { ROOM = 56 };
	char *room = arena_alloc(arena, ROOM), *end = room + ROOM, *at = text_put_number(end, seconds);
	*--at = '@';
	at = text_put_number(at, init) - kind.length;
	memcpy(at, kind.data, kind.length);
	return (struct text){at, (size_t)(end - at)};
}

static struct text entity_of(const struct lineage *lineage, struct event *event, const struct facet *facet,
	const struct process_row *row)
{
	struct text container = facet_text(facet, lineage->fields.container_id);
	if (container.length > 0 && facet->category != lineage->container)
		return named_by(event->arena, TEXT("container:"), container);
	if (row->side == SIDE_CONTAINER)
		return container_by_init(event->arena, row->init, row->init_time == INT64_MIN ? 0 : row->init_time / SECOND);
	struct text session = facet_text(facet, lineage->fields.session);
	return session.length > 0 ? named_by(event->arena, TEXT("session:"), session) : TEXT("");
}

static void fill(const struct lineage *lineage, struct event *event, struct facet *facet, const struct process_row *row,
	const struct process_row *parent)
{
	const struct lineage_fields *f = &lineage->fields;
	if (row->side != SIDE_UNKNOWN && facet_get(facet, f->in_container) == NULL)
		facet_set_bool(event, facet, f->in_container, row->side == SIDE_CONTAINER);
	struct text entity = facet_get(facet, f->entity) == NULL ? entity_of(lineage, event, facet, row) : TEXT("");
	if (entity.length > 0)
		facet_set_keyword(event, facet, f->entity, entity);
	if (parent != NULL)
		fill_parent(lineage, event, facet, parent);
}

/* What the source knows of containers itself is taken over, so that children without it inherit. */
static bool take_native(const struct lineage *lineage, struct process_row *row, const struct actor *actor)
{
	const struct values *native = facet_get(actor->facet, lineage->fields.in_container);
	if (native == NULL || native->count == 0)
		return false;
	if (!native->items[0].truth)
		row->side = SIDE_HOST;
	else if (row->side != SIDE_CONTAINER)
		side_container(row, row->pid, actor->time);
	return true;
}

static bool is_copy(const struct facet *facet)
{
	return facet->derived && facet->copied != NULL;
}

void lineage_copy(const struct lineage *lineage, struct event *event, struct facet *derived)
{
	const struct lineage_fields *f = &lineage->fields;
	const unsigned filled[] = {f->in_container, f->entity, f->parent_executable, f->parent_name, f->parent_command_line};
	for (size_t i = 0; i < sizeof(filled) / sizeof(*filled); i++)
		if (facet_get(derived, filled[i]) == NULL && facet_get(derived->copied, filled[i]) != NULL)
			facet_share(event, derived, derived->copied, filled[i]);
}

/* `parent`: NULL: nothing is known of it. */
static void fill_all(const struct lineage *lineage, struct event *event, const struct actor *actor,
	const struct process_row *row, const struct process_row *parent)
{
	if (event->facet_count == 1 && row->side == SIDE_UNKNOWN && parent == NULL && !actor->entity) /* most processes */
		return;
	for (size_t i = 0; i < event->facet_count; i++) {
		if (!is_copy(event->facets[i]) && number_of(event->facets[i], lineage->fields.pid, -1) == actor->pid)
			fill(lineage, event, event->facets[i], row, parent);
	}
}

static void take(struct lineage *lineage, struct event *event, struct actor *actor)
{
	struct process_row *parent;
	uint64_t recording = recording_of(lineage->recordings, actor->named, actor->place, event, actor->serial);
	actor->host = processes_of(actor->named, recording);
	struct process_row *row = row_of(lineage, actor, &parent);
	if (!take_native(lineage, row, actor))
		judge(lineage, row, parent, actor);
	learn_program(row, actor);
	row->session = actor->session >= 0 ? actor->session : row->session;
	row->seen = actor->time;
	row->exited = actor->facet->action == lineage->actions.exit;
	fill_all(lineage, event, actor, row, actor->parent < 0 || actor->parent == actor->pid ? NULL : parent);
	learn_fork(lineage, row, actor);
}

void lineage_events(struct lineage *lineage, struct event *const *events, struct actor *actors, size_t count)
{
	for (size_t i = 0; i < count + AHEAD; i++) {
		size_t rows = i + ROWS_AHEAD - AHEAD, now = i - AHEAD; /* before the first event they are above all */
		if (i < count)
			expect(lineage, &actors[i]);
		if (rows < count)
			fetch(lineage, &actors[rows]);
		if (now < count && actors[now].facet != NULL)
			take(lineage, events[now], &actors[now]);
	}
}
