"""Failover of a shared run: a worker whose servers are all out gives its leased problems back.

A run that draws alone waits for its servers as long as `outage_seconds` says. Beside others that would keep
problems from servers that answer: the run could not end before. So such a worker leaves, which frees its
problems, once its servers have been out for half a minute, and others have recorded attempts meanwhile or
hold nothing any more. An outage that all of them have is waited for by all; where it comes when hardly
anything is left, by the last of them.
"""

from collections.abc import Callable

from gristmill.db.workers.leases import Exchange
from gristmill.sampling.errors import OutageError

SILENT_SECONDS = 30.0
_SETTLED_SECONDS = 15.0
"""After so long what was answered before the servers went out has been judged and recorded, by all."""


class Outage:
    """Decides when to leave. `silent_seconds` tells for how long this worker's servers have been out; 0 while
    one is up.
    """

    def __init__(self, silent_seconds: Callable[[], float]) -> None:
        self._silent_seconds = silent_seconds
        self._own = 0
        self._total: int | None = None
        self._others_draw = False

    def note(self, own: int, total: int) -> None:
        """Attempts of this session, and of the whole run, as they stand now."""
        if own != self._own:
            self._own, self._total, self._others_draw = own, None, False
        elif self._total is not None:
            self._others_draw = total > self._total
        elif self._silent_seconds() >= _SETTLED_SECONDS:
            self._total = total

    def check(self, seen: Exchange) -> None:
        """Raises OutageError where others could do what this worker cannot."""
        silent = self._silent_seconds()
        if silent < SILENT_SECONDS or seen.workers == 1:
            return
        if self._others_draw or not seen.elsewhere:
            raise OutageError(
                f"no server of this worker has answered for {silent:.0f} s, and others draw for the run: its "
                "problems are left to them; start it again when one answers"
            )
