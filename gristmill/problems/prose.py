r"""Detection of prose in raw text: paragraphs and sentences, as offsets into the text.

Nothing is rewritten, so that a slice by these spans stands word for word in the document. What is not prose
is left out: fenced and indented code, tables, headings, HTML blocks, quotes,
link definitions, directives, front matter. The marker of a list item is not part of its paragraph. These are
the marks of Markdown and reStructuredText, and they are looked for in every text.

Limits: lines are told apart by simple marks and not by a parser, so that unusual Markdown is lost or, seldom,
let through. Sentences end where English and its relatives end them, or at the full stops of Chinese and
Japanese; words are what white space parts, so that languages that write none have long words and few of them.
Every step takes time linear in the text.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from gristmill.text.sentences import Span

_LONGEST_LINE = 4000
"""Of a longer line only the beginning decides what kind of line it is."""


class _Line(StrEnum):
    """What a line is; `BREAK` ends a paragraph, `SKIP` is no prose up to the next blank line."""

    BLANK = "blank"
    TEXT = "text"
    ITEM = "item"
    RULE = "rule"
    BREAK = "break"
    SKIP = "skip"


_FENCE = re.compile(r"\s{0,12}(```|~~~|\$\$|<!--)")
_FENCE_ENDS = {"<!--": "-->"}
_FRONT_MATTER = "---"
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,4}[.)]|#\.)\s+(?:\[[ xX]\]\s+)?(?=\S)")
_KINDS: tuple[tuple[_Line, re.Pattern[str]], ...] = (
    (_Line.BLANK, re.compile(r"\s*\Z")),
    (_Line.RULE, re.compile(r"\s{0,3}(?:={3,}|-{3,}|~{3,}|\^{3,}|\*{3,}|_{3,}|\+{3,})\s*\Z")),
    (_Line.BREAK, re.compile(r"\s*(?:#{1,6}\s|\||>|\[[^\]]{1,200}\]:|\+[-=+]{3,}|={3,}\s|:?-{3,}:?\s*\|)")),
    (_Line.BREAK, re.compile(r".*\S\s*\|\s")),
    (_Line.SKIP, re.compile(r"\s*(?:</?[A-Za-z!?](?![a-z+]{0,20}://)|\.\.\s)")),
    (_Line.ITEM, _ITEM),
    (_Line.TEXT, re.compile(r"\s{0,2}\S")),
)
"""The first that matches decides. A line that is indented further is code, unless its paragraph began
before it.
"""

_MARKUP = re.compile(
    r"\]\(|\]\[|https?://\S|www\.\S|</?[A-Za-z][^<>]{0,200}>|&[a-z]{2,8};|\|\s|`{2,3}|:[a-z]{2,12}:`"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]"
)
"""What no fragment should hold: link targets, addresses, tags, and characters that are not for reading."""


def paragraphs(text: str) -> list[Span]:
    """The prose of `text`, in order; none holds white space at its ends, and none is empty."""
    found: list[Span] = []
    opened: Span | None = None
    skipping = False
    for start, line in _outside_fences(text):
        kind = _kind(line, opened is not None)
        skipping = kind is not _Line.BLANK and (skipping or kind is _Line.SKIP)
        if opened is not None and kind is _Line.TEXT and not skipping:
            opened = opened[0], start + len(line.rstrip())
            continue
        if opened is not None and kind is not _Line.RULE:  # what a rule underlines is a heading
            found.append(opened)
        opened = None if skipping else _opening(kind, start, line)
    return found if opened is None else [*found, opened]


def letter_share(text: str) -> float:
    """The share of letters in what is not white space; 0 where there is nothing."""
    visible = sum(map(len, text.split()))
    return sum(map(str.isalpha, text)) / visible if visible else 0.0


def is_plain(text: str) -> bool:
    """Whether no link target, address, tag or unreadable character stands in it."""
    return _MARKUP.search(text) is None


def _outside_fences(text: str) -> Iterator[tuple[int, str]]:
    """Lines with where they start; those of fences and of front matter as blank ones."""
    closing = ""
    offset = 0
    for line in text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        stripped = line[:_LONGEST_LINE].strip()
        if closing:
            is_closed = closing in stripped if closing == "-->" else stripped.startswith(closing)
            closing = "" if is_closed else closing
            yield start, ""
        elif start == 0 and stripped == _FRONT_MATTER:
            closing = _FRONT_MATTER
            yield start, ""
        elif (fence := _FENCE.match(line)) and (
            (end := _FENCE_ENDS.get(fence[1], fence[1])) not in stripped[len(fence[1]) :]
        ):
            closing = end
            yield start, ""
        else:
            yield start, line


def _kind(line: str, opened: bool) -> _Line:
    """An indented line goes on with a paragraph that has begun, and is code where none has."""
    head = line[:_LONGEST_LINE]
    found = next((kind for kind, mark in _KINDS if mark.match(head)), _Line.SKIP)
    return _Line.TEXT if found is _Line.SKIP and opened and head[:1].isspace() else found


def _opening(kind: _Line, start: int, line: str) -> Span | None:
    """The first line of a paragraph, without its indentation and the marker of a list item."""
    if kind not in (_Line.TEXT, _Line.ITEM):
        return None
    mark = _ITEM.match(line) if kind is _Line.ITEM else None
    first = mark.end() if mark else len(line) - len(line.lstrip())
    return start + first, start + len(line.rstrip())
