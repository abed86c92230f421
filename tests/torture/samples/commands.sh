#!/bin/sh
# what was typed
cd /srv && sudo -u build env A=1 docker run --rm -v "$PWD":/src alpine sh -c 'echo "a b" | tee /tmp/x' > out 2>&1 &
for f in *.log; do gzip -9 "$f"; done
curl -fsSL https://packages.example/key.asc | gpg --dearmor \
  -o /etc/apt/keyrings/x.gpg
cat <<EOF | sh
id $(whoami)
EOF
