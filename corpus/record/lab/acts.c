/*
 * acts: system calls that no ordinary tool makes, one for each word, as an attacker's own programs make them.
 *
 *   acts handle FILE    open files by guessed handles, from the file system that FILE lies on
 *   acts bpf            load the smallest program there is
 *   acts perf           ask for performance events of the whole machine
 *   acts userns         make a user and a mount namespace
 *   acts child          the same, by clone
 *   acts fsopen         mount by the calls of the new interface, in a user namespace
 *   acts exe            open the program that runs, and those of other processes, for writing
 *   acts poke PID       write a word of that process's stack by ptrace
 *   acts mem PID        the same through /proc
 *   acts vm PID         the same by process_vm_writev
 *   acts packet         open a packet socket and hear nothing
 *   acts ring           set up an io_uring
 *   acts key            put a key into the session's keyring and list it
 *   acts memfd FILE     run a copy of FILE that lies in memory only
 *   acts reboot         ask for a reboot (of the pid namespace, where it is not the machine's)
 *
 * Built by scenarios with gcc -static, and named as an attacker would.  What is written into a process is what stood there.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int handles(const char *file)
{
	struct {
		struct file_handle head;
		unsigned char bytes[8];
	} handle = {.head = {.handle_bytes = 8, .handle_type = 1}};
	int mount = open(file, O_RDONLY);
	int found = 0;
	for (unsigned inode = 2; inode < 12; inode++) {
		memcpy(handle.bytes, &inode, sizeof inode);
		int fd = open_by_handle_at(mount, &handle.head, O_RDONLY);
		if (fd >= 0)
			found++;
	}
	printf("%d of 10 handles opened\n", found);
	return 0;
}

static int load_bpf(void)
{
	struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 0}, {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr;
	memset(&attr, 0, sizeof attr);
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (unsigned long)code;
	attr.insn_cnt = 2;
	attr.license = (unsigned long)"GPL";
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
	perror("bpf");
	return fd < 0;
}

static int perf(void)
{
	struct perf_event_attr attr;
	memset(&attr, 0, sizeof attr);
	attr.type = PERF_TYPE_SOFTWARE;
	attr.size = sizeof attr;
	attr.config = PERF_COUNT_SW_CPU_CLOCK;
	long fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0);
	perror("perf_event_open");
	return fd < 0;
}

static int in_namespace(void *unused)
{
	(void)unused;
	sleep(1);
	return 0;
}

static int child(void)
{
	static char stack[65536];
	int pid = clone(in_namespace, stack + sizeof stack, CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD, NULL);
	perror("clone");
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid < 0;
}

static int new_mount(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		perror("unshare");
	long fs = syscall(SYS_fsopen, "tmpfs", 0);
	syscall(SYS_fsconfig, fs, 1, "source", "x", 0);
	syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0);
	long mount = syscall(SYS_fsmount, fs, 0, 0);
	long moved = syscall(SYS_move_mount, mount, "", AT_FDCWD, "/mnt", 4);
	perror("move_mount");
	return moved < 0;
}

static int executables(void)
{
	int own = open("/proc/self/exe", O_PATH);
	char path[64];
	snprintf(path, sizeof path, "/proc/self/fd/%d", own);
	int fd = open("/proc/self/exe", O_WRONLY | O_TRUNC);
	printf("own: %d\n", fd);
	fd = open(path, O_WRONLY);
	printf("by descriptor: %d\n", fd);
	for (int pid = 2; pid < 40; pid++) {
		snprintf(path, sizeof path, "/proc/%d/exe", pid);
		if (pid != getpid() && access(path, F_OK) == 0)
			printf("%s: %d\n", path, open(path, O_WRONLY));
	}
	return 0;
}

/* Some writable word of the process: the first of its stack. */
static unsigned long stack_of(int pid)
{
	char path[64], line[256];
	unsigned long start = 0;
	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	FILE *maps = fopen(path, "r");
	while (maps && fgets(line, sizeof line, maps))
		if (strstr(line, "[stack]"))
			start = strtoul(strchr(line, '-') + 1, NULL, 16) - 64;
	if (maps)
		fclose(maps);
	return start;
}

static int poke(int pid)
{
	unsigned long at = stack_of(pid);
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0) {
		perror("ptrace");
		return 1;
	}
	waitpid(pid, NULL, 0);
	long word = ptrace(PTRACE_PEEKDATA, pid, (void *)at, NULL);
	ptrace(PTRACE_POKEDATA, pid, (void *)at, (void *)word);
	perror("poke");
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return 0;
}

static int write_memory(int pid, int whole_call)
{
	unsigned long at = stack_of(pid), word = 0;
	struct iovec here = {&word, sizeof word}, there = {(void *)at, sizeof word};
	char path[64];
	process_vm_readv(pid, &here, 1, &there, 1, 0);
	if (whole_call) {
		long n = process_vm_writev(pid, &here, 1, &there, 1, 0);
		perror("process_vm_writev");
		return n < 0;
	}
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	int fd = open(path, O_RDWR);
	long n = pwrite(fd, &word, sizeof word, (off_t)at);
	perror("mem");
	return n < 0;
}

static int ring(void)
{
	struct io_uring_params p;
	memset(&p, 0, sizeof p);
	long fd = syscall(SYS_io_uring_setup, 8, &p);
	perror("io_uring_setup");
	return fd < 0;
}

static int key(void)
{
	char keys[64];
	syscall(SYS_add_key, "user", "session", "x", 1, KEY_SPEC_SESSION_KEYRING);
	long n = syscall(SYS_keyctl, KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, keys, sizeof keys);
	perror("keyctl");
	return n < 0;
}

static int from_memory(const char *file, char **args)
{
	char bytes[65536], path[64];
	int in = open(file, O_RDONLY), out = memfd_create("", 0);
	for (long n; (n = read(in, bytes, sizeof bytes)) > 0;)
		if (write(out, bytes, (size_t)n) != n)
			return 1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", out);
	execv(path, args);
	perror("execv");
	return 1;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const char *operand = argc > 2 ? argv[2] : "/etc/hosts";
	int pid = atoi(operand);
	if (!strcmp(word, "handle"))
		return handles(operand);
	if (!strcmp(word, "bpf"))
		return load_bpf();
	if (!strcmp(word, "perf"))
		return perf();
	if (!strcmp(word, "userns"))
		return unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0;
	if (!strcmp(word, "child"))
		return child();
	if (!strcmp(word, "fsopen"))
		return new_mount();
	if (!strcmp(word, "exe"))
		return executables();
	if (!strcmp(word, "poke"))
		return poke(pid);
	if (!strcmp(word, "mem") || !strcmp(word, "vm"))
		return write_memory(pid, word[0] == 'v');
	if (!strcmp(word, "packet"))
		return socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) < 0;
	if (!strcmp(word, "ring"))
		return ring();
	if (!strcmp(word, "key"))
		return key();
	if (!strcmp(word, "memfd"))
		return from_memory(operand, argv + 2);
	if (!strcmp(word, "reboot"))
		return reboot(RB_AUTOBOOT);
	return 2;
}
