"""Where in a response the program stands: its last complete fence marked as Python, else the only fence there
is.

The idea: fences are lines, so one pass over the lines finds them all. A fence opens with three or more
backticks or tildes and closes with as many of the same or more, on a line of their own (CommonMark 0.31,
4.5); one that is never closed was cut off, and counts for nothing. Several fences of which none says Python
are an ambiguity that is not ours to settle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verifiers.extraction import Found

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)")
_PYTHON = frozenset({"python", "py", "python3", "py3"})


@dataclass(frozen=True, slots=True)
class _Fence:
    language: str
    found: Found


def find_code(text: str) -> Found | None:
    """The program, where it stands: `text[start:end]` is it as written, `answer` is without the fence's own
    indentation.
    """
    fences = list(_fences(text))
    python = [fence for fence in fences if fence.language in _PYTHON]
    if python:
        return python[-1].found
    return fences[0].found if len(fences) == 1 and not fences[0].language else None


def _fences(text: str) -> Iterator[_Fence]:
    opened: re.Match[str] | None = None
    start = position = 0
    for line in text.splitlines(keepends=True):
        match = _FENCE.fullmatch(line.rstrip())
        if opened is None:
            opened, start = match, position + len(line)
        elif match and _closes(opened["mark"], match):
            code = _without_indent(text[start:position], opened["indent"])
            language = opened["info"].strip().partition(" ")[0].strip("{}.").lower()
            yield _Fence(language, Found(code, start, position))
            opened = None
        position += len(line)


def _closes(mark: str, match: re.Match[str]) -> bool:
    return match["mark"].startswith(mark) and not match["info"]


def _without_indent(code: str, indent: str) -> str:
    if not indent:
        return code
    return "".join(line.removeprefix(indent) for line in code.splitlines(keepends=True))
