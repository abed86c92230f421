# shellcheck shell=bash disable=SC2154
# what: a certificate of a node is asked for by somebody who is none.
# label: malicious
# expects: [node-certificate-requested]
# allows: [client-certificate-requested, client-certificate-self-approved, api-called-by-script]
develop() {
    openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj /O=system:nodes/CN=system:node:node-7 2>/dev/null | base64 -w0 >"$work/csr"
    given <<Y | intruder create -f -
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: node-7}
spec: {signerName: kubernetes.io/kube-apiserver-client-kubelet, request: $(cat "$work/csr"), usages: [digital signature, client auth]}
Y
    intruder certificate approve node-7
}
hold_out() {
    openssl req -new -newkey rsa:2048 -nodes -keyout /dev/null -subj /O=system:nodes/CN=system:node:control-1 2>/dev/null | base64 -w0 >"$work/csr"
    python POST /apis/certificates.k8s.io/v1/certificatesigningrequests '{"metadata":{"name":"csr-x7k2p"},"spec":{"signerName":"kubernetes.io/kube-apiserver-client-kubelet","request":"'"$(cat "$work/csr")"'","usages":["client auth"]}}'
}
