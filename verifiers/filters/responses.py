"""Cheap filters on responses before the deciding verifier: unfinished, degenerate repetition.

Each filter is pure, takes time linear in the text, and answers with a reason to reject or with None. A filter
must never reject a response that a careful reader would call right, so each is narrow:

- `unfinished`: empty, or generation did not end by itself. A cut-off response counts as wrong by rule,
  whatever it holds (as in DART-Math's grader): the end is missing, and that is where a correction would have
  been.
- `repetition`: the text *ends* in one unit (a character, a line, a paragraph) repeated without change, at
  least `MIN_REPEATS` times over `MIN_REPEATED` characters. Long lists of numbers, tables and similar steps
  change from line to line and pass; a ruler of dashes is too short.
"""

import zlib

from gristmill.sampling.records import FinishReason, Response
from gristmill.verifiers.reasons import Reason

MIN_REPEATED = 1000
MIN_REPEATS = 5
TAIL = 6000
_MAX_RATIO = 0.25
"""Compressed size over plain size above which no tail can be periodic enough."""


def unfinished(response: Response) -> Reason | None:
    """Empty comes first: an empty response that was also cut off is empty."""
    if not response.text or response.text.isspace():
        return Reason.EMPTY
    return None if response.finish_reason is FinishReason.STOP else Reason.CUT_OFF


def repetition(text: str) -> Reason | None:
    tail = text.rstrip()[-TAIL:]
    if len(tail) < MIN_REPEATED:
        return None
    data = tail.encode("utf-8", "replace")
    if len(zlib.compress(data, 1)) > _MAX_RATIO * len(data):
        return None
    return Reason.REPETITION if _repeated_end(tail) else None


def _repeated_end(tail: str) -> bool:
    """Whether some suffix is long enough and made of one unit often enough.

    The failure function of the reversed text gives the smallest period of every suffix, in one pass.
    """
    backwards = tail[::-1]
    borders = [0] * len(backwards)
    border = 0
    for index in range(1, len(backwards)):
        while border and backwards[index] != backwards[border]:
            border = borders[border - 1]
        border += backwards[index] == backwards[border]
        borders[index] = border
        length = index + 1
        if length >= MIN_REPEATED and (length - border) * MIN_REPEATS <= length:
            return True
    return False
