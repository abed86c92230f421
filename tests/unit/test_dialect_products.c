/* dialect_products: what the shipped dialects make of events as the products write them. */
#include "replay/readers/dialect_choice.h"
#include "tests/unit/reading.h"

struct product_case {
	const char *name, *format, *dialect, *record;
	const char *expected[8]; /* all of them, in the events */
};

static const struct product_case cases[] = {
	/* laurel */
	{"laurel: exec", "json", "laurel",
		"{\"ID\":\"1700000000.250:7\",\"NODE\":\"n1\",\"SYSCALL\":{\"arch\":\"0xc000003e\",\"syscall\":59,\"success\":\"yes\",\"exit\":0,\"ppid\":1,\"pid\":2,"
		"\"auid\":1000,\"uid\":1000,\"euid\":0,\"ses\":4294967295,\"tty\":\"(none)\",\"comm\":\"sh\",\"exe\":\"/usr/bin/dash\",\"key\":\"k\",\"ARGV\":[\"0x1\",\"0x2\"],"
		"\"PID\":{\"container\":{\"id\":\"abc\"}},\"SPAWNED_BY\":{\"exe\":\"/usr/bin/runc\"}},"
		"\"EXECVE\":{\"argc\":3,\"ARGV\":[\"sh\",\"-c\",\"id; ls\"]},\"CWD\":{\"cwd\":\"/\"}}\n",
		{"1 process.exec @2023-11-14T22:13:20.250Z", "audit.a1=[2]", "container.id=[abc]", "host.name=[n1]", "process.args=[sh][-c][id; ls]",
			"process.in_container=[true]", "process.parent.name=[runc]", "user.audit.id=[1000] user.id=[0]"}},
	{"laurel: the call by its name, a relative path", "json", "laurel",
		"{\"ID\":\"1.0:1\",\"SYSCALL\":{\"SYSCALL\":\"openat\",\"success\":\"no\",\"exit\":-13,\"pid\":2,\"a2\":\"0x241\"},\"CWD\":{\"cwd\":\"/home/u\"},"
		"\"PATH\":[{\"item\":0,\"name\":\"../x/\",\"nametype\":\"PARENT\"},{\"item\":1,\"name\":\"../x/y\",\"nametype\":\"NORMAL\",\"inode\":7,\"mode\":\"0o100644\"}]}\n",
		{"1 file.modify @", "event.outcome=[failure]", "file.directory=[/home/x]", "file.mode=[0644]", "file.path=[/home/x/y]"}},
	{"laurel: rename, connect in the background", "json", "laurel",
		"{\"ID\":\"1.0:1\",\"SYSCALL\":{\"SYSCALL\":\"rename\",\"success\":\"yes\",\"exit\":0,\"pid\":2},\"PATH\":[{\"name\":\"/a\",\"nametype\":\"DELETE\"},{\"name\":\"/b\",\"nametype\":\"CREATE\"}]}\n"
		"{\"ID\":\"1.0:2\",\"SYSCALL\":{\"SYSCALL\":\"connect\",\"success\":\"no\",\"exit\":-115,\"pid\":3},\"SOCKADDR\":[{\"SADDR\":{\"saddr_fam\":\"inet\",\"addr\":\"10.0.0.1\",\"port\":443}}]}\n"
		"{\"ID\":\"1.0:3\",\"SYSCALL\":{\"SYSCALL\":\"connect\",\"success\":\"yes\",\"exit\":0,\"pid\":3},\"SOCKADDR\":[{\"SADDR\":\"{ saddr_fam=local path=/var/run/docker.sock }\"}]}\n"
		"{\"ID\":\"1.0:4\",\"USER_LOGIN\":[{\"pid\":5,\"uid\":0,\"acct\":\"kim\",\"exe\":\"/usr/sbin/sshd\",\"addr\":\"10.0.0.9\",\"res\":\"failed\"}]}\n",
		{"1 file.rename @1970-01-01T00:00:01Z audit.exit=[0] audit.syscall=[rename]", "file.path=[/a] file.target_path=[/b]",
			"2 network.connect @1970-01-01T00:00:01Z audit.exit=[-115] audit.syscall=[connect] destination.address=[10.0.0.1] destination.ip=[10.0.0.1] destination.port=[443] network.type=[ipv4]",
			"destination.address=[/run/docker.sock] event.outcome=[success]", "4 authentication.login",
			"event.outcome=[failure] process.executable=[/usr/sbin/sshd]", "source.ip=[10.0.0.9] user.id=[0] user.name=[kim]"}},

	/* elastic */
	{"elastic: acts of memory, devices and the kernel", "json", "elastic",
		"{\"@timestamp\":\"2026-01-01T00:00:00Z\",\"data_stream\":{\"dataset\":\"endpoint.events.process\"},\"host\":{\"os\":{\"type\":\"linux\"}},\"event\":{\"category\":[\"process\"],\"type\":[\"start\"],\"action\":\"memfd_create\"},\"process\":{\"pid\":7,\"name\":\"x\",\"executable\":\"/tmp/x\"}}\n"
		"{\"@timestamp\":\"2026-01-01T00:00:01Z\",\"data_stream\":{\"dataset\":\"endpoint.events.process\"},\"host\":{\"os\":{\"type\":\"linux\"}},\"event\":{\"category\":[\"process\"],\"type\":[\"info\"],\"action\":\"process_vm_access\"},\"process\":{\"pid\":7,\"Ext\":{\"process_vm_access\":{\"operation\":\"process_vm_writev\"}},\"name\":\"x\",\"executable\":\"/tmp/x\"}}\n"
		"{\"@timestamp\":\"2026-01-01T00:00:02Z\",\"data_stream\":{\"dataset\":\"auditd_manager.auditd\"},\"event\":{\"module\":\"auditd\",\"category\":[\"process\"],\"type\":[\"info\"],\"action\":\"bpf\",\"outcome\":\"success\"},\"auditd\":{\"data\":{\"syscall\":\"bpf\"}},\"host\":{\"os\":{\"type\":\"linux\"}},\"process\":{\"pid\":7,\"executable\":\"/tmp/x\"}}\n"
		"{\"@timestamp\":\"2026-01-01T00:00:03Z\",\"data_stream\":{\"dataset\":\"auditd_manager.auditd\"},\"event\":{\"module\":\"auditd\",\"category\":[\"file\"],\"type\":[\"creation\"],\"action\":\"make-device\",\"outcome\":\"success\"},\"auditd\":{\"data\":{\"syscall\":\"mknodat\"}},\"host\":{\"os\":{\"type\":\"linux\"}},\"file\":{\"path\":\"/dev/x\"},\"process\":{\"pid\":7,\"executable\":\"/tmp/x\"}}\n",
		{"1 process.memfd_create @2026-01-01T00:00:00Z", "2 process.process_vm_write @", "3 process.bpf @", "4 file.mknod @", "file.path=[/dev/x]"}},

	/* tetragon */
	{"tetragon: exec", "json", "tetragon",
		"{\"process_exec\":{\"process\":{\"pid\":7,\"uid\":0,\"cwd\":\"/\",\"binary\":\"/bin/sh\",\"arguments\":\"-c \\\"curl x | sh\\\"\",\"auid\":4294967295,\"docker\":\"0123456789abcdef\","
		"\"pod\":{\"namespace\":\"ns\",\"name\":\"p\",\"container\":{\"id\":\"containerd://0123456789abcdef00\",\"name\":\"c\",\"image\":{\"name\":\"reg.example/app:1\"},\"pid\":1}},"
		"\"cap\":{\"permitted\":[\"CAP_SYS_ADMIN\",\"DAC_OVERRIDE\"]}},\"parent\":{\"pid\":1,\"binary\":\"/usr/bin/runc\",\"arguments\":\"init\"}},\"node_name\":\"n\",\"time\":\"2026-01-02T03:04:05.6Z\"}\n",
		{"1 process.exec @2026-01-02T03:04:05.600Z", "1 container.run @", "process.args=[/bin/sh][-c][curl x | sh]", "container.id=[0123456789abcdef00]",
			"container.image.name=[reg.example/app] container.image.tag=[1]", "container.runtime=[containerd]", "process.parent.command_line=[/usr/bin/runc init]",
			"process.thread.capabilities.permitted=[CAP_SYS_ADMIN][CAP_DAC_OVERRIDE]"}},
	{"tetragon: what policies hook", "json", "tetragon",
		"{\"process_kprobe\":{\"process\":{\"pid\":7,\"binary\":\"/bin/cat\",\"cwd\":\"/etc\"},\"function_name\":\"security_file_permission\",\"args\":[{\"file_arg\":{\"path\":\"/etc/shadow\"}},{\"int_arg\":4}],\"return\":{\"int_arg\":0}}}\n"
		"{\"process_kprobe\":{\"process\":{\"pid\":7,\"binary\":\"/bin/cat\",\"cwd\":\"/etc\"},\"function_name\":\"__x64_sys_openat\",\"args\":[{\"int_arg\":-100},{\"string_arg\":\"shadow\"}],\"return\":{\"int_arg\":-13}}}\n"
		"{\"process_kprobe\":{\"process\":{\"pid\":7,\"binary\":\"/bin/nc\"},\"function_name\":\"tcp_connect\",\"args\":[{\"sock_arg\":{\"family\":\"AF_INET\",\"protocol\":\"IPPROTO_TCP\",\"saddr\":\"10.0.0.1\",\"daddr\":\"10.0.0.2\",\"sport\":1,\"dport\":443}}]}}\n"
		"{\"process_kprobe\":{\"process\":{\"pid\":7,\"binary\":\"/bin/mount\"},\"function_name\":\"__x64_sys_mount\",\"args\":[{\"string_arg\":\"/dev/sda1\"},{\"string_arg\":\"/mnt\"}],\"action\":\"KPROBE_ACTION_OVERRIDE\"}}\n"
		"{\"process_exit\":{\"process\":{\"pid\":7,\"binary\":\"/bin/cat\"},\"status\":3}}\n",
		{"1 file.open @- event.outcome=[success]", "file.path=[/etc/shadow]", "2 file.open @- audit.syscall=[openat] event.outcome=[failure]",
			"3 network.connect @- destination.address=[10.0.0.2] destination.ip=[10.0.0.2] destination.port=[443]", "network.transport=[tcp]",
			"file.mount.source=[/dev/sda1] file.path=[/mnt]", "5 process.exit @-", "process.exit_code=[3] process.in_container=[false]"}},

	/* tracee */
	{"tracee", "json", "tracee",
		"{\"timestamp\":1767323045600000001,\"processId\":1,\"hostProcessId\":70,\"hostParentProcessId\":60,\"userId\":0,\"processName\":\"sh\",\"hostName\":\"h\",\"container\":{\"id\":\"abc\",\"name\":\"c\",\"image\":\"app:1\"},"
		"\"kubernetes\":{\"podName\":\"p\",\"podNamespace\":\"ns\"},\"eventName\":\"sched_process_exec\",\"returnValue\":0,\"args\":[{\"name\":\"pathname\",\"type\":\"const char*\",\"value\":\"/bin/ls\"},{\"name\":\"argv\",\"type\":\"const char**\",\"value\":[\"ls\",\"a b\"]},{\"name\":\"prev_comm\",\"value\":\"sh\"}]}\n"
		"{\"timestamp\":1,\"processName\":\"sh\",\"hostProcessId\":70,\"container\":{},\"eventName\":\"openat\",\"returnValue\":-13,\"args\":[{\"name\":\"pathname\",\"value\":\"/etc/x\"},{\"name\":\"flags\",\"value\":\"O_RDWR|O_CREAT\"}]}\n"
		"{\"timestamp\":1,\"processName\":\"sh\",\"hostProcessId\":70,\"eventName\":\"security_file_open\",\"returnValue\":0,\"args\":[{\"name\":\"pathname\",\"value\":\"/etc/x\"},{\"name\":\"flags\",\"value\":\"O_RDONLY\"}]}\n"
		"{\"timestamp\":1,\"processName\":\"sh\",\"hostProcessId\":70,\"eventName\":\"connect\",\"returnValue\":-115,\"args\":[{\"name\":\"addr\",\"value\":{\"sa_family\":\"AF_INET\",\"sin_addr\":\"10.0.0.2\",\"sin_port\":\"443\"}}]}\n",
		{"1 process.exec @2026-01-02T03:04:05.600000001Z", "container.id=[abc] container.image.name=[app] container.image.tag=[1] container.name=[c] event.outcome=[success]",
			"process.args=[ls][a b]", "process.executable=[/bin/ls]", "2 file.modify @1970-01-01T00:00:00.000000001Z event.outcome=[failure]",
			"3 file.open @1970-01-01T00:00:00.000000001Z event.provider=[tracee]", "4 network.connect @1970-01-01T00:00:00.000000001Z destination.address=[10.0.0.2] destination.ip=[10.0.0.2] destination.port=[443] event.provider=[tracee]",
			"process.in_container=[false]"}},

	/* osquery */
	{"osquery", "json", "osquery",
		"{\"name\":\"pack_x_process_events\",\"hostIdentifier\":\"h\",\"unixTime\":1767323050,\"action\":\"added\",\"columns\":{\"pid\":\"7\",\"parent\":\"1\",\"path\":\"/bin/ls\",\"cmdline\":\"ls -l 'a b'\",\"cwd\":\"\\\"/tmp\\\"\",\"auid\":\"4294967295\",\"uid\":\"1000\",\"euid\":\"0\",\"time\":\"1767323045\"}}\n"
		"{\"name\":\"s\",\"hostIdentifier\":\"h\",\"unixTime\":5,\"action\":\"snapshot\",\"snapshot\":[{\"pid\":\"8\",\"parent\":\"1\",\"cmdline\":\"id\",\"path\":\"/bin/id\",\"time\":\"5\"},{\"action\":\"connect\",\"pid\":\"9\",\"path\":\"/bin/nc\",\"remote_address\":\"10.0.0.2\",\"remote_port\":\"443\",\"status\":\"failed\"}]}\n"
		"{\"name\":\"f\",\"hostIdentifier\":\"h\",\"unixTime\":6,\"diffResults\":{\"removed\":\"\",\"added\":[{\"target_path\":\"/etc/passwd\",\"action\":\"UPDATED\",\"uid\":\"0\"}]}}\n"
		"{\"name\":\"p\",\"hostIdentifier\":\"h\",\"unixTime\":7,\"action\":\"removed\",\"columns\":{\"pid\":\"7\",\"cmdline\":\"x\",\"parent\":\"1\"}}\n",
		{"1 process.exec @2026-01-02T03:04:05Z", "process.args=[ls][-l][a b]", "process.working_directory=[/tmp] user.id=[0]", "2 process.exec @1970-01-01T00:00:05Z",
			"2 network.connect @1970-01-01T00:00:05Z destination.address=[10.0.0.2] destination.ip=[10.0.0.2] destination.port=[443] event.outcome=[failure]",
			"3 file.modify @1970-01-01T00:00:06Z event.reported_action=[f] file.directory=[/etc] file.name=[passwd] file.path=[/etc/passwd] file.uid=[0]"}},

	/* auditbeat */
	{"auditbeat", "json", "auditbeat",
		"{\"@timestamp\":\"2026-01-02T03:04:05.6Z\",\"auditd\":{\"data\":{\"syscall\":\"execve\",\"argc\":\"2\",\"tty\":\"(none)\"},\"message_type\":\"syscall\",\"result\":\"success\",\"session\":\"unset\"},\"event\":{\"action\":\"executed\",\"module\":\"auditd\",\"category\":[\"process\"]},"
		"\"process\":{\"args\":[\"uname\",\"-a\"],\"executable\":\"/bin/uname\",\"pid\":7,\"ppid\":1},\"user\":{\"id\":\"1000\",\"effective\":{\"id\":\"0\"},\"audit\":{\"id\":\"1000\"}},\"tags\":[\"k\"]}\n"
		"{\"auditd\":{\"data\":{\"syscall\":\"renameat\"},\"message_type\":\"syscall\",\"result\":\"fail\",\"paths\":[{\"name\":\"a\",\"nametype\":\"DELETE\"},{\"name\":\"b\",\"nametype\":\"CREATE\"}]},\"file\":{\"path\":\"a\"},\"process\":{\"working_directory\":\"/w\"}}\n"
		"{\"auditd\":{\"data\":{\"acct\":\"kim\",\"terminal\":\"?\"},\"message_type\":\"user_auth\",\"result\":\"fail\"},\"user\":{\"id\":\"0\"}}\n"
		"{\"event\":{\"module\":\"system\",\"action\":\"existing_process\"},\"process\":{\"pid\":3}}\n"
		"{\"event\":{\"module\":\"file_integrity\",\"action\":[\"created\",\"updated\"]},\"file\":{\"path\":\"/etc/x\"}}\n",
		{"1 process.exec @2026-01-02T03:04:05.600Z", "audit.key=[k]", "process.args=[uname][-a]", "process.parent.pid=[1]", "user.id=[0]",
			"event.outcome=[failure] event.provider=[auditd] file.directory=[/w] file.name=[a] file.path=[/w/a] file.target_path=[/w/b]",
			"3 authentication.verify @- event.outcome=[failure] event.provider=[auditd] process.real_user.id=[0] user.id=[0] user.name=[kim]", "5 file.create"}},

	/* sysmon for Linux as forwarders write it */
	{"sysmon: XML in JSON, and winlog", "json", "sysmon",
		"{\"TimeGenerated\":\"2026-01-02T03:04:06Z\",\"SyslogMessage\":\"<Event><System><Provider Name=\\\"Linux-Sysmon\\\"/><EventID>1</EventID><TimeCreated SystemTime=\\\"2026-01-02T03:04:05.600000000Z\\\"/><Computer>h</Computer></System><EventData><Data Name=\\\"Image\\\">/bin/ls</Data><Data Name=\\\"ProcessId\\\">7</Data></EventData></Event>\"}\n"
		"{\"@timestamp\":\"2026-01-02T03:04:07Z\",\"winlog\":{\"provider_name\":\"Linux-Sysmon\",\"event_id\":\"11\",\"event_data\":{\"Image\":\"/bin/sh\",\"TargetFilename\":\"/tmp/x\"}}}\n"
		"{\"Event\":{\"System\":{\"Provider\":{\"@Name\":\"Linux-Sysmon\"},\"EventID\":\"3\"},\"EventData\":{\"Data\":[{\"@Name\":\"Initiated\",\"#text\":\"true\"},{\"@Name\":\"DestinationIp\",\"#text\":\"10.0.0.2\"}]}}}\n"
		"{\"Provider\":\"Microsoft-Windows-Sysmon\",\"EventID\":1,\"EventData\":\"{\\\"Image\\\":\\\"x.exe\\\"}\"}\n",
		{"1 process.exec @2026-01-02T03:04:05.600Z", "host.name=[h]", "process.executable=[/bin/ls] process.name=[ls] process.pid=[7]",
			"2 file.create @2026-01-02T03:04:07Z", "file.path=[/tmp/x]", "3 network.connect @- destination.address=[10.0.0.2] destination.ip=[10.0.0.2]"}},

	/* BETH */
	{"beth", "csv", "beth",
		"timestamp,processId,threadId,parentProcessId,userId,mountNamespace,processName,hostName,eventId,eventName,stackAddresses,argsNum,returnValue,args,sus,evil\n"
		"129.050634,382,382,1,101,4026532232,sh,h,59,execve,[],2,0,\"[{'name': 'pathname', 'type': 'const char*', 'value': '/bin/sh'}, {'name': 'argv', 'type': 'const char*const*', 'value': ['sh', '-c', \"\"echo 'x'\"\"]}]\",1,1\n"
		"130,382,382,1,101,4026532232,sh,h,42,connect,[],3,-115,\"[{'name': 'sockfd', 'type': 'int', 'value': 3}, {'name': 'addr', 'type': 'struct sockaddr*', 'value': {'sa_family': 'AF_INET', 'sin_port': '443', 'sin_addr': '10.0.0.2'}}]\",0,0\n"
		"131,382,382,1,101,4026532232,sh,h,257,openat,[],4,3,\"[{'name': 'pathname', 'type': 'const char*', 'value': 'rel'}, {'name': 'flags', 'type': 'int', 'value': 'O_WRONLY|O_CREAT'}]\",0,0\n",
		{"2 process.exec @1970-01-01T00:02:09.050634Z", "process.args=[sh][-c][echo 'x']", "event.outcome=[success]", "process.executable=[/bin/sh]",
			"3 network.connect @1970-01-01T00:02:10Z audit.syscall=[connect] destination.address=[10.0.0.2] destination.ip=[10.0.0.2] destination.port=[443] event.reported_action=[connect]",
			"network.type=[ipv4]", "4 file.modify @1970-01-01T00:02:11Z audit.syscall=[openat] event.outcome=[success] event.reported_action=[openat] file.name=[rel] host.name=[h]"}},

	/* falco */
	{"falco: an alert of a rule", "json", "falco",
		"{\"hostname\":\"h\",\"output\":\"text\",\"priority\":\"Warning\",\"rule\":\"R\",\"source\":\"syscall\",\"tags\":[\"a\"],\"time\":\"2026-01-02T03:04:05.600000000Z\",\"output_fields\":{\"evt.type\":\"execve\",\"proc.exepath\":\"/bin/sh\",\"user.uid\":0,\"container.id\":\"host\",\"proc.tty\":0}}\n"
		"{\"output\":\"k\",\"priority\":\"Notice\",\"rule\":\"K\",\"source\":\"k8s_audit\",\"time\":\"2026-01-02T03:04:05Z\",\"output_fields\":{\"ka.verb\":\"create\",\"ka.target.resource\":\"pods\",\"ka.user.name\":\"u\",\"ka.response.code\":\"403\"}}\n"
		"{\"output\":\"o\",\"priority\":\"Notice\",\"rule\":\"O\",\"time\":\"2026-01-02T03:04:05Z\",\"output_fields\":{\"proc.name\":\"x\"}}\n",
		{"1 process.exec @2026-01-02T03:04:05.600Z", "process.in_container=[false]", "user.id=[0]", "2 api.create @2026-01-02T03:04:05Z", "orchestrator.resource.type=[pods]",
			"event.outcome=[failure]", "3 log.other @2026-01-02T03:04:05Z log.level=[notice] message=[o] process.name=[x]"}},

	/* ecs, nested and dotted */
	{"ecs", "json", "ecs",
		"{\"@timestamp\":\"2026-01-02T03:04:05Z\",\"event\":{\"category\":[\"process\"],\"type\":[\"start\"],\"action\":\"exec\"},\"process\":{\"name\":\"ls\",\"args\":[\"ls\",\"-l\"],\"parent\":{\"pid\":1}}}\n"
		"{\"event.category\":\"file\",\"event.type\":\"deletion\",\"file.path\":\"/a/\",\"user.id\":0}\n"
		"{\"event\":{\"category\":[\"network\"],\"type\":[\"start\"],\"action\":\"connection_accepted\"},\"process\":{\"pid\":1}}\n",
		{"1 process.exec @2026-01-02T03:04:05Z process.args=[ls][-l] process.name=[ls] process.parent.pid=[1]", "2 file.delete @- file.path=[/a] user.id=[0]", "3 network.accept @- process.pid=[1]"}},
};

static void test_events(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		reading_of(&r, cases[i].format, cases[i].dialect, cases[i].record);
		for (size_t k = 0; k < 8 && cases[i].expected[k]; k++)
			CHECK_CONTAINS(r.events, cases[i].expected[k]);
		CHECK_LONG(r.ledger.rejected, 0);
		reading_end(&r);
	}
}

/* Each product's events are told from those of all others. */
static void test_choice(void)
{
	struct arena arena = {0};
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	CU_ASSERT_EQUAL_FATAL(catalog_load(&catalog, "rulesets", &d), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dialect_figures figures;
		const char *why = NULL;
		const struct dialect *dialect = dialect_choose(&catalog, reader_find(text_of(cases[i].format)), text_of(cases[i].record), NULL,
			&arena, &figures, &why);
		/* Elastic's documents are ECS's too: the dialect is named where its own words for acts count. */
		if (!text_is(text_of(cases[i].dialect), "elastic"))
			CHECK_TEXT(dialect ? dialect->name : text_of(why), cases[i].dialect);
	}
	diagnostics_free(&d);
	catalog_free(&catalog);
	arena_free(&arena);
}

void suite_dialect_products(void)
{
	CU_pSuite suite = unit_suite("dialect_products");
	UNIT_TEST(suite, test_events);
	UNIT_TEST(suite, test_choice);
}
