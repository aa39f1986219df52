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


REFUSALS = [
    "I'm sorry, but I can't help with that.",
    "I am sorry, but I cannot assist with this request.",
    "Sorry, I can’t solve this.",
    "I cannot answer this question.",
    "Unfortunately, I am unable to complete this task.",
    "As an AI language model, I cannot provide that.",
    "  **I'm not able to help with this problem.**",
    "I'm sorry, but I'm not comfortable with that.",
    "I must decline this request.",
    "I apologize, but I cannot write that.",
    "As an AI language model, I don't have personal opinions on that.",
    "I can't provide instructions for making explosives.",
    "As an AI, I cannot answer questions about people.",
    "I'm sorry, I can't do that.",
    "I must respectfully decline.",
    "I must decline to answer that question.",
    "I cannot assist you in creating malware.",
    "I'm sorry, but I cannot solve this without knowing the value of y.",
    "I can't help you with that.",
    "I'm unable to answer that question.",
    "I am sorry, but I am unable to complete your request",
    "I’m sorry, but I won’t create such content.",
    "I can't answer that.",
    "As a large language model, I cannot help with this.",
    "I'm sorry, but I can't help with that. " + "Here is where to turn instead. " * 60,
]

NO_REFUSALS = [
    "I cannot simplify this further, so the answer is 5.",
    "We cannot solve this by factoring; use the formula.",
    "Sorry, let me start again: 2 + 2 = 4.",
    "The machine cannot help. I am unable to say more than x = 4.",
    "I can help with that. First, note that 3 + 4 = 7.",
    "Let us see. I'm sorry, I can't help with that.",
    "I can't help but smile when the rain begins.",
    "I will not answer with a lie: the dam is old.",
    "I can't solve this without listing the givens first: x=2, so x+3=5.",
    "I can't help it, I love the sea.",
    "I can't help falling in love with the sea.",
    "I'm sorry, but I must decline your invitation to dinner.",
    "I'm not comfortable with heights. That day I climbed.",
    "As an AI language model, I don't have personal opinions, but historians agree that it fell in 1453.",
    "\"I'm sorry, I can't help you,\" whispered the nurse. He left.",
    "I can't do this alone, he thought.",
    "I won't complete the journey, wrote Scott.",
    "I'm sorry, I can't make it to the party on Saturday.",
    "I can't answer the question until we know x. Let x = 2.",
    "I cannot help you with the truth any more. " * 30,
]


@pytest.mark.parametrize("text", REFUSALS)
def test_declining_at_the_start_is_a_refusal(text: str) -> None:
    assert response_filters.refusal(text) is Reason.REFUSAL


@pytest.mark.parametrize("text", NO_REFUSALS)
def test_other_uses_of_the_same_words_are_no_refusal(text: str) -> None:
    assert response_filters.refusal(text) is None


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
        ("i'm sorry " * 100_000, True),
        ("as an ai " * 100_000, True),
        ("sorry" + " " * 1_000_000 + "x", False),
    ],
    ids=lambda given: str(given)[:8],
)
def test_the_filters_take_time_linear_in_the_text(text: str, repeats: bool) -> None:
    """What is quadratic takes an hour."""
    assert response_filters.unfinished(response(text)) is None
    assert response_filters.refusal(text) is None
    assert response_filters.repetition(text) is (Reason.REPETITION if repeats else None)
