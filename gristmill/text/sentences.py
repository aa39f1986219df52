r"""The sentences of a text, by three rules that take no model.

- `sentences`: as a reader ends them. For constraints on responses.
- `simple_sentences`: parted at every end sign before white space, so that "Dr. Smith" is cut in two; list
  items and headings are sentences. For metrics and bounds on them.
- `sentence_spans`: by English abbreviations, as offsets; what has no end sign is none. For fragments.

They are kept apart because stored verdicts, metrics and choices rest on them. Each takes time linear in the
text. The rule of `sentences`:

- A run of `.`, `!`, `?` or `…` (and the signs of Arabic, Hindi, Armenian and Ethiopic for them), with what
  closes after it (quotes, brackets, backticks, symbols, a reference such as "[1]"), ends a sentence where
  white space or the end of the text follows. So "3.14", "example.com" and "Wait...what" go on. Chinese and
  Japanese signs need no white space.
- Where a small letter follows, a sentence goes on after `!`, `?`, `…` and `...`, and after a point in a
  quotation: `"Go!" he said.` is one. A text without any capital has no such cue, and there they end it.
- A point after an abbreviation of `NEVER_LAST` ("Dr.", "e.g.", "P.S."), after one capital ("J. Smith"; "I."
  does end) and after a number by itself ("1. Wash") ends nothing. After one of `SOMETIMES_LAST` ("etc.") or a
  dotted one ("p.m.", "U.S.") it ends a sentence unless a small letter follows.
- A blank line ends a sentence, and so does a line break before a list item. Any other line break is white
  space: text may be wrapped.
- A piece without a word is no sentence.

Limits: an abbreviation that is not listed ends a sentence; "vitamin C. Then" is one sentence with what
follows, and so is an answer that is a number alone ("How many? 42. Then"), which belongs to its neighbour.
"""

import re
from collections.abc import Iterator

from gristmill.text.blocks import blocks
from gristmill.text.words import holds_word

Span = tuple[int, int]
"""Start and end in characters of a text."""

_NEVER = """
    dr mr mrs ms prof st rev hon sgt capt lt mt e.g i.e eg ie cf vs viz fig figs nos vol pp p.s p.p.s approx
"""
_SOMETIMES = "etc jr sr inc ltd co corp dept est ave blvd bros phd"

NEVER_LAST = frozenset(_NEVER.split())
"""Without their last point, in small letters. Not "no": many a sentence ends with it."""

SOMETIMES_LAST = frozenset(_SOMETIMES.split())

_SYMBOLS = "©®°™\u2190-\u2bff\u200d\ufe0f\U0001f000-\U0001faff"
_REFERENCE = r"\[\d{1,3}(?:[,–-] ?\d{1,3}){0,9}\]"
_END = re.compile(
    rf"(?<![.!?…؟।॥։።])[.!?…؟।॥։።]++(?:{_REFERENCE}|[\"'”’»)\]*_`{_SYMBOLS}])*+(?=\s|$)|[。！？｡]++[」』”’）]*+"
)
_ITEM = re.compile(r"\n(?=[^\S\n]*(?:[-*+•]|\d{1,3}[.)])[^\S\n])")
_LAST_TOKEN = re.compile(r"(?:\w+\.)*\w+$")
_NUMBER = re.compile(r"\W*\d+\W*")
_OPENS = " \n\t\r\"'“‘«([*_`"
_QUOTES = "\"'”’»"
_DOTTED = re.compile(r"\w(?:\.\w)+")
_LOOK_BACK = 16

_BREAK = re.compile(
    r"""(?<=[.!?…])["'”’»)\]*_]*\s+
        |(?<=[。！？])
        |\n\s*\n
        |\n\s*(?:[-*•\#]|\d+[.)])""",
    re.VERBOSE,
)

_SPAN_END = re.compile(r"(?<![.!?…])[.!?…]{1,3}[\"'”’)\]*_]{0,3}(?=\s|\Z)|[。！？]{1,3}[」』”’]{0,2}")
_VISIBLE = re.compile(r"\S")
_LAST_WORD = re.compile(r"[^\W\d_](?:\.?[^\W\d_]){0,9}\Z")
_SHORT = """
adj al approx apr aug ave ca capt cf ch co col corp dec dept dr e.g ed eds eg eq esp est etc ex feb fig
figs gen gov hon i.e ie inc jan jr lt ltd max min mr mrs ms mt mx no nos nov oct op p.m a.m ph.d pp prof
rev sec sen sep sept sgt sr st tab u.k u.s vol vols vs
"""
_ABBREVIATIONS = frozenset(_SHORT.split())
_SPAN_LOOK_BACK = 24


def sentences(text: str) -> list[str]:
    """In order, stripped, each with the sign that ends it."""
    cased = text != text.lower()
    items = (item for block in blocks(text) for item in _ITEM.split(block))
    found = [piece.strip() for item in items for piece in _with_numbers_joined(_cut(item, cased=cased))]
    return [piece for piece in found if holds_word(piece)]


def _cut(item: str, *, cased: bool) -> list[str]:
    ends = [match.end() for match in _END.finditer(item) if _is_end(item, match, cased=cased)]
    starts = [0, *ends]
    return [item[start:end] for start, end in zip(starts, [*ends, len(item)], strict=True)]


def _with_numbers_joined(pieces: list[str]) -> list[str]:
    """A number by itself goes with what follows it, or, at the end, with what stands before it."""
    found, number = [], ""
    for piece in filter(str.strip, pieces):
        if len(piece) <= _LOOK_BACK and _NUMBER.fullmatch(piece):
            number += piece
        else:
            found.append(number + piece)
            number = ""
    return [*found[:-1], "".join(found[-1:]) + number] if number else found


def _is_end(item: str, match: re.Match[str], *, cased: bool) -> bool:
    sign = match[0]
    if cased and (sign[0] not in ".।॥" or sign.startswith("..") or any(map(sign.__contains__, _QUOTES))):
        return not _small_letter_follows(item, match.end())
    return sign[0] != "." or _is_last(item, match)


def _is_last(item: str, match: re.Match[str]) -> bool:
    """Whether a point ends a sentence, by what stands before it and after it."""
    before = item[max(0, match.start() - _LOOK_BACK) : match.start()]
    if match[0].startswith(("..", ".!", ".?")) or (token := _LAST_TOKEN.search(before)) is None:
        return True
    word = token[0]
    if word.casefold() in NEVER_LAST or (len(word) == 1 and word.isupper() and word != "I"):
        return False
    if word.casefold() in SOMETIMES_LAST or _DOTTED.fullmatch(word):
        return not _small_letter_follows(item, match.end())
    return True


def _small_letter_follows(item: str, end: int) -> bool:
    return item[end : end + 8].lstrip(_OPENS)[:1].islower()


def simple_sentences(text: str) -> list[str]:
    """Pieces that hold a letter: a lone list number is none."""
    return [piece for piece in _BREAK.split(text) if any(map(str.isalpha, piece))]


def sentence_spans(text: str, paragraph: Span) -> Iterator[Span]:
    """The sentences of a paragraph. What stands after the last full stop is none."""
    start, end = paragraph
    for stop in _SPAN_END.finditer(text, start, end):
        following = _VISIBLE.search(text, stop.end(), end)
        if following and (text[following.start()].islower() or _is_abbreviated(text, start, stop)):
            continue
        yield start, stop.end()
        if following is None:
            return
        start = following.start()


def _is_abbreviated(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the full stop ends `Dr.`, `e.g.` or an initial, and not a sentence."""
    if stop[0] != ".":
        return False
    word = _LAST_WORD.search(text[max(start, stop.start() - _SPAN_LOOK_BACK) : stop.start()])
    if word is None:
        return False
    is_initial = len(word[0]) == 1 and word[0].isupper() and word[0] != "I"
    return is_initial or word[0].casefold() in _ABBREVIATIONS
