"""Replaces a folder by another, so that the name is never without one.

Linux exchanges two names in one step (renameat2(2), RENAME_EXCHANGE). Where the system or the file system
cannot, the old folder is renamed aside first: for that moment, and after a SIGKILL in it, the name is absent
and the old folder is `.NAME.XXXXXXXX.old` beside it.
"""

import ctypes
import errno
import os
import shutil
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def replace_folder(new: Path, final: Path) -> None:
    """`new` becomes `final`. What was there is under `new` afterwards, or gone. Raises OSError, with `final`
    as it was.
    """
    if not final.exists():
        new.rename(final)
    elif not swapped(new, final):
        replace_in_two_steps(new, final)


def swapped(one: Path, other: Path) -> bool:
    """False where that cannot be done here."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(other))


def replace_in_two_steps(new: Path, final: Path) -> None:
    """As `replace_folder`, by two renames; the old folder comes back when the second fails."""
    aside = final.with_name(f"{new.name.removesuffix('.part')}.old")
    try:
        final.rename(aside)
        new.rename(final)
    finally:
        if aside.exists():
            _recover(aside, final)


def _recover(aside: Path, final: Path) -> None:
    """By what is on the disk, since an interrupt may have come at any point."""
    if final.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(final)
