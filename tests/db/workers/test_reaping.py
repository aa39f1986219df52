"""Who counts as dead, and what becomes of what it had leased."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from gristmill.db.sessions import reading, writing
from gristmill.db.tables.workers import LeaseRow
from gristmill.db.workers.leases import exchange
from gristmill.db.workers.registry import SILENCE_SECONDS, heartbeat, reap, reaped_error, workers_of
from gristmill.sampling.errors import ConfigError
from tests.db.samples import RUN, commit, read
from tests.db.stored_workers import ELSEWHERE, IMPATIENT, PROBLEMS, at_work, joined, leased, silent_for
from tests.db.workers.test_processes import a_child
from tests.db.writers import held


def test_a_process_of_this_host_that_ended_is_reaped_at_once(begun: Engine) -> None:
    with a_child() as (process, identity):
        dead = joined(begun, alone=True, identity=identity)
        leased(begun, dead)
        with pytest.raises(ConfigError):
            joined(begun, alone=True)
        process.communicate("\n")
        mine = joined(begun, alone=True)
    assert at_work(begun) == [mine]
    assert len(leased(begun, mine)) == len(PROBLEMS)


def test_one_of_another_host_is_reaped_once_it_was_silent_and_no_sooner(begun: Engine) -> None:
    other = joined(begun, alone=True, identity=ELSEWHERE)
    silent_for(begun, other, SILENCE_SECONDS - 5)
    with pytest.raises(ConfigError, match=r"heard of 2\d s ago"):
        joined(begun, alone=True)
    silent_for(begun, other, 6)
    mine = joined(begun, alone=True)
    assert at_work(begun) == [mine]


def test_reaping_gives_the_leases_of_the_dead_back_and_of_nobody_else(begun: Engine) -> None:
    dead, alive = joined(begun, identity=ELSEWHERE), joined(begun)
    lost, kept = leased(begun, dead, 2), leased(begun, alive, 1)
    silent_for(begun, dead, SILENCE_SECONDS + 1)
    commit(begun, reap, RUN)
    assert at_work(begun) == [alive]
    with reading(begun) as session:
        assert session.scalars(select(LeaseRow.problem_id)).all() == kept
    assert set(leased(begun, alive)) == {problem.id for problem in PROBLEMS} - set(kept) >= set(lost)


def test_a_sign_of_life_puts_the_end_off(begun: Engine) -> None:
    other = joined(begun, identity=ELSEWHERE)
    silent_for(begun, other, SILENCE_SECONDS + 1)
    with writing(begun) as session:
        assert heartbeat(session, other)
        reap(session, RUN)
    assert at_work(begun) == [other]
    assert read(begun, workers_of, RUN)[0].silent_seconds < 5


def test_one_that_was_reaped_is_told_so_at_its_next_sign_of_life(begun: Engine) -> None:
    other = joined(begun, identity=ELSEWHERE)
    silent_for(begun, other, SILENCE_SECONDS + 1)
    joined(begun, alone=True)
    assert not commit(begun, heartbeat, other)
    assert f"run {RUN}" in str(reaped_error(other))


def test_a_sign_of_life_waits_for_nobody_who_looks_for_the_dead(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    """A machine that falls asleep in the midst of a transaction is not to take the others with it."""
    one, other = joined(postgres), joined(postgres)
    with held(threads, postgres, lambda session: reap(session, RUN)), writing(postgres) as session:
        session.execute(IMPATIENT)
        assert heartbeat(session, other)
    exchanging = held(threads, postgres, lambda session: exchange(session, one, give=[], held=0))
    with exchanging, writing(postgres) as session:
        session.execute(IMPATIENT)
        assert heartbeat(session, other)
