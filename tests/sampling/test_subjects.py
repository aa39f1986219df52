"""Briefs about subjects: in which order they come, when one waits, and the examples in each."""

from collections.abc import Iterator, Sequence

import pytest

from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem
from gristmill.sampling.subjects import SubjectSampler, SubjectState
from tests.sampling.subjects import SEED, brief_from, material, parts, rest, subject_sampler, write


def write_alike(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """The same brief about a subject in every turn."""
    return write(subject, examples, 0)


def test_every_subject_has_its_draw_of_a_turn_before_any_has_another() -> None:
    sampler = subject_sampler("abc", most_draws=2)
    briefs = [brief_from(sampler).prompt for _ in range(6)]  # none of them lands
    assert briefs == ["a/0/", "b/0/", "c/0/", "a/1/", "b/1/", "c/1/"]
    assert sampler.next_brief() is None


def test_a_subject_that_is_in_the_material_twice_gets_the_draws_of_one() -> None:
    assert rest(subject_sampler("aba", most_draws=2)) == ["a/0/", "b/0/", "a/1/", "b/1/"]
    assert rest(subject_sampler("aba", most_draws=2, once=True)) == ["a/0/", "b/0/", "a/1/", "b/1/"]


def test_no_subjects_are_no_briefs() -> None:
    assert subject_sampler("", most_draws=10_000).next_brief() is None


def test_once_a_subject_in_flight_waits_for_what_becomes_of_it() -> None:
    sampler = subject_sampler("ab", once=True)
    a, b = brief_from(sampler), brief_from(sampler)
    assert sampler.next_brief() is None
    sampler.landed(a.id)
    again = brief_from(sampler)
    assert again.prompt == "a/1/"
    assert sampler.next_brief() is None
    sampler.accept(b.id, material("made")[0])
    assert sampler.next_brief() is None, "b is done with, a is still out"
    sampler.landed(b.id)
    sampler.landed(again.id)
    assert rest(sampler) == ["a/2/"]
    assert sampler.made == 1


def test_of_the_subjects_that_wait_the_one_that_landed_comes_and_the_others_keep_waiting() -> None:
    sampler = subject_sampler("abcd", most_draws=2, once=True)
    briefs = {parts(brief)[0]: brief for brief in (brief_from(sampler) for _ in range(4))}
    order = []
    for key in "cadb":
        assert sampler.next_brief() is None
        sampler.landed(briefs[key].id)
        order.append(brief_from(sampler).prompt)
    assert order == ["c/1/", "a/1/", "d/1/", "b/1/"]
    assert sampler.next_brief() is None


def test_without_once_a_subject_of_which_something_was_made_is_drawn_for_again() -> None:
    sampler = subject_sampler("a", most_draws=2)
    brief = brief_from(sampler)
    sampler.accept(brief.id, material("made")[0])
    sampler.landed(brief.id)
    assert rest(sampler) == ["a/1/"]


def test_a_brief_that_is_the_same_in_every_turn_is_counted_each_time() -> None:
    subjects = material("a", "b")
    sampler = SubjectSampler(
        write_alike, lambda: iter(subjects), SEED, states={}, subject_of={}, most_draws=3, once=True
    )
    assert rest(sampler) == ["a/0/", "b/0/"] * 3


def test_examples_are_others_than_the_subject_and_the_same_ones_each_time() -> None:
    keys = [f"s{n}" for n in range(12)]
    first, again = (rest(subject_sampler(keys, others=material(*keys), examples=3)) for _ in range(2))
    assert first == again
    chosen = [(subject, examples.split()) for subject, _, examples in (p.split("/") for p in first)]
    assert all(len(set(examples)) == 3 and subject not in examples for subject, examples in chosen)
    assert len({" ".join(examples) for _, examples in chosen}) > 20, "each brief has its own"


@pytest.mark.parametrize(("others", "expected"), [("", 0), ("a", 0), ("ab", 1), ("abcd", 3)])
def test_a_brief_has_fewer_examples_where_there_are_no_more(others: str, expected: int) -> None:
    brief = brief_from(subject_sampler("a", others=material(*others), examples=3))
    assert len(parts(brief)[2]) == expected


@pytest.mark.parametrize("once", [True, False])
def test_material_is_not_read_again_for_turns_in_which_nothing_can_be_due(once: bool) -> None:
    opened = 0

    def subjects() -> Iterator[Material]:
        nonlocal opened
        opened += 1
        return iter(material("a", "b"))

    draws = 5 if once else 9_999
    states = {key: SubjectState(draws, made=1) for key in "ab"}
    sampler = SubjectSampler(
        write, subjects, SEED, states=states, subject_of={}, most_draws=10_000, once=once
    )
    assert rest(sampler) == ([] if once else ["a/9999/", "b/9999/"])
    assert sampler.next_brief() is None
    assert opened <= 3
