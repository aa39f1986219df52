"""Maker `evolve`: makes an instruction harder by a named operator, another one in each turn.

After Evol-Instruct (WizardLM, arXiv 2304.12244), whose in-depth operators these are; the wording is our own.
"""

from collections.abc import Sequence

from gristmill.generators.makers.tags import tagged
from gristmill.sampling.candidates import Material, Proposal

OPERATORS: dict[str, str] = {
    "add-requirement": "Add one more requirement or constraint that the answer must meet.",
    "deepen": "Ask for more depth: causes, consequences, or limits that the instruction leaves out.",
    "concretise": "Replace a general notion in it by a specific one.",
    "more-steps": "Change it so that answering takes several steps of reasoning one after the other.",
    "add-data": "Give it some data to work on, such as a short table, list or piece of text.",
}


def evolve_turn(number: int) -> str:
    """The operator of the n-th turn."""
    names = list(OPERATORS)
    return names[number % len(names)]


def evolve_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    text = subject.whole if subject else ""
    return (
        f"Here is an instruction for an assistant:\n\n{text}\n\n"
        f"Make it harder, in this way: {OPERATORS[evolve_turn(turn)]} It must still make sense, and be "
        "something that can be answered in writing. Put the new instruction between <answer> and </answer>, "
        "and write nothing else."
    )


def evolve_parse(text: str, ended: bool) -> list[Proposal]:
    return [Proposal(instruction) for instruction in tagged(text)[:1]]
