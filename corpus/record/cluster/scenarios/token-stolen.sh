# shellcheck shell=bash disable=SC2154
# what: the token of a pod's account is printed through exec.
# label: malicious
# expects: [account-token-read-through-exec, pod-exec-or-attach]
# allows: []
develop() { intruder -n shop exec deploy/web -- cat /var/run/secrets/kubernetes.io/serviceaccount/token; }
hold_out() { intruder -n shop exec deploy/web -- sh -c 'cd /run/secrets/kubernetes.io/serviceaccount; tail -n +1 token ca.crt namespace'; }
