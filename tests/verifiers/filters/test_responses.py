import random

import pytest

from gristmill.sampling.records import FinishReason, Response
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.reasons import Reason


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 1, 1, 0.1, "model")


@pytest.mark.parametrize("text", ["", " ", "\n\t \u00a0\n"])
def test_white_space_is_an_empty_response_even_when_it_was_cut_off(text: str) -> None:
    assert response_filters.unfinished(response(text)) is Reason.EMPTY
    assert response_filters.unfinished(response(text, FinishReason.LENGTH)) is Reason.EMPTY


@pytest.mark.parametrize("finish_reason", [FinishReason.LENGTH, FinishReason.OTHER])
def test_a_response_that_did_not_end_by_itself_is_cut_off(finish_reason: FinishReason) -> None:
    assert response_filters.unfinished(response(r"\boxed{5}", finish_reason)) is Reason.CUT_OFF
    assert response_filters.unfinished(response(r"\boxed{5}")) is None


REPETITIONS = {
    "one character": "So " + "0" * 1200,
    "one line": "Let us compute.\n" + "We get 5 again.\n" * 80,
    "a paragraph": "Start. " + ("".join(f"Step {i}: add {i} to the sum. " for i in range(12)) + "\n") * 6,
    "a cut unit at the end": "wait, " * 300 + "wa",
}


@pytest.mark.parametrize("text", REPETITIONS.values(), ids=REPETITIONS.keys())
def test_a_tail_of_one_unit_repeated_is_repetition(text: str) -> None:
    assert response_filters.repetition(text) is Reason.REPETITION


NO_REPETITIONS = {
    "a long list of numbers": ", ".join(str(number) for number in range(3000)),
    "a column of sums": "\n".join(f"{i} + {i + 1} = {2 * i + 1}" for i in range(500)),
    "a long decimal": "1/3 = 0." + "3" * 900,
    "a ruler": "Table\n" + "-" * 500 + "\nThe answer is 5.",
    "a loop that was left": "Hm, no. " * 200 + "So the answer, by counting all of them once more, is 42.",
    "a table": "\n".join(f"| {i} | {i % 7} | {i * i} |" for i in range(300)),
    "four times the same": "We add the terms of the series one by one, and find that it is so. " * 4,
}


@pytest.mark.parametrize("text", NO_REPETITIONS.values(), ids=NO_REPETITIONS.keys())
def test_honest_working_is_no_repetition(text: str) -> None:
    assert response_filters.repetition(text) is None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ("ab" * 500_000 + "c", False),
        ("".join(random.Random(7).choices("01", k=1_000_000)), False),
    ],
    ids=lambda given: str(given)[:8],
)
def test_the_filters_take_time_linear_in_the_text(text: str, repeats: bool) -> None:
    """What is quadratic takes an hour."""
    assert response_filters.unfinished(response(text)) is None
    assert response_filters.repetition(text) is (Reason.REPETITION if repeats else None)
