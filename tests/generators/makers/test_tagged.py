"""The makers whose instructions stand between tags: expand, refine and evolve."""

import pytest

from gristmill.generators.makers import MAKERS, MakerName
from gristmill.generators.makers.evolve import OPERATORS, evolve_prompt, evolve_turn
from gristmill.sampling.candidates import Material

SUBJECT = Material("a", "a", "Translate it.", "Guten Tag")
WHOLE = "\n\nTranslate it.\n\nGuten Tag\n\n"
READ = {MakerName.EXPAND: 3, MakerName.REFINE: 1, MakerName.EVOLVE: 1}
"""How many instructions of a response each takes."""


@pytest.mark.parametrize("maker", READ)
@pytest.mark.parametrize("ended", [True, False])
def test_the_first_ones_are_read_whether_or_not_the_response_came_to_its_end(
    maker: MakerName, ended: bool
) -> None:
    parse, text = MAKERS[maker].parse, "".join(f"<answer>Name it {number}.</answer>\n" for number in range(5))
    prompts = [proposal.prompt for proposal in parse(f"{text}<answer>Name", ended)]
    assert prompts == [f"Name it {number}." for number in range(READ[maker])]
    assert parse("1. Name a river.\n2. Name a lake.", ended) == parse("<answer>Name", ended) == []


def test_expand_shows_the_subject_as_the_first_example() -> None:
    prompt = MAKERS[MakerName.EXPAND].prompt(SUBJECT, [Material("b", "b", "Name a river.")], 0)
    assert "Example 1:\nTranslate it.\n\nGuten Tag\n\nExample 2:\nName a river.\n" in prompt
    for wish in ("same kind of task as the first example", "Write 3 new", "between <answer> and </answer>"):
        assert wish in prompt
    assert "Example 2:" not in MAKERS[MakerName.EXPAND].prompt(SUBJECT, [], 0)


def test_refine_shows_the_instruction_whole_and_asks_to_keep_its_numbers_and_names() -> None:
    prompt = MAKERS[MakerName.REFINE].prompt(SUBJECT, [], 1)
    for wish in (f"{WHOLE}Rewrite it", "every number and every name", "between <answer> and </answer>"):
        assert wish in prompt


def test_evolve_names_the_operator_of_its_turn_and_no_other_and_begins_again_after_the_last() -> None:
    names = list(OPERATORS)
    assert [evolve_turn(number) for number in range(2 * len(names))] == [*names, *names]
    for turn, wish in enumerate(OPERATORS.values()):
        prompt = evolve_prompt(SUBJECT, [], turn)
        assert [each for each in OPERATORS.values() if each in prompt] == [wish]
        assert WHOLE in prompt
