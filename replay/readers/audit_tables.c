/*
 * audit_tables: names of record types, architectures and system calls; hex.
 */
#include "replay/readers/audit_parse.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct type_row {
	unsigned number;
	struct text name;
};

static const struct type_row types[] = {
#define TYPE(number, name) {number, {name, sizeof(name) - 1}},
#include "replay/readers/audit_types.h"
#undef TYPE
};

enum { TABLE_x86_64, TABLE_i386, TABLE_aarch64, TABLE_COUNT, SYSCALLS_MAX = 512 };

#define SYSCALL(table, number, name) [TABLE_##table][number] = {name, sizeof(name) - 1},
static const struct text syscalls[TABLE_COUNT][SYSCALLS_MAX] = {
#include "replay/readers/audit_syscalls.h"
};
#undef SYSCALL

struct arch_row {
	struct text code, name;
	int table; /* -1: names only */
};

#define ARCH(code, name, table) {{code, sizeof(code) - 1}, {name, sizeof(name) - 1}, table}
static const struct arch_row arches[] = {
	ARCH("c000003e", "x86_64", TABLE_x86_64), ARCH("40000003", "i386", TABLE_i386),
	ARCH("c00000b7", "aarch64", TABLE_aarch64), ARCH("40000028", "arm", -1), ARCH("28", "armeb", -1),
	ARCH("c0000015", "ppc64le", -1), ARCH("80000015", "ppc64", -1), ARCH("14", "ppc", -1),
	ARCH("80000016", "s390x", -1), ARCH("16", "s390", -1), ARCH("c00000f3", "riscv64", -1),
	ARCH("400000f3", "riscv32", -1), ARCH("c0000102", "loongarch64", -1),
};

/* x32 calls carry this bit; their numbers are those of x86_64 below it. */
enum { X32_BIT = 0x40000000 };

unsigned audit_type_number(struct text name)
{
	size_t low = 0, high = COUNT_OF(types);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = text_compare(name, types[middle].name);
		if (!order)
			return types[middle].number;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

struct text audit_type_name(unsigned number)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (types[i].number == number)
			return types[i].name;
	return TEXT("");
}

struct text audit_arch_name(struct text arch)
{
	for (size_t i = 0; i < COUNT_OF(arches); i++)
		if (text_equal(arch, arches[i].code))
			return arches[i].name;
	return TEXT("");
}

struct text audit_syscall_name(struct text arch_name, uint64_t number)
{
	for (size_t i = 0; i < COUNT_OF(arches); i++) {
		if (arches[i].table < 0 || !text_equal(arch_name, arches[i].name))
			continue;
		if (arches[i].table == TABLE_x86_64)
			number &= ~(uint64_t)X32_BIT;
		return number < SYSCALLS_MAX ? syscalls[arches[i].table][number] : TEXT("");
	}
	return TEXT("");
}

static int digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool audit_unhex(struct arena *arena, struct text hex, struct text *bytes)
{
	if (!hex.length || hex.length % 2)
		return false;
	for (size_t i = 0; i < hex.length; i++)
		if (digit(hex.data[i]) < 0)
			return false;
	char *out = arena_alloc(arena, hex.length / 2 + 1);
	for (size_t i = 0; i < hex.length / 2; i++)
		out[i] = (char)(digit(hex.data[2 * i]) * 16 + digit(hex.data[2 * i + 1]));
	*bytes = (struct text){out, hex.length / 2};
	return true;
}
