"""Remote objects: what a test holds of a solution that runs in another process.

The idea: a test that reads a name of the solution, or is given back what is no plain value, holds a `Remote`.
To call it, to take an attribute, an item or the next element of it is asked of the other process. What a test
*compares* is not: beside any other value a Remote is refused, since the solution would be told what is
wanted, and be believed. Two Remotes are compared by the solution, and `asked` keeps that in mind.

Standard library alone: it runs in the sandbox.
"""

from collections.abc import Iterator
from typing import Any

from gristmill.verifiers.code.channel import Channel

_OWN = """iter next len bool str repr float int index complex reversed getitem setitem delitem enter exit neg
pos abs invert format
"""
_BETWEEN = "eq ne lt le gt ge add sub mul matmul truediv floordiv mod pow and or xor lshift rshift"
_BESIDE = "radd rsub rmul rmatmul rtruediv rfloordiv rmod rpow rand ror rxor"

COMPARING = frozenset(
    name
    for kind in (str, bytes, set, float, tuple)
    for name in dir(kind)
    if name.startswith("is") or name.endswith("with")
)
"""Methods of plain values that say yes or no: a Remote, which may say what it likes, has none of them."""

_DESCRIBING = ("__name__", "__qualname__", "__module__", "__doc__", "__dict__")


class Remote:
    """An object of the solution, by its number there."""

    __slots__ = ("_channel", "_number")

    def __init__(self, channel: "RemoteChannel", number: int) -> None:
        object.__setattr__(self, "_channel", channel)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._channel.ask("call", self, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in COMPARING:
            raise self._channel.stop("unplain")
        if name.startswith("__") and name not in _DESCRIBING:
            raise AttributeError(name)  # the protocols of others (an array's, by its address in memory)
        return self._channel.ask("getattr", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._channel.ask("setattr", self, name, value)

    def __contains__(self, wanted: object) -> bool:
        """Compared here, with each element."""
        elements: Iterator[object] = iter(self)
        return any(element is wanted or element == wanted for element in elements)

    def __instancecheck__(self, value: object) -> bool:
        self._channel.asked = True
        return bool(self._channel.ask("isinstance", value, self))

    def __hash__(self) -> int:
        raise self._channel.stop("unplain")

    def __reduce_ex__(self, protocol: object) -> Any:
        raise self._channel.stop("unplain")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """`isinstance` would see no more than that it is no instance of anything."""
        raise self._channel.stop("unplain")


class RemoteChannel(Channel):
    """A channel whose objects are Remotes. `asked` tells that the solution compared for the test."""

    asked = False

    def wrap(self, number: int) -> Remote:
        return Remote(self, number)

    def number(self, value: object) -> int | None:
        return value._number if type(value) is Remote else None


def _ask(what: str) -> Any:
    return lambda self, *args: self._channel.ask(what, self, *args)


def _between(what: str) -> Any:
    def operator(self: Remote, other: object) -> Any:
        if other is None and what in ("eq", "ne"):
            return what == "ne"
        if type(other) is not Remote:
            raise self._channel.stop("unplain")
        self._channel.asked = True
        return self._channel.ask(what, self, other)

    return operator


for _name in _OWN.split():
    setattr(Remote, f"__{_name}__", _ask(_name))
for _name in f"{_BETWEEN} {_BESIDE}".split():
    setattr(Remote, f"__{_name}__", _between(_name))
