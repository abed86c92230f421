/* messages: each kind of message, what it becomes, and what only looks like it. */
#include "replay/readers/messages/kinds.h"
#include "tests/unit/reading.h"

struct message_case {
	const char *line;     /* behind HEAD, or a whole line where it begins with ^ */
	const char *expected; /* in the facets, in this order, with * between parts */
};

#define HEAD "Nov 10 07:48:16 h "
#define LOGIN "authentication.login @2020-11-10T07:48:16Z"

static const struct message_case cases[] = {
	/* sshd and kin */
	{"sshd[1]: Accepted publickey for root from 10.0.0.7 port 5 ssh2: RSA SHA256:x", LOGIN "*event.outcome=[success]*source.ip=[10.0.0.7] source.port=[5] user.name=[root]"},
	{"sshd-session[1]: Failed password for invalid user a b from 10.0.0.7 port 5 ssh2", LOGIN "*event.outcome=[failure]*user.name=[a b]"},
	/* a user who calls himself so as to look like another address */
	{"sshd[1]: Failed password for invalid user x from 9.9.9.9 port 1 ssh2 from 10.0.0.7 port 5 ssh2", "source.ip=[10.0.0.7]*user.name=[x from 9.9.9.9 port 1 ssh2]"},
	{"sshd[1]: Failed none for root from fe80::1 port 5 ssh2", "source.ip=[fe80::1]"},
	{"sshd[1]: Invalid user x from host.example port 5", LOGIN "*event.outcome=[failure]*source.domain=[host.example]*source.port=[5]"},
	{"sshd[1]: User x from 10.0.0.7 not allowed because not listed in AllowUsers", LOGIN "*event.outcome=[failure]"},
	{"sshd[1]: ROOT LOGIN REFUSED FROM 10.0.0.7 port 5", LOGIN "*event.outcome=[failure]*user.name=[root]"},
	{"sshd[1]: Disconnected from user root 10.0.0.7 port 5", "authentication.logout"},
	{"sshd[1]: Connection closed by authenticating user root 10.0.0.7 port 5 [preauth]", "authentication.other*source.port=[5] user.name=[root]"},
	{"sshd[1]: Server listening on 0.0.0.0 port 22.", "log.message"},
	{"sshd[1]: pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)", "session.open*user.id=[0] user.name=[root]"},
	{"sshd[1]: pam_unix(sshd:session): session opened for user bob by root(uid=0)", "session.open*user.audit.name=[root] user.name=[bob]"},
	{"sshd(pam_unix)[1]: session closed for user bob", "session.close*user.name=[bob]"},
	{"sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=10.0.0.7  user=root", LOGIN "*failure*source.ip=[10.0.0.7] user.name=[root]"},
	{"sshd(pam_unix)[1]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=10.0.0.7  user=root", LOGIN "*failure*source.ip=[10.0.0.7] user.name=[root]"},
	{"sshd[1]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=10.0.0.7  user=root", LOGIN "*failure*source.ip=[10.0.0.7] user.name=[root]"},
	{"sshd[1]: reverse mapping checking getaddrinfo for a.example [10.0.0.7] failed - POSSIBLE BREAK-IN ATTEMPT!", "log.other*source.ip=[10.0.0.7]"},
	{"login[1]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=", LOGIN "*failure*process.tty.name=[/dev/tty1]"},
	{"su[1]: (to root) bob on pts/0", LOGIN "*success*user.audit.name=[bob] user.name=[root]"},
	{"su[1]: FAILED SU (to root) bob on pts/0", LOGIN "*failure*process.tty.name=[pts/0]"},
	{"su: 'su root' failed for bob on /dev/pts/8", LOGIN "*failure*user.audit.name=[bob]"},
	{"systemd-logind[1]: New session 7 of user bob.", "session.open*session.id=[7] user.name=[bob]"},
	/* accounts */
	{"useradd[1]: new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/sh, from=/dev/pts/1", "iam.create*user.target.name=[eve]"},
	{"useradd[1]: new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/sh", "iam.create*user.target.name=[eve]"},
	{"usermod[1]: add 'eve' to group 'docker'", "iam.change*group.name=[docker]*user.target.name=[eve]"},
	{"gpasswd[1]: user eve added by root to group docker", "iam.change*group.name=[docker]*user.name=[root] user.target.name=[eve]"},
	{"userdel[1]: delete user 'eve'", "iam.delete*user.target.name=[eve]"},
	{"groupadd[1]: new group: name=g, GID=1002", "iam.create*group.name=[g]"},
	{"groupdel[1]: group 'g' removed", "iam.delete*group.name=[g]"},
	{"passwd[1]: pam_unix(passwd:chauthtok): password changed for eve", "iam.change*user.target.name=[eve]"},
	{"useradd[1]: failed adding user 'eve', exit code: 9", "iam.other*event.outcome=[failure]"},
	/* sudo */
	{"sudo:   ci : TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/usr/bin/docker run -v '/:/a b' alpine",
		"process.exec*event.outcome=[success]*process.args=[/usr/bin/docker][run][-v][/:/a b][alpine]*process.name=[docker]*process.working_directory=[/home/ci]*user.audit.name=[ci]*user.name=[root]"},
	{"sudo:   ci : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/sh -c 'docker ps; id'", "process.args=[/usr/bin/sh][-c][docker ps; id]*process.args=[docker][ps]*process.args=[id]"},
	/* older sudo has no quotes of its own */
	{"sudo:   ci : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo 'a b", "process.args=[/bin/echo]['a][b]"},
	{"sudo:   ci : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/bin/su", "process.exec*event.outcome=[failure]*authentication.verify*event.outcome=[failure]*user.name=[ci] user.target.name=[root]"},
	{"sudo:   ci : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=list", "1 authentication.verify*failure"},
	{"sudo: ci : (command continued) a b c", "log.other*user.name=[ci]"},
	{"sudo: unable to resolve host h", "log.message"},
	/* cron */
	{"CRON[1]: (root) CMD (cd / && docker ps)", "process.args=[/bin/sh][-c][cd / && docker ps]*process.args=[docker][ps]*user.name=[root]"},
	{"CRON[1]: (root) MAIL (mailed 1 byte)", "log.message"},
	{"kernel: [ 12.345] [UFW BLOCK] IN=eth0 OUT= MAC=01:02 SRC=10.0.0.7 DST=10.0.0.1 LEN=60 TOS=0x00 DF PROTO=TCP SPT=50122 DPT=22 SYN URGP=0",
		"network.other*destination.ip=[10.0.0.1] destination.port=[22]*event.reported_action=[[UFW BLOCK]]*network.transport=[tcp] source.ip=[10.0.0.7] source.port=[50122]"},
	{"kernel: IN=eth0 OUT= SRC=10.0.0.7 DST=10.0.0.1 PROTO=ICMP TYPE=3 [SRC=10.0.0.1 DST=10.0.0.9 PROTO=UDP ]", "network.other*destination.ip=[10.0.0.1]*source.ip=[10.0.0.7]"},
	{"kernel: x SRC=1 PROTO=2", "log.message"},
	/* Falco */
	{"falco[1]: 07:48:17.123456789: Warning Shell spawned | evt_type=execve user=root process=sh command=sh -c id name=x file=/a terminal=34816 container_id=abcdef012345 container_image=a/b container_image_tag=1",
		"process.exec @2020-11-10T07:48:17.123456789Z*container.id=[abcdef012345]*process.command_line=[sh -c id name=x]*process.tty.name=[34816]*user.name=[root]"},
	{"falco[1]: 2020-11-10T07:48:17.5+0100: Notice Old one (evt_type=open user=root command=cat x file=/etc/shadow image=r/i:tag)", "@2020-11-10T06:48:17.500Z*container.image.name=[r/i] container.image.tag=[tag]"},
	{"falco[1]: Notice Unexpected thing (user=root command=cat x parent=sh)", "log.other @2020-11-10T07:48:16Z*message=[Unexpected thing (user=root command=cat x parent=sh)]*user.name=[root]"},
	{"falco[1]: Falco initialized with configuration file", "log.message"},
	{"^07:48:17.1: Error Alone on its line | evt_type=execve user=root command=id", "process.exec*process.command_line=[id]"},
	{"falco: {\"output\":\"x\",\"priority\":\"Warning\",\"rule\":\"R\",\"time\":\"2020-11-10T07:48:19.1Z\",\"output_fields\":{\"evt.type\":\"execve\",\"proc.cmdline\":\"sh -c id\"}}", "process.exec @2020-11-10T07:48:19.100Z*process.args=[sh][-c][id]"},
	{"app: @cee: {\"output\":\"x\",\"priority\":\"Warning\",\"rule\":\"R\",\"output_fields\":{\"evt.type\":\"execve\",\"proc.cmdline\":\"id\"}}", "process.exec @2020-11-10T07:48:16Z"},
	{"app: {\"nobody\":\"knows\"}", "log.message*message=[{\"nobody\":\"knows\"}]"},
	{"falco: {\"output\":\"x\",\"priority\":\"Warning\",\"output_fields\":{\"evt.type\":\"execve\"}}\nNov 10 07:48:17 h falco: {\"other\":1}", "process.exec*log.message @2020-11-10T07:48:17Z*message=[{\"other\":1}]"},
	{"^2020-11-10T07:48:19.5Z {\"output\":\"x y\",\"priority\":\"Warning\",\"rule\":\"R\",\"output_fields\":{\"evt.type\":\"execve\"}}", "process.exec @2020-11-10T07:48:19.500Z"},
	{"^2020-11-10T07:48:19.5Z level=info msg=\"a b\"", "log.message @2020-11-10T07:48:19.500Z log.level=[info] message=[a b]"},
	{"app: {broken}", "log.message*message=[{broken}]"},
	/* logfmt and klog */
	{"dockerd[1]: time=\"2024-01-02T03:04:05Z\" level=warning msg=\"a \\\"b\\\"\" error=\"x y\"", "log.message @2020-11-10T07:48:16Z*log.level=[warning] message=[a \"b\"]"},
	{"^time=\"2024-01-02T03:04:05.5Z\" level=info msg=alone", "log.message @2024-01-02T03:04:05.500Z*message=[alone]"},
	{"app: time=\"2024 is over", "log.message*message=[time=\"2024 is over]"},
	{"kubelet[1]: I0102 03:04:05.678901    1234 kubelet.go:1234] \"SyncLoop ADD\" source=\"api\" pods=[\"a/b\"]", "log.message @2020-11-10T07:48:16Z*log.level=[info] message=[SyncLoop ADD]"},
	{"^E0102 03:04:05.678901    1234 a.go:1] it failed", "log.message @2020-01-02T03:04:05.678901Z*log.level=[error] message=[it failed]"},
	/* CEF */
	{"CEF: 0|V|P\\|1|1.0|100|Name|5|src=10.0.0.1 dst=10.0.0.2 dpt=443 msg=a\\=b c cs1=web cs1Label=Zone", "log.other*destination.ip=[10.0.0.2]*event.provider=[P|1] event.reported_action=[Name]*message=[a=b c]*source.ip=[10.0.0.1]"},
	{"^CEF:0|V|P|1.0|100|Name|5|", "log.other @-*event.provider=[P]"},
	{"app: CEF:0|V|P", "log.message*message=[CEF:0|V|P]"},
	/* Sysmon */
	{"sysmon: <Event><System><EventID>1</EventID><TimeCreated SystemTime=\"2020-11-10T07:48:19.5Z\"/><Computer>web1</Computer></System><EventData><Data Name=\"Image\">/usr/bin/id</Data><Data Name=\"CommandLine\">id &lt;&#x41;&gt;</Data><Data Name=\"User\">-</Data></EventData></Event>",
		"process.exec @2020-11-10T07:48:19.500Z*host.name=[web1]*process.args=[id][<A>]*process.executable=[/usr/bin/id]"},
	{"sysmon: <Event><System><EventID>3</EventID></System><EventData><Data Name=\"Initiated\">true</Data><Data Name=\"DestinationIp\">10.0.0.1</Data><Data Name=\"DestinationPort\">443</Data></EventData></Event>", "network.connect*destination.ip=[10.0.0.1] destination.port=[443]"},
	{"sysmon: <Event><System><EventID>99</EventID></System></Event>", "log.other"},
	{"sysmon: <Event><System>", "log.message*message=[<Event><System>]"},
	{"sysmon: <Event/> more", "log.message"},
	/* audit */
	{"audit[42]: USER_AUTH pid=42 uid=0 auid=0 ses=1 msg='op=PAM acct=\"root\" res=success'", "authentication.verify @2020-11-10T07:48:16Z*host.name=[h]*user.name=[root]"},
	{"kernel: [ 12.3] audit: type=1100 audit(1604994498.155:92733): pid=42 uid=0 msg='op=PAM acct=\"root\" res=success'", "authentication.verify @2020-11-10T07:48:18.155Z*host.name=[h]"},
	{"kernel: [ 12.3] audit: kauditd hold queue overflow", "log.message*message=[audit: kauditd hold queue overflow]"},
	/* nobody's */
	{"app[7]: plain words", "7:48:16Z event.provider=[app] host.name=[h] message=[plain words] process.name=[app] process.pid=[7]"},
};

static void begin(struct reading *r)
{
	static const char *const dialects[] = {"auditd", "falco", "sysmon", "ecs"};
	reading_begin(r, "syslog");
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
		reading_add_dialect(r, dialects[i]);
	r->options.year = 2020;
}

/* Parts between * follow each other in the text. */
static bool holds(struct text text, const char *expected)
{
	struct text rest = text_of(expected);
	while (rest.length) {
		struct text part = text_slice(rest, 0, text_find(rest, '*'));
		size_t at = 0;
		while (at + part.length <= text.length && memcmp(text.data + at, part.data, part.length) != 0)
			at++;
		if (at + part.length > text.length)
			return false;
		text = text_slice(text, at + part.length, text.length);
		rest = text_slice(rest, part.length + 1, rest.length);
	}
	return true;
}

static void test_kinds(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		begin(&r);
		bool whole = cases[i].line[0] == '^';
		reading_run(&r, "syslog", text_of(arena_printf(&r.arena, "%s%s\n", whole ? "" : HEAD, cases[i].line + whole)));
		CHECK_LONG(r.ledger.event_lines, r.ledger.lines);
		CHECK_LONG(r.ledger.unmapped, 0);
		CHECK_LONG(r.ledger.unfilled, 0);
		if (!holds(r.events, cases[i].expected))
			CHECK_TEXT(r.events, cases[i].expected);
		reading_end(&r);
	}
}

/* Every beginning of every line is an event of some kind. */
static void test_prefixes(void)
{
	struct reading r;
	begin(&r);
	struct buffer all = {0};
	size_t lines = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t length = 0; cases[i].line[0] != '^' && length < strcspn(cases[i].line, "\n"); length++, lines++)
			buffer_printf(&all, "%sx: %.*s\n%s%.*s\n", HEAD, (int)length, cases[i].line, HEAD, (int)length, cases[i].line);
	reading_run(&r, "syslog", buffer_view(&all));
	CHECK_LONG(r.ledger.lines, 2 * lines);
	CHECK_LONG(r.ledger.rejected, 0);
	buffer_free(&all);
	reading_end(&r);
}

static const struct {
	const char *reader, *content, *expected;
	uint64_t events, first, continued, blank, rejected;
} wrapped[] = {
	{"container-log", "2024-01-02T03:04:05.5Z stdout F hello\n", "log.message @2024-01-02T03:04:05.500Z message=[hello]", 1, 1, 0, 0, 0},
	{"container-log", "2024-01-02T03:04:05.5+01:00 stderr P a\n2024-01-02T03:04:06Z stdout F b\n2024-01-02T03:04:07Z stderr F c\n", "message=[ac]", 2, 2, 1, 0, 0},
	{"container-log", "2024-01-02T03:04:05Z stderr P a\n", "message=[a]", 1, 1, 0, 0, 0},
	{"container-log", "2024-01-02T03:04:05Z stdwhat F a\nnonsense\n\n", NULL, 0, 0, 0, 1, 2},
	{"container-log", "{\"log\":\"time=\\\"x\\\" level=info msg=m\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-02T03:04:05.5Z\"}\n", "@2024-01-02T03:04:05.500Z*message=[m]", 1, 1, 0, 0, 0},
	{"container-log", "{\"log\":\"a\",\"stream\":\"stderr\",\"time\":\"2024-01-02T03:04:05Z\"}\n{\"log\":\"b\\n\",\"stream\":\"stderr\",\"time\":\"2024-01-02T03:04:05Z\"}\n", "message=[ab]", 1, 1, 1, 0, 0},
	{"container-log", "{\"log\":\"a\"}\n{\n", NULL, 0, 0, 0, 0, 2},
	{"journald", "{\"__REALTIME_TIMESTAMP\":\"1604994496500000\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_PID\":\"3\",\"MESSAGE\":\"Invalid user x from 10.0.0.1 port 4\"}\n",
		"authentication.login @2020-11-10T07:48:16.500Z*host.name=[h]*process.pid=[3]", 1, 1, 0, 0, 0},
	{"journald", "{\"__REALTIME_TIMESTAMP\":\"1604994496500000\",\"MESSAGE\":[104,105,255]}\n", "message=[hi\xff]", 1, 1, 0, 0, 0},
	{"journald", "{\"__REALTIME_TIMESTAMP\":\"1604994496500000\",\"MESSAGE\":null}\n", "log.other @2020", 1, 1, 0, 0, 0},
	{"journald", "{\"_SOURCE_REALTIME_TIMESTAMP\":\"1604994496500000\",\"_TRANSPORT\":\"audit\",\"_AUDIT_TYPE\":\"1100\",\"_AUDIT_ID\":\"7\",\"_HOSTNAME\":\"h\","
		"\"MESSAGE\":\"USER_AUTH pid=3 uid=0 msg='op=PAM acct=\\\"root\\\" res=success'\"}\n", "authentication.verify @2020-11-10T07:48:16.500Z*host.name=[h]", 1, 1, 0, 0, 0},
	{"journald", "{\n\t\"__REALTIME_TIMESTAMP\" : \"1604994496500000\",\n\t\"MESSAGE\" : \"pretty\"\n}\n", "message=[pretty]", 1, 1, 3, 0, 0},
	{"journald", "{\n\t\"MESSAGE\" : \"pretty\"\n", NULL, 0, 0, 0, 0, 2},
	{"journald", "\x1e{\"MESSAGE\":\"seq\"}\n", "message=[seq]", 1, 1, 0, 0, 0},
	{"journald", "{\"other\":1}\n{\"MESSAGE\":\n", NULL, 0, 0, 0, 0, 2},
	{"journald", "__CURSOR=a\n__REALTIME_TIMESTAMP=1604994496500000\nMESSAGE=hi\n_UID=7\n\n__CURSOR=b\nMESSAGE=ho\n", "message=[hi]*user.id=[7]*message=[ho]", 2, 2, 4, 1, 0},
	{"journald", "__CURSOR=a\nnot a field\n\n", NULL, 0, 0, 0, 1, 2},
};

static void test_wrapped(void)
{
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		struct reading r;
		begin(&r);
		reading_run(&r, wrapped[i].reader, text_of(wrapped[i].content));
		CU_ASSERT_TRUE(reading_counts(&r, wrapped[i].events, wrapped[i].first, wrapped[i].continued, wrapped[i].blank, wrapped[i].rejected));
		if (wrapped[i].expected && !holds(r.events, wrapped[i].expected))
			CHECK_TEXT(r.events, wrapped[i].expected);
		reading_end(&r);
	}
}

/* A field that is no line: its length stands before it, and newlines are part of it. */
static void test_binary_field(void)
{
	static const char entry[] = "__REALTIME_TIMESTAMP=1604994496500000\nMESSAGE\n\x05\0\0\0\0\0\0\0a\nb=c\n_PID=3\n";
	static const char beyond[] = "MESSAGE\n\x05\0\0\0\0\0\0\1a\nb=c\n";
	struct reading r;
	begin(&r);
	reading_run(&r, "journald", (struct text){entry, sizeof entry - 1});
	CHECK_CONTAINS(r.events, "message=[a\nb=c] process.pid=[3]");
	CU_ASSERT_TRUE(reading_counts(&r, 1, 1, 2, 0, 0));
	reading_end(&r);
	begin(&r);
	reading_run(&r, "journald", (struct text){beyond, sizeof beyond - 1});
	CHECK_LONG(r.taken, 0);
	CU_ASSERT_TRUE(r.ledger.rejected > 0);
	reading_end(&r);
}

static void test_fits(void)
{
	const struct reader *container = reader_find(TEXT("container-log")), *journal = reader_find(TEXT("journald"));
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		bool is_container = strcmp(wrapped[i].reader, "container-log") == 0;
		struct text text = text_of(wrapped[i].content);
		if (wrapped[i].rejected || !text_contains(text, is_container ? TEXT("ime") : TEXT("REALTIME"), false))
			continue;
		CU_ASSERT_TRUE((is_container ? container : journal)->fits(text) > 90);
		CHECK_LONG((is_container ? journal : container)->fits(text), 0);
	}
	CHECK_LONG(journal->fits(TEXT("{\"a\":1}\n")), 0);
	CHECK_LONG(container->fits(TEXT("2024-01-02T03:04:05Z web1 app: x\n")), 0);
}

void suite_messages(void);
void suite_messages(void)
{
	CU_pSuite suite = unit_suite("messages");
	UNIT_TEST(suite, test_kinds);
	UNIT_TEST(suite, test_prefixes);
	UNIT_TEST(suite, test_wrapped);
	UNIT_TEST(suite, test_binary_field);
	UNIT_TEST(suite, test_fits);
}
