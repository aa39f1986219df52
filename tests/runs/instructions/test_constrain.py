"""Constraints by rule: a generator whose answers its own maker reads, and whose constraints go together."""

import json
from collections import Counter

import pytest

from gristmill.generators.makers import MakerName
from gristmill.generators.prompts import render
from gristmill.runs.instructions.constrain import ConstraintRule
from gristmill.runs.instructions.proposals import Reading
from gristmill.sampling.records import Draw, FinishReason, Problem, Prompt, draw_seed, problem_id
from gristmill.verifiers.constraints import conflict_with_prompt, conflicts, read_constraints, sentences

INSTRUCTIONS = (
    "Describe a harbour.",
    'Translate "Guten Tag".\n\nIn two ways: 1. short, 2. long.',
    "  Name it. ",
    "\x00\u202e\U0001f600 nombra 3 ríos",
    "Use the words time, people, water, day, home, work and world in a text. " * 30,
    "x",
)


def prompt_of(instruction: str) -> tuple[Problem, Prompt]:
    brief = Problem(problem_id(instruction, instruction), instruction, instruction)
    return brief, render("plain", brief)


@pytest.mark.parametrize("instruction", INSTRUCTIONS)
@pytest.mark.parametrize("most", [1, 2, 3])
async def test_every_draw_attaches_constraints_that_go_together_and_with_the_instruction(
    instruction: str, most: int
) -> None:
    brief, prompt = prompt_of(instruction)
    counts = Counter[int]()
    for number in range(40):
        draw = Draw(brief.id, number, draw_seed(7, brief.id, number))
        response = await ConstraintRule(most).draw(draw, prompt)
        (read,) = Reading(MakerName.CONSTRAINED, "run").proposals(brief, response)
        constraints = read_constraints(read.problem.reference)
        counts[len(constraints)] += 1
        assert read.fault is None
        assert conflicts(constraints) is None
        assert not any(conflict_with_prompt(one, instruction) for one in constraints)
        assert read.text == f"{instruction.strip()}\n\n{sentences(constraints)}"
    assert set(counts) == set(range(1, most + 1))


async def test_the_seed_of_the_draw_decides_which_constraints_come() -> None:
    brief, prompt = prompt_of(INSTRUCTIONS[0])
    draws = [Draw(brief.id, number, draw_seed(7, brief.id, number)) for number in range(20)]
    first = [(await ConstraintRule(3).draw(draw, prompt)).text for draw in draws]
    assert first == [(await ConstraintRule(3).draw(draw, prompt)).text for draw in draws]
    assert len(set(first)) > 15


async def test_the_response_costs_nothing_and_came_to_its_end() -> None:
    brief, prompt = prompt_of(INSTRUCTIONS[0])
    rule = ConstraintRule(2)
    response = await rule.draw(Draw(brief.id, 0, 5), prompt)
    assert (response.prompt_tokens, response.completion_tokens, response.seconds) == (0, 0, 0.0)
    assert response.finish_reason is FinishReason.STOP
    assert response.model == rule.model == "constraints"
    assert rule.drain_failures() == []
    assert set(json.loads(response.text)) == {"instruction", "constraints"}
