"""A writer that is closed when its block ends, and whose closing never hides why the block ended."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, TypeVar

from gristmill.sampling.errors import StoreError


class Closable(Protocol):
    def close(self) -> object: ...


_Writer = TypeVar("_Writer", bound=Closable)


@contextmanager
def closed_after(writer: _Writer) -> Iterator[_Writer]:
    """Many writers put an end to the file as they close, and a full disk refuses that as well."""
    try:
        yield writer
    except BaseException:
        with suppress(StoreError):
            writer.close()
        raise
    writer.close()
