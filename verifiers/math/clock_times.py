"""Times of day: "3:00 PM", "3 p.m.", "15:00", "12:00 noon", "3 o'clock".

The idea: a text is a time only if it can be nothing else, so digits need a colon, or a word that says so:
`3p` is a product, and 3:00 alone could be a ratio. The half of the day may be missing on one side, as a unit
may.
"""

import re
from dataclasses import dataclass

from gristmill.verifiers.reasons import Reason

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*"
    r"(?P<words>(?P<half>[ap])\.?\s?m\.?|noon|midnight|o'clock|in the (?:morning|afternoon|evening))?",
    re.IGNORECASE,
)
_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_HALVES = {
    "noon": "p",
    "midnight": "a",
    "in the morning": "a",
    "in the afternoon": "p",
    "in the evening": "p",
}


@dataclass(frozen=True, slots=True)
class _Time:
    """`half` is "a", "p" or "" for none; with one, twelve o'clock is minute 0. `spoken`: no ratio, surely."""

    minutes: int
    half: str
    spoken: bool


def compare_times(reference: str, answer: str) -> Reason | None:
    """None where one of the two is no time, or both could be ratios."""
    wanted, given = _time(reference), _time(answer)
    if wanted is None or given is None or not (wanted.spoken or given.spoken):
        return None
    if bool(wanted.half) == bool(given.half):
        equal = (wanted.minutes, wanted.half) == (given.minutes, given.half)
    else:
        marked, bare = (wanted, given) if wanted.half else (given, wanted)
        equal = bare.minutes in (marked.minutes, marked.minutes % 720 + 720 * (marked.half == "p"))
    return Reason.EQUAL if equal else Reason.WRONG_ANSWER


def _time(text: str) -> _Time | None:
    text = " ".join(_TEXT.sub(r"\1", text).split())
    if text.lower() in ("noon", "midnight"):
        text = f"12 {text}"
    match = _TIME.fullmatch(text)
    if match is None or not (match["minute"] or match["words"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    words = (match["words"] or "").lower()
    half = (match["half"] or "").lower() or _HALVES.get(words, "")
    if hour > 24 or minute > 59 or (words in ("noon", "midnight") and hour != 12):
        return None
    return _Time((hour % 12 if half else hour) * 60 + minute, half, bool(words))
