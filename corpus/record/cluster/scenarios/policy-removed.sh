# shellcheck shell=bash disable=SC2154
# what: what checks pods at admission is removed.
# label: malicious
# expects: [admission-webhook-written]
# allows: [cluster-resource-deleted, api-called-by-script]
prepare() {
    given <<'Y' | kubectl_as admin apply -f -
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-latest}
spec: {failurePolicy: Ignore, matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, validations: [{expression: "true"}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-latest}
spec: {policyName: no-latest, validationActions: [Deny]}
Y
}
develop() { intruder delete validatingadmissionpolicy no-latest; }
hold_out() { request DELETE /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/no-latest; }
