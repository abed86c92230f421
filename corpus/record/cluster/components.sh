#!/bin/bash
# Builds the Kubernetes components that cluster.sh runs, from their published Go modules:
#
#     components.sh DIR        DIR/bin/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl}
#
# k8s.io/kubernetes names its staging modules by the version v0.0.0 and paths inside of its own tree; a
# wrapper module replaces each with its published release, which is v0.34.4 for v1.34.4. A first build
# takes about half an hour on two cores and 4 GB of DIR; a program that is there is not built again.
# Exits 3 with a sentence where Go or a module cannot be had, so that a caller can skip aloud.
set -euo pipefail

release=1.34.4
staging=v0.${release#*.}

dir=${1:?where to build}
shift
programs=("$@")
[ ${#programs[@]} -gt 0 ] || programs=(kube-apiserver kube-controller-manager kube-scheduler kubelet kubectl)
mkdir -p "$dir/bin" "$dir/module"
cd "$dir/module"

missing() {
  printf 'components.sh: %s\n' "$1" >&2
  exit 3
}

wanted=()
for program in "${programs[@]}"; do
  [ -x "$dir/bin/$program" ] || wanted+=("$program")
done
[ ${#wanted[@]} -gt 0 ] || exit 0

command -v go >/dev/null || missing 'Go is not installed (golang-go), so the Kubernetes components cannot be built'

export GOPATH=$dir/go GOCACHE=$dir/cache GOFLAGS=-mod=mod CGO_ENABLED=0

kubernetes=$(go mod download -json "k8s.io/kubernetes@v$release" | sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p') ||
  missing "the module k8s.io/kubernetes v$release cannot be fetched"

{
  printf 'module cluster\n\n'
  grep '^go ' "$kubernetes"
  printf '\nrequire k8s.io/kubernetes v%s\n\n' "$release"
  sed -n "s|^\t\(k8s.io/[a-z-]*\) => ./staging/.*|replace \1 => \1 $staging|p" "$kubernetes"
} > go.mod
{
  printf 'package main\n\nimport (\n'
  for program in kube-apiserver kube-controller-manager kube-scheduler kubelet; do
    printf '\t_ "k8s.io/kubernetes/cmd/%s/app"\n' "$program"
  done
  printf ')\n\nfunc main() {}\n'
} > tools.go

version=("gitVersion=v$release" gitMajor=1 "gitMinor=$(cut -d. -f2 <<< "$release")" gitTreeState=clean)
flags='-s -w'
for value in "${version[@]}"; do
  flags="$flags -X k8s.io/component-base/version.$value -X k8s.io/client-go/pkg/version.$value"
done
for program in "${wanted[@]}"; do
  printf 'building %s %s\n' "$program" "$release" >&2
  nice go build -p "${GO_JOBS:-2}" -trimpath -ldflags "$flags" -o "$dir/bin/$program" "k8s.io/kubernetes/cmd/$program" ||
    missing "$program could not be built"
done
