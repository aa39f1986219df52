from gristmill.generators.makers.evolve import OPERATORS, evolve_parse, evolve_prompt, evolve_turn
from gristmill.sampling.candidates import Material, Proposal

SUBJECT = Material("a", "a", "Translate it.", "Guten Tag")


def test_each_turn_has_the_next_operator_and_after_the_last_comes_the_first() -> None:
    names = list(OPERATORS)
    assert [evolve_turn(number) for number in range(2 * len(names))] == [*names, *names]


def test_a_brief_names_the_operator_of_its_turn_and_no_other() -> None:
    for turn, (name, wish) in enumerate(OPERATORS.items()):
        prompt = evolve_prompt(SUBJECT, [], turn)
        assert evolve_turn(turn) == name
        assert [each for each in OPERATORS.values() if each in prompt] == [wish]
        assert "\n\nTranslate it.\n\nGuten Tag\n\n" in prompt


def test_the_first_answer_is_read_and_without_a_tag_nothing() -> None:
    assert evolve_parse("<answer>A.</answer><answer>B.</answer>", ended=True) == [Proposal("A.")]
    assert evolve_parse("Translate it twice.", ended=True) == []
