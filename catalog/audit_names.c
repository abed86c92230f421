/*
 * audit_names: what Linux audit calls its record types, architectures and system calls.
 */
#include "catalog/audit_names.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct type_row {
	unsigned number;
	struct text name;
};

static const struct type_row types[] = {
#define TYPE(number, name) {number, {name, sizeof(name) - 1}},
#include "catalog/audit_types.h"
#undef TYPE
};

enum { TABLE_x86_64, TABLE_i386, TABLE_aarch64, TABLE_COUNT, SYSCALLS_MAX = 512 };

#define SYSCALL(table, number, name) [TABLE_##table][number] = {name, sizeof(name) - 1},
static const struct text syscalls[TABLE_COUNT][SYSCALLS_MAX] = {
#include "catalog/audit_syscalls.h"
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

static int table_of(struct text arch_name)
{
	for (size_t i = 0; i < COUNT_OF(arches); i++)
		if (text_equal(arch_name, arches[i].name))
			return arches[i].table;
	return -1;
}

static bool number_in(int table, struct text name, unsigned *number)
{
	for (unsigned i = 0; i < SYSCALLS_MAX; i++)
		if (syscalls[table][i].length > 0 && text_equal(syscalls[table][i], name)) {
			*number = i;
			return true;
		}
	return false;
}

bool audit_arch_known(struct text arch_name)
{
	return table_of(arch_name) >= 0;
}

bool audit_syscall_number(struct text arch_name, struct text name, unsigned *number)
{
	int table = table_of(arch_name);
	return table >= 0 && number_in(table, name, number);
}

uint32_t audit_arch_number(struct text arch_name)
{
	for (size_t i = 0; i < COUNT_OF(arches); i++) {
		uint64_t number;
		if (text_equal(arch_name, arches[i].name) && text_to_ulong_base(arches[i].code, 16, &number))
			return (uint32_t)number;
	}
	return 0;
}

bool audit_syscall_anywhere(struct text name)
{
	unsigned number;
	for (int table = 0; table < TABLE_COUNT; table++)
		if (number_in(table, name, &number))
			return true;
	return false;
}
