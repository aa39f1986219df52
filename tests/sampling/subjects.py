"""Desks whose briefs say all that they were written from, and the briefs that they give."""

from collections.abc import Mapping, Sequence

from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem, problem_id
from gristmill.sampling.subjects import OpenDesk, SubjectDesk, SubjectState

SEED = 7


def material(*keys: str) -> list[Material]:
    return [Material(key, f"parent of {key}", f"text of {key}") for key in keys]


def write(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """The prompt of a brief says all that it was written from: subject, turn, examples."""
    names = " ".join(example.key for example in examples)
    prompt = f"{subject.key if subject else ''}/{turn}/{names}"
    return Problem(problem_id(prompt, ""), prompt, "")


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
