r"""Numbers in a text, in one spelling, so that those of two texts can be compared.

`1,000` is `1000`, `3.50` is `3.5`, `007` is `7`; signs, units and per cent do not belong to them. A digit
right after a letter belongs to a name (`CO2`, `B12`) and is no number; `19th`, `1990s` and `5km` hold one.

What only counts the parts of a text is left out: a marker at the start of a line (`3.`, `(3)`, `**3.**`),
`(3)` and `step 3` anywhere, each as long as the count goes up by one at most; and a mark such as `[3]`.

Limits: only European digits are seen; `1.000` is read as one; `1 000` as two numbers; nothing is computed, so
that a half is not 0.5. Time is linear in the text, however long a number is.
"""

import re

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)*)"
)
_COUNTERS = (
    re.compile(
        r"^[^\S\n]*(?:[-*•>#]{1,6}[^\S\n]+)?\*{0,2}\(?([0-9]{1,3})(?=[.):](?![0-9]))",
        re.MULTILINE,
    ),
    re.compile(r"\(([0-9]{1,3})\)"),
    re.compile(r"\bstep[^\S\n]([0-9]{1,3})\b(?![.,][0-9])", re.IGNORECASE),
)
_MARK = re.compile(r"\[([0-9]{1,3})\]")

_CARDINALS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty
"""
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
NUMBER_WORDS: dict[str, str] = {
    **{word: str(number) for number, word in enumerate(_CARDINALS.split())},
    **{word: str(number) for number, word in enumerate(_ORDINALS.split(), 1)},
}
"""Words for small numbers, and the numbers."""


def numbers_in(text: str) -> list[str]:
    """Each number once, in the order in which they come."""
    counting = _counting(text)
    found = (each for each in _NUMBER.finditer(text) if each.start() not in counting)
    return list(dict.fromkeys(_spelt(each[0]) for each in found))


def all_numbers_in(text: str) -> set[str]:
    """Those that only count the parts of the text are among them."""
    return {_spelt(each[0]) for each in _NUMBER.finditer(text)}


def _counting(text: str) -> set[int]:
    """Where the numbers start that only count. A list in a list starts again, and the outer one goes on."""
    places = {each.start(1) for each in _MARK.finditer(text)}
    for pattern in _COUNTERS:
        highest = 0
        for each in pattern.finditer(text):
            if int(each[1]) <= highest + 1:
                highest = max(highest, int(each[1]))
                places.add(each.start(1))
    return places


def _spelt(digits: str) -> str:
    whole, point, rest = digits.replace(",", "").partition(".")
    whole = whole.lstrip("0") or "0"
    if "." in rest:  # a version or a section: 1.2.10 is not 1.2.1
        return f"{whole}.{rest}"
    rest = rest.rstrip("0")
    return f"{whole}{point}{rest}" if rest else whole
