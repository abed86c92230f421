/* asking: one test of an audit rule as a predicate in EQL. */
#include "generator/auditd/asking.h"

#include "generator/rule.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const uint32_t UNSET = 4294967295U;

void asking_string(struct buffer *out, struct text text)
{
	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte == '"' || byte == '\\')
			buffer_char(out, '\\');
		if (byte < ' ' || byte == 0x7f)
			buffer_printf(out, "\\u{%x}", byte);
		else
			buffer_char(out, text.data[i]);
	}
	buffer_char(out, '"');
}

/* --- ids --- */

static const struct {
	enum kernel_field_number field;
	const char *id, *name; /* NULL: logs have no name for it */
} ids[] = {
	{KERNEL_UID, "process.real_user.id", "process.real_user.name"},
	{KERNEL_EUID, "user.id", "user.name"},
	{KERNEL_SUID, "process.saved_user.id", NULL},
	{KERNEL_FSUID, "audit.fsuid", NULL},
	{KERNEL_GID, "process.real_group.id", "process.real_group.name"},
	{KERNEL_EGID, "user.group.id", NULL},
	{KERNEL_SGID, "process.saved_group.id", NULL},
	{KERNEL_FSGID, "audit.fsgid", NULL},
	{KERNEL_AUID, "user.audit.id", "user.audit.name"},
	{KERNEL_SESSION, "session.id", NULL},
	{KERNEL_OBJ_UID, "file.uid", NULL},
	{KERNEL_OBJ_GID, "file.gid", NULL},
};

static const char *id_field(enum kernel_field_number field, bool name)
{
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		if (ids[i].field == field)
			return name ? ids[i].name : ids[i].id;
	}
	return NULL;
}

static bool of_file(enum kernel_field_number field)
{
	return field == KERNEL_OBJ_UID || field == KERNEL_OBJ_GID;
}

static bool can_be_unset(enum kernel_field_number field)
{
	return field == KERNEL_AUID || field == KERNEL_SESSION;
}

static bool says_set(const struct kernel_test *test, enum kernel_field_number field)
{
	return test->field == field && test->op == KERNEL_NOT_EQUAL && !test->named && test->number == UNSET;
}

static bool is_set(const struct kernel_rule *rule, enum kernel_field_number field)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (says_set(&rule->tests[i], field))
			return true;
	}
	return false;
}

/* Does another test of the field imply that it is there? All but "is unset" do, once it is said to be set. */
static bool implied(const struct kernel_rule *rule, const struct kernel_test *set)
{
	for (size_t i = 0; i < rule->count; i++) {
		const struct kernel_test *test = &rule->tests[i];

		if (test->field == set->field && !says_set(test, set->field) && !test->named)
			return true;
	}
	return false;
}

/* The kernel has 4294967295 for an id that is unset; here it is missing. */
static void ask_id(const struct asking_about *about, const struct kernel_test *test, const char *field, struct buffer *out)
{
	bool open = can_be_unset(test->field) && !is_set(about->rule, test->field);
	bool above = kernel_compare(UNSET, test->op, test->number) && can_be_unset(test->field) && test->number != UNSET;

	if (test->number == UNSET && can_be_unset(test->field)) {
		bool missing = test->op == KERNEL_EQUAL || test->op == KERNEL_GREATER_EQUAL;

		if (missing || !implied(about->rule, test))
			buffer_printf(out, "%s %s null", field, missing ? "==" : "!=");
		return;
	}
	if (open && above)
		buffer_char(out, '(');
	if (test->op == KERNEL_EQUAL || test->op == KERNEL_NOT_EQUAL)
		buffer_printf(out, "%s %s \"%u\"", field, test->op == KERNEL_EQUAL ? "==" : "!=", test->number);
	else
		buffer_printf(out, "number(%s) %s %u", field, kernel_operator_name(test->op), test->number);
	if (open && above)
		buffer_printf(out, " or %s == null)", field);
}

static bool take_id(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	const char *field = id_field(test->field, test->named);

	if (of_file(test->field) && strcmp(about->category, "file") != 0) {
		*why = "only files have owners in the log";
		return false;
	}
	if (field == NULL) {
		*why = "the log has no name for such an id";
		return false;
	}
	if (!test->named) {
		ask_id(about, test, field, out);
		return true;
	}
	if (test->op != KERNEL_EQUAL && test->op != KERNEL_NOT_EQUAL) {
		*why = "which numbers are above that user's is known on the host only";
		return false;
	}
	buffer_printf(out, "%s %s ", field, test->op == KERNEL_EQUAL ? "==" : "!=");
	asking_string(out, test->text);
	return true;
}

static bool take_pair(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	const char *left = id_field(test->left, false), *right = id_field(test->right, false);
	bool negated = test->op == KERNEL_NOT_EQUAL;
	bool unset = test->left == KERNEL_AUID || test->right == KERNEL_AUID;

	if ((of_file(test->left) || of_file(test->right)) && strcmp(about->category, "file") != 0) {
		*why = "only files have owners in the log";
		return false;
	}
	if (negated && unset && !is_set(about->rule, KERNEL_AUID))
		buffer_printf(out, "not %s == %s", left, right);
	else
		buffer_printf(out, "%s %s %s", left, negated ? "!=" : "==", right);
	return true;
}

/* --- paths --- */

static struct text without_slash(struct text path)
{
	while (path.length > 1 && path.data[path.length - 1] == '/')
		path.length--;
	return path;
}

/* A path as a pattern that is only that, and all below it as another. */
static void add_patterns(struct buffer *out, struct text path)
{
	struct buffer escaped = {0};

	for (size_t i = 0; i < path.length; i++) {
		if (strchr("*?\\", path.data[i]) != NULL)
			buffer_char(&escaped, '\\');
		buffer_char(&escaped, path.data[i]);
	}
	if (path.length > 1) {
		asking_string(out, buffer_view(&escaped));
		buffer_string(out, ", ");
		buffer_string(&escaped, "/");
	}
	buffer_string(&escaped, "*");
	asking_string(out, buffer_view(&escaped));
	buffer_free(&escaped);
}

static void ask_path(const struct asking_about *about, struct buffer *out, const char *field, const struct kernel_test *test)
{
	bool whole = test->field == KERNEL_PATH && !about->rule->watch, list = !whole || about->path_count > 0;

	buffer_printf(out, "%s %s %s", field, !whole ? "like" : list ? "in" : "==", list ? "(" : "");
	for (size_t i = 0; i <= about->path_count; i++) {
		struct text path = without_slash(i == 0 ? test->text : about->paths[i - 1]);

		buffer_string(out, i > 0 ? ", " : "");
		if (whole)
			asking_string(out, path);
		else
			add_patterns(out, path);
	}
	buffer_string(out, list ? ")" : "");
}

static bool take_path(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	if (strcmp(about->category, "process") == 0 && about->execs) {
		/* A script is recorded under its own path; the executable is its interpreter. */
		buffer_char(out, '(');
		ask_path(about, out, "process.executable", test);
		buffer_string(out, " or ");
		ask_path(about, out, "audit.paths", test);
		buffer_char(out, ')');
	} else if (strcmp(about->category, "network") == 0) {
		ask_path(about, out, "destination.address", test);
	} else if (strcmp(about->category, "file") == 0) {
		bool several = about->moves || about->mounts;

		buffer_string(out, several ? "(" : "");
		ask_path(about, out, "file.path", test);
		if (about->moves) {
			buffer_string(out, " or ");
			ask_path(about, out, "file.target_path", test);
		}
		if (about->mounts) {
			buffer_string(out, " or ");
			ask_path(about, out, "file.mount.source", test);
		}
		buffer_string(out, several ? ")" : "");
	} else {
		*why = "such events have no path here";
		return false;
	}
	return true;
}

static bool take_program(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	(void)about;
	(void)why;
	buffer_printf(out, "process.executable %s ", test->op == KERNEL_EQUAL ? "==" : "!=");
	asking_string(out, test->text);
	return true;
}

/* --- numbers --- */

static bool take_long(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	(void)about;
	(void)why;
	buffer_printf(out, "%s %s %u", test->field == KERNEL_PID ? "process.pid" : "process.parent.pid",
		test->op == KERNEL_EQUAL ? "==" : kernel_operator_name(test->op), test->number);
	return true;
}

/* The kernel numbers outcomes 1 (success) and 2 (failure) and compares those. A connection under way failed, there. */
static bool take_success(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	uint32_t asked = test->number != 0 ? 1 : 2;
	bool success = kernel_compare(1, test->op, asked), failure = kernel_compare(2, test->op, asked);
	bool network = strcmp(about->category, "network") == 0;

	(void)why;
	if (success && failure)
		buffer_string(out, network ? "(event.outcome == null or event.outcome != null)" : "event.outcome != null");
	else
		buffer_string(out, success ? "event.outcome == \"success\""
		: !failure ? "event.outcome == \"neither\""
		: network ? "(event.outcome == \"failure\" or event.outcome == null)" : "event.outcome == \"failure\"");
	return true;
}

/* The kernel compares results as numbers of 32 bits without sign: those below zero are above all others. */
static bool take_exit(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	int64_t number = (int32_t)test->number;
	const char *op = kernel_operator_name(test->op);

	(void)about;
	(void)why;
	if (test->op == KERNEL_EQUAL || test->op == KERNEL_NOT_EQUAL)
		buffer_printf(out, "audit.exit %s %lld", test->op == KERNEL_EQUAL ? "==" : "!=", (long long)number);
	else if ((test->op == KERNEL_LESS || test->op == KERNEL_LESS_EQUAL) == (number >= 0))
		buffer_printf(out, "audit.exit %s 0 and audit.exit %s %lld", number >= 0 ? ">=" : "<", op, (long long)number);
	else
		buffer_printf(out, "(audit.exit %s 0 or audit.exit %s %lld)", number >= 0 ? "<" : ">=", op, (long long)number);
	return true;
}

/* Arguments are logged in hex, all 64 bits; the kernel compares the lower 32. */
static bool take_argument(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	int number = (int)test->field - KERNEL_A0;

	if (test->op == KERNEL_EQUAL || test->op == KERNEL_NOT_EQUAL) {
		const char *in = test->op == KERNEL_EQUAL ? "in" : "not in";

		if (test->number >= 0x80000000U)
			buffer_printf(out, "audit.a%d %s (\"%x\", \"ffffffff%x\")", number, in, test->number, test->number);
		else
			buffer_printf(out, "audit.a%d %s \"%x\"", number, test->op == KERNEL_EQUAL ? "==" : "!=", test->number);
		return true;
	}
	if ((test->op != KERNEL_MASK && test->op != KERNEL_MASK_ALL) || test->number == 0) {
		*why = "arguments are logged in hex, which has no order here";
		return false;
	}
	buffer_printf(out, "audit.a%d regex ", number);
	asking_string(out, rule_regex_bits(about->arena, test->number, test->op == KERNEL_MASK_ALL));
	return true;
}

static bool take_inode(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	if (strcmp(about->category, "file") != 0) {
		*why = "only files have inodes in the log";
		return false;
	}
	buffer_printf(out, "file.inode %s \"%u\"", test->op == KERNEL_EQUAL ? "==" : "!=", test->number);
	return true;
}

static bool take_family(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	static const struct {
		uint32_t family;
		const char *field, *value;
	} families[] = {{1, "network.transport", "unix"}, {2, "network.type", "ipv4"}, {10, "network.type", "ipv6"}};

	(void)about;
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		if (families[i].family != test->number || (test->op != KERNEL_EQUAL && test->op != KERNEL_NOT_EQUAL))
			continue;
		buffer_printf(out, "%s%s == \"%s\"", test->op == KERNEL_EQUAL ? "" : "not ", families[i].field, families[i].value);
		return true;
	}
	*why = "no field holds such an address family";
	return false;
}

/* user:role:type:level; the level may have colons of its own. */
static bool take_context(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	static const char *const before[] = {"", "[^:]*:", "[^:]*:[^:]*:"};
	size_t piece = (size_t)test->field - KERNEL_SUBJ_USER;
	struct buffer regex = {0};

	(void)about;
	if (piece >= COUNT_OF(before) || (test->op != KERNEL_EQUAL && test->op != KERNEL_NOT_EQUAL)) {
		*why = "levels of security contexts are ordered by the host's policy";
		return false;
	}
	buffer_string(&regex, before[piece]);
	rule_regex_literal(&regex, test->text);
	buffer_string(&regex, "(:.*)?");
	if (test->op == KERNEL_NOT_EQUAL)
		buffer_string(out, "not ");
	buffer_string(out, "audit.subject regex ");
	asking_string(out, buffer_view(&regex));
	buffer_free(&regex);
	return true;
}

static bool take_nothing(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	(void)about;
	(void)test;
	(void)out;
	(void)why;
	return true;
}

/* --- all of them --- */

typedef bool taking(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why);

static const struct {
	enum kernel_field_number first, last;
	taking *take;
} takings[] = {
	{KERNEL_PID, KERNEL_PID, take_long},
	{KERNEL_UID, KERNEL_AUID, take_id},
	{KERNEL_ARCH, KERNEL_ARCH, take_nothing},
	{KERNEL_SUBJ_USER, KERNEL_SUBJ_CLR, take_context},
	{KERNEL_PPID, KERNEL_PPID, take_long},
	{KERNEL_SESSION, KERNEL_SESSION, take_id},
	{KERNEL_INODE, KERNEL_INODE, take_inode},
	{KERNEL_EXIT_CODE, KERNEL_EXIT_CODE, take_exit},
	{KERNEL_SUCCESS, KERNEL_SUCCESS, take_success},
	{KERNEL_PATH, KERNEL_PATH, take_path},
	{KERNEL_PERM, KERNEL_PERM, take_nothing},
	{KERNEL_DIR, KERNEL_DIR, take_path},
	{KERNEL_OBJ_UID, KERNEL_OBJ_GID, take_id},
	{KERNEL_COMPARE, KERNEL_COMPARE, take_pair},
	{KERNEL_EXE, KERNEL_EXE, take_program},
	{KERNEL_SADDR_FAM, KERNEL_SADDR_FAM, take_family},
	{KERNEL_A0, KERNEL_A3, take_argument},
	{KERNEL_KEY, KERNEL_KEY, take_nothing},
};

bool asking_test(const struct asking_about *about, const struct kernel_test *test, struct buffer *out, const char **why)
{
	for (size_t i = 0; i < COUNT_OF(takings); i++) {
		if (test->field >= takings[i].first && test->field <= takings[i].last)
			return takings[i].take(about, test, out, why);
	}
	*why = "no field holds it";
	return false;
}
