"""What the files were that a run makes its instructions from: one hash for each that its settings name.

A run that goes on reads them again, and must find what it began with: other seeds would give its problems
parents that the store does not have, other gates verdicts that do not compare.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from gristmill.problems.documents import files_of
from gristmill.runs.settings.instructions import InstructionSettings
from gristmill.sampling.errors import ConfigError
from gristmill.text.file_hash import file_sha256


def input_digests(settings: InstructionSettings) -> dict[str, str]:
    """SHA-256 by path; of a folder, over the names and contents of the files in it that are read.

    Raises ConfigError for a file that is not there any more.
    """
    return {path: _digest(Path(path)) for path in _inputs(settings)}


def check_inputs(settings: InstructionSettings, stored: Mapping[str, str]) -> None:
    """Raises ConfigError, naming the first file that is not what it was. What was not hashed is let pass."""
    for path, digest in input_digests(settings).items():
        if stored.get(path, digest) != digest:
            raise ConfigError(
                f"{path} is not what it was when the run began: put it back as it was, or leave --run-id out "
                "to start a new run"
            )


def _inputs(settings: InstructionSettings) -> Iterator[str]:
    if settings.seeds is not None:
        yield settings.seeds
    yield from settings.documents
    yield from settings.benchmark
    if settings.blocklist is not None:
        yield settings.blocklist


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        for file in files_of(path):
            if path.is_dir():
                found.update(str(file.relative_to(path)).encode("utf-8", "surrogatepass") + b"\x1f")
            found.update(bytes.fromhex(file_sha256(file)))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    return found.hexdigest()
