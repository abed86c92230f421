/* kubernetes audit: envelopes, stages, bodies and patches, and what objects other than pods say. */
#include "replay/readers/json_member.h"
#include "replay/readers/recent.h"
#include "tests/unit/reading.h"

#define EVENT(rest) "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"," rest "}"
#define DONE "\"stage\":\"ResponseComplete\",\"responseStatus\":{\"code\":201},"
#define PODS "\"verb\":\"create\",\"user\":{\"username\":\"dev\"},\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"n\"},"
#define POD "{\"spec\":{\"hostPID\":true,\"containers\":[{\"name\":\"a\",\"image\":\"i:1\",\"securityContext\":{\"privileged\":true}},{\"name\":\"b\"}]}}"
#define ROLE "\"verb\":\"create\",\"user\":{\"username\":\"dev\"},\"objectRef\":{\"resource\":\"clusterroles\",\"name\":\"r\"},"

struct audit_case {
	const char *name, *content;
	uint64_t events, lines;
	const char *expected[5], *absent;
};

static const struct audit_case cases[] = {
	{"one request", EVENT(DONE PODS "\"auditID\":\"1\",\"sourceIPs\":[\"10.0.0.1\",\"10.0.0.2\"],\"requestObject\":" POD) "\n", 1, 1,
		{"1 api.create", "event.outcome=[success]", "source.ip=[10.0.0.1]",
			"1 container.create @- container.capabilities.added= container.capabilities.dropped= container.command= container.devices= ",
			"container.image.name=[i]"}, "unfilled"},
	{"containers say what the pod says", EVENT(DONE PODS "\"requestObject\":" POD) "\n", 1, 1,
		{"container.name=[a] container.namespaces.host=[pid]", "container.name=[b] container.namespaces.host=[pid]",
			"user.name=[dev]", "orchestrator.namespace=[n]"}, NULL},
	{"a pod in an object of another kind", EVENT(DONE "\"verb\":\"create\",\"user\":{\"username\":\"dev\"},\"objectRef\":{\"resource\":\"workflows\",\"apiGroup\":\"argoproj.io\"},\"requestObject\":"
		"{\"kind\":\"Workflow\",\"spec\":{\"templates\":[{\"name\":\"t\",\"container\":{\"image\":\"a\",\"securityContext\":{\"privileged\":true}}}]}}") "\n", 1, 1,
		{"1 api.create", "container.image.name=[a]", "privileged=[true]", "resource.type=[workflow]"}, NULL},
	{"a list", "{\"kind\":\"EventList\",\"items\":[" EVENT(DONE PODS "\"auditID\":\"1\"") "," EVENT(DONE PODS "\"auditID\":\"2\"") "]}\n", 2, 1,
		{"1 api.create"}, NULL},
	{"a list over lines", "{\"kind\":\"EventList\",\n\"items\":[\n" EVENT(DONE PODS "\"auditID\":\"1\"") ",\n" EVENT(DONE PODS "\"auditID\":\"2\"") "]}\n", 2, 4,
		{"3 api.create", "4 api.create"}, NULL},
	{"CloudWatch: an object", "{\"@timestamp\":\"x\",\"@message\":" EVENT(DONE PODS "\"auditID\":\"1\"") "}\n", 1, 1, {"1 api.create"}, NULL},
	{"CloudWatch: a subscription", "{\"logEvents\":[{\"id\":\"1\",\"message\":\"{\\\"verb\\\":\\\"list\\\",\\\"objectRef\\\":{\\\"resource\\\":\\\"secrets\\\"}}\"}]}\n", 1, 1,
		{"1 api.list", "orchestrator.resource.type=[secret]"}, NULL},
	{"Azure", "{\"category\":\"kube-audit\",\"properties\":{\"log\":\"{\\\"verb\\\":\\\"delete\\\",\\\"objectRef\\\":{\\\"resource\\\":\\\"pods\\\"}}\"}}\n", 1, 1,
		{"1 api.delete"}, NULL},
	{"an array", "[" EVENT(DONE PODS "\"auditID\":\"1\"") ",\n" EVENT(DONE PODS "\"auditID\":\"2\"") "]\n", 2, 2, {"2 api.create"}, NULL},
	{"stages", EVENT("\"auditID\":\"1\",\"stage\":\"RequestReceived\"," PODS "\"level\":\"Request\"") "\n"
		EVENT("\"auditID\":\"1\"," DONE PODS "\"level\":\"Request\"") "\n", 2, 2, {"1 api.other", "2 api.create"}, "1 api.create"},
	{"a session that starts and ends",
		EVENT("\"auditID\":\"1\",\"stage\":\"ResponseStarted\",\"verb\":\"get\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"exec\"},"
			"\"requestURI\":\"/x/exec?command=sh&command=-c&command=cat+%2Fetc%2Fshadow&container=web\",\"responseStatus\":{\"code\":101}") "\n"
		EVENT("\"auditID\":\"1\",\"stage\":\"ResponseComplete\",\"verb\":\"get\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"exec\"},"
			"\"responseStatus\":{\"code\":101}") "\n", 2, 2,
		{"1 api.get", "1 api.connect", "1 container.exec @- container.command=[sh][-c][cat /etc/shadow] container.name=[web]", "2 api.other"}, "2 api.connect"},
	{"a session that was refused", EVENT("\"stage\":\"ResponseComplete\",\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"exec\"},"
		"\"responseStatus\":{\"code\":403}") "\n", 1, 1, {"1 api.connect", "event.outcome=[failure]"}, NULL},
	{"what is only tried", EVENT(DONE PODS "\"requestURI\":\"/api/v1/namespaces/n/pods?dryRun=All&fieldManager=kubectl\",\"requestObject\":" POD) "\n", 1, 1,
		{"1 api.other", "session.id=[user:dev]"}, "container.create"},
	{"the state of a pod asks for nothing", EVENT(DONE "\"verb\":\"patch\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"status\"},\"requestObject\":" POD) "\n",
		1, 1, {"1 api.patch"}, "container.create"},
	{"pods are not changed", EVENT(DONE "\"verb\":\"update\",\"objectRef\":{\"resource\":\"pods\"},\"requestObject\":" POD) "\n", 1, 1, {"1 api.update"},
		"container.create"},
	{"a debugging container", EVENT(DONE "\"verb\":\"patch\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"ephemeralcontainers\"},\"requestObject\":"
		"{\"spec\":{\"containers\":[{\"name\":\"old\"}],\"ephemeralContainers\":[{\"name\":\"new\",\"image\":\"busybox\"}]}}") "\n", 1, 1,
		{"container.name=[new]"}, "container.name=[old]"},
	{"a merge patch", EVENT("\"verb\":\"patch\",\"responseStatus\":{\"code\":200},\"objectRef\":{\"resource\":\"deployments\"},\"requestObject\":"
		"{\"spec\":{\"template\":{\"spec\":{\"hostNetwork\":true}}}}") "\n", 1, 1,
		{"1 container.create @- container.namespaces.host=[network] container.runtime=[kubernetes]"}, "privileged"},
	{"a JSON Patch", EVENT("\"verb\":\"patch\",\"responseStatus\":{\"code\":200},\"objectRef\":{\"resource\":\"deployments\"},\"requestObject\":"
		"[{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext/privileged\",\"value\":true},"
		"{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"x:2\"},{\"op\":\"remove\",\"path\":\"/spec/paused\"}]") "\n", 1, 1,
		{"container.image.name=[x] container.image.tag=[2]", "container.security_context.privileged=[true]"}, "read_only_root"},
	{"an object that a patch made", EVENT(DONE "\"verb\":\"patch\",\"objectRef\":{\"resource\":\"deployments\"},\"requestObject\":"
		"{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\"}]}}}}") "\n", 1, 1, {"container.security_context.read_only_root=[false]"}, NULL},
	{"a role", EVENT(DONE ROLE "\"requestObject\":{\"kind\":\"ClusterRole\",\"rules\":[{\"apiGroups\":[\"\",\"apps\"],\"resources\":[\"pods/exec\",\"*\"],"
		"\"verbs\":[\"get\",\"*\"]},{\"nonResourceURLs\":[\"/metrics\"],\"verbs\":[\"get\"]}]}") "\n", 1, 1,
		{"orchestrator.role.permissions=[get:pods/exec][get:pods.apps/exec][get:*][get:*.apps][*:pods/exec][*:pods.apps/exec][*:*][*:*.apps][get:/metrics]"}, NULL},
	{"a binding", EVENT(DONE "\"verb\":\"create\",\"objectRef\":{\"resource\":\"rolebindings\"},\"requestObject\":{\"kind\":\"RoleBinding\","
		"\"metadata\":{\"namespace\":\"n\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"default\"},"
		"{\"kind\":\"Group\",\"name\":\"system:authenticated\"}]}") "\n", 1, 1,
		{"orchestrator.binding.role=[cluster-admin]", "orchestrator.binding.subjects=[ServiceAccount:n:default][Group:system:authenticated]"}, NULL},
	{"a configuration map", EVENT(DONE "\"verb\":\"create\",\"objectRef\":{\"resource\":\"configmaps\"},\"requestObject\":{\"kind\":\"ConfigMap\",\"data\":"
		"{\"a\":\"x = 1\\n\\ny\\n\",\"b\":\"z\"}}") "\n", 1, 1, {"orchestrator.resource.data=[a=x = 1][a=y][b=z]"}, NULL},
	{"a secret keeps its values", EVENT(DONE "\"verb\":\"create\",\"objectRef\":{\"resource\":\"secrets\"},\"requestObject\":{\"kind\":\"Secret\",\"type\":\"Opaque\","
		"\"data\":{\"password\":\"aHVudGVyMg==\"}}") "\n", 1, 1, {"orchestrator.resource.data=[password]", "orchestrator.secret.type=[Opaque]"}, "aHVudGVyMg"},
	{"Google", "{\"timestamp\":\"2024-02-13T13:07:29Z\",\"protoPayload\":{\"methodName\":\"io.k8s.core.v1.pods.exec.create\",\"resourceName\":"
		"\"core/v1/namespaces/shop/pods/web-0/exec\",\"authenticationInfo\":{\"principalEmail\":\"dev@example.com\"},\"status\":{\"code\":7}}}\n", 1, 1,
		{"1 api.connect @2024-02-13T13:07:29Z", "event.outcome=[failure]", "http.response.status_code=[403]", "orchestrator.namespace=[shop]",
			"orchestrator.resource.name=[web-0]"}, NULL},
	{"Google, a body", "{\"protoPayload\":{\"methodName\":\"io.k8s.rbac.v1.clusterroles.create\",\"resourceName\":\"rbac.authorization.k8s.io/v1/clusterroles/r\","
		"\"request\":{\"kind\":\"ClusterRole\",\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"nodes\"],\"verbs\":[\"get\"]}]}}}\n", 1, 1,
		{"orchestrator.resource.group=[rbac.authorization.k8s.io]", "orchestrator.resource.name=[r]", "orchestrator.role.permissions=[get:nodes]"}, NULL},
	{"nothing of it", "{\"kind\": 0}\n", 1, 1, {NULL}, NULL},
};

static void test_events(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading r;
		reading_of(&r, "json", "kubernetes-audit", cases[i].content);
		bool good = r.ledger.events == cases[i].events && r.ledger.lines == cases[i].lines && r.ledger.rejected == 0;
		for (size_t k = 0; k < 5 && cases[i].expected[k]; k++)
			good &= text_contains(r.events, text_of(cases[i].expected[k]), false);
		good &= !cases[i].absent || !text_contains(r.events, text_of(cases[i].absent), false);
		if (!good)
			fprintf(stderr, "%s:\n%.*s", cases[i].name, TEXT_ARGS(r.events));
		CU_ASSERT_TRUE(good);
		reading_end(&r);
	}
}

/* An envelope with a record that cannot be read is rejected whole; a label outside of it is its records'. */
static void test_envelopes(void)
{
	struct reading r;
	reading_of(&r, "json", "kubernetes-audit", "{\"items\":[{\"verb\":\"get\"},{\"verb\":]}\n{\"items\":[]}\n{\"message\":\"no JSON\"}\n");
	CU_ASSERT_EQUAL(r.ledger.events, 2);
	CU_ASSERT_EQUAL(r.ledger.unmapped, 2);
	CU_ASSERT_EQUAL(r.ledger.rejected, 1);
	reading_end(&r);
	reading_begin(&r, "kubernetes-audit");
	r.options.label_name = TEXT("label");
	reading_run(&r, "json", TEXT("{\"label\":\"risky\",\"items\":[{\"verb\":\"get\"},{\"verb\":\"list\"}]}\n"));
	CU_ASSERT_EQUAL(r.ledger.events, 2);
	reading_end(&r);
}

static void test_members(void)
{
	static const struct {
		const char *object, *path, *value;
	} rows[] = {
		{"{\"a\": 1, \"b\": {\"c\": [2, 3]}}", "b.c", "[2, 3]"}, {"{\"a.b\": 1}", "a.b", "1"}, {" {\"a\":\"x\\\"}\" , \"b\":true}", "b", "true"},
		{"{\"a\":1,\"a\":2}", "a", "2"}, {"{\"a\":1}", "b", ""}, {"[1]", "a", ""}, {"{\"a\"", "a", ""}, {"{\"a\":", "a", ""}, {"{\"a\":{\"b\":", "a.b", ""},
		{"", "a", ""}, {"{\"a\":\"", "a", "\""}, {"{\"a\":[[{\"x\":\"]\"}]],\"b\":null}", "b", "null"},
	};
	struct text item;
	size_t at = 0, count = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text value = json_member(text_of(rows[i].object), text_of(rows[i].path));
		if (!text_is(value, rows[i].value))
			fprintf(stderr, "%s of %s: %.*s\n", rows[i].path, rows[i].object, TEXT_ARGS(value));
		CU_ASSERT_TRUE(text_is(value, rows[i].value));
	}
	while (json_item(TEXT(" [ {\"a\":1}, \"x,]\" ,[3] ]"), &at, &item))
		count++;
	CU_ASSERT_EQUAL(count, 3);
	CU_ASSERT_TRUE(text_is(item, "[3]"));
	at = 0;
	CU_ASSERT_FALSE(json_item(TEXT("{}"), &at, &item));
}

static void test_recent(void)
{
	struct recent *recent = recent_new();
	char name[24];
	CU_ASSERT_FALSE(recent_seen(recent, TEXT("a")));
	CU_ASSERT_TRUE(recent_seen(recent, TEXT("a")));
	for (int i = 0; i < RECENT_MAX - 1; i++) {
		snprintf(name, sizeof name, "id %d", i);
		CU_ASSERT_FALSE_FATAL(recent_seen(recent, text_of(name)));
	}
	CU_ASSERT_TRUE(recent_seen(recent, TEXT("a")));
	for (int i = 0; i < 3 * RECENT_MAX; i++) {
		snprintf(name, sizeof name, "more %d", i);
		recent_seen(recent, text_of(name));
	}
	CU_ASSERT_TRUE(recent_seen(recent, text_of(name)));
	CU_ASSERT_FALSE(recent_seen(recent, TEXT("a")));
	recent_free(recent);
}

void suite_kubernetes_audit(void);
void suite_kubernetes_audit(void)
{
	CU_pSuite suite = unit_suite("kubernetes_audit");
	UNIT_TEST(suite, test_events);
	UNIT_TEST(suite, test_envelopes);
	UNIT_TEST(suite, test_members);
	UNIT_TEST(suite, test_recent);
}
