/* pair: one -F or -C of an audit rule → what the kernel gets for it. */
#include "generator/auditd/pair.h"

#include "generator/lower.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

enum { FAMILIES_MAX = 46, NAME_BYTES_MAX = 255 };
static const uint32_t UNSET = 4294967295U;

bool pair_refuse(struct pairing *pairing, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (pairing->problem == NULL)
		pairing->problem = arena_vprintf(pairing->arena, format, arguments);
	va_end(arguments);
	return false;
}

void pair_note(struct pairing *pairing, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	reason_add(pairing->arena, pairing->notes, arena_vprintf(pairing->arena, format, arguments));
	va_end(arguments);
}

bool pair_add(struct pairing *pairing, const struct kernel_test *test)
{
	struct kernel_rule *rule = pairing->rule;

	if (rule->count >= KERNEL_TESTS_MAX - 1)
		return pair_refuse(pairing, "a rule holds at most %d fields, the key among them", KERNEL_TESTS_MAX - 1);
	rule->tests = arena_grow(pairing->arena, rule->tests, rule->count, sizeof(*rule->tests));
	rule->tests[rule->count++] = *test;
	return true;
}

/* --- numbers --- */

static const char octal[] = "a number that begins with 0 is read as octal";

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static int digit_value(char byte)
{
	if (is_digit(byte))
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : 99;
}

uint32_t pair_number(struct text text, const char **odd)
{
	bool negative = text.length > 0 && text.data[0] == '-', wide = false;
	size_t at = negative ? 1 : 0, first;
	int base = 10;
	uint64_t number = 0;

	if (at + 1 < text.length && text.data[at] == '0') {
		bool hex = (text.data[at + 1] | 0x20) == 'x' && at + 2 < text.length && digit_value(text.data[at + 2]) < 16;

		base = hex ? 16 : 8;
		at += hex ? 2 : 0;
	}
	for (first = at; at < text.length && digit_value(text.data[at]) < base; at++) {
		uint64_t digit = (uint64_t)digit_value(text.data[at]);

		wide = wide || number > (UINT64_MAX - digit) / (uint64_t)base;
		number = wide ? UINT64_MAX : number * (uint64_t)base + digit;
	}
	*odd = at < text.length ? "what follows the number is ignored"
		: wide || number > UNSET || (negative && number > INT32_MAX) ? "the number is cut to 32 bits"
		: base == 8 && at - first > 1 ? octal : NULL;
	return (uint32_t)(negative && !wide ? 0 - number : number);
}

/* A digit, or a minus and a digit where `sign`. */
static bool begins_number(struct text text, bool sign)
{
	if (text.length > 0 && is_digit(text.data[0]))
		return true;
	return sign && text.length > 1 && text.data[0] == '-' && is_digit(text.data[1]);
}

static void set_number(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	const char *odd;

	bool flags = test->field >= KERNEL_A0 && test->field <= KERNEL_A3; /* which are written in octal on purpose */

	test->number = pair_number(value, &odd);
	if (odd != NULL && !(flags && odd == octal))
		pair_note(pairing, "%.*s: %s; the kernel gets %u", TEXT_ARGS(test->written), odd, test->number);
}

/* --- values of each kind --- */

/* A name that only the host can turn into a number; root is 0 everywhere. */
static bool set_name(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (value.data[0] == '-')
		return pair_refuse(pairing, "nobody is called %.*s", TEXT_ARGS(value));
	test->named = !text_is(value, "root");
	test->text = test->named ? value : TEXT("");
	if (test->named)
		pair_note(pairing, "%.*s: the name must be known on the host that loads the rule", TEXT_ARGS(test->written));
	return true;
}

static bool take_user(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (begins_number(value, true))
		set_number(pairing, test, value);
	else if (text_is(value, "unset"))
		test->number = UNSET;
	else if (!set_name(pairing, test, value))
		return false;
	if (test->named || test->number != UNSET)
		return true;
	if (test->field != KERNEL_AUID)
		return pair_refuse(pairing, "only auid can be unset, not %.*s", TEXT_ARGS(test->written));
	if (test->op != KERNEL_EQUAL && test->op != KERNEL_NOT_EQUAL)
		return pair_refuse(pairing, "unset can only be compared with = and !=");
	return true;
}

static bool take_group(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (!begins_number(value, false))
		return set_name(pairing, test, value);
	set_number(pairing, test, value);
	return test->number != UNSET || pair_refuse(pairing, "a group cannot be %u", UNSET);
}

static bool take_exit(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	bool negative = text_starts(value, TEXT("-"), false);

	if (begins_number(value, true)) {
		set_number(pairing, test, value);
		return true;
	}
	int number = kernel_errno(text_slice(value, negative ? 1 : 0, value.length));

	if (number == 0)
		return pair_refuse(pairing, "there is no error %.*s", TEXT_ARGS(value));
	test->number = (uint32_t)(negative ? -number : number);
	if (!negative)
		pair_note(pairing, "%.*s: without a minus it is the result +%d, which no failed call has", TEXT_ARGS(test->written),
			number);
	return true;
}

/* CWD, cwd, UNKNOWN[1399] */
static uint32_t type_number(struct pairing *pairing, struct text name)
{
	struct text inside = text_slice(name, 8, name.length);
	const char *odd;

	if (text_starts(name, TEXT("UNKNOWN["), false))
		return begins_number(inside, false) ? pair_number(text_slice(inside, 0, text_find(inside, ']')), &odd) : 0;
	char *upper = arena_strndup(pairing->arena, name.data, name.length);

	for (char *c = upper; *c != '\0'; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return audit_type_number(text_of(upper));
}

static bool take_type(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (pairing->rule->list != KERNEL_EXCLUDE && pairing->rule->list != KERNEL_USER)
		return pair_refuse(pairing, "msgtype stands only in the lists exclude and user");
	if (begins_number(value, false))
		set_number(pairing, test, value);
	else
		test->number = type_number(pairing, value);
	return test->number != 0 || begins_number(value, false)
		|| pair_refuse(pairing, "there is no record type %.*s", TEXT_ARGS(value));
}

static bool take_session(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (pairing->rule->list == KERNEL_TASK || pairing->rule->list == KERNEL_FILESYSTEM)
		return pair_refuse(pairing, "sessionid does not stand in the list %s", kernel_list_name(pairing->rule->list));
	if (begins_number(value, true))
		set_number(pairing, test, value);
	else if (text_is(value, "unset"))
		test->number = UNSET;
	else
		pair_note(pairing, "%.*s: no number; the kernel gets 0", TEXT_ARGS(test->written));
	return true;
}

static bool take_family(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (!begins_number(value, true))
		pair_note(pairing, "%.*s: only numbers are read; the kernel gets 0, which is no family", TEXT_ARGS(test->written));
	else
		set_number(pairing, test, value);
	return test->number < FAMILIES_MAX || pair_refuse(pairing, "there is no address family %u", test->number);
}

static bool take_number(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (!begins_number(value, false))
		return pair_refuse(pairing, "%.*s is compared with a number", TEXT_ARGS(test->written));
	set_number(pairing, test, value);
	if (test->field == KERNEL_SUCCESS && test->op != KERNEL_EQUAL && test->op != KERNEL_NOT_EQUAL)
		pair_note(pairing, "%.*s: the kernel numbers outcomes 1 (success) and 2 (failure) to put them in order",
			TEXT_ARGS(test->written));
	return true;
}

static bool take_signed(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (!begins_number(value, true))
		return pair_refuse(pairing, "%.*s is compared with a number", TEXT_ARGS(test->written));
	set_number(pairing, test, value);
	return true;
}

static bool take_filetype(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	static const struct {
		const char *name;
		uint32_t mode;
	} types[] = {{"socket", 0140000}, {"link", 0120000}, {"file", 0100000}, {"block", 0060000}, {"dir", 0040000},
		{"character", 0020000}, {"fifo", 0010000}};

	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (text_equal_fold(value, text_of(types[i].name))) {
			test->number = types[i].mode;
			return true;
		}
	}
	return pair_refuse(pairing, "there is no file type %.*s", TEXT_ARGS(value));
}

static bool take_fstype(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	static const struct {
		const char *name;
		uint32_t magic;
	} types[] = {{"tracefs", 0x74726163}, {"debugfs", 0x64626720}, {"cgroup", 0x27e0eb}, {"cgroup2", 0x63677270}};

	if (pairing->rule->list != KERNEL_FILESYSTEM)
		return pair_refuse(pairing, "fstype stands only in the list filesystem");
	pairing->filesystem = true;
	if (begins_number(value, false)) {
		set_number(pairing, test, value);
		return test->number != UNSET || pair_refuse(pairing, "there is no file system type %u", UNSET);
	}
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (!text_equal_fold(value, text_of(types[i].name)))
			continue;
		test->number = types[i].magic;
		if (i >= 2)
			pair_note(pairing, "%.*s: auditctl 3 knows only tracefs and debugfs by name", TEXT_ARGS(test->written));
		return true;
	}
	return pair_refuse(pairing, "there is no file system type %.*s", TEXT_ARGS(value));
}

struct text pair_arch(struct text name)
{
	static const struct {
		const char *name, *arch;
	} names[] = {
		{"b64", "x86_64"}, {"b32", "i386"}, {"x86_64", "x86_64"}, {"i386", "i386"}, {"i486", "i386"}, {"i586", "i386"},
		{"i686", "i386"}, {"aarch64", "aarch64"}, {"armv8l", "aarch64"}, {"arm", "arm"}, {"armeb", "arm"},
		{"armv5tejl", "arm"}, {"armv5tel", "arm"}, {"armv6l", "arm"}, {"armv7l", "arm"}, {"ppc64", "ppc64"},
		{"ppc64le", "ppc64le"}, {"ppc", "ppc"}, {"s390x", "s390x"}, {"s390", "s390"}, {"riscv64", "riscv64"},
		{"riscv32", "riscv32"},
	};
	static const char *const numbered[] = {"x86_64", "i386", "aarch64", "arm", "ppc64", "ppc64le", "ppc", "s390x", "s390",
		"riscv64", "riscv32"};
	const char *odd;

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (text_equal_fold(name, text_of(names[i].name)))
			return text_of(names[i].arch);
	}
	/* Numbers are read in base 0, and where they begin with a letter in base 16. */
	struct text number = begins_number(name, false) ? name : TEXT("");
	uint64_t hex = 0;

	if (number.length == 0 && !text_to_ulong_base(name, 16, &hex))
		return TEXT("");
	for (size_t i = 0; i < COUNT_OF(numbered); i++) {
		if (audit_arch_number(text_of(numbered[i])) == (number.length > 0 ? pair_number(number, &odd) : hex))
			return text_of(numbered[i]);
	}
	return TEXT("");
}

static bool take_arch(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	struct text arch = pair_arch(value);

	if (pairing->called)
		return pair_refuse(pairing, "arch must stand before the system calls");
	if (arch.length == 0)
		return pair_refuse(pairing, "there is no architecture %.*s", TEXT_ARGS(value));
	if (text_starts(arch, TEXT("riscv"), false))
		pair_note(pairing, "auditctl 3 does not know the architecture %.*s", TEXT_ARGS(arch));
	pairing->rule->arch = arch;
	pairing->rule->arch_said = true;
	test->number = audit_arch_number(arch);
	return true;
}

bool pair_perm(struct pairing *pairing, struct text letters, uint32_t *perm)
{
	static const char all[] = "xwra"; /* bits 1, 2, 4, 8 */

	if (letters.length > 4)
		return pair_refuse(pairing, "permissions are at most four letters");
	*perm = 0;
	for (size_t i = 0; i < letters.length; i++) {
		const char *bit = letters.data[i] != '\0' ? strchr(all, letters.data[i] | 0x20) : NULL;

		if (bit == NULL || (letters.data[i] & 0x40) == 0)
			return pair_refuse(pairing, "permissions are of the letters r, w, x and a");
		*perm |= 1u << (bit - all);
	}
	pairing->permitted = true;
	return true;
}

bool pair_path(struct pairing *pairing, struct text path)
{
	size_t slash = 0;

	if (path.length == 0 || path.data[0] != '/')
		return pair_refuse(pairing, "a path begins with /");
	for (size_t i = 0; i < path.length; i++)
		slash = path.data[i] == '/' ? i : slash;
	if (path.length >= KERNEL_PATH_MAX || path.length - slash - 1 > NAME_BYTES_MAX)
		return pair_refuse(pairing, "the path is too long");
	if (text_contains(path, TEXT(".."), false))
		pair_note(pairing, "%.*s: .. is taken as it stands when the rule is loaded", TEXT_ARGS(path));
	if (text_find(path, '*') < path.length || text_find(path, '?') < path.length)
		pair_note(pairing, "%.*s: there are no wildcards in audit paths; it is that name, literally", TEXT_ARGS(path));
	return true;
}

/* One file or tree a rule, and one program (kernel: audit_to_watch, audit_make_tree, audit_alloc_mark). */
static bool take_path(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	const struct kernel_rule *rule = pairing->rule;
	bool file = test->field != KERNEL_EXE;

	if (file && rule->list == KERNEL_EXIT)
		pairing->permitted = true;
	if (!file)
		pairing->executable = true;
	if (!pair_path(pairing, value))
		return false;
	if (test->field != KERNEL_DIR && value.data[value.length - 1] == '/')
		return pair_refuse(pairing, "the kernel refuses a / at the end of %s=", file ? "path" : "exe");
	if (file && (kernel_rule_test(rule, KERNEL_PATH) || kernel_rule_test(rule, KERNEL_DIR)
			|| kernel_rule_test(rule, KERNEL_INODE)))
		return pair_refuse(pairing, "a rule has at most one of path, dir and inode");
	if (!file && kernel_rule_test(rule, KERNEL_EXE))
		return pair_refuse(pairing, "a rule has at most one exe");
	test->text = value;
	return true;
}

static bool take_text(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	if (value.length > KERNEL_PATH_MAX)
		return pair_refuse(pairing, "the value is too long");
	test->text = value;
	return true;
}

static bool take_perm(struct pairing *pairing, struct kernel_test *test, struct text value)
{
	return pair_perm(pairing, value, &test->number);
}

typedef bool taking(struct pairing *pairing, struct kernel_test *test, struct text value);
static taking *const takings[] = {
	[KERNEL_KIND_USER] = take_user, [KERNEL_KIND_GROUP] = take_group, [KERNEL_KIND_NUMBER] = take_number,
	[KERNEL_KIND_SIGNED] = take_signed, [KERNEL_KIND_EXIT] = take_exit, [KERNEL_KIND_TEXT] = take_text,
	[KERNEL_KIND_PATH] = take_path, [KERNEL_KIND_ARCH] = take_arch, [KERNEL_KIND_PERM] = take_perm,
	[KERNEL_KIND_FILETYPE] = take_filetype, [KERNEL_KIND_FSTYPE] = take_fstype, [KERNEL_KIND_MSGTYPE] = take_type,
	[KERNEL_KIND_SESSION] = take_session, [KERNEL_KIND_FAMILY] = take_family,
};

/* --- pairs --- */

/* Operators of two characters are looked for first, wherever they stand; so auditctl does. */
static bool split(struct text written, struct text *name, enum kernel_operator *op, struct text *value)
{
	static const struct {
		const char *text;
		enum kernel_operator op;
	} operators[] = {{"!=", KERNEL_NOT_EQUAL}, {">=", KERNEL_GREATER_EQUAL}, {"<=", KERNEL_LESS_EQUAL},
		{"&=", KERNEL_MASK_ALL}, {"=", KERNEL_EQUAL}, {">", KERNEL_GREATER}, {"<", KERNEL_LESS}, {"&", KERNEL_MASK}};

	for (size_t i = 0; i < COUNT_OF(operators); i++) {
		struct text symbol = text_of(operators[i].text);

		for (size_t at = 0; at + symbol.length <= written.length; at++) {
			if (memcmp(written.data + at, symbol.data, symbol.length) != 0)
				continue;
			*op = operators[i].op;
			*name = text_slice(written, 0, at);
			*value = text_slice(written, at + symbol.length, written.length);
			return true;
		}
	}
	return false;
}

static bool operator_fits(const struct kernel_field *field, enum kernel_operator op)
{
	enum kernel_allows asked = op == KERNEL_EQUAL ? KERNEL_ALLOWS_EQUAL : op == KERNEL_NOT_EQUAL ? KERNEL_ALLOWS_NOT
		: op == KERNEL_MASK || op == KERNEL_MASK_ALL ? KERNEL_ALLOWS_MASK : KERNEL_ALLOWS_ORDER;

	return asked <= field->allows;
}

/* Fields that the exclude list reads; auditctl 3 refuses all others there. */
static bool excludes_by(enum kernel_field_number field)
{
	return field == KERNEL_PID || field == KERNEL_UID || field == KERNEL_GID || field == KERNEL_AUID
		|| field == KERNEL_MSGTYPE || field == KERNEL_EXE || (field >= KERNEL_SUBJ_USER && field <= KERNEL_SUBJ_CLR);
}

static bool list_fits(struct pairing *pairing, const struct kernel_field *field)
{
	enum kernel_list list = pairing->rule->list;

	if (field->exit_only && list != KERNEL_EXIT && list != KERNEL_URING)
		return pair_refuse(pairing, "%s stands only in the list exit", field->name);
	if (list == KERNEL_FILESYSTEM && field->number != KERNEL_FSTYPE)
		return pair_refuse(pairing, "the list filesystem takes only fstype");
	if (list == KERNEL_EXCLUDE && !excludes_by(field->number))
		return pair_refuse(pairing, "the list exclude does not take %s", field->name);
	return true;
}

bool pair_field(struct pairing *pairing, struct text written)
{
	struct text name, value;
	struct kernel_test test = {.written = written};

	if (!split(written, &name, &test.op, &value))
		return pair_refuse(pairing, "-F needs field, operator and value: %.*s", TEXT_ARGS(written));
	const struct kernel_field *field = kernel_field_named(name);

	if (field == NULL)
		return pair_refuse(pairing, "there is no field %.*s in audit rules", TEXT_ARGS(name));
	if (value.length == 0)
		return pair_refuse(pairing, "%.*s has no value", TEXT_ARGS(name));
	test.field = field->number;
	if (!list_fits(pairing, field))
		return false;
	if (!operator_fits(field, test.op))
		return pair_refuse(pairing, "%s cannot be compared with %s", field->name, kernel_operator_name(test.op));
	if (field->number == KERNEL_INODE && (kernel_rule_test(pairing->rule, KERNEL_PATH)
			|| kernel_rule_test(pairing->rule, KERNEL_DIR) || kernel_rule_test(pairing->rule, KERNEL_INODE)))
		return pair_refuse(pairing, "a rule has at most one of path, dir and inode");
	return takings[field->kind](pairing, &test, value) && pair_add(pairing, &test);
}

bool pair_compare(struct pairing *pairing, struct text written)
{
	struct kernel_test test = {.field = KERNEL_COMPARE, .written = written};
	struct text name, value;
	bool negated = text_contains(written, TEXT("!="), false);

	if (!split(written, &name, &test.op, &value) || (!negated && text_find(written, '=') == written.length))
		return pair_refuse(pairing, "-C compares two fields with = or !=: %.*s", TEXT_ARGS(written));
	if (!negated) {
		size_t at = text_find(written, '=');

		test.op = KERNEL_EQUAL;
		name = text_slice(written, 0, at);
		value = text_slice(written, at + 1, written.length);
	}
	const struct kernel_field *left = kernel_field_named(name), *right = kernel_field_named(value);

	if (left == NULL || right == NULL)
		return pair_refuse(pairing, "there is no field %.*s in audit rules", TEXT_ARGS(left == NULL ? name : value));
	if (pairing->rule->list != KERNEL_EXIT)
		return pair_refuse(pairing, "-C stands only in the list exit");
	test.left = left->number;
	test.right = right->number;
	test.number = kernel_pair(left->number, right->number);
	if (test.number == 0)
		return pair_refuse(pairing, "%s and %s cannot be compared with each other", left->name, right->name);
	return pair_add(pairing, &test);
}
