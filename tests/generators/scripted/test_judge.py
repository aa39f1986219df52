"""A judge by rule: what it is told to find, it finds, and how often it is told to fail, it fails."""

from dataclasses import replace

import pytest

from gristmill.generators.judge_prompts import (
    Better,
    Rubric,
    compare_prompt,
    read_preference,
    read_score,
    score_prompt,
)
from gristmill.generators.scripted.judge import GARBAGE, JudgeScript, open_scripted_judge, scripted_judgement
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import Problem
from tests.generators.drawing import PROMPT, draw_number

SCORE = Rubric("Good answers are good.", scale=10)
COMPARE = replace(SCORE, mode="compare")
PROBLEM = Problem("p", "Say something of quality 9.", "")


def score(text: str, seed: int = 0, script: JudgeScript | None = None) -> str | None:
    question = score_prompt(SCORE, PROBLEM, text)[-1].content
    return scripted_judgement(script or JudgeScript(), seed, question)


@pytest.mark.parametrize(
    ("text", "expected"), [("quality 3", 3), ("It has quality 99.", 10), ("quality 0", 1)]
)
def test_a_planted_quality_is_the_score(text: str, expected: int) -> None:
    assert read_score(score(text) or "", 10).score == expected


def test_without_a_planted_quality_scores_spread_over_the_scale() -> None:
    scores = [read_score(score(f"text {number}") or "", 10).score for number in range(500)]
    assert set(scores) == set(range(1, 11))
    assert scores == [read_score(score(f"text {number}", 7) or "", 10).score for number in range(500)]


@pytest.mark.parametrize(
    ("first", "second", "better"),
    [
        ("quality 7", "quality 6", Better.A),
        ("quality 6", "quality 7", Better.B),
        ("quality 6", "quality 6", Better.TIE),
    ],
)
def test_the_better_of_two_is_preferred(first: str, second: str, better: Better) -> None:
    question = compare_prompt(COMPARE, PROBLEM, first, second)[-1].content
    answer = scripted_judgement(JudgeScript(), 0, question)
    assert read_preference(answer or "").better is better
    biased = scripted_judgement(JudgeScript(first_rate=1), 0, question)
    assert read_preference(biased or "").better is Better.A


def test_garbage_comes_as_often_as_it_should() -> None:
    script = JudgeScript(garbage_rate=0.25)
    garbage = [score("quality 3", seed, script) == GARBAGE for seed in range(2000)]
    assert 0.22 < sum(garbage) / 2000 < 0.28


def test_what_is_no_question_to_a_judge_is_not_judged() -> None:
    assert scripted_judgement(JudgeScript(), 0, PROMPT[-1].content) is None


async def test_the_scripted_backend_judges_problems_it_does_not_know() -> None:
    settings = GeneratorSettings(backend="scripted", model="judge", script_fault_rate=1)
    async with open_scripted_judge(settings) as judge:
        answer = await judge.draw(draw_number(0), score_prompt(SCORE, PROBLEM, "quality 8"))
        other = await judge.draw(draw_number(0), PROMPT)
    assert (read_score(answer.text, 10).score, answer.model) == (8, "judge")
    assert "\\boxed{" in other.text
