r"""Variables, labels and sums before a value: what is stripped of an answer to get its value.

The idea: `x=5`, "Total = 5", `\angle ABC = 5` and `2+3 = 5` all give 5. The name is kept beside the value:
another variable is another answer.
"""

import re

from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.shapes import split_top

_ASSIGNMENT = re.compile(
    r"((?:m?\s*\\angle\s*[A-Z]{1,3}|[A-Z]{2,3}|(?:[A-Za-z]|\\[A-Za-z]+)(?:_\s*(?:\w|\{\w+\}))?'?(?:\s*\([^()=<>]{1,20}\))?)|\([A-Za-z](?:\s*,\s*[A-Za-z])*\))"
    r"\s*(?:=(?!=)|\\in(?![A-Za-z]))\s*(?P<value>.+)",
    re.DOTALL,
)
EQUALS = re.compile(r"(?<![<>!\\:])=(?!=)")
RELATION = re.compile(r"[<>=]|\\(?:le|ge|ne|lt|gt)(?![A-Za-z])")
_WORKING = re.compile(
    r"(?:[\d\s+\-*/().,%]|\\\$|\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|\bx\b(?=\s*\d)|\b[A-Za-z]{3,}\b)+"
)
"""A sum in words and numbers, such as stands before the equals sign of "3 apples + 5 apples = 8 apples"."""

_NAME = re.compile(r"[A-Za-z]|[A-Z]{2,3}")
_LABEL = re.compile(
    r"(?:\\text\s*\{\s*([A-Za-z][A-Za-z ']*)(?:[:=]\s*\}|\}\s*[:=])"
    r"|((?!arc|(?:sin|cos|tan)h|sqrt)[A-Za-z]{4}[A-Za-z ']*)[:=])"
    r"\s*(?P<value>[^=]*[\d\\][^=]*)"
)
"""What an answer is called before it is given: "Total = 5"."""

_FUNCTION = re.compile(r"[A-Za-z]\([A-Za-z]\)")


def assigned(text: str) -> tuple[str, str]:
    """The variable that a value is assigned to ("" for none), and the value."""
    exact, _, rounded = (side.strip() for side in text.partition(r"\approx"))
    text = exact if exact and not (rounded and _NAME.fullmatch(exact)) else rounded
    match = _ASSIGNMENT.fullmatch(text)
    name, value = ("", text) if match is None else (skeleton(match[1]), match["value"].strip())
    sides = EQUALS.split(value)
    if len(sides) > 1 and (match is not None or len(sides) > 2) and len(split_top(value, (",",))) == 1:
        value = sides[-1].strip()
    elif match is not None and RELATION.search(value):
        return "", text
    return name, value


def same_name(one: str, other: str) -> bool:
    """y and f(x) are one, f(x) and g(x) are not."""
    return one == other or ("y" in (one, other) and any(map(_FUNCTION.fullmatch, (one, other))))


def labelled(text: str) -> str:
    """The value behind a label ("Total = 5"), "" where there is none."""
    match = _LABEL.fullmatch(text)
    return "" if match is None else match["value"].strip()


def without_working(text: str) -> str:
    """What a sum comes to, where the text is a sum and its result."""
    working, *result = EQUALS.split(text)
    is_sum = len(result) == 1 and re.search(r"\d", working) and _WORKING.fullmatch(working)
    return result[0].strip() if is_sum else text
