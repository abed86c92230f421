#!/usr/bin/env bash
# One act as ten products tell it: who reads it is found by its content, and the detection fires each time. The same act
# without the privilege fires nowhere.
set -u
. tests/lib.sh
printf 'catalog: %s\nstore: %s/mews.db\n' "$(realpath rulesets)" "$work" >"$work/mews.yaml"
mews=$(realpath "$MEWS")

# The act is in $flag: the option that is told, or a harmless one of the same length.
tell() { # product
	case $1 in
	auditd) echo 'type=SYSCALL msg=audit(1767323045.600:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=7 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="docker" exe="/usr/bin/docker" key="x"'
		echo 'type=EXECVE msg=audit(1767323045.600:7): argc=4 a0="docker" a1="run" a2="'"$flag"'" a3="alpine"' ;;
	laurel) echo '{"ID":"1767323045.600:7","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1,"pid":7,"uid":0,"euid":0,"comm":"docker","exe":"/usr/bin/docker"},"EXECVE":{"argc":4,"ARGV":["docker","run","'"$flag"'","alpine"]},"CWD":{"cwd":"/"}}' ;;
	tetragon) echo '{"process_exec":{"process":{"pid":7,"uid":0,"cwd":"/","binary":"/usr/bin/docker","arguments":"run '"$flag"' alpine"},"parent":{"pid":1,"binary":"/bin/bash"}},"node_name":"n","time":"2026-01-02T03:04:05.6Z"}' ;;
	tracee) echo '{"timestamp":1767323045600000001,"hostProcessId":7,"hostParentProcessId":1,"userId":0,"processName":"docker","hostName":"h","eventName":"sched_process_exec","returnValue":0,"args":[{"name":"pathname","value":"/usr/bin/docker"},{"name":"argv","value":["docker","run","'"$flag"'","alpine"]}]}' ;;
	osquery) echo '{"name":"process_events","hostIdentifier":"h","unixTime":1767323050,"action":"added","columns":{"pid":"7","parent":"1","path":"/usr/bin/docker","cmdline":"docker run '"$flag"' alpine","uid":"0","time":"1767323045"}}' ;;
	auditbeat) echo '{"@timestamp":"2026-01-02T03:04:05.6Z","auditd":{"data":{"syscall":"execve","argc":"4"},"message_type":"syscall","result":"success"},"event":{"action":"executed","module":"auditd","category":["process"],"type":["start"]},"process":{"args":["docker","run","'"$flag"'","alpine"],"executable":"/usr/bin/docker","name":"docker","pid":7},"user":{"id":"0"}}' ;;
	sysmon) echo '{"SyslogMessage":"<Event><System><Provider Name=\"Linux-Sysmon\"/><EventID>1</EventID><TimeCreated SystemTime=\"2026-01-02T03:04:05.600Z\"/><Computer>h</Computer></System><EventData><Data Name=\"ProcessId\">7</Data><Data Name=\"Image\">/usr/bin/docker</Data><Data Name=\"CommandLine\">docker run '"$flag"' alpine</Data></EventData></Event>"}' ;;
	beth) echo 'timestamp,processId,threadId,parentProcessId,userId,mountNamespace,processName,hostName,eventId,eventName,stackAddresses,argsNum,returnValue,args,sus,evil'
		echo "129.05,7,7,1,0,4026532232,docker,h,59,execve,[],2,0,\"[{'name': 'pathname', 'type': 'const char*', 'value': '/usr/bin/docker'}, {'name': 'argv', 'type': 'const char*const*', 'value': ['docker', 'run', '$flag', 'alpine']}]\",1,1" ;;
	falco) echo '{"hostname":"h","output":"o","priority":"Notice","rule":"R","source":"syscall","time":"2026-01-02T03:04:05.6Z","output_fields":{"evt.type":"execve","proc.exepath":"/usr/bin/docker","proc.exeline":"docker run '"$flag"' alpine","proc.name":"docker","proc.pid":7,"user.uid":0,"container.id":"host"}}' ;;
	ecs) echo '{"@timestamp":"2026-01-02T03:04:05.6Z","event.category":"process","event.type":"start","process.name":"docker","process.executable":"/usr/bin/docker","process.args":["docker","run","'"$flag"'","alpine"],"process.pid":7,"user.id":"0"}' ;;
	esac
}

for product in auditd laurel tetragon tracee osquery auditbeat sysmon beth falco ecs; do
	flag=--privileged
	tell "$product" >"$work/act"
	run "$mews" --project "$work/mews.yaml" replay --org build-farm --no-store "$work/act"
	expect "$product: it is replayed" [ "$status" -eq 0 ]
	expect "$product: it is told by its content" grep -qw "$product" "$work/err"
	expect "$product: the detection fires" grep -q '^privileged-container' "$work/out"
	flag=--interactiv
	tell "$product" >"$work/act"
	run "$mews" --project "$work/mews.yaml" replay --org build-farm --no-store "$work/act"
	expect "$product: nothing fires without" [ "$(grep -c '^privileged-container' "$work/out")" -eq 0 ]
done
finish
