"""Claims on a run, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from db.claims import STALE_SECONDS, check_unclaimed, claim, release_claim, renew_claim
from db.clock import now
from db.runs import find_run, mark_run
from db.sessions import Engine, reading, writing
from db.tables import RunRow, table
from sampling.errors import ConfigError
from sampling.records import RunState
from tests.db.samples import RUN, start_run


def finished(engine: Engine) -> None:
    start_run(engine, [])
    with writing(engine) as session:
        mark_run(session, RUN, RunState.FINISHED, elapsed_seconds=3.0)


def claimed(engine: Engine) -> None:
    finished(engine)
    with writing(engine) as session:
        assert check_unclaimed(session, RUN) is not None
        claim(session, RUN)


def state(engine: Engine) -> RunState:
    with reading(engine) as session:
        record = find_run(session, RUN)
    assert record is not None
    assert record.elapsed_seconds == 3.0
    return record.state


def fall_silent(engine: Engine) -> None:
    with writing(engine) as session:
        long_ago = now() - timedelta(seconds=STALE_SECONDS + 1)
        session.execute(update(table(RunRow)).values(updated_at=long_ago))


def test_a_run_that_is_not_there_is_nobodys(engine: Engine) -> None:
    with writing(engine) as session:
        assert check_unclaimed(session, "new") is None


def test_the_second_to_come_is_told(engine: Engine) -> None:
    claimed(engine)
    with writing(engine) as session, pytest.raises(ConfigError, match="another process"):
        check_unclaimed(session, RUN)


def test_a_claim_without_a_sign_of_life_is_taken_over_and_a_renewed_one_is_not(engine: Engine) -> None:
    claimed(engine)
    fall_silent(engine)
    with writing(engine) as session:
        assert check_unclaimed(session, RUN) is not None
        renew_claim(session, RUN)
        with pytest.raises(ConfigError, match="another process"):
            check_unclaimed(session, RUN)


@pytest.mark.parametrize("mark", [RunState.FINISHED, RunState.FAILED, RunState.INTERRUPTED])
def test_letting_go_leaves_the_mark_that_the_run_has(engine: Engine, mark: RunState) -> None:
    claimed(engine)
    with writing(engine) as session:
        mark_run(session, RUN, mark, elapsed_seconds=3.0)
        renew_claim(session, RUN)
        release_claim(session, RUN)
    assert state(engine) is mark


def test_what_nobody_marked_was_interrupted(engine: Engine) -> None:
    claimed(engine)
    with writing(engine) as session:
        release_claim(session, RUN)
    assert state(engine) is RunState.INTERRUPTED
