/*
 * Paths in commands, spelt as the kernel finds them.
 */
#include "replay/derive/derive.h"
#include "replay/derive/paths.h"
#include "tests/unit/unit.h"

#include <stdio.h>

static void test_clean(void)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"/etc/shadow", "/etc/shadow"},
		{"/etc//shadow", "/etc/shadow"},
		{"//etc///shadow", "/etc/shadow"},
		{"/etc/./shadow", "/etc/shadow"},
		{"/./etc/././shadow", "/etc/shadow"},
		{"/etc/../etc/shadow", "/etc/shadow"},
		{"/../../etc/shadow", "/etc/shadow"},
		{"/etc/x/..", "/etc"},
		{"/etc//", "/etc/"},
		{"/proc/self/root/etc/shadow", "/etc/shadow"},
		{"/proc//thread-self/root//etc/shadow", "/etc/shadow"},
		{"/proc/1/root/proc/self/root/etc/shadow", "/etc/shadow"},
		{"/proc/1/root", "/proc/1/root"},
		{"/proc/1/root/", "/proc/1/root/"},
		{"/proc/17/root/etc", "/proc/17/root/etc"},
		{"/proc/self/cwd/shadow", "/srv/shadow"},
		{"/proc/self/cwd/../etc/./shadow", "/etc/shadow"},
		{"of=//dev/./sda", "of=/dev/sda"},
		{"@/etc//shadow", "@/etc/shadow"},
		{"/a//b:/c/./d:ro", "/a/b:/c/d:ro"},
		{"-v/a//b", "-v/a//b"}, /* what a letter means before a slash is not known */
		{"cat /etc//shadow;rm -rf \"/var/./log\" >/dev//null", "cat /etc/shadow;rm -rf \"/var/log\" >/dev/null"},
		{"$(</etc//shadow)", "$(</etc/shadow)"},
		{"/etc//sh*", "/etc/sh*"},
		{"https://example.org//a/./b?x=/c//d", "https://example.org//a/./b?x=/c//d"},
		{"curl -s http://x//y /etc//z", "curl -s http://x//y /etc/z"},
		{"file:///etc//shadow", "file:///etc/shadow"},
		{"s//x/;s/./y/", "s//x/;s/./y/"},
		{"a//b", "a//b"}, {"//", "/"}, {"/", "/"}, {"/.", "/"}, {"/..", "/"},
		{"", ""}, {"x", "x"}, {"/...", "/..."}, {"/.x", "/.x"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(paths_clean(&arena, TEXT("/srv"), text_of(cases[i].text)), cases[i].expected);
	CHECK_TEXT(paths_clean(&arena, TEXT("/"), TEXT("/proc/self/cwd/etc/shadow")), "/etc/shadow");
	CHECK_TEXT(paths_clean(&arena, TEXT(""), TEXT("/proc/self/cwd/x")), "/proc/self/cwd/x");
	struct buffer deep = {0};
	for (size_t i = 0; i < 100; i++)
		buffer_add(&deep, "/a/.", 4);
	CU_ASSERT(text_equal(paths_clean(&arena, TEXT(""), buffer_view(&deep)), buffer_view(&deep)));
	buffer_free(&deep);
	arena_free(&arena);
}

static void test_absolute(void)
{
	static const struct {
		const char *directory, *tool, *word, *expected;
	} cases[] = {
		{"/etc", "cat", "shadow", "/etc/shadow"},
		{"/etc", "cat", "./shadow", "/etc/shadow"},
		{"/etc/ssh", "cat", "../shadow", "/etc/shadow"},
		{"/tmp", "anything", "../etc/shadow", "/etc/shadow"},
		{"/", "cat", "etc/shadow", "/etc/shadow"},
		{"/", "cat", "run", "run"},
		{"/dev", "dd", "if=sda1", "if=/dev/sda1"},
		{"/root/.ssh", "cat", "id_rsa", "/root/.ssh/id_rsa"},
		{"/home/u/.ssh", "tee", "authorized_keys", "/home/u/.ssh/authorized_keys"},
		{"/home/u", "cat", "x", "x"}, {"/etcetera", "cat", "x", "x"}, {"/etc", "docker", "run", "run"},
		{"/etc", "cat", "-n", "-n"}, {"/etc", "head", "20", "20"}, {"/etc", "sh", "echo x", "echo x"},
		{"", "cat", "shadow", "shadow"}, {"etc", "cat", "shadow", "shadow"}, {"/etc", "cat", "", ""},
	};
	struct arena arena = {0};
	struct paths paths;
	paths_make(&paths, unit_registry(&arena));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(paths_absolute(&paths, &arena, text_of(cases[i].directory), text_of(cases[i].tool), text_of(cases[i].word)),
			cases[i].expected);
	paths_free(&paths);
	arena_free(&arena);
}

/* The exec of a line of words in a directory: the command line of its second facet, or "" where it has none. */
static void test_facets(void)
{
	static const struct {
		const char *directory, *words, *expected;
	} cases[] = {
		{"/etc", "cat shadow passwd", "cat /etc/shadow /etc/passwd"},
		{"/etc", "busybox cat shadow", "busybox cat /etc/shadow"},
		{"/etc", "/bin/cat shadow", "/bin/cat /etc/shadow"},
		{"/srv", "cat /etc//shadow", "cat /etc/shadow"},
		{"/srv", "cat /proc/self/cwd/x", "cat /srv/x"},
		{"/srv", "docker run -e LD_PRELOAD=/proc/self/cwd/x img", ""},
		{"", "cat /etc//shadow", "cat /etc/shadow"},
		{"/etc", "cat", ""}, {"/etc", "cat /etc/shadow", ""}, {"/etc", "systemctl restart docker", ""},
		{"/srv", "git clone https://example.org//x", ""},
	};
	struct arena arena = {0}, events = {0};
	struct catalog catalog = {.registry = *unit_registry(&arena)};
	const struct registry *r = &catalog.registry;
	unit_clients(&arena, r, &catalog.clients);
	struct deriver *deriver = deriver_new(&catalog);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct event event;
		struct text *words, got = TEXT("");
		event_begin(&event, &events, r);
		struct facet *exec = event_add_facet(&event, unit_category(r, "process"), unit_action(r, "process", "exec"));
		size_t count = text_split(&events, text_of(cases[i].words), ' ', &words);
		facet_set_texts(&event, exec, unit_field(r, "process.args"), words, count);
		facet_set_text(&event, exec, unit_field(r, "process.working_directory"), text_of(cases[i].directory));
		derive_event(deriver, &event);
		CHECK_TEXT(facet_text(event.facets[0], unit_field(r, "process.command_line")), cases[i].words);
		for (size_t k = 1; k < event.facet_count; k++)
			if (event.facets[k]->category == exec->category && event.facets[k]->derived)
				got = facet_text(event.facets[k], unit_field(r, "process.command_line"));
		CHECK_TEXT(got, cases[i].expected);
		arena_reset(&events);
	}
	deriver_free(deriver);
	arena_free(&events);
	arena_free(&arena);
}

void suite_paths(void)
{
	CU_pSuite suite = unit_suite("paths");
	UNIT_TEST(suite, test_clean);
	UNIT_TEST(suite, test_absolute);
	UNIT_TEST(suite, test_facets);
}
