"""Exponential backoff with full jitter between the tries of a request, and reading Retry-After.

Full jitter (a wait drawn evenly from nothing to the limit) keeps a thousand clients that failed together
from coming back together, and none comes back before the server allows it.
Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

_CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Backoff:
    """`base_seconds` is the limit before the second try; it doubles to `cap_seconds`.

    What a server asks for is heeded up to `retry_after_cap_seconds`, with jitter on top.
    """

    base_seconds: float = 0.5
    cap_seconds: float = 30.0
    retry_after_cap_seconds: float = 60.0

    def seconds(self, tries: int, retry_after_seconds: float | None = None) -> float:
        """The wait after `tries` (1, 2, ...) tries that failed."""
        limit = min(self.cap_seconds, self.base_seconds * 2.0 ** min(tries - 1, 60))
        asked = min(retry_after_seconds or 0.0, self.retry_after_cap_seconds)
        return asked + _CHANCE.uniform(0, limit)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """The wait that Retry-After-Ms, or Retry-After (seconds or a date), asks for; None for nonsense."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    return seconds if seconds is not None or value is None else _seconds_until(value)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
