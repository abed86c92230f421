# shellcheck shell=bash disable=SC2154
# what: a client certificate is asked for and approved by the same account.
# label: malicious
# expects: [client-certificate-requested, client-certificate-self-approved]
# allows: [api-called-by-script]
develop() {
    openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj /O=shop:deployers/CN=deployer-2 2>/dev/null | base64 -w0 >"$work/csr"
    given <<Y | intruder create -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: deployer-2}
spec: {signerName: kubernetes.io/kube-apiserver-client, request: $(cat "$work/csr"), usages: [client auth]}
Y
    intruder certificate approve deployer-2
}
hold_out() {
    local body
    openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=auditor 2>/dev/null | base64 -w0 >"$work/csr"
    request POST /apis/certificates.k8s.io/v1/certificatesigningrequests '{"metadata":{"name":"auditor"},"spec":{"signerName":"kubernetes.io/kube-apiserver-client","request":"'"$(cat "$work/csr")"'","usages":["client auth"]}}'
    body=$(request_body GET /apis/certificates.k8s.io/v1/certificatesigningrequests/auditor | jq -c '.status.conditions=[{"type":"Approved","status":"True","reason":"ok"}]')
    request PUT /apis/certificates.k8s.io/v1/certificatesigningrequests/auditor/approval "$body"
}
