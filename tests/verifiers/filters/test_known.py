"""Instructions that are too close to one that is known: admitted before, by another process, or signed."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.errors import DataError
from gristmill.verifiers.filters.instructions import SIGNATURE_VERSION, InstructionFilters, Known
from gristmill.verifiers.filters.settings import FilterSettings
from gristmill.verifiers.reasons import Reason
from tests.verifiers.filters.instructions import CLEAN, KNOWN

SIGNS = [
    ("Compute 3*4.", "Compute 3/4."),
    ("Compute the exact value of 3*4.", "Compute the exact value of 3/4."),
    ("Now solve x=-1.", "Now solve x=1."),
    ("Solve for x: 2x + 3 = 7.", "Solve for x: 2x - 3 = 7."),
    ("Is it true that 5 > 3?", "Is it true that 5 < 3?"),
    ("Simplify the term (a-b)", "Simplify the term (a b)"),
    ("Find the derivative of x^2 + 3x.", "Find the derivative of x^2 + 5x."),
]


@pytest.mark.parametrize(("one", "other"), SIGNS)
def test_short_tasks_whose_formulas_differ_in_one_sign_or_number_are_two(one: str, other: str) -> None:
    filters = InstructionFilters(FilterSettings(min_words=1, instruction_language="any"))
    assert filters.admit("one", one) is None
    assert filters.admit("other", other) is None
    assert filters.admit("again", other.upper()) is not None


def test_tasks_that_differ_in_one_number_among_words_are_near_duplicates() -> None:
    filters = InstructionFilters(FilterSettings())
    assert filters.admit("one", "Give me 5 tips for a good night's sleep.") is None
    assert filters.admit("other", "Give me 6 tips for a good night's sleep.") is not None


def test_signatures_are_asked_for_beside_the_thread_that_admits(filters: InstructionFilters) -> None:
    """A signature made in between must not change what the filters look at."""
    with ThreadPoolExecutor(1) as other:
        for number in range(300):
            text = f"{CLEAN[0]} {number} {'again ' * (number % 7)}"
            asked = other.submit(filters.signature, KNOWN)
            fault = filters.fault(text)
            assert asked.result() == filters.signature(KNOWN)
            assert fault == filters.fault(text)
    assert filters.fault(CLEAN[1]) is None
    read = filters._last  # the candidate in work, which a signature must leave alone
    filters.signature(KNOWN)
    assert filters._last is read


def test_what_passes_is_not_admitted_by_passing(filters: InstructionFilters) -> None:
    assert filters.fault(CLEAN[0]) is None
    assert filters.fault(CLEAN[0]) is None
    assert len(filters) == 1


def test_of_two_near_duplicates_that_passed_the_first_admitted_stays(
    filters: InstructionFilters,
) -> None:
    first, second = CLEAN[0], CLEAN[0].replace("bread", "cheese").replace("fresh", "moist")
    assert filters.fault(first) is None
    assert filters.fault(second) is None
    assert filters.admit("first", first) is None
    fault = filters.admit("second", second)
    assert fault is not None
    assert fault.reason is Reason.NEAR_DUPLICATE
    assert fault.detail.startswith("ROUGE-L 0.800 to first: 'Describe")


def test_sentences_in_another_order_are_near_duplicates_by_their_letters(filters: InstructionFilters) -> None:
    parts = [
        "Rosa planted forty tulips along the garden path last autumn.",
        "Only three quarters of them came up when the snow had melted.",
        "Her neighbour gave her another dozen bulbs from his own garden.",
    ]
    assert filters.admit("flowers", " ".join([*parts, "How many tulips flower now?"])) is None
    fault = filters.admit("again", " ".join([*parts[::-1], "How many tulips flower now?"]))
    assert fault is not None
    assert fault.detail.startswith("Jaccard 0.9")


@pytest.mark.parametrize("signed", [True, False])
def test_a_second_process_does_not_accept_what_a_first_one_did(
    settings: FilterSettings, signed: bool
) -> None:
    first = InstructionFilters(settings)
    known = []
    for number, text in enumerate(CLEAN):
        assert first.admit(str(number), text) is None
        known.append(Known(str(number), text, first.signature(text) if signed else None))
    second = InstructionFilters(settings, known)
    for number, text in enumerate(CLEAN):
        fault = second.fault(f"Now: {text}")
        assert fault is not None
        assert f" to {number}: " in fault.detail or fault.reason is Reason.CONTAMINATED
        assert second.fault(text) == first.fault(text)


def test_a_signature_is_the_same_in_every_process_under_this_version(filters: InstructionFilters) -> None:
    """Where this fails after an upgrade of rensa, those stored are of no use: raise `SKETCH_VERSION`."""
    digest = hashlib.sha256(filters.signature(CLEAN[0] + CLEAN[5])).hexdigest()
    assert (SIGNATURE_VERSION, digest[:16]) == ("2/5-120/rensa-2", "6f05058be3d5f9f4")


@pytest.mark.parametrize("signature", [b"", b"\0" * 600, b"Rensa:RMinHash:2\0"])
def test_bytes_that_are_no_signature_are_an_error_with_that_name(
    settings: FilterSettings, signature: bytes
) -> None:
    with pytest.raises(DataError, match="signature"):
        InstructionFilters(settings, [Known("1", KNOWN, signature)])


def test_a_known_text_of_any_length_is_taken_in() -> None:
    filters = InstructionFilters(
        FilterSettings(), [Known("long", "word and more " * 100_000), Known("none", "")]
    )
    assert len(filters) == 2
    assert filters.fault(CLEAN[0]) is None


@given(st.text(), st.text())
def test_any_texts_go_through_and_a_text_is_its_own_duplicate(one: str, other: str) -> None:
    filters = InstructionFilters(FilterSettings(min_words=1, instruction_language="any"))
    filters.admit("one", one)
    filters.fault(other)
    fault = filters.admit("again", one)
    assert fault is not None
    assert fault.reason is Reason.DUPLICATE
