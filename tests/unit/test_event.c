/* event: setting and reading fields, shared fields, and the cleaning of paths. */
#include "tests/unit/unit.h"

#include <stdio.h>

struct fixture {
	struct arena arena;
	const struct registry *registry;
	struct event event;
	struct facet *facet; /* process, exec */
};

static void set_up(struct fixture *f)
{
	*f = (struct fixture){0};
	f->registry = unit_registry(&f->arena);
	event_begin(&f->event, &f->arena, f->registry);
	f->facet = event_add_facet(&f->event, unit_category(f->registry, "process"), unit_action(f->registry, "process", "exec"));
}

static bool set(struct fixture *f, const char *field, const char *text)
{
	return facet_set_text(&f->event, f->facet, unit_field(f->registry, field), text_of(text));
}

static struct text get(struct fixture *f, const char *field)
{
	return facet_text(f->facet, unit_field(f->registry, field));
}

static const struct values *values_of(struct fixture *f, const char *field)
{
	return facet_get(f->facet, unit_field(f->registry, field));
}

static void test_a_facet_says_what_it_is(void)
{
	struct fixture f;
	set_up(&f);
	CU_ASSERT_EQUAL(f.event.time, INT64_MIN);
	CHECK_TEXT(get(&f, "event.category"), "process");
	CHECK_TEXT(get(&f, "event.action"), "exec");
	CHECK_TEXT(get(&f, "event.type"), "start");
	CU_ASSERT(set(&f, "event.action", "exec"));
	CU_ASSERT_FALSE(set(&f, "event.action", "fork"));
	CU_ASSERT_FALSE(set(&f, "event.type", ""));
	facet_unset(f.event.arena, f.facet, FIELD_CATEGORY);
	facet_set_long(&f.event, f.facet, FIELD_TYPE, 1);
	facet_set_bool(&f.event, f.facet, FIELD_TYPE, true);
	CHECK_TEXT(get(&f, "event.category"), "process");
	CHECK_TEXT(get(&f, "event.action"), "exec");
	CHECK_TEXT(get(&f, "event.type"), "start");
	CU_ASSERT_PTR_NULL(values_of(&f, "user.name"));
	CHECK_TEXT(get(&f, "user.name"), "");
	arena_free(&f.arena);
}

static void test_text_by_type(void)
{
	struct fixture f;
	set_up(&f);
	CU_ASSERT(set(&f, "process.name", "docker"));
	CU_ASSERT(set(&f, "process.name", "podman"));
	CHECK_TEXT(get(&f, "process.name"), "podman");
	CU_ASSERT(set(&f, "process.pid", "007"));
	CHECK_TEXT(get(&f, "process.pid"), "7");
	CHECK_LONG(values_of(&f, "process.pid")->items[0].number, 7);
	CU_ASSERT(set(&f, "process.exit_code", "-0"));
	CHECK_TEXT(get(&f, "process.exit_code"), "0");
	CU_ASSERT_FALSE(set(&f, "process.pid", "none"));
	CHECK_TEXT(get(&f, "process.pid"), "7"); /* what stood there stays */
	CU_ASSERT_FALSE(set(&f, "source.ip", "localhost"));
	CU_ASSERT_PTR_NULL(values_of(&f, "source.ip"));
	CHECK_LONG(f.event.unfilled, 2);
	CU_ASSERT(set(&f, "source.ip", "10.0.0.1"));
	CHECK_LONG(values_of(&f, "source.ip")->items[0].ip.bytes[12], 10);
	CU_ASSERT(set(&f, "process.in_container", "TRUE"));
	CHECK_TEXT(get(&f, "process.in_container"), "true");
	CU_ASSERT(set(&f, "@timestamp", "2026-11-23T22:41:00+02:00"));
	CHECK_TEXT(get(&f, "@timestamp"), "2026-11-23T20:41:00Z");
	CU_ASSERT(set(&f, "process.executable", "/usr//bin/./docker"));
	CHECK_TEXT(get(&f, "process.executable"), "/usr/bin/docker");
	CU_ASSERT(set(&f, "process.command_line", "cat //etc/passwd")); /* no path field */
	CHECK_TEXT(get(&f, "process.command_line"), "cat //etc/passwd");
	arena_free(&f.arena);
}

static void test_numbers_and_truths(void)
{
	struct fixture f;
	set_up(&f);
	facet_set_long(&f.event, f.facet, unit_field(f.registry, "process.pid"), -3);
	CHECK_TEXT(get(&f, "process.pid"), "-3");
	facet_set_long(&f.event, f.facet, unit_field(f.registry, "user.id"), 0);
	CHECK_TEXT(get(&f, "user.id"), "0");
	for (int64_t number = -2; number < 12; number++) { /* few digits, and more */
		char expected[8];
		snprintf(expected, sizeof expected, "%d", (int)number);
		facet_set_long(&f.event, f.facet, unit_field(f.registry, "process.args_count"), number);
		CHECK_TEXT(get(&f, "process.args_count"), expected);
		CHECK_LONG(values_of(&f, "process.args_count")->items[0].number, number);
	}
	facet_set_long(&f.event, f.facet, FIELD_TIMESTAMP, 1500000000);
	CHECK_TEXT(get(&f, "@timestamp"), "1970-01-01T00:00:01.500Z");
	facet_set_bool(&f.event, f.facet, unit_field(f.registry, "process.in_container"), false);
	CHECK_TEXT(get(&f, "process.in_container"), "false");
	CU_ASSERT_FALSE(values_of(&f, "process.in_container")->items[0].truth);
	facet_set_bool(&f.event, f.facet, unit_field(f.registry, "process.name"), true);
	CHECK_TEXT(get(&f, "process.name"), "true");
	CHECK_LONG(f.event.unfilled, 0);
	facet_set_long(&f.event, f.facet, unit_field(f.registry, "source.ip"), 1);
	facet_set_long(&f.event, f.facet, unit_field(f.registry, "process.capabilities.full"), 1);
	facet_set_bool(&f.event, f.facet, unit_field(f.registry, "process.parent.pid"), true);
	CHECK_LONG(f.event.unfilled, 3);
	CU_ASSERT_PTR_NULL(values_of(&f, "process.parent.pid"));
	arena_free(&f.arena);
}

static void test_empty_is_missing(void)
{
	struct fixture f;
	set_up(&f);
	CU_ASSERT(set(&f, "user.name", ""));
	CU_ASSERT_PTR_NULL(values_of(&f, "user.name"));
	CU_ASSERT(set(&f, "user.name", "root"));
	CU_ASSERT(set(&f, "user.name", ""));
	CU_ASSERT_PTR_NULL(values_of(&f, "user.name"));
	CHECK_LONG(f.event.unfilled, 0);
	arena_free(&f.arena);
}

static bool set_list(struct fixture *f, const char *field, size_t count, const char *const *texts)
{
	struct text list[8];
	for (size_t i = 0; i < count; i++)
		list[i] = text_of(texts[i]);
	return facet_set_texts(&f->event, f->facet, unit_field(f->registry, field), list, count);
}

static void test_lists(void)
{
	struct fixture f;
	set_up(&f);
	CU_ASSERT(set_list(&f, "process.args", 3, (const char *const[]){"docker", "", "run"}));
	CHECK_LONG(values_of(&f, "process.args")->count, 3);
	CHECK_LONG(values_of(&f, "process.args")->items[1].text.length, 0);
	CHECK_TEXT(values_of(&f, "process.args")->items[2].text, "run");
	CU_ASSERT(set_list(&f, "container.capabilities.added", 0, NULL)); /* there, and empty */
	CU_ASSERT_PTR_NOT_NULL_FATAL(values_of(&f, "container.capabilities.added"));
	CHECK_LONG(values_of(&f, "container.capabilities.added")->count, 0);
	CHECK_TEXT(get(&f, "container.capabilities.added"), "");
	CU_ASSERT(set_list(&f, "container.labels", 2, (const char *const[]){"", ""}));
	CU_ASSERT_PTR_NULL(values_of(&f, "container.labels"));
	CU_ASSERT(set_list(&f, "container.mounts", 2, (const char *const[]){"/var/run/x:/y/:rw", "data:/var/lib"}));
	CHECK_TEXT(values_of(&f, "container.mounts")->items[0].text, "/run/x:/y:rw");
	CHECK_TEXT(values_of(&f, "container.mounts")->items[1].text, "data:/var/lib");
	CU_ASSERT(set(&f, "process.args", "one")); /* a list of one */
	CHECK_LONG(values_of(&f, "process.args")->count, 1);
	CHECK_LONG(f.event.unfilled, 0);
	CU_ASSERT_FALSE(set_list(&f, "user.name", 2, (const char *const[]){"a", "b"}));
	CHECK_TEXT(get(&f, "user.name"), "a");
	CHECK_LONG(values_of(&f, "user.name")->count, 1);
	CU_ASSERT_FALSE(set_list(&f, "process.pid", 1, (const char *const[]){"x"}));
	CU_ASSERT_PTR_NULL(values_of(&f, "process.pid"));
	CHECK_LONG(f.event.unfilled, 2);
	CU_ASSERT(set_list(&f, "user.name", 0, NULL)); /* no list: missing */
	CU_ASSERT_PTR_NULL(values_of(&f, "user.name"));
	arena_free(&f.arena);
}

static void test_unset_keeps_the_others(void)
{
	struct fixture f;
	set_up(&f);
	set(&f, "user.name", "root");
	set(&f, "process.name", "sh");
	set(&f, "host.name", "h1");
	facet_unset(f.event.arena, f.facet, unit_field(f.registry, "user.name"));
	facet_unset(f.event.arena, f.facet, unit_field(f.registry, "user.id")); /* never set */
	CHECK_TEXT(get(&f, "user.name"), "");
	CHECK_TEXT(get(&f, "process.name"), "sh");
	CHECK_TEXT(get(&f, "host.name"), "h1");
	CHECK_LONG(f.facet->count, 5);
	for (size_t i = 0; i < f.facet->count; i++)
		CHECK_LONG(f.facet->position[f.facet->entries[i].field], i + 1);
	set(&f, "user.name", "again");
	CHECK_TEXT(get(&f, "user.name"), "again");
	CHECK_LONG(f.facet->entries[5].field, unit_field(f.registry, "user.name"));
	arena_free(&f.arena);
}

static void test_copied_facet(void)
{
	struct fixture f;
	set_up(&f);
	set(&f, "user.name", "root");
	set(&f, "event.outcome", "success");
	f.facet->derived = true;
	f.facet->record = 3;
	struct facet *copy = event_copy_facet(&f.event, f.facet, unit_category(f.registry, "container"),
		unit_action(f.registry, "container", "run"));
	CHECK_LONG(f.event.facet_count, 2);
	CU_ASSERT_FALSE(copy->derived);
	CHECK_LONG(copy->record, 3);
	CHECK_TEXT(facet_text(copy, FIELD_CATEGORY), "container");
	CHECK_TEXT(facet_text(copy, FIELD_ACTION), "run");
	CHECK_TEXT(facet_text(copy, FIELD_OUTCOME), "success");
	CHECK_TEXT(facet_text(copy, unit_field(f.registry, "user.name")), "root");
	facet_set_text(&f.event, copy, unit_field(f.registry, "user.name"), TEXT("other"));
	CHECK_TEXT(get(&f, "user.name"), "root");
	struct facet *same = event_copy_facet(&f.event, f.facet, f.facet->category, f.facet->action);
	CU_ASSERT_FALSE(same->derived);
	CU_ASSERT_PTR_EQUAL(same->copied, f.facet);
	CHECK_LONG(same->count, f.facet->count);
	CHECK_TEXT(facet_text(same, FIELD_ACTION), "exec");
	set(&f, "process.name", "sh"); /* of this one alone */
	CHECK_TEXT(facet_text(same, unit_field(f.registry, "process.name")), "");
	facet_set_text(&f.event, same, unit_field(f.registry, "user.name"), TEXT("other"));
	CHECK_TEXT(get(&f, "user.name"), "root");
	arena_free(&f.arena);
}

static void test_shared_fields(void)
{
	struct fixture f;
	set_up(&f);
	struct facet *second = event_add_facet(&f.event, unit_category(f.registry, "container"),
		unit_action(f.registry, "container", "run"));
	set(&f, "user.name", "root");
	set(&f, "process.name", "docker");
	unsigned host = unit_field(f.registry, "host.name"), user = unit_field(f.registry, "user.name");
	facet_set_text(&f.event, second, host, TEXT("h2"));
	facet_set_text(&f.event, second, user, TEXT("second"));
	f.event.time = 0;
	event_share(&f.event);
	CHECK_TEXT(get(&f, "host.name"), "h2");
	CHECK_TEXT(facet_text(second, user), "second"); /* its own stays */
	CHECK_TEXT(get(&f, "user.name"), "root");
	CHECK_TEXT(facet_text(second, unit_field(f.registry, "process.name")), ""); /* not shared */
	CHECK_TEXT(facet_text(second, FIELD_TIMESTAMP), "1970-01-01T00:00:00Z");
	CHECK_TEXT(get(&f, "@timestamp"), "1970-01-01T00:00:00Z");
	arena_free(&f.arena);
}

static void test_clean_paths(void)
{
	static const struct {
		const char *path, *clean;
	} cases[] = {
		{"", ""}, {"/", "/"}, {"//", "/"}, {"/.", "/"}, {"/./", "/"}, {"///.//", "/"}, {".", "."}, {"./", "."},
		{"/etc/passwd", "/etc/passwd"}, {"//etc///passwd", "/etc/passwd"}, {"/etc/./passwd", "/etc/passwd"},
		{"/etc/passwd/", "/etc/passwd"}, {"/etc/.", "/etc"}, {"/etc/./.", "/etc"}, {"/etc/../x", "/etc/../x"},
		{"/etc/..", "/etc/.."}, {"/etc/.hidden/", "/etc/.hidden"}, {"/a/.../b", "/a/.../b"},
		{"/var/run", "/run"}, {"/var/run/", "/run"}, {"/var/run/x", "/run/x"}, {"/var//run/./x", "/run/x"},
		{"//var/run//docker.sock", "/run/docker.sock"}, {"/var/runner", "/var/runner"}, {"/var/run2/x", "/var/run2/x"},
		{"/host/var/run/x", "/host/var/run/x"}, {"var/run/x", "var/run/x"}, {"/var/run/var/run", "/run/var/run"},
		{"a//b/./c/", "a/b/c"}, {"./a", "./a"}, {"./a/./b", "./a/b"}, {"../a//b", "../a/b"},
		{"*", "*"}, {"/etc/*", "/etc/*"}, {"/etc//*/", "/etc/*"}, {"/var/run/*", "/run/*"}, {"/var/run*", "/var/run*"},
		{"*/docker.sock", "*/docker.sock"}, {"/a\\*b//c", "/a\\*b/c"}, {"/a/?/./\\?", "/a/?/\\?"},
		{"/\xc3\xa4//\xc3\xb6", "/\xc3\xa4/\xc3\xb6"}, {"@/containerd-shim//x", "@/containerd-shim/x"}, {"::1", "::1"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text path = text_of(cases[i].path), clean = path_clean(&arena, path);
		CHECK_TEXT(clean, cases[i].clean);
		for (enum simd_level level = 0; level <= simd_level_best(); level++)
			CHECK_TEXT(path_clean_at(level, &arena, path), cases[i].clean);
		CHECK_TEXT(path_clean(&arena, clean), cases[i].clean); /* cleaning is done once and for all */
		if (text_equal(path, clean))
			CU_ASSERT_PTR_EQUAL(clean.data, path.data);
	}
	arena_free(&arena);
}

/* A path of each length, with what is cleaned in each place: it is seen wherever it stands, and only it, by each level. */
static void test_clean_places(void)
{
	enum { LONGEST = 140 };
	struct arena arena = {0};
	for (enum simd_level level = 0; level <= simd_level_best(); level++)
		for (size_t length = 1; length <= LONGEST; length++, arena_reset(&arena))
			for (size_t at = 0; at < length; at++) {
				char path[LONGEST + 1], clean[LONGEST + 1];
				memset(path, 'a', sizeof path);
				memset(clean, 'a', sizeof clean);
				path[at] = clean[at] = '/';
				path[length] = at % 2 == 0 ? '/' : '.'; /* which is not the path's */
				bool last = length > 1 && at + 1 == length;
				struct text got = path_clean_at(level, &arena, (struct text){path, length});
				CU_ASSERT(text_equal(got, (struct text){clean, length - last}) && (got.data == path) == !last);
				if (at + 2 >= length)
					continue;
				path[at + 1] = '/';
				got = path_clean_at(level, &arena, (struct text){path, length});
				CU_ASSERT(text_equal(got, (struct text){clean, length - 1}));
			}
	arena_free(&arena);
}

/* Of each length, with the last slash in each place, and bytes behind it that are nearly one. */
static void test_path_names(void)
{
	enum { LONGEST = 140 };
	char path[LONGEST + 2];
	for (size_t length = 0; length <= LONGEST; length++)
		for (size_t slash = 0; slash <= length; slash++) {
			memset(path, slash % 3 == 0 ? '/' : 'a', slash);
			memset(path + slash, slash % 2 == 0 ? '.' : '/' | 0x80, length - slash);
			path[slash > 0 ? slash - 1 : length] = '/';
			for (enum simd_level level = 0; level <= simd_level_best(); level++) {
				struct text name = path_name_at(level, (struct text){path, length});
				CU_ASSERT(name.data == path + slash);
				CU_ASSERT_EQUAL(name.length, length - slash);
			}
			CU_ASSERT(path_name((struct text){path, length}).data == path + slash);
		}
	CU_ASSERT_EQUAL(path_name((struct text){NULL, 0}).length, 0);
}

static void test_clean_mounts(void)
{
	static const struct {
		const char *mount, *clean;
	} cases[] = {
		{"", ""}, {"*", "*"}, {"data", "data"}, {"/var/run/docker.sock", "/run/docker.sock"},
		{"data:/var/lib", "data:/var/lib"}, {"data:/var/lib/:ro", "data:/var/lib:ro"},
		{"/var/run/docker.sock:/var/run/docker.sock:rw", "/run/docker.sock:/run/docker.sock:rw"},
		{"/var/run/docker.sock:*", "/run/docker.sock:*"}, {"*:/var/run/docker.sock:*", "*:/run/docker.sock:*"},
		{"/etc/:/host//etc", "/etc:/host/etc"}, {"/:/host:rw", "/:/host:rw"}, {"//:/host/:rw", "/:/host:rw"},
		{"/a:/b:z//,/./", "/a:/b:z//,/./"}, {"/a/:/b:z//", "/a:/b:z//"}, {"/a:/b:ro:extra//", "/a:/b:ro:extra//"},
		{":/x/:rw", ":/x:rw"}, {"/x/:", "/x:"}, {"/x/::", "/x::"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CHECK_TEXT(mount_clean(&arena, text_of(cases[i].mount)), cases[i].clean);
		CHECK_TEXT(mount_clean(&arena, text_of(cases[i].clean)), cases[i].clean);
	}
	arena_free(&arena);
}

static void test_field_clean(void)
{
	struct fixture f;
	set_up(&f);
	const struct field *fields = f.registry->fields;
	struct text raw = TEXT("/var/run//x:/y//:z");
	CHECK_TEXT(field_clean(&f.arena, &fields[unit_field(f.registry, "container.mounts")], raw), "/run/x:/y:z");
	CHECK_TEXT(field_clean(&f.arena, &fields[unit_field(f.registry, "file.path")], raw), "/run/x:/y/:z");
	CHECK_TEXT(field_clean(&f.arena, &fields[unit_field(f.registry, "message")], raw), "/var/run//x:/y//:z");
	arena_free(&f.arena);
}

/* A copy outlives what it was made of. */
static void test_clone(void)
{
	struct fixture f;
	struct arena other = {0};
	set_up(&f);
	struct text args[] = {TEXT("a"), TEXT(""), TEXT("b")};
	char id[] = "1767225600.000:7", name[] = "docker";
	set(&f, "process.name", name);
	set(&f, "host.name", "h");
	facet_set_texts(&f.event, f.facet, unit_field(f.registry, "process.args"), args, 3);
	facet_set_texts(&f.event, f.facet, unit_field(f.registry, "container.capabilities.added"), NULL, 0);
	facet_set_long(&f.event, f.facet, unit_field(f.registry, "process.pid"), -5);
	event_add_facet(&f.event, unit_category(f.registry, "container"), unit_action(f.registry, "container", "run"));
	f.event.time = 17;
	f.event.line = 9;
	f.event.id = text_of(id);
	f.event.file = "events.log";
	event_share(&f.event);
	struct event *copy = event_clone(&f.event, &other);
	id[0] = name[0] = 'X';
	/* The registry is the fixture's arena's too: the copy is read before that goes, and its texts are its own. */
	CHECK_LONG(copy->facet_count, 2);
	CHECK_LONG(copy->time, 17);
	CHECK_LONG(copy->line, 9);
	CHECK_TEXT(copy->id, "1767225600.000:7");
	CHECK_TEXT(text_of(copy->file), "events.log");
	const struct facet *facet = copy->facets[0];
	CU_ASSERT_PTR_NOT_EQUAL(facet, f.facet);
	CHECK_LONG(facet->action, f.facet->action);
	CHECK_TEXT(facet_text(facet, unit_field(f.registry, "process.name")), "docker");
	CHECK_TEXT(facet_text(copy->facets[1], unit_field(f.registry, "host.name")), "h");
	const struct values *values = facet_get(facet, unit_field(f.registry, "process.args"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(values);
	CHECK_LONG(values->count, 3);
	CHECK_TEXT(values->items[2].text, "b");
	CHECK_LONG(facet_get(facet, unit_field(f.registry, "process.pid"))->items[0].number, -5);
	values = facet_get(facet, unit_field(f.registry, "container.capabilities.added"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(values);
	CHECK_LONG(values->count, 0);
	CU_ASSERT_PTR_NULL(facet_get(facet, unit_field(f.registry, "user.name")));
	/* It can grow like any other. */
	for (unsigned i = FIELD_FIRST_OTHER; i < f.registry->field_count && i < 60; i++)
		facet_set_text(copy, copy->facets[0], i, TEXT("7"));
	for (int i = 0; i < 9; i++)
		event_take_facets(copy, &f.event);
	CHECK_LONG(copy->facet_count, 20);
	CHECK_TEXT(facet_text(copy->facets[19], unit_field(f.registry, "host.name")), "h");
	CHECK_TEXT(facet_text(copy->facets[0], unit_field(f.registry, "process.name")), "7");
	arena_free(&other);
	arena_free(&f.arena);
}

void suite_event(void)
{
	CU_pSuite suite = unit_suite("event");
	UNIT_TEST(suite, test_a_facet_says_what_it_is);
	UNIT_TEST(suite, test_text_by_type);
	UNIT_TEST(suite, test_numbers_and_truths);
	UNIT_TEST(suite, test_empty_is_missing);
	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_unset_keeps_the_others);
	UNIT_TEST(suite, test_copied_facet);
	UNIT_TEST(suite, test_shared_fields);
	UNIT_TEST(suite, test_clean_paths);
	UNIT_TEST(suite, test_clean_places);
	UNIT_TEST(suite, test_path_names);
	UNIT_TEST(suite, test_clean_mounts);
	UNIT_TEST(suite, test_field_clean);
	UNIT_TEST(suite, test_clone);
}
