# guards-stopped: sensors, log daemons, the kernel's audit and the firewall are switched off.
# shows: the arguments; programs that are killed by name
# outcome: programs of these names that switch nothing off, so that the recording goes on
# label: malicious
# expects: [kernel-audit-disabled, security-agent-stopped, firewall-disabled]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored]
prepare() {
    for f in auditctl systemctl iptables ufw nft service apt-get; do cp /usr/bin/true /usr/local/sbin/$f; done
    cp /usr/bin/sleep /usr/local/sbin/falco; cp /usr/bin/sleep /usr/local/sbin/osqueryd
    mkdir -p /etc/audit/rules.d; echo '-w /etc -p wa' >/etc/audit/rules.d/50-x.rules
}
act() {
    export PATH=/usr/local/sbin:$PATH
    if dev; then
        falco 30 &
        auditctl -e 0
        auditctl -D
        systemctl stop falco
        pkill -9 -x falco
        systemctl disable --now auditbeat
        iptables -F
        iptables -P INPUT ACCEPT
    else
        osqueryd 30 &
        rm -f /etc/audit/rules.d/50-x.rules
        sh -c 'service auditd stop; auditctl -e0'
        sh -c 'service rsyslog stop; pkill osqueryd'
        apt-get purge -y wazuh-agent
        ufw disable
        sh -c 'nft flush ruleset'
    fi
    wait
    true
}
restore() { rm -f /usr/local/sbin/*; }
