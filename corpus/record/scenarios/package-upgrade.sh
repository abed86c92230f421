# package-upgrade: packages are reinstalled by apt and dpkg from a local repository, with their maintainer scripts.
# shows: a burst of writes below /usr and /etc, renames, links, setuid bits, by a package manager
# dataset: everyday
# label: benign
repack() { # repack PACKAGE: its installed files as a .deb again
    local p=$1 d=/srv/lab/repack
    rm -rf $d; mkdir -p $d/DEBIAN
    dpkg-query -L "$p" | while read -r f; do [ -f "$f" ] && { mkdir -p "$d$(dirname "$f")"; cp -p "$f" "$d$f"; }; done
    dpkg-query -f 'Package: ${Package}\nVersion: ${Version}\nArchitecture: ${Architecture}\nMaintainer: lab <lab@lab.example>\nSection: misc\nPriority: optional\nDescription: ${Package}\n' -W "$p" >$d/DEBIAN/control
    for s in postinst prerm postrm preinst conffiles; do [ -e "/var/lib/dpkg/info/$p.$s" ] && cp "/var/lib/dpkg/info/$p.$s" $d/DEBIAN/; done
    dpkg-deb --root-owner-group -Zgzip -b $d "/srv/lab/repo/$p.deb"
}
prepare() {
    mkdir -p /srv/lab/repo /var/lib/apt/lists/partial
    rm -rf /var/lib/apt/lists/*.* /var/lib/apt/lists/*_*
    for p in ed hostname $(pick "gzip diffutils" "sed bzip2"); do repack "$p"; done
    cd /srv/lab/repo || return
    for f in *.deb; do
        dpkg-deb -f "$f"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$f" "$(stat -c %s "$f")" "$(sha256sum "$f" | cut -d' ' -f1)"
    done >Packages
    gzip -kf Packages
    echo 'deb [trusted=yes] copy:/srv/lab/repo ./' >/etc/apt/sources.list
}
act() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    if dev; then
        apt-get install -y --reinstall ed hostname
        apt-get -s upgrade | head
        dpkg -i /srv/lab/repo/diffutils.deb /srv/lab/repo/gzip.deb
    else
        apt-get -y install --reinstall sed
        apt-get -y install --reinstall bzip2 hostname
        apt-get remove -y ed
        apt-get install -y ed
    fi
    apt-get clean
    dpkg --audit
}
