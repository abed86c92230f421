/* command_line: what shell text runs. tests/differential/commands.sh asks bash the same. */
#include "replay/readers/command_line.h"
#include "tests/unit/unit.h"

/* Commands on lines: `!` a builtin, `()` a function; [word]… ; `~` where something is left to the shell. */
static struct text written(struct arena *arena, const struct command_line *line)
{
	static const char *const kinds[] = {"", "!", "()"};
	struct buffer out = {0};
	for (size_t i = 0; i < line->count; i++) {
		const struct command *command = &line->commands[i];
		buffer_printf(&out, "%s%s%s", i ? "|" : "", kinds[command->kind], command->exact ? "" : "~");
		for (size_t k = 0; k < command->count; k++)
			buffer_printf(&out, "[%.*s]", TEXT_ARGS(command->words[k]));
	}
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

struct shell_case {
	const char *text, *commands;
};

static void check(const struct shell_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct command_line line;
		enum command_status status = command_line_parse(&arena, text_of(cases[i].text), &line);
		if (status != COMMAND_DONE)
			printf("\n%s: %s at %zu\n", cases[i].text, line.reason, line.at);
		CHECK_LONG(status, COMMAND_DONE);
		CHECK_TEXT(written(&arena, &line), cases[i].commands);
		arena_free(&arena);
	}
}

static void test_quotes(void)
{
	static const struct shell_case cases[] = {
		{"", ""},
		{"  # only a comment", ""},
		{"ls", "[ls]"},
		{"ls -l a\\ b 'c  d' \"e f\" g'h'\"i\"", "[ls][-l][a b][c  d][e f][ghi]"},
		{"x '' \"\"", "[x][][]"},
		{"x $'a\\tb\\x41\\101\\u00e9\\'q' $\"y z\"", "[x][a\tbAA\xc3\xa9'q][y z]"},
		{"x \"a\\\"b\\\\c\\d\\$e\" 'f\\g'", "[x][a\"b\\c\\d$e][f\\g]"},
		{"x a\\\nb \\\n c", "[x][ab][c]"},
		{"x 'two\nlines'", "[x][two\nlines]"},
		{"x a#b #c d", "[x][a#b]"},
		{"x $A \"${B:-c d}\" ~/e *.f", "~[x][$A][${B:-c d}][~/e][*.f]"},
		{"x '$A' \\*.f \"~\" 5$", "[x][$A][*.f][~][5$]"},
		{"x {a,b}c {1..3} {z..x} {01..10..4} {} {a} '{q,r}' {s,'t,u'}",
			"[x][ac][bc][1][2][3][z][y][x][01][05][09][{}][{a}][{q,r}][s][t,u]"},
		{"x a{b,{c,d}e}f ${v,,} {{.Names}} {{a b|c}}", "~[x][abf][acef][adef][${v,,}][{{.Names}}][{{a b|c}}]"},
		{"/etc/{passwd,shadow}", "[/etc/passwd][/etc/shadow]"},
	};
	check(cases, sizeof cases / sizeof *cases);
}

static void test_lists(void)
{
	static const struct shell_case cases[] = {
		{"a; b & c && d || e | f |& g", "[a]|[b]|[c]|[d]|[e]|[f]|[g]"},
		{"a\nb\n\nc", "[a]|[b]|[c]"},
		{"a |\n b &&\n\n c", "[a]|[b]|[c]"},
		{"a > out 2>&1 < in >> log 3<>f &> all >| over b", "[a][b]"},
		{"> out", ""},
		{"A=1 B='x y' a C=2", "[a][C=2]"},
		{"A=1", ""},
		{"A=(1 '2 3' $(b)) a", "[b]|[a]"},
		{"(a; b) && { c; d; } 2>/dev/null", "[a]|[b]|[c]|[d]"},
		{"if a; then b; elif c; then d; else e; fi; f", "[a]|[b]|[c]|[d]|[e]|[f]"},
		{"while a; do b; done < c | d", "[a]|[b]|[d]"},
		{"for i in 1 $(a) 3; do b $i; done", "[a]|~[b][$i]"},
		{"for ((i=0; i<3; i++)); do a; done\nfor i\ndo b\ndone", "[a]|[b]"},
		{"case $1 in a|b) c ;; (d) e ;& *) f; esac; g", "[c]|[e]|[f]|[g]"},
		{"f() { a; }; f 1; function g { b; }; g", "[a]|()[f][1]|[b]|()[g]"},
		{"[[ -f a && $(b) == c* ]] && d; (( x = 1 + $(e) )) || h", "[b]|[d]|[e]|[h]"},
		{"time -p a; ! b; coproc c", "[a]|[b]|[c]"},
		{"echo hi; cd /; /bin/echo x", "![echo][hi]|![cd][/]|[/bin/echo][x]"},
		{"echo if then fi", "![echo][if][then][fi]"},
		{"'if' a", "[if][a]"},
	};
	check(cases, sizeof cases / sizeof *cases);
}

static void test_substitutions(void)
{
	static const struct shell_case cases[] = {
		{"a $(b c) \"x$(d \"e f\")\"", "[b][c]|[d][e f]|~[a][$(b c)][x$(d \"e f\")]"},
		{"a `b \\`c\\``", "[c]|~[b][`c`]|~[a][`b \\`c\\``]"},
		{"a <(b) >(c d)", "[b]|[c][d]|~[a][<(b)][>(c d)]"},
		{"a ${x:-$(b)} $((1 + $(c))) $((d))", "[b]|[c]|~[a][${x:-$(b)}][$((1 + $(c)))][$((d))]"},
		{"a '$(b)' \\$\\(c\\) \"\\$(d)\"", "[a][$(b)][$(c)][$(d)]"},
		{"a $( (b) ; c )", "[b]|[c]|~[a][$( (b) ; c )]"},
		{"a $((b); c)", "[b]|[c]|~[a][$((b); c)]"},
		{"cat <<E\nx $(a) $y\nE\nb", "[cat]|[a]|[b]"},
		{"cat <<'E' <<-F\nx $(a)\nE\n\t$(c)\n\tF\nb", "[cat]|[c]|[b]"},
		{"A=$(b) c", "[b]|[c]"},
		{"a > $(b)", "[b]|[a]"},
	};
	check(cases, sizeof cases / sizeof *cases);
}

static void test_wrappers(void)
{
	static const struct shell_case cases[] = {
		{"sudo docker ps", "[sudo][docker][ps]|[docker][ps]"},
		{"sudo -u ci -E A=1 docker ps", "[sudo][-u][ci][-E][A=1][docker][ps]|[docker][ps]"},
		{"sudo --user=ci -- echo x", "[sudo][--user=ci][--][echo][x]|[echo][x]"},
		{"sudo -l docker", "[sudo][-l][docker]"},
		{"sudo", "[sudo]"},
		{"env -i A=1 B=2 a b", "[env][-i][A=1][B=2][a][b]|[a][b]"},
		{"nohup nice -n 5 timeout -k 1 10 a &", "[nohup][nice][-n][5][timeout][-k][1][10][a]|[nice][-n][5][timeout][-k][1][10][a]"
			"|[timeout][-k][1][10][a]|[a]"},
		{"exec a; command b; builtin cd /; exec echo; command -v c", "[a]|[b]|![cd][/]|[echo]|![command][-v][c]"},
		{"exec 3>x", "![exec]"},
		{"a | xargs -0 -n 1 rm -f", "[a]|[xargs][-0][-n][1][rm][-f]|[rm][-f]"},
		{"xargs -I{} b {}", "[xargs][-I{}][b][{}]|[b][{}]"},
		{"find / -exec rm {} + -exec ls {} \\;", "[find][/][-exec][rm][{}][+][-exec][ls][{}][;]|[rm][{}]|[ls][{}]"},
		{"bash -lc 'a; b \"c d\"' x", "[bash][-lc][a; b \"c d\"][x]|[a]|[b][c d]"},
		{"sh -c \"a '$X'; b $(c)\"", "[c]|~[sh][-c][a '$X'; b $(c)]|[a][$X]|~[b][$(c)]"},
		{"sh -c 'a $(b)'", "[sh][-c][a $(b)]|[b]|~[a][$(b)]"},
		{"sudo sh -c 'echo x > /y'", "[sudo][sh][-c][echo x > /y]|[sh][-c][echo x > /y]|![echo][x]"},
		{"sh script.sh -c x", "[sh][script.sh][-c][x]"},
		{"eval \"a b\" ';c'", "[a][b]|[c]"},
		{"bash <<E\na 'b c'\nE\nd", "[bash]|[a][b c]|[d]"},
		{"sh <<< 'a b'", "[sh]|[a][b]"},
		{"su - ci -c 'a b'", "[su][-][ci][-c][a b]|[a][b]"},
		{"runuser -u ci -- a b", "[runuser][-u][ci][--][a][b]|[a][b]"},
		{"flock /x a b; flock -n /x -c 'c d'", "[flock][/x][a][b]|[a][b]|[flock][-n][/x][-c][c d]|[c][d]"},
		{"watch -n 1 'a | b'", "[watch][-n][1][a | b]|[a]|[b]"},
		{"script -q -c 'a' log", "[script][-q][-c][a][log]|[a]"},
		{"chroot /host sh -c a", "[chroot][/host][sh][-c][a]|[sh][-c][a]|[a]"},
		{"busybox sh -c a", "[busybox][sh][-c][a]|[sh][-c][a]|[a]"},
		{"toybox cat a", "[toybox][cat][a]|[cat][a]"},
		{"/lib64/ld-linux-x86-64.so.2 --library-path /x /bin/cat a", "[/lib64/ld-linux-x86-64.so.2][--library-path][/x][/bin/cat][a]|[/bin/cat][a]"},
		{"capsh --gid=0 --uid=0 -- -c 'a b'", "[capsh][--gid=0][--uid=0][--][-c][a b]|[a][b]"},
		{"screen -dmS n a b", "[screen][-dmS][n][a][b]|[a][b]"},
		{"aa-exec -p x -- a", "[aa-exec][-p][x][--][a]|[a]"},
		{"tini -s -- a", "[tini][-s][--][a]|[a]"},
		{"sg g -c 'a b'", "[sg][g][-c][a b]|[a][b]"},
		{"docker run alpine sh -c a", "[docker][run][alpine][sh][-c][a]"},
		{"sudo -u a sudo -u b c", "[sudo][-u][a][sudo][-u][b][c]|[sudo][-u][b][c]|[c]"},
	};
	check(cases, sizeof cases / sizeof *cases);
}

static void test_details(void)
{
	struct arena arena = {0};
	struct command_line line;
	struct text text = TEXT("# first\nA=1 sudo -u ci B=2 a >'/x y' 2>&1\nb $(c)\n");
	CHECK_LONG(command_line_parse(&arena, text, &line), COMMAND_DONE);
	CHECK_LONG(line.count, 4);
	const struct command *sudo = &line.commands[0], *a = &line.commands[1];
	CHECK_LONG(sudo->line, 1);
	CHECK_TEXT(sudo->settings[0], "A=1");
	CHECK_LONG(sudo->redirect_count, 2);
	CHECK_TEXT(sudo->redirects[0].operator, ">");
	CHECK_TEXT(sudo->redirects[0].target, "/x y");
	CHECK_TEXT(sudo->redirects[1].operator, ">&");
	CHECK_TEXT(text_slice(text, sudo->begin, sudo->end), "A=1 sudo -u ci B=2 a >'/x y' 2>&1");
	CHECK_TEXT(sudo->user, "");
	CHECK_TEXT(a->user, "ci");
	CHECK_TEXT(a->settings[0], "B=2");
	CHECK_LONG(line.commands[3].line, 2);
	CHECK_TEXT(line.commands[2].words[0], "c");
	CHECK_TEXT(text_slice(text, line.commands[2].begin, line.commands[2].end), "c");
	arena_free(&arena);
}

/* FOLDER:PROGRAM of each command; ? where nobody knows. */
static void test_folders(void)
{
	static const struct shell_case cases[] = {
		{"a; cd /etc && b", "?:a ?:cd /etc:b"},
		{"cd /etc; cd ssh/../pam.d/. ; a; cd ..; b; cd ../../..; c", "?:cd /etc:cd /etc/pam.d:a /etc/pam.d:cd /etc:b /etc:cd /:c"},
		{"(cd /etc; a); b; { cd /tmp; }; c", "?:cd /etc:a ?:b ?:cd /tmp:c"},
		{"x $(cd /etc; a); b `cd /tmp; c`; d", "?:cd /etc:a ?:x ?:cd /tmp:c ?:b ?:d"},
		{"f() { cd /etc; a; }; b; function g { cd /tmp; }; c", "?:cd /etc:a ?:b ?:cd ?:c"},
		{"if cd /etc; then a; fi; b", "?:cd /etc:a /etc:b"},
		{"cd /tmp || cd /var/run || cd /; a", "?:cd /tmp:cd /tmp:cd /tmp:a"},
		{"cd /etc; cd \"$X\"; a; cd b; c", "?:cd /etc:cd ?:a ?:cd ?:c"},
		{"cd /etc; cd; a; cd -; b", "?:cd /etc:cd ?:a ?:cd /etc:b"},
		{"pushd /etc; a; pushd -n; popd; b", "?:pushd /etc:a /etc:pushd ?:popd /etc:b"},
		{"cd -P -- /etc; a", "?:cd /etc:a"},
		{"cd /etc; sh -c 'a; cd ssh; b'; c", "?:cd /etc:sh /etc:a /etc:cd /etc/ssh:b /etc:c"},
		{"cd /etc; env -C ssh a; sudo --chdir=/tmp b; chroot /x c", "?:cd /etc:env /etc/ssh:a /etc:sudo /tmp:b /etc:chroot /:c"},
		{"cd /etc; sh <<E\ncd ssh; a\nE\nb", "?:cd /etc:sh /etc:cd /etc/ssh:a /etc:b"},
		{"cd /etc; find . -exec a {} \\; ; b", "?:cd /etc:find /etc:a /etc:b"},
		{"/bin/cd /etc; a", "?:/bin/cd ?:a"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct command_line line;
		struct buffer out = {0};
		CHECK_LONG(command_line_parse(&arena, text_of(cases[i].text), &line), COMMAND_DONE);
		for (size_t k = 0; k < line.count; k++) {
			const struct command *command = &line.commands[k];
			struct text folder = command->folder.now.length ? command->folder.now : TEXT("?");
			buffer_printf(&out, "%s%.*s:%.*s", k ? " " : "", TEXT_ARGS(folder), TEXT_ARGS(command->words[0]));
		}
		CHECK_TEXT(text_copy(&arena, buffer_view(&out)), cases[i].commands);
		buffer_free(&out);
		arena_free(&arena);
	}
}

/* From line to line. */
static void test_folder_kept(void)
{
	struct arena arena = {0};
	struct command_line first, second;
	CHECK_LONG(command_line_next(&arena, TEXT("cd /etc\ncat shadow\n"), NULL, &first), COMMAND_DONE);
	CHECK_TEXT(first.folder.now, "/etc");
	CHECK_LONG(command_line_next(&arena, TEXT("cat shadow\n"), &first.folder, &second), COMMAND_DONE);
	CHECK_TEXT(second.commands[0].folder.now, "/etc");
	arena_free(&arena);
}

static void test_lines(void)
{
	static const struct {
		const char *text;
		enum command_status status;
		size_t consumed;
		const char *awaits;
	} cases[] = {
		{"a\nb\n", COMMAND_DONE, 2, ""},
		{"a; b\nc", COMMAND_DONE, 5, ""},
		{"a 'x\ny'\nb", COMMAND_DONE, 8, ""},
		{"a <<E\nx\nE\nb", COMMAND_DONE, 10, ""},
		{"a 'x\n", COMMAND_INCOMPLETE, 0, "'"},
		{"a \"x", COMMAND_INCOMPLETE, 0, "\""},
		{"a <<END", COMMAND_INCOMPLETE, 0, "END"},
		{"a <<END\nx\n", COMMAND_INCOMPLETE, 0, "END"},
		{"if a; then b", COMMAND_INCOMPLETE, 0, "fi"},
		{"for i in 1; do b\n", COMMAND_INCOMPLETE, 0, "done"},
		{"a |", COMMAND_INCOMPLETE, 0, ""},
		{"a \\", COMMAND_INCOMPLETE, 0, ""},
		{"a $(b", COMMAND_INCOMPLETE, 0, ")"},
		{"a `b", COMMAND_INCOMPLETE, 0, "`"},
		{"{ a", COMMAND_INCOMPLETE, 0, "}"},
		{"a )", COMMAND_WRONG, 0, ""},
		{"; a", COMMAND_WRONG, 0, ""},
		{"a && && b", COMMAND_WRONG, 0, ""},
		{"fi", COMMAND_WRONG, 0, ""},
		{"(a) b", COMMAND_WRONG, 0, ""},
		{"a >", COMMAND_WRONG, 0, ""},
		{"a b (c)", COMMAND_WRONG, 0, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena = {0};
		struct command_line line;
		enum command_status status = command_line_next(&arena, text_of(cases[i].text), NULL, &line);
		if (status != cases[i].status)
			printf("\n%s: %s\n", cases[i].text, line.reason ? line.reason : "done");
		CHECK_LONG(status, cases[i].status);
		if (status == COMMAND_DONE)
			CHECK_LONG(line.consumed, cases[i].consumed);
		CHECK_TEXT(line.awaits, cases[i].awaits);
		arena_free(&arena);
	}
}

static void test_joined(void)
{
	struct arena arena = {0};
	struct command_line line;
	command_line_joined(&arena, TEXT("/usr/bin/env A=1 /bin/sh script 'x"), &line);
	CHECK_TEXT(written(&arena, &line), "[/usr/bin/env][A=1][/bin/sh][script]['x]|[/bin/sh][script]['x]");
	command_line_words(&arena, NULL, 0, &line);
	CHECK_LONG(line.count, 0);
	arena_free(&arena);
}

/* Bounds hold: nothing takes long or grows without end. */
static void test_bounds(void)
{
	static const char *const pieces[] = {"$(", "`", "\"$(", "${x:-", "$((", "(", "{ ", "if ", "sh -c \"", "sudo ", "<(", "{a,b}", "eval ", "a <<E\n",
		"case x in ", "$'", "\\"};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct arena arena = {0};
		struct command_line line;
		struct buffer text = {0};
		while (text.length < 65536)
			buffer_string(&text, pieces[i]);
		command_line_parse(&arena, buffer_view(&text), &line);
		CU_ASSERT(line.count <= COMMAND_COUNT_MAX);
		buffer_free(&text);
		arena_free(&arena);
	}
}

void suite_command_line(void);
void suite_command_line(void)
{
	CU_pSuite suite = unit_suite("command_line");
	UNIT_TEST(suite, test_quotes);
	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_substitutions);
	UNIT_TEST(suite, test_wrappers);
	UNIT_TEST(suite, test_details);
	UNIT_TEST(suite, test_folders);
	UNIT_TEST(suite, test_folder_kept);
	UNIT_TEST(suite, test_lines);
	UNIT_TEST(suite, test_joined);
	UNIT_TEST(suite, test_bounds);
}
