from gristmill.generators.makers.expand import OUTPUTS, expand_parse, expand_prompt
from gristmill.sampling.candidates import Material

SUBJECT = Material("a", "a", "Translate it.", "Guten Tag")
OTHER = Material("b", "b", "Name a river.")


def test_the_subject_is_the_first_example_with_its_input() -> None:
    prompt = expand_prompt(SUBJECT, [OTHER], 0)
    assert "Example 1:\nTranslate it.\n\nGuten Tag\n\nExample 2:\nName a river.\n" in prompt
    assert "the same kind of task as the first example" in prompt
    assert "Write 3 new instructions" in prompt
    assert "between <answer> and </answer>" in prompt


def test_a_seed_that_has_no_other_beside_it_is_the_only_example() -> None:
    prompt = expand_prompt(SUBJECT, [], 0)
    assert "Example 1:" in prompt
    assert "Example 2:" not in prompt


def test_up_to_three_are_read_whether_or_not_the_response_came_to_its_end() -> None:
    text = "".join(f"<answer>Name river {number}.</answer>\n" for number in range(5)) + "<answer>Name"
    for ended in (True, False):
        prompts = [proposal.prompt for proposal in expand_parse(text, ended)]
        assert prompts == [f"Name river {number}." for number in range(OUTPUTS)]


def test_without_a_tag_nothing_is_read() -> None:
    assert expand_parse("1. Name a river.\n2. Name a lake.", ended=True) == []
