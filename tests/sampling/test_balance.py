"""Down-sampling to a mix: as many rows as it allows, less than one from each share, the same each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.balance import balanced
from gristmill.sampling.errors import ConfigError

Row = tuple[str, str]

KINDS = ("a", "b", "c", "d")


def rows(**counts: int) -> list[Row]:
    return [(kind, f"{kind}{number}") for kind, count in counts.items() for number in range(count)]


def kind(row: Row) -> str:
    return row[0]


def name(row: Row) -> str:
    return row[1]


def counted(chosen: list[Row]) -> dict[str, int]:
    return {each: sum(row[0] == each for row in chosen) for each in sorted({row[0] for row in chosen})}


CASES: list[tuple[dict[str, int], dict[str, float], dict[str, int]]] = [
    ({"a": 100, "b": 50, "c": 10}, {"a": 0.5, "b": 0.3, "c": 0.2}, {"a": 25, "b": 15, "c": 10}),
    ({"a": 10, "b": 10}, {"a": 1, "b": 1}, {"a": 10, "b": 10}),
    ({"a": 10, "b": 10}, {"a": 3, "b": 1}, {"a": 10, "b": 3}),
    ({"a": 1, "b": 90}, {"a": 0.1, "b": 0.9}, {"a": 1, "b": 9}),
    ({"a": 1, "b": 1, "c": 1}, {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, {"a": 1, "b": 1, "c": 1}),
    ({"a": 7, "b": 9}, {"a": 1}, {"a": 7}),
    ({"a": 7, "b": 9}, {"a": 1, "b": 0}, {"a": 7}),
    ({"a": 2, "b": 5}, {"a": 1e-9, "b": 1}, {"b": 5}),
]


@pytest.mark.parametrize(("there", "shares", "kept"), CASES)
def test_the_mix_is_met_by_as_many_rows_as_it_allows(
    there: dict[str, int], shares: dict[str, float], kept: dict[str, int]
) -> None:
    assert counted(balanced(rows(**there), kind, shares, seed=1, id_of=name)) == kept


@given(
    there=st.lists(st.integers(1, 60), min_size=4, max_size=4),
    weights=st.lists(st.one_of(st.just(0.0), st.floats(0.01, 10)), min_size=4, max_size=4).filter(any),
    seed=st.integers(0, 9),
)
def test_every_kind_is_within_one_row_of_its_share_and_no_larger_set_could_be(
    there: list[int], weights: list[float], seed: int
) -> None:
    items = rows(**dict(zip(KINDS, there, strict=True)))
    shares = dict(zip(KINDS, weights, strict=True))
    chosen = balanced(items, kind, shares, seed)
    assert chosen == sorted(set(chosen), key=items.index)
    total = sum(weights)
    for each, count, weight in zip(KINDS, there, weights, strict=True):
        kept = counted(chosen).get(each, 0)
        assert kept <= count
        assert abs(kept - len(chosen) * weight / total) < 1 + 1e-9
    larger = len(chosen) + 1
    assert any(larger * weight / total > count - 1e-9 for count, weight in zip(there, weights, strict=True))


def test_the_choice_is_the_seeds_and_pinned() -> None:
    items = rows(a=6, b=3)
    shares = {"a": 1, "b": 1}
    first = balanced(items, kind, shares, seed=1, id_of=name)
    assert [row[1] for row in first if row[0] == "a"] == ["a1", "a2", "a4"]
    assert first == balanced(items, kind, shares, seed=1, id_of=name)
    assert {tuple(balanced(items, kind, shares, seed, name)) for seed in range(9)} != {tuple(first)}


def test_rows_keep_their_places_when_others_are_added() -> None:
    items = rows(a=40, b=10)
    shares = {"a": 1, "b": 1}
    before = balanced(items, kind, shares, seed=3, id_of=name)
    after = balanced([*rows(a=45), *rows(b=10)], kind, shares, seed=3, id_of=name)
    assert len(after) == len(before) == 20
    assert {row for row in after if row in items} <= set(before)


def test_lone_surrogates_are_ids_and_kinds_like_any() -> None:
    items = [("\ud800", "\ud800\x00"), ("b", "\u202e")]
    assert balanced(items, kind, {"\ud800": 1, "b": 1}, seed=0, id_of=name) == items


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({}, "no kind has a share above 0"),
        ({"a": 0.0}, "no kind has a share above 0"),
        ({"a": -1.0}, "'a' has -1.0"),
        ({"a": float("nan")}, "'a' has nan"),
        ({"a": float("inf")}, "'a' has inf"),
        ({"a": 0.5, "zoo": 0.5}, "no item is of the kind 'zoo'; there are: 'a', 'b'"),
    ],
)
def test_shares_that_make_no_mix_are_named(shares: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        balanced(rows(a=1, b=1), kind, shares, seed=0)
