from gristmill.generators.makers.refine import refine_parse, refine_prompt
from gristmill.sampling.candidates import Material, Proposal


def test_the_instruction_is_shown_whole_and_its_numbers_and_names_are_to_be_kept() -> None:
    prompt = refine_prompt(Material("a", "a", "Translate it.", "Guten Tag"), [], 1)
    assert "\n\nTranslate it.\n\nGuten Tag\n\nRewrite it" in prompt
    assert "every number and every name" in prompt
    assert "between <answer> and </answer>" in prompt


def test_the_first_answer_is_read_even_from_a_response_that_was_cut_off() -> None:
    text = "<answer>Name 3 rivers of Europe.</answer> or <answer>Name it"
    assert refine_parse(text, ended=False) == [Proposal("Name 3 rivers of Europe.")]
    assert refine_parse(text + "</answer>", ended=True) == [Proposal("Name 3 rivers of Europe.")]


def test_without_a_tag_nothing_is_read() -> None:
    assert refine_parse("Name 3 rivers of Europe.", ended=True) == []
    assert refine_parse("<answer>Name 3 rivers", ended=False) == []
