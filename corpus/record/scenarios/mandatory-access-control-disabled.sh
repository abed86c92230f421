# mandatory-access-control-disabled: an intruder on a host turns SELinux off for good and now, and unloads AppArmor's profiles.
# shows: the words in arguments, the refused writes
# outcome: this kernel has neither, so only the configuration changes
# as: deploy
# label: malicious
# expects: [mandatory-access-control-disabled]
prepare() { mkdir -p /etc/selinux; printf 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' >/etc/selinux/config; }
act() {
    if dev; then
        sudo sh -c 'echo 0 >/sys/fs/selinux/enforce; sed -i s/SELINUX=enforcing/SELINUX=disabled/ /etc/selinux/config'
    else
        sudo bash -c 'apparmor_parser -R /etc/apparmor.d/docker-default || printf docker-default >/sys/kernel/security/apparmor/.remove'
        sudo sed -i.bak -e 's/^SELINUX=.*/SELINUX=permissive/' /etc/selinux/config
    fi
    true
}
restore() { rm -rf /etc/selinux; }
