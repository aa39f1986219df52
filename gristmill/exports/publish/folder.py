"""Staging folder that is published whole or not at all: written beside its final name, synced, renamed to it.

On an error or an interrupt the final name keeps what it had and nothing else is left. SIGKILL alone can leave
a hidden `.NAME.XXXXXXXX.part`, which nothing reads. Every file is hashed as it is written.

Only an export, told by its manifest, or an empty folder is ever replaced, and then whole: what a user has put
beside the files of an export goes with it. It is renamed aside first: for that moment, and after a SIGKILL in
it, the name is absent and the old folder is `.NAME.XXXXXXXX.old`. A symbolic link stays one; the folder that
it names is written.
"""

import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gristmill.exports.manifest import MANIFEST
from gristmill.exports.publish.errors import write_errors
from gristmill.exports.publish.hashed_file import HashedFile
from gristmill.sampling.errors import ConfigError
from gristmill.text.private_files import make_folder, open_private

_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT}


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that is whole; `path` is relative to the folder, with slashes; `sha256` is of its bytes."""

    path: str
    bytes: int
    sha256: str


class StagingFolder:
    """A folder while its files are written."""

    def __init__(self, folder: Path, final: Path) -> None:
        self._folder = folder
        self._final = final
        self._files: dict[str, StagedFile] = {}

    @contextmanager
    def file(self, path: str) -> Iterator[HashedFile]:
        """A new file to write bytes to, as pyarrow may; its folders are made. It is whole, and in `files`,
        when the block ends well. Raises StoreError when the disk will not take it, however the block ends.
        """
        target = self._folder / path
        with write_errors(self._final):
            make_folder(target.parent)
            stream = HashedFile(open_private(target, "xb"), self._final)
        try:
            yield stream
            stream.close()
            if stream.failure is not None:
                raise stream.failure
        except Exception as error:
            if stream.failure is None or error is stream.failure:
                raise
            raise stream.failure from error
        finally:
            stream.discard()
        self._files[path] = StagedFile(path, stream.tell(), stream.sha256)

    @property
    def files(self) -> list[StagedFile]:
        """The files that are whole, by path."""
        return [self._files[path] for path in sorted(self._files)]


@contextmanager
def published_folder(path: Path, *, replace: bool = False) -> Iterator[StagingFolder]:
    """Publishes the staging folder as `path` when the block ends well.

    Raises ConfigError, before anything is written, where no folder can be put: something is there and not to
    be replaced, or is no export, or nothing can be written beside it. Raises StoreError when writing fails.
    """
    final = _publishable(path, replace)
    part = _hidden_beside(final)
    aside = part.with_suffix(".old")
    try:
        _make_folder(part, path)
        yield StagingFolder(part, final)
        with write_errors(final):
            _sync_folders(part)
            if replace and _is_there(final):
                _check_replaceable(path, final)
                final.rename(aside)
            part.rename(final)  # refuses what has appeared meanwhile, unless it is an empty folder
            _sync(final.parent)
    finally:
        if aside.exists() and not final.exists():  # by what is on the disk: an interrupt comes at any point
            aside.rename(final)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(part, ignore_errors=True)


def _publishable(path: Path, replace: bool) -> Path:
    """The path itself, links followed."""
    try:
        final = path.resolve()
        if not final.parent.is_dir():
            raise ConfigError(f"{path} cannot be written: there is no folder {final.parent}")
        if _is_there(final):
            _check_replaceable(path, final)
            if not replace:
                raise ConfigError(f"{path} is there already: name another folder or give --replace")
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError until Python 3.13
        reason = getattr(error, "strerror", None) or "its links form a loop"
        raise ConfigError(f"{path} cannot be written: {reason}") from error
    return final


def _is_there(path: Path) -> bool:
    """Raises OSError where no such name can be, which `Path.exists` takes for absence."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _check_replaceable(path: Path, final: Path) -> None:
    """Raises ConfigError where something is that must not be lost."""
    if not final.is_dir():
        raise ConfigError(f"{path} is not a folder: name another path")
    if os.path.ismount(final):
        raise ConfigError(f"{path} is where a disk is mounted: name a folder in it")
    if any(final.iterdir()) and not _is_export(final):
        raise ConfigError(f"{path} is not empty and has no {MANIFEST} of an export: name another path")


def _is_export(folder: Path) -> bool:
    """Whether it has a manifest, of whichever version."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and {"manifest_version", "gristmill"} <= manifest.keys()


def _hidden_beside(final: Path) -> Path:
    """A new name; a long one is cut, since names have at most 255 bytes."""
    start = os.fsdecode(os.fsencode(final.name)[:200])
    return final.with_name(f".{start}.{secrets.token_hex(4)}.part")


def _make_folder(part: Path, path: Path) -> None:
    with write_errors(path):
        try:
            make_folder(part)
        except OSError as error:
            if error.errno not in _UNWRITABLE:
                raise
            raise ConfigError(f"{path} cannot be written: {error.strerror}: {part.parent}") from error


def _sync_folders(folder: Path) -> None:
    for place, _, _ in os.walk(folder):
        _sync(Path(place))


def _sync(folder: Path) -> None:
    """Makes the names in it durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
