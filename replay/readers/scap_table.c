/*
 * scap_table: the tables, and the texts of flags.
 */
#include "replay/readers/scap_table.h"

#include <string.h>

static const struct scap_name family_names[] = {
	{0x27, "AF_NFC"}, {0x26, "AF_ALG"}, {0x25, "AF_CAIF"}, {0x24, "AF_IEEE802154"}, {0x23, "AF_PHONET"},
	{0x22, "AF_ISDN"}, {0x21, "AF_RXRPC"}, {0x20, "AF_IUCV"}, {0x1f, "AF_BLUETOOTH"}, {0x1e, "AF_TIPC"},
	{0x1d, "AF_CAN"}, {0x1a, "AF_LLC"}, {0x19, "AF_WANPIPE"}, {0x18, "AF_PPPOX"}, {0x17, "AF_IRDA"},
	{0x16, "AF_SNA"}, {0x15, "AF_RDS"}, {0x14, "AF_ATMSVC"}, {0x13, "AF_ECONET"}, {0x12, "AF_ASH"},
	{0x11, "AF_PACKET"}, {0x10, "AF_ROUTE"}, {0x10, "AF_NETLINK"}, {0xf, "AF_KEY"}, {0xe, "AF_SECURITY"},
	{0xd, "AF_NETBEUI"}, {0xc, "AF_DECnet"}, {0xb, "AF_ROSE"}, {0xa, "AF_INET6"}, {9, "AF_X25"}, {8, "AF_ATMPVC"},
	{7, "AF_BRIDGE"}, {6, "AF_NETROM"}, {5, "AF_APPLETALK"}, {4, "AF_IPX"}, {3, "AF_AX25"}, {2, "AF_INET"},
	{1, "AF_LOCAL"}, {1, "AF_UNIX"}, {0, "AF_UNSPEC"}, {0, NULL},
};
static const struct scap_name open_names[] = {
	{0x800, "O_LARGEFILE"}, {0x400, "O_DIRECTORY"}, {0x200, "O_DIRECT"}, {0x100, "O_TRUNC"}, {0x80, "O_SYNC"},
	{0x40, "O_NONBLOCK"}, {0x20, "O_EXCL"}, {0x10, "O_DSYNC"}, {8, "O_APPEND"}, {4, "O_CREAT"}, {3, "O_RDWR"},
	{2, "O_WRONLY"}, {1, "O_RDONLY"}, {0x1000, "O_CLOEXEC"}, {0, "O_NONE"}, {0x2000, "O_TMPFILE"},
	{0x4000, "O_F_CREATED"}, {0x8000, "FD_UPPER_LAYER"}, {0x10000, "FD_LOWER_LAYER"}, {0, NULL},
};
static const struct scap_name clone_names[] = {
	{1, "CLONE_FILES"}, {2, "CLONE_FS"}, {4, "CLONE_IO"}, {8, "CLONE_NEWIPC"}, {0x10, "CLONE_NEWNET"},
	{0x20, "CLONE_NEWNS"}, {0x40, "CLONE_NEWPID"}, {0x80, "CLONE_NEWUTS"}, {0x100, "CLONE_PARENT"},
	{0x200, "CLONE_PARENT_SETTID"}, {0x400, "CLONE_PTRACE"}, {0x800, "CLONE_SIGHAND"}, {0x1000, "CLONE_SYSVSEM"},
	{0x2000, "CLONE_THREAD"}, {0x4000, "CLONE_UNTRACED"}, {0x8000, "CLONE_VM"}, {0x10000, "CLONE_INVERTED"},
	{0x20000, "NAME_CHANGED"}, {0x40000, "CLOSED"}, {0x100000, "CLONE_NEWUSER"}, {0x800000, "CLONE_CHILD_CLEARTID"},
	{0x1000000, "CLONE_CHILD_SETTID"}, {0x2000000, "CLONE_SETTLS"}, {0x4000000, "CLONE_STOPPED"},
	{0x8000000, "CLONE_VFORK"}, {0x10000000, "CLONE_NEWCGROUP"}, {0x20000000, "CLONE_CHILD_IN_PIDNS"}, {0, NULL},
};
static const struct scap_name mount_names[] = {
	{1, "RDONLY"}, {2, "NOSUID"}, {4, "NODEV"}, {8, "NOEXEC"}, {0x10, "SYNCHRONOUS"}, {0x20, "REMOUNT"},
	{0x40, "MANDLOCK"}, {0x80, "DIRSYNC"}, {0x400, "NOATIME"}, {0x800, "NODIRATIME"}, {0x1000, "BIND"},
	{0x2000, "MOVE"}, {0x4000, "REC"}, {0x8000, "SILENT"}, {0x10000, "POSIXACL"}, {0x20000, "UNBINDABLE"},
	{0x40000, "PRIVATE"}, {0x80000, "SLAVE"}, {0x100000, "SHARED"}, {0x200000, "RELATIME"}, {0x400000, "KERNMOUNT"},
	{0x800000, "I_VERSION"}, {0x1000000, "STRICTATIME"}, {0x2000000, "LAZYTIME"}, {0x10000000, "NOSEC"},
	{0x20000000, "BORN"}, {0x40000000, "ACTIVE"}, {0x80000000, "NOUSER"}, {0, NULL},
};
static const struct scap_name umount_names[] = {
	{1, "FORCE"}, {2, "DETACH"}, {4, "EXPIRE"}, {8, "NOFOLLOW"}, {0, NULL},
};
static const struct scap_name ptrace_names[] = {
	{0x26, "PTRACE_SINGLEBLOCK"}, {0x25, "PTRACE_SYSEMU_SINGLESTEP"}, {0x24, "PTRACE_SYSEMU"},
	{0x23, "PTRACE_ARCH_PRCTL"}, {0x22, "PTRACE_SET_THREAD_AREA"}, {0x21, "PTRACE_GET_THREAD_AREA"},
	{0x20, "PTRACE_OLDSETOPTIONS"}, {0x1f, "PTRACE_SETFPXREGS"}, {0x1e, "PTRACE_GETFPXREGS"},
	{0x1d, "PTRACE_SETFPREGS"}, {0x1c, "PTRACE_GETFPREGS"}, {0x1b, "PTRACE_SETREGS"}, {0x1a, "PTRACE_GETREGS"},
	{0x19, "PTRACE_SETSIGMASK"}, {0x18, "PTRACE_GETSIGMASK"}, {0x17, "PTRACE_PEEKSIGINFO"}, {0x16, "PTRACE_LISTEN"},
	{0x15, "PTRACE_INTERRUPT"}, {0x14, "PTRACE_SEIZE"}, {0x13, "PTRACE_SETREGSET"}, {0x12, "PTRACE_GETREGSET"},
	{0x11, "PTRACE_SETSIGINFO"}, {0x10, "PTRACE_GETSIGINFO"}, {0xf, "PTRACE_GETEVENTMSG"},
	{0xe, "PTRACE_SETOPTIONS"}, {0xd, "PTRACE_SYSCALL"}, {0xc, "PTRACE_DETACH"}, {0xb, "PTRACE_ATTACH"},
	{0xa, "PTRACE_SINGLESTEP"}, {9, "PTRACE_KILL"}, {8, "PTRACE_CONT"}, {7, "PTRACE_POKEUSR"},
	{6, "PTRACE_POKEDATA"}, {5, "PTRACE_POKETEXT"}, {4, "PTRACE_PEEKUSR"}, {3, "PTRACE_PEEKDATA"},
	{2, "PTRACE_PEEKTEXT"}, {1, "PTRACE_TRACEME"}, {0, "PTRACE_UNKNOWN"}, {0, NULL},
};
static const struct scap_name unlinkat_names[] = {
	{0x200, "AT_REMOVEDIR"}, {0, NULL},
};
static const struct scap_name linkat_names[] = {
	{0x400, "AT_SYMLINK_FOLLOW"}, {0x1000, "AT_EMPTY_PATH"}, {0, NULL},
};
static const struct scap_name execve_names[] = {
	{1, "EXE_WRITABLE"}, {2, "EXE_UPPER_LAYER"}, {4, "EXE_FROM_MEMFD"}, {8, "EXE_LOWER_LAYER"}, {0, NULL},
};
static const struct scap_name execveat_names[] = {
	{1, "AT_EMPTY_PATH"}, {2, "AT_SYMLINK_NOFOLLOW"}, {0, NULL},
};
static const struct scap_name resolve_names[] = {
	{1, "RESOLVE_BENEATH"}, {2, "RESOLVE_IN_ROOT"}, {4, "RESOLVE_NO_MAGICLINKS"}, {8, "RESOLVE_NO_SYMLINKS"},
	{0x10, "RESOLVE_NO_XDEV"}, {0x20, "RESOLVE_CACHED"}, {0, NULL},
};
static const struct scap_name finit_names[] = {
	{1, "MODULE_INIT_IGNORE_MODVERSIONS"}, {2, "MODULE_INIT_IGNORE_VERMAGIC"}, {4, "MODULE_INIT_COMPRESSED_FILE"},
	{0, NULL},
};
static const struct scap_name delete_names[] = {
	{2, "O_NONBLOCK"}, {1, "O_TRUNC"}, {0, NULL},
};
static const struct scap_name bpf_names[] = {
	{0, "BPF_MAP_CREATE"}, {1, "BPF_MAP_LOOKUP_ELEM"}, {2, "BPF_MAP_UPDATE_ELEM"}, {3, "BPF_MAP_DELETE_ELEM"},
	{4, "BPF_MAP_GET_NEXT_KEY"}, {5, "BPF_PROG_LOAD"}, {6, "BPF_OBJ_PIN"}, {7, "BPF_OBJ_GET"},
	{8, "BPF_PROG_ATTACH"}, {9, "BPF_PROG_DETACH"}, {0xa, "BPF_PROG_TEST_RUN"}, {0xa, "BPF_PROG_RUN"},
	{0xb, "BPF_PROG_GET_NEXT_ID"}, {0xc, "BPF_MAP_GET_NEXT_ID"}, {0xd, "BPF_PROG_GET_FD_BY_ID"},
	{0xe, "BPF_MAP_GET_FD_BY_ID"}, {0xf, "BPF_OBJ_GET_INFO_BY_FD"}, {0x10, "BPF_PROG_QUERY"},
	{0x11, "BPF_RAW_TRACEPOINT_OPEN"}, {0x12, "BPF_BTF_LOAD"}, {0x13, "BPF_BTF_GET_FD_BY_ID"},
	{0x14, "BPF_TASK_FD_QUERY"}, {0x15, "BPF_MAP_LOOKUP_AND_DELETE_ELEM"}, {0x16, "BPF_MAP_FREEZE"},
	{0x17, "BPF_BTF_GET_NEXT_ID"}, {0x18, "BPF_MAP_LOOKUP_BATCH"}, {0x19, "BPF_MAP_LOOKUP_AND_DELETE_BATCH"},
	{0x1a, "BPF_MAP_UPDATE_BATCH"}, {0x1b, "BPF_MAP_DELETE_BATCH"}, {0x1c, "BPF_LINK_CREATE"},
	{0x1d, "BPF_LINK_UPDATE"}, {0x1e, "BPF_LINK_GET_FD_BY_ID"}, {0x1f, "BPF_LINK_GET_NEXT_ID"},
	{0x20, "BPF_ENABLE_STATS"}, {0x21, "BPF_ITER_CREATE"}, {0x22, "BPF_LINK_DETACH"}, {0x23, "BPF_PROG_BIND_MAP"},
	{0, NULL},
};
static const struct scap_name rename_names[] = {
	{1, "RENAME_NOREPLACE"}, {2, "RENAME_EXCHANGE"}, {4, "RENAME_WHITEOUT"}, {0, NULL},
};
static const struct scap_name creat_names[] = {
	{1, "FD_UPPER_LAYER_CREAT"}, {2, "FD_LOWER_LAYER_CREAT"}, {0, NULL},
};
static const struct scap_name memfd_names[] = {
	{1, "MFD_CLOEXEC"}, {2, "MFD_ALLOW_SEALING"}, {4, "MFD_HUGETLB"}, {0, NULL},
};
static const struct scap_name fcntl_names[] = {
	{0x1d, "F_GETPIPE_SZ"}, {0x1c, "F_SETPIPE_SZ"}, {0x1b, "F_NOTIFY"}, {0x1a, "F_DUPFD_CLOEXEC"},
	{0x19, "F_CANCELLK"}, {0x18, "F_GETLEASE"}, {0x17, "F_SETLEASE"}, {0x16, "F_GETOWN_EX"}, {0x15, "F_SETOWN_EX"},
	{0x13, "F_SETLKW64"}, {0x12, "F_SETLK64"}, {0x11, "F_GETLK64"}, {0xf, "F_GETSIG"}, {0xd, "F_SETSIG"},
	{0xc, "F_GETOWN"}, {0xa, "F_SETOWN"}, {9, "F_SETLKW"}, {8, "F_SETLK"}, {6, "F_GETLK"}, {5, "F_SETFL"},
	{4, "F_GETFL"}, {3, "F_SETFD"}, {2, "F_GETFD"}, {1, "F_DUPFD"}, {0x1e, "F_OFD_GETLK"}, {0x1f, "F_OFD_SETLK"},
	{0x20, "F_OFD_SETLKW"}, {0, "UNKNOWN"}, {0, NULL},
};
static const struct scap_name errors[] = {
	{1, "EPERM"}, {2, "ENOENT"}, {3, "ESRCH"}, {4, "EINTR"}, {5, "EIO"}, {6, "ENXIO"}, {7, "E2BIG"}, {8, "ENOEXEC"},
	{9, "EBADF"}, {10, "ECHILD"}, {11, "EAGAIN"}, {12, "ENOMEM"}, {13, "EACCES"}, {14, "EFAULT"}, {15, "ENOTBLK"},
	{16, "EBUSY"}, {17, "EEXIST"}, {18, "EXDEV"}, {19, "ENODEV"}, {20, "ENOTDIR"}, {21, "EISDIR"}, {22, "EINVAL"},
	{23, "ENFILE"}, {24, "EMFILE"}, {25, "ENOTTY"}, {26, "ETXTBSY"}, {27, "EFBIG"}, {28, "ENOSPC"}, {29, "ESPIPE"},
	{30, "EROFS"}, {31, "EMLINK"}, {32, "EPIPE"}, {33, "EDOM"}, {34, "ERANGE"}, {35, "EDEADLOCK"},
	{36, "ENAMETOOLONG"}, {37, "ENOLCK"}, {38, "ENOSYS"}, {39, "ENOTEMPTY"}, {40, "ELOOP"}, {42, "ENOMSG"},
	{43, "EIDRM"}, {44, "ECHRNG"}, {45, "EL2NSYNC"}, {46, "EL3HLT"}, {47, "EL3RST"}, {48, "ELNRNG"}, {49, "EUNATCH"},
	{50, "ENOCSI"}, {51, "EL2HLT"}, {52, "EBADE"}, {53, "EBADR"}, {54, "EXFULL"}, {55, "ENOANO"}, {56, "EBADRQC"},
	{57, "EBADSLT"}, {59, "EBFONT"}, {60, "ENOSTR"}, {61, "ENODATA"}, {62, "ETIME"}, {63, "ENOSR"}, {64, "ENONET"},
	{65, "ENOPKG"}, {66, "EREMOTE"}, {67, "ENOLINK"}, {68, "EADV"}, {69, "ESRMNT"}, {70, "ECOMM"}, {71, "EPROTO"},
	{72, "EMULTIHOP"}, {73, "EDOTDOT"}, {74, "EBADMSG"}, {75, "EOVERFLOW"}, {76, "ENOTUNIQ"}, {77, "EBADFD"},
	{78, "EREMCHG"}, {79, "ELIBACC"}, {80, "ELIBBAD"}, {81, "ELIBSCN"}, {82, "ELIBMAX"}, {83, "ELIBEXEC"},
	{84, "EILSEQ"}, {85, "ERESTART"}, {86, "ESTRPIPE"}, {87, "EUSERS"}, {88, "ENOTSOCK"}, {89, "EDESTADDRREQ"},
	{90, "EMSGSIZE"}, {91, "EPROTOTYPE"}, {92, "ENOPROTOOPT"}, {93, "EPROTONOSUPPORT"}, {94, "ESOCKTNOSUPPORT"},
	{95, "ENOTSUP"}, {96, "EPFNOSUPPORT"}, {97, "EAFNOSUPPORT"}, {98, "EADDRINUSE"}, {99, "EADDRNOTAVAIL"},
	{100, "ENETDOWN"}, {101, "ENETUNREACH"}, {102, "ENETRESET"}, {103, "ECONNABORTED"}, {104, "ECONNRESET"},
	{105, "ENOBUFS"}, {106, "EISCONN"}, {107, "ENOTCONN"}, {108, "ESHUTDOWN"}, {109, "ETOOMANYREFS"},
	{110, "ETIMEDOUT"}, {111, "ECONNREFUSED"}, {112, "EHOSTDOWN"}, {113, "EHOSTUNREACH"}, {114, "EALREADY"},
	{115, "EINPROGRESS"}, {116, "ESTALE"}, {117, "EUCLEAN"}, {118, "ENOTNAM"}, {119, "ENAVAIL"}, {120, "EISNAM"},
	{121, "EREMOTEIO"}, {122, "EDQUOT"}, {123, "ENOMEDIUM"}, {124, "EMEDIUMTYPE"}, {125, "ECANCELED"},
	{126, "ENOKEY"}, {127, "EKEYEXPIRED"}, {128, "EKEYREVOKED"}, {129, "EKEYREJECTED"}, {130, "EOWNERDEAD"},
	{131, "ENOTRECOVERABLE"}, {132, "ERFKILL"}, {0, NULL},
};
static const struct scap_name signals[] = {
	{1, "SIGHUP"}, {2, "SIGINT"}, {3, "SIGQUIT"}, {4, "SIGILL"}, {5, "SIGTRAP"}, {6, "SIGABRT"}, {7, "SIGBUS"},
	{8, "SIGFPE"}, {9, "SIGKILL"}, {10, "SIGUSR1"}, {11, "SIGSEGV"}, {12, "SIGUSR2"}, {13, "SIGPIPE"},
	{14, "SIGALRM"}, {15, "SIGTERM"}, {16, "SIGSTKFLT"}, {17, "SIGCHLD"}, {18, "SIGCONT"}, {19, "SIGSTOP"},
	{20, "SIGTSTP"}, {21, "SIGTTIN"}, {22, "SIGTTOU"}, {23, "SIGURG"}, {24, "SIGXCPU"}, {25, "SIGXFSZ"},
	{26, "SIGVTALRM"}, {27, "SIGPROF"}, {28, "SIGWINCH"}, {29, "SIGIO"}, {30, "SIGPWR"}, {31, "SIGSYS"}, {0, NULL},
};

static const struct {
	const char *name;
	const struct scap_name *names;
} flag_tables[] = {
	{"family", family_names}, {"open", open_names}, {"clone", clone_names}, {"mount", mount_names},
	{"umount", umount_names}, {"ptrace", ptrace_names}, {"unlinkat", unlinkat_names}, {"linkat", linkat_names},
	{"execve", execve_names}, {"execveat", execveat_names}, {"resolve", resolve_names}, {"finit", finit_names},
	{"delete", delete_names}, {"bpf", bpf_names}, {"rename", rename_names}, {"creat", creat_names},
	{"memfd", memfd_names}, {"fcntl", fcntl_names},
};

/* Parameters that many versions of an event share. */
#define TASK "tid:p pid:p ptid:p cwd:s fdlimit:u pgft_maj:u pgft_min:u vm_size:u vm_rss:u vm_swap:u"
#define EXEC_HEAD "res:e exe:s args:b " TASK
#define EXEC_TAIL " comm:s cgroups:b env:b tty:u vpgid:p loginuid:i flags:F.execve cap_inheritable:x cap_permitted:x " \
	"cap_effective:x exe_ino:u exe_ino_ctime:u exe_ino_mtime:u uid:i trusted_exepath:P pgid:p gid:i"
#define CLONE_HEAD "res:e exe:s args:b " TASK
#define CLONE_TAIL " comm:s cgroups:b flags:F.clone uid:u gid:u vtid:p vpid:p pidns_init_start_ts:u"

/* name:form, for flags with their table. */
static const struct {
	uint16_t type;
	const char *name;
	enum scap_act act;
	bool told;
	const char *parameters;
} rows[] = {
	{2, "open", SCAP_ENTER, false, "name:P flags:F.open mode:o"},
	{3, "open", SCAP_OPEN, true, "fd:f name:P flags:F.open mode:o dev:x ino:u"},
	{4, "close", SCAP_ENTER, false, "fd:f"},
	{5, "close", SCAP_CLOSE, false, "res:e fd:f"},
	{12, "execve", SCAP_ENTER, false, ""},
	{13, "execve", SCAP_EXEC, true, "res:e exe:s args:b tid:p pid:p ptid:p cwd:s fdlimit:u"},
	{14, "clone", SCAP_ENTER, false, ""},
	{15, "clone", SCAP_CLONE, true, "res:p exe:s args:b tid:p pid:p ptid:p cwd:s fdlimit:d flags:F.clone uid:u gid:u"},
	{16, "procexit", SCAP_EXIT, true, ""},
	{18, "socket", SCAP_ENTER, false, "domain:E.family type:u proto:u"},
	{19, "socket", SCAP_SOCKET, false, "fd:f domain:E.family type:u proto:u flags:F.open"},
	{20, "bind", SCAP_ENTER, false, "fd:f"},
	{21, "bind", SCAP_BIND, true, "res:e addr:a fd:f"},
	{22, "connect", SCAP_ENTER, false, "fd:f addr:a"},
	{23, "connect", SCAP_CONNECT, true, "res:e tuple:t fd:f addr:a"},
	{24, "listen", SCAP_ENTER, false, "fd:f backlog:d"},
	{25, "listen", SCAP_NONE, true, "res:e fd:f backlog:d"},
	{26, "accept", SCAP_ENTER, false, ""},
	{27, "accept", SCAP_ACCEPT, true, "fd:f tuple:t queuepct:u"},
	{42, "socketpair", SCAP_ENTER, false, "domain:E.family type:u proto:u"},
	{43, "socketpair", SCAP_PAIR, false, "res:e fd1:f fd2:f source:x peer:x domain:E.family type:u proto:u"},
	{56, "accept", SCAP_ENTER, false, "flags:x"},
	{57, "accept", SCAP_ACCEPT, true, "fd:f tuple:t queuepct:u"},
	{58, "creat", SCAP_ENTER, false, "name:P mode:o"},
	{59, "creat", SCAP_OPEN, true, "fd:f name:P mode:o dev:x ino:u creat_flags:F.creat"},
	{60, "pipe", SCAP_ENTER, false, ""},
	{61, "pipe", SCAP_PAIR, false, "res:e fd1:f fd2:f ino:u"},
	{92, "getcwd", SCAP_ENTER, false, ""},
	{93, "getcwd", SCAP_CHDIR, false, "res:e path:s"},
	{94, "chdir", SCAP_ENTER, false, ""},
	{95, "chdir", SCAP_CHDIR, false, "res:e path:s"},
	{96, "fchdir", SCAP_ENTER, false, "fd:f"},
	{97, "fchdir", SCAP_FCHDIR, false, "res:e fd:f"},
	{98, "mkdir", SCAP_ENTER, false, "path:P mode:x"},
	{99, "mkdir", SCAP_NONE, true, "res:e"},
	{100, "rmdir", SCAP_ENTER, false, "path:P"},
	{101, "rmdir", SCAP_NONE, true, "res:e"},
	{102, "openat", SCAP_ENTER, false, "dirfd:f name:s flags:F.open mode:o"},
	{103, "openat", SCAP_OPENAT, true, "fd:f"},
	{104, "link", SCAP_ENTER, false, "oldpath:P newpath:P"},
	{105, "link", SCAP_NONE, true, "res:e"},
	{106, "linkat", SCAP_ENTER, false, "olddir:f oldpath:s newdir:f newpath:s"},
	{107, "linkat", SCAP_NONE, true, "res:e"},
	{108, "unlink", SCAP_ENTER, false, "path:P"},
	{109, "unlink", SCAP_NONE, true, "res:e"},
	{110, "unlinkat", SCAP_ENTER, false, "dirfd:f name:s"},
	{111, "unlinkat", SCAP_NONE, true, "res:e"},
	{124, "dup", SCAP_ENTER, false, "fd:f"},
	{125, "dup", SCAP_DUP, false, "res:f"},
	{128, "kill", SCAP_ENTER, false, "pid:p sig:g"},
	{129, "kill", SCAP_NONE, true, "res:e pid:p sig:g"},
	{130, "tkill", SCAP_ENTER, false, "tid:p sig:g"},
	{131, "tkill", SCAP_NONE, true, "res:e tid:p sig:g"},
	{132, "tgkill", SCAP_ENTER, false, "pid:p tid:p sig:g"},
	{133, "tgkill", SCAP_NONE, true, "res:e pid:p tid:p sig:g"},
	{150, "fcntl", SCAP_ENTER, false, "fd:f cmd:E.fcntl"},
	{151, "fcntl", SCAP_FCNTL, false, "res:f fd:f cmd:E.fcntl arg:x"},
	{154, "execve", SCAP_ENTER, false, ""},
	{155, "execve", SCAP_EXEC, true, EXEC_HEAD},
	{156, "clone", SCAP_ENTER, false, ""},
	{157, "clone", SCAP_CLONE, true, CLONE_HEAD " flags:F.clone uid:u gid:u"},
	{168, "ptrace", SCAP_ENTER, false, "request:E.ptrace pid:p"},
	{169, "ptrace", SCAP_NONE, true, "res:e addr:y data:y request:E.ptrace pid:p"},
	{172, "execve", SCAP_ENTER, false, ""},
	{173, "execve", SCAP_EXEC, true, EXEC_HEAD " env:b"},
	{174, "rename", SCAP_ENTER, false, ""},
	{175, "rename", SCAP_NONE, true, "res:e oldpath:P newpath:P"},
	{176, "renameat", SCAP_ENTER, false, ""},
	{177, "renameat", SCAP_NONE, true, "res:e olddirfd:f oldpath:R newdirfd:f newpath:R"},
	{178, "symlink", SCAP_ENTER, false, ""},
	{179, "symlink", SCAP_NONE, true, "res:e target:s linkpath:P"},
	{180, "symlinkat", SCAP_ENTER, false, ""},
	{181, "symlinkat", SCAP_NONE, true, "res:e target:s linkdirfd:f linkpath:R"},
	{182, "fork", SCAP_ENTER, false, ""},
	{183, "fork", SCAP_CLONE, true, CLONE_HEAD " flags:F.clone uid:u gid:u"},
	{184, "vfork", SCAP_ENTER, false, ""},
	{185, "vfork", SCAP_CLONE, true, CLONE_HEAD " flags:F.clone uid:u gid:u"},
	{186, "procexit", SCAP_EXIT, true, "status:e ret:e sig:g core:u reaper_tid:p"},
	{192, "setresuid", SCAP_ENTER, false, "ruid:i euid:i suid:i"},
	{193, "setresuid", SCAP_SETUID, true, "res:e ruid:i euid:i suid:i"},
	{194, "setresgid", SCAP_ENTER, false, "rgid:i egid:i sgid:i"},
	{195, "setresgid", SCAP_SETGID, true, "res:e rgid:i egid:i sgid:i"},
	{198, "setuid", SCAP_ENTER, false, "uid:i"},
	{199, "setuid", SCAP_SETUID, true, "res:e uid:i"},
	{200, "setgid", SCAP_ENTER, false, "gid:i"},
	{201, "setgid", SCAP_SETGID, true, "res:e gid:i"},
	{214, "execve", SCAP_ENTER, false, ""},
	{215, "execve", SCAP_EXEC, true, EXEC_HEAD " comm:s env:b"},
	{216, "clone", SCAP_ENTER, false, ""},
	{217, "clone", SCAP_CLONE, true, CLONE_HEAD " comm:s flags:F.clone uid:u gid:u"},
	{218, "fork", SCAP_ENTER, false, ""},
	{219, "fork", SCAP_CLONE, true, CLONE_HEAD " comm:s flags:F.clone uid:u gid:u"},
	{220, "vfork", SCAP_ENTER, false, ""},
	{221, "vfork", SCAP_CLONE, true, CLONE_HEAD " comm:s flags:F.clone uid:u gid:u"},
	{222, "clone", SCAP_ENTER, false, ""},
	{223, "clone", SCAP_CLONE, true, CLONE_HEAD CLONE_TAIL},
	{224, "fork", SCAP_ENTER, false, ""},
	{225, "fork", SCAP_CLONE, true, CLONE_HEAD CLONE_TAIL},
	{226, "vfork", SCAP_ENTER, false, ""},
	{227, "vfork", SCAP_CLONE, true, CLONE_HEAD CLONE_TAIL},
	{228, "container", SCAP_CONTAINER, false, "id:s type:u name:s image:s"},
	{230, "execve", SCAP_ENTER, false, ""},
	{231, "execve", SCAP_EXEC, true, EXEC_HEAD " comm:s cgroups:b env:b"},
	{240, "setns", SCAP_ENTER, false, "fd:f nstype:F.clone"},
	{241, "setns", SCAP_NAMESPACE, true, "res:e fd:f nstype:F.clone"},
	{246, "accept", SCAP_ENTER, false, ""},
	{247, "accept", SCAP_ACCEPT, true, "fd:f tuple:t queuepct:u queuelen:u queuemax:u"},
	{248, "accept", SCAP_ENTER, false, "flags:x"},
	{249, "accept", SCAP_ACCEPT, true, "fd:f tuple:t queuepct:u queuelen:u queuemax:u"},
	{256, "mount", SCAP_ENTER, false, "flags:F.mount"},
	{257, "mount", SCAP_NONE, true, "res:e dev:s dir:P type:s flags:F.mount"},
	{258, "umount", SCAP_ENTER, false, "flags:F.umount"},
	{259, "umount", SCAP_NONE, true, "res:e name:P"},
	{266, "chroot", SCAP_ENTER, false, ""},
	{267, "chroot", SCAP_NONE, true, "res:e path:P"},
	{272, "container", SCAP_CONTAINER, false, "json:s"},
	{274, "setsid", SCAP_ENTER, false, ""},
	{275, "setsid", SCAP_SETSID, false, "res:p"},
	{276, "mkdir", SCAP_ENTER, false, "mode:x"},
	{277, "mkdir", SCAP_NONE, true, "res:e path:P mode:x"},
	{278, "rmdir", SCAP_ENTER, false, ""},
	{279, "rmdir", SCAP_NONE, true, "res:e path:P"},
	{282, "execve", SCAP_ENTER, false, ""},
	{283, "execve", SCAP_EXEC, true, EXEC_HEAD " comm:s cgroups:b env:b tty:d"},
	{284, "unshare", SCAP_ENTER, false, "flags:F.clone"},
	{285, "unshare", SCAP_NAMESPACE, true, "res:e flags:F.clone"},
	{288, "execve", SCAP_ENTER, false, "filename:P"},
	{289, "execve", SCAP_EXEC, true, EXEC_HEAD " comm:s cgroups:b env:b tty:d"},
	{292, "execve", SCAP_ENTER, false, "filename:P"},
	{293, "execve", SCAP_EXEC, true, EXEC_HEAD EXEC_TAIL " filename:P"},
	{294, "setpgid", SCAP_ENTER, false, "pid:p pgid:p"},
	{295, "setpgid", SCAP_SETPGID, false, "res:e pid:p pgid:p"},
	{296, "bpf", SCAP_ENTER, false, "cmd:d"},
	{297, "bpf", SCAP_NONE, true, "res_or_fd:y"},
	{300, "unlink", SCAP_ENTER, false, ""},
	{301, "unlink", SCAP_NONE, true, "res:e path:P"},
	{302, "unlinkat", SCAP_ENTER, false, ""},
	{303, "unlinkat", SCAP_NONE, true, "res:e dirfd:f name:R flags:F.unlinkat"},
	{304, "mkdirat", SCAP_ENTER, false, ""},
	{305, "mkdirat", SCAP_NONE, true, "res:e dirfd:f path:R mode:x"},
	{306, "openat", SCAP_ENTER, false, "dirfd:f name:R flags:F.open mode:o"},
	{307, "openat", SCAP_OPENAT, true, "fd:f dirfd:f name:R flags:F.open mode:o dev:x ino:u"},
	{308, "link", SCAP_ENTER, false, ""},
	{309, "link", SCAP_NONE, true, "res:e oldpath:P newpath:P"},
	{310, "linkat", SCAP_ENTER, false, ""},
	{311, "linkat", SCAP_NONE, true, "res:e olddir:f oldpath:R newdir:f newpath:R flags:F.linkat"},
	{312, "fchmodat", SCAP_ENTER, false, ""},
	{313, "fchmodat", SCAP_NONE, true, "res:e dirfd:f filename:R mode:o"},
	{314, "chmod", SCAP_ENTER, false, ""},
	{315, "chmod", SCAP_NONE, true, "res:e filename:P mode:o"},
	{316, "fchmod", SCAP_ENTER, false, ""},
	{317, "fchmod", SCAP_NONE, true, "res:e fd:f mode:o"},
	{318, "renameat2", SCAP_ENTER, false, ""},
	{319, "renameat2", SCAP_NONE, true, "res:e olddirfd:f oldpath:R newdirfd:f newpath:R flags:F.rename"},
	{324, "container", SCAP_CONTAINER, false, "json:s"},
	{326, "openat2", SCAP_ENTER, false, "dirfd:f name:R flags:F.open mode:o resolve:F.resolve"},
	{327, "openat2", SCAP_OPENAT, true, "fd:f dirfd:f name:R flags:F.open mode:o resolve:F.resolve dev:x ino:u"},
	{330, "execveat", SCAP_ENTER, false, "dirfd:f pathname:R flags:F.execveat"},
	{331, "execveat", SCAP_EXEC, true, EXEC_HEAD EXEC_TAIL},
	{334, "clone3", SCAP_ENTER, false, ""},
	{335, "clone3", SCAP_CLONE, true, CLONE_HEAD CLONE_TAIL},
	{336, "open_by_handle_at", SCAP_ENTER, false, ""},
	{337, "open_by_handle_at", SCAP_OPEN_HANDLE, true, "fd:f mountfd:f flags:F.open path:P dev:x ino:u"},
	{352, "capset", SCAP_ENTER, false, ""},
	{353, "capset", SCAP_CAPSET, true, "res:e cap_inheritable:x cap_permitted:x cap_effective:x"},
	{354, "useradded", SCAP_ACCOUNT, false, "uid:u gid:u name:s home:s shell:s container_id:s"},
	{356, "userdeleted", SCAP_ACCOUNT, false, "uid:u gid:u name:s home:s shell:s container_id:s"},
	{358, "groupadded", SCAP_ACCOUNT, false, "gid:u name:s container_id:s"},
	{360, "groupdeleted", SCAP_ACCOUNT, false, "gid:u name:s container_id:s"},
	{362, "dup2", SCAP_ENTER, false, "fd:f"},
	{363, "dup2", SCAP_DUP, false, "res:f oldfd:f newfd:f"},
	{364, "dup3", SCAP_ENTER, false, "fd:f"},
	{365, "dup3", SCAP_DUP, false, "res:f oldfd:f newfd:f flags:F.open"},
	{366, "dup", SCAP_ENTER, false, "fd:f"},
	{367, "dup", SCAP_DUP, false, "res:f oldfd:f"},
	{368, "bpf", SCAP_ENTER, false, "cmd:d"},
	{369, "bpf", SCAP_NONE, true, "fd:f cmd:E.bpf"},
	{378, "chown", SCAP_ENTER, false, ""},
	{379, "chown", SCAP_NONE, true, "res:e path:P uid:u gid:u"},
	{380, "lchown", SCAP_ENTER, false, ""},
	{381, "lchown", SCAP_NONE, true, "res:e path:P uid:u gid:u"},
	{382, "fchown", SCAP_ENTER, false, ""},
	{383, "fchown", SCAP_NONE, true, "res:e fd:f uid:u gid:u"},
	{384, "fchownat", SCAP_ENTER, false, ""},
	{385, "fchownat", SCAP_NONE, true, "res:e dirfd:f pathname:R uid:u gid:u flags:F.linkat"},
	{386, "umount", SCAP_ENTER, false, ""},
	{387, "umount", SCAP_NONE, true, "res:e name:P"},
	{388, "accept4", SCAP_ENTER, false, "flags:x"},
	{389, "accept4", SCAP_ACCEPT, true, "fd:f tuple:t queuepct:u queuelen:u queuemax:u flags:x"},
	{390, "umount2", SCAP_ENTER, false, "flags:F.umount"},
	{391, "umount2", SCAP_NONE, true, "res:e name:P flags:F.umount"},
	{392, "pipe2", SCAP_ENTER, false, ""},
	{393, "pipe2", SCAP_PAIR, false, "res:e fd1:f fd2:f ino:u flags:F.open"},
	{402, "asyncevent", SCAP_CONTAINER, false, "plugin_id:u name:s data:b"},
	{404, "memfd_create", SCAP_ENTER, false, ""},
	{405, "memfd_create", SCAP_MEMFD, true, "fd:f name:s flags:F.memfd"},
	{410, "init_module", SCAP_ENTER, false, ""},
	{411, "init_module", SCAP_NONE, true, "res:e img:b length:u uargs:s"},
	{412, "finit_module", SCAP_ENTER, false, ""},
	{413, "finit_module", SCAP_NONE, true, "res:e fd:f uargs:s flags:F.finit"},
	{414, "mknod", SCAP_ENTER, false, ""},
	{415, "mknod", SCAP_NONE, true, "res:e path:P mode:o dev:u"},
	{416, "mknodat", SCAP_ENTER, false, ""},
	{417, "mknodat", SCAP_NONE, true, "res:e dirfd:f path:R mode:o dev:u"},
	{424, "delete_module", SCAP_ENTER, false, ""},
	{425, "delete_module", SCAP_NONE, true, "res:e name:s flags:F.delete"},
	{426, "setreuid", SCAP_ENTER, false, ""},
	{427, "setreuid", SCAP_SETUID, true, "res:e ruid:i euid:i"},
	{428, "setregid", SCAP_ENTER, false, ""},
	{429, "setregid", SCAP_SETGID, true, "res:e rgid:i egid:i"},
};

static const struct scap_name *flag_table(struct text name)
{
	for (size_t i = 0; i < sizeof flag_tables / sizeof *flag_tables; i++)
		if (text_is(name, flag_tables[i].name))
			return flag_tables[i].names;
	return NULL;
}

/* `flags:F.open` */
static struct scap_parameter parameter_of(struct text word)
{
	size_t colon = text_find(word, ':');
	struct scap_parameter parameter = {text_slice(word, 0, colon), word.data[colon + 1], NULL};
	if (word.length > colon + 2)
		parameter.names = flag_table(text_slice(word, colon + 3, word.length));
	return parameter;
}

const struct scap_kind *scap_kinds_make(struct arena *arena)
{
	struct scap_kind *kinds = arena_array(arena, SCAP_TYPES, sizeof *kinds);
	for (size_t i = 0; i < SCAP_TYPES; i++)
		kinds[i].type = (uint16_t)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scap_kind *kind = &kinds[rows[i].type];
		struct text *words;
		size_t count = text_split(arena, text_of(rows[i].parameters), ' ', &words);
		struct scap_parameter *parameters = arena_array(arena, count, sizeof *parameters);
		for (size_t k = 0; k < count; k++)
			parameters[k] = parameter_of(words[k]);
		*kind = (struct scap_kind){rows[i].type, rows[i].name, rows[i].act, rows[i].told, (uint8_t)count, parameters};
	}
	return kinds;
}

int scap_parameter(const struct scap_kind *kind, const char *name)
{
	for (int i = 0; i < kind->count; i++)
		if (text_is(kind->parameters[i].name, name))
			return i;
	return -1;
}

/* A name whose bits are all there takes them; 0 has a name only where nothing is set. */
struct text scap_flags_text(struct arena *arena, const struct scap_name *names, uint32_t value, bool exact)
{
	struct buffer words = {0};
	uint32_t left = value;
	for (const struct scap_name *name = names; name && name->name; name++) {
		bool match = exact || !name->value ? name->value == value : left && (left & name->value) == name->value;
		if (!match)
			continue;
		if (words.length)
			buffer_char(&words, '|');
		buffer_string(&words, name->name);
		left &= ~name->value;
		if (!exact && name->value == value)
			break;
	}
	struct text text = text_copy(arena, buffer_view(&words));
	buffer_free(&words);
	return text;
}

uint32_t scap_flags_value(const char *table, struct text words, char separator)
{
	const struct scap_name *names = flag_table(text_of(table));
	uint32_t value = 0;
	while (words.length) {
		size_t end = text_find(words, separator);
		struct text word = text_slice(words, 0, end);
		for (const struct scap_name *name = names; name && name->name; name++)
			if (text_is(word, name->name))
				value |= name->value;
		words = text_slice(words, end + 1, words.length);
	}
	return value;
}

static const char *name_of(const struct scap_name *names, int64_t number)
{
	for (; names->name; names++)
		if (names->value == (uint64_t)number)
			return names->name;
	return NULL;
}

const char *scap_errno_name(int64_t number)
{
	return name_of(errors, number);
}

const char *scap_signal_name(int64_t number)
{
	return name_of(signals, number);
}

int64_t scap_signal_number(struct text name)
{
	for (const struct scap_name *known = signals; known->name; known++)
		if (text_is(name, known->name))
			return known->value;
	return -1;
}
