#!/usr/bin/env bash
# The shipped catalog against data that nobody here wrote: compose files, engines' answers, an attack that Tetragon saw and
# audit logs of others (../shared/corpora, or CORPORA); Kubernetes is third-party-kubernetes.sh, command lines are
# third-party-commands.sh. Where the data says what is in it, that must hold; where it does not, the counts are printed for
# people to look at. Nothing of the data is part of the project.
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
	printf '%s\n' 'dangerous-capability-added wireguard' 'host-namespaces-shared plex' \
		'network-capability-added pihole-cloudflared-DoH' 'network-capability-added wireguard' \
		'sensitive-mount-rw wireguard' >"$work/expected"
	grep -v ^docker-socket-mount "$work/files" | sed -E 's,/compose\.ya?ml$,,; s, .*/, ,' >"$work/found"
	expect "compose: the other alerts are the five known ones" same "$work/expected" "$work/found"
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
	# The one request of the API's manual asks for a bit of everything: NET_ADMIN, port 22, the volumes of two others.
	printf '%s\n' network-capability-added remote-login-published volumes-of-other-container-taken |
		sed 's, *$, samples/1.22/containers/create/docs.json,' >"$work/expected"
	sed "s, .*docker-java/, ," "$work/files" >"$work/found"
	expect "docker-java: the request's three alerts, and no other" same "$work/expected" "$work/found"
	replay json --dialect docker-inspect "${list[@]}"
	expect "docker-java: the inspected ones ask for nothing" [ ! -s "$work/files" ]
fi

# --- one narrated attack, as Tetragon saw it ---

if known tetragon-book; then
	mapfile -t list < <(find "$corpora/tetragon-book" -name '*.json' | sort)
	replay json --dialect tetragon "${list[@]}"
	expect "tetragon: every file is one event, none is rejected" \
		jq -e "([.datasets[].events] | add) == ${#list[@]} and ([.datasets[].rejected] | add) == 0" "$work/replay.json"
	sed -E 's, .*03_chapter/, ,' "$work/files" | sort >"$work/found"
	# What is ordinary there, but for the editor that opens a pod's /etc/passwd for writing.
	expect "tetragon: of the ordinary ones only the write to /etc/passwd alerts" \
		[ "$(grep -E ' 00_' "$work/found")" = "root-account-made 00_four_golden_signals/process_kprobe.json" ]
	steps=03_security_observability_events
	for line in "host-namespace-entered $steps/01_reaching_the_host_namespace/privileged-pod-nsenter.json" \
		"data-sent-out $steps/03_post_exploitation_techniques/merlin-agent-scp.json" \
		"data-sent-out $steps/03_post_exploitation_techniques/merlin-agent-scp-sh.json" \
		"remote-login-from-container $steps/03_post_exploitation_techniques/merlin-agent-scp-ssh.json" \
		"remote-login-from-container $steps/03_post_exploitation_techniques/merlin-agent-ssh-tunnel-connect.json"; do
		expect "tetragon: $line" grep -qxF "$line" "$work/found"
	done
	echo "tetragon-book, ${#list[@]} events (one attack, and what is ordinary):"
	sed 's/^/    /' "$work/found"
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
