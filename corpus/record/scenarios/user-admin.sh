# user-admin: accounts and groups are made, changed and removed; sudo is used.
# shows: ADD_USER, USER_CMD and kin, writes of passwd, shadow and group, capset and setuid by sudo
# as: deploy
# dataset: everyday
# label: benign
act() {
    if dev; then
        sudo groupadd reports
        sudo useradd -m -G reports -c 'Report account' report1
        echo 'report1:Long-Enough-1' | sudo chpasswd
        sudo usermod -aG adm report1
        sudo passwd -l report1
        sudo chage -M 90 report1
        sudo userdel -r report1
        sudo groupdel reports
        sudo -u ops id
    else
        sudo adduser --disabled-password --gecos 'Batch account' batch2
        sudo usermod -s /usr/sbin/nologin batch2
        sudo gpasswd -a batch2 adm
        sudo chown batch2 /srv/lab
        sudo -l
        sudo sh -c 'id; grep batch2 /etc/passwd'
        sudo chown root /srv/lab
        sudo deluser --remove-home batch2
    fi
    true
}
