"""Maker `extract-then-generate`: the instruction that a fragment of a document answers (arXiv 2308.12711).

The subject is the fragment, its level the granularity; the fragment becomes the reference of the instruction.
The response is taken whole, without the label or the quotation marks that models put around it.
"""

import re
from collections.abc import Sequence

from gristmill.sampling.candidates import Material, Proposal

_WORD = r"(?:instruction|question|task|prompt)\b"
_LABEL = re.compile(
    rf"""(?:[#*_\s]{{0,4}}(?:the\s)?{_WORD}(?:\s\d{{1,2}}|\s(?:for|to|that)\b[^\n:]{{0,60}})?
           |(?:sure|certainly|of\ course|okay|here(?:['\u2019]s|\ is))\b[^\n:]{{0,80}}\b{_WORD}[^\n:]{{0,80}}
         )[*_]{{0,3}}:[*_\s]{{0,6}}
        |[^\n:]{{0,120}}\b{_WORD}[^\n:]{{0,80}}:[*_]{{0,3}}[ \t]{{0,4}}\n(?=[ \t]{{0,4}}\n)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A bare label, a sentence that announces one, or a paragraph that ends in doing so; any other colon belongs
to the instruction.
"""

_BREAK = re.compile(r"\n[^\S\n]*\n")
_WRAPPINGS = (("**", "**"), ('"', '"'), ("\u201c", "\u201d"), ("'", "'"))
_KEYWORDS = "keyword"


def extract_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    text = subject.text if subject else ""
    if subject and subject.level == _KEYWORDS:
        return (
            f"Write one instruction for an assistant whose answer would be about these keywords: {text}\n\n"
            "Write the instruction alone, in one or two sentences."
        )
    return (
        f"Here is the answer that an assistant gave:\n\n{text}\n\n"
        "Write the one instruction or question to which this is the answer. Write the instruction alone, in "
        "one or two sentences."
    )


def extract_parse(text: str, ended: bool) -> list[Proposal]:
    if not ended:
        return []
    text = text.strip()
    label = _LABEL.match(text)
    paragraph = _BREAK.split(text[label.end() :].lstrip() if label else text, maxsplit=1)[0]
    plain = _unwrapped(paragraph.strip())
    return [Proposal(plain)] if plain else []


def _unwrapped(text: str) -> str:
    """Without the marks around the whole of it; marks around parts of it stay."""
    for left, right in _WRAPPINGS:
        inner = text[len(left) : -len(right)]
        whole = len(text) > len(left) + len(right) and text.startswith(left) and text.endswith(right)
        if whole and left not in inner and right not in inner:
            text = inner.strip()
    return text
