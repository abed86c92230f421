# shellcheck shell=bash disable=SC2154
# what: a pod asks for parameters of the kernel that are not its own.
# label: risky
# expects: [unsafe-sysctl-set]
# allows: [image-from-unknown-registry, api-called-by-script]
develop() { operator -n shop run tuned --image=docker.io/library/busybox:1.36 --overrides='{"spec":{"securityContext":{"sysctls":[{"name":"kernel.shm_rmid_forced","value":"1"},{"name":"net.core.somaxconn","value":"65535"}]}}}'; }
hold_out() { python POST /api/v1/namespaces/shop/pods '{"metadata":{"name":"db-tuned"},"spec":{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"65536"}]},"containers":[{"name":"d","image":"docker.io/library/busybox:1.36"}]}}'; }
