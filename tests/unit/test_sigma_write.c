/* Sigma's forms of values, selections and names, and the bounds of the shapes that Sigma's log sources need. */
#include "catalog/socket.h"
#include "generator/sigma/forms.h"
#include "generator/sigma/selections.h"
#include "generator/sigma/tactics.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <string.h>

static const char dialect[] =
	"name: shapes\n"
	"groups:\n"
	"  - name: all\n"
	"    attributes: {outcome: success, one_of: x}\n"
	"    events: [{event: process.exec}]\n"
	"    fields:\n"
	"      user.name: User\n"
	"      process.executable: Image\n"
	"      process.working_directory: Cwd\n"
	"      process.parent.executable: Parent\n"
	"      process.pid: pid\n"
	"      process.parent.pid: ppid\n"
	"      process.args: {name: [a0, a1, a2], shape: positional, approximate: later arguments are not seen}\n"
	"      event.provider: {name: kind, shape: mapped, open: true, map: {pods: pod, jobs: job}}\n"
	"      container.mounts: {name: hostPath, shape: mount-source}\n"
	"      destination.address: {name: saddr, shape: socket-address}\n"
	"      destination.ip: {name: saddr, shape: socket-ip}\n"
	"      destination.port: {name: saddr, shape: socket-port}\n";

/* The rule of a condition as Sigma writes it: selections, then the condition. */
static void expect(const char *condition, const char *written, enum fidelity fidelity)
{
	struct ruling r;

	ruling_begin(&r, dialect);
	struct lowered *lowered =
		ruling_lower(&r, "sigma", arena_printf(&r.arena, "process where event.action == \"exec\" and %s", condition), NULL);

	CHECK_LONG(lowered->count, 1);
	if (lowered->count == 1) {
		struct selections s = {.arena = &r.arena, .indent = "", .some = TEXT("Image")};
		enum rule_kind kind;
		struct text said = selections_print(&s, lowered->rules[0].node, &kind);

		buffer_printf(&s.definitions, "%.*s", TEXT_ARGS(said));
		CHECK_TEXT(buffer_view(&s.definitions), written);
		CHECK_TEXT(text_of(fidelity_name(lowered->rules[0].fidelity)), fidelity_name(fidelity));
		selections_free(&s);
	}
	ruling_end(&r);
}

static void test_values(void)
{
	expect("user.name like~ (\"a*\", \"*b\", \"*c*d*\", \"e*f\")",
		"selection:\n    - User|startswith: 'a'\n    - User|endswith: 'b'\n    - User|contains: 'c*d'\n    - User: 'e*f'\nselection",
		FIDELITY_EXACT);
	expect("user.name like~ \"a**b\"", "selection:\n    User: 'a*b'\nselection", FIDELITY_EXACT);
	expect("user.name like~ \"*\"", "selection:\n    User|exists: true\nselection", FIDELITY_EXACT);
	expect("user.name == null", "selection:\n    User|exists: false\nselection", FIDELITY_EXACT);
	expect("user.name in~ (\"1\", \"-2\", \"03\", \"+4\")",
		"selection:\n    - User:\n          - 1\n          - -2\n    - User|re:\n          - '^03$'\n          - '^[+]4$'\nselection",
		FIDELITY_EXACT);
	expect("user.name like~ \"a?*\"", "selection:\n    User|startswith: 'a?'\nselection", FIDELITY_EXACT);
	expect("user.name == \"a\"", "selection:\n    User: 'a'\nselection", FIDELITY_WIDER);
	expect("user.name == \"*\"", "selection:\n    User|re: '^\\*$'\nselection", FIDELITY_EXACT);
}

static void test_selections(void)
{
	expect("stringcontains~(user.name, \"a\") and stringcontains~(user.name, \"b\") and process.pid > 5",
		"selection:\n    User|contains|all:\n        - 'a'\n        - 'b'\n    pid|gt: 5\nselection", FIDELITY_EXACT);
	expect("user.name like~ \"a*\" and user.name like~ \"*b\" and not (process.pid == 5 or process.parent.pid == 6)",
		"selection:\n    User|startswith: 'a'\n    User|endswith: 'b'\nfilter:\n    - pid: 5\n    - ppid: 6\nselection and not filter",
		FIDELITY_EXACT);
	expect("(process.pid == 5 or user.name like~ \"a*\" and not process.parent.pid == 6)",
		"selection:\n    pid: 5\nselection_2:\n    User|startswith: 'a'\nfilter:\n    ppid: 6\n"
		"selection or (selection_2 and not filter)", FIDELITY_EXACT);
	expect("user.name in~ (\"a\", \"b\") and user.name in~ (\"B\") and process.pid > 5",
		"selection:\n    User: 'B'\n    pid|gt: 5\nselection", FIDELITY_EXACT);
	expect("user.name in~ (\"a\", \"b\") and user.name in~ (\"b\", \"c\")",
		"selection:\n    User:\n        - 'a'\n        - 'b'\nselection_2:\n    User:\n        - 'b'\n        - 'c'\n"
		"selection and selection_2", FIDELITY_EXACT);
	expect("process.pid == process.parent.pid", "selection:\n    pid|fieldref: ppid\nselection", FIDELITY_EXACT);
	expect("process.pid != process.parent.pid",
		"selection:\n    pid|exists: true\n    ppid|exists: true\nfilter:\n    pid|fieldref: ppid\nselection and not filter", FIDELITY_EXACT);
	expect("(process.pid == 5 or not process.pid == 5)", "selection:\n    Image|exists: true\nselection or not selection",
		FIDELITY_EXACT);
}

static void test_parts(void)
{
	expect("process.args == \"5x\"", "selection:\n    - a0: '5x'\n    - a1: '5x'\n    - a2: '5x'\nselection", FIDELITY_APPROXIMATE);
	expect("process.pid == 1 and not process.args like~ \"-z\"",
		"selection:\n    pid: 1\nfilter:\n    - a0: '-z'\n    - a1: '-z'\n    - a2: '-z'\nselection and not filter", FIDELITY_WIDER);
	expect("event.provider == \"pod\"", "selection:\n    kind: 'pods'\nselection", FIDELITY_EXACT);
	expect("event.provider like \"p*\"",
		"selection:\n    kind: 'pods'\nselection_2:\n    kind|exists: true\nfilter:\n    kind:\n        - 'pods'\n        - 'jobs'\n"
		"selection or (selection_2 and not filter)", FIDELITY_WIDER);
	expect("container.mounts like \"/etc:*\"", "selection:\n    hostPath: '/etc'\nselection", FIDELITY_WIDER);
	expect("process.pid == 1 and container.mounts like \"data:*\"", "selection:\n    pid: 1\nselection", FIDELITY_WIDER);
}

static void test_socket_bounds(void)
{
	expect("destination.port == 2375",
		"selection:\n    - saddr|re|i: '^02000947'\n    - saddr|startswith: '0A000947'\nselection", FIDELITY_EXACT);
	expect("destination.address == \"/x\"",
		"selection:\n    - saddr: '01002F78'\n    - saddr|startswith: '01002F7800'\nselection", FIDELITY_EXACT);
	expect("destination.address == \"@x\"",
		"selection:\n    saddr|re:\n        - '^01004078$'\n        - '^0100407800'\n        - '^01000078(00.*)?$'\nselection",
		FIDELITY_EXACT);
	expect("destination.ip == \"10.0.0.1\"",
		"selection:\n    saddr|re|i:\n        - '^0200[0-9A-F]{2}[0-9A-F]{2}0A000001'\n        - '^0A00[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}"
		"[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}00000000000000000000FFFF0A000001'\nselection", FIDELITY_EXACT);
	expect("cidrmatch(destination.ip, \"fd80::/9\")",
		"selection:\n    saddr|re|i: '^0A00[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}[0-9A-F]{2}FD[89ABCDEF]'\nselection",
		FIDELITY_EXACT);
}

static void check_socket(const char *hex, enum socket_family family, const char *text, unsigned port)
{
	struct arena arena = {0};
	struct socket_address address;

	CU_ASSERT(socket_address_read(&arena, text_of(hex), &address));
	CHECK_LONG(address.family, family);
	CHECK_TEXT(address.text, text);
	CHECK_LONG(address.port, port);
	arena_free(&arena);
}

static void test_socket(void)
{
	struct arena arena = {0};
	struct socket_address address;

	check_socket("01002F72756E2F7800", SOCKET_UNIX, "/run/x", 0);
	check_socket("01002F72756E2F78", SOCKET_UNIX, "/run/x", 0);
	check_socket("0100006275730000", SOCKET_UNIX, "@bus", 0);
	check_socket("0100", SOCKET_UNIX, "", 0);
	check_socket("020009470a0000010000000000000000", SOCKET_INET, "10.0.0.1", 2375);
	check_socket("0A0000500000000000000000000000000000FFFF0A00000100000000", SOCKET_INET6, "10.0.0.1", 80);
	check_socket("0A00005000000000FD00000000000000000000000000000100000000", SOCKET_INET6, "fd00::1", 80);
	CU_ASSERT(!socket_address_read(&arena, TEXT("020009"), &address));
	CU_ASSERT(!socket_address_read(&arena, TEXT("0200094"), &address));
	CU_ASSERT(!socket_address_read(&arena, TEXT("zz00"), &address));
	CU_ASSERT(!socket_address_read(&arena, TEXT(""), &address));
	arena_free(&arena);
}

static void test_tactics(void)
{
	CHECK_TEXT(text_of(sigma_tactics(TEXT("T1611"))), "privilege-escalation");
	CHECK_TEXT(text_of(sigma_tactics(TEXT("T1610"))), "execution");
	CHECK_TEXT(text_of(sigma_tactics(TEXT("T1562.001"))), "defense-impairment");
	CHECK_TEXT(text_of(sigma_tactics(TEXT("T1001"))), "command-and-control");
	CHECK_TEXT(text_of(sigma_tactics(TEXT("T1690"))), "defense-impairment");
	CU_ASSERT_PTR_NULL(sigma_tactics(TEXT("T9999")));
	CU_ASSERT_PTR_NULL(sigma_tactics(TEXT("")));
	CHECK_TEXT(sigma_technique(TEXT("T1562.012")), "T1685.004");
	CHECK_TEXT(sigma_technique(TEXT("T1611")), "T1611");
}

static void test_numbers(void)
{
	CU_ASSERT(sigma_number(TEXT("0")));
	CU_ASSERT(sigma_number(TEXT("-5")));
	CU_ASSERT(sigma_number(TEXT("9223372036854775807")));
	CU_ASSERT(!sigma_number(TEXT("9223372036854775808")));
	CU_ASSERT(!sigma_number(TEXT("-0")));
	CU_ASSERT(!sigma_number(TEXT("05")));
	CU_ASSERT(!sigma_number(TEXT("+5")));
	CU_ASSERT(!sigma_number(TEXT("5_000")));
	CU_ASSERT(!sigma_number(TEXT("")));
	CU_ASSERT(!sigma_number(TEXT("-")));
}

void suite_sigma_write(void)
{
	CU_pSuite suite = unit_suite("sigma_write");

	UNIT_TEST(suite, test_values);
	UNIT_TEST(suite, test_selections);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_socket_bounds);
	UNIT_TEST(suite, test_socket);
	UNIT_TEST(suite, test_tactics);
	UNIT_TEST(suite, test_numbers);
}
