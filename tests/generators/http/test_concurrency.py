import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.http.concurrency import RAMP_UP_SECONDS, ConcurrencyLimit


class Clock:
    """Tells the time that it is set to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def steady(clock: Clock, ceiling: int, size: int) -> ConcurrencyLimit:
    """A limit that is done with opening: congestion has cut it to about `size`."""
    limit = ConcurrencyLimit(ceiling, clock)
    while limit.ramping_up:
        limit.ramp_up()
    limit.congested(clock.now, round(size / 0.7))
    return limit


def test_it_doubles_from_64_until_it_is_at_its_ceiling() -> None:
    limit = ConcurrencyLimit(200)
    sizes = []
    while limit.ramping_up:
        sizes.append(limit.size)
        limit.ramp_up()
    assert [*sizes, limit.size] == [64, 128, 200]
    limit.ramp_up()
    assert limit.size == 200


def test_a_small_ceiling_is_open_from_the_start() -> None:
    limit = ConcurrencyLimit(5)
    assert (limit.size, limit.ramping_up) == (5, False)


def test_replies_do_not_widen_a_window_that_opens_by_the_clock() -> None:
    limit = ConcurrencyLimit(1000)
    for _ in range(500):
        limit.succeeded()
    assert limit.size == 64


def test_congestion_ends_the_opening_and_cuts_what_was_in_flight() -> None:
    clock = Clock()
    limit = ConcurrencyLimit(1000, clock)
    limit.congested(clock.now, 20)
    assert (limit.size, limit.ramping_up) == (14, False)
    limit.ramp_up()
    assert limit.size == 14


def test_congestion_never_widens() -> None:
    clock = Clock()
    limit = ConcurrencyLimit(1000, clock)
    limit.congested(clock.now, 900)
    assert limit.size == int(64 * 0.7)


def test_a_burst_of_refusals_cuts_once() -> None:
    clock = Clock()
    limit = ConcurrencyLimit(100, clock)
    sent = clock.now
    for in_flight in range(30, 0, -1):
        clock.now += 0.01
        limit.congested(sent, in_flight)
    assert limit.size == 21


def test_congestion_after_a_cut_cuts_again() -> None:
    clock = Clock()
    limit = steady(clock, 100, 70)
    clock.now += 1
    limit.congested(clock.now, 70)
    assert limit.size == 49


def test_a_round_trip_of_replies_adds_a_thirty_second_of_the_ceiling() -> None:
    clock = Clock()
    limit = steady(clock, 640, 210)
    size = limit.size
    for _ in range(size):
        limit.succeeded()
    assert size + 18 <= limit.size <= size + 20


def test_a_server_that_is_back_gets_one_request_and_then_an_opening_window() -> None:
    clock = Clock()
    limit = steady(clock, 100, 90)
    limit.start_over()
    assert limit.size == 1
    limit.ramp_up()
    assert limit.size == 1
    limit.succeeded()
    assert (limit.size, limit.ramping_up) == (64, True)


EVENTS = st.lists(st.sampled_from(["wider", "success", "congestion", "late congestion", "over"]), max_size=80)


@given(ceiling=st.integers(1, 5000), events=EVENTS, in_flight=st.integers(1, 6000))
def test_it_gives_at_least_one_and_at_most_its_ceiling(
    ceiling: int, events: list[str], in_flight: int
) -> None:
    clock = Clock()
    limit = ConcurrencyLimit(ceiling, clock)
    for event in events:
        clock.now += 1
        play(limit, event, clock.now, in_flight)
        assert 1 <= limit.size <= ceiling
    for _ in range(100 * ceiling if ceiling < 50 else 0):
        limit.ramp_up()
        limit.succeeded()
        assert limit.size <= ceiling
    assert ceiling >= 50 or limit.size == ceiling, "it recovers from whatever befell it"


def play(limit: ConcurrencyLimit, event: str, now: float, in_flight: int) -> None:
    if event == "wider":
        limit.ramp_up()
    elif event == "success":
        limit.succeeded()
    elif event == "over":
        limit.start_over()
    else:
        limit.congested(now if event == "congestion" else 0.0, in_flight)


def test_a_trial_ends_by_the_first_reply_or_after_two_seconds_without_a_failure() -> None:
    limit = ConcurrencyLimit(100)
    limit.start_over()
    steps = 0
    while limit.size == 1:
        limit.ramp_up()
        steps += 1
    assert steps * RAMP_UP_SECONDS == pytest.approx(2.0)
    assert limit.size == 64
    limit.start_over()
    assert limit.size == 1
    limit.succeeded()
    assert limit.size == 64
