/*
 * falco: Falco's alerts as text (json_output: false).
 *
 *   12:34:56.789012345: Warning Sensitive file opened for reading | file=/etc/shadow evt_type=openat user=root process=cat …
 *   2024-01-02T03:04:05.678901234+0000: Notice A shell was spawned … (user=root command=sh -c id terminal=34816 …)
 *
 * Raw names are those of an alert as JSON: priority, output, time, and Falco's own name of each field whose key is one
 * (`command` is proc.cmdline); other keys are falco.KEY. The name of the rule does not stand in such an alert. Values
 * are not quoted: a value ends where the next key begins, a command line where the next key begins that rules of Falco
 * print and that was not there yet. Read by the dialect falco where the type of the event is told.
 */
#include "replay/readers/message_pattern.h"
#include "replay/readers/messages/kinds.h"
#include "replay/readers/syslog_time.h"

#include <string.h>

static const char priorities[] = "Emergency Alert Critical Error Warning Notice Informational Info Debug";

/* Keys that rules of Falco print, and the fields behind them. */
static const struct key {
	const char *key, *field;
	bool open; /* holds blanks and equals signs of its own */
} keys[] = {
	{"evt_type", "evt.type", false}, {"user", "user.name", false}, {"user_uid", "user.uid", false},
	{"user_loginuid", "user.loginuid", false}, {"user_loginname", "user.loginname", false}, {"loginuid", "user.loginuid", false},
	{"group_gid", "group.gid", false}, {"process", "proc.name", false}, {"program", "proc.name", false},
	{"proc_name", "proc.name", false}, {"proc_exepath", "proc.exepath", false}, {"exepath", "proc.exepath", false},
	{"parent", "proc.pname", false}, {"proc_pname", "proc.pname", false}, {"proc_pexepath", "proc.pexepath", false},
	{"parent_exepath", "proc.pexepath", false}, {"command", "proc.cmdline", true}, {"cmdline", "proc.cmdline", true},
	{"proc_cmdline", "proc.cmdline", true}, {"pcmdline", "proc.pcmdline", true}, {"proc_pcmdline", "proc.pcmdline", true},
	{"gcmdline", "proc.acmdline[2]", true}, {"terminal", "proc.tty", false}, {"tty", "proc.tty", false},
	{"proc_tty", "proc.tty", false}, {"pid", "proc.pid", false}, {"proc_pid", "proc.pid", false}, {"ppid", "proc.ppid", false},
	{"cwd", "proc.cwd", false}, {"proc_cwd", "proc.cwd", false}, {"gparent", "proc.aname[2]", false},
	{"ggparent", "proc.aname[3]", false}, {"gggparent", "proc.aname[4]", false}, {"exe_flags", "evt.arg.flags", false},
	{"file", "fd.name", false}, {"fd_name", "fd.name", false}, {"connection", "fd.name", false}, {"fd_type", "fd.type", false},
	{"fd_proto", "fd.l4proto", false}, {"lport", "fd.lport", false}, {"rport", "fd.rport", false}, {"server_ip", "fd.sip", false},
	{"server_port", "fd.sport", false}, {"evt_res", "evt.res", false}, {"res", "evt.res", false},
	{"newpath", "evt.arg.newpath", false}, {"oldpath", "evt.arg.oldpath", false}, {"linkpath", "evt.arg.linkpath", false},
	{"target", "evt.arg.target", false}, {"mode", "evt.arg.mode", false}, {"filename", "evt.arg.filename", false},
	{"cap_permitted", "thread.cap_permitted", true}, {"cap_effective", "thread.cap_effective", true},
	{"container_id", "container.id", false}, {"container", "container.id", false}, {"container_name", "container.name", false},
	{"container_image", "container.image.repository", false}, {"container_image_repository", "container.image.repository", false},
	{"container_image_tag", "container.image.tag", false}, {"image", "container.image", false},
	{"mounts", "container.mounts", true}, {"k8s_ns", "k8s.ns.name", false}, {"k8s_ns_name", "k8s.ns.name", false},
	{"k8s.ns", "k8s.ns.name", false}, {"k8s_pod", "k8s.pod.name", false}, {"k8s_pod_name", "k8s.pod.name", false},
	{"k8s.pod", "k8s.pod.name", false},
};
enum { KEYS = sizeof keys / sizeof *keys };

static const struct key *key_find(struct text text)
{
	for (size_t i = 0; i < KEYS; i++)
		if (text_is(text, keys[i].key))
			return &keys[i];
	return NULL;
}

/* The time before `: ` at the beginning; *rest is what follows. false: none stands there. */
static bool take_time(struct text message, struct text *time, struct text *rest)
{
	size_t end = 0;
	if (message.length < 12 || message.data[0] < '0' || message.data[0] > '2')
		return false;
	while (end + 1 < message.length && end < 40 && (message.data[end] != ':' || message.data[end + 1] != ' '))
		end++;
	if (end < 8 || end + 1 >= message.length || end == 40)
		return false;
	*time = text_slice(message, 0, end);
	*rest = text_slice(message, end + 2, message.length);
	return true;
}

static bool begins_with_priority(struct text text)
{
	return pattern_program(priorities, text_slice(text, 0, text_find(text, ' ')));
}

static bool fits(const struct envelope *envelope)
{
	struct text time, rest = envelope->message;
	if (!take_time(envelope->message, &time, &rest) && !text_is(envelope->program, "falco"))
		return false;
	return begins_with_priority(rest);
}

static bool is_key_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '.';
}

/* The next key from `at` on, which stands behind a blank or a parenthesis. */
static bool find_key(struct text text, size_t at, const struct key *before, uint64_t seen[2], size_t *from, size_t *equals)
{
	for (; at < text.length; at++) {
		size_t end = at;
		if (at && text.data[at - 1] != ' ' && text.data[at - 1] != '(')
			continue;
		while (end < text.length && is_key_byte(text.data[end]))
			end++;
		if (end == at || end == text.length || text.data[end] != '=')
			continue;
		const struct key *key = key_find(text_slice(text, at, end));
		bool fresh = key && !(seen[(key - keys) / 64] >> ((key - keys) % 64) & 1);
		if (before && before->open && !fresh)
			continue;
		if (key)
			seen[(key - keys) / 64] |= UINT64_C(1) << ((key - keys) % 64);
		*from = at;
		*equals = end;
		return true;
	}
	return false;
}

/* `image` is repository:tag. */
static void add_image(struct record *record, struct text image)
{
	size_t colon = image.length;
	while (colon && image.data[colon - 1] != ':' && image.data[colon - 1] != '/')
		colon--;
	bool tagged = colon && image.data[colon - 1] == ':';
	record_add(record, TEXT("container.image.repository"), tagged ? text_slice(image, 0, colon - 1) : image);
	if (tagged)
		record_add(record, TEXT("container.image.tag"), text_slice(image, colon, image.length));
}

static void add_field(struct record *record, struct text name, const struct key *key, struct text value)
{
	if (!value.length)
		return;
	if (key && strcmp(key->field, "container.image") == 0)
		add_image(record, value);
	else if (key)
		record_add(record, text_of(key->field), value);
	else if (text_find(name, '.') < name.length)
		record_add(record, name, value);
	else
		record_add(record, message_name(record->arena, TEXT("falco."), name), value);
}

/* The pairs behind ` | `, or within the last parentheses. */
static struct text pairs_of(struct text output)
{
	size_t from, equals;
	uint64_t seen[2] = {0};
	if (!find_key(output, 1, NULL, seen, &from, &equals))
		return TEXT("");
	bool closed = output.data[from - 1] == '(' && text_ends(output, TEXT(")"), false);
	return text_slice(output, from, output.length - closed);
}

static void take_pairs(struct record *record, struct text text)
{
	uint64_t seen[2] = {0};
	size_t from, equals;
	bool found = find_key(text, 0, NULL, seen, &from, &equals);
	while (found && record->count < ENVELOPE_NAMES_MAX) {
		struct text name = text_slice(text, from, equals);
		const struct key *key = key_find(name);
		size_t start = equals + 1;
		found = find_key(text, start, key, seen, &from, &equals);
		add_field(record, name, key, text_trim(text_slice(text, start, found ? from : text.length)));
	}
}

static void read_time(struct message *message, struct text time)
{
	int64_t near = message->time != INT64_MIN ? message->time : message->place->clock->newest, read;
	if (time.data[2] == ':' ? syslog_time_of_day(time, near, &read) : date_parse(time, &read))
		message->time = read;
}

static bool take(struct message *message)
{
	struct text rest = text_trim(message->envelope->message), time;
	struct record *record = message->record;
	if (take_time(rest, &time, &rest))
		read_time(message, time);
	size_t blank = text_find(rest, ' ');
	record_add(record, TEXT("priority"), text_slice(rest, 0, blank));
	struct text output = text_trim(text_slice(rest, blank, rest.length));
	record_add(record, TEXT("output"), output);
	take_pairs(record, pairs_of(output));
	const struct dialect *falco = catalog_dialect(message->place->options->catalog, TEXT("falco"));
	if (falco && record_get(record, NULL, TEXT("evt.type")))
		message->dialect = falco;
	return true;
}

const struct message_kind message_falco = {
	.name = "falco", .alone = true, .programs = "falco", .begins = "012", .fits = fits, .take = take};
