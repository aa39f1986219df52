"""Constraints made for tests: with arguments at the edge, so that ranges and room just meet or just fail
to, and the opposite of each.
"""

from random import Random

from gristmill.text.words import word_count
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


_YES_OR_NO = ("choice", {"options": ["Yes.", "No."]})


def opposite(one: Constraint) -> Constraint:
    """A constraint that no text satisfies together with this one."""
    args = one.model_dump(mode="json")
    count, kind = args.get("count", 0), one.kind
    if (most := kind.replace("at-least", "at-most")) != kind and most in CONSTRAINTS:
        return constraint(most, args | {"count": count - 1})
    if kind.endswith("at-most"):
        return constraint(kind.replace("at-most", "at-least"), args | {"count": count + 1})
    if kind.endswith(("exactly", "starred")):
        return constraint(kind, args | {"count": count + 1})
    phrase = str(args.get("phrase") or args.get("prompt") or " ")
    others: dict[str, tuple[str, dict[str, object]]] = {
        "words-between": ("words-at-most", {"count": args.get("least", 2) - 1}),
        "paragraph-starts-with": ("paragraphs-exactly", {"count": count + 1}),
        "keywords-included": ("words-forbidden", {"words": args.get("keywords")}),
        "words-forbidden": ("keywords-included", {"keywords": args.get("words")}),
        "all-lowercase": ("all-uppercase", {}),
        "all-uppercase": ("all-lowercase", {}),
        "no-commas": ("starts-with", {"phrase": "Well, then"}),
        "no-digits": ("keywords-included", {"keywords": ["42"]}),
        "language": ("language", {"language": "en" if args.get("language") == "de" else "de"}),
        "starts-with": ("starts-with", {"phrase": "Yes" if phrase[0] == "N" else "No"}),
        "repeat-prompt": ("starts-with", {"phrase": "Yes" if phrase[0] == "N" else "No"}),
        "ends-with": ("ends-with", {"phrase": "Yes!" if phrase[-1] == "." else "No."}),
        "ends-with-question": ("ends-with", {"phrase": "That is all."}),
        "json-only": ("quoted", {}),
        "quoted": ("json-only", {}),
        "choice": ("words-at-least", {"count": max(1, *map(word_count, args.get("options", [""] * 2))) + 1}),
    }
    return constraint(*others.get(kind, _YES_OR_NO))
