# shellcheck shell=bash disable=SC2154
# what: a port of a pod is carried to the intruder's machine.
# label: malicious
# expects: [pod-port-forwarded]
# allows: [api-called-by-script]
develop() { timeout 3 "$bin/kubectl" --kubeconfig "$work/config/intruder" -n shop port-forward deploy/web 18080:8080 & sleep 1.5; curl -s -m 1 http://127.0.0.1:18080/; wait %%; }
hold_out() { websocket "/api/v1/namespaces/shop/pods/$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}')/portforward?ports=5432"; }
