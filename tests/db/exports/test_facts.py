"""Facts on the runs of an export."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import Engine

from gristmill.db.exports.facts import RunFacts, known_values, models_of, problem_count, run_facts
from gristmill.sampling.records import Outcome
from tests.db.histories import EVER, MOMENTS, POOL, Kept, Quotas, kept, write, write_run
from tests.db.samples import RUN, read

ONE, TWO, THREE = POOL[:3]
ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED


def of_version(one: Kept, *versions: str) -> Kept:
    """Its verdicts, in order, by these versions."""
    pairs = zip(one.history, versions, strict=True)
    return replace(
        one, history=tuple((at, replace(verdict, version=version)) for (at, verdict), version in pairs)
    )


@pytest.fixture
def run(engine: Engine) -> Engine:
    attempts = [
        of_version(kept(ONE, 0, ACCEPTED, REJECTED, ACCEPTED, model="n"), "1", "2", "10"),
        kept(ONE, 1, REJECTED, model="m"),
        kept(TWO, 0, UNDECIDED, model="m"),
        kept(TWO, 1, ACCEPTED, model="\ud800", reason="odd \x00"),
        kept(TWO, 2, ACCEPTED, model="later", at=[MOMENTS[3]]),
    ]
    write_run(engine, [ONE, TWO, THREE], *attempts)
    write_run(engine, [ONE], kept(ONE, 0, model="other"), run_id="run-2")
    return engine


def facts(engine: Engine, run_id: str = RUN, moment: int | None = None) -> RunFacts:
    return read(engine, run_facts, run_id, EVER if moment is None else MOMENTS[moment])


def test_attempts_are_counted_by_the_verdict_they_have_now(run: Engine) -> None:
    found = facts(run)
    assert found.problems == 3
    assert list(found.attempts.items()) == [
        ("accepted: equal", 2),
        ("accepted: odd \x00", 1),
        ("rejected: not-equal", 1),
        ("undecided: time-out", 1),
    ]
    assert found.verifiers == ["math 1", "math 10"]


@pytest.mark.parametrize(
    ("moment", "accepted", "rejected", "verifiers"),
    [
        (0, 1, 1, ["math 1"]),
        (1, 0, 2, ["math 1", "math 2"]),
        (2, 1, 1, ["math 1", "math 10"]),
        (3, 2, 1, ["math 1", "math 10"]),
    ],
)
def test_what_came_after_the_moment_does_not_count(
    run: Engine, moment: int, accepted: int, rejected: int, verifiers: list[str]
) -> None:
    found = facts(run, moment=moment)
    assert found.attempts.get("accepted: equal", 0) == accepted
    assert found.attempts["rejected: not-equal"] == rejected
    assert found.verifiers == verifiers


def test_a_run_without_attempts_or_problems_has_none_to_tell(engine: Engine) -> None:
    write_run(engine, [ONE])
    found = facts(engine)
    assert (found.problems, found.attempts, found.verifiers) == (1, {}, [])
    empty = facts(engine, "nope")
    assert (empty.problems, empty.attempts, empty.verifiers) == (0, {}, [])


TOLD: list[Mapping[str, Quotas]] = [
    {},
    {ONE.id: {MOMENTS[0]: 0}},
    {ONE.id: {MOMENTS[0]: 1}},
    {TWO.id: {MOMENTS[0]: 1}},
    {ONE.id: {MOMENTS[0]: 1}, TWO.id: {MOMENTS[0]: 1}},
    {ONE.id: {MOMENTS[0]: 12}, TWO.id: {MOMENTS[0]: 1}},
    {ONE.id: {MOMENTS[0]: 1}, TWO.id: {MOMENTS[0]: 21}},
]


def test_the_checksum_of_quotas_tells_every_change_of_one(engine: Engine) -> None:
    run_ids = [f"run-{place}" for place in range(len(TOLD))]
    places = {
        run_id: {problem.id: of_run.get(problem.id, {}) for problem in (ONE, TWO)}
        for run_id, of_run in zip(run_ids, TOLD, strict=True)
    }
    write(engine, [], POOL, places)
    assert len({facts(engine, run_id).quotas_sha256 for run_id in run_ids}) == len(TOLD)


def test_the_checksum_of_quotas_is_of_those_of_the_moment(engine: Engine) -> None:
    """Documented: lines of id and quota in order of id, of the problems that had one."""
    history: Mapping[str, Quotas] = {
        ONE.id: {MOMENTS[1]: 4, MOMENTS[3]: 2},
        TWO.id: {MOMENTS[4]: 9, MOMENTS[2]: 7},
        THREE.id: {MOMENTS[0]: None},
    }
    write(engine, [], POOL, {RUN: history})
    for moment, quotas in (
        (0, {}),
        (1, {ONE.id: 4}),
        (2, {ONE.id: 4, TWO.id: 7}),
        (3, {ONE.id: 2, TWO.id: 7}),
        (4, {ONE.id: 2, TWO.id: 9}),
    ):
        lines = "".join(f"{id_} {quota}\n" for id_, quota in sorted(quotas.items()))
        assert facts(engine, RUN, moment).quotas_sha256 == sha256(lines.encode()).hexdigest()


def test_the_checksum_of_quotas_is_the_same_whatever_the_run_and_its_order(engine: Engine) -> None:
    one: Quotas = {MOMENTS[0]: 1}
    write(engine, [], POOL, {RUN: {ONE.id: one, TWO.id: {}}, "run-2": {TWO.id: {}, ONE.id: one}})
    assert facts(engine, RUN).quotas_sha256 == facts(engine, "run-2").quotas_sha256


@pytest.mark.parametrize(
    ("run_id", "moment", "models"),
    [
        (RUN, 0, ["m", "n", "\ud800"]),
        (RUN, 3, ["later", "m", "n", "\ud800"]),
        ("run-2", 3, ["other"]),
        ("nope", 3, []),
    ],
)
def test_models_are_those_that_had_responded_in_order(
    run: Engine, run_id: str, moment: int, models: list[str]
) -> None:
    assert read(run, models_of, run_id, MOMENTS[moment]) == models


@pytest.mark.parametrize(
    ("run_ids", "count"), [((RUN,), 3), (("run-2",), 1), ((RUN, "run-2"), 3), (("nope",), 0), ((), 0)]
)
def test_a_problem_of_several_runs_counts_once(run: Engine, run_ids: tuple[str, ...], count: int) -> None:
    assert read(run, problem_count, run_ids) == count


@pytest.mark.parametrize(
    ("run_ids", "what", "values"),
    [
        ((RUN,), "model", {"m", "n", "\ud800", "later"}),
        (("run-2",), "model", {"other"}),
        ((RUN, "run-2"), "reason", {"equal", "not-equal", "time-out", "odd \x00"}),
        (("run-2",), "source", {"one"}),
        ((RUN,), "level", {"easy", "hard", "\ud800 odd"}),
        (("nope",), "level", set()),
        ((), "reason", set()),
    ],
)
def test_what_is_known_is_what_the_runs_named_have(
    run: Engine, run_ids: tuple[str, ...], what: str, values: set[str]
) -> None:
    assert read(run, known_values, run_ids, what) == values
