"""Registry of makers. A maker (a key of recipes) is an instruction synthesizer: a prompt and a parser.

`prompt` writes the brief, the prompt that asks a model for instructions: about a subject, with examples, in a
given turn. `parse` reads the proposed instructions from a response, and is told whether it ended by itself.
To add one: a module here, a line in `MAKERS`, a recipe, a test file, a row in `docs/instructions.md`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gristmill.generators.maker_names import MakerName
from gristmill.generators.makers.constrain import constrain_parse, constrain_prompt
from gristmill.generators.makers.evolve import evolve_parse, evolve_prompt, evolve_turn
from gristmill.generators.makers.expand import OUTPUTS, expand_parse, expand_prompt
from gristmill.generators.makers.extract import extract_parse, extract_prompt
from gristmill.generators.makers.grounded import grounded_parse, grounded_prompt
from gristmill.generators.makers.refine import refine_parse, refine_prompt
from gristmill.generators.makers.self_instruct import ASKED, self_instruct_parse, self_instruct_prompt
from gristmill.sampling.candidates import Material, Proposal


class From(StrEnum):
    """What a maker starts from."""

    SEEDS = "seeds"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Maker:
    """`about_subjects`: each brief is about one piece of material; otherwise about none, with examples.

    `once`: a subject of which an instruction was made is done with. `examples` stand in a brief besides its
    subject. `asks` is how many instructions a response should hold. `turn` names what is asked for in the
    n-th draw of a subject, "" where all are alike. `by_rule`: a rule answers the brief, and no model.
    """

    source: From
    prompt: Callable[[Material | None, Sequence[Material], int], str]
    parse: Callable[[str, bool], list[Proposal]]
    about_subjects: bool = True
    once: bool = True
    examples: int = 0
    asks: int = 1
    turn: Callable[[int], str] = lambda number: ""
    by_rule: bool = False


MAKERS: dict[MakerName, Maker] = {
    MakerName.SELF_INSTRUCT: Maker(
        From.SEEDS, self_instruct_prompt, self_instruct_parse, about_subjects=False, once=False, asks=ASKED
    ),
    MakerName.EXTRACT: Maker(From.DOCUMENTS, extract_prompt, extract_parse),
    MakerName.EXPAND: Maker(From.SEEDS, expand_prompt, expand_parse, once=False, examples=1, asks=OUTPUTS),
    MakerName.REFINE: Maker(From.SEEDS, refine_prompt, refine_parse),
    MakerName.EVOLVE: Maker(From.SEEDS, evolve_prompt, evolve_parse, once=False, turn=evolve_turn),
    MakerName.GROUNDED_QA: Maker(From.DOCUMENTS, grounded_prompt, grounded_parse),
    MakerName.CONSTRAINED: Maker(From.SEEDS, constrain_prompt, constrain_parse, by_rule=True),
}

__all__ = ["MAKERS", "From", "Maker", "MakerName"]
