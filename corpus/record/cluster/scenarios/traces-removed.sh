# shellcheck shell=bash disable=SC2154
# what: events are deleted.
# label: malicious
# expects: [cluster-events-deleted]
# allows: [api-called-by-script]
prepare() { kubectl_as admin -n shop create event 2>/dev/null; kubectl_as admin -n shop rollout restart deployment/web; sleep 2; }
develop() { intruder -n shop delete events --all; }
hold_out() { request DELETE /api/v1/namespaces/shop/events; }
