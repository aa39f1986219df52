"""Random choice by hash: pinned values, independence of keys, even spread."""

from hashlib import blake2b, sha256

from gristmill.text.hash_random import NUMBERS, hash_bytes, hash_bytes_16, hash_fraction, hash_numbers


def test_numbers_depend_on_every_part_of_the_key_and_on_nothing_else() -> None:
    keys = [(0, "a", "p", 0), (1, "a", "p", 0), (0, "b", "p", 0), (0, "a", "q", 0), (0, "a", "p", 1)]
    drawn = [hash_numbers(*key, count=2) for key in keys]
    assert len(set(drawn)) == len(keys)
    assert drawn == [hash_numbers(*key, count=2) for key in keys]


def test_nothing_changes_between_versions() -> None:
    key = (7, "purpose", "problem", "run", 3)
    assert hash_numbers(*key, count=3) == (3534329160, 2856345905, 2461006785)
    assert hash_numbers(*key) == (3534329160,)
    assert hash_bytes(7, "x") == sha256(b"7\x1fx").digest()
    assert hash_bytes_16(7, "x", (1, 2)) == blake2b(b"7\x1fx\x1f(1, 2)", digest_size=16).digest()
    assert hash_fraction("split", 0, "p") == 0.4839227451548104


def test_numbers_and_fractions_are_spread_evenly() -> None:
    numbers = [hash_numbers(0, "even", place)[0] / NUMBERS for place in range(8_000)]
    for drawn in (numbers, [hash_fraction(0, "even", place) for place in range(8_000)]):
        for quarter in range(4):
            assert abs(sum(quarter <= 4 * each < quarter + 1 for each in drawn) - 2_000) < 160


def test_a_key_that_unicode_cannot_encode_draws_too() -> None:
    assert hash_numbers(0, "\ud800") != hash_numbers(0, "\ud801")
    assert hash_bytes("\ud800") != hash_bytes("\ud801")
