"""Maker `expand`: from two example instructions, three of the same kind with other content.

The operator of the data-augmentation family (arXiv 2412.04871); two examples in, three instructions out
between tags, as in its successor EasyDistill.
"""

from collections.abc import Sequence

from gristmill.generators.makers.tags import tagged
from gristmill.sampling.candidates import Material, Proposal

OUTPUTS = 3


def expand_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    shown = [material for material in (subject, *examples) if material is not None]
    listed = "\n\n".join(f"Example {number}:\n{item.whole}" for number, item in enumerate(shown, start=1))
    return (
        f"Here are instructions that people give to an assistant.\n\n{listed}\n\n"
        f"Write {OUTPUTS} new instructions of the same kind of task as the first example, each about "
        "something else. Put each new instruction between <answer> and </answer>, and write nothing else."
    )


def expand_parse(text: str, ended: bool) -> list[Proposal]:
    return [Proposal(instruction) for instruction in tagged(text)[:OUTPUTS]]
