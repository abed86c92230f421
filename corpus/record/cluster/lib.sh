#!/bin/bash
# Functions of cluster.sh: a cluster made of real components, and the people who use it. Sourced, with $work (a folder of
# its own) and $bin (where the components are) set.
# shellcheck disable=SC2154
API_ADDRESS=10.20.0.10
API=https://$API_ADDRESS:6443
NODE=node-1
NODE_ADDRESS=10.20.0.21
# A machine somewhere on the internet (an address for documentation), on the loopback interface like all others.
PUBLIC_ADDRESS=203.0.113.77

say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }

addresses() {
    local address
    ip link set lo up
    for address in $API_ADDRESS $NODE_ADDRESS $PUBLIC_ADDRESS; do ip address add "$address/32" dev lo; done
}

# certificate FILE CN [O [SAN]]
certificate() {
    local subject=/CN=$2
    [ -z "${3:-}" ] || subject=/O=$3$subject
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/pki/$1.key" \
        -subj "$subject" -out "$work/pki/$1.csr" 2>/dev/null
    openssl x509 -req -in "$work/pki/$1.csr" -CA "$work/pki/ca.crt" -CAkey "$work/pki/ca.key" -CAcreateserial -days 30 \
        -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${4:+subjectAltName=$4}") \
        -out "$work/pki/$1.crt" 2>/dev/null
}

# kubeconfig FILE [token TOKEN]: with the certificate of the same name, or a token
kubeconfig() {
    local user="{client-certificate: $work/pki/$1.crt, client-key: $work/pki/$1.key}"
    [ "${2:-}" != token ] || user="{token: $3}"
    cat >"$work/config/$1" <<W
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "$API", certificate-authority: $work/pki/ca.crt}}]
users: [{name: $1, user: $user}]
contexts: [{name: lab, context: {cluster: lab, user: $1}}]
current-context: lab
W
}

pki() {
    local user
    mkdir -p "$work/pki" "$work/config"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/pki/ca.key" \
        -subj /CN=kubernetes -days 30 -out "$work/pki/ca.crt" 2>/dev/null
    openssl genrsa -out "$work/pki/accounts.key" 2048 2>/dev/null
    openssl rsa -in "$work/pki/accounts.key" -pubout -out "$work/pki/accounts.pub" 2>/dev/null
    certificate apiserver kube-apiserver '' "IP:$API_ADDRESS,IP:127.0.0.1,IP:10.96.0.1,DNS:kubernetes,DNS:kubernetes.default.svc"
    certificate kubelet-client kube-apiserver-kubelet-client system:masters
    certificate admin kubernetes-admin system:masters
    certificate controller-manager system:kube-controller-manager
    certificate scheduler system:kube-scheduler
    certificate $NODE "system:node:$NODE" system:nodes "IP:$NODE_ADDRESS,DNS:$NODE"
    for user in admin controller-manager scheduler $NODE; do kubeconfig "$user"; done
}

# user ROLE GROUP: somebody with a client certificate
user() {
    certificate "$1" "$1" "$2"
    kubeconfig "$1"
}

# account NAMESPACE NAME FILE: somebody with the token of a service account
account() {
    kubeconfig "$3" token "$(kubectl_as admin -n "$1" create token "$2" --duration=8h)"
}

# kubectl_as ROLE ARGUMENT…
kubectl_as() {
    local role=$1
    shift
    HOME=$work/home "$bin/kubectl" --kubeconfig "$work/config/$role" "$@"
}

token_of() { sed -n 's/.*token: \([^}]*\)}.*/\1/p' "$work/config/$1"; }

wait_for() { # what seconds command…
    local what=$1 i
    for ((i = 0; i < $2 * 5; i++)); do
        "${@:3}" >/dev/null 2>&1 && return
        sleep 0.2
    done
    say "no $what within $2 seconds"
    return 1
}

control_plane() {
    mkdir -p "$work/log" "$work/home" "$work/etcd"
    chmod 700 "$work/etcd"
    etcd --data-dir "$work/etcd" --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
        --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
        --initial-cluster default=http://127.0.0.1:2380 >"$work/log/etcd" 2>&1 &
    "$bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address "$API_ADDRESS" --secure-port 6443 \
        --advertise-address "$API_ADDRESS" --endpoint-reconciler-type lease \
        --tls-cert-file "$work/pki/apiserver.crt" --tls-private-key-file "$work/pki/apiserver.key" \
        --client-ca-file "$work/pki/ca.crt" --kubelet-client-certificate "$work/pki/kubelet-client.crt" \
        --kubelet-client-key "$work/pki/kubelet-client.key" --kubelet-certificate-authority "$work/pki/ca.crt" \
        --kubelet-preferred-address-types InternalIP \
        --service-account-issuer https://kubernetes.default.svc.cluster.local --service-account-key-file "$work/pki/accounts.pub" \
        --service-account-signing-key-file "$work/pki/accounts.key" --service-cluster-ip-range 10.96.0.0/16 \
        --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
        --audit-policy-file "$here/policy.yaml" --audit-log-path "$work/audit.log" --audit-log-mode blocking \
        --profiling=false >"$work/log/apiserver" 2>&1 &
    wait_for 'API server' 60 curl -sf --cacert "$work/pki/ca.crt" "$API/readyz" || return
    "$bin/kube-controller-manager" --kubeconfig "$work/config/controller-manager" --use-service-account-credentials \
        --authentication-kubeconfig "$work/config/controller-manager" --authorization-kubeconfig "$work/config/controller-manager" \
        --service-account-private-key-file "$work/pki/accounts.key" --root-ca-file "$work/pki/ca.crt" \
        --cluster-signing-cert-file "$work/pki/ca.crt" --cluster-signing-key-file "$work/pki/ca.key" \
        --controllers '*,bootstrap-signer-controller,token-cleaner-controller' --bind-address 127.0.0.1 --profiling=false \
        >"$work/log/controller-manager" 2>&1 &
    "$bin/kube-scheduler" --kubeconfig "$work/config/scheduler" --authentication-kubeconfig "$work/config/scheduler" \
        --authorization-kubeconfig "$work/config/scheduler" --bind-address 127.0.0.1 --profiling=false \
        >"$work/log/scheduler" 2>&1 &
    wait_for 'default account' 60 kubectl_as admin -n default get serviceaccount default
}
