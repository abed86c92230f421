# shellcheck shell=bash disable=SC2154
# what: somebody whom nobody knows makes a namespace of their own, and changes what is there.
# label: risky
# expects: [unknown-cluster-user, unknown-namespace-created, cluster-resource-created, cluster-resource-changed]
# allows: []
develop() { operator create namespace sandbox-9; operator -n sandbox-9 create configmap a; operator label namespace sandbox-9 team=none; }
hold_out() { given <<'Y' | operator apply -f -
apiVersion: v1
kind: Namespace
metadata: {name: tmp-build}
Y
    operator annotate namespace tmp-build note=x; }
