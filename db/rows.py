"""Conversion between records of the core and rows of the tables.

The columns of a query are labelled so that problem, response and verdict can come in one row.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from gristmill.db.tables.core import AttemptRow, ProblemRow, VerdictRow
from gristmill.sampling.records import Attempt, Draw, Failure, Problem, Response, Verdict

AnyRow = Row[tuple[Any, ...]]
Parents = Mapping[str, tuple[str, ...]]

ACTIVE = "active"
"""The status of a problem that responses are drawn for."""

PROBLEM_COLUMNS = (
    ProblemRow.id,
    ProblemRow.prompt,
    ProblemRow.reference,
    ProblemRow.level,
    ProblemRow.source,
    ProblemRow.origin,
)
RESPONSE_COLUMNS = (
    AttemptRow.problem_id,
    AttemptRow.number,
    AttemptRow.seed,
    AttemptRow.text,
    AttemptRow.finish_reason,
    AttemptRow.prompt_tokens,
    AttemptRow.completion_tokens,
    AttemptRow.seconds,
    AttemptRow.model,
    AttemptRow.cumulative_logprob,
)
VERDICT_COLUMNS = (
    VerdictRow.ordinal,
    VerdictRow.outcome,
    VerdictRow.reason,
    VerdictRow.verifier,
    VerdictRow.version,
    VerdictRow.detail,
    VerdictRow.answer,
    VerdictRow.span_start,
    VerdictRow.span_end,
    VerdictRow.seconds.label("verify_seconds"),
)


def problem_of(row: AnyRow, parents: Parents) -> Problem:
    return Problem(
        id=row.id,
        prompt=row.prompt,
        reference=row.reference,
        level=row.level,
        source=row.source,
        parents=parents.get(row.id, ()),
        origin=json.loads(row.origin),
    )


def draw_of(row: AnyRow) -> Draw:
    return Draw(row.problem_id, row.number, row.seed)


def response_of(row: AnyRow) -> Response:
    return Response(
        text=row.text,
        finish_reason=row.finish_reason,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        seconds=row.seconds,
        model=row.model,
        cumulative_logprob=row.cumulative_logprob,
    )


def verdict_of(row: AnyRow) -> Verdict:
    return Verdict(
        outcome=row.outcome,
        reason=row.reason,
        verifier=row.verifier,
        version=row.version,
        detail=row.detail,
        answer=row.answer,
        span=None if row.span_start is None else (row.span_start, row.span_end),
        seconds=row.verify_seconds,
    )


def problem_row(problem: Problem, moment: datetime, status: str = ACTIVE) -> dict[str, object]:
    return {
        "id": problem.id,
        "prompt": problem.prompt,
        "reference": problem.reference,
        "level": problem.level,
        "source": problem.source,
        "origin": json.dumps(dict(problem.origin)),
        "status": status,
        "created_at": moment,
    }


def candidate_rows(run_id: str, attempt: Attempt, moment: datetime) -> list[dict[str, object]]:
    """One for each candidate in the response, in order."""
    draw = attempt.draw
    return [
        {
            "run_id": run_id,
            "problem_id": draw.problem_id,
            "number": draw.number,
            "position": position,
            "made_id": candidate.problem.id,
            "outcome": candidate.verdict.outcome,
            "reason": candidate.verdict.reason,
            "version": candidate.verdict.version,
            "created_at": moment,
            "text": candidate.text,
            "reference": candidate.problem.reference,
            "detail": candidate.verdict.detail,
        }
        for position, candidate in enumerate(attempt.verdict.candidates)
    ]


def attempt_row(run_id: str, attempt: Attempt, moment: datetime) -> dict[str, object]:
    draw, response = attempt.draw, attempt.response
    logprob = response.cumulative_logprob
    return {
        "run_id": run_id,
        "problem_id": draw.problem_id,
        "number": draw.number,
        "seed": draw.seed,
        "finish_reason": response.finish_reason,
        "prompt_tokens": response.prompt_tokens,
        "completion_tokens": response.completion_tokens,
        "seconds": response.seconds,
        "model": response.model,
        "cumulative_logprob": None if logprob is None or math.isnan(logprob) else logprob,
        "created_at": moment,
        "text": response.text,
    }


def verdict_row(
    run_id: str, problem_id: str, number: int, verdict: Verdict, moment: datetime
) -> dict[str, object]:
    """All but the ordinal."""
    start, end = verdict.span or (None, None)
    return {
        "run_id": run_id,
        "problem_id": problem_id,
        "number": number,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "verifier": verdict.verifier,
        "version": verdict.version,
        "seconds": verdict.seconds,
        "created_at": moment,
        "span_start": start,
        "span_end": end,
        "answer": verdict.answer,
        "detail": verdict.detail,
    }


def failure_row(
    run_id: str, failure: Failure, moment: datetime, batch: str, position: int
) -> dict[str, object]:
    draw = failure.draw
    return {
        "run_id": run_id,
        "problem_id": draw.problem_id,
        "number": draw.number,
        "seed": draw.seed,
        "kind": failure.kind,
        "detail": failure.detail,
        "seconds": failure.seconds,
        "created_at": moment,
        "batch": batch,
        "position": position,
    }
