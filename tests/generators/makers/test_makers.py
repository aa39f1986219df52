"""What holds for every maker, whatever a model says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.makers import MAKERS, MakerName
from gristmill.sampling.candidates import Material

SUBJECT = Material("k", "p", "Name 3 rivers.", "of Europe", "sentence")
PIECES = (
    "Task 1: ", "\nTask 2 - ", "1. a\n", "\n- ", "**", "<answer>", "</answer>", "Question: ", "\nAnswer:",
    '\nQuote: "', "Fact:", "Here is an instruction: ", '{"instruction": "a", "constraints": [', "]}", "[",
    '"', "\n\n", " ", "\x00", "\ud800", "\u202e", "\U0001f600", "word", "7", ":", "\r", "\u2028", "#",
)  # fmt: skip
LIST = {MakerName.SELF_INSTRUCT: 20, MakerName.EXTRACT: 1}
ANSWERS = {MakerName.EXTRACT: 1, MakerName.EXPAND: 3, MakerName.REFINE: 1, MakerName.EVOLVE: 1}
TEXT = {MakerName.EXTRACT: 1}
NOTHING: dict[MakerName, int] = {}
REPEATED = (
    ("Task 1: x ", LIST), ("1. x\n", LIST), ("- x\n", LIST), ("<answer>x</answer>", ANSWERS),
    ("<answer>", TEXT), ("</answer>", TEXT), ("Fact: x\n", TEXT), ('Quote: "', TEXT),
    ("Here is an instruction ", TEXT), ("[", TEXT), ('{"instruction":', TEXT), ("word", TEXT),
    ("\ud800", TEXT), ("*", TEXT), ("#", TEXT), (" ", NOTHING), ("\n", NOTHING), ("\t\n", NOTHING),
)  # fmt: skip
"""What stands again and again in a text, and how many proposals each maker reads there."""

SIZE = 1_000_000


@pytest.mark.parametrize("name", MakerName)
def test_the_prompt_of_every_maker_shows_what_it_is_about(name: MakerName) -> None:
    assert "Name 3 rivers." in MAKERS[name].prompt(SUBJECT, [SUBJECT], 0)
    assert isinstance(MAKERS[name].prompt(None, [], 0), str)


@pytest.mark.parametrize("name", MakerName)
@given(text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)), ended=st.booleans())
def test_no_text_makes_a_parser_raise_or_propose_what_is_empty(
    name: MakerName, text: str, ended: bool
) -> None:
    for proposal in MAKERS[name].parse(text, ended):
        assert proposal.prompt.strip()


WHOLE = {
    MakerName.EXTRACT: "Explain how wind",
    MakerName.GROUNDED_QA: "Question: What is it?\nAnswer: A mill.\nQuote: the mi",
    MakerName.CONSTRAINED: '{"instruction": "a", "constraints": []}',
}
"""What would be read as one instruction, had it not been cut off."""


@pytest.mark.parametrize("name", WHOLE)
def test_a_response_that_was_cut_off_proposes_nothing(name: MakerName) -> None:
    assert len(MAKERS[name].parse(WHOLE[name], True)) == 1
    assert MAKERS[name].parse(WHOLE[name], False) == []


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(("piece", "expected"), REPEATED)
def test_a_megabyte_of_anything_is_read_in_linear_time(piece: str, expected: dict[MakerName, int]) -> None:
    """What is quadratic takes hours."""
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    found = {name: len(maker.parse(text, True)) for name, maker in MAKERS.items()}
    assert {name: count for name, count in found.items() if count} == expected
