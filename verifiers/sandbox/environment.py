"""Environment of a program in the sandbox: its Python, the files it sees, its variables, its command line.

The idea: a list of folders that are shown read-only under their own names, so that paths compiled into a
library still hold; every other folder on the way there is empty. /usr is shown whole where Python itself
lives there, else its libraries alone. There is no /proc, no /sys, no /etc but what the dynamic loader reads.
"""

import sys
from functools import cache
from pathlib import Path

from gristmill.sampling.errors import UnavailableError

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
STDIN_FILE = ".stdin"

_HOMES = ("/tmp", "/private")  # noqa: S108 - the sandbox's own
"""Where the program runs: the second if some of its Python lies in the first."""

_OWN_FRAMES = 16
_STACK_BYTES = 64 * 1024 * 1024
START = f"""
def _start():
    import builtins, resource, sys
    del globals()["_start"]
    _, path, *packages = sys.argv
    sys.argv = [path]
    sys.path += packages
    def leave(code=None):
        raise SystemExit(code)
    builtins.exit = builtins.quit = leave
    sys.setrecursionlimit(sys.getrecursionlimit() + {_OWN_FRAMES})
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    size = {_STACK_BYTES} if hard < 0 else min(hard, {_STACK_BYTES})
    resource.setrlimit(resource.RLIMIT_STACK, (size, hard))
    def show(kind, error, trace):
        sys.__excepthook__(kind, error.with_traceback(trace and trace.tb_next), trace and trace.tb_next)
    sys.excepthook = show
    globals()["__file__"] = path
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec")
exec(_start())
"""
"""Runs a file as `__main__`, with packages last on the path; no frame of this shows in its tracebacks. What a
plain Python has and one without `site` has not is made up for: `exit` and `quit`, and as many frames as if
none were ours. The stack grows here and not before, since C libraries give each thread as much as there was
when the process began.
"""


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
    """Folders and files to show read-only; none lies in another, and links among them are not in it. Raises
    UnavailableError where Python's own folder is the root, which would show everything.
    """
    prefixes = [sys.base_prefix, str(Path(python()).parent.parent), *packages()]
    if any(not Path(path).absolute().relative_to("/").parts for path in prefixes):
        raise UnavailableError("Python's own folder is /, with everything else in it", kind="sandbox")
    paths = dict.fromkeys(str(Path(path).absolute()) for path in (*prefixes, *_LIBRARIES))
    real = [path for path in paths if Path(path).exists() and not Path(path).is_symlink()]
    return tuple(path for path in real if not any(path != other and _lies_in(path, other) for other in real))


@cache
def home() -> str:
    """The program's own folder, the only one that it can write to."""
    return _HOMES[any(_lies_in(path, _HOMES[0]) for path in shown())]


def links() -> tuple[tuple[str, str], ...]:
    """Links to make: path, and what it leads to. Semaphores of `multiprocessing` are files in /dev/shm; at
    home they count against its limit. /dev/stdin is for a runner that gives its program an input of its
    own: without /proc it needs a file with a name.
    """
    merged = ((path, str(Path(path).readlink())) for path in _MERGED if Path(path).is_symlink())
    return ("/dev/shm", home()), ("/dev/stdin", f"{home()}/{STDIN_FILE}"), *merged  # noqa: S108


def _lies_in(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def variables(home: str) -> dict[str, str]:
    """All variables the program gets. Numeric libraries start a thread per core if not told otherwise; the
    order of sets is the same in every run, and so is a verdict that rests on it.
    """
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "HOME": home,
        "TMPDIR": home,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(threads, "1"),
    }


def command(file: str) -> list[str]:
    """UTF-8 whatever the locale, no `site` (its .pth files would run), nothing from the working folder: as in
    isolated mode, but variables are read, of which there are none but ours.
    """
    return [python(), "-s", "-P", "-S", "-B", "-X", "utf8", "-c", START, file, *packages()]
