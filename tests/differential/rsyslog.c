/*
 * rsyslog: what tests/differential/rsyslog.sh needs beside rsyslogd itself.
 *
 *   rsyslog view CATALOG          the events of all detections' tests as messages, a line each: PROGRAM: MESSAGE
 *   rsyslog send SOCKET LINES     sends such lines to a syslog socket (datagrams), in order
 *   rsyslog judge CONF LINES      runs the pack over them as our judge does: {"rule": …, "message": …} for each alert
 */
#include "catalog/catalog.h"
#include "generator/rsyslog/run.h"
#include "generator/rsyslog/view.h"
#include "replay/derive/derive.h"
#include "replay/measure/json_write.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_BYTES = 1 << 16 };

static struct text read_file(struct arena *arena, const char *path)
{
	struct buffer out = {0};
	char block[1 << 14];
	size_t got;
	FILE *in = fopen(path, "rb");

	while (in != NULL && (got = fread(block, 1, sizeof block, in)) > 0)
		buffer_add(&out, block, got);
	if (in != NULL)
		fclose(in);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* --- view --- */

static void print_event(const struct event *event, struct arena *arena)
{
	struct sights sights = {NULL, 0};

	rsyslog_view(event, arena, &sights);
	for (size_t i = 0; i < sights.count; i++) {
		const struct sight_value *program = sight_get(&sights.items[i], TEXT("programname"));
		const struct sight_value *message = sight_get(&sights.items[i], TEXT("msg"));

		printf("%.*s:%.*s\n", TEXT_ARGS(program->values[0]), TEXT_ARGS(message->values[0]));
	}
}

/* As if sudo had started it, so that its line is there too. */
static void by_sudo(struct event *event)
{
	unsigned parent = registry_field(event->registry, TEXT("process.parent.name"));

	for (size_t i = 0; parent != FIELD_NONE && i < event->facet_count; i++)
		if (facet_get(event->facets[i], parent) == NULL)
			facet_set_text(event, event->facets[i], parent, TEXT("sudo"));
}

static int view(const char *folder)
{
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct arena arena = {0};

	if (catalog_load(&catalog, folder, &d) != 0) {
		diagnostics_print(&d, stderr);
		return 2;
	}
	for (size_t i = 0; i < catalog.detection_count; i++)
		for (size_t k = 0; k < catalog.detections[i]->test_count; k++) {
			struct event event;
			struct deriver *deriver = deriver_new(&catalog);

			event_begin(&event, &arena, &catalog.registry);
			detection_test_event(&catalog.detections[i]->tests[k], &event);
			derive_event(deriver, &event);
			by_sudo(&event);
			print_event(&event, &arena);
			deriver_free(deriver);
			arena_reset(&arena);
		}
	arena_free(&arena);
	catalog_free(&catalog);
	diagnostics_free(&d);
	return 0;
}

/* --- send --- */

static int send_line(int fd, const char *line)
{
	struct buffer message = {0};

	buffer_printf(&message, "<134>Nov 25 10:00:00 %s", line);
	ssize_t sent = send(fd, message.data, message.length, 0);
	buffer_free(&message);
	return sent < 0 ? -1 : 0;
}

static int send_lines(const char *path, const char *lines)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), failed = 0;
	FILE *in = fopen(lines, "rb");
	char *line = mem_alloc(LINE_BYTES);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (in == NULL || fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 2;
	}
	while (failed == 0 && fgets(line, LINE_BYTES, in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		failed = send_line(fd, line);
	}
	if (failed != 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	fclose(in);
	close(fd);
	free(line);
	return failed != 0 ? 2 : 0;
}

/* --- judge --- */

/* As rsyslog takes a message in: control characters as #ooo. */
static struct text taken_in(struct arena *arena, struct text text)
{
	struct buffer out = {0};

	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < ' ' || byte == 127)
			buffer_printf(&out, "#%03o", byte);
		else
			buffer_char(&out, (char)byte);
	}
	struct text copy = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return copy;
}

static void judge_line(const struct script *script, struct arena *arena, struct text line)
{
	size_t colon = text_find(line, ':');
	struct text message = taken_in(arena, text_slice(line, colon + 1, line.length));
	struct script_property properties[] = {{"msg", message}, {"programname", text_slice(line, 0, colon)}, {"hostname", TEXT("h")}};
	struct script_run run;

	script_message(script, properties, 3, arena, &run);
	for (size_t i = 0; i < run.count; i++) {
		struct buffer out = {0};
		struct json_write json;

		jsonw_begin(&json, &out);
		jsonw_open_flat(&json, '{');
		jsonw_key(&json, "rule");
		jsonw_text(&json, run.alerts[i].rule);
		jsonw_key(&json, "message");
		jsonw_text(&json, message);
		jsonw_close(&json, '}');
		printf("%.*s\n", TEXT_ARGS(buffer_view(&out)));
		buffer_free(&out);
	}
}

static int judge(const char *conf, const char *lines)
{
	struct arena arena = {0}, each = {0};
	struct diagnostics d = {0};
	const struct script *script = script_parse(&arena, conf, read_file(&arena, conf), &d);
	struct text rest = read_file(&arena, lines);

	diagnostics_print(&d, stderr);
	while (script != NULL && rest.length > 0) {
		struct text line = text_slice(rest, 0, text_find(rest, '\n'));

		judge_line(script, &each, line);
		arena_reset(&each);
		rest = text_slice(rest, line.length + 1, rest.length);
	}
	arena_free(&each);
	arena_free(&arena);
	diagnostics_free(&d);
	return script == NULL ? 2 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "view") == 0)
		return view(argv[2]);
	if (argc == 4 && strcmp(argv[1], "send") == 0)
		return send_lines(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "judge") == 0)
		return judge(argv[2], argv[3]);
	fprintf(stderr, "usage: rsyslog view CATALOG | send SOCKET LINES | judge CONF LINES\n");
	return 2;
}
