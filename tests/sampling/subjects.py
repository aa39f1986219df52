"""Subject and seed samplers for tests, whose briefs say all that they were written from."""

from collections.abc import Mapping, Sequence

from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem, problem_id
from gristmill.sampling.subjects import SeedSampler, SubjectSampler, SubjectState, WriteBrief

SEED = 7


def material(*keys: str) -> list[Material]:
    return [Material(key, f"parent of {key}", f"text of {key}") for key in keys]


def write(subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
    """The prompt of a brief says all that it was written from: subject, turn, examples."""
    names = " ".join(example.key for example in examples)
    prompt = f"{subject.key if subject else ''}/{turn}/{names}"
    return Problem(problem_id(prompt, ""), prompt, "")


def subject_sampler(
    keys: Sequence[str],
    *,
    write: WriteBrief = write,
    most_draws: int = 3,
    once: bool = False,
    states: Mapping[str, SubjectState] | None = None,
    others: Sequence[Material] = (),
    examples: int = 0,
) -> SubjectSampler:
    return SubjectSampler(
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


def brief_from(sampler: SeedSampler | SubjectSampler) -> Problem:
    brief = sampler.next_brief()
    assert brief is not None
    return brief


def parts(brief: Problem) -> tuple[str, int, list[str]]:
    subject, turn, examples = brief.prompt.split("/")
    return subject, int(turn), examples.split()


def rest(sampler: SubjectSampler) -> list[str]:
    """The prompts of all further briefs, none of which brings anything."""
    prompts = []
    while (brief := sampler.next_brief()) is not None:
        prompts.append(brief.prompt)
        sampler.landed(brief.id)
    return prompts
