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

/* splitmix64: the same everywhere. */
static unsigned below(uint64_t *state, unsigned limit)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (unsigned)((z ^ z >> 31) % limit);
}

static void add_pieces(uint64_t *state, struct buffer *out, unsigned most, bool blanks)
{
	static const char *const pieces[] = {"/", "/", "/", "//", ".", "..", "/./", "/../", "/.", "proc", "/proc/", "self",
		"thread-self", "root", "cwd", "1", "etc", "p", "pr", "=", ":", "file:", "https:", "x", "-", "if=", "../", "...",
		"longer-word-of-path", "'", "\"", ";", " ", "\t"};
	unsigned count = sizeof pieces / sizeof *pieces - (blanks ? 0 : 2);
	for (unsigned left = below(state, most); left > 0; left--)
		buffer_string(out, pieces[below(state, count)]);
}

/* What is told from others without a look at its runs is the same when it stands beside one that is not. */
static void test_suspects(void)
{
	struct arena arena = {0};
	uint64_t state = 3;
	for (unsigned i = 0; i < 20000; i++) {
		struct buffer text = {0}, suspect = {0}, expected = {0};
		buffer_string(&suspect, "//x ");
		add_pieces(&state, &text, 9, true);
		buffer_text(&suspect, buffer_view(&text));
		buffer_string(&expected, "/x ");
		buffer_text(&expected, paths_clean(&arena, TEXT("/srv"), buffer_view(&text)));
		struct text got = paths_clean(&arena, TEXT("/srv"), buffer_view(&suspect));
		CU_ASSERT(unit_text(got, buffer_view(&expected), __FILE__, __LINE__));
		buffer_free(&text);
		buffer_free(&suspect);
		buffer_free(&expected);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* The words of one exec: in one line, or each by itself. */
static size_t random_words(uint64_t *state, struct arena *arena, struct text *words)
{
	static const char *const programs[] = {"cat", "/bin/cat", "sudo", "busybox", "git", "docker", "/usr/bin/dd", "sh"};
	struct buffer line = {0};
	bool together = below(state, 2);
	size_t begins[8], count = 1 + below(state, 6), gap = below(state, 10);
	for (size_t i = 0; i < count; i++) {
		begins[i] = line.length;
		if (i < 2 && below(state, 2 + 3 * (unsigned)i) < 2)
			buffer_string(&line, programs[below(state, sizeof programs / sizeof *programs)]);
		else if (below(state, 3) != 0)
			buffer_string(&line, below(state, 2) ? "plain" : "/opt/some/longer/x");
		else
			add_pieces(state, &line, 5, below(state, 9) == 0);
		words[i].length = line.length - begins[i];
		for (size_t k = 0; k < gap; k++)
			buffer_char(&line, '"');
	}
	struct text whole = text_copy(arena, buffer_view(&line));
	for (size_t i = 0; i < count; i++) {
		struct text word = {whole.data + begins[i], words[i].length};
		words[i] = together ? word : text_copy(arena, word);
	}
	buffer_free(&line);
	return count;
}

/* All words asked one by one, whatever they look like. */
static bool words_cleaned(const struct paths *paths, struct arena *arena, struct text directory, struct text name,
	struct text *words, size_t count)
{
	bool changed = false;
	struct text tool = path_name(words[0]);
	bool launched = text_is(tool, "sudo") || text_is(tool, "busybox");
	tool = launched ? path_name(words[1]) : names_has(&paths->tools, tool) ? tool : name;
	struct text own = names_has(&paths->tools, tool) ? directory : TEXT("");
	for (size_t i = 1; i < count; i++) {
		struct text clean = paths_clean(arena, text_contains(words[i], TEXT(" "), false) ? TEXT("") : own, words[i]);
		if (clean.data == words[i].data && i > launched)
			clean = paths_absolute(paths, arena, directory, tool, words[i]);
		changed = changed || clean.data != words[i].data;
		words[i] = clean;
	}
	return changed;
}

/* Which commands need no look at each word is told by one look over all of them: the answers are those of each word. */
static void test_words(void)
{
	static const char *const directories[] = {"", "/", "/etc", "/home/u", "/var/lib/x", "/root/.ssh", "relative",
		"/usr/share", "C:\\x"};
	static const char *const names[] = {"", "cat", "git"};
	struct arena arena = {0}, events = {0};
	const struct registry *r = unit_registry(&arena);
	struct paths paths;
	uint64_t state = 5;
	size_t cleaned = 0;
	paths_make(&paths, r);
	for (unsigned i = 0; i < 20000; i++) {
		struct event event;
		struct text words[8];
		event_begin(&event, &events, r);
		struct facet *exec = event_add_facet(&event, unit_category(r, "process"), unit_action(r, "process", "exec"));
		struct text directory = text_of(directories[below(&state, sizeof directories / sizeof *directories)]);
		struct text name = text_of(names[below(&state, 3)]);
		size_t count = random_words(&state, &events, words);
		facet_set_texts(&event, exec, unit_field(r, "process.args"), words, count);
		facet_set_text(&event, exec, unit_field(r, "process.working_directory"), directory);
		facet_set_text(&event, exec, unit_field(r, "process.name"), name);
		paths_derive(&paths, &event, exec);
		directory = facet_text(exec, unit_field(r, "process.working_directory")); /* as the event has it */
		bool expected = count > 1 && words_cleaned(&paths, &events, directory, name, words, count);
		CU_ASSERT_EQUAL(event.facet_count, expected ? 2 : 1);
		for (size_t k = 0; expected && event.facet_count == 2 && k < count; k++) {
			const struct values *args = facet_get(event.facets[1], unit_field(r, "process.args"));
			CU_ASSERT(text_equal(args->items[k].text, words[k]));
		}
		cleaned += expected;
		arena_reset(&events);
	}
	CU_ASSERT(cleaned > 4000 && cleaned < 19000);
	paths_free(&paths);
	arena_free(&events);
	arena_free(&arena);
}

void suite_paths(void)
{
	CU_pSuite suite = unit_suite("paths");
	UNIT_TEST(suite, test_clean);
	UNIT_TEST(suite, test_absolute);
	UNIT_TEST(suite, test_facets);
	UNIT_TEST(suite, test_suspects);
	UNIT_TEST(suite, test_words);
}
