"""State of the inference servers that a generator draws from, as metrics and outages read it."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


class ServerState(Protocol):
    """A server as the generator sees it: `gristmill.generators.http.endpoint.Endpoint` is one."""

    @property
    def name(self) -> str: ...

    @property
    def up(self) -> bool: ...

    @property
    def in_flight(self) -> int: ...

    @property
    def away_seconds(self) -> float: ...

    @property
    def limit(self) -> "LimitState": ...


class LimitState(Protocol):
    """`trial`: it was out, and has one request to show that it is back."""

    @property
    def size(self) -> int: ...

    @property
    def trial(self) -> bool: ...


@runtime_checkable
class HasEndpoints(Protocol):
    """A generator that draws from servers."""

    @property
    def endpoints(self) -> Sequence[ServerState]: ...
