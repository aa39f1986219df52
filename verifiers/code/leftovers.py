"""What a test leaves behind in the sandbox, processes and files, and how it is removed before the next one.

Standard library alone: it runs in the sandbox.
"""

# ruff: noqa: PTH101, PTH104, PTH106, PTH108 - pathlib would slow the start

import contextlib
import os
import signal
from time import sleep


def clear(alone: bool) -> None:
    """Ends what a test left running, where nobody else's processes can be hit, and empties the folder."""
    if alone and os.getppid() == 1:
        with contextlib.suppress(ProcessLookupError):
            while True:  # until there is none left but init, which takes them away, and this one
                os.kill(-1, signal.SIGKILL)
                sleep(0.001)
    with contextlib.suppress(OSError):  # what is in use without isolation, or not ours to remove
        _empty()


def _empty() -> None:
    """Empties the working folder, however deep: what lies in a folder of it is first moved up."""
    mark, number = os.urandom(8).hex(), 0
    while entries := list(os.scandir()):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name)
                continue
            os.chmod(entry.name, 0o700)
            for inner in list(os.scandir(entry.name)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                number += 1
                os.rename(inner.path, f"{mark}-{number}")
            os.rmdir(entry.name)
