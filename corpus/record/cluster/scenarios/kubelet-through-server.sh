# shellcheck shell=bash disable=SC2154
# what: the kubelet is asked for its pods and told to run a command, through the API server.
# label: malicious
# expects: [kubelet-reached-through-api]
# allows: [api-called-by-script]
develop() { intruder get --raw /api/v1/nodes/node-1/proxy/pods; }
hold_out() { request GET /api/v1/nodes/node-1/proxy/runningpods/; request POST "/api/v1/nodes/node-1/proxy/run/shop/$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}')/web?cmd=id" ''; }
