# shellcheck shell=bash disable=SC2154
# what: a command is run in a pod, and its process is attached to.
# label: malicious
# expects: [pod-exec-or-attach]
# allows: [api-called-by-script]
develop() { intruder -n shop exec deploy/web -- sh -c 'id; cat /etc/passwd'; }
hold_out() {
    local pod
    pod=$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}')
    websocket "/api/v1/namespaces/shop/pods/$pod/exec?command=id&stdout=true&stderr=true"
    timeout 2 "$bin/kubectl" --kubeconfig "$work/config/intruder" -n shop attach "$pod"
}
