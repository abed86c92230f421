# dropper-without-trace: decoded scripts start programs out of shared memory, out of memory alone and under the names of kernel threads.
# shows: the decoder beside the shell, executables below /dev/shm and without a file, argv in brackets
# label: malicious
# expects: [decoded-script-run, program-run-from-shared-memory, program-without-file-run, kernel-thread-imitated]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, program-run-from-hidden-folder, miner-run]
prepare() { . /lab/stand_ins.sh; stand_in /srv/lab/worker; chmod 755 /srv/lab; }
act() {
    if dev; then
        printf 'cp /srv/lab/worker /dev/shm/kw-%s; /dev/shm/kw-%s -d; rm -f /dev/shm/kw-%s' "$$" "$$" "$$" | base64 -w0 >/tmp/t
        cat /tmp/t | base64 -d | bash
        python3 -c 'import os;f=os.memfd_create("k",0);os.write(f,open("/srv/lab/worker","rb").read());os.execve("/proc/self/fd/%d"%f,["k"],{})'
        bash -c "exec -a '[kworker/0:1]' /srv/lab/worker"
    else
        sh -c 'echo aWQ7IHVuYW1lIC1h | base64 --decode | sh'
        cp /srv/lab/worker "/dev/shm/.p$$"; nohup "/dev/shm/.p$$" -B >/dev/null 2>&1; rm -f "/dev/shm/.p$$"
        perl -e 'my $f=syscall(319,my $n="",0);open(my $o,">&=",$f);open(my $i,"<","/srv/lab/worker");local $/;print $o <$i>;$o->flush;exec {"/proc/$$/fd/$f"} "x"'
        cp /srv/lab/worker /tmp/kswapd0; /tmp/kswapd0 -c x; rm -f /tmp/kswapd0
    fi
    rm -f /tmp/t
    true
}
