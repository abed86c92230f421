/* audit: lines, fields, grouping, and what becomes of the records of real kernels. */
#include "replay/readers/audit_event.h"
#include "tests/unit/reading.h"

#define STAMP "msg=audit(1700000000.123:7): "
#define CALL(number, more) \
	"type=SYSCALL " STAMP "arch=c000003e syscall=" number " " more \
	" ppid=1 pid=42 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3" \
	" comm=\"sh\" exe=\"/usr/bin/dash\" key=\"k\"\n"
#define CWD "type=CWD " STAMP "cwd=\"/root/docs\"\n"
#define END "type=PROCTITLE " STAMP "proctitle=\"sh\"\n"

struct line_case {
	const char *line;
	const char *why; /* NULL: taken */
	const char *type, *node, *body;
	unsigned number;
};

static const struct line_case lines[] = {
	{"type=SYSCALL msg=audit(1.5:9): a=b", NULL, "SYSCALL", "", "a=b", 1300},
	{"node=web1 type=PATH msg=audit(1.5:9): a=b", NULL, "PATH", "web1", "a=b", 1302},
	{"type=UNKNOWN[1337] msg=audit(1.5:9): a=b", NULL, "OPENAT2", "", "a=b", 1337},
	{"type=1309 audit(1.5:9): argc=1", NULL, "EXECVE", "", "argc=1", 1309},
	{"type=UNKNOWN[1999] msg=audit(1.5:9):", NULL, "UNKNOWN[1999]", "", "", 1999},
	{"type=NEW_ONE msg=audit(1.5:9): x=1", NULL, "NEW_ONE", "", "x=1", 0},
	{"Nov 10 07:48:16 web1 audispd: type=EOE msg=audit(1.5:9): ", NULL, "EOE", "web1", "", 1320},
	{"2023-11-10T07:48:16.1+00:00 web1 audisp-syslog[3]: node=n type=EOE msg=audit(1.5:9): ", NULL, "EOE", "n", "", 1320},
	{"Nov 10 07:48:16 web1 kernel: [ 12.3] audit: type=1400 audit(1.5:9): apparmor=\"DENIED\"", NULL, "AVC", "web1",
		"apparmor=\"DENIED\"", 1400},
	{"[   12.345678] audit: type=1309 audit(1.5:9): argc=1", NULL, "EXECVE", "", "argc=1", 1309},
	{"<6>[   12.345678] audit: type=1309 audit(1.5:9): argc=1", NULL, "EXECVE", "", "argc=1", 1309},
	{"kernel: audit: type=1302 audit(1.5:9): item=0", NULL, "PATH", "", "item=0", 1302},
	{"audit: type=1302 audit(1.5:9): item=0", NULL, "PATH", "", "item=0", 1302},
	{"Nov 10 07:48:16 web1 kernel: type=1302 audit(1.5:9): item=0", NULL, "PATH", "web1", "item=0", 1302},
	{"Nov  1 07:48:16 web1 audispd[7]: node=web2 type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "web2", "item=0", 1302},
	{"<13>Nov  1 07:48:16 web1 audispd: type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "web1", "item=0", 1302},
	{"Nov  1 2023 07:48:16 web1 audispd: type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "web1", "item=0", 1302},
	{"Nov  1 07:48:16 audispd: type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "", "item=0", 1302},
	{"<13>1 2023-11-10T07:48:16.003Z web1 audispd 12 - - type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "web1", "item=0", 1302},
	{"<13>1 2023-11-10T07:48:16.003Z - audispd - - [x@1 a=\"type=\"] type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "",
		"item=0", 1302},
	{"2023-11-10T07:48:16+01:00 10.0.0.7 audisp-syslog: type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "10.0.0.7", "item=0", 1302},
	{"web1 audispd: type=PATH msg=audit(1.5:9): item=0", NULL, "PATH", "web1", "item=0", 1302},
	{"type=PATH msg=audit(1.5:9):item=0", NULL, "PATH", "", "item=0", 1302},
	{"type=PATH msg=audit(1.5:9) : item=0", NULL, "PATH", "", ": item=0", 1302},
	{"Nov 10 07:48:16 web1 audispd: subtype=PATH msg=audit(1.5:9): item=0", "it does not begin with type=", NULL, NULL, NULL, 0},
	{"Nov 10 07:48:16 web1 audispd: type=PATH", "it has no msg=audit(…)", NULL, NULL, NULL, 0},
	{"", "it is empty", NULL, NULL, NULL, 0},
	{"hello", "it does not begin with type=", NULL, NULL, NULL, 0},
	{"type=SYSCALL msg=?", "it has no msg=audit(…)", NULL, NULL, NULL, 0},
	{"type=SYSCALL msg=audit(x.5:9): ", "its time and serial cannot be read", NULL, NULL, NULL, 0},
	{"type=SYSCALL msg=audit(1.5): ", "its time and serial cannot be read", NULL, NULL, NULL, 0},
	{"type=S*L msg=audit(1.5:9): ", "its type is no record type", NULL, NULL, NULL, 0},
	{"type= msg=audit(1.5:9): ", "its type is no record type", NULL, NULL, NULL, 0},
};

static void test_lines(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct audit_line line;
		const char *why = audit_parse_line(text_of(lines[i].line), &line);
		CHECK_TEXT(text_of(why), lines[i].why ? lines[i].why : "");
		if (why || lines[i].why)
			continue;
		CHECK_TEXT(line.type, lines[i].type);
		CHECK_TEXT(line.node, lines[i].node);
		CHECK_TEXT(line.body, lines[i].body);
		CHECK_LONG(line.number, lines[i].number);
		CHECK_LONG(line.seconds, 1);
		CHECK_LONG(line.serial, 9);
	}
}

/* Fields of a body as key=value; quoted values stand in quotes, enriched keys behind a plus. */
static struct text fields_of(struct arena *arena, struct text body)
{
	struct buffer out = {0};
	struct audit_cursor cursor;
	struct audit_field field;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		const char *quote = field.quoted ? "\"" : "";
		buffer_printf(&out, "%s%s%.*s=%s%.*s%s", out.length ? "|" : "", field.enriched ? "+" : "", TEXT_ARGS(field.key),
			quote, TEXT_ARGS(field.value), quote);
	}
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void test_fields(void)
{
	static const struct {
		const char *body, *fields;
	} cases[] = {
		{"a=1 b=\"x y\" c=(null)", "a=1|b=\"x y\"|c=(null)"},
		{"a=1\x1d" "UID=\"root\" SADDR={ saddr_fam=local path=/x }", "a=1|+UID=\"root\"|+SADDR= saddr_fam=local path=/x "},
		{"pid=1 msg='op=login acct=\"a b\" res=success'", "pid=1|op=login|acct=\"a b\"|res=success"},
		{"pid=1 msg='op=x res=success'\x1dUID=\"root\"", "pid=1|op=x|res=success|+UID=\"root\""},
		{"msg='PAM: authentication acct=root : exe=\"/bin/su\" (hostname=?, addr=?, res=failed)'",
			"acct=root|exe=\"/bin/su\"|hostname=?|addr=?|res=failed"},
		{"avc:  denied  { read } for  pid=1 name=\"x\"", "pid=1|name=\"x\""},
		{"a= b=", "a=|b="},
		{"a=\"unclosed b=2", "a=\"unclosed|b=2"},
		{"msg='never closed x=1", "msg='never|x=1"},
		{"", ""},
		{"= '' ' ( ) ((a=1))", "a=1"},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(fields_of(&arena, text_of(cases[i].body)), cases[i].fields);
	arena_free(&arena);
}

struct record_case {
	const char *name, *log;
	const char *expected[4]; /* each must be in what was read */
	const char *absent;      /* must not be */
};

static const struct record_case records[] = {
	{"exec", CALL("59", "success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=2")
		"type=EXECVE " STAMP "argc=4 a0=\"docker\" a1=\"run\" a2=7820792D2D7A a3=\"(null)\"\n" CWD
		"type=PATH " STAMP "item=0 name=\"/usr/bin/docker\" inode=1 mode=0100755 nametype=NORMAL\n" END,
		{"process.exec @2023-11-14T22:13:20.123Z", "process.args=[docker][run][x y--z][(null)]",
			"process.command_line=[docker run x y--z (null)]", "process.working_directory=[/root/docs]"}, "file."},
	{"arguments in pieces and in further records", CALL("59", "success=yes exit=0")
		"type=EXECVE " STAMP "argc=3 a0=\"sh\" a1_len=12 a1[0]=616263\n"
		"type=EXECVE " STAMP "a1[1]=646566 a2=\"end\"\n" END,
		{"process.args=[sh][abcdef][end]", "process.args_count=[3]"}, NULL},
	{"a number that no kernel writes", CALL("59", "success=yes exit=0")
		"type=EXECVE " STAMP "argc=2 a0=\"sh\" a699999=\"far\" a3=\"lost one\"\n" END,
		{"process.args=[sh][far][lost one]"}, NULL},
	{"who", CALL("59", "success=yes exit=0") END,
		{"audit.key=[k]", "user.audit.id=[1000]", "process.name=[dash]", "process.thread.name=[sh]"}, "user.name"},
	{"nobody, several keys and a deleted file",
		"type=SYSCALL " STAMP "arch=c000003e syscall=59 success=no exit=-2 pid=42 ppid=1 auid=4294967295 euid=0 egid=0 "
		"ses=4294967295 tty=(none) comm=72756E633A5B323A494E49545D exe=2F746D702F7820286465)" "\n"
		"type=PROCTITLE " STAMP "proctitle=7368002D63\n",
		{"event.outcome=[failure]", "process.thread.name=[runc:[2:INIT]]", "process.command_line=[sh -c]"}, "session.id"},
	{"keys", "type=SYSCALL " STAMP "arch=c000003e syscall=59 success=yes pid=4 exe=\"/tmp/x (deleted)\" key=61016263\n" END,
		{"audit.key=[a][bc]", "process.executable=[/tmp/x]", "process.name=[x]"}, NULL},
	{"enriched names", "type=SYSCALL " STAMP "arch=c000003e syscall=59 success=yes pid=4 auid=1000 euid=0 exe=\"/x\" key=(null)"
		"\x1d" "ARCH=x86_64 SYSCALL=execve AUID=\"ann\" UID=\"root\" EUID=\"root\"\n" END,
		{"user.name=[root]", "user.audit.name=[ann]"}, "audit.key"},
	{"a call of an architecture that we have no table of", "type=SYSCALL " STAMP "arch=80000016 syscall=11 success=yes pid=4\x1d"
		"ARCH=s390x SYSCALL=execve\n" END, {"process.exec"}, NULL},
	{"i386 and its socketcall", "type=SYSCALL " STAMP "arch=40000003 syscall=102 success=yes exit=0 a0=3 pid=4\n"
		"type=SOCKADDR " STAMP "saddr=01002F72756E2F646F636B65722E736F636B00AABB\n" END,
		{"network.connect", "destination.address=[/run/docker.sock]", "network.transport=[unix]"}, "destination.port"},
	{"aarch64", "type=SYSCALL " STAMP "arch=c00000b7 syscall=221 success=yes exit=0 pid=4\n" END, {"process.exec"}, NULL},
	{"inet", CALL("42", "success=no exit=-115") "type=SOCKADDR " STAMP "saddr=020009477F0000010000000000000000\n" END,
		{"network.connect", "destination.ip=[127.0.0.1]", "destination.port=[2375]", "destination.address=[127.0.0.1]"},
		"event.outcome"},
	{"inet refused", CALL("42", "success=no exit=-111") "type=SOCKADDR " STAMP "saddr=020009477F0000010000000000000000\n" END,
		{"event.outcome=[failure]"}, NULL},
	{"inet6", CALL("42", "success=yes exit=0")
		"type=SOCKADDR " STAMP "saddr=0A0001BB0000000000000000000000000000000000000001" "00000000\n" END,
		{"destination.ip=[::1]", "destination.port=[443]"}, NULL},
	{"inet6 that is IPv4", CALL("42", "success=yes exit=0")
		"type=SOCKADDR " STAMP "saddr=0A0001BB0000000000000000000000000000FFFF0A00000100000000\n" END,
		{"destination.address=[10.0.0.1]"}, NULL},
	{"abstract", CALL("42", "success=yes exit=0") "type=SOCKADDR " STAMP "saddr=010000616263\n" END,
		{"destination.address=[@abc]"}, NULL},
	{"netlink, and an address cut short", CALL("42", "success=yes exit=0")
		"type=SOCKADDR " STAMP "saddr=100000000000000000000000\ntype=SOCKADDR " STAMP "saddr=0200\n" END,
		{"network.connect"}, "destination."},
	{"capabilities", CALL("126", "success=yes exit=0")
		"type=CAPSET " STAMP "pid=42 cap_pi=0 cap_pp=0000003ffeffffff cap_pe=0000000000200000 cap_pa=0\n" END,
		{"process.capset", "process.capabilities.full=[true]", "capabilities.effective=[CAP_SYS_ADMIN]"}, NULL},
	{"the default set is not full", CALL("126", "success=yes exit=0")
		"type=CAPSET " STAMP "pid=42 cap_pi=0 cap_pp=00000000a80425fb cap_pe=0\n" END,
		{"process.capabilities.full=[false]", "capabilities.effective= "}, NULL},
	{"bind mount by runc", CALL("165", "success=yes exit=0 a0=1 a1=2 a2=3 a3=5000 items=2") CWD
		"type=PATH " STAMP "item=0 name=\"/proc/self/fd/6\" inode=1 mode=040755 nametype=NORMAL\n"
		"type=PATH " STAMP "item=1 name=\"/var/run/docker.sock\" inode=2 mode=0140660 nametype=NORMAL\n" END,
		{"file.mount ", "file.mount.bind=[true]", "file.mount.source=[/run/docker.sock]", "file.path=[/proc/self/fd/6]"}, NULL},
	{"a mount that binds nothing", CALL("165", "success=yes exit=0 a0=1 a1=2 a2=3 a3=8000 items=1")
		"type=PATH " STAMP "item=0 name=\"/tmp/cgrp\" nametype=NORMAL\n" END,
		{"file.mount.bind=[false]", "file.path=[/tmp/cgrp]", "file.mount.flags=[MS_SILENT]"}, "file.mount.source"},
	{"overlay shows its layers", CALL("165", "success=yes exit=0 a3=0 items=2")
		"type=PATH " STAMP "item=0 name=\"/m\" nametype=NORMAL\ntype=PATH " STAMP "item=1 name=\"/lower\" nametype=NORMAL\n" END,
		{"file.path=[/m]"}, "file.mount.source"},
	{"written", CALL("257", "success=yes exit=3 a0=ffffff9c a1=2 a2=241 a3=1b6 items=1") CWD
		"type=PATH " STAMP "item=0 name=\"../x/./release_agent\" mode=0100644 nametype=NORMAL\n" END,
		{"file.modify", "file.path=[/root/x/release_agent]", "file.name=[release_agent]", "file.mode=[0644]"}, NULL},
	{"made", CALL("257", "success=yes exit=3 a0=ffffffffffffff9c a2=241 items=2") CWD
		"type=PATH " STAMP "item=0 name=\"/root/docs\" nametype=PARENT\ntype=PATH " STAMP "item=1 name=\"new\" nametype=CREATE\n" END,
		{"file.create", "file.path=[/root/docs/new]", "file.directory=[/root/docs]"}, "file.path=[/root/docs] "},
	{"opened to read", CALL("257", "success=yes exit=3 a0=ffffff9c a2=80000 items=1") CWD
		"type=PATH " STAMP "item=0 name=\"/etc/passwd\" nametype=NORMAL\n" END, {"file.open", "file.path=[/etc/passwd]"}, NULL},
	{"relative to another folder", CALL("257", "success=yes exit=3 a0=5 a2=1 items=1") CWD
		"type=PATH " STAMP "item=0 name=\"release_agent\" nametype=NORMAL\n" END,
		{"file.modify", "file.name=[release_agent]"}, "file.path"},
	{"openat2", CALL("437", "success=yes exit=3 a0=ffffff9c items=1") "type=OPENAT2 " STAMP "oflag=02000001 mode=0 resolve=0x0\n" CWD
		"type=PATH " STAMP "item=0 name=\"/f\" nametype=NORMAL\n" END, {"file.modify"}, NULL},
	{"deleted", CALL("87", "success=yes exit=0 items=2") CWD "type=PATH " STAMP "item=0 name=\"/tmp\" nametype=PARENT\n"
		"type=PATH " STAMP "item=1 name=\"/tmp/a\" nametype=DELETE\n" END, {"file.delete", "file.path=[/tmp/a]"}, "file.path=[/tmp] "},
	{"renamed over another", CALL("82", "success=yes exit=0 items=5") CWD
		"type=PATH " STAMP "item=0 name=\"/tmp/\" nametype=PARENT\ntype=PATH " STAMP "item=1 name=\"/tmp/\" nametype=PARENT\n"
		"type=PATH " STAMP "item=2 name=\"/tmp/a\" nametype=DELETE\ntype=PATH " STAMP "item=3 name=\"/tmp/b\" nametype=DELETE\n"
		"type=PATH " STAMP "item=4 name=\"/tmp/b\" nametype=CREATE\n" END,
		{"file.rename", "file.path=[/tmp/a] file.target_path=[/tmp/b]"}, "file.path=[/tmp/b]"},
	{"symlink", CALL("88", "success=yes exit=0 items=3") CWD "type=PATH " STAMP "item=0 name=\"./\" nametype=PARENT\n"
		"type=PATH " STAMP "item=1 name=\"target\" nametype=UNKNOWN\ntype=PATH " STAMP "item=2 name=\"link\" nametype=CREATE\n" END,
		{"file.link", "file.path=[/root/docs/link] file.target_path=[/root/docs/target]"}, NULL},
	{"chmod", CALL("90", "success=yes exit=0 a1=9ed items=1") CWD
		"type=PATH " STAMP "item=0 name=\"s\" mode=0100644 nametype=NORMAL\n" END, {"file.chmod", "file.mode=[4755]"}, NULL},
	{"module", CALL("313", "success=yes exit=0") "type=KERN_MODULE " STAMP "name=\"evil\"\n" END,
		{"driver.load", "driver.name=[evil]"}, NULL},
	{"namespaces", CALL("308", "success=yes exit=0 a0=3 a1=20000") END, {"process.setns", "namespaces.flags=[mnt]"}, NULL},
	{"any namespace", CALL("308", "success=yes exit=0 a0=3 a1=0") END, {"process.setns"}, "namespaces.flags"},
	{"unshare", CALL("272", "success=yes exit=0 a0=6c020000") END, {"process.unshare", "[mnt][uts][ipc][pid][net]"}, NULL},
	{"ptrace", CALL("101", "success=yes exit=0 a0=10") END, {"process.ptrace", "ptrace.request=[PTRACE_ATTACH]"}, NULL},
	{"some other call", CALL("39", "success=yes exit=0") END, {"process.other"}, NULL},
	{"an exit", CALL("231", "a0=1f") , {"process.exit", "process.exit_code=[31]"}, "event.outcome"},
	{"a login", "type=USER_LOGIN " STAMP "pid=9 uid=0 auid=1000 ses=4 msg='op=login acct=\"ann\" exe=\"/usr/sbin/sshd\" "
		"hostname=? addr=10.0.0.9 terminal=ssh res=failed'\n",
		{"authentication.login", "event.outcome=[failure]", "source.ip=[10.0.0.9]", "user.name=[ann]"}, NULL},
	{"sudo", "type=USER_CMD " STAMP "pid=9 uid=1000 auid=1000 ses=4 msg='cwd=\"/\" cmd=6964202D75 terminal=pts/0 res=success'\n",
		{"process.other", "process.command_line=[id -u]", "process.working_directory=[/]"}, NULL},
	{"a new user", "type=ADD_USER " STAMP "pid=9 uid=0 auid=1000 ses=4 msg='op=add-user acct=\"bob\" res=success'\n",
		{"iam.create", "user.name=[bob]"}, NULL},
	{"the rest", "type=DAEMON_START " STAMP "op=start ver=3.0 res=success\n", {"log.other", "event.outcome=[success]"}, NULL},
	{"a host", "node=web1 type=DAEMON_START " STAMP "op=start\n", {"host.name=[web1]"}, NULL},
};

static void test_records(void)
{
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct reading r;
		reading_of(&r, "auditd", "auditd", records[i].log);
		CHECK_LONG(r.ledger.events, 1);
		for (size_t k = 0; k < 4 && records[i].expected[k]; k++)
			CHECK_CONTAINS(r.events, records[i].expected[k]);
		if (records[i].absent && text_contains(r.events, text_of(records[i].absent), false)) {
			printf("  %s: %.*s holds %s\n", records[i].name, TEXT_ARGS(r.events), records[i].absent);
			CU_FAIL("a field is there that must be missing");
		}
		reading_end(&r);
	}
}

static void test_grouping(void)
{
	struct reading r;
	/* Two events that interleave come in the order of their beginnings, though the second ends first. */
	reading_of(&r, "auditd", "auditd",
		"type=SYSCALL msg=audit(10.1:1): arch=c000003e syscall=59 success=yes pid=1\n"
		"type=SYSCALL msg=audit(10.1:2): arch=c000003e syscall=59 success=yes pid=2\n"
		"type=PROCTITLE msg=audit(10.1:2): proctitle=\"b\"\n"
		"type=EOE msg=audit(10.1:2): \n"
		"type=PROCTITLE msg=audit(10.1:1): proctitle=\"a\"\n"
		"type=EOE msg=audit(10.1:1): \n");
	CU_ASSERT(reading_counts(&r, 2, 2, 4, 0, 0));
	CU_ASSERT(text_starts(r.events, TEXT("1 process.exec"), false));
	CHECK_CONTAINS(r.events, "\n2 process.exec");
	reading_end(&r);
	/* The same serial of another node, or at another time, is another event. */
	reading_of(&r, "auditd", "auditd",
		"node=a type=SYSCALL msg=audit(10.1:1): arch=c000003e syscall=59 pid=1\n"
		"node=b type=SYSCALL msg=audit(10.1:1): arch=c000003e syscall=59 pid=2\n"
		"node=a type=SYSCALL msg=audit(10.2:1): arch=c000003e syscall=59 pid=3\n");
	CU_ASSERT(reading_counts(&r, 3, 3, 0, 0, 0));
	reading_end(&r);
	/* Two seconds later an event without an end has ended: what comes then begins a new one. */
	reading_of(&r, "auditd", "auditd",
		"type=CONFIG_CHANGE msg=audit(10.9:1): op=set\n"
		"type=CONFIG_CHANGE msg=audit(11.9:2): op=set\n"
		"type=CWD msg=audit(10.9:1): cwd=\"/\"\n"
		"type=CONFIG_CHANGE msg=audit(12.0:3): op=set\n"
		"type=CWD msg=audit(10.9:1): cwd=\"/\"\n");
	CU_ASSERT(reading_counts(&r, 4, 4, 1, 0, 0));
	reading_end(&r);
	/* An old kernel's LOGIN: who it was before is another question. */
	reading_of(&r, "auditd", "auditd", "type=LOGIN msg=audit(10.9:1): login pid=13 uid=0 old auid=4294967295 new auid=500 old ses=1 new ses=7\n");
	CHECK_CONTAINS(r.events, "user.audit.id=[500]");
	CHECK_CONTAINS(r.events, "session.id=[7]");
	reading_end(&r);
	/* LOGIN is no event of its own. */
	reading_of(&r, "auditd", "auditd",
		"type=LOGIN msg=audit(10.9:1): pid=5 uid=0 old-auid=4294967295 auid=1000 ses=7 res=1\n"
		"type=SYSCALL msg=audit(10.9:1): arch=c000003e syscall=1 success=yes pid=5 exe=\"/usr/sbin/cron\"\n"
		"type=PROCTITLE msg=audit(10.9:1): proctitle=\"cron\"\n");
	CU_ASSERT(reading_counts(&r, 1, 1, 2, 0, 0));
	CHECK_CONTAINS(r.events, "session.other");
	CHECK_CONTAINS(r.events, "session.id=[7]");
	CHECK_CONTAINS(r.events, "process.name=[cron]");
	reading_end(&r);
}

/* What an enriched log adds, as syslog daemons write it; and records whose heads are read by the memory of the last. */
static void test_wrapped(void)
{
	struct reading r;
	reading_of(&r, "auditd", "auditd",
		"Nov 10 07:48:16 web1 audispd: type=SYSCALL msg=audit(10.1:1): arch=c000003e syscall=59 success=yes pid=1 euid=0 "
		"key=\"k\"#035ARCH=x86_64 SYSCALL=execve EUID=\"root\"\n"
		"Nov 10 07:48:16 web1 audispd: type=EXECVE msg=audit(10.1:1): argc=2 a0=\"a\" a1=\"#035x\"\n"
		"Nov 10 07:48:16 web2 audispd: type=SYSCALL msg=audit(10.1:1): arch=c000003e syscall=59 success=yes pid=2\n"
		"type=1300 audit(10.1:1): arch=c000003e syscall=59 success=yes pid=3\n"
		"[   12.345678] audit: type=1309 audit(10.1:1): argc=1 a0=\"c\"\n"
		"Nov 10 07:48:16 web1 audispd: type=PROCTITLE msg=audit(10.1:1): proctitle=\"a\"\n");
	CU_ASSERT(reading_counts(&r, 3, 3, 3, 0, 0));
	CHECK_CONTAINS(r.events, "audit.key=[k]");
	CHECK_CONTAINS(r.events, "user.name=[root]");
	CHECK_CONTAINS(r.events, "process.args=[a][#035x]");
	CHECK_CONTAINS(r.events, "process.args=[c]");
	CHECK_CONTAINS(r.events, "host.name=[web2]");
	reading_end(&r);
}

/* What no detection asks for is passed over, parents among paths too, once one was seen; but not where a second SYSCALL record
 * says that the call is another one. */
static void test_passed_over(void)
{
#define TAIL " cap_fp=0 cap_fi=0\n"
#define MADE(stamp, name) \
	"type=SYSCALL msg=audit(" stamp "): arch=c000003e syscall=257 success=yes a0=ffffff9c a2=241 pid=1\n" \
	"type=CWD msg=audit(" stamp "): cwd=\"/root\"\n" \
	"type=PATH msg=audit(" stamp "): item=0 name=\"/root/\" inode=1 nametype=PARENT" TAIL \
	"type=PATH msg=audit(" stamp "): item=1 name=\"" name "\" inode=2 nametype=CREATE" TAIL "type=PROCTITLE msg=audit(" stamp "): proctitle=\"x\"\n"
	static const char log[] = MADE("10.001:7", "a") MADE("10.001:8", "b")
		"type=SYSCALL msg=audit(10.002:9): arch=c000003e syscall=87 success=yes a0=1 pid=1\n"
		"type=PATH msg=audit(10.002:9): item=0 name=\"/m/\" inode=1 nametype=PARENT" TAIL
		"type=PATH msg=audit(10.002:9): item=1 name=\"/dev/b\" inode=1 nametype=NORMAL" TAIL
		"type=PATH msg=audit(10.002:9): item=2 name=\"/dev/c\" inode=1 nametype=NORMAL" TAIL
		"type=SYSCALL msg=audit(10.002:9): arch=c000003e syscall=165 success=yes a0=1 pid=1\n"
		"type=PROCTITLE msg=audit(10.002:9): proctitle=\"x\"\n" MADE("11.001:12", "/root/c") MADE("11.001:13", "d");
	static const char *const asked[] = {"file.path", "file.mount.source"};
	static const char *const expected[] = {"file.path=[/root/a]", "file.path=[/root/b]", "file.path=[/root/c]", "file.path=[/root/d]",
		"file.create @1970-01-01T00:00:11.001Z"};
	/* Who asks for all paths has parts of the one call, who does not the ends of the other. */
	static const char *const twice[] = {"file.mount.source=[/dev/b] file.path=[/m]", "file.path=[/dev/c]"};
	for (int all = 0; all < 2; all++) {
		struct reading r;
		reading_begin(&r, "auditd");
		const struct registry *registry = &r.catalog.registry;
		uint8_t *wanted = arena_array(&r.arena, registry->field_count, 1);
		for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
			wanted[registry_field(registry, text_of(asked[i]))] = 1;
		r.options.wanted = all ? NULL : wanted;
		reading_run(&r, "auditd", text_of(log));
		CU_ASSERT(reading_counts(&r, 5, 5, 21, 0, 0));
		for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
			CHECK_CONTAINS(r.events, expected[i]);
		CHECK_CONTAINS(r.events, twice[all]);
		reading_end(&r);
	}
#undef MADE
#undef TAIL
}

/* Lines that lie across the blocks in which files are read. */
static void test_blocks(void)
{
	struct buffer log = {0};
	struct reading r;
	enum { EVENTS = 3000 };
	for (unsigned i = 0; i < EVENTS; i++)
		buffer_printf(&log, "type=SYSCALL msg=audit(10.%03u:%u): arch=c000003e syscall=59 success=yes exit=0 pid=%u exe=\"/bin/%0*u\"\n"
			"type=EXECVE msg=audit(10.%03u:%u): argc=1 a0=\"x%u\"\ntype=PROCTITLE msg=audit(10.%03u:%u): proctitle=\"x\"\n",
			i % 1000, i, i, (int)(i % 700), i, i % 1000, i, i, i % 1000, i);
	reading_begin(&r, "auditd");
	reading_run(&r, "auditd", buffer_view(&log));
	CU_ASSERT(reading_counts(&r, EVENTS, EVENTS, 2 * EVENTS, 0, 0));
	CHECK_LONG(r.ledger.unmapped, 0);
	reading_end(&r);
	buffer_free(&log);
}

static void test_account(void)
{
	struct reading r;
	reading_of(&r, "auditd", "auditd", "\n  \nnonsense\n" CALL("59", "success=yes") END "type=SYSCALL msg=?");
	CU_ASSERT(reading_counts(&r, 1, 1, 1, 2, 2));
	CHECK_LONG(r.ledger.first[0].line, 3);
	CHECK_CONTAINS(text_of(r.ledger.first[0].reason), "does not begin with type=");
	CHECK_LONG(r.ledger.first[1].line, 6);
	reading_end(&r);
	reading_begin(&r, "auditd");
	r.stop_after = 1;
	reading_run(&r, "auditd", text_of("type=USER_AUTH msg=audit(1.0:1): pid=1\ntype=USER_AUTH msg=audit(1.0:2): pid=1\n"));
	CHECK_LONG(r.status, 7);
	CHECK_LONG(r.taken, 1);
	reading_end(&r);
}

static int count_events(void *context, const struct audit_event *event)
{
	size_t *count = context;
	*count += event->count > 0;
	return 0;
}

/* Events that never end do not pile up. */
static void test_bounds(void)
{
	size_t count = 0;
	struct audit_events *events = audit_events_new(count_events, &count);
	struct audit_line line = {.type = TEXT("CONFIG_CHANGE"), .number = 1305, .seconds = 5, .body = TEXT("op=set")};
	enum audit_role role;
	for (uint64_t i = 0; i < 3 * AUDIT_OPEN_MAX; i++) {
		line.serial = i;
		audit_events_add(events, &line, i + 1, &role);
		CU_ASSERT_EQUAL(role, AUDIT_ROLE_FIRST);
	}
	CHECK_LONG(count, 2 * AUDIT_OPEN_MAX);
	audit_events_end(events);
	CHECK_LONG(count, 3 * AUDIT_OPEN_MAX);
	audit_events_free(events);
	/* Nor does one event grow without end. */
	struct arena arena = {0};
	count = 0;
	events = audit_events_new(count_events, &count);
	line.body = (struct text){arena_alloc(&arena, 1 << 20), 1 << 20};
	line.serial = 1;
	for (uint64_t i = 0; i < 40; i++)
		audit_events_add(events, &line, i + 1, &role);
	CHECK_LONG(count, 2);
	audit_events_free(events);
	arena_free(&arena);
}

static void test_names(void)
{
	CHECK_LONG(audit_type_number(TEXT("SYSCALL")), 1300);
	CHECK_LONG(audit_type_number(TEXT("NOPE")), 0);
	CHECK_TEXT(audit_type_name(1327), "PROCTITLE");
	CHECK_TEXT(audit_syscall_name(TEXT("x86_64"), 59), "execve");
	CHECK_TEXT(audit_syscall_name(TEXT("x86_64"), 0x40000000 + 42), "connect");
	CHECK_TEXT(audit_syscall_name(TEXT("i386"), 11), "execve");
	CHECK_TEXT(audit_syscall_name(TEXT("aarch64"), 452), "fchmodat2");
	CHECK_TEXT(audit_syscall_name(TEXT("x86_64"), 100000), "");
	CHECK_TEXT(audit_syscall_name(TEXT("vax"), 1), "");
	CHECK_TEXT(audit_arch_name(TEXT("c00000b7")), "aarch64");
	CHECK_TEXT(audit_arch_name(TEXT("0")), "");
	/* Every name of the table is found by the search in it: it is sorted. */
#define TYPE(value, name) CHECK_LONG(audit_type_number(TEXT(name)), value);
#include "catalog/audit_types.h"
#undef TYPE
}

void suite_audit(void);
void suite_audit(void)
{
	CU_pSuite suite = unit_suite("audit");
	UNIT_TEST(suite, test_lines);
	UNIT_TEST(suite, test_fields);
	UNIT_TEST(suite, test_records);
	UNIT_TEST(suite, test_grouping);
	UNIT_TEST(suite, test_wrapped);
	UNIT_TEST(suite, test_passed_over);
	UNIT_TEST(suite, test_blocks);
	UNIT_TEST(suite, test_account);
	UNIT_TEST(suite, test_bounds);
	UNIT_TEST(suite, test_names);
}
