# shellcheck shell=bash disable=SC2154
# what: what a namespace runs and keeps is deleted.
# label: malicious
# expects: [workloads-deleted-in-bulk]
# allows: [cluster-resource-deleted, api-called-by-script]
prepare() { kubectl_as admin create namespace victim; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do kubectl_as admin -n victim create deployment "app-$i" --image=registry.shop.example/shop/web:2.3 --replicas=0; done; }
develop() { intruder -n victim delete deployments --all; }
hold_out() { request DELETE /apis/apps/v1/namespaces/victim/deployments; }
