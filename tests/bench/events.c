/*
 * events: makes process events as hosts record them, for the benches. Nothing of it ever happened.
 *
 *   events FORM FILE MEGABYTES [SHAPE]
 *
 * FORM ecs     JSON lines in ECS, 1.1 KB each; of Windows with the names beside it that Sigma's rules use
 *      sigma   the same events in the flat names of Sigma's rules, with their log source, as long
 *      csv     the same events as rows of 14 columns
 *      falco   the same as alerts of Falco, with output_fields
 * SHAPE (of ecs) shuffled: each event's keys in an order of its own; long: command lines of 64 KB; calm (default)
 *
 * Three of five hosts run Linux, one in three Windows, the others macOS. Programs, their arguments and their parents
 * come from a table (programs.h). The same call makes the same bytes everywhere: all chance is one linear generator.
 */
#include "catalog/arena.h"
#include "catalog/text.h"
#include "tests/bench/programs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS = 40,
	LINUX_HOSTS = 24,
	WINDOWS_HOSTS = 14,
	LONG_VALUE = 64 << 10,
	MEMBERS = 32,
	PIECE = 1 << 20 };

struct table {
	const struct program *programs;
	size_t count;
	unsigned weights;
};

/* One process that was started. */
struct made {
	enum os os;
	unsigned host, user, pid, parent_pid;
	uint64_t number;
	const struct program *program, *parent;
	struct buffer command, parent_command; /* command lines as the kernel has them */
	char folder[128];
};

struct maker {
	uint64_t state;
	struct table tables[OS_COUNT];
	struct made made;
	struct buffer line, members[MEMBERS];
	size_t member_count;
	bool shuffled, longest;
};

static const char *const users[OS_COUNT][4] = {
	{"root", "build", "www-data", "postgres"}, {"NT AUTHORITY\\SYSTEM", "CORP\\a.meyer", "CORP\\svc-backup", "CORP\\j.doe"},
	{"root", "build", "ada", "_spotlight"}};
static const char *const os_names[OS_COUNT] = {"linux", "windows", "macos"};
static const char *const linux_folders[] = {"/home/build/src", "/srv/www", "/var/lib", "/etc", "/opt", "/usr/share", "/tmp"};
static const char *const windows_folders[] = {"C:\\Users\\a.meyer\\source", "C:\\Program Files\\Common Files", "C:\\ProgramData",
	"C:\\Users\\a.meyer\\AppData\\Local", "D:\\build", "C:\\Windows\\Installer"};

/* Without what stands before its backslash. */
static const char *path_end(const char *user)
{
	const char *slash = strrchr(user, '\\');
	return slash ? slash + 1 : user;
}

static const char *user_name(const struct made *made)
{
	return path_end(users[made->os][made->user]);
}

/* Chance */

static unsigned pick(struct maker *m, unsigned count)
{
	m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(m->state >> 33) % count;
}

/* Words out of syllables: some come often, most seldom, and none holds a detection's word by intent. */
static void put_word(struct maker *m, struct buffer *out)
{
	static const char *const syllables[] = {"ba", "con", "de", "fi", "ga", "ler", "mo", "net", "or", "pa", "qui", "re", "ser", "ta", "ur", "vi",
		"wor", "xa", "yo", "ze", "data", "log", "app", "core"};
	for (unsigned i = 0, count = 2 + pick(m, 3); i < count; i++)
		buffer_string(out, syllables[pick(m, sizeof syllables / sizeof *syllables)]);
}

static void put_hex(struct maker *m, struct buffer *out, unsigned digits)
{
	for (unsigned i = 0; i < digits; i++)
		buffer_char(out, "0123456789abcdef"[pick(m, 16)]);
}

static void put_folder(struct maker *m, struct buffer *out, enum os os)
{
	bool windows = os == OS_WINDOWS;
	buffer_string(out, windows ? windows_folders[pick(m, 6)] : linux_folders[pick(m, 7)]);
	for (unsigned i = pick(m, 3); i > 0; i--) {
		buffer_string(out, windows ? "\\" : "/");
		put_word(m, out);
	}
}

static void put_blank(struct maker *m, struct buffer *out, char kind)
{
	switch (kind) {
	case 'w':
		put_word(m, out);
		break;
	case 'n':
		buffer_printf(out, "%u", pick(m, 3) ? pick(m, 64) : pick(m, 60000));
		break;
	case 'h':
		put_hex(m, out, 16);
		break;
	case 'g':
		put_hex(m, out, 8), buffer_string(out, "-"), put_hex(m, out, 4), buffer_string(out, "-"), put_hex(m, out, 12);
		break;
	case 'p':
		put_folder(m, out, m->made.os);
		break;
	case 'i':
		buffer_printf(out, "10.%u.%u.%u", pick(m, 8), pick(m, 256), pick(m, 256));
		break;
	case 'd':
		put_word(m, out), buffer_string(out, ".example");
		break;
	case 'u':
		buffer_string(out, user_name(&m->made));
		break;
	default:
		buffer_char(out, kind);
	}
}

/* One of the program's command lines, its blanks filled. */
static void put_command(struct maker *m, const struct program *program, struct buffer *out)
{
	const char *at = program->arguments;
	unsigned forms = 1;
	for (const char *end = strchr(at, '\n'); end; end = strchr(end + 1, '\n'))
		forms++;
	for (unsigned form = pick(m, forms); form > 0; form--)
		at = strchr(at, '\n') + 1;
	buffer_clear(out);
	buffer_string(out, program->executable);
	buffer_string(out, *at && *at != '\n' ? " " : "");
	for (; *at && *at != '\n'; at++) {
		if (*at == '%' && at[1])
			put_blank(m, out, *++at);
		else
			buffer_char(out, *at);
	}
	for (size_t i = 0; m->longest && buffer_view(out).length < LONG_VALUE; i++)
		put_word(m, out), buffer_char(out, ' ');
}

static const struct program *pick_program(struct maker *m, const struct table *table)
{
	unsigned at = pick(m, table->weights);
	const struct program *program = table->programs;
	for (; at >= program->weight; program++)
		at -= program->weight;
	return program;
}

/* One of the parents that the program names; one that the table does not have stands for itself. */
static const struct program *pick_parent(struct maker *m, const struct table *table, const struct program *child)
{
	const char *at = child->parents;
	unsigned names = 1;
	for (const char *blank = strchr(at, ' '); blank; blank = strchr(blank + 1, ' '))
		names++;
	for (unsigned name = pick(m, names); name > 0; name--)
		at = strchr(at, ' ') + 1;
	size_t length = strcspn(at, " ");
	for (size_t i = 0; i < table->count; i++)
		if (strlen(table->programs[i].name) == length && memcmp(table->programs[i].name, at, length) == 0)
			return &table->programs[i];
	return table->programs;
}

static void next_process(struct maker *m)
{
	struct made *made = &m->made;
	struct buffer folder = {0};
	made->host = pick(m, HOSTS);
	made->os = made->host < LINUX_HOSTS ? OS_LINUX : made->host < LINUX_HOSTS + WINDOWS_HOSTS ? OS_WINDOWS
												  : OS_MACOS;
	made->user = pick(m, 4);
	made->pid = 400 + pick(m, 60000);
	made->parent_pid = 300 + pick(m, 30000);
	made->program = pick_program(m, &m->tables[made->os]);
	made->parent = pick_parent(m, &m->tables[made->os], made->program);
	put_command(m, made->program, &made->command);
	put_command(m, made->parent, &made->parent_command);
	put_folder(m, &folder, made->os);
	snprintf(made->folder, sizeof made->folder, "%.*s", TEXT_ARGS(buffer_view(&folder)));
	buffer_free(&folder);
}

/* Parts of JSON */

static void put_json(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			buffer_char(out, '\\');
		buffer_char(out, text.data[i]);
	}
	buffer_char(out, '"');
}

static void put_member(struct buffer *out, const char *name, struct text text)
{
	buffer_printf(out, ",\"%s\":", name);
	put_json(out, text);
}

static void put_time(struct maker *m, struct buffer *out)
{
	uint64_t second = m->made.number / 50;
	buffer_printf(out, "2026-11-%02uT%02u:%02u:%02u.%03uZ", 1 + (unsigned)(second / 86400 % 28), (unsigned)(second / 3600 % 24),
		(unsigned)(second / 60 % 60), (unsigned)(second % 60), 1 + (unsigned)(m->made.number % 50 * 19));
}

/* The next member of the event; its text without a comma. */
static struct buffer *member(struct maker *m)
{
	buffer_clear(&m->members[m->member_count]);
	return &m->members[m->member_count++];
}

static void put_args(struct buffer *out, struct text command)
{
	buffer_string(out, "\"args\":[");
	for (size_t from = 0, to; from <= command.length; from = to + 1) {
		for (to = from; to < command.length && command.data[to] != ' '; to++)
			continue;
		buffer_string(out, from ? "," : "");
		put_json(out, (struct text){command.data + from, to - from});
	}
	buffer_char(out, ']');
}

static void put_process(struct maker *m, struct buffer *out)
{
	const struct made *made = &m->made;
	buffer_string(out, "\"process\":{");
	put_args(out, m->longest ? TEXT("long") : buffer_view(&made->command));
	put_member(out, "command_line", buffer_view(&made->command));
	buffer_string(out, ",\"entity_id\":\"");
	put_hex(m, out, 32);
	buffer_char(out, '"');
	put_member(out, "executable", text_of(made->program->executable));
	buffer_string(out, ",\"hash\":{\"sha256\":\"");
	put_hex(m, out, 64);
	buffer_string(out, "\"}");
	put_member(out, "name", text_of(made->program->name));
	buffer_printf(out, ",\"parent\":{\"pid\":%u", made->parent_pid);
	put_member(out, "command_line", buffer_view(&made->parent_command));
	put_member(out, "executable", text_of(made->parent->executable));
	put_member(out, "name", text_of(made->parent->name));
	buffer_printf(out, "},\"pid\":%u", made->pid);
	put_member(out, "working_directory", text_of(made->folder));
	buffer_char(out, '}');
}

/* What Sysmon says of a Windows program's file, under the names that Sigma's rules use. */
static void put_windows(struct maker *m, struct buffer *out)
{
	const struct made *made = &m->made;
	buffer_string(out, "\"IntegrityLevel\":\"");
	buffer_string(out, made->user ? "Medium\"" : "System\"");
	put_member(out, "OriginalFileName", text_of(made->program->original));
	put_member(out, "Product", text_of(made->program->product));
	buffer_string(out, ",\"Hashes\":\"MD5=");
	put_hex(m, out, 32);
	buffer_string(out, ",IMPHASH=");
	put_hex(m, out, 32);
	buffer_char(out, '"');
}

/* Forms */

static void put_constants(struct maker *m)
{
	struct made *made = &m->made;
	buffer_printf(member(m), "\"agent\":{\"id\":\"5f0c0e7e-1d6a-4c55-9d4e-%012u\",\"type\":\"endpoint\",\"version\":\"8.15.%u\"}",
		made->host, made->host % 5);
	buffer_string(member(m), "\"ecs\":{\"version\":\"8.10.0\"}");
	buffer_printf(member(m), "\"host\":{\"architecture\":\"x86_64\",\"id\":\"%032x\",\"name\":\"host-%02u\","
				 "\"os\":{\"type\":\"%s\",\"version\":\"%u\"}}",
		made->host * 7919, made->host, os_names[made->os], 10 + made->host % 3);
}

static void join_members(struct maker *m, FILE *out)
{
	for (size_t i = m->member_count; m->shuffled && i > 1; i--) {
		size_t other = pick(m, (unsigned)i);
		struct buffer kept = m->members[other];
		m->members[other] = m->members[i - 1];
		m->members[i - 1] = kept;
	}
	for (size_t i = 0; i < m->member_count; i++) {
		struct text text = buffer_view(&m->members[i]);
		fputc(i ? ',' : '{', out);
		fwrite(text.data, 1, text.length, out);
	}
	fputs("}\n", out);
	m->member_count = 0;
}

static void write_ecs(struct maker *m, FILE *out)
{
	struct made *made = &m->made;
	struct buffer *at = member(m);
	buffer_string(at, "\"@timestamp\":\"");
	put_time(m, at);
	buffer_char(at, '"');
	put_constants(m);
	at = member(m);
	buffer_string(at, "\"event\":{\"action\":\"exec\",\"category\":[\"process\"]");
	buffer_printf(at, ",\"id\":\"NnF%08" PRIx64 "xKq\",\"kind\":\"event\",\"module\":\"endpoint\",\"outcome\":\"success\",\"sequence\":%" PRIu64 ",\"type\":[\"start\"]}", made->number, made->number);
	put_process(m, member(m));
	at = member(m);
	buffer_printf(at, "\"user\":{\"id\":\"%u\"", made->user * 1000);
	put_member(at, "name", text_of(users[made->os][made->user]));
	buffer_char(at, '}');
	if (made->os == OS_WINDOWS)
		put_windows(m, member(m));
	join_members(m, out);
}

/* With the log source in it, for engines that go by that. */
static void write_sigma(struct maker *m, FILE *out)
{
	const struct made *made = &m->made;
	struct buffer *at = member(m);
	buffer_printf(at, "\"category\":\"process_creation\",\"product\":\"%s\"", os_names[made->os]);
	put_constants(m);
	at = member(m);
	buffer_string(at, "\"UtcTime\":\"");
	put_time(m, at);
	buffer_char(at, '"');
	put_member(at, "Image", text_of(made->program->executable));
	put_member(at, "CommandLine", buffer_view(&made->command));
	put_member(at, "CurrentDirectory", text_of(made->folder));
	put_member(at, "User", text_of(users[made->os][made->user]));
	put_member(at, "ParentImage", text_of(made->parent->executable));
	put_member(at, "ParentCommandLine", buffer_view(&made->parent_command));
	buffer_printf(at, ",\"ProcessId\":%u,\"ParentProcessId\":%u,\"ProcessGuid\":\"", made->pid, made->parent_pid);
	put_hex(m, at, 32);
	buffer_string(at, "\",\"Sha256\":\"");
	put_hex(m, at, 64);
	buffer_char(at, '"');
	if (made->os == OS_WINDOWS)
		put_windows(m, member(m));
	join_members(m, out);
}

static void write_csv(struct maker *m, FILE *out)
{
	const struct made *made = &m->made;
	struct text command = buffer_view(&made->command);
	if (!made->number)
		fputs("@timestamp,host.name,host.os.type,user.id,user.name,event.category,event.action,process.pid,process.parent.pid,process.name,"
		      "process.executable,process.command_line,process.working_directory,process.parent.executable\n",
			out);
	buffer_clear(&m->line);
	put_time(m, &m->line);
	fprintf(out, "%.*s,host-%02u,%s,%u,%s,process,exec,%u,%u,%s,%s,\"", TEXT_ARGS(buffer_view(&m->line)), made->host, os_names[made->os],
		made->user * 1000, users[made->os][made->user], made->pid, made->parent_pid, made->program->name, made->program->executable);
	for (size_t i = 0; i < command.length; i++)
		fputs((char[]){command.data[i], command.data[i] == '"' ? '"' : '\0', '\0'}, out);
	fprintf(out, "\",%s,%s\n", made->folder, made->parent->executable);
}

static void write_falco(struct maker *m, FILE *out)
{
	const struct made *made = &m->made;
	struct buffer *at = member(m);
	buffer_printf(at, "\"hostname\":\"host-%02u\",\"output\":\"", made->host);
	put_time(m, at);
	buffer_printf(at, ": Notice A process was started (user=%s pid=%u)\",\"priority\":\"Notice\",\"rule\":\"Started Process\",\"source\":\"syscall\","
			  "\"tags\":[\"host\",\"process\"],\"time\":\"",
		user_name(made), made->pid);
	put_time(m, at);
	buffer_printf(at, "\",\"output_fields\":{\"evt.type\":\"execve\",\"evt.time\":%" PRIu64 ",\"proc.pid\":%u,\"proc.ppid\":%u",
		UINT64_C(1795000000000000000) + made->number * 20000000, made->pid, made->parent_pid);
	put_member(at, "proc.name", text_of(made->program->name));
	put_member(at, "proc.exepath", text_of(made->program->executable));
	put_member(at, "proc.cmdline", buffer_view(&made->command));
	put_member(at, "proc.cwd", text_of(made->folder));
	put_member(at, "proc.pname", text_of(made->parent->name));
	put_member(at, "user.name", text_of(users[made->os][made->user]));
	buffer_string(at, ",\"container.id\":\"host\"}");
	join_members(m, out);
}

static const struct form {
	const char *name;
	void (*write)(struct maker *, FILE *);
} forms[] = {{"ecs", write_ecs}, {"sigma", write_sigma}, {"csv", write_csv}, {"falco", write_falco}};

static void set_table(struct maker *m, enum os os, const struct program *programs, size_t count)
{
	m->tables[os] = (struct table){programs, count, 0};
	for (size_t i = 0; i < count; i++)
		m->tables[os].weights += programs[i].weight;
}

static void maker_free(struct maker *m)
{
	for (size_t i = 0; i < MEMBERS; i++)
		buffer_free(&m->members[i]);
	buffer_free(&m->line);
	buffer_free(&m->made.command);
	buffer_free(&m->made.parent_command);
}

int main(int count, char **arguments)
{
	struct maker m = {.state = 611};
	const struct form *form = NULL;
	for (size_t i = 0; count >= 4 && i < sizeof forms / sizeof *forms; i++)
		form = strcmp(arguments[1], forms[i].name) == 0 ? &forms[i] : form;
	FILE *out = form ? fopen(arguments[2], "wb") : NULL;
	if (!out) {
		fprintf(stderr, "usage: events ecs|sigma|csv|falco FILE MEGABYTES [shuffled|long]\n");
		return 2;
	}
	/* Written a page at a time a file lies in the page cache page by page, and reading it takes twice as long. */
	char *room = mem_alloc(PIECE);
	setvbuf(out, room, _IOFBF, PIECE);
	long size = strtol(arguments[3], NULL, 10) << 20;
	m.shuffled = count > 4 && strcmp(arguments[4], "shuffled") == 0;
	m.longest = count > 4 && strcmp(arguments[4], "long") == 0;
	set_table(&m, OS_LINUX, linux_programs, sizeof linux_programs / sizeof *linux_programs);
	set_table(&m, OS_WINDOWS, windows_programs, sizeof windows_programs / sizeof *windows_programs);
	set_table(&m, OS_MACOS, macos_programs, sizeof macos_programs / sizeof *macos_programs);
	for (; ftell(out) < size; m.made.number++) {
		next_process(&m);
		const uint64_t state = m.state;
		form->write(&m, out);
		m.state = state; /* whatever the form, the next process is the same */
	}
	maker_free(&m);
	int failed = fclose(out);
	free(room);
	return failed ? 2 : 0;
}
