"""`raw`: every attempt with all of its verdicts and metrics: what the store says of it, in one record.

For research and for audits; no trainer reads it. The current verdict is the one of `ordinal`; `verdicts` are
all that were given by the moment of the export, oldest first. `origin` is JSON text, for its keys differ from
problem to problem.
"""

import json
import math
from collections.abc import Iterator

import pyarrow as pa

from gristmill.db.exports.records import AttemptDetail, ExportAttempt, ExportProblem, StoredVerdict
from gristmill.exports.rows import Context, Format, Record, Row
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.records import Outcome, Problem

_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])
_VERDICT = pa.struct(
    [
        ("ordinal", pa.int32()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("verifier", pa.string()),
        ("version", pa.string()),
        ("detail", pa.string()),
        ("answer", pa.string()),
        ("span", _SPAN),
        ("seconds", pa.float64()),
        ("created_at", pa.string()),
    ]
)
_SCHEMA = pa.schema(
    [
        ("problem_id", pa.string()),
        ("prompt", pa.string()),
        ("reference", pa.string()),
        ("level", pa.string()),
        ("source", pa.string()),
        ("origin", pa.string()),
        ("parents", pa.list_(pa.string())),
        ("run_id", pa.string()),
        ("number", pa.int32()),
        ("model", pa.string()),
        ("seed", pa.int64()),
        ("text", pa.string()),
        ("finish_reason", pa.string()),
        ("prompt_tokens", pa.int32()),
        ("completion_tokens", pa.int32()),
        ("cumulative_logprob", pa.float64()),
        ("seconds", pa.float64()),
        ("created_at", pa.string()),
        ("ordinal", pa.int32()),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("verifier", pa.string()),
        ("verdicts", pa.list_(_VERDICT)),
        ("metrics", pa.list_(pa.struct([("name", pa.string()), ("value", pa.float64())]))),
    ]
)


def _schema(_: ExportSettings) -> pa.Schema:
    return _SCHEMA


def _rows(problem: ExportProblem, _: Context) -> Iterator[Row]:
    told = _problem(problem.problem)
    for attempt in problem.attempts:
        detail = problem.details[attempt.key]
        yield Row({**told, **_attempt(attempt, detail)}, (attempt,))


def _problem(problem: Problem) -> Record:
    return {
        "problem_id": problem.id,
        "prompt": problem.prompt,
        "reference": problem.reference,
        "level": problem.level,
        "source": problem.source,
        "origin": json.dumps(dict(problem.origin), sort_keys=True),
        "parents": list(problem.parents),
    }


def _attempt(attempt: ExportAttempt, detail: AttemptDetail) -> Record:
    return {
        "run_id": attempt.run_id,
        "number": attempt.number,
        "model": attempt.model,
        "seed": detail.seed,
        "text": attempt.text,
        "finish_reason": detail.finish_reason,
        "prompt_tokens": detail.prompt_tokens,
        "completion_tokens": attempt.completion_tokens,
        "cumulative_logprob": _finite(attempt.cumulative_logprob),
        "seconds": detail.seconds,
        "created_at": detail.created_at,
        "ordinal": attempt.ordinal,
        "outcome": attempt.outcome.value,
        "reason": attempt.reason,
        "verifier": attempt.verifier,
        "verdicts": [_verdict(stored) for stored in detail.verdicts],
        "metrics": [
            {"name": name, "value": _finite(detail.metrics[name])} for name in sorted(detail.metrics)
        ],
    }


def _finite(value: float | None) -> float | None:
    """JSON has no infinity."""
    return value if value is not None and math.isfinite(value) else None


def _verdict(stored: StoredVerdict) -> Record:
    verdict = stored.verdict
    return {
        "ordinal": stored.ordinal,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "verifier": verdict.verifier,
        "version": verdict.version,
        "detail": verdict.detail,
        "answer": verdict.answer,
        "span": None if verdict.span is None else {"start": verdict.span[0], "end": verdict.span[1]},
        "seconds": verdict.seconds,
        "created_at": stored.created_at,
    }


RAW = Format(
    _schema,
    _rows,
    in_words="every response with all of its verdicts and metrics, accepted or not",
    columns={
        "prompt": "The problem.",
        "reference": "What its verifier compares with: an answer, constraints, a rubric.",
        "origin": "What is known of the problem's making, as JSON.",
        "parents": "Ids of the problems that it was made from.",
        "run_id": "The run that drew the response.",
        "number": "Which response of its run to its problem, from 0.",
        "model": "The model that gave it.",
        "seed": "The seed that it was drawn with.",
        "text": "The response.",
        "finish_reason": "Why it ended: `stop`, or `length` where it was cut off.",
        "prompt_tokens": "Tokens of the prompt, with its template.",
        "completion_tokens": "Tokens of the response.",
        "cumulative_logprob": "Sum of its tokens' log probabilities; null where they were not asked for.",
        "seconds": "How long it took to draw.",
        "created_at": "When it was stored.",
        "ordinal": "Which of the verdicts is the current one.",
        "outcome": "The current verdict: `accepted`, `rejected` or `undecided`.",
        "reason": "Why, in one word of a fixed list.",
        "verifier": "The verifier that gave it.",
        "verdicts": "All verdicts, oldest first: with version, detail, the answer found and where it stands.",
        "metrics": "Metrics that were stored, by name.",
    },
    kind="all attempts",
    outcomes=tuple(Outcome),
    wants_details=True,
)
