"""The terms of an instruction: words, and formulas as wholes, so that texts can be compared by them.

Where signs matter (duplicates, ROUGE-L) the pieces of a text are terms: `folded_words`, and with them the
signs that calculate. A formula is its operators with the numbers and single letters beside them. Each of its
pieces carries all of it, so that formulas that differ in one sign have nothing in common, and a short text
that asks for `3 * 4` is not one that asks for `3 / 4`. A number without an operator is a word like any other:
"Give 5 tips" and "Give 6 tips" differ by one word, which for the variety of instructions is as good as
nothing.
"""

import re
from collections.abc import Sequence

from gristmill.text.words import IDEOGRAPHS, folded

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_PUNCTUATION = r"\w\s.,;:!?'\"()\[\]{}`*\-\u2014\u2018-\u201f\u2026\u00ab\u00bb\u3001\u3002\u300c-\u300f"
_LETTER = r"[^\W\d_]"
_SINGLE = rf"{_LETTER}(?![^\W_])"
_TERM = re.compile(
    rf"[^\W\d_{IDEOGRAPHS}][^\W_{IDEOGRAPHS}]*|\d+(?:[.,]\d+)+|[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+"
    rf"|[^{_PUNCTUATION}]"
    rf"|\*(?!\*)(?=\s?\d|\s?{_SINGLE}|\()(?<!\*\*)"
    rf"|-(?=\s?\d)|(?<!{_LETTER}{_LETTER})-(?={_SINGLE}|[(\\$])"  # "vitamin-c" has none, "a-b" has one
    rf"|(?<=[^\W_]\s)(?<![^\W\d_]{_LETTER}\s)-(?=\s(?:{_SINGLE}|\())"
    r"|(?:(?<=[+*/^=<>-])|(?<=[+*/^=<>]\s))\(|\)(?=[+*/^=<>-]|\s[+*/^=<>])"
)
_MAY_CALCULATE = re.compile(r"[^a-z0-9\s.,;:!?'\"\[\]{}`]|(?<=\d)[.,]\d")
_ONE_MINUS = str.maketrans("\u2212\u2013", "--")
_OPERATORS = frozenset(
    "+-*/=<>^%()\u00b1\u00d7\u00f7\u00b7\u2208\u2211\u221a\u222b\u2248\u2260\u2264\u2265\u22c5"
)
_LONGEST_FORMULA = 16
_QUOTATION = re.compile(
    r"\"[^\"\n]{1,2000}\"|“[^“”\n]{1,2000}”|«[^«»\n]{1,2000}»|(?<!\w)['‘][^'‘’\n]{1,2000}['’](?!\w)"
)


def duplicate_key(text: str) -> str:
    """Equal for texts that differ in case, punctuation and white space alone.

    What calculates is no punctuation: signs such as + and =, the point in 1.5, minus and times beside a
    number or a single letter, and brackets beside an operator stay.
    """
    plain = folded(text)
    if plain.isascii() and not _MAY_CALCULATE.search(plain):
        return " ".join(_ASCII_WORD.findall(plain))  # the same, in half the time
    return " ".join(_TERM.findall(plain if plain.isascii() else plain.translate(_ONE_MINUS)))


def terms_of(key: str) -> list[str]:
    """Of a text's `duplicate_key`: its words and numbers, and for each piece of a formula its place there, a
    blank, and the whole formula. Other signs are left out; after 16 pieces another formula begins.
    """
    pieces = key.split()
    if _OPERATORS.isdisjoint(pieces):
        return [piece for piece in pieces if piece[0].isalnum()]
    found: list[str] = []
    start = 0
    while start < len(pieces):
        end = _formula_end(pieces, start)
        formula = pieces[start:end]
        if formula:
            whole = "".join(formula)
            found += [f"{place} {whole}" for place in range(len(formula))]
        elif pieces[start][0].isalnum():
            found.append(pieces[start])
        start = max(end, start + 1)
    return found


def _formula_end(pieces: Sequence[str], start: int) -> int:
    """`start` where no formula begins. Of two operands side by side the second begins another one."""
    end, operands, operators = start, 0, 0
    while end < len(pieces) and end - start < _LONGEST_FORMULA:
        if pieces[end] in _OPERATORS:
            operators += 1
        elif not _is_operand(pieces[end]) or (end > start and pieces[end - 1] not in _OPERATORS):
            break
        else:
            operands += 1
        end += 1
    return end if operands and operators else start


def _is_operand(piece: str) -> bool:
    return piece[0].isdigit() or (len(piece) == 1 and piece.isalpha())


def without_quotations(text: str) -> str:
    """The text with an empty pair of quotation marks for each quotation that ends in its own line."""
    return _QUOTATION.sub('""', text)


def beginning(text: str, most: int = 80) -> str:
    """One line for people that any database takes, with an ellipsis where it was cut."""
    line = " ".join(text[: 4 * most].split())
    cut = line if len(line) <= most else f"{line[: most - 4]} ..."
    return cut.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
