/*
 * auditd_fields: the registered fields that audit records have a place for, by number.
 *
 * One list: the fields that the writer of auditd records asks for by name, and those that it leaves to whoever reads
 * (derived ones). A facet that has any other field is written in part.
 */
#ifndef MEWS_AUDITD_FIELDS_H
#define MEWS_AUDITD_FIELDS_H

#include "catalog/event.h"

/* id, name in the registry */
#define AUDITD_FIELDS(X) \
	X(CALL, "audit.syscall") X(NUMBER, "audit.syscall_number") X(ARCH, "audit.arch") X(EXIT, "audit.exit") X(A0, "audit.a0") \
	X(A1, "audit.a1") X(A2, "audit.a2") X(A3, "audit.a3") X(KEY, "audit.key") X(PATHS, "audit.paths") \
	X(OPEN_FLAGS, "audit.open_flags") X(FSUID, "audit.fsuid") X(FSGID, "audit.fsgid") X(SUBJECT, "audit.subject") \
	X(OUTCOME, "event.outcome") X(HOST, "host.name") X(EUID, "user.id") X(USER, "user.name") \
	X(AUID, "user.audit.id") X(AUDIT_USER, "user.audit.name") X(EGID, "user.group.id") X(SESSION, "session.id") \
	X(UID, "process.real_user.id") X(REAL_USER, "process.real_user.name") X(GID, "process.real_group.id") \
	X(REAL_GROUP, "process.real_group.name") X(SUID, "process.saved_user.id") X(SGID, "process.saved_group.id") \
	X(PID, "process.pid") X(PPID, "process.parent.pid") X(NAME, "process.name") X(COMM, "process.thread.name") \
	X(EXE, "process.executable") X(ARGS, "process.args") X(ARGC, "process.args_count") X(LINE, "process.command_line") \
	X(CWD, "process.working_directory") X(TTY, "process.tty.name") X(EXIT_CODE, "process.exit_code") \
	X(CAPS_P, "process.thread.capabilities.permitted") X(CAPS_E, "process.thread.capabilities.effective") \
	X(CAPS_FULL, "process.capabilities.full") X(NS_FLAGS, "process.namespaces.flags") \
	X(PTRACE, "process.ptrace.request") X(OBJECT_PID, "process.target.pid") X(OBJECT_NAME, "process.target.name") \
	X(BPF, "process.bpf.command") \
	X(FILE_TYPE, "file.type") X(DEVICE, "file.device") X(PATH, "file.path") X(FILE_NAME, "file.name") \
	X(FILE_DIRECTORY, "file.directory") \
	X(TARGET, "file.target_path") X(MODE, "file.mode") X(INODE, "file.inode") X(OWNER, "file.uid") \
	X(GROUP, "file.gid") X(MOUNT_SOURCE, "file.mount.source") X(MOUNT_BIND, "file.mount.bind") \
	X(MOUNT_FLAGS, "file.mount.flags") X(TO_ADDRESS, "destination.address") X(TO_IP, "destination.ip") \
	X(TO_PORT, "destination.port") X(FROM_IP, "source.ip") X(FROM_PORT, "source.port") \
	X(TRANSPORT, "network.transport") X(NETWORK, "network.type") X(MODULE, "driver.name") \
	X(DATASET, "event.dataset")

/* clang-format off */
enum auditd_field {
#define X(id, name) AUDITD_##id,
	AUDITD_FIELDS(X)
#undef X
	AUDITD_FIELD_COUNT
};
/* clang-format on */

struct auditd_fields {
	unsigned number[AUDITD_FIELD_COUNT];
	bool *known; /* [field_count]: it is one of these, or derived */
};

void auditd_fields_find(struct auditd_fields *fields, struct arena *arena, const struct registry *registry);

#endif
