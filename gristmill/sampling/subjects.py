"""Samplers of briefs: which seeds, fragments and examples the next prompt for instructions is written from.

`SeedSampler` draws examples at random from the seeds and what was accepted (Self-Instruct, arXiv 2212.10560);
`SubjectSampler` goes through its subjects (seeds, or fragments of documents) breadth first. Both are
deterministic in run seed, material, and what has been accepted by then.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem

WriteBrief = Callable[[Material | None, Sequence[Material], int], Problem]
"""A brief about a subject (None: about none), with examples, in the given turn: 0, 1, 2, ..."""


class SeedSampler:
    """Briefs without a subject, whose examples are drawn from the seeds and from what was accepted.

    `examples` stand in each, `own` of them accepted instructions as soon as there are as many (Self-Instruct:
    8 and 2).
    """

    def __init__(
        self,
        write: WriteBrief,
        seeds: Sequence[Material],
        accepted: Sequence[Material],
        run_seed: int,
        *,
        written: int,
        examples: int,
        own: int,
    ) -> None:
        """`written` counts the briefs of earlier sessions, so that this one does not write them again."""
        self.made = len(accepted)
        self._write = write
        self._seeds = list(seeds)
        self._accepted = list(accepted)
        self._run_seed = run_seed
        self._written = written
        self._examples = examples
        self._own = own

    def next_brief(self) -> Problem | None:
        chance = random.Random(f"{self._run_seed}/{self._written}")  # noqa: S311 - no secret is drawn
        own = chance.sample(self._accepted, min(self._own, len(self._accepted)))
        seeds = chance.sample(self._seeds, min(self._examples - len(own), len(self._seeds)))
        examples = [*seeds, *own]
        chance.shuffle(examples)
        brief = self._write(None, examples, self._written)
        self._written += 1
        return brief

    def accept(self, brief_id: str, instruction: Material) -> None:
        self.made += 1
        self._accepted.append(instruction)

    def landed(self, brief_id: str) -> None:
        """Any number of briefs may be out."""


@dataclass(slots=True)
class SubjectState:
    """Counts of one subject: draws that are over, draws in flight, instructions made."""

    draws: int = 0
    in_flight: int = 0
    made: int = 0


class SubjectSampler:
    """Briefs about subjects, breadth first: every one has had its n-th draw before any gets another.

    `subjects` opens the material anew, in the same order each time, so that it need not fit into memory. With
    `once` a subject of which an instruction was made gets no more draws. `others` are material for examples.
    """

    def __init__(
        self,
        write: WriteBrief,
        subjects: Callable[[], Iterator[Material]],
        run_seed: int,
        *,
        states: Mapping[str, SubjectState],
        subject_of: Mapping[str, str],
        most_draws: int,
        once: bool,
        others: Sequence[Material] = (),
        examples: int = 0,
    ) -> None:
        """`states` (by the subject's key) and `subject_of` (from brief to key) are of earlier sessions."""
        self.made = sum(state.made for state in states.values())
        self._write = write
        self._open = subjects
        self._run_seed = run_seed
        self._states = dict(states)
        self._subject_of = dict(subject_of)
        self._most_draws = most_draws
        self._once = once
        self._others = list(others)
        self._examples = examples
        self._turn = 0
        self._subjects = subjects()
        self._deferred: list[Material] = []

    def find_first(self) -> None:
        """Goes through the material up to the first subject that is due, which may take long: all that
        earlier sessions did is passed over.
        """
        for subject in self._subjects:
            if self._is_due(subject):
                self._subjects = chain([subject], self._subjects)
                return

    def next_brief(self) -> Problem | None:
        while self._turn < self._most_draws:
            for subject in self._subjects:
                if self._is_due(subject):
                    return self._brief(subject)
            waiting, self._deferred = self._deferred, []
            for position, subject in enumerate(waiting):
                if self._is_due(subject):
                    self._deferred += waiting[position + 1 :]
                    return self._brief(subject)
            if self._deferred:
                return None
            self._turn = self._following_turn()
            self._subjects = self._open()
        return None

    def _following_turn(self) -> int:
        """The next turn in which a subject can be due: to look through material may take long."""
        draws = (
            state.draws + state.in_flight
            for state in self._states.values()
            if not (self._once and state.made)
        )
        return max(self._turn + 1, min(draws, default=self._most_draws))

    def _is_due(self, subject: Material) -> bool:
        """Whether it gets a draw in this turn; one that may be about to succeed is looked at again later."""
        state = self._states.setdefault(subject.key, SubjectState())
        if self._once and state.made:
            return False
        if self._once and state.in_flight:
            self._deferred.append(subject)
            return False
        return state.draws + state.in_flight <= self._turn

    def _brief(self, subject: Material) -> Problem:
        brief = self._write(subject, self._examples_for(subject), self._turn)
        self._states[subject.key].in_flight += 1
        self._subject_of[brief.id] = subject.key
        return brief

    def accept(self, brief_id: str, instruction: Material) -> None:
        self.made += 1
        self._states[self._subject_of[brief_id]].made += 1

    def landed(self, brief_id: str) -> None:
        state = self._states[self._subject_of[brief_id]]
        state.in_flight -= 1
        state.draws += 1

    def _examples_for(self, subject: Material) -> list[Material]:
        chance = random.Random(f"{self._run_seed}/{subject.key}/{self._turn}")  # noqa: S311
        some = chance.sample(self._others, min(self._examples + 1, len(self._others)))
        return [other for other in some if other.key != subject.key][: self._examples]
