r"""Numbers in another base: `204_5`, `(204)_5`, `204_{\text{five}}`, "204 (base 5)".

The idea: the form is what is asked for, so the digits and the base must be the same ones, and 54 is no answer
where 204 in base 5 is wanted. The base may be left out in the answer. A reference without one is a decimal.
"""

import re

from gristmill.verifiers.math.normalisation import skeleton
from gristmill.verifiers.math.number_words import read_words
from gristmill.verifiers.reasons import Reason

_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_DIGITS = r"[0-9][0-9A-Fa-f,]*|[A-F][0-9A-F]+"
_BASED = re.compile(
    rf"(?:\(\s?(?P<inside>{_DIGITS})\s?\)|(?P<bare>{_DIGITS}))"
    r"(?:\s?_\s?\{?\s?\(?(?:base ?)?(?P<base>\w+)\s?\)?\s?\}?|\s?\(?\s?(?:in )?base (?P<named>\w+)\s?\)?)"
)
_BARE_DIGITS = re.compile(r"[0-9][0-9A-Fa-f,]*")


def compare_based(reference: str, answer: str) -> Reason | None:
    """None where the reference is in no base that is named, and the answer neither."""
    wanted, given = _based(reference), _based(answer)
    if not (wanted and given) or not (wanted[1] or given[1]):
        return None if wanted is None or not wanted[1] else Reason.WRONG_ANSWER
    same_base = wanted[1] == given[1] or not given[1] or (not wanted[1] and _is_decimal(*given))
    return Reason.EQUAL if same_base and wanted[0] == given[0] else Reason.WRONG_ANSWER


def _is_decimal(digits: str, base: str) -> bool:
    """Whether the digits mean the same without a base: in base ten, or a single one."""
    return base == "10" or (len(digits) == 1 and digits.isdigit())


def _based(text: str) -> tuple[str, str] | None:
    """The digits without separators and leading zeros, and the base in digits, "" for none."""
    match = _BASED.fullmatch(" ".join(_TEXT.sub(r" \1 ", text).split()).replace("{ ", "{").replace("_ ", "_"))
    if match is not None:
        base = match["base"] or match["named"]
        digits = match["inside"] or match["bare"]
        if digits[0].isdigit() or (base.isdigit() and int(base) > 10):
            return _plain(digits), _base_digits(base)
        return None
    bare = skeleton(text)
    return (_plain(bare), "") if _BARE_DIGITS.fullmatch(bare) else None


def _plain(digits: str) -> str:
    return digits.replace(",", "").lower().lstrip("0")


def _base_digits(base: str) -> str:
    spoken = read_words(base)
    return str(spoken[0]) if spoken is not None and not spoken[1] else base.lower()
