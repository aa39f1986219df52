"""Where briefs come from: in which order, about which subjects, and the same ones when a run goes on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.candidates import Material
from sampling.desks import OpenDesk, SubjectDesk, SubjectState
from sampling.records import Problem, problem_id

SEED = 7


def material(*keys: str) -> list[Material]:
    return [Material(key, f"parent of {key}", f"text of {key}") for key in keys]


def write(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """The prompt of a brief says all that it was written from: subject, turn, examples."""
    names = " ".join(example.key for example in examples)
    prompt = f"{subject.key if subject else ''}/{turn}/{names}"
    return Problem(problem_id(prompt, ""), prompt, "")


def write_alike(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """The same brief about a subject in every turn."""
    return write(subject, examples, 0)


def open_desk(
    seeds: Sequence[Material],
    accepted: Sequence[Material] = (),
    *,
    written: int = 0,
    examples: int = 8,
    own: int = 2,
    run_seed: int = SEED,
) -> OpenDesk:
    return OpenDesk(write, seeds, accepted, run_seed, written=written, examples=examples, own=own)


def subject_desk(
    keys: Sequence[str],
    *,
    most_draws: int = 3,
    once: bool = False,
    states: Mapping[str, SubjectState] | None = None,
    others: Sequence[Material] = (),
    examples: int = 0,
) -> SubjectDesk:
    return SubjectDesk(
        write,
        lambda: iter(material(*keys)),
        SEED,
        states=states or {},
        subject_of={},
        most_draws=most_draws,
        once=once,
        others=others,
        examples=examples,
    )


def brief_from(desk: OpenDesk | SubjectDesk) -> Problem:
    brief = desk.next_brief()
    assert brief is not None
    return brief


def parts(brief: Problem) -> tuple[str, int, list[str]]:
    subject, turn, examples = brief.prompt.split("/")
    return subject, int(turn), examples.split()


def rest(desk: SubjectDesk) -> list[str]:
    """The prompts of all further briefs, none of which brings anything."""
    prompts = []
    while (brief := desk.next_brief()) is not None:
        prompts.append(brief.prompt)
        desk.landed(brief.id)
    return prompts


def test_an_open_desk_writes_the_same_briefs_for_the_same_seed_and_others_for_another() -> None:
    seeds = material(*"abcdefghijklmnop")
    one, same, other = (open_desk(seeds, run_seed=run_seed) for run_seed in (1, 1, 2))
    first, again, different = ([brief_from(desk) for _ in range(20)] for desk in (one, same, other))
    assert first == again
    assert len({brief.id for brief in first + different}) == 40


def test_a_brief_has_as_many_examples_as_asked_for_and_as_many_of_the_own_as_there_are() -> None:
    desk = open_desk(material(*"abcdefghij"))
    for have in range(4):
        for _ in range(10):
            _, _, examples = parts(brief_from(desk))
            assert len(set(examples)) == 8
            assert sum(name.startswith("own") for name in examples) == min(have, 2)
        desk.accept("any brief", Material(f"own-{have}", "p", "t"))
    assert desk.made == 4


@pytest.mark.parametrize(("seeds", "own", "expected"), [("", 2, 2), ("a", 2, 3), ("ab", 0, 2), ("", 0, 0)])
def test_too_few_seeds_make_shorter_lists_of_examples(seeds: str, own: int, expected: int) -> None:
    accepted = material("own-1", "own-2", "own-3")
    _, _, examples = parts(brief_from(open_desk(material(*seeds), accepted, own=own)))
    assert len(examples) == expected


def test_an_open_desk_goes_on_with_the_brief_after_those_that_were_written() -> None:
    seeds, accepted = material(*"abcdefghijkl"), material("own-1", "own-2", "own-3")
    whole = open_desk(seeds, accepted)
    briefs = [brief_from(whole) for _ in range(30)]
    for written in (0, 1, 13, 29):
        desk = open_desk(seeds, accepted, written=written)
        assert [brief_from(desk) for _ in briefs[written:]] == briefs[written:]
        assert desk.made == 3


def test_every_subject_has_its_draw_of_a_turn_before_any_has_another() -> None:
    desk = subject_desk("abc", most_draws=2)
    briefs = [brief_from(desk).prompt for _ in range(6)]  # none of them lands
    assert briefs == ["a/0/", "b/0/", "c/0/", "a/1/", "b/1/", "c/1/"]
    assert desk.next_brief() is None


def test_a_subject_that_is_in_the_material_twice_gets_the_draws_of_one() -> None:
    assert rest(subject_desk("aba", most_draws=2)) == ["a/0/", "b/0/", "a/1/", "b/1/"]
    assert rest(subject_desk("aba", most_draws=2, once=True)) == ["a/0/", "b/0/", "a/1/", "b/1/"]


def test_no_subjects_are_no_briefs() -> None:
    assert subject_desk("", most_draws=10_000).next_brief() is None


def test_once_a_subject_in_flight_waits_for_what_becomes_of_it() -> None:
    desk = subject_desk("ab", once=True)
    a, b = brief_from(desk), brief_from(desk)
    assert desk.next_brief() is None
    desk.landed(a.id)
    again = brief_from(desk)
    assert again.prompt == "a/1/"
    assert desk.next_brief() is None
    desk.accept(b.id, material("made")[0])
    assert desk.next_brief() is None, "b is done with, a is still out"
    desk.landed(b.id)
    desk.landed(again.id)
    assert rest(desk) == ["a/2/"]
    assert desk.made == 1


def test_of_the_subjects_that_wait_the_one_that_landed_comes_and_the_others_keep_waiting() -> None:
    desk = subject_desk("abcd", most_draws=2, once=True)
    briefs = {parts(brief)[0]: brief for brief in (brief_from(desk) for _ in range(4))}
    order = []
    for key in "cadb":
        assert desk.next_brief() is None
        desk.landed(briefs[key].id)
        order.append(brief_from(desk).prompt)
    assert order == ["c/1/", "a/1/", "d/1/", "b/1/"]
    assert desk.next_brief() is None


def test_without_once_a_subject_of_which_something_was_made_is_drawn_for_again() -> None:
    desk = subject_desk("a", most_draws=2)
    brief = brief_from(desk)
    desk.accept(brief.id, material("made")[0])
    desk.landed(brief.id)
    assert rest(desk) == ["a/1/"]


def test_a_brief_that_is_the_same_in_every_turn_is_counted_each_time() -> None:
    subjects = material("a", "b")
    desk = SubjectDesk(
        write_alike, lambda: iter(subjects), SEED, states={}, subject_of={}, most_draws=3, once=True
    )
    assert rest(desk) == ["a/0/", "b/0/"] * 3


def test_examples_are_others_than_the_subject_and_the_same_ones_each_time() -> None:
    keys = [f"s{n}" for n in range(12)]
    first, again = (rest(subject_desk(keys, others=material(*keys), examples=3)) for _ in range(2))
    assert first == again
    chosen = [(subject, examples.split()) for subject, _, examples in (p.split("/") for p in first)]
    assert all(len(set(examples)) == 3 and subject not in examples for subject, examples in chosen)
    assert len({" ".join(examples) for _, examples in chosen}) > 20, "each brief has its own"


@pytest.mark.parametrize(("others", "expected"), [("", 0), ("a", 0), ("ab", 1), ("abcd", 3)])
def test_a_brief_has_fewer_examples_where_there_are_no_more(others: str, expected: int) -> None:
    brief = brief_from(subject_desk("a", others=material(*others), examples=3))
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
    desk = SubjectDesk(write, subjects, SEED, states=states, subject_of={}, most_draws=10_000, once=once)
    assert rest(desk) == ([] if once else ["a/9999/", "b/9999/"])
    assert desk.next_brief() is None
    assert opened <= 3


@given(
    states=st.dictionaries(st.sampled_from("abcde"), st.builds(SubjectState, st.integers(0, 5))),
    most_draws=st.integers(1, 5),
)
def test_a_desk_that_goes_on_gives_each_subject_what_it_still_has_coming(
    states: dict[str, SubjectState], most_draws: int
) -> None:
    desk = subject_desk("abcde", most_draws=most_draws, states={k: replace(v) for k, v in states.items()})
    expected = [
        f"{key}/{turn}/"
        for turn in range(most_draws)
        for key in "abcde"
        if turn >= states.get(key, SubjectState()).draws
    ]
    assert rest(desk) == expected


Landing = tuple[int, bool, bool]
"""Which of the briefs in flight lands (modulo their count), what it makes, whether another is asked for."""


def walk(desk: SubjectDesk, landings: Sequence[Landing], out: int) -> Iterator[tuple[Problem, list[Problem]]]:
    """Each brief as it is given, with what is in flight beside it; at the end all have landed."""
    flying: list[Problem] = []
    for which, makes, asks in landings:
        while asks and len(flying) < out and (brief := desk.next_brief()) is not None:
            yield brief, flying
            flying.append(brief)
        if flying:
            land(desk, flying.pop(which % len(flying)), makes)
    for brief in flying:
        land(desk, brief, False)


def land(desk: SubjectDesk, brief: Problem, makes: bool) -> None:
    if makes:
        desk.accept(brief.id, Material(brief.id, brief.id, "made"))
    desk.landed(brief.id)


WALKS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans()), max_size=30)


@given(landings=WALKS, out=st.integers(1, 8), once=st.booleans(), most_draws=st.integers(1, 4))
def test_no_subject_gets_ahead_of_another_or_more_than_its_draws(
    landings: list[Landing], out: int, once: bool, most_draws: int
) -> None:
    states: dict[str, SubjectState] = {key: SubjectState() for key in "abcde"}
    desk = subject_desk("abcde", once=once, most_draws=most_draws, states=states)
    given_turns: Counter[str] = Counter()
    for brief, flying in walk(desk, landings, out):
        subject, turn, _ = parts(brief)
        assert turn == given_turns[subject] < most_draws
        given_turns[subject] += 1
        open_keys = [key for key in "abcde" if not (once and states[key].made)]
        assert min(given_turns[key] for key in open_keys) >= turn
        if once:
            assert subject not in [parts(other)[0] for other in flying]
            assert states[subject].made == 0
    assert {key: state.draws for key, state in states.items()} == {key: given_turns[key] for key in "abcde"}
    assert all(state.in_flight == 0 for state in states.values())
    assert desk.made == sum(state.made for state in states.values())


@given(landings=WALKS, out=st.integers(1, 8), once=st.booleans(), most_draws=st.integers(1, 4))
def test_a_desk_that_goes_on_has_the_same_briefs_left_as_the_one_that_was_stopped(
    landings: list[Landing], out: int, once: bool, most_draws: int
) -> None:
    states: dict[str, SubjectState] = {key: SubjectState() for key in "abcde"}
    seeds = material(*"abcde")
    desk = partial(subject_desk, "abcde", once=once, most_draws=most_draws, others=seeds, examples=2)
    stopped = desk(states=states)
    for _ in walk(stopped, landings, out):
        pass
    resumed = desk(states={key: replace(state) for key, state in states.items()})
    assert resumed.made == stopped.made
    assert sorted(rest(resumed)) == sorted(rest(stopped))
