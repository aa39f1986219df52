from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.constraints import CONSTRAINTS, combination, conflict_with_prompt, constraint
from gristmill.verifiers.constraints.prompt_conflicts import LONGEST, barred_kinds

FREE = {"words-forbidden", "keyword-at-most", "title", "highlights-at-least", "letter-at-most", "postscript"}
"""Kinds that no instruction bars: there are always three to be drawn."""


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("Write at most 20 words about cats.", {"words-at-least", "paragraphs-exactly", "repeat-prompt"}),
        ("Sum up the plot in a single sentence.", {"sentences-at-least", "bullets-exactly"}),
        ("Write a two-paragraph story.", {"paragraphs-exactly", "lines-exactly"}),
        ("Write a haiku about rain.", {"lines-exactly", "words-at-least", "ends-with"}),
        ("Translate this to French: good morning", {"language", "words-at-least", "keywords-included"}),
        ("Why do people learn Hindi?", {"language"}),
        ("Write a Python function.", {"all-uppercase", "json-only", "no-digits", "language", "quoted"}),
        ("Return it as JSON.", {"bullets-exactly", "starts-with", "json-only"}),
        ("What is 17*23?", {"no-digits", "no-commas"}),
        ("How many legs has a spider?", {"no-digits"}),
        ("Give three reasons.", {"bullets-exactly", "sections-exactly"}),
        ("List the planets.", {"bullets-exactly", "sentence-words-at-least", "no-digits"}),
        ("Is it so? Answer yes or no.", {"words-at-least", "starts-with", "keywords-included"}),
        ("Write it in lowercase.", {"all-uppercase", "all-lowercase"}),
        ("Write a quiz.", {"questions-exactly", "ends-with-question"}),
        ("Describe it without naming it.", {"keywords-included"}),
        ("Begin with a joke.", {"starts-with", "quoted"}),
        ("Write an e-mail to a friend.", {"starts-with", "json-only"}),
    ],
)
def test_what_an_instruction_speaks_of_bars_kinds(prompt: str, kinds: set[str]) -> None:
    assert kinds <= barred_kinds(prompt).keys()
    rng = Random(1)
    for kind in kinds - {"repeat-prompt"}:
        assert conflict_with_prompt(CONSTRAINTS[kind].sample(rng, prompt), prompt)


@pytest.mark.parametrize("prompt", ["", "Why do ships float?", "Describe a harbour.", "Tell me about rain."])
def test_a_plain_instruction_bars_nothing(prompt: str) -> None:
    assert not barred_kinds(prompt)
    assert conflict_with_prompt(constraint("no-digits", {}), prompt) is None


def test_nothing_that_is_drawn_is_barred_and_three_can_always_be_drawn() -> None:
    everything = (
        "Translate 3 short lists of two questions to French JSON code without digits, in lowercase, "
        "with commas; begin with a poem, and answer only yes or no. Write an e-mail with 5 steps."
    )
    assert barred_kinds(everything).keys() == CONSTRAINTS.keys() - FREE
    rng = Random(2)
    for _ in range(200):
        assert {each.kind for each in combination(rng, 3, everything)} <= FREE


def test_a_choice_is_never_drawn() -> None:
    rng = Random(3)
    drawn = {each.kind for _ in range(2000) for each in combination(rng, 1, "Why do ships float?")}
    assert drawn == CONSTRAINTS.keys() - {"choice"}


@given(st.text(st.characters(), max_size=80))
def test_any_instruction_has_its_three(prompt: str) -> None:
    assert len(combination(Random(4), 3, prompt)) == 3


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a ", "1 ", "one one-", "x", "\0\ud800"], ids=ascii)
def test_the_time_is_linear_in_what_is_read(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a longer instruction than is read of any: what is quadratic takes ten minutes and more."""
    monkeypatch.setattr("gristmill.verifiers.constraints.prompt_conflicts.LONGEST", 400_000)
    assert barred_kinds(unit * (400_000 // len(unit))).keys() == (
        {"no-digits", "no-commas"} if unit == "1 " else set()
    )


def test_what_comes_late_in_a_huge_instruction_is_not_read() -> None:
    assert barred_kinds("a " * 10 + "Write a haiku.")
    assert not barred_kinds("a " * LONGEST + "Write a haiku.")
