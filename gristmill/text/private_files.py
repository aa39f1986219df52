"""Files and folders for their owner alone: modes 0600 and 0700, unless `GRISTMILL_SHARED` says otherwise.

Stores, exports and reports hold prompts, responses and answers, and a machine may have several users. With
`GRISTMILL_SHARED=1`, which `--shared` sets, the umask decides, as it does for other programs. What is there
already keeps its mode, and a file that SQLite makes beside a store gets the store's.
"""

import os
from io import BufferedWriter
from pathlib import Path
from typing import Literal

SHARED_VARIABLE = "GRISTMILL_SHARED"


def open_private(path: Path, mode: Literal["xb", "ab"]) -> BufferedWriter:
    """`x` makes a new file, `a` goes on with one that is there. Raises OSError."""
    return open(path, mode, opener=_opener)


def make_folder(folder: Path) -> None:
    """The folder and those above it that are missing; one that is there stays. Raises OSError."""
    for one in reversed((folder, *folder.parents)):
        if not one.is_dir():
            one.mkdir(0o777 if _shared() else 0o700, exist_ok=True)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o666 if _shared() else 0o600)


def _shared() -> bool:
    return os.environ.get(SHARED_VARIABLE, "") not in ("", "0")
