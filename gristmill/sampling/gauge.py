"""Gauge with peak and time-weighted mean, for the number of draws in flight."""

from time import perf_counter


class Gauge:
    """`mean` is weighted by time, from the first change to the last."""

    def __init__(self) -> None:
        self.value = 0
        self.peak = 0
        self._area = 0.0
        self._first: float | None = None
        self._last = 0.0

    def add(self, change: int) -> None:
        now = perf_counter()
        if self._first is None:
            self._first = now
        else:
            self._area += self.value * (now - self._last)
        self._last = now
        self.value += change
        self.peak = max(self.peak, self.value)

    def mean(self) -> float:
        if self._first is None or self._last == self._first:
            return 0.0
        return self._area / (self._last - self._first)
