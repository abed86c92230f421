# shellcheck shell=bash disable=SC2154
# what: settings of the cluster's own parts are changed.
# label: malicious
# expects: [system-configmap-changed]
# allows: [cluster-resource-changed, cluster-resource-created, api-called-by-script]
prepare() { kubectl_as admin -n kube-system create configmap kube-proxy --from-literal=config.conf='mode: iptables'; kubectl_as admin -n kube-system create configmap kubeadm-config --from-literal=ClusterConfiguration='apiServer: {}'; }
develop() { intruder -n kube-system patch configmap kubeadm-config --type=merge -p '{"data":{"ClusterConfiguration":"apiServer:\n  extraArgs:\n    anonymous-auth: \"true\"\n"}}'; }
hold_out() { request PATCH /api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication '{"data":{"requestheader-allowed-names":"[\"front\",\"intruder\"]"}}' application/merge-patch+json; }
