# shellcheck shell=bash disable=SC2154
# what: a password and a key stand in a map that everybody reads.
# label: risky
# expects: [credentials-in-configmap]
# allows: [cluster-resource-created, api-called-by-script]
develop() { operator -n shop create configmap legacy --from-literal=db_password=hunter-stand-in --from-literal=api.key=none; }
hold_out() { python POST /api/v1/namespaces/shop/configmaps '{"metadata":{"name":"mailer"},"data":{"mailer.env":"SMTP_HOST=mail\nSMTP_PASSWORD=stand-in-2\n"}}'; }
