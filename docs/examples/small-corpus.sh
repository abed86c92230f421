#!/usr/bin/env bash
# A corpus for a try, replayed in a second: small-corpus.sh SHIPPED FOLDER copies from the shipped corpus some everyday work on a
# container host and three attacks, each recorded twice (develop, hold-out), into FOLDER. The tutorial and docs/how-to/*.md use it.
set -eu
shipped=$1 folder=$2
everyday="backup ci-runner compose-services developer-shell engine-housekeeping host-troubleshooting"
attacks="engine-socket-connected privileged-container sensitive-copies"

dataset() { # name use seconds recorded-as files…: the folder with its events, and the head of its corpus.yaml
	local name=$1 use=$2 seconds=$3 from=$shipped/$4 file
	shift 4
	mkdir -p "$folder/$name"
	for file; do
		cp "$from/events/$file.log.zst" "$folder/$name"
	done
	cat >"$folder/$name/corpus.yaml" <<-END
		name: $name
		format: auditd
		files: ["*.log.zst"]
		use: $use
		observed: ${seconds}s
		origin: Recorded in the lab that the shipped corpus comes from.
		license: CC0-1.0
	END
}

for use in develop hold-out; do
	seconds=23
	[ $use = develop ] || seconds=26
	# shellcheck disable=SC2086 # words
	dataset everyday-$use $use $seconds everyday-${use/-/} $everyday
	cat >>"$folder/everyday-$use/corpus.yaml" <<-END
		default: benign
		episodes:
		  - {name: ci-runner, files: [ci-runner.log.zst], label: {default: risky, build-farm: benign}, expects: [docker-socket-mount],
		     allows: [engine-socket-connected, engine-socket-unexpected-client]}
		$(for name in $everyday; do [ "$name" = ci-runner ] || echo "  - {name: $name, files: [$name.log.zst], label: benign}"; done)
	END
	# shellcheck disable=SC2086 # words
	dataset attacks-$use $use 3 container-attacks-${use/-/} $attacks
	cat >>"$folder/attacks-$use/corpus.yaml" <<-END
		default: unknown
		episodes:
		  - {name: socket, files: [engine-socket-connected.log.zst], label: malicious, expects: [engine-socket-connected]}
		  - {name: privileged, files: [privileged-container.log.zst], label: malicious, expects: [privileged-container],
		     allows: [engine-socket-connected]}
		  - {name: copies, files: [sensitive-copies.log.zst], label: malicious, expects: [sensitive-file-copied-with-engine],
		     allows: [engine-socket-connected]}
	END
done
