/* names: see names.h. */
#include "generator/rsyslog/names.h"

#include "catalog/audit_names.h"
#include "generator/rsyslog/quote.h"

#include <string.h>

/* Arguments of a command that are joined: what comes behind keeps its `aN=`. */
enum { ARGUMENTS = 48, ARGUMENTS_STEP = 8 };

static const struct rsyslog_name names[] = {
	{"EXECVE", "cmdline", NULL, NULL, 0},
	{"EXECVE", "program", "cmdline", "^([^ ]*/)?([^ /]+)( |$)", 2},
	{"EXECVE", "argc", NULL, " argc=([0-9]+)", 1},
	{"SYSCALL", "call", NULL, NULL, 0},
	{"SYSCALL", "success", NULL, " success=(yes|no)", 1},
	{"SYSCALL", "a0", NULL, " a0=([0-9a-f]+)", 1},
	{"SYSCALL", "a1", NULL, " a1=([0-9a-f]+)", 1},
	{"SYSCALL", "a2", NULL, " a2=([0-9a-f]+)", 1},
	{"SYSCALL", "a3", NULL, " a3=([0-9a-f]+)", 1},
	{"SYSCALL", "ppid", NULL, " ppid=([0-9]+)", 1},
	{"SYSCALL", "euid", NULL, " euid=([0-9]+)", 1},
	{"SYSCALL", "egid", NULL, " egid=([0-9]+)", 1},
	{"SYSCALL", "tty", NULL, " tty=([^ ]+)", 1},
	{"SYSCALL", "comm", NULL, " comm=\"([^\"]*)\"", 1},
	{"SYSCALL", "key", NULL, " key=\"([^\"]*)\"", 1},
	{"PATH", "name", NULL, " name=\"([^\"]*)\"", 1},
	{"PATH", "nametype", NULL, " nametype=([A-Z]+)", 1},
	{"SOCKADDR", "saddr", NULL, " saddr=([0-9A-F]+)", 1},
	{"CAPSET", "cap_pp", NULL, " cap_pp=([0-9a-f]+)", 1},
	{"CAPSET", "cap_pe", NULL, " cap_pe=([0-9a-f]+)", 1},
	{"KERN_MODULE", "name", NULL, " name=\"([^\"]*)\"", 1},
	{"sudo", "cmdline", NULL, " COMMAND=(.*)$", 1},
	{"sudo", "arg0", "cmdline", "^([^ ]*)", 1},
	{"sudo", "program", "cmdline", "^([^ ]*/)?([^ /]+)( |$)", 2},
	{"sudo", "user", NULL, " USER=([^ ;]+) ;", 1},
	{"sudo", "pwd", NULL, " PWD=([^;]*) ;", 1},
	{"sudo", "tty", NULL, " TTY=([^ ;]+) ;", 1},
	/* Whoever tries to log in chooses the name: the last ` from … port …` is sshd's own. */
	{"sshd", "verdict", NULL, "^ ?(Accepted|Failed) ", 1},
	{"sshd", "user", NULL, "^ ?(Accepted|Failed) [^ ]+ for (invalid user )?(.*) from ([^ ]+) port ([0-9]+)", 3},
	{"sshd", "addr", NULL, "^ ?(Accepted|Failed) [^ ]+ for (invalid user )?(.*) from ([^ ]+) port ([0-9]+)", 4},
	{"sshd", "port", NULL, "^ ?(Accepted|Failed) [^ ]+ for (invalid user )?(.*) from ([^ ]+) port ([0-9]+)", 5},
	{NULL, "pid", NULL, " pid=([0-9]+)", 1},
	{NULL, "uid", NULL, " uid=([0-9]+)", 1},
	{NULL, "auid", NULL, " auid=([0-9]+)", 1},
	{NULL, "ses", NULL, " ses=([0-9]+)", 1},
	{NULL, "exe", NULL, " exe=\"([^\"]*)\"", 1},
	{NULL, "program", NULL, " exe=\"([^\"]*/)?([^\"/]+)\"", 2},
	{NULL, "acct", NULL, " acct=\"([^\"]*)\"", 1},
	{NULL, "addr", NULL, " addr=([0-9a-fA-F.:]+)", 1},
	{NULL, "res", NULL, " res=([a-z0-9]+)", 1},
};

/* Whose messages audit records are, and how they begin. */
static const char *const programs[] = {"audispd", "audisp-syslog", "auditd", "audit", "kernel"};
static const char record[] = "^ ?(\\[[ 0-9.]+\\] )?(node=[^ ]+ )?(audit: )?type=([A-Z0-9_]+) (msg=)?audit\\([0-9.:]+\\):";
/* As the journal hands them on, under the name audit: EXECVE argc=2 a0="ls" … */
static const char journal_record[] = "^ ?([A-Z][A-Z0-9_]+) ";
static const char sudo_command[] = "^ *[^ ]+ : (HOST=[^;]* ; )?(TTY=[^;]* ; )?(CHROOT=[^;]* ; )?PWD=.* ; USER=.* ; COMMAND=";

const struct rsyslog_name *rsyslog_name(struct text type, struct text name)
{
	bool audit = !text_is(type, "sudo") && !text_is(type, "sshd");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (text_is(name, names[i].name) && (names[i].type == NULL ? audit : text_is(type, names[i].type)))
			return &names[i];
	}
	return NULL;
}

bool rsyslog_property(struct text name)
{
	return text_is(name, "hostname") || text_is(name, "programname");
}

void rsyslog_variable(struct buffer *out, struct text name)
{
	buffer_printf(out, "%s%.*s", rsyslog_property(name) ? "$" : "$.mews!", TEXT_ARGS(name));
}

static void put_extract(struct buffer *out, const char *from, const char *regex, unsigned group)
{
	buffer_printf(out, "re_extract(%s%s, ", from != NULL ? "$.mews!" : "$msg", from != NULL ? from : "");
	rsyslog_quote(out, text_of(regex));
	buffer_printf(out, ", 0, %u, \"\")", group);
}

static void put_replace(struct buffer *out, const char *indent, const char *what, const char *with)
{
	buffer_printf(out, "%sset $.mews!cmdline = replace($.mews!cmdline, ", indent);
	rsyslog_quote(out, text_of(what));
	buffer_printf(out, ", \"%s\");\n", with);
}

/* a0="docker" a1="ps" → docker ps. What stands in hex stays so. */
static void put_arguments(struct buffer *out, const char *indent)
{
	char name[16];

	buffer_printf(out, "%sset $.mews!cmdline = ", indent);
	put_extract(out, NULL, " a0=(.*)$", 1);
	buffer_string(out, ";\n");
	for (unsigned i = 1; i < ARGUMENTS; i++) {
		snprintf(name, sizeof(name), " a%u=", i);
		if (i % ARGUMENTS_STEP == 0)
			buffer_printf(out, "%sif $.mews!cmdline contains \"%s\" then {\n", indent, name);
		put_replace(out, indent, name, " ");
		if (i >= ARGUMENTS_STEP && i % ARGUMENTS_STEP == ARGUMENTS_STEP - 1)
			buffer_printf(out, "%s}\n", indent);
	}
	put_replace(out, indent, "\"", "");
}

void rsyslog_set(struct buffer *out, const struct rsyslog_name *name, const char *indent)
{
	if (name->regex != NULL) {
		buffer_printf(out, "%sset $.mews!%s = ", indent, name->name);
		put_extract(out, name->from, name->regex, name->group);
		buffer_string(out, ";\n");
		return;
	}
	if (strcmp(name->name, "cmdline") == 0) {
		put_arguments(out, indent);
		return;
	}
	buffer_printf(out, "%sset $.mews!call = ", indent);
	put_extract(out, NULL, " arch=([0-9a-f]+)", 1);
	buffer_string(out, " & \":\" & ");
	put_extract(out, NULL, " syscall=([0-9]+)", 1);
	buffer_string(out, ";\n");
}

static bool asked(const struct text *types, size_t count, const char *type)
{
	for (size_t i = 0; i < count; i++) {
		if (text_is(types[i], type))
			return true;
	}
	return false;
}

static void set_record_type(struct buffer *out, const struct text *types, size_t count, const char *indent)
{
	buffer_printf(out, "%sif $programname == [", indent);
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		buffer_printf(out, "%s\"%s\"", i > 0 ? ", " : "", programs[i]);
	buffer_printf(out, "] then {\n%s    set $.mews!type = ", indent);
	put_extract(out, NULL, record, 4);
	buffer_printf(out, ";\n%s    if ($programname == \"audit\") and ($.mews!type == \"\") then {\n", indent);
	buffer_printf(out, "%s        set $.mews!type = ", indent);
	put_extract(out, NULL, journal_record, 1);
	buffer_printf(out, ";\n%s    }\n", indent);
	for (size_t i = 0; i < count; i++) { /* the kernel's own messages have numbers */
		unsigned number = audit_type_number(types[i]);

		if (number > 0)
			buffer_printf(out, "%s    if $.mews!type == \"%u\" then { set $.mews!type = \"%.*s\"; }\n", indent, number,
				TEXT_ARGS(types[i]));
	}
	buffer_printf(out, "%s}\n", indent);
}

void rsyslog_set_type(struct buffer *out, const struct text *types, size_t count, const char *indent)
{
	set_record_type(out, types, count, indent);
	if (asked(types, count, "sudo")) {
		buffer_printf(out, "%sif ($programname == \"sudo\") and (re_match($msg, ", indent);
		rsyslog_quote(out, text_of(sudo_command));
		buffer_string(out, ")) then { set $.mews!type = \"sudo\"; }\n");
	}
	if (asked(types, count, "sshd"))
		buffer_printf(out, "%sif $programname == \"sshd\" then { set $.mews!type = \"sshd\"; }\n", indent);
}
