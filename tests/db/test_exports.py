"""What is exported, in which order, and the record of it."""

import tracemalloc

import pytest
from sqlalchemy import Engine, text

from db.attempts import record
from db.evidence import WINDOW_PROBLEMS
from db.exports import accepted_rows, record_export
from db.sessions import reading, writing
from db.verdicts import append_verdicts
from sampling.records import Outcome, Stop, StopReason
from tests.db.samples import RUN, a_problem, a_verdict, an_attempt, start_run, store

ONE, TWO, THREE = a_problem(1), a_problem(2), a_problem(3)


def exported(engine: Engine, *run_ids: str, with_surplus: bool = True) -> list[tuple[str, str, int]]:
    with reading(engine) as session:
        rows = accepted_rows(session, run_ids, with_surplus=with_surplus)
        return [(row.run_id, row.problem.reference, row.number) for row in rows]


def test_accepted_attempts_come_by_position_and_number_run_by_run(engine: Engine) -> None:
    start_run(engine, [THREE, ONE])
    start_run(engine, [ONE, THREE], run_id="run-2")
    for run_id in (RUN, "run-2"):
        store(engine, [an_attempt(ONE, 10), an_attempt(ONE, 9), an_attempt(THREE, 0)], run_id)
    assert exported(engine, "run-2", RUN) == [
        ("run-2", "1", 9),
        ("run-2", "1", 10),
        ("run-2", "3", 0),
        (RUN, "3", 0),
        (RUN, "1", 9),
        (RUN, "1", 10),
    ]


@pytest.mark.parametrize("with_surplus", [False, True])
def test_a_run_of_more_problems_than_one_window_is_exported_whole(engine: Engine, with_surplus: bool) -> None:
    problems = [a_problem(name) for name in range(2 * WINDOW_PROBLEMS + 1)]
    start_run(engine, problems)
    store(engine, [an_attempt(problem, number) for problem in problems for number in (1, 0)])
    assert exported(engine, RUN, with_surplus=with_surplus) == [
        (RUN, problem.reference, number) for problem in problems for number in (0, 1)
    ]


def test_a_row_says_all_that_explains_it(engine: Engine) -> None:
    start_run(engine, [ONE])
    attempt = an_attempt(ONE, 0)
    store(engine, [attempt])
    with reading(engine) as session:
        [row] = accepted_rows(session, [RUN], with_surplus=False)
    assert (row.problem, row.seed, row.response, row.verdict) == (
        ONE,
        attempt.draw.seed,
        attempt.response,
        attempt.verdict,
    )


def test_only_what_is_accepted_now_is_exported(engine: Engine) -> None:
    start_run(engine, [ONE])
    outcomes = [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED, Outcome.ACCEPTED, Outcome.REJECTED]
    store(engine, [an_attempt(ONE, number, outcome) for number, outcome in enumerate(outcomes)])
    with writing(engine) as session:
        changed = [(ONE.id, 0, a_verdict(Outcome.REJECTED)), (ONE.id, 4, a_verdict(Outcome.ACCEPTED))]
        append_verdicts(session, RUN, changed)
    assert exported(engine, RUN) == [(RUN, "1", 3), (RUN, "1", 4)]


@pytest.mark.parametrize(("with_surplus", "numbers"), [(False, [1, 2]), (True, [1, 2, 4])])
def test_the_quota_counts_accepted_attempts_from_the_lowest_number(
    engine: Engine, with_surplus: bool, numbers: list[int]
) -> None:
    start_run(engine, [ONE, TWO, THREE])
    outcomes = [Outcome.REJECTED, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.UNDECIDED, Outcome.ACCEPTED]
    attempts = [
        an_attempt(problem, number, outcome)
        for problem in (ONE, TWO, THREE)
        for number, outcome in enumerate(outcomes)
    ]
    stops = [
        Stop(ONE.id, StopReason.QUOTA_MET, 2, 8),
        Stop(TWO.id, StopReason.CEILING_REACHED, None, 5),
        Stop(THREE.id, StopReason.CEILING_REACHED, 40, 5),
    ]
    with writing(engine) as session:
        record(session, RUN, attempts, [], stops)
    found = exported(engine, RUN, with_surplus=with_surplus)
    assert [number for _, reference, number in found if reference == "1"] == numbers
    assert [number for _, reference, number in found if reference == "2"] == [1, 2, 4]
    assert [number for _, reference, number in found if reference == "3"] == [1, 2, 4]


@pytest.mark.parametrize("with_surplus", [False, True])
def test_exporting_takes_constant_memory(engine: Engine, with_surplus: bool) -> None:
    problems = [a_problem(name) for name in range(30)]
    start_run(engine, problems)
    long = "x" * 10_000
    for number in range(50):
        store(engine, [an_attempt(problem, number, text=long) for problem in problems])
    with reading(engine) as session:
        tracemalloc.start()
        count = sum(1 for _ in accepted_rows(session, [RUN], with_surplus=with_surplus))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 1_500
    assert peak < 6_000_000 < count * len(long)


def test_an_export_is_recorded_with_what_it_was_cut_by(engine: Engine) -> None:
    with writing(engine) as session:
        ids = [
            record_export(
                session,
                path="out/sft.jsonl",
                format="sft",
                filter={"with_surplus": False, "levels": ["\x00", "\ud800"]},
                run_ids=[RUN, "run-2"],
                row_count=12,
                checksum="sha256:0f",
            )
            for _ in range(2)
        ]
        rows = session.execute(text("SELECT id, format, filter, run_ids, row_count FROM exports ORDER BY id"))
        assert [tuple(row) for row in rows] == [
            (
                id_,
                "sft",
                '{"levels": ["\\u0000", "\\ud800"], "with_surplus": false}',
                '["run-1", "run-2"]',
                12,
            )
            for id_ in ids
        ]
    assert ids[0] < ids[1]
