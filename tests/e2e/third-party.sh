#!/usr/bin/env bash
# The shipped catalog against data that nobody here wrote: compose files, command lines and audit
# logs of others (../shared/corpora, or CORPORA); Kubernetes is third-party-kubernetes.sh. Where the data says what is in it, that must hold; where it
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
# No organization's exceptions, all severities but informational; rejected lines are counted, not refused.
mkdir "$work/project"
cp -r rulesets "$work/project/rulesets"
rm -rf "$work/project/rulesets/organizations"/* "$work/project/rulesets/packs"
cat >"$work/project/rulesets/organizations/anybody.yaml" <<'Y'
name: anybody
title: Anybody
description: No exceptions.
monitor: {minimum_severity: low, disable: [], severity: {}}
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

# --- ordinary compose files ---

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
	expect "atomic: T1552.007 by a token that kubectl exec reads" grep -q "^account-token-read-through-exec: T1552.007 " "$work/alerts"
	expect "atomic: T1611 by nsenter" grep -q '^host-namespace-entered: T1611 ' "$work/alerts"
	expect "atomic: nothing of other techniques" [ -z "$(grep -vE ": (T161[01]|T1552.007) " "$work/alerts")" ]
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
finish
