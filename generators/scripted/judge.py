"""Scripted judge model: judgements as a pure function of prompt and seed, for tests and dry runs.

The judge looks for a planted `quality N` in the response; where there is none, the hash of the response says
how good it is. Its score is that, up to the scale; of two responses it prefers the better. A share of
its answers is garbage, and a share of its comparisons prefers what comes first, both by the draw's seed. The
stub server and the backend `scripted` answer so whenever they are asked as judges.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from gristmill.generators.judge_prompts import Better
from gristmill.generators.scripted.generator import script_of
from gristmill.generators.scripted.script import Script, scripted_response
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import Draw, Failure, FinishReason, Prompt, Response

GARBAGE = "I would give it a four, all in all."

_PIECE = re.compile(
    r"^\[([0-9a-f]{16})\] begin (response(?: [AB])?)\n(.*?)\n\[\1\] end \2$", re.MULTILINE | re.DOTALL
)
_SCALE = re.compile(r"^\[[0-9a-f]{16}\] .*a whole number from 1 to (\d{1,3})", re.MULTILINE)
_QUALITY = re.compile(r"\bquality (\d{1,3})\b")
_BEST = 100
_UINT64 = float(1 << 64)


@dataclass(frozen=True, slots=True)
class JudgeScript:
    """Rates are in [0, 1]. `first_rate`: of comparisons in which the judge takes A, whatever it is."""

    garbage_rate: float = 0.0
    first_rate: float = 0.0


def scripted_judgement(script: JudgeScript, seed: int, question: str) -> str | None:
    """The answer to the last message of a judge's prompt; None where `question` is none."""
    pieces = {found[2]: found[3] for found in _PIECE.finditer(question)}
    garbage, first = _chance(f"garbage {seed}"), _chance(f"first {seed}")
    if not pieces:
        return None
    if garbage < script.garbage_rate:
        return GARBAGE
    if "response" in pieces:
        scales = _SCALE.findall(question)
        scale = int(scales[-1]) if scales else _BEST
        return json.dumps({"explanation": "By rule.", "score": _quality(pieces["response"], scale)})
    return json.dumps({"explanation": "By rule.", "better": _better(pieces, first < script.first_rate)})


def as_judge(script: JudgeScript, seed: int, question: str, otherwise: Response) -> Response:
    """The answer in place of the text of `otherwise`, which stays where `question` is not a judge's."""
    answer = scripted_judgement(script, seed, question)
    if answer is None:
        return otherwise
    return replace(otherwise, text=answer, finish_reason=FinishReason.STOP)


class ScriptedJudge:
    """A `Generator` that answers as a judge, at the latency of `script`. It has no faults."""

    condition = ""

    def __init__(self, script: Script, judge: JudgeScript) -> None:
        self.model = script.model
        self._script = script
        self._judge = judge

    def drain_failures(self) -> list[Failure]:
        return []

    async def draw(self, draw: Draw, prompt: Prompt) -> Response:
        text = "\n".join(message.content for message in prompt)
        response = scripted_response(self._script, draw.problem_id, None, draw, text)
        await asyncio.sleep(response.seconds)
        return as_judge(self._judge, draw.seed, prompt[-1].content, response)


@asynccontextmanager
async def open_scripted_judge(settings: GeneratorSettings) -> AsyncIterator[ScriptedJudge]:
    """In place of the backend `scripted`, which knows its problems and answers them, not a judge's."""
    yield ScriptedJudge(script_of(settings), JudgeScript())


def _better(pieces: Mapping[str, str], takes_first: bool) -> Better:
    one, other = (_quality(pieces.get(f"response {name}", ""), _BEST) for name in "AB")
    if takes_first or one > other:
        return Better.A
    return Better.TIE if one == other else Better.B


def _quality(text: str, best: int) -> int:
    """From 1 to `best`."""
    planted = _QUALITY.search(text)
    if planted:
        return min(best, max(1, int(planted[1])))
    return 1 + int(_chance(text) * best)


def _chance(key: str) -> float:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / _UINT64
