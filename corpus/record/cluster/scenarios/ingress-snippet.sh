# shellcheck shell=bash disable=SC2154
# what: an ingress carries settings of the proxy's own, and no certificate.
# label: malicious
# expects: [ingress-snippet-written]
# allows: [ingress-without-tls, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: status, namespace: shop, annotations: {nginx.ingress.kubernetes.io/configuration-snippet: "location /s { alias /var/run/secrets/; }"}}
spec: {rules: [{host: s.shop.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
Y
}
hold_out() { request POST /apis/networking.k8s.io/v1/namespaces/shop/ingresses '{"metadata":{"name":"t","annotations":{"nginx.ingress.kubernetes.io/server-snippet":"location /t { content_by_lua_block { ngx.say(1) } }"}},"spec":{"defaultBackend":{"service":{"name":"web","port":{"number":80}}}}}'; }
