"""When acceptance has dropped: the decision on numbers."""

from math import inf

import pytest

from gristmill.db.reports.recent_runs import Counts
from gristmill.flows.artifacts.acceptance import Comparison, compare_acceptance


def compared(now: dict[str, Counts], earlier: dict[str, Counts]) -> Comparison:
    found = compare_acceptance(now, earlier)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("now", "before", "dropped"),
    [
        (Counts(60, 300), Counts(600, 1000), True),  # collapsed
        (Counts(150, 300), Counts(600, 1000), False),  # less by a sixth: no chance, but not material
        (Counts(94, 200), Counts(120, 200), False),  # material, but may be chance
        (Counts(600, 1000), Counts(60, 300), False),  # better
        (Counts(0, 300), Counts(1000, 1000), True),
        (Counts(0, 300), Counts(0, 1000), False),  # it was never any better
        (Counts(300, 300), Counts(1000, 1000), False),
    ],
)
def test_a_drop_is_significant_and_material(now: Counts, before: Counts, dropped: bool) -> None:
    assert compared({"": now}, {"": before}).dropped is dropped


def test_one_level_is_the_test_of_two_proportions() -> None:
    found = compared({"": Counts(120, 400)}, {"": Counts(500, 1000)})
    pooled = 620 / 1400
    error = (pooled * (1 - pooled) * (1 / 400 + 1 / 1000)) ** 0.5
    assert found.z == pytest.approx((0.3 - 0.5) / error)
    assert found.ratio == pytest.approx(0.6)


def test_too_few_first_attempts_say_nothing() -> None:
    assert compare_acceptance({"": Counts(0, 199)}, {"": Counts(900, 1000)}) is None
    assert compare_acceptance({"": Counts(0, 1000)}, {"": Counts(199, 199)}) is None
    assert compare_acceptance({}, {}) is None


def test_harder_problems_are_no_drop() -> None:
    """Levels go as before, but this run has more of the hard one: Simpson's paradox."""
    earlier = {"easy": Counts(900, 1000), "hard": Counts(100, 1000)}
    assert not compared({"easy": Counts(45, 50), "hard": Counts(50, 500)}, earlier).dropped
    assert compared({"easy": Counts(25, 50), "hard": Counts(10, 500)}, earlier).dropped


def test_a_level_that_one_side_lacks_is_left_out() -> None:
    found = compared(
        {"a": Counts(200, 400), "new": Counts(0, 900)}, {"a": Counts(500, 1000), "old": Counts(9, 9)}
    )
    assert (found.decided, found.rate, found.expected, found.z) == (400, 0.5, 0.5, 0.0)


def test_where_all_passed_and_none_does_there_is_no_doubt() -> None:
    found = compared({"": Counts(0, 300)}, {"": Counts(300, 300)})
    assert -inf < found.z < -20
