import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.http.concurrency import OPENING_SECONDS, Window


class Clock:
    """Tells the time that it is set to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def steady(clock: Clock, ceiling: int, size: int) -> Window:
    """A window that is done with opening: congestion has cut it to about `size`."""
    window = Window(ceiling, clock)
    while window.opening:
        window.open_wider()
    window.congested(clock.now, round(size / 0.7))
    return window


def test_it_doubles_from_64_until_it_is_at_its_ceiling() -> None:
    window = Window(200)
    sizes = []
    while window.opening:
        sizes.append(window.size)
        window.open_wider()
    assert [*sizes, window.size] == [64, 128, 200]
    window.open_wider()
    assert window.size == 200


def test_a_small_ceiling_is_open_from_the_start() -> None:
    window = Window(5)
    assert (window.size, window.opening) == (5, False)


def test_replies_do_not_widen_a_window_that_opens_by_the_clock() -> None:
    window = Window(1000)
    for _ in range(500):
        window.succeeded()
    assert window.size == 64


def test_congestion_ends_the_opening_and_cuts_what_was_in_flight() -> None:
    clock = Clock()
    window = Window(1000, clock)
    window.congested(clock.now, 20)
    assert (window.size, window.opening) == (14, False)
    window.open_wider()
    assert window.size == 14


def test_congestion_never_widens() -> None:
    clock = Clock()
    window = Window(1000, clock)
    window.congested(clock.now, 900)
    assert window.size == int(64 * 0.7)


def test_a_burst_of_refusals_cuts_once() -> None:
    clock = Clock()
    window = Window(100, clock)
    sent = clock.now
    for in_flight in range(30, 0, -1):
        clock.now += 0.01
        window.congested(sent, in_flight)
    assert window.size == 21


def test_congestion_after_a_cut_cuts_again() -> None:
    clock = Clock()
    window = steady(clock, 100, 70)
    clock.now += 1
    window.congested(clock.now, 70)
    assert window.size == 49


def test_a_round_trip_of_replies_adds_a_thirty_second_of_the_ceiling() -> None:
    clock = Clock()
    window = steady(clock, 640, 210)
    size = window.size
    for _ in range(size):
        window.succeeded()
    assert size + 18 <= window.size <= size + 20


def test_a_server_that_is_back_gets_one_request_and_then_an_opening_window() -> None:
    clock = Clock()
    window = steady(clock, 100, 90)
    window.start_over()
    assert window.size == 1
    window.open_wider()
    assert window.size == 1
    window.succeeded()
    assert (window.size, window.opening) == (64, True)


EVENTS = st.lists(st.sampled_from(["wider", "success", "congestion", "late congestion", "over"]), max_size=80)


@given(ceiling=st.integers(1, 5000), events=EVENTS, in_flight=st.integers(1, 6000))
def test_it_gives_at_least_one_and_at_most_its_ceiling(
    ceiling: int, events: list[str], in_flight: int
) -> None:
    clock = Clock()
    window = Window(ceiling, clock)
    for event in events:
        clock.now += 1
        play(window, event, clock.now, in_flight)
        assert 1 <= window.size <= ceiling
    for _ in range(100 * ceiling if ceiling < 50 else 0):
        window.open_wider()
        window.succeeded()
        assert window.size <= ceiling
    assert ceiling >= 50 or window.size == ceiling, "it recovers from whatever befell it"


def play(window: Window, event: str, now: float, in_flight: int) -> None:
    if event == "wider":
        window.open_wider()
    elif event == "success":
        window.succeeded()
    elif event == "over":
        window.start_over()
    else:
        window.congested(now if event == "congestion" else 0.0, in_flight)


def test_a_trial_ends_by_the_first_reply_or_after_two_seconds_without_a_failure() -> None:
    window = Window(100)
    window.start_over()
    steps = 0
    while window.size == 1:
        window.open_wider()
        steps += 1
    assert steps * OPENING_SECONDS == pytest.approx(2.0)
    assert window.size == 64
    window.start_over()
    assert window.size == 1
    window.succeeded()
    assert window.size == 64
