# shellcheck shell=bash disable=SC2154
# what: a cloud's identity is mapped to the cluster's admins.
# label: malicious
# expects: [cluster-login-map-changed]
# allows: [cluster-resource-created, cluster-resource-changed, system-configmap-changed, api-called-by-script]
prepare() { kubectl_as admin -n kube-system create configmap aws-auth --from-literal=mapRoles=; }
develop() { intruder -n kube-system patch configmap aws-auth --type=merge -p '{"data":{"mapUsers":"- userarn: arn:aws:iam::111122223333:user/build\n  groups: [system:masters]\n"}}'; }
hold_out() { request PUT /api/v1/namespaces/kube-system/configmaps/aws-auth '{"metadata":{"name":"aws-auth"},"data":{"mapRoles":"- rolearn: arn:aws:iam::111122223333:role/x\n  username: x\n  groups:\n  - system:masters\n"}}'; }
