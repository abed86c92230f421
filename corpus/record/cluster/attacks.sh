#!/bin/bash
# The second half of cluster.sh for attacks: who is there, how they speak to the API, and one log for each scenario.
# shellcheck disable=SC2154,SC1090
intruder() { kubectl_as intruder "$@"; }
operator() { kubectl_as operator "$@"; }
web() { kubectl_as web "$@"; }
given() { cat; }
# request METHOD PATH [BODY [TYPE]]: curl with a stolen token
request_body() {
    local body=()
    [ $# -lt 3 ] || body=(--data-binary "$3" -H "Content-Type: ${4:-application/json}")
    curl -s -m 5 --cacert "$work/pki/ca.crt" -X "$1" -H "Authorization: Bearer $(token_of "${as:-intruder}")" "${body[@]}" "$API$2"
}
request() { request_body "$@" >/dev/null; }
nobody() { curl -sk -m 5 -X "$1" "$API$2" >/dev/null; }
# python METHOD PATH [BODY [TYPE]]: requests with a stolen token
python() {
    TOKEN=$(token_of "${as:-intruder}") python3 - "$API" "$work/pki/ca.crt" "$@" <<'P'
import os, sys
import requests
api, ca, method, path, *rest = sys.argv[1:]
headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
if rest:
    headers["Content-Type"] = rest[1] if len(rest) > 1 else "application/json"
requests.request(method, api + path, data=rest[0] if rest else None, headers=headers, verify=ca, timeout=5)
P
}
# websocket PATH: a session as a web client opens it, for a second
websocket() {
    curl -s -m 2 --http1.1 --cacert "$work/pki/ca.crt" -H "Authorization: Bearer $(token_of intruder)" -H 'Connection: Upgrade' -H 'Upgrade: websocket' \
        -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: bWV3cyByZWNvcmRzIHRoaXM=' -H 'Sec-WebSocket-Protocol: v4.channel.k8s.io' "$API$1" >/dev/null
}
now() { date -u +%FT%T.%6NZ; }

people() {
    kubectl_as admin create namespace shop
    kubectl_as admin create namespace ci
    user operator kubeadm:cluster-admins
    kubectl_as admin -n shop create serviceaccount web
    kubectl_as admin -n ci create serviceaccount runner
    kubectl_as admin create clusterrolebinding ci-runner --clusterrole=cluster-admin --serviceaccount=ci:runner
    account shop web web
    account ci runner intruder
    kubectl_as admin -n shop create secret generic database-login --from-literal=password=stand-in
    kubectl_as admin -n shop create deployment web --image=registry.shop.example/shop/web:2.3
    kubectl_as admin -n kube-system create configmap coredns --from-literal=Corefile='.:53 { errors }'
    kubectl_as admin -n shop wait --for=condition=Available --timeout=40s deployment/web
}

act() { # scenario
    unset -f prepare develop hold_out restore
    prepare() { :; }
    restore() { :; }
    . "$here/scenarios/$1.sh"
    (set +e; prepare) >>"$work/log/prepare" 2>&1
    sleep 1
    from=$(now)
    (set +e; if [ "$run" = develop ]; then develop; else hold_out; fi) >"$work/log/act" 2>&1 </dev/null || true
    sleep 2.5
    sed "s/^/$1: /" "$work/log/act" | grep -iE 'error|invalid|forbidden|unknown|not found' | cut -c1-200 | head -3 >&2 || true
    printf '%s %s %s\n' "$1" "$from" "$(now)" >>"$work/windows"
    (set +e; restore) >>"$work/log/prepare" 2>&1
}

people >"$work/log/people" 2>&1
[ ${#scenarios[@]} -gt 0 ] || mapfile -t scenarios < <(cd "$here/scenarios" && for f in *.sh; do echo "${f%.sh}"; done)
# The second run takes them in another order.
[ "$run" = develop ] || mapfile -t scenarios < <(printf '%s\n' "${scenarios[@]}" | tac)
for scenario in "${scenarios[@]}"; do act "$scenario"; done
sleep 1
while read -r scenario from to; do
    python3 "$here/cut.py" "$work/audit.log" "$from" "$to" "$out/$scenario.json"
done <"$work/windows"
[ -z "${KEEP:-}" ] || cp -r "$work/log" "$work/audit.log" "$out/"
