/* engine_request: what engines are asked for, in each of the forms in which it is recorded. */
#include "tests/unit/reading.h"

static const struct {
	const char *name, *dialect, *json;
	const char *expected[6], *absent;
} cases[] = {
	{"no request", "docker-api", "{\"Image\": \"C:\\\\a.exe\", \"CommandLine\": \"a\"}", {NULL}, "container"},
	{"no call of an engine", "docker-api", "{\"method\": \"GET\", \"path\": \"/images/logo.png\"}", {NULL}, "api"},
	{"a bare request has its defaults", "docker-api", "{\"Image\": \"alpine\", \"HostConfig\": {\"NetworkMode\": \"default\"}}",
		{"container.create", "privileged=[false]", "container.mounts= ", "container.image.name=[alpine]", "container.restart_policy=[no]"},
		"container.command"},
	{"a bare request of which an image is all that is sure", "docker-api", "{\"Image\": \"alpine\", \"HostConfig\": {\"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/\", \"Target\": \"/h\"}]}}",
		{"container.create", "container.mounts=[/:/h:rw]"}, NULL},
	{"podman's, bare", "docker-api", "{\"image\": \"alpine\", \"pidns\": {\"nsmode\": \"host\"}}", {"container.runtime=[podman]", "namespaces.host=[pid]"}, NULL},
	{"an exec, bare", "docker-api", "{\"AttachStdout\": true, \"Cmd\": [\"sh\"], \"Privileged\": true}", {"container.exec", "privileged=[true]"}, NULL},
	{"a log that names an image", "docker-api", "{\"time\": \"x\", \"msg\": \"pulled\", \"image\": \"nginx:1\"}", {NULL}, "container"},
	{"a service of a swarm", "docker-api",
		"{\"method\": \"POST\", \"path\": \"/v1.43/services/create\", \"body\": {\"Name\": \"s\", \"TaskTemplate\": {\"Networks\": [{\"Target\": \"host\"}],"
		" \"RestartPolicy\": {\"Condition\": \"none\"}, \"ContainerSpec\": {\"Image\": \"alpine:3\", \"Args\": [\"id\"], \"CapabilityAdd\": [\"CAP_BPF\"],"
		" \"Privileges\": {\"Seccomp\": {\"Mode\": \"unconfined\"}, \"SELinuxContext\": {\"Type\": \"spc_t\"}},"
		" \"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/etc\", \"Target\": \"/h\", \"ReadOnly\": true}]}},"
		" \"EndpointSpec\": {\"Ports\": [{\"TargetPort\": 80, \"PublishedPort\": 8080}]}}}",
		{"container.mounts=[/etc:/h:ro]", "container.namespaces.host=[network]", "options=[seccomp=unconfined][label=type:spc_t]",
			"container.capabilities.added=[CAP_BPF]", "container.ports=[0.0.0.0:8080:80]", "container.restart_policy=[no]"}, NULL},
	{"a request by a proxy", "docker-api",
		"{\"method\": \"POST\", \"uri\": \"/v1.41/containers/create?name=box&platform=\", \"body\": {\"Image\": \"r.example:5000/a/b:2\", \"Cmd\": [\"sh\", \"-c\", \"id\"],"
		" \"HostConfig\": {\"Privileged\": true, \"Binds\": [\"/:/host:ro\", \"data:/d\"], \"PidMode\": \"host\", \"CapAdd\": [\"sys_admin\"]}}}",
		{"container.name=[box]", "container.mounts=[/:/host:ro][data:/d:rw]", "container.namespaces.host=[pid]",
			"container.capabilities.added=[CAP_SYS_ADMIN]", "container.command=[sh][-c][id]", "api.create"}, NULL},
	{"a body as text", "docker-api",
		"{\"method\": \"POST\", \"path\": \"/containers/create\", \"body\": \"{\\\"Image\\\": \\\"x\\\", \\\"HostConfig\\\": {\\\"Privileged\\\": true}}\"}",
		{"privileged=[true]"}, NULL},
	{"a body in base64, as a plugin has it", "docker-api",
		"{\"RequestMethod\": \"POST\", \"RequestUri\": \"/v1.41/containers/create?name=p\", \"User\": \"ci\", \"RequestBody\": "
		"\"eyJJbWFnZSI6ICJ4IiwgIkhvc3RDb25maWciOiB7IlByaXZpbGVnZWQiOiB0cnVlfX0=\"}",
		{"privileged=[true]", "container.name=[p]", "user.name=[ci]"}, NULL},
	{"no body at all", "docker-api", "{\"method\": \"POST\", \"uri\": \"/v1.41/containers/create\", \"body\": \"none\"}",
		{"container.create"}, "privileged"},
	{"a command in a container", "docker-api",
		"{\"method\": \"POST\", \"uri\": \"/v1.41/containers/web/exec\", \"body\": {\"Cmd\": [\"id\"], \"Privileged\": true, \"User\": \"0\", \"Env\": [\"A=b\"]}}",
		{"container.exec", "container.name=[web]", "privileged=[true]", "container.user=[0]", "container.environment=[A=b]"}, NULL},
	{"a container by its id", "docker-api", "{\"method\": \"POST\", \"uri\": \"/v1.41/containers/0123456789abcdef/start\"}",
		{"container.start", "container.id=[0123456789abcdef]"}, "container.name"},
	{"what only looks is no container", "docker-api", "{\"method\": \"GET\", \"uri\": \"/v1.41/containers/json?all=1\"}",
		{"api.list", "orchestrator.resource.type=[containers]"}, "container."},
	{"podman's own request", "docker-api",
		"{\"method\": \"POST\", \"uri\": \"/v4.0.0/libpod/containers/create\", \"body\": {\"image\": \"alpine:3\", \"name\": \"n\", \"privileged\": true,"
		" \"mounts\": [{\"destination\": \"/h\", \"source\": \"/\", \"type\": \"bind\", \"options\": [\"rbind\", \"ro\"]}, {\"destination\": \"/t\", \"source\": \"tmpfs\", \"type\": \"tmpfs\"}],"
		" \"volumes\": [{\"Name\": \"v\", \"Dest\": \"/v\"}], \"netns\": {\"nsmode\": \"host\"}, \"userns\": {}, \"cap_add\": [\"CAP_BPF\"], \"env\": {\"A\": \"1\"},"
		" \"devices\": [{\"path\": \"/dev/kvm:/dev/kvm:rw\"}], \"no_new_privileges\": true,"
		" \"portmappings\": [{\"container_port\": 80, \"host_port\": 8080}, {\"container_port\": 53, \"host_ip\": \"127.0.0.1\", \"host_port\": 53, \"protocol\": \"udp\"}]}}",
		{"container.mounts=[/:/h:ro][:/t:rw][v:/v:rw]", "container.namespaces.host=[network]", "container.ports=[0.0.0.0:8080:80][127.0.0.1:53:53/udp]",
			"container.devices=[/dev/kvm]", "escalation=[false]", "container.runtime=[podman]"}, NULL},
	{"inspected", "docker-inspect",
		"[{\"Id\": \"abc\", \"Name\": \"/box\", \"Created\": \"2026-01-02T03:04:05.678Z\", \"State\": {\"Pid\": 7}, \"Image\": \"sha256:1\","
		" \"Config\": {\"Image\": \"alpine:3\", \"Env\": [\"A=1\", \"B\"], \"Volumes\": {\"/v\": {}, \"/w\": {}}, \"Labels\": {\"a\": \"b\"}},"
		" \"HostConfig\": {\"Binds\": [\"/srv:/v\"], \"SecurityOpt\": [\"label=disable\", \"seccomp:unconfined\"], \"IpcMode\": \"host\","
		" \"PortBindings\": {\"80/tcp\": [{\"HostIp\": \"\", \"HostPort\": \"0\"}]}, \"RestartPolicy\": {\"Name\": \"on-failure\", \"MaximumRetryCount\": 2}}}]",
		{"@2026-01-02T03:04:05.678Z", "container.name=[box]", "container.mounts=[/srv:/v:rw][:/w:rw]", "options=[seccomp=unconfined]",
			"container.ports=[0.0.0.0::80]", "container.restart_policy=[on-failure:2]"}, "label=disable"},
	{"an image that is inspected", "docker-inspect", "[{\"Id\": \"sha256:1\", \"RepoTags\": [\"a:1\"], \"Config\": {\"Image\": \"x\"}}]", {NULL}, "container"},
	{"a list says nothing of what it leaves out", "docker-inspect",
		"[{\"Id\": \"abc\", \"Names\": [\"/box\"], \"Image\": \"i\", \"ImageID\": \"sha256:2\", \"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/var/run/docker.sock\","
		" \"Destination\": \"/s\", \"RW\": false}], \"HostConfig\": {\"NetworkMode\": \"host\"}}]",
		{"container.name=[box]", "container.mounts=[/run/docker.sock:/s:ro]", "container.namespaces.host=[network]"}, "privileged"},
	{"what the kubelet asked for", "docker-inspect",
		"{\"status\": {\"id\": \"c1\", \"metadata\": {\"name\": \"web\"}, \"image\": {\"image\": \"nginx:1\"}, \"createdAt\": \"2026-01-02T03:04:05Z\"},"
		" \"info\": {\"config\": {\"metadata\": {\"name\": \"web\"}, \"mounts\": [{\"container_path\": \"/h\", \"host_path\": \"/\", \"readonly\": true}],"
		" \"envs\": [{\"key\": \"A\", \"value\": \"1\"}], \"linux\": {\"security_context\": {\"privileged\": true, \"namespace_options\": {\"network\": 2, \"pid\": 1},"
		" \"capabilities\": {\"add_capabilities\": [\"NET_ADMIN\"]}}}}, \"runtimeSpec\": {}}}",
		{"container.id=[c1]", "container.mounts=[/:/h:ro]", "container.namespaces.host=[network]", "privileged=[true]",
			"container.capabilities.added=[CAP_NET_ADMIN]", "container.environment=[A=1]"}, NULL},
	{"a bundle", "docker-api",
		"{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"rootfs\", \"readonly\": true}, \"process\": {\"args\": [\"sh\"], \"user\": {\"uid\": 0},"
		" \"noNewPrivileges\": true, \"capabilities\": {\"bounding\": [\"CAP_CHOWN\", \"CAP_SYS_ADMIN\"]}},"
		" \"mounts\": [{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}, {\"destination\": \"/h\", \"type\": \"bind\", \"source\": \"/\", \"options\": [\"rbind\"]}],"
		" \"linux\": {\"namespaces\": [{\"type\": \"mount\"}, {\"type\": \"network\"}, {\"type\": \"ipc\", \"path\": \"/proc/1/ns/ipc\"}]}}",
		{"container.mounts=[/:/h:rw]", "container.namespaces.host=[pid][ipc][uts]", "container.capabilities.added=[CAP_SYS_ADMIN]",
			"escalation=[false]", "read_only_root=[true]", "options=[seccomp=unconfined]"}, NULL},
	{"nonsense where members stand", "docker-inspect",
		"{\"Id\": \"a\", \"State\": {\"Pid\": 1}, \"Config\": {\"Image\": \"i\", \"Env\": 7, \"Cmd\": {\"a\": []}, \"Labels\": [1, {}]},"
		" \"HostConfig\": {\"Binds\": {\"a\": 1}, \"Mounts\": [1, [], {}], \"PortBindings\": {\"80\": 3, \"81\": [7]}, \"Devices\": \"x\", \"Privileged\": \"maybe\"}}",
		{"container.image.name=[i]", "privileged=[false]"}, NULL},
};

static void test_forms(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		reading_of(&r, "json", cases[i].dialect, cases[i].json);
		CHECK_LONG(r.ledger.rejected, 0);
		for (size_t k = 0; k < 6 && cases[i].expected[k]; k++) {
			if (!text_contains(r.events, text_of(cases[i].expected[k]), false))
				printf("  %s:\n%.*s\n", cases[i].name, TEXT_ARGS(r.events));
			CHECK_CONTAINS(r.events, cases[i].expected[k]);
		}
		if (cases[i].absent && text_contains(r.events, text_of(cases[i].absent), false)) {
			printf("  %s: %.*s holds %s\n", cases[i].name, TEXT_ARGS(r.events), cases[i].absent);
			CU_FAIL("something is there that must be missing");
		}
		reading_end(&r);
	}
}

/* Only what somebody asks for is made, and the rest of it when it is shown. */
static void test_wanted(void)
{
	struct reading r;
	reading_begin(&r, "docker-api");
	uint8_t *wanted = arena_array(&r.arena, r.catalog.registry.field_count, 1);
	wanted[registry_field(&r.catalog.registry, TEXT("container.mounts"))] = 1;
	r.options.wanted = wanted;
	reading_run(&r, "json", TEXT("{\"Image\": \"x\", \"HostConfig\": {\"Binds\": [\"/:/h\"], \"Privileged\": true}}"));
	CHECK_CONTAINS(r.events, "container.mounts=[/:/h:rw]");
	CU_ASSERT_FALSE(text_contains(r.events, TEXT("privileged"), false));
	reading_end(&r);
}

static void test_events(void)
{
	struct reading r;
	reading_of(&r, "json", "docker-events",
		"{\"status\":\"exec_start: sh -c id\",\"id\":\"ab\",\"from\":\"alpine:3\",\"Type\":\"container\",\"Action\":\"exec_start: sh -c id\",\"Actor\":{\"ID\":\"ab\",\"Attributes\":{\"image\":\"alpine:3\",\"name\":\"box\"}},\"time\":7,\"timeNano\":7000000009}\n"
		"{\"Type\":\"image\",\"Action\":\"pull\",\"Actor\":{\"ID\":\"alpine:3\",\"Attributes\":{\"name\":\"alpine\"}},\"time\":8}\n"
		"{\"status\":\"die\",\"id\":\"ab\",\"from\":\"alpine\",\"time\":9}\n");
	CHECK_CONTAINS(r.events, "1 container.exec @1970-01-01T00:00:07.000000009Z");
	CHECK_CONTAINS(r.events, "container.command=[sh][-c][id]");
	CHECK_CONTAINS(r.events, "event.reported_action=[exec_start]");
	CHECK_CONTAINS(r.events, "2 api.create @1970-01-01T00:00:08Z");
	CHECK_CONTAINS(r.events, "orchestrator.resource.type=[image]");
	CHECK_CONTAINS(r.events, "3 container.stop");
	reading_end(&r);
	reading_of(&r, "json", "docker-events",
		"{\"ID\":\"cd\",\"Image\":\"docker.io/library/alpine:3\",\"Name\":\"box\",\"Status\":\"died\",\"Time\":\"2026-01-02T03:04:05+01:00\",\"Type\":\"container\",\"ContainerExitCode\":3,\"Attributes\":null}\n");
	CHECK_CONTAINS(r.events, "1 container.stop @2026-01-02T02:04:05Z container.id=[cd] container.image.name=[docker.io/library/alpine]");
	CHECK_CONTAINS(r.events, "process.exit_code=[3]");
	reading_end(&r);
}

void suite_engine_request(void);
void suite_engine_request(void)
{
	CU_pSuite suite = unit_suite("engine_request");
	UNIT_TEST(suite, test_forms);
	UNIT_TEST(suite, test_wanted);
	UNIT_TEST(suite, test_events);
}
