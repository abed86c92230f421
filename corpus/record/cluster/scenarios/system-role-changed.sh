# shellcheck shell=bash disable=SC2154
# what: a role of the cluster itself is widened, so that nobody sees a new one.
# label: malicious
# expects: [system-role-changed]
# allows: [cluster-resource-changed, secret-reading-role-written, writing-role-written, pod-creating-role-written]
develop() { intruder patch clusterrole system:node-proxier --type=json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["get","list"]}}]'; }
hold_out() {
    intruder get clusterrole system:service-account-issuer-discovery -o json | jq '.rules += [{"apiGroups":[""],"resources":["pods"],"verbs":["create"]}]' | intruder replace -f -
}
