/* tools: see tools.h. */
#include "replay/mutate/tools.h"

#include <string.h>

/* Options with a blank between; names of one with commas; `=`: takes a value, `?`: may have a joined one. A program whose
 * options end at its first operand stands with a `+`. */
static const struct {
	const char *names, *options;
} table[] = {
	{"+nsenter", "-a,--all -t,--target= -m,--mount? -u,--uts? -i,--ipc? -n,--net? -p,--pid? -C,--cgroup? -U,--user? -T,--time? "
		     "-S,--setuid= -G,--setgid= -r,--root? -w,--wd? -F,--no-fork -Z,--follow-context -e,--env"},
	{"+unshare", "-m,--mount? -u,--uts? -i,--ipc? -n,--net? -p,--pid? -C,--cgroup? -U,--user? -f,--fork -r,--map-root-user "
		     "--mount-proc? -R,--root= -w,--wd= -S,--setuid= -G,--setgid="},
	{"mount", "-t,--types= -o,--options= -r,--read-only -w,--rw,--read-write -v,--verbose -n,--no-mtab -a,--all -B,--bind "
		  "-R,--rbind -M,--move -f,--fake -L,--label= -U,--uuid= -i,--internal-only -s"},
	{"umount", "-a,--all -d,--detach-loop -f,--force -l,--lazy -n,--no-mtab -R,--recursive -v,--verbose -t,--types="},
	{"curl", "-s,--silent -S,--show-error -k,--insecure -X,--request= -d,--data= -H,--header= -o,--output= -O,--remote-name "
		 "-L,--location -f,--fail -v,--verbose -i,--include -I,--head -u,--user= -A,--user-agent= -m,--max-time= "
		 "-x,--proxy= -F,--form= -T,--upload-file= -g,--globoff -N,--no-buffer -4,--ipv4 -6,--ipv6 --unix-socket= "
		 "--data-binary= --data-raw= --connect-timeout= --cacert= --cert= --key= -E --retry= --compressed"},
	{"wget", "-q,--quiet -O,--output-document= -o,--output-file= --header= -c,--continue -T,--timeout= -t,--tries= "
		 "--no-check-certificate -P,--directory-prefix= -S,--server-response --post-data= --method= -U,--user-agent="},
	{"cat", "-A,--show-all -b,--number-nonblank -e -E,--show-ends -n,--number -s,--squeeze-blank -t -T,--show-tabs -u -v"},
	{"tee", "-a,--append -i,--ignore-interrupts -p"},
	{"cp",
		"-a,--archive -f,--force -i,--interactive -n,--no-clobber -p -r,-R,--recursive -u,--update -v,--verbose -L,--dereference "
	       "-P,--no-dereference -T,--no-target-directory -t,--target-directory="},
	{"mv",
		"-f,--force -i,--interactive -n,--no-clobber -u,--update -v,--verbose -T,--no-target-directory -t,--target-directory="},
	{"ln", "-s,--symbolic -f,--force -n,--no-dereference -v,--verbose -r,--relative -T,--no-target-directory"},
	{"rm", "-f,--force -i -r,-R,--recursive -d,--dir -v,--verbose --no-preserve-root --preserve-root --one-file-system"},
	{"shred", "-f,--force -n,--iterations= -s,--size= -u -v,--verbose -x,--exact -z,--zero"},
	{"truncate", "-c,--no-create -o,--io-blocks -r,--reference= -s,--size="},
	{"chmod", "-c,--changes -f,--silent,--quiet -v,--verbose -R,--recursive --reference="},
	{"chown", "-c,--changes -f,--silent,--quiet -v,--verbose -R,--recursive -h,--no-dereference --reference= --from="},
	{"mknod", "-m,--mode= -Z"},
	{"mkdir", "-p,--parents -m,--mode= -v,--verbose"},
	{"insmod", "-f,--force -s,--syslog -v,--verbose"},
	{"modprobe", "-a,--all -r,--remove -f,--force -i,--ignore-install -q,--quiet -v,--verbose -n,--dry-run,--show -C,--config= "
		     "-d,--dirname= -S,--set-version= -D,--show-depends -s,--syslog"},
	{"rmmod", "-f,--force -s,--syslog -v,--verbose"},
	{"sysctl", "-w,--write -q,--quiet -n,--values -N,--names -e,--ignore -a,--all -p,--load? --system"},
	{"+chroot", "--userspec= --groups= --skip-chdir"},
	{"useradd",
		"-m,--create-home -M,--no-create-home -u,--uid= -g,--gid= -G,--groups= -o,--non-unique -s,--shell= -d,--home-dir= "
		    "-p,--password= -r,--system -c,--comment= -e,--expiredate= -N,--no-user-group -U,--user-group"},
	{"usermod", "-a,--append -G,--groups= -g,--gid= -u,--uid= -o,--non-unique -s,--shell= -d,--home= -L,--lock -U,--unlock "
		    "-p,--password= -l,--login="},
	{"chattr", "-R -V -f"},
	{"setcap", "-q -r -v"},
	{"debugfs", "-w -R= -f= -c -i -b= -s="},
	{"strace", "-f,--follow-forks -p,--attach= -o,--output= -e= -s,--string-limit= -q,--quiet -y -v -t"},
	{"auditctl", "-e= -D -l -s -R= -w= -p= -k= -a= -d= -A= -S= -F= -b= -f= -r="},
	{"crontab", "-u= -l -e -r -i"},
	{"iptables", "-t,--table= -A,--append= -I,--insert= -D,--delete= -F,--flush? -P,--policy= -p,--protocol= -j,--jump= "
		     "-s,--source= -d,--destination= -i,--in-interface= -o,--out-interface= -n,--numeric -L,--list? -v,--verbose"},
	{"systemctl", "-q,--quiet -f,--force --now --no-block --no-reload -M,--machine= -H,--host= --user --system --runtime"},
	{"head", "-c,--bytes= -n,--lines= -q,--quiet,--silent -v,--verbose -z,--zero-terminated"},
	{"tail", "-c,--bytes= -n,--lines= -q,--quiet,--silent -v,--verbose -f,--follow? -F -z,--zero-terminated"},
	{"base64", "-d,--decode -i,--ignore-garbage -w,--wrap="},
	{"getcap", "-r -v -n"},
	{"losetup", "-a,--all -d,--detach -f,--find -o,--offset= -P,--partscan -r,--read-only --show -v,--verbose"},
	{"blkid", "-o,--output= -s,--match-tag= -p,--probe"},
	{"lsblk", "-a,--all -f,--fs -l,--list -n,--noheadings -o,--output= -p,--paths -b,--bytes -d,--nodeps -J,--json"},
	{"dmesg", "-c,--read-clear -C,--clear -n,--console-level= -T,--ctime -w,--follow -H,--human"},
	{"journalctl", "--vacuum-size= --vacuum-time= --rotate --flush -u,--unit= -n,--lines? -f,--follow -b,--boot? -q,--quiet"},
	{"ssh-keygen", "-t= -b= -f= -N= -C= -q -y"},
	{"swapoff", "-a,--all -v,--verbose"},
};

struct tool {
	struct text name;
	struct option_set set;
};

struct tools {
	struct tool *items;
	size_t count;
};

static struct client_option read_option(struct arena *arena, struct text text)
{
	struct client_option option = {.value = OPTION_FLAG};
	const char last = text.data[text.length - 1];
	struct text *names = NULL;
	if (last == '=' || last == '?') {
		option.value = last == '=' ? OPTION_TEXT : OPTION_OPTIONAL;
		text.length--;
	}
	option.name_count = text_split(arena, text, ',', &names);
	option.names = names;
	return option;
}

struct tools *tools_new(struct arena *arena)
{
	const size_t count = sizeof table / sizeof *table;
	struct tools *tools = arena_alloc(arena, sizeof *tools);
	*tools = (struct tools){arena_array(arena, count, sizeof *tools->items), count};
	for (size_t i = 0; i < count; i++) {
		struct text *words = NULL;
		const bool ends = table[i].names[0] == '+';
		const size_t options = text_split(arena, text_of(table[i].options), ' ', &words);
		struct client_option *list = arena_array(arena, options + 1, sizeof *list);
		for (size_t k = 0; k < options; k++)
			list[k] = read_option(arena, words[k]);
		tools->items[i].name = text_of(table[i].names + ends);
		tools->items[i].set = (struct option_set){.options = list, .count = options, .interspersed = !ends};
	}
	return tools;
}

const struct option_set *tools_options(const struct tools *tools, struct text name)
{
	for (size_t i = 0; i < tools->count; i++)
		if (text_equal(tools->items[i].name, name))
			return &tools->items[i].set;
	return NULL;
}
