"""Random, conflict-free combinations of constraints for an instruction, and their sentences in the prompt."""

from collections.abc import Sequence
from random import Random

from pydantic import ValidationError

from gristmill.verifiers.constraints.contradictions import conflicts
from gristmill.verifiers.constraints.keywords import KeywordAtMost, WordsForbidden
from gristmill.verifiers.constraints.kind import Constraint
from gristmill.verifiers.constraints.phrases import occurrences
from gristmill.verifiers.constraints.prompt_conflicts import barred_kinds
from gristmill.verifiers.constraints.registry import CONSTRAINTS
from gristmill.verifiers.constraints.whole_response import Choice, RepeatPrompt

MOST_DRAWN = 3
_ROUNDS = 1000


def sentences(constraints: Sequence[Constraint]) -> str:
    """What is told of them, in order, in one paragraph."""
    return " ".join(constraint.sentence() for constraint in constraints)


def attached(instruction: str, constraints: Sequence[Constraint]) -> str:
    """The instruction, a blank line, and the sentences."""
    return f"{instruction.strip()}\n\n{sentences(constraints)}"


def conflict_with_prompt(constraint: Constraint, prompt: str) -> str | None:
    """Evidence that the constraint does not go with the bare instruction, or may not: it repeats another one,
    forbids a word of it, which a response can hardly do without, or is barred by what it speaks of.
    """
    if what := barred_kinds(prompt).get(constraint.kind):
        return f"{constraint.kind}: the instruction speaks of {what}"
    if isinstance(constraint, RepeatPrompt) and constraint.prompt != prompt.strip():
        return "the prompt to be repeated is not that of the problem"
    if isinstance(constraint, WordsForbidden | KeywordAtMost):
        words = constraint.words if isinstance(constraint, WordsForbidden) else (constraint.keyword,)
        found = [word for word in words if occurrences(word, prompt)]
        return f'"{found[0]}" stands in the prompt' if found else None
    return None


def combination(rng: Random, count: int, prompt: str = "") -> tuple[Constraint, ...]:
    """As many constraints, 1 to `MOST_DRAWN`, of distinct kinds, without a conflict among them or with the
    prompt, the bare instruction. The same state of `rng` gives the same ones. `repeat-prompt` is drawn only
    for a prompt that can be repeated, and `choice` never: whether its answers are answers to the prompt,
    nobody knows.
    """
    if not 1 <= count <= MOST_DRAWN:
        raise ValueError(f"count: {count}, 1 to {MOST_DRAWN} wanted")
    barred = {*barred_kinds(prompt), Choice.kind, *(() if _is_repeatable(prompt) else (RepeatPrompt.kind,))}
    kinds = [kind for slug, kind in CONSTRAINTS.items() if slug not in barred]
    for _ in range(_ROUNDS):
        drawn = tuple(kind.sample(rng, prompt) for kind in rng.sample(kinds, count))
        if conflicts(drawn) is None and not any(conflict_with_prompt(each, prompt) for each in drawn):
            return drawn
    raise ValueError(f"no {count} constraints found that go together and with the prompt")


def _is_repeatable(prompt: str) -> bool:
    try:
        RepeatPrompt.sample(Random(0), prompt)  # noqa: S311
    except ValidationError:
        return False
    return True
