"""Ids of runs that are made of when they were due."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from gristmill.flows.flow_runs import dated_run_id
from gristmill.runs.run_ids import RUN_ID

NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BY_HAND = UUID("01234567-89ab-cdef-0123-456789ab3fa2")


def test_a_schedules_run_is_named_by_its_date_in_utc() -> None:
    assert dated_run_id("nightly-math", NIGHT, None) == "nightly-math-20261122-0200"
    berlin = NIGHT.astimezone(timezone(timedelta(hours=1)))
    assert dated_run_id("nightly-math", berlin, None) == "nightly-math-20261122-0200"


def test_two_runs_of_one_schedule_have_different_ids_within_a_minute_too() -> None:
    ids = {dated_run_id("often", NIGHT + timedelta(seconds=30 * n), None) for n in range(4)}
    assert len(ids) == 4
    assert "often-20261122-020030" in ids


def test_a_run_that_a_person_starts_ends_in_what_is_its_own() -> None:
    assert dated_run_id("nightly-math", NIGHT, BY_HAND) == "nightly-math-20261122-020000-3fa2"


@pytest.mark.parametrize("name", ["nightly math", "../etc", "-x", "x" * 100, "夜", ""])
def test_any_name_of_a_deployment_gives_an_id(name: str) -> None:
    assert RUN_ID.fullmatch(dated_run_id(name, NIGHT, BY_HAND))


def test_names_that_are_changed_stay_apart() -> None:
    assert dated_run_id("a b", NIGHT, None) != dated_run_id("a-b", NIGHT, None)
    assert dated_run_id("x" * 90 + "1", NIGHT, None) != dated_run_id("x" * 90 + "2", NIGHT, None)
