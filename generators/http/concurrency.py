"""Adaptive limit on the concurrent requests to one server: fast ramp-up, then AIMD.

At the start, and after an outage, the limit doubles several times a second (`ramp_up`), so that a server
has its full load within a second, but not at once. The first sign of congestion ends that; from then on it is
additive increase, multiplicative decrease, as in TCP (Chiu and Jain, 1989). Requests that were in flight
already when the limit was cut say nothing new, so that a burst of refusals cuts it once.
"""

from collections.abc import Callable
from time import monotonic

RAMP_UP_SECONDS = 0.1
"""Seconds between calls of `ramp_up`."""

_FIRST = 64
_TRIAL_STEPS = 20
"""Two seconds: a server whose engine is dead says so at once, and a long response is not waited for."""

_CUT = 0.7
_STEPS = 32
"""Round trips from nothing to the ceiling by additive increase."""


class ConcurrencyLimit:
    """`size` requests, never more than `ceiling`. On `trial` it is one request, until that succeeds or
    has taken two seconds.
    """

    def __init__(self, ceiling: int, clock: Callable[[], float] = monotonic) -> None:
        self._ceiling = ceiling
        self._clock = clock
        self._step = max(1.0, ceiling / _STEPS)
        self._size = float(min(_FIRST, ceiling))
        self._last_cut = float("-inf")
        self.ramping_up = self._size < ceiling
        self.trial = False
        self._trial_steps = 0

    @property
    def size(self) -> int:
        """Requests that may be out at once, 1 at the least."""
        return 1 if self.trial else max(1, int(self._size))

    def ramp_up(self) -> None:
        """Doubles the limit while it ramps up; counts a step of a trial."""
        if self.trial:
            self._trial_steps += 1
            self.trial = self._trial_steps < _TRIAL_STEPS
        elif self.ramping_up:
            self._size = min(2 * self._size, float(self._ceiling))
            self.ramping_up = self._size < self._ceiling

    def succeeded(self) -> None:
        """Ends a trial; a limit that no longer ramps up grows by its share (additive increase)."""
        if self.trial:
            self.trial = False
        elif not self.ramping_up:
            self._size = min(float(self._ceiling), self._size + self._step / self._size)

    def congested(self, sent: float, in_flight: int) -> None:
        """A request sent at `sent` (monotonic) met a 429 or a time-out, with `in_flight` at once: one cut."""
        self.ramping_up = False
        if sent > self._last_cut:
            self._last_cut = self._clock()
            self._size = max(1.0, min(self._size, float(in_flight)) * _CUT)

    def start_over(self) -> None:
        """After an outage: one request on trial, then the ramp-up from the start."""
        self._size = float(min(_FIRST, self._ceiling))
        self.ramping_up = self._size < self._ceiling
        self.trial = True
        self._trial_steps = 0
