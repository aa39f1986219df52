from itertools import combinations
from random import Random

import pytest

from gristmill.verifiers.constraints import (
    CONSTRAINTS,
    attached,
    combination,
    conflict,
    conflict_with_prompt,
    conflicts,
    constraint,
    sentences,
)
from tests.verifiers.constraints.arguments import PROMPTS
from tests.verifiers.constraints.witness import witness

ALL_PROMPTS = ("", *PROMPTS)


@pytest.mark.full
def test_ten_thousand_combinations_hold_no_conflict_and_a_text_can_be_written_for_each() -> None:
    rng = Random(30)
    met: set[str] = set()
    for number in range(10_000):
        prompt = ALL_PROMPTS[number % len(ALL_PROMPTS)]
        drawn = combination(rng, 1 + number % 3, prompt)
        assert len({each.kind for each in drawn}) == len(drawn) == 1 + number % 3
        assert not any(conflict_with_prompt(each, prompt) for each in drawn)
        assert number % 10 or conflicts(drawn[::-1]) is None
        assert number % 10 or not any(conflict(*pair) for pair in combinations(drawn, 2))
        text = witness(drawn)
        assert not any(each.check(text) for each in drawn), (drawn, text)
        met.update(each.kind for each in drawn)
    assert met == set(CONSTRAINTS) - {"choice"}


def test_the_same_seed_gives_the_same_combinations() -> None:
    drawn = [
        [combination(rng, 3, PROMPTS[0]) for _ in range(20)] for rng in (Random(1), Random(1), Random(2))
    ]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("count", [-1, 0, 4])
def test_a_number_of_constraints_out_of_range_is_an_error(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        combination(Random(0), count)


@pytest.mark.parametrize("prompt", ["", " \n", "...", "\0 a", "\ud800 a", "many " * 5000], ids=ascii)
def test_a_prompt_that_cannot_be_repeated_is_never_asked_to_be(prompt: str) -> None:
    rng = Random(3)
    kinds = {each.kind for _ in range(300) for each in combination(rng, 1, prompt)}
    assert "repeat-prompt" not in kinds
    assert len(kinds) > 30


def test_the_prompt_to_be_repeated_is_the_bare_instruction() -> None:
    repeat = CONSTRAINTS["repeat-prompt"].sample(Random(0), " Why? \n")
    told = attached(" Why? \n", [repeat])
    assert told == f"Why?\n\n{repeat.sentence()}"
    assert repeat.check("Why? Because.") is None
    assert repeat.check(f"{told} Because.")
    assert conflict_with_prompt(repeat, "Why?") is None
    assert conflict_with_prompt(repeat, "When?")


def test_a_word_of_the_prompt_is_not_forbidden_or_rationed() -> None:
    forbidden = constraint("words-forbidden", {"words": ["lake", "river"]})
    rationed = constraint("keyword-at-most", {"keyword": "river", "count": 1})
    for each in (forbidden, rationed):
        assert conflict_with_prompt(each, "Describe a River.")
        assert conflict_with_prompt(each, "Describe a stream.") is None


def test_the_sentences_stand_in_order_after_a_blank_line() -> None:
    two = [constraint("no-commas", {}), constraint("words-at-least", {"count": 5})]
    assert sentences(two) == "Do not use any commas. Write at least 5 words."
    assert attached("Why?", two) == f"Why?\n\n{sentences(two)}"
