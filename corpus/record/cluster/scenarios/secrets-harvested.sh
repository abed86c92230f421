# shellcheck shell=bash disable=SC2154
# what: secret after secret is read by name.
# label: malicious
# expects: [secrets-harvested, secrets-read]
# allows: [api-called-by-script, secret-access-denied]
prepare() { for i in 1 2 3 4 5 6 7 8 9 10 11 12; do kubectl_as admin -n shop create secret generic "login-$i" --from-literal=password=stand-in; done; }
develop() { for i in 1 2 3 4 5 6 7 8 9 10 11 12; do intruder -n shop get secret "login-$i" -o yaml; done; }
hold_out() { for i in 12 11 10 9 8 7 6 5 4 3 2 1; do request GET "/api/v1/namespaces/shop/secrets/login-$i"; done; }
