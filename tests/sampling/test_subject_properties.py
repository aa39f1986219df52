"""Whatever lands and in whichever order: the turns of each subject, and the same ones when a run goes on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem
from gristmill.sampling.subjects import SubjectSampler, SubjectState
from tests.sampling.subjects import material, parts, rest, subject_sampler


@given(
    states=st.dictionaries(st.sampled_from("abcde"), st.builds(SubjectState, st.integers(0, 5))),
    most_draws=st.integers(1, 5),
)
def test_a_desk_that_goes_on_gives_each_subject_what_it_still_has_coming(
    states: dict[str, SubjectState], most_draws: int
) -> None:
    sampler = subject_sampler(
        "abcde", most_draws=most_draws, states={k: replace(v) for k, v in states.items()}
    )
    expected = [
        f"{key}/{turn}/"
        for turn in range(most_draws)
        for key in "abcde"
        if turn >= states.get(key, SubjectState()).draws
    ]
    assert rest(sampler) == expected


Landing = tuple[int, bool, bool]
"""Which of the briefs in flight lands (modulo their count), what it makes, whether another is asked for."""


def walk(
    sampler: SubjectSampler, landings: Sequence[Landing], out: int
) -> Iterator[tuple[Problem, list[Problem]]]:
    """Each brief as it is given, with what is in flight beside it; at the end all have landed."""
    flying: list[Problem] = []
    for which, makes, asks in landings:
        while asks and len(flying) < out and (brief := sampler.next_brief()) is not None:
            yield brief, flying
            flying.append(brief)
        if flying:
            land(sampler, flying.pop(which % len(flying)), makes)
    for brief in flying:
        land(sampler, brief, False)


def land(sampler: SubjectSampler, brief: Problem, makes: bool) -> None:
    if makes:
        sampler.accept(brief.id, Material(brief.id, brief.id, "made"))
    sampler.landed(brief.id)


WALKS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans()), max_size=30)


@given(landings=WALKS, out=st.integers(1, 8), once=st.booleans(), most_draws=st.integers(1, 4))
def test_no_subject_gets_ahead_of_another_or_more_than_its_draws(
    landings: list[Landing], out: int, once: bool, most_draws: int
) -> None:
    states: dict[str, SubjectState] = {key: SubjectState() for key in "abcde"}
    sampler = subject_sampler("abcde", once=once, most_draws=most_draws, states=states)
    given_turns: Counter[str] = Counter()
    for brief, flying in walk(sampler, landings, out):
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
    assert sampler.made == sum(state.made for state in states.values())


@given(landings=WALKS, out=st.integers(1, 8), once=st.booleans(), most_draws=st.integers(1, 4))
def test_a_desk_that_goes_on_has_the_same_briefs_left_as_the_one_that_was_stopped(
    landings: list[Landing], out: int, once: bool, most_draws: int
) -> None:
    states: dict[str, SubjectState] = {key: SubjectState() for key in "abcde"}
    seeds = material(*"abcde")
    sampler = partial(subject_sampler, "abcde", once=once, most_draws=most_draws, others=seeds, examples=2)
    stopped = sampler(states=states)
    for _ in walk(stopped, landings, out):
        pass
    resumed = sampler(states={key: replace(state) for key, state in states.items()})
    assert resumed.made == stopped.made
    assert sorted(rest(resumed)) == sorted(rest(stopped))
