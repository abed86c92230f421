# shellcheck shell=bash disable=SC2154
# what: a role is written that allows everything.
# label: malicious
# expects: [wildcard-role-written]
# allows: [cluster-resource-created, cluster-resource-changed, api-called-by-script]
prepare() { kubectl_as admin create clusterrole page-reader --verb=get --resource=pods; }
develop() { intruder create clusterrole helper --verb='*' --resource='*'; }
hold_out() { request PATCH /apis/rbac.authorization.k8s.io/v1/clusterroles/page-reader '[{"op":"replace","path":"/rules","value":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}]' application/json-patch+json; }
