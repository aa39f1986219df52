"""Instructions made up by rule: what the scripted generator answers to briefs (prompts that ask for them).

For dry runs and tests of everything around a model. The instructions are put together from word lists by
the draw's seed, in the form that the maker asks for; the script's pass rate is the share of responses that
keep to that form, the others hold no instruction.
"""

import random
from collections.abc import Callable, Mapping

from gristmill.generators.scripted.script import Script
from gristmill.sampling.records import Draw, Problem

MAKER = "maker"
"""The key of a brief's origin that says which maker wrote it."""

MADE_BY = "brief"
"""The key of a made problem's origin that names its brief; the rest of it is the brief's."""

_VERBS = (
    "Describe", "Explain", "Summarise", "Compare", "List", "Outline", "Discuss", "Rewrite", "Rank", "Justify",
)  # fmt: skip
_SHAPES = (
    "what {0} and {1} have to do with {2}, {3} and {4}",
    "how {0} changed {1} once {2} came up beside {3} or {4}",
    "why people who know {0} and {1} seldom learn {2}, {3} or {4}",
    "the difference between {0} and {1} to somebody from {2} who works with {3} and {4}",
    "a plan that brings {0}, {1} and {2} together without {3} or {4}",
    "five mistakes about {0} and {1} that make {2}, {3} and {4} harder",
)
_THINGS_IN_ONE = 5
_THINGS = (
    "bread", "rivers", "maps", "bridges", "violins", "harbours", "gardens", "clocks", "forests", "markets",
    "letters", "lanterns", "mountains", "bicycles", "novels", "windmills", "recipes", "libraries", "planets",
    "festivals", "sailing", "pottery", "weaving", "beekeeping", "chess", "astronomy", "geometry", "grammar",
    "trade", "medicine", "painting", "carpentry", "opera", "fishing", "mining", "printing", "farming",
)  # fmt: skip


def scripted_proposals(script: Script, brief: Problem, draw: Draw) -> str:
    """What the script says to the brief; without a form where the draw's chance is above the pass rate."""
    chance = random.Random(f"{draw.seed}")  # noqa: S311 - no secret is drawn
    if chance.random() >= script.pass_rate:
        return ""
    write = _FORMS.get(brief.origin.get(MAKER, ""), _bare)
    return write(brief, chance)


def _instruction(chance: random.Random) -> str:
    things = chance.sample(_THINGS, _THINGS_IN_ONE)
    return f"{chance.choice(_VERBS)} {chance.choice(_SHAPES).format(*things)}."


def _bare(brief: Problem, chance: random.Random) -> str:
    return _instruction(chance)


def _numbered(brief: Problem, chance: random.Random) -> str:
    return "\n".join(f"Task {number}: {_instruction(chance)}" for number in range(9, 12))


def _tagged(brief: Problem, chance: random.Random) -> str:
    return "\n".join(f"<answer>{_instruction(chance)}</answer>" for _ in range(3))


def _kept(brief: Problem, chance: random.Random) -> str:
    return f"<answer>{brief.reference} Take care to {_instruction(chance).lower()}</answer>"


def _about(brief: Problem, chance: random.Random) -> str:
    """Uses the fragment's own words, so that it is likelier given the instruction."""
    words = brief.reference.split()
    start = chance.randrange(max(1, len(words) - 6))
    return (
        f"{chance.choice(_VERBS)} what is meant by {' '.join(words[start : start + 6])}, {_THINGS[0]} aside."
    )


def _grounded(brief: Problem, chance: random.Random) -> str:
    sentence = brief.reference.split(". ")[0].strip()
    lines = {"Fact": sentence, "Background": "None.", "Question": _about(brief, chance), "Answer": sentence}
    return "\n".join([f"{name}: {value}" for name, value in lines.items()] + [f"Quote: {sentence}"])


_FORMS: Mapping[str, Callable[[Problem, random.Random], str]] = {
    "self-instruct": _numbered,
    "expand": _tagged,
    "refine": _kept,
    "evolve": _tagged,
    "extract-then-generate": _about,
    "grounded-qa": _grounded,
}
