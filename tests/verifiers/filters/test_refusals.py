import pytest

from gristmill.verifiers.filters.refusals import refusal
from gristmill.verifiers.reasons import Reason
from tests.verifiers.filters.refusal_cases import (
    ANSWERED,
    ANSWERED_WHATEVER_IS_ASKED,
    REFUSED,
    REFUSED_WHATEVER_IS_ASKED,
)

KINDS = "kind", "prompt", "response"


@pytest.mark.parametrize(KINDS, REFUSED)
def test_a_response_that_declines_its_task_is_a_refusal(kind: str, prompt: str, response: str) -> None:
    assert refusal(response, prompt) is Reason.REFUSAL, kind


@pytest.mark.parametrize(KINDS, ANSWERED)
def test_an_answer_with_the_words_of_a_refusal_is_none(kind: str, prompt: str, response: str) -> None:
    assert refusal(response, prompt) is None, kind


@pytest.mark.parametrize("response", REFUSED_WHATEVER_IS_ASKED)
def test_declining_at_the_start_is_a_refusal_whatever_the_prompt_is(response: str) -> None:
    assert refusal(response) is Reason.REFUSAL


@pytest.mark.parametrize("response", ANSWERED_WHATEVER_IS_ASKED)
def test_other_uses_of_the_same_words_are_no_refusal(response: str) -> None:
    assert refusal(response) is None
