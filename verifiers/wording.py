"""A text as a sequence of words, so that two texts can be compared without their case, marks and spacing.

The idea: what counts as a word is said once, and every gate on instructions that compares texts (length,
blocklist, duplicates, ROUGE-L, contamination) compares these. A word is a run of letters and digits, in
Unicode's compatibility form and folded case; Chinese characters and Japanese kana are words of their own,
since nothing stands between words there. Characters that are not seen (soft hyphens, zero-width and
bidirectional marks) are dropped first, so that they hide nothing.

Limits: scripts that set vowels as marks (Devanagari and its like) come out in shorter pieces than words,
and Thai, Khmer and Lao in longer ones. "don't" is two words, as it is for ROUGE.
"""

import re
import unicodedata

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+")
_UNSEEN_RANGES = ["\u00ad", "\u034f", "\u061c", "\u180e", "\u200b-\u200f", "\u202a-\u202e", "\u2060-\u206f"]
_UNSEEN = re.compile(f"[{''.join(_UNSEEN_RANGES)}\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+")
_PUNCTUATION = r"\w\s.,;:!?'\"()\[\]{}`*\-"
_TERM = re.compile(
    rf"\d+(?:[.,]\d+)+|[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+|[^{_PUNCTUATION}]|\*(?!\*)(?=\s?\d)|-(?=\s?\d)"
)
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

    What calculates is no punctuation: signs such as + and =, the point in 1.5, and minus and times before a
    number stay.
    """
    return " ".join(_TERM.findall(folded(text)))


def without_quotations(text: str) -> str:
    """The text with an empty pair of quotation marks for each quotation that ends in its own line."""
    return _QUOTATION.sub('""', text)


def beginning(text: str, most: int = 80) -> str:
    """One line for people that any database takes, with an ellipsis where it was cut."""
    line = " ".join(text[: 4 * most].split())
    cut = line if len(line) <= most else f"{line[: most - 4]} ..."
    return cut.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
