#!/bin/bash
# Runs a Kubernetes cluster of real components on this machine, in namespaces of its own, and records what its API server
# writes into its audit log.
#
#   cluster.sh --components DIR --out DIR --run develop|hold-out [SCENARIO…]      attacks: one log a scenario
#   cluster.sh --components DIR --out DIR --run develop|hold-out --everyday ORGANIZATION [--seconds N]
#
# DIR is what components.sh built. Needed besides: root, etcd, containerd and runc, openssl, curl, zstd, python3 with
# requests. Whatever is missing is said, and ends it with status 3. Nothing is left behind but the logs.
set -euo pipefail
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
everyday=
seconds=3600
inside=
scenarios=()
while [ $# -gt 0 ]; do
    case $1 in
    --components) components=$(cd "$2" && pwd); shift 2 ;;
    --out) mkdir -p "$2"; out=$(cd "$2" && pwd); shift 2 ;;
    --run) run=$2; shift 2 ;;
    --everyday) everyday=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --inside) inside=$2; shift 2 ;;
    -*) echo "cluster.sh: unknown option $1" >&2; exit 2 ;;
    *) scenarios+=("$1"); shift ;;
    esac
done
: "${components:?--components DIR}" "${out:?--out DIR}" "${run:?--run develop or hold-out}"
bin=$components/bin

if [ -z "$inside" ]; then
    for need in etcd containerd runc openssl curl zstd python3 unshare; do
        command -v "$need" >/dev/null || { echo "cluster.sh: skipped, $need is missing" >&2; exit 3; }
    done
    for need in kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl; do
        [ -x "$bin/$need" ] || { echo "cluster.sh: skipped, no $need in $bin: components.sh builds it" >&2; exit 3; }
    done
    [ "$(id -u)" = 0 ] || { echo 'cluster.sh: skipped, only root can make the lab' >&2; exit 3; }
    work=$(mktemp -d /tmp/cluster.XXXXXX)
    # The last of the labs that run takes the control groups of the pods away.
    # shellcheck disable=SC2317 # by the trap
    clean() {
        local labs=("${work%.*}".??????)
        rm -rf "$work"
        [ ${#labs[@]} -gt 1 ] || find /sys/fs/cgroup -depth -type d -path '*/k8s.io*' -exec rmdir {} + 2>/dev/null || true
    }
    trap clean EXIT
    options=(--components "$components" --out "$out" --run "$run" --seconds "$seconds")
    [ -z "$everyday" ] || options+=(--everyday "$everyday")
    unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc \
        "$0" "${options[@]}" --inside "$work" "${scenarios[@]}"
    exit
fi

work=$inside
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=node.sh
. "$here/node.sh"
hostname control-1
addresses
pki
control_plane
base=(docker.io/library/busybox:1.36 docker.io/library/postgres:16.4 registry.k8s.io/coredns/coredns:v1.12.1
    quay.io/jetstack/cert-manager-controller:v1.18.2 registry.k8s.io/ingress-nginx/controller:v1.12.1)
case $everyday in
web-shop)
    for i in 0 1 2 3 4 5; do base+=("registry.shop.example/shop/web:2.$i" "registry.shop.example/shop/cart:1.$i" \
        "registry.shop.example/shop/search:4.$i" "registry.shop.example/shop/payments:3.$i" "docker.io/nginxinc/nginx-unprivileged:1.2$((i + 5))"); done
    user developer shop:developers
    user deployer shop:deployers
    user operator kubeadm:cluster-admins ;;
observability)
    for i in 1 2; do base+=("docker.io/grafana/grafana:11.$i.0" "docker.io/fluent/fluent-bit:3.$i"); done
    base+=(quay.io/prometheus/node-exporter:v1.{7,8,9}.0 quay.io/prometheus/prometheus:v2.53.0)
    user engineer observability:engineers ;;
'') base+=(registry.shop.example/shop/web:2.3) ;;
esac
node "${base[@]}"
kubectl_as admin create clusterrolebinding kubeadm:cluster-admins --clusterrole=cluster-admin --group=kubeadm:cluster-admins

if [ -n "$everyday" ]; then
    WORK=$work BIN=$bin API=$API PYTHONDONTWRITEBYTECODE=1 python3 "$here/everyday.py" "$everyday" "$run" "$seconds" | tee "$work/marks" >&2
    python3 "$here/cut.py" "$work/audit.log" "$(sed -n 's/^begin //p' "$work/marks")" "$(sed -n 's/^end \([^ ]*\).*/\1/p' "$work/marks")" \
        "$out/$everyday.json"
    [ -z "${KEEP:-}" ] || cp -r "$work/log" "$out/"
    exit
fi
# shellcheck source=attacks.sh
. "$here/attacks.sh"
