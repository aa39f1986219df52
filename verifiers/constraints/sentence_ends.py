"""Where sentences end: a rule that takes no model and no list of languages, and time linear in the text.

- A run of `.`, `!`, `?` or `…` (and the signs of Arabic, Hindi, Armenian and Ethiopic for them), with the
  quotes and brackets that close after it, ends a sentence where white space or the end of the text follows.
  So "3.14", "example.com" and "Wait...what" go on. Chinese and Japanese signs need no white space.
- A point after an abbreviation of `NEVER_LAST` ("Dr.", "e.g.", "P.S."), after one capital ("J. Smith"; "I."
  does end) and after the number of a list item ("1. Wash") ends nothing. After one of `SOMETIMES_LAST`
  ("etc.") or a dotted one ("p.m.", "U.S.") it ends a sentence unless a small letter follows.
- A blank line ends a sentence, and so does a line break before a list item. Any other line break is white
  space: text may be wrapped.
- A piece without a word is no sentence.

Limits: an abbreviation that is not listed ends a sentence, and "vitamin C. Then" is one sentence with what
follows.
"""

import re

from verifiers.constraints.blocks import blocks
from verifiers.constraints.wording import holds_word

_NEVER = """
    dr mr mrs ms prof st rev hon sgt capt lt mt e.g i.e eg ie cf vs viz fig figs nos vol pp p.s p.p.s approx
"""
_SOMETIMES = "etc jr sr inc ltd co corp dept est ave blvd bros phd"

NEVER_LAST = frozenset(_NEVER.split())
"""Without their last point, in small letters. Not "no": many a sentence ends with it."""

SOMETIMES_LAST = frozenset(_SOMETIMES.split())

_END = re.compile(r"(?<![.!?…؟।॥։።])[.!?…؟।॥։።]++[\"'”’»)\]*_]*+(?=\s|$)|[。！？｡]++[」』”’）]*+")
_ITEM = re.compile(r"\n(?=[^\S\n]*(?:[-*+•]|\d{1,3}[.)])[^\S\n])")
_LAST_TOKEN = re.compile(r"(?:\w+\.)*\w+$")
_LIST_NUMBER = re.compile(r"(?:^|\n)[^\S\n]{0,8}\d{1,3}$")
_DOTTED = re.compile(r"\w(?:\.\w)+")
_LOOK_BACK = 16


def sentences(text: str) -> list[str]:
    """In order, stripped, each with the sign that ends it."""
    found = [piece.strip() for block in blocks(text) for item in _ITEM.split(block) for piece in _cut(item)]
    return [piece for piece in found if holds_word(piece)]


def _cut(item: str) -> list[str]:
    ends = [match.end() for match in _END.finditer(item) if match[0][0] != "." or _is_last(item, match)]
    starts = [0, *ends]
    return [item[start:end] for start, end in zip(starts, [*ends, len(item)], strict=True)]


def _is_last(item: str, match: re.Match[str]) -> bool:
    """Whether a point ends a sentence, by what stands before it and after it."""
    before = item[max(0, match.start() - _LOOK_BACK) : match.start()]
    if match[0].startswith(("..", ".!", ".?")) or (token := _LAST_TOKEN.search(before)) is None:
        return True
    if len(before) < _LOOK_BACK and _LIST_NUMBER.search(before):
        return False
    word = token[0]
    if word.casefold() in NEVER_LAST or (len(word) == 1 and word.isupper() and word != "I"):
        return False
    if word.casefold() in SOMETIMES_LAST or _DOTTED.fullmatch(word):
        return not item[match.end() : match.end() + 8].lstrip()[:1].islower()
    return True
