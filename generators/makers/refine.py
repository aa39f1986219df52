"""Maker `refine`: rewrites an instruction more clearly and specifically, same intent (arXiv 2412.04871).

The numbers and names of the parent must still be there; `verifiers/filters/candidate_checks.py` checks it.
"""

from collections.abc import Sequence

from gristmill.generators.makers.tags import tagged
from gristmill.sampling.candidates import Material, Proposal


def refine_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    text = subject.whole if subject else ""
    return (
        f"Here is an instruction for an assistant:\n\n{text}\n\n"
        "Rewrite it so that it is clearer and more specific. Keep its intent, and keep every number and "
        "every name in it. Put the new instruction between <answer> and </answer>, and write nothing else."
    )


def refine_parse(text: str, ended: bool) -> list[Proposal]:
    return [Proposal(instruction) for instruction in tagged(text)[:1]]
