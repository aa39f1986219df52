"""Briefs about no subject: the examples in each, and the same ones for a seed and when a run goes on."""

from collections.abc import Sequence

import pytest

from gristmill.sampling.candidates import Material
from gristmill.sampling.subjects import SeedSampler
from tests.sampling.subjects import SEED, brief_from, material, parts, write


def seed_sampler(
    seeds: Sequence[Material],
    accepted: Sequence[Material] = (),
    *,
    written: int = 0,
    examples: int = 8,
    own: int = 2,
    run_seed: int = SEED,
) -> SeedSampler:
    return SeedSampler(write, seeds, accepted, run_seed, written=written, examples=examples, own=own)


def test_a_seed_sampler_writes_the_same_briefs_for_the_same_seed_and_others_for_another() -> None:
    seeds = material(*"abcdefghijklmnop")
    one, same, other = (seed_sampler(seeds, run_seed=run_seed) for run_seed in (1, 1, 2))
    first, again, different = ([brief_from(sampler) for _ in range(20)] for sampler in (one, same, other))
    assert first == again
    assert len({brief.id for brief in first + different}) == 40


def test_a_brief_has_as_many_examples_as_asked_for_and_as_many_of_the_own_as_there_are() -> None:
    sampler = seed_sampler(material(*"abcdefghij"))
    for have in range(4):
        for _ in range(10):
            _, _, examples = parts(brief_from(sampler))
            assert len(set(examples)) == 8
            assert sum(name.startswith("own") for name in examples) == min(have, 2)
        sampler.accept("any brief", Material(f"own-{have}", "p", "t"))
    assert sampler.made == 4


@pytest.mark.parametrize(("seeds", "own", "expected"), [("", 2, 2), ("a", 2, 3), ("ab", 0, 2), ("", 0, 0)])
def test_too_few_seeds_make_shorter_lists_of_examples(seeds: str, own: int, expected: int) -> None:
    accepted = material("own-1", "own-2", "own-3")
    _, _, examples = parts(brief_from(seed_sampler(material(*seeds), accepted, own=own)))
    assert len(examples) == expected


def test_a_seed_sampler_goes_on_with_the_brief_after_those_that_were_written() -> None:
    seeds, accepted = material(*"abcdefghijkl"), material("own-1", "own-2", "own-3")
    whole = seed_sampler(seeds, accepted)
    briefs = [brief_from(whole) for _ in range(30)]
    for written in (0, 1, 13, 29):
        sampler = seed_sampler(seeds, accepted, written=written)
        assert [brief_from(sampler) for _ in briefs[written:]] == briefs[written:]
        assert sampler.made == 3
