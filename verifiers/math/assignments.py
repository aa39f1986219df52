r"""Names, labels and sums before a value: what is stripped of an answer to get its value.

The idea: `x=5`, `5=x`, "Total = 5", `\det A = 5` and `2+3 = 5` all give 5. What stands on the left may be
left out where it is *one* name or a function of names; a relation between variables (`xy=6`) is not its right
side. The name is kept beside the value: another variable is another answer.
"""

import re
from dataclasses import dataclass

from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.shapes import split_top

_GREEK = (
    r"\\(?:(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau"
    r"|upsilon|phi|chi|psi|omega)|ell|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega)(?![A-Za-z])"
)
_LETTER = rf"(?:[A-Za-z]|{_GREEK})(?:_\s*(?:\w|\{{\w+\}}))?"
_ARGUMENTS = r"\(\s*-?[\w.]{1,12}(?:\s*,\s*-?[\w.]{1,12}){0,3}\s*\)"
_PLAIN = re.compile(rf"{_LETTER}'{{0,2}}(?:\s*{_ARGUMENTS})?|[A-Z]{{2,3}}|\([A-Za-z](?:\s*,\s*[A-Za-z])*\)")
"""One name (`x`, `a_1`, `AB`, `f(x)`), or a tuple of names."""

_BRACKETED = r"(?:\([^=]{1,60}\)|\[[^=]{1,60}\])"
_ANGLE = r"(?:[A-Z]{1,3}|\\(?:theta|alpha|beta|gamma|phi|varphi|omega)(?![A-Za-z]))"
_QUANTITY = re.compile(
    rf"(?:m\s*)?\\angle\s*[A-Z]{{1,3}}|\[[A-Z]{{3,6}}\]|\|\s*(?:[A-Z]{{1,2}}|z|w)\s*\|"
    rf"|\\?\|\s*\\(?:vec|overline|overrightarrow)\s*\{{\w{{1,3}}\}}\s*\\?\|"
    rf"|\\(?:overline|vec|widehat|hat|bar|overrightarrow)\s*\{{[A-Za-z]{{1,3}}\}}"
    rf"|(?:[fghFGHPE]|\\Pr|\\mathbb\s*\{{[PE]\}})(?:'{{1,2}}|_\s*\w|\s*\^\s*\{{-1\}})?\s*{_BRACKETED}"
    rf"|(?:\\(?:det|max|min|gcd|lcm|lim|sup|inf|deg|dim|rank|tr|arg|Re|Im|int|sum|prod)(?![A-Za-z])"
    r"|\\(?:text|operatorname|mathop)\s*\{\s*(?:lcm|gcd|det|rank|tr|deg|dim|max|min|ord|Var|[Aa]rea|[Vv]olume)\s*\})"
    rf".{{1,80}}"
    rf"|\\(?:sin|cos|tan|cot|sec|csc)\s*(?:{_ANGLE}|\(\s*{_ANGLE}\s*\)|\\angle\s*[A-Z]{{1,3}})"
)
"""A function of names, or a measure of what they name: `\\det A`, `P(X>2)`, `|AB|`, `\\sin A`, `[ABC]`."""

_NAME = r"(?:[A-Z]{1,3}|[a-wA-W])(?:_\s*(?:\w|\{\w+\}))?(?:\s*\^\s*(?:\d|\{\d\}))?"
_SUM = rf"\d{{0,4}}\s*{_NAME}(?:\s*[+-]\s*\d{{0,4}}\s*{_NAME}){{1,5}}"
_QUOTIENT = rf"\\frac\s*\{{\s*{_NAME}\s*\}}\s*\{{\s*{_NAME}\s*\}}|{_NAME}\s*/\s*{_NAME}"
_PRODUCT = rf"{_NAME}(?:\s*(?:\\cdot\s)?\s*{_NAME}){{1,3}}|[A-Z]{{2}}\s*\^\s*(?:2|\{{2\}})"
_COMBINATION = re.compile(f"{_SUM}|{_QUOTIENT}|{_PRODUCT}")
"""A sum, product or quotient of names that are no coordinates, such as `m+n` or `\\frac{AB}{CD}`."""

EQUALS = re.compile(r"(?<![<>!\\:])=(?!=)")
RELATION = re.compile(r"[<>=]|\\(?:le|ge|ne|lt|gt)(?![A-Za-z])")
_MEMBER = re.compile(r"\s*\\in(?![A-Za-z])\s*")
_WORKING = re.compile(
    r"(?:[\d\s+\-*/().,%]|\\\$|\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|\bx\b(?=\s*\d)|\b[A-Za-z]{3,}\b)+"
)
"""A sum in words and numbers, such as stands before the equals sign of "3 apples + 5 apples = 8 apples"."""

_DENIAL = (
    r"(?!not\b|no\b|never\b|less\b|more\b|at\b|between\b|minus\b|negative\b|under\b|over\b|below\b|above\b)"
)
_LABEL = re.compile(
    r"(?:\\text\s*\{\s*([A-Za-z][A-Za-z ']*)(?:[:=]\s*\}|\}\s*[:=])"
    r"|((?!arc|(?:sin|cos|tan)h|sqrt|(?:[Oo]ption|[Cc]hoice|[Aa]nswer) ?\(?[A-Ja-j]\b)"
    r"[A-Za-z]{4}[A-Za-z ']*)[:=])"
    r"\s*(?P<value>[^=]*[\d\\][^=]*)"
)
"""What an answer is called before it is given: "Total = 5"."""

_SAID = re.compile(
    rf"(?:\\text\s*\{{\s*)?(?:(?:{_DENIAL}[A-Za-z']{{1,15}}\s){{0,8}}"
    r"(?:is|are|equals|be)(?:\s(?:about|approximately|exactly))?"
    r"|(?:about|approximately|approx\.?|roughly|exactly|thus|therefore|hence|so),?)"
    r"(?:\s*:)?\s*\}?\s+(?P<value>.*[\d\\].*)",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that ends in the answer: "The answer is 5", "approximately 5"."""

_FUNCTION = re.compile(r"[A-Za-z]\([A-Za-z]\)")
_MARKS_OF_LENGTH = re.compile(
    r"\\(?:overline|vec|bar|overrightarrow)\{(\w+)\}|\\?\|(\w+)\\?\||m(?=\\angle)|[{} ]"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value, and the words before it."""

    label: str
    value: str


def assigned(text: str) -> tuple[str, str]:
    """The name that a value is given to ("" for none), and the value."""
    exact, _, rounded = (side.strip() for side in text.partition(r"\approx"))
    text = exact if exact and not (rounded and re.fullmatch(r"[A-Za-z]|[A-Z]{2,3}", exact)) else rounded
    if not EQUALS.search(text):
        member = _MEMBER.split(text, maxsplit=1)
        named = len(member) == 2 and _PLAIN.fullmatch(member[0]) and not RELATION.search(member[1])
        return (skeleton(member[0]), member[1]) if named else ("", text)
    return _assigned_by_equation(text)


def _assigned_by_equation(text: str) -> tuple[str, str]:
    sides = split_top(text, ("=",))
    if len(sides) < 2 or any(len(split_top(side, (",", ";"))) > 1 for side in sides[1:-1]):
        return "", text
    first, last = sides[0], sides[-1]
    if RELATION.search(last) and not last.startswith(r"\begin"):
        return "", text
    if is_name(first):
        return skeleton(first), last
    if len(sides) == 2:
        return (
            (skeleton(last), first) if _PLAIN.fullmatch(last) and not RELATION.search(first) else ("", text)
        )
    return ("", text) if RELATION.search(first) else ("", last)


def is_name(text: str) -> bool:
    """Whether a left side is one name or a function of names."""
    return bool(_PLAIN.fullmatch(text)) or (bool(_QUANTITY.fullmatch(text)) and not _goes_on(text))


def _goes_on(text: str) -> bool:
    """Whether something is added to the function, outside of all brackets."""
    depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and char in "+-=<>":
            return True
    return False


def combined(text: str) -> str:
    """The value that a combination of names is said to have (`m+n = 42`), "" for anything else."""
    sides = split_top(text, ("=",))
    return sides[-1] if len(sides) > 1 and _COMBINATION.fullmatch(sides[0]) else ""


def same_name(one: str, other: str) -> bool | None:
    """y and f(x) are one, f(x) and g(x) are not; None where one is a function that may be the other's."""
    if one == other or ("y" in (one, other) and any(map(_FUNCTION.fullmatch, (one, other)))):
        return True
    if all(map(_PLAIN.fullmatch, (one, other))):
        return False
    return True if _bare(one) == _bare(other) else None


def _bare(name: str) -> str:
    return _MARKS_OF_LENGTH.sub(lambda mark: mark[1] or mark[2] or "", name)


def labelled(text: str) -> Labelled | None:
    """The value behind a label ("Total = 5") or a sentence, None where there is none."""
    match = _LABEL.fullmatch(text) or _SAID.fullmatch(text)
    if match is None:
        return None
    return Labelled(text[: match.start("value")].lower().strip(), match["value"].strip())


def without_working(text: str) -> str:
    """What a sum comes to, where the text is a sum and its result."""
    working, *result = EQUALS.split(text)
    is_sum = len(result) == 1 and re.search(r"\d", working) and _WORKING.fullmatch(working)
    return result[0].strip() if is_sum else text
