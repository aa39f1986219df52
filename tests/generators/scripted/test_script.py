import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.scripted.script import (
    Script,
    latency_seconds,
    scripted_response,
    sum_problem,
    sum_problems,
)
from gristmill.sampling.records import Draw, FinishReason, Response, problem_id
from tests.generators.drawing import PROBLEM, draw_number


def responses(script: Script, count: int = 4000) -> list[Response]:
    return [
        scripted_response(script, PROBLEM.id, PROBLEM.reference, draw_number(n), "") for n in range(count)
    ]


def is_right(response: Response, reference: str = PROBLEM.reference) -> bool:
    return f"\\boxed{{{reference}}}" in response.text


def test_the_same_seed_brings_the_same_response_and_another_seed_another() -> None:
    script = Script(length_rate=0.1, latency_seconds=1)
    assert responses(script) == responses(script)
    assert len({response.text for response in responses(script)}) == 4000


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.5, 1.0])
def test_the_share_of_right_answers_is_the_pass_rate(rate: float) -> None:
    share = statistics.fmean(is_right(response) for response in responses(Script(pass_rate=rate)))
    assert share == pytest.approx(rate, abs=0.03 if 0 < rate < 1 else 0)


def test_the_pass_rate_of_a_problem_goes_before_the_general_one() -> None:
    script = Script(pass_rate=0, pass_rates={PROBLEM.id: 1.0})
    assert all(is_right(response) for response in responses(script, 50))


def test_a_response_cut_off_has_no_answer() -> None:
    cut = [response for response in responses(Script(length_rate=0.25)) if "boxed" not in response.text]
    assert len(cut) == pytest.approx(1000, abs=120)
    assert {response.finish_reason for response in cut} == {FinishReason.LENGTH}


@given(reference=st.text(max_size=12), seed=st.integers(0, 2**31 - 1))
def test_a_wrong_answer_is_never_the_reference(reference: str, seed: int) -> None:
    response = scripted_response(Script(pass_rate=0), "p", reference, Draw("p", 0, seed), "")
    assert not is_right(response, reference)


def test_latencies_are_lognormal_about_their_median() -> None:
    script = Script(latency_seconds=0.5, sigma=0.6)
    seconds = [response.seconds for response in responses(script)]
    assert statistics.median(seconds) == pytest.approx(0.5, rel=0.05)
    assert statistics.fmean(seconds) == pytest.approx(0.5 * 2.718281828 ** (0.6**2 / 2), rel=0.05)
    assert latency_seconds(script, 0.0) < 0.1 < 2 < latency_seconds(script, 0.9999)


def test_token_counts_have_the_mean_asked_for() -> None:
    mean = statistics.fmean(response.completion_tokens for response in responses(Script(tokens=200)))
    assert mean == pytest.approx(200, rel=0.03)


def test_sum_problems_are_distinct_and_know_themselves() -> None:
    problems = sum_problems(500)
    assert len({problem.id for problem in problems}) == 500
    for problem in problems:
        assert problem.id == problem_id(problem.prompt, problem.reference)
        assert sum_problem(f"What is 1 + 1? It is 2. {problem.prompt} Answer in a box.") == problem


def test_a_text_that_asks_for_no_sum_is_not_known() -> None:
    assert sum_problem("What is 3 - 4?") is None
