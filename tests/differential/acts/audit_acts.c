/*
 * audit_acts: makes system calls of many kinds below a folder, so that audit rules have something to record. Stands alone:
 * audit_keys.sh compiles it for 32-bit calls too. Calls that an architecture lacks are left out.
 *
 *   audit_acts FOLDER      FOLDER has: watched, read, never, denied (mode 0), tree/, more/, program, script
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char path_a[512], path_b[512];

static const char *in(char *path, const char *folder, const char *name)
{
	snprintf(path, 512, "%s/%s", folder, name);
	return path;
}

static void shut(long descriptor)
{
	if (descriptor >= 0)
		close((int)descriptor);
}

static void open_files(const char *folder)
{
	static const char *const names[] = {"watched", "read", "never", "denied", "missing", "tree/file", "more/file", "more/new"};
	static const int flags[] = {O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_RDONLY | O_CREAT, O_RDWR | O_CREAT};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) {
			in(path_a, folder, names[i]);
			if (strcmp(names[i], "missing") == 0 && (flags[k] & O_CREAT))
				continue;
#ifdef SYS_open
			shut(syscall(SYS_open, path_a, flags[k], 0644));
#endif
			shut(syscall(SYS_openat, AT_FDCWD, path_a, flags[k], 0644));
#ifdef SYS_openat2
			struct { unsigned long long flags, mode, resolve; } how = {(unsigned)flags[k], flags[k] & O_CREAT ? 0644 : 0, 0};

			shut(syscall(SYS_openat2, AT_FDCWD, path_a, &how, sizeof how));
#endif
		}
	}
}

static void change_files(const char *folder)
{
	struct stat status;

	in(path_a, folder, "tree/one");
	in(path_b, folder, "tree/two");
#ifdef SYS_creat
	shut(syscall(SYS_creat, path_a, 0644));
#else
	shut(open(path_a, O_WRONLY | O_CREAT, 0644));
#endif
	(void)!link(path_a, path_b);
	(void)!unlink(path_b);
	(void)!symlink(path_a, path_b);
	(void)!readlink(path_b, path_b + 256, 100);
	(void)!unlink(path_b);
	(void)!rename(path_a, path_b);
	(void)!rename(path_b, in(path_a, folder, "more/moved"));
	(void)!chmod(path_a, 0600);
	(void)!chmod(in(path_b, folder, "watched"), 0640);
	(void)!chown(path_a, 0, 0);
	(void)!lchown(path_a, 65534, 65534);
	(void)!chmod(path_a, 0644);
	int descriptor = open(path_a, O_RDWR);

	(void)!fchmod(descriptor, 0660);
	(void)!fchown(descriptor, 0, 0);
	(void)!ftruncate(descriptor, 10);
	(void)!fstat(descriptor, &status);
	shut(descriptor);
	(void)!truncate(path_a, 5);
	(void)!truncate(in(path_b, folder, "watched"), 5);
	(void)!setxattr(path_b, "user.mews", "x", 1, 0);
	(void)!getxattr(path_b, "user.mews", path_b + 256, 10);
	(void)!removexattr(path_b, "user.mews");
	(void)!unlink(path_a);
	(void)!unlink(in(path_a, folder, "missing"));
	(void)!unlink(in(path_a, folder, "tree/missing"));
	(void)!rmdir(in(path_a, folder, "tree/missing"));
	(void)!rename(path_a, in(path_b, folder, "tree/other"));
	(void)!mkdir(in(path_a, folder, "tree"), 0700);
	(void)!mkdir(in(path_a, folder, "tree/no/folder"), 0700);
	(void)!chmod(in(path_a, folder, "tree/missing"), 0700);
	shut(open(in(path_a, folder, "loose"), O_WRONLY | O_CREAT, 0600));
	(void)!unlink(path_a);
	(void)!mkdir(in(path_a, folder, "tree/folder"), 0700);
	(void)!mkdirat(AT_FDCWD, in(path_b, folder, "tree/folder/inner"), 0700);
	(void)!rmdir(path_b);
	(void)!rmdir(path_a);
	(void)!mknod(in(path_a, folder, "more/pipe"), S_IFIFO | 0600, 0);
	(void)!unlink(path_a);
}

static void use_sockets(const char *folder)
{
	struct sockaddr_un here = {.sun_family = AF_UNIX};
	struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(here.sun_path, sizeof here.sun_path, "%s/tree/socket", folder);
	(void)!bind(server, (struct sockaddr *)&here, sizeof here);
	(void)!listen(server, 1);
	(void)!connect(client, (struct sockaddr *)&here, sizeof here);
	shut(client);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(here.sun_path);
	(void)!connect(client, (struct sockaddr *)&here, sizeof here);
	shut(client);
	shut(server);
	client = socket(AF_INET, SOCK_STREAM, 0);
	(void)!connect(client, (struct sockaddr *)&there, sizeof there);
	shut(client);
	client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	there.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1, where nobody answers */
	there.sin_port = htons(2375);
	(void)!connect(client, (struct sockaddr *)&there, sizeof there);
	shut(client);
	client = socket(AF_INET, SOCK_DGRAM, 0);
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	there.sin_port = 0;
	(void)!bind(client, (struct sockaddr *)&there, sizeof there);
	shut(client);
	client = socket(AF_INET6, SOCK_DGRAM, 0);
	(void)!connect(client, (struct sockaddr *)&six, sizeof six);
	shut(client);
}

static void start(const char *folder, const char *program, void (*before)(const char *folder))
{
	pid_t child = fork();

	if (child == 0) {
		if (before != NULL)
			before(folder);
		if (program != NULL)
			execl(program, program, "argument", (char *)NULL);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void be_nobody(const char *folder)
{
	(void)!syscall(SYS_setgid, 65534);
	(void)!syscall(SYS_setuid, 65534);
	shut(syscall(SYS_openat, AT_FDCWD, in(path_a, folder, "denied"), O_RDONLY));
	shut(syscall(SYS_openat, AT_FDCWD, in(path_a, folder, "watched"), O_WRONLY));
	(void)!unlink(in(path_a, folder, "watched"));
	(void)!chmod(in(path_a, folder, "watched"), 0777);
	(void)!kill(1, 0);
}

static void unshare_some(const char *folder)
{
	(void)folder;
	(void)!unshare(CLONE_NEWUTS);
	(void)!unshare(CLONE_NEWUTS | CLONE_NEWNS);
	(void)!unshare(CLONE_FS);
}

int main(int count, char **arguments)
{
	if (count != 2)
		return 2;
	const char *folder = arguments[1];

	open_files(folder);
	change_files(folder);
	use_sockets(folder);
	start(folder, "/bin/true", NULL);
	start(folder, in(path_b, folder, "program"), NULL);
	start(folder, in(path_b, folder, "script"), NULL);
	start(folder, in(path_b, folder, "missing"), NULL);
	start(folder, "/bin/true", be_nobody);
	start(folder, NULL, unshare_some);
	(void)!kill(getpid(), 0);
	return 0;
}
