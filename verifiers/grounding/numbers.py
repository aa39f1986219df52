r"""Numbers of a text, digits or words, normalised to one spelling so that two texts can be compared.

`1,000` is `1000`, `3.50` is `3.5`, `.75` is `0.75`, `007` is `7`; signs, units and per cent do not belong to
them. One or two digits right after letters belong to a name (`CO2`, `B12`) and are no number, unless the
letters are a currency's or say "number" (`USD50`, `No5`), or a point follows (`v2.0`); `19th`, `1990s` and
`5km` hold one.

What only counts the parts of a text is left out: a marker at the start of a line (`3.`, `(3)`, `**3.**`),
`(3)`, `[3]` and `step 3` anywhere, each as long as the count goes up by one at most.

Values are what numbers and number words say: `50 million`, `fifty million` and `nineteen seventy-two`. Small
words (to twelve: "one of two reasons") are values of whoever is believed, and not of whoever is checked.

Limits: only European digits and English words are seen; `1.000` is read as one; `1 000` as two numbers;
nothing is computed, so that a half is not 0.5. Time is linear in the text, however long a number is.
"""

import re
from collections.abc import Iterator

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)*"
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<letters>[A-Za-z]+)_?(?P<named>[0-9]{1,2})(?![0-9]|[.,][0-9])"
    rf"|(?<![0-9])(?P<number>{_DIGITS}|(?<![\w.])\.[0-9]+)"
)
_CURRENCIES = """
    usd eur gbp jpy chf inr cny rmb aud cad nzd sek nok dkk krw brl zar mxn sgd hkd rub try pln rs us
"""
_ANNOUNCING = frozenset([*_CURRENCIES.split(), "no", "nr"])
"""Letters right before digits that make no name with them."""

_COUNTERS = (
    re.compile(
        r"^[^\S\n]*(?:[-*•>#]{1,6}[^\S\n]+)?\*{0,2}\(?([0-9]{1,3})(?=[.):](?![0-9]))",
        re.MULTILINE,
    ),
    re.compile(r"\(([0-9]{1,3})\)"),
    re.compile(r"\[([0-9]{1,3})\]"),
    re.compile(r"\bstep[^\S\n]([0-9]{1,3})\b(?![.,][0-9])", re.IGNORECASE),
)
_NEGATIVE = re.compile(
    rf"(?:(?<![\w)\].,\-−])[-−]|\b(?:minus|negative)[^\S\n])(?P<number>{_DIGITS}|\.[0-9]+)", re.IGNORECASE
)

_SMALL = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth
"""
_WORD_VALUES: dict[str, int] = {
    **{word: number for number, word in enumerate(_SMALL.split())},
    **{word: number for number, word in enumerate(_ORDINALS.split(), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
    **{f"{word[:-1]}ieth": 10 * number for number, word in enumerate(_TENS.split(), 2)},
}
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LARGEST_SMALL = 12
_LONGEST_SCALED = 20

_VALUE = "|".join(sorted(_WORD_VALUES, key=len, reverse=True))
_POWER = "|".join(_POWERS)
_JOINT = r"(?:[-‐‑–]|\s)"
_SPOKEN = re.compile(
    rf"\b(?:(?<!half\s)(?<!of\s)an?(?=\s(?:{_POWER})\b)|(?:{_VALUE})\b)"
    rf"(?:{_JOINT}(?:and\s)?(?:{_VALUE}|{_POWER})\b){{0,11}}",
    re.IGNORECASE,
)
_SCALE = re.compile(rf"{_JOINT}?(?P<power>{_POWER})\b", re.IGNORECASE)
_APART = re.compile(r"[-‐‑–\s]")


def numbers_in(text: str) -> list[str]:
    """Each number in digits once, in the order in which they come."""
    return list(dict.fromkeys(spelt for _, _, spelt in _counted(text)))


def all_numbers_in(text: str) -> set[str]:
    """Those that only count the parts of the text are among them."""
    return {_spelt(each["number"]) for each in _NUMBER.finditer(text) if each["number"]}


def negatives_in(text: str) -> list[str]:
    """Numbers below zero once each, with `-`; "minus 5" is one, and the end of a range (`3-5`) none."""
    return list(dict.fromkeys(f"-{_spelt(each['number'])}" for each in _NEGATIVE.finditer(text)))


def values_in(text: str) -> list[str]:
    """Of a text to be checked, once each: the numbers, with a power that follows, then larger words."""
    found = [_scaled(text, end, spelt) or spelt for _, end, spelt in _counted(text)]
    for words in _phrases(text):
        if "second" not in words[1:]:  # "thirty-second timer"
            found += [str(value) for value in _said(words) if value > _LARGEST_SMALL]
    return list(dict.fromkeys(found))


def known_values_in(text: str) -> set[str]:
    """Of a text that is believed: all that can be read as a value, parts and names' digits among them."""
    found: set[str] = set()
    for each in _NUMBER.finditer(text):
        spelt = _spelt(each["number"] or each["named"])
        found |= {spelt, _scaled(text, each.end(), spelt) or spelt}
    for words in _phrases(text):
        found |= {str(value) for value in _said(words)}
        pairs = (words[place : place + 2] for place, word in enumerate(words) if word not in _POWERS)
        found |= {str(_said(pair)[0]) for pair in pairs}
        found |= {str(_WORD_VALUES[word]) for word in words if word in _WORD_VALUES}
    return found


def _counted(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and spelling of the numbers that do more than count."""
    counting = _counting(text)
    for each in _NUMBER.finditer(text):
        group = "number" if each["number"] else "named"
        if group == "named" and each["letters"].lower() not in _ANNOUNCING:
            continue
        if each.start(group) not in counting:
            yield each.start(group), each.end(), _spelt(each[group])


def _counting(text: str) -> set[int]:
    """Where the numbers start that only count. A list in a list starts again, and the outer one goes on."""
    places = set[int]()
    for pattern in _COUNTERS:
        highest = 0
        for each in pattern.finditer(text):
            if int(each[1]) <= highest + 1:
                highest = max(highest, int(each[1]))
                places.add(each.start(1))
    return places


def _scaled(text: str, end: int, spelt: str) -> str | None:
    """With the power that follows the number in the text; None where none does, or it is too long for one."""
    power = _SCALE.match(text, end)
    whole, _, rest = spelt.partition(".")
    if power is None or "." in rest or len(spelt) > _LONGEST_SCALED:
        return None
    places = _POWERS[power["power"].lower()]
    rest = rest.ljust(places, "0")
    return _spelt(f"{whole}{rest[:places]}.{rest[places:]}")


def _phrases(text: str) -> Iterator[list[str]]:
    """Of number words in a row, in lower case; at most 12, besides "and"."""
    for each in _SPOKEN.finditer(text):
        yield _APART.split(each[0].lower())


def _said(words: list[str]) -> list[int]:
    """The values that the words say, one after another."""
    found: list[int] = []
    total, current, before = 0, -1, ""  # -1: nothing yet since the last power
    for word in words:
        if word in _POWERS:
            total, current = _raised(total, current, _POWERS[word])
        elif word != "and":
            value = _WORD_VALUES.get(word, 1)  # "a hundred"
            joined = _joined(current, value, before)
            if joined is None:
                found.append(total + current)
                total = 0
            current = value if joined is None else joined
        before = word
    return [*found, total + max(current, 0)]


def _raised(total: int, current: int, power: int) -> tuple[int, int]:
    """Total and current after a power of ten; what is before none is one."""
    if power == _POWERS["hundred"]:
        return total, (1 if current < 0 else current) * 100
    return total + max(current, 0 if total else 1) * 10**power, -1


def _joined(current: int, value: int, before: str) -> int | None:
    """The two as one: "seventy two", "two hundred and five", "nineteen seventy"; None where they are two."""
    if current < 0:
        return value
    if current >= 100 and current % 100 == 0 and before in ("hundred", "and"):
        return current + value
    if before == "and":
        return None
    if current % 100 >= 20 and current % 10 == 0 and 0 < value < 10:
        return current + value
    if 10 <= current <= 99 and 10 <= value <= 99:
        return 100 * current + value
    return None


def _spelt(digits: str) -> str:
    whole, point, rest = digits.replace(",", "").partition(".")
    whole = whole.lstrip("0") or "0"
    if "." in rest:  # a version or a section: 1.2.10 is not 1.2.1
        return f"{whole}.{rest}"
    rest = rest.rstrip("0")
    return f"{whole}{point}{rest}" if rest else whole
