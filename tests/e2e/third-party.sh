#!/usr/bin/env bash
# The shipped catalog against data that nobody here wrote: manifests, compose files, command lines and audit
# logs of others (../shared/corpora, or CORPORA). Where the data says what is in it, that must hold; where it
# does not, the counts are printed for people to look at. Nothing of the data is part of the project.
set -u
. tests/lib.sh
corpora=${CORPORA:-../shared/corpora}
if [ ! -d "$corpora" ]; then
	skip "third-party data: no folder $corpora"
	finish
fi
mews=$(realpath "$MEWS")
helper=$(realpath tests/e2e/third_party.py)
corpora=$(realpath "$corpora")
# No organization's exceptions, all severities; rejected lines are counted, not refused.
mkdir "$work/project"
cp -r rulesets "$work/project/rulesets"
rm -rf "$work/project/rulesets/organizations"/* "$work/project/rulesets/packs"
cat >"$work/project/rulesets/organizations/anybody.yaml" <<'Y'
name: anybody
title: Anybody
description: No exceptions.
monitor: {minimum_severity: informational, disable: [], severity: {}}
risky: alert
budget: {alert_groups_per_day: 1000}
exceptions: []
Y
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\nmax_rejected: 1.0\n' >"$work/project/mews.yaml"

replay() { # reader file…: alerts in $work/replay.json
	local reader=$1
	shift
	(cd "$work/project" && "$mews" replay --no-store --format json --alerts --reader "$reader" "$@") \
		>"$work/replay.json" 2>"$work/err" </dev/null
	status=$?
	cp "$work/replay.json" "$work/out"
	python3 "$helper" files "$work/replay.json" >"$work/files"
}

manifests() { find "$1" -type f \( -name '*.yaml' -o -name '*.yml' \) | sort; }
alerted() { awk -v d="$1" '$1 == d { print $2 }' "$work/files" | sort -u; } # detection: the files
nothing_but() { [ -z "$(awk '{ print $1 }' "$work/files" | sort -u | grep -vxF "$(printf '%s\n' "$@")")" ]; }
read_all() { jq -e '[.datasets[].rejected] | add == 0' "$work/replay.json"; }
same() { [ "$(sort -u "$1")" = "$(sort -u "$2")" ]; }
known() { # set: is it there?
	[ -d "$corpora/$1" ] && return
	skip "$1 is not there"
	return 1
}

# --- Kubernetes: pods that are dangerous by their folder's name ---

badpods() { # folder detection…: each manifest gives each of these, and nothing else
	local folder=$1 d
	shift
	manifests "$corpora/manifests-badpods/$folder" >"$work/expected"
	mapfile -t list <"$work/expected"
	replay kubernetes "${list[@]}"
	expect "badpods/$folder is read whole" read_all
	for d; do
		alerted "$d" >"$work/found"
		expect "badpods/$folder: all ${#list[@]} manifests give $d" same "$work/expected" "$work/found"
	done
	expect "badpods/$folder: nothing else" nothing_but "$@"
}

if known manifests-badpods; then
	badpods everything-allowed privileged-container host-namespaces-shared host-root-mount socket-parent-mount
	badpods priv-and-hostpid privileged-container host-namespaces-shared
	badpods priv privileged-container
	badpods hostpath host-root-mount socket-parent-mount
	badpods hostpid host-namespaces-shared
	badpods hostnetwork host-namespaces-shared
	badpods hostipc host-namespaces-shared
	badpods nothing-allowed
fi

# --- manifests that a linter's own tests call passed or failed ---

checkov() { # folder detection
	local folder=$corpora/manifests-checkov/example_$1
	mapfile -t list < <(manifests "$folder")
	replay kubernetes "${list[@]}"
	alerted "$2" >"$work/found"
	manifests "$folder" | grep FAILED | grep -v FAILED2 >"$work/expected"
	expect "checkov $1: those that fail, and no other, give $2" same "$work/expected" "$work/found"
}

if known manifests-checkov; then
	checkov PrivilegedContainers privileged-container
	checkov DockerSocketVolume docker-socket-mount
	checkov AllowedCapabilitiesSysAdmin dangerous-capability-added
	checkov ShareHost host-namespaces-shared
	mapfile -t list < <(manifests "$corpora/manifests-checkov")
	replay kubernetes "${list[@]}"
	expect "checkov is replayed" [ "$status" -eq 0 ]
	echo "manifests-checkov, ${#list[@]} files (parts of the control plane share the network and read /etc/kubernetes):"
	python3 "$helper" count "$work/replay.json" "${#list[@]}"
fi

if known manifests-kubernetes-goat; then
	mapfile -t list < <(manifests "$corpora/manifests-kubernetes-goat")
	replay kubernetes "${list[@]}"
	goat=$corpora/manifests-kubernetes-goat
	gives() { grep -qxF "$1 $goat/$2/deployment.yaml" "$work/files"; }
	expect "goat: system-monitor is privileged" gives privileged-container system-monitor
	expect "goat: system-monitor has the host's root" gives host-root-mount system-monitor
	expect "goat: system-monitor sees the host's processes" gives host-namespaces-shared system-monitor
	expect "goat: health-check is privileged" gives privileged-container health-check
	expect "goat: health-check has containerd's socket" gives docker-socket-mount health-check
	expect "goat: docker-bench-security has docker's socket" gives docker-socket-mount docker-bench-security
	echo "manifests-kubernetes-goat, ${#list[@]} files (made to be attacked):"
	python3 "$helper" count "$work/replay.json" "${#list[@]}"
fi

# --- ordinary manifests and compose files ---

if known manifests-kubernetes-examples; then
	mapfile -t list < <(manifests "$corpora/manifests-kubernetes-examples")
	replay kubernetes "${list[@]}"
	expect "the Kubernetes examples are replayed" [ "$status" -eq 0 ]
	grep -lE 'path: *"?/var/run/docker.sock' "${list[@]}" >"$work/expected"
	alerted docker-socket-mount >"$work/found"
	expect "examples: those that name the socket, and no other" same "$work/expected" "$work/found"
	grep -lE 'privileged: *true' "${list[@]}" >"$work/expected"
	alerted privileged-container >"$work/found"
	expect "examples: privileged only where the file says so" \
		[ -z "$(comm -13 <(sort "$work/expected") <(sort "$work/found"))" ]
	echo "manifests-kubernetes-examples, ${#list[@]} files (ordinary; agents and storage among them):"
	python3 "$helper" count "$work/replay.json" "${#list[@]}"
fi

if known compose-awesome; then
	mapfile -t list < <(manifests "$corpora/compose-awesome")
	replay compose "${list[@]}"
	expect "the compose files are read whole" read_all
	grep -l '/docker\.sock' "${list[@]}" >"$work/expected"
	alerted docker-socket-mount >"$work/found"
	expect "compose: two files mount the socket" [ "$(grep -c . "$work/expected")" -eq 2 ]
	expect "compose: those two, and no other" same "$work/expected" "$work/found"
	# Network capabilities, kernel modules and the host's network, each asked for by name.
	printf '%s\n' 'dangerous-capability-added pihole-cloudflared-DoH' 'dangerous-capability-added wireguard' \
		'host-namespaces-shared plex' 'sensitive-mount-rw wireguard' >"$work/expected"
	grep -v ^docker-socket-mount "$work/files" | sed -E 's,/compose\.ya?ml$,,; s, .*/, ,' >"$work/found"
	expect "compose: the other alerts are the four known ones" same "$work/expected" "$work/found"
	echo "compose-awesome, ${#list[@]} files (ordinary):"
	python3 "$helper" count "$work/replay.json" "${#list[@]}"
fi

# --- what engines answered ---

if known docker-inspect-docker-java; then
	docker=$corpora/docker-inspect-docker-java
	mapfile -t list < <(find "$docker" -name '*.json' | sort)
	understood() { # dialect events
		(cd "$work/project" && "$mews" export --as ecs --reader json --dialect "$1" --format json -o "$work/$1.jsonl" "${list[@]}") \
			>"$work/out" 2>"$work/err" </dev/null
		status=$?
		expect "docker-java: $2 of ${#list[@]} files are $1" jq -e ".events == $2 and .read.rejected == 0" "$work/out"
	}
	understood docker-inspect 10
	understood docker-api 1
	understood docker-events 1
	# The other eight hold no container: images, the engine's own settings, figures, an update of limits.
	replay json --dialect docker-api "${list[@]}"
	expect "docker-java: the request adds NET_ADMIN, and that is all" \
		[ "$(sed "s, .*docker-java/, ," "$work/files")" = "dangerous-capability-added samples/1.22/containers/create/docs.json" ]
	replay json --dialect docker-inspect "${list[@]}"
	expect "docker-java: the inspected ones ask for nothing" [ ! -s "$work/files" ]
fi

# --- command lines ---

lines_of() { # file: replays its command lines
	python3 "$helper" commands "$corpora/commands/$1" >"$work/$1.json"
	replay json --dialect ecs "$work/$1.json"
	lines=$(grep -c . "$work/$1.json")
	jq -r '.alerts[] | ([.event] | flatten | .[0].message) as $m | "\(.detection): \($m)"' "$work/replay.json" |
		sort -u >"$work/alerts"
}

if known commands; then
	lines_of tldr_commands.tsv
	expect "tldr: read whole" read_all
	expect "tldr: more than a thousand command lines" [ "$lines" -gt 1000 ]
	# A manual page that shows how to listen on TCP shows the thing itself.
	expect "tldr: nothing but an engine on TCP alerts" nothing_but engine-api-exposed-on-tcp engine-api-called-over-tcp
	expect "tldr: at most two pages" [ "$(grep -c . "$work/alerts")" -le 2 ]
	echo "tldr_commands.tsv, $lines command lines (ordinary):"
	sed 's/^/    /' "$work/alerts"
	lines_of art_linux_commands.tsv
	expect "atomic: read whole" read_all
	expect "atomic: T1611 by a volume" grep -q '^host-root-mount: T1611 ' "$work/alerts"
	expect "atomic: T1611 by nsenter" grep -q '^host-namespace-entered: T1611 ' "$work/alerts"
	expect "atomic: nothing of other techniques" [ -z "$(grep -v ': T161[01] ' "$work/alerts")" ]
	echo "art_linux_commands.tsv, $lines command lines (attacks, most of them not on containers):"
	sed 's/^/    /' "$work/alerts"
fi

# --- audit logs of other machines ---

logs() { # name file…
	local name=$1
	shift
	replay auditd "$@"
	expect "$name: read" [ "$status" -eq 0 ]
	expect "$name: at most one line in fifty is rejected" \
		jq -e '([.datasets[].rejected] | add) * 50 <= ([.datasets[].lines] | add)' "$work/replay.json"
	expect "$name: no container, no alert" [ ! -s "$work/files" ]
	echo "$name: $(jq -r '[.datasets[] | "\(.lines) lines, \(.events) events, \(.rejected) rejected"] | join("; ")' "$work/replay.json")"
}

if known audit-otrf; then logs audit-otrf "$corpora"/audit-otrf/*.log; fi
if known audit-go-libaudit; then logs audit-go-libaudit "$corpora"/audit-go-libaudit/auparse/testdata/*.log; fi

for set in kubernetes-audit-falco kubernetes-audit-panther; do
	skip "$set: no dialect reads the Kubernetes audit log yet"
done
finish
