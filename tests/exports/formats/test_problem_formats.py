"""Formats that tell of problems, and the one that tells everything: their records to the letter."""

from dataclasses import replace
from typing import cast

import pytest

from gristmill.db.exports.records import AttemptDetail, StoredVerdict
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Context, Record
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.records import Outcome, Problem, Tally, Verdict
from tests.exports.samples import a_problem, a_rejected, an_attempt, an_undecided, problem_with

CONTEXT = Context(ExportSettings())
PROBLEM = a_problem("1 + 1?", "2", level="easy", source="sums")
TURN = {"role": "user", "content": "1 + 1?"}


def test_rlvr_is_read_by_open_instruct_and_by_verl() -> None:
    exported = replace(problem_with(PROBLEM), tally=Tally(accepted=3, rejected=1, undecided=2, tokens=60))
    (row,) = FORMATS["rlvr"].rows(exported, CONTEXT)
    for_open_instruct = {"messages": [TURN], "ground_truth": "2", "dataset": "math"}
    for_verl = {
        "data_source": "sums",
        "prompt": [TURN],
        "ability": "math",
        "reward_model": {"style": "rule", "ground_truth": "2"},
        "extra_info": {"index": PROBLEM.id, "verifier": "math", "level": "easy"},
    }
    counts = {"pass_rate": 0.75, "attempts": 6, "accepted": 3, "rejected": 1, "undecided": 2}
    of_problem = {"level": "easy", "source": "sums", "problem_id": PROBLEM.id}
    assert row.record == for_open_instruct | for_verl | counts | of_problem
    assert row.attempts == ()


@pytest.mark.parametrize(
    ("tally", "pass_rate"),
    [
        (Tally(), None),
        (Tally(undecided=5), None),
        (Tally(rejected=4), 0.0),
        (Tally(accepted=1, rejected=3, undecided=100), 0.25),
        (Tally(accepted=7), 1.0),
    ],
)
def test_the_pass_rate_is_of_decided_attempts_and_null_without_any(
    tally: Tally, pass_rate: float | None
) -> None:
    (row,) = FORMATS["rlvr"].rows(replace(problem_with(PROBLEM), tally=tally), CONTEXT)
    assert row.record["pass_rate"] == pass_rate
    assert row.record["attempts"] == tally.attempts


def test_the_reference_is_the_answer_whatever_was_responded() -> None:
    problem = replace(PROBLEM, parents=("document-1", "document-2"))
    (row,) = FORMATS["reference"].rows(problem_with(problem, a_rejected()), CONTEXT)
    assert row.record == {
        "messages": [TURN, {"role": "assistant", "content": "2"}],
        "metadata": {
            "problem_id": problem.id,
            "level": "easy",
            "source": "sums",
            "parents": ["document-1", "document-2"],
        },
    }
    assert row.attempts == ()


@pytest.mark.parametrize("reference", ["", " \n\t"])
def test_a_problem_without_a_reference_has_nothing_to_answer_with(reference: str) -> None:
    assert not list(FORMATS["reference"].rows(problem_with(a_problem("Say something.", reference)), CONTEXT))


def everything(problem: Problem = PROBLEM) -> list[Record]:
    first = Verdict(Outcome.UNDECIDED, "time-out", "math", "1", "took 5 s", None, None, 5.0)
    second = Verdict(Outcome.ACCEPTED, "equal", "math", "2", "", "2", (3, 4), 0.25)
    verdicts = (StoredVerdict(0, "T0", first), StoredVerdict(1, "T1", second))
    detail = AttemptDetail(2**31 - 1, "stop", 11, 0.5, "T0", verdicts, {"words": 4.0, "fog": -0.5})
    attempt = an_attempt(9, "2.", ordinal=1, tokens=3, logprob=-1.5)
    exported = problem_with(problem, attempt, details={("run", 9): detail})
    return [row.record for row in FORMATS["raw"].rows(exported, CONTEXT)]


OF_ATTEMPT = {
    "problem_id": PROBLEM.id,
    "prompt": "1 + 1?",
    "reference": "2",
    "level": "easy",
    "source": "sums",
    "origin": r'{"file": "a\ud800.jsonl", "line": "7"}',
    "parents": ["p"],
    "run_id": "run",
    "number": 9,
    "model": "model",
    "seed": 2**31 - 1,
    "text": "2.",
    "finish_reason": "stop",
    "prompt_tokens": 11,
    "completion_tokens": 3,
    "cumulative_logprob": -1.5,
    "seconds": 0.5,
    "created_at": "T0",
    "ordinal": 1,
    "outcome": "accepted",
    "reason": "equal",
    "verifier": "math",
    "metrics": [{"name": "fog", "value": -0.5}, {"name": "words", "value": 4.0}],
}
OF_VERDICT = {
    "ordinal": 1,
    "outcome": "accepted",
    "reason": "equal",
    "verifier": "math",
    "version": "2",
    "detail": "",
    "answer": "2",
    "span": {"start": 3, "end": 4},
    "seconds": 0.25,
    "created_at": "T1",
}
"""What `everything` records, but for the verdicts, and its last verdict."""


def test_raw_holds_everything_that_is_recorded_of_an_attempt() -> None:
    problem = replace(PROBLEM, parents=("p",), origin={"line": "7", "file": "a\ud800.jsonl"})
    (record,) = everything(problem)
    verdicts = cast(list[Record], record["verdicts"])
    assert {key: value for key, value in record.items() if key != "verdicts"} == OF_ATTEMPT
    assert verdicts[1] == OF_VERDICT
    assert (verdicts[0]["outcome"], verdicts[0]["answer"], verdicts[0]["span"]) == ("undecided", None, None)


def test_raw_takes_attempts_of_every_outcome() -> None:
    attempts = (an_attempt(), a_rejected(), an_undecided())
    rows = list(FORMATS["raw"].rows(problem_with(PROBLEM, *attempts), CONTEXT))
    assert [row.record["outcome"] for row in rows] == ["accepted", "rejected", "undecided"]
    assert [row.attempts for row in rows] == [(attempt,) for attempt in attempts]
    assert set(FORMATS["raw"].outcomes) == set(Outcome)
