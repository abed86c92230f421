# shellcheck shell=bash disable=SC2154
# what: a command is run in a pod of the cluster's own.
# label: malicious
# expects: [system-pod-entered]
# allows: [pod-exec-or-attach, api-called-by-script]
prepare() { kubectl_as admin -n kube-system create deployment coredns --image=registry.k8s.io/coredns/coredns:v1.12.1; kubectl_as admin -n kube-system wait --for=condition=Available --timeout=20s deployment/coredns; }
develop() { intruder -n kube-system exec deploy/coredns -- cat /etc/passwd; }
hold_out() { websocket "/api/v1/namespaces/kube-system/pods/$(kubectl_as admin -n kube-system get pods -l app=coredns -o 'jsonpath={.items[0].metadata.name}')/exec?command=sh&command=-c&command=id&stdout=true"; }
