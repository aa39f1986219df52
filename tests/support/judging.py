"""What the tests of judges share: gates, a judge model that says what it is told to, one on a stub server."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from gristmill.generators.judge_prompts import Rubric
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.judges.model import JudgeModel
from gristmill.runs.judges.rubric import RubricJudge, open_rubric_judge
from gristmill.runs.settings.judge import JudgeSettings
from gristmill.sampling.errors import GristmillError
from gristmill.sampling.records import (
    Draw,
    Failure,
    FinishReason,
    Outcome,
    Problem,
    Prompt,
    Response,
    Verdict,
)
from tests.stub.server import StubServer, serve

PROBLEM = Problem("p", "Say something good.", "It has quality 50.")
RUBRIC = "Good answers are good."
OWN = GeneratorSettings(backoff_seconds=0.001)


def response(text: str) -> Response:
    return Response(text, FinishReason.STOP, 5, 7, 0.1, "writer")


class Gates:
    """Accepts what does not begin with `bad`."""

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        rejected = response.text.startswith("bad")
        outcome = Outcome.REJECTED if rejected else Outcome.ACCEPTED
        return Verdict(outcome, "refusal" if rejected else "sound", "sound", "1", seconds=0.25)


class Oracle:
    """Answers these in turn, whatever it is asked: a text, or an error that is raised."""

    model = "oracle"
    condition = ""

    def __init__(self, answers: Sequence[str | GristmillError]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Draw, Prompt]] = []
        self.finish = FinishReason.STOP
        self.drained = 0

    def drain_failures(self) -> list[Failure]:
        self.drained += 1
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        self.asked.append((draw, prompt))
        answer = self.answers.pop(0)
        if isinstance(answer, GristmillError):
            raise answer
        return replace(response(answer), finish_reason=self.finish, seconds=0.5)


def over(oracle: Oracle, rubric: Rubric | None = None) -> RubricJudge:
    return RubricJudge(Gates(), JudgeModel(oracle, 4), rubric or Rubric(RUBRIC))


@asynccontextmanager
async def judge_on(stub: StubServer, **values: object) -> AsyncIterator[RubricJudge]:
    async with serve(stub):
        settings = {"judge_server": stub.url, "rubric": RUBRIC, "judge_outage_seconds": 30, **values}
        async with open_rubric_judge(JudgeSettings.model_validate(settings), OWN, Gates()) as judge:
            yield judge


def scored(score: object) -> str:
    return json.dumps({"explanation": "So it is.", "score": score})


def preferred(better: str) -> str:
    return json.dumps({"explanation": f"{better} it is.", "better": better})
