/*
 * reading: how fast recorded bytes become lines, records and events; in processor time of this thread.
 *
 *   reading make ecs|csv FILE MEGABYTES     process events: as ECS JSON of 1.1 KB a line, or as rows of CSV
 *   reading make syslog FILE MEGABYTES      a host's messages: daemons, logins, sudo, cron, logfmt
 *   reading lines FILE                      the lines alone (input.h)
 *   reading records DIALECT FILE [FIELD…]   JSON lines → records (json_record.h), with the names of the wanted fields
 *   reading events FORMAT DIALECT FILE [FIELD…]   → events; no field: all are wanted. DIALECT -: the format's own
 *   reading rows DIALECT FILE [FIELD…]      CSV → records with the columns of the wanted fields
 *   reading csv FILE                        libcsv with empty callbacks
 *   reading jansson FILE                    jansson, a line after the other
 *
 * Each prints `BYTES LINES EVENTS SECONDS LEVEL`, the best of three passes. Makes of one run are equal from machine to
 * machine: the numbers in them come from one linear generator.
 */
#include "replay/readers/csv_row.h"
#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"

#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PASSES = 3 };

struct figures {
	uint64_t bytes, lines, events;
};

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Made files */

struct made {
	uint64_t state;
};

static unsigned pick(struct made *m, unsigned count)
{
	m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(m->state >> 33) % count;
}

static const char *const programs[][3] = {
	{"bash", "/usr/bin/bash", "-c|make -j4 all"},
	{"git", "/usr/bin/git", "fetch|--no-tags|origin"},
	{"python3", "/usr/bin/python3", "-m|http.server|--directory|/srv/www"},
	{"ls", "/usr/bin/ls", "-la|/var/lib/apt/lists"},
	{"docker", "/usr/bin/docker", "run|--rm|-v|/srv/data:/data:ro|alpine:3.20|sh"},
	{"curl", "/usr/bin/curl", "-fsSL|https://packages.example/keys/archive.asc"},
	{"sed", "/usr/bin/sed", "-e|s/a\\\\b/c/g|/etc/hosts"},
	{"cc1", "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", "-quiet|-imultiarch|x86_64-linux-gnu|main.c|-o|/tmp/ccAAAA.s"},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };
static const char *const users[] = {"root", "build", "www-data", "postgres"};
static const char *const folders[] = {"/root", "/home/build/src/project", "/srv/www", "/var/lib/postgresql"};

static void write_args(FILE *out, const char *executable, const char *args, const char *begin, const char *between)
{
	fprintf(out, "%s%s", begin, executable);
	for (const char *at = args; *at;) {
		size_t length = strcspn(at, "|");
		fprintf(out, "%s%.*s", between, (int)length, at);
		at += length + (at[length] == '|');
	}
}

static void make_ecs(FILE *out, struct made *m, uint64_t number)
{
	unsigned user = pick(m, 4), parent = pick(m, PROGRAMS);
	const char *const *program = programs[pick(m, PROGRAMS)];
	uint64_t second = number / 50;
	fprintf(out, "{\"@timestamp\":\"2026-11-%02u" "T%02u:%02u:%02u.%03uZ\",", 1 + (unsigned)(second / 86400 % 28),
		(unsigned)(second / 3600 % 24), (unsigned)(second / 60 % 60), (unsigned)(second % 60), 1 + pick(m, 998));
	fprintf(out, "\"agent\":{\"id\":\"5f0c0e7e-1d6a-4c55-9d4e-%012" PRIx64 "\",\"type\":\"endpoint\",\"version\":\"8.15.%u\"},",
		number % 7, pick(m, 5));
	fprintf(out, "\"data_stream\":{\"dataset\":\"endpoint.events.process\",\"namespace\":\"default\",\"type\":\"logs\"},\"ecs\":{\"version\":\"8.10.0\"},");
	fprintf(out, "\"event\":{\"action\":\"exec\",\"category\":[\"process\"],\"created\":\"2026-11-23T10:00:00.000Z\",\"id\":\"NnF%08" PRIx64
		"xKq\",\"kind\":\"event\",\"module\":\"endpoint\",\"outcome\":\"success\",\"sequence\":%" PRIu64 ",\"type\":[\"start\"]},", number, number);
	fprintf(out, "\"group\":{\"id\":%u,\"name\":\"%s\"},\"host\":{\"architecture\":\"x86_64\",\"hostname\":\"web-%02u\",\"id\":\"%032x\",\"name\":\"web-%02u\","
		"\"os\":{\"family\":\"debian\",\"kernel\":\"6.1.0-18-amd64\",\"name\":\"Linux\",\"version\":\"12\"}},", user * 1000, users[user],
		user, user + 77, user);
	write_args(out, program[1], program[2], "\"process\":{\"args\":[\"", "\",\"");
	write_args(out, program[1], program[2], "\"],\"command_line\":\"", " ");
	fprintf(out, "\",\"entity_id\":\"%016" PRIx64 "\",\"executable\":\"%s\",\"hash\":{\"sha256\":\"%064" PRIx64 "\"},\"name\":\"%s\",", number * 977,
		program[1], number * 31, program[0]);
	fprintf(out, "\"parent\":{\"args_count\":%u,\"executable\":\"%s\",\"name\":\"%s\",\"pid\":%u},\"pid\":%u,\"working_directory\":\"%s\"},", 1 + pick(m, 6),
		programs[parent][1], programs[parent][0], 300 + pick(m, 30000), 400 + pick(m, 30000), folders[user]);
	fprintf(out, "\"user\":{\"id\":\"%u\",\"name\":\"%s\"}}\n", user * 1000, users[user]);
}

static void make_csv(FILE *out, struct made *m, uint64_t number)
{
	const char *const *program = programs[pick(m, PROGRAMS)];
	unsigned user = pick(m, 4);
	if (!number)
		fputs("@timestamp,host.name,user.id,user.name,event.category,event.action,process.pid,process.parent.pid,process.name,"
			"process.executable,process.command_line,process.working_directory,agent.version,event.kind\n", out);
	fprintf(out, "2026-11-23T10:%02u:%02u.%03uZ,web-%02u,%u,%s,process,exec,%u,%u,%s,%s,\"", pick(m, 60), pick(m, 60), pick(m, 1000),
		user, user * 1000, users[user], 400 + pick(m, 30000), 300 + pick(m, 30000), program[0], program[1]);
	write_args(out, program[1], program[2], "", " ");
	fprintf(out, "\",%s,8.15.0,event\n", folders[user]);
}

static const char *const messages[] = {
	"sshd[%u]: Accepted publickey for root from 10.0.0.%u port 50122 ssh2: RSA SHA256:0123456789abcdefghijklmnopqrstuv",
	"sshd[%u]: Failed password for invalid user admin%u from 10.0.0.8 port 50123 ssh2",
	"sshd[%u]: pam_unix(sshd:session): session opened for user root(uid=%u) by (uid=0)",
	"systemd[%u]: Started session-%u.scope - Session of User root.",
	"systemd[%u]: fwupd-refresh.service: Deactivated successfully after %u ms.",
	"kernel: [ 123.%u] usb 1-1: new high-speed USB device number %u using xhci_hcd",
	"NetworkManager[%u]: <info>  [1604994498.1234] dhcp4 (eth0): state changed new lease, address=10.0.0.%u",
	"postfix/smtpd[%u]: connect from unknown[10.0.0.%u]",
	"CRON[%u]: (root) CMD (cd / && run-parts --report /etc/cron.hourly%u)",
	"sudo:     ci : TTY=pts/%u ; PWD=/home/ci ; USER=root ; COMMAND=/usr/bin/docker run --rm -v /srv/data:/data:ro alpine:3.%u sh",
	"dockerd[%u]: time=\"2024-01-02T03:04:05.678901234Z\" level=info msg=\"ignoring event\" container=4f3c%u topic=/tasks/delete",
};

static void make_syslog(FILE *out, struct made *m, uint64_t number)
{
	unsigned second = (unsigned)(number / 8);
	fprintf(out, "Nov %2u %02u:%02u:%02u web-%02u ", second / 86400 % 28 + 1, second / 3600 % 24, second / 60 % 60, second % 60,
		pick(m, 4));
	const char *message = messages[pick(m, sizeof messages / sizeof *messages)];
	fprintf(out, message, 400 + pick(m, 30000), pick(m, 250));
	fputc('\n', out);
}

static int make(const char *what, const char *path, const char *megabytes)
{
	struct made made = {42};
	long size = strtol(megabytes, NULL, 10) << 20;
	FILE *out = fopen(path, "wb");
	if (!out)
		return 2;
	for (uint64_t number = 0; ftell(out) < size; number++) {
		if (strcmp(what, "csv") == 0)
			make_csv(out, &made, number);
		else if (strcmp(what, "syslog") == 0)
			make_syslog(out, &made, number);
		else
			make_ecs(out, &made, number);
	}
	return fclose(out) ? 2 : 0;
}

/* Passes */

struct job {
	struct catalog catalog;
	struct reader_options options;
	struct diagnostics d;
	const char *format, *path;
	uint8_t *wanted;
};

static void load(struct job *job, const char *dialect)
{
	struct yaml *documents;
	size_t count;
	char *path = arena_printf(&job->catalog.arena, "rulesets/dialects/%s.yaml", dialect);
	if (yaml_parse_file(&job->catalog.arena, "rulesets/fields.yaml", NULL, &job->d, &documents, &count) ||
		registry_load(&job->catalog.registry, &job->catalog.arena, documents, &job->d))
		return;
	job->options.catalog = &job->catalog;
	job->options.csv_header = true;
	if (!yaml_parse_file(&job->catalog.arena, path, NULL, &job->d, &documents, &count))
		job->options.dialect = dialect_load(&job->catalog.arena, &job->catalog.registry, documents, &job->d);
}

static void want(struct job *job, char **fields, int count)
{
	if (!count)
		return;
	job->wanted = arena_array(&job->catalog.arena, job->catalog.registry.field_count, 1);
	for (int i = 0; i < count; i++) {
		unsigned field = registry_field(&job->catalog.registry, text_of(fields[i]));
		if (field == FIELD_NONE)
			fprintf(stderr, "%s is no registered field\n", fields[i]);
		job->wanted[field] = 1;
	}
	job->options.wanted = job->wanted;
}

static bool pass_lines(struct job *job, struct figures *figures)
{
	struct input *input = input_open(job->path, &job->d);
	struct input_line line;
	while (input && input_next(input, &line, &job->d) > 0)
		figures->lines++;
	figures->bytes = input ? input_bytes(input) : 0;
	input_close(input);
	return input != NULL;
}

static bool pass_records(struct job *job, struct figures *figures)
{
	struct input *input = input_open(job->path, &job->d);
	struct json_names *names = json_names_new(&job->options);
	struct arena arena = {0};
	struct input_line line;
	while (input && input_next(input, &line, &job->d) > 0) {
		struct record record;
		arena_reset(&arena);
		record_begin(&record, &arena, job->path, line.number);
		figures->lines++;
		figures->events += json_record(names, line.text, &record) == NULL && record.count > 0;
	}
	figures->bytes = input ? input_bytes(input) : 0;
	input_close(input);
	json_names_free(names);
	arena_free(&arena);
	return input != NULL;
}

static size_t take_columns(const struct csv_row *row, const struct record_plan *plan, uint16_t *numbers)
{
	for (size_t i = 0; i < row->count && i < CSV_FIELDS_MAX; i++)
		numbers[i] = (uint16_t)record_plan_name(plan, csv_row_field(row, i));
	return row->count;
}

static bool pass_rows(struct job *job, struct figures *figures)
{
	struct input *input = input_open(job->path, &job->d);
	struct csv_row row = {.separator = ',', .bits.level = simd_level_best()};
	struct arena arena = {0}, plans = {0};
	const struct record_plan *plan = record_plan_make(&plans, job->options.dialect, &job->catalog.registry, job->options.wanted, TEXT(""));
	uint16_t *numbers = arena_array(&plans, CSV_FIELDS_MAX, sizeof *numbers);
	struct input_line line;
	size_t columns = 0;
	csv_row_begin(&row);
	while (input && input_next(input, &line, &job->d) > 0) {
		struct record record;
		figures->lines++;
		if (csv_row_add(&row, line.text) == CSV_ROW_OPEN)
			continue;
		arena_reset(&arena);
		record_begin(&record, &arena, job->path, line.number);
		record_use(&record, plan);
		for (size_t i = 0; i < columns && i < row.count; i++)
			if (numbers[i] && row.fields[i].from < row.fields[i].to)
				record_add_number(&record, NULL, numbers[i], csv_row_field(&row, i));
		columns = columns ? columns : take_columns(&row, plan, numbers);
		figures->events += record.count > 0;
		csv_row_begin(&row);
	}
	figures->bytes = input ? input_bytes(input) : 0;
	input_close(input);
	csv_row_free(&row);
	arena_free(&arena);
	arena_free(&plans);
	return input != NULL;
}

static int count_event(void *context, struct event *event)
{
	struct figures *figures = context;
	figures->events += event->facet_count > 0;
	return 0;
}

static bool pass_events(struct job *job, struct figures *figures)
{
	struct ledger ledger = {0};
	struct input *input = input_open(job->path, &job->d);
	if (!input)
		return false;
	int status = reader_read(reader_find(text_of(job->format)), input, &job->options, (struct event_sink){count_event, figures},
		&ledger, &job->d);
	figures->lines = ledger.lines;
	figures->bytes = input_bytes(input);
	input_close(input);
	ledger_free(&ledger);
	return status == 0;
}

static bool pass_jansson(struct job *job, struct figures *figures)
{
	struct input *input = input_open(job->path, &job->d);
	struct input_line line;
	while (input && input_next(input, &line, &job->d) > 0) {
		json_t *value = json_loadb(line.text.data, line.text.length, 0, NULL);
		figures->lines++;
		figures->events += value != NULL;
		json_decref(value);
	}
	figures->bytes = input ? input_bytes(input) : 0;
	input_close(input);
	return input != NULL;
}

static void no_field(void *data, size_t length, void *context)
{
	(void)data, (void)length, (void)context;
}

static void count_row(int byte, void *context)
{
	struct figures *figures = context;
	(void)byte;
	figures->events++;
}

static bool pass_libcsv(struct job *job, struct figures *figures)
{
	static char block[256 << 10];
	struct csv_parser parser;
	FILE *file = fopen(job->path, "rb");
	size_t got;
	if (!file || csv_init(&parser, CSV_STRICT))
		return false;
	while ((got = fread(block, 1, sizeof block, file)) > 0) {
		figures->bytes += got;
		csv_parse(&parser, block, got, no_field, count_row, figures);
	}
	csv_fini(&parser, no_field, count_row, figures);
	csv_free(&parser);
	figures->lines = figures->events;
	return fclose(file) == 0;
}

static int run(struct job *job, bool (*pass)(struct job *, struct figures *))
{
	struct figures figures = {0};
	double best = 0;
	for (int i = 0; i < PASSES; i++) {
		double before = seconds_now();
		memset(&figures, 0, sizeof figures);
		if (!pass(job, &figures)) {
			diagnostics_print(&job->d, stderr);
			return 2;
		}
		double took = seconds_now() - before;
		best = i && best < took ? best : took;
	}
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %.6f %s\n", figures.bytes, figures.lines, figures.events, best,
		simd_level_name(simd_level_best()));
	return 0;
}

int main(int count, char **arguments)
{
	struct job job = {.format = "json"};
	const char *verb = count > 1 ? arguments[1] : "";
	if (strcmp(verb, "make") == 0 && count == 5)
		return make(arguments[2], arguments[3], arguments[4]);
	job.path = count > 2 ? arguments[2] : "";
	if (strcmp(verb, "lines") == 0 && count == 3)
		return run(&job, pass_lines);
	if (strcmp(verb, "csv") == 0 && count == 3)
		return run(&job, pass_libcsv);
	if (strcmp(verb, "jansson") == 0 && count == 3)
		return run(&job, pass_jansson);
	bool events = strcmp(verb, "events") == 0 && count > 4;
	if (!events && !((strcmp(verb, "records") == 0 || strcmp(verb, "rows") == 0) && count > 3)) {
		fprintf(stderr, "usage: reading make|lines|records|events|csv|jansson …\n");
		return 2;
	}
	int skip = events ? 5 : 4;
	load(&job, strcmp(arguments[skip - 2], "-") == 0 ? "auditd" : arguments[skip - 2]);
	job.path = arguments[skip - 1];
	job.format = events ? arguments[2] : "json";
	want(&job, arguments + skip, count - skip);
	int status = run(&job, events ? pass_events : strcmp(verb, "rows") == 0 ? pass_rows : pass_records);
	arena_free(&job.catalog.arena);
	diagnostics_free(&job.d);
	return status;
}
