"""Generator of `constrained`: constraints drawn by rule, in place of a model, at no cost.

It is a generator like any other, so that its instructions are drawn, verified, kept and resumed as those of
a model are. The draw's seed decides which constraints come. It lives here because a generator knows no
verifier.
"""

import json
import random
from dataclasses import dataclass

from gristmill.generators.makers.constrain import CONSTRAINTS, INSTRUCTION
from gristmill.sampling.records import Draw, Failure, FinishReason, Prompt, Response
from gristmill.verifiers.constraints import attached, combination, written

MODEL = "constraints"


@dataclass(frozen=True, slots=True)
class ConstraintRule:
    """A `sampling.ports.Generator`. A draw attaches one to `most` constraints to the brief's instruction."""

    most: int
    model: str = MODEL
    condition: str = ""

    def drain_failures(self) -> list[Failure]:
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        instruction = prompt[-1].content
        chance = random.Random(draw.seed)  # noqa: S311 - no secret is drawn
        chosen = combination(chance, chance.randint(1, self.most), prompt=instruction)
        answer = {INSTRUCTION: attached(instruction, chosen), CONSTRAINTS: json.loads(written(chosen))}
        return Response(json.dumps(answer, ensure_ascii=False), FinishReason.STOP, 0, 0, 0.0, self.model)
