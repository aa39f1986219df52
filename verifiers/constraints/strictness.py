"""Strict and loose checks of a constraint, as in IFEval: on the response as it is, or
without its first and last line and without asterisks.

The loose form takes a response that satisfies the constraint without its first line, without its last one,
without both, or without asterisks in any of these: an opening ("Sure, here it is:"), a closing and Markdown's
bold are forgiven. So it also forgives what stands in those lines: of a response of two lines, either may
break the constraint.
"""

from collections.abc import Sequence

from gristmill.text.blocks import with_plain_breaks
from gristmill.verifiers.constraints.kind import Constraint
from gristmill.verifiers.constraints.whole_response import RepeatPrompt

_SHOWN = 60


def violation(
    constraint: Constraint, text: str, *, loose: bool, beside: Sequence[Constraint] = ()
) -> str | None:
    """None where the constraint is satisfied, else the evidence, which is always that of the strict form.

    `beside` are those that the prompt told with it: `repeat-prompt` wants none of them repeated.
    """
    evidence = _evidence(constraint, text, beside)
    if evidence is None or not loose:
        return evidence
    satisfied = any(_evidence(constraint, variant, beside) is None for variant in loose_variants(text))
    return None if satisfied else evidence


def _evidence(constraint: Constraint, text: str, beside: Sequence[Constraint]) -> str | None:
    evidence = constraint.check(text)
    if evidence is not None or not isinstance(constraint, RepeatPrompt):
        return evidence
    told = next((other.sentence() for other in beside if constraint.echoes(text, other)), None)
    return None if told is None else f"the added conditions are repeated, too: {told[:_SHOWN]!r}"


def loose_variants(text: str) -> list[str]:
    """The seven beside the text itself, without those that hold nothing, each once."""
    lines = with_plain_breaks(text).split("\n")
    cut = ["\n".join(part).strip() for part in (lines, lines[1:], lines[:-1], lines[1:-1])]
    return list(
        dict.fromkeys(variant for each in cut for variant in (each, each.replace("*", "")) if variant.strip())
    )
