# shellcheck shell=bash disable=SC2154
# what: a service takes over an address that others talk to.
# label: malicious
# expects: [service-takes-external-address]
# allows: [cluster-resource-created, cluster-resource-changed, api-called-by-script]
develop() { intruder -n shop create service clusterip grab --tcp=443:8443 && intruder -n shop patch service grab -p '{"spec":{"externalIPs":["203.0.113.5"]}}'; }
hold_out() { request POST /api/v1/namespaces/shop/services '{"metadata":{"name":"dns"},"spec":{"ports":[{"port":53,"protocol":"UDP"}],"selector":{"app":"web"},"externalIPs":["8.8.8.8"]}}'; }
