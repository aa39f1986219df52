"""Extraction of the program from a response: its last complete Python fence, else its only fence.

The idea: fences are lines, so one pass over the lines finds them all. A fence opens with three or more
backticks or tildes and closes with as many of the same or more, on a line of their own (CommonMark 0.31,
4.5); one that is never closed was cut off, and counts for nothing. Several fences of which none says Python
are an ambiguity that is not ours to settle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gristmill.verifiers.math.extraction import Found

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)")
PYTHON = frozenset({"python", "py", "python3", "py3"})
"""What marks a fence as Python, in lower case."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A closed fence: its language in lower case ("" for none), what it holds, where its last line ends."""

    language: str
    found: Found
    end: int


def find_code(text: str) -> Found | None:
    """The program, where it stands: `text[start:end]` is it as written, `answer` is without the fence's own
    indentation.
    """
    closed = list(fences(text))
    python = [fence for fence in closed if fence.language in PYTHON]
    if python:
        return python[-1].found
    return closed[0].found if len(closed) == 1 and not closed[0].language else None


def fences(text: str) -> Iterator[Fence]:
    """All closed fences, in order."""
    opened: re.Match[str] | None = None
    start = position = 0
    for line in text.splitlines(keepends=True):
        match = _FENCE.fullmatch(line.rstrip())
        if opened is None:
            opened, start = match, position + len(line)
        elif match and _closes(opened["mark"], match):
            code = _without_indent(text[start:position], opened["indent"])
            language = opened["info"].strip().partition(" ")[0].strip("{}.").lower()
            yield Fence(language, Found(code, start, position), position + len(line))
            opened = None
        position += len(line)


def _closes(mark: str, match: re.Match[str]) -> bool:
    return match["mark"].startswith(mark) and not match["info"]


def _without_indent(code: str, indent: str) -> str:
    if not indent:
        return code
    return "".join(line.removeprefix(indent) for line in code.splitlines(keepends=True))
