"""Records of instruction synthesis: material for a brief, proposals in a response, progress of a brief.

A maker (synthesizer) writes a brief (a prompt that asks for instructions) from material: seeds, accepted
instructions, fragments of documents. What a response to a brief proposes is a candidate; it gets a verdict,
and one that is accepted becomes a problem. Rejected candidates are kept with their reason, as attempts are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gristmill.sampling.records import Problem, Tally


@dataclass(frozen=True, slots=True)
class Material:
    """What a brief is made from. `parent` is the id of the problem or document that it is or comes from.

    `key` tells one piece of material from another within a run. `input` is what the instruction works on,
    where its source keeps it apart.
    """

    key: str
    parent: str
    text: str
    input: str = ""
    level: str = ""
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        return f"{self.text}\n\n{self.input}" if self.input else self.text


@dataclass(frozen=True, slots=True)
class Proposal:
    """An instruction as it stands in a response to a brief; `reference` is what comes with it, "" if nothing.

    `quote` and `answer` are what the response claims of a source, where the maker asks for them.
    """

    prompt: str
    reference: str = ""
    quote: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class BriefProgress:
    """What the store knows of a brief when its run goes on; `made` are its accepted candidates."""

    brief: Problem
    position: int
    tally: Tally
    next_number: int
    made: int
