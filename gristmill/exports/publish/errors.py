"""What the operating system says of a write, as one line for whoever waits for the file."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
