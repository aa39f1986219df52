"""Read-only mapping from names to objects that are imported when they are first looked up.

The names are at hand without importing pyarrow, so that `gristmill export --help` is quick.
"""

from collections.abc import Iterator, Mapping
from pkgutil import resolve_name
from typing import Generic, TypeVar

_Entry = TypeVar("_Entry")


class LazyRegistry(Mapping[str, _Entry], Generic[_Entry]):
    """`places` says where each object is, as `package.module:NAME`."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def __getitem__(self, name: str) -> _Entry:
        entry: _Entry = resolve_name(self._places[name])
        return entry

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
