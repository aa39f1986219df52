"""The verifier `rubric`: a judge model decides by a written rubric, after the format checks.

Whatever the gates do not accept is theirs to answer for, and costs the judge model nothing. `score` asks once
and accepts from the least score on. `compare` holds the response against the problem's reference twice, each
of them first once, since judge models lean to a place. The response must hold its own in both orders:

    one order   other order   verdict
    win         win or tie    accepted
    tie         tie           accepted: as good as the reference
    tie         lose          rejected: never preferred, and once found worse
    lose        lose          rejected
    win         lose          undecided, judge-inconsistent: the place decided, or chance

Nothing but a judgement that was read rejects a response. An answer that cannot be read, or that did not come,
leaves it undecided. The same response is asked about with the same seeds, and so judged the same as far as
the server keeps to that. It lives here, above both, because a generator knows no verdict and a verifier no
generator.

Source: position bias and asking in both orders, Zheng et al. 2023 (arXiv 2306.05685).
"""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gristmill.generators import concurrency_of, open_generator
from gristmill.generators.judge_prompts import (
    Better,
    Rubric,
    compare_prompt,
    described,
    judgement_form,
    prompt_digest,
    read_preference,
    read_score,
    score_prompt,
)
from gristmill.generators.scripted.judge import open_scripted_judge
from gristmill.generators.settings import GeneratorSettings
from gristmill.problems.fragments import Granularity
from gristmill.runs.judges.model import JudgeModel
from gristmill.runs.settings.judge import JudgeSettings, check_judge, generator_settings
from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError
from gristmill.sampling.ports import Generator, Judge
from gristmill.sampling.records import FinishReason, Outcome, Problem, Prompt, Response, Verdict
from gristmill.verifiers.answer_part import answer_part
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.grounding.verify import read_source
from gristmill.verifiers.reasons import Reason

NAME = "rubric"
RULES = 1
"""Raise it with every change that can change a verdict, here or in `generators/judge_prompts.py`; what the
judge is told is in the version by itself.
"""

_LONGEST_EXPLANATION = 1000
_LONGEST_ANSWER = 2000


class Standing(StrEnum):
    """How the response came off in one comparison with the reference."""

    WIN = "win"
    TIE = "tie"
    LOSE = "lose"


COMPARED: dict[frozenset[Standing], Reason] = {
    frozenset({Standing.WIN}): Reason.RUBRIC_PASSED,
    frozenset({Standing.WIN, Standing.TIE}): Reason.RUBRIC_PASSED,
    frozenset({Standing.TIE}): Reason.RUBRIC_PASSED,
    frozenset({Standing.TIE, Standing.LOSE}): Reason.RUBRIC_FAILED,
    frozenset({Standing.LOSE}): Reason.RUBRIC_FAILED,
    frozenset({Standing.WIN, Standing.LOSE}): Reason.JUDGE_INCONSISTENT,
}
"""By the standings in both orders."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What became of a judgement; `detail` is for the verdict's, as JSON. `seconds` of requests answered."""

    reason: Reason
    detail: dict[str, object] = field(default_factory=dict)
    answer: str | None = None
    seconds: float = 0.0


class RubricJudge:
    """A `Judge` around another one: `inner` first, and the judge model for what it accepts."""

    def __init__(self, inner: Judge, model: JudgeModel, rubric: Rubric) -> None:
        self.version = f"{RULES}/{model.name}/{rubric.mode}-{rubric.digest()}"
        self._inner = inner
        self._model = model
        self._rubric = rubric

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        """The inner verdict where that is not accepted. Raises OutageError, UnavailableError or RefusedError
        where the judge model does nothing but fail.
        """
        gated = await self._inner.judge(problem, response)
        if gated.outcome is not Outcome.ACCEPTED:
            return gated
        found = await self._finding(
            replace(problem, reference=shown_reference(problem)), answer_part(response).text
        )
        detail = {"judge": self._model.name, **found.detail}
        seconds = gated.seconds + found.seconds
        finding = Finding(found.reason, json.dumps(detail, ensure_ascii=False))
        return finding.verdict(NAME, self.version, seconds, answer=found.answer)

    async def _finding(self, problem: Problem, text: str) -> _Finding:
        try:
            if self._rubric.mode == "score":
                return await self._scored(problem, text)
            return await self._compared(problem, text)
        except OutageError:
            raise
        except (UnavailableError, RefusedError) as error:
            self._model.note(error)
            return _Finding(Reason.JUDGE_FAILED, {"kind": error.kind, "error": str(error)})

    async def _scored(self, problem: Problem, text: str) -> _Finding:
        prompt = score_prompt(self._rubric, problem, text)
        answer = await self._model.ask(problem, text, 0, prompt)
        try:
            score = read_score(answer.text, self._rubric.scale)
        except ValueError as error:
            return _unreadable(answer, prompt, error)
        reason = Reason.RUBRIC_PASSED if score.score >= self._rubric.least else Reason.RUBRIC_FAILED
        detail: dict[str, object] = {
            "score": score.score,
            "explanation": score.explanation[:_LONGEST_EXPLANATION],
            "prompt": prompt_digest(prompt),
        }
        return _Finding(reason, detail, str(score.score), answer.seconds)

    async def _compared(self, problem: Problem, text: str) -> _Finding:
        """One order after the other: an answer that cannot be read spares the second request."""
        if not problem.reference.strip():
            return _Finding(Reason.UNREADABLE_REFERENCE, {"error": "there is no reference to compare with"})
        standings, explanations, prompts, seconds = list[Standing](), list[str](), list[str](), 0.0
        for number, own in enumerate((Better.A, Better.B)):
            pair = (text, problem.reference) if own is Better.A else (problem.reference, text)
            prompt = compare_prompt(self._rubric, problem, *pair)
            answer = await self._model.ask(problem, text, number, prompt)
            try:
                preference = read_preference(answer.text)
            except ValueError as error:
                return _unreadable(answer, prompt, error)
            wins = Standing.WIN if preference.better is own else Standing.LOSE
            standings.append(Standing.TIE if preference.better is Better.TIE else wins)
            explanations.append(preference.explanation[:_LONGEST_EXPLANATION])
            prompts.append(prompt_digest(prompt))
            seconds += answer.seconds
        detail: dict[str, object] = {
            "standings": standings,
            "explanations": explanations,
            "prompts": prompts,
        }
        return _Finding(COMPARED[frozenset(standings)], detail, ",".join(standings), seconds)


@asynccontextmanager
async def open_rubric_judge(
    settings: JudgeSettings, own: GeneratorSettings, inner: Judge
) -> AsyncIterator[RubricJudge]:
    """`own` are the settings of the run's generator, `inner` the gates, which stay the caller's to close.

    Entering raises ConfigError, and what opening the judge's generator raises.
    """
    rubric = check_judge(settings)
    asked = generator_settings(settings, own)
    opening: AbstractAsyncContextManager[Generator]
    if asked.backend == "scripted":
        opening = open_scripted_judge(asked)
    else:
        longest = asked.max_tokens if asked.backend == "embedded" else None  # a token is some four characters
        opening = open_generator(asked, {}, judgement_form(rubric, longest))
    async with opening as generator:
        yield RubricJudge(inner, JudgeModel(generator, concurrency_of(asked)), rubric)


def shown_reference(problem: Problem) -> str:
    """The reference where it is an answer. What makers keep there besides is for other verifiers: of a
    grounded question the answer is shown, of a fragment that is keywords, and of constraints, nothing.
    """
    maker = problem.origin.get("maker", "")
    if maker == "grounded-qa":
        return read_source(problem.reference).answer
    keywords = maker == "extract-then-generate" and problem.level == Granularity.KEYWORD
    return "" if keywords or maker == "constrained" else problem.reference


def describe_judge(settings: JudgeSettings) -> str:
    """What the judge is told besides the material, as JSON, for the snapshot of a run. Raises ConfigError."""
    return described(check_judge(settings))


def _unreadable(answer: Response, prompt: Prompt, error: ValueError) -> _Finding:
    cut = answer.finish_reason is not FinishReason.STOP
    detail: dict[str, object] = {
        "error": f"{error}, and it was cut off: see judge_max_tokens" if cut else str(error),
        "text": answer.text[:_LONGEST_ANSWER],
        "prompt": prompt_digest(prompt),
    }
    return _Finding(Reason.UNREADABLE_JUDGEMENT, detail, None, answer.seconds)
