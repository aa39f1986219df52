"""A file that appears whole or not at all: written beside its final name, synced, then renamed over it.

On an error or an interrupt the final name keeps what it had and nothing else is left in the folder. SIGKILL
alone can leave a hidden `.NAME.XXXXXXXX.part`, which nothing reads.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sampling.errors import ConfigError, StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Draft:
    """The file while it is being written."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream = stream
        self._path = path

    def write(self, data: bytes) -> None:
        """Raises StoreError when the disk will not take it."""
        with write_errors(self._path):
            self._stream.write(data)


@contextmanager
def published(path: Path) -> Iterator[Draft]:
    """Publishes the draft under `path` when the block ends well, replacing what is there.

    Raises ConfigError for a path where no file can be put, StoreError when writing fails. A symbolic link
    stays one.
    """
    final = _publishable(path)
    part = final.with_name(f".{final.name[:200]}.{secrets.token_hex(4)}.part")
    with write_errors(final):
        stream = part.open("xb")
    try:
        yield Draft(stream, final)
        with write_errors(final):
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            part.replace(final)
            _sync_folder(final.parent)
    finally:
        with suppress(OSError):
            stream.close()
        part.unlink(missing_ok=True)


@contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """Maps what the operating system says of a write to StoreError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            reason = (
                f"no space for it in {path.parent} ({error.strerror}): free some and run the command again"
            )
        else:
            reason = str(error.strerror)
        raise StoreError(f"{path} was not written: {reason}") from error


def _publishable(path: Path) -> Path:
    """The path itself, links followed. A device or a folder must never be renamed over."""
    final = path.resolve()
    if final.exists() and not final.is_file():
        raise ConfigError(f"{path} is not a file: give the name of one")
    if not final.parent.is_dir():
        raise ConfigError(f"{path} cannot be written: there is no folder {final.parent}")
    return final


def _sync_folder(folder: Path) -> None:
    """Makes the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
