#!/usr/bin/env python3
"""Writes a minimal .scap capture: one machine, one process, one event. For giving filters to sysdig.

A capture is a row of pcapng blocks {u32 type, u32 length, body, u32 length}, padded to four bytes.
"""
import struct
import sys


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def section():
    return block(0x0A0D0D0A, struct.pack("<IHHQ", 0x1A2B3C4D, 1, 2, 0xFFFFFFFFFFFFFFFF))


def machine():
    return block(0x201, struct.pack("<IQQ128sQQQQ", 1, 1 << 30, 32768, b"capture", 0, 0, 0, 0))


def event():
    """The end of a brk (type 11), with its result."""
    lengths, values = struct.pack("<H", 8), struct.pack("<q", 1)
    size = 26 + len(lengths) + len(values)
    head = struct.pack("<HQQIHI", 0, 1700000000000000000, 1, size, 11, 1)
    return block(0x216, head + lengths + values)


def main():
    with open(sys.argv[1], "wb") as out:
        out.write(section() + machine() + event())


main()
