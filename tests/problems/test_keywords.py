import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.problems.keywords import LONGEST, key_phrases

TEXT = (
    "Compatibility of systems of linear constraints over natural numbers. "
    "Criteria for a minimal generating set and linear constraints are given."
)


def best(text: str, most: int = 6) -> list[str]:
    return [text[start:end] for start, end in key_phrases(text, [(0, len(text))], most)]


def test_phrases_are_ranked_by_the_company_of_their_words() -> None:
    """minimal 3/1 + generating 3/1 + set 3/1 = 9; linear 4/2 + constraints 4/2 = 4; natural numbers 2 + 2."""
    assert best(TEXT, 3) == ["minimal generating set", "linear constraints", "natural numbers"]
    assert set(best(TEXT)) == {*best(TEXT, 3), "Compatibility", "systems", "Criteria"}


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("the of and", []),
        ("red  fox and a grey\nwolf", ["red", "fox", "grey", "wolf"]),
        ("Red fox, then red FOX.", ["Red fox"]),
        ("run llama.cpp with --max-tokens and snake_case/path names", ["run", "names"]),
        ("12 34 and 3 ways", ["ways"]),
        ("one two five six seven eight nine ten", []),
        ("x y", []),
        ("a" * 41, []),
        ("naïve Größe, the problem’s end", ["naïve Größe", "problem’s end"]),
    ],
)
def test_a_phrase_is_a_run_of_words_that_stand_by_themselves(text: str, phrases: list[str]) -> None:
    assert sorted(best(text)) == sorted(phrases)


@given(st.text(st.characters(exclude_categories=())) | st.text("ab the.,'’- \n"), st.integers(0, 9))
def test_phrases_are_few_short_different_and_where_they_are_said_to_be(text: str, most: int) -> None:
    spans = key_phrases(text, [(0, len(text))], most)
    assert len(spans) <= most
    phrases = [text[start:end] for start, end in spans]
    assert len({phrase.casefold() for phrase in phrases}) == len(phrases)
    for phrase in phrases:
        assert phrase.strip() == phrase
        assert 1 <= len(phrase.split(" ")) <= LONGEST


def test_only_what_is_cut_out_is_looked_at() -> None:
    text = "hidden treasure | open field"
    assert key_phrases(text, [(18, 28)], 5) == [(18, 28)]
