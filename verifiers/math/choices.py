r"""Choices among lettered options: `C`, `(C)`, `\text{(C)}`, `C) 12`, "Option C", `\textbf{(C)}\ 12`.

The idea: a letter and the value beside it each stand for the choice. So either may be left out on one side,
and where both sides have both, both must agree. A bare letter is a choice only if the other side is one, too.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """`marked` says that the text shows a choice and no variable; `value` is "" where none stands there."""

    letter: str
    value: str
    marked: bool

    def same_letter(self, other: "Choice") -> bool:
        """The letter's case counts only where it could be a variable."""
        return self.letter == other.letter or (self.marked and self.letter.upper() == other.letter.upper())


_IN_TEXT = re.compile(r"\\text\s*\{\s*([^{}]*)\}(.*)", re.DOTALL)
_CHOICE = re.compile(
    r"(?P<named>(?:the\s+)?(?:option|choice|answer)\s*:?\s+)?"
    r"(?:\(\s*(?P<bracketed>[A-Za-z])\s*\)|(?P<closed>[A-J])\s?\)|(?P<bare>[A-Za-z])(?P<end>[.:]|$))"
    r"\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_GOES_ON = re.compile(
    r"[-+*/^_=<>(\[,;|!'&]|\\(?:cdot|times|div|pm|mp|cup|cap|le|ge|ne|in|to|approx|pmod|\{)(?![A-Za-z])"
)
"""How a formula goes on after a bracket: `(A)(B)` and `(A)+2` are no choices."""

_GOES_ON_FROM_TEXT = re.compile(r"[+*/^_=<>,;|!'&\w]|\\(?:cdot|times|approx|in|to)(?![A-Za-z])")
"""How one does after `\\text{}`, where a value would stand behind a blank."""

_BARE_WORD = re.compile(r"\s*[a-z]{2}")
"""A word that is a unit, after `\\text{}`; a value in words would stand in `\\text{}`, too."""


def read_choice(text: str) -> Choice | None:
    """The choice that a normalised text is, None where it is anything else."""
    in_text = _IN_TEXT.fullmatch(text) if text.startswith("\\text") else None
    if in_text is None:
        return _read(text, "", marked=False)
    if _BARE_WORD.match(in_text[2]) or (
        not in_text[1].endswith(" ") and _GOES_ON_FROM_TEXT.match(in_text[2])
    ):
        return None
    return _read(in_text[1].strip(), in_text[2].strip(), marked=True)


def _read(label: str, rest: str, *, marked: bool) -> Choice | None:
    """Of the label and, where that stood in `\\text{}`, of what follows it."""
    match = _CHOICE.fullmatch(label)
    if match is None or (match["closed"] and not match["closed"].isupper()):
        return None
    letter = match["bracketed"] or match["closed"] or match["bare"]
    value = match["value"]
    if value and not marked and (not letter.isupper() or letter > "J" or _GOES_ON.match(value)):
        return None
    if value and marked:
        value = rf"\text{{{value}}}" if not value[0].isdigit() else value
    if match["bare"] and rest and not (match["end"] or match["named"]):
        return None
    shown = bool(marked or match["bracketed"] or match["closed"] or match["named"])
    return Choice(letter, f"{value} {rest}".strip(), shown)
