# shellcheck shell=bash disable=SC2154
# what: a role is written that lets its holder give itself more.
# label: malicious
# expects: [escalating-role-written]
# allows: [cluster-resource-created, cluster-resource-changed, writing-role-written]
develop() { intruder create clusterrole role-helper --verb=bind,escalate,update --resource=clusterroles.rbac.authorization.k8s.io; }
hold_out() {
    given <<'Y' | intruder apply -f -
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: token-helper, namespace: kube-system}
rules:
  - {apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}
  - {apiGroups: [""], resources: [users, groups], verbs: [impersonate]}
Y
}
