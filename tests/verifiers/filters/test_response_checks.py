"""All checks of a response's form on one table: a bad one has the reason of its kind, its neighbours none."""

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.code.verify import verify_code_tests
from gristmill.verifiers.filters.leaked_text import leaked
from gristmill.verifiers.format_checks import FORM, verify_sound
from gristmill.verifiers.math.verify import verify_math
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from gristmill.verifiers.structure.verify import verify_structure
from tests.verifiers.filters.refusal_cases import ANSWERED, REFUSED
from tests.verifiers.filters.response_cases import ACCEPTED, REJECTED

SOUND = VerifierSettings(verifier="sound")
KINDS = "kind", "prompt", "response"


def given(text: str) -> Response:
    return Response(text, FinishReason.STOP, 1, 1, 0.1, "model")


@pytest.mark.parametrize(
    ("reason", *KINDS), [(reason, *case) for reason, cases in REJECTED.items() for case in cases]
)
def test_a_bad_response_is_rejected_for_its_kind(
    reason: Reason, kind: str, prompt: str, response: str
) -> None:
    verdict = verify_sound(Problem("id", prompt, ""), given(response), SOUND)
    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, reason), kind


@pytest.mark.parametrize(KINDS, REFUSED)
def test_a_refusal_is_rejected_as_one_and_as_nothing_else(kind: str, prompt: str, response: str) -> None:
    assert verify_sound(Problem("id", prompt, ""), given(response), SOUND).reason == Reason.REFUSAL, kind


@pytest.mark.parametrize(KINDS, [*ACCEPTED, *ANSWERED])
def test_a_neighbour_of_a_bad_response_is_sound(kind: str, prompt: str, response: str) -> None:
    verdict = verify_sound(Problem("id", prompt, ""), given(response), SOUND)
    assert (verdict.outcome, verdict.reason) == (Outcome.ACCEPTED, Reason.SOUND), kind


LEAKS = [("<|im_end|>", Reason.LEAKED_TOKEN), ("\n\nUser: And 3 + 3?", Reason.LEAKED_TURN)]


@pytest.mark.parametrize(("leak", "reason"), LEAKS)
def test_a_right_answer_before_leaked_text_is_rejected(leak: str, reason: Reason) -> None:
    problem = Problem("id", "What is 2 + 2?", "4")
    right = r"It is \boxed{4}."
    assert verify_math(problem, given(right), VerifierSettings()).outcome is Outcome.ACCEPTED
    assert verify_math(problem, given(right + leak), VerifierSettings()).reason == reason
    field = VerifierSettings(json_schema='{"type": "object"}', answer_field="answer")
    assert verify_math(problem, given('{"answer": 4}'), field).outcome is Outcome.ACCEPTED
    assert verify_math(problem, given('{"answer": 4, "then": "5<|im_end|>"}'), field).reason == "leaked-token"


@pytest.mark.parametrize(("leak", "reason"), LEAKS)
def test_leaked_text_after_code_is_rejected_before_the_code_runs(leak: str, reason: Reason) -> None:
    problem = Problem("id", "Write f.", '["assert f(1) == 2"]')
    code = "```python\ndef f(x):\n    return x + 1\n```"
    assert leaked(code) is None
    settings = VerifierSettings(verifier="code-tests", verify_timeout_seconds=10)
    assert verify_code_tests(problem, given(code + leak), settings).reason == reason


def test_a_control_token_inside_a_structure_is_rejected_unless_the_structure_names_it() -> None:
    problem = Problem("id", "Name a city.", "")
    text = '{"city": "Paris<|im_end|>"}'
    schema = VerifierSettings(verifier="structure", json_schema='{"required": ["city"]}')
    assert verify_structure(problem, given('{"city": "Paris"}'), schema).reason == Reason.VALID
    assert verify_structure(problem, given(text), schema).reason == Reason.LEAKED_TOKEN
    named = VerifierSettings(verifier="structure", regex=r'.*<\|im_end\|>"\}')
    assert verify_structure(problem, given(text), named).reason == Reason.VALID


HOSTILE = [
    "I see , ", "sorry ", "i can't ", "as an ai ", "ich kann ", "申し訳ありませんが、", "i understand ",
    "이 ", "मैं ", "I can't help with that, but ", "<|", "<|im_end", "<s>", "</s>", "[INST", "`<|im_end|>",
    "```\n", "```a\n", "<｜", "\n\nUser: ", "\nUser:\nA: ", "\n**", "[", "[your ", "[insert a ", "{{",
    "<your code ",
    "TODO", "\nTODO", "# your code here\n", "lorem ipsum dolor ", "...", "N/A ", "please provide the ",
    "could you ", "the ", "I need ", "\n", "'", "\"", "a",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", HOSTILE)
def test_the_checks_take_time_linear_in_text_and_prompt(unit: str) -> None:
    """What is quadratic takes minutes."""
    text = unit * (100_000 // len(unit))
    for check in FORM:
        for prompt in ("", unit, text, f"{text}?"):
            check(text, prompt)
            check(unit, prompt)
