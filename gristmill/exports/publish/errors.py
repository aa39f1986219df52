"""Mapping of the operating system's write errors to one StoreError, also while files are being closed."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

from gristmill.sampling.errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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


class Closable(Protocol):
    def close(self) -> object: ...


_Writer = TypeVar("_Writer", bound=Closable)


@contextmanager
def closed_after(writer: _Writer) -> Iterator[_Writer]:
    """Closes the writer, and after an error without hiding it: many writers put an end to the file as they
    close, which a full disk refuses as well.
    """
    try:
        yield writer
    except BaseException:
        with suppress(StoreError):
            writer.close()
        raise
    writer.close()
