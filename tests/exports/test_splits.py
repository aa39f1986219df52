"""Which split a problem belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.exports.settings import SplitSettings
from gristmill.exports.splits import split_names, split_of
from gristmill.sampling.records import problem_id

IDS = [problem_id(f"question {number}", "answer") for number in range(10_000)]
THREE = SplitSettings(validation=0.1, test=0.2)
PINNED = "train test train train train train train train train test test train"


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_shares_hold_over_ten_thousand_problems(seed: int) -> None:
    found = [split_of(one, THREE, seed) for one in IDS]
    assert found.count("test") == pytest.approx(2_000, abs=160)  # four standard deviations
    assert found.count("validation") == pytest.approx(1_000, abs=120)
    assert found.count("train") == len(IDS) - found.count("test") - found.count("validation")


def test_these_problems_are_in_these_splits_for_good() -> None:
    """Computed once: a change of the hash would move problems of data sets that are out."""
    assert [split_of(f"{number:032x}", THREE, 7) for number in range(12)] == PINNED.split()


def test_another_seed_splits_another_way() -> None:
    one, other = ([split_of(id_, THREE, seed) for id_ in IDS] for seed in (0, 1))
    agree = sum(a == b for a, b in zip(one, other, strict=True))
    assert agree / len(IDS) == pytest.approx(0.7**2 + 0.1**2 + 0.2**2, abs=0.03)


@given(st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0, 0.09), st.floats(0, 0.09))
def test_a_larger_share_takes_from_train_alone(
    validation: float, test: float, more_validation: float, more_test: float
) -> None:
    before = SplitSettings(validation=validation, test=test)
    after = SplitSettings(validation=validation + more_validation, test=test + more_test)
    for id_ in IDS[:200]:
        if (was := split_of(id_, before, 0)) != "train":
            assert split_of(id_, after, 0) == was


@given(st.text(), st.floats(0, 0.49), st.floats(0, 0.49), st.integers(0, 2**63 - 1))
def test_a_problem_is_in_one_of_the_named_splits(id_: str, validation: float, test: float, seed: int) -> None:
    splits = SplitSettings(validation=validation, test=test)
    assert split_of(id_, splits, seed) in split_names(splits)


@pytest.mark.parametrize(
    ("validation", "test", "names"),
    [
        (0.0, 0.0, ("train",)),
        (0.1, 0.0, ("train", "validation")),
        (0.0, 0.1, ("train", "test")),
        (0.1, 0.1, ("train", "validation", "test")),
    ],
)
def test_splits_without_a_share_are_not_there(validation: float, test: float, names: tuple[str, ...]) -> None:
    splits = SplitSettings(validation=validation, test=test)
    assert split_names(splits) == names
    assert {split_of(one, splits, 3) for one in IDS[:500]} == set(names)
