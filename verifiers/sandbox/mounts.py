"""Namespaces and file system of the sandbox, as the launcher makes them before anything runs in them.

The idea: all namespaces at once, a new root in memory over a folder that is not needed, the shown folders
bound into it, everything made read-only in one call, and then the host's root is gone. Root first keeps its
own identities in the new user namespace, to show what it alone can read; an ordinary user has one, as nobody.

Imported by the launcher alone: standard library, and what starts fast. Sources: namespaces(7),
user_namespaces(7), mount_setattr(2), pivot_root(2).
"""

# ruff: noqa: PTH103, PTH112, PTH120, PTH123, PTH211 - pathlib would slow the start

import ctypes
import os
from typing import Any

MOUNT_POINT = "/sys"  # any folder that holds no Python: the new root is mounted over it
NOBODY = 65534
LIBC = ctypes.CDLL(None, use_errno=True)

_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET."""

_NOSUID, _NODEV, _NOEXEC, _BIND, _REC, _PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_AT_FDCWD, _AT_RECURSIVE, _MNT_DETACH = -100, 0x8000, 2
_MOUNT_SETATTR, _PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}
_ROOT_BYTES = 1 << 20


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user_namespace")]


def check(result: int, what: str) -> None:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), what)


def isolate(job: dict[str, Any]) -> bool:
    """New namespaces of every kind, and a new root that is mounted but not yet entered. Whether the caller
    may become another user.
    """
    _write("/proc/self/oom_score_adj", "1000")
    ranges = _identity("uid"), _identity("gid")
    privileged = os.geteuid() == 0 and all(_covers(each, NOBODY) for each in ranges)
    if privileged:
        _unshare_as_root(ranges)
    else:
        uid, gid = os.geteuid(), os.getegid()
        check(LIBC.unshare(_NAMESPACES), "namespaces")
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
        _write("/proc/self/gid_map", f"{NOBODY} {gid} 1")
    check(LIBC.sethostname(b"sandbox", 7), "host name")
    _mount("none", "/", "", _REC | _PRIVATE)
    size = len(job["code"]) + len(job["stdin"]) + _ROOT_BYTES
    _mount("tmpfs", MOUNT_POINT, "tmpfs", _NOSUID | _NODEV, f"mode=755,size={size}")
    os.chdir(MOUNT_POINT)
    return privileged


def _unshare_as_root(ranges: tuple[str, str]) -> None:
    """Root keeps its identities in the new user namespace, so that it can show what it alone can read. Only a
    process outside may give that map: a child made before.
    """
    wait, wake = os.pipe()
    mapper = os.fork()
    if mapper == 0:
        os.close(wake)
        os.read(wait, 1)
        for kind, ids in zip(("uid", "gid"), ranges, strict=True):
            _write(f"/proc/{os.getppid()}/{kind}_map", ids)
        os._exit(0)
    result = LIBC.unshare(_NAMESPACES)
    os.close(wake)
    os.close(wait)
    _, code = os.waitpid(mapper, 0)
    check(result, "namespaces")
    if code:
        raise PermissionError(1, "the users of a namespace cannot be mapped", "uid_map")


def _identity(kind: str) -> str:
    with open(f"/proc/self/{kind}_map") as file:
        rows = [line.split() for line in file]
    return "\n".join(f"{inside} {inside} {count}" for inside, _, count in rows)


def _covers(ranges: str, number: int) -> bool:
    rows = [line.split() for line in ranges.splitlines()]
    return any(int(first) <= number < int(first) + int(count) for first, _, count in rows)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    texts = [text.encode() or None for text in (source, target, kind)]
    check(LIBC.mount(*texts, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def seal(job: dict[str, Any]) -> None:
    """Shows what the program may read, makes all of it read-only, and leaves the host's files behind."""
    for path in job["shown"]:
        _place(path)
        _mount(path, f"{MOUNT_POINT}{path}", "", _BIND | _REC)
    for path, target in job["links"]:
        os.makedirs(os.path.dirname(f"{MOUNT_POINT}{path}"), exist_ok=True)
        os.symlink(target, f"{MOUNT_POINT}{path}")
    for path in job["devices"]:
        _place(path)
    attributes = _Attributes(_ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV, 0, 0, 0)
    place = MOUNT_POINT.encode()
    size = ctypes.sizeof(attributes)
    flags = (_AT_FDCWD, place, _AT_RECURSIVE, ctypes.byref(attributes), ctypes.c_size_t(size))
    check(LIBC.syscall(_MOUNT_SETATTR, *flags), "read-only file system (Linux 5.12)")
    for path in job["devices"]:
        _mount(path, f"{MOUNT_POINT}{path}", "", _BIND)
    options = f"mode=700,size={job['file_bytes']},nr_inodes=10000,uid={NOBODY},gid={NOBODY}"
    _mount("tmpfs", f"{MOUNT_POINT}{job['home']}", "tmpfs", _NOSUID | _NODEV | _NOEXEC, options)
    os.chdir(MOUNT_POINT)  # the mount, and not the folder under it
    check(LIBC.syscall(_PIVOT_ROOT[os.uname().machine], b".", b"."), "pivot_root")
    check(LIBC.umount2(b".", _MNT_DETACH), "umount the host's root")
    os.chdir("/")


def _place(path: str) -> None:
    """A folder or an empty file to mount the path on."""
    target = f"{MOUNT_POINT}{path}"
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "x"):
            pass
