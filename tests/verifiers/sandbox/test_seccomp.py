"""System calls and privilege: what `verifiers/sandbox/run.py` says that a program cannot have."""

import json
import sys

import pytest

from gristmill.verifiers.sandbox.execution import Isolation
from tests.verifiers.sandbox.hosts import Host

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

FORBIDDEN = {
    "a memory file": "number(319, 279), b'x', 0",
    "a System V segment": "number(29, 194), 0, 1 << 20, 0o1600",
    "a message queue": "number(68, 186), 0, 0o1600",
    "a user namespace": "number(272, 97), 0x10000000",
    "a mount namespace": "number(272, 97), 0x00020000",
    "a child in a namespace": "number(56, 220), 0x10000011, 0, 0, 0, 0",
    "a mount": "number(165, 40), b'tmpfs', b'/tmp', b'tmpfs', 0, None",
    "a trace": "number(101, 117), 16, 1, None, None",
    "another's memory": "number(310, 270), 1, None, 0, None, 0, 0",
    "a key ring": "number(250, 219), 0, -3, 1",
    "a program for the kernel": "number(321, 280), 0, None, 0",
    "io_uring": "number(425, 425), 8, None",
    "a queue of asynchronous calls": "number(206, 0), 8, ctypes.byref(ctypes.c_ulong())",
}
HARMLESS = ("a memory file", "a user namespace")
"""What may be tried without isolation."""


def tried(calls: dict[str, str]) -> str:
    """A program that makes each of the system calls, and says by name what came of it."""
    lines = "\n".join(f"try_call({name!r}, {call})" for name, call in calls.items())
    return f"""
import ctypes, json, os
libc = ctypes.CDLL(None, use_errno=True)
found = {{}}
def number(x86_64, aarch64):
    return aarch64 if os.uname().machine == "aarch64" else x86_64
def try_call(name, *arguments):
    result = libc.syscall(*arguments)
    found[name] = os.strerror(ctypes.get_errno()) if result < 0 else "had"
{lines}
print(json.dumps(found))
"""


def test_a_program_cannot_make_the_forbidden_calls(sandbox: Host) -> None:
    found = json.loads(sandbox.run(tried(FORBIDDEN)).stdout)
    assert found == dict.fromkeys(FORBIDDEN, "Operation not permitted")
    harmless = {name: FORBIDDEN[name] for name in HARMLESS}
    found = json.loads(sandbox.run(tried(harmless), isolation=Isolation.NONE).stdout)
    assert found == dict.fromkeys(HARMLESS, "had")


def test_a_program_has_no_privilege_and_no_way_to_any(sandbox: Host) -> None:
    code = """
import ctypes, json, os
libc = ctypes.CDLL(None)
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(header, data)
refused = 0
for become, whom in ((os.setuid, 0), (os.setgid, 0), (os.setgroups, [0])):
    try:
        become(whom)
    except OSError:
        refused += 1
bounding = [number for number in range(64) if libc.prctl(23, number, 0, 0, 0) > 0]
print(json.dumps([list(data), bounding, libc.prctl(39, 0, 0, 0, 0), refused, os.getuid()]))
"""
    assert json.loads(sandbox.run(code).stdout) == [[0] * 6, [], 1, 3, 65534]


OPEN = """
import socket
def refused(call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return error.errno == 1
for family in ("AF_NETLINK", "AF_VSOCK", "AF_PACKET", "AF_ALG"):
    print(family, refused(socket.socket, getattr(socket, family), socket.SOCK_RAW))
print("UDP", refused(socket.socket, socket.AF_INET, socket.SOCK_DGRAM))
print("IPv6", refused(socket.socket, socket.AF_INET6))
print("MPTCP", refused(socket.socket, socket.AF_INET, socket.SOCK_STREAM, 262))
print("TIPC", refused(socket.socketpair, socket.AF_TIPC, socket.SOCK_SEQPACKET))
one, other = socket.socketpair()
one.send(b"x")
print(other.recv(1))
one.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
for option in (socket.SO_SNDBUF, socket.SO_RCVBUF, 32, 33):
    print("buffer", refused(one.setsockopt, socket.SOL_SOCKET, option, 1 << 30))
"""


def test_a_program_gets_no_socket_but_for_its_own_processes_and_no_larger_buffers(sandbox: Host) -> None:
    *families, own, send, receive, forced_send, forced_receive = sandbox.run(OPEN).stdout.splitlines()
    assert len(families) == 8
    assert {line.rpartition(" ")[2] for line in families} == {"True"}
    assert own == "b'x'"
    assert {send, receive, forced_send, forced_receive} == {"buffer True"}
    unguarded = sandbox.run(OPEN, isolation=Isolation.NONE).stdout.splitlines()
    assert unguarded[-4:-2] == ["buffer None", "buffer None"]


LOWER = """
import ctypes, os, resource, mmap
libc = ctypes.CDLL(None, use_errno=True)
x86_64 = os.uname().machine == "x86_64"
zero = (ctypes.c_ulong * 2)(0, 0)
print(resource.getrlimit(resource.RLIMIT_CORE))
print(libc.syscall(160 if x86_64 else 164, 4, zero))
print(libc.syscall(302 if x86_64 else 261, 0, 4, zero, None))
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
place = libc.mmap(1 << 36, 4096, 3, 0x32, -1, 0)
print(libc.syscall(302 if x86_64 else 261, 0, 4, ctypes.c_void_p(place), None))
print(place & 0xFFFFFFFF, resource.getrlimit(resource.RLIMIT_CORE))
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
print(resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_a_program_cannot_feed_a_core_handler_of_the_host(sandbox: Host) -> None:
    lines = sandbox.run(LOWER).stdout.splitlines()
    assert lines == ["(1, 1)", "-1", "-1", "-1", "0 (1, 1)", "(64, 64)"]
    assert sandbox.run(LOWER, isolation=Isolation.NONE).stdout.splitlines()[4] == "0 (0, 0)"
