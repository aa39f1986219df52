"""Extraction of the program from a response: the fences that define what the tests name.

A response may end with an example of use, or explain its program in pieces: the last fence that defines a
name of the tests counts, with those that define what it needs itself. Where none does (a program that reads
and prints has no names to look for) it is the last complete Python fence, else the only fence.

How fences are found: fences are lines, so one pass over the lines finds them all. A fence opens with three or
more backticks or tildes and closes with as many of the same or more, on a line of their own (CommonMark 0.31,
4.5); one that is never closed was cut off, and counts for nothing. Several fences of which none says Python
are an ambiguity that is not ours to settle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gristmill.verifiers.code.names import names_of
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


def find_code(text: str, wanted: frozenset[str] = frozenset()) -> Found | None:
    """The program, where it stands: `text[start:end]` is it as written, `answer` is without the fence's own
    indentation. Of several fences, `answer` has them one after the other, and `text[start:end]` is from the
    first to the last. `wanted` are the names that the tests ask for.
    """
    closed = list(fences(text))
    python = [fence for fence in closed if fence.language in PYTHON]
    if chosen := _defining(python, wanted) or _defining([f for f in closed if not f.language], wanted):
        found = [fence.found for fence in chosen]
        return Found("\n".join(each.answer for each in found), found[0].start, found[-1].end)
    if python:
        return python[-1].found
    return closed[0].found if len(closed) == 1 and not closed[0].language else None


def _defining(candidates: list[Fence], wanted: frozenset[str]) -> list[Fence]:
    """The last fence that defines each of the names, and of those names that it reads and none of these
    defines the nearest one before it, or else after it. None where one alone decides, or where they define
    nothing wanted.
    """
    if len(candidates) == 0 or not wanted:
        return []
    names = [names_of(fence.found.answer) for fence in candidates]
    chosen: set[int] = set()
    open_names = [(name, len(candidates)) for name in wanted]
    while open_names:
        name, place = open_names.pop()
        defining = [number for number, each in enumerate(names) if name in each.defined]
        if not defining or not chosen.isdisjoint(defining):
            continue
        nearest = max((number for number in defining if number < place), default=defining[0])
        chosen.add(nearest)
        open_names += [(missing, nearest) for missing in names[nearest].missing]
    return [candidates[number] for number in sorted(chosen)]


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
