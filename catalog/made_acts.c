/* made_acts: see made_acts.h. */
#include "catalog/made_acts.h"

#include "catalog/carried.h"

/* What a sensor reads at some acts alone, though all have it. */
static bool is_read_at(struct text field, struct text action)
{
	bool capabilities = text_starts(field, TEXT("process.thread.capabilities."), false)
		|| text_is(field, "process.capabilities.full");

	return !capabilities || text_is(action, "capset") || text_is(action, "exec");
}

static bool is_carried(const struct made_facet *facet, const struct test_field *field)
{
	struct text name = facet->registry->fields[field->field].name, action = facet->registry->actions[facet->action].name;

	if (field->null)
		return !text_is(name, "audit.arch"); /* every system call is one of an architecture */
	return field_carried(facet->registry, field->field, facet->action) && is_read_at(name, action);
}

bool made_acts_carry(const struct made_facet *facet)
{
	for (size_t i = 0; i < facet->count; i++) {
		if (!is_carried(facet, &facet->fields[i]))
			return false;
	}
	return true;
}

/* How the calls begin that do such a thing; acts that are not listed may be of any call. */
static const struct act {
	const char *category, *action, *calls[4];
} acts[] = {
	{"file", "open", {"open"}},
	{"file", "create", {"open", "creat", "mkdir"}},
	{"file", "modify", {"open", "creat", "truncate", "ftruncate"}},
	{"file", "delete", {"unlink", "rmdir"}},
	{"file", "rename", {"rename"}},
	{"file", "link", {"link", "symlink"}},
	{"file", "chmod", {"chmod", "fchmod"}},
	{"file", "chown", {"chown", "fchown", "lchown"}},
	{"file", "mount", {"mount", "move_mount"}},
	{"file", "umount", {"umount"}},
	{"file", "mknod", {"mknod"}},
	{"file", "open_by_handle", {"open_by_handle_at"}},
	{"file", "setxattr", {"setxattr", "lsetxattr", "fsetxattr"}},
	{"process", "exec", {"exec"}},
	{"process", "fork", {"clone", "fork", "vfork"}},
	{"process", "exit", {"exit"}},
	{"process", "ptrace", {"ptrace"}},
	{"process", "setns", {"setns"}},
	{"process", "unshare", {"unshare"}},
	{"process", "capset", {"capset"}},
	{"process", "setuid", {"setuid", "setreuid", "setresuid", "setfsuid"}},
	{"process", "kill", {"kill", "tkill", "tgkill", "pidfd_send_signal"}},
	{"process", "bpf", {"bpf"}},
	{"process", "chroot", {"chroot"}},
	{"process", "perf_event_open", {"perf_event_open"}},
	{"process", "io_uring", {"io_uring_setup"}},
	{"process", "reboot", {"reboot"}},
	{"process", "memfd_create", {"memfd_create"}},
	{"process", "process_vm_write", {"process_vm_writev"}},
	{"process", "keyctl", {"keyctl", "add_key", "request_key"}},
	{"network", "connect", {"connect", "socketcall"}},
	{"network", "accept", {"accept", "socketcall"}},
	{"network", "bind", {"bind", "socketcall"}},
	{"network", "listen", {"listen", "socketcall"}},
	{"driver", "load", {"init_module", "finit_module"}},
	{"driver", "unload", {"delete_module"}},
};

static bool does(const struct made_facet *facet, struct text call)
{
	struct text category = facet->registry->categories[facet->category].name;
	struct text action = facet->registry->actions[facet->action].name;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (!text_is(category, acts[i].category) || !text_is(action, acts[i].action))
			continue;
		for (size_t k = 0; k < 4 && acts[i].calls[k] != NULL; k++) {
			if (text_starts(call, text_of(acts[i].calls[k]), false))
				return true;
		}
		return false;
	}
	return true;
}

bool made_acts_call(const struct made_facet *facet)
{
	const struct test_field *call = made_get(facet, registry_field(facet->registry, TEXT("audit.syscall")));

	if (call == NULL || call->null)
		return true;
	for (size_t i = 0; i < call->values.count; i++) {
		if (!does(facet, call->values.items[i]))
			return false;
	}
	return true;
}
