/*
 * scap_context: who acts, told to a reader before it sees what was done.
 *
 * Programs, arguments, parents, users and containers are no part of most calls: a reader knows them from earlier ones.
 * So hidden events go before an event where the reader's state is not what the event says: a clone for a process that it
 * does not know, an execve for a program, and so on.
 */
#ifndef MEWS_SCAP_CONTEXT_H
#define MEWS_SCAP_CONTEXT_H

#include "catalog/catalog.h"
#include "replay/export/scap_blocks.h"

/* Registered fields that are said, resolved once. */
#define SCAP_FIELDS(F) \
	F(pid, "process.pid") F(parent_pid, "process.parent.pid") F(name, "process.name") F(executable, "process.executable") \
	F(thread, "process.thread.name") F(args, "process.args") F(line, "process.command_line") \
	F(directory, "process.working_directory") F(tty, "process.tty.name") F(parent_name, "process.parent.name") \
	F(parent_executable, "process.parent.executable") F(parent_line, "process.parent.command_line") \
	F(effective, "process.thread.capabilities.effective") F(permitted, "process.thread.capabilities.permitted") \
	F(namespaces, "process.namespaces.flags") F(request, "process.ptrace.request") F(exit_code, "process.exit_code") \
	F(outcome, "event.outcome") F(host, "host.name") F(user, "user.id") F(user_name, "user.name") \
	F(login, "user.audit.id") F(login_name, "user.audit.name") F(group, "user.group.id") \
	F(syscall, "audit.syscall") F(exit, "audit.exit") F(a0, "audit.a0") F(a1, "audit.a1") \
	F(path, "file.path") F(target, "file.target_path") F(mode, "file.mode") F(mount_source, "file.mount.source") \
	F(mount_type, "file.mount.type") F(mount_flags, "file.mount.flags") F(bind, "file.mount.bind") \
	F(source_ip, "source.ip") F(source_port, "source.port") F(address, "destination.address") \
	F(destination_ip, "destination.ip") F(destination_port, "destination.port") F(transport, "network.transport") \
	F(driver, "driver.name") F(inside, "process.in_container") \
	F(entity, "entity.id") F(container, "container.id") F(container_name, "container.name") \
	F(runtime, "container.runtime") F(image, "container.image.name") F(tag, "container.image.tag") \
	F(privileged, "container.security_context.privileged") F(mounts, "container.mounts") \
	F(space, "orchestrator.namespace") F(pod, "orchestrator.resource.name")

struct scap_field_numbers {
#define F(member, name) unsigned member;
	SCAP_FIELDS(F)
#undef F
};
void scap_fields_resolve(struct scap_field_numbers *numbers, const struct registry *registry);

struct scap_actor {
	struct scap_writer *writer;
	const struct scap_field_numbers *numbers;
	const struct facet *facet;
	int64_t pid;
	bool first;        /* of its container: pid 1 there */
	const char *lacks; /* what the event does not say and a reader would know: the reason, or NULL */
};

struct text scap_said(const struct scap_actor *actor, unsigned field);
int64_t scap_said_number(const struct scap_actor *actor, unsigned field, int64_t otherwise);

/* Capability names of the field as bits; 0 where it is missing. */
uint64_t scap_set_of(const struct scap_actor *actor, unsigned field);
/* The paths of control groups that say which container it is in. */
struct text scap_cgroups(const struct scap_actor *actor);

/* Tells the process with its parent and container; `program`: and what it runs (not where it is about to execute it). */
void scap_tell_actor(struct scap_actor *actor, bool program);
/* The two events of an execve with the facet's program; `result` 0 or below. */
void scap_tell_program(struct scap_actor *actor, int64_t result, enum scap_sight sight);

#endif
