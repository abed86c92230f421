# shellcheck shell=bash disable=SC2154
# what: files are copied out of a pod.
# label: malicious
# expects: [files-copied-out-of-pod]
# allows: [pod-exec-or-attach]
develop() { intruder -n shop cp "$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}'):/etc" "$work/etc-of-web"; }
hold_out() { intruder -n shop exec deploy/web -- tar -czf - /etc /tmp >"$work/loot"; }
