"""What each format is to hold, said a second time: made from stored attempts without the code of the formats.

For stores in which a problem has at most one attempt of an outcome, so that no choice is left to be made.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gristmill.db.exports.records import StepValue
from gristmill.sampling.records import Attempt, Outcome, Problem

Records = list[dict[str, Any]]
Stored = Mapping[str, tuple[Problem, Sequence[Attempt]]]
"""By problem id; the attempts by number."""

ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
Make = Callable[[Problem, Attempt], dict[str, Any]]


def expected(format_name: str, run_id: str, stored: Stored) -> Records:
    """The records without `created_at`, which no test knows."""
    made: Records = []
    for id_ in sorted(stored):
        problem, attempts = stored[id_]
        made += ROWS_BY_FORMAT[format_name](run_id, problem, attempts)
    return made


def without_moments(records: Records) -> Records:
    for record in records:
        record.pop("created_at", None)
        for verdict in record.get("verdicts", ()):
            verdict.pop("created_at")
    return records


def steps_in(text: str) -> list[StepValue]:
    """The first character and the three after it, as far as there are any: right and wrong."""
    ends = [min(end, len(text)) for end in (1, 4)]
    steps = (StepValue(0, ends[0], 0.5), StepValue(1, ends[1], 0.0))
    return [step for step in steps if step.start < step.end]


def turn(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def _metadata(run_id: str, problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {
        "problem_id": problem.id,
        "run_id": run_id,
        "number": attempt.draw.number,
        "model": attempt.response.model,
        "level": problem.level,
        "source": problem.source,
    }


def _of_each(*outcomes: Outcome, bare: bool = False) -> Callable[[Make], Any]:
    def wrap(make: Make) -> Callable[[str, Problem, Sequence[Attempt]], Records]:
        def rows(run_id: str, problem: Problem, attempts: Sequence[Attempt]) -> Records:
            return [
                make(problem, one) | ({} if bare else {"metadata": _metadata(run_id, problem, one)})
                for one in attempts
                if one.verdict.outcome in outcomes
            ]

        return rows

    return wrap


@_of_each(ACCEPTED)
def _sft(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {"messages": [turn("user", problem.prompt), turn("assistant", attempt.response.text)]}


@_of_each(ACCEPTED, bare=True)
def _openai(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {"messages": [turn("user", problem.prompt), turn("assistant", attempt.response.text)]}


@_of_each(ACCEPTED)
def _prompt_completion(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {
        "prompt": [turn("user", problem.prompt)],
        "completion": [turn("assistant", attempt.response.text)],
    }


@_of_each(ACCEPTED)
def _alpaca(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {"instruction": problem.prompt, "input": "", "output": attempt.response.text}


@_of_each(ACCEPTED)
def _sharegpt(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    turns = (("human", problem.prompt), ("gpt", attempt.response.text))
    return {"conversations": [{"from": who, "value": text} for who, text in turns]}


@_of_each(ACCEPTED, REJECTED)
def _kto(problem: Problem, attempt: Attempt) -> dict[str, Any]:
    return {
        "prompt": [turn("user", problem.prompt)],
        "completion": [turn("assistant", attempt.response.text)],
        "label": attempt.verdict.outcome is ACCEPTED,
    }


def _stepwise(run_id: str, problem: Problem, attempts: Sequence[Attempt]) -> Records:
    made: Records = []
    for attempt in attempts:
        text = attempt.response.text
        steps = [part for part in (text[0:1], text[1:4]) if part]
        if steps and attempt.verdict.outcome is not UNDECIDED:
            record = {"prompt": problem.prompt, "completions": steps, "labels": [True, False][: len(steps)]}
            made.append(record | {"metadata": _metadata(run_id, problem, attempt)})
    return made


def _reference(_: str, problem: Problem, __: Sequence[Attempt]) -> Records:
    if not problem.reference.strip():
        return []
    told = {name: getattr(problem, name) for name in ("level", "source")}
    metadata = {"problem_id": problem.id, **told, "parents": list(problem.parents)}
    messages = [turn("user", problem.prompt), turn("assistant", problem.reference)]
    return [{"messages": messages, "metadata": metadata}]


def _pairs(margin: bool) -> Callable[[str, Problem, Sequence[Attempt]], Records]:
    def rows(run_id: str, problem: Problem, attempts: Sequence[Attempt]) -> Records:
        of = {one.verdict.outcome: one for one in attempts}
        if ACCEPTED not in of or REJECTED not in of:
            return []
        sides = {"chosen": of[ACCEPTED], "rejected": of[REJECTED]}
        if sides["chosen"].response.text == sides["rejected"].response.text:
            return []
        record: dict[str, Any] = {"prompt": [turn("user", problem.prompt)]}
        metadata: dict[str, Any] = {n: getattr(problem, n) for n in ("level", "source")}
        metadata["problem_id"] = problem.id
        for side, one in sides.items():
            record[side] = [turn("assistant", one.response.text)]
            metadata |= {f"{side}_run_id": run_id, f"{side}_model": one.response.model}
            metadata[f"{side}_number"] = one.draw.number
        return [record | ({"margin": 0.0} if margin else {}) | {"metadata": metadata}]

    return rows


def _rlvr(_: str, problem: Problem, attempts: Sequence[Attempt]) -> Records:
    turns = [turn("user", problem.prompt)]
    counts = {outcome: sum(one.verdict.outcome is outcome for one in attempts) for outcome in Outcome}
    decided = counts[ACCEPTED] + counts[REJECTED]
    return [
        {
            "messages": turns,
            "ground_truth": problem.reference,
            "dataset": "math",
            "data_source": problem.source,
            "prompt": turns,
            "ability": "math",
            "reward_model": {"style": "rule", "ground_truth": problem.reference},
            "extra_info": {"index": problem.id, "verifier": "math", "level": problem.level},
            "pass_rate": counts[ACCEPTED] / decided if decided else None,
            "attempts": len(attempts),
            **{outcome.value: count for outcome, count in counts.items()},
            "level": problem.level,
            "source": problem.source,
            "problem_id": problem.id,
        }
    ]


def _raw(run_id: str, problem: Problem, attempts: Sequence[Attempt]) -> Records:
    return [_everything(run_id, problem, one) for one in attempts]


def _everything(run_id: str, problem: Problem, attempt: Attempt) -> dict[str, Any]:
    response, verdict = attempt.response, attempt.verdict
    of_problem = {n: getattr(problem, n) for n in ("prompt", "reference", "level", "source")}
    names = ("prompt_tokens", "completion_tokens", "cumulative_logprob", "seconds", "model", "text")
    judged = {"outcome": verdict.outcome.value, "reason": verdict.reason, "verifier": verdict.verifier}
    span = None if verdict.span is None else {"start": verdict.span[0], "end": verdict.span[1]}
    said = {name: getattr(verdict, name) for name in ("version", "detail", "answer", "seconds")}
    return {
        **of_problem,
        "problem_id": problem.id,
        "origin": json.dumps(dict(problem.origin), sort_keys=True),
        "parents": list(problem.parents),
        "run_id": run_id,
        "number": attempt.draw.number,
        "seed": attempt.draw.seed,
        **{name: getattr(response, name) for name in names},
        "finish_reason": response.finish_reason.value,
        "ordinal": 0,
        **judged,
        "verdicts": [{"ordinal": 0, **judged, **said, "span": span}],
        "metrics": [],
    }


ROWS_BY_FORMAT: dict[str, Callable[[str, Problem, Sequence[Attempt]], Records]] = {
    "sft": _sft,
    "prompt-completion": _prompt_completion,
    "alpaca": _alpaca,
    "sharegpt": _sharegpt,
    "openai": _openai,
    "reference": _reference,
    "dpo": _pairs(margin=False),
    "reward": _pairs(margin=True),
    "kto": _kto,
    "rlvr": _rlvr,
    "stepwise": _stepwise,
    "raw": _raw,
}
