"""File object that hashes and counts what is written, and syncs as it closes.

pyarrow and gzip write to it as to any Python file, and its errors pass through them: what the system says of
a write is a StoreError here, kept for whoever opened the file.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gristmill.exports.publish.errors import write_errors
from gristmill.sampling.errors import StoreError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    class _Stream(io.BufferedIOBase, BinaryIO):
        """Some callers ask for the one type, some for the other; at run time the second has no code."""

else:
    _Stream = io.BufferedIOBase


class HashedFile(_Stream):
    """`failure` is the first error. Every later call raises it again, since what lies in between may have
    dropped it.
    """

    def __init__(self, stream: BinaryIO, final: Path) -> None:
        super().__init__()
        self._stream = stream
        self._final = final
        self._checksum = hashlib.sha256()
        self._bytes = 0
        self.failure: StoreError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """All of it. Raises StoreError when the disk will not take it."""
        view = memoryview(data).cast("B")
        with self._failing():
            self._stream.write(view)
        self._checksum.update(view)
        self._bytes += len(view)
        return len(view)

    def tell(self) -> int:
        return self._bytes

    def flush(self) -> None:
        """Nothing: the end of the file is what flushes it, and many libraries flush far too often."""

    def close(self) -> None:
        """Makes the bytes durable. Raises StoreError."""
        if self.closed:
            return
        try:
            with self._failing():
                self._stream.flush()
                os.fsync(self._stream.fileno())
                self._stream.close()
        finally:
            self.discard()

    def discard(self) -> None:
        """Closes the file, whatever has become of it."""
        with suppress(OSError):
            self._stream.close()
        super().close()

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of what was written so far."""
        return self._checksum.hexdigest()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        if self.failure is not None:
            raise self.failure
        try:
            with write_errors(self._final):
                yield
        except StoreError as error:
            self.failure = error
            raise
