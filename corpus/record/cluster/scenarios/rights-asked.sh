# shellcheck shell=bash disable=SC2154
# what: a stolen account asks what it may do.
# label: malicious
# expects: [permissions-enumerated]
# allows: [api-called-by-script, service-account-request-denied]
develop() { web auth can-i --list; }
hold_out() { as=web python POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews '{"kind":"SelfSubjectRulesReview","apiVersion":"authorization.k8s.io/v1","spec":{"namespace":"shop"}}'; }
