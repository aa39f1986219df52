from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.http.backoff import Backoff, retry_after_seconds


@given(tries=st.integers(1, 10_000), base=st.floats(1e-6, 60))
def test_a_wait_is_within_the_doubling_limit(tries: int, base: float) -> None:
    backoff = Backoff(base, cap_seconds=30)
    assert 0 <= backoff.seconds(tries) <= min(30.0, base * 2.0 ** min(tries - 1, 50))


def test_waits_are_spread_over_the_whole_limit() -> None:
    waits = [Backoff(1.0).seconds(1) for _ in range(2000)]
    assert min(waits) < 0.1
    assert max(waits) > 0.9
    assert 0.45 < sum(waits) / len(waits) < 0.55


def test_a_wait_is_never_shorter_than_asked_for_up_to_its_cap() -> None:
    backoff = Backoff(0.5, retry_after_cap_seconds=60)
    assert all(2 <= backoff.seconds(1, 2.0) <= 2.5 for _ in range(100))
    assert 60 <= backoff.seconds(1, 86_400.0) <= 60.5


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "9", "retry-after-ms": "150"}, 0.15),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": f"Wed, 21 Oct {9**40} 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 +99999"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_read_where_it_says_something_sensible(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert retry_after_seconds(headers) == seconds


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 95 < (retry_after_seconds({"retry-after": date}) or 0) <= 100
