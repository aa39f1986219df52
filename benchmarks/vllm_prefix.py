"""Whether several responses are cheaper by `n > 1` than by requests of one each that go out close together.

A server that has read a prompt keeps it in its prefix cache while there is room, so that the next request
with the same prompt need not read it again. The same responses per prompt are asked for in several shapes:
by single requests, those of a prompt one after the other or each prompt once and then again, and by requests
for several. Prompts are long (worked examples of a data set, other ones for every problem, then the problem)
and every response has the same length. Each turn has a cache salt of its own, so that it finds no prompt
that another one left.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bare_loop import run
from benchmarks.bodies import Body
from benchmarks.vllm_server import VllmServer

ENGINE = ("--max-model-len", "2048", "--max-num-seqs", "64", "--enforce-eager")
LARGE, SMALL = (), ("--num-gpu-blocks-override", "120")
"""Arguments of vLLM: room for all prompts, or for those in flight and hardly any more (blocks of 128 tokens).
"""


@dataclass(frozen=True)
class Shape:
    """Responses of a prompt that one request asks for, and those that are asked for one after the other."""

    name: str
    n: int
    together: int


AS_RUNS_DO = Shape("n=1, 4 together", 1, 4)
SHAPES = (
    Shape("n=1, breadth first", 1, 1),
    AS_RUNS_DO,
    Shape("n=1, 8 together", 1, 8),
    Shape("n=4", 4, 4),
    Shape("n=8", 8, 8),
)


@dataclass(frozen=True)
class Asked:
    """`responses` to each of `problems`, `max_tokens` long, after so many worked `examples`; `in_flight`
    counts responses and not requests.
    """

    dataset: Path
    problems: int
    responses: int
    max_tokens: int
    in_flight: int
    examples: int

    @property
    def tokens(self) -> int:
        return self.problems * self.responses * self.max_tokens

    def chats(self) -> list[list[dict[str, str]]]:
        """A prompt per problem; the rows of its examples are nobody else's."""
        with self.dataset.open(encoding="utf-8") as source:
            rows = [json.loads(next(source)) for _ in range(self.problems * (self.examples + 1))]
        return [_chat(rows[place :: self.problems]) for place in range(self.problems)]

    def bodies(self, shape: Shape, model: str, salt: str) -> Iterator[Body]:
        shared = {"model": model, "max_tokens": self.max_tokens, "ignore_eos": True, "n": shape.n}
        chats, seed = self.chats(), 0
        for _ in range(0, self.responses, shape.together):
            for chat in chats:
                for _ in range(0, shape.together, shape.n):
                    seed += 1
                    yield {**shared, "messages": chat, "seed": seed, "cache_salt": salt}


def _chat(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """All rows but the first are worked examples; the first is asked."""
    turns = []
    for row in rows[1:]:
        turns.append({"role": "user", "content": row["question"]})
        turns.append({"role": "assistant", "content": row["answer"]})
    return [*turns, {"role": "user", "content": rows[0]["question"]}]


@dataclass(frozen=True)
class Turn:
    """`cached` is the share of the prompts' tokens that the prefix cache served."""

    tokens_per_second: float
    cached: float
    preemptions: int


def compare_shapes(server: VllmServer, asked: Asked, rounds: int, name: str) -> None:
    """All shapes in turn, so many times, the last one first in every other round."""
    print(f"{name}: {asked.problems} problems after {asked.examples} examples each, ", end="")
    print(f"{asked.responses} responses of {asked.max_tokens} tokens, {asked.in_flight} in flight")
    turns: dict[Shape, list[Turn]] = {shape: [] for shape in SHAPES}
    model = server.model()
    for number in range(rounds):
        for shape in SHAPES if number % 2 == 0 else reversed(SHAPES):
            turn = one_turn(server, asked, shape, model)
            print(f"  round {number}, {shape.name}: {turn.tokens_per_second:.1f} tokens/s", flush=True)
            turns[shape].append(turn)
    show(turns)


def show(turns: Mapping[Shape, Sequence[Turn]]) -> None:
    """Medians over the rounds; ratios are to what a run sends, in the same round."""
    print(f"{'':<22}{'tokens/s':>10}{'from':>8}{'to':>8}{'ratio':>8}{'cached':>9}{'preempted':>11}")
    for shape, mine in turns.items():
        rates = [turn.tokens_per_second for turn in mine]
        base = [turn.tokens_per_second for turn in turns[AS_RUNS_DO]]
        ratio = median(rate / other for rate, other in zip(rates, base, strict=True))
        print(f"{shape.name:<22}{median(rates):>10.1f}{min(rates):>8.1f}{max(rates):>8.1f}", end="")
        print(f"{ratio:>8.3f}{median(turn.cached for turn in mine):>9.1%}", end="")
        print(f"{max(turn.preemptions for turn in mine):>11}")


def one_turn(server: VllmServer, asked: Asked, shape: Shape, model: str) -> Turn:
    before = server.counters()
    salt = f"{before['generation_tokens']:.0f} {shape.name}"
    read = asyncio.run(run([server.url], asked.in_flight // shape.n, asked.bodies(shape, model, salt)))
    after = server.counters()
    assert read.completion_tokens == asked.tokens, (read, asked.tokens)
    hits, queries = (
        after[f"prefix_cache_{name}"] - before[f"prefix_cache_{name}"] for name in ("hits", "queries")
    )
    return Turn(
        tokens_per_second=read.completion_tokens / read.seconds,
        cached=hits / queries if queries else 0.0,
        preemptions=round(after["num_preemptions"] - before["num_preemptions"]),
    )
