/*
 * auditd_messages: what programs report to audit: logins, sessions, users; and the kernel's LOGIN.
 */
#include "replay/export/auditd_put.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const struct auditd_name login_names[] = {{"UID", AUDITD_USER}, {"AUID", AUDITD_AUDIT_USER}};

struct message {
	const char *category, *action, *type;
};
static const struct message messages[] = {
	{"authentication", "login", "USER_LOGIN"}, {"authentication", "logout", "USER_LOGOUT"}, {"authentication",
		"verify", "USER_AUTH"},
	{"authentication", "other", "CRED_ACQ"}, {"session", "open", "USER_START"}, {"session", "close", "USER_END"},
	{"session", "other", "LOGIN"}, {"process", "other", "USER_CMD"}, {"iam", "create", "ADD_USER"}, {"iam", "delete",
		"DEL_USER"}, {"iam", "change", "USER_MGMT"},
};

static void put_login(struct auditd_writer *w, const struct facet *facet)
{
	struct text outcome = auditd_text(w, facet, AUDITD_OUTCOME);
	if (outcome.length)
		auditd_put_bare(w, "res", text_is(outcome, "success") ? TEXT("1") : TEXT("0"));
	auditd_put_names(w, facet, login_names, COUNT_OF(login_names));
	if (auditd_text(w, facet, AUDITD_EXE).length)
		w->lost = "a login's program stands in the call that caused it";
}

static void put_message(struct auditd_writer *w, const struct facet *facet, bool command)
{
	struct text outcome = auditd_text(w, facet, AUDITD_OUTCOME), name = auditd_text(w, facet, AUDITD_USER);
	struct text exe = auditd_text(w, facet, AUDITD_EXE);
	struct text line = auditd_text(w, facet, AUDITD_LINE), directory = auditd_text(w, facet, AUDITD_CWD);
	struct text ip = auditd_text(w, facet, AUDITD_FROM_IP), tty = auditd_text(w, facet, AUDITD_TTY);
	buffer_string(&w->text, " msg='op=mews");
	if (command && directory.length)
		auditd_put_untrusted(w, "cwd", directory);
	if (command && line.length)
		auditd_put_untrusted(w, "cmd", line);
	else if (line.length)
		w->lost = "a message has no place for all that is known of its process";
	if (name.length)
		auditd_put_untrusted(w, "acct", name);
	if (exe.length)
		auditd_put_untrusted(w, "exe", exe);
	buffer_string(&w->text, " hostname=?");
	auditd_put_bare(w, "addr", ip.length ? ip : TEXT("?"));
	auditd_put_bare(w, "terminal", tty.length ? tty : TEXT("?"));
	if (outcome.length)
		auditd_put_bare(w, "res", text_is(outcome, "success") ? TEXT("success") : TEXT("failed"));
	buffer_char(&w->text, '\'');
}

bool auditd_write_message(struct auditd_writer *w, const struct facet *facet)
{
	struct text category = w->registry->categories[facet->category].name;
	struct text action = w->registry->actions[facet->action].name;
	const char *type = NULL;
	for (size_t i = 0; i < COUNT_OF(messages); i++)
		if (text_is(category, messages[i].category) && text_is(action, messages[i].action))
			type = messages[i].type;
	if (!type)
		return false;
	auditd_record_begin(w, type);
	auditd_put_bare(w, "pid", auditd_text(w, facet, AUDITD_PID));
	auditd_put_bare(w, "uid", auditd_text(w, facet, AUDITD_EUID));
	struct text auid = auditd_text(w, facet, AUDITD_AUID), session = auditd_text(w, facet, AUDITD_SESSION);
	auditd_put_bare(w, "auid", auid.length ? auid : TEXT("4294967295"));
	auditd_put_bare(w, "ses", session.length ? session : TEXT("4294967295"));
	if (strcmp(type, "LOGIN") == 0)
		put_login(w, facet);
	else
		put_message(w, facet, strcmp(type, "USER_CMD") == 0);
	auditd_record_end(w);
	if (auditd_text(w, facet, AUDITD_COMM).length || auditd_text(w, facet, AUDITD_PPID).length)
		w->lost = "a message has no place for all that is known of its process";
	return true;
}
