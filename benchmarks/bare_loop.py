"""The least that can be done: a bare aiohttp loop that sends the requests of a run and reads the replies.

The baseline of `benchmarks.pipeline`, which runs it as a command. Same server, same bodies in the same order,
same number in flight; it verifies nothing, keeps nothing, tries nothing again and knows no error but the
first.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator

import aiohttp

from generators.prompts import render
from generators.script import sum_problems
from generators.settings import GeneratorSettings
from sampling.records import draw_seed


def bodies(problems: int, trials: int, seed: int, settings: GeneratorSettings) -> Iterator[dict[str, object]]:
    """What a run of the policy `vanilla` sends: the first draw of every problem, then the second of each."""
    known = sum_problems(problems)
    prompts = [render(settings.template, problem) for problem in known]
    for number in range(trials):
        for problem, prompt in zip(known, prompts, strict=True):
            yield {
                "model": "stub",
                "temperature": settings.temperature,
                "top_p": settings.top_p,
                "max_tokens": settings.max_tokens,
                "messages": [{"role": message.role, "content": message.content} for message in prompt],
                "seed": draw_seed(seed, problem.id, number),
            }


async def send(session: aiohttp.ClientSession, url: str, waiting: Iterator[dict[str, object]]) -> int:
    """One request after the other until none waits. Returns how many answers it read."""
    read = 0
    for body in waiting:
        async with session.post(f"{url}/chat/completions", json=body) as reply:
            reply.raise_for_status()
            read += bool(json.loads(await reply.read())["choices"][0]["message"]["content"])
    return read


async def run(url: str, in_flight: int, waiting: Iterator[dict[str, object]]) -> int:
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:
        return sum(await asyncio.gather(*(send(session, url, waiting) for _ in range(in_flight))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url")
    parser.add_argument("--problems", type=int, required=True)
    parser.add_argument("--trials", type=int, required=True)
    parser.add_argument("--in-flight", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    settings = GeneratorSettings(server=options.url, temperature=1.6, max_tokens=2048)
    waiting = bodies(options.problems, options.trials, options.seed, settings)
    print(asyncio.run(run(options.url, options.in_flight, waiting)))


if __name__ == "__main__":
    main()
