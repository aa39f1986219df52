"""A query is of its moment: verdicts, attempts and quotas that came later do not count."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

import gristmill.db.attempts
from gristmill.db.attempts import record
from gristmill.db.exports.records import ExportProblem
from gristmill.db.moments import export_cutoff
from gristmill.sampling.records import Outcome, Stop, StopReason
from tests.db.export_queries import ONE, TWO, query
from tests.db.histories import MOMENTS, Places, found, kept, write, write_run
from tests.db.samples import RUN, commit, start_run

ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("place", "cut_as"),
    [
        (0, [(0, 0, REJECTED)]),
        (1, [(0, 1, ACCEPTED)]),
        (2, [(0, 1, ACCEPTED), (1, 0, ACCEPTED)]),
        (3, [(0, 2, UNDECIDED), (1, 0, ACCEPTED)]),
        (4, [(0, 3, ACCEPTED), (1, 1, REJECTED)]),
    ],
)
def test_a_query_is_of_its_moment_whatever_was_drawn_and_judged_since(
    engine: Engine, place: int, cut_as: list[tuple[int, int, Outcome]]
) -> None:
    first = kept(ONE, 0, REJECTED, ACCEPTED, UNDECIDED, ACCEPTED, at=[MOMENTS[n] for n in (0, 1, 3, 4)])
    write_run(engine, [ONE], first, kept(ONE, 1, ACCEPTED, REJECTED, at=[MOMENTS[2], MOMENTS[4]]))
    [problem] = found(engine, query(as_of=MOMENTS[place], outcomes=tuple(Outcome), tally=True))
    assert [(one.number, one.ordinal, one.outcome) for one in problem.attempts] == cut_as
    assert problem.tally.attempts == len(cut_as)
    assert problem.tally.accepted == sum(outcome is ACCEPTED for *_, outcome in cut_as)


@pytest.mark.parametrize(("place", "numbers"), [(1, []), (2, [0]), (3, [0])])
def test_an_attempt_that_was_never_judged_again_is_there_from_its_moment_on(
    engine: Engine, place: int, numbers: list[int]
) -> None:
    write_run(engine, [ONE], kept(ONE, 0, at=[MOMENTS[2]]))
    [problem] = found(engine, query(as_of=MOMENTS[place]))
    assert [attempt.number for attempt in problem.attempts] == numbers


def test_verdicts_that_were_appended_together_are_one_step(engine: Engine) -> None:
    write_run(engine, [ONE], kept(ONE, 0, ACCEPTED, REJECTED, ACCEPTED, at=[MOMENTS[1]] * 3))
    [problem] = found(engine, query(as_of=MOMENTS[1]))
    assert [attempt.ordinal for attempt in problem.attempts] == [2]
    assert found(engine, query(as_of=MOMENTS[0])) == [ExportProblem(ONE, {RUN: None}, [])]


@pytest.mark.parametrize(("place", "ordinals"), [(0, []), (1, [0]), (2, [2]), (3, [2]), (4, [2]), (5, [2])])
def test_no_attempt_is_exported_twice_though_the_clock_was_set_back(
    engine: Engine, place: int, ordinals: list[int]
) -> None:
    moments = [MOMENTS[n] for n in (1, 4, 2)]
    write_run(engine, [ONE], kept(ONE, 0, ACCEPTED, REJECTED, ACCEPTED, at=moments))
    [problem] = found(engine, query(as_of=MOMENTS[place], outcomes=tuple(Outcome), tally=True))
    assert [attempt.ordinal for attempt in problem.attempts] == ordinals
    assert problem.tally.attempts == len(ordinals)


def test_quotas_are_those_of_each_run_named(engine: Engine) -> None:
    start = MOMENTS[0]
    places: Places = {
        "a": {ONE.id: {start: 3}, TWO.id: {}},
        "b": {ONE.id: {start: 0}},
        "c": {ONE.id: {start: 9}},
    }
    write(engine, [], [ONE, TWO], places)
    assert [problem.quotas for problem in found(engine, query("a", "b"))] == [
        {"a": 3, "b": 0},
        {"a": None},
    ]


@pytest.mark.parametrize(("place", "quota"), [(0, None), (1, 3), (2, 3), (3, None), (4, 1), (5, 1)])
def test_a_quota_that_was_set_after_the_moment_does_not_count(
    engine: Engine, place: int, quota: int | None
) -> None:
    history = {MOMENTS[4]: 1, MOMENTS[1]: 3, MOMENTS[3]: None}
    write(engine, [], [ONE], {RUN: {ONE.id: history}})
    assert [problem.quotas for problem in found(engine, query(as_of=MOMENTS[place]))] == [{RUN: quota}]


def stop(engine: Engine, quota: int | None) -> None:
    commit(engine, record, RUN, [], [], [Stop(ONE.id, StopReason.QUOTA_MET, quota, 9)])


def test_quotas_that_a_run_sets_as_it_goes_on_are_those_of_their_time(engine: Engine) -> None:
    start_run(engine, [ONE])
    moments: list[datetime] = []
    for quota in (None, 4, 2):
        if quota is not None:
            stop(engine, quota)
        moments.append(commit(engine, export_cutoff, [RUN]))
    quotas = [found(engine, query(as_of=moment))[0].quotas for moment in moments]
    assert quotas == [{RUN: None}, {RUN: 4}, {RUN: 2}]


def test_of_two_quotas_of_one_moment_the_later_stands(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clocks tell microseconds apart, and not all of them."""
    monkeypatch.setattr(gristmill.db.attempts, "write_timestamp", lambda *_: MOMENTS[1])
    start_run(engine, [ONE])
    for quota in (4, 2):
        stop(engine, quota)
    assert [problem.quotas for problem in found(engine, query(as_of=MOMENTS[1]))] == [{RUN: 2}]
