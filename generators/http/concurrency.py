"""How many requests one server may have at once: a window that opens fast and adapts to what it bears.

At the start, and after an outage, the window doubles several times a second (`open_wider`), so that a server
meets its load within a second and not at one blow. The first sign of congestion ends that: from then on it is
additive increase, multiplicative decrease, as in TCP (Chiu and Jain, 1989). Requests that were out already
when the window was cut say nothing new, so that a burst of refusals cuts it once.
"""

from collections.abc import Callable
from time import monotonic

OPENING_SECONDS = 0.1
"""How often `open_wider` is to be called."""

_FIRST = 64
_TRIAL_STEPS = 20
"""Two seconds: a server whose engine is dead says so at once, and a long response is not waited for."""

_CUT = 0.7
_STEPS = 32
"""Round trips from nothing to the ceiling by additive increase."""


class Window:
    """`ceiling` is the most it ever gives. A window on `trial` gives one request until that succeeds,
    or has been under way for two seconds.
    """

    def __init__(self, ceiling: int, clock: Callable[[], float] = monotonic) -> None:
        self._ceiling = ceiling
        self._clock = clock
        self._step = max(1.0, ceiling / _STEPS)
        self._size = float(min(_FIRST, ceiling))
        self._last_cut = float("-inf")
        self.opening = self._size < ceiling
        self.trial = False
        self._trial_steps = 0

    @property
    def size(self) -> int:
        """Requests that may be out at once, 1 at the least."""
        return 1 if self.trial else max(1, int(self._size))

    def open_wider(self) -> None:
        """One doubling, while the window is opening; one step of a trial that is under way."""
        if self.trial:
            self._trial_steps += 1
            self.trial = self._trial_steps < _TRIAL_STEPS
        elif self.opening:
            self._size = min(2 * self._size, float(self._ceiling))
            self.opening = self._size < self._ceiling

    def succeeded(self) -> None:
        """A response came. The trial is over; a window that is no longer opening grows by its share."""
        if self.trial:
            self.trial = False
        elif not self.opening:
            self._size = min(float(self._ceiling), self._size + self._step / self._size)

    def congested(self, sent: float, in_flight: int) -> None:
        """The server says, of a request sent at `sent`, that `in_flight` are too many."""
        self.opening = False
        if sent > self._last_cut:
            self._last_cut = self._clock()
            self._size = max(1.0, min(self._size, float(in_flight)) * _CUT)

    def start_over(self) -> None:
        """The server was away: one request on trial, then as at the start."""
        self._size = float(min(_FIRST, self._ceiling))
        self.opening = self._size < self._ceiling
        self.trial = True
        self._trial_steps = 0
