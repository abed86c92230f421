/*
 * Descent of processes: who runs in a container, told from pids, names and time alone.
 */
#include "replay/derive/lineage.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define SECOND INT64_C(1000000000)

/* One event, and what must be known of its actor after it: true, false or "" (not known). */
struct step {
	int second;
	const char *action;  /* of category process */
	int pid, parent;     /* parent -1: the source does not say */
	const char *thread_name, *executable, *args;
	const char *expected;
};

struct world {
	struct arena arena, event_arena;
	const struct registry *registry;
	struct clients clients;
	struct lineage *lineage;
	struct event event;
	const char *session; /* of the events to come; NULL: none */
};

static void world_make(struct world *world)
{
	*world = (struct world){0};
	world->registry = unit_registry(&world->arena);
	unit_clients(&world->arena, world->registry, &world->clients);
	world->lineage = lineage_new(world->registry, &world->clients.runtimes);
}

static void world_free(struct world *world)
{
	lineage_free(world->lineage);
	arena_free(&world->event_arena);
	arena_free(&world->arena);
}

static void take(struct world *world, struct event *event)
{
	struct actor actor;
	lineage_look(world->lineage, event, &actor);
	lineage_events(world->lineage, &event, &actor, 1);
}

/* Beside those that are in the arena. */
static struct facet *begin_another(struct world *world, struct event *event, const struct step *step)
{
	const struct registry *r = world->registry;
	struct text *words;
	event_begin(event, &world->event_arena, r);
	event->time = step->second * SECOND;
	struct facet *facet = event_add_facet(event, unit_category(r, "process"), unit_action(r, "process", step->action));
	facet_set_long(event, facet, unit_field(r, "process.pid"), step->pid);
	if (step->parent >= 0)
		facet_set_long(event, facet, unit_field(r, "process.parent.pid"), step->parent);
	facet_set_text(event, facet, unit_field(r, "process.thread.name"), text_of(step->thread_name));
	facet_set_text(event, facet, unit_field(r, "process.executable"), text_of(step->executable));
	if (world->session != NULL)
		facet_set_text(event, facet, unit_field(r, "session.id"), text_of(world->session));
	size_t count = text_split(&world->event_arena, text_of(step->args), ' ', &words);
	if (count > 0)
		facet_set_texts(event, facet, unit_field(r, "process.args"), words, count);
	return facet;
}

static struct facet *begin(struct world *world, const struct step *step)
{
	arena_reset(&world->event_arena);
	return begin_another(world, &world->event, step);
}

static struct text field_of(const struct world *world, const struct facet *facet, const char *name)
{
	return facet_text(facet, unit_field(world->registry, name));
}

static struct facet *run_step(struct world *world, const struct step *step)
{
	struct facet *facet = begin(world, step);
	take(world, &world->event);
	struct text got = field_of(world, facet, "process.in_container");
	if (!text_is(got, step->expected))
		printf("\n    second %d, pid %d (%s): in_container \"%.*s\", expected \"%s\"", step->second, step->pid,
			step->thread_name, TEXT_ARGS(got), step->expected);
	CU_ASSERT(text_is(got, step->expected));
	return facet;
}

static void run_steps(const struct step *steps, size_t count)
{
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < count; i++)
		run_step(&world, &steps[i]);
	world_free(&world);
}
#define RUN(steps) run_steps((steps), sizeof(steps) / sizeof(*(steps)))

/* docker run as audit shows it: shim, runc create, its stages, the init that becomes the program. */
static void test_docker_run(void)
{
	static const struct step steps[] = {
		{1, "exec", 100, 50, "dockerd", "/usr/sbin/dockerd", "dockerd", "false"},
		{1, "exec", 110, 100, "containerd", "/usr/bin/containerd", "containerd", "false"},
		{2, "exec", 120, 110, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2 -id x start", "false"},
		{2, "exec", 130, 120, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2 -id x", "false"},
		{2, "other", 130, 1, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "", "false"},
		{3, "exec", 140, 130, "runc", "/usr/bin/runc", "runc --root /r --log /l create --bundle /b x", "false"},
		{3, "exec", 150, 140, "exe", "/usr/bin/runc", "runc init", "false"},
		{3, "unshare", 151, 150, "runc:[1:CHILD]", "/usr/bin/runc", "", "true"},
		{3, "capset", 152, 140, "runc:[2:INIT]", "/", "", "true"},
		{4, "exec", 160, 130, "runc", "/usr/bin/runc", "runc --root /r --log /l start x", "false"},
		{4, "exec", 152, 130, "sh", "/bin/busybox", "sh -c id", "true"},
		{4, "exec", 170, 152, "id", "/bin/busybox", "id", "true"},
		{5, "exec", 171, 170, "x", "/bin/busybox", "x", "true"},
		{6, "exec", 180, 130, "runc", "/usr/bin/runc", "runc --root /r --log /l delete x", "false"},
		{6, "exec", 190, 100, "iptables", "/usr/sbin/iptables", "iptables -L", "false"},
	};
	RUN(steps);
}

/* Only execs are recorded: the program's own exec is the first that is seen of the init. */
static void test_execs_alone(void)
{
	static const struct step steps[] = {
		{1, "exec", 130, 7, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2 -id x", "false"},
		{2, "exec", 140, 130, "runc", "/usr/bin/runc", "runc --root /r --log /l create x", "false"},
		{2, "exec", 152, 130, "nginx", "/usr/sbin/nginx", "nginx", "true"},
		{3, "exec", 153, 152, "sh", "/bin/dash", "sh", "true"},
	};
	RUN(steps);
}

static void test_wrapped_runtime(void)
{
	static const struct step steps[] = {
		{1, "exec", 130, 7, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2", "false"},
		{2, "exec", 140, 130, "runc-wrapper", "/bin/dash", "/bin/sh /opt/runc-wrapper --root /r --log /l create x", "false"},
		{2, "exec", 141, 140, "sed", "/bin/sed", "sed x", "false"},
		{2, "exec", 140, 130, "runc", "/usr/bin/runc", "runc --root /r --log /l create x", "false"},
		{2, "capset", 142, 140, "runc:[2:INIT]", "/", "", "true"},
		{2, "exec", 142, 130, "sh", "/bin/busybox", "sh", "true"},
		{3, "exec", 150, 130, "tool", "/bin/tool", "tool --root /x", "true"},
	};
	RUN(steps);
}

static void test_podman(void)
{
	static const struct step steps[] = {
		{1, "exec", 200, 1, "podman", "/usr/bin/podman", "podman run alpine", "false"},
		{1, "exec", 210, 200, "conmon", "/usr/bin/conmon", "conmon -c x", "false"},
		{2, "exec", 211, 210, "runc", "/usr/bin/runc", "runc create x", "false"},
		{2, "other", 212, 211, "runc:[2:INIT]", "/", "", "true"},
		{3, "exec", 212, 210, "sh", "/bin/busybox", "sh", "true"},
		{9, "exec", 220, 210, "podman", "/usr/bin/podman", "podman --root /x container cleanup y", "false"},
		{9, "exec", 221, 210, "podman", "/usr/bin/podman", "podman run x", "true"},
	};
	RUN(steps);
}

/* Nothing is known of the ancestors: nothing is said, except of engines. */
static void test_unknown(void)
{
	static const struct step steps[] = {
		{1, "exec", 300, 299, "bash", "/bin/bash", "bash", ""},
		{1, "exec", 301, 300, "docker", "/usr/bin/docker", "docker ps", ""},
		{1, "exec", 302, -1, "ls", "/bin/ls", "ls", ""},
		{2, "exec", 303, 298, "sshd", "/usr/sbin/sshd", "sshd", ""},
		{2, "exec", 304, 298, "systemd", "/lib/systemd/systemd", "systemd", ""},
		{2, "other", 305, 298, "dockerd", "/usr/bin/dockerd", "", ""},
		{3, "exec", 306, 298, "dockerd", "/usr/bin/dockerd", "dockerd", "false"},
		{3, "exec", 307, 306, "containerd", "/usr/bin/containerd", "containerd", "false"},
		{4, "exec", 308, 1, "cron", "/usr/sbin/cron", "cron", "false"},
		{4, "exec", 309, 308, "sh", "/bin/dash", "sh", "false"},
		{4, "other", 1, 0, "systemd", "/lib/systemd/systemd", "", "false"},
		{4, "exec", 310, 2, "modprobe", "/sbin/modprobe", "modprobe", "false"},
		{5, "exec", 311, 0, "x", "/bin/x", "x", ""},
	};
	RUN(steps);
}

/* An engine inside a container stays inside. */
static void test_nested(void)
{
	static const struct step steps[] = {
		{1, "capset", 400, 399, "runc:[2:INIT]", "/", "", "true"},
		{1, "exec", 400, 399, "dockerd", "/usr/bin/dockerd", "dockerd", "true"},
		{2, "exec", 401, 400, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "x", "true"},
		{2, "exec", 402, 401, "runc", "/usr/bin/runc", "runc create", "true"},
		{2, "capset", 403, 402, "runc:[2:INIT]", "/", "", "true"},
		{3, "exec", 403, 401, "sh", "/bin/sh", "sh", "true"},
	};
	RUN(steps);
}

static void test_pid_reuse(void)
{
	static const struct step steps[] = {
		{1, "exec", 50, 1, "cron", "/usr/sbin/cron", "cron", "false"},
		{1, "capset", 500, 499, "runc:[2:INIT]", "/", "", "true"},
		{2, "exec", 501, 500, "sh", "/bin/sh", "sh", "true"},
		{2, "exit", 501, 500, "sh", "/bin/sh", "", "true"},
		{3, "exec", 501, 50, "sh", "/bin/dash", "sh", "false"},          /* after its exit */
		{3, "exec", 500, 50, "sh", "/bin/dash", "sh", "false"},          /* under a known parent that is no shim */
		{4, "capset", 510, 509, "runc:[2:INIT]", "/", "", "true"},
		{5, "exec", 510, 508, "sh", "/bin/sh", "sh", "true"},            /* an orphan: soon, under one unknown */
		{66, "exec", 510, 507, "sh", "/bin/sh", "sh", ""},               /* too late for that */
		{70, "capset", 520, 519, "runc:[2:INIT]", "/", "", "true"},
		{71, "exec", 520, 1, "sh", "/bin/sh", "sh", "true"},             /* its shim died */
		{200, "exec", 520, 1, "sh", "/bin/sh", "sh", "true"},            /* same parent: goes on */
		{300, "exec", 520, 2, "sh", "/bin/sh", "sh", "false"},
	};
	RUN(steps);
}

/* Nobody's session is another one after a while, but who logs in. */
static void test_reuse_by_session(void)
{
	static const struct {
		struct step step;
		const char *session;
	} steps[] = {
		{{1, "exec", 130, 7, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "containerd-shim-runc-v2", "false"}, NULL},
		{{2, "capset", 152, 140, "runc:[2:INIT]", "/", "", "true"}, NULL},
		{{2, "exec", 152, 130, "sh", "/bin/busybox", "sh", "true"}, NULL},
		{{3, "exec", 153, 152, "sshd", "/usr/sbin/sshd", "sshd -D", "true"}, NULL},
		{{4, "exec", 154, 153, "sshd", "/usr/sbin/sshd", "sshd -R", "true"}, NULL},
		{{5, "setuid", 154, 153, "sshd", "/usr/sbin/sshd", "", "true"}, "9"}, /* a log-in within the container */
		{{900, "exec", 160, 154, "sh", "/bin/sh", "sh", "true"}, "9"},
		{{901, "exec", 161, 152, "id", "/bin/id", "id", "true"}, NULL},
		{{2000, "exec", 170, 152, "id", "/bin/id", "id", ""}, "12"},          /* 152 is a shell of the host's by now */
		{{2001, "exec", 171, 130, "docker", "/usr/bin/docker", "docker ps", ""}, "12"}, /* and 130 no shim */
		{{2002, "exec", 160, 154, "ls", "/bin/ls", "ls", ""}, "13"},
		/* podman's container is in the session of who started it */
		{{3000, "capset", 252, 240, "runc:[2:INIT]", "/", "", "true"}, "20"},
		{{3900, "exec", 253, 252, "id", "/bin/id", "id", "true"}, "20"},
		{{3901, "other", 253, 252, "id", "/bin/id", "", "true"}, NULL}, /* another source, which knows no sessions */
		{{4900, "exec", 254, 253, "id", "/bin/id", "id", "true"}, "20"},
	};
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		world.session = steps[i].session;
		run_step(&world, &steps[i].step);
	}
	world_free(&world);
}

static void test_forks(void)
{
	struct world world;
	static const struct step cron = {1, "exec", 60, 1, "cron", "/usr/sbin/cron", "cron", "false"};
	static const struct step host_fork = {1, "fork", 60, 1, "cron", "/usr/sbin/cron", "", "false"};
	static const struct step child = {2, "exec", 61, -1, "sh", "/bin/sh", "sh", "false"};
	static const struct step init = {3, "capset", 70, 69, "runc:[2:INIT]", "/", "", "true"};
	static const struct step inner_fork = {3, "fork", 70, 69, "sh", "/bin/sh", "", "true"};
	static const struct step other = {4, "exec", 80, -1, "sh", "/bin/sh", "sh", ""};
	world_make(&world);
	run_step(&world, &cron);
	struct facet *facet = begin(&world, &host_fork);
	facet_set_long(&world.event, facet, unit_field(world.registry, "process.exit_code"), 61);
	take(&world, &world.event);
	run_step(&world, &child);
	run_step(&world, &init);
	facet = begin(&world, &inner_fork); /* 80 is the container's own count, not the host's */
	facet_set_long(&world.event, facet, unit_field(world.registry, "process.exit_code"), 80);
	take(&world, &world.event);
	run_step(&world, &other);
	world_free(&world);
}

static void test_entities(void)
{
	struct world world;
	static const struct step init = {1000, "capset", 700, 699, "runc:[2:INIT]", "/", "", "true"};
	static const struct step child = {1001, "exec", 701, 700, "sh", "/bin/sh", "sh", "true"};
	static const struct step stranger = {1002, "exec", 800, 799, "sh", "/bin/sh", "sh", ""};
	world_make(&world);
	CHECK_TEXT(field_of(&world, run_step(&world, &init), "entity.id"), "container:700@1000");
	CHECK_TEXT(field_of(&world, run_step(&world, &child), "entity.id"), "container:700@1000");
	struct facet *facet = begin(&world, &stranger);
	facet_set_text(&world.event, facet, unit_field(world.registry, "session.id"), TEXT("3"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "entity.id"), "session:3");
	facet = begin(&world, &child);
	facet_set_text(&world.event, facet, unit_field(world.registry, "entity.id"), TEXT("own"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "entity.id"), "own");
	CHECK_TEXT(field_of(&world, run_step(&world, &stranger), "entity.id"), "");
	world_free(&world);
}

/* What the source knows stands, and children without it inherit it. */
static void test_native(void)
{
	struct world world;
	static const struct step inside = {1, "exec", 900, 899, "sh", "/bin/sh", "sh", "true"};
	static const struct step child = {2, "exec", 901, 900, "ls", "/bin/ls", "ls", "true"};
	static const struct step denied = {3, "capset", 910, 909, "runc:[2:INIT]", "/", "", "false"};
	world_make(&world);
	unsigned in_container = unit_field(world.registry, "process.in_container");
	struct facet *facet = begin(&world, &inside);
	facet_set_bool(&world.event, facet, in_container, true);
	facet_set_text(&world.event, facet, unit_field(world.registry, "container.id"), TEXT("0123456789ab"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "process.in_container"), "true");
	CHECK_TEXT(field_of(&world, facet, "entity.id"), "container:0123456789ab");
	run_step(&world, &child);
	facet = begin(&world, &denied);
	facet_set_bool(&world.event, facet, in_container, false);
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "process.in_container"), "false");
	world_free(&world);
}

static void test_parents(void)
{
	struct world world;
	static const struct step bash = {1, "exec", 20, 19, "bash", "/usr/bin/bash", "bash script.sh", ""};
	static const struct step sub = {1, "other", 21, 20, "bash", "/usr/bin/bash", "", ""};
	static const struct step docker = {2, "exec", 22, 21, "docker", "/usr/bin/docker", "docker ps", ""};
	static const struct step child = {3, "exec", 23, 22, "x", "/bin/x", "x", ""};
	static const struct step moved = {4, "other", 22, 21, "other", "/bin/other", "", ""};
	world_make(&world);
	CHECK_TEXT(field_of(&world, run_step(&world, &bash), "process.parent.name"), "");
	run_step(&world, &sub);
	struct facet *facet = run_step(&world, &docker);
	CHECK_TEXT(field_of(&world, facet, "process.parent.name"), "bash");
	CHECK_TEXT(field_of(&world, facet, "process.parent.executable"), "/usr/bin/bash");
	CHECK_TEXT(field_of(&world, facet, "process.parent.command_line"), "bash script.sh");
	facet = begin(&world, &child);
	facet_set_text(&world.event, facet, unit_field(world.registry, "process.parent.name"), TEXT("said"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "process.parent.name"), "said");
	CHECK_TEXT(field_of(&world, facet, "process.parent.command_line"), "docker ps");
	run_step(&world, &moved); /* an exec that was not recorded: its command line is not known */
	facet = run_step(&world, &child);
	CHECK_TEXT(field_of(&world, facet, "process.parent.name"), "other");
	CHECK_TEXT(field_of(&world, facet, "process.parent.command_line"), "");
	world_free(&world);
}

/* A failed exec changes nothing; a reset forgets; two hosts do not mix. */
static void test_limits(void)
{
	struct world world;
	static const struct step init = {1, "capset", 30, 29, "runc:[2:INIT]", "/", "", "true"};
	static const struct step child = {2, "exec", 31, 30, "sh", "/bin/sh", "sh", "true"};
	static const struct step after = {3, "exec", 31, 30, "sh", "/bin/sh", "sh", ""};
	static const struct step engine = {4, "exec", 32, 5, "dockerd", "/bin/dockerd", "dockerd", ""};
	world_make(&world);
	run_step(&world, &init);
	run_step(&world, &child);
	struct facet *facet = begin(&world, &child);
	facet_set_text(&world.event, facet, unit_field(world.registry, "host.name"), TEXT("elsewhere"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "process.in_container"), "");
	lineage_reset(world.lineage, NULL);
	run_step(&world, &after);
	facet = begin(&world, &engine);
	facet_set_text(&world.event, facet, FIELD_OUTCOME, TEXT("failure"));
	take(&world, &world.event);
	CHECK_TEXT(field_of(&world, facet, "process.in_container"), "");
	world_free(&world);
}

/* More processes than there are rows: a parent that still has children is kept, the idle are forgotten. */
static void test_bounded(void)
{
	struct world world;
	world_make(&world);
	struct step step = {1, "exec", 9, 8, "idle", "/usr/bin/conmon", "conmon", "false"};
	run_step(&world, &step);
	step = (struct step){1, "exec", 10, 7, "dockerd", "/usr/bin/dockerd", "dockerd", "false"};
	run_step(&world, &step);
	step = (struct step){1, "exec", 0, 10, "ls", "/bin/ls", "ls", "false"};
	for (int i = 0; i < (int)LINEAGE_PIDS + 5000; i++) {
		step.pid = 1000 + i;
		struct facet *facet = begin(&world, &step);
		take(&world, &world.event);
		if (i % 1000 == 0)
			CHECK_TEXT(field_of(&world, facet, "process.in_container"), "false");
	}
	step = (struct step){1, "exec", 500, 10, "x", "/bin/x", "x", "false"};
	run_step(&world, &step);
	step = (struct step){1, "exec", 501, 9, "x", "/bin/x", "x", ""};
	run_step(&world, &step);
	step = (struct step){1, "exec", 502, 1000, "x", "/bin/x", "x", ""};
	run_step(&world, &step);
	world_free(&world);
}

/* splitmix64: the same everywhere. */
static unsigned below(uint64_t *state, unsigned limit)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (unsigned)((z ^ z >> 31) % limit);
}

/* Forks, execs, exits and orphans of few pids, now and then of another recording. */
static struct step random_act(uint64_t *state, int second)
{
	static const char *const actions[] = {"exec", "exec", "exec", "fork", "exit", "other"};
	static const char *const threads[] = {"", "", "", "", "runc:[2:INIT]", "sh"};
	static const char *const programs[] = {"/bin/sh", "/usr/bin/containerd-shim-runc-v2", "/usr/bin/runc", "/usr/sbin/dockerd",
		"", "/bin/x"};
	static const char *const lines[] = {"", "sh -c id", "/bin/sh -c ls", "runc --root /r create x"};
	return (struct step){.second = second, .action = actions[below(state, 6)], .pid = 1 + (int)below(state, 40),
		.parent = (int)below(state, 41) - 1, .thread_name = threads[below(state, 6)], .executable = programs[below(state, 6)],
		.args = lines[below(state, 4)]};
}

enum { HOSTS = 3, SEVERAL = 20 };

static const char *const hosts[HOSTS] = {"", "node-1", "a-node-with-a-longer-name"};

struct act {
	struct step step;
	unsigned host;
	int child;
	struct event event; /* of the world of all hosts, and its facet */
	struct facet *facet;
};

static struct facet *begin_act(struct world *world, struct event *event, const struct act *act)
{
	struct facet *facet = begin_another(world, event, &act->step);
	facet_set_text(event, facet, unit_field(world->registry, "host.name"), text_of(hosts[act->host]));
	facet_set_long(event, facet, unit_field(world->registry, "process.exit_code"), act->child);
	return facet;
}

/* Several events at once, of any hosts; then each in its host's own world. How many values they have. */
static size_t compare_acts(struct world *all, struct world *alone, struct act *acts, size_t count)
{
	static const char *const fields[] = {"process.in_container", "entity.id", "process.parent.name", "process.parent.executable",
		"process.parent.command_line"};
	struct event *events[SEVERAL];
	struct actor actors[SEVERAL];
	size_t known = 0;
	arena_reset(&all->event_arena);
	for (size_t i = 0; i < count; i++) {
		acts[i].facet = begin_act(all, &acts[i].event, &acts[i]);
		events[i] = &acts[i].event;
		lineage_look(all->lineage, events[i], &actors[i]);
	}
	lineage_events(all->lineage, events, actors, count);
	for (size_t i = 0; i < count; i++) {
		struct world *own = &alone[acts[i].host];
		arena_reset(&own->event_arena);
		struct facet *facet = begin_act(own, &own->event, &acts[i]);
		take(own, &own->event);
		for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
			struct text got = field_of(all, acts[i].facet, fields[k]);
			CU_ASSERT(unit_text(got, field_of(own, facet, fields[k]), __FILE__, __LINE__));
			known += got.length > 0;
		}
	}
	return known;
}

/* What is derived of a host's events is the same whether others' stand between them, and whether they come one by one, or not. */
static void test_hosts_apart(void)
{
	struct world all, alone[HOSTS];
	struct act acts[SEVERAL];
	uint64_t state = 11;
	size_t known = 0;
	int second = 1000;
	world_make(&all);
	for (unsigned i = 0; i < HOSTS; i++)
		world_make(&alone[i]);
	for (unsigned i = 0; i < 2000; i++) {
		size_t count = below(&state, SEVERAL + 1);
		for (size_t k = 0; k < count; k++) {
			second += below(&state, 3000) == 0 ? 50000 : below(&state, 40) == 0 ? 70 : (int)below(&state, 2);
			second -= below(&state, 5000) == 0 ? 500 : 0;
			acts[k] = (struct act){.step = random_act(&state, second), .host = below(&state, HOSTS),
				.child = (int)below(&state, 40)};
		}
		known += compare_acts(&all, alone, acts, count);
	}
	CU_ASSERT(known > 20000);
	for (unsigned i = 0; i < HOSTS; i++)
		world_free(&alone[i]);
	world_free(&all);
}

void suite_lineage(void)
{
	CU_pSuite suite = unit_suite("lineage");
	UNIT_TEST(suite, test_docker_run);
	UNIT_TEST(suite, test_execs_alone);
	UNIT_TEST(suite, test_wrapped_runtime);
	UNIT_TEST(suite, test_podman);
	UNIT_TEST(suite, test_unknown);
	UNIT_TEST(suite, test_nested);
	UNIT_TEST(suite, test_pid_reuse);
	UNIT_TEST(suite, test_reuse_by_session);
	UNIT_TEST(suite, test_forks);
	UNIT_TEST(suite, test_entities);
	UNIT_TEST(suite, test_native);
	UNIT_TEST(suite, test_parents);
	UNIT_TEST(suite, test_limits);
	UNIT_TEST(suite, test_bounded);
	UNIT_TEST(suite, test_hosts_apart);
}
