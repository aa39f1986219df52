r"""Cheap filters on responses before the deciding verifier: unfinished, refusal, degenerate repetition.

Each filter is pure, takes time linear in the text, and answers with a reason to reject or with None. A filter
must never reject a response that a careful reader would call right, so each is narrow:

- `unfinished`: empty, or generation did not end by itself. A cut-off response counts as wrong by rule,
  whatever it holds (as in DART-Math's grader): the end is missing, and that is where a correction would have
  been.
- `refusal`: a declining phrase at the very start, with an apology or in a short text. What is declined must
  be the task as a whole: "I can't help but smile", "I can't solve this without listing the givens first" and
  "I must decline your invitation" go on. Verifiers of answers ask only where they found none.
- `repetition`: the text *ends* in one unit (a character, a line, a paragraph) repeated without change, at
  least `MIN_REPEATS` times over `MIN_REPEATED` characters. Long lists of numbers, tables and similar steps
  change from line to line and pass; a ruler of dashes is too short.
"""

import re
import zlib

from gristmill.sampling.records import FinishReason, Response
from gristmill.verifiers.reasons import Reason

MIN_REPEATED = 1000
MIN_REPEATS = 5
TAIL = 6000
_MAX_RATIO = 0.25
"""Compressed size over plain size above which no tail can be periodic enough."""

_LONGEST_BARE = 1000
"""Characters of a text that may be a refusal though it neither says sorry nor speaks as a machine."""

_OPENING = r"""\W{0,5}(?P<sorry>(?:
    (?:i['’]?m|i\ am)\s+(?:really\s+|very\s+|so\s+)?(?:sorry|afraid)\b[,.]?\s*(?:but\s+|that\s+)?
    |(?:sorry|unfortunately|apologies|i\ apologi[sz]e)\b[,.]?\s*(?:but\s+)?
    |(?P<machine>as\ an?\ (?:ai|(?:large\ )?language\ model)\b)(?:\ \w+){0,3},?\s*){1,3})?"""
_ENDS = r"(?=\s*(?:[.,;!]|$))"
_MATTER = rf"""(?:\s+(?:you|to|with|on|any|the|that|this|these|those|such|your)){{0,3}}
    (?:\s+(?:this|that|these|those|it|such|questions?|requests?|tasks?|problems?|content|material|instructions
    |puzzles?|exercises?|prompts?)\b|{_ENDS})"""
_NOT = r"(?:['’]m|\ am)?\s*(?:can\s?not|can['’]?t|won['’]?t|will\ not|unable\ to|not\ able\ to)\s+(?:to\s+)?"
_DECLINES = rf"""i(?:
    {_NOT}(?:assist|help(?!\ (?:but|it|my|\w+ing\b)|\s*:)|comply|provide|fulfil+)\b
    |{_NOT}(?:answer|solve|complete|respond|continue|engage|participate)\b{_MATTER}
    |{_NOT}do\ (?:that|this){_ENDS}
    |(?:['’]m|\ am)\s+not\s+comfortable\s+(?:with\ (?:that|this|it|(?:this|that|your)\ request){_ENDS}
        |(?:answering|writing|providing|helping|assisting|creating|generating|discussing|sharing)\b)
    |\s+(?:must|have\ to|need\ to|will\ have\ to)(?:\ \w+ly)?\ decline
        (?:\ (?:this|that|your|the)\ (?:request|question|task|prompt|instruction){_ENDS}
        |\ to\ (?:answer|assist|help|provide|respond|comply|complete|generate|write|create)\b)
    |\s+(?:must|have\ to)(?:\ \w+ly)?\ decline(?=\s*[.!]?\s*$))"""
_SORRY_ONLY = (
    rf"i{_NOT}(?:write|create|generate|produce|discuss|share|support|perform)\s+(?:this|that|such)\b"
)
_MACHINE_ONLY = (
    r"i\ (?:do\ not|don['’]?t)\ have\ (?:any\ |the\ )?(?:personal|opinions?|feelings|ability|access)\b"
)
_REFUSAL = re.compile(
    rf"""{_OPENING}(?:{_DECLINES}|(?(sorry){_SORRY_ONLY}|(?!))|(?(machine){_MACHINE_ONLY}|(?!)))
        (?![^.!?\n]{{0,120}}\b(?:without\s+(?!knowing|having|seeing)\w+ing|(?:until|before)\s+(?:i|we))\b)
        (?(machine)(?![^.!?\n]{{0,120}}(?:,\s*but|\bhowever)\b)|)""",
    re.IGNORECASE | re.VERBOSE,
)
_SPEECH = "\"'“”‘’«„"


def unfinished(response: Response) -> Reason | None:
    """Empty comes first: an empty response that was also cut off is empty."""
    if not response.text or response.text.isspace():
        return Reason.EMPTY
    return None if response.finish_reason is FinishReason.STOP else Reason.CUT_OFF


def refusal(text: str) -> Reason | None:
    """Whether the response opens by declining. Ask only where it gives no explicit answer.

    A text that opens with somebody's speech and goes on after it is a story, and declines nothing.
    """
    plain = text.strip()
    opening = plain[:300]
    if opening[:1] in _SPEECH and plain[-1:] not in _SPEECH:
        return None
    found = _REFUSAL.match(opening)
    if found is None or (found["sorry"] is None and len(plain) > _LONGEST_BARE):
        return None
    return Reason.REFUSAL


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
