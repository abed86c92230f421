#!/usr/bin/env bash
# A corpus for a try, replayed in a second: small-corpus.sh SHIPPED FOLDER copies from the shipped corpus some minutes of everyday
# work on a container host and three attacks, each recorded twice (develop, hold-out), into FOLDER. docs/how-to/*.md use it.
set -eu
shipped=$1 folder=$2
mkdir -p "$folder"
cp -r "$shipped"/everyday-develop "$shipped"/everyday-holdout "$folder"
for use in develop hold-out; do
	mkdir "$folder/attacks-$use"
	for attack in engine-socket-connected privileged-container sensitive-copies; do
		cp "$shipped/container-attacks-${use/-/}/events/$attack.log.zst" "$folder/attacks-$use"
	done
	cat >"$folder/attacks-$use/corpus.yaml" <<-END
		name: attacks-$use
		format: auditd
		files: ["*.log.zst"]
		use: $use
		origin: Recorded in the lab that the shipped corpus comes from.
		license: CC0-1.0
		observed: 3s
		default: unknown
		episodes:
		  - {name: socket, files: [engine-socket-connected.log.zst], label: malicious, expects: [engine-socket-connected]}
		  - {name: privileged, files: [privileged-container.log.zst], label: malicious, expects: [privileged-container],
		     allows: [engine-socket-connected]}
		  - {name: copies, files: [sensitive-copies.log.zst], label: malicious, expects: [sensitive-file-copied-with-engine],
		     allows: [engine-socket-connected]}
	END
done
