/* compose: what services inherit and what stands beside their file. */
#include "tests/unit/reading.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name, *content;
	uint64_t events;
	const char *expected[5], *absent;
} cases[] = {
	{"what is said nearer counts, in its place", "services:\n  a: {image: i, volumes: [\"/x:/d\", \"/y:/e\"], environment: [A=1, B=2], labels: {l: 1}, cap_add: [ALL]}\n"
		"  b: {extends: a, volumes: [\"/z:/d:ro\"], environment: {A: 3}, labels: [l=2], cap_add: [all, BPF]}\n", 2,
		{"mounts=[/z:/d:ro][/y:/e:rw]", "environment=[A=3][B=2]", "labels=[l=2]", "added=[ALL][CAP_BPF]"}, NULL},
	{"override and reset", "services:\n  a: {image: i, cap_add: [BPF], ports: [\"80:80\"], privileged: true}\n"
		"  b: {extends: a, cap_add: !override [CHOWN], ports: !reset [], privileged: !reset null}\n", 2,
		{"added=[CAP_CHOWN]", "container.ports= ", "privileged=[false]"}, NULL},
	{"a volume that is a bind", "volumes: {root: {driver_opts: {type: none, o: \"ro,bind\", device: /}}, plain: {driver_opts: {o: addr=x}}}\n"
		"services: {a: {image: i, volumes: [\"root:/h\", {type: volume, source: root, target: /i, read_only: true}, \"plain:/p\"]}}\n", 1,
		{"mounts=[/:/h:rw][/:/i:ro][plain:/p:rw]"}, NULL},
	{"secrets and configs that are files", "secrets: {s: {file: /etc/shadow}, e: {environment: X}}\nconfigs: {c: {file: ./c.conf}}\n"
		"services: {a: {image: i, secrets: [s, e, {source: s, target: /t}], configs: [c, {source: c, target: d}]}}\n", 1,
		{"mounts=[/etc/shadow:/run/secrets/s:ro][/etc/shadow:/t:ro][./c.conf:/c:ro][./c.conf:/d:ro]"}, NULL},
	{"long forms", "services:\n  a:\n    image: i\n    ports: [{target: 80, published: \"8080\", protocol: udp}, {target: 9}]\n    devices: [{source: /dev/kvm, target: /dev/kvm, permissions: rwm}]\n"
		"    volumes: [{type: image, source: other, target: /o}, {type: bind, source: /b, target: /b, bind: {create_host_path: false}}]\n", 1,
		{"container.ports=[0.0.0.0:8080:80/udp][0.0.0.0::9]", "container.devices=[/dev/kvm]", "mounts=[/b:/b:rw]"}, NULL},
	{"volumes of another service", "services:\n  a: {image: i, volumes: [\"/x:/x\", vol:/v]}\n  b: {image: i, volumes_from: [\"a:ro\"]}\n  c: {image: i, volumes_from: [\"container:x\"]}\n", 3,
		{"mounts=[/x:/x:ro][vol:/v:ro]", "4 container.create"}, NULL},
	{"hooks are commands in the container", "services:\n  a:\n    image: i\n    post_start:\n      - command: ./setup.sh\n        privileged: true\n        user: root\n", 2,
		{"5 container.exec", "container.command=[./setup.sh]", "privileged=[true]", "container.user=[root]"}, NULL},
	{"the engine's socket by a word", "services: {a: {image: i, use_api_socket: true}}\n", 1, {"mounts=[/run/docker.sock:/run/docker.sock:rw]"}, NULL},
	{"restart of a deployment", "services: {a: {image: i, deploy: {restart_policy: {condition: none}}}}\n", 1, {"restart_policy=[no]"}, NULL},
	{"a fragment has no defaults", "services: {a: {environment: [A=1]}}\n", 1, {"environment=[A=1]"}, "privileged"},
	{"a provider's service is no container", "services: {a: {provider: {type: model}}, b: {image: i}}\n", 1, {"name=[b]"}, "name=[a]"},
	{"the first format", "web:\n  image: nginx\n  privileged: true\ndb:\n  build: .\n", 2, {"1 container.create", "privileged=[true]", "4 container.create"}, NULL},
	{"other YAML is none", "a: {b: 1}\nc: {image: x}\n", 0, {NULL}, NULL},
	{"labels without a value, credentials", "services: {a: {image: i, labels: [x], credential_spec: {file: c.json}}}\n", 1,
		{"labels=[x=]", "options=[credentialspec=file://c.json]"}, NULL},
	{"more than the file says", "services: {a: {image: i, env_file: .env}, b: {image: i, env_file: x, environment: [A=1]}}\n", 2, {"environment=[A=1]"}, "environment= "},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		reading_of(&r, "compose", NULL, cases[i].content);
		CHECK_LONG(r.ledger.events, cases[i].events);
		CHECK_LONG(r.ledger.rejected, 0);
		for (size_t k = 0; k < 5 && cases[i].expected[k]; k++) {
			if (!text_contains(r.events, text_of(cases[i].expected[k]), false))
				printf("  %s:\n%.*s\n", cases[i].name, TEXT_ARGS(r.events));
			CHECK_CONTAINS(r.events, cases[i].expected[k]);
		}
		if (cases[i].absent)
			CU_ASSERT_FALSE(text_contains(r.events, text_of(cases[i].absent), false));
		reading_end(&r);
	}
}

static void put_file(struct arena *arena, const char *folder, const char *name, const char *content)
{
	FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(content, file);
	fclose(file);
}

static void test_files(void)
{
	struct reading r;
	char folder[] = "/tmp/mews-compose-XXXXXX";
	static const char *const names[] = {"compose.yaml", ".env", "base.yaml", "sub/more.yaml", "sub/deep.yaml", "broken.yaml"};
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	reading_begin(&r, NULL);
	mkdir(arena_printf(&r.arena, "%s/sub", folder), 0700);
	put_file(&r.arena, folder, "compose.yaml",
		"include:\n  - ./sub/more.yaml\n  - {path: [nowhere.yaml, broken.yaml]}\nservices:\n"
		"  a: {extends: {file: base.yaml, service: b}, environment: [FROM_ENV, NOT_THERE], volumes: [\"${SOCKET}:/s\", \"${EMPTY:-/e}:/e\", \"${SOCKET:+/p}:/p\"]}\n"
		"  c: {extends: {file: nowhere.yaml, service: b}, image: i}\n"
		"  d: {extends: {file: /dev/zero, service: b}, image: i}\n");
	put_file(&r.arena, folder, ".env", "# settings\nexport SOCKET=\"/var/run/docker.sock\"\nEMPTY=\nFROM_ENV=x y # and no more\nbad line\n1=2\n");
	put_file(&r.arena, folder, "base.yaml", "services:\n  b: {image: base, privileged: true, extends: {file: sub/deep.yaml, service: deep}}\n");
	put_file(&r.arena, folder, "sub/more.yaml", "services: {more: {image: m, extends: {file: deep.yaml, service: deep}}}\ninclude: [../compose.yaml, more.yaml]\n");
	put_file(&r.arena, folder, "sub/deep.yaml", "services: {deep: {cap_add: [BPF]}}\n");
	put_file(&r.arena, folder, "broken.yaml", "services: [\n");
	reading_file(&r, "compose", arena_printf(&r.arena, "%s/compose.yaml", folder));
	CHECK_CONTAINS(r.events, "2 container.create");
	CHECK_CONTAINS(r.events, "container.name=[more]");
	CHECK_CONTAINS(r.events, "container.image.name=[base]");
	CHECK_CONTAINS(r.events, "container.mounts=[/run/docker.sock:/s:rw][/e:/e:rw][/p:/p:rw]");
	CHECK_CONTAINS(r.events, "container.environment=[FROM_ENV=x y]");
	CHECK_CONTAINS(r.events, "privileged=[true]");
	CHECK_CONTAINS(r.events, "added=[CAP_BPF]");
	/* What it stands on cannot be read: nothing is false by being left out. */
	CHECK_CONTAINS(r.events, "6 container.create @- container.image.name=[i] container.name=[c] container.runtime=[docker] orch");
	CHECK_CONTAINS(r.events, "7 container.create @- container.image.name=[i] container.name=[d] container.runtime=[docker] orch");
	reading_end(&r);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		CHECK_LONG(unlink(path), 0);
	}
	char sub[128];
	snprintf(sub, sizeof sub, "%s/sub", folder);
	CHECK_LONG(rmdir(sub), 0);
	CHECK_LONG(rmdir(folder), 0);
}

void suite_compose(void);
void suite_compose(void)
{
	CU_pSuite suite = unit_suite("compose");
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_files);
}
