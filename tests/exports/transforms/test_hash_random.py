from gristmill.exports.transforms.hash_random import LOT_VALUES, lots


def test_a_lot_depends_on_everything_it_is_drawn_by_and_on_nothing_else() -> None:
    keys = [
        (0, "a", "p", "r", 0),
        (1, "a", "p", "r", 0),
        (0, "b", "p", "r", 0),
        (0, "a", "q", "r", 0),
        (0, "a", "p", "s", 0),
        (0, "a", "p", "r", 1),
    ]
    drawn = [lots(*key, 2) for key in keys]
    assert len(set(drawn)) == len(keys)
    assert drawn == [lots(*key, 2) for key in keys]


def test_lots_do_not_change_between_versions() -> None:
    assert lots(7, "purpose", "problem", "run", 3, 3) == (3534329160, 2856345905, 2461006785)
    assert lots(7, "purpose", "problem", "run", 3) == lots(7, "purpose", "problem", "run", 3, 3)[:1]


def test_lots_are_spread_evenly() -> None:
    drawn = [lots(0, "even", str(number), "run", 0)[0] for number in range(8_000)]
    for quarter in range(4):
        inside = sum(quarter <= 4 * lot / LOT_VALUES < quarter + 1 for lot in drawn)
        assert abs(inside - 2_000) < 160


def test_a_run_that_unicode_cannot_encode_draws_too() -> None:
    assert lots(0, "x", "p", "\ud800", 0) != lots(0, "x", "p", "\ud801", 0)
