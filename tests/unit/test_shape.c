/* shape: every shape, what it makes of raw values, and what it refuses. */
#include "catalog/container.h"
#include "catalog/shape.h"
#include "tests/unit/unit.h"

struct shape_case {
	const char *shape, *field, *raw[3];
	const char *expected; /* values joined by |; "-": missing; "()": an empty list */
	bool unfit;
	uint64_t size;
	char separator;
};

static const struct shape_case cases[] = {
	{"plain", "process.args", {"a", "b c"}, "a|b c", false, 0, 0},
	{"plain", "process.name", {"a", "b"}, "a", false, 0, 0},
	{"plain", "process.pid", {"x"}, "-", true, 0, 0},
	{"plain", "process.args", {NULL}, "()", false, 0, 0},
	{"plain", "process.name", {NULL}, "-", false, 0, 0},
	{"joined", "process.args", {"a  b c "}, "a|b|c", false, 0, 0},
	{"joined", "process.command_line", {"a", "b", "c"}, "a b c", false, 0, 0},
	{"separated", "process.args", {"a,b c,,d"}, "a|b c|d", false, 0, 0},
	{"separated", "process.args", {"a;b"}, "a|b", false, 0, ';'},
	{"truncated", "process.thread.name", {"sh"}, "sh", false, 15, 0},
	{"basename", "process.name", {"/usr/bin/sh"}, "sh", false, 0, 0},
	{"basename", "process.name", {"/"}, "-", false, 0, 0},
	{"basename", "process.name", {"sh"}, "sh", false, 0, 0},
	{"dirname", "file.directory", {"/usr/bin/sh"}, "/usr/bin", false, 0, 0},
	{"dirname", "file.directory", {"/sh"}, "/", false, 0, 0},
	{"dirname", "file.directory", {"sh"}, "-", false, 0, 0},
	{"present", "process.in_container", {"abc"}, "true", false, 0, 0},
	{"present", "process.in_container", {NULL}, "false", false, 0, 0},
	{"hex", "process.command_line", {"6c7300002d6C"}, "ls  -l", false, 0, 0},
	{"hex", "process.command_line", {"6"}, "-", true, 0, 0},
	{"hex", "process.command_line", {"zz"}, "-", true, 0, 0},
	{"hex-number", "process.exit_code", {"0x1f"}, "31", false, 0, 0},
	{"hex-number", "process.exit_code", {"1f"}, "31", false, 0, 0},
	{"hex-number", "process.exit_code", {"g"}, "-", true, 0, 0},
	{"capabilities", "process.thread.capabilities.permitted", {"200001"}, "CAP_CHOWN|CAP_SYS_ADMIN", false, 0, 0},
	{"capabilities", "process.thread.capabilities.permitted", {"0"}, "()", false, 0, 0},
	{"capabilities-full", "process.capabilities.full", {"0000003ffeffffff"}, "true", false, 0, 0},
	{"capabilities-full", "process.capabilities.full", {"000001ffffffffff"}, "true", false, 0, 0},
	{"capabilities-full", "process.capabilities.full", {"3ffeffdfff"}, "false", false, 0, 0},
	{"capability-names", "container.capabilities.added", {"cap_sys_admin NET_RAW", "all"}, "CAP_SYS_ADMIN|CAP_NET_RAW|ALL", false, 0, 0},
	{"capability-names", "container.capabilities.added", {""}, "()", false, 0, 0},
	{"seconds", "@timestamp", {"1700000000.5"}, "2023-11-14T22:13:20.500Z", false, 0, 0},
	{"seconds", "@timestamp", {"1700000000"}, "2023-11-14T22:13:20Z", false, 0, 0},
	{"seconds", "@timestamp", {"17x"}, "-", true, 0, 0},
	{"seconds", "@timestamp", {"1."}, "-", true, 0, 0},
	{"milliseconds", "@timestamp", {"1700000000123"}, "2023-11-14T22:13:20.123Z", false, 0, 0},
	{"nanoseconds", "@timestamp", {"1700000000005000000"}, "2023-11-14T22:13:20.005Z", false, 0, 0},
	{"nanoseconds", "@timestamp", {"99999999999999999999999"}, "-", true, 0, 0},
	{"image-name", "container.image.name", {"reg.example:5000/a/b:1.2@sha256:00"}, "reg.example:5000/a/b", false, 0, 0},
	{"image-tag", "container.image.tag", {"reg.example:5000/a/b:1.2@sha256:00"}, "1.2", false, 0, 0},
	{"image-tag", "container.image.tag", {"reg.example:5000/a/b"}, "-", false, 0, 0},
	{"image-name", "container.image.name", {"${IMAGE}:1"}, "-", false, 0, 0},
	{"mounts", "container.mounts", {"/var/run/docker.sock:/s::true:rprivate /etc:/x:ro:false:"}, "/run/docker.sock:/s:rw|/etc:/x:ro", false, 0, 0},
	{"mounts", "container.mounts", {"nonsense"}, "()", true, 0, 0},
	{"clone-flags", "process.namespaces.flags", {"20020000"}, "mnt|pid", false, 0, 0},
	{"clone-flags", "process.namespaces.flags", {"0"}, "-", false, 0, 0},
	{"mount-flags", "file.mount.flags", {"5001"}, "MS_RDONLY|MS_BIND|MS_REC", false, 0, 0},
	{"mount-flags", "file.mount.flags", {"0"}, "()", false, 0, 0},
	{"bits-set", "file.mount.bind", {"5000"}, "true", false, 0x1000, 0},
	{"bits-set", "file.mount.bind", {"8000"}, "false", false, 0x1000, 0},
	{"bits-set", "file.mount.bind", {"?"}, "-", true, 0x1000, 0},
};

static struct text shown(struct arena *arena, const struct values *values)
{
	struct buffer out = {0};
	for (size_t i = 0; values && i < values->count; i++)
		buffer_printf(&out, "%s%.*s", i ? "|" : "", TEXT_ARGS(values->items[i].text));
	struct text text = values ? values->count ? text_copy(arena, buffer_view(&out)) : TEXT("()") : TEXT("-");
	buffer_free(&out);
	return text;
}

static void test_shapes(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct shape_case *c = &cases[i];
		struct shape_use use = {.size = c->size, .separator = c->separator};
		struct event event;
		struct text raw[3];
		size_t count = 0;
		unsigned field = unit_field(registry, c->field);
		for (; count < 3 && c->raw[count]; count++)
			raw[count] = text_of(c->raw[count]);
		CU_ASSERT_FATAL(shape_from_name(text_of(c->shape), &use.shape));
		event_begin(&event, &arena, registry);
		struct facet *facet = event_add_facet(&event, unit_category(registry, "process"), unit_action(registry, "process", "exec"));
		CU_ASSERT_EQUAL(shape_read(&use, &event, facet, field, raw, count), !c->unfit);
		CHECK_TEXT(shown(&arena, facet_get(facet, field)), c->expected);
		CU_ASSERT_EQUAL(event.unfilled > 0, c->unfit);
	}
	arena_free(&arena);
}

static void test_maps(void)
{
	static const struct shape_map map[] = {{{"yes", 3}, {"success", 7}}, {{"wait", 4}, {"", 0}}, {{"*", 1}, {"failure", 7}}};
	static const struct shape_map flags[] = {{{"CLONE_NEWNS", 11}, {"mnt", 3}}, {{"CLONE_NEWPID", 12}, {"pid", 3}}};
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	struct shape_use use = {.shape = SHAPE_MAPPED, .map = map, .map_count = 3};
	struct event event;
	event_begin(&event, &arena, registry);
	struct facet *facet = event_add_facet(&event, unit_category(registry, "process"), unit_action(registry, "process", "exec"));
	unsigned outcome = FIELD_OUTCOME, list = unit_field(registry, "process.namespaces.flags");
	struct text raw = TEXT("yes");
	CU_ASSERT(shape_read(&use, &event, facet, outcome, &raw, 1));
	CHECK_TEXT(facet_text(facet, outcome), "success");
	raw = TEXT("ENOENT");
	CU_ASSERT(shape_read(&use, &event, facet, outcome, &raw, 1));
	CHECK_TEXT(facet_text(facet, outcome), "failure");
	facet_unset(&arena, facet, outcome);
	raw = TEXT("wait");
	CU_ASSERT(shape_read(&use, &event, facet, outcome, &raw, 1));
	CU_ASSERT_PTR_NULL(facet_get(facet, outcome));
	use = (struct shape_use){.shape = SHAPE_MAPPED, .map = flags, .map_count = 2, .separator = '|'};
	raw = TEXT("CLONE_NEWNS|CLONE_VM|CLONE_NEWPID");
	CU_ASSERT(shape_read(&use, &event, facet, list, &raw, 1));
	CHECK_TEXT(shown(&arena, facet_get(facet, list)), "mnt|pid");
	raw = TEXT("CLONE_VM");
	facet_unset(&arena, facet, list);
	CU_ASSERT(shape_read(&use, &event, facet, list, &raw, 1));
	CU_ASSERT_PTR_NULL(facet_get(facet, list));
	arena_free(&arena);
}

static void test_names(void)
{
	for (int i = 0; i < SHAPE_COUNT; i++) {
		enum shape shape;
		CU_ASSERT(shape_from_name(text_of(shape_name((enum shape)i)), &shape));
		CU_ASSERT_EQUAL(shape, (enum shape)i);
		CU_ASSERT(*shape_about(shape) != '\0');
	}
	enum shape shape;
	CU_ASSERT_FALSE(shape_from_name(TEXT("no-such"), &shape));
}

static void test_capabilities(void)
{
	CHECK_LONG(capability_bit(TEXT("CAP_SYS_ADMIN")), 21);
	CHECK_LONG(capability_bit(TEXT("sys_admin")), 21);
	CHECK_LONG(capability_bit(TEXT("CAP_CHECKPOINT_RESTORE")), 40);
	CHECK_LONG(capability_bit(TEXT("ALL")), -1);
	CHECK_LONG(capability_bit(TEXT("")), -1);
	CHECK_TEXT(text_of(capability_name(0)), "CAP_CHOWN");
	CU_ASSERT_PTR_NULL(capability_name(41));
	CU_ASSERT(capability_mask_full(UINT64_C(0x3ffeffffff)));
	CU_ASSERT_FALSE(capability_mask_full(UINT64_C(0x1ffeffffff)));
	CU_ASSERT_FALSE(capability_mask_full(0));
}

static void test_containers(void)
{
	struct arena arena = {0};
	struct text name, tag;
	CHECK_TEXT(container_mount(&arena, TEXT("/var/run//x/"), TEXT("/./y"), TEXT("")), "/run/x:/y:rw");
	CHECK_TEXT(container_mount(&arena, TEXT("v"), TEXT("/y"), TEXT("z,ro")), "v:/y:ro");
	CHECK_TEXT(container_mount(&arena, TEXT(""), TEXT("/y"), TEXT("nocopy")), ":/y:rw");
	CHECK_TEXT(container_mount(&arena, TEXT("/"), TEXT("/host"), TEXT("unknown")), "/:/host:unknown");
	CHECK_TEXT(container_mount(&arena, TEXT("/a"), TEXT("/b"), TEXT("readonly")), "/a:/b:ro");
	CHECK_TEXT(container_capability(&arena, TEXT(" cap_net_raw ")), "CAP_NET_RAW");
	CHECK_TEXT(container_capability(&arena, TEXT("CAP_ALL")), "ALL");
	CHECK_TEXT(container_capability(&arena, TEXT("")), "");
	CHECK_TEXT(container_option(&arena, TEXT("seccomp:unconfined")), "seccomp=unconfined");
	CHECK_TEXT(container_option(&arena, TEXT("label=type:x")), "label=type:x");
	CHECK_TEXT(container_option(&arena, TEXT("no-new-privileges")), "no-new-privileges");
	CHECK_TEXT(container_mount(&arena, TEXT("/a/../.."), TEXT("/x/../y/"), TEXT("")), "/:/y:rw");
	CHECK_TEXT(container_mount(&arena, TEXT("../a"), TEXT("/..b/c"), TEXT("ro")), "../a:/..b/c:ro");
	CU_ASSERT(container_image(TEXT("a:5000/b"), &name, &tag));
	CHECK_TEXT(name, "a:5000/b");
	CHECK_TEXT(tag, "");
	CU_ASSERT(container_image(TEXT("alpine:3"), &name, &tag));
	CHECK_TEXT(name, "alpine");
	CHECK_TEXT(tag, "3");
	CU_ASSERT_FALSE(container_image(TEXT(""), &name, &tag));
	CU_ASSERT_FALSE(container_image(TEXT("{{ .Values.image }}"), &name, &tag));
	CU_ASSERT(container_unresolved(TEXT("a$B")));
	CU_ASSERT(container_unresolved(TEXT("${B}")));
	CU_ASSERT(container_unresolved(TEXT("$(B)")));
	CU_ASSERT_FALSE(container_unresolved(TEXT("a$$B 5$")));
	CU_ASSERT_FALSE(container_unresolved(TEXT("")));
	arena_free(&arena);
}

void suite_shape(void);
void suite_shape(void)
{
	CU_pSuite suite = unit_suite("shape");
	UNIT_TEST(suite, test_shapes);
	UNIT_TEST(suite, test_maps);
	UNIT_TEST(suite, test_names);
	UNIT_TEST(suite, test_capabilities);
	UNIT_TEST(suite, test_containers);
}
