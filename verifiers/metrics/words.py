r"""The pieces of a text that metrics count: words, tokens, sentences.

Words are what stands between white space once punctuation, symbols and control characters are taken out, in
lower case: `don't` and `1,000` are one word each (`dont`, `1000`), a dash is none. Tokens are runs of letters
and digits, or of anything else that is no white space, as they stand. Both as in RedPajama-V2
(arXiv 2411.12372), so that thresholds published for its quality signals can be used.

Limits. Languages written without spaces get one word per clause. A sentence ends at `.`, `!`, `?` or an
ellipsis before white space, at a blank line, and before a list item or heading; so `Dr. Smith` is cut in two.
"""

import re
import unicodedata

_TAKEN_OUT = frozenset("PSC")
"""First letters of the Unicode categories: punctuation, symbols, control and unassigned characters."""

_TOKEN = re.compile(r"\w+|[^\w\s]+")
_BREAK = re.compile(
    r"""(?<=[.!?…])["'”’»)\]*_]*\s+
        |(?<=[。！？])
        |\n\s*\n
        |\n\s*(?:[-*•\#]|\d+[.)])""",
    re.VERBOSE,
)


def plain(text: str) -> str:
    """In lower case, without punctuation, symbols and control characters; white space as it was."""
    lowered = text.lower()
    unwanted = [
        char for char in set(lowered) if not char.isspace() and unicodedata.category(char)[0] in _TAKEN_OUT
    ]
    return lowered.translate(dict.fromkeys(map(ord, unwanted)))


def words(text: str) -> list[str]:
    return plain(text).split()


def tokens(text: str) -> list[str]:
    """With their case, punctuation among them."""
    return _TOKEN.findall(text)


def sentences(text: str) -> list[str]:
    """Those that hold a letter: a lone list number is none."""
    return [piece for piece in _BREAK.split(text) if any(map(str.isalpha, piece))]
