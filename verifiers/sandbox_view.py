"""What a program in the sandbox sees: the Python that runs Gristmill, its packages, and nothing of the
host's.

The idea: a list of folders that are shown read-only under their own names, so that paths compiled into a
library still hold; every other folder on the way there is empty. /usr is shown whole where Python itself
lives there, else its libraries alone. There is no /proc, no /sys, no /etc but what the dynamic loader reads.
"""

import sys
from functools import cache
from pathlib import Path

_LIBRARIES = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib32",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
)
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
_MERGED = ("/lib", "/lib64")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
LINKS = (("/dev/shm", "/tmp"),)  # noqa: S108 - the sandbox's own
"""Semaphores of `multiprocessing` are files there; in /tmp they count against its limit."""

START = """
def _start():
    import sys
    del globals()["_start"]
    _, path, *packages = sys.argv
    sys.argv = [path]
    sys.path += packages
    def show(kind, error, trace):
        sys.__excepthook__(kind, error.with_traceback(trace and trace.tb_next), trace and trace.tb_next)
    sys.excepthook = show
    globals()["__file__"] = path
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec")
exec(_start())
"""
"""Runs a file as `__main__`, with packages last on the path; no frame of this shows in its tracebacks."""


@cache
def python() -> str:
    """The interpreter itself, behind a virtual environment's links."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return str(Path(base).resolve())


@cache
def packages() -> tuple[str, ...]:
    """The folders of installed packages that Gristmill itself imports from."""
    folders = [path for path in sys.path if Path(path).name in _PACKAGE_FOLDERS and Path(path).is_dir()]
    return tuple(dict.fromkeys(folders))


@cache
def shown() -> tuple[str, ...]:
    """Folders and files to show read-only; none lies in another, and links among them are not in it."""
    prefixes = [sys.base_prefix, str(Path(python()).parent.parent), *packages()]
    paths = dict.fromkeys(str(Path(path).absolute()) for path in (*prefixes, *_LIBRARIES))
    real = [path for path in paths if Path(path).exists() and not Path(path).is_symlink()]
    return tuple(path for path in real if not any(path != other and _lies_in(path, other) for other in real))


@cache
def links() -> tuple[tuple[str, str], ...]:
    """Links to make: path, and what it leads to."""
    merged = ((path, str(Path(path).readlink())) for path in _MERGED if Path(path).is_symlink())
    return (*LINKS, *merged)


def _lies_in(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def environment(home: str) -> dict[str, str]:
    """All variables the program gets. Numeric libraries start a thread per core if not told otherwise."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "HOME": home,
        "TMPDIR": home,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        **dict.fromkeys(threads, "1"),
    }


def command(file: str) -> list[str]:
    """Isolated mode, UTF-8 whatever the locale, no `site` (its .pth files would run)."""
    return [python(), "-I", "-S", "-B", "-X", "utf8", "-c", START, file, *packages()]
