#!/usr/bin/python3
"""Writes every fork of the machine, as the kernel's process connector tells it.

usage: forks.py FILE

One line a fork: SECONDS PARENT CHILD (thread group ids of the initial pid
namespace, the ones that audit records carry).  cut.c needs it to tell the
lab's processes from everybody else's without asking the audit rules to see
enough for that.  Writes "ready" on standard output once it listens.
"""
import os
import socket
import struct
import sys
import time

CN_IDX_PROC, CN_VAL_PROC = 1, 1
PROC_CN_MCAST_LISTEN = 1
PROC_EVENT_FORK = 1
SO_RCVBUFFORCE = 33
NLMSG_DONE = 3

s = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 11)
s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
s.bind((os.getpid(), CN_IDX_PROC))
body = struct.pack("=IIIIHHI", CN_IDX_PROC, CN_VAL_PROC, 0, 0, 4, 0, PROC_CN_MCAST_LISTEN)
s.send(struct.pack("=IHHII", 16 + len(body), NLMSG_DONE, 0, 0, os.getpid()) + body)
offset = time.clock_gettime(time.CLOCK_REALTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
out = open(sys.argv[1], "w", buffering=1)
print("ready", flush=True)
while True:
    try:
        data = s.recv(65536)
    except OSError as e:                      # ENOBUFS: forks were lost, say so
        out.write("# %s\n" % e)
        continue
    # nlmsghdr 16, cn_msg 20, then what, cpu, timestamp_ns
    if len(data) < 36 + 32:
        continue
    what, _cpu, ns = struct.unpack_from("=IIQ", data, 36)
    if what != PROC_EVENT_FORK:
        continue
    _pp, ptgid, _cp, ctgid = struct.unpack_from("=iiii", data, 52)
    if ptgid != ctgid:
        out.write("%.3f %d %d\n" % (ns / 1e9 + offset, ptgid, ctgid))
