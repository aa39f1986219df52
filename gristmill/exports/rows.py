"""Records of an export (examples, rows) and the interface of a format.

A format is one file in `exports/formats`: a schema, and a function from a problem with its attempts to
rows. A row is a record, as the trainer reads it, with the attempts that it was made from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from gristmill.db.exports.records import ExportAttempt, ExportProblem
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.records import Outcome, Problem

Record = Mapping[str, object]
"""Keys in the order of the format's schema, plain values, lists and mappings."""


class Row(NamedTuple):
    """A record, and the attempts in it: none where it tells of a problem alone, two in a pair (the chosen
    one first).
    """

    record: Record
    attempts: tuple[ExportAttempt, ...]


class Example(NamedTuple):
    """One turn: what is asked and what is answered, as they are trained on. `style` is "" where a response
    stands as it was drawn.
    """

    prompt: str
    completion: str
    problem: Problem
    attempt: ExportAttempt
    style: str = ""


Transform = Callable[[ExportProblem, Iterable[Example]], Iterable[Example]]
"""From the examples of one problem to those in their place, in order."""


@dataclass(frozen=True, slots=True)
class Context:
    """The settings and the transform, which a format may use besides a problem."""

    settings: ExportSettings
    transform: Transform | None = None

    def examples(self, problem: ExportProblem) -> Iterator[Example]:
        """The attempts as examples, in order, transformed where that is asked for."""
        of = problem.problem
        plain = (Example(of.prompt, attempt.text, of, attempt) for attempt in problem.attempts)
        return plain if self.transform is None else iter(self.transform(problem, plain))


@dataclass(frozen=True, slots=True)
class Format:
    """`outcomes` says which attempts it is made from; the others never reach it, and where there are none it
    has no responses. A format that `takes_transforms` takes its examples from the context; one that
    `has_forms` is conversational or plain. One that `shows_answers` takes references for answers. `wants_*`
    says what is read of the store besides.

    For the data card: `in_words` says what a row holds, to go on after `the format: `, `kind` the same in a
    title, `columns` the descriptions of columns that `card/column_descriptions.py` does not have;
    one that `is_preference` is tagged `preference`.
    """

    schema: Callable[[ExportSettings], pa.Schema]
    rows: Callable[[ExportProblem, Context], Iterator[Row]]
    in_words: str
    kind: str = "responses"
    columns: Mapping[str, str] = field(default_factory=dict)
    outcomes: Sequence[Outcome] = (Outcome.ACCEPTED,)
    is_preference: bool = False
    takes_transforms: bool = False
    has_forms: bool = False
    shows_answers: bool = False
    wants_pairs: bool = False
    wants_tally: bool = False
    wants_details: bool = False
    wants_steps: bool = False


METADATA = pa.struct(
    [
        ("problem_id", pa.string()),
        ("run_id", pa.string()),
        ("number", pa.int32()),
        ("model", pa.string()),
        ("level", pa.string()),
        ("source", pa.string()),
    ]
)
"""The one further column of formats whose trainers pass over what they do not know."""


def metadata(problem: Problem, attempt: ExportAttempt) -> Record:
    return {
        "problem_id": problem.id,
        "run_id": attempt.run_id,
        "number": attempt.number,
        "model": attempt.model,
        "level": problem.level,
        "source": problem.source,
    }
