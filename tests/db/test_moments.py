"""One moment divides what a cut has seen from all that is written later, whoever writes at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

import gristmill.db.moments
from gristmill.db.moments import export_cutoff, write_timestamp
from gristmill.db.sessions import Session, writing
from gristmill.db.verdicts import append_verdicts
from gristmill.sampling.records import Outcome
from tests.db.samples import RUN, a_verdict, an_attempt, commit, start_run, store
from tests.db.writers import ONE, SECONDS, cut_as_of, draw, held, moment, until_blocked, written_at


def judge(session: Session) -> None:
    append_verdicts(session, RUN, [(ONE.id, 0, a_verdict(Outcome.REJECTED, "2"))])


@pytest.mark.parametrize(("write", "after"), [(draw, [0, 1]), (judge, [])])
def test_what_is_being_written_is_waited_for_and_is_in_the_cut(
    engine: Engine, threads: ThreadPoolExecutor, write: Callable[[Session], None], after: list[int]
) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])
    with held(threads, engine, write):
        taking = threads.submit(moment, engine)
        until_blocked(engine, taking)
    as_of = taking.result(SECONDS)
    assert cut_as_of(engine, as_of) == after
    assert all(written_at(engine, number) <= as_of for number in after)


@pytest.mark.parametrize(("write", "after"), [(draw, [0, 1]), (judge, [])])
def test_a_writer_that_comes_while_the_moment_is_taken_waits_and_has_a_later_one(
    engine: Engine, threads: ThreadPoolExecutor, write: Callable[[Session], None], after: list[int]
) -> None:
    start_run(engine, [ONE])
    store(engine, [an_attempt(ONE, 0)])

    def come() -> None:
        commit(engine, write)

    with writing(engine) as session:
        as_of = export_cutoff(session, [RUN])
        coming = threads.submit(come)
        until_blocked(engine, coming)
    coming.result(SECONDS)
    assert cut_as_of(engine, as_of) == [0], "whether it is cut now or was cut then"
    assert cut_as_of(engine, moment(engine)) == after
    assert 1 not in after or written_at(engine, 1) > as_of


def test_moments_are_of_the_clock_of_the_server_where_there_is_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_run(engine, [ONE])
    ours = datetime(2001, 2, 3, tzinfo=UTC)
    monkeypatch.setattr(gristmill.db.moments, "now", lambda: ours)
    before = datetime.now(UTC)
    with writing(engine) as session:
        taken = [write_timestamp(session, RUN), export_cutoff(session, [RUN])]
    after = datetime.now(UTC)
    assert all(one.utcoffset() == timedelta(0) for one in taken)
    if engine.dialect.name == "sqlite":
        assert taken == [ours, ours]
    else:
        assert before < taken[0] < taken[1] < after, "the server is on this machine"


def test_moments_of_one_transaction_go_on(engine: Engine) -> None:
    start_run(engine, [ONE])
    taken = [commit(engine, write_timestamp, RUN) for _ in range(5)]
    assert taken == sorted(taken)
    assert taken[-1] <= moment(engine)


def test_a_moment_of_no_run_is_a_moment(engine: Engine) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    with writing(engine) as session:
        assert export_cutoff(session, []) > before
        assert write_timestamp(session, "nope") > before
