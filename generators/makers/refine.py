"""`refine`: the same intent, said more clearly and specifically (arXiv 2412.04871).

What the parent says in numbers and names must still be there; `verifiers/candidate_checks.py` looks.
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
