"""Arguments at the edge: small numbers, so that ranges and room just meet or just fail to."""

from random import Random

from gristmill.verifiers.constraints import CONSTRAINTS, Constraint, constraint

PROMPTS = (
    "Why do ships float?",
    "name two fruits",
    "Tell me, in short, why ships float. Give 3 reasons.",
    "List:\n- apples\n- pears\n\nWhich is best?\n\nSection 1 of NASA's report\n***\nhas it",
    'He said: "1, 2, 3... go!" Then\r\nwhat?? It was the river market.',
)

_SMALL: dict[str, tuple[int, int]] = {
    "words-at-least": (2, 60),
    "words-at-most": (1, 60),
    "words-exactly": (1, 60),
    "sentences-at-least": (2, 10),
    "sentences-at-most": (1, 10),
    "sentence-words-at-most": (1, 9),
    "sentence-words-at-least": (2, 5),
    "paragraphs-exactly": (1, 5),
    "paragraphs-starred": (2, 4),
    "lines-exactly": (1, 9),
    "letter-at-most": (0, 4),
    "letter-at-least": (1, 9),
    "capital-words-at-least": (1, 5),
    "capital-words-at-most": (0, 3),
    "bullets-exactly": (1, 4),
    "highlights-at-least": (1, 4),
    "placeholders-at-least": (1, 4),
    "questions-exactly": (1, 4),
}


def at_the_edge(rng: Random, kind: str, prompt: str) -> Constraint:
    drawn = CONSTRAINTS[kind].sample(rng, prompt)
    if kind in _SMALL:
        return constraint(kind, drawn.model_dump() | {"count": rng.randint(*_SMALL[kind])})
    if kind == "words-between":
        least = rng.randint(2, 40)
        return constraint(kind, {"least": least, "most": least + rng.randint(0, 5)})
    return drawn
