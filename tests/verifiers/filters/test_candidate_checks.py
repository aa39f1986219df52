import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.verifiers.filters.candidate_checks import content_lost, ungrounded
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.reasons import Reason

SIZE = 400_000
PARENT = "A shop in Paris sells 1,000 apples for 2.50 euros each. How much does Marie get?"

KEPT = [
    (PARENT, "Marie has a shop in Paris. She sells 1000 apples at 2.5 euros each. How much is that in all?"),
    (PARENT, "PARIS: marie, 1,000.0 and 2.5"),
    ("Name two rivers of Europe's north.", "List a pair of rivers in the north of Europe."),
    ("1. Read the text.\n2. Sum it up.", "Read the text, then sum it up."),
    ("Question: Who wrote it? I think The Times did.", "Which Times article was it?"),
    ("Write a poem.", ""),
    ("Take -5 from 3-4.", "From the range 3 to 4 take minus 5."),
    ("", "anything"),
]

LOST = [
    (PARENT, "A shop sells 1000 apples for 2.50 euros each. How much does Marie get?", "Paris"),
    (PARENT, "A shop in Paris sells 100 apples for 25 euros each. How much does Marie get?", "1000, 2.5"),
    (PARENT, "", "1000, 2.5, Paris, Marie"),
    ("Count to 2.", "Count to two.", "2"),
    ("Compare it with Jean-Luc and Anna's car.", "Compare it with Jean and a car.", "Luc, Anna"),
    ("Use 3 of the 10 words.", "Use 10 of the words.", "3"),
    ("What is |x| at x = -5?", "What is |x| at x = 5?", "-5"),
    ("What is |x| at x = -5?", "What is |x|?", "5"),
    ("Say it in Paris.", "Say it in Parisian style.", "Paris"),
]


@pytest.mark.parametrize(("parent", "text"), KEPT)
def test_a_refinement_that_keeps_numbers_and_names_passes(parent: str, text: str) -> None:
    assert content_lost(parent, text) is None


@pytest.mark.parametrize(("parent", "text", "missing"), LOST)
def test_what_a_refinement_lost_is_the_evidence(parent: str, text: str, missing: str) -> None:
    assert content_lost(parent, text) == Finding(Reason.CONTENT_LOST, f"missing: {missing}")


PASSAGE = (
    "In 2018 the glacier lost 1,200 tonnes of ice.  It is the third largest of the Alps, and melts fast."
)
QUOTE = "the glacier lost 1,200 tonnes"


@pytest.mark.parametrize(
    ("quote", "answer"),
    [
        (QUOTE, "It lost 1200 tonnes of ice in 2018."),
        (QUOTE, "The glacier melts fast."),
        (QUOTE, "It is the 3rd largest."),
        (QUOTE, "Yes."),
        (QUOTE, "No"),
        (QUOTE, "No, it did not."),
        (QUOTE, "1,200"),
        (QUOTE, "Yes, the glacier melted."),
        ("tonnes of ice. It is", "The glacier lost ice quickly."),
        (" lost 1,200 tonnes ", "ice"),
    ],
)
def test_an_answer_that_the_passage_holds_is_grounded(quote: str, answer: str) -> None:
    assert ungrounded(PASSAGE, quote, answer) is None


@pytest.mark.parametrize(
    ("quote", "answer", "fault"),
    [
        ("", "ice", Finding(Reason.NO_CITATION, "the quote is empty")),
        (" \n", "ice", Finding(Reason.NO_CITATION, "the quote is empty")),
        ("lost 1,200", "ice", Finding(Reason.UNGROUNDED, "fewer than 3 words: lost 1,200")),
        ("... !", "ice", Finding(Reason.UNGROUNDED, "fewer than 3 words: ... !")),
        ("the glacier won", "ice", Finding(Reason.UNGROUNDED, "not in the passage: the glacier won")),
        ("the glacier lost 1", "ice", Finding(Reason.UNGROUNDED, "not in the passage: the glacier lost 1")),
        (QUOTE, " ", Finding(Reason.UNGROUNDED, "the answer is empty")),
        (QUOTE, "It did.", Finding(Reason.UNGROUNDED, "the answer says nothing")),
        (QUOTE, "He did it not.", Finding(Reason.UNGROUNDED, "the answer says nothing")),
        (QUOTE, "...", Finding(Reason.UNGROUNDED, "the answer says nothing")),
        (QUOTE, "Nineteen tonnes.", Finding(Reason.UNGROUNDED, "numbers not in the passage: 19")),
        (QUOTE, "It lost 1,300 tonnes.", Finding(Reason.UNGROUNDED, "numbers not in the passage: 1300")),
        (
            QUOTE,
            "Warm summers made the glacier shrink.",
            Finding(
                Reason.UNGROUNDED,
                "4 of 5 words of the answer are not in the passage: warm, summers, made, shrink",
            ),
        ),
    ],
)
def test_what_the_passage_does_not_hold_is_the_evidence(quote: str, answer: str, fault: Finding) -> None:
    assert ungrounded(PASSAGE, quote, answer) == fault


def test_the_share_of_known_words_may_be_just_enough() -> None:
    passage = "alpha beta gamma delta epsilon"
    assert ungrounded(passage, "alpha beta gamma", "alpha beta gamma zeta eta") is None
    fault = ungrounded(passage, "alpha beta gamma", "alpha beta gamma zeta eta theta")
    assert fault is not None
    assert fault.reason is Reason.UNGROUNDED


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_text_gets_an_answer_and_keeps_its_own_content(one: str, other: str, third: str) -> None:
    assert content_lost(one, one) is None
    content_lost(one, other)
    ungrounded(one, other, third)
    ungrounded(f"{one} a b c", "a b c", one)


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("A ", "the answer says nothing"),
        (".", "fewer than 3 words: ..."),
        ("1,", "fewer than 3 words: 1,1"),
        ("Aa. Bb ", "not in the passage: Aa. Bb"),
        ("\ud800\0", "fewer than 3 words: \ud800"),
    ],
    ids=ascii,
)
def test_checks_take_time_linear_in_the_text(unit: str, told: str) -> None:
    """What is quadratic takes a quarter of an hour."""
    text = unit * (SIZE // len(unit))
    assert content_lost(text, text[:1000]) is None
    fault = ungrounded(text, text[: SIZE // 4], text)
    assert fault is not None
    assert fault.detail.startswith(told)
