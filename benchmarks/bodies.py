"""The bodies of the requests that a run sends, for the clients that it is measured against."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gristmill.generators.http.openai_server import own_fields
from gristmill.sampling.records import Draw, Problem, Prompt, draw_seed

Body = Mapping[str, object]


def bodies(
    prompts: Sequence[tuple[Problem, Prompt]], trials: int, seed: int, parameters: Body
) -> Iterator[Body]:
    """What a run of the policy `vanilla` sends: the first draw of every problem, then the second of each."""
    for number in range(trials):
        for problem, prompt in prompts:
            draw = Draw(problem.id, number, draw_seed(seed, problem.id, number))
            yield {**parameters, **own_fields(draw, prompt)}


def write_bodies(path: Path, waiting: Iterable[Body]) -> None:
    """As JSON Lines, which is how the bare loop reads them."""
    path.write_text("".join(f"{json.dumps(body)}\n" for body in waiting), "utf-8")
