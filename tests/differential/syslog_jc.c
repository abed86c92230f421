/*
 * Lines of syslog and CEF as we read them, beside what jc (a converter of command output to JSON) expects of them:
 *
 *   syslog_jc FOLDER
 *
 * FOLDER/syslog-3164.out is read line by line and compared with FOLDER/syslog-3164.json, value by value; so are
 * syslog-5424 and cef. Where the two differ for a reason, the table below names line, key and reason; a row that is not
 * needed is a failure, too.
 */
#include "replay/readers/messages/kinds.h"
#include "replay/readers/syslog_parse.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct difference {
	const char *file;
	size_t line;
	const char *key, *why;
} differences[] = {
	{"cef", 1, "EventID", "a quoted msg: quotes mean nothing in CEF, so the first word in it is its value, and no key"},
	{"cef", 1, "msg", "the same: jc has no msg then"},
	{"cef", 2, "EventID", "as in line 1"},
	{"cef", 2, "msg", "as in line 1"},
	{"cef", 4, "N_TrendMicroDsFileMD5", "a key holds no slash: it belongs to the value of TrendMicroDsMalwareTargetType"},
	{"cef", 4, "TrendMicroDsMalwareTargetType", "the same: jc has no such key then"},
};
enum { DIFFERENCES = sizeof differences / sizeof *differences };

struct comparing {
	const char *file;
	size_t line;
	size_t values, failed;
	bool used[DIFFERENCES];
};

static bool is_known(struct comparing *c, const char *key)
{
	for (size_t i = 0; i < DIFFERENCES; i++)
		if (strcmp(differences[i].file, c->file) == 0 && differences[i].line == c->line && strcmp(differences[i].key, key) == 0) {
			c->used[i] = true;
			return true;
		}
	return false;
}

static void compare(struct comparing *c, const char *key, struct text ours, const char *theirs)
{
	c->values++;
	if (text_is(ours, theirs ? theirs : "") || is_known(c, key))
		return;
	c->failed++;
	printf("%s:%zu: %s: ours is \"%.*s\", jc's is \"%s\"\n", c->file, c->line, key, TEXT_ARGS(ours), theirs ? theirs : "");
}

/* A value of jc's as text: null is none, numbers are in decimal. */
static const char *text_of_json(const json_t *value, char *number, size_t size)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		snprintf(number, size, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		snprintf(number, size, "%.15g", json_real_value(value));
	else
		return NULL;
	return number;
}

static const char *get(const json_t *object, const char *key, char *number, size_t size)
{
	return text_of_json(json_object_get(object, key), number, size);
}

static void compare_priority(struct comparing *c, const struct envelope *e, const json_t *expected)
{
	char ours[16] = "", theirs[32];
	if (e->priority >= 0)
		snprintf(ours, sizeof ours, "%d", e->priority);
	compare(c, "priority", text_of(ours), get(expected, "priority", theirs, sizeof theirs));
}

/* jc ends the tag at the first byte that is no letter or digit, and the content begins there, with the pid. */
static void compare_3164(struct comparing *c, const char *line, const struct envelope *e, const json_t *expected)
{
	char number[32];
	struct buffer ours = {0}, theirs = {0};
	const char *tag = get(expected, "tag", number, sizeof number), *content = get(expected, "content", number, sizeof number);
	compare_priority(c, e, expected);
	compare(c, "hostname", e->host, get(expected, "hostname", number, sizeof number));
	/* The date as it stands in the line: what we made of it is compared with libc in the unit tests. */
	const char *date = get(expected, "date", number, sizeof number);
	compare(c, "date", TEXT("there"), date && strstr(line, date) && e->time != INT64_MIN ? "there" : "missing");
	if (e->program.length) {
		buffer_text(&ours, e->program);
		if (e->pid.length)
			buffer_printf(&ours, "[%.*s]", TEXT_ARGS(e->pid));
		buffer_string(&ours, ": ");
	}
	buffer_text(&ours, e->message);
	if (tag)
		buffer_printf(&theirs, "%s%s", tag, content && (*content == '[' || *content == '(') ? "" : ": ");
	buffer_string(&theirs, content ? content : "");
	compare(c, "tag and content", text_trim(buffer_view(&ours)), theirs.data);
	buffer_free(&ours);
	buffer_free(&theirs);
}

static void compare_structured(struct comparing *c, const struct envelope *e, const json_t *elements)
{
	struct arena arena = {0};
	struct record record;
	size_t index, parameters = 0;
	json_t *element, *value;
	const char *name;
	record_begin(&record, &arena, "", 1);
	envelope_record(&(struct envelope){.priority = -1, .structured = e->structured}, &record);
	json_array_foreach(elements, index, element) {
		json_object_foreach(json_object_get(element, "parameters"), name, value) {
			const char *id = json_string_value(json_object_get(element, "identity"));
			char *raw = arena_printf(&arena, "syslog.sd.%s.%s", id ? id : "", name);
			const struct raw_value *ours = record_get(&record, NULL, text_of(raw));
			compare(c, raw, ours ? ours->first : TEXT(""), json_string_value(value));
			parameters++;
		}
	}
	if (parameters != record.count) {
		c->failed++;
		printf("%s:%zu: %zu parameters, jc has %zu\n", c->file, c->line, record.count, parameters);
	}
	arena_free(&arena);
}

static void compare_5424(struct comparing *c, const char *line, const struct envelope *e, const json_t *expected)
{
	char number[32], ours[32] = "", theirs[32] = "";
	int64_t time;
	const char *stamp = get(expected, "timestamp", number, sizeof number);
	(void)line;
	compare_priority(c, e, expected);
	if (e->time != INT64_MIN)
		date_format(e->time, ours);
	if (stamp && date_parse(text_of(stamp), &time))
		date_format(time, theirs);
	compare(c, "timestamp", text_of(ours), theirs);
	compare(c, "hostname", e->host, get(expected, "hostname", number, sizeof number));
	compare(c, "appname", e->program, get(expected, "appname", number, sizeof number));
	compare(c, "proc_id", e->pid, get(expected, "proc_id", number, sizeof number));
	compare(c, "msg_id", e->msgid, get(expected, "msg_id", number, sizeof number));
	compare(c, "message", text_trim(e->message), get(expected, "message", number, sizeof number));
	compare_structured(c, e, json_object_get(expected, "structured_data"));
}

/* jc writes `_` for what is no letter or digit in a key. */
static struct text find_key(const struct record *record, const char *key)
{
	for (size_t i = 0; i < record->count; i++) {
		struct text name = text_slice(record->values[i].name, 4, record->values[i].name.length);
		bool same = name.length == strlen(key);
		for (size_t k = 0; same && k < name.length; k++)
			same = name.data[k] == key[k] || (key[k] == '_' && !isalnum((unsigned char)name.data[k]));
		if (same)
			return record->values[i].values[record->values[i].count - 1];
	}
	return TEXT("");
}

static bool ends_with(const char *key, const char *end)
{
	return text_ends(text_of(key), text_of(end), false);
}

/* What jc adds of its own: severities as words and numbers, times as numbers. */
static bool is_added(const char *key)
{
	return strcmp(key, "agentSeverityString") == 0 || strcmp(key, "agentSeverityNum") == 0 ||
		strcmp(key, "deviceEventClassIdNum") == 0 || ends_with(key, "_epoch") || ends_with(key, "_epoch_utc");
}

/* jc drops cs1 and cs1Label where it has written the value under the label. */
static bool is_dropped(const struct record *record, struct text name)
{
	char label[256];
	snprintf(label, sizeof label, "%.*sLabel", TEXT_ARGS(name));
	return text_ends(name, TEXT("Label"), false) || record_get(record, NULL, text_of(label));
}

/* Every key of ours is one of jc's. */
static void compare_keys(struct comparing *c, const struct record *record, const json_t *expected)
{
	for (size_t i = 0; i < record->count; i++) {
		char key[256];
		struct text name = record->values[i].name;
		int length = snprintf(key, sizeof key, "%.*s", (int)name.length - 4, name.data + 4);
		for (int k = 0; k < length; k++)
			key[k] = isalnum((unsigned char)key[k]) ? key[k] : '_';
		if (!is_dropped(record, name))
			compare(c, key, TEXT("there"), json_object_get(expected, strcmp(key, "version") == 0 ? "CEFVersion" : key) ? "there" : "");
	}
}

static void compare_cef(struct comparing *c, const char *line, const struct envelope *e, const json_t *expected)
{
	struct arena arena = {0};
	struct record record;
	json_t *value;
	const char *key;
	char number[32];
	record_begin(&record, &arena, "", 1);
	struct message message = {.envelope = e, .record = &record};
	(void)line;
	if (!message_cef.fits(e) || !message_cef.take(&message)) {
		compare(c, "line", TEXT("no CEF"), "CEF");
		arena_free(&arena);
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)expected, key, value) {
		if (is_added(key))
			continue;
		const char *name = strcmp(key, "CEFVersion") == 0 ? "version" : key;
		const char *theirs = text_of_json(value, number, sizeof number);
		compare(c, key, find_key(&record, name), theirs);
	}
	compare_keys(c, &record, expected);
	arena_free(&arena);
}

static void compare_line(struct comparing *c, const char *line, const json_t *expected)
{
	struct syslog_clock clock = {.newest = INT64_C(1709251200000000000)};
	struct envelope e;
	bool cef = strcmp(c->file, "cef") == 0;
	const char *why = syslog_parse(&clock, text_of(line), &e);
	bool readable = !why || (cef && message_cef.fits(&e));
	if (json_object_get(expected, "unparsable")) {
		compare(c, "line", readable ? TEXT("readable") : TEXT("unparsable"), "unparsable");
		return;
	}
	if (!readable)
		compare(c, "line", text_of(why), "readable");
	else if (cef)
		compare_cef(c, line, &e, expected);
	else if (strcmp(c->file, "syslog-3164") == 0)
		compare_3164(c, line, &e, expected);
	else
		compare_5424(c, line, &e, expected);
}

static int compare_file(struct comparing *c, const char *folder)
{
	struct arena arena = {0};
	char *line = NULL;
	size_t capacity = 0, index = 0;
	FILE *file = fopen(arena_printf(&arena, "%s/%s.out", folder, c->file), "r");
	json_t *expected = json_load_file(arena_printf(&arena, "%s/%s.json", folder, c->file), 0, NULL);
	if (!file || !expected) {
		printf("cannot read %s/%s\n", folder, c->file);
		return 1;
	}
	for (c->line = 1; getline(&line, &capacity, file) >= 0; c->line++) {
		line[strcspn(line, "\n")] = '\0';
		if (line[strspn(line, " ")])
			compare_line(c, line, json_array_get(expected, index++));
	}
	if (index != json_array_size(expected)) {
		c->failed++;
		printf("%s: %zu lines, jc has %zu\n", c->file, index, json_array_size(expected));
	}
	free(line);
	fclose(file);
	json_decref(expected);
	arena_free(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const files[] = {"syslog-3164", "syslog-5424", "cef"};
	struct comparing c = {0};
	size_t passed = 0, failed = 0;
	if (argc != 2)
		return 2;
	for (size_t i = 0; i < 3; i++) {
		size_t before = c.failed, values = c.values;
		c.file = files[i];
		if (compare_file(&c, argv[1]))
			return 1;
		printf("%s: %zu values compared, %zu differ\n", c.file, c.values - values, c.failed - before);
		passed += c.failed == before;
		failed += c.failed != before;
	}
	for (size_t i = 0; i < DIFFERENCES; i++) {
		if (!c.used[i])
			printf("%s:%zu: %s is the same now: take the row out\n", differences[i].file, differences[i].line, differences[i].key);
		failed += !c.used[i];
	}
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed > 0;
}
