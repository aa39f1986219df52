"""File lock that allows one `gristmill serve` with a server of its own per PREFECT_HOME.

Two would share a database, and each would start the other's runs. The lock is the kernel's, on a file that
stays: it goes with the process that has it, however that ends, and neither the server nor the runs inherit
it. The file says who has it, or who had it last.

Limits. Where the system or the file system has no such locks, a second one is not noticed.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gristmill.db.workers.processes import ProcessIdentity, this_process
from gristmill.sampling.errors import ConfigError

_NAME = "gristmill-serve.lock"
_TAKEN = (errno.EWOULDBLOCK, errno.EACCES)


@contextmanager
def serve_lock(home: Path) -> Iterator[datetime | None]:
    """Holds the lock while the block runs. Raises ConfigError where another process holds it.

    Yields the moment from which that is certain, if the one before was on this machine too: its runs are
    then processes that can be seen from here, or are gone. None where that is not known.
    """
    if sys.platform == "win32":
        yield None
        return
    file = home / _NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ConfigError(f"cannot write {file} ({error.strerror}): name another PREFECT_HOME") from error
    try:
        locked = _lock(descriptor, home)
        before, now = _read(descriptor), this_process()
        _write(descriptor, now)
        yield datetime.now(UTC) if locked and _is_visible(before, now) else None
    finally:
        os.close(descriptor)


def _lock(descriptor: int, home: Path) -> bool:
    """False where there are no locks."""
    import fcntl  # is not there on Windows

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _TAKEN:
            return False
        raise ConfigError(_refusal(home, _read(descriptor))) from error
    return True


def _refusal(home: Path, other: ProcessIdentity | None) -> str:
    who = "" if other is None else f" (process {other.process.partition(' ')[0]})"
    return (
        f"another `gristmill serve`{who} serves from PREFECT_HOME {home}, and two would take each other's "
        "runs: stop it, set PREFECT_API_URL to its server, or name another PREFECT_HOME"
    )


def _read(descriptor: int) -> ProcessIdentity | None:
    """None where nobody has held it, or the holder has not yet written."""
    lines = os.pread(descriptor, 4096, 0).decode("utf-8", "replace").splitlines()
    return ProcessIdentity(host=lines[1], process=lines[0]) if len(lines) == 2 else None


def _write(descriptor: int, identity: ProcessIdentity) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{identity.process}\n{identity.host}\n".encode(), 0)


def _is_visible(before: ProcessIdentity | None, now: ProcessIdentity) -> bool:
    """True if its runs are visible from here, or gone with a reboot of this machine."""
    if before is None or " " not in now.host:
        return False
    name, boot, _ = now.host.split(" ", 2)
    return before.host == now.host or (before.host.startswith(f"{name} ") and boot not in before.host)
