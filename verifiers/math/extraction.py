r"""Extraction of the answer from a response: its text, and its span.

The idea: look for the most explicit mark first, and within one kind of mark take the last, since models
correct themselves. Marks in order: the last *closed* `\boxed{}` or `\fbox{}` with something in it (or an
unbraced `\boxed 5`); then, from `phrases` on, the last `####` with a number or formula right after it (it
is a heading in Markdown, too), the last "the answer is ..." that announces something like an answer; then,
under `lenient` alone, the last formula and the last number. The order is DART-Math's (`dart_math/eval.py`)
but that a box beats every phrase.

Every search is linear in the text: braces are matched in a single pass, and the lenient searches look at the
end only.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gristmill.verifiers.settings import Extraction

_LENIENT_WINDOW = 4000
_UNBRACED_LONGEST = 200

_BOX_TOKEN = re.compile(r"(?P<box>\\{1,4}(?:boxed|fbox)(?![A-Za-z])\s*)|\\.|[{}]", re.DOTALL)
_UNBRACED = re.compile(rf"[^\s${{}}]{{1,{_UNBRACED_LONGEST}}}")
_PHRASE = re.compile(
    r"(?:\banswers?\b[^\n.:=]{0,60}?(?:\b(?:is|are|(?:should|must|will|would)\s+be)\b\s*:?|:|=)"
    r"|^[#*_ ]{0,12}(?:final )?answers?[*_ ]{0,9}\n)[\s*_:]*",
    re.IGNORECASE | re.MULTILINE,
)
"""An announcement, or a heading."""

_HASHES = re.compile(r"(?<!#)####(?!#)")
_ANNOUNCED = re.compile(
    r"[\s*_]*(?:(?:the\s+)?(?:final\s+)?answer(?:\s+is)?[\s*_]*:?[\s*_]*)?", re.IGNORECASE
)
_VALUE = re.compile(r"(?!\d{1,2}[.):]\s+\S)(?:[-+−]?\s?[\d.$€£¥\\([{√π]|[A-Za-z]\s*=|\(?[A-HJ-Z]\)?\W*$)")
"""How a number, a formula or a choice begins; the number of a step ("1. Add") does not."""

_TELLING = re.compile(r"[\d\\$]|^[\s*(]*(?:[A-HJ-Z]\b|(?:yes|no|true|false)\b)", re.MULTILINE)
_SPECIAL_TOKEN = re.compile(r"</s>|<\|[a-z_]{1,30}\|>|<end_of_turn>|<eos>")
_LATEST = 5
_DISPLAY = re.compile(r"\$\$(.{1,2000}?)\$\$|\\\[(.{1,2000}?)\\\]", re.DOTALL)
_SENTENCE_END = re.compile(
    r"\n|</s>|<\|[a-z_]{1,30}\|>|<end_of_turn>|<eos>|[.!?](?=[\s*<]|$)|,?\s(?:and\s|but\s)?(?:because|since|as|which|so|where|when|if|that|after|i\.e)\b",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"\$\$(.{1,1000}?)\$\$|\\\[(.{1,1000}?)\\\]|\\\((.{1,1000}?)\\\)|\$(?!\s)([^$\n]{1,1000})(?<!\s)\$(?!\d)",
    re.DOTALL,
)
_NUMBER = re.compile(r"(?<![\w.])[-+]?\$?\d[\d,]*(?:\.\d+)?(?:\s?/\s?\d+)?(?:\s?\\?%)?")


@dataclass(frozen=True, slots=True)
class Found:
    """An answer as it stands in the text: `text[start:end] == answer`."""

    answer: str
    start: int
    end: int


def find_answer(text: str, extraction: Extraction) -> Found | None:
    """The answer of a response, None where the setting allows none of what is there."""
    return next(
        (found for search in _SEARCHES[extraction] if (found := search(text)) is not None and found.answer),
        None,
    )


def boxed(text: str) -> Found | None:
    """The last closed box that is not empty; of boxes within boxes the inner one."""
    best: Found | None = None
    open_braces: list[int | None] = []  # where a box's content starts, None for a brace of another kind
    pending = -1
    for token in _BOX_TOKEN.finditer(text):
        mark = token.group()
        if mark == "{":
            open_braces.append(token.end() if pending == token.start() else None)
        elif mark == "}":
            start = open_braces.pop() if open_braces else None
            best = _later(best, text, start, token.start())
        elif token["box"]:
            pending = token.end()
            best = _later(best, text, *_unbraced(text, pending))
    return best


def _later(best: Found | None, text: str, start: int | None, end: int) -> Found | None:
    if start is None or (best is not None and start < best.start):
        return best
    return _trimmed(text, start, end) or best


def _unbraced(text: str, start: int) -> tuple[int | None, int]:
    match = None if text.startswith("{", start) else _UNBRACED.match(text, start)
    return (None, start) if match is None else (start, match.end())


def _trimmed(text: str, start: int, end: int) -> Found | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Found(text[start:end], start, end) if start < end else None


def hashes(text: str) -> Found | None:
    """What follows the last `####` on its line (GSM8K's mark), if it begins as a number or formula does."""
    for mark in reversed(list(_HASHES.finditer(text))[-_LATEST:]):
        line_end = text.find("\n", mark.end())
        end = len(text) if line_end < 0 else line_end
        if token := _SPECIAL_TOKEN.search(text, mark.end(), end):
            end = token.start()
        announced = _ANNOUNCED.match(text, mark.end(), end)
        found = _trimmed(text, announced.end() if announced else mark.end(), end)
        if found and _VALUE.match(found.answer):
            return found
    return None


def phrase(text: str) -> Found | None:
    """What the last "answer is", "answer:" or the like announces, to the end of its sentence. One with a
    digit, a formula or a choice in it comes before a later one that only says that the answer is correct.
    """
    starts = [match.end() for match in _PHRASE.finditer(text)][-_LATEST:]
    found = [sentence for start in reversed(starts) if (sentence := _sentence(text, start))]
    return next((sentence for sentence in found if _TELLING.search(sentence.answer)), next(iter(found), None))


def _sentence(text: str, start: int) -> Found | None:
    if display := _DISPLAY.match(text, start):
        group = 1 if display.group(1) is not None else 2
        return _trimmed(text, display.start(group), display.end(group))
    end = _SENTENCE_END.search(text, start)
    return _trimmed(text, start, len(text) if end is None else end.start())


def formula(text: str) -> Found | None:
    """The last formula between TeX's marks."""
    for match in _last(_FORMULA, text):
        group = next(number for number in range(1, 5) if match.group(number) is not None)
        return _trimmed(text, match.start(group), match.end(group))
    return None


def number(text: str) -> Found | None:
    for match in _last(_NUMBER, text):
        return _trimmed(text, match.start(), match.end())
    return None


def _last(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The last match within the end of the text, if there is one."""
    yield from list(pattern.finditer(text, max(0, len(text) - _LENIENT_WINDOW)))[-1:]


_Search = Callable[[str], Found | None]

_SEARCHES: dict[Extraction, tuple[_Search, ...]] = {
    Extraction.BOXED_ONLY: (boxed,),
    Extraction.PHRASES: (boxed, hashes, phrase),
    Extraction.LENIENT: (boxed, hashes, phrase, formula, number),
}
