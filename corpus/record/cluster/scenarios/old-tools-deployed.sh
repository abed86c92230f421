# shellcheck shell=bash disable=SC2154
# what: Tiller, the dashboard without a login, and a git-sync that runs its own program.
# label: risky
# expects: [tiller-deployed, kubernetes-dashboard-deployed, git-sync-runs-own-program]
# allows: [workload-in-system-namespace, image-from-unknown-registry, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | operator apply -f -
apiVersion: v1
kind: Pod
metadata: {name: tiller-deploy, namespace: shop, labels: {app: helm, name: tiller}}
spec: {containers: [{name: tiller, image: "ghcr.io/helm/tiller:v2.17.0"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: dashboard, namespace: shop}
spec: {containers: [{name: d, image: "docker.io/kubernetesui/dashboard:v2.7.0", args: [--enable-skip-login]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: pages, namespace: shop}
spec: {containers: [{name: g, image: "registry.k8s.io/git-sync/git-sync:v4.2.3", args: [--repo=https://git.example/pages, --exechook-command=/tmp/x]}]}
Y
}
hold_out() {
    python POST /apis/apps/v1/namespaces/shop/deployments '{"metadata":{"name":"tiller-deploy"},"spec":{"selector":{"matchLabels":{"name":"tiller"}},"template":{"metadata":{"labels":{"name":"tiller"}},"spec":{"containers":[{"name":"t","image":"gcr.io/kubernetes-helm/tiller:v2.16.1"}]}}}}'
    python POST /apis/apps/v1/namespaces/shop/deployments '{"metadata":{"name":"ui"},"spec":{"selector":{"matchLabels":{"k8s-app":"kubernetes-dashboard"}},"template":{"metadata":{"labels":{"k8s-app":"kubernetes-dashboard"}},"spec":{"containers":[{"name":"u","image":"kubernetesui/dashboard:v2.7.0"}]}}}}'
    python POST /api/v1/namespaces/shop/pods '{"metadata":{"name":"docs"},"spec":{"containers":[{"name":"g","image":"registry.k8s.io/git-sync/git-sync:v4.2.3","env":[{"name":"GITSYNC_GIT","value":"/tmp/git"}]}]}}'
}
