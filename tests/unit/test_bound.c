/* What predicates say about raw values, shape by shape. */
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

static const char dialect[] =
	"name: bounds\n"
	"missing: [\"<NA>\", host]\n"
	"groups:\n"
	"  - name: all\n"
	"    attributes: {outcome: success}\n"
	"    events: [{event: process.exec}]\n"
	"    fields:\n"
	"      event.provider: {name: res, shape: mapped, map: {OK: good, \"*\": bad}}\n"
	"      user.id: {name: uid, missing: [\"-1\"]}\n"
	"      user.name: user\n"
	"      process.pid: pid\n"
	"      process.name: {name: image, shape: basename}\n"
	"      process.thread.name: {name: comm, shape: truncated, size: 6}\n"
	"      process.args: {name: line, shape: joined}\n"
	"      process.in_container: {name: container, shape: present}\n"
	"      process.thread.capabilities.permitted: {name: caps, shape: capabilities}\n"
	"      process.thread.capabilities.effective: {name: capnames, shape: capability-names}\n"
	"      process.capabilities.full: {name: caps, shape: capabilities-full}\n"
	"      process.namespaces.flags: {name: flags, shape: clone-flags}\n"
	"      file.path: path\n"
	"      file.directory: {name: path, shape: dirname}\n"
	"      file.mount.bind: {name: mflags, shape: bits-set, size: 0x1000}\n"
	"      file.mount.flags: {name: names, shape: mapped, separator: \"|\", map: {BIND: MS_BIND, REC: MS_REC}}\n"
	"      container.image.name: {name: ref, shape: image-name}\n"
	"      container.labels: {name: labels, shape: separated, separator: \",\"}\n"
	"      container.mounts: {name: mounts, shape: mounts}\n"
	"      destination.ip: ip\n"
	"      destination.port: port\n";

/* The one rule's node for a target, as text; `upper` NULL: no rule. */
static void expect_for(const char *target, const char *condition, const char *upper, enum fidelity fidelity)
{
	struct ruling r;

	ruling_begin(&r, dialect);
	struct lowered *lowered =
		ruling_lower(&r, target, arena_printf(&r.arena, "process where event.action == \"exec\" and %s", condition), NULL);

	CHECK_LONG(lowered->count, upper != NULL);
	if (upper != NULL && lowered->count == 1) {
		CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].node), upper);
		CHECK_TEXT(text_of(fidelity_name(lowered->rules[0].fidelity)), fidelity_name(fidelity));
	}
	ruling_end(&r);
}

static void exact(const char *condition, const char *rule)
{
	expect_for("falco", condition, rule, FIDELITY_EXACT);
}

static void wider(const char *condition, const char *rule)
{
	expect_for("falco", condition, rule, FIDELITY_WIDER);
}

static void test_plain(void)
{
	exact("user.name == \"root\"", "user = root");
	exact("user.name in (\"a\", \"b\")", "user in (a, b)");
	exact("user.name like \"a*\"", "user startswith a");
	exact("user.name like \"*a\"", "user endswith a");
	exact("user.name like \"*a*\"", "user contains a");
	exact("user.name like \"a*b\"", "user glob \"a*b\"");
	exact("user.name like \"a?b\"", "user regex \"a(.|\\n)b\"");
	exact("user.name : \"a\"", "user regex \"[aA]\"");
	exact("user.name regex \"a|b\"", "user regex \"a|b\"");
	exact("not user.name == \"root\"", "not (user = root)");
	exact("process.pid == 5", "pid = 5");
	exact("process.pid in (5, 6)", "pid in (5, 6)");
	exact("process.pid > 5", "pid > 5");
}

static void test_missing(void)
{
	exact("user.name != null", "(user exists and not (user in (\"<NA>\", host)))");
	exact("user.name == null", "not ((user exists and not (user in (\"<NA>\", host))))");
	exact("user.id != null", "(uid exists and not (uid in (\"<NA>\", host, \"-1\")))");
	exact("user.name != \"root\"", "(user exists and not (user in (\"<NA>\", host)) and not (user = root))");
	exact("process.in_container == true", "(container exists and not (container in (\"<NA>\", host)))");
	exact("process.in_container == false", "not ((container exists and not (container in (\"<NA>\", host))))");
	exact("user.name == \"host\" or process.pid == 1", "pid = 1"); /* a marker is no value */
	exact("user.name like \"h*\"", "(user startswith h and not (user = host))");
	exact("user.name like \"*\"", "(user glob \"*\" and not (user = \"<NA>\") and not (user = host))");
}

static void test_paths(void)
{
	exact("file.path == \"/run/docker.sock\"", "path in (/run/docker.sock, /var/run/docker.sock)");
	exact("file.path == \"/var/run/docker.sock\"", "path in (/run/docker.sock, /var/run/docker.sock)");
	exact("file.path == \"/running\"", "path = /running");
	exact("file.path like \"/run/*\"", "(path startswith /run/ or path startswith /var/run/)");
	exact("file.path like \"/etc/*\"", "path startswith /etc/");
	exact("file.path like \"*/docker.sock\"", "path endswith /docker.sock");
	wider("file.path like \"/var/*\"", "path startswith /var/"); /* /var/run/x is read as /run/x */
	exact("file.directory == \"/etc\"", "path regex \"/etc/[^/]*\"");
}

static void test_parts(void)
{
	exact("process.name == \"docker\"", "(image endswith /docker or image = docker)");
	exact("process.name like \"*-shim\"", "image endswith \"-shim\"");
	exact("process.name like \"python*\"", "image regex \"(.*/)?python[^/]*\"");
	exact("process.name == \"a/b\" or process.pid == 1", "pid = 1"); /* no name holds a slash */
	exact("process.thread.name == \"short\"", "comm = short");
	wider("process.thread.name == \"sixsix\"", "comm = sixsix");
	wider("process.thread.name == \"sixsixmore\"", "comm = sixsix");
	exact("process.thread.name like \"six*\"", "comm startswith six");
	exact("process.thread.name like \"sixsix*\"", "comm = sixsix");
	exact("container.image.name == \"app\"", "ref regex \"app(:[^/@]*)?(@.*)?\"");
}

static void test_lists(void)
{
	wider("process.args == \"-x\"", "(line contains \" -x \" or line endswith \" -x\" or line startswith \"-x \" or line = \"-x\")");
	wider("process.args like \"--v=*\"", "(line contains \" --v=\" or line startswith \"--v=\")");
	wider("process.args like \"*a*b*\"", "line regex \"(.|\\n)*a(.|\\n)*b(.|\\n)*\"");
	expect_for("falco", "not process.args == \"-x\"", NULL, FIDELITY_UNSUPPORTED);
	exact("container.labels == \"a=1\"", "labels regex \"(.*,)?a=1(,.*)?\"");
	exact("container.labels like \"a=*\"", "labels regex \"(.*,)?a=[^,]*(,.*)?\"");
	exact("process.thread.capabilities.effective == \"CAP_SYS_ADMIN\"", "capnames contains CAP_SYS_ADMIN");
}

static void test_masks(void)
{
	exact("process.thread.capabilities.permitted == \"CAP_SYS_ADMIN\"",
		"caps regex \"[0-9a-fA-F]*([2367aAbBeEfF][0-9a-fA-F]{5})\"");
	exact("process.namespaces.flags in (\"mnt\", \"pid\")",
		"flags regex \"[0-9a-fA-F]*([2367aAbBeEfF][0-9a-fA-F]{4}|[2367aAbBeEfF][0-9a-fA-F]{7})\"");
	exact("file.mount.bind == true", "mflags regex \"[0-9a-fA-F]*([13579bBdDfF][0-9a-fA-F]{3})\"");
	exact("process.capabilities.full == true",
		"caps regex \"[0-9a-fA-F]*[37bBfF][fF][fF][eEfF][fF][fF][fF][fF][fF][fF]\"");
	expect_for("auditd", "file.mount.bind == true", NULL, FIDELITY_UNSUPPORTED); /* no such name in audit rules */
}

static void test_maps(void)
{
	exact("event.provider == \"good\"", "res = OK");
	exact("event.provider == \"bad\"", "(res exists and not (res in (\"<NA>\", host)) and not (res = OK))");
	exact("event.provider == \"other\" or process.pid == 1", "pid = 1");
	exact("file.mount.flags == \"MS_BIND\"", "names regex \"(.*[|])?(BIND)([|].*)?\"");
}

static void test_mounts(void)
{
	exact("container.mounts like \"/etc:*:rw\"", "mounts regex \"(.*[ ,])?(/etc):[^:]*:[^:]*:true:[^ ,]*([ ,].*)?\"");
	exact("container.mounts like \"/etc:*:ro\"", "mounts regex \"(.*[ ,])?(/etc):[^:]*:[^:]*:false:[^ ,]*([ ,].*)?\"");
	exact("container.mounts like (\"/a:*\", \"/b:*\")",
		"mounts regex \"(.*[ ,])?(/a|/b):[^:]*:[^:]*:(true|false):[^ ,]*([ ,].*)?\"");
	exact("container.mounts like \"/run/x:*\"", "mounts regex \"(.*[ ,])?((/var)?/run/x):[^:]*:[^:]*:(true|false):[^ ,]*([ ,].*)?\"");
	exact("container.mounts == \"/a:/b:unknown\" or process.pid == 1", "pid = 1"); /* an engine always tells */
}

static void test_folding_targets(void)
{
	expect_for("sigma", "user.name == \"root\"", "user = root", FIDELITY_WIDER);
	expect_for("sigma", "user.name == \"0\"", "user = 0", FIDELITY_EXACT); /* no letters, no case */
	expect_for("sigma", "user.name : \"root\"", "user = root", FIDELITY_EXACT);
	expect_for("sigma", "process.pid == 1 and not user.name == \"root\"", "(pid = 1 and not (user regex \"root\"))", FIDELITY_WIDER);
	wider("cidrmatch(destination.ip, \"10.0.0.0/8\") and process.pid == 1", "pid = 1"); /* Falco has no such comparison */
}

static void test_unsayable(void)
{
	wider("process.pid == 1 and process.working_directory == \"/x\"", "pid = 1");
	expect_for("falco", "process.pid == 1 or process.working_directory == \"/x\"", NULL, FIDELITY_UNSUPPORTED);
	wider("length(user.name) > 3", "(user exists and not (user in (\"<NA>\", host)))");
	exact("process.pid == 1 or user.name == \"a\" and process.pid == 2", "(pid = 1 or (user = a and pid = 2))");
}

void suite_bound(void)
{
	CU_pSuite suite = unit_suite("bound");

	UNIT_TEST(suite, test_plain);
	UNIT_TEST(suite, test_missing);
	UNIT_TEST(suite, test_paths);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_masks);
	UNIT_TEST(suite, test_maps);
	UNIT_TEST(suite, test_mounts);
	UNIT_TEST(suite, test_folding_targets);
	UNIT_TEST(suite, test_unsayable);
}
