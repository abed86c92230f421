#!/usr/bin/env bash
# Descent of processes goes on through the files of a rotated log, and ends with a recording: pids of one host or day are not
# another's, whatever the order and number of files, threads and batches.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

syscall() { # seconds serial number ppid pid session comm exe
	printf 'type=SYSCALL msg=audit(%s.100:%s): arch=c000003e syscall=%s success=yes exit=0 a0=3 a1=7f00 a2=17 a3=0 items=0 ppid=%s pid=%s auid=%s uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=%s comm="%s" exe="%s" key=(null)\n' \
		"$1" "$2" "$3" "$4" "$5" "$6" "$6" "$7" "$8"
}
container() { # seconds serial: pid 500 is a container's first process
	syscall "$1" "$2" 126 400 500 4294967295 'runc:[2:INIT]' /
	syscall "$(($1 + 1))" "$(($2 + 1))" 59 400 500 4294967295 sh /bin/busybox
	echo "type=EXECVE msg=audit($(($1 + 1)).100:$(($2 + 1))): argc=1 a0=\"sh\""
}
act() { # seconds serial session: its child connects to the engine
	syscall "$1" "$2" 42 500 600 "$3" curl /usr/bin/curl
	echo "type=SOCKADDR msg=audit($1.100:$2): saddr=01002F72756E2F646F636B65722E736F636B00"
}
contained() { # jobs batch operand…: how many of the acts were a container's
	local jobs=$1 batch=$2
	shift 2
	MEWS_TEST_BATCH=$batch run "$MEWS" --store "$work/store" replay --jobs "$jobs" --org web-shop --alerts --format json "$@"
	jq -r '[.alerts[] | select(.detection == "engine-socket-unexpected-client" and (.entity | startswith("container:")))] | length' "$work/out"
}
check() { # name expected operand…
	local name=$1 expected=$2 way
	shift 2
	for way in 1:0 3:100; do
		expect "$name ($way)" test "$(contained "${way%:*}" "${way#*:}" "$@")" = "$expected"
	done
}

none=4294967295
mkdir "$work/rotated" "$work/runs" "$work/boot"
container 1000000 5000 >"$work/rotated/audit.log.2"
act 1000010 9000 $none >>"$work/rotated/audit.log.2"
act 1020000 9003 $none >"$work/rotated/audit.log.1" # five hours later, the kernel's next event
act 1030000 9900 $none >"$work/rotated/audit.log"
check "a rotated log is one recording" 3 "$work/rotated"
check "whatever the order of its files on the command line" 3 "$work"/rotated/audit.log "$work"/rotated/audit.log.{1,2}

container 1000000 5000 >"$work/runs/b.log"
act 1000010 9000 $none >>"$work/runs/b.log"
act 900000 1000 $none >"$work/runs/c.log"      # the day before
act 1000400 60000 $none >"$work/runs/d.log"    # minutes later, but another run
check "files that do not go on with one another are recordings of their own" 1 "$work/runs"
act 1000030 9900 $none >"$work/runs/a2.log"
container 1000000 5000 >"$work/runs/a1.log"
check "files that do are one" 2 "$work/runs"

container 1000000 50000 >"$work/boot/audit.log"
act 1000010 50010 $none >>"$work/boot/audit.log"
act 1000100 300 $none >>"$work/boot/audit.log"
check "a boot ends it" 1 "$work/boot"
act 1000010 50010 $none >"$work/boot/audit.log"
container 1000000 50000 >"$work/boot/first"
act 1004000 50300 7 >>"$work/boot/audit.log"
check "a child in another session after an hour is of another process" 1 "$work/boot/first" "$work/boot/audit.log"
for name in a b; do
	container 1000000 5000 | sed "s/^/node=$name /"
	act 1000010 9000 $none | sed "s/^/node=$name /"
done >"$work/nodes"
act 1000020 9001 $none | sed 's/^/node=c /' >>"$work/nodes"
check "a host's pids are its own" 2 "$work/nodes"
finish
