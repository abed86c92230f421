/* manifest: compose files and Kubernetes objects, their containers, defaults and faults. */
#include "replay/readers/compose_text.h"
#include "tests/unit/reading.h"

struct manifest_case {
	const char *name, *format, *content;
	uint64_t events;
	const char *expected[5], *absent;
};

static const struct manifest_case cases[] = {
	{"defaults", "compose", "services:\n  web:\n    image: nginx:1\n", 1,
		{"2 container.create", "privileged=[false]", "container.mounts= ", "container.capabilities.added= ", "namespaces.host= "}, "container.user"},
	{"all of it", "compose", "services:\n  a:\n    image: r.example:5000/x/y:2\n    container_name: c\n    privileged: true\n"
		"    cap_add: [SYS_ADMIN, all]\n    cap_drop: NET_RAW\n    pid: host\n    network_mode: \"host\"\n    ipc: shareable\n"
		"    user: \"1000:1000\"\n    read_only: true\n    restart: always\n    devices: [\"/dev/kvm:/dev/kvm:rw\"]\n"
		"    security_opt: [\"seccomp:unconfined\", \"no-new-privileges:true\"]\n", 1,
		{"capabilities.added=[CAP_SYS_ADMIN][ALL] container.capabilities.dropped=[CAP_NET_RAW]", "container.image.name=[r.example:5000/x/y]",
			"namespaces.host=[pid][network]", "allow_privilege_escalation=[false]",
			"options=[seccomp=unconfined][no-new-privileges=true]"}, NULL},
	{"volumes", "compose", "services:\n  a:\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n      - data:/data\n      - /anon\n"
		"      - ./src:/src:z\n      - {type: bind, source: /, target: /host, read_only: true}\n      - {type: tmpfs, target: /tmp}\n"
		"    tmpfs: /run:size=1m\n", 1,
		{"[/run/docker.sock:/run/docker.sock:ro][data:/data:rw][:/anon:rw][./src:/src:rw][/:/host:ro][:/tmp:rw][:/run:rw]"}, NULL},
	{"variables", "compose", "services:\n  a:\n    image: ${IMAGE:-alpine:3}\n    privileged: ${PRIVILEGED}\n    user: $USER\n"
		"    command: echo $$HOME\n    volumes: [\"${SOCK:-/var/run/docker.sock}:/s\", \"${DATA}:/d\"]\n    environment: {A: \"${B-c}\", D: }\n", 1,
		{"container.image.name=[alpine] container.image.tag=[3]", "container.mounts=[/run/docker.sock:/s:rw]", "container.command=[echo][$HOME]",
			"environment=[A=c]"}, "privileged"},
	{"nothing but variables is no list", "compose", "services:\n  a:\n    volumes: [\"${DATA}:/d\"]\n", 1, {"container.create"}, "container.mounts"},
	{"words, ports and pairs", "compose", "services:\n  a:\n    command: [\"sh\", \"-c\", \"a b\"]\n    entrypoint: /bin/sh -c 'x y'\n"
		"    ports: [\"8080:80\", \"127.0.0.1:53:53/udp\", 90, {target: 1, published: 2}]\n    environment: [A=1, B]\n    labels: {x: y}\n", 1,
		{"container.command=[sh][-c][a b]", "container.entrypoint=[/bin/sh][-c][x y]",
			"container.ports=[0.0.0.0:8080:80][127.0.0.1:53:53/udp][0.0.0.0::90][0.0.0.0:2:1]", "environment=[A=1]", "labels=[x=y]"}, NULL},
	{"extends and anchors", "compose", "x-base: &base\n  privileged: true\nservices:\n  a:\n    <<: *base\n    image: i\n"
		"  b:\n    extends: {service: a}\n    cap_add: [BPF]\n", 2,
		{"7 container.create @- container.capabilities.added=[CAP_BPF]", "privileged=[true]"}, "privileged=[false]"},
	{"extends of another file", "compose", "services:\n  a:\n    extends: {file: base.yml, service: b}\n    image: i\n", 1,
		{"container.image.name=[i]"}, "privileged"},
	{"extends in a circle", "compose", "services:\n  a: {extends: b}\n  b: {extends: {service: a}}\n", 2, {"2 container.create"}, NULL},
	{"an image built with the kernel's rights", "compose", "services:\n  a:\n    build: {context: ., privileged: true}\n  b:\n    image: i\n"
		"    build:\n      context: .\n      entitlements: [network.host, security.insecure]\n  c:\n    build: {context: ., privileged: false, entitlements: [network.host]}\n", 5,
		{"privileged=[false]", "2 container.create @- container.name=[a] container.runtime=[docker] container.security_context.privileged=[true]",
			"4 container.create @- container.name=[b] container.runtime=[docker] container.security_context.privileged=[true]", "resource.type=[build]"}, NULL},
	{"no services", "compose", "volumes:\n  a: {}\n", 0, {NULL}, NULL},

	{"pod", "kubernetes", "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n, labels: {app: x}}\nspec:\n  hostPID: true\n  hostNetwork: true\n"
		"  containers:\n    - name: c\n      image: a:1\n      command: [sh]\n      args: [\"-c\", \"echo $HOME\"]\n"
		"      securityContext: {privileged: true, runAsUser: 0, capabilities: {add: [SYS_ADMIN], drop: [ALL]}}\n"
		"      volumeMounts:\n        - {name: root, mountPath: /host, readOnly: true}\n        - {name: root, mountPath: /e, subPath: etc}\n        - {name: tmp, mountPath: /t}\n"
		"  volumes:\n    - {name: root, hostPath: {path: /}}\n    - {name: tmp, emptyDir: {}}\n", 1,
		{"8 container.create", "container.mounts=[/:/host:ro][/etc:/e:rw][tmp:/t:rw]", "namespaces.host=[pid][network]",
			"container.command=[-c][echo $HOME] container.devices= container.entrypoint=[sh]", "container.user=[0]"}, NULL},
	{"defaults of a pod", "kubernetes", "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n", 1,
		{"privileged=[false]", "allow_privilege_escalation=[true]", "container.mounts= ", "restart_policy=[Always]", "resource.type=[pod]"},
		"container.user"},
	{"what makes pods", "kubernetes",
		"kind: Deployment\nspec: {template: {spec: {hostIPC: true, containers: [{name: a}], initContainers: [{name: b}]}}}\n---\n"
		"kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}\n---\n"
		"kind: PodTemplate\ntemplate: {spec: {containers: [{name: d}], ephemeralContainers: [{name: e}]}}\n---\n"
		"kind: List\nitems:\n  - {kind: Pod, spec: {containers: [{name: f}]}}\n  - kind: List\n    items: [{kind: Job, spec: {template: {spec: {containers: [{name: g}]}}}}]\n", 7,
		{"container.name=[a]", "namespaces.host=[ipc]", "container.name=[e]", "container.name=[g]", "resource.type=[cronjob]"}, NULL},
	{"other objects", "kubernetes", "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r, labels: {a: b}}\n"
		"rules: [{apiGroups: [\"\"], resources: [secrets], verbs: [list]}]\n---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: n}\n"
		"spec: {type: NodePort, externalIPs: [192.0.2.1]}\n---\napiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, data: {k: dmFsdWU=}}\n", 3,
		{"1 api.create @- orchestrator.api_version=[rbac.authorization.k8s.io/v1]", "orchestrator.role.permissions=[list:secrets]", "6 api.create",
			"orchestrator.service.type=[NodePort]", "14 api.create @- orchestrator.api_version=[v1] orchestrator.resource.annotation= orchestrator.resource.data=[k]"}, "dmFsdWU"},
	{"a host's folder that nobody mounts, a process of Windows' host, a label", "kubernetes",
		"kind: Pod\nspec:\n  securityContext: {windowsOptions: {hostProcess: true}, seLinuxOptions: {user: u, type: spc_t}}\n"
		"  containers: [{name: a, volumeMounts: [{name: w, mountPath: /w}]}, {name: b}]\n"
		"  volumes: [{name: v, hostPath: {path: /var/run/docker.sock}}, {name: w, hostPath: {path: /srv}}]\n", 2,
		{"container.mounts=[/srv:/w:rw][/run/docker.sock:unmounted:rw]", "privileged=[true]", "options=[label=user:u][label=type:spc_t]"}, NULL},
	{"a role for objects of certain names, and for any group", "kubernetes", "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n"
		"  - {apiGroups: [\"\"], resources: [secrets], verbs: [get], resourceNames: [a, b]}\n  - {apiGroups: [\"*\"], resources: [pods/exec], verbs: [create]}\n", 1,
		{"orchestrator.role.permissions=[get:secrets=a][get:secrets=b][create:pods.*/exec][create:pods/exec]"}, NULL},
	{"settings of a program are no request", "kubernetes", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n---\nkind: Chart\n", 0, {NULL}, NULL},
	{"a key that stands twice has its last value", "kubernetes",
		"kind: Pod\nspec: {containers: [{name: c, image: \"a:1\", image: \"b:2\", securityContext: {privileged: false, privileged: true}}]}\n", 1,
		{"container.image.name=[b]", "privileged=[true]"}, NULL},
	{"OpenShift, digests and accounts", "kubernetes", "kind: DeploymentConfig\nspec:\n  template:\n    spec:\n      serviceAccountName: x\n      automountServiceAccountToken: false\n"
		"      securityContext: {sysctls: [{name: kernel.msgmax, value: \"1\"}], runAsNonRoot: true}\n      containers:\n        - image: r/i:1@sha256:ab\n"
		"          env: [{name: P, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n          resources: {limits: {cpu: 1}}\n", 1,
		{"container.image.hash.all=[sha256:ab] container.image.name=[r/i]", "container.environment_from=[secret:s/k]", "container.resources.limits=[cpu=1]",
			"run_as_non_root=[true]", "container.service_account.mounted=[false] container.service_account.name=[x] container.sysctls=[kernel.msgmax=1]"}, NULL},
	{"where it is to run", "kubernetes", "kind: Pod\nspec:\n  nodeName: n1\n  nodeSelector: {node-role.kubernetes.io/master: \"true\"}\n"
		"  tolerations: [{key: node-role.kubernetes.io/master, operator: Exists}, {operator: Exists}]\n  containers: [{name: c}]\n", 1,
		{"container.placement=[node-role.kubernetes.io/master=true][node=n1][tolerates:node-role.kubernetes.io/master][tolerates:*]"}, NULL},
	{"profiles that were annotations", "kubernetes", "kind: Pod\nmetadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: docker/default,\n"
		"  container.apparmor.security.beta.kubernetes.io/c: localhost/x}}\nspec: {containers: [{name: c, securityContext: {seLinuxOptions: {type: spc_t}}}]}\n", 1,
		{"options=[seccomp=runtime/default][apparmor=localhost/x][label=type:spc_t]"}, NULL},
	{"profiles", "kubernetes", "kind: Pod\nmetadata: {annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}}\n"
		"spec:\n  securityContext: {seccompProfile: {type: Unconfined}, runAsUser: 7}\n  containers: [{name: c, securityContext: {procMount: Unmasked}}]\n", 1,
		{"options=[seccomp=unconfined][apparmor=unconfined][systempaths=unconfined]", "container.user=[7]"}, NULL},
	{"JSON", "kubernetes", "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"c\", \"ports\": [{\"hostPort\": 80, \"containerPort\": 8080}]}]}}\n", 1,
		{"container.ports=[0.0.0.0:80:8080]"}, NULL},
	{"templates in values", "kubernetes", "kind: Pod\nspec: {containers: [{name: c, image: \"{{ .image }}\", securityContext: {privileged: \"{{ .p }}\"}}]}\n", 1,
		{"container.name=[c]"}, "privileged"},
	{"pods in objects of other kinds", "kubernetes", "apiVersion: serving.knative.dev/v1\nkind: Configuration\nmetadata: {name: k, namespace: n}\n"
		"spec:\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      hostPID: true\n      containers:\n        - image: nginx\n"
		"          securityContext: {privileged: true}\n", 2,
		{"1 api.create", "10 container.create @- ", "container.image.name=[nginx]", "container.labels=[a=b]",
			"container.namespaces.host=[pid]"}, NULL},
	{"Argo's templates: one container, a script, what the workflow says for all", "kubernetes", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\n"
		"spec:\n  hostNetwork: true\n  volumes: [{name: h, hostPath: {path: /etc}}]\n  templates:\n    - name: one\n      container: {image: a, volumeMounts: [{name: h, mountPath: /e}]}\n"
		"    - name: two\n      script: {image: b, source: x}\n      sidecars: [{name: s, image: c}]\n", 4,
		{"container.image.name=[a]", "container.mounts=[/etc:/e:rw]", "container.image.name=[b]", "container.image.name=[c]",
			"namespaces.host=[network]"}, NULL},
	{"Tekton's steps", "kubernetes", "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: t}\nspec: {taskSpec: {steps: [{name: s, image: i}]}}\n", 2,
		{"resource.type=[taskrun]", "container.image.name=[i]"}, NULL},
	{"a definition of a kind holds no pod", "kubernetes", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: d}\n"
		"spec: {versions: [{schema: {properties: {containers: {type: array}, container: {properties: {image: {type: string}}}}}}]}\n", 1,
		{"1 api.create"}, NULL},
	{"OpenShift's template is a list", "kubernetes", "apiVersion: v1\nkind: Template\nobjects:\n  - {kind: Pod, spec: {containers: [{name: c}]}}\n", 1,
		{"4 container.create"}, NULL},
	{"processes of all, tokens of its own, Windows' settings one by one", "kubernetes", "kind: Pod\nspec:\n  shareProcessNamespace: true\n  automountServiceAccountToken: false\n"
		"  securityContext: {windowsOptions: {hostProcess: true}}\n  containers: [{name: a, securityContext: {windowsOptions: {runAsUserName: x}}, volumeMounts: [{name: t, mountPath: /t}]}]\n"
		"  volumes: [{name: t, projected: {sources: [{configMap: {}}, {serviceAccountToken: {path: t}}]}}]\n", 1,
		{"container.namespaces.joined=[pid:pod]", "container.service_account.mounted=[true]", "privileged=[true]"}, NULL},
	{"all of /proc in a user namespace", "kubernetes", "kind: Pod\nspec: {hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]}\n", 1,
		{"container.proc_mount=[Unmasked]"}, "systempaths"},
	{"what a webhook is asked about", "kubernetes", "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: w}\n"
		"webhooks:\n  - clientConfig: {url: \"https://192.0.2.1/\"}\n    rules: [{operations: [CREATE, \"*\"], apiGroups: [\"\", apps], resources: [pods/exec]}]\n", 1,
		{"orchestrator.webhook.requests=[create:pods/exec][create:pods.apps/exec][*:pods/exec][*:pods.apps/exec]",
			"orchestrator.webhook.urls=[https://192.0.2.1/]"}, NULL},
	{"what a webhook of admission is asked about", "kubernetes", "kind: AdmissionReview\napiVersion: admission.k8s.io/v1\nrequest:\n  kind: {group: \"\", kind: Pod}\n  operation: CREATE\n  object:\n"
		"    metadata: {name: p}\n    spec: {hostPID: true, containers: [{name: c}]}\n---\nkind: AdmissionReview\napiVersion: admission.k8s.io/v1\n"
		"request: {kind: {kind: Pod}, operation: DELETE, object: {kind: Pod, spec: {containers: [{name: d}]}}}\n", 1,
		{"8 container.create", "namespaces.host=[pid]", "resource.name=[p]"}, "admissionreview"},
	{"what an API answers with a list does not say its kind; a node's folder by its other name", "kubernetes", "kind: PodList\napiVersion: v1\nitems:\n"
		"  - {metadata: {name: p}, spec: {containers: [{name: c}]}}\n---\nkind: PersistentVolume\napiVersion: v1\nmetadata: {name: v}\nspec: {local: {path: /etc}}\n", 2,
		{"container.name=[c]", "resource.type=[pod]", "orchestrator.volume.host_path=[/etc]"}, NULL},
	{"other kinds", "kubernetes", "kind: Service\nspec: {containers: [{name: c}]}\n", 0, {NULL}, NULL},
	{"nonsense where containers stand", "kubernetes", "kind: Pod\nspec: {containers: [1, [x], {name: c, volumeMounts: 3, env: x}]}\n", 1, {"container.name=[c]"}, NULL},
};

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		reading_of(&r, cases[i].format, NULL, cases[i].content);
		CHECK_LONG(r.ledger.events, cases[i].events);
		CHECK_LONG(r.ledger.rejected, 0);
		CHECK_LONG(r.ledger.unfilled, 0);
		for (size_t k = 0; k < 5 && cases[i].expected[k]; k++)
			CHECK_CONTAINS(r.events, cases[i].expected[k]);
		if (cases[i].absent && text_contains(r.events, text_of(cases[i].absent), false)) {
			printf("  %s: %.*s holds %s\n", cases[i].name, TEXT_ARGS(r.events), cases[i].absent);
			CU_FAIL("a field is there that must be missing");
		}
		reading_end(&r);
	}
}

static void test_account(void)
{
	struct reading r;
	reading_of(&r, "kubernetes", NULL, "# comment\n\nkind: Pod\nspec:\n  containers:\n    - name: a\n      image: b\n    - name: c\n");
	CU_ASSERT(reading_counts(&r, 2, 2, 4, 2, 0));
	CHECK_CONTAINS(r.events, "6 container.create");
	CHECK_CONTAINS(r.events, "8 container.create");
	reading_end(&r);
	/* One bad document does not cost the others. */
	reading_of(&r, "kubernetes", NULL,
		"kind: Pod\nspec: {containers: [{name: a}]}\n---\n{{- if .x }}\nkind: Pod\n{{- end }}\n---\nkind: [\n---\nkind: Pod\nspec: {containers: [{name: z}]}\n");
	CU_ASSERT(reading_counts(&r, 2, 2, 3, 0, 6));
	CHECK_CONTAINS(r.events, "11 container.create");
	CHECK_CONTAINS(text_of(r.ledger.first[0].reason), "template");
	CHECK_LONG(r.ledger.first_count, 2);
	CU_ASSERT(r.ledger.first[1].line >= 7 && r.ledger.first[1].line <= 9);
	reading_end(&r);
	reading_of(&r, "compose", NULL, "");
	CU_ASSERT(reading_counts(&r, 0, 0, 0, 0, 0));
	reading_end(&r);
	reading_of(&r, "compose", NULL, "services: {a: {image: x}, b: {image: y}}");
	CU_ASSERT(reading_counts(&r, 2, 1, 0, 0, 0));
	reading_end(&r);
	reading_begin(&r, NULL);
	r.stop_after = 1;
	reading_run(&r, "compose", TEXT("services: {a: {image: x}, b: {image: y}}"));
	CHECK_LONG(r.status, 7);
	CHECK_LONG(r.taken, 1);
	reading_end(&r);
}

static void test_variables(void)
{
	static const struct {
		const char *text, *resolved; /* NULL: not known */
	} texts[] = {
		{"", ""}, {"a", "a"}, {"$$a", "$a"}, {"a$", "a$"}, {"$1", "$1"}, {"$A", NULL}, {"x${A}", NULL}, {"${A:-b}c", "bc"}, {"${A-b}", "b"},
		{"${A:-}", ""}, {"${A:?no}", NULL}, {"${A:+x}", NULL}, {"${A:-${B:-c}}", "c"}, {"${A:-${B}}", NULL}, {"${A", "${A"}, {"${}", NULL},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct text resolved;
		CU_ASSERT_EQUAL(compose_resolve(&arena, NULL, text_of(texts[i].text), &resolved), texts[i].resolved != NULL);
		CHECK_TEXT(resolved, texts[i].resolved ? texts[i].resolved : "");
	}
	arena_free(&arena);
}

static void test_texts(void)
{
	struct arena arena = {0};
	struct text source, destination, mode, *words;
	compose_volume(TEXT("C:\\data:/d:ro"), &source, &destination, &mode);
	CHECK_TEXT(source, "C:\\data");
	CHECK_TEXT(destination, "/d");
	CHECK_TEXT(mode, "ro");
	compose_volume(TEXT("/d"), &source, &destination, &mode);
	CHECK_TEXT(source, "");
	CHECK_TEXT(destination, "/d");
	CHECK_LONG(compose_words(&arena, TEXT(" a  'b c' \"d\\\"e\" f\\ g '' "), &words), 5);
	CHECK_TEXT(words[1], "b c");
	CHECK_TEXT(words[2], "d\"e");
	CHECK_TEXT(words[3], "f g");
	CHECK_TEXT(words[4], "");
	CHECK_LONG(compose_words(&arena, TEXT(""), &words), 0);
	CHECK_TEXT(compose_port(&arena, TEXT("[::1]:80:81/tcp")), "[::1]:80:81");
	CHECK_TEXT(compose_port(&arena, TEXT("http")), "");
	arena_free(&arena);
}

void suite_manifest(void);
void suite_manifest(void)
{
	CU_pSuite suite = unit_suite("manifest");
	UNIT_TEST(suite, test_cases);
	UNIT_TEST(suite, test_account);
	UNIT_TEST(suite, test_variables);
	UNIT_TEST(suite, test_texts);
}
