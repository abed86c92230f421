/* Cuts one scenario out of a raw audit log.
 *
 * usage: cut LOG FORKS FROM TO ROOT[,PID...] [LOG-OFFSET FORKS-OFFSET]  > scenario.log
 *
 * Keeps whole events (all records of one serial, unchanged and in their order) that happened between FROM and TO
 * (seconds since the epoch) and whose process descends from ROOT, the lab's init, or is one of the further PIDs or
 * descends from them (what the kernel started for the lab, as a release agent). Everything else on the machine is not
 * the lab's and is left out. What stands before the offsets was written before the window, and before the lab.
 *
 * FORKS has a line SECONDS PARENT CHILD for each fork of the machine (forks.py). A pid may be used again, so that a
 * process is the lab's from one time to another: each pid has its changes, in order.
 *
 * A log of an hour beside others has ten gigabytes and more, and eight labs cut at once: hence C, and one pass.
 * Records that come before the one with the pid of their event are kept back until that is known. Decisions are
 * forgotten after a while, since records of one event stand together, give or take the other processors'.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIDS = 1 << 22, REMEMBERED = 1 << 16, COARSE = 20 /* milliseconds of audit's clock */ };

struct change { long long when; struct change *next; char ours, given; };
struct decision { long long serial; char known, ours; size_t first, end; }; /* lines kept back: [first, end) of `held` */
struct text { const char *at, *end; };

static void *checked(void *p) {
    if (!p) { perror("cut"); exit(1); }
    return p;
}

static struct text mapped(const char *name, const char *offset) {
    struct stat st;
    int fd = open(name, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) < 0) { perror(name); exit(1); }
    if (st.st_size == 0) return (struct text){name, name};
    char *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED) { perror(name); exit(1); }
    long long skip = offset ? atoll(offset) : 0;
    return (struct text){at + (skip < st.st_size ? skip : st.st_size), at + st.st_size};
}

/* "1795684345.123" in milliseconds; what stands behind the number goes to *end */
static long long milliseconds(const char *s, const char **end) {
    long long value = 0;
    int decimals = -1;
    for (; (*s >= '0' && *s <= '9') || (*s == '.' && decimals < 0); s++) {
        if (*s == '.') decimals = 0;
        else if (decimals < 3) value = value * 10 + (*s - '0'), decimals += decimals >= 0;
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 3; decimals++) value *= 10;
    if (end) *end = s;
    return value;
}

static long number(const char **s) {
    long value = 0;
    while (**s == ' ') (*s)++;
    for (; **s >= '0' && **s <= '9'; (*s)++) value = value * 10 + (**s - '0');
    return value;
}

static int ours(struct change **of, long pid, long long when) {
    int found = 0;
    if (pid < 0 || pid >= PIDS) return 0;
    for (struct change *c = of[pid]; c && c->when <= when + COARSE; c = c->next) found = c->ours;
    return found;
}

static void change(struct change **of, struct change **last, long pid, struct change what) {
    struct change *c = checked(malloc(sizeof *c));
    *c = what;
    c->next = NULL;
    if (last[pid]) last[pid]->next = c; else of[pid] = c;
    last[pid] = c;
}

static struct change **descent(struct text forks, const char *roots) {
    struct change **of = checked(calloc(PIDS, sizeof *of)), **last = checked(calloc(PIDS, sizeof *last));
    for (const char *s = roots; *s; s += *s == ',') {
        long pid = number(&s);
        if (*s && *s != ',') { fprintf(stderr, "cut: no list of pids: %s\n", roots); exit(2); }
        if (pid > 0 && pid < PIDS) change(of, last, pid, (struct change){.ours = 1, .given = 1});
    }
    for (const char *line = forks.at, *next; line < forks.end; line = next) {
        const char *end = memchr(line, '\n', (size_t)(forks.end - line)), *s;
        if (!end) break; /* being written */
        next = end + 1;
        if (*line == '#') { fprintf(stderr, "cut: forks were lost: %.*s\n", (int)(end - line), line); continue; }
        long long when = milliseconds(line, &s);
        long parent = number(&s), child = number(&s);
        if (child <= 0 || child >= PIDS || (of[child] && of[child]->given)) continue;
        int yes = ours(of, parent, when);
        if (yes || of[child]) change(of, last, child, (struct change){.when = when, .ours = (char)yes});
    }
    free(last);
    return of;
}

static void cut(struct text log, struct change **of, long long from, long long to) {
    static struct decision table[REMEMBERED];
    static struct { long long serial; struct text line; } held[REMEMBERED];
    size_t holding = 0;
    for (const char *line = log.at, *next; line < log.end; line = next) {
        const char *end = memchr(line, '\n', (size_t)(log.end - line)), *s;
        if (!end) break;
        next = end + 1;
        const char *stamp = memmem(line, (size_t)(next - line), "audit(", 6);
        if (!stamp) continue;
        long long when = milliseconds(stamp + 6, &s);
        if (when > to + 10000) break;
        if (when < from || when > to || *s != ':') continue;
        s++;
        long long serial = number(&s);
        struct decision *d = &table[(unsigned long long)serial % REMEMBERED];
        if (d->serial != serial) *d = (struct decision){.serial = serial};
        const char *pid = d->known ? NULL : memmem(line, (size_t)(next - line), " pid=", 5);
        if (pid) {
            pid += 5;
            d->known = 1;
            d->ours = (char)ours(of, number(&pid), when);
            for (size_t i = holding > 64 ? holding - 64 : 0; d->ours && i < holding; i++)
                if (held[i % REMEMBERED].serial == serial) {
                    struct text kept = held[i % REMEMBERED].line;
                    fwrite(kept.at, 1, (size_t)(kept.end - kept.at), stdout);
                }
        }
        if (d->known && d->ours) {
            fwrite(line, 1, (size_t)(next - line), stdout);
        } else if (!d->known) {
            held[holding % REMEMBERED].serial = serial;
            held[holding++ % REMEMBERED].line = (struct text){line, next};
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 6 && argc != 8) { fprintf(stderr, "usage: cut LOG FORKS FROM TO ROOT[,PID...] [LOG-OFFSET FORKS-OFFSET]\n"); return 2; }
    struct text log = mapped(argv[1], argc > 6 ? argv[6] : NULL), forks = mapped(argv[2], argc > 6 ? argv[7] : NULL);
    cut(log, descent(forks, argv[5]), milliseconds(argv[3], NULL), milliseconds(argv[4], NULL));
    if (fflush(stdout) != 0) { perror("cut"); return 1; }
    return 0;
}
