"""What holds for every maker, whatever a model says."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.makers import MAKERS, MakerName
from sampling.candidates import Material

SUBJECT = Material("k", "p", "Name 3 rivers.", "of Europe", "sentence")
PIECES = (
    "Task 1: ", "\nTask 2 - ", "1. a\n", "\n- ", "**", "<answer>", "</answer>", "Question: ", "\nAnswer:",
    '\nQuote: "', "Fact:", "Here is an instruction: ", '{"instruction": "a", "constraints": [', "]}", "[",
    '"', "\n\n", " ", "\x00", "\ud800", "\u202e", "\U0001f600", "word", "7", ":", "\r", "\u2028", "#",
)  # fmt: skip
REPEATED = (
    "Task 1: x ", "1. x\n", "- x\n", "*", "#", " ", "\n", "\t\n", "<answer>", "</answer>",
    "<answer>x</answer>", "Fact: x\n", 'Quote: "', "Here is an instruction ", "[", '{"instruction":',
    "word", "\ud800",
)  # fmt: skip

SIZE = 1_000_000
SLOWEST_SECONDS = 4.0
"""On a busy machine; what is quadratic takes hours."""


@pytest.mark.parametrize("name", MakerName)
def test_the_prompt_of_every_maker_shows_what_it_is_about(name: MakerName) -> None:
    assert "Name 3 rivers." in MAKERS[name].prompt(SUBJECT, [SUBJECT], 0)
    assert isinstance(MAKERS[name].prompt(None, [], 0), str)


@pytest.mark.parametrize("name", MakerName)
@settings(max_examples=50)
@given(text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)), ended=st.booleans())
def test_no_text_makes_a_parser_raise_or_propose_what_is_empty(
    name: MakerName, text: str, ended: bool
) -> None:
    for proposal in MAKERS[name].parse(text, ended):
        assert proposal.prompt.strip()


@pytest.mark.parametrize("piece", REPEATED)
def test_a_megabyte_of_anything_is_read_in_linear_time(piece: str) -> None:
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    started = perf_counter()
    for maker in MAKERS.values():
        maker.parse(text, True)
    assert perf_counter() - started < SLOWEST_SECONDS
