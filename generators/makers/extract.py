"""`extract-then-generate`: the instruction that a fragment of a document answers (arXiv 2308.12711).

The subject is the fragment, its level the granularity; the fragment becomes the reference of the instruction.
The response is taken whole, without the label or the quotation marks that models put around it.
"""

import re
from collections.abc import Sequence

from sampling.candidates import Material, Proposal

_LABEL = re.compile(
    r"^\W{0,4}(?:the\s+)?(?:instruction|question|task|prompt)\b[^\n:]{0,40}:\W{0,4}", re.IGNORECASE
)
_QUOTES = {'"': '"', "\u201c": "\u201d", "'": "'"}
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
    paragraphs = [part.strip() for part in text.strip().split("\n\n") if part.strip()]
    if not paragraphs:
        return []
    label = _LABEL.match(paragraphs[0])
    first = paragraphs[0][label.end() :] if label else paragraphs[0]
    if not first.strip() and len(paragraphs) > 1:
        first = paragraphs[1]
    plain = _unquoted(first.strip())
    return [Proposal(plain)] if plain else []


def _unquoted(text: str) -> str:
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        return text[1:-1].strip()
    return text
