"""Seccomp filter of the sandbox: the system calls that no program in it may make.

The idea: namespaces and limits hold only as long as the program cannot make namespaces of its own (a new
mount namespace would bring memory-backed files without a limit), reach memory that no limit counts, or talk
to interfaces that no namespace covers: the key rings, BPF, io_uring, virtual machine sockets. It is a list of
what is refused, not of what is allowed, since Python and its extension modules call nearly everything else. A
refused call fails with EPERM; `clone3` with ENOSYS, because its flags cannot be read by a filter and C
libraries then use `clone`. Calls by another architecture's numbers (32 bit, x32) are refused altogether. Some
calls are refused by their arguments: sockets of any family but AF_UNIX, larger socket buffers, and a change
of RLIMIT_CORE, which at 0 would feed a core handler of the host.

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
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "syslog": (103, 116), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42),
}  # fmt: skip
"""Numbers on x86_64 and on aarch64."""

_CLONE, _CLONE3 = (56, 220), (435, 435)
_SOCKET, _SOCKETPAIR, _SETSOCKOPT = (41, 198), (53, 199), (54, 208)
_SETRLIMIT, _PRLIMIT = (160, 164), (302, 261)
_NEW_NAMESPACES = 0x7E020000
_AF_UNIX, _SOL_SOCKET, _RLIMIT_CORE = 1, 1, 4
_BUFFERS = (7, 8, 32, 33)
"""SO_SNDBUF, SO_RCVBUF, and both by force: what lies in a socket is counted nowhere."""

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32 = 0x40000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def known_machine(machine: str) -> bool:
    return machine in _ARCHITECTURES


def call_filter(machine: str) -> bytes:
    """The filter program for a machine as `os.uname()` names it: instructions of 8 bytes each."""
    column, architecture = _ARCHITECTURES[machine]
    rows = [
        _row(_LOAD, _ARCHITECTURE),
        *_unless(_EQUAL, architecture, _return(_KILL)),
        _row(_LOAD, _NUMBER),
        *_when(_AT_LEAST, _X32, [_return(_KILL)]),
        *_when(_EQUAL, _CLONE3[column], [_return(_ERROR | errno.ENOSYS)]),
    ]
    for numbers in _DENIED.values():
        rows += _when(_EQUAL, numbers[column], [_REFUSE])
    for numbers, conditions in _by_arguments():
        rows += _when(_EQUAL, numbers[column], [*conditions, _return(_ALLOW)])
    return b"".join([*rows, _return(_ALLOW)])


def _by_arguments() -> list[tuple[tuple[int, int], list[bytes]]]:
    """Calls whose arguments decide: refused by one of the rows, or allowed after the last. The kernel reads
    these arguments as 32 bits wide, but for the pointer of prlimit64, which is NULL where it only asks.
    """
    new_limit = [_argument(2), *_unless(_EQUAL, 0, _REFUSE), _argument(2, high=True)]
    family = [_argument(0), *_unless(_EQUAL, _AF_UNIX, _REFUSE)]
    buffers = [row for option in _BUFFERS for row in _when(_EQUAL, option, [_REFUSE])]
    return [
        (_CLONE, [_argument(0), *_when(_ANY_BIT, _NEW_NAMESPACES, [_REFUSE])]),
        (_SOCKET, family),
        (_SOCKETPAIR, family),
        (_SETSOCKOPT, [_argument(1), *_when(_EQUAL, _SOL_SOCKET, [_argument(2), *buffers])]),
        (_SETRLIMIT, [_argument(0), *_when(_EQUAL, _RLIMIT_CORE, [_REFUSE])]),
        (
            _PRLIMIT,
            [_argument(1), *_when(_EQUAL, _RLIMIT_CORE, [*new_limit, *_unless(_EQUAL, 0, _REFUSE)])],
        ),
    ]


def _argument(number: int, high: bool = False) -> bytes:
    """Loads the lower half of an argument, or the higher one."""
    return _row(_LOAD, _ARGUMENTS + 8 * number + 4 * high)


def _row(code: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when, otherwise, value)


def _return(value: int) -> bytes:
    return _row(_RETURN, value)


def _when(test: int, value: int, rows: list[bytes]) -> list[bytes]:
    """The rows run if the test holds, and are jumped over if not."""
    return [_row(test, value, 0, len(rows)), *rows]


def _unless(test: int, value: int, row: bytes) -> list[bytes]:
    return [_row(test, value, 1, 0), row]


_REFUSE = _return(_ERROR | errno.EPERM)
