"""Maker `grounded-qa`: a question and its answer from a passage, with the quote that supports it.

After ClimateChat (arXiv 2506.13796). The proposal's prompt is the passage with the question, so that a
response can be held against the source; its reference holds passage, answer and quote as JSON, for the
verifier `grounding`.
"""

import json
import re
from collections.abc import Sequence

from gristmill.sampling.candidates import Material, Proposal

_FIELDS = ("fact", "background", "question", "answer", "quote")
_FIELD = re.compile(
    rf"^[ \t>*#-]*(?:\d{{1,2}}[.)][ \t*]*)?({'|'.join(_FIELDS)})[ \t*]*:[ \t*]*", re.IGNORECASE | re.MULTILINE
)
_OPENING, _CLOSING = '"\u201c', '"\u201d'


def grounded_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    text = subject.text if subject else ""
    return (
        f"Here is a passage:\n\n{text}\n\n"
        "From it, write five lines in this form:\n"
        "Fact: one fact that the passage states\n"
        "Background: what one needs to know to understand it\n"
        "Question: a question that the fact answers\n"
        "Answer: the answer, from the passage alone\n"
        "Quote: the words of the passage that support the answer, copied exactly"
    )


def grounded_parse(text: str, ended: bool) -> list[Proposal]:
    """One proposal where question and answer are there; a missing quote is for the checks to reject."""
    found: dict[str, str] = {}
    starts = list(_FIELD.finditer(text))
    ends = [*(match.start() for match in starts), len(text)][1:]
    for match, end in zip(starts, ends, strict=True):
        found.setdefault(match[1].lower(), " ".join(text[match.end() : end].split()).rstrip(" *"))
    if not found.get("question") or not found.get("answer") or not ended:
        return []
    return [Proposal(found["question"], quote=_unquoted(found.get("quote", "")), answer=found["answer"])]


def _unquoted(text: str) -> str:
    """What stands between quotation marks, where it opens with one; what follows them is the model's own."""
    if text[:1] and text[0] in _OPENING:
        end = max(text.rfind(mark, 1) for mark in _CLOSING)
        return (text[1:end] if end > 0 else text[1:]).strip()
    return text


def with_passage(proposal: Proposal, passage: str) -> Proposal:
    """The proposal as a problem that can be answered and checked without anything else."""
    prompt = (
        f"{passage}\n\nAnswer from the text above, and quote in double quotation marks the words that "
        f"support your answer.\n{proposal.prompt}"
    )
    reference = {"answer": proposal.answer, "passage": passage, "quote": proposal.quote}
    return Proposal(prompt, json.dumps(reference, sort_keys=True), proposal.quote, proposal.answer)
