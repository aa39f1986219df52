"""Maker `constrained`: attaches constraints to an instruction, so that code can verify its responses.

No model is asked: a rule (`runs/instructions/constrain.py`) answers the brief, with a JSON object of the
whole instruction and its constraints. After IFEval (arXiv 2311.07911).
"""

import json
from collections.abc import Sequence

from gristmill.sampling.candidates import Material, Proposal

INSTRUCTION, CONSTRAINTS = "instruction", "constraints"


def constrain_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    """The instruction as it is; the rule is told nothing else."""
    return subject.whole if subject else ""


def constrain_parse(text: str, ended: bool) -> list[Proposal]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(answer, dict) or not ended:
        return []
    instruction, constraints = answer.get(INSTRUCTION), answer.get(CONSTRAINTS)
    if not isinstance(instruction, str) or not instruction.strip() or not isinstance(constraints, list):
        return []
    return [Proposal(instruction, json.dumps(constraints, sort_keys=True))]
