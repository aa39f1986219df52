"""Lines, paragraphs, bullets and parts of a text.

- A line counts where it holds a word; a rule, or a lone dash, is none.
- A paragraph is what stands between blank lines and holds a word; a rule or a row of asterisks is none.
- A part is what stands between lines of exactly three (or six) asterisks and holds a word.
- A bullet is a line that begins with `-`, `*`, `+` or `•` and white space, and holds a word; which of the
  signs is asked for is another question. Numbered items are no bullets.

All of it takes time linear in the text.
"""

import re

from gristmill.text.words import holds_word

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
NO_HYPHEN = r"(?m)^[^\S\n]*[*+•][^\S\n]"
"""Of a regular expression: where a bullet begins, or may, that has another sign than a hyphen."""

_BULLET = re.compile(r"[^\S\n]*[-*+•][^\S\n]")


def with_plain_breaks(text: str) -> str:
    """Every line break as a line feed, whatever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines(text: str) -> list[str]:
    return [line for line in with_plain_breaks(text).split("\n") if holds_word(line)]


def blocks(text: str) -> list[str]:
    """What stands between blank lines, whether it holds a word or not."""
    return _BLANK_LINES.split(with_plain_breaks(text))


def paragraphs(text: str) -> list[str]:
    return [block.strip() for block in blocks(text) if holds_word(block)]


def parts(text: str, separator: str) -> list[str]:
    """What stands between the lines that are the separator and nothing else; parts without a word count,
    too, but not at the two ends.
    """
    found: list[list[str]] = [[]]
    for line in with_plain_breaks(text).split("\n"):
        if line.strip() == separator:
            found.append([])
        else:
            found[-1].append(line)
    joined = ["\n".join(part).strip() for part in found]
    first, last = (not holds_word(joined[0])), len(joined) - (not holds_word(joined[-1]))
    return joined[first:last]


def bullets(text: str) -> list[str]:
    """Their lines."""
    return [line for line in lines(text) if _BULLET.match(line)]
