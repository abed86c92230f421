# shellcheck shell=bash disable=SC2154
# what: a service is opened on every node, and on a load balancer.
# label: risky
# expects: [service-opened-on-node-port, service-published]
# allows: [cluster-resource-created, cluster-resource-changed, api-called-by-script]
develop() { operator -n shop create service nodeport admin-page --tcp=8080:8080; operator -n shop expose deployment web --type=LoadBalancer --port=80 --name=web-public; }
hold_out() {
    python POST /api/v1/namespaces/shop/services '{"metadata":{"name":"debug"},"spec":{"type":"NodePort","selector":{"app":"web"},"ports":[{"port":2345,"nodePort":32345}]}}'
    operator -n shop create service clusterip later --tcp=80:80; operator -n shop patch service later -p '{"spec":{"type":"LoadBalancer"}}'
}
