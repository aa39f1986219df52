from itertools import combinations, permutations
from random import Random

import pytest

from gristmill.verifiers.constraints import CONSTRAINTS, Constraint, conflict, conflicts, read_constraints
from gristmill.verifiers.constraints.contradictions import INCOMPATIBLE
from gristmill.verifiers.constraints.demands import Part
from tests.verifiers.constraints.arguments import PROMPTS, at_the_edge
from tests.verifiers.constraints.pairs import CONFLICTING, FITTING, ONLY_TOGETHER, of
from tests.verifiers.constraints.witness import witness

KINDS = list(CONSTRAINTS)
NAMED_BY_NONE = {Part.CHOICE, Part.QUOTES, Part.POSTSCRIPT}
"""A choice goes with nothing, by a rule of its own; quotes and a postscript claim the ending, and are kept
apart by that.
"""


def name(pair: tuple[Constraint, ...]) -> str:
    return " ".join(each.kind for each in pair)


@pytest.mark.parametrize("pair", CONFLICTING, ids=name)
def test_constraints_that_contradict_each_other_are_a_conflict(pair: tuple[Constraint, Constraint]) -> None:
    evidence = conflict(*pair)
    assert evidence
    assert conflict(*reversed(pair))
    assert len(evidence) < 500
    for one in pair:
        assert conflicts([one]) is None


@pytest.mark.parametrize("pair", FITTING, ids=name)
def test_constraints_that_go_together_are_none_and_a_text_shows_it(
    pair: tuple[Constraint, Constraint],
) -> None:
    assert conflict(*pair) is None
    assert conflict(*reversed(pair)) is None
    for order in (pair, pair[::-1]):
        text = witness(order)
        assert [one.check(text) for one in pair] == [None, None], text


@pytest.mark.parametrize("three", ONLY_TOGETHER, ids=name)
def test_three_may_contradict_each_other_where_no_two_do(three: list[Constraint]) -> None:
    assert [conflict(*pair) for pair in combinations(three, 2)] == [None, None, None]
    assert all(conflicts(order) for order in permutations(three))


def test_two_of_one_kind_that_both_claim_the_beginning_never_go_together() -> None:
    one = of("starts-with", phrase="In short")
    assert conflict(one, one)


@pytest.mark.full
def test_whatever_is_free_of_conflict_can_be_written() -> None:
    """The arguments are at the edge of what there is room for, and no set is left out."""
    rng = Random(20)
    written = 0
    for _ in range(10_000):
        prompt = rng.choice(PROMPTS)
        drawn = [at_the_edge(rng, kind, prompt) for kind in rng.sample(KINDS, rng.randint(1, 5))]
        if conflicts(drawn) is None:
            written += 1
            text = witness(drawn)
            assert not [(one, found) for one in drawn if (found := one.check(text))], text
    assert written > 5000


def test_no_part_of_a_free_set_is_a_conflict() -> None:
    rng = Random(21)
    for _ in range(500):
        drawn = [at_the_edge(rng, kind, PROMPTS[0]) for kind in rng.sample(KINDS, 3)]
        if conflicts(drawn) is None:
            assert not any(conflicts(part) for part in [*combinations(drawn, 2), *permutations(drawn)])


def test_most_kinds_go_with_most_others() -> None:
    """So that caution does not leave a recipe with a handful of combinations."""
    rng = Random(22)
    pairs = list(combinations(CONSTRAINTS.values(), 2))
    fitting = [
        (one.kind, other.kind)
        for one, other in pairs
        if any(
            conflict(one.sample(rng, PROMPTS[0]), other.sample(rng, PROMPTS[0])) is None for _ in range(10)
        )
    ]
    assert len(fitting) > 0.75 * len(pairs)


def test_the_table_says_of_every_part_what_it_goes_without() -> None:
    named = set(INCOMPATIBLE).union(*INCOMPATIBLE.values())
    assert set(Part) - named <= NAMED_BY_NONE


def test_hostile_constraints_are_told_apart_in_the_end() -> None:
    prompt = "a, " * 6000 + "?" * 1999
    many = ",".join(f'{{"kind":"repeat-prompt","args":{{"prompt":"{prompt}"}}}}' for _ in range(8))
    assert conflicts(read_constraints(f"[{many}]"))
    assert conflict(of("repeat-prompt", prompt=prompt), of("no-commas"))
