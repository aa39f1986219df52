"""A text as a sequence of words, so that two texts can be compared without their case, marks and spacing.

The idea: what counts as a word is said once, and every gate on instructions that compares texts (length,
blocklist, duplicates, ROUGE-L, contamination) compares these. A word is a run of letters and digits, in
Unicode's compatibility form and folded case; Chinese characters and Japanese kana are words of their own,
since nothing stands between words there. Characters that are not seen (soft hyphens, zero-width and
bidirectional marks) are dropped first, so that they hide nothing.

Where signs matter (duplicates, ROUGE-L) the pieces are terms: words, and with them the signs that calculate.
A formula is its operators with the numbers and single letters beside them. Each of its pieces carries all of
it, so that formulas that differ in one sign have nothing in common, and a short text that asks for `3 * 4` is
not one that asks for `3 / 4`. A number without an operator is a word like any other: "Give 5 tips" and "Give
6 tips" differ by one word, which for the variety of instructions is as good as nothing.

Limits: scripts that set vowels as marks (Devanagari and its like) come out in shorter pieces than words,
and Thai, Khmer and Lao in longer ones. "don't" is two words, as it is for ROUGE.
"""

import re
import unicodedata
from collections.abc import Sequence

IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of scripts without spaces, as ranges for a class of a pattern."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+")
_UNSEEN_RANGES = ["\u00ad", "\u034f", "\u061c", "\u180e", "\u200b-\u200f", "\u202a-\u202e", "\u2060-\u206f"]
_UNSEEN = re.compile(f"[{''.join(_UNSEEN_RANGES)}\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+")
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


def folded(text: str) -> str:
    """Unicode's compatibility form in folded case, without the characters that are not seen."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()


def words_of(text: str) -> list[str]:
    """In the order of the text; empty where it has neither letters nor digits."""
    plain = folded(text)
    return (_ASCII_WORD if plain.isascii() else _WORD).findall(plain)


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
