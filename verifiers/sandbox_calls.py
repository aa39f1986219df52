"""The system calls that no program in the sandbox may make, as a seccomp filter.

The idea: namespaces and limits hold only as long as the program cannot make namespaces of its own (a new
mount namespace would bring memory-backed files without a limit), reach memory that no limit counts, or talk
to interfaces that no namespace covers: the key rings, BPF, io_uring, virtual machine sockets. It is a list of
what is refused, not of what is allowed, since Python and its extension modules call nearly everything else. A
refused call fails with EPERM; `clone3` with ENOSYS, because its flags cannot be read by a filter and C
libraries then use `clone`. Calls by another architecture's numbers (32 bit, x32) are refused altogether.

Source: seccomp(2), and the numbers of the kernel's `unistd_64.h` and `asm-generic/unistd.h`.
"""

import errno
import struct

_DENIED: dict[str, tuple[int, int]] = {
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "vmsplice": (278, 75),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "syslog": (103, 116), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42),
}  # fmt: skip
"""Numbers on x86_64 and on aarch64."""

_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_NEW_NAMESPACES = 0x7E020000
_SOCKETS = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6: all of them end at the network namespace."""

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def known_machine(machine: str) -> bool:
    return machine in _ARCHITECTURES


def call_filter(machine: str) -> bytes:
    """The filter program for a machine as `os.uname()` names it: instructions of 8 bytes each."""
    column, architecture = _ARCHITECTURES[machine]
    refused = _return(_ERROR | errno.EPERM)
    rows = [
        _row(_LOAD, _ARCHITECTURE),
        *_unless(_EQUAL, architecture, _return(_KILL)),
        _row(_LOAD, _NUMBER),
        *_when(_AT_LEAST, _X32, [_return(_KILL)]),
        *_when(_EQUAL, _CLONE3[column], [_return(_ERROR | errno.ENOSYS)]),
    ]
    for numbers in _DENIED.values():
        rows += _when(_EQUAL, numbers[column], [refused])
    rows += _when(
        _EQUAL,
        _CLONE[column],
        [_row(_LOAD, _FIRST_ARGUMENT), *_when(_ANY_BIT, _NEW_NAMESPACES, [refused]), _return(_ALLOW)],
    )
    kinds = [row for kind in _SOCKETS for row in _when(_EQUAL, kind, [_return(_ALLOW)])]
    rows += _when(_EQUAL, _SOCKET[column], [_row(_LOAD, _FIRST_ARGUMENT), *kinds, refused])
    return b"".join([*rows, _return(_ALLOW)])


def _row(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when, otherwise, value)


def _return(value: int) -> bytes:
    return _row(_RETURN, value)


def _when(test: int, value: int, rows: list[bytes]) -> list[bytes]:
    """The rows run if the test holds, and are jumped over if not."""
    return [_row(test, value, 0, len(rows)), *rows]


def _unless(test: int, value: int, row: bytes) -> list[bytes]:
    return [_row(test, value, 1, 0), row]
