"""The rule by which responses are made up: a pure function of the draw's seed.

Whether a draw is right, how long it takes, how many tokens it costs and whether it is cut off are read from
one hash of its seed, so that a run that is resumed meets the same responses. Faults alone depend on the try
as well: a fault that came again for ever would be a refusal. `ScriptedGenerator` plays a script in
process, the tests' stub server over HTTP.
"""

import hashlib
import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

from gristmill.sampling.records import Draw, FinishReason, Problem, Response, problem_id

_SUM = re.compile(r"What is (\d+) \+ (\d+)\?")
_UINT64 = float(1 << 64)
_WRONG_OFFSETS = 97
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Script:
    """What the responses are like. Rates are in [0, 1].

    `pass_rates` (by problem id) goes before `pass_rate`. Latency is lognormal: `latency_seconds` is its
    median (0: none) and `sigma` the deviation of its logarithm. `tokens` is the mean length of a response.
    `reply` gives the text of a response in place of the rule for answers.
    """

    pass_rate: float = 0.5
    pass_rates: Mapping[str, float] = field(default_factory=dict)
    latency_seconds: float = 0.0
    sigma: float = 0.6
    length_rate: float = 0.0
    fault_rate: float = 0.0
    refused: frozenset[str] = frozenset()
    tokens: int = 120
    model: str = "scripted"
    reply: "Reply | None" = None


Reply = Callable[[Script, Problem, Draw], str]
"""The text of a response, from the script, the problem and the draw."""


def scripted_response(
    script: Script, problem_id: str, reference: str | None, draw: Draw, prompt: str
) -> Response:
    """The response to `draw`; with no reference known every answer is made up. `prompt` is only counted."""
    chances = _chances(f"{draw.seed}")
    rate = script.pass_rates.get(problem_id, script.pass_rate)
    right = reference is not None and chances[0] < rate
    cut = chances[1] < script.length_rate
    answer = reference if right and reference is not None else _wrong_answer(reference, chances[2])
    return Response(
        text=_text(draw.seed, None if cut else answer),
        finish_reason=FinishReason.LENGTH if cut else FinishReason.STOP,
        prompt_tokens=max(1, len(prompt) // _CHARACTERS_PER_TOKEN),
        completion_tokens=max(1, round(script.tokens * (0.5 + chances[3]))),
        seconds=latency_seconds(script, chances[4]),
        model=script.model,
    )


def latency_seconds(script: Script, chance: float) -> float:
    """The lognormal latency at quantile `chance`, which is in [0, 1)."""
    if script.latency_seconds == 0:
        return 0.0
    quantile = min(max(chance, 1e-9), 1 - 1e-9)
    return script.latency_seconds * math.exp(script.sigma * NormalDist().inv_cdf(quantile))


def fault_chance(draw: Draw, tries: int) -> float:
    """In [0, 1); another one at every try of the draw, so that a fault passes."""
    return _chances(f"{draw.seed}\x1f{tries}")[0]


def sum_problems(count: int) -> list[Problem]:
    """`count` different sums in words that the stub server can answer by itself."""
    problems = []
    for number in range(count):
        prompt, reference = f"What is {number + 1} + {number % 89 + 2}?", str(number + 1 + number % 89 + 2)
        problems.append(Problem(problem_id(prompt, reference), prompt, reference, level="sum", source="sums"))
    return problems


def sum_problem(text: str) -> Problem | None:
    """The last sum that `text` asks for, None where it asks for none."""
    sums = list(_SUM.finditer(text))
    if not sums:
        return None
    found = sums[-1]
    reference = str(int(found[1]) + int(found[2]))
    return Problem(problem_id(found[0], reference), found[0], reference, level="sum", source="sums")


def _chances(key: str) -> tuple[float, ...]:
    digest = hashlib.blake2b(key.encode(), digest_size=40).digest()
    return tuple(number / _UINT64 for number in struct.unpack("<5Q", digest))


def _wrong_answer(reference: str | None, chance: float) -> str:
    offset = 1 + int(chance * _WRONG_OFFSETS)
    try:
        return str(int((reference or "").replace(",", "")) + offset)
    except ValueError:
        return str(1_000_003 + offset)


def _text(seed: int, answer: str | None) -> str:
    working = f"Working {seed:08x}: take what is given, combine it step by step, and check the result."
    return working if answer is None else f"{working}\nThe final answer is \\boxed{{{answer}}}."
